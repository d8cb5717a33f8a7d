/* Shares with a named denominator, and the words that a plan adds to tables. */
#include "plan/run.h"
#include "base/translate.h"
#include "report/heading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Sum over one batch. */
static eb_status add_batch(eb_measure *measure, const eb_batch *batch, bool length, double *sum, eb_error *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const eb_wkb shape = eb_batch_shape_at(batch, i);
        eb_size size = {0};
        double length_m = 0;
        if (shape.size == 0) continue;
        eb_status status =
            length ? eb_measure_length(measure, shape, &length_m, err) : eb_measure_area(measure, shape, EB_WANT_GEODESIC, &size, err);
        if (status != EB_OK) return status;
        *sum += length ? length_m : size.geodesic_m2;
    }
    return EB_OK;
}

eb_status eb_run_measure(eb_run *run, const eb_ref *ref, bool length, double *out, eb_error *err)
{
    static const char *const no_fields[] = {NULL};
    const eb_read_options options = {.fields = no_fields};
    eb_source *source = NULL;
    eb_measure *measure = NULL;
    eb_batch *batch = NULL;
    eb_status status = eb_run_merge(run, ref, NULL, err);

    *out = 0;
    if (status == EB_OK) status = eb_run_open(run, ref, &options, &source, err);
    if (status == EB_OK) status = eb_measure_new(eb_source_schema(source)->crs, 0, &measure, err);
    if (status == EB_OK && !(batch = eb_batch_new(eb_source_schema(source)))) status = eb_error_memory(err);
    while (status == EB_OK) {
        status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        status = add_batch(measure, batch, length, out, err);
    }
    eb_batch_free(batch);
    eb_measure_free(measure);
    eb_source_free(source);
    return status;
}

/** The denominator in square metres or metres, and the words that name it. */
static eb_status find_denominator(eb_run *run, const eb_plan_share *share, bool length, double *value, eb_string *words, eb_error *err)
{
    const eb_plan *plan = run->plan;
    const bool region = share->ref.kind == EB_REF_NONE;
    const eb_ref ref = region ? (eb_ref){EB_REF_LAYER, plan->region.layer, ""} : share->ref;
    const bool control = region && !length && isfinite(plan->region.control_m2);
    char measured[64], published[64];
    double found;
    eb_status status = eb_run_measure(run, &ref, length, &found, err);

    if (status != EB_OK) return status;
    *value = control ? plan->region.control_m2 : found;
    eb_text_from_fixed(measured, sizeof measured, found / (length ? 1e3 : 1e6), 2);
    const char *unit = eb_unit_word(length ? "km" : "km2", run->lang), *name = eb_run_ref_title(run, &ref);
    if (control) {
        eb_text_from_fixed(published, sizeof published, *value / 1e6, 2);
        eb_string_addf(words, eb_run_word(run, "%s %s (%s, published area: %s; the layer '%s' measures %s %s)"), published, unit,
                       eb_words_in(&plan->region.title, run->lang, plan->layers[plan->region.layer].id),
                       eb_words_in(&plan->region.source, run->lang, ""), name, measured, unit);
    } else {
        eb_string_addf(words, eb_run_word(run, "%s %s (sum of the features of '%s')"), measured, unit, name);
    }
    return words->failed ? eb_error_memory(err) : EB_OK;
}

/** Square metres or metres in one unit of a column; NaN where it is neither. */
static double column_scale(const eb_column *column, bool *length)
{
    const char *mark = strrchr(column->name, '_');
    char dimension = 0;
    double scale = eb_unit_scale(column->unit, &dimension);

    if (!dimension && mark) scale = eb_unit_scale(mark + 1, &dimension);
    *length = dimension == 'L';
    return dimension == 'A' || dimension == 'L' ? scale : NAN;
}

static eb_status add_share(eb_run *run, const eb_plan_share *share, eb_table *table, eb_error *err)
{
    const int column = eb_table_find(table, share->column);
    eb_string words = {0};
    double denominator = NAN;
    bool length = false;

    if (column < 0)
        return eb_node_error(err, EB_USAGE, run->plan->file, share->node, false, "the table '%s' has no column '%s'", eb_table_name(table),
                             share->column);
    const double scale = column_scale(eb_table_column_at(table, (size_t)column), &length);
    if (!isfinite(scale))
        return eb_node_error(err, EB_USAGE, run->plan->file, share->node, false, "the column '%s' is neither an area nor a length",
                             share->column);
    char *name = eb_share_column(share);
    eb_status status = name ? find_denominator(run, share, length, &denominator, &words, err) : eb_error_memory(err);
    if (status == EB_OK && !(denominator > 0))
        status = eb_error_set(err, EB_REFUSED, "a share of '%s' cannot be made: it has no %s", share->of, length ? _("length") : _("area"));
    if (status == EB_OK) {
        const eb_column added = {.name = name, .type = EB_COLUMN_REAL, .unit = "%", .decimals = 2, .role = EB_ROLE_SHARE};
        const size_t at = eb_table_add_column(table, &added);
        for (size_t r = 0; r < eb_table_row_count(table); r++) {
            if (eb_table_is_null(table, r, (size_t)column)) continue;
            eb_table_set_real(table, r, at, eb_table_real_at(table, r, (size_t)column) * scale / denominator * 100);
        }
        eb_table_add_note(table, "%s: %s / %s", name, share->column, eb_string_get(&words));
    }
    eb_string_clear(&words);
    free(name);
    return status;
}

eb_status eb_run_add_shares(eb_run *run, size_t index, eb_error *err)
{
    const eb_plan_step *step = &run->plan->steps[index];
    eb_status status = EB_OK;

    for (size_t i = 0; status == EB_OK && i < step->share_count; i++) {
        eb_string name = {0};
        eb_string_addf(&name, "%s%s%s", step->id, *step->shares[i].table ? "_" : "", step->shares[i].table);
        eb_table *table = eb_run_table(run, eb_string_get(&name));
        eb_string_clear(&name);
        if (table) {
            status = add_share(run, &step->shares[i], table, err);
        } else {
            status = eb_node_error(err, EB_USAGE, run->plan->file, step->shares[i].node, false, "the step made no table for this share");
        }
    }
    return status;
}

char *eb_run_title(const eb_run *run, const char *title, const char *part, bool schematic)
{
    eb_string text = {0};

    eb_string_addf(&text, "%s%s%s", title, *part ? ": " : "", part);
    if (schematic) eb_title_mark(&text, run->lang);
    return eb_string_take(&text);
}

const char *eb_run_ref_title(const eb_run *run, const eb_ref *ref)
{
    const eb_plan *plan = run->plan;

    return ref->kind == EB_REF_LAYER ? eb_words_in(&plan->layers[ref->index].title, run->lang, plan->layers[ref->index].id)
                                     : eb_words_in(&plan->steps[ref->index].title, run->lang, plan->steps[ref->index].id);
}

void eb_run_add_inputs(const eb_run *run, const eb_plan_step *step, bool schematic, eb_string *out)
{
    const size_t start = out->size;

    for (size_t i = 0; i < step->input_count; i++) {
        const eb_ref *ref = &step->inputs[i];
        bool again = ref->kind == EB_REF_NONE || (schematic && !eb_run_schematic(run, ref));
        for (size_t k = 0; k < i && !again; k++) again = step->inputs[k].kind == ref->kind && step->inputs[k].index == ref->index;
        if (again) continue;
        eb_string_addf(out, "%s%s", out->size == start ? "" : run->lang == EB_LANG_ZH ? ";" : "; ", eb_run_ref_title(run, ref));
    }
}

/** "Made from schematic layers: The six rivers; Park". */
static void note_schematic(const eb_run *run, const eb_plan_step *step, eb_table *table)
{
    eb_string names = {0};

    eb_run_add_inputs(run, step, true, &names);
    if (names.size) eb_table_mark_schematic(table, names.data, run->lang);
    eb_string_clear(&names);
}

/** The plan's title, for a further table with its own after it. */
static void set_title(const eb_run *run, const eb_plan_step *step, eb_table *table, bool schematic)
{
    const char *title = eb_words_in(&step->title, run->lang, NULL), *own = eb_table_title(table);
    const bool main = strcmp(eb_table_name(table), step->id) == 0;
    char *text = title ? eb_run_title(run, title, main ? "" : own, schematic) : eb_run_title(run, own, "", schematic);

    if (text) eb_table_set_title(table, text);
    free(text);
}

static bool mentioned(const eb_table *table, const char *column)
{
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        if (strstr(eb_table_note_at(table, i), column)) return true;
    }
    return false;
}

/** Every share names its denominator. One that its analysis leaves without a word is of the total of its table. */
static void note_shares(const eb_run *run, eb_table *table)
{
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        if (column->role != EB_ROLE_SHARE || mentioned(table, column->name)) continue;
        eb_table_add_note(table, eb_run_word(run, "%s: of the total of this table"), column->name);
    }
}

void eb_run_label_tables(eb_run *run, size_t index)
{
    const eb_plan_step *step = &run->plan->steps[index];
    const char *note = eb_words_in(&step->note, run->lang, NULL);

    for (size_t i = 0; i < run->table_count; i++) {
        eb_table *table = run->tables[i];
        if (run->table_steps[i] != index) continue;
        set_title(run, step, table, run->records[index].schematic);
        if (note) eb_table_add_note(table, "%s", note);
        if (run->records[index].finding) eb_table_add_note(table, eb_run_word(run, "finding: %s"), run->records[index].finding);
        note_shares(run, table);
        note_schematic(run, step, table);
    }
}
