/* Geodesic areas and lengths: known figures, the fast way against the exact one, and what must not change them. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <ecobelt/measure.h>

#include "measure/geodesic.h"
#include "measure/small.h"
#include "test_shapes.h"

static const double wgs84_a = 6378137, wgs84_f = 1 / 298.257223563;

static eb_wkb_part part_of(const double *xy, size_t count)
{
    return (eb_wkb_part){.kind = EB_SHAPE_POLYGON, .count = count, .dims = 2, .coords = (const uint8_t *)xy};
}

static double area_of(const eb_geodesic *g, const double *xy, size_t count)
{
    double area = NAN;
    eb_error err;
    eb_wkb_part part = part_of(xy, count);
    ck_assert_int_eq(eb_geodesic_ring(g, &part, &area, &err), EB_OK);
    return area;
}

/* Published by C. Karney with GeographicLib's planimeter and its tests, WGS84; longitude, latitude. */
static const struct {
    const char *label;
    size_t count;
    double xy[8];
    double area_m2, tolerance_m2;
} known[] = {
    {"about the pole", 4, {0, 89, 90, 89, 180, 89, 270, 89}, 24952305677.5, 0.6},
    {"across the equator", 4, {-1, 0, 0, -1, 1, 0, 0, 1}, 24619419146.5, 0.5},
    {"an octant", 3, {0, 90, 0, 0, 90, 0}, 63758202715511.5, 0.5},
    {"small triangle", 3, {1, 2, 2, 1, 3, 3}, 18454562325.45119, 0.001},
    {"flat over the pole", 3, {0, 9, 180, 9, 0, 9}, 0, 0.05},
};

START_TEST(test_known)
{
    eb_geodesic g;
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    double area = area_of(&g, known[_i].xy, known[_i].count);
    ck_assert_msg(fabs(area - known[_i].area_m2) <= known[_i].tolerance_m2, "%s: %.6f, not %.6f", known[_i].label, area, known[_i].area_m2);
}
END_TEST

/* What the exact way itself may be off by on an edge: some rounding of areas down to the equator. */
static const double exact_noise_m2 = 1e-4;

/* Rings of random stars of all sizes from 100 m to 2000 km, all over the globe, of few and of many edges. */
START_TEST(test_fast_against_exact)
{
    eb_geodesic g;
    uint64_t state = 77;
    double xy[2 * 300];
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    for (int k = 0; k < 4000; k++) {
        const double lat = 178 * test_random(&state) - 89, lon = 360 * test_random(&state) - 180;
        const double degrees = pow(10, -3 + 4.3 * test_random(&state));
        const size_t n = 3 + (size_t)(k % 10 ? 20 * test_random(&state) : 280 * test_random(&state));
        for (size_t i = 0; i < n; i++) {
            const double angle = 6.283185307179586 * (double)i / (double)n, r = degrees * (0.3 + 0.7 * test_random(&state));
            xy[2 * i] = lon + r * cos(angle) / cos(lat * EB_RADIAN);
            xy[2 * i + 1] = fmin(fmax(lat + r * sin(angle), -90), 90);
        }
        eb_wkb_part part = part_of(xy, n);
        const double exact = eb_geodesic_ring_exact(&g, &part), fast = area_of(&g, xy, n);
        ck_assert_msg(fabs(fast - exact) <= 1e-9 * exact + exact_noise_m2 * sqrt((double)n),
                      "%zu edges, %g degrees at %g, %g: %.9g, not %.9g (%.3g)", n, degrees, lon, lat, fast, exact, (fast - exact) / exact);
    }
}
END_TEST

/* Rings about a pole that stay far from it: the sum of the edges alone would miss the cap. */
START_TEST(test_about_a_pole)
{
    eb_geodesic g;
    double xy[2 * 40];
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    for (size_t i = 0; i < 40; i++) {
        xy[2 * i] = (_i ? -9.0 : 9.0) * (double)i;
        xy[2 * i + 1] = (_i ? -1 : 1) * (55 + 9 * sin(1.7 * (double)i));
    }
    eb_wkb_part part = part_of(xy, 40);
    const double exact = eb_geodesic_ring_exact(&g, &part);
    ck_assert_double_gt(exact, 3e13);
    ck_assert_double_eq_tol(area_of(&g, xy, 40) / exact, 1, 1e-12);
}
END_TEST

/* The bound on one edge that the fast way goes by: measured on edges of every azimuth, latitude and length where it can be seen. */
START_TEST(test_bound)
{
    eb_geodesic g;
    uint64_t state = 78;
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    for (int k = 0; k < 60000; k++) {
        const double lat = 84 * test_random(&state), angle = 6.283185307179586 * test_random(&state);
        const double metres = 10000 * pow(10, test_random(&state)), degrees = metres / 111000;
        const double lon2 = degrees * cos(angle) / cos(lat * EB_RADIAN), lat2 = lat + degrees * sin(angle);
        if (fabs(lat2) > 85) continue;
        /* Down the meridians and along the equator the exact area of the edge is that of a ring. */
        const double ring[8] = {0, lat, lon2, lat2, lon2, 0, 0, 0};
        eb_wkb_part part = part_of(ring, 4);
        const double exact = eb_geodesic_ring_exact(&g, &part), length = eb_distance_m(wgs84_a, wgs84_f, 0, lat, lon2, lat2);
        const double sine1 = sin(lat * EB_RADIAN), sine2 = sin(lat2 * EB_RADIAN);
        const eb_geodesic_ellipsoid size = {.a = g.a, .e2 = g.e2};
        double length2;
        const double fast = fabs(
            eb_geodesic_under(&size, sine1, eb_geodesic_zone(&g, sine1), sine2, eb_geodesic_zone(&g, sine2), lon2 * EB_RADIAN, &length2));
        ck_assert_double_eq_tol(sqrt(length2) / length, 1, 0.05);
        const double tan_lat = tan(fmax(lat, fabs(lat2)) * EB_RADIAN);
        const double bound = eb_geodesic_fifth(tan_lat) * pow(length, 5) / pow(wgs84_a, 3);
        if (lat < fabs(lat2) && lat2 < 0) continue; /* across the equator the ring crosses itself */
        ck_assert_msg(fabs(fast - exact) <= bound + 10 * exact_noise_m2, "%.0f m at %.2f: off by %g, bound %g", length, lat, fast - exact,
                      bound);
    }
}
END_TEST

/*
 * Small parcels, where the exact way is all rounding: held against a plane. On 10 to 100 m the ellipsoid is a plane with the metre
 * of its two radii of curvature to 1e-9 (the parcel's second-order terms cancel when it is centred on the latitude of the radii).
 */
START_TEST(test_small)
{
    eb_geodesic g;
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    const double e2 = wgs84_f * (2 - wgs84_f);
    for (int k = 0; k < 90; k++) {
        const double lat = k - 45, s = sin(lat * EB_RADIAN), w = 1 - e2 * s * s;
        const double n = wgs84_a / sqrt(w), m = wgs84_a * (1 - e2) / (w * sqrt(w));
        const double d = 1.0 / 4096 * (1 + k % 3) / 4; /* degrees, exact in a double: 7 to 20 m */
        const double xy[8] = {118.5 - d, lat - d, 118.5 + d, lat - d, 118.5 + d, lat + d, 118.5 - d, lat + d};
        const double plane = 4 * d * d * EB_RADIAN * EB_RADIAN * m * n * cos(lat * EB_RADIAN);
        ck_assert_double_eq_tol(area_of(&g, xy, 4) / plane, 1, 1e-9);
    }
}
END_TEST

enum { MOST = 200 };

static const struct {
    const char *label;
    double lon, lat, radius;
    size_t count;
} rings[] = {
    {"parcel", 118.8, 28.9, 0.0005, 20},         {"village", 118.2, 29.2, 0.02, 64}, {"county", 118.6, 28.9, 0.25, 200},
    {"across the date line", 180, -17, 0.5, 64}, {"far north", 20, 78, 1.5, 90},     {"about a pole", 0, 89.9, 5, 40},
};
enum { RINGS = sizeof rings / sizeof *rings };

static void wavy(double *xy, int row, uint64_t seed)
{
    test_wkb star = test_star((uint32_t)rings[row].count, rings[row].radius, rings[row].lon, rings[row].lat, false, seed);
    memcpy(xy, star.data + 13, 2 * rings[row].count * sizeof *xy);
    free(star.data);
    for (size_t i = 0; i < rings[row].count && rings[row].lat > 89; i++) { /* round the pole instead of over it */
        xy[2 * i] = 360.0 * (double)i / (double)rings[row].count;
        xy[2 * i + 1] = 85 + 4 * fabs(sin((double)(i * seed)));
    }
}

static void same_area(int row, const char *what, double got, double want)
{
    ck_assert_msg(fabs(got - want) <= 1e-9 * want, "%s, %s: %.9f, not %.9f", rings[row].label, what, got, want);
}

START_TEST(test_invariants)
{
    double xy[2 * MOST], turned[4 * MOST];
    eb_geodesic g;
    eb_geodesic_init(&g, 6378137, 1 / 298.257222101);
    const size_t n = rings[_i].count;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        wavy(xy, _i, seed);
        const double area = area_of(&g, xy, n);
        ck_assert_double_gt(area, 0);
        for (size_t k = 1; k < n; k += 7) {
            for (size_t i = 0; i < n; i++) memcpy(turned + 2 * i, xy + 2 * ((i + k) % n), 2 * sizeof *xy);
            same_area(_i, "another start", area_of(&g, turned, n), area);
        }
        for (size_t i = 0; i < n; i++) memcpy(turned + 2 * i, xy + 2 * (n - 1 - i), 2 * sizeof *xy);
        same_area(_i, "the other way round", area_of(&g, turned, n), area);
        memcpy(turned, xy, 2 * n * sizeof *xy);
        memcpy(turned + 2 * n, xy, 2 * sizeof *xy);
        same_area(_i, "closed", area_of(&g, turned, n + 1), area);
        for (size_t i = 0; i < n; i++) {
            turned[2 * i] = xy[2 * i] - 360;
            turned[2 * i + 1] = xy[2 * i + 1];
        }
        same_area(_i, "a full circle of longitude away", area_of(&g, turned, n), area);
        if (rings[_i].lat > 89) continue;
        memcpy(turned, xy, 2 * n * sizeof *xy);
        memcpy(turned + 2 * n, xy, 2 * n * sizeof *xy);
        same_area(_i, "twice round", area_of(&g, turned, 2 * n), 2 * area);
    }
}
END_TEST

START_TEST(test_split)
{
    double xy[2 * MOST], piece[2 * MOST];
    eb_geodesic g;
    eb_geodesic_init(&g, 6378137, 1 / 298.257222101);
    if (rings[_i].lat > 89) return;
    const size_t n = rings[_i].count;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        wavy(xy, _i, seed);
        const double middle[2] = {rings[_i].lon, rings[_i].lat};
        const size_t cuts[] = {0, n / 3, 2 * n / 3, n};
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            size_t count = 0;
            memcpy(piece + 2 * count++, middle, sizeof middle);
            for (size_t i = cuts[c]; i <= cuts[c + 1]; i++) memcpy(piece + 2 * count++, xy + 2 * (i % n), sizeof middle);
            sum += area_of(&g, piece, count);
        }
        same_area(_i, "in three pieces", sum, area_of(&g, xy, n));
    }
}
END_TEST

START_TEST(test_refused)
{
    static const double broken[][6] = {
        {0, 0, NAN, 0, 1, 1}, {0, 0, 1, 90.0001, 1, 1}, {INFINITY, 0, 1, 0, 1, 1}, {500000, 3237000, 5e5, 0, 0, 0}};
    eb_geodesic g;
    eb_error err;
    double area, length;
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    eb_wkb_part part = part_of(broken[_i], 3);
    ck_assert_int_eq(eb_geodesic_ring(&g, &part, &area, &err), EB_REFUSED);
    ck_assert(err.hint[0] != '\0');
    ck_assert_int_eq(eb_geodesic_line(&g, &part, false, &length, &err), EB_REFUSED);
}
END_TEST

/* Lengths against the exact geodesic, edge by edge, and as a line. */
START_TEST(test_lengths)
{
    eb_geodesic g;
    uint64_t state = 79;
    eb_error err;
    eb_geodesic_init(&g, wgs84_a, wgs84_f);
    double xy[2 * 100], sum = 0, length, closed;
    for (size_t i = 0; i < 100; i++) {
        const double step = pow(10, -5 + 4 * test_random(&state)), angle = 6.3 * test_random(&state);
        xy[2 * i] = i ? xy[2 * i - 2] + step * cos(angle) : 118.8 + 5 * _i;
        xy[2 * i + 1] = fmin(i ? xy[2 * i - 1] + step * sin(angle) : 28.9 + 7 * _i - 70, 90);
        if (i == 0) continue;
        eb_wkb_part edge = part_of(xy + 2 * (i - 1), 2);
        const double exact = eb_distance_m(wgs84_a, wgs84_f, xy[2 * i - 2], xy[2 * i - 1], xy[2 * i], xy[2 * i + 1]);
        ck_assert_int_eq(eb_geodesic_line(&g, &edge, false, &length, &err), EB_OK);
        ck_assert_msg(fabs(length - exact) <= 1e-10 * exact + 5e-9, "latitude %g, %g m: off by %g", xy[2 * i + 1], exact, length - exact);
        sum += exact;
    }
    eb_wkb_part line = part_of(xy, 100);
    ck_assert_int_eq(eb_geodesic_line(&g, &line, false, &length, &err), EB_OK);
    ck_assert_double_eq_tol(length, sum, 1e-10 * sum);
    ck_assert_int_eq(eb_geodesic_line(&g, &line, true, &closed, &err), EB_OK);
    ck_assert_double_eq_tol(closed - length, eb_distance_m(wgs84_a, wgs84_f, xy[198], xy[199], xy[0], xy[1]), 1e-6);
}
END_TEST

/* A quarter of a meridian (NIMA TR 8350.2 and any table of WGS84) and of the equator. */
static const struct {
    double lat1, lat2, lon, length_m;
} distances[] = {
    {0, 90, 0, 10001965.7293},
    {-90, 90, 45, 20003931.4586},
    {0, 0, 90, 10018754.1714},
};

START_TEST(test_distances)
{
    const double got = eb_distance_m(wgs84_a, wgs84_f, 0, distances[_i].lat1, distances[_i].lon, distances[_i].lat2);
    ck_assert_double_eq_tol(got, distances[_i].length_m, 1e-4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure_geodesic");
    TCase *cases = tcase_create("geodesic");
    tcase_add_loop_test(cases, test_known, 0, sizeof known / sizeof *known);
    tcase_add_test(cases, test_fast_against_exact);
    tcase_add_loop_test(cases, test_about_a_pole, 0, 2);
    tcase_add_test(cases, test_bound);
    tcase_add_test(cases, test_small);
    tcase_add_loop_test(cases, test_invariants, 0, RINGS);
    tcase_add_loop_test(cases, test_split, 0, RINGS);
    tcase_add_loop_test(cases, test_refused, 0, 4);
    tcase_add_loop_test(cases, test_lengths, 0, 18);
    tcase_add_loop_test(cases, test_distances, 0, sizeof distances / sizeof *distances);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
