/* Runs of the corridor analysis over layers in memory. */
#ifndef CORRIDOR_MEMORY_H
#define CORRIDOR_MEMORY_H

#include "corridor_world.h"

#include "analysis/registry.h"

enum { MOST = 8 };

/* A workspace over layers in memory; results are kept. */
typedef struct memory {
    const char *names[MOST];
    eb_layer *layers[MOST];
    size_t layer_count;
    eb_table *table;
    eb_layer *results[MOST];
    char roles[MOST][32];
    size_t result_count;
    eb_workspace space;
} memory;

static inline eb_status open_layer(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    memory *m = self;
    for (size_t i = 0; i < m->layer_count; i++) {
        if (strcmp(m->names[i], name) == 0) return eb_source_from_layer(m->layers[i], options, out, err);
    }
    return eb_error_set(err, EB_INPUT, "no layer %s", name);
}

static inline eb_status create_layer(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err)
{
    memory *m = self;
    m->results[m->result_count] = eb_layer_new(schema);
    snprintf(m->roles[m->result_count], sizeof m->roles[0], "%s", role);
    return eb_sink_to_layer(m->results[m->result_count++], out, err);
}

static inline eb_status take_table(void *self, eb_table *table_take, eb_error *err)
{
    memory *m = self;
    (void)err;
    ck_assert_ptr_null(m->table);
    m->table = table_take;
    return EB_OK;
}

static inline void memory_init(memory *m)
{
    *m = (memory){.space = {.open = open_layer, .create = create_layer, .add_table = take_table}};
    m->space.self = m;
    m->space.diagnosis = eb_diagnosis_new();
}

static inline void memory_clear(memory *m)
{
    for (size_t i = 0; i < m->layer_count; i++) eb_layer_free(m->layers[i]);
    for (size_t i = 0; i < m->result_count; i++) eb_layer_free(m->results[i]);
    eb_table_free(m->table);
    eb_diagnosis_free(m->space.diagnosis);
}

static inline void add_layer(memory *m, const char *name, const char *crs, const world_row *rows, size_t count)
{
    m->names[m->layer_count] = name;
    m->layers[m->layer_count++] = world_layer(name, crs, rows, count);
}

/* Run with "key=value key=value"; several values of a list are separated by commas. */
static inline eb_status run_with(memory *m, const char *settings, eb_error *err)
{
    const eb_analysis *analysis = eb_analysis_find("corridor");
    eb_args *args = eb_args_new(analysis->params, analysis->param_count);
    char text[512];
    snprintf(text, sizeof text, "%s", settings);
    eb_status status = EB_OK;
    for (char *at = text; at && status == EB_OK;) {
        char *next = strchr(at, ' '), *equals = strchr(at, '=');
        if (next) *next++ = 0;
        *equals = 0;
        status = eb_args_add(args, at, equals + 1, true, err);
        at = next;
    }
    if (status == EB_OK) status = eb_args_finish(args, err);
    if (status == EB_OK) status = analysis->run(args, &m->space, NULL, err);
    eb_args_free(args);
    return status;
}

static inline double cell(const memory *m, size_t row, const char *column)
{
    int at = eb_table_find(m->table, column);
    ck_assert_msg(at >= 0, "no column %s", column);
    return eb_table_real_at(m->table, row, (size_t)at);
}

static inline const eb_layer *result(const memory *m, const char *role)
{
    for (size_t i = 0; i < m->result_count; i++) {
        if (strcmp(m->roles[i], role) == 0) return m->results[i];
    }
    return NULL;
}

/* Run over lines of one's own, called rivers. */
static inline void run_lines(memory *m, const char *crs, const world_row *rows, size_t count, const char *settings)
{
    memory_init(m);
    add_layer(m, "rivers", crs, rows, count);
    ok(run_with(m, settings, err));
}

#endif
