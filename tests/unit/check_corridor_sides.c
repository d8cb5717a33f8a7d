/* Sides and flat ends: left and right against an oracle, and against each other. */
#include "corridor_trio.h"

#ifndef RANDOM_FROM
#define RANDOM_FROM 0
#define RANDOM_TO   4
#endif

#define BEND    "LINESTRING(118.5 28.9,118.52 28.93,118.55 28.92,118.56 28.97,118.62 28.95)"
#define MEANDER "LINESTRING(118.5 28.9,118.51 28.93,118.505 28.96,118.515 28.96,118.52 28.93,118.515 28.9,118.53 28.9,118.54 28.95)"

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

START_TEST(sides_row)
{
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", sides_table[_i].rows, sides_table[_i].count, NULL, &lines, err));
    check_lines(sides_table[_i].label, &lines, 800, 0.5, sides_table[_i].halves);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* What the audit of one side finds, and what corridor.h says that it would not notice: a piece that is missing with all its edge. */
START_TEST(audit_of_one_side)
{
    const world_row rows[] = {{NULL, "LINESTRING(118.5 28.9,118.503 28.903,118.506 28.902)", 0},
                              {NULL, "LINESTRING(119 29,119.005 29.001)", 0}};
    const eb_corridor_spec left = {100, 0.5, EB_CORRIDOR_LEFT, EB_CAP_ROUND}, right = {100, 0.5, EB_CORRIDOR_RIGHT, EB_CAP_ROUND},
                           both = {100, 0.5, EB_CORRIDOR_BOTH, EB_CAP_ROUND};
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", rows, 2, NULL, &lines, err));
    eb_shape *own = world_corridor(&lines, geos, &left), *other = world_corridor(&lines, geos, &right),
             *whole = world_corridor(&lines, geos, &both), *west, *halved, *one;
    double box[4];
    ck_assert(eb_shape_bounds(geos, eb_shape_part_at(geos, own, 0), box));
    box[2] = (box[0] + box[2]) / 2;
    ok(eb_shape_from_box(geos, box, &west, err));
    ok(eb_shape_overlay(geos, own, west, EB_OP_DIFFERENCE, &halved, err));
    ok(eb_shape_copy(geos, eb_shape_part_at(geos, own, 0), &one, err));
    ck_assert_uint_eq(eb_shape_part_count(geos, own), 2);
    ck_assert(world_audit(&lines, geos, &left, own).worst_m <= left.tolerance_m);
    ck_assert(world_audit(&lines, geos, &left, other).worst_m > 10);
    ck_assert(world_audit(&lines, geos, &left, whole).worst_m > 10);
    ck_assert(world_audit(&lines, geos, &left, halved).worst_m > 10);
    ck_assert(world_audit(&lines, geos, &left, one).worst_m <= left.tolerance_m);
    eb_shape *const all[] = {own, other, whole, west, halved, one};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) eb_shape_free(geos, all[i]);
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* Flat ends as they are asked for are what cutting the round ones gives, in each row that is quickly made. */
START_TEST(flat_is_round_cut)
{
    static const char *const labels[] = {"bend", "meander tighter than the width", "confluence", "crosses itself"};
    size_t row = 0;
    while (strcmp(sides_table[row].label, labels[_i]) != 0) row++;
    eb_corridor_lines lines;
    trio round, cut;
    ok(world_lines("EPSG:4490", sides_table[row].rows, sides_table[row].count, NULL, &lines, err));
    trio_make(&lines, 800, 2, &round);
    trio_cut(&lines, &round, &cut);
    for (int k = 0; k < SIDES; k++) {
        eb_shape *asked = world_corridor(&lines, geos, &cut.specs[k]), *apart;
        ok(eb_shape_overlay(geos, asked, cut.shapes[k], EB_OP_SYMDIFF, &apart, err));
        ck_assert(eb_shape_area(geos, asked) > 1e6 && eb_shape_area(geos, asked) < eb_shape_area(geos, round.shapes[k]) - 1e4);
        ck_assert_msg(eb_shape_area(geos, apart) < 1e-3, "%s: part %d: %g m2", labels[_i], k, eb_shape_area(geos, apart));
        eb_shape_free(geos, asked);
        eb_shape_free(geos, apart);
        eb_shape_free(geos, round.shapes[k]);
        eb_shape_free(geos, cut.shapes[k]);
    }
    eb_corridor_lines_clear(&lines);
}
END_TEST

/* --- random rivers ----------------------------------------------------------------------------------------------------------------- */

enum { RIVERS = 4, BENDS = 6, TEXT = 1024 };

/* A river that wanders from a place: its vertices, in degrees. */
static void wander(uint64_t *seed, double (*xy)[2], size_t from, size_t count)
{
    double course = 6.283 * world_random(seed);
    for (size_t i = from; i < count; i++) {
        double step = 0.001 + 0.006 * world_random(seed);
        course += 2.4 * (world_random(seed) - 0.5);
        xy[i][0] = xy[i - 1][0] + step * cos(course);
        xy[i][1] = xy[i - 1][1] + step * sin(course);
    }
}

/* Where a tributary meets another river: at a vertex, within an edge, or some way short of it, from millimetres to hundreds of metres. */
static void mouth_of(uint64_t *seed, double (*other)[2], double mouth[2])
{
    size_t edge = (size_t)(world_random(seed) * (BENDS - 1));
    double kind = world_random(seed), t = kind < 0.3 ? 0 : world_random(seed),
           off = kind < 0.5 ? 0 : pow(10, -8 + 5.5 * world_random(seed));
    for (int k = 0; k < 2; k++) mouth[k] = other[edge][k] + t * (other[edge + 1][k] - other[edge][k]) + off * (world_random(seed) - 0.5);
}

/* A main river and tributaries, drawn upstream or downstream as it comes. */
static void random_rivers(uint64_t seed, char texts[RIVERS][TEXT], world_row rows[RIVERS])
{
    double xy[RIVERS][BENDS][2] = {{{118, 28}}};
    world_random(&seed);
    for (int r = 0; r < RIVERS; r++) {
        if (r > 0) mouth_of(&seed, xy[r - 1], xy[r][0]);
        wander(&seed, xy[r], 1, BENDS);
        bool back = world_random(&seed) < 0.5;
        int used = snprintf(texts[r], TEXT, "LINESTRING(");
        for (int i = 0; i < BENDS; i++) {
            const double *p = xy[r][back ? BENDS - 1 - i : i];
            used += snprintf(texts[r] + used, TEXT - (size_t)used, "%s%.17g %.17g", i ? "," : "", p[0], p[1]);
        }
        snprintf(texts[r] + used, TEXT - (size_t)used, ")");
        rows[r] = (world_row){NULL, texts[r], 0};
    }
}

START_TEST(random_row)
{
    char texts[RIVERS][TEXT], label[64];
    world_row rows[RIVERS];
    eb_corridor_lines lines;
    random_rivers((uint64_t)_i, texts, rows);
    snprintf(label, sizeof label, "random rivers %d", _i);
    ok(world_lines("EPSG:4490", rows, RIVERS, NULL, &lines, err));
    check_lines(label, &lines, 800, 2, false);
    eb_corridor_lines_clear(&lines);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("sides");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, sides_row, 0, (int)(sizeof sides_table / sizeof sides_table[0]));
    tcase_add_test(tcase, audit_of_one_side);
    tcase_add_loop_test(tcase, flat_is_round_cut, 0, 4);
    tcase_add_loop_test(tcase, random_row, RANDOM_FROM, RANDOM_TO);
    return world_run("corridor_sides", tcase);
}
