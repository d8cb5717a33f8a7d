/* Which rows of a table a condition means. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/where.h"

/* Rows: 0 {2000, Qu Jiang, true, 1.5}, 1 {3000, O'Neil, false, null}, 2 {2000, null, null, -2e3}. */
static eb_table *sample(void)
{
    eb_table *table = eb_table_new("belt", NULL);
    eb_table_add_column(table, &(eb_column){.name = "width_m", .type = EB_COLUMN_REAL, .decimals = 0});
    eb_table_add_column(table, &(eb_column){.name = "name", .type = EB_COLUMN_TEXT});
    eb_table_add_column(table, &(eb_column){.name = "open", .type = EB_COLUMN_BOOLEAN});
    eb_table_add_column(table, &(eb_column){.name = "the area", .type = EB_COLUMN_REAL});
    eb_table_add_column(table, &(eb_column){.name = "count", .type = EB_COLUMN_INTEGER});
    eb_table_add_column(table, &(eb_column){.name = "名称", .type = EB_COLUMN_TEXT});
    for (size_t r = 0; r < 3; r++) {
        eb_table_add_row(table);
        eb_table_set_real(table, r, 0, r == 1 ? 3000 : 2000);
        eb_table_set_integer(table, r, 4, (int64_t)r);
        eb_table_set_text(table, r, 5, r ? "江" : "衢江");
    }
    eb_table_set_text(table, 0, 1, "Qu Jiang");
    eb_table_set_text(table, 1, 1, "O'Neil");
    eb_table_set_boolean(table, 0, 2, true);
    eb_table_set_boolean(table, 1, 2, false);
    eb_table_set_real(table, 0, 3, 1.5);
    eb_table_set_real(table, 2, 3, -2e3);
    return table;
}

static const struct row {
    const char *text, *rows; /* rows that fulfil it */
} good[] = {
    {"width_m = 2000", "02"},
    {"width_m=2000", "02"},
    {"width_m == 2e3", "02"},
    {"width_m <> 2000", "1"},
    {"width_m != 2000", "1"},
    {"width_m > 2000", "1"},
    {"width_m >= 2000", "012"},
    {"width_m < 2500.5", "02"},
    {"width_m <= 2999.999", "02"},
    {"name = 'Qu Jiang'", "0"},
    {"name = 'qu jiang'", ""},
    {"name = 'O''Neil'", "1"},
    {"name is null", "2"},
    {"name is not null", "01"},
    {"NAME_ is null", "*"},
    {"name <> 'Qu Jiang'", "1"},
    {"open = true", "0"},
    {"open <> true", "1"},
    {"\"the area\" = -2000", "2"},
    {"\"the area\" > -1e9", "02"},
    {"width_m = 2000 and name = 'Qu Jiang'", "0"},
    {"width_m = 2000 AND name IS NULL and count > 1", "2"},
    {"  width_m\n=\t2000  ", "02"},
    {"名称 = '衢江'", "0"},
    {"count = 1", "1"},
    {"count = 1.0", "1"},
    {"name = ''", ""},
};

START_TEST(conditions_choose_rows)
{
    const struct row *row = &good[_i];
    eb_table *table = sample();
    eb_where *where = NULL;
    eb_error err = {0};
    char found[8] = "";
    ck_assert_msg(eb_where_parse(row->text, &where, &err) == EB_OK, "%s: %s", row->text, err.message);
    if (strcmp(row->rows, "*") == 0) {
        ck_assert_int_eq(eb_where_check(where, table, &err), EB_USAGE);
    } else {
        ck_assert_msg(eb_where_check(where, table, &err) == EB_OK, "%s: %s", row->text, err.message);
        for (size_t r = 0; r < 3; r++) {
            if (eb_where_holds(where, table, r)) found[strlen(found)] = (char)('0' + r);
        }
        ck_assert_msg(strcmp(found, row->rows) == 0, "%s: rows %s", row->text, found);
    }
    eb_where_free(where);
    eb_table_free(table);
}
END_TEST

static const struct bad_row {
    const char *text, *says;
} bad[] = {
    {"", "column"},
    {"width_m", "ends"},
    {"width_m =", "ends"},
    {"width_m = 2000 and", "ends"},
    {"width_m = 2000 or width_m = 3000", "'or'"},
    {"width_m = 2000x", "'2000x'"},
    {"width_m = name", "'name'"},
    {"width_m => 2000", "'>'"},
    {"name = 'x", "''x'"},
    {"name is 3", "'3'"},
    {"open > true", "number"},
    {"= 3", "'='"},
    {"width_m = 2000;", "';'"},
    {"width_m = 2000)", "')'"},
    {"(width_m = 2000)", "'('"},
    {"width_m = 1e999", "'1e999'"},
    {"width_m = nan", "'nan'"},
    {"width_m = 0x10", "'0x10'"},
    {"width_m = 2000 name = 'x'", "'name'"},
    {"3 = width_m", "'3'"},
    {"name like 'x'", "'like'"},
};

START_TEST(nonsense_is_refused_with_its_word)
{
    eb_where *where = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_where_parse(bad[_i].text, &where, &err) == EB_USAGE, "%s was taken", bad[_i].text);
    ck_assert_ptr_null(where);
    ck_assert_msg(strstr(err.message, bad[_i].says), "%s: %s", bad[_i].text, err.message);
    ck_assert_ptr_nonnull(strstr(err.hint, "width_m = 2000"));
}
END_TEST

/* The same table as features without shapes. */
START_TEST(features_are_chosen_as_rows_are)
{
    const struct row *row = &good[_i];
    eb_table *table = sample();
    eb_schema *schema = eb_schema_new("belt", EB_SHAPE_UNKNOWN, NULL);
    static const eb_field_type types[] = {EB_FIELD_REAL, EB_FIELD_TEXT, EB_FIELD_BOOLEAN, EB_FIELD_REAL, EB_FIELD_INTEGER, EB_FIELD_TEXT};
    for (size_t c = 0; c < 6; c++) ck_assert_int_ge(eb_schema_add_field(schema, eb_table_column_at(table, c)->name, types[c]), 0);
    eb_batch *batch = eb_batch_new(schema);
    for (size_t r = 0; r < 3; r++) {
        ck_assert(eb_batch_add(batch, (int64_t)r, (eb_wkb){NULL, 0}));
        for (size_t c = 0; c < 6; c++) {
            if (eb_table_is_null(table, r, c)) continue;
            if (types[c] == EB_FIELD_TEXT) ck_assert(eb_batch_set_text(batch, c, eb_table_text_at(table, r, c)));
            if (types[c] == EB_FIELD_REAL) ck_assert(eb_batch_set_real(batch, c, eb_table_real_at(table, r, c)));
            if (types[c] == EB_FIELD_INTEGER) ck_assert(eb_batch_set_integer(batch, c, eb_table_integer_at(table, r, c)));
            if (types[c] == EB_FIELD_BOOLEAN) ck_assert(eb_batch_set_integer(batch, c, eb_table_boolean_at(table, r, c)));
        }
    }
    eb_where *where = NULL;
    eb_error err = {0};
    char found[8] = "";
    ck_assert_int_eq(eb_where_parse(row->text, &where, &err), EB_OK);
    const bool known = strcmp(row->rows, "*") != 0;
    ck_assert_int_eq(eb_where_check_schema(where, schema, &err), known ? EB_OK : EB_USAGE);
    for (size_t r = 0; known && r < 3; r++) {
        if (eb_where_holds_feature(where, batch, r)) found[strlen(found)] = (char)('0' + r);
    }
    if (known) ck_assert_msg(strcmp(found, row->rows) == 0, "%s: features %s", row->text, found);
    eb_where_free(where);
    eb_batch_free(batch);
    eb_schema_free(schema);
    eb_table_free(table);
}
END_TEST

START_TEST(kinds_must_fit_the_column)
{
    static const char *const texts[] = {"name = 3", "width_m = '2000'", "open = 1", "open = 'true'", "nothing = 1"};
    eb_table *table = sample();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        eb_where *where = NULL;
        eb_error err = {0};
        ck_assert_int_eq(eb_where_parse(texts[i], &where, &err), EB_OK);
        ck_assert_msg(eb_where_check(where, table, &err) == EB_USAGE, "%s fits", texts[i]);
        eb_where_free(where);
    }
    ck_assert(eb_where_holds(NULL, table, 0));
    ck_assert_uint_eq(eb_where_count(NULL), 0);
    ck_assert_int_eq(eb_where_check(NULL, table, NULL), EB_OK);
    eb_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("where");
    TCase *tcase = tcase_create("where");
    tcase_add_loop_test(tcase, conditions_choose_rows, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(tcase, nonsense_is_refused_with_its_word, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_loop_test(tcase, features_are_chosen_as_rows_are, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_test(tcase, kinds_must_fit_the_column);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
