/* What is known of a layer by opening it; conditions of steps are tried on its features. */
#include "plan/look.h"

#include "base/translate.h"
#include "plan/merge.h"

#include <stdlib.h>
#include <string.h>

/** How the plan says to read the layer. */
static eb_read_options options_of(const eb_plan_layer *layer)
{
    return (eb_read_options){.where = layer->where,
                             .crs = layer->crs,
                             .encoding = layer->encoding,
                             .frame = layer->frame,
                             .allow_partial = layer->allow_partial};
}

static bool opens(const char *name, const eb_read_options *options)
{
    eb_source *source = NULL;
    const bool good = eb_source_open(name, options, &source, NULL) == EB_OK;

    eb_source_free(source);
    return good;
}

/** A file of several layers, none of which is called as the plan says. */
static bool lacks_layer(const eb_plan_layer *layer, const char *name)
{
    const char *bar = strstr(name, "|layername=");
    char *file = bar ? eb_text_dup(name) : NULL;
    eb_table *list = NULL;

    if (file) file[bar - name] = '\0';
    const bool good = file && eb_source_list(file, true, &list, NULL) == EB_OK;
    eb_table_free(list);
    free(file);
    return good && eb_node_get(layer->node, "layer");
}

/** What of the layer's lines is to blame for a file that cannot be read as they say: that without which it can. */
static const eb_node *blame(const eb_plan_layer *layer, size_t at)
{
    const eb_node *path = eb_node_get(layer->node, "path");
    const char *name = layer->names[at];
    const eb_read_options said = options_of(layer);
    eb_read_options other = said;

    other.where = NULL;
    if (said.where && opens(name, &other)) return eb_node_get(layer->node, "where");
    other = said;
    other.crs = NULL;
    other.allow_no_crs = true;
    if (said.crs && opens(name, &other)) return eb_node_get(layer->node, "crs");
    other = said;
    other.encoding = NULL;
    if (said.encoding && opens(name, &other)) return eb_node_get(layer->node, "encoding");
    if (lacks_layer(layer, name)) return eb_node_get(layer->node, "layer");
    return path && path->kind == EB_NODE_LIST ? path->items[at] : path;
}

/** @p called: what the plan wants to call it, so that its name is one of the file; NULL: a name that steps use. */
static eb_status no_such_field(const eb_plan *plan, const eb_plan_layer *layer, const eb_node *node, const char *called, eb_error *err)
{
    const eb_schema *schema = layer->schema;
    eb_source *source = NULL;
    const char *names[128];
    size_t count = 0;

    if (called && eb_plan_open(layer, 0, NULL, &source, NULL) == EB_OK) schema = eb_source_schema(source);
    for (; count < schema->field_count && count < 128; count++) names[count] = schema->fields[count].name;
    eb_node_error(err, EB_USAGE, plan->file, node, false,
                  called ? "the layer '%s' has no field '%.100s' to be called '%s'" : "the layer '%s' has no field '%.100s'", layer->id,
                  node->text, called);
    eb_hint_names(err, node->text, names, count);
    eb_source_free(source);
    return EB_USAGE;
}

/** Whether the files have features, of those that @p where lets through (NULL: of all); where the format does not say it by a look for the
 *  first. */
static eb_status has_features(const eb_plan_layer *layer, const char *where, bool *some, eb_error *err)
{
    const eb_read_options options = {.where = where, .no_shapes = true, .batch_features = 1};
    eb_status status = EB_OK;

    *some = !where && !layer->where && layer->schema->feature_count > 0;
    for (size_t i = 0; status == EB_OK && !*some && i < layer->name_count; i++) {
        eb_source *source = NULL;
        status = eb_plan_open(layer, i, &options, &source, err);
        eb_batch *batch = status == EB_OK ? eb_batch_new(eb_source_schema(source)) : NULL;
        if (status == EB_OK) status = batch ? eb_source_next(source, batch, err) : eb_error_memory(err);
        *some = status == EB_OK && batch->count > 0;
        eb_batch_free(batch);
        eb_source_free(source);
    }
    return status;
}

static eb_status check_features(const eb_plan *plan, const eb_plan_layer *layer, eb_error *err)
{
    const eb_node *where = eb_node_get(layer->node, "where"), *path = eb_node_get(layer->node, "path");
    bool some = true;

    /* What cannot be read to its end says so when it is read. */
    if (layer->part_count || has_features(layer, NULL, &some, NULL) != EB_OK || some) return EB_OK;
    if (where) {
        eb_node_error(err, EB_INPUT, plan->file, where, false, "where of the layer '%s' lets no feature through", layer->id);
        eb_error_hint(err, "compare it with the attributes: ecobelt info lists the fields of a file");
    } else {
        eb_node_error(err, EB_INPUT, plan->file, path, false, "the layer '%s' has no features", layer->id);
    }
    return EB_INPUT;
}

static eb_status check_fields(const eb_plan *plan, const eb_plan_layer *layer, eb_error *err)
{
    const eb_node *label = eb_node_get(layer->node, "label");
    const bool words = label && label->kind == EB_NODE_MAP;
    eb_status status = EB_OK;

    for (size_t i = 0; layer->fields && i < layer->fields->count; i++) {
        const eb_node *item = layer->fields->items[i];
        if (eb_schema_find(layer->schema, item->key) < 0) return no_such_field(plan, layer, item, item->key, err);
    }
    if (!label || label->kind == EB_NODE_NULL) return EB_OK;
    for (size_t i = 0; status == EB_OK && i < (words ? label->count : 1); i++) {
        const eb_node *item = words ? label->items[i] : label;
        if (eb_schema_find(layer->schema, item->text) < 0) status = no_such_field(plan, layer, item, NULL, err);
    }
    return status;
}

eb_status eb_plan_look(const eb_plan *plan, eb_plan_layer *layer, eb_error *err)
{
    size_t at = 0;
    eb_status status = eb_merge_schema(plan, layer, &layer->schema, &at, err);

    if (status != EB_OK) {
        const eb_node *merge = eb_node_get(layer->node, "merge");
        const eb_node *node = !layer->part_count ? blame(layer, at) : at < merge->count ? merge->items[at] : merge;
        eb_error_lead(err, "layer '%s'", layer->id);
        return eb_node_place(err, status, plan->file, node);
    }
    status = check_fields(plan, layer, err);
    if (status == EB_OK) status = check_features(plan, layer, err);
    layer->schematic = layer->schema->schematic;
    for (size_t i = 0; i < layer->part_count; i++) {
        const eb_plan_layer *part = &plan->layers[layer->parts[i]];
        layer->schematic = (i > 0 && layer->schematic) || part->schematic;
    }
    layer->schematic = eb_node_flag(eb_node_get(layer->node, "schematic"), layer->schematic);
    if (!layer->source) layer->source = layer->schema->source;
    return status;
}

/* Conditions of steps. */

static eb_status lets_nothing(const eb_plan *plan, const eb_node *node, const eb_plan_layer *layer, eb_error *err)
{
    eb_node_error(err, EB_INPUT, plan->file, node, false, "the condition lets no feature of the layer '%s' through", layer->id);
    eb_error_hint(err, "compare it with the attributes: ecobelt info lists the fields of a file");
    return EB_INPUT;
}

/** On a file, which GDAL filters. */
static eb_status check_on_file(const eb_plan *plan, const eb_node *node, const eb_plan_layer *layer, eb_error *err)
{
    bool some = true;
    const eb_status status = has_features(layer, node->text, &some, err);

    if (status == EB_USAGE) return eb_node_place(err, status, plan->file, node);
    return status == EB_OK && !some ? lets_nothing(plan, node, layer, err) : EB_OK;
}

/** On a layer that is put together in memory. */
static eb_status check_on_merged(const eb_plan *plan, const eb_node *node, const eb_plan_layer *layer, const eb_where *where, eb_error *err)
{
    eb_layer *all = NULL;
    bool some = false;
    eb_status status = eb_where_check_schema(where, layer->schema, err);

    if (status != EB_OK) return eb_node_place(err, status, plan->file, node);
    if (eb_merge_read(plan, layer, NULL, &all, NULL) != EB_OK) return EB_OK; /* whatever it is, the run says it */
    for (size_t b = 0; b < eb_layer_batch_count(all); b++) {
        const eb_batch *batch = eb_layer_batch_at(all, b);
        for (size_t i = 0; !some && i < batch->count; i++) some = eb_where_holds_feature(where, batch, i);
    }
    eb_layer_free(all);
    return some ? EB_OK : lets_nothing(plan, node, layer, err);
}

eb_status eb_plan_check_where(const eb_plan *plan, const eb_node *node, const eb_ref *ref, eb_error *err)
{
    const eb_plan_layer *layer = ref->kind == EB_REF_LAYER ? &plan->layers[ref->index] : NULL;
    eb_where *where = NULL;

    if (eb_plan_is_unknown(plan, ref)) return EB_OK;
    if (layer && !eb_merge_needed(layer)) return check_on_file(plan, node, layer, err);
    eb_status status = eb_where_parse(node->text, &where, err);
    if (status != EB_OK) return eb_node_place(err, status, plan->file, node);
    for (size_t i = 0; status == EB_OK && i < eb_where_count(where); i++)
        status = eb_plan_check_column(plan, node, ref, false, eb_where_column_at(where, i), err);
    if (status == EB_OK && layer) status = check_on_merged(plan, node, layer, where, err);
    eb_where_free(where);
    return status;
}
