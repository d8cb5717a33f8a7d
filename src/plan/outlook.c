/* What can be told of the layers that a step names before anything runs: shapes, fields, CRS, values. */
#include "plan/look.h"
#include "plan/merge.h"

#include "base/translate.h"

#include <stdlib.h>
#include <string.h>

static unsigned shapes_of_kind(eb_shape_kind kind)
{
    switch (kind) {
    case EB_SHAPE_POINT:
    case EB_SHAPE_MULTIPOINT:
        return EB_TAKES_POINTS;
    case EB_SHAPE_LINE:
    case EB_SHAPE_MULTILINE:
        return EB_TAKES_LINES;
    case EB_SHAPE_POLYGON:
    case EB_SHAPE_MULTIPOLYGON:
        return EB_TAKES_POLYGONS;
    default:
        return 0;
    }
}

/** What a layer or result holds, 0: not known. A result that its analysis says nothing of holds what it was made from. */
static unsigned shapes_of(const eb_plan *plan, const eb_ref *ref)
{
    if (ref->kind == EB_REF_LAYER) return shapes_of_kind(plan->layers[ref->index].schema->kind);
    if (ref->kind != EB_REF_STEP) return 0;
    const eb_plan_step *step = &plan->steps[ref->index];
    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer && strcmp(yield->role, ref->role) == 0 && yield->shapes) return yield->shapes;
    }
    return step->input_count ? shapes_of(plan, &step->inputs[0]) : 0;
}

static void add_shapes(eb_string *out, unsigned shapes)
{
    static const char *const names[] = {N_("points"), N_("lines"), N_("polygons")};

    for (unsigned i = 0; i < 3; i++) {
        if (!(shapes & 1U << i)) continue;
        eb_string_addf(out, "%s%s", out->size ? _(" or ") : "", eb_translate(names[i]));
    }
}

eb_status eb_plan_check_shapes(const eb_plan *plan, const eb_node *node, const eb_ref *ref, unsigned shapes, const char *what,
                               eb_error *err)
{
    const unsigned has = shapes_of(plan, ref);
    eb_string wanted = {0}, found = {0};

    if (!shapes || !has || (shapes & has)) return EB_OK;
    add_shapes(&wanted, shapes);
    add_shapes(&found, has);
    eb_node_error(err, EB_USAGE, plan->file, node, false, "'%s' takes %s, and '%s%s%s' holds %s", what, eb_string_get(&wanted),
                  eb_plan_ref_id(plan, ref), *ref->role ? "_" : "", ref->role, eb_string_get(&found));
    eb_string_clear(&wanted);
    eb_string_clear(&found);
    return EB_USAGE;
}

/** A step's look at its layers. */
typedef struct outlook {
    const eb_plan *plan;
    size_t step;      /**< number of the step: earlier ones are seen */
    eb_layer *merged; /**< the layer put together last; sources borrow it */
} outlook;

static eb_ref find_layer(const outlook *in, const char *name)
{
    return eb_plan_find(in->plan, name, false, in->step);
}

static unsigned outlook_shapes(void *self, const char *name)
{
    const outlook *in = self;
    const eb_ref ref = find_layer(in, name);
    const unsigned has = shapes_of(in->plan, &ref);

    return has == EB_TAKES_POINTS || has == EB_TAKES_LINES || has == EB_TAKES_POLYGONS ? has : 0;
}

static bool is_listed(const char *list, const char *name)
{
    const size_t size = strlen(name);

    for (const char *at = list; at && *at; at += strspn(at, ",")) {
        if (strcspn(at, ",") == size && strncmp(at, name, size) == 0) return true;
        at += strcspn(at, ",");
    }
    return false;
}

/** What of the step has a column of its own called so; NULL: nothing. */
static const eb_yield *maker_of(const eb_plan_step *step, const char *role, bool table, const char *name)
{
    for (size_t i = 0; i < step->analysis->yield_count; i++) {
        const eb_yield *yield = &step->analysis->yields[i];
        if (yield->layer != table && strcmp(yield->role, role) == 0 && is_listed(yield->columns, name)) return yield;
    }
    return NULL;
}

/** Results carry the fields of what they were made from, where their analysis has none of that name. */
static bool field_of(const eb_plan *plan, const eb_ref *ref, const char *name, eb_field_type *type)
{
    if (ref->kind == EB_REF_LAYER) {
        const eb_schema *schema = plan->layers[ref->index].schema;
        const int field = eb_schema_find(schema, name);
        if (field >= 0) *type = schema->fields[field].type;
        return field >= 0;
    }
    const eb_plan_step *step = ref->kind == EB_REF_STEP ? &plan->steps[ref->index] : NULL;
    if (!step || *ref->role || maker_of(step, ref->role, false, name)) return false;
    for (size_t i = 0; i < step->input_count; i++) {
        if (field_of(plan, &step->inputs[i], name, type)) return true;
    }
    return false;
}

static bool outlook_field(void *self, const char *layer, const char *field, eb_field_type *type)
{
    const outlook *in = self;
    const eb_ref ref = find_layer(in, layer);

    return field_of(in->plan, &ref, field, type);
}

/** Results are in the CRS of what they were made from. */
static const eb_crs *crs_of(const eb_plan *plan, const eb_ref *ref)
{
    if (ref->kind == EB_REF_LAYER) return plan->layers[ref->index].schema->crs;
    const eb_plan_step *step = ref->kind == EB_REF_STEP ? &plan->steps[ref->index] : NULL;
    return step && step->input_count ? crs_of(plan, &step->inputs[0]) : NULL;
}

static const eb_crs *outlook_crs(void *self, const char *layer)
{
    const outlook *in = self;
    const eb_ref ref = find_layer(in, layer);

    return crs_of(in->plan, &ref);
}

/** Layers of files only; one that is put together in memory knows no filter. */
static eb_status outlook_open(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    outlook *in = self;
    const eb_ref ref = find_layer(in, name);
    const eb_plan_layer *layer = ref.kind == EB_REF_LAYER ? &in->plan->layers[ref.index] : NULL;

    *out = NULL;
    if (!layer || (eb_merge_needed(layer) && options->where)) return EB_OK;
    if (eb_merge_needed(layer)) {
        eb_layer_free(in->merged);
        in->merged = NULL;
        const eb_status status = eb_merge_read(in->plan, layer, NULL, &in->merged, err);
        return status == EB_OK ? eb_source_from_layer(in->merged, NULL, out, err) : status;
    }
    eb_read_options merged = eb_plan_read_options(layer);
    char *both = merged.where || options->where ? eb_both_filters(merged.where, options->where) : NULL;
    if (!both && (merged.where || options->where)) return eb_error_memory(err);
    merged.where = both;
    merged.no_shapes = options->no_shapes;
    const eb_status status = eb_source_open(layer->names[0], &merged, out, err);
    free(both);
    return status;
}

eb_status eb_plan_check_layers(const eb_plan *plan, const eb_plan_step *step, const eb_node **blame, eb_error *err)
{
    outlook in = {.plan = plan, .step = (size_t)(step - plan->steps)};
    const eb_outlook look = {outlook_shapes, outlook_field, outlook_crs, outlook_open, &in};
    const char *key = NULL;

    if (!step->analysis->check_layers) return EB_OK;
    const eb_status status = step->analysis->check_layers(step->args, &look, &key, err);
    const eb_node *node = status != EB_OK && key ? eb_node_get(step->params_node, key) : NULL;
    if (node) *blame = node;
    eb_layer_free(in.merged);
    return status;
}

eb_status eb_plan_check_number(const eb_plan *plan, const eb_node *node, const eb_ref *table, const char *column, eb_error *err)
{
    const eb_plan_step *step = &plan->steps[table->index];
    const eb_yield *maker = maker_of(step, table->role, true, column);
    bool text = maker && is_listed(maker->texts, column);

    for (size_t i = 0; !maker && !text && i < step->analysis->param_count; i++) {
        const eb_param *param = &step->analysis->params[i];
        if (param->type != EB_PARAM_FIELD || !param->of || eb_args_count(step->args, param->of) == 0) continue;
        const eb_ref ref = eb_plan_find(plan, eb_args_text_at(step->args, param->of, 0), false, table->index);
        for (size_t k = 0; k < eb_args_count(step->args, param->key); k++) {
            eb_field_type type = EB_FIELD_REAL;
            const bool named = strcmp(eb_args_text_at(step->args, param->key, k), column) == 0;
            text = text || (named && field_of(plan, &ref, column, &type) && type == EB_FIELD_TEXT);
        }
    }
    return text ? eb_node_error(err, EB_USAGE, plan->file, node, false, "the column '%s' holds no numbers", column) : EB_OK;
}
