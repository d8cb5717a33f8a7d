/* What a failing call gives back: the same code whether the caller looks into the error or not (err == NULL). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/ecobelt.h>

static eb_status no_unit(eb_error *err)
{
    eb_area_unit unit;
    return eb_area_unit_parse("acre", &unit, err);
}

static eb_status no_method(eb_error *err)
{
    eb_area_method method;
    return eb_area_method_parse("by eye", &method, err);
}

static eb_status no_frame(eb_error *err)
{
    eb_frame frame;
    return eb_frame_parse("mars", &frame, err);
}

static eb_status no_crs(eb_error *err)
{
    eb_crs *crs = NULL;
    return eb_crs_new("EPSG:0", &crs, err);
}

static eb_status no_zone(eb_error *err)
{
    eb_crs *crs = NULL;
    eb_measure *measure = NULL;
    eb_status status = eb_crs_new("EPSG:4490", &crs, err);
    if (status == EB_OK) status = eb_measure_new(crs, 1000, &measure, err);
    eb_crs_free(crs);
    return status;
}

static eb_status no_sheet(eb_error *err)
{
    eb_sheet sheet;
    return eb_sheet_parse("Z99", &sheet, err);
}

static eb_status no_box(eb_error *err)
{
    double area_m2;
    return eb_sheet_area(EB_DATUM_CGCS2000, 3, 2, 1, 0, &area_m2, err);
}

static eb_status no_levelling(eb_error *err)
{
    const double values[] = {1, 2};
    double rounded[2];
    eb_level level;
    return eb_level_apply(values, 2, &(eb_level_options){.control = 99}, rounded, &level, err);
}

static eb_status no_file(eb_error *err)
{
    eb_source *source = NULL;
    return eb_source_open("/nowhere/at/all.gpkg", NULL, &source, err);
}

static eb_status no_layer(eb_error *err)
{
    eb_source *source = NULL;
    return eb_source_open(TEST_SOURCE_DIR "/LICENSE", NULL, &source, err);
}

static eb_status no_field(eb_error *err)
{
    static const char *const fields[] = {"colour", NULL};
    eb_source *source = NULL;
    return eb_source_open(TEST_SOURCE_DIR "/layers/counties.geojson", &(eb_read_options){.fields = fields}, &source, err);
}

static eb_status no_plan(eb_error *err)
{
    eb_plan *plan = NULL;
    return eb_plan_read("/nowhere/plan.yaml", &(eb_plan_options){0}, NULL, &plan, err);
}

static eb_status no_plan_text(eb_error *err)
{
    eb_plan *plan = NULL;
    return eb_plan_read(TEST_SOURCE_DIR "/LICENSE", &(eb_plan_options){0}, NULL, &plan, err);
}

static eb_status no_format(eb_error *err)
{
    unsigned flag = 0;
    return eb_format_parse("papyrus", &flag, err);
}

static eb_status no_folder(eb_error *err)
{
    return eb_report_check_folder("/nowhere/at/all", false, NULL, err);
}

static eb_status not_a_folder(eb_error *err)
{
    return eb_report_check_folder(TEST_SOURCE_DIR "/LICENSE", false, NULL, err);
}

static eb_status not_a_run(eb_error *err)
{
    return eb_report_check_folder(TEST_SOURCE_DIR, true, NULL, err);
}

static const struct {
    const char *label;
    eb_status (*call)(eb_error *err);
    eb_status code;
} failures[] = {
    {"unit", no_unit, EB_USAGE},
    {"method", no_method, EB_USAGE},
    {"frame", no_frame, EB_USAGE},
    {"CRS", no_crs, EB_REFUSED},
    {"zone", no_zone, EB_USAGE},
    {"sheet", no_sheet, EB_USAGE},
    {"box", no_box, EB_USAGE},
    {"levelling", no_levelling, EB_REFUSED},
    {"missing file", no_file, EB_INPUT},
    {"not a layer", no_layer, EB_INPUT},
    {"missing field", no_field, EB_USAGE},
    {"missing plan", no_plan, EB_INPUT},
    {"plan that is none", no_plan_text, EB_USAGE},
    {"output format", no_format, EB_USAGE},
    {"folder in no folder", no_folder, EB_OUTPUT},
    {"file for a folder", not_a_folder, EB_OUTPUT},
    {"folder of something else", not_a_run, EB_OUTPUT},
};

START_TEST(test_code_without_error)
{
    eb_error err = {0};
    eb_status told = failures[_i].call(&err);
    ck_assert_msg(told == failures[_i].code, "%s: %s: %s", failures[_i].label, eb_status_name(told), err.message);
    ck_assert_msg(err.code == told, "%s: the error says %s, the call %s", failures[_i].label, eb_status_name(err.code),
                  eb_status_name(told));
    ck_assert_msg(err.hint[0], "%s: no hint in \"%s\"", failures[_i].label, err.message);
    eb_status untold = failures[_i].call(NULL);
    ck_assert_msg(untold == told, "%s: %s without an error to fill", failures[_i].label, eb_status_name(untold));
}
END_TEST

START_TEST(test_hint_alone)
{
    eb_error err = {0};
    eb_error_hint(NULL, "nothing to hold it");
    eb_error_hint(&err, "no error that it belongs to");
    ck_assert_int_eq(err.code, EB_OK);
    ck_assert_str_eq(err.hint, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *cases = tcase_create("error");
    tcase_add_loop_test(cases, test_code_without_error, 0, sizeof failures / sizeof *failures);
    tcase_add_test(cases, test_hint_alone);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
