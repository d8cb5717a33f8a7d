/* GCJ-02 and BD-09: published vectors, the way back, the border of China. */
#include "crs_test.h"

/* Known places; the last digits of each as published for its semi-major axis. */
static const struct {
    const char *label;
    eb_frame from, to;
    double lon, lat, want_lon, want_lat, limit_deg;
} known[] = {
    {"Quzhou", EB_FRAME_WGS84, EB_FRAME_GCJ02, 118.87, 28.94, 118.87477665, 28.93687579, 6e-9},
    {"Quzhou on Baidu's map", EB_FRAME_WGS84, EB_FRAME_BD09, 118.87, 28.94, 118.88135377, 28.94262435, 6e-9},
    {"Quzhou from Amap to Baidu", EB_FRAME_GCJ02, EB_FRAME_BD09, 118.87477665, 28.93687579, 118.88135377, 28.94262435, 1.2e-8},
    /* These use an axis of 6378137 m: a centimetre apart. */
    {"Shanghai", EB_FRAME_WGS84, EB_FRAME_GCJ02, 121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 2e-7},
    {"Shenzhen", EB_FRAME_WGS84, EB_FRAME_GCJ02, 113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 2e-7},
    {"Beijing", EB_FRAME_WGS84, EB_FRAME_GCJ02, 116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 2e-7},
    /* A pair of another program that goes back in one step: some metres apart. */
    {"Jinhua back from Baidu", EB_FRAME_BD09, EB_FRAME_WGS84, 120.019809, 29.199786, 120.00877901149691, 29.196131605295484, 9e-5},
    {"Tokyo stays", EB_FRAME_WGS84, EB_FRAME_GCJ02, 139.7, 35.7, 139.7, 35.7, 0},
    {"Tokyo stays on the way back", EB_FRAME_BD09, EB_FRAME_WGS84, 139.7, 35.7, 139.7, 35.7, 0},
    {"Paris stays", EB_FRAME_GCJ02, EB_FRAME_BD09, 2.35, 48.86, 2.35, 48.86, 0},
    {"the south stays", EB_FRAME_WGS84, EB_FRAME_BD09, 118, 0.8, 118, 0.8, 0},
    {"one frame", EB_FRAME_GCJ02, EB_FRAME_GCJ02, 118.87, 28.94, 118.87, 28.94, 0},
};

START_TEST(known_places)
{
    double lon, lat;
    eb_frame_convert(known[_i].from, known[_i].to, known[_i].lon, known[_i].lat, &lon, &lat);
    EB_ASSERT_NEAR(known[_i].label, lon, known[_i].want_lon, known[_i].limit_deg);
    EB_ASSERT_NEAR(known[_i].label, lat, known[_i].want_lat, known[_i].limit_deg);
}
END_TEST

START_TEST(round_trip)
{
    /* All over China, both ways, between any two frames: a millimetre is asked for, a hundred nanometres is less than what is kept. */
    static const eb_frame frames[3] = {EB_FRAME_WGS84, EB_FRAME_GCJ02, EB_FRAME_BD09};
    uint64_t seed = 77;
    double worst = 0, least = 1e9, most = 0;
    for (int i = 0; i < 20000; i++) {
        const double lon = 73 + 62 * test_random(&seed), lat = 18 + 35 * test_random(&seed);
        const eb_frame from = frames[i % 3], to = frames[(i + 1 + i / 3 % 2) % 3];
        double there_lon, there_lat, back_lon, back_lat;
        eb_frame_convert(from, to, lon, lat, &there_lon, &there_lat);
        eb_frame_convert(to, from, there_lon, there_lat, &back_lon, &back_lat);
        worst = fmax(worst, test_metres(back_lon - lon, back_lat - lat, lat));
        least = fmin(least, test_metres(there_lon - lon, there_lat - lat, lat));
        most = fmax(most, test_metres(there_lon - lon, there_lat - lat, lat));
    }
    ck_assert_msg(worst < 2e-8, "%g m", worst);
    ck_assert_msg(least > 5 && most < 3000, "shifts from %g to %g m", least, most);
}
END_TEST

START_TEST(shift_in_quzhou)
{
    for (double lon = 118; lon <= 119.4; lon += 0.05)
        for (double lat = 28.2; lat <= 29.5; lat += 0.05) {
            double x, y;
            eb_frame_convert(EB_FRAME_WGS84, EB_FRAME_GCJ02, lon, lat, &x, &y);
            const double gcj_m = test_metres(x - lon, y - lat, lat);
            eb_frame_convert(EB_FRAME_WGS84, EB_FRAME_BD09, lon, lat, &x, &y);
            const double bd_m = test_metres(x - lon, y - lat, lat);
            ck_assert_msg(gcj_m > 540 && gcj_m < 635, "GCJ-02 shift %g m at %g %g", gcj_m, lon, lat);
            ck_assert_msg(bd_m > 1120 && bd_m < 1225, "BD-09 shift %g m at %g %g", bd_m, lon, lat);
        }
}
END_TEST

START_TEST(border)
{
    /* Along the edge of the box nothing may hang, jump by more than a shift, or become no number. */
    for (double t = -0.02; t <= 0.02; t += 0.0005) {
        const double places[4][2] = {{72.004 + t, 40}, {137.8347 + t, 45}, {110, 0.8293 + t}, {120, 55.8271 + t}};
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 9; k++) {
                double x, y;
                eb_frame_convert((eb_frame)(k / 3), (eb_frame)(k % 3), places[i][0], places[i][1], &x, &y);
                ck_assert(isfinite(x) && isfinite(y));
                ck_assert_double_lt(test_metres(x - places[i][0], y - places[i][1], y), 4000);
            }
    }
    double x, y;
    eb_frame_convert(EB_FRAME_BD09, EB_FRAME_WGS84, NAN, 30, &x, &y);
    ck_assert(isnan(x) && y == 30);
    eb_frame_convert(EB_FRAME_BD09, EB_FRAME_WGS84, INFINITY, 30, &x, &y);
    ck_assert(isinf(x));
    eb_frame_convert(EB_FRAME_BD09, EB_FRAME_WGS84, 1e300, 1e300, &x, &y);
    ck_assert(x == 1e300 && y == 1e300);
}
END_TEST

START_TEST(names)
{
    static const struct {
        const char *text;
        eb_frame frame;
    } good[] = {{"wgs84", EB_FRAME_WGS84},  {"WGS-84", EB_FRAME_WGS84}, {"gcj02", EB_FRAME_GCJ02},
                {"GCJ-02", EB_FRAME_GCJ02}, {"Bd09", EB_FRAME_BD09},    {"bd-09", EB_FRAME_BD09}};
    static const char *const bad[] = {"", "gcj", "wgs", "bd 09", "mars", "gcj02 "};
    eb_frame frame;
    eb_error err = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        EB_ASSERT_OK(eb_frame_parse(good[i].text, &frame, &err), &err);
        ck_assert_int_eq(frame, good[i].frame);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        EB_ASSERT_STATUS(eb_frame_parse(bad[i], &frame, &err), EB_USAGE, &err);
        EB_ASSERT_HAS(err.hint, "gcj02");
    }
    EB_ASSERT_STATUS(eb_frame_parse(NULL, &frame, NULL), EB_USAGE, &err);
}
END_TEST

START_TEST(shapes)
{
    test_wkb star = test_star(900, 0.5, 118.7, 28.9, true, 6);
    uint8_t *before = malloc(star.size);
    memcpy(before, star.data, star.size);
    ck_assert(eb_frame_convert_wkb(EB_FRAME_WGS84, EB_FRAME_BD09, star.data, star.size));
    eb_wkb_walk a, b;
    eb_wkb_part pa, pb;
    eb_wkb_begin(&a, (eb_wkb){before, star.size});
    eb_wkb_begin(&b, (eb_wkb){star.data, star.size});
    size_t seen = 0;
    while (eb_wkb_next(&a, &pa) && eb_wkb_next(&b, &pb))
        for (size_t i = 0; i < pa.count; i++, seen++) {
            double x, y, u, v, want_u, want_v;
            eb_wkb_xy(&pa, i, &x, &y);
            eb_wkb_xy(&pb, i, &u, &v);
            eb_frame_convert(EB_FRAME_WGS84, EB_FRAME_BD09, x, y, &want_u, &want_v);
            ck_assert(u == want_u && v == want_v);
        }
    ck_assert_uint_gt(seen, 900);
    ck_assert(!eb_frame_convert_wkb(EB_FRAME_WGS84, EB_FRAME_BD09, star.data, star.size - 1));
    free(before);
    free(star.data);
}
END_TEST

/* The number pair after "NAME": [ in a piece of JSON. */
static const char *pair_after(const char *text, const char *name, double pair[2])
{
    const char *at = strstr(text, name);
    if (!at) return NULL;
    at = strchr(at, '[') + 1;
    char *end;
    pair[0] = strtod(at, &end);
    pair[1] = strtod(strchr(at, ',') + 1, &end);
    return end;
}

static double farther(double worst, eb_frame from, eb_frame to, const double in[2], const double want[2])
{
    double lon, lat;
    eb_frame_convert(from, to, in[0], in[1], &lon, &lat);
    return fmax(worst, fmax(fabs(lon - want[0]), fabs(lat - want[1])));
}

/* 664 cities of another project, made with another program: they agree with the formula within 9e-6 degree. */
static int cities(void)
{
    const char *folder = getenv("ECOBELT_DATA"), *source = getenv("ECOBELT_SOURCE");
    char file[600];
    if (folder)
        snprintf(file, sizeof file, "%s/vectors/gcj02_bd09_china_cities.json", folder);
    else
        snprintf(file, sizeof file, "%s/../shared/data/vectors/gcj02_bd09_china_cities.json", source ? source : TEST_SOURCE_DIR);
    if (access(file, R_OK) != 0) {
        printf("skipped: the list of cities is not there\n");
        return -1;
    }
    char *text = eb_test_read(file);
    const char *at = text;
    int count = 0;
    double wgs[2], gcj[2], bd[2], worst = 0, worst_back = 0;
    while ((at = pair_after(at, "\"WGS84\"", wgs)) && (at = pair_after(at, "\"GCJ02\"", gcj)) && (at = pair_after(at, "\"BD09\"", bd))) {
        worst = farther(worst, EB_FRAME_WGS84, EB_FRAME_GCJ02, wgs, gcj);
        worst = farther(worst, EB_FRAME_GCJ02, EB_FRAME_BD09, gcj, bd);
        worst = farther(worst, EB_FRAME_WGS84, EB_FRAME_BD09, wgs, bd);
        worst = farther(worst, EB_FRAME_BD09, EB_FRAME_WGS84, bd, wgs);
        double lon, lat;
        eb_frame_convert(EB_FRAME_WGS84, EB_FRAME_BD09, wgs[0], wgs[1], &lon, &lat);
        eb_frame_convert(EB_FRAME_BD09, EB_FRAME_WGS84, lon, lat, &lon, &lat);
        worst_back = fmax(worst_back, test_metres(lon - wgs[0], lat - wgs[1], lat));
        count++;
    }
    free(text);
    ck_assert_int_eq(count, 664);
    ck_assert_msg(worst < 9e-6, "%g degrees from the list", worst);
    ck_assert_msg(worst_back < 1e-8, "%g m there and back", worst_back);
    return count;
}

START_TEST(list_of_cities)
{
    cities();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("frame");
    TCase *tests = tcase_create("frame");
    tcase_add_loop_test(tests, known_places, 0, (int)(sizeof known / sizeof *known));
    tcase_add_test(tests, round_trip);
    tcase_add_test(tests, shift_in_quzhou);
    tcase_add_test(tests, border);
    tcase_add_test(tests, names);
    tcase_add_test(tests, shapes);
    tcase_add_test(tests, list_of_cities);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
