/* Ids of layers and steps, and the names of what steps make: each once, also where files and packages tell no case apart. */
#include "plan/model.h"
#include "base/translate.h"

#include <string.h>

/** Whether the step, or a result of it, is called @p name; as it is written in @p written. */
static bool is_called(const eb_plan_step *step, const char *name, eb_string *written)
{
    eb_string_clear(written);
    eb_string_add(written, step->id);
    if (eb_text_same(step->id, name)) return true;
    for (size_t i = 0; step->analysis && i < step->analysis->yield_count; i++) {
        if (!*step->analysis->yields[i].role) continue;
        eb_string_clear(written);
        eb_add_result_id(written, step->id, step->analysis->yields[i].role);
        if (eb_text_same(eb_string_get(written), name)) return true;
    }
    return false;
}

/** EB_USAGE: @p name is taken by @p written, a layer or a result of a step on @p line. */
static eb_status taken(const eb_plan *plan, const eb_node *node, bool at_key, const char *what, const char *name, const char *by,
                       const char *written, int line, eb_error *err)
{
    eb_node_error(err, EB_USAGE, plan->file, node, at_key, "the %s '%s' is taken by the %s on line %d", what, name, by, line);
    if (strcmp(name, written) != 0)
        eb_error_hint(err, "'%s' and '%s' differ only in case, which GeoPackages and many file systems do not tell apart", name, written);
    return EB_USAGE;
}

/** The name is no earlier layer's; before @p layer_limit. */
static eb_status check_layers(const eb_plan *plan, const eb_node *node, bool at_key, const char *what, const char *name, size_t layer_limit,
                              eb_error *err)
{
    for (size_t i = 0; i < layer_limit; i++) {
        const eb_plan_layer *other = &plan->layers[i];
        if (eb_text_same(other->id, name)) return taken(plan, node, at_key, what, name, _("layer"), other->id, other->node->key_line, err);
    }
    return EB_OK;
}

static eb_status check_name(const eb_plan *plan, const eb_plan_step *step, const char *role, eb_error *err)
{
    const eb_node *id = eb_node_get(step->node, "id");
    const char *what = *role ? _("name of the result") : _("id");
    eb_string name = {0}, written = {0};

    eb_add_result_id(&name, step->id, role);
    eb_status status = check_layers(plan, id, false, what, eb_string_get(&name), plan->layer_count, err);
    for (const eb_plan_step *other = plan->steps; status == EB_OK && other < step; other++) {
        if (!is_called(other, eb_string_get(&name), &written)) continue;
        status = taken(plan, id, false, what, eb_string_get(&name), _("step"), eb_string_get(&written), other->node->line, err);
    }
    eb_string_clear(&written);
    eb_string_clear(&name);
    return status;
}

eb_status eb_plan_check_free(const eb_plan *plan, const eb_plan_step *step, eb_error *err)
{
    eb_status status = check_name(plan, step, "", err);

    for (size_t i = 0; status == EB_OK && i < step->analysis->yield_count; i++)
        status = check_name(plan, step, step->analysis->yields[i].role, err);
    return status;
}

eb_status eb_plan_check_layer_free(const eb_plan *plan, size_t index, eb_error *err)
{
    const eb_plan_layer *layer = &plan->layers[index];
    return check_layers(plan, layer->node, true, _("id"), layer->id, index, err);
}
