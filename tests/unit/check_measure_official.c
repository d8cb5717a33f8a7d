/* The official area of a ring: published constants against 50-digit arithmetic, and what must not change it. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "measure/official.h"
#include "test_shapes.h"

static eb_wkb_part part_of(const double *xy, size_t count)
{
    return (eb_wkb_part){.kind = EB_SHAPE_POLYGON, .count = count, .dims = 2, .coords = (const uint8_t *)xy};
}

static double area_of(eb_datum datum, const eb_official_frame *frame, const double *xy, size_t count)
{
    eb_official official;
    double area = NAN;
    eb_error err;
    ck_assert(eb_official_init(&official, datum));
    eb_wkb_part part = part_of(xy, count);
    ck_assert_int_eq(eb_official_ring(&official, frame, &part, &area, &err), EB_OK);
    return area;
}

static const eb_official_frame zone39 = {.plane = true, .meridian_deg = 117, .false_easting_m = 39500000};
static const eb_official_frame zone40 = {.plane = true, .meridian_deg = 120, .false_easting_m = 40500000};

/* Expected: 50-digit arithmetic with the printed constants (tests/cases/area/reference.py). */
static const struct {
    const char *label;
    eb_datum datum;
    const eb_official_frame *frame;
    size_t count;
    double xy[12];
    double area_m2, tolerance_m2;
} vectors[] = {
    {"100 m square",
     EB_DATUM_CGCS2000,
     &zone39,
     4,
     {39615000, 3237000, 39615000, 3237100, 39615100, 3237100, 39615100, 3237000},
     9996.737283954399,
     1e-7},
    {"1 km square",
     EB_DATUM_CGCS2000,
     &zone39,
     4,
     {39615000, 3237000, 39615000, 3238000, 39616000, 3238000, 39616000, 3237000},
     999670.9840398016,
     1e-6},
    {"five-gon in zone 40",
     EB_DATUM_CGCS2000,
     &zone40,
     5,
     {40387887.3427, 3204272.2143, 40388120.0052, 3204512.8871, 40388455.7310, 3204388.4500, 40388390.1118, 3204015.0609, 40387960.9001,
      3203940.5555},
     231022.1563511759,
     1e-6},
    {"10 km square",
     EB_DATUM_CGCS2000,
     &zone39,
     4,
     {39610000, 3230000, 39610000, 3240000, 39620000, 3240000, 39620000, 3230000},
     99967362.53971926,
     1e-4},
    {"1 km square, Xi'an 80",
     EB_DATUM_XIAN80,
     &zone39,
     4,
     {39615000, 3237000, 39615000, 3238000, 39616000, 3238000, 39616000, 3237000},
     999670.9896980609,
     1e-6},
    {"WGS84 counts as CGCS2000",
     EB_DATUM_WGS84,
     &zone39,
     4,
     {39615000, 3237000, 39615000, 3237100, 39615100, 3237100, 39615100, 3237000},
     9996.737283954399,
     1e-7},
};

START_TEST(test_vectors)
{
    double area = area_of(vectors[_i].datum, vectors[_i].frame, vectors[_i].xy, vectors[_i].count);
    ck_assert_msg(fabs(area - vectors[_i].area_m2) <= vectors[_i].tolerance_m2, "%s: %.9f, not %.9f", vectors[_i].label, area,
                  vectors[_i].area_m2);
}
END_TEST

START_TEST(test_no_other_datum)
{
    eb_official official;
    ck_assert(!eb_official_init(&official, EB_DATUM_BEIJING54));
    ck_assert(!eb_official_init(&official, EB_DATUM_OTHER));
}
END_TEST

/* Points of EPSG:4528 (zone 40) by PROJ 9.1.1's cs2cs: latitude, longitude, north, east. */
static const struct {
    const char *label;
    double lat, lon, north, east;
} points[] = {
    {"Quzhou", 28.95, 118.85, 3204272.214286187, 40387887.342743486},
    {"Longyou", 29.4, 119.45, 3253730.738080663, 40446615.801102228},
    {"east of the meridian", 28.95, 121.35, 3204478.168760601, 40631612.299140304},
};

START_TEST(test_forward)
{
    eb_gauss gauss;
    double north, east;
    const double lat = points[_i].lat * EB_RADIAN;
    eb_gauss_init(&gauss, 6378137, 1 / 298.257222101);
    eb_gauss_near(&gauss, lat, sin(lat), cos(lat), (points[_i].lon - 120) * EB_RADIAN, &north, &east);
    ck_assert_msg(fabs(north - points[_i].north) < 1e-7 && fabs(east + 40500000 - points[_i].east) < 1e-7, "%s: %.9f %.9f",
                  points[_i].label, north, east);
}
END_TEST

/* The series near the meridian agrees with Krüger's over all of China, and at the poles it does not blow up. */
START_TEST(test_forward_near)
{
    eb_gauss gauss;
    eb_tm tm;
    uint64_t state = 5;
    eb_gauss_init(&gauss, 6378140, 1 / 298.257);
    eb_tm_init(&tm, 6378140, 1 / 298.257, 0, 0, 1, 0, 0);
    for (int i = 0; i < 20000; i++) {
        double north, east;
        const double lat = i < 200 ? i - 100 > 0 ? 90 : -90 : 3 + 51 * test_random(&state), lon = 4 * test_random(&state) - 2;
        double x = lon, y = lat;
        size_t bad;
        ck_assert(eb_tm_forward(&tm, &x, &y, 1, &bad));
        eb_gauss_near(&gauss, lat * EB_RADIAN, sin(lat * EB_RADIAN), cos(lat * EB_RADIAN), lon * EB_RADIAN, &north, &east);
        ck_assert_double_eq_tol(north, y, 1e-7);
        ck_assert_double_eq_tol(east, x, 3e-7);
    }
}
END_TEST

/* The circular's inverse undoes the projection in a 3-degree zone: the printed constants leave up to 5e-6 second (0.15 mm) of latitude. */
START_TEST(test_inverse)
{
    eb_official official;
    uint64_t state = 6;
    ck_assert(eb_official_init(&official, _i ? EB_DATUM_XIAN80 : EB_DATUM_CGCS2000));
    for (int i = 0; i < 20000; i++) {
        double lat, lon;
        const double lat0 = 18 + 36 * test_random(&state), lon0 = 3 * test_random(&state) - 1.5;
        double east = lon0, north = lat0;
        size_t bad;
        ck_assert(eb_tm_forward(&official.wide, &east, &north, 1, &bad));
        eb_official_inverse(&official, north, east, &lat, &lon);
        ck_assert_double_eq_tol(lat * 206264.806247096, lat0 * 3600, 5e-6);
        ck_assert_double_eq_tol(lon * 206264.806247096, lon0 * 3600, 3e-7);
    }
}
END_TEST

/* A wavy ring of @p count points about (x, y). */
static void wavy(double *xy, size_t count, double x, double y, double radius, uint64_t seed)
{
    test_wkb star = test_star((uint32_t)count, radius, x, y, false, seed);
    memcpy(xy, star.data + 13, 2 * count * sizeof *xy);
    free(star.data);
}

enum { MOST = 64 };

static const struct {
    const char *label;
    eb_official_frame frame;
    double x, y, radius;
    size_t count;
} rings[] = {
    {"parcel, plane", {.plane = true, .meridian_deg = 117, .false_easting_m = 39500000}, 39615000, 3237000, 60, 20},
    {"village, plane", {.plane = true, .meridian_deg = 120, .false_easting_m = 500000}, 387000, 3204000, 2000, 64},
    {"county, plane", {.plane = true, .meridian_deg = 117, .false_easting_m = 500000}, 610000, 3230000, 30000, 64},
    {"parcel, degrees", {.meridian_deg = 120}, 118.8, 28.9, 0.0005, 20},
    {"village, degrees", {.meridian_deg = 117}, 118.2, 29.2, 0.02, 64},
    {"county, degrees", {.meridian_deg = 120}, 118.6, 28.9, 0.25, 64},
    {"own zone's edge to the next but one, degrees", {.meridian_deg = 114}, 118.0, 28.9, 0.1, 64},
};
enum { RINGS = sizeof rings / sizeof *rings };

static double ring_area(int i, const double *xy, size_t count)
{
    return area_of(EB_DATUM_CGCS2000, &rings[i].frame, xy, count);
}

static void same_area(const char *label, const char *what, double got, double want)
{
    ck_assert_msg(fabs(got - want) <= 1e-9 * want, "%s, %s: %.9f, not %.9f", label, what, got, want);
}

START_TEST(test_start_and_direction)
{
    double xy[2 * MOST], turned[2 * MOST + 2];
    const size_t n = rings[_i].count;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        wavy(xy, n, rings[_i].x, rings[_i].y, rings[_i].radius, seed);
        const double area = ring_area(_i, xy, n);
        ck_assert_double_gt(area, 0);
        for (size_t k = 1; k < n; k += 5) {
            for (size_t i = 0; i < n; i++) memcpy(turned + 2 * i, xy + 2 * ((i + k) % n), 2 * sizeof *xy);
            same_area(rings[_i].label, "another start", ring_area(_i, turned, n), area);
        }
        for (size_t i = 0; i < n; i++) memcpy(turned + 2 * i, xy + 2 * (n - 1 - i), 2 * sizeof *xy);
        same_area(rings[_i].label, "the other way round", ring_area(_i, turned, n), area);
        memcpy(turned, xy, 2 * n * sizeof *xy);
        memcpy(turned + 2 * n, xy, 2 * sizeof *xy);
        same_area(rings[_i].label, "closed", ring_area(_i, turned, n + 1), area);
    }
}
END_TEST

/* A ring cut along a line from vertex to vertex: the parts share the points on the cut to the last digit, so they add up. */
START_TEST(test_split)
{
    double xy[2 * MOST], half[2 * MOST];
    const size_t n = rings[_i].count;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        wavy(xy, n, rings[_i].x, rings[_i].y, rings[_i].radius, seed);
        const double area = ring_area(_i, xy, n);
        /* Through the middle: the stars are star-shaped about it, so halves of angle do not overlap. */
        const double middle[2] = {rings[_i].x, rings[_i].y};
        double sum = 0;
        const size_t cuts[] = {0, n / 3, 2 * n / 3, n};
        for (int c = 0; c < 3; c++) {
            size_t count = 0;
            memcpy(half + 2 * count++, middle, sizeof middle);
            for (size_t i = cuts[c]; i <= cuts[c + 1]; i++) memcpy(half + 2 * count++, xy + 2 * (i % n), sizeof middle);
            sum += ring_area(_i, half, count);
        }
        same_area(rings[_i].label, "in three pieces", sum, area);
    }
}
END_TEST

/* Walking the whole ring twice encloses it twice: the sum is additive edge by edge and returns to its start. */
START_TEST(test_full_ring)
{
    double xy[2 * MOST], twice[4 * MOST];
    const size_t n = rings[_i].count;
    wavy(xy, n, rings[_i].x, rings[_i].y, rings[_i].radius, 3);
    memcpy(twice, xy, 2 * n * sizeof *xy);
    memcpy(twice + 2 * n, xy, 2 * n * sizeof *xy);
    same_area(rings[_i].label, "twice round", ring_area(_i, twice, 2 * n), 2 * ring_area(_i, xy, n));
}
END_TEST

/* Prefix or none, the plane is the same. */
START_TEST(test_prefix)
{
    static const eb_official_frame bare = {.plane = true, .meridian_deg = 117, .false_easting_m = 500000};
    double xy[2 * MOST], without[2 * MOST];
    wavy(xy, 40, 615000, 3237000, 500, 9);
    for (size_t i = 0; i < 40; i++) { /* to 0.1 mm, as files have them: both eastings then mean the same place */
        xy[2 * i] = rint(xy[2 * i] * 1e4) / 1e4;
        xy[2 * i + 1] = rint(xy[2 * i + 1] * 1e4) / 1e4;
        without[2 * i] = xy[2 * i];
        without[2 * i + 1] = xy[2 * i + 1];
        xy[2 * i] += 39000000;
    }
    ck_assert_double_eq(area_of(EB_DATUM_CGCS2000, &zone39, xy, 40), area_of(EB_DATUM_CGCS2000, &bare, without, 40));
}
END_TEST

static const struct {
    const char *label;
    eb_official_frame frame;
    double xy[6];
} broken[] = {
    {"NaN", {.plane = true, .meridian_deg = 117, .false_easting_m = 500000}, {500000, 3000000, NAN, 3000000, 500100, 3000100}},
    {"infinity", {.meridian_deg = 117}, {117, 28, 117.1, INFINITY, 117.1, 28.1}},
    {"metres in degrees", {.meridian_deg = 117}, {500000, 3000000, 500100, 3000000, 500100, 3000100}},
    {"no prefix where there should be one",
     {.plane = true, .meridian_deg = 117, .false_easting_m = 39500000},
     {5e5, 3e6, 6e5, 3e6, 6e5, 3e6}},
    {"five degrees from the meridian", {.meridian_deg = 117}, {121, 28, 122, 28, 122, 29}},
    {"beyond the pole", {.meridian_deg = 117}, {117, 89, 117, 91, 118, 90}},
    {"huge", {.plane = true, .meridian_deg = 117, .false_easting_m = 500000}, {1e300, -1e300, 5e5, 3e6, 1e308, 0}},
};

START_TEST(test_refused)
{
    eb_official official;
    eb_error err = {.code = EB_OK};
    double area;
    ck_assert(eb_official_init(&official, EB_DATUM_CGCS2000));
    eb_wkb_part part = part_of(broken[_i].xy, 3);
    ck_assert_msg(eb_official_ring(&official, &broken[_i].frame, &part, &area, &err) == EB_REFUSED, "%s", broken[_i].label);
    ck_assert_msg(err.hint[0] != '\0', "%s: what to do next", broken[_i].label);
    ck_assert_msg(!(err.x == broken[_i].xy[0] && err.y == broken[_i].xy[1] && _i < 2), "%s: the place of the bad vertex", broken[_i].label);
}
END_TEST

/* A zigzag across the zone would take for ever to densify: it is refused, soon. */
START_TEST(test_endless)
{
    enum { POINTS = 40000 };
    static double xy[2 * POINTS];
    eb_official official;
    eb_error err;
    double area;
    for (size_t i = 0; i < POINTS; i++) {
        xy[2 * i] = i % 2 ? 0 : 1000000;
        xy[2 * i + 1] = 3000000;
    }
    ck_assert(eb_official_init(&official, EB_DATUM_CGCS2000));
    const eb_official_frame frame = {.plane = true, .meridian_deg = 117, .false_easting_m = 500000};
    eb_wkb_part part = part_of(xy, POINTS);
    ck_assert_int_eq(eb_official_ring(&official, &frame, &part, &area, &err), EB_REFUSED);
}
END_TEST

START_TEST(test_degenerate)
{
    static const double same[] = {39615000, 3237000, 39615000, 3237000, 39615000, 3237000};
    static const double flat[] = {39615000, 3237000, 39615400, 3237300, 39615800, 3237600};
    ck_assert_double_eq(area_of(EB_DATUM_CGCS2000, &zone39, same, 0), 0);
    ck_assert_double_eq(area_of(EB_DATUM_CGCS2000, &zone39, same, 1), 0);
    ck_assert_double_eq(area_of(EB_DATUM_CGCS2000, &zone39, same, 3), 0);
    ck_assert_double_lt(area_of(EB_DATUM_CGCS2000, &zone39, flat, 3), 0.02); /* seconds are rounded to 0.03 mm, on a kilometre */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure_official");
    TCase *cases = tcase_create("official");
    tcase_add_loop_test(cases, test_vectors, 0, sizeof vectors / sizeof *vectors);
    tcase_add_test(cases, test_no_other_datum);
    tcase_add_loop_test(cases, test_forward, 0, sizeof points / sizeof *points);
    tcase_add_test(cases, test_forward_near);
    tcase_add_loop_test(cases, test_inverse, 0, 2);
    tcase_add_loop_test(cases, test_start_and_direction, 0, RINGS);
    tcase_add_loop_test(cases, test_split, 0, RINGS);
    tcase_add_loop_test(cases, test_full_ring, 0, RINGS);
    tcase_add_test(cases, test_prefix);
    tcase_add_loop_test(cases, test_refused, 0, sizeof broken / sizeof *broken);
    tcase_add_test(cases, test_endless);
    tcase_add_test(cases, test_degenerate);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
