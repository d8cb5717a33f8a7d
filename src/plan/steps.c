/* `steps:`: the analysis of each, its parameters, and what these say of its layers. */
#include "plan/look.h"

#include "base/array.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Keys of a step beside the name of its analysis. */
static const eb_key step_keys[] = {
    {"id", EB_KEY_TEXT, true},      {"title", EB_KEY_WORDS, false},  {"note", EB_KEY_WORDS, false},  {"theme", EB_KEY_TEXT, false},
    {"shares", EB_KEY_LIST, false}, {"visible", EB_KEY_TEXT, false}, {"charts", EB_KEY_LIST, false},
};
enum { STEP_KEYS = sizeof step_keys / sizeof step_keys[0] };

static bool is_step_key(const char *key)
{
    for (size_t i = 0; i < STEP_KEYS; i++) {
        if (strcmp(step_keys[i].name, key) == 0) return true;
    }
    return false;
}

/** EB_USAGE: this word is neither a key of a step nor an analysis. */
static eb_status unknown_analysis(const eb_plan *plan, const eb_node *node, eb_error *err)
{
    const char *names[64];
    size_t count = 0;

    for (size_t i = 0; i < eb_analysis_count() && count < 48; i++) names[count++] = eb_analysis_at(i)->name;
    for (size_t i = 0; i < STEP_KEYS; i++) names[count++] = step_keys[i].name;
    eb_node_error(err, EB_USAGE, plan->file, node, true, "'%.100s' is neither an analysis nor a key of a step", node->key);
    eb_hint_names(err, node->key, names, count);
    return EB_USAGE;
}

/** The one key of the step that names an analysis. */
static eb_status find_analysis(const eb_plan *plan, eb_plan_step *step, eb_error *err)
{
    for (size_t i = 0; i < step->node->count; i++) {
        const eb_node *item = step->node->items[i];
        if (is_step_key(item->key)) continue;
        const eb_analysis *analysis = eb_analysis_find(item->key);
        if (!analysis) return unknown_analysis(plan, item, err);
        if (step->analysis) {
            eb_node_error(err, EB_USAGE, plan->file, item, true, "the step has two analyses, '%s' and '%s'", step->analysis->name,
                          item->key);
            eb_error_hint(err, "make it two steps");
            return EB_USAGE;
        }
        if (item->kind != EB_NODE_MAP) {
            eb_node_error(err, EB_USAGE, plan->file, item, false, "'%s' must be a map of parameters, not %s", item->key,
                          eb_node_kind_name(item->kind));
            eb_error_hint(err, "see ecobelt help %s", analysis->name);
            return EB_USAGE;
        }
        step->analysis = analysis;
        step->params_node = item;
    }
    if (step->analysis) return EB_OK;
    eb_node_error(err, EB_USAGE, plan->file, step->node, false, "the step '%.100s' does nothing: it names no analysis", step->id);
    eb_error_hint(err, "for example area: {layer: park, by: zone}");
    return EB_USAGE;
}

static eb_status unknown_param(const eb_plan *plan, const eb_plan_step *step, const eb_node *node, eb_error *err)
{
    const char *names[64];
    size_t count = 0;

    for (size_t i = 0; i < step->analysis->param_count && count < 64; i++) {
        if (!(step->analysis->params[i].flags & EB_PARAM_CLI_ONLY)) names[count++] = step->analysis->params[i].key;
    }
    eb_node_error(err, EB_USAGE, plan->file, node, true, "unknown key '%.100s' in '%s'", node->key, step->analysis->name);
    eb_hint_names(err, node->key, names, count);
    return EB_USAGE;
}

static eb_status add_input(eb_plan *plan, eb_plan_step *step, const eb_param *param, const eb_node *node, const char *text, eb_error *err)
{
    const size_t index = (size_t)(step - plan->steps);
    const eb_ref ref = eb_plan_find_input(plan, text, index);

    if (ref.kind == EB_REF_NONE) return eb_plan_unknown(plan, node, eb_plan_input_name(text), false, index, err);
    if (!eb_array_reserve(&step->inputs, &step->input_capacity, step->input_count + 1, sizeof *step->inputs)) return eb_error_memory(err);
    step->inputs[step->input_count++] = ref;
    return eb_plan_check_shapes(plan, node, &ref, param->shapes, param->key, err);
}

/** A file to read stands beside the plan, as layers do. */
static char *file_beside(const eb_plan *plan, const char *path)
{
    eb_string full = {0};

    eb_string_addf(&full, "%s%s", path[0] == '/' ? "" : plan->folder, path);
    return eb_string_take(&full);
}

/** A plain number for a key that says its unit, as in min_area_m2: 100. */
static bool unit_is_in_key(const eb_param *param, const char *text)
{
    const size_t size = strlen(param->key);
    double number;

    return param->type == EB_PARAM_AREA && size > 3 && strcmp(param->key + size - 3, "_m2") == 0 && eb_text_to_real(text, &number);
}

/** One value of a parameter. @p name is the key it stood under in a map {NAME: LAYER}, or NULL. */
static eb_status add_value(eb_plan *plan, eb_plan_step *step, const eb_param *param, const eb_node *node, const char *name, eb_error *err)
{
    eb_string text = {0};
    eb_status status = EB_OK;

    node = eb_node_in(node, plan->lang);
    if (node->kind != EB_NODE_TEXT) {
        const bool list = param->flags & EB_PARAM_LIST;
        return eb_node_error(err, EB_USAGE, plan->file, node, false, "%s must be %s, not %s", param->key,
                             list ? _("a value or a list of values") : _("one value"), eb_node_kind_name(node->kind));
    }
    if (name) eb_string_addf(&text, "%s=", name);
    if (param->type == EB_PARAM_FILE) {
        char *path = file_beside(plan, node->text);
        eb_string_add(&text, path);
        if (!path) text.failed = true;
        free(path);
    } else {
        eb_string_add(&text, node->text);
        if (unit_is_in_key(param, node->text)) eb_string_add(&text, "m2");
    }
    if (text.failed) {
        status = eb_error_memory(err);
    } else {
        status = eb_args_add(step->args, param->key, eb_string_get(&text), false, err);
        if (status == EB_USAGE) eb_node_place(err, status, plan->file, node);
    }
    if (status == EB_OK && param->type == EB_PARAM_LAYER) status = add_input(plan, step, param, node, eb_string_get(&text), err);
    eb_string_clear(&text);
    return status;
}

static eb_status read_param(eb_plan *plan, eb_plan_step *step, const eb_node *node, eb_error *err)
{
    const eb_param *param = eb_params_find(step->analysis->params, step->analysis->param_count, node->key);
    const bool list = param && (param->flags & EB_PARAM_LIST);
    const bool named = list && param->type == EB_PARAM_LAYER && node->kind == EB_NODE_MAP;
    eb_status status = EB_OK;

    if (!param || (param->flags & EB_PARAM_CLI_ONLY)) return unknown_param(plan, step, node, err);
    if (!named && !(list && node->kind == EB_NODE_LIST)) return add_value(plan, step, param, node, NULL, err);
    if (node->count == 0) return eb_node_error(err, EB_USAGE, plan->file, node, false, "%s is an empty list", param->key);
    for (size_t i = 0; status == EB_OK && i < node->count; i++) {
        status = add_value(plan, step, param, node->items[i], named ? node->items[i]->key : NULL, err);
    }
    return status;
}

/** Node of value @p i of a parameter, for its place. */
static const eb_node *value_node(const eb_plan_step *step, eb_lang lang, const char *key, size_t i)
{
    const eb_node *node = eb_node_get(step->params_node, key);
    if (!node) return step->params_node;
    return eb_node_in(node->kind == EB_NODE_LIST && i < node->count ? node->items[i] : node, lang);
}

/** Every field a step names is in the layer it belongs to. */
static eb_status check_fields(const eb_plan *plan, const eb_plan_step *step, eb_error *err)
{
    const size_t index = (size_t)(step - plan->steps);
    eb_status status = EB_OK;

    for (size_t i = 0; i < step->analysis->param_count; i++) {
        const eb_param *param = &step->analysis->params[i];
        if (param->type != EB_PARAM_FIELD || !param->of || !eb_node_get(step->params_node, param->key)) continue;
        for (size_t v = 0; v < eb_args_count(step->args, param->key); v++) {
            const char *field = eb_args_text_at(step->args, param->key, v);
            eb_status now = EB_OK;
            for (size_t l = 0; now == EB_OK && l < eb_args_count(step->args, param->of); l++) {
                const char *text = eb_args_text_at(step->args, param->of, l);
                if (eb_plan_input_name(text) != text) continue; /* NAME=LAYER: the name stands for what the field would say */
                const eb_ref ref = eb_plan_find_input(plan, text, index);
                now = eb_plan_check_column(plan, value_node(step, plan->lang, param->key, v), &ref, false, field, err);
            }
            if (!eb_plan_go_on(plan, now, &status, err)) return status;
        }
    }
    return status;
}

/** Every condition of a step can be read and lets something through. */
static eb_status check_conditions(const eb_plan *plan, const eb_plan_step *step, eb_error *err)
{
    const size_t index = (size_t)(step - plan->steps);
    eb_status status = EB_OK;

    for (size_t i = 0; i < step->analysis->param_count; i++) {
        const eb_param *param = &step->analysis->params[i];
        const eb_node *node = eb_node_get(step->params_node, param->key);
        if (param->type != EB_PARAM_TEXT || !param->of || !node) continue;
        for (size_t l = 0; status == EB_OK && l < eb_args_count(step->args, param->of); l++) {
            const eb_ref ref = eb_plan_find_input(plan, eb_args_text_at(step->args, param->of, l), index);
            status = eb_plan_check_where(plan, node, &ref, err);
        }
    }
    return status;
}

/** true, false, or which of the step's layers alone is drawn. */
static eb_status read_visible(const eb_plan *plan, eb_plan_step *step, eb_error *err)
{
    const eb_node *node = eb_node_get(step->node, "visible");
    const char *text = eb_node_text(step->node, "visible");
    const char *names[16] = {"true", "false"};
    size_t count = 2;

    if (!text || strcmp(text, "true") == 0) return EB_OK;
    step->hidden = true;
    if (strcmp(text, "false") == 0) return EB_OK;
    for (size_t i = 0; i < step->analysis->yield_count && count < 16; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (!yield->layer || !*yield->role) continue;
        if (strcmp(yield->role, text) == 0) step->visible_role = yield->role;
        names[count++] = yield->role;
    }
    if (step->visible_role) return EB_OK;
    eb_node_error(err, EB_USAGE, plan->file, node, false, "visible must be true, false or one of the layers of '%s', not '%.100s'",
                  step->analysis->name, text);
    eb_hint_names(err, text, names, count);
    return EB_USAGE;
}

/** What the analysis says of its parameters alone, in the words of a plan. */
static eb_status check_params(const eb_plan *plan, const eb_plan_step *step, eb_error *err)
{
    eb_status status = eb_args_finish(step->args, err);

    if (status == EB_OK && step->analysis->check) status = step->analysis->check(step->args, err);
    if (status != EB_USAGE) return status;
    eb_plan_speak(step->analysis, err);
    return eb_node_place(err, status, plan->file, step->params_node);
}

/** What it says of them together with its layers. */
static eb_status check_layers(const eb_plan *plan, const eb_plan_step *step, eb_error *err)
{
    const eb_node *blame = step->params_node;
    const eb_status status = eb_plan_check_layers(plan, step, &blame, err);

    if (status != EB_USAGE && status != EB_REFUSED && status != EB_INPUT) return status;
    eb_plan_speak(step->analysis, err);
    return eb_node_place(err, status, plan->file, blame);
}

static eb_status read_step(eb_plan *plan, eb_plan_step *step, const eb_node *node, eb_error *err)
{
    if (node->kind != EB_NODE_MAP)
        return eb_node_error(err, EB_USAGE, plan->file, node, false, "a step must be a map, not %s", eb_node_kind_name(node->kind));
    const eb_node *id = eb_node_get(node, "id");
    if (!id || id->kind != EB_NODE_TEXT) return eb_node_error(err, EB_USAGE, plan->file, id ? id : node, false, "a step needs an id");
    step->node = node;
    step->id = id->text;
    step->wanted = true;
    eb_status status = eb_id_check(plan, id, step->id, false, err);
    if (status == EB_OK) status = find_analysis(plan, step, err);
    if (status == EB_OK) status = eb_plan_check_free(plan, step, err);
    if (status != EB_OK) return status;
    for (size_t i = 0; i < STEP_KEYS; i++) { /* kinds of the step's own values */
        const eb_node *item = eb_node_get(node, step_keys[i].name);
        if (item && !eb_plan_go_on(plan, eb_key_check(plan, item, "a step", &step_keys[i], err), &status, err)) return status;
    }
    if (status != EB_OK) return status;
    step->title = eb_words_of(eb_node_get(node, "title"));
    step->note = eb_words_of(eb_node_get(node, "note"));
    status = eb_plan_read_theme(plan, node, &step->theme, err);
    if (status == EB_OK) status = read_visible(plan, step, err);
    if (status != EB_OK) return status;
    step->args = eb_args_new(step->analysis->params, step->analysis->param_count);
    if (!step->args) return eb_error_memory(err);
    for (size_t i = 0; i < step->params_node->count; i++) {
        if (!eb_plan_go_on(plan, read_param(plan, step, step->params_node->items[i], err), &status, err)) break;
    }
    bool known = true;
    for (size_t i = 0; i < step->input_count; i++) known = known && !eb_plan_is_unknown(plan, &step->inputs[i]);
    if (status == EB_OK) status = check_params(plan, step, err);
    if (status == EB_OK) status = check_fields(plan, step, err);
    if (status == EB_OK) status = check_conditions(plan, step, err);
    if (status == EB_OK) status = check_layers(plan, step, err);
    if (status != EB_OK) return status;
    step->unknown = !known;
    if (!eb_plan_go_on(plan, eb_plan_read_shares(plan, step, err), &status, err)) return status;
    eb_plan_go_on(plan, eb_plan_read_charts(plan, step, err), &status, err);
    return status;
}

/** Mark a step and what it needs. */
static void want(eb_plan *plan, size_t index)
{
    eb_plan_step *step = &plan->steps[index];

    if (step->wanted) return;
    step->wanted = true;
    for (size_t i = 0; i < step->input_count; i++) {
        if (step->inputs[i].kind == EB_REF_STEP) want(plan, step->inputs[i].index);
    }
    for (size_t i = 0; i < step->share_count; i++) {
        if (step->shares[i].ref.kind == EB_REF_STEP) want(plan, step->shares[i].ref.index);
    }
}

static eb_status apply_only(eb_plan *plan, eb_error *err)
{
    const char *names[128];
    size_t found = plan->step_count;

    if (!plan->only) return EB_OK;
    for (size_t i = 0; i < plan->step_count; i++) {
        plan->steps[i].wanted = false;
        if (i < 128) names[i] = plan->steps[i].id;
        if (strcmp(plan->steps[i].id, plan->only) == 0) found = i;
    }
    if (found < plan->step_count) {
        want(plan, found);
        return EB_OK;
    }
    eb_error_set(err, EB_USAGE, "--only %.100s: the plan has no such step", plan->only);
    eb_error_where(err, plan->file, NULL, EB_NO_FID);
    eb_hint_names(err, plan->only, names, plan->step_count < 128 ? plan->step_count : 128);
    return EB_USAGE;
}

eb_status eb_plan_read_steps(eb_plan *plan, eb_error *err)
{
    const eb_node *steps = eb_node_get(plan->root, "steps");
    eb_status status = EB_OK;

    if (steps->count == 0) return eb_node_error(err, EB_USAGE, plan->file, steps, true, "the plan has no steps");
    plan->steps = calloc(steps->count, sizeof *plan->steps);
    if (!plan->steps) return eb_error_memory(err);
    /* Ids and analyses first, so that a reference to a later step can be told from a misspelt one. */
    plan->step_count = steps->count;
    for (size_t i = 0; i < steps->count; i++) {
        plan->steps[i].id = "";
        const char *id = eb_node_text(steps->items[i], "id");
        if (id) plan->steps[i].id = id;
        for (size_t k = 0; steps->items[i]->kind == EB_NODE_MAP && k < steps->items[i]->count; k++) {
            const eb_analysis *analysis = eb_analysis_find(steps->items[i]->items[k]->key);
            if (analysis) plan->steps[i].analysis = analysis;
        }
    }
    for (size_t i = 0; i < steps->count; i++) {
        eb_plan_step *step = &plan->steps[i];
        const eb_analysis *meant = step->analysis;
        step->analysis = NULL;
        step->unknown = true; /* until it is read */
        const eb_status now = read_step(plan, step, steps->items[i], err);
        if (!step->analysis) step->analysis = meant;
        if (!eb_plan_go_on(plan, now, &status, err)) return status;
    }
    return status == EB_OK ? apply_only(plan, err) : status;
}
