#include "plan/merge.h"

#include <stdlib.h>
#include <string.h>

eb_read_options eb_plan_read_options(const eb_plan_layer *layer)
{
    return (eb_read_options){.where = layer->where,
                             .crs = layer->crs,
                             .encoding = layer->encoding,
                             .frame = layer->frame,
                             .allow_partial = layer->allow_partial};
}

static bool is_number(eb_field_type type)
{
    return type == EB_FIELD_INTEGER || type == EB_FIELD_REAL;
}

static eb_status add_field(eb_schema *all, const eb_field *field, const char *file, eb_error *err)
{
    const int found = eb_schema_find(all, field->name);

    if (found < 0) {
        const int added = eb_schema_add_field(all, field->name, field->type);
        if (added < 0) return eb_error_memory(err);
        all->fields[added].alias = eb_text_dup(field->alias);
        return field->alias && !all->fields[added].alias ? eb_error_memory(err) : EB_OK;
    }
    eb_field *known = &all->fields[found];
    if (known->type == field->type) return EB_OK;
    if (is_number(known->type) && is_number(field->type)) {
        known->type = EB_FIELD_REAL;
        return EB_OK;
    }
    eb_error_set(err, EB_REFUSED, "the field '%s' is of another type than in the files before", field->name);
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "make the field the same in all files, or name them as separate layers");
    return EB_REFUSED;
}

/** Name of the file's field behind field @p name of the layer. */
static const char *field_in_file(const eb_plan_layer *layer, const char *name)
{
    const char *renamed = eb_node_text(layer->fields, name);
    return renamed ? renamed : name;
}

/** A field of a file under the layer's name or names for it. A field whose name the plan gives to another one is not taken. */
static eb_status add_named(eb_schema *all, const eb_plan_layer *layer, const eb_field *field, const char *file, eb_error *err)
{
    bool renamed = layer->fields && eb_node_get(layer->fields, field->name);
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && layer->fields && i < layer->fields->count; i++) {
        const eb_node *item = layer->fields->items[i];
        eb_field copy = *field;
        if (strcmp(item->text, field->name) != 0) continue;
        copy.name = item->key;
        renamed = true;
        status = add_field(all, &copy, file, err);
    }
    return status == EB_OK && !renamed ? add_field(all, field, file, err) : status;
}

static eb_status add_fields(eb_schema *all, const eb_plan_layer *layer, const eb_schema *more, const char *file, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < more->field_count; i++) status = add_named(all, layer, &more->fields[i], file, err);
    return status;
}

/** Polygon and multipolygon together are multipolygon; other mixtures have no kind. */
static eb_shape_kind common_kind(eb_shape_kind a, eb_shape_kind b)
{
    if (a == b) return a;
    if (a > b) {
        const eb_shape_kind swap = a;
        a = b;
        b = swap;
    }
    return a >= EB_SHAPE_POINT && a <= EB_SHAPE_POLYGON && (int)b == (int)a + 3 ? b : EB_SHAPE_UNKNOWN;
}

static eb_status add_schema(eb_schema *all, const eb_plan_layer *layer, const eb_schema *more, const char *file, eb_error *err)
{
    if (!all->crs || !more->crs || !eb_crs_same(all->crs, more->crs)) {
        eb_error_set(err, EB_REFUSED, "the file is in another CRS than the files before");
        eb_error_where(err, file, NULL, EB_NO_FID);
        eb_error_hint(err, "bring them to one CRS first: ecobelt convert IN OUT --to-crs EPSG:4490");
        return EB_REFUSED;
    }
    all->kind = common_kind(all->kind, more->kind);
    all->has_z = all->has_z || more->has_z;
    all->schematic = all->schematic || more->schematic;
    all->feature_count = all->feature_count < 0 || more->feature_count < 0 ? -1 : all->feature_count + more->feature_count;
    return add_fields(all, layer, more, file, err);
}

/** A schema without its fields. NULL out of memory. */
static eb_schema *bare_copy(const eb_schema *schema)
{
    eb_schema head = *schema;

    head.field_count = 0;
    head.fields = NULL;
    return eb_schema_copy(&head);
}

eb_status eb_merge_schema(const eb_plan_layer *layer, eb_schema **out, eb_error *err)
{
    const eb_read_options options = eb_plan_read_options(layer);
    eb_schema *all = NULL;
    eb_status status = EB_OK;

    *out = NULL;
    for (size_t i = 0; status == EB_OK && i < layer->name_count; i++) {
        eb_source *source = NULL;
        status = eb_source_open(layer->names[i], &options, &source, err);
        if (status == EB_OK && i == 0) {
            all = bare_copy(eb_source_schema(source));
            status = all ? add_fields(all, layer, eb_source_schema(source), layer->names[i], err) : eb_error_memory(err);
        } else if (status == EB_OK) {
            status = add_schema(all, layer, eb_source_schema(source), layer->names[i], err);
        }
        eb_source_free(source);
    }
    if (status != EB_OK) {
        eb_schema_free(all);
        return status;
    }
    *out = all;
    return EB_OK;
}

static bool copy_value(eb_batch *tail, size_t to, const eb_batch *batch, size_t i, size_t from)
{
    if (eb_batch_is_null(batch, i, from)) return true;
    if (tail->schema->fields[to].type == batch->schema->fields[from].type) return eb_batch_set_copy(tail, to, batch, i, from);
    return eb_batch_set_real(tail, to, eb_batch_real_at(batch, i, from));
}

static eb_status append(eb_layer *all, const eb_plan_layer *layer, const eb_batch *batch, int64_t *fid, eb_error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        eb_batch *tail = eb_layer_tail(all);
        bool good = tail && eb_batch_add(tail, ++*fid, eb_batch_shape_at(batch, i));
        for (size_t f = 0; good && f < tail->schema->field_count; f++) {
            const int from = eb_schema_find(batch->schema, field_in_file(layer, tail->schema->fields[f].name));
            if (from >= 0) good = copy_value(tail, f, batch, i, (size_t)from);
        }
        if (!good) return eb_error_memory(err);
    }
    return EB_OK;
}

static eb_status append_file(const char *name, const eb_plan_layer *layer, const eb_env *env, eb_layer *all, int64_t *fid, eb_error *err)
{
    const eb_read_options options = eb_plan_read_options(layer);
    eb_source *source = NULL;
    eb_status status = eb_source_open(name, &options, &source, err);
    eb_batch *batch = status == EB_OK ? eb_batch_new(eb_source_schema(source)) : NULL;

    if (status == EB_OK && !batch) status = eb_error_memory(err);
    while (status == EB_OK) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        status = append(all, layer, batch, fid, err);
    }
    eb_batch_free(batch);
    eb_source_free(source);
    return status;
}

eb_status eb_merge_read(const eb_plan_layer *layer, const eb_env *env, eb_layer **out, eb_error *err)
{
    eb_schema *schema = eb_schema_copy(layer->schema);
    eb_layer *all = NULL;
    int64_t fid = 0;
    eb_status status = EB_OK;

    if (schema) {
        free(schema->name);
        schema->name = eb_text_dup(layer->id);
        if (schema->name) all = eb_layer_new(schema);
    }
    eb_schema_free(schema);
    if (!all) return eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < layer->name_count; i++) status = append_file(layer->names[i], layer, env, all, &fid, err);
    if (status != EB_OK) {
        eb_layer_free(all);
        return status;
    }
    *out = all;
    return EB_OK;
}
