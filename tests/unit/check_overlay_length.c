/*
 * What of a line a polygon gets, on the ellipsoid: pieces of edges from a metre to all of China measured by PROJ's geodesics, the place of
 * the cut found by other means than the code's. An edge that runs along a border keeps to it, however long it is.
 */
#include "analysis/overlay/locator.h"

#include <check.h>
#include <geodesic.h>
#include "test_shapes.h"

static const double a_m = 6378137, flattening = 1 / 298.257222101;

static eb_geos *geos;
static eb_plane plane;
static eb_truth *truth;
static struct geod_geodesic earth;

static void setup(void)
{
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    eb_plane_init(&plane, a_m, flattening, 104, 36);
    ck_assert_int_eq(eb_truth_new(&plane, &truth, NULL), EB_OK);
    geod_init(&earth, a_m, flattening);
}

static void teardown(void)
{
    eb_truth_free(truth);
    eb_geos_free(geos);
}

static double geodesic_m(const double *p, const double *q)
{
    double length_m;
    geod_inverse(&earth, p[1], p[0], q[1], q[0], &length_m, NULL, NULL);
    return length_m;
}

/* Two zones, to the left and to the right of a straight line of the plane, 12,000 km each way. */
typedef struct halves {
    eb_shape *zones[2];
    eb_partition *partition;
    eb_locator *locator;
    double at[2], way[2]; /* a place of the border, and its direction */
} halves;

static halves cut_plane(const double at[2], double course)
{
    const double far = 6e6;
    halves h = {.at = {at[0], at[1]}, .way = {cos(course), sin(course)}};
    const double wx = far * h.way[0], wy = far * h.way[1];
    for (int k = 0; k < 2; k++) {
        const double sx = k ? wy : -wy, sy = k ? -wx : wx;
        const double ring[10] = {at[0] - wx,      at[1] - wy,      at[0] + wx,      at[1] + wy, at[0] + wx + sx,
                                 at[1] + wy + sy, at[0] - wx + sx, at[1] - wy + sy, at[0] - wx, at[1] - wy};
        test_wkb wkb = {0};
        test_wkb_header(&wkb, 3, 1);
        test_wkb_ring(&wkb, ring, 5);
        ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb.data, wkb.size}, &h.zones[k], NULL), EB_OK);
        free(wkb.data);
    }
    ck_assert_int_eq(eb_partition_new(geos, h.zones, 2, NULL, &h.partition, NULL), EB_OK);
    ck_assert_int_eq(eb_locator_new(geos, h.partition, NULL, &h.locator, NULL), EB_OK);
    return h;
}

static void halves_clear(halves *h)
{
    eb_locator_free(h->locator);
    eb_partition_free(geos, h->partition);
    for (int i = 0; i < 2; i++) eb_shape_free(geos, h->zones[i]);
}

/* Metres of a line of degrees in each half, which make up all of it. */
static void share(const halves *h, const double *degrees, uint32_t count, double got_m[2])
{
    test_wkb wkb = {0};
    eb_shares shares = {0};
    double lengths_m[8], whole_m = 0, xy[2];
    test_wkb_header(&wkb, 2, count);
    for (uint32_t i = 0; i < count; i++) {
        eb_plane_forward(&plane, degrees[2 * i], degrees[2 * i + 1], &xy[0], &xy[1]);
        test_wkb_put(&wkb, xy, sizeof xy);
        if (i > 0) whole_m += lengths_m[i - 1] = geodesic_m(degrees + 2 * i - 2, degrees + 2 * i);
    }
    eb_shares_begin(&shares);
    ck_assert_int_eq(eb_shares_add_length(h->locator, (eb_wkb){wkb.data, wkb.size}, truth, lengths_m, &shares, NULL), EB_OK);
    eb_shares_end(&shares);
    got_m[0] = got_m[1] = 0;
    for (size_t i = 0; i < shares.count; i++) {
        ck_assert_uint_lt(shares.list[i].cell, 2);
        got_m[shares.list[i].cell] += shares.list[i].size;
    }
    ck_assert_double_eq_tol(shares.whole, whole_m, 1e-12 * whole_m);
    ck_assert_double_eq_tol(got_m[0] + got_m[1], whole_m, 1e-9 * whole_m + 1e-8);
    eb_shares_clear(&shares);
    free(wkb.data);
}

/* > 0: to the left of the border. */
static double side(const halves *h, double x, double y)
{
    return h->way[0] * (y - h->at[1]) - h->way[1] * (x - h->at[0]);
}

/* Metres of the geodesic from p to q until it crosses the border, by halving it. */
static double geodesic_to_border(const halves *h, const double *p, const double *q)
{
    double azimuth, high, low = 0, lat, lon, x, y;
    geod_inverse(&earth, p[1], p[0], q[1], q[0], &high, &azimuth, NULL);
    eb_plane_forward(&plane, p[0], p[1], &x, &y);
    const bool left = side(h, x, y) > 0;
    while (high - low > 1e-6) {
        const double middle = (low + high) / 2;
        geod_direct(&earth, p[1], p[0], azimuth, middle, &lat, &lon, NULL);
        eb_plane_forward(&plane, lon, lat, &x, &y);
        *((side(h, x, y) > 0) == left ? &low : &high) = middle;
    }
    return low;
}

/* Metres from p to where the straight line of the plane crosses the border. */
static double chord_to_border(const halves *h, const double *p, const double *q)
{
    double a[2], b[2], cut[2];
    eb_plane_forward(&plane, p[0], p[1], &a[0], &a[1]);
    eb_plane_forward(&plane, q[0], q[1], &b[0], &b[1]);
    const double sa = side(h, a[0], a[1]), t = sa / (sa - side(h, b[0], b[1]));
    eb_plane_inverse(&plane, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), &cut[0], &cut[1]);
    return geodesic_m(p, cut);
}

/*
 * From places all over China, of a metre to 5,000 km, cut anywhere by borders at 20 to 160 degrees. A short edge is straight in the plane,
 * and its piece is the geodesic to where it is cut; a long one is its geodesic; between them it depends on how far the centre is.
 */
START_TEST(test_pieces)
{
    uint64_t state = 3 + (uint64_t)_i;
    const double length_m = fmin(pow(10, _i / 2.0), 5e6);
    int tried = 0;
    for (int k = 0; k < 30; k++) {
        const double p[2] = {78 + 52 * test_random(&state), 22 + 28 * test_random(&state)};
        const double azimuth = 360 * test_random(&state), part = 0.05 + 0.9 * test_random(&state);
        double q[2], cut[2], at[2], on[2], got_m[2];
        geod_direct(&earth, p[1], p[0], azimuth, length_m, &q[1], &q[0], NULL);
        geod_direct(&earth, p[1], p[0], azimuth, part * length_m, &cut[1], &cut[0], NULL);
        eb_plane_forward(&plane, cut[0], cut[1], &at[0], &at[1]);
        eb_plane_forward(&plane, q[0], q[1], &on[0], &on[1]);
        const double course = atan2(on[1] - at[1], on[0] - at[0]) + (20 + 140 * test_random(&state)) * 0.0174533;
        if (hypot(on[0], on[1]) > 4e6) continue;
        halves h = cut_plane(at, course);
        share(&h, (const double[]){p[0], p[1], q[0], q[1]}, 2, got_m);
        const double chord_m = chord_to_border(&h, p, q), bent_m = geodesic_to_border(&h, p, q);
        const double from_chord = fmin(fabs(got_m[0] - chord_m), fabs(got_m[1] - chord_m)) / chord_m;
        const double from_bent = fmin(fabs(got_m[0] - bent_m), fabs(got_m[1] - bent_m)) / bent_m;
        const double off = length_m < 5e3 ? from_chord : length_m > 5e5 ? from_bent : fmin(from_chord, from_bent);
        ck_assert_msg(
            off <= (length_m < 5e3 ? 1e-9 : 1e-6) + 1e-8 / length_m,
            "%g m from %.3f %.3f to %.3f %.3f: %.9g or %.9g m, off by %.2g where %.9g is straight in the plane, %.2g where %.9g is "
            "the geodesic",
            length_m, p[0], p[1], q[0], q[1], got_m[0], got_m[1], from_chord, chord_m, from_bent, bent_m);
        halves_clear(&h);
        tried++;
    }
    ck_assert_int_gt(tried, 4);
}
END_TEST

/* A border of 3,000 km that a line of three vertices runs along: half of the line belongs to either side. */
START_TEST(test_along)
{
    const double a[2] = {-1.9e6, 4e5}, b[2] = {1.1e6, 9e5};
    halves h = cut_plane(a, atan2(b[1] - a[1], b[0] - a[0]));
    double degrees[6], got_m[2];
    for (int i = 0; i < 3; i++) {
        const double x = a[0] + i * (b[0] - a[0]) / 2, y = a[1] + i * (b[1] - a[1]) / 2;
        eb_plane_inverse(&plane, x, y, &degrees[2 * i], &degrees[2 * i + 1]);
    }
    share(&h, degrees, 3, got_m);
    ck_assert_double_eq_tol(got_m[0] / got_m[1], 1, 1e-9);
    halves_clear(&h);
}
END_TEST

/* What is short beside the Earth is left alone, and what is bent keeps its ends and its length. */
START_TEST(test_bend)
{
    eb_line_edges edges = {0};
    const eb_line_edge near = eb_line_edge_of((const double[2]){1e6, 1e6}, (const double[2]){1.002e6, 1e6}, 0);
    const eb_line_edge far = eb_line_edge_of((const double[2]){-2e6, 1.1e6}, (const double[2]){2e6, 1e6}, 4001234);
    ck_assert(!eb_truth_may_bend(truth, &near));
    ck_assert(eb_truth_may_bend(truth, &far));
    ck_assert(eb_truth_bend(truth, &far, &edges));
    ck_assert_uint_gt(edges.count, 50);
    ck_assert_uint_lt(edges.count, 2000);
    double sum_m = 0;
    for (size_t i = 0; i < edges.count; i++) {
        const eb_line_edge *e = &edges.list[i], *before = i > 0 ? e - 1 : &far;
        ck_assert_double_eq(e->x[0], before->x[i > 0]);
        ck_assert_double_eq(e->y[0], before->y[i > 0]);
        sum_m += e->true_m;
    }
    ck_assert_double_eq(edges.list[edges.count - 1].x[1], far.x[1]);
    ck_assert_double_eq(edges.list[edges.count - 1].y[1], far.y[1]);
    ck_assert_double_eq_tol(sum_m, 4001234, 1e-6);
    free(edges.list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay length");
    TCase *tests = tcase_create("length");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, test_pieces, 0, 15);
    tcase_add_test(tests, test_along);
    tcase_add_test(tests, test_bend);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
