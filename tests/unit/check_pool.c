/* The worker pool: input order for any number of threads, first failure in input order, cancelling. */
#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

enum { ITEMS = 500, SLOTS = 7 };

typedef struct item {
    int number;
    long result;
} item;

typedef struct stream {
    int produced, consumed, fail_at, fail_in_consume;
    long sum;
    bool in_order;
    atomic_int worked;
    atomic_bool stop;
} stream;

static eb_status produce(void *user, void *slot, bool *more, eb_error *err)
{
    (void)err;
    stream *s = user;
    *more = s->produced < ITEMS;
    if (*more) ((item *)slot)->number = s->produced++;
    return EB_OK;
}

static eb_status work(void *user, void *worker, void *slot, eb_error *err)
{
    stream *s = user;
    item *i = slot;
    (void)worker;
    atomic_fetch_add(&s->worked, 1);
    volatile long spin = 0; /* unequal work, so that items finish out of order */
    for (int k = 0; k < (i->number * 7919) % 20000; k++) spin += k;
    i->result = (long)i->number * i->number;
    if (s->fail_at >= 0 && i->number >= s->fail_at) return eb_error_set(err, EB_REFUSED, "item %d", i->number);
    return EB_OK;
}

static eb_status consume(void *user, void *slot, eb_error *err)
{
    stream *s = user;
    const item *i = slot;
    s->in_order = s->in_order && i->number == s->consumed;
    s->consumed++;
    s->sum += i->result;
    if (i->number == s->fail_in_consume) return eb_error_set(err, EB_OUTPUT, "item %d", i->number);
    if (i->number == 100) atomic_store(&s->stop, true);
    return EB_OK;
}

static bool stopped(void *user)
{
    return atomic_load(&((stream *)user)->stop);
}

static eb_status run(stream *s, int threads, const eb_env *env, eb_error *err)
{
    item items[SLOTS];
    void *slots[SLOTS], *workers[16] = {0};
    for (int i = 0; i < SLOTS; i++) slots[i] = &items[i];
    eb_pool_job job = {s, produce, work, consume, NULL, slots, SLOTS, workers, threads};
    return eb_pool_run(&job, env, err);
}

static const int thread_counts[] = {1, 2, 7, 16};

START_TEST(test_order)
{
    stream s = {.fail_at = -1, .fail_in_consume = -1, .in_order = true};
    eb_error err;
    ck_assert_int_eq(run(&s, thread_counts[_i], NULL, &err), EB_OK);
    ck_assert(s.in_order);
    ck_assert_int_eq(s.consumed, ITEMS);
    ck_assert_int_eq(s.sum, (long)(ITEMS - 1) * ITEMS * (2 * ITEMS - 1) / 6);
}
END_TEST

START_TEST(test_first_failure)
{
    stream s = {.fail_at = 42, .fail_in_consume = -1, .in_order = true};
    eb_error err;
    ck_assert_int_eq(run(&s, thread_counts[_i], NULL, &err), EB_REFUSED);
    ck_assert_str_eq(err.message, "item 42");
    ck_assert_int_eq(s.consumed, 42);
    stream t = {.fail_at = -1, .fail_in_consume = 7, .in_order = true};
    ck_assert_int_eq(run(&t, thread_counts[_i], NULL, &err), EB_OUTPUT);
    ck_assert_int_eq(t.consumed, 8);
}
END_TEST

START_TEST(test_cancel)
{
    stream s = {.fail_at = -1, .fail_in_consume = -1, .in_order = true};
    eb_env env = {.cancelled = stopped, .user = &s};
    eb_error err;
    ck_assert_int_eq(run(&s, thread_counts[_i], &env, &err), EB_CANCELLED);
    ck_assert_int_ge(s.consumed, 101);
    ck_assert_int_lt(s.consumed, ITEMS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pool");
    TCase *cases = tcase_create("pool");
    int count = (int)(sizeof thread_counts / sizeof *thread_counts);
    tcase_add_loop_test(cases, test_order, 0, count);
    tcase_add_loop_test(cases, test_first_failure, 0, count);
    tcase_add_loop_test(cases, test_cancel, 0, count);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
