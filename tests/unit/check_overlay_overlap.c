/* Places covered several times: edges that pass by in any order, in one strip or in many, against what GEOS's union says cell by cell. */
#include "analysis/overlay/overlap.h"

#include <check.h>
#include <stdio.h>
#include "test_shapes.h"

enum { ZONES = 3, FEATURES = 24 };

static eb_geos *geos;

static void setup(void)
{
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
}

static void teardown(void)
{
    eb_geos_free(geos);
}

static eb_shape *star(uint32_t points, double radius, double x, double y, bool hole, uint64_t seed)
{
    eb_shape *shape = NULL;
    test_wkb wkb = test_star(points, radius, x, y, hole, seed);
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb.data, wkb.size}, &shape, NULL), EB_OK);
    free(wkb.data);
    return shape;
}

/* Random features with holes, across zone borders and beyond them; every fifth stands three times, every seventh a hair aside. */
static void make_features(eb_shape *features[FEATURES], uint64_t seed)
{
    uint64_t state = seed + 99;
    for (int i = 0; i < FEATURES; i++) {
        if (i % 5 > 2 && i % 7 != 0) {
            ck_assert_int_eq(eb_shape_copy(geos, features[i - i % 5 + 2], &features[i], NULL), EB_OK);
            continue;
        }
        const double x = 30000 * test_random(&state), y = 20000 * test_random(&state), r = 500 + 8000 * test_random(&state);
        features[i] = star(5 + (uint32_t)(300 * test_random(&state)), r, x, y, i % 3 == 0, seed * 100 + (uint64_t)i);
    }
    /* A coverage of its own: two halves of a square, in a third feature that holds both. */
    static const char *const halves[] = {"POLYGON((9000 9000,12000 9000,12000 12000,9000 9000))",
                                         "POLYGON((9000 9000,12000 12000,9000 12000,9000 9000))",
                                         "POLYGON((9000 9000,12000 9000,12000 12000,9000 12000,9000 9000))"};
    for (int i = 0; i < 3; i++) {
        eb_shape_free(geos, features[i]);
        ck_assert_int_eq(eb_shape_from_text(geos, halves[i], &features[i], NULL), EB_OK);
    }
}

/* Each cell is a key of its own. */
static void make_zones(eb_zones *z, size_t *numbers)
{
    eb_shape *shapes[ZONES];
    for (size_t i = 0; i < ZONES; i++) shapes[i] = star(200, 11000, 7000 + 7000 * (double)i, 10000, i == 1, 5 + i);
    ck_assert_int_eq(eb_partition_new(geos, shapes, ZONES, NULL, &z->partition, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, z->partition, NULL, &z->locator, NULL), EB_OK);
    for (size_t i = 0; i < ZONES; i++) eb_shape_free(geos, shapes[i]);
    ck_assert_uint_lt(z->partition->count, 16);
    for (size_t i = 0; i < 17; i++) numbers[i] = i;
    z->cell_start = z->cell_keys = numbers;
    z->key_count = z->partition->count;
}

static void add_edges(eb_edge_net *net, const eb_shape *shape)
{
    eb_rings rings = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(eb_shape_write(geos, shape, &data, &size, NULL), EB_OK);
    ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){data, size}, NULL), EB_OK);
    for (size_t r = 0; r < rings.count; r++)
        ck_assert_int_eq(eb_edge_net_add(net, rings.xy + 2 * rings.rings[r].first, rings.rings[r].count, NULL), EB_OK);
    eb_rings_clear(&rings);
    free(data);
}

/* How the features pass by: what is held, what a strip has, and in steps of how many. */
typedef struct way {
    size_t held, strip;
    int step;
} way;

/* The features pass by, every one of them once. Returns the number of strips. */
static int measure(const eb_zones *z, eb_shape *const *features, int count, way how, eb_overlap *out)
{
    eb_edge_net *net = eb_edge_net_new(how.held, how.strip);
    eb_error err = {0};
    int strips = 0;
    ck_assert_int_eq(eb_overlap_begin(out, z, NULL), EB_OK);
    for (int i = 0; i < count; i++) add_edges(net, features[i * how.step % count]);
    for (eb_net_strip strip = {0}; strip.high < INFINITY; strips++) {
        ck_assert_msg(eb_edge_net_next(net, &strip, NULL, &err) == EB_OK, "%s", err.message);
        ck_assert_msg(eb_overlap_add(out, z, &strip, NULL, &err) == EB_OK, "%s", err.message);
    }
    eb_edge_net_free(net);
    return strips;
}

static double area_in(const eb_shape *shape, const eb_cell *cell)
{
    eb_shape *both = NULL;
    ck_assert_int_eq(eb_shape_overlay(geos, shape, cell->shape, EB_OP_INTERSECTION, &both, NULL), EB_OK);
    const double area = eb_shape_area(geos, both);
    eb_shape_free(geos, both);
    return area;
}

/* In whatever order features come and however few edges are held, the sums are the same to the last bit. */
static void check_orders(const eb_zones *z, eb_shape *const *features, size_t strip, const eb_overlap *known)
{
    static const way ways[] = {{1 << 20, 0, 7}, {700, 0, 1}, {700, 0, 5}, {90, 0, 23}, {1, 0, 11}};
    for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
        eb_overlap overlap = {0};
        measure(z, features, FEATURES, (way){ways[k].held, strip, ways[k].step}, &overlap);
        ck_assert_mem_eq(overlap.again, known->again, z->key_count * sizeof *known->again);
        ck_assert_mem_eq(overlap.pieces, known->pieces, z->key_count * sizeof *known->pieces);
        eb_overlap_clear(&overlap);
    }
}

START_TEST(against_union)
{
    static const size_t strips[] = {1 << 20, 700, 90};
    eb_shape *features[FEATURES], *all = NULL;
    eb_zones zones = {0};
    size_t numbers[17];
    make_zones(&zones, numbers);
    make_features(features, (uint64_t)_i);
    ck_assert_int_eq(eb_shape_union_all(geos, features, FEATURES, &all, NULL), EB_OK);
    for (int k = 0; k < 3; k++) {
        eb_overlap overlap = {0};
        const int made = measure(&zones, features, FEATURES, (way){1 << 20, strips[k], 1}, &overlap);
        ck_assert(k == 0 ? made == 1 : made > k);
        for (size_t c = 0; c < zones.partition->count; c++) {
            const eb_cell *cell = &zones.partition->cells[c];
            double pieces = 0;
            for (int i = 0; i < FEATURES; i++) pieces += area_in(features[i], cell);
            const double again = pieces - area_in(all, cell), most = 1e-9 * cell->area_m2 + 1e-4;
            const double got = eb_sum_get(&overlap.again[c]), sum = eb_sum_get(&overlap.pieces[c]);
            ck_assert_msg(fabs(got - again) <= most, "seed %d strip %zu cell %zu: %.17g again, GEOS %.17g", _i, strips[k], c, got, again);
            ck_assert_msg(fabs(sum - pieces) <= most, "seed %d strip %zu cell %zu: %.17g, GEOS %.17g", _i, strips[k], c, sum, pieces);
        }
        check_orders(&zones, features, strips[k], &overlap);
        eb_overlap_clear(&overlap);
    }
    for (int i = 0; i < FEATURES; i++) eb_shape_free(geos, features[i]);
    eb_shape_free(geos, all);
    eb_locator_free(zones.locator);
    eb_partition_free(geos, zones.partition);
}
END_TEST

/* Squares, each 100 m east of the one before: what is covered several times is known without any geometry. */
START_TEST(multiplicity)
{
    eb_shape *whole, *squares[6];
    eb_zones zones = {.cell_start = (size_t[]){0, 1}, .cell_keys = (size_t[]){0}, .key_count = 1};
    eb_overlap overlap = {0};
    ck_assert_int_eq(eb_shape_from_box(geos, (double[]){-5000, -5000, 5000, 5000}, &whole, NULL), EB_OK);
    ck_assert_int_eq(eb_partition_new(geos, &whole, 1, NULL, &zones.partition, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, zones.partition, NULL, &zones.locator, NULL), EB_OK);
    for (int i = 0; i < _i; i++)
        ck_assert_int_eq(eb_shape_from_box(geos, (double[]){100 * i, 0, 1000 + 100 * i, 1000}, &squares[i], NULL), EB_OK);
    measure(&zones, squares, _i, (way){3, 4, 1}, &overlap);
    ck_assert_double_eq_tol(eb_sum_get(&overlap.pieces[0]), 1e6 * _i, 1e-6);
    ck_assert_double_eq_tol(eb_sum_get(&overlap.again[0]), 1e6 * _i - 1000 * (1000 + 100 * (_i - 1)), 1e-6);
    for (int i = 0; i < _i; i++) eb_shape_free(geos, squares[i]);
    eb_overlap_clear(&overlap);
    eb_shape_free(geos, whole);
    eb_locator_free(zones.locator);
    eb_partition_free(geos, zones.partition);
}
END_TEST

enum { LONG = 300, LONG_CROSSING = 80 };

/* Long thin features: 0 side by side from corner to corner, 1 all through one place that is no corner, 2 triangles from anywhere. */
static eb_shape *long_feature(int kind, int i, uint64_t *state)
{
    char text[512];
    eb_shape *shape = NULL;
    double p[4][2], turn = M_PI * i / LONG_CROSSING, x = 40.0 * i;
    for (int k = 0; k < 4; k++) {
        const double along = k == 0 || k == 3 ? -15000 : 15000, aside = k < 2 ? -0.5 : 0.5;
        p[k][0] = kind == 0   ? x + along + 8 * aside
                  : kind == 1 ? along * cos(turn) - aside * sin(turn)
                              : 20000 * test_random(state) - 10000;
        p[k][1] = kind == 0 ? along : kind == 1 ? along * sin(turn) + aside * cos(turn) : 20000 * test_random(state) - 10000;
    }
    const int last = kind == 2 ? 0 : 3;
    snprintf(text, sizeof text, "POLYGON((%.17g %.17g,%.17g %.17g,%.17g %.17g,%.17g %.17g,%.17g %.17g))", p[0][0], p[0][1], p[1][0],
             p[1][1], p[2][0], p[2][1], p[last][0], p[last][1], p[0][0], p[0][1]);
    ck_assert_int_eq(eb_shape_from_text(geos, text, &shape, NULL), EB_OK);
    return shape;
}

/* What is long reaches into every tile on its way, and into no other. */
START_TEST(long_edges)
{
    eb_shape *whole, *features[LONG], *all = NULL;
    eb_zones zones = {.cell_start = (size_t[]){0, 1}, .cell_keys = (size_t[]){0}, .key_count = 1};
    const int count = _i == 0 ? LONG : LONG_CROSSING;
    uint64_t state = 7;
    double pieces = 0;
    ck_assert_int_eq(eb_shape_from_box(geos, (double[]){-9000, -9000, 9000, 9000}, &whole, NULL), EB_OK);
    ck_assert_int_eq(eb_partition_new(geos, &whole, 1, NULL, &zones.partition, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, zones.partition, NULL, &zones.locator, NULL), EB_OK);
    const eb_cell *cell = &zones.partition->cells[0];
    for (int i = 0; i < count; i++) pieces += area_in(features[i] = long_feature(_i, i, &state), cell);
    ck_assert_int_eq(eb_shape_union_all(geos, features, (size_t)count, &all, NULL), EB_OK);
    const double again = pieces - area_in(all, cell);
    for (size_t strip = 200; strip < 2000; strip *= 9) {
        eb_overlap overlap = {0};
        measure(&zones, features, count, (way){1 << 20, strip, 1}, &overlap);
        ck_assert_double_eq_tol(eb_sum_get(&overlap.pieces[0]), pieces, 1e-9 * pieces + 1e-4);
        ck_assert_double_eq_tol(eb_sum_get(&overlap.again[0]), again, 1e-9 * pieces + 1e-4);
        eb_overlap_clear(&overlap);
    }
    ck_assert(_i == 0 ? again < 1e-3 : again > 1);
    for (int i = 0; i < count; i++) eb_shape_free(geos, features[i]);
    eb_shape_free(geos, all);
    eb_shape_free(geos, whole);
    eb_locator_free(zones.locator);
    eb_partition_free(geos, zones.partition);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay overlap");
    TCase *tests = tcase_create("overlap");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, against_union, 0, 6);
    tcase_add_loop_test(tests, multiplicity, 1, 7);
    tcase_add_loop_test(tests, long_edges, 0, 3);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
