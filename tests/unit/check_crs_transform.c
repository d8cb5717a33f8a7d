/* Transforms: every trap of the datums of China, own formulas against PROJ, shapes in place. */
#include <proj.h>

#include "crs/chain.h"
#include "crs/series.h"
#include "crs_test.h"

static const double quzhou[4] = {118, 28.2, 119.4, 29.5};
static const double tarim[4] = {80, 38, 85, 41};
static const eb_helmert made_up = {15.5, -120.25, -81, 0.3, -0.5, 1.1, -2.5};

static eb_transform *transform_of(const char *from, const char *to, const double area[4], const eb_helmert *helmert)
{
    eb_crs *a = test_crs(from), *b = test_crs(to);
    eb_transform *transform = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_transform_new(a, b, area, helmert, &transform, &err) == EB_OK, "%s to %s: %s", from, to, err.message);
    eb_crs_free(a);
    eb_crs_free(b);
    return transform;
}

static void refused(const char *from, const char *to, const double area[4], const eb_helmert *helmert, eb_status status, eb_error *err)
{
    eb_crs *a = test_crs(from), *b = test_crs(to);
    eb_transform *transform = NULL;
    ck_assert_msg(eb_transform_new(a, b, area, helmert, &transform, err) == status, "%s to %s: %s", from, to, err->message);
    ck_assert_ptr_null(transform);
    ck_assert_int_eq(eb_transform_new(a, b, area, helmert, &transform, NULL), status);
    eb_crs_free(a);
    eb_crs_free(b);
}

static const struct {
    const char *label, *from, *to;
    double x, y, want_x, want_y, limit;
    const char *text;
} known[] = {
    {"degrees to zone 40", "EPSG:4490", "EPSG:4528", 118.85, 28.95, 40387887.3427, 3204272.2143, 6e-5, "one datum, exact"},
    {"degrees to zone 39", "EPSG:4490", "EPSG:4527", 118.85, 28.95, 39680365.4377, 3205137.3506, 6e-5, "one datum, exact"},
    {"zone 40 to zone 39", "EPSG:4528", "EPSG:4527", 40387887.3427, 3204272.2143, 39680365.4377, 3205137.3506, 1.2e-4, "one datum, exact"},
    {"prefix off", "EPSG:4528", "EPSG:4549", 40387887.3427, 3204272.2143, 387887.3427, 3204272.2143, 1e-8, "one datum, exact"},
    {"Xi'an 80 within itself", "EPSG:4610", "EPSG:2364", 120, 30, 40500000, 3320114.9450, 6e-5, "one datum, exact"},
    {"CGCS2000 is WGS84", "EPSG:4490", "EPSG:4326", 118.85, 28.95, 118.85, 28.95, 0, "CGCS2000 and WGS 84 are taken as one datum"},
    {"WGS84 is CGCS2000", "EPSG:4326", "EPSG:4490", 118.85, 28.95, 118.85, 28.95, 0, "CGCS2000 and WGS 84 are taken as one datum"},
    {"itself", "EPSG:4528", "EPSG:4528", 40387887, 3204272, 40387887, 3204272, 0, "the same CRS"},
    {"WGS84 to zone 40", "EPSG:4326", "EPSG:4528", 118.85, 28.95, 40387887.3427, 3204272.2143, 6e-5, "taken as one datum"},
    {"Web Mercator", "EPSG:3857", "EPSG:4490", 13230322, 3369951, 118.850004664, 28.955245326, 1e-9, "taken as one datum"},
};

START_TEST(known_places)
{
    eb_transform *t = transform_of(known[_i].from, known[_i].to, quzhou, NULL);
    eb_error err = {0};
    double x = known[_i].x, y = known[_i].y;
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR(known[_i].label, x, known[_i].want_x, known[_i].limit);
    EB_ASSERT_NEAR(known[_i].label, y, known[_i].want_y, known[_i].limit);
    EB_ASSERT_OK(eb_transform_inverse(t, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR(known[_i].label, x, known[_i].x, 8e-9);
    EB_ASSERT_NEAR(known[_i].label, y, known[_i].y, 8e-9);
    EB_ASSERT_HAS(eb_transform_text(t), known[_i].text);
    eb_transform_free(t);
}
END_TEST

/* What PROJ does with each when nobody asks: a point moved by nothing, or by an operation of another place. Here all are refused. */
static const struct {
    const char *label, *from, *to;
    const double *area;
    const char *message, *hint;
} traps[] = {
    {"Xi'an 80 to CGCS2000: ballpark alone", "EPSG:4610", "EPSG:4490", quzhou, "only a ballpark one", "--helmert"},
    {"Xi'an 80 to WGS84: ballpark alone", "EPSG:4610", "EPSG:4326", quzhou, "from Xi'an 80 to WGS 84", "--helmert"},
    {"Xi'an 80, place not known", "EPSG:4610", "EPSG:4490", NULL, "only a ballpark one", "--helmert"},
    {"Xi'an 80 plane to CGCS2000 plane", "EPSG:2364", "EPSG:4528", quzhou, "only a ballpark one", "in CGCS2000 already"},
    {"Beijing 54 to CGCS2000", "EPSG:4214", "EPSG:4490", quzhou, "are made elsewhere", "--helmert"},
    {"Beijing 54 to WGS84: six operations of other places", "EPSG:4214", "EPSG:4326", quzhou, "the 6 that PROJ has are made elsewhere",
     "--helmert"},
    {"Beijing 54, place not known", "EPSG:4214", "EPSG:4326", NULL, "are made elsewhere", "--helmert"},
    {"Beijing 54 plane", "EPSG:2416", "EPSG:4528", quzhou, "from Beijing 54 to CGCS2000", "--helmert"},
    {"and back", "EPSG:4490", "EPSG:4214", quzhou, "from CGCS2000 to Beijing 54", "--helmert"},
    {"half of the data in the Tarim, half not", "EPSG:4214", "EPSG:4326", (const double[4]){80, 38, 119, 41}, "are made elsewhere",
     "--helmert"},
    {"an ellipsoid without datum", "+proj=tmerc +lon_0=120 +x_0=40500000 +ellps=GRS80", "EPSG:4490", quzhou, "Unknown based on GRS80",
     "EPSG:4513 to 4554"},
    {"a shift of nothing on another ellipsoid", "+proj=longlat +ellps=krass +towgs84=0,0,0", "EPSG:4490", quzhou, "ballpark", "EPSG code"},
};

START_TEST(trap)
{
    eb_error err = {0};
    refused(traps[_i].from, traps[_i].to, traps[_i].area, NULL, EB_REFUSED, &err);
    EB_ASSERT_HAS(err.message, traps[_i].message);
    EB_ASSERT_HAS(err.hint, traps[_i].hint);
}
END_TEST

/* How far PROJ alone moves 118.85 E, 28.95 N, in metres; NaN where it finds no way. */
static double moved_by_proj(const char *from, const char *to, const char *option)
{
    PJ_CONTEXT *context = proj_context_create();
    proj_log_level(context, PJ_LOG_NONE);
    const char *const options[] = {option, NULL};
    PJ *a = proj_create(context, from), *b = proj_create(context, to), *raw = proj_create_crs_to_crs_from_pj(context, a, b, NULL, options);
    double metres = NAN;
    if (raw) {
        PJ *pj = proj_normalize_for_visualization(context, raw);
        const PJ_COORD at = proj_trans(pj, PJ_FWD, proj_coord(118.85, 28.95, 0, 0));
        metres = test_metres(at.xy.x - 118.85, at.xy.y - 28.95, 28.95);
        proj_destroy(pj);
    }
    proj_destroy(raw);
    proj_destroy(b);
    proj_destroy(a);
    proj_context_destroy(context);
    return metres;
}

START_TEST(traps_are_real)
{
    /* PROJ moves Xi'an 80 by nothing; told to do no ballpark it takes for Beijing 54 in Quzhou what is made for elsewhere, 61 m to the
     * east, and finds no way from CGCS2000 to WGS84 at all. All without a word. */
    EB_ASSERT_NEAR("Xi'an 80", moved_by_proj("EPSG:4610", "EPSG:4490", NULL), 0, 1e-3);
    EB_ASSERT_NEAR("Beijing 54", moved_by_proj("EPSG:4214", "EPSG:4326", "ALLOW_BALLPARK=NO"), 61, 1);
    ck_assert(isnan(moved_by_proj("EPSG:4490", "EPSG:4326", "ALLOW_BALLPARK=NO")));
}
END_TEST

START_TEST(where_an_operation_holds)
{
    /* In the Tarim basin Beijing 54 has an operation of its own; a point elsewhere is refused all the same. */
    eb_transform *t = transform_of("EPSG:4214", "EPSG:4490", tarim, NULL);
    eb_error err = {0};
    EB_ASSERT_HAS(eb_transform_text(t), "Beijing 1954 to WGS 84 (4), accuracy 1 m");
    double x[3] = {82, 83, 118.85}, y[3] = {40, 40, 28.95};
    size_t bad = 9;
    EB_ASSERT_STATUS(eb_transform_points(t, x, y, 1, 3, &bad, &err), EB_REFUSED, &err);
    ck_assert_uint_eq(bad, 2);
    EB_ASSERT_HAS(err.message, "118.85, 28.95 of Beijing 1954 lies outside the area that the datum shift");
    EB_ASSERT_HAS(err.hint, "--helmert");
    EB_ASSERT_NEAR("x of the error", err.x, 118.85, 0);
    double one_x = 82, one_y = 40;
    EB_ASSERT_OK(eb_transform_points(t, &one_x, &one_y, 1, 1, NULL, &err), &err);
    const double shift_m = test_metres(one_x - 82, one_y - 40, 40);
    ck_assert_msg(shift_m > 20 && shift_m < 200, "%g m", shift_m);
    EB_ASSERT_OK(eb_transform_inverse(t, &one_x, &one_y, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR("back", test_metres(one_x - 82, one_y - 40, 40), 0, 1e-3);
    one_x = 118.85;
    one_y = 28.95;
    EB_ASSERT_STATUS(eb_transform_inverse(t, &one_x, &one_y, 1, 1, NULL, &err), EB_REFUSED, &err);
    eb_transform_free(t);
}
END_TEST

static const struct {
    const char *from, *to;
    double x, y;
} abroad[] = {
    {"EPSG:2154", "EPSG:4326", 652000, 6862000},  {"EPSG:4807", "EPSG:4326", 0, 54},
    {"EPSG:4258", "EPSG:4326", 10, 50},           {"EPSG:4326", "EPSG:27700", -1, 52},
    {"EPSG:2227", "EPSG:4326", 6e6, 2e6},         {"EPSG:31370", "EPSG:4326", 150000, 170000},
    {"EPSG:2193", "EPSG:4326", 1748735, 5427916}, {"EPSG:3035", "EPSG:3857", 4321000, 3210000},
};

START_TEST(other_countries)
{
    /* Where PROJ has an operation for the place, it is the one used: the same point as its own best answer for a small area there. */
    eb_error err = {0};
    eb_transform *t = transform_of(abroad[_i].from, abroad[_i].to, NULL, NULL);
    double x = abroad[_i].x, y = abroad[_i].y;
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    PJ_CONTEXT *context = proj_context_create();
    const char *options[] = {"ALLOW_BALLPARK=NO", NULL};
    PJ *from = proj_create(context, abroad[_i].from), *to = proj_create(context, abroad[_i].to);
    PJ *raw = proj_create_crs_to_crs_from_pj(context, from, to, NULL, options), *pj = proj_normalize_for_visualization(context, raw);
    const PJ_COORD want = proj_trans(pj, PJ_FWD, proj_coord(abroad[_i].x, abroad[_i].y, 0, 0));
    const double metres = fabs(want.xy.x) < 361 ? test_metres(x - want.xy.x, y - want.xy.y, y) : hypot(x - want.xy.x, y - want.xy.y);
    /* Operations of one accuracy may differ within it. */
    ck_assert_msg(metres < 3, "%s to %s: %g m from PROJ (%s)", abroad[_i].from, abroad[_i].to, metres, eb_transform_text(t));
    EB_ASSERT_HAS(eb_transform_text(t), "accuracy");
    proj_destroy(pj);
    proj_destroy(raw);
    proj_destroy(to);
    proj_destroy(from);
    proj_context_destroy(context);
    eb_transform_free(t);
}
END_TEST

START_TEST(one_operation_alone)
{
    /* ETRS89 has one operation, for an area a little smaller than its own; its points are held against that area. WGS84 stands for
     * CGCS2000. */
    eb_transform *t = transform_of("EPSG:4258", "EPSG:4490", NULL, NULL);
    eb_error err = {0};
    double x = 10, y = 50;
    EB_ASSERT_HAS(eb_transform_text(t), "ETRS89 to WGS 84 (1)");
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    x = 100;
    EB_ASSERT_STATUS(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), EB_REFUSED, &err);
    eb_transform_free(t);
}
END_TEST

/* The same shift through PROJ's own steps. */
static PJ *helmert_of_proj(PJ_CONTEXT *context, const eb_helmert *h, const char *from, const char *to)
{
    char text[600];
    snprintf(text, sizeof text,
             "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart %s +step +proj=helmert "
             "+x=%.10g +y=%.10g "
             "+z=%.10g +rx=%.10g +ry=%.10g +rz=%.10g +s=%.10g +convention=position_vector +step +inv +proj=cart %s +step +proj=pop +v_3 "
             "+step +proj=unitconvert +xy_in=rad +xy_out=deg",
             from, h->dx_m, h->dy_m, h->dz_m, h->rx_arcsec, h->ry_arcsec, h->rz_arcsec, h->scale_ppm, to);
    PJ *pj = proj_create(context, text);
    ck_assert_ptr_nonnull(pj);
    return pj;
}

START_TEST(helmert)
{
    PJ_CONTEXT *context = proj_context_create();
    PJ *pj = helmert_of_proj(context, &made_up, "+a=6378140 +rf=298.257", "+a=6378137 +rf=298.257222101");
    eb_transform *t = transform_of("EPSG:4610", "EPSG:4490", quzhou, &made_up);
    EB_ASSERT_HAS(
        eb_transform_text(t),
        "Xi'an 80 to CGCS2000 by the shift given: dx 15.5 m, dy -120.25 m, dz -81 m, rx 0.3\", ry -0.5\", rz 1.1\", scale -2.5 ppm");
    uint64_t seed = 21;
    eb_error err = {0};
    for (int i = 0; i < 2000; i++) {
        const double lon = 73 + 62 * test_random(&seed), lat = 3 + 50 * test_random(&seed);
        const PJ_COORD want = proj_trans(pj, PJ_FWD, proj_coord(lon, lat, 0, 0));
        double x = lon, y = lat;
        EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
        ck_assert_double_lt(test_metres(x - want.xy.x, y - want.xy.y, lat), 1e-6);
        ck_assert_double_gt(test_metres(x - lon, y - lat, lat), 1);
        EB_ASSERT_OK(eb_transform_inverse(t, &x, &y, 1, 1, NULL, &err), &err);
        ck_assert_double_lt(test_metres(x - lon, y - lat, lat), 1e-8);
    }
    eb_transform_free(t);
    proj_destroy(pj);
    proj_context_destroy(context);
}
END_TEST

START_TEST(helmert_between_planes)
{
    eb_transform *t = transform_of("EPSG:2364", "EPSG:4527", quzhou, &made_up),
                 *degrees = transform_of("EPSG:4610", "EPSG:4490", quzhou, &made_up);
    eb_transform *to_xian = transform_of("EPSG:4610", "EPSG:2364", NULL, NULL),
                 *to_zone = transform_of("EPSG:4490", "EPSG:4527", NULL, NULL);
    eb_error err = {0};
    double x = 118.4, y = 28.7, px = 118.4, py = 28.7;
    EB_ASSERT_OK(eb_transform_points(degrees, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_OK(eb_transform_points(to_zone, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_OK(eb_transform_points(to_xian, &px, &py, 1, 1, NULL, &err), &err);
    EB_ASSERT_OK(eb_transform_points(t, &px, &py, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR("step by step and at once", hypot(x - px, y - py), 0, 3e-8);
    eb_transform_free(t);
    eb_transform_free(degrees);
    eb_transform_free(to_xian);
    eb_transform_free(to_zone);
}
END_TEST

START_TEST(helmert_three_and_none_needed)
{
    const eb_helmert three = {.dx_m = -12, .dy_m = 110, .dz_m = 70};
    eb_transform *t = transform_of("EPSG:4214", "EPSG:4490", quzhou, &three);
    eb_error err = {0};
    double x = 118.85, y = 28.95;
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    ck_assert_double_gt(test_metres(x - 118.85, y - 28.95, 29), 5);
    eb_transform_free(t);
    /* A run gives one shift for all layers; those that need none say so. */
    t = transform_of("EPSG:4528", "EPSG:4490", quzhou, &three);
    EB_ASSERT_HAS(eb_transform_text(t), "the shift given is not needed");
    eb_transform_free(t);
}
END_TEST

START_TEST(helmert_nonsense)
{
    eb_error err = {0};
    const eb_helmert turned = {.rx_arcsec = 4000}, scaled = {.scale_ppm = 1e6}, not_a_number = {.dx_m = NAN};
    refused("EPSG:4610", "EPSG:4490", quzhou, &turned, EB_USAGE, &err);
    EB_ASSERT_HAS(err.hint, "dx,dy,dz in metres");
    refused("EPSG:4610", "EPSG:4490", quzhou, &scaled, EB_USAGE, &err);
    refused("EPSG:4610", "EPSG:4490", quzhou, &not_a_number, EB_USAGE, &err);
    refused("EPSG:4807", "EPSG:4490", NULL, &made_up, EB_REFUSED, &err);
    EB_ASSERT_HAS(err.message, "longitudes from Greenwich");
}
END_TEST

START_TEST(shift_in_the_definition)
{
    const char *bound = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0";
    const eb_helmert inside = {.dx_m = 15.8, .dy_m = -154.4, .dz_m = -82.3};
    PJ_CONTEXT *context = proj_context_create();
    PJ *pj = helmert_of_proj(context, &inside, "+ellps=krass", "+a=6378137 +rf=298.257222101");
    eb_transform *t = transform_of(bound, "EPSG:4490", quzhou, NULL), *back = transform_of("EPSG:4490", bound, quzhou, NULL);
    eb_error err = {0};
    EB_ASSERT_HAS(eb_transform_text(t), "by the shift in its definition");
    EB_ASSERT_HAS(eb_transform_text(back), "the other way round");
    double x = 118.85, y = 28.95;
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    const PJ_COORD want = proj_trans(pj, PJ_FWD, proj_coord(118.85, 28.95, 0, 0));
    EB_ASSERT_NEAR("against PROJ", test_metres(x - want.xy.x, y - want.xy.y, 29), 0, 1e-6);
    EB_ASSERT_OK(eb_transform_points(back, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR("back", test_metres(x - 118.85, y - 28.95, 29), 0, 1e-8);
    /* One given on purpose goes first. */
    eb_transform *given = transform_of(bound, "EPSG:4490", quzhou, &made_up);
    EB_ASSERT_HAS(eb_transform_text(given), "by the shift given");
    eb_transform_free(given);
    eb_transform_free(t);
    eb_transform_free(back);
    proj_destroy(pj);
    proj_context_destroy(context);
}
END_TEST

START_TEST(web_mercator_against_proj)
{
    PJ_CONTEXT *context = proj_context_create();
    PJ *raw = proj_create_crs_to_crs(context, "EPSG:4326", "EPSG:3857", NULL), *pj = proj_normalize_for_visualization(context, raw);
    eb_transform *t = transform_of("EPSG:4326", "EPSG:3857", NULL, NULL);
    eb_error err = {0};
    uint64_t seed = 2;
    for (int i = 0; i < 2000; i++) {
        const double lon = 360 * (test_random(&seed) - 0.5), lat = 170 * (test_random(&seed) - 0.5);
        const PJ_COORD want = proj_trans(pj, PJ_FWD, proj_coord(lon, lat, 0, 0));
        double x = lon, y = lat;
        EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
        ck_assert_double_lt(hypot(x - want.xy.x, y - want.xy.y), 2e-8);
        EB_ASSERT_OK(eb_transform_inverse(t, &x, &y, 1, 1, NULL, &err), &err);
        ck_assert_double_lt(test_metres(x - lon, y - lat, lat), 1e-8);
    }
    double x = 118, y = 90;
    EB_ASSERT_STATUS(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), EB_REFUSED, &err);
    x = 4e7, y = 3e6;
    EB_ASSERT_STATUS(eb_transform_inverse(t, &x, &y, 1, 1, NULL, &err), EB_REFUSED, &err);
    eb_transform_free(t);
    proj_destroy(pj);
    proj_destroy(raw);
    proj_context_destroy(context);
}
END_TEST

START_TEST(points_with_strides)
{
    /* More than a block, coordinates among others that must stay. */
    enum { N = 1000, STRIDE = 3 };
    static double data[N * STRIDE];
    eb_transform *t = transform_of("EPSG:4490", "EPSG:4528", NULL, NULL);
    eb_error err = {0};
    for (int i = 0; i < N; i++) {
        data[i * STRIDE] = 118 + 0.001 * i;
        data[i * STRIDE + 1] = 28 + 0.001 * i;
        data[i * STRIDE + 2] = i;
    }
    EB_ASSERT_OK(eb_transform_points(t, data, data + 1, STRIDE, N, NULL, &err), &err);
    for (int i = 0; i < N; i++) {
        double x = 118 + 0.001 * i, y = 28 + 0.001 * i;
        EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
        ck_assert(data[i * STRIDE] == x && data[i * STRIDE + 1] == y && data[i * STRIDE + 2] == i);
    }
    EB_ASSERT_OK(eb_transform_inverse(t, data, data + 1, STRIDE, N, NULL, &err), &err);
    for (int i = 0; i < N; i++) EB_ASSERT_NEAR("back", data[i * STRIDE], 118 + 0.001 * i, 1e-12);
    size_t bad = 0;
    data[700 * STRIDE] = NAN;
    EB_ASSERT_STATUS(eb_transform_points(t, data, data + 1, STRIDE, N, &bad, &err), EB_REFUSED, &err);
    ck_assert_uint_eq(bad, 700);
    EB_ASSERT_HAS(err.message, "not a finite number");
    EB_ASSERT_OK(eb_transform_points(t, data, data + 1, STRIDE, 0, NULL, &err), &err);
    eb_transform_free(t);
}
END_TEST

START_TEST(points_without_image)
{
    eb_transform *t = transform_of("EPSG:4528", "EPSG:4490", NULL, NULL);
    eb_error err = {0};
    double x[2] = {40387887, 118.85}, y[2] = {3204272, 28.95};
    size_t bad = 0;
    EB_ASSERT_STATUS(eb_transform_points(t, x, y, 1, 2, &bad, &err), EB_REFUSED, &err);
    ck_assert_uint_eq(bad, 1);
    EB_ASSERT_HAS(err.message, "118.85, 28.95 of CGCS2000 / 3-degree Gauss-Kruger zone 40 has no place");
    EB_ASSERT_HAS(err.hint, "longitude and latitude in degrees, in China");
    EB_ASSERT_STATUS(eb_transform_points(t, x, y, 1, 2, NULL, NULL), EB_REFUSED, &err);
    eb_transform_free(t);
    eb_transform_free(NULL);
}
END_TEST

static void put_point(test_wkb *wkb, uint32_t kind, const double *values, size_t count)
{
    const uint8_t order = 1;
    test_wkb_put(wkb, &order, 1);
    test_wkb_put(wkb, &kind, sizeof kind);
    test_wkb_put(wkb, values, count * sizeof *values);
}

START_TEST(shapes)
{
    eb_transform *t = transform_of("EPSG:4490", "EPSG:4528", NULL, NULL);
    eb_error err = {0};
    /* A collection of a point with z and m, an empty point and a point: z and m stay, the empty one is passed over. */
    test_wkb wkb = {0};
    const double zm[4] = {118.85, 28.95, 77, 88}, none[2] = {NAN, NAN}, plain[2] = {118.85, 28.95};
    test_wkb_header(&wkb, 7, 3);
    put_point(&wkb, 3001, zm, 4);
    put_point(&wkb, 1, none, 2);
    put_point(&wkb, 1, plain, 2);
    EB_ASSERT_OK(eb_transform_wkb(t, wkb.data, wkb.size, &err), &err);
    double got[4];
    memcpy(got, wkb.data + 9 + 5, sizeof got);
    EB_ASSERT_NEAR("x", got[0], 40387887.3427, 6e-5);
    EB_ASSERT_NEAR("y", got[1], 3204272.2143, 6e-5);
    ck_assert(got[2] == 77 && got[3] == 88);
    memcpy(got, wkb.data + 9 + 37 + 5, 2 * sizeof *got);
    ck_assert(isnan(got[0]) && isnan(got[1]));
    memcpy(got, wkb.data + 9 + 37 + 21 + 5, 2 * sizeof *got);
    EB_ASSERT_NEAR("x of the plain one", got[0], 40387887.3427, 6e-5);
    /* Broken bytes, every length of them. */
    for (size_t size = 0; size < wkb.size; size++) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, wkb.data, size);
        const eb_status status = eb_transform_wkb(t, copy, size, &err);
        ck_assert_msg(status == EB_INPUT || (size == 0 && status == EB_OK) || status == EB_REFUSED, "%zu bytes: %s", size,
                      eb_status_name(status));
        free(copy);
    }
    /* A place without an image names itself. */
    const double far[2] = {20, 30};
    wkb.size = 0;
    put_point(&wkb, 1, far, 2);
    EB_ASSERT_STATUS(eb_transform_wkb(t, wkb.data, wkb.size, &err), EB_REFUSED, &err);
    ck_assert(err.x == 20 && err.y == 30);
    free(wkb.data);
    eb_transform_free(t);
}
END_TEST

START_TEST(box_in_degrees)
{
    eb_error err = {0};
    double degrees[4];
    eb_crs *zone = test_crs("EPSG:4528"), *plain = test_crs("EPSG:4490"), *grads = test_crs("EPSG:4807");
    const double box[4] = {40304000, 3120000, 40440000, 3270000};
    EB_ASSERT_OK(eb_crs_box_degrees(zone, box, degrees, &err), &err);
    /* The north edge of a box in the plane is highest in the east here, the south edge lowest in the west; corners alone would do. */
    ck_assert(degrees[0] > 117.9 && degrees[0] < 118.1 && degrees[2] > 119.3 && degrees[2] < 119.5);
    ck_assert(degrees[1] > 28.1 && degrees[1] < 28.2 && degrees[3] > 29.5 && degrees[3] < 29.6);
    EB_ASSERT_OK(eb_crs_box_degrees(plain, quzhou, degrees, &err), &err);
    ck_assert_mem_eq(degrees, quzhou, sizeof degrees);
    EB_ASSERT_OK(eb_crs_box_degrees(grads, (const double[4]){0, 50, 1, 54}, degrees, &err), &err);
    EB_ASSERT_NEAR("grads of Paris", degrees[1], 45, 1e-9);
    EB_ASSERT_STATUS(eb_crs_box_degrees(zone, quzhou, degrees, &err), EB_REFUSED, &err);
    EB_ASSERT_HAS(err.hint, "degrees, in China");
    EB_ASSERT_STATUS(eb_crs_box_degrees(plain, (const double[4]){NAN, 0, 1, 1}, degrees, &err), EB_REFUSED, &err);
    /* A wide box of a conic bulges beyond its corners. */
    eb_crs *conic = test_crs("EPSG:2154");
    EB_ASSERT_OK(eb_crs_box_degrees(conic, (const double[4]){100000, 6100000, 1300000, 7100000}, degrees, &err), &err);
    eb_transform *t = transform_of("EPSG:2154", "EPSG:4171", NULL, NULL);
    double x = 700000, y = 7100000;
    EB_ASSERT_OK(eb_transform_points(t, &x, &y, 1, 1, NULL, &err), &err);
    EB_ASSERT_NEAR("top in the middle", degrees[3], y, 0.01);
    eb_transform_free(t);
    eb_crs_free(conic);
    eb_crs_free(grads);
    eb_crs_free(zone);
    eb_crs_free(plain);
}
END_TEST

#define LOOP(function, rows) tcase_add_loop_test(tests, function, 0, (int)(sizeof(rows) / sizeof *(rows)))

int main(void)
{
    Suite *suite = suite_create("crs_transform");
    TCase *tests = tcase_create("transform");
    LOOP(known_places, known);
    LOOP(trap, traps);
    tcase_add_test(tests, traps_are_real);
    tcase_add_test(tests, where_an_operation_holds);
    LOOP(other_countries, abroad);
    tcase_add_test(tests, one_operation_alone);
    tcase_add_test(tests, helmert);
    tcase_add_test(tests, helmert_between_planes);
    tcase_add_test(tests, helmert_three_and_none_needed);
    tcase_add_test(tests, helmert_nonsense);
    tcase_add_test(tests, shift_in_the_definition);
    tcase_add_test(tests, web_mercator_against_proj);
    tcase_add_test(tests, points_with_strides);
    tcase_add_test(tests, points_without_image);
    tcase_add_test(tests, shapes);
    tcase_add_test(tests, box_in_degrees);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
