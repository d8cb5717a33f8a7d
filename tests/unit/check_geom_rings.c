/* Plain polygons: their area, the proof of validity, and the area in common, judged by GEOS and by hand. */
#include "geom/rings.h"

#include <ecobelt/geom.h>

#include <check.h>
#include <stdio.h>
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

static eb_rings from_text(const char *wkt, eb_shape **shape)
{
    eb_rings rings = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(eb_shape_from_text(geos, wkt, shape, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_write(geos, *shape, &data, &size, NULL), EB_OK);
    ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){data, size}, NULL), EB_OK);
    free(data);
    return rings;
}

static const struct {
    const char *label, *wkt;
    bool proven;
    double area;
} proofs[] = {
    {"square", "POLYGON((0 0,10 0,10 10,0 10,0 0))", true, 100},
    {"square, clockwise", "POLYGON((0 0,0 10,10 10,10 0,0 0))", true, 100},
    {"triangle", "POLYGON((0 0,10 0,0 10,0 0))", true, 50},
    {"point on a straight edge", "POLYGON((0 0,5 0,10 0,10 10,0 10,0 0))", true, 100},
    {"repeated point", "POLYGON((0 0,10 0,10 0,10 10,0 10,0 0))", true, 100},
    {"not star-shaped", "POLYGON((0 0,10 0,10 10,8 10,8 2,2 2,2 10,0 10,0 0))", true, 52},
    {"twice round its centroid", "POLYGON((3 0,0 3,-3 0,0 -3,2 0,0 2,-2 0,0 -2,3 0))", false, 25.5},
    {"hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 4,2 2))", true, 96},
    {"two parts", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((5 5,6 5,6 6,5 6,5 5)))", true, 2},
    {"island in a hole: valid, not proven", "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1)),((3 3,4 3,4 4,3 4,3 3)))", false,
     33},
    {"hole touching the shell: valid, not proven", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 4,5 6,0 5))", false, 95},
    {"parts touching in a point: valid, not proven", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((1 1,2 1,2 2,1 2,1 1)))", false, 2},
    {"bow-tie", "POLYGON((0 0,10 10,10 0,0 10,0 0))", false, 0},
    {"spike", "POLYGON((0 0,10 0,10 10,5 10,5 20,5 10,0 10,0 0))", false, 100},
    {"spike along an edge", "POLYGON((0 0,12 0,10 0,10 10,0 10,0 0))", false, 100},
    {"hole outside", "POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,21 20,21 21,20 21,20 20))", false, 99},
    {"hole in hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1),(2 2,3 2,3 3,2 3,2 2))", false, 35},
    {"part in part", "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((3 3,4 3,4 4,3 4,3 3)))", false, 82},
    {"crossing parts", "MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((1 1,3 1,3 3,1 3,1 1)))", false, 8},
    {"ring touching itself", "POLYGON((0 0,4 0,4 4,2 0,0 4,0 0))", false, 8},
    {"collapsed", "POLYGON((0 0,5 0,10 0,0 0))", false, 0},
};

START_TEST(proof_row)
{
    eb_shape *shape = NULL;
    eb_rings rings = from_text(proofs[_i].wkt, &shape);
    bool proven = eb_rings_proven_valid(&rings);
    ck_assert_msg(proven == proofs[_i].proven, "%s: proven %d", proofs[_i].label, proven);
    ck_assert_msg(fabs(rings.area - proofs[_i].area) < 1e-12, "%s: area %.17g", proofs[_i].label, rings.area);
    /* A proof may be missing; it must never be wrong. */
    if (proven) ck_assert_msg(eb_shape_valid(geos, shape, NULL, 0, NULL, NULL), "%s: proven but not valid", proofs[_i].label);
    eb_rings_clear(&rings);
    eb_shape_free(geos, shape);
}
END_TEST

static eb_shape *shape_of(const test_wkb *wkb)
{
    eb_shape *shape = NULL;
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb->data, wkb->size}, &shape, NULL), EB_OK);
    return shape;
}

/* Random rings of a few points on a coarse grid: most invalid, with every kind of touching. The proof must never contradict GEOS. */
START_TEST(proof_against_geos)
{
    uint64_t state = 99;
    int proven_count = 0, valid_count = 0;
    for (int round = 0; round < 20000; round++) {
        test_wkb wkb = {0};
        double xy[2 * 12];
        uint32_t rings_wanted = 1 + (uint32_t)(test_random(&state) * 2), points = 0;
        test_wkb_header(&wkb, 3, rings_wanted);
        for (uint32_t r = 0; r < rings_wanted; r++) {
            points = 3 + (uint32_t)(test_random(&state) * (round % 2 ? 4 : 9));
            for (uint32_t i = 0; i < 2 * points; i++) xy[i] = floor(test_random(&state) * 7);
            test_wkb_ring(&wkb, xy, points);
        }
        eb_rings rings = {0};
        eb_shape *shape = shape_of(&wkb);
        ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){wkb.data, wkb.size}, NULL), EB_OK);
        bool valid = eb_shape_valid(geos, shape, NULL, 0, NULL, NULL), proven = eb_rings_proven_valid(&rings);
        ck_assert_msg(valid || !proven, "round %d: proven, but GEOS calls it invalid", round);
        proven_count += proven;
        valid_count += valid;
        eb_rings_clear(&rings);
        eb_shape_free(geos, shape);
        free(wkb.data);
    }
    ck_assert_msg(proven_count * 10 > valid_count * 3, "only %d of %d valid shapes proven", proven_count, valid_count);
}
END_TEST

static const struct {
    const char *label, *a, *b;
    double area;
} commons[] = {
    {"squares", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((1 1,3 1,3 3,1 3,1 1))", 1},
    {"equal", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((0 0,0 2,2 2,2 0,0 0))", 4},
    {"shared edge", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((2 0,4 0,4 2,2 2,2 0))", 0},
    {"shared corner", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((2 2,4 2,4 4,2 4,2 2))", 0},
    {"inside", "POLYGON((0 0,9 0,9 9,0 9,0 0))", "POLYGON((1 1,2 1,2 2,1 2,1 1))", 1},
    {"in the hole", "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1))", "POLYGON((2 2,4 2,4 4,2 4,2 2))", 0},
    {"over the hole", "POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))", "POLYGON((2 2,7 2,7 7,2 7,2 2))", 16},
    {"shared diagonal", "POLYGON((0 0,4 0,0 4,0 0))", "POLYGON((0 4,4 0,4 4,0 4))", 0},
    {"diamond on square", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((1 -1,3 1,1 3,-1 1,1 -1))", 4},
    {"smaller diamond", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((1 0,2 1,1 2,0 1,1 0))", 2},
    {"above one another", "POLYGON((0 0,2 0,2 2,0 2,0 0))", "POLYGON((0 5,2 5,2 7,0 7,0 5))", 0},
    {"two parts", "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((2 0,3 0,3 1,2 1,2 0)))", "POLYGON((0.5 0,2.5 0,2.5 1,0.5 1,0.5 0))", 1},
};

START_TEST(common_row)
{
    eb_shape *sa = NULL, *sb = NULL;
    eb_rings a = from_text(commons[_i].a, &sa), b = from_text(commons[_i].b, &sb);
    eb_common memory = {0};
    double ab = eb_rings_common_area(&memory, &a, &b), ba = eb_rings_common_area(&memory, &b, &a);
    ck_assert_msg(fabs(ab - commons[_i].area) < 1e-12, "%s: %.17g", commons[_i].label, ab);
    ck_assert_msg(fabs(ba - commons[_i].area) < 1e-12, "%s, swapped: %.17g", commons[_i].label, ba);
    ck_assert_msg(eb_rings_area_in_box(&memory, &a, b.box) >= ab - 1e-12, "%s: more in common than in the box", commons[_i].label);
    eb_common_clear(&memory);
    eb_rings_clear(&a);
    eb_rings_clear(&b);
    eb_shape_free(geos, sa);
    eb_shape_free(geos, sb);
}
END_TEST

/* Stars over stars, half of them with the very same coordinates in part, some a hair apart: GEOS's overlay is the judge. */
START_TEST(common_against_geos)
{
    eb_common memory = {0};
    static const double apart[] = {0, 1e-9, 1e-3, 1, 300, 4000};
    for (int round = 0; round < 300; round++) {
        uint64_t seed = (uint64_t)(round / 6);
        test_wkb wa = test_star(20 + (uint32_t)(round % 7) * 40, 5000, 3e5, -2e5, round % 3 == 0, seed);
        test_wkb wb = test_star(20 + (uint32_t)(round % 7) * 40, 5000, 3e5 + apart[round % 6], -2e5, round % 5 == 0, seed);
        eb_shape *sa = shape_of(&wa), *sb = shape_of(&wb), *both = NULL;
        eb_rings a = {0}, b = {0};
        ck_assert_int_eq(eb_rings_read(&a, (eb_wkb){wa.data, wa.size}, NULL), EB_OK);
        ck_assert_int_eq(eb_rings_read(&b, (eb_wkb){wb.data, wb.size}, NULL), EB_OK);
        ck_assert_double_eq_tol(a.area, eb_shape_area(geos, sa), 1e-13 * a.area);
        ck_assert_int_eq(eb_shape_overlay(geos, sa, sb, EB_OP_INTERSECTION, &both, NULL), EB_OK);
        double want = eb_shape_area(geos, both), got = eb_rings_common_area(&memory, &a, &b);
        ck_assert_msg(fabs(got - want) <= 1e-11 * a.area, "round %d: %.17g, GEOS %.17g", round, got, want);
        /* A box cuts the area in two that add up. */
        double left[4] = {a.box[0], a.box[1], 3e5 + apart[round % 6], a.box[3]}, right[4] = {left[2], a.box[1], a.box[2], a.box[3]};
        double sum = eb_rings_area_in_box(&memory, &a, left) + eb_rings_area_in_box(&memory, &a, right);
        ck_assert_msg(fabs(sum - a.area) <= 1e-13 * a.area, "round %d: halves %.17g of %.17g", round, sum, a.area);
        eb_rings_clear(&a);
        eb_rings_clear(&b);
        eb_shape_free(geos, sa);
        eb_shape_free(geos, sb);
        eb_shape_free(geos, both);
        free(wa.data);
        free(wb.data);
    }
    eb_common_clear(&memory);
}
END_TEST

START_TEST(not_polygons)
{
    eb_shape *shape = NULL;
    eb_rings rings = from_text("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5),POLYGON((0 0,1 0,1 1,0 1,0 0)))", &shape);
    ck_assert_uint_eq(rings.count, 1);
    ck_assert_double_eq(rings.area, 1);
    eb_shape_free(geos, shape);
    ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){NULL, 0}, NULL), EB_OK);
    ck_assert(rings.count == 0 && rings.area == 0 && !eb_rings_proven_valid(&rings));
    test_wkb wkb = test_star(20, 10, 0, 0, false, 1);
    for (size_t cut = 1; cut < wkb.size; cut++) {
        uint8_t *part = malloc(cut);
        memcpy(part, wkb.data, cut);
        ck_assert_msg(eb_rings_read(&rings, (eb_wkb){part, cut}, NULL) == EB_REFUSED, "cut at %zu", cut);
        free(part);
    }
    double infinite = INFINITY;
    memcpy(wkb.data + 21, &infinite, sizeof infinite);
    ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){wkb.data, wkb.size}, NULL), EB_REFUSED);
    free(wkb.data);
    eb_rings_clear(&rings);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("geom rings");
    TCase *tests = tcase_create("rings");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, proof_row, 0, sizeof proofs / sizeof proofs[0]);
    tcase_add_test(tests, proof_against_geos);
    tcase_add_loop_test(tests, common_row, 0, sizeof commons / sizeof commons[0]);
    tcase_add_test(tests, common_against_geos);
    tcase_add_test(tests, not_polygons);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
