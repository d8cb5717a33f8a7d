/* Tables and diagnosis as text, and files that appear complete or not at all. */
#include "eb_test.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ecobelt/report.h>

#include "report/file.h"

static char room[256];

static char *slurp(const char *file)
{
    FILE *in = fopen(file, "rb");
    ck_assert_msg(in != NULL, "cannot read %s", file);
    char *text = calloc(1, 65536);
    const size_t got = fread(text, 1, 65535, in);
    ck_assert_uint_lt(got, 65535);
    fclose(in);
    return text;
}

static void spill(const char *file, const char *text)
{
    FILE *out = fopen(file, "wb");
    ck_assert_msg(out != NULL, "cannot write %s", file);
    fputs(text, out);
    fclose(out);
}

static eb_table *sample(void)
{
    eb_table *table = eb_table_new("park_by_zone", "Park, by zone | 公园");
    eb_table_add_column(table, &(eb_column){.name = "zone", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    eb_table_add_column(table,
                        &(eb_column){.name = "area_km2", .type = EB_COLUMN_REAL, .unit = "km2", .decimals = 2, .role = EB_ROLE_SUMMED});
    eb_table_add_column(table, &(eb_column){.name = "count", .type = EB_COLUMN_INTEGER, .decimals = 0});
    eb_table_add_column(table, &(eb_column){.name = "open", .type = EB_COLUMN_BOOLEAN, .decimals = -1});
    eb_table_add_row(table);
    eb_table_set_text(table, 0, 0, "核心保护区");
    eb_table_set_real(table, 0, 1, 72.3299999999999);
    eb_table_set_integer(table, 0, 2, 3);
    eb_table_set_boolean(table, 0, 3, true);
    eb_table_add_row(table);
    eb_table_set_text(table, 1, 0, "a \"b\", c\nd");
    eb_table_add_row(table);
    eb_table_set_text(table, 2, 0, "");
    eb_table_set_real(table, 2, 1, 0.1);
    eb_table_set_method(table, "geodesic");
    eb_table_add_note(table, "of 252.38 km2");
    return table;
}

START_TEST(csv_follows_rfc_4180)
{
    eb_table *table = sample();
    char *text = NULL;
    eb_error err = {0};
    ck_assert_int_eq(eb_table_to_csv(table, true, &text, &err), EB_OK);
    ck_assert_str_eq(text, "\xEF\xBB\xBFzone,area_km2,count,open\r\n"
                           "核心保护区,72.3299999999999,3,true\r\n"
                           "\"a \"\"b\"\", c\nd\",,,\r\n"
                           "\"\",0.1,,\r\n");
    free(text);
    ck_assert_int_eq(eb_table_to_csv(table, false, &text, &err), EB_OK);
    ck_assert_int_eq(strncmp(text, "zone,", 5), 0);
    free(text);
    eb_table_free(table);
}
END_TEST

START_TEST(csv_of_one_null_column_keeps_its_lines)
{
    eb_table *table = eb_table_new("t", NULL);
    char *text = NULL;
    eb_table_add_column(table, &(eb_column){.name = "a", .type = EB_COLUMN_REAL, .decimals = -1});
    eb_table_add_row(table);
    eb_table_add_row(table);
    eb_table_set_real(table, 1, 0, 5);
    ck_assert_int_eq(eb_table_to_csv(table, false, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "a\r\n\"\"\r\n5\r\n");
    free(text);
    eb_table_free(table);
}
END_TEST

START_TEST(csv_files_come_with_types_and_words)
{
    eb_table *table = sample();
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    ck_assert_int_eq(eb_table_write_csv(table, "t.csv", &err), EB_OK);
    ck_assert_int_eq(eb_table_write_csvt(table, "t.csvt", &err), EB_OK);
    ck_assert_int_eq(eb_table_write_about(table, EB_LANG_ZH, "t.txt", &err), EB_OK);
    char *text = slurp("t.csvt");
    ck_assert_str_eq(text, "\"String\",\"Real\",\"Integer64\",\"Integer(Boolean)\"\r\n");
    free(text);
    text = slurp("t.txt");
    ck_assert_ptr_nonnull(strstr(text, "area_km2: 面积(平方公里)\r\n"));
    ck_assert_ptr_nonnull(strstr(text, "方法: geodesic\r\n说明: of 252.38 km2\r\n"));
    free(text);
    eb_table_free(table);
    eb_test_leave(room);
}
END_TEST

START_TEST(text_is_aligned_by_display_columns)
{
    eb_table *table = sample();
    char *text = NULL;
    ck_assert_int_eq(eb_table_to_text(table, EB_LANG_EN, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "Park, by zone | 公园\n"
                           "Zone        Area (km²)  Count  open\n"
                           "----------  ----------  -----  ----\n"
                           "核心保护区       72.33      3  true\n"
                           "a \"b\", c d           -      -  -\n"
                           "\"\"                0.10      -  -\n"
                           "Method: geodesic\n"
                           "Note: of 252.38 km2\n");
    free(text);
    ck_assert_int_eq(eb_table_to_text_head(table, EB_LANG_EN, 1, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "Park, by zone | 公园\n"
                           "Zone        Area (km²)  Count  open\n"
                           "----------  ----------  -----  ----\n"
                           "核心保护区       72.33      3  true\n"
                           "... and 2 more rows\n"
                           "Method: geodesic\n"
                           "Note: of 252.38 km2\n");
    free(text);
    ck_assert_int_eq(eb_table_to_text_head(table, EB_LANG_EN, 3, &text, NULL), EB_OK);
    EB_ASSERT_HAS_NOT(text, "more rows");
    free(text);
    eb_table_free(table);
}
END_TEST

START_TEST(markdown_escapes_bars)
{
    eb_table *table = sample();
    char *text = NULL;
    ck_assert_int_eq(eb_table_to_markdown(table, EB_LANG_EN, &text, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(text, "### Park, by zone \\| 公园\n\n| Zone | Area (km²) | Count | open |\n|---|---:|---:|---|\n"));
    ck_assert_ptr_nonnull(strstr(text, "| 核心保护区 | 72.33 | 3 | true |\n"));
    free(text);
    eb_table_free(table);
}
END_TEST

START_TEST(json_keeps_types_and_nulls)
{
    eb_table *table = sample();
    char *text = NULL;
    ck_assert_int_eq(eb_table_to_json(table, &text, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(text, "{\"name\":\"area_km2\",\"type\":\"number\",\"unit\":\"km2\"}"));
    ck_assert_ptr_nonnull(strstr(text, "{\"zone\":\"核心保护区\",\"area_km2\":72.3299999999999,\"count\":3,\"open\":true}"));
    ck_assert_ptr_nonnull(strstr(text, "{\"zone\":\"a \\\"b\\\", c\\nd\",\"area_km2\":null,\"count\":null,\"open\":null}"));
    ck_assert_ptr_nonnull(strstr(text, "\"method\":\"geodesic\",\"notes\":[\"of 252.38 km2\"]}"));
    free(text);
    eb_table_free(table);
}
END_TEST

START_TEST(empty_tables_are_written)
{
    eb_table *table = eb_table_new("none", "None");
    char *text = NULL;
    ck_assert_int_eq(eb_table_to_csv(table, false, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "");
    free(text);
    ck_assert_int_eq(eb_table_to_text(table, EB_LANG_EN, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "None\n");
    free(text);
    ck_assert_int_eq(eb_table_to_markdown(table, EB_LANG_EN, &text, NULL), EB_OK);
    free(text);
    ck_assert_int_eq(eb_table_to_json(table, &text, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(text, "\"columns\":[],\"rows\":[]"));
    free(text);
    eb_table_free(table);
}
END_TEST

static const struct heading_row {
    const char *label, *name, *unit, *en, *zh;
} headings[] = {
    {"unit given", "area_m2", "m2", "Area (m²)", "面积(平方米)"},
    {"unit from the name", "clipped_m2", NULL, "Clipped area (m²)", "裁剪后面积(平方米)"},
    {"share", "share_of_zone_pct", "%", "Share of zone (%)", "占分区比例(%)"},
    {"share of something", "clipped_share_of_region_pct", "%", "Clipped area, share of region (%)", "裁剪后面积占全区域比例(%)"},
    {"areas together", "gross_m2", "m2", "Gross area (m²)", "毛面积(平方米)"},
    {"lengths together", "gross_m", "m", "Gross length (m)", "毛长度(米)"},
    {"lengths twice", "overlap_m", "m", "Overlap length (m)", "重叠长度(米)"},
    {"no unit", "count", NULL, "Count", "数量"},
    {"user's own field", "TBMJ", NULL, "TBMJ", "TBMJ"},
    {"user's own field with a mark", "my_field", NULL, "my_field", "my_field"},
    {"unit unknown", "flow", "m3/s", "flow (m3/s)", "flow(m3/s)"},
    {"mu", "area_mu", NULL, "Area (mu)", "面积(亩)"},
};

START_TEST(headings_speak_two_languages)
{
    const struct heading_row *row = &headings[_i];
    const eb_column column = {.name = row->name, .type = EB_COLUMN_REAL, .unit = row->unit};
    char text[128];
    eb_column_heading(&column, EB_LANG_EN, text, sizeof text);
    ck_assert_msg(strcmp(text, row->en) == 0, "%s: %s", row->label, text);
    eb_column_heading(&column, EB_LANG_ZH, text, sizeof text);
    ck_assert_msg(strcmp(text, row->zh) == 0, "%s: %s", row->label, text);
}
END_TEST

START_TEST(a_heading_is_never_cut_inside_a_character)
{
    const eb_column column = {.name = "clipped_m2", .type = EB_COLUMN_REAL};
    for (size_t size = 1; size < 30; size++) {
        char text[40];
        eb_column_heading(&column, EB_LANG_ZH, text, size);
        const size_t length = strlen(text);
        ck_assert_uint_lt(length, size);
        ck_assert_msg(length == 0 || memcmp(text, "裁剪后面积(平方米)", length) == 0, "%zu", size);
        ck_assert_msg(length == 26 || length % 3 == (length > 15), "%zu bytes of %zu", length, size);
    }
}
END_TEST

START_TEST(diagnosis_tells_what_happened)
{
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    char *text = NULL;
    ck_assert_int_eq(eb_diagnosis_to_text(diagnosis, EB_LANG_EN, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "");
    free(text);
    eb_diagnosis_count(diagnosis, "clean", 10, 10);
    eb_diagnosis_count(diagnosis, "park", 12, 11);
    for (int i = 0; i < 7; i++) eb_diagnosis_add(diagnosis, EB_EVENT_REPAIRED, "park", i, 118.5, 29.25, 100, 90.5, "Self-intersection");
    eb_diagnosis_add(diagnosis, EB_EVENT_REJECTED, "park", 9, NAN, NAN, NAN, NAN, "not a polygon");
    eb_diagnosis_add(diagnosis, EB_EVENT_NOTE, "park", EB_NO_FID, NAN, NAN, NAN, NAN, "3 names were cut");
    ck_assert_int_eq(eb_diagnosis_to_text(diagnosis, EB_LANG_EN, &text, NULL), EB_OK);
    ck_assert_str_eq(text, "park: 12 features read\n"
                           "  7 repaired, 700.00 -> 633.50 m²\n"
                           "    feature 0 (118.5, 29.25) 100.00 -> 90.50 m²: Self-intersection\n"
                           "    feature 1 (118.5, 29.25) 100.00 -> 90.50 m²: Self-intersection\n"
                           "    feature 2 (118.5, 29.25) 100.00 -> 90.50 m²: Self-intersection\n"
                           "    feature 3 (118.5, 29.25) 100.00 -> 90.50 m²: Self-intersection\n"
                           "    feature 4 (118.5, 29.25) 100.00 -> 90.50 m²: Self-intersection\n"
                           "    and 2 more\n"
                           "  1 not used\n"
                           "    feature 9: not a polygon\n"
                           "  1 remarks\n"
                           "    3 names were cut\n");
    free(text);
    ck_assert_int_eq(eb_diagnosis_to_text(diagnosis, EB_LANG_ZH, &text, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(text, "7 已修复"));
    free(text);
    eb_diagnosis_free(diagnosis);
}
END_TEST

START_TEST(formats_are_known_by_name)
{
    unsigned flag = 0;
    eb_error err = {0};
    ck_assert_int_eq(eb_format_parse("geojson", &flag, &err), EB_OK);
    ck_assert_uint_eq(flag, EB_FORMAT_GEOJSON);
    ck_assert_int_eq(eb_format_parse("shp", &flag, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.hint, "gpkg"));
    ck_assert_int_eq(eb_format_parse("shp", &flag, NULL), EB_USAGE);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_says_what_to_do)
{
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    ck_assert_int_eq(eb_file_write("missing/t.csv", "x", 1, &err), EB_OUTPUT);
    ck_assert_str_eq(err.file, "missing/t.csv");
    ck_assert_ptr_nonnull(strstr(err.hint, "make the folder"));
    spill("there", "old");
    ck_assert_int_eq(eb_file_write("there", "new", 3, &err), EB_OK);
    char *text = slurp("there");
    ck_assert_str_eq(text, "new");
    free(text);
    eb_test_leave(room);
}
END_TEST

/* A limit on file size fails a write half way as a full disk does, without needing one. */
START_TEST(a_full_disk_leaves_the_old_file_alone)
{
    eb_test_enter(room, sizeof room);
    spill("t.csv", "old");
    const pid_t child = fork();
    if (child == 0) {
        char *big = calloc(1, 100000);
        eb_error err = {0};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
        const eb_status status = eb_file_write("t.csv", big, 100000, &err);
        _exit(status == EB_OUTPUT && strcmp(err.file, "t.csv") == 0 ? 0 : 1);
    }
    int code = -1;
    waitpid(child, &code, 0);
    ck_assert_int_eq(code, 0);
    char *text = slurp("t.csv");
    ck_assert_str_eq(text, "old");
    free(text);
    FILE *list = popen("ls -A | wc -l", "r");
    int entries = 0;
    ck_assert_int_eq(fscanf(list, "%d", &entries), 1);
    pclose(list);
    ck_assert_int_eq(entries, 1);
    eb_test_leave(room);
}
END_TEST

START_TEST(the_system_says_disk_full_and_so_do_we)
{
    eb_error err = {0};
    ck_assert_int_eq(eb_file_failed("out/x.csv", ENOSPC, &err), EB_OUTPUT);
    ck_assert_ptr_nonnull(strstr(err.hint, "free some space"));
    ck_assert_int_eq(eb_file_failed("out/x.csv", EACCES, &err), EB_OUTPUT);
    ck_assert_ptr_nonnull(strstr(err.hint, "may write"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tables = tcase_create("tables");
    tcase_add_test(tables, csv_follows_rfc_4180);
    tcase_add_test(tables, csv_of_one_null_column_keeps_its_lines);
    tcase_add_test(tables, csv_files_come_with_types_and_words);
    tcase_add_test(tables, text_is_aligned_by_display_columns);
    tcase_add_test(tables, markdown_escapes_bars);
    tcase_add_test(tables, json_keeps_types_and_nulls);
    tcase_add_test(tables, empty_tables_are_written);
    tcase_add_loop_test(tables, headings_speak_two_languages, 0, (int)(sizeof headings / sizeof headings[0]));
    tcase_add_test(tables, a_heading_is_never_cut_inside_a_character);
    tcase_add_test(tables, diagnosis_tells_what_happened);
    suite_add_tcase(suite, tables);
    TCase *folders = tcase_create("folders");
    tcase_add_test(folders, formats_are_known_by_name);
    tcase_add_test(folders, a_file_that_cannot_be_written_says_what_to_do);
    tcase_add_test(folders, a_full_disk_leaves_the_old_file_alone);
    tcase_add_test(folders, the_system_says_disk_full_and_so_do_we);
    suite_add_tcase(suite, folders);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
