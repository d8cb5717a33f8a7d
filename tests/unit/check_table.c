/* Tables and the diagnosis. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <ecobelt/table.h>

static eb_table *sample(void)
{
    eb_table *table = eb_table_new("park", "Park by zone");
    eb_table_add_column(table, &(eb_column){.name = "zone", .type = EB_COLUMN_TEXT, .role = EB_ROLE_KEY});
    eb_table_add_column(table,
                        &(eb_column){.name = "area_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 2, .role = EB_ROLE_SUMMED});
    eb_table_add_column(table, &(eb_column){.name = "count", .type = EB_COLUMN_INTEGER, .decimals = 0});
    const char *const names[] = {"core", "buffer", "use"};
    for (size_t i = 0; i < 3; i++) {
        size_t row = eb_table_add_row(table);
        eb_table_set_text(table, row, 0, names[i]);
        eb_table_set_real(table, row, 1, 10.0 * (double)(i + 1));
        eb_table_set_integer(table, row, 2, (int64_t)i);
    }
    return table;
}

START_TEST(test_cells)
{
    eb_table *table = sample();
    char text[40];
    ck_assert_int_eq(eb_table_status(table), EB_OK);
    ck_assert_int_eq(eb_table_find(table, "area_m2"), 1);
    ck_assert_int_eq(eb_table_find(table, "area"), -1);
    ck_assert_double_eq(eb_table_real_at(table, 2, 1), 30);
    ck_assert_double_eq(eb_table_real_at(table, 2, 2), 2);
    ck_assert(isnan(eb_table_real_at(table, 2, 0)));
    ck_assert(isnan(eb_table_real_at(table, 99, 1)));
    eb_table_format_cell(table, 0, 1, 2, text, sizeof text);
    ck_assert_str_eq(text, "10.00");
    eb_table_format_cell(table, 0, 1, -1, text, sizeof text);
    ck_assert_str_eq(text, "10");
    eb_table_set_real(table, 0, 1, NAN);
    ck_assert(eb_table_is_null(table, 0, 1));
    eb_table_format_cell(table, 0, 1, 2, text, sizeof text);
    ck_assert_str_eq(text, "");
    eb_table_set_real(table, 0, 0, 5); /* wrong type: ignored */
    ck_assert_str_eq(eb_table_text_at(table, 0, 0), "core");
    eb_table_free(table);
}
END_TEST

START_TEST(test_late_column_and_order)
{
    eb_table *table = sample();
    size_t late = eb_table_add_column(table, &(eb_column){.name = "late", .type = EB_COLUMN_TEXT});
    ck_assert(eb_table_is_null(table, 1, late));
    const size_t order[] = {2, 0, 1};
    eb_table_reorder(table, order);
    ck_assert_str_eq(eb_table_text_at(table, 0, 0), "use");
    ck_assert_str_eq(eb_table_text_at(table, 2, 0), "buffer");
    ck_assert_int_eq(eb_table_integer_at(table, 1, 2), 0);
    eb_table_free(table);
}
END_TEST

START_TEST(test_copy)
{
    eb_table *table = sample();
    eb_table_set_method(table, "by %s", "hand");
    eb_table_add_note(table, "note %d", 1);
    eb_table *copy = eb_table_copy(table);
    eb_table_set_text(table, 0, 0, "changed");
    ck_assert_str_eq(eb_table_text_at(copy, 0, 0), "core");
    ck_assert_str_eq(eb_table_method(copy), "by hand");
    ck_assert_str_eq(eb_table_note_at(copy, 0), "note 1");
    ck_assert_uint_eq(eb_table_row_count(copy), 3);
    eb_table_free(table);
    eb_table_free(copy);
}
END_TEST

START_TEST(test_diagnosis)
{
    eb_diagnosis *all = eb_diagnosis_new(), *part = eb_diagnosis_new();
    for (int i = 0; i < 150; i++) eb_diagnosis_add(part, EB_EVENT_REPAIRED, "parcels", i, 1, 2, 10, 11, "bow-tie");
    eb_diagnosis_count(part, "parcels", 200, 0);
    ck_assert_uint_eq(eb_diagnosis_case_count(part), 100);
    eb_diagnosis_merge(all, part);
    eb_diagnosis_merge(all, part);
    ck_assert_uint_eq(eb_diagnosis_case_count(all), 100);
    ck_assert_int_eq(eb_diagnosis_total(all, EB_EVENT_REPAIRED), 300);
    ck_assert_int_eq(eb_diagnosis_total(all, EB_EVENT_NULL), 0);
    ck_assert_uint_eq(eb_diagnosis_layer_count(all), 1);
    ck_assert_double_eq(eb_diagnosis_layer_at(all, 0)->repaired_after_m2, 3300);
    ck_assert_int_eq(eb_diagnosis_layer_at(all, 0)->read, 400);
    ck_assert_str_eq(eb_diagnosis_case_at(all, 0)->reason, "bow-tie");
    eb_diagnosis_free(all);
    eb_diagnosis_free(part);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *cases = tcase_create("table");
    tcase_add_test(cases, test_cells);
    tcase_add_test(cases, test_late_column_and_order);
    tcase_add_test(cases, test_copy);
    tcase_add_test(cases, test_diagnosis);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
