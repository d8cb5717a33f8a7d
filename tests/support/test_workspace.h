/* A workspace in memory: layers in by name, layers and tables out by role, so that a whole analysis runs inside a test. */
#ifndef TEST_WORKSPACE_H
#define TEST_WORKSPACE_H

#include <ecobelt/analysis.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_LAYERS = 8 };

typedef struct test_space {
    const char *names[TEST_LAYERS];
    const eb_layer *layers[TEST_LAYERS]; /* lent */
    size_t layer_count;
    size_t batch_features;            /* of the sources, 0: default */
    size_t tile_vertices, held_bytes; /* of the surroundings, 0: default */
    char *roles[TEST_LAYERS];
    eb_layer *results[TEST_LAYERS];
    size_t result_count;
    eb_table *tables[TEST_LAYERS];
    size_t table_count;
    eb_workspace space;
} test_space;

static inline eb_status test_open(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    const test_space *s = self;
    eb_read_options own = *options;
    own.batch_features = s->batch_features;
    for (size_t i = 0; i < s->layer_count; i++)
        if (strcmp(s->names[i], name) == 0) return eb_source_from_layer(s->layers[i], &own, out, err);
    return eb_error_set(err, EB_INPUT, "no layer %s", name);
}

static inline eb_status test_create(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err)
{
    test_space *s = self;
    s->roles[s->result_count] = strdup(role);
    s->results[s->result_count] = eb_layer_new(schema);
    return eb_sink_to_layer(s->results[s->result_count++], out, err);
}

static inline eb_status test_add_table(void *self, eb_table *table_take, eb_error *err)
{
    test_space *s = self;
    (void)err;
    s->tables[s->table_count++] = table_take;
    return EB_OK;
}

static inline void test_space_init(test_space *s)
{
    *s = (test_space){0};
    s->space =
        (eb_workspace){.open = test_open, .create = test_create, .add_table = test_add_table, .self = s, .diagnosis = eb_diagnosis_new()};
}

static inline void test_space_clear(test_space *s)
{
    for (size_t i = 0; i < s->result_count; i++) {
        eb_layer_free(s->results[i]);
        free(s->roles[i]);
    }
    for (size_t i = 0; i < s->table_count; i++) eb_table_free(s->tables[i]);
    eb_diagnosis_free(s->space.diagnosis);
}

/* The first layer that came out, for the caller to free. */
static inline eb_layer *test_space_take(test_space *s)
{
    eb_layer *layer = s->results[0];
    s->results[0] = NULL;
    return layer;
}

/* Run an analysis with "key", "value" pairs, NULL-terminated; a list parameter's values are pairs of their own. */
static inline eb_status test_run(test_space *s, const char *name, const char *const *pairs, int threads, eb_error *err)
{
    const eb_analysis *analysis = eb_analysis_find(name);
    ck_assert_ptr_nonnull(analysis);
    eb_args *args = eb_args_new(analysis->params, analysis->param_count);
    const eb_env env = {.threads = threads, .tile_vertices = s->tile_vertices, .held_bytes = s->held_bytes};
    eb_status status = EB_OK;
    for (; *pairs && status == EB_OK; pairs += 2) status = eb_args_add(args, pairs[0], pairs[1], false, err);
    if (status == EB_OK) status = eb_args_finish(args, err);
    if (status == EB_OK) status = analysis->run(args, &s->space, &env, err);
    eb_args_free(args);
    return status;
}

/* Sum of a real column over the rows of a table; with @p key only those where column 0 has that text. */
static inline double test_sum(const eb_table *table, const char *column, const char *key)
{
    int at = eb_table_find(table, column);
    double sum = 0;
    ck_assert_msg(at >= 0, "no column %s", column);
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        const char *text = eb_table_text_at(table, r, 0);
        if ((!key || (text && strcmp(text, key) == 0)) && !eb_table_is_null(table, r, (size_t)at))
            sum += eb_table_real_at(table, r, (size_t)at);
    }
    return sum;
}

/* Does a shape have a vertex no further from a place than @p metres? */
static inline bool has_vertex(eb_wkb shape, double x, double y, double metres)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double at[2];
            eb_wkb_xy(&part, i, &at[0], &at[1]);
            if (hypot(at[0] - x, at[1] - y) <= metres) return true;
        }
    return false;
}

/* Are two shapes the same bytes, or where @p metres are allowed the same number of rings and vertices in the same places? */
static inline bool same_shape(eb_wkb one, eb_wkb other, double metres)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    if (one.size != other.size) return false;
    if (memcmp(one.data, other.data, one.size) == 0) return true;
    if (metres == 0) return false;
    eb_wkb_begin(&walk, one);
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            if (!has_vertex(other, x, y, metres)) return false;
        }
    return true;
}

/* Two layers hold the same, however they are cut into batches: byte for byte, or but for @p metres in places and m2 in areas. */
static inline void same_layer(const eb_layer *one, const eb_layer *other, double metres, const char *label)
{
    ck_assert_uint_eq(eb_layer_count(one), eb_layer_count(other));
    size_t k = 0, at = 0;
    for (size_t m = 0; m < eb_layer_batch_count(one); m++) {
        const eb_batch *x = eb_layer_batch_at(one, m);
        for (size_t i = 0; i < x->count; i++, at++) {
            const eb_batch *y = eb_layer_batch_at(other, k);
            while (at >= y->count) at -= y->count, y = eb_layer_batch_at(other, ++k);
            ck_assert_msg(same_shape(eb_batch_shape_at(x, i), eb_batch_shape_at(y, at), metres), "%s: shape %zu", label, i);
            ck_assert_int_eq(x->fids[i], y->fids[at]);
            for (size_t f = 0; f < x->schema->field_count; f++) {
                char left[64], right[64];
                eb_batch_format_at(x, i, f, left, sizeof left);
                eb_batch_format_at(y, at, f, right, sizeof right);
                if (metres == 0 || x->schema->fields[f].type != EB_FIELD_REAL)
                    ck_assert_str_eq(left, right);
                else
                    ck_assert_double_eq_tol(eb_batch_real_at(x, i, f), eb_batch_real_at(y, at, f), 1000 * metres);
            }
        }
    }
}

#endif
