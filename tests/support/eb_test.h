/**
 * @file eb_test.h
 * What Check suites share: running, status assertions that show the error, temporary folders.
 */
#ifndef EB_TEST_H
#define EB_TEST_H

#include <check.h>
#include <ecobelt/base.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** The call gave the status; on failure the error it left is shown. */
#define EB_ASSERT_STATUS(call, want, err)                                                                                                  \
    do {                                                                                                                                   \
        eb_status got_ = (call);                                                                                                           \
        ck_assert_msg(got_ == (want), "%s: %s, wanted %s: %s", #call, eb_status_name(got_), eb_status_name(want), (err)->message);         \
    } while (0)
/** The call succeeded. */
#define EB_ASSERT_OK(call, err) EB_ASSERT_STATUS(call, EB_OK, err)
/** The text holds the part. */
#define EB_ASSERT_HAS(text, part) ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not hold \"%s\"", (text), (part))
/** The text does not hold the part. */
#define EB_ASSERT_HAS_NOT(text, part) ck_assert_msg(strstr((text), (part)) == NULL, "\"%s\" holds \"%s\"", (text), (part))
/** Two numbers differ by at most @p tolerance, which has their unit; NaN is near to nothing. */
#define EB_ASSERT_NEAR(label, got, want, tolerance)                                                                                        \
    do {                                                                                                                                   \
        double got_ = (got), want_ = (want);                                                                                               \
        ck_assert_msg(fabs(got_ - want_) <= (tolerance), "%s: %.17g, wanted %.17g to %g", label, got_, want_, (double)(tolerance));        \
    } while (0)

/** A new empty folder; its name stays valid until the next call. */
static inline const char *eb_test_folder(char *buffer, size_t size)
{
    const char *base = getenv("TMPDIR");
    snprintf(buffer, size, "%s/ecobelt-test-XXXXXX", base && *base ? base : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(buffer));
    return buffer;
}

/** Work in a new empty folder. */
static inline void eb_test_enter(char *room, size_t size)
{
    ck_assert_int_eq(chdir(eb_test_folder(room, size)), 0);
}

/** Leave it, and remove it with all that is in it. */
static inline void eb_test_leave(const char *room)
{
    char command[700];
    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", room, room);
    FILE *pipe = popen(command, "r");
    if (pipe) pclose(pipe);
}

/** Whole file as text from malloc(); fails the test where it cannot be read. */
static inline char *eb_test_read(const char *file)
{
    FILE *in = fopen(file, "rb");
    ck_assert_msg(in != NULL, "%s cannot be read", file);
    struct stat info;
    ck_assert_int_eq(fstat(fileno(in), &info), 0);
    char *text = calloc((size_t)info.st_size + 1, 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, (size_t)info.st_size, in), (size_t)info.st_size);
    fclose(in);
    return text;
}

/** Run a suite as a program does: exit code 0 where everything passed. */
static inline int eb_test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
