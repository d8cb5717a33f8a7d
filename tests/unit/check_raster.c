/* Heights from rasters, and climbs of profiles. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ecobelt/raster.h>

static char folder[] = "/tmp/check_raster_XXXXXX";

static void file_path(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void write_text(const char *name, const char *text)
{
    char path[200];
    file_path(path, sizeof path, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* 3 x 3 cells of a tenth of a degree from 118 E 29 N; the middle of the lower row is void. */
static const char *const GRID =
    "ncols 3\nnrows 3\nxllcorner 118\nyllcorner 29\ncellsize 0.1\nNODATA_value -9999\n10 20 30\n40 50 60\n70 -9999 90\n";
static const char *const PRJ = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
                               "UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]";

static eb_raster *open_grid(void)
{
    char path[200];
    write_text("dem.asc", GRID);
    write_text("dem.prj", PRJ);
    file_path(path, sizeof path, "dem.asc");
    eb_crs *places = NULL;
    eb_raster *raster = NULL;
    eb_error err = {0};
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &places, &err), EB_OK);
    eb_status status = eb_raster_open(path, places, &raster, &err);
    ck_assert_msg(status == EB_OK, "%s", err.message);
    eb_crs_free(places);
    return raster;
}

static const struct {
    double lon, lat, want; /* NaN: void or outside */
} samples[] = {
    {118.05, 29.25, 10}, {118.15, 29.15, 50},  {118.10, 29.25, 15},
    {118.05, 29.20, 25}, {118.10, 29.20, 30},  {118.00, 29.30, 10}, /* the outermost half cell repeats the edge */
    {118.30, 29.20, 45}, {118.15, 29.05, NAN}, {118.12, 29.08, NAN},
    {118.25, 29.05, 90}, {117.99, 29.1, NAN},  {118.1, 29.31, NAN},
};

START_TEST(test_sample)
{
    eb_raster *raster = open_grid();
    double value;
    ck_assert_int_eq(eb_raster_sample(raster, samples[_i].lon, samples[_i].lat, &value, NULL), EB_OK);
    if (isnan(samples[_i].want))
        ck_assert_msg(isnan(value), "row %d gave %g", _i, value);
    else
        ck_assert_msg(fabs(value - samples[_i].want) < 1e-6, "row %d gave %g", _i, value);
    ck_assert_double_eq_tol(eb_raster_cell_m(raster), 0.1 * 111319.49, 1);
    eb_raster_free(raster);
}
END_TEST

START_TEST(test_refused)
{
    eb_crs *places = NULL;
    eb_raster *raster = NULL;
    eb_error err;
    char path[200];
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &places, &err), EB_OK);
    file_path(path, sizeof path, "missing.tif");
    ck_assert_int_eq(eb_raster_open(path, places, &raster, &err), EB_INPUT);
    ck_assert_str_eq(err.file, path);
    write_text("text.tif", "no raster");
    file_path(path, sizeof path, "text.tif");
    ck_assert_int_eq(eb_raster_open(path, places, &raster, &err), EB_INPUT);
    write_text("bare.asc", GRID);
    file_path(path, sizeof path, "bare.asc");
    ck_assert_int_eq(eb_raster_open(path, places, &raster, &err), EB_REFUSED);
    ck_assert_ptr_null(raster);
    ck_assert(err.hint[0] != '\0');
    eb_crs_free(places);
}
END_TEST

static const struct {
    const char *label;
    size_t count;
    double heights[10];
    double hysteresis, ascent, descent;
    size_t voids, outside;
} climbs[] = {
    {"every step", 5, {0, 3, 1, 4, 2}, 0, 6, 4, 0, 0},
    {"noise below the hysteresis", 7, {100, 101, 100, 102, 100, 101, 100}, 5, 0, 0, 0, 0},
    {"noise on a climb", 8, {100, 110, 108, 120, 117, 130, 128, 140}, 5, 40, 0, 0, 0},
    {"up and down", 5, {0, 50, 100, 60, 20}, 5, 100, 80, 0, 0},
    {"a dip that counts", 5, {0, 100, 90, 95, 200}, 10, 210 - 0, 10, 0, 0},
    {"down first", 4, {100, 40, 44, 90}, 5, 50, 60, 0, 0},
    {"voids between", 5, {0, NAN, NAN, 30, 10}, 5, 30, 20, 2, 0},
    {"voids at the ends", 5, {NAN, 10, 30, NAN, NAN}, 5, 20, 0, 0, 3},
    {"voids between and at the ends", 7, {NAN, 10, NAN, 30, 5, NAN, NAN}, 5, 20, 25, 1, 3},
    {"all void", 3, {NAN, NAN, NAN}, 5, 0, 0, 0, 3},
    {"one point", 1, {7}, 5, 0, 0, 0, 0},
    {"level", 4, {5, 5, 5, 5}, 0, 0, 0, 0, 0},
};

START_TEST(test_climb)
{
    double heights[10], distance[10];
    for (size_t i = 0; i < 10; i++) distance[i] = 100.0 * (double)i;
    memcpy(heights, climbs[_i].heights, sizeof heights);
    eb_climb got;
    eb_climb_sum(heights, distance, climbs[_i].count, climbs[_i].hysteresis, &got);
    ck_assert_msg(fabs(got.ascent_m - climbs[_i].ascent) < 1e-9, "%s: ascent %g", climbs[_i].label, got.ascent_m);
    ck_assert_msg(fabs(got.descent_m - climbs[_i].descent) < 1e-9, "%s: descent %g", climbs[_i].label, got.descent_m);
    ck_assert_msg(got.voids == climbs[_i].voids, "%s: %zu voids", climbs[_i].label, got.voids);
    ck_assert_msg(got.outside == climbs[_i].outside, "%s: %zu outside", climbs[_i].label, got.outside);
    /* Nothing is made up beyond the first and the last. */
    size_t unknown = 0;
    for (size_t i = 0; i < climbs[_i].count; i++) unknown += isnan(heights[i]) ? 1 : 0;
    ck_assert_uint_eq(unknown, climbs[_i].outside);
}
END_TEST

/* Reversed, ascent and descent change places; and both differ by the difference of the ends but for two hystereses. */
START_TEST(test_climb_reversed)
{
    enum { N = 500 };
    double there[N], back[N], distance[N];
    srand(3);
    double h = 300;
    for (int i = 0; i < N; i++) {
        h += rand() % 21 - 10;
        there[i] = back[N - 1 - i] = h;
        distance[i] = i;
    }
    for (double hysteresis = 0; hysteresis < 30; hysteresis += 7) {
        eb_climb up, down;
        eb_climb_sum(there, distance, N, hysteresis, &up);
        eb_climb_sum(back, distance, N, hysteresis, &down);
        ck_assert_double_eq_tol(up.ascent_m, down.descent_m, 2 * hysteresis + 1e-9);
        ck_assert_double_eq_tol(up.ascent_m - up.descent_m, there[N - 1] - there[0], 2 * hysteresis + 1e-9);
    }
}
END_TEST

/* Every file that the tests write. */
static void remove_folder(void)
{
    static const char *const names[] = {"dem.asc", "dem.prj", "text.tif", "bare.asc"};
    char path[200];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        file_path(path, sizeof path, names[i]);
        unlink(path);
    }
    if (rmdir(folder) != 0) perror(folder);
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    Suite *suite = suite_create("raster");
    TCase *cases = tcase_create("raster");
    tcase_add_loop_test(cases, test_sample, 0, (int)(sizeof samples / sizeof *samples));
    tcase_add_test(cases, test_refused);
    tcase_add_loop_test(cases, test_climb, 0, (int)(sizeof climbs / sizeof *climbs));
    tcase_add_test(cases, test_climb_reversed);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    remove_folder();
    return failed == 0 ? 0 : 1;
}
