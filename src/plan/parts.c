/* Layers that are made from other layers of the plan. */
#include "plan/model.h"

#include "base/array.h"
#include "base/translate.h"

#include <stdlib.h>
#include <string.h>

/** The layer that an item of `merge` names, or EB_USAGE with what there is. */
static eb_status find_part(const eb_plan *plan, const eb_plan_layer *layer, const eb_node *item, size_t *out, eb_error *err)
{
    const char *names[128];
    size_t count = 0;

    if (item->kind != EB_NODE_TEXT || !*item->text)
        return eb_node_error(err, EB_USAGE, plan->file, item, false, "merge of the layer '%s' must list ids of layers", layer->id);
    for (size_t i = 0; i < plan->layer_count; i++) {
        *out = i;
        if (strcmp(plan->layers[i].id, item->text) == 0) return EB_OK;
        if (count < 128 && &plan->layers[i] != layer) names[count++] = plan->layers[i].id;
    }
    eb_node_error(err, EB_USAGE, plan->file, item, false, "there is no layer '%.100s'", item->text);
    eb_hint_names(err, item->text, names, count);
    return EB_USAGE;
}

/** Take a layer of files as a part, which can be so only once: its features would be there twice. */
static eb_status take_part(const eb_plan *plan, eb_plan_layer *layer, size_t part, const eb_node *item, eb_error *err)
{
    for (size_t i = 0; i < layer->part_count; i++) {
        if (layer->parts[i] == part)
            return eb_node_error(err, EB_USAGE, plan->file, item, false, "the layer '%s' would be in '%s' twice", plan->layers[part].id,
                                 layer->id);
    }
    size_t *more = realloc(layer->parts, (layer->part_count + 1) * sizeof *more);
    if (!more) return eb_error_memory(err);
    layer->parts = more;
    layer->parts[layer->part_count++] = part;
    return EB_OK;
}

eb_status eb_plan_resolve(eb_plan *plan, size_t index, eb_error *err)
{
    eb_plan_layer *layer = &plan->layers[index];
    const eb_node *merge = eb_node_get(layer->node, "merge");
    eb_status status = EB_OK;

    if (!merge || layer->part_count || layer->unknown) return EB_OK;
    layer->resolving = true;
    for (size_t i = 0; status == EB_OK && i < merge->count; i++) {
        const eb_node *item = merge->items[i];
        size_t found = 0;
        status = find_part(plan, layer, item, &found, err);
        if (status == EB_OK && plan->layers[found].resolving)
            status = eb_node_error(err, EB_USAGE, plan->file, item, false,
                                   found == index ? "the layer '%s' would be made from itself"
                                                  : "the layer '%s' would be made from itself, by way of '%s'",
                                   item->text, layer->id);
        if (status == EB_OK) status = eb_plan_resolve(plan, found, err);
        const eb_plan_layer *part = &plan->layers[found];
        if (status == EB_OK && !part->part_count) status = take_part(plan, layer, found, item, err);
        for (size_t k = 0; status == EB_OK && k < part->part_count; k++) status = take_part(plan, layer, part->parts[k], item, err);
    }
    layer->resolving = false;
    return status;
}
