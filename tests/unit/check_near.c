/* Multi polygons taken portion by portion, against every pair of boxes; and mended so, where only one of many needs it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/overlay/plane_sink.h"
#include "base/wkb_build.h"
#include "geom/near.h"
#include "test_shapes.h"

enum { MOST = 400 };

static void add_square(test_wkb *to, double x, double y, double size)
{
    const double xy[] = {x, y, x + size, y, x + size, y + size, x, y + size};
    test_wkb_header(to, 3, 1);
    test_wkb_ring(to, xy, 4);
}

/* Squares at random places, so large that some meet. */
typedef struct field {
    double x[MOST], y[MOST], size[MOST];
    size_t count, portion[MOST]; /* the portion each came in */
    size_t met, portions;
} field;

static test_wkb shape_of(const field *f)
{
    test_wkb wkb = {0};
    test_wkb_header(&wkb, 6, (uint32_t)f->count);
    for (size_t i = 0; i < f->count; i++) add_square(&wkb, f->x[i], f->y[i], f->size[i]);
    return wkb;
}

/* Which square a ring is, by its first corner. */
static size_t number_of(const field *f, const eb_wkb_part *ring)
{
    double x, y;
    eb_wkb_xy(ring, 0, &x, &y);
    for (size_t i = 0; i < f->count; i++)
        if (f->x[i] == x && f->y[i] == y) return i;
    return MOST;
}

static eb_status take(void *self, eb_wkb portion, eb_error *err)
{
    (void)err;
    field *f = self;
    eb_wkb_walk walk;
    eb_wkb_part ring;
    size_t before = 0, count = 0;
    ck_assert_int_eq(eb_wkb_kind(portion), EB_SHAPE_MULTIPOLYGON);
    eb_wkb_begin(&walk, portion);
    while (eb_wkb_next(&walk, &ring)) {
        const size_t number = number_of(f, &ring);
        ck_assert_uint_lt(number, f->count);
        ck_assert_msg(count == 0 || number > before, "%zu after %zu", number, before);
        ck_assert_uint_eq(f->portion[number], SIZE_MAX);
        f->portion[number] = f->portions;
        before = number;
        count++;
    }
    ck_assert(!eb_wkb_bad(&walk));
    f->met += count;
    f->portions++;
    return EB_OK;
}

static bool meet(const field *f, size_t i, size_t k)
{
    return f->x[i] <= f->x[k] + f->size[k] && f->x[k] <= f->x[i] + f->size[i] && f->y[i] <= f->y[k] + f->size[k] &&
           f->y[k] <= f->y[i] + f->size[i];
}

START_TEST(none_that_meet_are_parted)
{
    static const size_t enough[] = {1, 1000, 1000000};
    uint64_t state = 91 + (uint64_t)_i;
    field f = {.count = _i == 0 ? 0 : _i == 1 ? 1 : MOST};
    for (size_t i = 0; i < f.count; i++) {
        f.x[i] = 1000 * test_random(&state);
        f.y[i] = 1000 * test_random(&state);
        f.size[i] = 1 + 30 * test_random(&state) * test_random(&state);
        f.portion[i] = SIZE_MAX;
    }
    test_wkb wkb = shape_of(&f);
    ck_assert_int_eq(eb_near_portions((eb_wkb){wkb.data, wkb.size}, enough[_i % 3], take, &f, NULL), EB_OK);
    ck_assert_uint_eq(f.met, f.count);
    size_t pairs = 0;
    for (size_t i = 0; i < f.count; i++)
        for (size_t k = 0; k < i; k++) {
            if (!meet(&f, i, k)) continue;
            pairs++;
            ck_assert_msg(f.portion[i] == f.portion[k], "%zu and %zu", i, k);
        }
    if (_i > 1) {
        ck_assert_uint_gt(pairs, 10);
        ck_assert_msg(enough[_i % 3] == 1      ? f.portions > 100
                      : enough[_i % 3] == 1000 ? f.portions > 10
                                               : f.portions == 1,
                      "%zu portions", f.portions);
    }
    free(wkb.data);
}
END_TEST

START_TEST(one_behind_the_other)
{
    eb_string all = {0};
    test_wkb one = {0}, two = {0};
    add_square(&one, 0, 0, 1);
    test_wkb_header(&two, 6, 2);
    add_square(&two, 5, 5, 1);
    add_square(&two, 9, 9, 1);
    ck_assert_int_eq(eb_near_append(&all, (eb_wkb){one.data, one.size}, NULL), EB_OK);
    ck_assert_int_eq(eb_near_append(&all, (eb_wkb){two.data, two.size}, NULL), EB_OK);
    const eb_wkb made = eb_wkb_built(&all);
    ck_assert_int_eq(eb_wkb_kind(made), EB_SHAPE_MULTIPOLYGON);
    ck_assert_uint_eq(made.size, one.size + two.size);
    ck_assert_mem_eq(made.data + 9, one.data, one.size);
    ck_assert_mem_eq(made.data + 9 + one.size, two.data + 9, two.size - 9);
    eb_string_clear(&all);
    free(one.data);
    free(two.data);
}
END_TEST

/* 14,400 squares of 0.001 degrees apart, number @p bad a pair of triangles crossed over. */
enum { SIDE = 120, RECORD = 9 + 4 + 5 * 16 };

static test_wkb with_one_bad(size_t bad)
{
    test_wkb wkb = {0};
    test_wkb_header(&wkb, 6, SIDE * SIDE);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        const double x = 118 + 0.002 * (double)(i % SIDE), y = 28 + 0.002 * (double)(i / SIDE);
        const double crossed[] = {x, y, x + 0.001, y + 0.001, x + 0.001, y, x, y + 0.001};
        if (i != bad) {
            add_square(&wkb, x, y, 0.001);
            continue;
        }
        test_wkb_header(&wkb, 3, 1);
        test_wkb_ring(&wkb, crossed, 4);
    }
    return wkb;
}

static double plane_area(eb_geos *geos, eb_projector *projector, eb_wkb degrees)
{
    eb_shape *shape = NULL;
    uint8_t *copy = malloc(degrees.size);
    ck_assert(copy);
    memcpy(copy, degrees.data, degrees.size);
    ck_assert_int_eq(eb_projector_wkb(projector, copy, degrees.size, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){copy, degrees.size}, &shape, NULL), EB_OK);
    const double area = eb_shape_area(geos, shape);
    eb_shape_free(geos, shape);
    free(copy);
    return area;
}

START_TEST(one_of_many_is_mended)
{
    static const double box[] = {118, 28, 118.3, 28.3};
    static const size_t bads[] = {0, 7777, SIDE * SIDE - 1, SIZE_MAX};
    eb_geos *geos = NULL;
    eb_crs *crs = NULL;
    eb_projector *projector = NULL;
    eb_shape *shape = NULL;
    double areas[2];
    const size_t bad = bads[_i];
    test_wkb wkb = with_one_bad(bad), kept = with_one_bad(bad);
    ck_assert_uint_gt(wkb.size, 1 << 20);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, NULL), EB_OK);
    ck_assert_int_eq(eb_projector_new(crs, box, &projector, NULL), EB_OK);
    ck_assert_int_eq(eb_plane_mend(geos, projector, &wkb.data, &wkb.size, areas, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb.data, wkb.size}, &shape, NULL), EB_OK);
    ck_assert(eb_shape_valid(geos, shape, NULL, 0, NULL, NULL));
    if (bad == SIZE_MAX) {
        ck_assert(isnan(areas[0]) && isnan(areas[1]));
        ck_assert_uint_eq(wkb.size, kept.size);
        ck_assert_mem_eq(wkb.data, kept.data, kept.size);
    } else {
        /* The pair of triangles has become two polygons; the record is of the whole shape. */
        const double after = plane_area(geos, projector, (eb_wkb){wkb.data, wkb.size});
        const double before = plane_area(geos, projector, (eb_wkb){kept.data, kept.size});
        ck_assert_uint_eq(eb_shape_part_count(geos, shape), SIDE * SIDE + 1);
        ck_assert_msg(fabs(areas[1] - after) < 1e-9 * after && fabs(areas[0] - before) < 1e-9 * before, "%.3f %.3f instead of %.3f %.3f",
                      areas[0], areas[1], before, after);
        ck_assert_msg(after - before > 3000, "%g", after - before);
    }
    if (bad != 0 && bad != SIZE_MAX) ck_assert_mem_eq(wkb.data + 9, kept.data + 9, RECORD * bad);
    eb_shape_free(geos, shape);
    eb_projector_free(projector);
    eb_crs_free(crs);
    eb_geos_free(geos);
    free(wkb.data);
    free(kept.data);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("near");
    TCase *tests = tcase_create("near");
    tcase_add_loop_test(tests, none_that_meet_are_parted, 0, 12);
    tcase_add_test(tests, one_behind_the_other);
    tcase_add_loop_test(tests, one_of_many_is_mended, 0, 4);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
