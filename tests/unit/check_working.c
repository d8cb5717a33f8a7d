/* A process that ends for a signal lets files that belong together get into place first, but waits for nobody for ever. */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/working.h"

static atomic_int begun, placed;

static void *place(void *pause)
{
    eb_working_place_begin();
    atomic_store(&begun, 1);
    nanosleep(pause, NULL);
    atomic_store(&placed, 1);
    eb_working_place_end();
    return NULL;
}

START_TEST(waits_for_what_was_begun)
{
    pthread_t thread;
    struct timespec pause = {.tv_nsec = 50000000};
    ck_assert_int_eq(pthread_create(&thread, NULL, place, &pause), 0);
    while (!atomic_load(&begun)) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    ck_assert(eb_working_last(600000));
    ck_assert_int_eq(atomic_load(&placed), 1);
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(does_not_hang)
{
    eb_working_place_begin();
    ck_assert(!eb_working_last(20));
    eb_working_place_end();
    ck_assert(eb_working_last(600000));
    ck_assert(!eb_working_last(20)); /* the last: nobody begins any more */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("working");
    TCase *tests = tcase_create("place");
    tcase_add_test(tests, waits_for_what_was_begun);
    tcase_add_test(tests, does_not_hang);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
