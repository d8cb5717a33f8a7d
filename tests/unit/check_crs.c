/* CRS identity: definitions of every kind, Gauss-Krüger zones by parameters, refusals, threads, silence. */
#include <fcntl.h>
#include <pthread.h>

#include "base/text.h"
#include "crs/identity.h"
#include "crs_test.h"

#define WGS84_GEOGCS                                                                                                                       \
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],"              \
    "UNIT[\"Degree\",0.0174532925199433]]"
#define ESRI_WEB                                                                                                                           \
    "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\"," WGS84_GEOGCS ",PROJECTION[\"Mercator_Auxiliary_Sphere\"],"                        \
    "PARAMETER[\"False_Easting\",0.0],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",0.0],"                              \
    "PARAMETER[\"Standard_Parallel_1\",0.0],PARAMETER[\"Auxiliary_Sphere_Type\",0.0],UNIT[\"Meter\",1.0]]"

/* One definition and what it is. */
typedef struct sample {
    const char *label, *definition, *code;
    eb_crs_kind kind;
    eb_datum datum;
    int zone, width;
    bool prefixed;
} sample;

static const sample samples[] = {
    {"code", "EPSG:4490", "EPSG:4490", EB_CRS_GEOGRAPHIC, EB_DATUM_CGCS2000, 0, 0, false},
    {"lower case", "epsg:4326", "EPSG:4326", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"bare number", "4528", "EPSG:4528", EB_CRS_GAUSS_KRUGER, EB_DATUM_CGCS2000, 40, 3, true},
    {"blanks in front", " \n EPSG:4528", "EPSG:4528", EB_CRS_GAUSS_KRUGER, EB_DATUM_CGCS2000, 40, 3, true},
    {"urn", "urn:ogc:def:crs:EPSG::4549", "EPSG:4549", EB_CRS_GAUSS_KRUGER, EB_DATUM_CGCS2000, 40, 3, false},
    {"CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"init of old", "+init=epsg:4528 +no_defs", "EPSG:4528", EB_CRS_GAUSS_KRUGER, EB_DATUM_CGCS2000, 40, 3, true},
    {"whole name", "cgcs2000 / 3-degree gauss-kruger zone 39", "EPSG:4527", EB_CRS_GAUSS_KRUGER, EB_DATUM_CGCS2000, 39, 3, true},
    {"three dimensions", "EPSG:4480", "EPSG:4490", EB_CRS_GEOGRAPHIC, EB_DATUM_CGCS2000, 0, 0, false},
    {"compound", "EPSG:4326+5773", "EPSG:4326", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"PROJ degrees", "+proj=longlat +datum=WGS84 +no_defs", "EPSG:4326", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"PROJ without plus signs", "proj=longlat datum=WGS84", "EPSG:4326", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"PROJ, ellipsoid of Xi'an 80", "+proj=longlat +a=6378140 +rf=298.257", "EPSG:4610", EB_CRS_GEOGRAPHIC, EB_DATUM_XIAN80, 0, 0, false},
    {"PROJ zone of Xi'an 80", "+proj=tmerc +lon_0=117 +x_0=39500000 +a=6378140 +rf=298.257", "EPSG:2363", EB_CRS_GAUSS_KRUGER,
     EB_DATUM_XIAN80, 39, 3, true},
    {"PROJ UTM", "+proj=utm +zone=50 +datum=WGS84", "EPSG:32650", EB_CRS_PROJECTED, EB_DATUM_WGS84, 0, 0, false},
    {"PROJ, GRS 80 is no datum", "+proj=tmerc +lon_0=120 +x_0=40500000 +ellps=GRS80", "", EB_CRS_GAUSS_KRUGER, EB_DATUM_OTHER, 40, 3, true},
    {"Web Mercator", "EPSG:3857", "EPSG:3857", EB_CRS_WEB_MERCATOR, EB_DATUM_WGS84, 0, 0, false},
    {"Web Mercator of Google", "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext",
     "EPSG:3857", EB_CRS_WEB_MERCATOR, EB_DATUM_WGS84, 0, 0, false},
    {"Web Mercator of ESRI", ESRI_WEB, "EPSG:3857", EB_CRS_WEB_MERCATOR, EB_DATUM_WGS84, 0, 0, false},
    {"WGS84 of ESRI", WGS84_GEOGCS, "EPSG:4326", EB_CRS_GEOGRAPHIC, EB_DATUM_WGS84, 0, 0, false},
    {"other country", "EPSG:2154", "EPSG:2154", EB_CRS_PROJECTED, EB_DATUM_OTHER, 0, 0, false},
    {"Gauss-Krüger of another datum", "EPSG:28409", "EPSG:28409", EB_CRS_GAUSS_KRUGER, EB_DATUM_OTHER, 9, 6, true},
    {"central meridian of a city", "+proj=tmerc +lon_0=118.5 +x_0=500000 +datum=WGS84", "", EB_CRS_GAUSS_KRUGER, EB_DATUM_WGS84, 0, 0,
     false},
    {"prefix of another zone", "+proj=tmerc +lon_0=117 +x_0=40500000 +datum=WGS84", "", EB_CRS_GAUSS_KRUGER, EB_DATUM_WGS84, 0, 0, false},
    {"scale of another kind", "+proj=tmerc +lon_0=117 +k=0.9999 +x_0=500000 +datum=WGS84", "", EB_CRS_PROJECTED, EB_DATUM_WGS84, 0, 0,
     false},
    {"feet", "EPSG:2227", "EPSG:2227", EB_CRS_PROJECTED, EB_DATUM_OTHER, 0, 0, false},
};

START_TEST(identity)
{
    const sample *s = &samples[_i];
    eb_crs *crs = test_crs(s->definition);
    const eb_crs_info *info = eb_crs_info_get(crs);
    ck_assert_msg(!strcmp(info->code, s->code), "%s: code %s, wanted %s", s->label, info->code, s->code);
    ck_assert_msg(info->kind == s->kind, "%s: kind %d", s->label, info->kind);
    ck_assert_msg(info->datum == s->datum, "%s: datum %d", s->label, info->datum);
    ck_assert_msg(info->zone == s->zone && info->zone_width == s->width && info->prefixed == s->prefixed, "%s: zone %d of %d, prefixed %d",
                  s->label, info->zone, info->zone_width, info->prefixed);
    /* What it writes down is the same again. */
    eb_crs *again = test_crs(eb_crs_wkt(crs));
    ck_assert_msg(eb_crs_same(crs, again), "%s: its WKT is another CRS", s->label);
    ck_assert_msg(!strcmp(eb_crs_info_get(again)->code, s->code) || !strcmp(s->code, "OGC:CRS84"), "%s: code %s again", s->label,
                  eb_crs_info_get(again)->code);
    eb_crs_free(again);
    eb_crs_free(crs);
}
END_TEST

static void check_zone(const char *label, const char *definition, eb_datum datum, int zone, int width, bool prefixed)
{
    char code[32];
    snprintf(code, sizeof code, "EPSG:%d", eb_zone_epsg(datum, zone, width, prefixed));
    eb_crs *crs = test_crs(definition);
    const eb_crs_info *info = eb_crs_info_get(crs);
    const double meridian = eb_zone_meridian(zone, width), east = 500000 + (prefixed ? zone * 1e6 : 0);
    ck_assert_msg(!strcmp(info->code, code), "%s: code %s, wanted %s", label, info->code, code);
    ck_assert_msg(info->kind == EB_CRS_GAUSS_KRUGER && info->datum == datum, "%s: kind %d, datum %d", label, info->kind, info->datum);
    ck_assert_msg(info->zone == zone && info->zone_width == width && info->prefixed == prefixed, "%s: zone %d of %d, prefixed %d", label,
                  info->zone, info->zone_width, info->prefixed);
    ck_assert_msg(info->central_meridian_deg == meridian && info->false_easting_m == east && info->unit == 1,
                  "%s: meridian %g, false easting %g", label, info->central_meridian_deg, info->false_easting_m);
    eb_crs_free(crs);
}

/* Every zone of China, of every datum, by its code and as ESRI writes it. The codes are this tool's own table: PROJ's database is what
 * they are held against. */
START_TEST(every_zone)
{
    const test_datum *d = &test_datums[_i];
    char code[32], wkt[900], label[120];
    for (int width = 3; width <= 6; width += 3)
        for (int zone = width == 6 ? 13 : 25; zone <= (width == 6 ? 23 : 45); zone++)
            for (int prefixed = 0; prefixed < 2; prefixed++) {
                snprintf(code, sizeof code, "EPSG:%d", eb_zone_epsg(d->datum, zone, width, prefixed));
                check_zone(code, code, d->datum, zone, width, prefixed);
                test_esri_zone(d, zone, width, prefixed, NULL, wkt, sizeof wkt);
                snprintf(label, sizeof label, "ESRI %s zone %d of %d degrees, prefixed %d", d->label, zone, width, prefixed);
                check_zone(label, wkt, d->datum, zone, width, prefixed);
            }
    char geographic[400];
    test_esri_geographic(d, geographic, sizeof geographic);
    eb_crs *crs = test_crs(geographic);
    ck_assert_str_eq(eb_crs_info_get(crs)->code, d->code);
    eb_crs_free(crs);
}
END_TEST

START_TEST(named_by_somebody)
{
    char wkt[900];
    static const test_datum user = {EB_DATUM_XIAN80, "", "mine", "D_User_Defined", "IAG_1975", 6378140, 298.257, ""};
    static const test_datum user2000 = {EB_DATUM_CGCS2000, "", "mine", "D_User_Defined", "CGCS2000", 6378137, 298.257222101, ""};
    test_esri_zone(&user, 39, 3, false, "Quzhou plane", wkt, sizeof wkt);
    check_zone("user-defined datum on the ellipsoid of Xi'an 80", wkt, EB_DATUM_XIAN80, 39, 3, false);
    test_esri_zone(&user2000, 40, 3, true, "our plane", wkt, sizeof wkt);
    check_zone("user-defined datum on an ellipsoid called CGCS2000", wkt, EB_DATUM_CGCS2000, 40, 3, true);
    /* 117 E is the meridian of zones 39 (3 degrees) and 20 (6 degrees): only the name can tell. */
    test_esri_zone(&test_datums[0], 20, 6, false, "CGCS2000_GK_CM_117E", wkt, sizeof wkt);
    check_zone("117 E called as 6 degrees", wkt, EB_DATUM_CGCS2000, 20, 6, false);
    test_esri_zone(&test_datums[0], 20, 6, false, "whatever", wkt, sizeof wkt);
    check_zone("117 E called nothing: 3 degrees", wkt, EB_DATUM_CGCS2000, 39, 3, false);
}
END_TEST

START_TEST(code_left_over)
{
    /* Somebody moved the false easting and left the code: the parameters count. */
    eb_crs *crs = test_crs("EPSG:4528");
    char *wkt = strdup(eb_crs_wkt(crs));
    char *at = strstr(wkt, "40500000");
    ck_assert_ptr_nonnull(at);
    at[0] = '3';
    at[1] = '9';
    eb_crs *changed = test_crs(wkt);
    ck_assert_str_eq(eb_crs_info_get(changed)->code, "");
    ck_assert_double_eq(eb_crs_info_get(changed)->false_easting_m, 39500000);
    ck_assert_int_eq(eb_crs_info_get(changed)->zone, 0);
    ck_assert(!eb_crs_same(crs, changed));
    free(wkt);
    eb_crs_free(changed);
    eb_crs_free(crs);
}
END_TEST

START_TEST(texts_of_proj)
{
    eb_proj proj;
    eb_error err = {0};
    EB_ASSERT_OK(eb_proj_open(&proj, &err), &err);
    PJ *object = proj_create(proj.context, "EPSG:4528");
    const char *forms[] = {proj_as_wkt(proj.context, object, PJ_WKT2_2019, NULL), proj_as_projjson(proj.context, object, NULL)};
    for (size_t i = 0; i < 2; i++) check_zone(i ? "PROJJSON" : "WKT2", forms[i], EB_DATUM_CGCS2000, 40, 3, true);
    proj_destroy(object);
    eb_proj_close(&proj);
}
END_TEST

static const struct {
    const char *label, *definition, *message, *hint;
} refusals[] = {
    {"nothing", "", "no CRS given", "EPSG:4490"},
    {"no such code", "EPSG:99999", "unknown CRS \"EPSG:99999\" (no CRS has this code)", "EPSG:4528"},
    {"no such number", "99999", "unknown CRS", "EPSG code"},
    {"garbage", "garbage", "unknown CRS \"garbage\"", "WKT, PROJJSON"},
    {"part of a name", "China", "unknown CRS \"China\" (no such name)", "EPSG code"},
    {"broken WKT", "GEOGCS[\"x\",DATUM[", "unknown CRS", "WKT"},
    {"broken JSON", "{\"type\":", "unknown CRS", "PROJJSON"},
    {"geocentric", "EPSG:4978", "geocentric", "EPSG:4490"},
    {"height", "EPSG:5773", "a height system", "EPSG:4490"},
    {"drawing", "LOCAL_CS[\"x\",UNIT[\"metre\",1]]", "local system", "EPSG:4490"},
    {"turned pole", "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=40", "turns the poles", ""},
    {"an ellipsoid", "EPSG:7030", "unknown CRS", "EPSG"},
    {"an operation", "+proj=pipeline +step +proj=utm +zone=50", "no coordinate system", "EPSG:4490"},
    {"grid in the definition", "+proj=longlat +ellps=krass +nadgrids=ntf_r93.gsb", "a grid or a shift of its own", "--helmert"},
    {"datum against ellipsoid",
     "GEOGCS[\"a\",DATUM[\"D_Xian_1980\",SPHEROID[\"Krasovsky_1940\",6378245.0,298.3]],PRIMEM[\"Greenwich\",0],UNIT[\"Degree\",0."
     "0174532925199433]]",
     "contradicts itself", "which CRS it really is"},
};

START_TEST(refusal)
{
    eb_crs *crs = NULL;
    eb_error err = {0};
    EB_ASSERT_STATUS(eb_crs_new(refusals[_i].definition, &crs, &err), EB_REFUSED, &err);
    ck_assert_ptr_null(crs);
    EB_ASSERT_HAS(err.message, refusals[_i].message);
    EB_ASSERT_HAS(err.hint, refusals[_i].hint);
    EB_ASSERT_STATUS(eb_crs_new(refusals[_i].definition, &crs, NULL), EB_REFUSED, &err);
}
END_TEST

START_TEST(definition_in_chinese)
{
    /* A long one is cut between characters; a datum that nobody can read is known by its ellipsoid. */
    char text[700] = "", wkt[900];
    for (int i = 0; i < 200; i++) memcpy(text + 3 * i, "\xe8\xa1\xa2", 4);
    eb_crs *crs = NULL;
    eb_error err = {0};
    EB_ASSERT_STATUS(eb_crs_new(text, &crs, &err), EB_REFUSED, &err);
    ck_assert(eb_text_is_utf8(err.message, strlen(err.message)));
    ck_assert_uint_gt(strlen(err.message), 100);
    static const test_datum national = {EB_DATUM_CGCS2000, "", "\xe5\x9b\xbd\xe5\xae\xb6", "\xe5\x9b\xbd\xe5\xae\xb6", "CGCS2000", 6378137,
                                        298.257222101,     ""};
    test_esri_zone(&national, 40, 3, true, "\xe8\xa1\xa2\xe5\xb7\x9e", wkt, sizeof wkt);
    check_zone("names in Chinese", wkt, EB_DATUM_CGCS2000, 40, 3, true);
    crs = test_crs("+proj=laea +lat_0=29 +lon_0=118 +datum=WGS84");
    ck_assert_str_eq(eb_crs_info_get(crs)->name, "custom CRS, datum World Geodetic System 1984");
    eb_crs_free(crs);
}
END_TEST

START_TEST(mutations)
{
    /* Definitions with bytes changed, cut out and doubled: a CRS or a refusal with words, nothing else. */
    char wkt[900], text[1000];
    test_esri_zone(&test_datums[0], 40, 3, true, NULL, wkt, sizeof wkt);
    const char *const seeds[] = {
        wkt, "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=40500000 +y_0=0 +a=6378140 +b=6356755.288 +units=m +towgs84=1,2,3,4,5,6,7",
        "{\"type\": \"GeographicCRS\", \"name\": \"x\", \"datum\": {\"type\": \"GeodeticReferenceFrame\", \"name\": \"China 2000\"}}"};
    uint64_t seed = 1000 + (uint64_t)_i;
    for (int round = 0; round < 60; round++) {
        snprintf(text, sizeof text, "%s", seeds[round % 3]);
        for (int change = 0; change < 1 + round % 4; change++) {
            const size_t size = strlen(text), at = (size_t)(test_random(&seed) * (double)size), run = 1 + (size_t)(test_random(&seed) * 9);
            const double what = test_random(&seed);
            if (what < 0.5)
                text[at] = (char)(1 + test_random(&seed) * 254);
            else if (what < 0.8 && at + run < size)
                memmove(text + at, text + at + run, size - at - run + 1);
            else if (size + run < sizeof text && at + run < size)
                memmove(text + at + run, text + at, size - at + 1);
        }
        eb_crs *crs = NULL;
        eb_error err = {0};
        const eb_status status = eb_crs_new(text, &crs, &err);
        ck_assert_msg(status == EB_REFUSED || status == EB_OK, "%s: %s", text, eb_status_name(status));
        ck_assert_msg((status == EB_OK) == (crs != NULL) && (crs || *err.message), "%s", text);
        if (crs) {
            const eb_crs_info *info = eb_crs_info_get(crs);
            ck_assert_msg(isfinite(info->a) && info->a > 0 && isfinite(info->f) && isfinite(info->unit), "%s", text);
            ck_assert_msg(!info->code[0] || info->kind != EB_CRS_GAUSS_KRUGER || info->zone, "%s: %s without a zone", text, info->code);
        }
        eb_crs_free(crs);
    }
}
END_TEST

START_TEST(no_definition)
{
    eb_crs *crs = NULL;
    eb_error err = {0};
    EB_ASSERT_STATUS(eb_crs_new(NULL, &crs, &err), EB_REFUSED, &err);
    eb_crs_free(NULL);
    ck_assert_ptr_null(eb_crs_copy(NULL));
}
END_TEST

static const struct {
    const char *label, *a, *b;
    bool same;
} pairs[] = {
    {"itself", "EPSG:4528", "EPSG:4528", true},
    {"CGCS2000 and WGS84", "EPSG:4490", "EPSG:4326", true},
    {"CRS84", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", true},
    {"zone with and without prefix", "EPSG:4528", "EPSG:4549", false},
    {"neighbours", "EPSG:4528", "EPSG:4527", false},
    {"one plane, two widths", "EPSG:4548", "EPSG:4509", true},
    {"planes of other datums", "EPSG:4528", "EPSG:2364", false},
    {"degrees of other datums", "EPSG:4490", "EPSG:4610", false},
    {"degrees and metres", "EPSG:4490", "EPSG:4528", false},
    {"code and parameters", "EPSG:32650", "+proj=tmerc +lon_0=117 +k=0.9996 +x_0=500000 +datum=WGS84", true},
    {"degrees and grads", "EPSG:4807", "EPSG:4275", false},
    {"other projection", "EPSG:2154", "EPSG:3857", false},
    {"one projection, two forms", "EPSG:2154",
     "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m", false},
    {"one custom projection", "+proj=laea +lat_0=29 +lon_0=118 +datum=WGS84", "+proj=laea +lon_0=118 +lat_0=29 +datum=WGS84 +units=m",
     true},
};

START_TEST(sameness)
{
    eb_crs *a = test_crs(pairs[_i].a), *b = test_crs(pairs[_i].b);
    ck_assert_msg(eb_crs_same(a, b) == pairs[_i].same, "%s", pairs[_i].label);
    ck_assert_msg(eb_crs_same(b, a) == pairs[_i].same, "%s, turned", pairs[_i].label);
    ck_assert(eb_crs_same(a, a));
    ck_assert(!eb_crs_same(a, NULL));
    eb_crs_free(a);
    eb_crs_free(b);
}
END_TEST

START_TEST(geographic)
{
    static const struct {
        const char *definition, *code;
    } rows[] = {
        {"EPSG:4528", "EPSG:4490"}, {"EPSG:2364", "EPSG:4610"}, {"EPSG:2416", "EPSG:4214"}, {"EPSG:3857", "EPSG:4326"},
        {"EPSG:4490", "EPSG:4490"}, {"EPSG:2154", "EPSG:4171"}, {"EPSG:4807", ""},          {"EPSG:4480", "EPSG:4490"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        eb_crs *crs = test_crs(rows[i].definition), *degrees = NULL;
        eb_error err = {0};
        EB_ASSERT_OK(eb_crs_geographic(crs, &degrees, &err), &err);
        const eb_crs_info *info = eb_crs_info_get(degrees);
        ck_assert_msg(!strcmp(info->code, rows[i].code), "%s: %s", rows[i].definition, info->code);
        ck_assert_int_eq(info->kind, EB_CRS_GEOGRAPHIC);
        EB_ASSERT_NEAR("unit", info->unit, 0.017453292519943295, 1e-15);
        ck_assert_double_eq(info->a, eb_crs_info_get(crs)->a);
        eb_crs_free(degrees);
        eb_crs_free(crs);
    }
}
END_TEST

enum { THREADS = 4, ROUNDS = 8 };

static void *share(void *arg)
{
    const eb_crs *crs = arg;
    size_t wrong = 0;
    for (int i = 0; i < ROUNDS; i++) {
        eb_crs *copy = eb_crs_copy(crs), *own = NULL, *degrees = NULL;
        wrong += strcmp(eb_crs_info_get(copy)->code, "EPSG:4528") != 0;
        wrong += eb_crs_new(i % 2 ? "EPSG:4528" : "EPSG:99999", &own, NULL) != (i % 2 ? EB_OK : EB_REFUSED);
        wrong += own && !eb_crs_same(own, copy);
        wrong += eb_crs_geographic(copy, &degrees, NULL) != EB_OK;
        eb_crs_free(degrees);
        eb_crs_free(own);
        eb_crs_free(copy);
    }
    return (void *)wrong;
}

START_TEST(threads)
{
    eb_crs *crs = test_crs("EPSG:4528");
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) ck_assert_int_eq(pthread_create(&thread[i], NULL, share, crs), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        pthread_join(thread[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    eb_crs_free(crs);
}
END_TEST

START_TEST(silence_and_no_network)
{
    char folder[200], file[260];
    eb_test_folder(folder, sizeof folder);
    snprintf(file, sizeof file, "%s/said", folder);
    setenv("PROJ_NETWORK", "ON", 1);
    setenv("PROJ_DEBUG", "3", 1);
    eb_proj proj;
    eb_error err = {0};
    fflush(stderr);
    const int kept = dup(2), to = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ck_assert_int_ge(dup2(to, 2), 0);
    eb_crs *crs = NULL;
    const eb_status status = eb_crs_new("EPSG:99999", &crs, &err);
    EB_ASSERT_OK(eb_proj_open(&proj, &err), &err);
    const int network = proj_context_is_network_enabled(proj.context);
    eb_proj_close(&proj);
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    close(to);
    unsetenv("PROJ_NETWORK");
    unsetenv("PROJ_DEBUG");
    char *said = eb_test_read(file);
    ck_assert_str_eq(said, "");
    free(said);
    unlink(file);
    rmdir(folder);
    ck_assert_int_eq(status, EB_REFUSED);
    ck_assert_int_eq(network, 0);
}
END_TEST

static const struct {
    double lon;
    int width, zone;
} zones[] = {
    {118.4999999, 3, 39}, {118.5, 3, 40},      {121.4999, 3, 40}, {117, 3, 39}, {73.6, 3, 25}, {135, 3, 45},  {118.2, 6, 20},
    {120, 6, 21},         {119.999999, 6, 20}, {0, 6, 31 - 30},   {-75, 3, 95}, {-1, 3, 120},  {1.4, 3, 120}, {1.5, 3, 1},
    {359.9, 6, 60},       {-0.1, 6, 60},       {478.5, 3, 40},    {118, 4, 0},  {NAN, 3, 0},
};

START_TEST(zone_of)
{
    ck_assert_int_eq(eb_zone_of(zones[_i].lon, zones[_i].width), zones[_i].zone);
}
END_TEST

START_TEST(zone_tables)
{
    ck_assert_double_eq(eb_zone_meridian(40, 3), 120);
    ck_assert_double_eq(eb_zone_meridian(20, 6), 117);
    ck_assert_double_eq(eb_zone_meridian(95, 3), -75);
    /* Codes as published by EPSG. */
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 40, 3, true), 4528);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 39, 3, false), 4548);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 20, 6, true), 4498);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 20, 6, false), 4509);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_XIAN80, 40, 3, false), 2385);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_BEIJING54, 20, 6, false), 21460);
    /* None. */
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_WGS84, 40, 3, true), 0);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 46, 3, true), 0);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 24, 6, true), 0);
    ck_assert_int_eq(eb_zone_epsg(EB_DATUM_CGCS2000, 40, 4, true), 0);
}
END_TEST

#define LOOP(function, rows) tcase_add_loop_test(tests, function, 0, (int)(sizeof(rows) / sizeof *(rows)))

int main(void)
{
    Suite *suite = suite_create("crs");
    TCase *tests = tcase_create("identity");
    LOOP(identity, samples);
    LOOP(every_zone, test_datums);
    tcase_add_test(tests, named_by_somebody);
    tcase_add_test(tests, code_left_over);
    tcase_add_test(tests, texts_of_proj);
    LOOP(refusal, refusals);
    tcase_add_test(tests, definition_in_chinese);
    tcase_add_loop_test(tests, mutations, 0, 5);
    tcase_add_test(tests, no_definition);
    LOOP(sameness, pairs);
    tcase_add_test(tests, geographic);
    tcase_add_test(tests, threads);
    tcase_add_test(tests, silence_and_no_network);
    LOOP(zone_of, zones);
    tcase_add_test(tests, zone_tables);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
