/* The analysis `area` on layers in memory: what files can hardly hold, and the same result for any number of threads. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/analysis.h>

#include "test_shapes.h"

/* A workspace of one layer in, one layer and some tables out. */
typedef struct fixture {
    eb_layer *in, *out;
    eb_table *tables[4];
    size_t table_count;
    bool wants_layer;
    eb_diagnosis *diagnosis;
} fixture;

static eb_status open_layer(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    fixture *f = self;
    (void)name;
    return eb_source_from_layer(f->in, options, out, err);
}

static eb_status create_layer(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err)
{
    fixture *f = self;
    *out = NULL;
    if (!f->wants_layer || *role) return EB_OK;
    f->out = eb_layer_new(schema);
    return eb_sink_to_layer(f->out, out, err);
}

static eb_status add_table(void *self, eb_table *table_take, eb_error *err)
{
    fixture *f = self;
    (void)err;
    ck_assert_uint_lt(f->table_count, 4);
    f->tables[f->table_count++] = table_take;
    return EB_OK;
}

/* A layer of degrees with a text, an integer and a real field. */
static void begin(fixture *f)
{
    eb_crs *crs = NULL;
    *f = (fixture){.diagnosis = eb_diagnosis_new()};
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, NULL), EB_OK);
    eb_schema *schema = eb_schema_new("parcels", EB_SHAPE_POLYGON, crs);
    ck_assert_int_eq(eb_schema_add_field(schema, "class", EB_FIELD_TEXT), 0);
    ck_assert_int_eq(eb_schema_add_field(schema, "number", EB_FIELD_INTEGER), 1);
    f->in = eb_layer_new(schema);
    ck_assert_ptr_nonnull(f->in);
    eb_schema_free(schema);
    eb_crs_free(crs);
}

static void add(fixture *f, int64_t fid, const char *class, int64_t number, const test_wkb *wkb)
{
    eb_batch *tail = eb_layer_tail(f->in);
    ck_assert(eb_batch_add(tail, fid, wkb ? (eb_wkb){wkb->data, wkb->size} : (eb_wkb){NULL, 0}));
    if (class) ck_assert(eb_batch_set_text(tail, 0, class));
    ck_assert(eb_batch_set_integer(tail, 1, number));
}

static void end(fixture *f)
{
    for (size_t i = 0; i < f->table_count; i++) eb_table_free(f->tables[i]);
    eb_layer_free(f->in);
    eb_layer_free(f->out);
    eb_diagnosis_free(f->diagnosis);
}

/* Run with "key=value" words. */
static eb_status run(fixture *f, int threads, const char *const *words, eb_error *err)
{
    const eb_analysis *area = eb_analysis_find("area");
    eb_args *args = eb_args_new(area->params, area->param_count);
    ck_assert_int_eq(eb_args_add(args, "layer", "parcels", false, err), EB_OK);
    for (; *words; words++) {
        char key[64];
        const char *equals = strchr(*words, '=');
        snprintf(key, sizeof key, "%.*s", (int)(equals - *words), *words);
        ck_assert_int_eq(eb_args_add(args, key, equals + 1, false, err), EB_OK);
    }
    ck_assert_int_eq(eb_args_finish(args, err), EB_OK);
    const eb_workspace space = {.open = open_layer, .create = create_layer, .add_table = add_table, .self = f, .diagnosis = f->diagnosis};
    const eb_env env = {.threads = threads};
    eb_status status = area->run(args, &space, &env, err);
    eb_args_free(args);
    return status;
}

static test_wkb star_at(double lon, uint64_t seed)
{
    return test_star(30, 0.002, lon, 28.9, seed % 4 == 0, seed);
}

START_TEST(test_rejected_features)
{
    static const char *const words[] = {"by=class", NULL};
    fixture f;
    eb_error err;
    begin(&f);
    f.wants_layer = true;
    test_wkb good = star_at(118.8, 1), bad = star_at(118.9, 2);
    const double nan = NAN;
    memcpy(bad.data + 13 + 16 * 5, &nan, sizeof nan);
    add(&f, 10, "a", 1, &good);
    add(&f, 11, "b", 2, &bad);
    add(&f, 12, NULL, 3, NULL);
    add(&f, 13, NULL, 4, &good);
    ck_assert_int_eq(run(&f, 1, words, &err), EB_FINDINGS);
    ck_assert_uint_eq(f.table_count, 1);
    const eb_table *table = f.tables[0];
    ck_assert_uint_eq(eb_table_row_count(table), 2); /* a, and the features without a class; b had the broken one only */
    ck_assert_str_eq(eb_table_text_at(table, 0, 0), "a");
    ck_assert(eb_table_is_null(table, 1, 0));
    ck_assert_int_eq(eb_table_integer_at(table, 0, (size_t)eb_table_find(table, "count")), 1);
    ck_assert_int_eq(eb_diagnosis_total(f.diagnosis, EB_EVENT_REJECTED), 1);
    ck_assert_int_eq(eb_diagnosis_total(f.diagnosis, EB_EVENT_NULL), 1);
    const eb_case *event = NULL;
    for (size_t i = 0; i < eb_diagnosis_case_count(f.diagnosis); i++)
        if (eb_diagnosis_case_at(f.diagnosis, i)->event == EB_EVENT_REJECTED) event = eb_diagnosis_case_at(f.diagnosis, i);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->fid, 11);
    /* The layer keeps every feature, with no figures where there are none. */
    ck_assert_uint_eq(eb_layer_count(f.out), 4);
    const eb_batch *out = eb_layer_batch_at(f.out, 0);
    const size_t area = (size_t)eb_schema_find(eb_layer_schema(f.out), "area_m2");
    ck_assert(!eb_batch_is_null(out, 0, area) && eb_batch_is_null(out, 1, area) && eb_batch_is_null(out, 2, area));
    ck_assert_double_eq(eb_batch_real_at(out, 0, area), eb_batch_real_at(out, 3, area));
    ck_assert_int_eq(eb_batch_integer_at(out, 1, 1), 2);
    free(good.data);
    free(bad.data);
    end(&f);
}
END_TEST

START_TEST(test_nothing_left)
{
    static const char *const words[] = {NULL};
    fixture f;
    eb_error err = {.message = ""};
    begin(&f);
    test_wkb bad = star_at(118.9, 2);
    const double huge = INFINITY;
    memcpy(bad.data + 13, &huge, sizeof huge);
    add(&f, 11, "b", 2, &bad);
    ck_assert_int_eq(run(&f, 1, words, &err), EB_REFUSED);
    ck_assert_int_eq(err.fid, 11);
    ck_assert_uint_eq(f.table_count, 0);
    free(bad.data);
    end(&f);
}
END_TEST

static void fill(fixture *f, int features)
{
    static const char *const classes[] = {"0101", "0301", "1101", "耕地", "0"};
    begin(f);
    for (int i = 0; i < features; i++) {
        test_wkb star = star_at(118.2 + 0.6 * (i % 101) / 101.0, (uint64_t)i + 1);
        add(f, i, classes[i % 5], i % 17, &star);
        free(star.data);
    }
}

/* Two fields, nine thousand features in three batches: every cell the same for one, two and five threads. */
START_TEST(test_threads)
{
    static const char *const words[] = {"by=class", "by=number", "round=mu:2", NULL};
    static const int threads[] = {1, 2, 5};
    fixture f[3];
    eb_error err = {.message = ""};
    for (int t = 0; t < 3; t++) {
        fill(&f[t], 9000);
        ck_assert_msg(run(&f[t], threads[t], words, &err) == EB_OK, "%s", err.message);
        ck_assert_uint_eq(eb_table_row_count(f[t].tables[0]), 5 * 17);
    }
    const eb_table *one = f[0].tables[0];
    for (int t = 1; t < 3; t++) {
        const eb_table *other = f[t].tables[0];
        ck_assert_str_eq(eb_table_method(one), eb_table_method(other));
        for (size_t row = 0; row < eb_table_row_count(one); row++) {
            for (size_t c = 0; c < eb_table_column_count(one); c++) {
                char a[64], b[64];
                eb_table_format_cell(one, row, c, -1, a, sizeof a);
                eb_table_format_cell(other, row, c, -1, b, sizeof b);
                ck_assert_str_eq(a, b);
            }
        }
    }
    for (int t = 0; t < 3; t++) end(&f[t]);
}
END_TEST

/* Rows add up: official cents to the total, shares to 100, rounded to the rounded total. */
START_TEST(test_sums)
{
    static const char *const by[] = {"by=number", "round=ha:4", NULL}, *const whole[] = {"round=ha:4", NULL};
    fixture parts, all;
    eb_error err = {.message = ""};
    fill(&parts, 700);
    fill(&all, 700);
    ck_assert_int_eq(run(&parts, 1, by, &err), EB_OK);
    ck_assert_int_eq(run(&all, 1, whole, &err), EB_OK);
    const eb_table *table = parts.tables[0], *total = all.tables[0];
    ck_assert_uint_eq(eb_table_row_count(table), 17);
    ck_assert_uint_eq(eb_table_row_count(total), 1);
    static const struct {
        const char *name;
        double unit;
    } columns[] = {{"official_m2", 0.01}, {"rounded", 0.0001}, {"share_pct", 0.01}};
    for (size_t i = 0; i < 3; i++) {
        long long sum = 0;
        for (size_t row = 0; row < 17; row++)
            sum += llrint(eb_table_real_at(table, row, (size_t)eb_table_find(table, columns[i].name)) / columns[i].unit);
        const double want = eb_table_real_at(total, 0, (size_t)eb_table_find(total, columns[i].name)) / columns[i].unit;
        ck_assert_msg(sum == llrint(want), "%s: %lld, not %.3f", columns[i].name, sum, want);
    }
    for (size_t row = 1; row < 17; row++) ck_assert_int_gt(eb_table_integer_at(table, row, 0), eb_table_integer_at(table, row - 1, 0));
    end(&parts);
    end(&all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("area");
    TCase *cases = tcase_create("area");
    tcase_add_test(cases, test_rejected_features);
    tcase_add_test(cases, test_nothing_left);
    tcase_add_test(cases, test_threads);
    tcase_add_test(cases, test_sums);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
