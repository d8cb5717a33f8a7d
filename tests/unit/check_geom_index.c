/* The box index against a plain loop over all boxes. */
#include <ecobelt/geom.h>

#include <check.h>
#include "test_shapes.h"

static void random_box(uint64_t *state, double size, double box[4])
{
    box[0] = test_random(state) * 100 - 50;
    box[1] = test_random(state) * 100 - 50;
    box[2] = box[0] + size * test_random(state);
    box[3] = box[1] + size * test_random(state);
}

static const size_t counts[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, 4096, 4097, 20000};

START_TEST(against_loop)
{
    size_t count = counts[_i], capacity = 0, found = 0, *ids = NULL;
    uint64_t state = 12345 + (uint64_t)_i;
    double *boxes = malloc((count + 1) * 4 * sizeof *boxes);
    for (size_t i = 0; i < count; i++) random_box(&state, i % 7 == 0 ? 20 : 1, boxes + 4 * i);
    eb_index *index = NULL;
    ck_assert_int_eq(eb_index_new(boxes, count, &index, NULL), EB_OK);
    for (int q = 0; q < 200; q++) {
        double box[4];
        random_box(&state, q % 10 == 0 ? 100 : 5, box);
        ck_assert_int_eq(eb_index_query(index, box, &ids, &capacity, &found, NULL), EB_OK);
        size_t at = 0;
        for (size_t i = 0; i < count; i++) {
            const double *b = boxes + 4 * i;
            if (b[0] > box[2] || box[0] > b[2] || b[1] > box[3] || box[1] > b[3]) continue;
            ck_assert_msg(at < found && ids[at] == i, "%zu boxes, question %d: box %zu missing or out of order", count, q, i);
            at++;
        }
        ck_assert_msg(at == found, "%zu boxes, question %d: %zu too many", count, q, found - at);
    }
    free(ids);
    free(boxes);
    eb_index_free(index);
}
END_TEST

/* What of the edge lies within the box in one direction narrows @p part, 0 … 1. False: nothing. */
static bool clip(double a, double step, double low, double high, double part[2])
{
    if (step == 0) return a >= low && a <= high;
    const double p = (low - a) / step, q = (high - a) / step;
    part[0] = fmax(part[0], fmin(p, q));
    part[1] = fmin(part[1], fmax(p, q));
    return part[0] <= part[1];
}

static double point_from_edge(double x, double y, const double a[2], const double b[2])
{
    const double dx = b[0] - a[0], dy = b[1] - a[1], square = dx * dx + dy * dy;
    const double t = square > 0 ? fmin(1, fmax(0, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) : 0;
    return hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}

/* Distance of a box from an edge; 0: they touch. */
static double distance_from(const double box[4], const double a[2], const double b[2])
{
    double part[2] = {0, 1}, least = INFINITY;
    if (clip(a[0], b[0] - a[0], box[0], box[2], part) && clip(a[1], b[1] - a[1], box[1], box[3], part)) return 0;
    const double *ends[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        const double x = ends[k][0], y = ends[k][1];
        least = fmin(least, hypot(fmax(0, fmax(box[0] - x, x - box[2])), fmax(0, fmax(box[1] - y, y - box[3]))));
    }
    for (int k = 0; k < 4; k++) least = fmin(least, point_from_edge(box[k % 2 ? 2 : 0], box[k / 2 ? 3 : 1], a, b));
    return least;
}

/* All boxes within reach of an edge are found, and of the many in the box of a slanting edge few others. */
START_TEST(along_an_edge)
{
    enum { COUNT = 3000 };
    size_t capacity = 0, found = 0, *ids = NULL, others = 0, boxed = 0, wanted = 0;
    uint64_t state = 77 + (uint64_t)_i;
    double *boxes = malloc((size_t)COUNT * 4 * sizeof *boxes);
    for (size_t i = 0; i < COUNT; i++) random_box(&state, i % 2 ? 0 : 0.4, boxes + 4 * i);
    eb_index *index = NULL;
    ck_assert_int_eq(eb_index_new(boxes, COUNT, &index, NULL), EB_OK);
    for (int q = 0; q < 20; q++) {
        double ends[4], reach = q % 2 ? 0.5 : 0.001;
        random_box(&state, 60, ends);
        if (q % 5 == 1) ends[1] += 40, ends[3] -= 40; /* down */
        if (q % 5 == 2) ends[3] = ends[1];            /* level */
        if (q == 3) ends[2] = ends[0], ends[3] = ends[1];
        if (q == 4) memcpy(ends, boxes + 4, 2 * sizeof *ends);
        ck_assert_int_eq(eb_index_query_along(index, ends, ends + 2, reach, &ids, &capacity, &found, NULL), EB_OK);
        size_t at = 0;
        for (size_t i = 0; i < COUNT; i++) {
            const double *b = boxes + 4 * i;
            const bool there = at < found && ids[at] == i;
            const bool in_box = b[0] <= fmax(ends[0], ends[2]) + reach && b[2] >= fmin(ends[0], ends[2]) - reach &&
                                b[1] <= fmax(ends[1], ends[3]) + reach && b[3] >= fmin(ends[1], ends[3]) - reach;
            const bool near = distance_from(b, ends, ends + 2) <= reach;
            ck_assert_msg(there || !near, "question %d: box %zu missing", q, i);
            ck_assert_msg(!there || in_box, "question %d: box %zu is not there", q, i);
            at += there;
            others += there && !near;
            wanted += near;
            boxed += in_box;
        }
        ck_assert_uint_eq(at, found);
    }
    ck_assert_uint_gt(wanted, 50);
    ck_assert_msg(10 * others < boxed, "%zu others of %zu in the boxes of the edges", others, boxed);
    free(ids);
    free(boxes);
    eb_index_free(index);
}
END_TEST

START_TEST(touching_and_equal)
{
    static const double boxes[] = {0, 0, 1, 1, 1, 1, 2, 2, 0, 0, 1, 1, 5, 5, 5, 5};
    eb_index *index = NULL;
    size_t *ids = NULL, capacity = 0, count = 0;
    ck_assert_int_eq(eb_index_new(boxes, 4, &index, NULL), EB_OK);
    ck_assert_int_eq(eb_index_query(index, (double[]){1, 1, 1, 1}, &ids, &capacity, &count, NULL), EB_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(eb_index_query(index, (double[]){5, 4, 6, 5}, &ids, &capacity, &count, NULL), EB_OK);
    ck_assert(count == 1 && ids[0] == 3);
    ck_assert_int_eq(eb_index_query(index, (double[]){2.1, 2.1, 4, 4}, &ids, &capacity, &count, NULL), EB_OK);
    ck_assert_uint_eq(count, 0);
    free(ids);
    eb_index_free(index);
    ck_assert_int_eq(eb_index_new((double[]){0, 0, NAN, 1}, 1, &index, NULL), EB_REFUSED);
    ck_assert_ptr_null(index);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("geom index");
    TCase *tests = tcase_create("index");
    tcase_add_loop_test(tests, against_loop, 0, sizeof counts / sizeof counts[0]);
    tcase_add_loop_test(tests, along_an_edge, 0, 4);
    tcase_add_test(tests, touching_and_equal);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
