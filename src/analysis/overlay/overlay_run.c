#include "analysis/empty.h"
#include "analysis/overlay/plane_sink.h"
#include "analysis/overlay/overlay_run.h"
#include "base/array.h"
#include "base/pool.h"

#include "measure/small.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a piece of the result came from and measures. */
typedef struct made {
    size_t other; /* SIZE_MAX: only in the first layer */
    double size, official_m2;
} made;

/* A batch on its way. */
typedef struct slot {
    eb_batch *batch, *out;
    eb_diagnosis *diagnosis;
    eb_rejects rejects;
    made *list;
    size_t count, capacity;
    eb_claims claims;
    eb_overlay_sizes *sizes; /* a feature of the batch */
    size_t size_count, size_capacity;
} slot;

static eb_status copy_attributes(const eb_overlay_run *r, slot *item, size_t row, size_t other, eb_error *err)
{
    bool ok = true;
    for (size_t f = 0; f < r->first_fields && ok; f++) ok = eb_batch_set_copy(item->out, f, item->batch, row, f);
    if (other == SIZE_MAX || !r->with_second) return ok ? EB_OK : eb_error_memory(err);
    const eb_held_feature *held = &r->held->features[other];
    for (size_t f = r->first_fields; f < r->second_fields_end && ok; f++)
        ok = eb_batch_set_copy(item->out, f, r->held->batches[held->batch], held->row, f - r->first_fields);
    return ok ? EB_OK : eb_error_memory(err);
}

/* The sizes of the piece added last, behind the attributes. */
static eb_status set_sizes(const eb_overlay_run *r, eb_batch *out, double size, double official_m2, eb_error *err)
{
    if (r->wish.dimension != 2) return EB_OK;
    bool ok = eb_batch_set_real(out, r->second_fields_end, size);
    if (ok && r->has_official && isfinite(official_m2)) ok = eb_batch_set_real(out, r->second_fields_end + 1, official_m2);
    return ok ? EB_OK : eb_error_memory(err);
}

static bool is_sliver(const eb_overlay_run *r, double size)
{
    return r->wish.dimension == 2 && size < r->min_area_m2;
}

static void note_sliver(eb_diagnosis *diagnosis, const char *layer, int64_t fid, eb_wkb shape, double area_m2)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double x = NAN, y = NAN;
    eb_wkb_begin(&walk, shape);
    if (eb_wkb_next(&walk, &part) && part.count > 0) eb_wkb_xy(&part, 0, &x, &y);
    eb_diagnosis_add(diagnosis, EB_EVENT_SLIVER, layer, fid, x, y, NAN, area_m2, "piece smaller than --min-area");
}

/* A piece narrower than the layer's coordinates tell apart has no shape in them: it is counted, and its area is in the table. */
static eb_status write_piece(const eb_overlay_run *r, slot *item, eb_overlay_worker *w, size_t row, const eb_piece *piece, uint8_t **data,
                             size_t *size, eb_error *err)
{
    double areas_m2[2] = {NAN, NAN};
    eb_status status = EB_OK;
    if (*size > 0 && piece->shape && r->wish.dimension == 2) status = eb_plane_mend(w->geos, w->projector, data, size, areas_m2, err);
    eb_plane_mended(item->diagnosis, r->schema->name, item->batch->fids[row], areas_m2);
    if (status == EB_OK && *size == 0) {
        eb_plane_lost(item->diagnosis, r->schema->name, item->batch->fids[row], piece->size);
        return EB_OK;
    }
    if (status == EB_OK && !eb_batch_add(item->out, 0, (eb_wkb){*data, *size})) status = eb_error_memory(err);
    if (status == EB_OK) status = copy_attributes(r, item, row, piece->other, err);
    return status == EB_OK ? set_sizes(r, item->out, piece->size, piece->official_m2, err) : status;
}

static eb_status make_piece(const eb_overlay_run *r, slot *item, eb_overlay_worker *w, size_t row, const eb_piece *piece, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = EB_OK;
    if (!eb_array_reserve(&item->list, &item->capacity, item->count + 1, sizeof *item->list)) return eb_error_memory(err);
    if (r->sink || is_sliver(r, piece->size)) {
        status = eb_overlay_piece_bytes(r->held, w, piece, &data, &size, err);
        if (status == EB_OK && is_sliver(r, piece->size))
            note_sliver(item->diagnosis, r->schema->name, item->batch->fids[row], (eb_wkb){data, size}, piece->size);
        if (status == EB_OK && r->sink) status = write_piece(r, item, w, row, piece, &data, &size, err);
    }
    free(data);
    if (status == EB_OK) item->list[item->count++] = (made){piece->other, piece->size, piece->official_m2};
    return status;
}

static eb_status work(void *user, void *worker, void *item_state, eb_error *err)
{
    const eb_overlay_run *r = user;
    eb_overlay_worker *w = worker;
    slot *item = item_state;
    eb_status status = EB_OK;
    w->intake.diagnosis = item->diagnosis;
    w->intake.rejects = &item->rejects;
    w->claims = &item->claims;
    item->count = item->size_count = item->claims.count = item->claims.byte_count = item->claims.corner_count = 0;
    eb_batch_clear(item->out);
    if (!eb_array_reserve(&item->sizes, &item->size_capacity, item->batch->count, sizeof *item->sizes)) return eb_error_memory(err);
    eb_intake_sort(&w->intake, item->batch, r->wish.dimension);
    for (size_t i = 0; i < item->batch->count && status == EB_OK; i++) {
        const size_t first_claim = item->claims.count;
        bool taken = false;
        if (i % 64 == 0) status = eb_env_check(r->env, err);
        if (status == EB_OK) status = eb_overlay_feature(&r->wish, w, item->batch, i, &taken, &item->sizes[item->size_count], err);
        if (status == EB_OK && taken) item->size_count++;
        if (status == EB_OK && taken && r->sink && r->wish.dimension == 2)
            status = eb_overlay_knit(w, eb_batch_shape_at(item->batch, i), first_claim, err);
        for (size_t p = 0; status == EB_OK && taken && p < w->piece_count; p++) status = make_piece(r, item, w, i, &w->pieces[p], err);
        if (status != EB_OK) eb_error_where(err, NULL, eb_source_schema(r->source)->name, item->batch->fids[i]);
    }
    return status;
}

static eb_status produce(void *user, void *item_state, bool *more, eb_error *err)
{
    eb_overlay_run *r = user;
    slot *item = item_state;
    eb_diagnosis_free(item->diagnosis);
    item->diagnosis = eb_diagnosis_new();
    if (!item->diagnosis) return eb_error_memory(err);
    eb_status status = eb_source_next(r->source, item->batch, err);
    *more = status == EB_OK && item->batch->count > 0;
    return status;
}

static void count_part(eb_overlay_part *part, double size, double official_m2)
{
    part->count++;
    eb_sum_add(&part->size, size);
    if (isfinite(official_m2))
        part->official_cents += llrint(100 * official_m2);
    else
        part->official_none++;
}

/* The official areas of whole features, beside what their pieces have of them; what of lines and points is there twice, or on borders. */
static void count_official(eb_overlay_run *r, const eb_overlay_sizes *sizes)
{
    if (r->wish.dimension < 2) {
        eb_sum_add(&r->again, sizes->again);
        r->again_count += sizes->again > 0;
    }
    eb_sum_add(&r->border, sizes->border);
    if (!isfinite(sizes->official_m2)) return;
    r->official_cents += llrint(100 * sizes->official_m2);
    r->official_count++;
    eb_sum_add(&r->geodesic, sizes->geodesic_m2);
    eb_sum_add(&r->again, sizes->again);
    r->again_count += sizes->again > 0;
}

static eb_status consume(void *user, void *item_state, eb_error *err)
{
    eb_overlay_run *r = user;
    slot *item = item_state;
    const eb_schema *schema = eb_source_schema(r->source);
    eb_status status = EB_OK;
    for (size_t i = 0; i < item->size_count; i++) {
        eb_sum_add(&r->whole, item->sizes[i].whole);
        eb_sum_add(&r->residual, item->sizes[i].residual);
        eb_sum_add(&r->joined, item->sizes[i].joined_m2);
        r->joined_count += item->sizes[i].joined;
        count_official(r, &item->sizes[i]);
    }
    for (size_t i = 0; i < item->count; i++) {
        const made *one = &item->list[i];
        count_part(one->other == SIZE_MAX ? &r->only_first : &r->shared, one->size, one->official_m2);
    }
    for (size_t i = 0; i < item->claims.count && status == EB_OK; i++) {
        const eb_claim *claim = &item->claims.list[i];
        status = eb_held_rest_claim(r->rest, claim->other, item->claims.bytes + claim->from, claim->size, err);
    }
    for (size_t i = 0; i < item->claims.corner_count && status == EB_OK; i++)
        status = eb_held_rest_corner(r->rest, item->claims.corners[i].other, item->claims.corners[i].xy, err);
    for (size_t i = 0; i < item->out->count; i++) item->out->fids[i] = ++r->next_fid;
    if (status == EB_OK && r->sink && item->out->count > 0) status = eb_sink_write(r->sink, item->out, err);
    eb_diagnosis_count(item->diagnosis, schema->name, (int64_t)item->batch->count, 0);
    eb_diagnosis_merge(r->space->diagnosis, item->diagnosis);
    if (status == EB_OK && !eb_rejects_move(&r->rejects, &item->rejects)) status = eb_error_memory(err);
    r->done += (int64_t)item->batch->count;
    eb_env_progress(r->env, schema->name, (double)r->done, schema->feature_count > 0 ? (double)schema->feature_count : 0);
    return status == EB_OK ? eb_diagnosis_status(r->space->diagnosis) : status;
}

static void slot_free(slot *item)
{
    if (!item) return;
    eb_batch_free(item->batch);
    eb_batch_free(item->out);
    eb_diagnosis_free(item->diagnosis);
    eb_rejects_clear(&item->rejects);
    free(item->list);
    free(item->claims.list);
    free(item->claims.bytes);
    free(item->claims.corners);
    free(item->sizes);
    free(item);
}

static eb_status slot_new(const eb_overlay_run *r, slot **out, eb_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    (*out)->batch = eb_batch_new(eb_source_schema(r->source));
    (*out)->out = eb_batch_new(r->schema);
    return (*out)->batch && (*out)->out ? EB_OK : eb_error_memory(err);
}

static eb_status run_pool(eb_overlay_run *r, eb_error *err)
{
    size_t threads = (size_t)eb_env_threads(r->env), slots = threads > 1 ? 3 * threads : 1;
    eb_overlay_worker **workers = calloc(threads, sizeof *workers);
    slot **items = calloc(slots, sizeof *items);
    eb_status status = workers && items ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < threads && status == EB_OK; i++)
        status = eb_overlay_worker_new(r->held, r->projector, eb_source_schema(r->source), &workers[i], err);
    for (size_t i = 0; i < threads && (r->has_official || r->wish.dimension == 1) && status == EB_OK; i++)
        status = eb_measure_new(r->schema->crs, 0, &workers[i]->measure, err);
    for (size_t i = 0; i < slots && status == EB_OK; i++) status = slot_new(r, &items[i], err);
    const eb_pool_job job = {.user = r,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .items = (void **)items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    if (status == EB_OK) status = eb_pool_run(&job, r->env, err);
    for (size_t i = 0; workers && i < threads; i++) {
        if (workers[i] && workers[i]->measure) eb_measure_merge(r->measure, workers[i]->measure);
        eb_overlay_worker_free(workers[i]);
    }
    for (size_t i = 0; items && i < slots; i++) slot_free(items[i]);
    free(workers);
    free(items);
    return status;
}

/* Official area of what is left of a feature of the second layer, in the plane of that feature; NaN where it has none. */
static eb_status official_left(eb_overlay_run *r, size_t i, eb_wkb left, double *official_m2, eb_error *err)
{
    const eb_held_feature *held = &r->held->features[i];
    const eb_held_bytes *whole = &r->held->pieces[held->first_piece];
    eb_size size;
    eb_error why;
    *official_m2 = NAN;
    if (!r->has_official) return EB_OK;
    uint8_t *data = malloc(whole->size);
    if (!data) return eb_error_memory(err);
    memcpy(data, whole->data, whole->size);
    eb_status status = eb_vertex_map_restore(&r->held->places, NULL, r->projector, data, whole->size, err);
    eb_status measured = status == EB_OK ? eb_measure_area(r->measure, (eb_wkb){data, whole->size}, EB_WANT_OFFICIAL, &size, &why) : status;
    if (measured == EB_OK) measured = eb_measure_piece(r->measure, left, size.zone, official_m2, &why);
    if (measured == EB_OK) *official_m2 = eb_half_up(100 * *official_m2) / 100;
    free(data);
    return measured == EB_NO_MEMORY ? eb_error_memory(err) : status;
}

static eb_status add_left(eb_overlay_run *r, eb_batch *batch, size_t i, eb_wkb shape, eb_error *err)
{
    const eb_held_feature *held = &r->held->features[i];
    bool ok = eb_batch_add(batch, ++r->next_fid, shape);
    for (size_t f = r->first_fields; f < r->second_fields_end && ok; f++)
        ok = eb_batch_set_copy(batch, f, r->held->batches[held->batch], held->row, f - r->first_fields);
    return ok ? EB_OK : eb_error_memory(err);
}

/* A shape of the second layer's plane in the coordinates of the layer. */
static eb_status bring_back(eb_overlay_run *r, eb_geos *geos, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err)
{
    eb_status status = eb_shape_write(geos, shape, data, size, err);
    return status == EB_OK ? eb_vertex_map_restore(&r->held->places, NULL, r->projector, *data, *size, err) : status;
}

/* The same of what is to be written; *size 0: nothing of it is left. */
static eb_status bring_back_mended(eb_overlay_run *r, eb_geos *geos, const eb_shape *left, uint8_t **data, size_t *size, eb_error *err)
{
    eb_shape *knitted = NULL;
    size_t count = 0;
    const double *corners = eb_held_rest_corners(r->rest, &count);
    double areas_m2[2] = {NAN, NAN};
    free(*data);
    *data = NULL;
    eb_status status = eb_shape_copy(geos, left, &knitted, err);
    if (status == EB_OK) status = eb_plane_knit_corners(geos, r->projector, corners, count, &knitted, err);
    if (status == EB_OK) status = bring_back(r, geos, knitted, data, size, err);
    if (status == EB_OK) status = eb_plane_mend(geos, r->projector, data, size, areas_m2, err);
    eb_plane_mended(r->space->diagnosis, r->schema->name, EB_NO_FID, areas_m2);
    eb_shape_free(geos, knitted);
    return status;
}

/* One feature of the second layer, less what the first one covers. */
static eb_status write_left(eb_overlay_run *r, eb_batch *batch, size_t i, eb_error *err)
{
    eb_geos *geos = NULL;
    const eb_shape *shape = NULL;
    double area_m2 = 0, official_m2 = NAN;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_held_rest_next(r->rest, i, &geos, &shape, &area_m2, err);
    if (status != EB_OK || !shape) return status;
    status = bring_back(r, geos, shape, &data, &size, err);
    if (status == EB_OK) status = official_left(r, i, (eb_wkb){data, size}, &official_m2, err);
    if (status == EB_OK && is_sliver(r, area_m2)) {
        const eb_batch *from = r->held->batches[r->held->features[i].batch];
        note_sliver(r->space->diagnosis, from->schema->name, from->fids[r->held->features[i].row], (eb_wkb){data, size}, area_m2);
    }
    if (status == EB_OK) count_part(&r->only_second, area_m2, official_m2);
    if (status == EB_OK && r->sink) status = bring_back_mended(r, geos, shape, &data, &size, err);
    if (status == EB_OK && r->sink && size == 0) eb_plane_lost(r->space->diagnosis, r->schema->name, EB_NO_FID, area_m2);
    if (status == EB_OK && r->sink && size > 0) status = add_left(r, batch, i, (eb_wkb){data, size}, err);
    if (status == EB_OK && r->sink && size > 0) status = set_sizes(r, batch, area_m2, official_m2, err);
    free(data);
    return status;
}

static eb_status write_second(eb_overlay_run *r, eb_error *err)
{
    eb_batch *batch = eb_batch_new(r->schema);
    eb_status status = batch ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < r->held->count && status == EB_OK; i++) {
        status = write_left(r, batch, i, err);
        if (status == EB_OK && batch->count > 0 && (batch->count == 1000 || i + 1 == r->held->count)) {
            status = eb_sink_write(r->sink, batch, err);
            eb_batch_clear(batch);
        }
    }
    if (status == EB_OK && r->sink && batch->count > 0) status = eb_sink_write(r->sink, batch, err);
    eb_batch_free(batch);
    return status;
}

/* The promise of every run, before anything gets its final name. */
static eb_status check_conservation(eb_overlay_run *r, eb_error *err)
{
    if (r->rest) eb_sum_add(&r->residual, eb_held_rest_residual(r->rest));
    const double whole = eb_sum_get(&r->whole), residual = eb_sum_get(&r->residual);
    if (residual <= 1e-9 * whole + 1e-6) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the pieces miss their whole by %.3g of %.17g", residual, whole);
}

eb_status eb_overlay_stream(eb_overlay_run *r, eb_error *err)
{
    eb_status status = r->wish.claims ? eb_held_rest_new(r->held, r->env, &r->rest, err) : EB_OK;
    if (status == EB_OK) status = r->space->create(r->space->self, "", r->schema, &r->sink, err);
    const int64_t before = eb_empty_read(r->space->diagnosis, eb_source_schema(r->source));
    if (status == EB_OK) status = run_pool(r, err);
    if (status == EB_OK) eb_empty_record(r->space->diagnosis, eb_source_schema(r->source), r->where, before);
    if (status == EB_OK && r->wish.claims) status = write_second(r, err);
    if (status == EB_OK) status = check_conservation(r, err);
    if (status == EB_OK && r->sink) {
        status = eb_sink_commit(r->sink, err);
        r->sink = NULL;
    }
    if (status == EB_OK) status = eb_rejects_write(&r->rejects, r->space, r->schema->crs, err);
    return status == EB_OK ? eb_overlay_table(r, err) : status;
}

void eb_overlay_run_clear(eb_overlay_run *r)
{
    eb_sink_abort(r->sink);
    eb_held_rest_free(r->rest);
    eb_held_free(r->held);
    eb_measure_free(r->measure);
    eb_rejects_clear(&r->rejects);
    eb_schema_free(r->schema);
    eb_projector_free(r->projector);
    eb_source_free(r->source);
}
