/* What people see: the progress line, tables in a unit, file names of further results. */
#include <unistd.h>

#include "base/text.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "eb_test.h"

static const struct {
    const char *task;
    double done, total, elapsed_s;
    size_t columns;
    const char *want;
} lines[] = {
    {"reading", 0, 100, 0, 80, "  0 % [>                             ] reading"},
    {"reading", 50, 100, 10, 80, " 50 % [===============>              ] reading  5.0/s  10 s left"},
    {"reading", 100, 100, 10, 80, "100 % [==============================] reading  10/s  0 s left"},
    {"reading", 200, 100, 10, 80, "100 % [==============================] reading  20/s  0 s left"},
    {"reading", 3e6, 4e6, 2, 90, " 75 % [======================>       ] reading  1.5 M/s  1 s left"},
    {"reading", 25000, 1e6, 1, 90, "  2 % [>                             ] reading  25 k/s  39 s left"},
    {"reading", 1, 3601, 1, 90, "  0 % [>                             ] reading  1.0/s  1:00:00 left"},
    {"reading", 1, 188, 1, 90, "  0 % [>                             ] reading  1.0/s  3:07 left"},
    {"reading", 1200, 0, 2, 80, "reading  600/s"},
    {"reading", 0, 0, 0.9, 80, "reading"},
    {"reading", 0, 0, 2, 80, "reading  2 s so far"},
    {"reading parcels", 50, 100, 10, 20, " 50 % [============"},
    {"叠加分析", 0, 0, 0, 8, "叠加分"},
    {"叠加分析", 0, 0, 0, 7, "叠加分"},
    {"叠加分析", 0, 0, 0, 6, "叠加"},
};

START_TEST(test_progress_line)
{
    char text[512];
    eb_progress_line(text, sizeof text, lines[_i].task, lines[_i].done, lines[_i].total, lines[_i].elapsed_s, lines[_i].columns);
    ck_assert_str_eq(text, lines[_i].want);
    ck_assert_uint_lt(eb_text_width(text), lines[_i].columns);
}
END_TEST

static const struct {
    const char *file, *suffix, *want;
} names[] = {
    {"belt.gpkg", "", "belt.gpkg"},
    {"belt.gpkg", "rejects", "belt_rejects.gpkg"},
    {"a.b/belt", "rejects", "a.b/belt_rejects"},
    {"a.b/belt.tar.shp", "x", "a.b/belt.tar_x.shp"},
    {"/belt.geojson", "x", "/belt_x.geojson"},
};

START_TEST(test_file_for)
{
    char *name = eb_out_file_for(names[_i].file, names[_i].suffix);
    ck_assert_str_eq(name, names[_i].want);
    free(name);
}
END_TEST

static const struct {
    const char *file;
    eb_table_format want;
} formats[] = {
    {"a.csv", EB_TABLE_CSV},      {"a.CSV", EB_TABLE_CSV},   {"a.json", EB_TABLE_JSON}, {"a.md", EB_TABLE_MARKDOWN},
    {"a.geojson", EB_TABLE_NONE}, {"a.gpkg", EB_TABLE_NONE}, {"a", EB_TABLE_NONE},      {"csv/a", EB_TABLE_NONE},
    {"a.csv/b", EB_TABLE_NONE},   {"-", EB_TABLE_NONE},      {"", EB_TABLE_NONE},
};

START_TEST(test_table_format)
{
    ck_assert_msg(eb_out_table_format(formats[_i].file) == formats[_i].want, "%s", formats[_i].file);
}
END_TEST

static eb_table *areas(void)
{
    eb_table *table = eb_table_new("areas", "Areas");
    eb_table_set_method(table, "100%% exact");
    eb_table_add_note(table, "share of the city");
    eb_table_add_column(table, &(eb_column){.name = "zone", .type = EB_COLUMN_TEXT, .role = EB_ROLE_KEY});
    eb_table_add_column(table,
                        &(eb_column){.name = "area_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 2, .role = EB_ROLE_SUMMED});
    eb_table_add_column(table, &(eb_column){.name = "gross_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = -1});
    eb_table_add_column(table, &(eb_column){.name = "area_km2", .type = EB_COLUMN_REAL, .unit = "km2", .decimals = 6});
    eb_table_add_column(table, &(eb_column){.name = "length_m", .type = EB_COLUMN_REAL, .unit = "m", .decimals = 1});
    for (int i = 0; i < 2; i++) {
        size_t row = eb_table_add_row(table);
        eb_table_set_text(table, row, 0, i ? "b" : "a");
        eb_table_set_real(table, row, 4, 7.5);
        if (i) continue; /* the second row's areas are null */
        eb_table_set_real(table, row, 1, 1e6);
        eb_table_set_real(table, row, 2, 2e6);
        eb_table_set_real(table, row, 3, 1);
    }
    return table;
}

START_TEST(test_unit_shows_each_area_once)
{
    eb_table *table = areas(), *out = eb_out_in_unit(table, EB_UNIT_MU);
    ck_assert_uint_eq(eb_table_column_count(out), 4);
    ck_assert_str_eq(eb_table_column_at(out, 1)->name, "area_mu");
    ck_assert_str_eq(eb_table_column_at(out, 1)->unit, "mu");
    ck_assert_str_eq(eb_table_column_at(out, 2)->name, "gross_mu");
    ck_assert_str_eq(eb_table_column_at(out, 3)->name, "length_m");
    EB_ASSERT_NEAR("1 km2 is 1500 mu", eb_table_real_at(out, 0, 1), 1500, 1e-9);
    EB_ASSERT_NEAR("2 km2 are 3000 mu", eb_table_real_at(out, 0, 2), 3000, 1e-9);
    EB_ASSERT_NEAR("lengths stay", eb_table_real_at(out, 0, 3), 7.5, 0);
    ck_assert(eb_table_is_null(out, 1, 1));
    ck_assert_str_eq(eb_table_text_at(out, 1, 0), "b");
    ck_assert_str_eq(eb_table_method(out), "100% exact");
    ck_assert_str_eq(eb_table_note_at(out, 0), "share of the city");
    ck_assert_int_eq(eb_table_column_at(out, 2)->decimals, -1);
    ck_assert_int_gt(eb_table_column_at(out, 1)->decimals, 2);
    eb_table_free(out);
    eb_table_free(table);
}
END_TEST

START_TEST(test_check_output)
{
    char folder[256], file[300], missing[300];
    eb_error err = {0};
    eb_cli cli = {.overwrite = false};
    eb_test_folder(folder, sizeof folder);
    snprintf(file, sizeof file, "%s/a.csv", folder);
    snprintf(missing, sizeof missing, "%s/no/a.csv", folder);
    EB_ASSERT_OK(eb_cli_check_output(&cli, file, &err), &err);
    EB_ASSERT_OK(eb_out_write_text(&cli, file, "one", &err), &err);
    EB_ASSERT_STATUS(eb_cli_check_output(&cli, file, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.message, "exists already");
    EB_ASSERT_HAS(err.hint, "--overwrite");
    EB_ASSERT_STATUS(eb_out_write_text(&cli, file, "two", &err), EB_OUTPUT, &err);
    char *text = eb_test_read(file);
    ck_assert_str_eq(text, "one");
    free(text);
    cli.overwrite = true;
    EB_ASSERT_OK(eb_out_write_text(&cli, file, "two", &err), &err);
    EB_ASSERT_STATUS(eb_cli_check_output(&cli, missing, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.message, "does not exist");
    EB_ASSERT_STATUS(eb_cli_check_output(&cli, folder, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.message, "is a folder");
    EB_ASSERT_STATUS(eb_cli_check_output(&cli, "", &err), EB_USAGE, &err);
    ck_assert_int_eq(unlink(file), 0);
    /* Nothing temporary is left beside it. */
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof *table)

int main(void)
{
    Suite *suite = suite_create("cli_out");
    TCase *tests = tcase_create("out");
    tcase_add_loop_test(tests, test_progress_line, 0, ROWS(lines));
    tcase_add_loop_test(tests, test_file_for, 0, ROWS(names));
    tcase_add_loop_test(tests, test_table_format, 0, ROWS(formats));
    tcase_add_test(tests, test_unit_shows_each_area_once);
    tcase_add_test(tests, test_check_output);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
