/* Partition and locator: cells are exclusive and add up; shares agree with GEOS's overlay, for areas, lengths and points. */
#include "analysis/grid.h"
#include "analysis/overlay/locator.h"

#include <check.h>
#include "test_shapes.h"

static eb_geos *geos;

static void setup(void)
{
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
}

static void teardown(void)
{
    eb_geos_free(geos);
}

static eb_shape *text(const char *wkt)
{
    eb_shape *shape = NULL;
    ck_assert_int_eq(eb_shape_from_text(geos, wkt, &shape, NULL), EB_OK);
    return shape;
}

static eb_shape *read_wkb(const test_wkb *wkb)
{
    eb_shape *shape = NULL;
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb->data, wkb->size}, &shape, NULL), EB_OK);
    return shape;
}

static double overlay_area(const eb_shape *a, const eb_shape *b)
{
    eb_shape *both = NULL;
    ck_assert_int_eq(eb_shape_overlay(geos, a, b, EB_OP_INTERSECTION, &both, NULL), EB_OK);
    double area = eb_shape_area(geos, both);
    eb_shape_free(geos, both);
    return area;
}

enum { ZONES = 9 };

/* Overlapping stars, two of them equal, one far away, one empty. */
static void make_zones(eb_shape *zones[ZONES], uint64_t seed)
{
    uint64_t state = seed + 17;
    for (int i = 0; i < ZONES - 2; i++) {
        double x = 20000 * test_random(&state), y = 20000 * test_random(&state);
        test_wkb wkb = test_star(200 + 100 * (uint32_t)i, 8000, x, y, i % 3 == 0, seed + (uint64_t)i);
        zones[i] = read_wkb(&wkb);
        free(wkb.data);
    }
    ck_assert_int_eq(eb_shape_copy(geos, zones[0], &zones[ZONES - 2], NULL), EB_OK);
    zones[ZONES - 1] = text("POLYGON EMPTY");
}

START_TEST(partition_adds_up)
{
    eb_shape *zones[ZONES], *all = NULL;
    make_zones(zones, (uint64_t)_i);
    eb_partition *p = NULL;
    eb_error err;
    ck_assert_msg(eb_partition_new(geos, zones, ZONES, NULL, &p, &err) == EB_OK, "%s", err.message);
    ck_assert_int_eq(eb_shape_union_all(geos, zones, ZONES, &all, NULL), EB_OK);
    double sum = 0, whole = eb_shape_area(geos, all), twice = 0;
    for (size_t c = 0; c < p->count; c++) {
        sum += p->cells[c].area_m2;
        for (size_t m = 1; m < p->cells[c].member_count; m++) ck_assert_uint_lt(p->cells[c].members[m - 1], p->cells[c].members[m]);
        for (size_t d = 0; d < c; d++) twice += overlay_area(p->cells[c].shape, p->cells[d].shape);
        /* Membership is what it says: a point inside the cell is in its members and in no other zone. */
        double x, y;
        ck_assert_int_eq(eb_shape_point_inside(geos, p->cells[c].shape, &x, &y, NULL), EB_OK);
        if (p->cells[c].area_m2 < 1) continue;
        eb_shape *point = NULL;
        eb_wkb wkb;
        uint8_t bytes[21] = {1, 1};
        memcpy(bytes + 5, &x, 8);
        memcpy(bytes + 13, &y, 8);
        wkb = (eb_wkb){bytes, sizeof bytes};
        ck_assert_int_eq(eb_shape_read(geos, wkb, &point, NULL), EB_OK);
        for (size_t z = 0, m = 0; z < ZONES; z++) {
            bool in, member = m < p->cells[c].member_count && p->cells[c].members[m] == z;
            ck_assert_int_eq(eb_shape_relate(geos, zones[z], point, EB_REL_INTERSECTS, &in, NULL), EB_OK);
            ck_assert_msg(in == member, "seed %d cell %zu zone %zu: in %d, member %d", _i, c, z, in, member);
            m += member;
        }
        eb_shape_free(geos, point);
    }
    ck_assert_msg(fabs(sum - whole) <= 1e-9 * whole, "seed %d: cells %.17g, union %.17g", _i, sum, whole);
    ck_assert_msg(twice <= 1e-9 * whole, "seed %d: cells overlap by %g", _i, twice);
    ck_assert(p->residual_m2 <= 1e-9 * whole);
    eb_partition_free(geos, p);
    eb_shape_free(geos, all);
    for (int i = 0; i < ZONES; i++) eb_shape_free(geos, zones[i]);
}
END_TEST

/* Random shapes of all sizes, some beyond the known world, each held against GEOS cell by cell. */
START_TEST(areas_against_geos)
{
    eb_shape *zones[ZONES];
    make_zones(zones, (uint64_t)_i);
    eb_partition *p = NULL;
    eb_locator *l = NULL;
    eb_error err;
    eb_shares shares = {0};
    eb_rings rings = {0};
    uint64_t state = 5 + (uint64_t)_i;
    int simple = 0;
    ck_assert_int_eq(eb_partition_new(geos, zones, ZONES, NULL, &p, NULL), EB_OK);
    ck_assert_msg(eb_locator_new(geos, p, NULL, &l, &err) == EB_OK, "%s", err.message);
    ck_assert_uint_eq(eb_locator_outside(l), p->count);
    for (int k = 0; k < 150; k++) {
        double size = pow(10, 1 + 4 * test_random(&state)), x = -10000 + 40000 * test_random(&state),
               y = -10000 + 40000 * test_random(&state);
        test_wkb wkb = test_star(5 + (uint32_t)(test_random(&state) * 60), size, x, y, k % 4 == 0, (uint64_t)k);
        ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){wkb.data, wkb.size}, NULL), EB_OK);
        eb_shape *shape = read_wkb(&wkb);
        eb_shares_begin(&shares);
        ck_assert_int_eq(eb_shares_add_area(l, &rings, &shares, NULL), EB_OK);
        eb_shares_end(&shares);
        simple += shares.simple;
        ck_assert_msg(shares.residual <= 1e-11 * shares.whole, "shape %d: residual %g of %g", k, shares.residual, shares.whole);
        double inside = 0;
        for (size_t c = 0, s = 0; c < p->count; c++) {
            double want = overlay_area(shape, p->cells[c].shape), got = 0;
            if (s < shares.count && shares.list[s].cell == c) got = shares.list[s++].size;
            ck_assert_msg(fabs(got - want) <= 1e-10 * rings.area, "seed %d shape %d cell %zu: %.17g, GEOS %.17g", _i, k, c, got, want);
            inside += got;
        }
        double outside = shares.count && shares.list[shares.count - 1].cell == p->count ? shares.list[shares.count - 1].size : 0;
        ck_assert_msg(fabs(inside + outside - rings.area) <= 1e-10 * rings.area, "shape %d: outside %g", k, outside);
        eb_shape_free(geos, shape);
        free(wkb.data);
    }
    ck_assert_int_gt(simple, 20);
    ck_assert_int_lt(simple, 130);
    eb_rings_clear(&rings);
    eb_shares_clear(&shares);
    eb_locator_free(l);
    eb_partition_free(geos, p);
    for (int i = 0; i < ZONES; i++) eb_shape_free(geos, zones[i]);
}
END_TEST

static test_wkb random_line(uint64_t *state, uint32_t points, double step)
{
    test_wkb wkb = {0};
    double xy[2] = {30000 * test_random(state) - 5000, 30000 * test_random(state) - 5000};
    test_wkb_header(&wkb, 2, points);
    for (uint32_t i = 0; i < points; i++) {
        test_wkb_put(&wkb, xy, sizeof xy);
        xy[0] += step * (test_random(state) - 0.5);
        xy[1] += step * (test_random(state) - 0.5);
    }
    return wkb;
}

START_TEST(lengths_against_geos)
{
    eb_shape *zones[ZONES];
    make_zones(zones, (uint64_t)_i);
    eb_partition *p = NULL;
    eb_locator *l = NULL;
    eb_shares shares = {0};
    uint64_t state = 77 + (uint64_t)_i;
    ck_assert_int_eq(eb_partition_new(geos, zones, ZONES, NULL, &p, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, p, NULL, &l, NULL), EB_OK);
    for (int k = 0; k < 60; k++) {
        test_wkb wkb = random_line(&state, 2 + (uint32_t)k * 2, k % 3 ? 500 : 60000);
        eb_shape *line = read_wkb(&wkb);
        eb_shares_begin(&shares);
        ck_assert_int_eq(eb_shares_add_length(l, (eb_wkb){wkb.data, wkb.size}, NULL, NULL, &shares, NULL), EB_OK);
        eb_shares_end(&shares);
        double whole = eb_shape_length(geos, line);
        ck_assert_double_eq_tol(shares.whole, whole, 1e-9 * whole);
        ck_assert_msg(shares.residual <= 1e-9 * whole, "line %d: residual %g of %g", k, shares.residual, whole);
        for (size_t c = 0, s = 0; c < p->count; c++) {
            eb_shape *both = NULL;
            ck_assert_int_eq(eb_shape_overlay(geos, line, p->cells[c].shape, EB_OP_INTERSECTION, &both, NULL), EB_OK);
            double want = eb_shape_length(geos, both), got = 0;
            if (s < shares.count && shares.list[s].cell == c) got = shares.list[s++].size;
            ck_assert_msg(fabs(got - want) <= 1e-3, "seed %d line %d cell %zu: %.17g, GEOS %.17g", _i, k, c, got, want);
            eb_shape_free(geos, both);
        }
        eb_shape_free(geos, line);
        free(wkb.data);
    }
    eb_shares_clear(&shares);
    eb_locator_free(l);
    eb_partition_free(geos, p);
    for (int i = 0; i < ZONES; i++) eb_shape_free(geos, zones[i]);
}
END_TEST

/* Two squares side by side: what runs along or lies on their border is counted once in all. */
static eb_locator *two_squares(eb_shape *zones[2], eb_partition **p)
{
    eb_locator *l = NULL;
    zones[0] = text("POLYGON((0 0,100 0,100 100,0 100,0 0))");
    zones[1] = text("POLYGON((100 0,200 0,200 100,100 100,100 0))");
    ck_assert_int_eq(eb_partition_new(geos, zones, 2, NULL, p, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, *p, NULL, &l, NULL), EB_OK);
    return l;
}

START_TEST(on_the_border)
{
    static const struct {
        const char *label, *wkt;
        double first, second, outside;
    } rows[] = {
        {"along the shared border", "LINESTRING(100 10,100 90)", 40, 40, 0},
        {"0.9 mm beside the shared border", "LINESTRING(100.0009 10,100.0009 90)", 40, 40, 0},
        {"1.1 mm beside the shared border", "LINESTRING(100.0011 10,100.0011 90)", 0, 80, 0},
        {"along the shared border and on", "LINESTRING(100 50,100 150)", 25, 25, 50},
        {"along the outer border", "LINESTRING(0 0,0 100)", 50, 0, 50},
        {"across", "LINESTRING(-50 50,250 50)", 100, 100, 100},
        {"through corners", "LINESTRING(0 0,100 100)", 141.42135623730950, 0, 0},
        {"far away", "LINESTRING(5000 0,6000 0)", 0, 0, 1000},
        {"from inside to far away", "LINESTRING(150 50,5150 50)", 0, 50, 4950},
    };
    eb_shape *zones[2];
    eb_partition *p = NULL;
    eb_locator *l = two_squares(zones, &p);
    eb_shares shares = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        eb_shape *line = text(rows[i].wkt);
        uint8_t *data = NULL;
        size_t size = 0;
        double got[3] = {0};
        ck_assert_int_eq(eb_shape_write(geos, line, &data, &size, NULL), EB_OK);
        eb_shares_begin(&shares);
        ck_assert_int_eq(eb_shares_add_length(l, (eb_wkb){data, size}, NULL, NULL, &shares, NULL), EB_OK);
        eb_shares_end(&shares);
        for (size_t s = 0; s < shares.count; s++) got[shares.list[s].cell] = shares.list[s].size;
        ck_assert_msg(fabs(got[0] - rows[i].first) < 1e-3 && fabs(got[1] - rows[i].second) < 1e-3 && fabs(got[2] - rows[i].outside) < 1e-3,
                      "%s: %g %g %g", rows[i].label, got[0], got[1], got[2]);
        ck_assert_msg(shares.residual <= 1e-9, "%s: residual %g", rows[i].label, shares.residual);
        free(data);
        eb_shape_free(geos, line);
    }
    static const double points[][3] = {{50, 50, 0},  {150, 50, 1}, {100, 50, 0}, {100.0009, 50, 0}, {100.0011, 50, 1},
                                       {200, 50, 1}, {0, 0, 0},    {201, 50, 2}, {1e6, 0, 2}};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        eb_shares_begin(&shares);
        ck_assert_int_eq(eb_shares_add_point(l, points[i][0], points[i][1], &shares, NULL), EB_OK);
        eb_shares_end(&shares);
        ck_assert_msg(shares.count == 1 && shares.list[0].cell == (size_t)points[i][2] && shares.list[0].size == 1, "point %zu", i);
    }
    eb_shares_clear(&shares);
    eb_locator_free(l);
    eb_partition_free(geos, p);
    eb_shape_free(geos, zones[0]);
    eb_shape_free(geos, zones[1]);
}
END_TEST

/* A label must never be wrong: every labelled square is held against the shape. */
START_TEST(grid_labels)
{
    test_wkb wkb = test_star(300, 5000, 100, 200, true, 3);
    eb_rings rings = {0};
    eb_grid grid;
    eb_shape *shape = read_wkb(&wkb);
    eb_prepared *prepared = NULL;
    ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){wkb.data, wkb.size}, NULL), EB_OK);
    ck_assert_int_eq(eb_prepared_new(geos, shape, &prepared, NULL), EB_OK);
    ck_assert_int_eq(eb_grid_new((double[]){-6000, -6000, 6000, 6000}, 4900, 7, &grid, NULL), EB_OK);
    eb_grid_mark(&grid, &rings);
    ck_assert_int_eq(eb_grid_fill(&grid, &rings, 3, NULL), EB_OK);
    size_t counts[3] = {0};
    for (size_t i = 0; i < grid.columns * grid.rows; i++) {
        double x = grid.west + (double)(i % grid.columns) * grid.dx, y = grid.south + (double)(i / grid.columns) * grid.dy;
        eb_shape *square = NULL;
        bool inside, meets;
        ck_assert_int_eq(eb_shape_from_box(geos, (double[]){x, y, x + grid.dx, y + grid.dy}, &square, NULL), EB_OK);
        ck_assert_int_eq(eb_prepared_relate(geos, prepared, square, EB_REL_CONTAINS_PROPERLY, &inside, NULL), EB_OK);
        ck_assert_int_eq(eb_prepared_relate(geos, prepared, square, EB_REL_INTERSECTS, &meets, NULL), EB_OK);
        int32_t label = grid.labels[i];
        ck_assert_msg(label == 3 ? inside : label == 7 ? !meets : label == EB_GRID_MIXED && meets && !inside, "square %zu: %d", i, label);
        counts[label == 3 ? 0 : label == 7 ? 1 : 2]++;
        eb_shape_free(geos, square);
    }
    ck_assert(counts[0] > 500 && counts[1] > 500 && counts[2] > 100);
    ck_assert_int_eq(eb_grid_label(&grid, (double[]){-6500, 0, -5500, 10}), EB_GRID_MIXED);
    ck_assert_int_eq(eb_grid_label(&grid, (double[]){-5999, -5999, -5900, -5900}), 7);
    eb_prepared_free(geos, prepared);
    eb_shape_free(geos, shape);
    eb_grid_clear(&grid);
    eb_rings_clear(&rings);
    free(wkb.data);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay locator");
    TCase *tests = tcase_create("locator");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, partition_adds_up, 0, 4);
    tcase_add_loop_test(tests, areas_against_geos, 0, 4);
    tcase_add_loop_test(tests, lengths_against_geos, 0, 4);
    tcase_add_test(tests, on_the_border);
    tcase_add_test(tests, grid_labels);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
