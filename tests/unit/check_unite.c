/* A union in the making, in portions of any size, against the union GEOS makes of all at once. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "geom/unite.h"
#include "test_shapes.h"

enum { SIDE = 20, MOST = 500 };

static const char *const kinds[] = {"side by side", "scattered", "overlapping", "one twice", "side by side but for one"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static test_wkb square(double x, double y, double size)
{
    const double xy[] = {x, y, x + size, y, x + size, y + size, x, y + size};
    test_wkb wkb = {0};
    test_wkb_header(&wkb, 3, 1);
    test_wkb_ring(&wkb, xy, 4);
    return wkb;
}

static size_t make(int kind, test_wkb *shapes)
{
    uint64_t state = 17;
    size_t count = 0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            const double x = 100 * test_random(&state), y = 100 * test_random(&state);
            if (kind == 1 && (i * 7 + j) % 3 == 0) continue;
            if (kind == 2)
                shapes[count++] = test_star(12, 9, x, y, i % 3 == 0, (uint64_t)(i * SIDE + j));
            else
                shapes[count++] = square(5 * i, 5 * j, 5);
        }
    if (kind == 3) shapes[count++] = square(40, 40, 5);
    if (kind == 4) shapes[count++] = square(42, 42, 5);
    /* As they come from a file: in no order. */
    for (size_t i = count; i-- > 1;) {
        const size_t k = (size_t)(test_random(&state) * (double)(i + 1));
        const test_wkb other = shapes[i];
        shapes[i] = shapes[k];
        shapes[k] = other;
    }
    return count;
}

/* Portions of the shapes merged where they are taken in, or each by itself first. */
static void take_in(eb_unite *all, eb_geos *geos, const test_wkb *shapes, size_t count, size_t portion, bool joined)
{
    eb_unite part = {0}, *to = joined ? &part : all;
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(eb_unite_add(to, (eb_wkb){shapes[i].data, shapes[i].size}, NULL), EB_OK);
        if ((i + 1) % portion != 0 && (!joined || i + 1 < count)) continue;
        ck_assert_int_eq(eb_unite_merge(to, geos, NULL), EB_OK);
        if (joined) ck_assert_int_eq(eb_unite_join(all, &part, geos, NULL), EB_OK);
    }
    eb_unite_clear(&part);
}

START_TEST(as_geos_has_it)
{
    static const size_t portions[] = {1, 3, 50, MOST};
    test_wkb shapes[MOST];
    eb_shape *parts[MOST], *want = NULL, *off = NULL;
    eb_geos *geos = NULL;
    const int kind = _i % KINDS;
    const size_t count = make(kind, shapes);
    double sum = 0;
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    eb_unite all = {0};
    for (size_t i = 0; i < count; i++) {
        const eb_wkb bytes = {shapes[i].data, shapes[i].size};
        ck_assert_int_eq(eb_shape_read(geos, bytes, &parts[i], NULL), EB_OK);
        sum += eb_shape_area(geos, parts[i]);
    }
    take_in(&all, geos, shapes, count, portions[_i / KINDS / 2], _i / KINDS % 2);
    ck_assert_msg(all.run_count <= 12, "%s: %zu runs", kinds[kind], all.run_count);
    eb_shape *made = NULL;
    ck_assert_int_eq(eb_unite_take(&all, geos, &made, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_union_all(geos, parts, count, &want, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_overlay(geos, made, want, EB_OP_SYMDIFF, &off, NULL), EB_OK);
    ck_assert_msg(eb_shape_area(geos, off) <= 1e-9 * sum, "%s: %g", kinds[kind], eb_shape_area(geos, off));
    ck_assert_msg(eb_shape_valid(geos, made, NULL, 0, NULL, NULL), "%s", kinds[kind]);
    ck_assert_msg(all.overlaps == (kind >= 2), "%s: %d", kinds[kind], all.overlaps);
    ck_assert_msg(all.residual <= 1e-9 * sum, "%s: %g", kinds[kind], all.residual);
    eb_unite_clear(&all);
    for (size_t i = 0; i < count; i++) {
        eb_shape_free(geos, parts[i]);
        free(shapes[i].data);
    }
    eb_shape_free(geos, made);
    eb_shape_free(geos, want);
    eb_shape_free(geos, off);
    eb_geos_free(geos);
}
END_TEST

START_TEST(of_nothing)
{
    eb_geos *geos = NULL;
    eb_shape *made = NULL;
    eb_unite none = {0};
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    ck_assert_int_eq(eb_unite_merge(&none, geos, NULL), EB_OK);
    ck_assert_int_eq(eb_unite_take(&none, geos, &made, NULL), EB_OK);
    ck_assert(eb_shape_empty(geos, made));
    eb_shape_free(geos, made);
    eb_unite_clear(&none);
    eb_geos_free(geos);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("unite");
    TCase *tests = tcase_create("unite");
    tcase_add_loop_test(tests, as_geos_has_it, 0, 2 * 4 * KINDS);
    tcase_add_test(tests, of_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
