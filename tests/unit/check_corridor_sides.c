/* Sides and flat ends: left and right against an oracle, and against each other. */
#include "corridor_world.h"

static eb_geos *geos;

static void setup(void)
{
    ok(eb_geos_new(&geos, err));
}

static void teardown(void)
{
    eb_geos_free(geos);
}

#define BEND    "LINESTRING(118.5 28.9,118.52 28.93,118.55 28.92,118.56 28.97,118.62 28.95)"
#define MEANDER "LINESTRING(118.5 28.9,118.51 28.93,118.505 28.96,118.515 28.96,118.52 28.93,118.515 28.9,118.53 28.9,118.54 28.95)"

static double area_of_side(const eb_corridor_lines *lines, eb_corridor_part part, eb_cap cap, eb_shape **shape)
{
    eb_corridor_spec spec = {800, 0.05, part, cap};
    *shape = world_corridor(lines, geos, &spec);
    return eb_shape_area(geos, *shape);
}

static const struct {
    const char *label;
    world_row rows[3];
    size_t count;
    bool halves; /* both sides are the same */
} sides_table[] = {
    {"straight", {{NULL, "LINESTRING(118 28,118 28.02)", 0}}, 1, true},
    {"bend", {{NULL, BEND, 0}}, 1, false},
    {"sharp bends", {{NULL, "LINESTRING(118 28,118.02 28.02,118.005 28.021,118.03 28.03)", 0}}, 1, false},
    {"meander tighter than the width", {{NULL, MEANDER, 0}}, 1, false},
    {"closed", {{NULL, "LINESTRING(118 28,118.1 28,118.1 28.1,118 28.1,118 28)", 0}}, 1, false},
    {"closed, all within the width", {{NULL, "LINESTRING(118 28,118.01 28,118.01 28.01,118 28.01,118 28)", 0}}, 1, false},
    {"spiral",
     {{NULL, "LINESTRING(118 28,118.004 28,118.004 28.004,117.996 28.004,117.996 27.996,118.009 27.996,118.009 28.009)", 0}},
     1,
     false},
    {"crosses itself", {{NULL, "LINESTRING(118 28,118.02 28.02,118.02 28,118 28.02)", 0}}, 1, false},
    {"confluence",
     {{NULL, "LINESTRING(118 28,118.02 28.001)", 0},
      {NULL, "LINESTRING(118.003 28.01,118.02 28.001)", 0},
      {NULL, "LINESTRING(118.02 28.001,118.05 28)", 0}},
     3,
     false},
    {"tributary that ends a little short",
     {{NULL, "LINESTRING(118 28,118.05 28.001)", 0}, {NULL, "LINESTRING(118.01 28.02,118.02 28.0006)", 0}},
     2,
     false},
    {"two braids the same way",
     {{NULL, "LINESTRING(118 28,118.02 28.004,118.04 28)", 0}, {NULL, "LINESTRING(118 28,118.02 27.997,118.04 28)", 0}},
     2,
     false},
    {"one river in two pieces",
     {{NULL, "LINESTRING(118 28,118.02 28.004)", 0}, {NULL, "LINESTRING(118.02 28.004,118.03 28)", 0}},
     2,
     false},
    {"two pieces head to head",
     {{NULL, "LINESTRING(118 28,118.02 28.004)", 0}, {NULL, "LINESTRING(118.03 28,118.02 28.004)", 0}},
     2,
     false},
};

/* Places in the corridor: on the side from which the oracle sees its nearest place of the lines. */
static void check_places(const char *label, const eb_corridor_lines *lines, eb_shape *left, eb_shape *right, eb_shape *both)
{
    eb_prepared *prepared[2];
    double box[4];
    uint64_t seed = 7;
    int judged = 0;
    ok(eb_prepared_new(geos, left, &prepared[0], err));
    ok(eb_prepared_new(geos, right, &prepared[1], err));
    ck_assert(eb_shape_bounds(geos, both, box));
    for (int i = 0; i < 150; i++) {
        double x = box[0] + world_random(&seed) * (box[2] - box[0]), y = box[1] + world_random(&seed) * (box[3] - box[1]), lon, lat, lead;
        bool in[2];
        eb_plane_inverse(&lines->plane, x, y, &lon, &lat);
        double distance = world_distance(lines, lon, lat);
        if (distance > 799 || distance < 50) continue;
        bool want = world_left(lines, lon, lat, &lead);
        if (lead < 0.5) continue;
        for (int k = 0; k < 2; k++) {
            eb_corridor_bytes bytes = {0};
            eb_shape *point;
            eb_corridor_add_point(&bytes, x, y);
            ok(eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &point, err));
            ok(eb_prepared_relate(geos, prepared[k], point, EB_REL_INTERSECTS, &in[k], err));
            eb_shape_free(geos, point);
            free(bytes.data);
        }
        judged++;
        ck_assert_msg(in[0] == want && in[1] == !want, "%s: %.7f %.7f left %d right %d, expected left %d (lead %.2f m)", label, lon, lat,
                      in[0], in[1], want, lead);
    }
    ck_assert_msg(judged > 20, "%s: %d places", label, judged);
    eb_prepared_free(geos, prepared[0]);
    eb_prepared_free(geos, prepared[1]);
}

/* Left and right share no area, together are both, and hold the places they should; their audits pass. */
START_TEST(sides_row)
{
    const char *label = sides_table[_i].label;
    eb_corridor_lines lines;
    eb_shape *left, *right, *both, *joined, *apart;
    ok(world_lines("EPSG:4490", sides_table[_i].rows, sides_table[_i].count, NULL, &lines, err));
    double l = area_of_side(&lines, EB_CORRIDOR_LEFT, EB_CAP_ROUND, &left);
    double r = area_of_side(&lines, EB_CORRIDOR_RIGHT, EB_CAP_ROUND, &right);
    double b = area_of_side(&lines, EB_CORRIDOR_BOTH, EB_CAP_ROUND, &both);
    check_places(label, &lines, left, right, both);
    ok(eb_shape_overlay(geos, left, right, EB_OP_UNION, &joined, err));
    ok(eb_shape_overlay(geos, joined, both, EB_OP_SYMDIFF, &apart, err));
    ck_assert_msg(eb_shape_area(geos, apart) < 1e-6 * b, "%s: %.2f m2 apart", label, eb_shape_area(geos, apart));
    ck_assert_msg(fabs(l + r - b) < 1e-5 * b, "%s: %.2f + %.2f, both %.2f", label, l, r, b);
    if (sides_table[_i].halves) ck_assert_msg(fabs(l - r) < 1e-5 * b, "%s: %.2f, %.2f", label, l, r);
    eb_shape_free(geos, left);
    eb_shape_free(geos, right);
    eb_shape_free(geos, both);
    eb_shape_free(geos, joined);
    eb_shape_free(geos, apart);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* With flat ends too the audit holds on each side, and the sides add up to the flat corridor of both. */
START_TEST(sides_audit_row)
{
    const char *label = sides_table[_i].label;
    eb_corridor_lines lines;
    eb_corridor_auditor *auditor;
    double areas[3];
    ok(world_lines("EPSG:4490", sides_table[_i].rows, sides_table[_i].count, NULL, &lines, err));
    ok(eb_corridor_auditor_new(&lines, world_all, 0.05, &auditor, err));
    for (int cap = 0; cap < 2; cap++) {
        for (int part = EB_CORRIDOR_BOTH; part <= EB_CORRIDOR_RIGHT; part++) {
            eb_corridor_spec spec = {800, 0.05, (eb_corridor_part)part, cap ? EB_CAP_FLAT : EB_CAP_ROUND};
            eb_shape *shape;
            uint8_t *data;
            size_t size;
            eb_corridor_audit audit;
            areas[part] = area_of_side(&lines, spec.part, spec.cap, &shape);
            ok(eb_corridor_shape_out(&lines.frame, geos, shape, 0.01, &data, &size, err));
            ok(eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, &spec, NULL, &audit, err));
            ck_assert_msg(audit.worst_m <= 0.05, "%s: part %d cap %d: %g at %.7f %.7f", label, part, cap, audit.worst_m, audit.worst_x,
                          audit.worst_y);
            free(data);
            eb_shape_free(geos, shape);
        }
        ck_assert_msg(fabs(areas[1] + areas[2] - areas[0]) < 1e-5 * areas[0], "%s: cap %d: %.2f + %.2f, both %.2f", label, cap, areas[1],
                      areas[2], areas[0]);
    }
    eb_corridor_auditor_free(auditor);
    eb_corridor_lines_clear(&lines);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("corridor_sides");
    TCase *tcase = tcase_create("sides");
    int rows = (int)(sizeof sides_table / sizeof sides_table[0]);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, sides_row, 0, rows);
    tcase_add_loop_test(tcase, sides_audit_row, 0, rows);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
