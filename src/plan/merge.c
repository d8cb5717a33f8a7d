/* One layer out of several files or layers. */
#include "plan/merge.h"

#include <stdlib.h>
#include <string.h>

/** The plan's filter and the analysis's own, both. From malloc(), NULL out of memory. */
static char *both_filters(const char *a, const char *b)
{
    eb_string text = {0};

    if (a && b) {
        eb_string_addf(&text, "(%s) AND (%s)", a, b);
    } else {
        eb_string_add(&text, a ? a : b);
    }
    return eb_string_take(&text);
}

eb_status eb_plan_open(const eb_plan_layer *layer, size_t file, const eb_read_options *options, eb_source **out, eb_error *err)
{
    eb_read_options all = options ? *options : (eb_read_options){0};
    char *where = NULL;

    if (all.where || layer->where) {
        where = both_filters(layer->where, all.where);
        if (!where) return eb_error_memory(err);
        all.where = where;
    }
    if (!all.crs) all.crs = layer->crs;
    if (!all.encoding) all.encoding = layer->encoding;
    if (all.frame == EB_FRAME_WGS84) all.frame = layer->frame;
    all.allow_partial = all.allow_partial || layer->allow_partial;
    const eb_status status = eb_source_open(layer->names[file], &all, out, err);
    free(where);
    return status;
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
    for (size_t i = 0; status == EB_OK && layer->values && i < layer->values->count; i++) {
        const eb_field field = {.name = layer->values->items[i]->key, .type = EB_FIELD_TEXT};
        status = add_field(all, &field, file, err);
    }
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

/** Whether both kinds are known, and no layer of one kind can hold both. */
static bool kinds_differ(eb_shape_kind a, eb_shape_kind b)
{
    const bool known = a >= EB_SHAPE_POINT && a <= EB_SHAPE_MULTIPOLYGON && b >= EB_SHAPE_POINT && b <= EB_SHAPE_MULTIPOLYGON;
    return known && common_kind(a, b) == EB_SHAPE_UNKNOWN;
}

/** Points, lines and polygons in one layer would fail in the first step that measures it. */
static eb_status check_kind(const eb_schema *all, const eb_schema *more, bool parts, const char *file, eb_error *err)
{
    if (!kinds_differ(all->kind, more->kind)) return EB_OK;
    eb_error_set(err, EB_REFUSED,
                 parts ? "the layer holds shapes of another kind than those before it"
                       : "the file holds shapes of another kind than those before it");
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "put points with points, lines with lines and polygons with polygons");
    return EB_REFUSED;
}

/** Files of one layer are in one CRS; layers may be in others, where the way between them is known. */
static eb_status check_crs(const eb_schema *all, const eb_schema *more, bool parts, const char *file, eb_error *err)
{
    eb_transform *way = NULL;
    eb_status status = EB_REFUSED;

    if (all->crs && more->crs && eb_crs_same(all->crs, more->crs)) return EB_OK;
    if (parts && all->crs && more->crs)
        status = eb_transform_new(more->crs, all->crs, NULL, NULL, &way, err);
    else
        eb_error_set(err, EB_REFUSED,
                     parts ? "a layer without CRS cannot be put together with others" : "the file is in another CRS than the files before");
    eb_transform_free(way);
    if (status == EB_OK) return EB_OK;
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "bring them to one CRS first: ecobelt convert IN OUT --to-crs EPSG:4490");
    return status;
}

static eb_status add_schema(eb_schema *all, const eb_plan_layer *layer, const eb_schema *more, bool parts, const char *file, eb_error *err)
{
    eb_status status = check_kind(all, more, parts, file, err);

    if (status == EB_OK) status = check_crs(all, more, parts, file, err);
    if (status != EB_OK) return status;
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

/** Add the files of @p layer, which is all or a part of what is being put together, to the schema. */
static eb_status add_layer_schema(const eb_plan_layer *layer, bool part, eb_schema **all, size_t *at, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < layer->name_count; i++) {
        eb_source *source = NULL;
        if (!part) *at = i;
        status = eb_plan_open(layer, i, NULL, &source, err);
        if (status != EB_OK) break;
        const eb_schema *more = eb_source_schema(source);
        if (*all) {
            status = add_schema(*all, layer, more, part, layer->names[i], err);
        } else {
            *all = bare_copy(more);
            status = *all ? add_fields(*all, layer, more, layer->names[i], err) : eb_error_memory(err);
        }
        eb_source_free(source);
    }
    return status;
}

eb_status eb_merge_schema(const eb_plan *plan, const eb_plan_layer *layer, eb_schema **out, size_t *at, eb_error *err)
{
    eb_schema *all = NULL;
    eb_status status = layer->part_count ? EB_OK : add_layer_schema(layer, false, &all, at, err);

    *out = NULL;
    for (size_t i = 0; status == EB_OK && i < layer->part_count; i++) {
        *at = i;
        status = add_layer_schema(&plan->layers[layer->parts[i]], true, &all, at, err);
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

/** Features on their way into the layer that is being put together. */
typedef struct merger {
    eb_layer *all;
    const eb_plan_layer *from; /**< whose files are being read */
    eb_transform *way;         /**< from their CRS to the layer's; NULL: it is the same */
    int64_t fid;
} merger;

static bool set_field(const merger *to, eb_batch *tail, size_t f, const eb_batch *batch, size_t i)
{
    const char *name = tail->schema->fields[f].name, *value = eb_node_text(to->from->values, name);
    const int from = value ? -1 : eb_schema_find(batch->schema, field_in_file(to->from, name));

    if (value) return eb_batch_set_text(tail, f, value);
    return from < 0 || copy_value(tail, f, batch, i, (size_t)from);
}

static eb_status append(merger *to, eb_batch *batch, eb_error *err)
{
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
        eb_batch *tail = eb_layer_tail(to->all);
        size_t size = 0;
        uint8_t *shape = to->way ? eb_batch_shape_bytes(batch, i, &size) : NULL;
        if (shape && size) status = eb_transform_wkb(to->way, shape, size, err);
        if (status != EB_OK) return status;
        bool good = tail && eb_batch_add(tail, ++to->fid, eb_batch_shape_at(batch, i));
        for (size_t f = 0; good && f < tail->schema->field_count; f++) good = set_field(to, tail, f, batch, i);
        if (!good) status = eb_error_memory(err);
    }
    return status;
}

static eb_status append_source(merger *to, eb_source *source, const eb_env *env, eb_error *err)
{
    const eb_crs *from = eb_source_schema(source)->crs, *crs = eb_layer_schema(to->all)->crs;
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    eb_status status = batch ? EB_OK : eb_error_memory(err);

    if (status == EB_OK && from && crs && !eb_crs_same(from, crs)) status = eb_transform_new(from, crs, NULL, NULL, &to->way, err);
    while (status == EB_OK) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        status = append(to, batch, err);
    }
    eb_transform_free(to->way);
    to->way = NULL;
    eb_batch_free(batch);
    return status;
}

static eb_status append_layer(merger *to, const eb_plan_layer *layer, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;

    to->from = layer;
    for (size_t i = 0; status == EB_OK && i < layer->name_count; i++) {
        eb_source *source = NULL;
        status = eb_plan_open(layer, i, NULL, &source, err);
        if (status == EB_OK) status = append_source(to, source, env, err);
        eb_source_free(source);
    }
    return status;
}

/** An empty layer of this name. NULL out of memory. */
static eb_layer *new_layer(const eb_plan_layer *layer)
{
    eb_schema *schema = eb_schema_copy(layer->schema);
    eb_layer *all = NULL;

    if (schema) {
        free(schema->name);
        schema->name = eb_text_dup(layer->id);
        if (schema->name) all = eb_layer_new(schema);
    }
    eb_schema_free(schema);
    return all;
}

eb_status eb_merge_read(const eb_plan *plan, const eb_plan_layer *layer, const eb_env *env, eb_layer **out, eb_error *err)
{
    merger to = {.all = new_layer(layer)};
    eb_status status = to.all ? EB_OK : eb_error_memory(err);

    if (status == EB_OK && !layer->part_count) status = append_layer(&to, layer, env, err);
    for (size_t i = 0; status == EB_OK && i < layer->part_count; i++) status = append_layer(&to, &plan->layers[layer->parts[i]], env, err);
    if (status != EB_OK) {
        eb_layer_free(to.all);
        return status;
    }
    *out = to.all;
    return EB_OK;
}
