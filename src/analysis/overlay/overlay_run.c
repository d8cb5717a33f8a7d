#include "analysis/overlay/overlay_run.h"
#include "base/array.h"
#include "base/pool.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What a piece of the result came from and measures. */
typedef struct made {
    size_t other; /* SIZE_MAX: only in the first layer */
    double size;
    size_t claim, claim_size; /* its bytes in the plane, for what is left of the second layer */
} made;

/* A batch on its way. */
typedef struct slot {
    eb_batch *batch, *out;
    eb_diagnosis *diagnosis;
    eb_rejects rejects;
    made *list;
    size_t count, capacity;
    uint8_t *claims;
    size_t claim_size, claim_capacity;
    eb_overlay_sizes *sizes; /* a feature of the batch */
    size_t size_count, size_capacity;
} slot;

static eb_status copy_attributes(const eb_overlay_run *r, slot *item, size_t row, size_t other, eb_error *err)
{
    bool ok = true;
    for (size_t f = 0; f < r->first_fields && ok; f++) ok = eb_batch_set_copy(item->out, f, item->batch, row, f);
    if (other == SIZE_MAX || !r->with_second) return ok ? EB_OK : eb_error_memory(err);
    const eb_held_feature *held = &r->held->features[other];
    for (size_t f = r->first_fields; f < r->schema->field_count && ok; f++)
        ok = eb_batch_set_copy(item->out, f, r->held->batches[held->batch], held->row, f - r->first_fields);
    return ok ? EB_OK : eb_error_memory(err);
}

static bool is_sliver(const eb_overlay_run *r, double size)
{
    return r->wish.dimension == 2 && size < r->min_area_m2;
}

static void note_sliver(const eb_overlay_run *r, slot *item, int64_t fid, const uint8_t *data, size_t size, double area_m2)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double x = NAN, y = NAN;
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    if (eb_wkb_next(&walk, &part) && part.count > 0) eb_wkb_xy(&part, 0, &x, &y);
    eb_diagnosis_add(item->diagnosis, EB_EVENT_SLIVER, r->schema->name, fid, x, y, NAN, area_m2, "piece smaller than --min-area");
}

/* The piece in the plane, for what is left of the second layer. */
static eb_status keep_claim(slot *item, eb_overlay_worker *w, const eb_piece *piece, eb_wkb whole, made *made_piece, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = whole.size;
    eb_status status = piece->shape ? eb_shape_write(w->geos, piece->shape, &data, &size, err) : EB_OK;
    if (status == EB_OK && !eb_array_reserve(&item->claims, &item->claim_capacity, item->claim_size + size, 1))
        status = eb_error_memory(err);
    if (status == EB_OK) {
        const uint8_t *from = data ? data : whole.data;
        for (size_t i = 0; i < size; i++) item->claims[item->claim_size + i] = from[i];
        made_piece->claim = item->claim_size;
        made_piece->claim_size = size;
        item->claim_size += size;
    }
    free(data);
    return status;
}

static eb_status make_piece(const eb_overlay_run *r, slot *item, eb_overlay_worker *w, size_t row, const eb_piece *piece, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    made one = {.other = piece->other, .size = piece->size};
    eb_status status = EB_OK;
    if (!eb_array_reserve(&item->list, &item->capacity, item->count + 1, sizeof *item->list)) return eb_error_memory(err);
    if (r->rest && piece->other != SIZE_MAX) status = keep_claim(item, w, piece, eb_batch_shape_at(item->batch, row), &one, err);
    bool wanted = piece->other == SIZE_MAX || r->wants_shared;
    if (status == EB_OK && wanted && (r->sink || is_sliver(r, piece->size))) {
        status = eb_overlay_piece_bytes(r->held, w, piece, &data, &size, err);
        if (status == EB_OK && is_sliver(r, piece->size)) note_sliver(r, item, item->batch->fids[row], data, size, piece->size);
        if (status == EB_OK && r->sink && !eb_batch_add(item->out, 0, (eb_wkb){data, size})) status = eb_error_memory(err);
        if (status == EB_OK && r->sink) status = copy_attributes(r, item, row, piece->other, err);
    }
    free(data);
    if (status == EB_OK) item->list[item->count++] = one;
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
    item->count = item->claim_size = item->size_count = 0;
    eb_batch_clear(item->out);
    if (!eb_array_reserve(&item->sizes, &item->size_capacity, item->batch->count, sizeof *item->sizes)) return eb_error_memory(err);
    for (size_t i = 0; i < item->batch->count && status == EB_OK; i++) {
        bool taken = false;
        if (i % 64 == 0) status = eb_env_check(r->env, err);
        if (status == EB_OK) status = eb_overlay_feature(&r->wish, w, item->batch, i, &taken, &item->sizes[item->size_count], err);
        if (status == EB_OK && taken) item->size_count++;
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

static void count_part(eb_overlay_part *part, double size)
{
    part->count++;
    eb_sum_add(&part->size, size);
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
    }
    for (size_t i = 0; i < item->count && status == EB_OK; i++) {
        const made *one = &item->list[i];
        count_part(one->other == SIZE_MAX ? &r->only_first : &r->shared, one->size);
        if (r->rest && one->other != SIZE_MAX)
            status = eb_held_rest_claim(r->rest, one->other, item->claims + one->claim, one->claim_size, err);
    }
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
    free(item->claims);
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
    for (size_t i = 0; workers && i < threads; i++) eb_overlay_worker_free(workers[i]);
    for (size_t i = 0; items && i < slots; i++) slot_free(items[i]);
    free(workers);
    free(items);
    return status;
}

/* One feature of the second layer, less what the first one covers. */
static eb_status write_left(eb_overlay_run *r, eb_batch *batch, size_t i, eb_error *err)
{
    eb_geos *geos = NULL;
    const eb_shape *shape = NULL;
    double area_m2 = 0;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_held_rest_get(r->rest, i, &geos, &shape, &area_m2, err);
    if (status != EB_OK || !shape) return status;
    count_part(&r->only_second, area_m2);
    if (!r->sink) return EB_OK;
    status = eb_shape_write(geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_vertex_map_restore(&r->held->places, NULL, r->projector, data, size, err);
    if (status == EB_OK && !eb_batch_add(batch, ++r->next_fid, (eb_wkb){data, size})) status = eb_error_memory(err);
    const eb_held_feature *held = &r->held->features[i];
    for (size_t f = r->first_fields; f < r->schema->field_count && status == EB_OK; f++)
        if (!eb_batch_set_copy(batch, f, r->held->batches[held->batch], held->row, f - r->first_fields)) status = eb_error_memory(err);
    free(data);
    return status;
}

static eb_status write_second(eb_overlay_run *r, eb_error *err)
{
    eb_batch *batch = eb_batch_new(r->schema);
    eb_status status = batch ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < r->held->count && status == EB_OK; i++) {
        status = eb_env_check(r->env, err);
        if (status == EB_OK) status = write_left(r, batch, i, err);
        eb_env_progress(r->env, "rest of the second layer", (double)i + 1, (double)r->held->count);
        if (status == EB_OK && batch->count > 0 && (batch->count == 1000 || i + 1 == r->held->count)) {
            status = eb_sink_write(r->sink, batch, err);
            eb_batch_clear(batch);
        }
    }
    if (status == EB_OK && r->sink && batch->count > 0) status = eb_sink_write(r->sink, batch, err);
    eb_batch_free(batch);
    return status;
}

static void add_row(eb_table *table, const char *name, const eb_overlay_part *part, int dimension)
{
    size_t row = eb_table_add_row(table);
    eb_table_set_text(table, row, 0, name);
    eb_table_set_integer(table, row, 1, part->count);
    if (dimension > 0) eb_table_set_real(table, row, 2, eb_sum_get(&part->size));
}

static eb_status add_table(eb_overlay_run *r, eb_error *err)
{
    const eb_plane *plane = eb_projector_plane(r->projector);
    int dimension = r->wish.dimension;
    double whole = eb_sum_get(&r->whole);
    eb_table *table = eb_table_new("overlay", "Overlay");
    if (!table) return eb_error_memory(err);
    eb_table_add_column(table, &(eb_column){.name = "part", .type = EB_COLUMN_TEXT, .decimals = -1, .role = EB_ROLE_KEY});
    eb_table_add_column(table, &(eb_column){.name = "count", .type = EB_COLUMN_INTEGER, .role = EB_ROLE_SUMMED});
    if (dimension > 0)
        eb_table_add_column(table, &(eb_column){.name = dimension == 2 ? "area_m2" : "length_m",
                                                .type = EB_COLUMN_REAL,
                                                .unit = dimension == 2 ? "m2" : "m",
                                                .decimals = 2,
                                                .role = EB_ROLE_SUMMED});
    if (r->wants_shared) add_row(table, "both", &r->shared, dimension);
    if (r->wish.rest) add_row(table, "only first", &r->only_first, dimension);
    if (r->second_rest) add_row(table, "only second", &r->only_second, dimension);
    eb_table_set_method(table, "%s in a Lambert azimuthal equal-area plane on the ellipsoid (a %.0f m) centred on %.4f E %.4f N",
                        dimension == 2 ? "areas" : "lengths", plane->a, plane->lon0_deg, plane->lat0_deg);
    if (dimension == 2)
        eb_table_add_note(table,
                          "pieces and what two shapes share by sum of trapezoids differ by %.1e of the whole (a run fails above 1e-9)",
                          whole > 0 ? eb_sum_get(&r->residual) / whole : 0);
    return r->space->add_table(r->space->self, table, err);
}

eb_status eb_overlay_stream(eb_overlay_run *r, eb_error *err)
{
    /* What is left of the second layer is known by what both share, whether that is written or not. */
    r->wants_shared = r->wish.shared;
    r->wish.shared = r->wish.shared || r->second_rest;
    eb_status status = r->second_rest ? eb_held_rest_new(r->held, &r->rest, err) : EB_OK;
    if (status == EB_OK) status = r->space->create(r->space->self, "", r->schema, &r->sink, err);
    if (status == EB_OK) status = run_pool(r, err);
    if (status == EB_OK && r->second_rest) status = write_second(r, err);
    if (status == EB_OK && r->sink) {
        status = eb_sink_commit(r->sink, err);
        r->sink = NULL;
    }
    if (status == EB_OK) status = eb_rejects_write(&r->rejects, r->space, r->schema->crs, err);
    return status == EB_OK ? add_table(r, err) : status;
}

void eb_overlay_run_clear(eb_overlay_run *r)
{
    eb_sink_abort(r->sink);
    eb_held_rest_free(r->rest);
    eb_held_free(r->held);
    eb_rejects_clear(&r->rejects);
    eb_schema_free(r->schema);
    eb_projector_free(r->projector);
    eb_source_free(r->source);
}
