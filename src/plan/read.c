/* A plan: its text, its head and the order in which its parts are read. */
#include "plan/model.h"

#include "base/sha256.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_key plan_keys[] = {
    {"title", EB_KEY_WORDS, false}, {"name", EB_KEY_TEXT, false},  {"region", EB_KEY_MAP, false},
    {"layers", EB_KEY_MAP, true},   {"steps", EB_KEY_LIST, true},  {"targets", EB_KEY_LIST, false},
    {"outputs", EB_KEY_MAP, false}, {"note", EB_KEY_WORDS, false}, {"map", EB_KEY_MAP, false},
};
static const eb_key region_keys[] = {{"layer", EB_KEY_TEXT, true},
                                     {"title", EB_KEY_WORDS, false},
                                     {"control_area_km2", EB_KEY_REAL, false},
                                     {"source", EB_KEY_WORDS, false}};
static const eb_key output_keys[] = {{"formats", EB_KEY_LIST, false}, {"decimals", EB_KEY_REAL, false}};

/** The plan file's stem as an ASCII name for files: other characters become '_'. */
static char *stem_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *name = eb_text_dup(slash ? slash + 1 : file);
    char *dot = name ? strrchr(name, '.') : NULL;
    bool usable = false;

    if (dot && dot != name) *dot = '\0';
    for (char *at = name; at && *at; at++) {
        const bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        if (!letter && *at != '-') *at = '_';
        usable = usable || letter;
    }
    if (!name || usable) return name;
    free(name);
    return eb_text_dup("plan");
}

static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *folder = eb_text_dup(file);

    if (folder) folder[slash ? slash - file + 1 : 0] = '\0';
    return folder;
}

static eb_status read_region(eb_plan *plan, eb_error *err)
{
    const eb_node *node = eb_node_get(plan->root, "region");
    eb_plan_region *region = &plan->region;

    region->control_m2 = NAN;
    if (!node || node->kind == EB_NODE_NULL) return EB_OK;
    eb_status status = eb_keys_check(plan, node, "the region", region_keys, sizeof region_keys / sizeof region_keys[0], err);
    if (status != EB_OK) return status;
    const eb_node *layer = eb_node_get(node, "layer"), *control = eb_node_get(node, "control_area_km2");
    const eb_ref ref = eb_plan_find(plan, layer->text, false, 0);
    if (ref.kind != EB_REF_LAYER) return eb_plan_unknown(plan, layer, layer->text, false, 0, err);
    region->node = node;
    region->layer = ref.index;
    region->title = eb_words_of(eb_node_get(node, "title"));
    region->source = eb_words_of(eb_node_get(node, "source"));
    region->control_m2 = eb_node_real(control, NAN) * 1e6;
    if (control && !(region->control_m2 > 0))
        return eb_node_error(err, EB_USAGE, plan->file, control, false, "control_area_km2 must be more than 0");
    if (control && !eb_words_in(&region->source, EB_LANG_EN, NULL))
        return eb_node_error(err, EB_USAGE, plan->file, control, true, "a published area needs its source");
    return EB_OK;
}

static eb_status read_format(eb_plan *plan, const eb_node *item, eb_error *err)
{
    unsigned flag = 0;

    if (item->kind != EB_NODE_TEXT) return eb_node_error(err, EB_USAGE, plan->file, item, false, "a format must be a text");
    if (eb_format_parse(item->text, &flag, err) != EB_OK) {
        const eb_error kept = err ? *err : (eb_error){0};
        eb_node_error(err, EB_USAGE, plan->file, item, false, "%s", kept.message);
        eb_error_hint(err, "%s", kept.hint);
        return EB_USAGE;
    }
    plan->formats |= flag;
    return EB_OK;
}

static eb_status read_outputs(eb_plan *plan, eb_error *err)
{
    enum { FINEST = 12 }; /* a tenth of a micrometre; doubles hold no more */
    const eb_node *node = eb_node_get(plan->root, "outputs");
    int64_t decimals = 9;

    plan->formats = EB_FORMAT_CSV | EB_FORMAT_GEOJSON | EB_FORMAT_GPKG | EB_FORMAT_QGZ | EB_FORMAT_XLSX | EB_FORMAT_HTML | EB_FORMAT_MAP;
    plan->decimals = (int)decimals;
    if (!node || node->kind == EB_NODE_NULL) return EB_OK;
    eb_status status = eb_keys_check(plan, node, "outputs", output_keys, sizeof output_keys / sizeof output_keys[0], err);
    if (status != EB_OK) return status;
    const eb_node *digits = eb_node_get(node, "decimals"), *formats = eb_node_get(node, "formats");
    if (digits && digits->kind == EB_NODE_TEXT && (!eb_text_to_integer(digits->text, &decimals) || decimals < 1 || decimals > FINEST))
        return eb_node_error(err, EB_USAGE, plan->file, digits, false, "decimals of outputs must be a whole number from 1 to %d", FINEST);
    plan->decimals = (int)decimals;
    if (!formats || formats->kind == EB_NODE_NULL) return EB_OK;
    plan->formats = 0;
    for (size_t i = 0; status == EB_OK && i < formats->count; i++) status = read_format(plan, formats->items[i], err);
    if (status == EB_OK && plan->formats == 0) return eb_node_error(err, EB_USAGE, plan->file, formats, true, "no output format is named");
    return status;
}

static eb_status read_name(eb_plan *plan, eb_error *err)
{
    const eb_node *node = eb_node_get(plan->root, "name");

    plan->title = eb_words_of(eb_node_get(plan->root, "title"));
    if (!node || node->kind != EB_NODE_TEXT) return EB_OK;
    eb_status status = eb_id_check(plan, node, node->text, false, err);
    if (status != EB_OK) return status;
    free(plan->name);
    plan->name = eb_text_dup(node->text);
    return plan->name ? EB_OK : eb_error_memory(err);
}

static eb_status read_text(eb_plan *plan, const eb_plan_options *options, eb_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    char digest[EB_SHA256_TEXT];
    eb_status status = eb_yaml_read(plan->file, &plan->root, &bytes, &size, err);

    if (status != EB_OK) return status;
    eb_sha256_bytes(bytes, size, digest);
    free(bytes);
    plan->sha256 = eb_text_dup(digest);
    if (!plan->sha256) return eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && options && options->set && options->set[i]; i++)
        status = eb_node_set(plan->root, options->set[i], err);
    return status;
}

/** The head, layers, steps, targets: each part is looked at whatever is wrong with the others. */
static eb_status read_parts(eb_plan *plan, const eb_env *env, eb_error *err)
{
    eb_status status = eb_keys_check(plan, plan->root, "the plan", plan_keys, sizeof plan_keys / sizeof plan_keys[0], err);
    const eb_node *layers = eb_node_get(plan->root, "layers"), *steps = eb_node_get(plan->root, "steps");

    if (!layers || layers->kind != EB_NODE_MAP || !steps || steps->kind != EB_NODE_LIST) return status;
    bool go = eb_plan_go_on(plan, status, &status, err);
    go = go && eb_plan_go_on(plan, read_name(plan, err), &status, err);
    go = go && eb_plan_go_on(plan, read_outputs(plan, err), &status, err);
    go = go && eb_plan_go_on(plan, eb_plan_read_map(plan, err), &status, err);
    go = go && eb_plan_go_on(plan, eb_plan_read_layers(plan, err), &status, err);
    go = go && plan->layer_count && eb_plan_go_on(plan, eb_env_check(env, err), &status, err);
    go = go && eb_plan_go_on(plan, read_region(plan, err), &status, err);
    go = go && eb_plan_go_on(plan, eb_plan_read_steps(plan, err), &status, err);
    if (go && plan->step_count) eb_plan_go_on(plan, eb_plan_read_targets(plan, err), &status, err);
    return status;
}

static eb_status read_in(const char *file, const eb_plan_options *options, eb_lang lang, const eb_env *env, eb_plan **out, eb_error *err)
{
    eb_plan *plan = calloc(1, sizeof *plan);
    eb_status status;

    *out = NULL;
    if (plan) plan->problems = calloc(1, sizeof *plan->problems);
    if (!plan || !plan->problems) {
        free(plan);
        return eb_error_memory(err);
    }
    plan->file = eb_text_dup(file);
    plan->folder = folder_of(file);
    plan->name = stem_of(file);
    plan->lang = lang;
    plan->only = options && options->only ? eb_text_dup(options->only) : NULL;
    status = plan->file && plan->folder && plan->name && (plan->only || !options || !options->only) ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) status = read_text(plan, options, err);
    if (status == EB_OK) status = read_parts(plan, env, err);
    if (err->code == EB_OK && plan->problems->count) status = eb_plan_tell_problems(plan, options, err);
    if (status != EB_OK) {
        eb_plan_free(plan);
        return status;
    }
    *out = plan;
    return EB_OK;
}

/** Whether something of a step's parameters is another in each language. */
static bool depends_on_language(const eb_node *node)
{
    bool found = node && eb_node_in(node, EB_LANG_ZH) != eb_node_in(node, EB_LANG_EN);

    for (size_t i = 0; node && !found && i < node->count; i++) found = depends_on_language(node->items[i]);
    return found;
}

static bool step_depends(const eb_plan_step *step)
{
    bool found = depends_on_language(step->params_node);

    for (size_t i = 0; !found && i < step->chart_count; i++) found = depends_on_language(eb_node_get(step->charts[i].node, "category"));
    return found;
}

eb_status eb_plan_read(const char *file, const eb_plan_options *options, const eb_env *env, eb_plan **out, eb_error *err)
{
    const eb_lang lang = options ? options->lang : EB_LANG_EN;
    eb_plan *other = NULL;
    eb_error nowhere = {0};
    bool again = false;

    if (!err) err = &nowhere;
    *err = (eb_error){0};
    eb_status status = read_in(file, options, lang, env, out, err);

    if (status != EB_OK) return status;
    for (size_t i = 0; !again && i < (*out)->step_count; i++) again = step_depends(&(*out)->steps[i]);
    if (!again) return EB_OK;
    /* What only those meet who read the other language is told now, to whom can mend it. */
    status = read_in(file, options, lang == EB_LANG_ZH ? EB_LANG_EN : EB_LANG_ZH, env, &other, err);
    eb_plan_free(other);
    if (status == EB_OK) return EB_OK;
    eb_plan_free(*out);
    *out = NULL;
    return status;
}

static void free_parts(eb_plan *plan)
{
    for (size_t i = 0; i < plan->layer_count; i++) {
        for (size_t k = 0; k < plan->layers[i].name_count; k++) free(plan->layers[i].names[k]);
        free(plan->layers[i].names);
        free(plan->layers[i].parts);
        eb_schema_free(plan->layers[i].schema);
    }
    for (size_t i = 0; plan->steps && i < plan->step_count; i++) {
        eb_args_free(plan->steps[i].args);
        free(plan->steps[i].inputs);
        free(plan->steps[i].shares);
        for (size_t k = 0; k < plan->steps[i].chart_count; k++) eb_where_free(plan->steps[i].charts[k].where);
        free(plan->steps[i].charts);
    }
    for (size_t i = 0; i < plan->target_count; i++) eb_where_free(plan->targets[i].where);
    free(plan->map.tiles);
    free(plan->layers);
    free(plan->steps);
    free(plan->targets);
}

void eb_plan_free(eb_plan *plan)
{
    if (!plan) return;
    free_parts(plan);
    eb_node_free(plan->root);
    free(plan->problems->items);
    free(plan->problems);
    free(plan->file);
    free(plan->folder);
    free(plan->name);
    free(plan->sha256);
    free(plan->only);
    free(plan);
}

size_t eb_plan_step_count(const eb_plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->step_count; i++) count += plan->steps[i].wanted;
    return count;
}

unsigned eb_plan_formats(const eb_plan *plan)
{
    return plan->formats;
}
