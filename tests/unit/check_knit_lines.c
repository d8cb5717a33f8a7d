/* Lines knitted together, against what is known of them by how they were made: stretches of tracks, so that each place of a track is there
 * as often as stretches cover it. */
#include "base/wkb_build.h"
#include "geom/knit_lines.h"

#include <ecobelt/wkb.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRACKS = 6, CORNERS = 5, LINES = 120, MOST = 32 };
static const double NEAR = 1e-3;

/* A track, and a stretch of it from one place to another: corner 1.5 is half way from corner 1 to 2. */
typedef struct track {
    double xy[CORNERS][2];
} track;
typedef struct stretch {
    int track;
    double from, to;
} stretch;

static uint64_t state;
static eb_error err;

static double dice(double from, double to)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return from + (to - from) * ((double)(state >> 11) / 9007199254740992.0);
}

static void place_at(const track *t, double at, double xy[2])
{
    const int i = at >= CORNERS - 1 ? CORNERS - 2 : (int)at;
    for (int c = 0; c < 2; c++) xy[c] = t->xy[i][c] + (at - i) * (t->xy[i + 1][c] - t->xy[i][c]);
}

static double length_between(const track *t, double from, double to)
{
    double length = 0;
    for (int i = 0; i < CORNERS - 1; i++) {
        const double a = fmax(from, i), b = fmin(to, i + 1);
        if (b > a) length += (b - a) * hypot(t->xy[i + 1][0] - t->xy[i][0], t->xy[i + 1][1] - t->xy[i][1]);
    }
    return length;
}

static int by_value(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static eb_wkb as_line(eb_string *bytes, const double (*xy)[2], size_t count)
{
    eb_wkb_build_line(bytes, &xy[0][0], count, 2);
    ck_assert(!bytes->failed);
    return eb_wkb_built(bytes);
}

/* The stretch with its corners and some vertices of its own, beside it by a bit, either way round. */
static eb_wkb draw(const track *t, const stretch *s, double beside, eb_string *bytes)
{
    double at[MOST], xy[MOST][2];
    size_t count = 0;
    at[count++] = s->from, at[count++] = s->to;
    for (int i = 0; i < CORNERS; i++)
        if (i > s->from && i < s->to) at[count++] = i;
    for (double more = dice(0, 6); more > 1; more--) at[count++] = dice(s->from, s->to);
    qsort(at, count, sizeof *at, by_value);
    const double step = dice(0, 1) < 0.5 ? beside : -beside;
    const bool back = dice(0, 1) < 0.5;
    for (size_t i = 0; i < count; i++) {
        place_at(t, at[i], xy[i]);
        xy[i][0] += step * dice(0, 1);
        xy[i][1] += step * dice(0, 1);
    }
    for (size_t i = 0; back && i < count / 2; i++)
        for (int c = 0; c < 2; c++) {
            const double swap = xy[i][c];
            xy[i][c] = xy[count - 1 - i][c];
            xy[count - 1 - i][c] = swap;
        }
    return as_line(bytes, (const double(*)[2])xy, count);
}

static double length_of(eb_wkb lines)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double length = 0, a[2], b[2];
    eb_wkb_begin(&walk, lines);
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 1; i < part.count; i++) {
            eb_wkb_xy(&part, i - 1, &a[0], &a[1]);
            eb_wkb_xy(&part, i, &b[0], &b[1]);
            length += hypot(b[0] - a[0], b[1] - a[1]);
        }
    ck_assert(!eb_wkb_bad(&walk));
    return length;
}

/* How much of the tracks is covered at all. */
static double covered(const track *tracks, const stretch *stretches, size_t count)
{
    double length = 0;
    for (int t = 0; t < TRACKS; t++) {
        double at[2 * LINES];
        size_t places = 0;
        for (size_t i = 0; i < count; i++)
            if (stretches[i].track == t) at[places++] = stretches[i].from, at[places++] = stretches[i].to;
        qsort(at, places, sizeof *at, by_value);
        for (size_t k = 1; k < places; k++) {
            bool there = false;
            for (size_t i = 0; i < count && !there; i++)
                there = stretches[i].track == t && stretches[i].from <= at[k - 1] && stretches[i].to >= at[k];
            if (there) length += length_between(&tracks[t], at[k - 1], at[k]);
        }
    }
    return length;
}

static void lay_tracks(track *tracks, double size)
{
    for (int t = 0; t < TRACKS; t++) {
        double x = 4e5 + dice(0, 4 * size), y = 3.2e6 + dice(0, 4 * size), way = t == 0 ? 0 : t == 1 ? acos(0) : dice(0, 6.28);
        for (int i = 0; i < CORNERS; i++, way += dice(-0.9, 0.9)) {
            tracks[t].xy[i][0] = x, tracks[t].xy[i][1] = y;
            const double step = dice(0.2, 1) * size;
            x += step * cos(way), y += step * sin(way);
        }
    }
}

static eb_knitted_lines knit(const eb_wkb *lines, size_t count, eb_status (*place)(void *, double *, double *, eb_error *))
{
    const eb_line_knitting how = {.near_m = NEAR, .place = place};
    eb_knitted_lines out = {0};
    ck_assert_msg(eb_knit_lines(lines, count, &how, &out, &err) == EB_OK, "%s", err.message);
    return out;
}

START_TEST(stretches_of_tracks_count_once)
{
    static const double sizes[] = {5, 60, 900, 20000};
    track tracks[TRACKS];
    stretch stretches[LINES];
    eb_string bytes[LINES] = {{0}};
    eb_wkb lines[LINES];
    double sum = 0;
    state = (uint64_t)_i * 7919 + 1;
    const double size = sizes[_i % 4], beside = _i / 4 % 2 ? 2e-4 : 0;
    lay_tracks(tracks, size);
    for (int i = 0; i < LINES; i++) {
        const double a = dice(0, CORNERS - 1), length = dice(0.05, 2);
        stretches[i] = (stretch){(int)dice(0, TRACKS), a, fmin(a + length, CORNERS - 1)};
        lines[i] = draw(&tracks[stretches[i].track], &stretches[i], beside, &bytes[i]);
        sum += length_of(lines[i]);
    }
    eb_knitted_lines out = knit(lines, LINES, NULL);
    const double want = covered(tracks, stretches, LINES), once = length_of(eb_wkb_built(&out.once)),
                 again = length_of(eb_wkb_built(&out.again)), slack = LINES * 4 * NEAR + 1e-9 * sum;
    ck_assert_msg(fabs(once - want) <= slack, "%.6f instead of %.6f", once, want);
    ck_assert_msg(fabs(sum - once - again) <= slack, "%.6f and %.6f of %.6f", once, again, sum);
    /* What is there once is so when asked again. */
    eb_wkb all = eb_wkb_built(&out.once);
    eb_knitted_lines twice = knit(&all, 1, NULL);
    ck_assert_msg(length_of(eb_wkb_built(&twice.again)) <= slack, "%g", length_of(eb_wkb_built(&twice.again)));
    ck_assert_double_eq_tol(length_of(eb_wkb_built(&twice.once)), once, slack);
    eb_knitted_lines_clear(&twice);
    eb_knitted_lines_clear(&out);
    for (int i = 0; i < LINES; i++) eb_string_clear(&bytes[i]);
}
END_TEST

/* As a parallel bends in a plane: by a centimetre on a kilometre, by a hundred metres on a hundred. */
static eb_status bend(void *self, double *x, double *y, eb_error *e)
{
    (void)self, (void)e;
    *x *= 1 + 1e-8 * *x;
    *y += 5e-8 * *x * *x;
    return EB_OK;
}

/* A line along the parallel, one with vertices on the way, and one beside the chord of the first, where it is drawn by nobody. */
START_TEST(edges_are_straight_where_they_are_drawn)
{
    const double whole[2][2] = {{0, 0}, {_i ? 100000 : 1000, 0}}, length = whole[1][0];
    const double part[4][2] = {{0.9 * length, 0}, {0.62 * length, 0}, {0.31 * length, 0}, {0.2 * length, 0}};
    const double chord[2][2] = {{0.45 * length, 5e-8 * length * length / 4}, {0.55 * length, 5e-8 * length * length / 4}};
    eb_string bytes[3] = {{0}};
    eb_wkb lines[3] = {as_line(&bytes[0], whole, 2), as_line(&bytes[1], part, 4), as_line(&bytes[2], chord, 2)};
    eb_knitted_lines out = knit(lines, 3, bend);
    ck_assert_double_eq_tol(length_of(eb_wkb_built(&out.once)), 1.1 * length, 1e-6 * length);
    ck_assert_double_eq_tol(length_of(eb_wkb_built(&out.again)), 0.7 * length, 1e-6 * length);
    eb_knitted_lines_clear(&out);
    for (int i = 0; i < 3; i++) eb_string_clear(&bytes[i]);
}
END_TEST

/* Vertices hardly further apart than what counts as one place, all over one another: it ends, and what comes out is what went in. */
START_TEST(dust_ends)
{
    enum { GRAINS = 600 };
    double xy[GRAINS][2], sum;
    eb_string bytes = {0};
    state = (uint64_t)_i + 99;
    for (int i = 0; i < GRAINS; i++) xy[i][0] = dice(0, 0.002 * (_i + 1)), xy[i][1] = dice(0, 0.002 * (_i + 1));
    eb_wkb line = as_line(&bytes, (const double(*)[2])xy, GRAINS);
    sum = length_of(line);
    eb_knitted_lines out = knit(&line, 1, NULL);
    const double made = length_of(eb_wkb_built(&out.once)) + length_of(eb_wkb_built(&out.again));
    ck_assert_msg(made > 0.3 * sum && made < 3 * sum, "%g of %g", made, sum);
    eb_knitted_lines_clear(&out);
    eb_string_clear(&bytes);
}
END_TEST

/* Lines too short to be told from a place stay; those without a length do not. */
START_TEST(short_lines_stay)
{
    const double small[2][2] = {{10, 10}, {10.0004, 10}}, none[2][2] = {{5, 5}, {5, 5}}, there[3][2] = {{0, 0}, {3, 0}, {0, 0}};
    eb_string bytes[3] = {{0}};
    eb_wkb lines[3] = {as_line(&bytes[0], small, 2), as_line(&bytes[1], none, 2), as_line(&bytes[2], there, 3)};
    eb_knitted_lines out = knit(lines, 3, NULL);
    ck_assert_double_eq_tol(out.loose, 0.0004, 1e-9);
    ck_assert_double_eq_tol(length_of(eb_wkb_built(&out.once)), 3.0004, 1e-9);
    ck_assert_double_eq_tol(length_of(eb_wkb_built(&out.again)), 3, 1e-9); /* there and back */
    eb_knitted_lines_clear(&out);
    for (int i = 0; i < 3; i++) eb_string_clear(&bytes[i]);
    out = knit(NULL, 0, NULL);
    ck_assert_int_eq(eb_wkb_kind(eb_wkb_built(&out.once)), EB_SHAPE_MULTILINE);
    ck_assert_double_eq(length_of(eb_wkb_built(&out.once)), 0);
    eb_knitted_lines_clear(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("knit_lines");
    TCase *tests = tcase_create("knit_lines");
    tcase_add_loop_test(tests, stretches_of_tracks_count_once, 0, 48);
    tcase_add_loop_test(tests, edges_are_straight_where_they_are_drawn, 0, 2);
    tcase_add_loop_test(tests, dust_ends, 0, 12);
    tcase_add_test(tests, short_lines_stay);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
