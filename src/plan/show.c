/* Result layers as people get them: with sizes as attributes (a rounded coordinate cannot give them back), status and headings. */
#include "plan/run.h"

#include "report/style.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct shower {
    const eb_layer *from;
    eb_layer *to;
    eb_measure *measure;
    size_t copied;  /* fields of `from` */
    int size_field; /* area_m2 or length_m, -1: none */
    int status_field;
    const char *name; /* of a feature that is alone and has none: the step's title; NULL where it is not that */
    int name_field;
    bool length;
} shower;

/** What a lone feature is called that has no name of its own: what the plan calls the step. */
static const char *lone_name(const eb_run *run, const eb_result *result)
{
    const eb_plan_step *step = &run->plan->steps[result->step];
    const bool alone = strcmp(result->id, step->id) == 0 && eb_layer_count(result->layer) == 1;

    return alone && eb_schema_find(eb_layer_schema(result->layer), "name") < 0 ? eb_words_in(&step->title, run->lang, NULL) : NULL;
}

static bool set_alias(eb_field *field, eb_lang lang)
{
    const eb_column column = {.name = field->name, .type = EB_COLUMN_TEXT};
    char heading[128];

    if (field->alias && (field->type != EB_FIELD_INTEGER || strncmp(field->name, "zone", 4) != 0)) return true;
    if (field->alias) {
        eb_text_copy(heading, sizeof heading, eb_translate_to(lang, field->alias));
        free(field->alias);
    } else {
        eb_column_heading(&column, lang, heading, sizeof heading);
        if (strcmp(heading, field->name) == 0) return true;
    }
    field->alias = eb_text_dup(heading);
    return field->alias != NULL;
}

/** How the figures of a step's layers were made: the method of its main table. */
static const char *method_of(const eb_run *run, size_t step)
{
    for (size_t i = 0; i < run->table_count; i++) {
        if (run->table_steps[i] == step && *eb_table_method(run->tables[i])) return eb_table_method(run->tables[i]);
    }
    return NULL;
}

/** The schema as shown; what the layer says of its origin is how it was made. NULL out of memory. */
static eb_schema *shown_schema(const eb_run *run, shower *show, bool schematic, const char *method)
{
    eb_schema *schema = eb_schema_copy(eb_layer_schema(show->from));
    const int dimension = eb_report_dimension(show->from);
    const char *size_name = dimension == 2 ? "area_m2" : dimension == 1 ? "length_m" : NULL;
    bool good = schema != NULL;

    show->copied = schema ? schema->field_count : 0;
    show->size_field = show->status_field = show->name_field = -1;
    show->length = dimension == 1;
    if (!schema) return NULL;
    schema->schematic = schematic;
    free(schema->source);
    schema->source = eb_text_dup(method);
    if (show->name) {
        show->name_field = eb_schema_add_field(schema, "name", EB_FIELD_TEXT);
        good = show->name_field >= 0;
    }
    if (good && size_name && schema->crs && eb_schema_find(schema, size_name) < 0) {
        show->size_field = eb_schema_add_field(schema, size_name, EB_FIELD_REAL);
        good = show->size_field >= 0;
    }
    if (good && schematic) {
        show->status_field = eb_schema_mark(schema);
        good = show->status_field >= 0;
    }
    for (size_t i = 0; good && i < schema->field_count; i++) good = set_alias(&schema->fields[i], run->lang);
    if (good) return schema;
    eb_schema_free(schema);
    return NULL;
}

static bool mark_feature(const shower *show, const eb_batch *batch, size_t i, eb_batch *tail)
{
    const size_t field = (size_t)show->status_field;
    const bool had = field < show->copied && !eb_batch_is_null(batch, i, field);
    char *text = eb_status_mark(had ? eb_batch_text_at(batch, i, field) : NULL);
    const bool good = text && eb_batch_set_text(tail, field, text);

    free(text);
    return good;
}

/** Null where its numbers are no place on Earth: a map would have to reach there, and the step has said so. */
static eb_wkb shape_of(const eb_layer *layer, const eb_batch *batch, size_t i)
{
    const eb_crs *crs = eb_layer_schema(layer)->crs;
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    double box[4];

    return crs && eb_wkb_bounds(shape, box) && !eb_crs_is_possible(crs, box) ? (eb_wkb){.data = NULL, .size = 0} : shape;
}

static eb_status show_feature(shower *show, const eb_batch *batch, size_t i, eb_batch *tail, eb_error *err)
{
    const eb_wkb shape = shape_of(show->to, batch, i);
    bool good = eb_batch_add(tail, batch->fids[i], shape);
    eb_size size = {.geodesic_m2 = 0};
    double length_m = 0;

    for (size_t f = 0; good && f < show->copied; f++)
        good = (int)f == show->status_field || eb_batch_is_null(batch, i, f) || eb_batch_set_copy(tail, f, batch, i, f);
    if (good && show->name_field >= 0) good = eb_batch_set_text(tail, (size_t)show->name_field, show->name);
    if (good && show->status_field >= 0) good = mark_feature(show, batch, i, tail);
    if (!good) return eb_error_memory(err);
    if (show->size_field < 0 || shape.size == 0) return EB_OK;
    const eb_status status = show->length ? eb_measure_length(show->measure, shape, &length_m, err)
                                          : eb_measure_area(show->measure, shape, EB_WANT_GEODESIC, &size, err);
    if (status != EB_OK) return status;
    return eb_batch_set_real(tail, (size_t)show->size_field, show->length ? length_m : size.geodesic_m2) ? EB_OK : eb_error_memory(err);
}

static eb_status show_layer(const eb_run *run, const eb_result *result, const eb_env *env, eb_layer **out, eb_error *err)
{
    const eb_layer *from = result->layer;
    shower show = {.from = from, .name = lone_name(run, result)};
    eb_schema *schema = shown_schema(run, &show, run->records[result->step].schematic, method_of(run, result->step));
    eb_status status = EB_OK;

    if (schema) show.to = eb_layer_new(schema);
    if (!schema || !show.to) status = eb_error_memory(err);
    if (status == EB_OK && show.size_field >= 0) status = eb_measure_new(schema->crs, 0, &show.measure, err);
    for (size_t b = 0; status == EB_OK && b < eb_layer_batch_count(from); b++) {
        const eb_batch *batch = eb_layer_batch_at(from, b);
        status = eb_env_check(env, err);
        for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
            eb_batch *tail = eb_layer_tail(show.to);
            status = tail ? show_feature(&show, batch, i, tail, err) : eb_error_memory(err);
        }
    }
    eb_measure_free(show.measure);
    eb_schema_free(schema);
    if (status != EB_OK) {
        eb_layer_free(show.to);
        return status;
    }
    *out = show.to;
    return EB_OK;
}

/** Input layers whole, as the plan says to read them. */
static eb_status read_input(eb_run *run, size_t index, const eb_env *env, eb_error *err)
{
    const eb_ref ref = {EB_REF_LAYER, index, ""};
    eb_source *source = NULL;
    eb_status status = eb_run_merge(run, &ref, env, err);

    const eb_read_options options = {.blank = true};
    if (status == EB_OK) status = eb_run_open(run, &ref, &options, &source, err);
    if (status == EB_OK) status = eb_layer_read(source, env, &run->inputs[index], err);
    eb_source_free(source);
    return status;
}

/** Size of the box around a layer in degrees or its own units; 0 where it is empty. */
static double spread_of(const eb_layer *layer)
{
    double all[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY}, box[4];

    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), box)) continue;
            for (int k = 0; k < 2; k++) all[k] = fmin(all[k], box[k]);
            for (int k = 2; k < 4; k++) all[k] = fmax(all[k], box[k]);
        }
    }
    return all[0] <= all[2] ? (all[2] - all[0]) * (all[3] - all[1]) : 0;
}

/** Whether @p a belongs below @p b: what has more dimensions lies below, and of polygons what reaches farther. */
static bool belongs_below(const eb_report_layer *a, const eb_report_layer *b)
{
    const int of_a = eb_report_dimension(a->layer), of_b = eb_report_dimension(b->layer);

    if (of_a != of_b) return of_a > of_b;
    return of_a == 2 && spread_of(a->layer) > spread_of(b->layer) * (1 + 1e-9);
}

/** A layer of the report in its place; equals stand as in the plan. */
static void insert(eb_run *run, eb_report_layer layer)
{
    size_t at = run->shown_count;

    while (at > 0 && belongs_below(&layer, &run->shown[at - 1])) at--;
    memmove(run->shown + at + 1, run->shown + at, (run->shown_count - at) * sizeof *run->shown);
    run->shown[at] = layer;
    run->shown_count++;
}

/** The heading of a layer, kept in the run; its id where memory ends. */
static const char *keep_title(eb_run *run, const char *id, const char *title, const char *part, bool schematic)
{
    char *text = eb_run_title(run, title, part, schematic);

    if (!text) return id;
    return run->titles[run->title_count++] = text;
}

static void insert_input(eb_run *run, size_t index)
{
    const eb_plan_layer *layer = &run->plan->layers[index];
    const char *title = eb_words_in(&layer->title, run->lang, layer->id);

    insert(run, (eb_report_layer){.id = layer->id,
                                  .title = keep_title(run, layer->id, title, "", layer->schematic),
                                  .theme = layer->theme ? layer->theme : layer->id,
                                  .label = eb_words_in(&layer->label, run->lang, NULL),
                                  .hidden = layer->hidden,
                                  .focus = run->plan->region.node && run->plan->region.layer == index,
                                  .schematic = layer->schematic,
                                  .input = true,
                                  .layer = run->inputs[index]});
}

/** The layer of the plan that a step's main result is made from, through steps that only add sizes; NULL where it is not one. */
static const eb_plan_layer *first_layer(const eb_plan *plan, const eb_plan_step *step)
{
    while (step->input_count > 0 && step->inputs[0].kind == EB_REF_STEP) step = &plan->steps[step->inputs[0].index];
    return step->input_count > 0 ? &plan->layers[step->inputs[0].index] : NULL;
}

/** What the analysis says of its layer of this role; NULL: it has none. */
static const eb_yield *yield_of(const eb_analysis *analysis, const char *role)
{
    for (size_t i = 0; i < analysis->yield_count; i++) {
        const eb_yield *yield = &analysis->yields[i];
        if (yield->layer && strcmp(yield->role, role) == 0) return yield;
    }
    return NULL;
}

/** One of the styles, by the place of the step among those of its analysis that are shown; NULL: it has none. */
static const char *style_in_turn(const eb_plan *plan, const eb_plan_step *step, const eb_yield *yield)
{
    const size_t last = sizeof yield->styles / sizeof yield->styles[0] - 1;
    size_t before = 0, turn = 0;

    for (const eb_plan_step *at = plan->steps; at < step; at++) before += !at->hidden && at->analysis == step->analysis;
    while (turn < before && turn < last && yield->styles[turn + 1]) turn++;
    return yield->styles[turn];
}

/** That of a layer beside the main one where it has its own, else the plan's word, else that of the main one. */
static const char *theme_of(const eb_plan *plan, const eb_plan_step *step, const char *role)
{
    const eb_plan_layer *layer = first_layer(plan, step);
    const eb_yield *own = yield_of(step->analysis, role), *main = yield_of(step->analysis, "");

    if (*role && own && own->styles[0]) return style_in_turn(plan, step, own);
    if (step->theme) return step->theme;
    if (main && main->like_input && layer) return layer->theme ? layer->theme : layer->id;
    return main && main->styles[0] ? style_in_turn(plan, step, main) : step->analysis->name;
}

/** The label of what it was made from, where the result still has that field. */
static const char *label_of(const eb_run *run, const eb_plan_step *step, const char *role, const char *theme, const eb_schema *schema)
{
    const eb_plan_layer *layer = first_layer(run->plan, step);
    const eb_yield *yield = yield_of(step->analysis, role);
    const char *label = layer ? eb_words_in(&layer->label, run->lang, NULL) : NULL;

    if (yield && yield->label) label = yield->label;
    /* The name of a lone feature, where its style has a place for names: a plain style shows what the plan asks for. */
    if ((!label || eb_schema_find(schema, label) < 0) && eb_style_is_known(theme)) label = "name";
    return label && eb_schema_find(schema, label) >= 0 ? label : NULL;
}

/** What a further layer of a step holds, for its title. */
static const char *role_word(const eb_run *run, const eb_analysis *analysis, const char *role)
{
    const eb_yield *yield = yield_of(analysis, role);

    return yield && yield->word ? eb_run_word(run, yield->word) : role;
}

static void insert_result(eb_run *run, const eb_result *result)
{
    const eb_plan_step *step = &run->plan->steps[result->step];
    const char *role = eb_run_role(run, result->step, result->id);
    const bool shown = step->visible_role && strcmp(role, step->visible_role) == 0, schematic = run->records[result->step].schematic;
    const char *title = eb_words_in(&step->title, run->lang, step->id), *theme = theme_of(run->plan, step, role);

    insert(run, (eb_report_layer){.id = result->id,
                                  .title = keep_title(run, result->id, title, role_word(run, step->analysis, role), schematic),
                                  .step = step->id,
                                  .extra = *role && !shown,
                                  .theme = theme,
                                  .label = label_of(run, step, role, theme, eb_layer_schema(result->shown)),
                                  .hidden = step->hidden && !shown,
                                  .method = method_of(run, result->step),
                                  .schematic = schematic,
                                  .layer = result->shown});
}

static void insert_guide(eb_run *run, const eb_result *result)
{
    const eb_plan_step *step = &run->plan->steps[result->step];
    const bool schematic = run->records[result->step].schematic;
    const char *title = eb_words_in(&step->title, run->lang, result->id);

    run->guides[run->guide_count++] = (eb_report_layer){.id = result->id,
                                                        .title = keep_title(run, result->id, title, "", schematic),
                                                        .method = method_of(run, result->step),
                                                        .schematic = schematic,
                                                        .layer = result->layer};
}

eb_status eb_run_show_layers(eb_run *run, const eb_env *env, eb_error *err)
{
    const size_t inputs = run->plan->layer_count;
    eb_status status = EB_OK;

    run->shown = calloc(inputs + run->result_count + 1, sizeof *run->shown);
    run->guides = calloc(run->result_count + 1, sizeof *run->guides);
    run->titles = calloc(inputs + run->result_count + 1, sizeof *run->titles);
    if (!run->shown || !run->guides || !run->titles) return eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < inputs; i++) {
        if (!run->used[i]) continue;
        status = read_input(run, i, env, err);
        if (status == EB_OK) insert_input(run, i);
    }
    for (size_t i = 0; status == EB_OK && i < run->result_count; i++) {
        eb_result *result = &run->results[i];
        if (result->guide) {
            insert_guide(run, result);
            continue;
        }
        status = show_layer(run, result, env, &result->shown, err);
        if (status == EB_OK) insert_result(run, result);
    }
    return status;
}
