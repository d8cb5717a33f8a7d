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
    tcase_add_test(tests, touching_and_equal);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
