#include "plan/merge.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const eb_key layer_keys[] = {
    {"path", EB_KEY_ANY, true},       {"layer", EB_KEY_TEXT, false},         {"title", EB_KEY_WORDS, false},
    {"label", EB_KEY_WORDS, false},   {"where", EB_KEY_TEXT, false},         {"crs", EB_KEY_TEXT, false},
    {"encoding", EB_KEY_TEXT, false}, {"frame", EB_KEY_TEXT, false},         {"source", EB_KEY_TEXT, false},
    {"theme", EB_KEY_TEXT, false},    {"allow_partial", EB_KEY_FLAG, false}, {"schematic", EB_KEY_FLAG, false},
    {"note", EB_KEY_WORDS, false},    {"visible", EB_KEY_FLAG, false},       {"fields", EB_KEY_MAP, false},
};

/** "PG:…", "/vsizip/…", "https://…": not a file beside the plan. */
static bool is_connection(const char *path)
{
    const char *colon = strchr(path, ':'), *slash = strchr(path, '/');

    return path[0] == '/' || (colon && colon > path + 1 && (!slash || colon < slash));
}

static char *resolve(const eb_plan *plan, const char *path, const char *layer)
{
    eb_string name = {0};

    eb_string_addf(&name, "%s%s", is_connection(path) ? "" : plan->folder, path);
    if (layer) eb_string_addf(&name, "|layername=%s", layer);
    return eb_string_take(&name);
}

static eb_status check_field(const eb_plan *plan, const eb_plan_layer *layer, const eb_node *node, eb_error *err)
{
    const char *names[128];
    size_t count = 0;

    if (eb_schema_find(layer->schema, node->text) >= 0) return EB_OK;
    for (; count < layer->schema->field_count && count < 128; count++) names[count] = layer->schema->fields[count].name;
    eb_node_error(err, EB_USAGE, plan->file, node, false, "the layer '%s' has no field '%.100s'", layer->id, node->text);
    eb_hint_names(err, node->text, names, count);
    return EB_USAGE;
}

/** EB_USAGE: no file of the layer has the field that the plan renames. */
static eb_status no_such_field(const eb_plan *plan, const eb_plan_layer *layer, const eb_node *item, eb_error *err)
{
    const char *names[128];
    size_t count = 0;

    for (; count < layer->schema->field_count && count < 128; count++) names[count] = layer->schema->fields[count].name;
    eb_node_error(err, EB_USAGE, plan->file, item, false, "the layer '%s' has no field '%.100s' to be called '%s'", layer->id, item->text,
                  item->key);
    eb_hint_names(err, item->text, names, count);
    return EB_USAGE;
}

/** Open it once: it is there, it is a layer, its filter can be read. */
static eb_status look_at(const eb_plan *plan, eb_plan_layer *layer, eb_error *err)
{
    const eb_node *declared = eb_node_get(layer->node, "schematic"), *label = eb_node_get(layer->node, "label");
    const eb_status status = eb_merge_schema(layer, &layer->schema, err);

    if (status != EB_OK) {
        eb_error_lead(err, "layer '%s' (line %d of %s)", layer->id, layer->node->key_line, plan->file);
        return status;
    }
    for (size_t i = 0; layer->fields && i < layer->fields->count; i++) {
        const eb_node *item = layer->fields->items[i];
        if (eb_schema_find(layer->schema, item->key) < 0) return no_such_field(plan, layer, item, err);
    }
    layer->schematic = eb_node_flag(declared, layer->schema->schematic);
    if (!layer->source) layer->source = layer->schema->source;
    if (!label || label->kind == EB_NODE_NULL) return EB_OK;
    if (label->kind == EB_NODE_TEXT) return check_field(plan, layer, label, err);
    eb_status checked = EB_OK;
    for (size_t i = 0; checked == EB_OK && i < label->count; i++) checked = check_field(plan, layer, label->items[i], err);
    return checked;
}

/** {name_zh: GNFQ}: what the steps call a field, and what the file calls it. */
static eb_status read_fields(const eb_plan *plan, eb_plan_layer *layer, eb_error *err)
{
    const eb_node *fields = eb_node_get(layer->node, "fields");

    if (!fields || fields->kind == EB_NODE_NULL) return EB_OK;
    for (size_t i = 0; i < fields->count; i++) {
        const eb_node *item = fields->items[i];
        if (item->kind == EB_NODE_TEXT && *item->text) continue;
        eb_node_error(err, EB_USAGE, plan->file, item, false, "fields of the layer '%s' must name a field of the file for '%s'", layer->id,
                      item->key);
        eb_error_hint(err, "for example fields: {name_zh: GNFQ}");
        return EB_USAGE;
    }
    layer->fields = fields;
    return EB_OK;
}

/** The one file, or all of a list. */
static eb_status read_names(const eb_plan *plan, eb_plan_layer *layer, eb_error *err)
{
    const eb_node *path = eb_node_get(layer->node, "path");
    const bool list = path->kind == EB_NODE_LIST;
    const size_t count = list ? path->count : 1;

    if (count == 0) return eb_node_error(err, EB_USAGE, plan->file, path, false, "path of the layer '%s' is an empty list", layer->id);
    layer->names = calloc(count, sizeof *layer->names);
    if (!layer->names) return eb_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const eb_node *item = list ? path->items[i] : path;
        if (item->kind != EB_NODE_TEXT || !*item->text) {
            return eb_node_error(err, EB_USAGE, plan->file, item, false, "path of the layer '%s' must be a text or a list of texts",
                                 layer->id);
        }
        layer->names[i] = resolve(plan, item->text, eb_node_text(layer->node, "layer"));
        if (!layer->names[i]) return eb_error_memory(err);
        layer->name_count = i + 1;
    }
    return EB_OK;
}

static eb_status read_layer(eb_plan *plan, const eb_node *node, eb_plan_layer *layer, eb_error *err)
{
    char what[128];
    const char *frame;

    snprintf(what, sizeof what, _("the layer '%.64s'"), node->key);
    eb_status status = eb_id_check(plan, node, node->key, true, err);
    if (status == EB_OK) status = eb_keys_check(plan, node, what, layer_keys, sizeof layer_keys / sizeof layer_keys[0], err);
    if (status != EB_OK) return status;
    layer->node = node;
    layer->id = node->key;
    layer->title = eb_words_of(eb_node_get(node, "title"));
    layer->label = eb_words_of(eb_node_get(node, "label"));
    layer->hidden = !eb_node_flag(eb_node_get(node, "visible"), true);
    layer->where = eb_node_text(node, "where");
    layer->crs = eb_node_text(node, "crs");
    layer->encoding = eb_node_text(node, "encoding");
    layer->source = eb_node_text(node, "source");
    layer->theme = eb_node_text(node, "theme");
    layer->allow_partial = eb_node_flag(eb_node_get(node, "allow_partial"), false);
    frame = eb_node_text(node, "frame");
    if (frame && eb_frame_parse(frame, &layer->frame, err) != EB_OK) {
        return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(node, "frame"), false, "frame of %s must be wgs84, gcj02 or bd09",
                             what);
    }
    status = read_fields(plan, layer, err);
    if (status == EB_OK) status = read_names(plan, layer, err);
    return status == EB_OK ? look_at(plan, layer, err) : status;
}

eb_status eb_plan_read_layers(eb_plan *plan, eb_error *err)
{
    const eb_node *layers = eb_node_get(plan->root, "layers");
    eb_status status = EB_OK;

    if (layers->count == 0) return eb_node_error(err, EB_USAGE, plan->file, layers, true, "the plan names no layers");
    plan->layers = calloc(layers->count, sizeof *plan->layers);
    if (!plan->layers) return eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < layers->count; i++) {
        plan->layer_count = i + 1;
        status = read_layer(plan, layers->items[i], &plan->layers[i], err);
    }
    return status;
}
