/* `layers:`: read, then opened. */
#include "plan/look.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const eb_key layer_keys[] = {
    {"path", EB_KEY_ANY, false},      {"layer", EB_KEY_TEXT, false},         {"title", EB_KEY_WORDS, false},
    {"label", EB_KEY_WORDS, false},   {"where", EB_KEY_TEXT, false},         {"crs", EB_KEY_TEXT, false},
    {"encoding", EB_KEY_TEXT, false}, {"frame", EB_KEY_TEXT, false},         {"source", EB_KEY_TEXT, false},
    {"theme", EB_KEY_TEXT, false},    {"allow_partial", EB_KEY_FLAG, false}, {"schematic", EB_KEY_FLAG, false},
    {"note", EB_KEY_WORDS, false},    {"visible", EB_KEY_FLAG, false},       {"fields", EB_KEY_MAP, false},
    {"values", EB_KEY_MAP, false},    {"merge", EB_KEY_LIST, false},
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

/** {name_zh: GNFQ}: what the steps call a field, and what the file calls it; {province_zh: 浙江省}: a value for all features. */
static eb_status read_texts(const eb_plan *plan, const eb_plan_layer *layer, bool values, const eb_node **out, eb_error *err)
{
    const eb_node *map = eb_node_get(layer->node, values ? "values" : "fields");

    if (!map || map->kind == EB_NODE_NULL) return EB_OK;
    for (size_t i = 0; i < map->count; i++) {
        const eb_node *item = map->items[i];
        if (item->kind == EB_NODE_TEXT && *item->text) continue;
        eb_node_error(err, EB_USAGE, plan->file, item, false,
                      values ? "values of the layer '%s' must give a text for '%s'"
                             : "fields of the layer '%s' must name a field of the file for '%s'",
                      layer->id, item->key);
        eb_error_hint(err, values ? "for example values: {province_zh: 浙江省}" : "for example fields: {name_zh: GNFQ}");
        return EB_USAGE;
    }
    *out = map->count ? map : NULL;
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

/** A layer is made from files or from other layers; what is said of files is said where the files are. */
static eb_status check_origin(const eb_plan *plan, const eb_plan_layer *layer, eb_error *err)
{
    static const char *const of_files[] = {"path", "layer", "where", "crs", "encoding", "frame", "allow_partial", "fields", "values"};
    const eb_node *merge = eb_node_get(layer->node, "merge");

    if (!merge && eb_node_get(layer->node, "path")) return EB_OK;
    if (!merge) {
        eb_node_error(err, EB_USAGE, plan->file, layer->node, true, "the layer '%s' has no 'path'", layer->id);
        eb_error_hint(err, "name a file (path: park.shp), or the layers it is made from (merge: [counties, neighbours])");
        return EB_USAGE;
    }
    if (merge->kind != EB_NODE_LIST || merge->count == 0)
        return eb_node_error(err, EB_USAGE, plan->file, merge, false, "merge of the layer '%s' must list ids of layers", layer->id);
    for (size_t i = 0; i < sizeof of_files / sizeof of_files[0]; i++) {
        const eb_node *node = eb_node_get(layer->node, of_files[i]);
        if (!node) continue;
        eb_node_error(err, EB_USAGE, plan->file, node, true, "'%s' is said of files, and the layer '%s' is made from layers", of_files[i],
                      layer->id);
        eb_error_hint(err, "say it of the layers that it is made from");
        return EB_USAGE;
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
    status = eb_plan_check_layer_free(plan, (size_t)(layer - plan->layers), err);
    if (status != EB_OK) return status;
    layer->title = eb_words_of(eb_node_get(node, "title"));
    layer->label = eb_words_of(eb_node_get(node, "label"));
    layer->hidden = !eb_node_flag(eb_node_get(node, "visible"), true);
    layer->where = eb_node_text(node, "where");
    layer->crs = eb_node_text(node, "crs");
    layer->encoding = eb_node_text(node, "encoding");
    layer->source = eb_node_text(node, "source");
    layer->allow_partial = eb_node_flag(eb_node_get(node, "allow_partial"), false);
    frame = eb_node_text(node, "frame");
    if (frame && eb_frame_parse(frame, &layer->frame, err) != EB_OK) {
        return eb_node_error(err, EB_USAGE, plan->file, eb_node_get(node, "frame"), false, "frame of %s must be wgs84, gcj02 or bd09",
                             what);
    }
    status = eb_plan_read_theme(plan, node, &layer->theme, err);
    if (status == EB_OK) status = check_origin(plan, layer, err);
    if (status == EB_OK) status = read_texts(plan, layer, false, &layer->fields, err);
    if (status == EB_OK) status = read_texts(plan, layer, true, &layer->values, err);
    return status == EB_OK && eb_node_get(node, "path") ? read_names(plan, layer, err) : status;
}

/** Of a layer with which something is wrong nothing more is asked. False: there is no use in going on. */
static bool settle(eb_plan *plan, size_t layer, eb_status now, eb_status *all, eb_error *err)
{
    if (now != EB_OK) plan->layers[layer].unknown = true;
    return eb_plan_go_on(plan, now, all, err);
}

eb_status eb_plan_read_layers(eb_plan *plan, eb_error *err)
{
    const eb_node *layers = eb_node_get(plan->root, "layers");
    eb_status status = EB_OK;

    if (layers->count == 0) return eb_node_error(err, EB_USAGE, plan->file, layers, true, "the plan names no layers");
    plan->layers = calloc(layers->count, sizeof *plan->layers);
    if (!plan->layers) return eb_error_memory(err);
    plan->layer_count = layers->count;
    for (size_t i = 0; i < layers->count; i++) plan->layers[i] = (eb_plan_layer){.node = layers->items[i], .id = layers->items[i]->key};
    for (size_t i = 0; i < layers->count; i++) {
        if (!settle(plan, i, read_layer(plan, layers->items[i], &plan->layers[i], err), &status, err)) return status;
    }
    for (size_t i = 0; i < plan->layer_count; i++) {
        if (!plan->layers[i].unknown && !settle(plan, i, eb_plan_resolve(plan, i, err), &status, err)) return status;
    }
    /* Files first: what is wrong with one is said of its own layer, not of one that is made from it. */
    for (int merged = 0; merged < 2; merged++) {
        for (size_t i = 0; i < plan->layer_count; i++) {
            eb_plan_layer *layer = &plan->layers[i];
            if ((layer->part_count > 0) != (merged == 1)) continue;
            for (size_t k = 0; k < layer->part_count; k++) layer->unknown = layer->unknown || plan->layers[layer->parts[k]].unknown;
            if (!layer->unknown && !settle(plan, i, eb_plan_look(plan, layer, err), &status, err)) return status;
        }
    }
    return status;
}
