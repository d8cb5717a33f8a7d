/* Sides and flat ends: left and right against an oracle, and against each other. */
#include "corridor_world.h"

#include "analysis/corridor/parts.h"

#ifndef RANDOM_FROM
#define RANDOM_FROM 0
#define RANDOM_TO   4
#endif

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

enum { SIDES = 3, PLACES = 100 };

/* One kind of ends: both sides, left and right. */
typedef struct trio {
    eb_corridor_spec specs[SIDES];
    eb_shape *shapes[SIDES];
    eb_prepared *prepared[SIDES];
    double areas[SIDES];
} trio;

/* Round ends. */
static void trio_make(const eb_corridor_lines *lines, double width_m, double tolerance_m, trio *out)
{
    for (int k = 0; k < SIDES; k++) {
        out->specs[k] = (eb_corridor_spec){width_m, tolerance_m, (eb_corridor_part)(EB_CORRIDOR_BOTH + k), EB_CAP_ROUND};
        out->shapes[k] = world_corridor(lines, geos, &out->specs[k]);
    }
}

/* Flat ends are round ones with a cut, so that the sides, which are the costly part, are made once (flat_is_round_cut proves it). */
static void trio_cut(const eb_corridor_lines *lines, const trio *round, trio *out)
{
    for (int k = 0; k < SIDES; k++) {
        eb_corridor_near *near;
        eb_shape *shape;
        out->specs[k] = round->specs[k];
        out->specs[k].cap = EB_CAP_FLAT;
        ok(eb_corridor_near_new(lines, world_all, out->specs[k].tolerance_m, &near, err));
        ok(eb_shape_copy(geos, round->shapes[k], &shape, err));
        ok(eb_corridor_cut_ends(lines, near, &out->specs[k], geos, NULL, shape, &out->shapes[k], err));
        eb_corridor_near_free(near);
    }
}

/* What there is to ask of the shapes. */
static void trio_prepare(trio *t)
{
    for (int k = 0; k < SIDES; k++) {
        t->areas[k] = eb_shape_area(geos, t->shapes[k]);
        ok(eb_prepared_new(geos, t->shapes[k], &t->prepared[k], err));
    }
}

static void trio_clear(trio *t)
{
    for (int k = 0; k < SIDES; k++) {
        eb_prepared_free(geos, t->prepared[k]);
        eb_shape_free(geos, t->shapes[k]);
    }
}

/* A place is in the corridor if and only if the definition says so; within the tolerance of the edge either will do. */
static void check_places(const char *label, const eb_corridor_lines *lines, const trio *t)
{
    double box[4];
    uint64_t seed = 7;
    int judged = 0;
    ck_assert(eb_shape_bounds(geos, t->shapes[0], box));
    for (int i = 0; i < PLACES; i++) {
        double x = box[0] + world_random(&seed) * (box[2] - box[0]), y = box[1] + world_random(&seed) * (box[3] - box[1]), lon, lat;
        eb_plane_inverse(&lines->plane, x, y, &lon, &lat);
        world_sight sight = world_look(lines, lon, lat);
        for (int k = 0; k < SIDES; k++) {
            bool in = world_holds(geos, t->prepared[k], x, y), want = world_wants(&t->specs[k], &sight);
            if (in != want && world_at_edge(lines, &t->specs[k], lon, lat)) continue;
            judged += want;
            ck_assert_msg(in == want, "%s: %.7f %.7f part %d cap %d: %d, expected %d", label, lon, lat, k, t->specs[k].cap, in, want);
        }
    }
    ck_assert_msg(judged > PLACES / 5, "%s: %d places", label, judged);
}

/* Is what two shapes make by an operation nowhere wider than the tolerance? */
static bool is_thin(const eb_shape *a, const eb_shape *b, eb_overlay_op op, double tolerance_m)
{
    eb_shape *made, *areal;
    bool thin;
    ok(eb_shape_overlay(geos, a, b, op, &made, err));
    ok(eb_shape_keep_dimension(geos, made, 2, &areal, err));
    ok(eb_corridor_is_thin(geos, areal, tolerance_m / 2, &thin, err));
    eb_shape_free(geos, areal);
    return thin;
}

/*
 * Left and right share no area and together are both. An edge between what is wanted and what is not is made of chords, and where a side is
 * cut flat it is made once with the side and once with the cut, each within half the tolerance of the true one: what is left over between
 * the two is nowhere wider than the tolerance, and its area is in proportion to it (378, 85 and 20 m2 at 2, 0.5 and 0.125 m in one of the
 * random nets). With round ends there is one edge, and what is left over is rounding.
 */
static void check_halves(const char *label, const trio *t)
{
    eb_shape *joined;
    double both = t->areas[0], sum = t->areas[1] + t->areas[2], tolerance_m = t->specs[0].tolerance_m;
    int cap = t->specs[0].cap;
    ok(eb_shape_overlay(geos, t->shapes[1], t->shapes[2], EB_OP_UNION, &joined, err));
    ck_assert_msg(is_thin(t->shapes[1], t->shapes[2], EB_OP_INTERSECTION, tolerance_m), "%s: cap %d: left and right overlap", label, cap);
    ck_assert_msg(is_thin(joined, t->shapes[0], EB_OP_SYMDIFF, tolerance_m), "%s: cap %d: left and right are not both", label, cap);
    if (cap == EB_CAP_ROUND) ck_assert_msg(fabs(sum - both) < 5e-6 * both, "%s: %.2f, both %.2f", label, sum, both);
    eb_shape_free(geos, joined);
}

/* Left, right and both fit, each holds the places it should, and its audit passes. */
static void check_trio(const char *label, const eb_corridor_lines *lines, const trio *t, bool halves)
{
    check_places(label, lines, t);
    check_halves(label, t);
    if (halves) ck_assert_msg(fabs(t->areas[1] - t->areas[2]) < 1e-5 * t->areas[0], "%s: %.2f, %.2f", label, t->areas[1], t->areas[2]);
    for (int k = 0; k < SIDES; k++) {
        eb_corridor_audit audit = world_audit(lines, geos, &t->specs[k], t->shapes[k]);
        ck_assert_msg(audit.worst_m <= t->specs[k].tolerance_m, "%s: part %d cap %d: %g at %.7f %.7f", label, k, t->specs[k].cap,
                      audit.worst_m, audit.worst_x, audit.worst_y);
    }
}

/* With round ends and flat ones. */
static void check_lines(const char *label, const eb_corridor_lines *lines, double width_m, double tolerance_m, bool halves)
{
    trio round, flat;
    trio_make(lines, width_m, tolerance_m, &round);
    trio_cut(lines, &round, &flat);
    trio_prepare(&round);
    trio_prepare(&flat);
    check_trio(label, lines, &round, halves);
    check_trio(label, lines, &flat, halves);
    trio_clear(&round);
    trio_clear(&flat);
}

START_TEST(sides_row)
{
    eb_corridor_lines lines;
    ok(world_lines("EPSG:4490", sides_table[_i].rows, sides_table[_i].count, NULL, &lines, err));
    check_lines(sides_table[_i].label, &lines, 800, 0.5, sides_table[_i].halves);
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
    tcase_add_loop_test(tcase, flat_is_round_cut, 0, 4);
    tcase_add_loop_test(tcase, random_row, RANDOM_FROM, RANDOM_TO);
    return world_run("corridor_sides", tcase);
}
