/* Edges that are left of many rings: in any order, with however little held, against all of them sorted; and where the disk gives out. */
#include "analysis/overlay/edge_net.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "test_shapes.h"

enum { ACROSS = 14, RINGS = ACROSS * ACROSS };

/* A wavy grid of four-sided rings; every third stands up to six times, some wait far off. */
typedef struct ring {
    double xy[8];
} ring;

static size_t make_rings(ring *rings, uint64_t seed)
{
    double corners[ACROSS + 1][ACROSS + 1][2];
    uint64_t state = seed + 7;
    size_t count = 0;
    for (int j = 0; j <= ACROSS; j++)
        for (int i = 0; i <= ACROSS; i++) {
            corners[j][i][0] = i % 4 == 0 ? i : i + 0.4 * test_random(&state); /* many begin at one x */
            corners[j][i][1] = j + 0.4 * test_random(&state);
        }
    for (int j = 0; j < ACROSS; j++)
        for (int i = 0; i < ACROSS; i++) {
            const int at[4][2] = {{j, i}, {j, i + 1}, {j + 1, i + 1}, {j + 1, i}};
            ring r;
            for (int k = 0; k < 4; k++) memcpy(r.xy + 2 * k, corners[at[k][0]][at[k][1]], 2 * sizeof(double));
            if ((i + j) % 17 == 0) r.xy[2] += 3; /* reaches far */
            for (int k = (i * j) % 3 ? 0 : (i + 5 * j) % 6; k >= 0; k--) rings[count++] = r;
        }
    for (size_t i = count; i-- > 1;) {
        const size_t other = (size_t)(test_random(&state) * (double)i);
        const ring held = rings[i];
        rings[i] = rings[other];
        rings[other] = held;
    }
    return count;
}

static int by_place(const void *a, const void *b)
{
    const eb_net_edge *p = a, *q = b;
    const double pairs[4][2] = {{p->a[0], q->a[0]}, {p->a[1], q->a[1]}, {p->b[0], q->b[0]}, {p->b[1], q->b[1]}};
    for (int i = 0; i < 4; i++)
        if (pairs[i][0] != pairs[i][1]) return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

/* What must be left: all edges in order, those of one place added up. */
static size_t left_of(const ring *rings, size_t count, eb_net_edge *left)
{
    size_t edges = 0, kept = 0;
    for (size_t r = 0; r < count; r++)
        for (int i = 3, j = 0; j < 4; i = j++) {
            const double *a = rings[r].xy + 2 * i, *b = rings[r].xy + 2 * j;
            const bool forward = a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
            left[edges++] = forward ? (eb_net_edge){{a[0], a[1]}, {b[0], b[1]}, 1, 0} : (eb_net_edge){{b[0], b[1]}, {a[0], a[1]}, -1, 0};
        }
    qsort(left, edges, sizeof *left, by_place);
    for (size_t i = 0, next; i < edges; i = next) {
        eb_net_edge sum = left[i];
        for (next = i + 1; next < edges && by_place(&left[i], &left[next]) == 0; next++) sum.turns += left[next].turns;
        if (sum.turns) left[kept++] = sum;
    }
    return kept;
}

/* A strip has what reaches into it, in order. */
static void check_strip(const eb_net_strip *strip, const eb_net_edge *left, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (left[i].a[0] >= strip->high || left[i].b[0] < strip->low) continue;
        ck_assert_uint_lt(at, strip->count);
        ck_assert_int_eq(by_place(&left[i], &strip->edges[at]), 0);
        ck_assert_int_eq(left[i].turns, strip->edges[at++].turns);
    }
    ck_assert_uint_eq(at, strip->count);
}

START_TEST(any_order)
{
    static const size_t held[] = {1 << 20, 400, 60, 1}, wide[] = {1 << 20, 150, 10, 1};
    static ring rings[6 * RINGS];
    static eb_net_edge left[4 * 6 * RINGS];
    const size_t count = make_rings(rings, (uint64_t)_i / 16), kept = left_of(rings, count, left);
    const size_t strip_limit = wide[_i % 4];
    eb_edge_net *net = eb_edge_net_new(held[_i / 4 % 4], strip_limit);
    double low = -INFINITY;
    size_t strips = 0;
    for (size_t r = 0; r < count; r++) ck_assert_int_eq(eb_edge_net_add(net, rings[r].xy, 4, NULL), EB_OK);
    for (eb_net_strip strip = {0}; low < INFINITY; low = strip.high, strips++) {
        ck_assert_int_eq(eb_edge_net_next(net, &strip, NULL, NULL), EB_OK);
        ck_assert(strip.low == low && strip.high > low);
        check_strip(&strip, left, kept);
    }
    ck_assert_uint_gt(kept, 300);
    ck_assert_uint_le(strips, 1 + 2 * kept / strip_limit);
    ck_assert(strip_limit > kept ? strips == 1 : strips > 2);
    eb_edge_net_free(net);
}
END_TEST

/* What runs against one another goes, what stands twice counts twice, and -0 is 0. */
START_TEST(edges_cancel)
{
    static const double below[] = {0, 0, 1, 0, 1, 1}, above[] = {1, 1, 0, 1, -0.0, 0}, line[] = {7, 2, 7, 1};
    eb_edge_net *net = eb_edge_net_new(100, 100);
    eb_net_strip strip;
    ck_assert_int_eq(eb_edge_net_add(net, below, 3, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_add(net, above, 3, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_add(net, above, 3, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_add(net, line, 2, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_add(net, line, 1, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_add(net, line, 0, NULL), EB_OK);
    ck_assert_int_eq(eb_edge_net_next(net, &strip, NULL, NULL), EB_OK);
    ck_assert(strip.high == INFINITY);
    ck_assert_uint_eq(strip.count, 5);
    static const double ends[][4] = {{0, 0, 0, 1}, {0, 0, 1, 0}, {0, 0, 1, 1}, {0, 1, 1, 1}, {1, 0, 1, 1}};
    static const int expected[] = {-2, 1, 1, -2, 1};
    for (int i = 0; i < 5; i++) {
        const eb_net_edge *e = &strip.edges[i];
        ck_assert(e->a[0] == ends[i][0] && e->a[1] == ends[i][1] && e->b[0] == ends[i][2] && e->b[1] == ends[i][3]);
        ck_assert_int_eq(e->turns, expected[i]);
    }
    eb_edge_net_free(net);
}
END_TEST

static void forget_folder(void)
{
    unsetenv("TMPDIR");
}

/* The first of so many rings that the net does not take. */
static eb_status fill(size_t held, eb_error *err)
{
    static ring rings[6 * RINGS];
    const size_t count = make_rings(rings, 3);
    eb_edge_net *net = eb_edge_net_new(held, 100);
    eb_net_strip strip;
    eb_status status = EB_OK;
    for (size_t r = 0; r < count && status == EB_OK; r++) status = eb_edge_net_add(net, rings[r].xy, 4, err);
    if (status == EB_OK) status = eb_edge_net_next(net, &strip, NULL, err);
    eb_edge_net_free(net);
    return status;
}

START_TEST(no_folder)
{
    eb_error err = {0};
    setenv("TMPDIR", "/nonexistent", 1);
    ck_assert_int_eq(fill(50, &err), EB_OUTPUT);
    ck_assert_msg(strstr(err.message, "no temporary file") && strstr(err.hint, "TMPDIR"), "%s, %s", err.message, err.hint);
    /* What fits needs no file. */
    ck_assert_int_eq(fill(100000, &err), EB_OK);
}
END_TEST

START_TEST(full_disk)
{
    static const rlim_t limits[] = {0, 1000, 9000};
    eb_error err = {0};
    struct rlimit old, limit;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = limits[_i];
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const eb_status status = fill(50, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(status, EB_OUTPUT);
    ck_assert_msg(strstr(err.message, strerror(EFBIG)) && strstr(err.hint, "make room"), "%s, %s", err.message, err.hint);
}
END_TEST

/* The file has no name, not even while it is in use. */
START_TEST(leaves_nothing)
{
    static ring rings[6 * RINGS];
    char folder[] = "/tmp/ecobelt-check-XXXXXX";
    const size_t count = make_rings(rings, 3);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    eb_edge_net *net = eb_edge_net_new(50, 100);
    for (size_t r = 0; r < count; r++) ck_assert_int_eq(eb_edge_net_add(net, rings[r].xy, 4, NULL), EB_OK);
    ck_assert_int_eq(rmdir(folder), 0);
    eb_net_strip strip;
    ck_assert_int_eq(eb_edge_net_next(net, &strip, NULL, NULL), EB_OK);
    eb_edge_net_free(net);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("edge net");
    TCase *tests = tcase_create("edges");
    tcase_add_checked_fixture(tests, NULL, forget_folder);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, edges_cancel);
    tcase_add_loop_test(tests, any_order, 0, 5 * 16);
    tcase_add_test(tests, no_folder);
    tcase_add_loop_test(tests, full_disk, 0, 3);
    tcase_add_test(tests, leaves_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
