/* Measuring shapes of a CRS: every way in gives the same place, zones, methods, and whole counties. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <ecobelt/layer.h>
#include <ecobelt/measure.h>

#include "test_shapes.h"

static eb_measure *measure_in(const char *definition, int zone)
{
    eb_crs *crs = NULL;
    eb_measure *measure = NULL;
    eb_error err = {.message = ""};
    ck_assert_msg(eb_crs_new(definition, &crs, &err) == EB_OK, "%s: %s", definition, err.message);
    ck_assert_msg(eb_measure_new(crs, zone, &measure, &err) == EB_OK, "%s: %s", definition, err.message);
    eb_crs_free(crs);
    return measure;
}

static eb_size size_of(eb_measure *measure, eb_wkb shape, unsigned want)
{
    eb_size size;
    eb_error err = {.message = ""};
    ck_assert_msg(eb_measure_area(measure, shape, want, &size, &err) == EB_OK, "%s", err.message);
    return size;
}

/* The same village drawn in degrees and brought to other CRSs: its areas must not care. */
static const struct {
    const char *crs;
    double official_relative; /* a Gauss-Krüger plane other than the village's zone moves the official edges a little */
} ways[] = {
    {"EPSG:4527", 5e-8}, {"EPSG:4548", 5e-8},  {"EPSG:4528", 5e-8}, {"EPSG:4549", 5e-8},
    {"EPSG:4498", 5e-8}, {"EPSG:32650", 5e-8}, {"EPSG:3857", 5e-8}, {"EPSG:4326", 5e-8},
};
enum { WAYS = sizeof ways / sizeof *ways };

START_TEST(test_ways)
{
    eb_crs *degrees = NULL, *crs = NULL;
    eb_transform *transform = NULL;
    eb_error err = {.message = ""};
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &degrees, &err), EB_OK);
    ck_assert_int_eq(eb_crs_new(ways[_i].crs, &crs, &err), EB_OK);
    ck_assert_msg(eb_transform_new(degrees, crs, NULL, NULL, &transform, &err) == EB_OK, "%s", err.message);
    eb_measure *here = measure_in("EPSG:4490", 0), *there = measure_in(ways[_i].crs, 0);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        test_wkb star = test_star(60, 0.02, 118.2 + 0.07 * (double)seed, 28.3 + 0.1 * (double)seed, seed % 2, seed);
        const eb_wkb shape = {.data = star.data, .size = star.size};
        const eb_size want = size_of(here, shape, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
        double length, length_there;
        ck_assert_int_eq(eb_measure_length(here, shape, &length, &err), EB_OK);
        ck_assert_int_eq(eb_transform_wkb(transform, star.data, star.size, &err), EB_OK);
        const eb_size got = size_of(there, shape, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
        ck_assert_msg(fabs(got.geodesic_m2 / want.geodesic_m2 - 1) < 1e-9, "%s: geodesic %.6f, not %.6f", ways[_i].crs, got.geodesic_m2,
                      want.geodesic_m2);
        ck_assert_msg(fabs(got.official_unrounded_m2 / want.official_unrounded_m2 - 1) < ways[_i].official_relative,
                      "%s: official %.6f, not %.6f", ways[_i].crs, got.official_unrounded_m2, want.official_unrounded_m2);
        ck_assert_int_eq(eb_measure_length(there, shape, &length_there, &err), EB_OK);
        ck_assert_double_eq_tol(length_there / length, 1, 1e-9);
        free(star.data);
    }
    eb_measure_free(here);
    eb_measure_free(there);
    eb_transform_free(transform);
    eb_crs_free(crs);
    eb_crs_free(degrees);
}
END_TEST

/* The fast way out of a Gauss-Krüger plane holds as far as it is used: a county 1.8 degrees off its meridian, and beyond. */
START_TEST(test_far_from_meridian)
{
    static const double offsets[] = {0, 0.9, 1.7, 1.95, 2.5, 3.5};
    eb_crs *degrees = NULL, *crs = NULL;
    eb_transform *transform = NULL;
    eb_error err = {.message = ""};
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &degrees, &err), EB_OK);
    ck_assert_int_eq(eb_crs_new("EPSG:4549", &crs, &err), EB_OK);
    ck_assert_int_eq(eb_transform_new(degrees, crs, NULL, NULL, &transform, &err), EB_OK);
    eb_measure *here = measure_in("EPSG:4490", 40), *there = measure_in("EPSG:4549", 0);
    for (int side = -1; side <= 1; side += 2) {
        for (int lat = 4; lat <= 53; lat += 7) {
            test_wkb star = test_star(200, 0.15, 120 + side * offsets[_i], lat, false, (uint64_t)lat);
            const eb_wkb shape = {.data = star.data, .size = star.size};
            const eb_size want = size_of(here, shape, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
            ck_assert_int_eq(eb_transform_wkb(transform, star.data, star.size, &err), EB_OK);
            const eb_size got = size_of(there, shape, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
            ck_assert_msg(fabs(got.geodesic_m2 / want.geodesic_m2 - 1) < 1e-9, "%g degrees off at %d: %.3g", offsets[_i], lat,
                          got.geodesic_m2 / want.geodesic_m2 - 1);
            ck_assert_msg(fabs(got.official_m2 / want.official_m2 - 1) < 1e-9, "%g degrees off at %d, official: %.3g", offsets[_i], lat,
                          got.official_m2 / want.official_m2 - 1);
            free(star.data);
        }
    }
    eb_measure_free(here);
    eb_measure_free(there);
    eb_transform_free(transform);
    eb_crs_free(crs);
    eb_crs_free(degrees);
}
END_TEST

/* Planar areas: exact in the plane, off the ellipsoid by what the reference tables of the zone say. */
static const struct {
    const char *crs;
    double x, y, off, tolerance; /* planar / geodesic - 1 of a village there */
} planes[] = {
    {"EPSG:4528", 40387887, 3204272, 3.1e-4, 2e-5}, /* 118.85 E in zone 40 */
    {"EPSG:4527", 39615000, 3237000, 3.3e-4, 2e-5}, /* 118.18 E in zone 39 */
    {"EPSG:3857", 13230000, 3370000, 0.31, 0.01},   /* Web Mercator at Quzhou */
    {"EPSG:32650", 680000, 3200000, -1.2e-4, 3e-4},
};

START_TEST(test_planar)
{
    eb_measure *measure = measure_in(planes[_i].crs, 0);
    test_wkb star = test_star(50, 800, planes[_i].x, planes[_i].y, true, 4);
    const eb_size size = size_of(measure, (eb_wkb){.data = star.data, .size = star.size}, EB_WANT_PLANAR | EB_WANT_GEODESIC);
    ck_assert_double_eq_tol(size.planar_m2 / size.geodesic_m2 - 1, planes[_i].off, planes[_i].tolerance);
    ck_assert(isnan(size.official_m2));
    free(star.data);
    eb_measure_free(measure);
}
END_TEST

START_TEST(test_wanted_only)
{
    eb_measure *measure = measure_in("EPSG:4490", 0);
    test_wkb star = test_star(12, 0.001, 118.8, 28.9, false, 1);
    const eb_wkb shape = {.data = star.data, .size = star.size};
    eb_size size = size_of(measure, shape, EB_WANT_PLANAR);
    ck_assert(isnan(size.planar_m2) && isnan(size.official_m2) && isnan(size.geodesic_m2) && size.zone == 0);
    size = size_of(measure, shape, EB_WANT_OFFICIAL);
    ck_assert(isnan(size.geodesic_m2) && size.zone == 40);
    ck_assert_double_eq_tol(size.official_m2, size.official_unrounded_m2, 0.005000001);
    ck_assert_double_eq_tol(size.official_m2 * 100, rint(size.official_m2 * 100), 1e-6);
    free(star.data);
    eb_measure_free(measure);
}
END_TEST

/* Longitudes count round the globe: a full circle away the place is the same. */
START_TEST(test_full_circle)
{
    eb_measure *measure = measure_in("EPSG:4490", 0);
    test_wkb here = test_star(40, 0.01, 118.8, 28.9, true, 3);
    const eb_size want = size_of(measure, (eb_wkb){.data = here.data, .size = here.size}, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
    for (int turns = -1; turns <= 1; turns += 2) {
        test_wkb away = test_star(40, 0.01, 118.8 + 360 * turns, 28.9, true, 3);
        const eb_size got = size_of(measure, (eb_wkb){.data = away.data, .size = away.size}, EB_WANT_OFFICIAL | EB_WANT_GEODESIC);
        ck_assert_int_eq(got.zone, want.zone);
        ck_assert_double_eq_tol(got.geodesic_m2 / want.geodesic_m2, 1, 1e-9);
        ck_assert_double_eq_tol(got.official_m2, want.official_m2, 0.05); /* 0.1 mm of a coordinate may round the other way */
        free(away.data);
    }
    free(here.data);
    eb_measure_free(measure);
}
END_TEST

START_TEST(test_zones_and_method)
{
    eb_measure *measure = measure_in("EPSG:4490", 0), *other = measure_in("EPSG:4490", 0);
    char text[640];
    for (int i = 0; i < 3; i++) {
        test_wkb star = test_star(12, 0.001, i ? 118.2 : 118.8, 28.9, false, 1);
        size_of(i < 2 ? measure : other, (eb_wkb){.data = star.data, .size = star.size}, EB_WANT_OFFICIAL);
        free(star.data);
    }
    eb_measure_merge(measure, other);
    eb_measure_method(measure, EB_AREA_OFFICIAL, text, sizeof text);
    static const char *const parts[] = {"2008",       "32",         "CGCS2000", "6378137",  "298.257222101",
                                        "zone 39: 2", "zone 40: 1", "70 m",     "0.0001 m", "0.01 m2"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) ck_assert_msg(strstr(text, parts[i]) != NULL, "%s: %s", parts[i], text);
    eb_measure_method(measure, EB_AREA_GEODESIC, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "Karney"));
    eb_measure_free(other);
    eb_measure_free(measure);
    measure = measure_in("EPSG:2363", 0);
    eb_measure_method(measure, EB_AREA_OFFICIAL, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "Xi'an 80"));
    ck_assert_ptr_nonnull(strstr(text, "zone 39"));
    eb_measure_method(measure, EB_AREA_PLANAR, text, 20);
    ck_assert_uint_lt(strlen(text), 20);
    eb_measure_free(measure);
    measure = measure_in("EPSG:4490", 39);
    eb_measure_method(measure, EB_AREA_OFFICIAL, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "zone 39 (central meridian 117), as asked"));
    eb_measure_free(measure);
}
END_TEST

static const struct {
    const char *crs;
    eb_area_method asked;
    bool box;
    double west;
    eb_area_method want;
} resolved[] = {
    {"EPSG:4490", EB_AREA_AUTO, false, 0, EB_AREA_OFFICIAL},     {"EPSG:4527", EB_AREA_AUTO, false, 0, EB_AREA_OFFICIAL},
    {"EPSG:2363", EB_AREA_AUTO, false, 0, EB_AREA_OFFICIAL},     {"EPSG:4326", EB_AREA_AUTO, true, 118, EB_AREA_OFFICIAL},
    {"EPSG:4326", EB_AREA_AUTO, true, 2, EB_AREA_GEODESIC},      {"EPSG:4326", EB_AREA_AUTO, false, 0, EB_AREA_GEODESIC},
    {"EPSG:4214", EB_AREA_AUTO, true, 118, EB_AREA_GEODESIC},    {"EPSG:4326", EB_AREA_OFFICIAL, true, 2, EB_AREA_OFFICIAL},
    {"EPSG:4490", EB_AREA_GEODESIC, false, 0, EB_AREA_GEODESIC}, {"EPSG:4527", EB_AREA_PLANAR, false, 0, EB_AREA_PLANAR},
};

START_TEST(test_resolve)
{
    eb_measure *measure = measure_in(resolved[_i].crs, 0);
    const double box[4] = {resolved[_i].west, 28, resolved[_i].west + 1, 29};
    ck_assert_int_eq(eb_measure_resolve(measure, resolved[_i].asked, resolved[_i].box ? box : NULL), resolved[_i].want);
    eb_measure_free(measure);
}
END_TEST

START_TEST(test_bad_requests)
{
    eb_crs *crs = NULL;
    eb_measure *measure = NULL;
    eb_error err = {.message = ""};
    eb_size size;
    double length;
    eb_area_method method;
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, &err), EB_OK);
    ck_assert_int_eq(eb_measure_new(crs, 121, &measure, &err), EB_USAGE);
    ck_assert_int_eq(eb_measure_new(crs, -1, &measure, &err), EB_USAGE);
    ck_assert_ptr_null(measure);
    eb_crs_free(crs);
    eb_measure_free(NULL);
    measure = measure_in("EPSG:4490", 0);
    static const uint8_t bytes[] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 255, 0, 0, 0, 1, 2, 3};
    const eb_wkb broken = {.data = bytes, .size = sizeof bytes}, none = {.data = NULL, .size = 0};
    ck_assert_int_eq(eb_measure_area(measure, broken, EB_WANT_GEODESIC, &size, &err), EB_INPUT);
    ck_assert_int_eq(eb_measure_area(measure, broken, EB_WANT_OFFICIAL, &size, &err), EB_INPUT);
    ck_assert_int_eq(eb_measure_length(measure, broken, &length, &err), EB_INPUT);
    ck_assert_int_eq(eb_measure_area(measure, none, EB_WANT_GEODESIC | EB_WANT_OFFICIAL, &size, &err), EB_OK);
    ck_assert_double_eq(size.geodesic_m2, 0);
    ck_assert_double_eq(size.official_m2, 0);
    eb_measure_free(measure);
    ck_assert_int_eq(eb_area_method_parse("official", &method, &err), EB_OK);
    ck_assert_str_eq(eb_area_method_name(method), "official");
    ck_assert_int_eq(eb_area_method_parse("ellipsoidal", &method, &err), EB_USAGE);
}
END_TEST

/* Whole counties in zone 39, in zone 40 and geodesic: the zone moves less than 3 m2 of two thousand square kilometres. */
START_TEST(test_counties)
{
    const eb_read_options options = {0};
    eb_source *source = NULL;
    eb_error err = {.message = ""};
    ck_assert_msg(eb_source_open(TEST_SOURCE_DIR "/layers/counties.geojson", &options, &source, &err) == EB_OK, "%s", err.message);
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    eb_measure *west = measure_in("EPSG:4490", 39), *east = measure_in("EPSG:4490", 40), *own = measure_in("EPSG:4490", 0);
    double total39 = 0, total40 = 0, geodesic = 0;
    int counties = 0;
    for (;;) {
        ck_assert_int_eq(eb_source_next(source, batch, &err), EB_OK);
        if (batch->count == 0) break;
        for (size_t i = 0; i < batch->count; i++, counties++) {
            const eb_wkb shape = eb_batch_shape_at(batch, i);
            const eb_size a = size_of(west, shape, EB_WANT_OFFICIAL | EB_WANT_GEODESIC), b = size_of(east, shape, EB_WANT_OFFICIAL);
            const eb_size c = size_of(own, shape, EB_WANT_OFFICIAL);
            ck_assert_msg(fabs(a.official_m2 - b.official_m2) < 3, "county %d: %.2f in zone 39, %.2f in zone 40", counties, a.official_m2,
                          b.official_m2);
            ck_assert(c.official_m2 == (c.zone == 39 ? a : b).official_m2);
            ck_assert_double_eq_tol(a.official_m2, a.geodesic_m2, 5);
            total39 += a.official_m2;
            total40 += b.official_m2;
            geodesic += a.geodesic_m2;
        }
    }
    ck_assert_int_eq(counties, 6);
    ck_assert_double_gt(fabs(total39 - total40), 0); /* they do differ: the test looks at two planes */
    ck_assert_double_lt(fabs(total39 - total40), 3 * 6);
    ck_assert_double_eq_tol(geodesic / 8844.79e6, 1, 0.002); /* the published area */
    eb_measure_free(west);
    eb_measure_free(east);
    eb_measure_free(own);
    eb_batch_free(batch);
    eb_source_free(source);
}
END_TEST

/* A piece in the next zone is measured in the zone of its whole, as if that had been named, and counts in no zone. */
START_TEST(test_piece)
{
    eb_error err = {.message = ""};
    eb_measure *own = measure_in("EPSG:4490", 0), *named = measure_in("EPSG:4490", 39), *old = measure_in("EPSG:4214", 0);
    test_wkb star = test_star(40, 0.05, 118.6, 28.9, true, 7);
    const eb_wkb piece = {.data = star.data, .size = star.size};
    const eb_size alone = size_of(own, piece, EB_WANT_OFFICIAL), beside = size_of(named, piece, EB_WANT_OFFICIAL);
    double m2 = 0;
    char text[640];
    ck_assert_int_eq(alone.zone, 40);
    ck_assert_int_eq(eb_measure_piece(own, piece, 39, &m2, &err), EB_OK);
    ck_assert_double_eq(m2, beside.official_unrounded_m2);
    ck_assert_double_ne(m2, alone.official_unrounded_m2);
    eb_measure_method(own, EB_AREA_OFFICIAL, text, sizeof text);
    ck_assert_ptr_null(strstr(text, "zone 39"));
    ck_assert_int_eq(eb_measure_piece(old, piece, 39, &m2, &err), EB_OK);
    ck_assert(isnan(m2));
    free(star.data);
    eb_measure_free(own);
    eb_measure_free(named);
    eb_measure_free(old);
}
END_TEST

/* Beside another area the official one is left out where its formula does not reach; asked for, that is an error. */
START_TEST(test_official_too)
{
    eb_error err = {.message = ""};
    eb_measure *far = measure_in("EPSG:4490", 25);
    test_wkb star = test_star(12, 0.01, 118.8, 28.9, false, 3);
    const eb_wkb shape = {.data = star.data, .size = star.size};
    eb_size size;
    ck_assert_int_eq(eb_measure_area(far, shape, EB_WANT_GEODESIC | EB_WANT_OFFICIAL, &size, &err), EB_REFUSED);
    size = size_of(far, shape, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO);
    ck_assert(isnan(size.official_m2) && size.geodesic_m2 > 0);
    free(star.data);
    eb_measure_free(far);
}
END_TEST

/* The line of a table: what is in it, and what it says where there is no official area or only part was checked. */
START_TEST(test_account)
{
    eb_measure *measure = measure_in("EPSG:4490", 0), *old = measure_in("EPSG:4214", 0);
    eb_plane plane;
    char text[1600];
    eb_plane_init(&plane, 6378137, 1 / 298.257222101, 118.5, 29);
    eb_area_account account = {.method = EB_AREA_OFFICIAL,
                               .plane = &plane,
                               .plane_columns = "area_m2",
                               .official_m2 = 1000.25,
                               .geodesic_m2 = 1000,
                               .checked = 5,
                               .shapes = 80};
    eb_measure_account(measure, &account, text, sizeof text);
    static const char *const parts[] = {"area_m2: ",
                                        "equal-area plane",
                                        "118.5000 E 29.0000 N",
                                        "official_m2: Official ellipsoid area",
                                        "70 m",
                                        "Check: official minus geodesic +0.25 m2 (+2.5e-04 of the total), of 5 of the 80 shapes."};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) ck_assert_msg(strstr(text, parts[i]) != NULL, "%s: %s", parts[i], text);
    account = (eb_area_account){.method = EB_AREA_GEODESIC, .official_m2 = NAN, .geodesic_m2 = 1000};
    eb_measure_account(old, &account, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "Karney"));
    ck_assert_ptr_nonnull(strstr(text, "No official area: the circular knows CGCS2000 and Xi'an 80, the data are in "));
    account = (eb_area_account){.method = EB_AREA_PLANAR, .chosen_m2 = 1001, .official_m2 = 999, .geodesic_m2 = 1000};
    eb_measure_account(measure, &account, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "planar minus geodesic +1.00 m2"));
    ck_assert_ptr_nonnull(strstr(text, "official minus geodesic -1.00 m2"));
    eb_measure_free(measure);
    eb_measure_free(old);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure");
    TCase *cases = tcase_create("measure");
    tcase_add_loop_test(cases, test_ways, 0, WAYS);
    tcase_add_loop_test(cases, test_far_from_meridian, 0, 6);
    tcase_add_loop_test(cases, test_planar, 0, sizeof planes / sizeof *planes);
    tcase_add_test(cases, test_wanted_only);
    tcase_add_test(cases, test_full_circle);
    tcase_add_test(cases, test_zones_and_method);
    tcase_add_loop_test(cases, test_resolve, 0, sizeof resolved / sizeof *resolved);
    tcase_add_test(cases, test_bad_requests);
    tcase_add_test(cases, test_counties);
    tcase_add_test(cases, test_piece);
    tcase_add_test(cases, test_official_too);
    tcase_add_test(cases, test_account);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
