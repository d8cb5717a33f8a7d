/* Runs the case files of tests/cases/area: each figure within its tolerance, whose unit must fit, each case with a source. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/geom.h>
#include <ecobelt/measure.h>

#include "base/text.h"

enum { LINE = 8192, MOST_EXPECT = 8, LEAST_CASES = 40 };

typedef struct expectation {
    char what[32];
    bool none;
    double value, tolerance;
} expectation;

typedef struct area_case {
    char name[256], crs[64], shape[LINE];
    int line, zone;
    bool source;
    size_t count;
    expectation expect[MOST_EXPECT];
} area_case;

/* The next word of a line, or "". */
static const char *take_word(char **at)
{
    while (**at == ' ') (*at)++;
    char *word = *at;
    while (**at && **at != ' ') (*at)++;
    if (**at) *(*at)++ = '\0';
    return word;
}

static const struct {
    const char *what, *unit;
} figures[] = {{"official", "m2"}, {"unrounded", "m2"}, {"geodesic", "m2"}, {"planar", "m2"}, {"length", "m"}};

static void read_expectation(area_case *c, char *rest)
{
    ck_assert_msg(c->count < MOST_EXPECT, "%s: too many expectations", c->name);
    expectation *e = &c->expect[c->count++];
    snprintf(e->what, sizeof e->what, "%s", take_word(&rest));
    if (strcmp(e->what, "refused") == 0) return;
    const char *value = take_word(&rest);
    if (strcmp(e->what, "zone") == 0) {
        ck_assert_msg(eb_text_to_real(value, &e->value), "%s: \"%s\" is no zone", c->name, value);
        return;
    }
    size_t f = 0;
    while (f < sizeof figures / sizeof *figures && strcmp(figures[f].what, e->what) != 0) f++;
    ck_assert_msg(f < sizeof figures / sizeof *figures, "%s: nothing called \"%s\"", c->name, e->what);
    e->none = strcmp(value, "none") == 0;
    if (e->none) return;
    ck_assert_msg(eb_text_to_real(value, &e->value), "%s: \"%s\" is no number", c->name, value);
    ck_assert_msg(strcmp(take_word(&rest), "tolerance") == 0, "%s: a figure needs a tolerance", c->name);
    ck_assert_msg(eb_text_to_real(take_word(&rest), &e->tolerance), "%s: a tolerance is a number", c->name);
    const char *unit = take_word(&rest);
    ck_assert_msg(strcmp(unit, figures[f].unit) == 0, "%s: tolerance in \"%s\", not in %s", c->name, unit, figures[f].unit);
}

static double figure_of(const eb_size *size, double length, const char *what)
{
    if (strcmp(what, "official") == 0) return size->official_m2;
    if (strcmp(what, "unrounded") == 0) return size->official_unrounded_m2;
    if (strcmp(what, "geodesic") == 0) return size->geodesic_m2;
    if (strcmp(what, "planar") == 0) return size->planar_m2;
    if (strcmp(what, "length") == 0) return length;
    return size->zone;
}

static bool wants_refusal(const area_case *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->expect[i].what, "refused") == 0) return true;
    return false;
}

/* Only what the case asks for: a ring about the pole has a geodesic area and no official one. */
static unsigned wanted(const area_case *c)
{
    unsigned want = 0;
    for (size_t i = 0; i < c->count; i++) {
        const char *what = c->expect[i].what;
        if (strcmp(what, "geodesic") == 0) want |= EB_WANT_GEODESIC;
        if (strcmp(what, "planar") == 0) want |= EB_WANT_PLANAR;
        if (strcmp(what, "official") == 0 || strcmp(what, "unrounded") == 0 || strcmp(what, "zone") == 0) want |= EB_WANT_OFFICIAL;
    }
    return want ? want : EB_WANT_OFFICIAL;
}

static void check_measured(const area_case *c, eb_measure *measure, eb_wkb wkb)
{
    eb_size size;
    eb_error err = {.message = ""};
    double length = NAN;
    eb_status status = eb_measure_area(measure, wkb, wanted(c), &size, &err);
    if (wants_refusal(c)) {
        ck_assert_msg(status == EB_REFUSED && err.hint[0], "%s: %s, %s", c->name, eb_status_name(status), err.message);
        return;
    }
    ck_assert_msg(status == EB_OK, "%s: %s", c->name, err.message);
    ck_assert_int_eq(eb_measure_length(measure, wkb, &length, &err), EB_OK);
    for (size_t i = 0; i < c->count; i++) {
        const expectation *e = &c->expect[i];
        const double got = figure_of(&size, length, e->what);
        if (e->none)
            ck_assert_msg(isnan(got), "%s: %s is %.10g, there should be none", c->name, e->what, got);
        else
            ck_assert_msg(fabs(got - e->value) <= e->tolerance, "%s: %s is %.15g, not %.15g (off by %.3g)", c->name, e->what, got, e->value,
                          got - e->value);
    }
}

static void run_case(const area_case *c)
{
    eb_crs *crs = NULL;
    eb_geos *geos = NULL;
    eb_shape *shape = NULL;
    eb_measure *measure = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_error err = {.message = ""};
    ck_assert_msg(c->source, "line %d: %s has no source", c->line, c->name);
    ck_assert_msg(c->count > 0, "line %d: %s expects nothing", c->line, c->name);
    ck_assert_msg(eb_crs_new(c->crs, &crs, &err) == EB_OK, "%s: %s", c->name, err.message);
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
    ck_assert_msg(eb_shape_from_text(geos, c->shape, &shape, &err) == EB_OK, "%s: %s", c->name, err.message);
    ck_assert_int_eq(eb_shape_write(geos, shape, &data, &size, &err), EB_OK);
    ck_assert_msg(eb_measure_new(crs, c->zone, &measure, &err) == EB_OK, "%s: %s", c->name, err.message);
    check_measured(c, measure, (eb_wkb){.data = data, .size = size});
    free(data);
    eb_measure_free(measure);
    eb_shape_free(geos, shape);
    eb_geos_free(geos);
    eb_crs_free(crs);
}

/* One line into the case it belongs to. True: it starts a new case. */
static bool read_line(area_case *c, char *line)
{
    char *rest = line;
    const char *word = take_word(&rest);
    int64_t zone = 0;
    if (strcmp(word, "case") == 0) return true;
    if (strcmp(word, "crs") == 0) {
        snprintf(c->crs, sizeof c->crs, "%s", rest);
    } else if (strcmp(word, "zone") == 0) {
        ck_assert(eb_text_to_integer(rest, &zone));
        c->zone = (int)zone;
    } else if (strcmp(word, "shape") == 0) {
        snprintf(c->shape, sizeof c->shape, "%s", rest);
    } else if (strcmp(word, "expect") == 0) {
        read_expectation(c, rest);
    } else if (strcmp(word, "source") == 0) {
        c->source = strlen(rest) > 5;
    } else {
        ck_assert_msg(*word == '\0' || *word == '#', "line %d: what is \"%s\"?", c->line, word);
    }
    return false;
}

START_TEST(test_cases)
{
    static const char *const files[] = {"official.case"};
    char path[1024], line[LINE];
    snprintf(path, sizeof path, "%s/tests/cases/area/%s", TEST_SOURCE_DIR, files[_i]);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    static area_case c;
    int number = 0, cases = 0;
    while (fgets(line, sizeof line, file)) {
        number++;
        ck_assert_msg(strchr(line, '\n') != NULL, "line %d is too long", number);
        line[strcspn(line, "\n")] = '\0';
        char copy[LINE];
        snprintf(copy, sizeof copy, "%s", line);
        if (!read_line(&c, line)) continue;
        if (cases++ > 0) run_case(&c);
        c = (area_case){.line = number};
        snprintf(c.name, sizeof c.name, "%.250s", copy);
    }
    fclose(file);
    run_case(&c);
    ck_assert_int_ge(cases, LEAST_CASES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("area_cases");
    TCase *cases = tcase_create("cases");
    tcase_add_loop_test(cases, test_cases, 0, 1);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
