/* Corridors: the edge against the width by an oracle that knows nothing of how it was made, and the properties every corridor has. */
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

static const struct {
    const char *label, *crs, *wkt;
    double width_m, tolerance_m;
} lines_table[] = {
    {"bend, coarse", "EPSG:4490", BEND, 2500, 1},
    {"bend, default", "EPSG:4490", BEND, 2500, 0.5},
    {"bend, fine", "EPSG:4490", BEND, 2500, 0.01},
    {"bend, narrow", "EPSG:4490", BEND, 15, 0.01},
    {"bend, width beyond the extent", "EPSG:4490", BEND, 80000, 0.5},
    {"bend, very wide", "EPSG:4490", BEND, 900000, 1},
    {"bend, tolerance above the width", "EPSG:4490", BEND, 100, 500},
    {"meander tighter than the width", "EPSG:4490", MEANDER, 3000, 0.1},
    {"two parts", "EPSG:4490", "MULTILINESTRING((118 28,118.1 28.05),(118.3 28,118.2 28.1))", 4000, 0.2},
    {"crosses itself", "EPSG:4490", "LINESTRING(118 28,118.1 28.1,118.1 28,118 28.1)", 2000, 0.1},
    {"goes back on itself", "EPSG:4490", "LINESTRING(118 28,118.1 28,118 28)", 2000, 0.1},
    {"closed", "EPSG:4490", "LINESTRING(118 28,118.1 28,118.1 28.1,118 28.1,118 28)", 1000, 0.1},
    {"closed, from the middle of an edge on", "EPSG:4490", "LINESTRING(118.03 28,118.1 28,118.1 28.1,118 28.1,118 28,118.03 28)", 1000,
     0.1},
    {"closed, from the middle of an edge in metres", "EPSG:4549",
     "LINESTRING(350300 3200000,351000 3200000,351000 3201000,350000 3201000,350000 3200000,350300 3200000)", 100, 0.01},
    {"hundreds of geodesics an edge", "EPSG:4490", "LINESTRING(100 28,103 31,106 29)", 2500, 0.1},
    {"closed, its middle too near to be a hole", "EPSG:4490", "LINESTRING(118 28,118.1 28,118.1 28.1,118 28.1,118 28)", 9000, 0.1},
    {"vertices repeated", "EPSG:4490", "LINESTRING(118 28,118 28,118.05 28.01,118.05 28.01,118.05 28.01,118.1 28)", 1000, 0.1},
    {"vertices closer than can be told", "EPSG:4490", "LINESTRING(118 28,118.0000000001 28,118.05 28.01,118.0500000001 28.01,118.1 28)",
     1000, 0.1},
    {"along a parallel, 9 degrees in one edge", "EPSG:4490", "LINESTRING(110 40,119 40)", 2000, 0.5},
    {"slanting, 20 degrees in one edge", "EPSG:4490", "LINESTRING(100 25,120 35)", 5000, 1},
    {"over the equator", "EPSG:4326", "LINESTRING(10 -1,10.3 0.4,10.1 1)", 3000, 0.1},
    {"far north", "EPSG:4326", "LINESTRING(10 84,14 84.5,20 84.2)", 3000, 0.1},
    {"far south", "EPSG:4326", "LINESTRING(10 -84,14 -84.5,20 -84.2)", 3000, 0.1},
    {"over the 180th meridian, short way", "EPSG:4326", "LINESTRING(179.5 20,-179.6 20.3,-179.2 20)", 5000, 0.1},
    {"over the 180th meridian, longitudes that run on", "EPSG:4326", "LINESTRING(179.5 20,180.4 20.3,180.8 20)", 5000, 0.1},
    {"over the 180th meridian, westwards on", "EPSG:4326", "LINESTRING(-179.5 20,-180.4 20.3,-180.8 20)", 5000, 0.1},
    {"over the 180th meridian, counted in three ways", "EPSG:4326",
     "MULTILINESTRING((179.5 20,180.4 20.3),(-179.6 20.3,-179.2 20),(-180.5 20,-180.9 20.1))", 5000, 0.1},
    {"over Greenwich, counted in three ways", "EPSG:4326",
     "MULTILINESTRING((359.5 20,360 20.3),(-0.2 20.3,0.5 20),(-359.5 20,-359.1 20.1))", 5000, 0.1},
    {"Gauss-Kruger metres", "EPSG:4549", "LINESTRING(350000 3200000,360000 3205000,370000 3195000)", 2500, 0.1},
    {"Gauss-Kruger metres, fine", "EPSG:4549", "LINESTRING(350000 3200000,360000 3205000,370000 3195000)", 2500, 0.01},
    {"Web Mercator metres", "EPSG:3857", "LINESTRING(13190000 3360000,13200000 3370000,13230000 3350000)", 2500, 0.1},
};

/* The finished edge as degrees: its vertices and the middles of its edges. */
static void check_edge(const char *label, const eb_corridor_lines *lines, eb_wkb edge, const eb_corridor_spec *spec)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t every = eb_wkb_vertices(edge) / 60 + 1, n = 0;
    for (eb_wkb_begin(&walk, edge); eb_wkb_next(&walk, &part);) {
        for (size_t i = 0; i + 1 < part.count; i++) {
            double x, y, nx, ny, lon, lat;
            if (n++ % every) continue;
            eb_wkb_xy(&part, i, &x, &y);
            eb_wkb_xy(&part, i + 1, &nx, &ny);
            for (int k = 0; k < 4; k++) {
                ok(eb_corridor_to_degrees(&lines->frame, x + k * (nx - x) / 4, y + k * (ny - y) / 4, &lon, &lat, err));
                double d = world_distance(lines, lon, lat);
                ck_assert_msg(d >= spec->width_m - spec->tolerance_m, "%s: %.4f m at %.7f %.7f", label, d, lon, lat);
                ck_assert_msg(d <= spec->width_m + spec->tolerance_m, "%s: %.4f m at %.7f %.7f", label, d, lon, lat);
            }
        }
    }
    ck_assert_msg(n > 8, "%s: an edge of %zu", label, n);
}

START_TEST(edge_row)
{
    eb_corridor_lines lines;
    world_row row = {NULL, lines_table[_i].wkt, 0};
    const char *label = lines_table[_i].label;
    ok(world_lines(lines_table[_i].crs, &row, 1, NULL, &lines, err));
    eb_corridor_spec spec = {lines_table[_i].width_m, lines_table[_i].tolerance_m, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
    eb_shape *shape = world_corridor(&lines, geos, &spec);
    char why[200];
    ck_assert_msg(eb_shape_valid(geos, shape, why, sizeof why, NULL, NULL), "%s: %s", label, why);
    uint8_t *data;
    size_t size;
    ok(eb_corridor_shape_out(&lines.frame, geos, shape, fmin(spec.tolerance_m, spec.width_m / 20) * EB_CORRIDOR_SHARE_OUT, &data, &size,
                             err));
    check_edge(label, &lines, (eb_wkb){data, size}, &spec);
    eb_corridor_auditor *auditor;
    eb_corridor_audit audit;
    ok(eb_corridor_auditor_new(&lines, world_all, spec.tolerance_m, &auditor, err));
    ok(eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, &spec, NULL, &audit, err));
    ck_assert_msg(audit.worst_m <= spec.tolerance_m && audit.worst_m > 0 && audit.excused == 0, "%s: audit %.5f at %.7f %.7f", label,
                  audit.worst_m, audit.worst_x, audit.worst_y);
    eb_corridor_auditor_free(auditor);
    free(data);
    eb_shape_free(geos, shape);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* Places anywhere near: inside the corridor exactly when the oracle says so. */
START_TEST(inside_row)
{
    eb_corridor_lines lines;
    world_row row = {NULL, lines_table[_i].wkt, 0};
    ok(world_lines(lines_table[_i].crs, &row, 1, NULL, &lines, err));
    eb_corridor_spec spec = {lines_table[_i].width_m, lines_table[_i].tolerance_m, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
    eb_shape *shape = world_corridor(&lines, geos, &spec);
    eb_prepared *prepared;
    ok(eb_prepared_new(geos, shape, &prepared, err));
    int inside_count = 0, outside_count = 0;
    double box[4];
    uint64_t seed = 42;
    ck_assert(eb_shape_bounds(geos, shape, box));
    for (int i = 0; i < 200; i++) {
        double x = box[0] + world_random(&seed) * (box[2] - box[0]), y = box[1] + world_random(&seed) * (box[3] - box[1]), lon, lat;
        eb_corridor_bytes bytes = {0};
        eb_shape *point;
        bool inside;
        eb_plane_inverse(&lines.plane, x, y, &lon, &lat);
        double d = world_distance(&lines, lon, lat);
        if (fabs(d - spec.width_m) <= spec.tolerance_m) continue;
        eb_corridor_add_point(&bytes, x, y);
        ok(eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &point, err));
        ok(eb_prepared_relate(geos, prepared, point, EB_REL_INTERSECTS, &inside, err));
        ck_assert_msg(inside == (d < spec.width_m), "%s: %.7f %.7f is %.3f m away", lines_table[_i].label, lon, lat, d);
        inside ? inside_count++ : outside_count++;
        eb_shape_free(geos, point);
        free(bytes.data);
    }
    if (spec.tolerance_m < spec.width_m) ck_assert_msg(inside_count + outside_count > 0, "%s", lines_table[_i].label);
    eb_prepared_free(geos, prepared);
    eb_shape_free(geos, shape);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* A line too short to tell from a place has the corridor of a place: a geodesic circle, whose area on the sphere is 2 pi R^2 (1 - cos d/R).
 */
START_TEST(place_becomes_circle)
{
    static const double widths[] = {10, 1000, 100000};
    static const double lats[] = {0, 29, 60, -75};
    for (size_t w = 0; w < 3; w++) {
        for (size_t l = 0; l < 4; l++) {
            char wkt[160];
            snprintf(wkt, sizeof wkt, "LINESTRING(118 %g,118.0000000000001 %.13f)", lats[l], lats[l] + 1e-13);
            world_row row = {NULL, wkt, 0};
            eb_corridor_lines lines;
            ok(world_lines("EPSG:4490", &row, 1, NULL, &lines, err));
            eb_corridor_spec spec = {widths[w], widths[w] * 1e-5, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
            eb_shape *shape = world_corridor(&lines, geos, &spec);
            /* The radius of the sphere that touches the ellipsoid there (Gaussian curvature). */
            double e2 = lines.plane.f * (2 - lines.plane.f), s = sin(lats[l] * 3.14159265358979 / 180);
            double r = lines.plane.a * sqrt(1 - e2) / (1 - e2 * s * s);
            double want = 2 * 3.14159265358979323846 * r * r * 2 * pow(sin(widths[w] / r / 2), 2);
            double got = eb_shape_area(geos, shape);
            ck_assert_msg(fabs(got / want - 1) < 2.5e-5, "%g m at %g: %.3f, expected %.3f", widths[w], lats[l], got, want);
            ck_assert_uint_eq(eb_shape_part_count(geos, shape), 1);
            eb_shape_free(geos, shape);
            eb_corridor_lines_clear(&lines);
        }
    }
}
END_TEST

START_TEST(wider_contains_narrower)
{
    world_row row = {NULL, MEANDER, 0};
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", &row, 1, NULL, &lines, err));
    eb_shape *last = NULL;
    for (double width = 50; width < 40000; width *= 1.7) {
        eb_corridor_spec spec = {width, 0.2, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
        eb_shape *shape = world_corridor(&lines, geos, &spec);
        bool covers = true;
        if (last) ok(eb_shape_relate(geos, shape, last, EB_REL_CONTAINS_PROPERLY, &covers, err));
        ck_assert_msg(covers, "%g m", width);
        eb_shape_free(geos, last);
        last = shape;
    }
    eb_shape_free(geos, last);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* An auditor that cannot find fault is none: give it edges that are wrong by known amounts. */
START_TEST(audit_finds_fault)
{
    static const double off_m[] = {0.6, -0.6, 5, -300, 2000};
    world_row row = {NULL, BEND, 0};
    eb_corridor_lines lines;
    eb_corridor_auditor *auditor;
    ok(world_lines("EPSG:4490", &row, 1, NULL, &lines, err));
    ok(eb_corridor_auditor_new(&lines, world_all, 0.02, &auditor, err));
    for (size_t i = 0; i < sizeof off_m / sizeof off_m[0]; i++) {
        eb_corridor_spec made = {2500 + off_m[i], 0.02, EB_CORRIDOR_BOTH, EB_CAP_ROUND},
                         asked = {2500, 0.02, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
        eb_shape *shape = world_corridor(&lines, geos, &made);
        uint8_t *data;
        size_t size;
        eb_corridor_audit audit;
        ok(eb_corridor_shape_out(&lines.frame, geos, shape, 0.004, &data, &size, err));
        ok(eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, &asked, NULL, &audit, err));
        double least = fmin(fabs(off_m[i]), 25); /* beyond its reach it only knows "more than" */
        ck_assert_msg(audit.worst_m >= least - 0.02, "%g: %g", off_m[i], audit.worst_m);
        ck_assert_msg(audit.worst_m <= fabs(off_m[i]) + 0.02, "%g: %g", off_m[i], audit.worst_m);
        free(data);
        eb_shape_free(geos, shape);
    }
    eb_corridor_auditor_free(auditor);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* Flat ends: the corridor of one geodesic is a strip as long as it, 2 d wide; and where two lines meet there is no notch. */
START_TEST(flat_ends)
{
    world_row one = {NULL, "LINESTRING(118 28,118 28.2)", 0};
    world_row two[] = {{NULL, "LINESTRING(118 28,118 28.1)", 0}, {NULL, "LINESTRING(118 28.1,118 28.2)", 0}};
    world_row bent[] = {{NULL, "LINESTRING(118 28,118 28.1)", 0}, {NULL, "LINESTRING(118 28.1,118.1 28.2)", 0}};
    world_row chain = {NULL, "LINESTRING(118 28,118 28.1,118.1 28.2)", 0};
    eb_corridor_spec spec = {1000, 0.05, EB_CORRIDOR_BOTH, EB_CAP_FLAT};
    double areas[4];
    const struct {
        world_row *rows;
        size_t count;
    } cases[4] = {{&one, 1}, {two, 2}, {bent, 2}, {&chain, 1}};
    for (int i = 0; i < 4; i++) {
        eb_corridor_lines lines;
        ok(world_lines("EPSG:4490", cases[i].rows, cases[i].count, NULL, &lines, err));
        eb_shape *shape = world_corridor(&lines, geos, &spec);
        areas[i] = eb_shape_area(geos, shape);
        uint8_t *data;
        size_t size;
        eb_corridor_auditor *auditor;
        eb_corridor_audit audit;
        ok(eb_corridor_shape_out(&lines.frame, geos, shape, 0.01, &data, &size, err));
        ok(eb_corridor_auditor_new(&lines, world_all, 0.05, &auditor, err));
        ok(eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, &spec, NULL, &audit, err));
        ck_assert_msg(audit.worst_m <= 0.05, "case %d: %g", i, audit.worst_m);
        ck_assert_msg(audit.excused >= 2, "case %d: %zu", i, audit.excused);
        eb_corridor_auditor_free(auditor);
        free(data);
        eb_shape_free(geos, shape);
        eb_corridor_lines_clear(&lines);
    }
    double length = eb_distance_m(6378137, 1 / 298.257222101, 118, 28, 118, 28.2);
    ck_assert_msg(fabs(areas[0] - 2000 * length) < 1e-4 * areas[0], "%.1f, expected %.1f", areas[0], 2000 * length);
    /* A joint is round: two collinear lines gain nothing by it but what the disc adds beyond the strip, which is nothing. */
    ck_assert_msg(fabs(areas[1] - areas[0]) < 200, "%.1f, expected %.1f", areas[1], areas[0]);
    ck_assert_msg(fabs(areas[2] - areas[3]) < 200, "%.1f, expected %.1f", areas[2], areas[3]);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("corridor");
    int rows = (int)(sizeof lines_table / sizeof lines_table[0]);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, edge_row, 0, rows);
    tcase_add_loop_test(tcase, inside_row, 0, rows);
    tcase_add_test(tcase, place_becomes_circle);
    tcase_add_test(tcase, wider_contains_narrower);
    tcase_add_test(tcase, audit_finds_fault);
    tcase_add_test(tcase, flat_ends);
    return world_run("corridor", tcase);
}
