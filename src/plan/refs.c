/* What names in a plan mean: layers, steps, the layers and tables that steps make. */
#include "plan/model.h"
#include "base/translate.h"

#include <stdlib.h>
#include <string.h>

void eb_add_result_id(eb_string *out, const char *step, const char *role)
{
    eb_string_addf(out, "%s%s%s", step, *role ? "_" : "", role);
}

/** A result of a step: "STEP" or "STEP_ROLE". The role, or NULL. */
static const char *role_of(const eb_plan_step *step, const char *name, bool table)
{
    const size_t size = strlen(step->id);

    if (strncmp(name, step->id, size) != 0 || (name[size] != '\0' && name[size] != '_')) return NULL;
    const char *role = name[size] == '_' ? name + size + 1 : "";
    if (!step->analysis && step->unknown && size) return role; /* whatever it was meant to make */
    for (size_t i = 0; step->analysis && i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer == !table && strcmp(yield->role, role) == 0) return role;
    }
    return NULL;
}

eb_ref eb_plan_find(const eb_plan *plan, const char *name, bool table, size_t step_limit)
{
    for (size_t i = 0; !table && i < plan->layer_count; i++) {
        if (strcmp(plan->layers[i].id, name) == 0) return (eb_ref){EB_REF_LAYER, i, ""};
    }
    for (size_t i = 0; i < plan->step_count && i < step_limit; i++) {
        const char *role = role_of(&plan->steps[i], name, table);
        if (role) return (eb_ref){EB_REF_STEP, i, role};
    }
    return (eb_ref){EB_REF_NONE, 0, ""};
}

bool eb_plan_is_unknown(const eb_plan *plan, const eb_ref *ref)
{
    return (ref->kind == EB_REF_LAYER && plan->layers[ref->index].unknown) || (ref->kind == EB_REF_STEP && plan->steps[ref->index].unknown);
}

const char *eb_plan_input_name(const char *text)
{
    const char *equals = strchr(text, '=');
    return equals ? equals + 1 : text;
}

eb_ref eb_plan_find_input(const eb_plan *plan, const char *text, size_t step)
{
    return eb_plan_find(plan, eb_plan_input_name(text), false, step);
}

/** Names of all layers or tables that the first steps can use, for a hint; each from malloc(). */
static size_t collect_names(const eb_plan *plan, bool table, size_t step_limit, char **names, size_t limit)
{
    size_t count = 0;

    for (size_t i = 0; !table && i < plan->layer_count && count < limit; i++) names[count++] = eb_text_dup(plan->layers[i].id);
    for (size_t i = 0; i < plan->step_count && i < step_limit; i++) {
        const eb_analysis *analysis = plan->steps[i].analysis;
        for (size_t k = 0; analysis && k < analysis->yield_count && count < limit; k++) {
            eb_string name = {0};
            if (analysis->yields[k].layer == table) continue;
            eb_add_result_id(&name, plan->steps[i].id, analysis->yields[k].role);
            names[count++] = eb_string_take(&name);
        }
    }
    return count;
}

eb_status eb_plan_unknown(const eb_plan *plan, const eb_node *node, const char *name, bool table, size_t step_limit, eb_error *err)
{
    const eb_ref later = eb_plan_find(plan, name, table, plan->step_count);
    const eb_ref other = eb_plan_find(plan, name, !table, plan->step_count);
    char *names[128];
    const char *known[128];
    size_t count = 0;

    if (later.kind == EB_REF_STEP) {
        const bool itself = later.index == step_limit;
        eb_node_error(err, EB_USAGE, plan->file, node, false, itself ? "the step '%s' uses its own result" : "'%s' is made by a later step",
                      name);
        eb_error_hint(err, "steps run from top to bottom: move that step up");
        return EB_USAGE;
    }
    eb_node_error(err, EB_USAGE, plan->file, node, false, "there is no %s '%.100s'", table ? _("table") : _("layer"), name);
    if (other.kind != EB_REF_NONE) {
        eb_error_hint(err, table ? "'%s' is a layer" : "the step '%s' makes a table, no layer", name);
        return EB_USAGE;
    }
    char **found = names;
    count = collect_names(plan, table, step_limit, found, 128);
    size_t usable = 0;
    for (size_t i = 0; i < count; i++) {
        if (names[i]) known[usable++] = names[i];
    }
    eb_hint_names(err, name, known, usable);
    for (size_t i = 0; i < count; i++) free(names[i]);
    return EB_USAGE;
}

const char *eb_plan_ref_id(const eb_plan *plan, const eb_ref *ref)
{
    if (ref->kind == EB_REF_LAYER) return plan->layers[ref->index].id;
    return ref->kind == EB_REF_STEP ? plan->steps[ref->index].id : "region";
}

eb_status eb_plan_check_table(const eb_plan *plan, const eb_plan_step *step, const eb_node *node, const char *role, eb_error *err)
{
    const eb_node *table = eb_node_get(node, "table");
    const char *names[16];
    size_t count = 0;

    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer) continue;
        if (strcmp(yield->role, role) == 0) return EB_OK;
        if (*yield->role && count < sizeof names / sizeof names[0]) names[count++] = yield->role;
    }
    eb_node_error(err, EB_USAGE, plan->file, table ? table : node, false,
                  *role ? "'%s' makes no table '%.100s'" : "the tables of '%s' have names: say table: with one of them",
                  step->analysis->name, role);
    if (count) eb_hint_names(err, role, names, count);
    return EB_USAGE;
}
