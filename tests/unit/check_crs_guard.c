/* What numbers look like, and a declared CRS against them. */
#include "crs_test.h"

/* Quzhou in every dress, {xmin, ymin, xmax, ymax}. */
#define DEGREES                                                                                                                            \
    {                                                                                                                                      \
        118, 28.2, 119.4, 29.5                                                                                                             \
    }
#define DEGREES_YX                                                                                                                         \
    {                                                                                                                                      \
        28.2, 118, 29.5, 119.4                                                                                                             \
    }
#define ZONE40                                                                                                                             \
    {                                                                                                                                      \
        40304000, 3120000, 40440000, 3270000                                                                                               \
    }
#define ZONE40_YX                                                                                                                          \
    {                                                                                                                                      \
        3120000, 40304000, 3270000, 40440000                                                                                               \
    }
#define ZONE39                                                                                                                             \
    {                                                                                                                                      \
        39600000, 3120000, 39740000, 3270000                                                                                               \
    }
#define ZONE20                                                                                                                             \
    {                                                                                                                                      \
        20600000, 3120000, 20740000, 3270000                                                                                               \
    }
#define ZONES_MIXED                                                                                                                        \
    {                                                                                                                                      \
        39600000, 3120000, 40440000, 3270000                                                                                               \
    }
#define PLAIN                                                                                                                              \
    {                                                                                                                                      \
        304000, 3120000, 440000, 3270000                                                                                                   \
    }
#define PLAIN_YX                                                                                                                           \
    {                                                                                                                                      \
        3120000, 304000, 3270000, 440000                                                                                                   \
    }
#define WEB                                                                                                                                \
    {                                                                                                                                      \
        13137000, 3270000, 13290000, 3440000                                                                                               \
    }
#define WEB_YX                                                                                                                             \
    {                                                                                                                                      \
        3270000, 13137000, 3440000, 13290000                                                                                               \
    }

static const struct {
    const char *label;
    double box[4];
    const char *words, *not_words;
} guesses[] = {
    {"degrees", DEGREES, "longitude and latitude in degrees, in China (CGCS2000: EPSG:4490", "swapped"},
    {"degrees swapped", DEGREES_YX, "in China (CGCS2000: EPSG:4490, WGS 84: EPSG:4326), with x and y swapped", NULL},
    {"degrees elsewhere", {-5, 42, 8, 51}, "longitude and latitude in degrees (WGS 84: EPSG:4326)", "China"},
    {"degrees elsewhere swapped", {40, -120, 42, -110}, "(WGS 84: EPSG:4326), with x and y swapped", "China"},
    {"prefix 40", ZONE40, "the number of 3-degree zone 40 in front (CGCS2000: EPSG:4528, Xi'an 80: EPSG:2364, Beijing 54: EPSG:2416)",
     "swapped"},
    {"prefix 39", ZONE39, "3-degree zone 39 in front (CGCS2000: EPSG:4527", "swapped"},
    {"prefix 40 in y", ZONE40_YX,
     "3-degree zone 40 in front (CGCS2000: EPSG:4528, Xi'an 80: EPSG:2364, Beijing 54: EPSG:2416), with x and y swapped", NULL},
    {"prefix of a 6-degree zone", ZONE20, "the number of 6-degree zone 20 in front (CGCS2000: EPSG:4498", "Web"},
    {"several prefixes", ZONES_MIXED, "zones 39 to 40 in front: parts in several", NULL},
    {"6 and 7 digits", PLAIN, "Gauss-Kruger or UTM metres without a zone number; the zone must be known", "swapped"},
    {"7 and 6 digits", PLAIN_YX, "without a zone number, with x and y swapped (x is north)", NULL},
    {"Web Mercator", WEB, "Web Mercator metres (EPSG:3857)", "zone"},
    {"Web Mercator swapped", WEB_YX, "Web Mercator metres (EPSG:3857), with x and y swapped", "zone"},
    {"Kashgar in zone 13 reads as Web Mercator, too", {13500000, 4300000, 13600000, 4400000}, "6-degree zone 13 in front", NULL},
    {"and says so", {13500000, 4300000, 13600000, 4400000}, "or Web Mercator (EPSG:3857)", NULL},
    {"a drawing", {100, 2000, 900, 5000}, "metres of a drawing or a local system", NULL},
    {"millions of nothing", {1e9, 1e9, 2e9, 2e9}, "no coordinates of a kind that is known", NULL},
    {"not numbers", {NAN, 0, 1, 1}, "not all of them are numbers", NULL},
    {"one point", {118.85, 28.95, 118.85, 28.95}, "degrees, in China", NULL},
};

START_TEST(guess)
{
    char words[400], little[20];
    eb_crs_guess(guesses[_i].box, words, sizeof words);
    ck_assert_msg(strstr(words, guesses[_i].words) != NULL, "%s: \"%s\"", guesses[_i].label, words);
    if (guesses[_i].not_words) ck_assert_msg(!strstr(words, guesses[_i].not_words), "%s: \"%s\"", guesses[_i].label, words);
    eb_crs_guess(guesses[_i].box, little, sizeof little);
    ck_assert_uint_lt(strlen(little), sizeof little);
    eb_crs_guess(guesses[_i].box, NULL, 0);
}
END_TEST

static const struct {
    const char *label, *crs;
    double box[4];
} fitting[] = {
    {"degrees", "EPSG:4490", DEGREES},
    {"degrees of WGS84", "EPSG:4326", DEGREES},
    {"zone 40", "EPSG:4528", ZONE40},
    {"zone 39", "EPSG:4527", ZONE39},
    {"zone 20", "EPSG:4498", ZONE20},
    {"without prefix", "EPSG:4549", PLAIN},
    {"Xi'an 80", "EPSG:2385", PLAIN},
    {"UTM", "EPSG:32650", {500000, 3120000, 740000, 3270000}},
    {"Web Mercator", "EPSG:3857", WEB},
    {"the whole of China in degrees", "EPSG:4490", {73.5, 3.8, 135.1, 53.6}},
    {"the whole county in the neighbour's zone", "EPSG:4528", {40200000, 3190000, 40370000, 3270000}},
    {"a province in one zone", "EPSG:4549", {280000, 3000000, 840000, 3460000}},
    {"the world in degrees", "EPSG:4326", {-180, -90, 180, 90}},
    {"degrees past 180", "EPSG:4326", {170, -20, 190, -10}},
    {"degrees past 180 to the west", "EPSG:4326", {-190, -20, -170, -10}},
    {"nothing yet", "EPSG:4528", {INFINITY, INFINITY, -INFINITY, -INFINITY}},
    {"not known", "EPSG:4528", {NAN, NAN, NAN, NAN}},
    {"France", "EPSG:2154", {100000, 6050000, 1240000, 7100000}},
    {"a CRS without an area", "+proj=laea +lat_0=28.9 +lon_0=118.7 +datum=WGS84", {-70000, -70000, 70000, 70000}},
    {"small numbers in a CRS without an area", "+proj=laea +lat_0=28.9 +lon_0=118.7 +datum=WGS84", {-10, -10, 80, 80}},
    {"Kashgar in zone 13", "EPSG:4491", {13500000, 4300000, 13600000, 4400000}},
    {"feet", "EPSG:2227", {5900000, 2000000, 6300000, 2500000}},
    {"grads", "EPSG:4807", {-5, 47, 8, 56}},
};

START_TEST(fits)
{
    eb_crs *crs = test_crs(fitting[_i].crs);
    eb_error err = {0};
    const eb_status status = eb_crs_check_box(crs, fitting[_i].box, &err);
    ck_assert_msg(status == EB_OK, "%s: %s", fitting[_i].label, err.message);
    EB_ASSERT_OK(eb_crs_check_box(crs, NULL, &err), &err);
    eb_crs_free(crs);
}
END_TEST

static const struct {
    const char *label, *crs;
    double box[4];
    const char *message, *hint;
} contradicting[] = {
    {"degrees in a zone", "EPSG:4528", DEGREES, "they are degrees, not metres", "EPSG:4490"},
    {"degrees in a zone without prefix", "EPSG:4549", DEGREES, "they are degrees, not metres", "EPSG:4490"},
    {"degrees in UTM", "EPSG:32650", DEGREES, "they are degrees, not metres", "EPSG:4490"},
    {"degrees in Web Mercator", "EPSG:3857", DEGREES, "they are degrees, not metres", "EPSG:4326"},
    {"degrees in a conic", "EPSG:2154", {-5, 42, 8, 51}, "they are degrees, not metres", "EPSG:4326"},
    {"swapped degrees in a zone", "EPSG:4528", DEGREES_YX, "they are degrees, not metres", "with x and y swapped"},
    {"metres in degrees", "EPSG:4490", PLAIN, "they are no degrees", "without a zone number"},
    {"metres with prefix in degrees", "EPSG:4326", ZONE40, "they are no degrees", "EPSG:4528"},
    {"Web Mercator in degrees", "EPSG:4490", WEB, "they are no degrees", "EPSG:3857"},
    {"swapped degrees", "EPSG:4490", DEGREES_YX, "x and y are swapped", "x must be longitude and y latitude"},
    {"swapped degrees that could be some", "EPSG:4490", {3.5, 73.7, 53, 89}, "x and y are swapped", "longitude"},
    {"prefix of the neighbour", "EPSG:4528", ZONE39, "eastings begin with the number of zone 39",
     "declare EPSG:4527, 3-degree zone 39 with the number"},
    {"prefix of a 6-degree zone", "EPSG:4528", ZONE20, "begin with the number of zone 20", "EPSG:4498, 6-degree zone 20"},
    {"prefix of a 3-degree zone in a 6-degree one", "EPSG:4498", ZONE40, "begin with the number of zone 40", "EPSG:4528"},
    {"prefix lacking", "EPSG:4528", PLAIN, "eastings lack the zone number 40 in front",
     "declare EPSG:4549, 3-degree zone 40 without the number"},
    {"prefix lacking, Xi'an 80", "EPSG:2364", PLAIN, "lack the zone number 40", "EPSG:2385"},
    {"prefix not declared", "EPSG:4549", ZONE40, "eastings have the zone number 40 in front", "declare EPSG:4528"},
    {"prefix not declared, of another zone", "EPSG:4549", ZONE39, "have the zone number 39 in front", "declare EPSG:4527"},
    {"several zones", "EPSG:4528", ZONES_MIXED, "begin with the zone numbers 39 to 40", "split the layer"},
    {"swapped, with prefix", "EPSG:4528", ZONE40_YX, "x and y are swapped", "x must be east and y north"},
    {"swapped, without prefix", "EPSG:4549", PLAIN_YX, "x and y are swapped", "x must be east and y north"},
    {"swapped, prefix undeclared", "EPSG:4549", ZONE40_YX, "x and y are swapped", "east"},
    {"swapped UTM", "EPSG:32650", {3120000, 500000, 3270000, 740000}, "x and y are swapped", "east"},
    {"Web Mercator in a zone", "EPSG:4549", WEB, "no place on Earth in it", "EPSG:3857"},
    {"prefix in Web Mercator", "EPSG:3857", ZONE40, "beyond the edge of the world", "EPSG:4528"},
    {"prefix in UTM", "EPSG:32650", ZONE40, "no place on Earth in it", "EPSG:4528"},
    {"France in CGCS2000", "EPSG:4490", {-5, 42, 8, 51}, "degrees outside the area it is made for", "EPSG:4326"},
    {"a stray point at 0, 0", "EPSG:4490", {0, 0, 119.4, 29.5}, "degrees outside the area it is made for", "degrees"},
    {"a stray point at 0, 0 of a zone",
     "EPSG:4549",
     {0, 0, 440000, 3270000},
     "degrees outside the area it is made for",
     "no coordinates of a kind"},
    {"a drawing in a zone", "EPSG:4549", {100, 2000, 900, 5000}, "outside the area it is made for", "a drawing"},
    {"too large for any", "EPSG:4528", {1e9, 1e9, 2e9, 2e9}, "no place on Earth in it", "no coordinates of a kind"},
    {"infinite", "EPSG:4490", {118, 28, INFINITY, 29}, "not finite numbers", ""},
    {"longitudes beyond a turn", "EPSG:4326", {365, 10, 366, 11}, "beyond a whole turn", "add or subtract 360"},
    {"latitude beyond the pole", "EPSG:4326", {100, 80, 170, 190}, "they are no degrees", ""},
};

START_TEST(contradicts)
{
    eb_crs *crs = test_crs(contradicting[_i].crs);
    eb_error err = {0};
    const eb_status status = eb_crs_check_box(crs, contradicting[_i].box, &err);
    ck_assert_msg(status == EB_REFUSED, "%s passed", contradicting[_i].label);
    ck_assert_msg(strstr(err.message, contradicting[_i].message) != NULL, "%s: \"%s\"", contradicting[_i].label, err.message);
    ck_assert_msg(strstr(err.hint, contradicting[_i].hint) != NULL, "%s: hint \"%s\"", contradicting[_i].label, err.hint);
    if (isfinite(contradicting[_i].box[2])) {
        EB_ASSERT_HAS(err.message, contradicting[_i].crs);
        ck_assert(isfinite(err.x) && isfinite(err.y));
    }
    ck_assert_int_eq(eb_crs_check_box(crs, contradicting[_i].box, NULL), EB_REFUSED);
    eb_crs_free(crs);
}
END_TEST

START_TEST(any_numbers)
{
    /* Boxes of every size and sign: words that end, OK or a refusal, and what fits can be brought to degrees. */
    static const char *const kinds[] = {"EPSG:4490", "EPSG:4528", "EPSG:4549", "EPSG:3857", "EPSG:2154", "EPSG:4807"};
    eb_crs *crs = test_crs(kinds[_i]);
    uint64_t seed = 50 + (uint64_t)_i;
    int passed = 0;
    for (int round = 0; round < 100; round++) {
        double box[4], degrees[4];
        char words[300];
        eb_error err = {0};
        for (int k = 0; k < 2; k++) {
            const double size = pow(10, 9 * test_random(&seed) - 1);
            box[k] = (test_random(&seed) - 0.4) * size;
            box[k + 2] = box[k] + test_random(&seed) * size * 0.1;
        }
        eb_crs_guess(box, words, sizeof words);
        ck_assert(*words);
        const eb_status status = eb_crs_check_box(crs, box, &err);
        ck_assert(status == EB_OK || (status == EB_REFUSED && *err.message && *err.hint));
        if (status == EB_OK) {
            EB_ASSERT_OK(eb_crs_box_degrees(crs, box, degrees, &err), &err);
            ck_assert(degrees[0] <= degrees[2] && degrees[1] <= degrees[3] && degrees[1] >= -90.01 && degrees[3] <= 90.01);
            passed++;
        }
    }
    /* Web Mercator covers nearly every number. */
    ck_assert_int_lt(passed, _i == 3 ? 100 : 50);
    eb_crs_free(crs);
}
END_TEST

#define LOOP(function, rows) tcase_add_loop_test(tests, function, 0, (int)(sizeof(rows) / sizeof *(rows)))

int main(void)
{
    Suite *suite = suite_create("crs_guard");
    TCase *tests = tcase_create("guard");
    LOOP(guess, guesses);
    LOOP(fits, fitting);
    LOOP(contradicts, contradicting);
    tcase_add_loop_test(tests, any_numbers, 0, 6);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
