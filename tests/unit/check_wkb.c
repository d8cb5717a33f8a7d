/* WKB: every kind walked, and no bytes trusted. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/wkb.h>

typedef struct maker {
    uint8_t bytes[4096];
    size_t size;
} maker;

static void put(maker *m, const void *from, size_t size)
{
    memcpy(m->bytes + m->size, from, size);
    m->size += size;
}
static void head(maker *m, uint32_t type)
{
    uint8_t order = 1;
    put(m, &order, 1);
    put(m, &type, 4);
}
static void number(maker *m, uint32_t n)
{
    put(m, &n, 4);
}
static void coords(maker *m, size_t n, const double *values)
{
    put(m, values, n * sizeof *values);
}
static const double square[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 0}, hole[] = {.2, .2, .2, .4, .4, .4, .2, .2};

static void add_polygon(maker *m)
{
    head(m, 3);
    number(m, 2);
    number(m, 5);
    coords(m, 10, square);
    number(m, 4);
    coords(m, 8, hole);
}
static eb_wkb view(const maker *m)
{
    return (eb_wkb){m->bytes, m->size};
}

START_TEST(test_polygon)
{
    maker m = {.size = 0};
    add_polygon(&m);
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, view(&m));
    ck_assert(eb_wkb_next(&walk, &part));
    ck_assert_int_eq(part.kind, EB_SHAPE_POLYGON);
    ck_assert_uint_eq(part.count, 5);
    ck_assert_uint_eq(part.ring, 0);
    ck_assert(eb_wkb_next(&walk, &part));
    ck_assert_uint_eq(part.ring, 1);
    ck_assert_uint_eq(part.polygon, 0);
    double x, y;
    eb_wkb_xy(&part, 2, &x, &y);
    ck_assert_double_eq(x, .4);
    ck_assert(!eb_wkb_next(&walk, &part));
    ck_assert(!eb_wkb_bad(&walk));
    ck_assert(eb_wkb_ok(view(&m)));
    ck_assert_uint_eq(eb_wkb_vertices(view(&m)), 9);
}
END_TEST

START_TEST(test_nested)
{
    maker m = {.size = 0};
    const double point_z[] = {5, 6, 7}, line[] = {0, 0, 9, -9};
    head(&m, 7);
    number(&m, 3);
    head(&m, 6);
    number(&m, 2);
    add_polygon(&m);
    add_polygon(&m);
    head(&m, 1001);
    coords(&m, 3, point_z);
    head(&m, 2);
    number(&m, 2);
    coords(&m, 4, line);
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t parts = 0, last = 0;
    eb_wkb_begin(&walk, view(&m));
    while (eb_wkb_next(&walk, &part)) {
        parts++;
        last = part.polygon;
    }
    ck_assert(!eb_wkb_bad(&walk));
    ck_assert_uint_eq(parts, 6);
    ck_assert_uint_eq(last, 3);
    double box[4];
    ck_assert(eb_wkb_bounds(view(&m), box));
    ck_assert_double_eq(box[1], -9);
    ck_assert_double_eq(box[2], 9);
    ck_assert_int_eq(eb_wkb_dimension(view(&m)), 2);
    ck_assert_int_eq(eb_wkb_kind(view(&m)), EB_SHAPE_COLLECTION);
}
END_TEST

START_TEST(test_empty)
{
    maker m = {.size = 0};
    const double none[] = {NAN, NAN};
    head(&m, 1);
    coords(&m, 2, none);
    ck_assert_int_eq(eb_wkb_dimension(view(&m)), -1);
    ck_assert(eb_wkb_ok(view(&m)));
    maker multi = {.size = 0};
    head(&multi, 6);
    number(&multi, 0);
    ck_assert_int_eq(eb_wkb_dimension(view(&multi)), -1);
    ck_assert(eb_wkb_ok(view(&multi)));
    eb_wkb null = {NULL, 0};
    double box[4];
    ck_assert(!eb_wkb_bounds(null, box));
    ck_assert_int_eq(eb_wkb_kind(null), EB_SHAPE_UNKNOWN);
}
END_TEST

/* Every prefix of a good shape is refused, and every single changed byte is survived. */
START_TEST(test_broken)
{
    maker m = {.size = 0};
    head(&m, 6);
    number(&m, 2);
    add_polygon(&m);
    add_polygon(&m);
    for (size_t size = 1; size < m.size; size++) {
        uint8_t *exact = malloc(size); /* so that a sanitizer sees a read past the end */
        memcpy(exact, m.bytes, size);
        ck_assert_msg(!eb_wkb_ok((eb_wkb){exact, size}), "prefix of %zu bytes", size);
        free(exact);
    }
    for (size_t at = 0; at < m.size; at++) {
        for (int bit = 0; bit < 8; bit++) {
            uint8_t *changed = malloc(m.size);
            memcpy(changed, m.bytes, m.size);
            changed[at] ^= (uint8_t)(1 << bit);
            double box[4];
            eb_wkb_bounds((eb_wkb){changed, m.size}, box);
            eb_wkb_ok((eb_wkb){changed, m.size});
            free(changed);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wkb");
    TCase *cases = tcase_create("wkb");
    tcase_add_test(cases, test_polygon);
    tcase_add_test(cases, test_nested);
    tcase_add_test(cases, test_empty);
    tcase_add_test(cases, test_broken);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
