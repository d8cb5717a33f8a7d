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
    if (eb_plan_is_unknown(plan, ref)) return 0;
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
    const eb_ref ref = eb_plan_find(in->plan, name, false, in->step);

    return eb_plan_is_unknown(in->plan, &ref) ? (eb_ref){EB_REF_NONE, 0, ""} : ref;
}

static unsigned outlook_shapes(void *self, const char *name)
{
    const outlook *in = self;
    const eb_ref ref = find_layer(in, name);
    const unsigned has = shapes_of(in->plan, &ref);

    return has == EB_TAKES_POINTS || has == EB_TAKES_LINES || has == EB_TAKES_POLYGONS ? has : 0;
}

static bool outlook_field(void *self, const char *layer, const char *field, eb_field_type *type)
{
    const outlook *in = self;
    const eb_ref ref = find_layer(in, layer);
    const eb_field_type *known = eb_plan_field_type(in->plan, &ref, field);

    if (known) *type = *known;
    return known != NULL;
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
    return eb_plan_open(layer, 0, options, out, err);
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
