/* Parameters: strict values, defaults, lists. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <ecobelt/params.h>

static const eb_param params[] = {
    {.key = "lines", .type = EB_PARAM_LAYER, .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL, .metavar = "LINES", .help = "lines"},
    {.key = "width_m", .option = "width", .type = EB_PARAM_REAL, .flags = EB_PARAM_LIST, .min = 0.001, .max = 1e7, .help = "widths"},
    {.key = "side", .type = EB_PARAM_CHOICE, .choices = "both|left|right", .def = "both", .help = "side"},
    {.key = "count", .type = EB_PARAM_INTEGER, .min = 1, .max = 9, .help = "count"},
    {.key = "merge", .type = EB_PARAM_FLAG, .help = "merge"},
    {.key = "solve_area", .type = EB_PARAM_AREA, .min = 1, .max = 1e15, .help = "area"},
    {.key = "names", .type = EB_PARAM_TEXT, .flags = EB_PARAM_LIST, .help = "names"},
};
enum { COUNT = sizeof params / sizeof *params };

static const struct {
    const char *key, *text;
    bool good;
    double number;
} values[] = {
    {"width_m", "2000", true, 2000},
    {"width_m", "2000x", false, 0},
    {"width_m", "-3", false, 0},
    {"width_m", "nan", false, 0},
    {"width_m", "0", false, 0},
    {"width_m", "", false, 0},
    {"side", "left", true, NAN},
    {"side", "lef", false, 0},
    {"side", "left|right", false, 0},
    {"side", "", false, 0},
    {"count", "9", true, 9},
    {"count", "10", false, 0},
    {"count", "2.0", false, 0},
    {"merge", "true", true, 1},
    {"merge", "yes", false, 0},
    {"solve_area", "1000km2", true, 1e9},
    {"solve_area", "15mu", true, 10000},
    {"solve_area", "2.5ha", true, 25000},
    {"solve_area", "7m2", true, 7},
    {"solve_area", "1wanmu", true, 2e7 / 3},
    {"solve_area", "1000", false, 0},
    {"solve_area", "km2", false, 0},
    {"solve_area", "5 km2", true, 5e6},
    {"solve_area", "5  km2", false, 0},
    {"solve_area", " km2", false, 0},
    {"solve_area", "5km²", true, 5e6},
    {"solve_area", "3亩", true, 2000},
    {"solve_area", "3万亩", true, 2e7},
    {"solve_area", "2公顷", true, 2e4},
    {"lines", "", false, 0},
};

START_TEST(test_values)
{
    eb_args *args = eb_args_new(params, COUNT);
    eb_error err;
    eb_status status = eb_args_add(args, values[_i].key, values[_i].text, true, &err);
    ck_assert_msg(status == (values[_i].good ? EB_OK : EB_USAGE), "%s = \"%s\"", values[_i].key, values[_i].text);
    if (values[_i].good && !isnan(values[_i].number)) ck_assert_double_eq_tol(eb_args_real(args, values[_i].key), values[_i].number, 1e-9);
    if (!values[_i].good) ck_assert_msg(strstr(err.message, values[_i].key) != NULL, "the message names the parameter: %s", err.message);
    eb_args_free(args);
}
END_TEST

START_TEST(test_lists_and_defaults)
{
    eb_args *args = eb_args_new(params, COUNT);
    eb_error err;
    ck_assert_int_eq(eb_args_finish(args, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "lines"));
    ck_assert_int_eq(eb_args_add(args, "lines", "a.shp", true, &err), EB_OK);
    ck_assert_int_eq(eb_args_add(args, "lines", "b.shp", true, &err), EB_USAGE);
    ck_assert_int_eq(eb_args_add(args, "width_m", "1,2", true, &err), EB_OK);
    ck_assert_int_eq(eb_args_add(args, "width_m", "3", true, &err), EB_OK);
    ck_assert_int_eq(eb_args_add(args, "width_m", "1,", true, &err), EB_USAGE);
    ck_assert_int_eq(eb_args_add(args, "names", "a,b", false, &err), EB_OK);
    ck_assert_int_eq(eb_args_finish(args, &err), EB_OK);
    ck_assert_uint_eq(eb_args_count(args, "width_m"), 4); /* the good half of "1," went in before the bad half was met */
    ck_assert_double_eq(eb_args_real_at(args, "width_m", 2), 3);
    ck_assert_str_eq(eb_args_text(args, "names"), "a,b");
    ck_assert_str_eq(eb_args_text(args, "side"), "both");
    ck_assert(!eb_args_flag(args, "merge"));
    ck_assert(!eb_args_has(args, "merge"));
    ck_assert_int_eq(eb_args_add(args, "unknown", "1", true, &err), EB_INTERNAL);
    eb_args_free(args);
}
END_TEST

START_TEST(test_option_name)
{
    char name[40];
    ck_assert_str_eq(eb_param_option(&params[1], name, sizeof name), "width");
    ck_assert_str_eq(eb_param_option(&params[5], name, sizeof name), "solve-area");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("params");
    TCase *cases = tcase_create("params");
    tcase_add_loop_test(cases, test_values, 0, sizeof values / sizeof *values);
    tcase_add_test(cases, test_lists_and_defaults);
    tcase_add_test(cases, test_option_name);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
