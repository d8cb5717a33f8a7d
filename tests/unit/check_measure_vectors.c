/* Reference data that do not ship: official areas, geodesics of the GeodTest set, areas of the planimeter's tests. Skipped without them. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/measure.h>

#include "base/text.h"
#include "measure/geodesic.h"
#include "measure/official.h"

enum { LINE = 2000, MOST_POINTS = 16, SKIPPED = 77 };

static void path_of(const char *name, char *path, size_t size)
{
    const char *data = getenv("ECOBELT_DATA");
    if (data && *data)
        snprintf(path, size, "%s/vectors/%s", data, name);
    else
        snprintf(path, size, "%s/../shared/data/vectors/%s", TEST_SOURCE_DIR, name);
}

static FILE *open_vectors(const char *name)
{
    char path[1024];
    path_of(name, path, sizeof path);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    return file;
}

/* Split a line at a character, in place; returns the number of parts. */
static size_t split(char *line, char at, char **parts, size_t most)
{
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    while (count < most) {
        parts[count++] = line;
        line = strchr(line, at);
        if (!line) break;
        *line++ = '\0';
    }
    return count;
}

/* Numbers with or without a zero before the point. */
static double number(const char *text)
{
    char full[64];
    double value = NAN;
    const bool minus = *text == '-';
    snprintf(full, sizeof full, "%s%s%s", minus ? "-" : "", text[minus] == '.' ? "0" : "", text + minus);
    ck_assert_msg(eb_text_to_real(full, &value), "\"%s\" is no number", text);
    return value;
}

/* "a b;a b;…" to x y pairs; @p swap: the first of a pair is y. */
static size_t points(char *text, bool swap, double *xy)
{
    char *pairs[MOST_POINTS], *two[2];
    const size_t count = split(text, ';', pairs, MOST_POINTS);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(split(pairs[i], ' ', two, 2), 2);
        xy[2 * i + swap] = number(two[0]);
        xy[2 * i + !swap] = number(two[1]);
    }
    return count;
}

static eb_wkb_part part_of(const double *xy, size_t count)
{
    return (eb_wkb_part){.kind = EB_SHAPE_POLYGON, .count = count, .dims = 2, .coords = (const uint8_t *)xy};
}

START_TEST(test_official)
{
    FILE *file = open_vectors("official_area.csv");
    char line[LINE], *field[8];
    int rows = 0;
    while (fgets(line, sizeof line, file)) {
        if (*line == '#' || strncmp(line, "name,", 5) == 0) continue;
        double xy[2 * MOST_POINTS], area;
        eb_official official;
        ck_assert_uint_eq(split(line, ',', field, 8), 8);
        ck_assert(eb_official_init(&official, strcmp(field[1], "xian80") == 0 ? EB_DATUM_XIAN80 : EB_DATUM_CGCS2000));
        const double zone = number(field[2]);
        const eb_official_frame frame = {.plane = true, .meridian_deg = 3 * zone, .false_easting_m = zone * 1e6 + 5e5};
        eb_wkb_part ring = part_of(xy, points(field[3], true, xy));
        ck_assert_int_eq(eb_official_ring(&official, &frame, &ring, &area, NULL), EB_OK);
        ck_assert_msg(fabs(area - number(field[4])) < 0.01, "%s: %.4f, not %s", field[0], area, field[4]);
        ck_assert_msg(fabs(area - number(field[5])) < 0.003, "%s: %.6f, not %s", field[0], area, field[5]);
        rows++;
    }
    fclose(file);
    ck_assert_int_ge(rows, 5);
}
END_TEST

START_TEST(test_planimeter)
{
    FILE *file = open_vectors("planimeter_known_areas.csv");
    char line[LINE], *field[5];
    eb_geodesic g;
    int rows = 0;
    eb_geodesic_init(&g, 6378137, 1 / 298.257223563);
    while (fgets(line, sizeof line, file)) {
        double xy[2 * MOST_POINTS], area;
        const size_t fields = split(line, ',', field, 5);
        if (fields < 4 || strcmp(field[1], "geodesic") != 0) continue;
        eb_wkb_part ring = part_of(xy, points(field[0], true, xy));
        ck_assert_int_eq(eb_geodesic_ring(&g, &ring, &area, NULL), EB_OK);
        ck_assert_msg(fabs(area - number(field[2])) <= number(field[3]), "%.6f, not %s", area, field[2]);
        rows++;
    }
    fclose(file);
    ck_assert_int_ge(rows, 5);
}
END_TEST

/* lat1 lon1 azi1 lat2 lon2 azi2 s12 a12 m12 S12 on WGS84, in high precision. */
START_TEST(test_geodesics)
{
    FILE *file = open_vectors("GeodTest-100.dat");
    char line[LINE], *field[10];
    int rows = 0;
    while (fgets(line, sizeof line, file)) {
        if (split(line, ' ', field, 10) != 10) continue;
        const double s = eb_distance_m(6378137, 1 / 298.257223563, number(field[1]), number(field[0]), number(field[4]), number(field[3]));
        ck_assert_msg(fabs(s - number(field[6])) < 1e-6, "%.9f, not %s", s, field[6]);
        rows++;
    }
    fclose(file);
    ck_assert_int_ge(rows, 100);
}
END_TEST

int main(void)
{
    char path[1024];
    path_of("official_area.csv", path, sizeof path);
    FILE *file = fopen(path, "r");
    if (!file) {
        printf("skipped: no reference data at %s (ECOBELT_DATA)\n", path);
        return SKIPPED;
    }
    fclose(file);
    Suite *suite = suite_create("measure_vectors");
    TCase *cases = tcase_create("vectors");
    tcase_add_test(cases, test_official);
    tcase_add_test(cases, test_planimeter);
    tcase_add_test(cases, test_geodesics);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
