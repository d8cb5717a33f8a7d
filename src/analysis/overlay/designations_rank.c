/* Which designation is in force where several lie: those of --priority first, then by how strict an attribute says they are, then as given.
 */
#include "analysis/overlay/designations.h"
#include "analysis/key_column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A designation in the contest. */
typedef struct entry {
    size_t named;  /* place in --priority */
    double strict; /* the lower the stricter; infinite: not said */
    size_t own;    /* its own order */
    bool known;    /* strict was read */
} entry;

static int by_rank(const void *a, const void *b)
{
    const entry *p = a, *q = b;
    if (p->named != q->named) return p->named < q->named ? -1 : 1;
    if (p->strict != q->strict) return p->strict < q->strict ? -1 : 1;
    return p->own < q->own ? -1 : p->own > q->own;
}

static eb_status read_named(const eb_args *args, const eb_zones *z, entry *list, eb_error *err)
{
    const size_t wanted = eb_args_count(args, "priority"), count = z->shape_count;
    for (size_t i = 0; i < count; i++) list[i] = (entry){.named = wanted, .strict = INFINITY, .own = i};
    for (size_t p = 0; p < wanted; p++) {
        const char *name = eb_args_text_at(args, "priority", p);
        size_t i = 0;
        while (i < count && strcmp(z->shapes[i].name, name) != 0) i++;
        if (i == count) {
            eb_error_set(err, EB_USAGE, "priority: there is no designation called \"%s\"", name);
            eb_error_hint(err, "the first of %zu is called \"%s\"", count, z->shapes[0].name);
            return EB_USAGE;
        }
        list[i].named = p;
    }
    return EB_OK;
}

/* How strict the value of a feature is: its place in --priority-order, or the number itself; nothing said is the least strict. */
static eb_status strictness(const eb_args *args, const eb_batch *batch, size_t row, int field, double *strict, eb_error *err)
{
    char text[256];
    const size_t count = eb_args_count(args, "priority_order");
    *strict = INFINITY;
    if (eb_batch_is_null(batch, row, (size_t)field)) return EB_OK;
    const eb_field_type type = batch->schema->fields[field].type;
    if (count == 0 && (type == EB_FIELD_INTEGER || type == EB_FIELD_REAL)) {
        *strict = eb_batch_real_at(batch, row, (size_t)field);
        return EB_OK;
    }
    eb_batch_format_at(batch, row, (size_t)field, text, sizeof text);
    for (size_t i = 0; i < count && !isfinite(*strict); i++)
        if (strcmp(eb_args_text_at(args, "priority_order", i), text) == 0) *strict = (double)i;
    if (isfinite(*strict)) return EB_OK;
    eb_error_set(err, EB_USAGE, "priority-order does not name the value \"%s\" of field %s", text, batch->schema->fields[field].name);
    eb_error_hint(err, "name all values from the strictest on, as in --priority-order national --priority-order provincial");
    return EB_USAGE;
}

/* A row's designation gets its strictness. A designation of several is no one thing to rank. */
static eb_status take_row(const eb_designations *d, const eb_zone_layer *layer, size_t first, size_t end, const eb_batch *batch, size_t row,
                          int by, double strict, entry *list, eb_error *err)
{
    eb_string scratch = {0};
    eb_status status = EB_OK;
    const char *name = layer->name ? layer->name : batch->schema->name;
    if (by >= 0) name = eb_key_name(batch, row, (size_t)by, &scratch);
    if (!name) status = eb_error_memory(err);
    for (size_t i = first; i < end && status == EB_OK; i++) {
        if (strcmp(d->zones->shapes[i].name, name) != 0) continue;
        if (list[i].known && list[i].strict != strict) {
            status = eb_error_set(err, EB_USAGE, "the features of designation \"%s\" are not all equally strict", name);
            eb_error_hint(err, "let --by name a field that tells them apart");
        }
        list[i].strict = strict;
        list[i].known = true;
    }
    eb_string_clear(&scratch);
    return status;
}

static eb_status read_strict(const eb_args *args, const eb_workspace *space, const eb_zone_layer *layers, size_t k,
                             const eb_designations *d, entry *list, eb_error *err)
{
    const char *field_name = eb_args_text(args, "priority_field");
    const char *const fields[] = {field_name, layers[k].field, NULL};
    const eb_read_options options = {.no_shapes = true, .fields = fields};
    const size_t first = d->zones->first[k], end = d->zones->first[k + 1];
    eb_source *source = NULL;
    eb_batch *batch = NULL;
    eb_status status = space->open(space->self, layers[k].layer, &options, &source, err);
    if (status == EB_OK && !(batch = eb_batch_new(eb_source_schema(source)))) status = eb_error_memory(err);
    const int field = status == EB_OK ? eb_schema_find(batch->schema, field_name) : -1;
    const int by = status == EB_OK && layers[k].field ? eb_schema_find(batch->schema, layers[k].field) : -1;
    if (status == EB_OK && field < 0)
        status = eb_error_set(err, EB_USAGE, "layer %s has no field %s", eb_source_schema(source)->name, field_name);
    do {
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
            double strict = INFINITY;
            status = strictness(args, batch, i, field, &strict, err);
            if (status == EB_OK) status = take_row(d, &layers[k], first, end, batch, i, by, strict, list, err);
        }
    } while (status == EB_OK && batch->count > 0);
    eb_batch_free(batch);
    eb_source_free(source);
    return status;
}

eb_status eb_designations_rank(const eb_args *args, const eb_workspace *space, const eb_zone_layer *layers, eb_designations *d,
                               eb_error *err)
{
    const size_t count = d->zones->shape_count;
    entry *list = calloc(count + 1, sizeof *list);
    if (!list) return eb_error_memory(err);
    eb_status status = read_named(args, d->zones, list, err);
    for (size_t k = 0; k < d->zones->layer_count && status == EB_OK && eb_args_has(args, "priority_field"); k++)
        status = read_strict(args, space, layers, k, d, list, err);
    if (status == EB_OK) {
        qsort(list, count, sizeof *list, by_rank);
        for (size_t i = 0; i < count; i++) d->rank[list[i].own] = i;
    }
    free(list);
    return status;
}
