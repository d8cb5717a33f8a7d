/* Layers as a run reads them: files as the plan says, what is put together in memory, results of earlier steps. */
#include "plan/merge.h"
#include "plan/run.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static const eb_result *find_result(const eb_run *run, const eb_ref *ref)
{
    for (size_t i = 0; i < run->result_count; i++) {
        const eb_result *result = &run->results[i];
        if (result->guide || result->step != ref->index) continue;
        if (strcmp(eb_run_role(run, result->step, result->id), ref->role) == 0) return result;
    }
    return NULL;
}

/** The features of a layer in memory that fulfil a condition; kept in the run, since sources only borrow. */
static eb_status filter(eb_run *run, const eb_layer *layer, const char *text, const eb_layer **out, eb_error *err)
{
    eb_where *where = NULL;
    eb_layer *kept = NULL;
    eb_status status = eb_where_parse(text, &where, err);

    if (status == EB_OK) status = eb_where_check_schema(where, eb_layer_schema(layer), err);
    if (status == EB_OK && !(kept = eb_layer_new(eb_layer_schema(layer)))) status = eb_error_memory(err);
    for (size_t b = 0; status == EB_OK && b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
            if (!eb_where_holds_feature(where, batch, i)) continue;
            eb_batch *tail = eb_layer_tail(kept);
            bool good = tail && eb_batch_add(tail, batch->fids[i], eb_batch_shape_at(batch, i));
            for (size_t f = 0; good && f < batch->schema->field_count; f++) {
                good = eb_batch_is_null(batch, i, f) || eb_batch_set_copy(tail, f, batch, i, f);
            }
            if (!good) status = eb_error_memory(err);
        }
    }
    eb_where_free(where);
    if (status == EB_OK && !eb_array_reserve(&run->filtered, &run->filtered_capacity, run->filtered_count + 1, sizeof *run->filtered)) {
        status = eb_error_memory(err);
    }
    if (status != EB_OK) {
        eb_layer_free(kept);
        return status;
    }
    *out = run->filtered[run->filtered_count++] = kept;
    return EB_OK;
}

/** A source over a layer in memory, which knows no SQL: its filter is a condition of plan/where.h. */
static eb_status open_memory(eb_run *run, const eb_layer *layer, const eb_read_options *options, eb_source **out, eb_error *err)
{
    eb_read_options rest = options ? *options : (eb_read_options){0};
    eb_status status = rest.where ? filter(run, layer, rest.where, &layer, err) : EB_OK;

    rest.where = NULL;
    return status == EB_OK ? eb_source_from_layer(layer, &rest, out, err) : status;
}

eb_status eb_run_open(eb_run *run, const eb_ref *ref, const eb_read_options *options, eb_source **out, eb_error *err)
{
    *out = NULL;
    if (ref->kind == EB_REF_LAYER && run->merged[ref->index]) return open_memory(run, run->merged[ref->index], options, out, err);
    if (ref->kind == EB_REF_LAYER) return eb_plan_open(&run->plan->layers[ref->index], 0, options, out, err);
    const eb_result *result = ref->kind == EB_REF_STEP ? find_result(run, ref) : NULL;
    if (result) return open_memory(run, result->layer, options, out, err);
    eb_error_set(err, EB_INPUT, "the step '%s' made no layer%s%s", eb_plan_ref_id(run->plan, ref), *ref->role ? " " : "", ref->role);
    return EB_INPUT;
}

void eb_run_use(eb_run *run, size_t layer)
{
    const eb_plan_layer *used = &run->plan->layers[layer];

    run->used[layer] = true;
    for (size_t i = 0; i < used->part_count; i++) run->used[used->parts[i]] = true;
}

eb_status eb_run_merge(eb_run *run, const eb_ref *ref, const eb_env *env, eb_error *err)
{
    if (ref->kind != EB_REF_LAYER || !eb_merge_needed(&run->plan->layers[ref->index]) || run->merged[ref->index]) return EB_OK;
    return eb_merge_read(run->plan, &run->plan->layers[ref->index], env, &run->merged[ref->index], err);
}
