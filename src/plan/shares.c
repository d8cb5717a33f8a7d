/* Shares with a named denominator. */
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

/** Sum of geodesic areas (m²) or lengths (m) over what @p ref means. */
static eb_status measure_all(eb_run *run, const eb_ref *ref, bool length, double *out, eb_error *err)
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
    eb_status status = measure_all(run, &ref, length, &found, err);

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

static void add_column(eb_table *table, const char *name, size_t from, double scale, double denominator)
{
    const size_t at =
        eb_table_add_column(table, &(eb_column){.name = name, .type = EB_COLUMN_REAL, .unit = "%", .decimals = 2, .role = EB_ROLE_SHARE});

    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        if (!eb_table_is_null(table, r, from))
            eb_table_set_real(table, r, at, eb_table_real_at(table, r, from) * scale / denominator * 100);
    }
}

static eb_status add_share(eb_run *run, const eb_plan_share *share, eb_table *table, eb_error *err)
{
    const int column = eb_table_find(table, share->column);
    eb_string words = {0};
    double denominator = NAN;
    char dimension = 0;

    if (column < 0)
        return eb_node_error(err, EB_USAGE, run->plan->file, share->node, false, "the table '%s' has no column '%s'", eb_table_name(table),
                             share->column);
    const double scale = eb_column_scale(eb_table_column_at(table, (size_t)column)->unit, share->column, &dimension);
    const bool length = dimension == 'L';
    if (!length && dimension != 'A')
        return eb_node_error(err, EB_USAGE, run->plan->file, share->node, false, "the column '%s' is neither an area nor a length",
                             share->column);
    char *name = eb_share_column(share);
    eb_status status = name ? find_denominator(run, share, length, &denominator, &words, err) : eb_error_memory(err);
    if (status == EB_OK && !(denominator > 0))
        status = eb_error_set(err, EB_REFUSED, "a share of '%s' cannot be made: it has no %s", share->of, length ? _("length") : _("area"));
    if (status == EB_OK) {
        add_column(table, name, (size_t)column, scale, denominator);
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
        const eb_plan_share *share = &step->shares[i];
        eb_table *table = eb_run_table(run, index, share->table);
        status = table ? add_share(run, share, table, err)
                       : eb_node_error(err, EB_USAGE, run->plan->file, share->node, false, "the step made no table for this share");
    }
    return status;
}
