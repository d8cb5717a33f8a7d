/* Records sorted within little memory, against the same ones sorted by the C library. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/sorter.h"
#include "test_shapes.h"

enum { MANY = 3000 };

typedef struct record {
    uint64_t key;
    size_t number, size;
} record;

static int by_key(const void *a, const void *b)
{
    const record *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

/* What a record holds tells which one it is. */
static void fill(uint8_t *bytes, const record *r)
{
    for (size_t i = 0; i < r->size; i++) bytes[i] = (uint8_t)(r->number * 31 + i * 7);
}

static void sort_and_compare(size_t memory, size_t count, size_t largest, uint64_t keys)
{
    record *records = calloc(count + 1, sizeof *records);
    uint8_t *bytes = malloc(largest + 1);
    uint64_t state = memory * 7 + count + 1, key = 0;
    eb_sorter *sorter = NULL;
    ck_assert_int_eq(eb_sorter_new(memory, &sorter, NULL), EB_OK);
    for (size_t i = 0; i < count; i++) {
        records[i] =
            (record){(uint64_t)(test_random(&state) * (double)keys) << 20, i, (size_t)(test_random(&state) * (double)(largest + 1))};
        fill(bytes, &records[i]);
        ck_assert_int_eq(eb_sorter_add(sorter, records[i].key, bytes, records[i].size, NULL), EB_OK);
    }
    qsort(records, count, sizeof *records, by_key);
    ck_assert_int_eq(eb_sorter_begin(sorter, NULL), EB_OK);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *data = NULL;
        size_t size = 0;
        ck_assert(eb_sorter_peek(sorter, &key));
        ck_assert_uint_eq(key, records[i].key);
        ck_assert_int_eq(eb_sorter_next(sorter, &data, &size, NULL), EB_OK);
        fill(bytes, &records[i]);
        ck_assert_msg(size == records[i].size && memcmp(data, bytes, size) == 0, "record %zu of %zu, memory %zu", i, count, memory);
    }
    ck_assert(!eb_sorter_peek(sorter, &key));
    eb_sorter_free(sorter);
    free(records);
    free(bytes);
}

START_TEST(in_order)
{
    static const size_t memories[] = {0, 1, 100, 5000, 100000, 1 << 24};
    sort_and_compare(memories[_i], 0, 10, 5);
    sort_and_compare(memories[_i], 1, 10, 5);
    sort_and_compare(memories[_i], 200, 300, 1);
    sort_and_compare(memories[_i], MANY, 40, 50);
    sort_and_compare(memories[_i], 40, 300000, 7); /* larger than what is read ahead */
}
END_TEST

START_TEST(no_place_for_the_file)
{
    eb_sorter *sorter = NULL;
    eb_error err;
    eb_status status = EB_OK;
    ck_assert_int_eq(eb_sorter_new(4, &sorter, NULL), EB_OK);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    for (int i = 0; i < 3 && status == EB_OK; i++) status = eb_sorter_add(sorter, 1, "12345", 5, &err);
    unsetenv("TMPDIR");
    ck_assert_int_eq(status, EB_OUTPUT);
    ck_assert_ptr_nonnull(strstr(err.hint, "TMPDIR"));
    eb_sorter_free(sorter);
    eb_sorter_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sorter");
    TCase *tests = tcase_create("sorter");
    tcase_add_loop_test(tests, in_order, 0, 6);
    tcase_add_test(tests, no_place_for_the_file);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
