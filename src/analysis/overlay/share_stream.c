#include "analysis/overlay/share_stream.h"
#include "analysis/quality/intake.h"
#include "base/array.h"
#include "base/pool.h"

#include <ecobelt/measure.h>

#include <stdlib.h>
#include <string.h>

/* Vertices a piece of a large feature. */
enum { PIECE_VERTICES = 256 };

/* Shares of one feature within the slot's list. */
typedef struct span {
    size_t row, first, count;
    double whole, residual;
    size_t rings, points; /* of the slot's lists up to the end of this feature */
} span;

/* A batch on its way, with what was found. */
typedef struct slot {
    eb_batch *batch;
    eb_diagnosis *diagnosis;
    eb_rejects rejects;
    span *spans;
    size_t span_count, span_capacity;
    eb_share *shares;
    size_t share_count, share_capacity;
    double *xy; /* 2 a point */
    size_t points, number_capacity;
    size_t *rings; /* points of each */
    size_t ring_count, ring_capacity;
} slot;

/* What a thread owns. */
typedef struct worker {
    eb_geos *geos;
    eb_projector *projector;
    eb_measure *measure; /* of lines; this and the next are NULL unless lines are shared out */
    eb_truth *truth;
    double *lengths_m; /* of the edges of the line at hand */
    size_t length_capacity;
    eb_intake intake;
    eb_shares shares;
    slot *item; /* at hand */
} worker;

typedef struct stream {
    const eb_zones *zones;
    eb_source *source;
    const eb_schema *schema;
    int dimension;
    const double *ring_box;
    const eb_env *env;
    eb_diagnosis *diagnosis;
    eb_rejects *rejects;
    eb_share_use use;
    void *user;
    int64_t done;
} stream;

eb_status eb_share_dimension(eb_source *source, int *dimension, eb_error *err)
{
    static const int dimensions[] = {-1, 0, 1, 2, 0, 1, 2, -1};
    *dimension = dimensions[eb_source_schema(source)->kind];
    if (*dimension >= 0) return EB_OK;
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    if (!batch) return eb_error_memory(err);
    eb_status status = EB_OK;
    do {
        status = eb_source_next(source, batch, err);
        for (size_t i = 0; i < batch->count && status == EB_OK && *dimension < 0; i++)
            *dimension = eb_wkb_dimension(eb_batch_shape_at(batch, i));
    } while (status == EB_OK && batch->count > 0 && *dimension < 0);
    eb_batch_free(batch);
    if (*dimension < 0) *dimension = 2; /* nothing but null shapes: nothing to measure either way */
    return status == EB_OK ? eb_source_rewind(source, err) : status;
}

/* The rings of a shape, where they are wanted. */
static eb_status keep_rings(const stream *s, slot *item, const eb_rings *rings, eb_error *err)
{
    const double *box = rings->box, *zones = s->ring_box;
    if (!zones || rings->count == 0 || box[0] > zones[2] || box[2] < zones[0] || box[1] > zones[3] || box[3] < zones[1]) return EB_OK;
    if (!eb_array_reserve(&item->xy, &item->number_capacity, 2 * (item->points + rings->points), sizeof *item->xy) ||
        !eb_array_reserve(&item->rings, &item->ring_capacity, item->ring_count + rings->count, sizeof *item->rings))
        return eb_error_memory(err);
    for (size_t r = 0; r < rings->count; r++) {
        const size_t count = rings->rings[r].count;
        memcpy(item->xy + 2 * item->points, rings->xy + 2 * rings->rings[r].first, 2 * count * sizeof *item->xy);
        item->rings[item->ring_count++] = count;
        item->points += count;
    }
    return EB_OK;
}

static eb_status keep_large_rings(const stream *s, worker *w, const eb_shape *large, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    if (!s->ring_box) return EB_OK;
    eb_status status = eb_shape_write(w->geos, large, &data, &size, err);
    if (status == EB_OK) status = eb_rings_read(&w->intake.pieces, (eb_wkb){data, size}, err);
    if (status == EB_OK) status = keep_rings(s, w->item, &w->intake.pieces, err);
    free(data);
    return status;
}

static eb_status add_large(const stream *s, worker *w, eb_shape *large, eb_error *err)
{
    eb_shape **pieces = NULL;
    size_t count = 0;
    eb_status status = eb_shape_subdivide(w->geos, large, eb_env_tile_vertices(s->env, PIECE_VERTICES), &pieces, &count, err);
    for (size_t i = 0; i < count; i++) {
        uint8_t *data = NULL;
        size_t size = 0;
        if (status == EB_OK && i % 64 == 0) status = eb_env_check(s->env, err);
        if (status == EB_OK) status = eb_shape_write(w->geos, pieces[i], &data, &size, err);
        if (status == EB_OK) status = eb_rings_read(&w->intake.pieces, (eb_wkb){data, size}, err);
        if (status == EB_OK) status = eb_shares_add_area(s->zones->locator, &w->intake.pieces, &w->shares, err);
        free(data);
        eb_shape_free(w->geos, pieces[i]);
    }
    free(pieces);
    return status;
}

static eb_status share_area(const stream *s, worker *w, eb_batch *batch, size_t i, bool *taken, eb_error *err)
{
    eb_shape *large = NULL;
    eb_status status = eb_intake_polygon(&w->intake, batch, i, taken, &large, err);
    if (status != EB_OK || !*taken) return status;
    status = large ? add_large(s, w, large, err) : eb_shares_add_area(s->zones->locator, &w->intake.rings, &w->shares, err);
    if (status == EB_OK) status = large ? keep_large_rings(s, w, large, err) : keep_rings(s, w->item, &w->intake.rings, err);
    eb_shape_free(w->geos, large);
    return status;
}

static eb_status share_points(const stream *s, worker *w, eb_wkb shape, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    eb_wkb_begin(&walk, shape);
    while (status == EB_OK && eb_wkb_next(&walk, &part)) {
        double x, y;
        if (part.kind != EB_SHAPE_POINT || part.count == 0) continue;
        eb_wkb_xy(&part, 0, &x, &y);
        status = eb_shares_add_point(s->zones->locator, x, y, &w->shares, err);
    }
    return status;
}

/* Lengths are geodesic, edge by edge; a line that cannot be measured keeps what the plane says. */
static eb_status share_line(const stream *s, worker *w, eb_batch *batch, size_t i, bool *taken, eb_error *err)
{
    size_t count = 0;
    eb_error why;
    eb_wkb shape = eb_batch_shape_at(batch, i);
    const eb_status measured = eb_measure_edges(w->measure, shape, &w->lengths_m, &w->length_capacity, &count, &why);
    if (measured == EB_NO_MEMORY) return eb_error_memory(err);
    eb_status status = eb_intake_simple(&w->intake, batch, i, 1, taken, err);
    if (status != EB_OK || !*taken) return status;
    return eb_shares_add_length(s->zones->locator, shape, w->truth, measured == EB_OK ? w->lengths_m : NULL, &w->shares, err);
}

static eb_status share_feature(const stream *s, worker *w, eb_batch *batch, size_t i, bool *taken, eb_error *err)
{
    eb_shares_begin(&w->shares);
    if (s->dimension == 2) return share_area(s, w, batch, i, taken, err);
    if (s->dimension == 1) return share_line(s, w, batch, i, taken, err);
    eb_status status = eb_intake_simple(&w->intake, batch, i, 0, taken, err);
    return status == EB_OK && *taken ? share_points(s, w, eb_batch_shape_at(batch, i), err) : status;
}

static eb_status keep(slot *item, const worker *w, size_t row, eb_error *err)
{
    const eb_shares *found = &w->shares;
    if (!eb_array_reserve(&item->spans, &item->span_capacity, item->span_count + 1, sizeof *item->spans) ||
        !eb_array_reserve(&item->shares, &item->share_capacity, item->share_count + found->count, sizeof *item->shares))
        return eb_error_memory(err);
    item->spans[item->span_count++] =
        (span){row, item->share_count, found->count, found->whole, found->residual, item->ring_count, item->points};
    if (found->count) memcpy(item->shares + item->share_count, found->list, found->count * sizeof *found->list);
    item->share_count += found->count;
    return EB_OK;
}

static eb_status work(void *user, void *worker_state, void *item_state, eb_error *err)
{
    const stream *s = user;
    worker *w = worker_state;
    slot *item = item_state;
    item->span_count = item->share_count = item->points = item->ring_count = 0;
    w->item = item;
    w->intake.diagnosis = item->diagnosis;
    w->intake.rejects = &item->rejects;
    eb_status status = EB_OK;
    eb_intake_sort(&w->intake, item->batch, s->dimension);
    for (size_t i = 0; i < item->batch->count && status == EB_OK; i++) {
        bool taken = false;
        if (i % 64 == 0) status = eb_env_check(s->env, err);
        if (status == EB_OK) status = share_feature(s, w, item->batch, i, &taken, err);
        if (status == EB_OK && taken) {
            eb_shares_end(&w->shares);
            status = keep(item, w, i, err);
        }
        if (status != EB_OK) eb_error_where(err, s->schema->file, s->schema->name, item->batch->fids[i]);
    }
    return status;
}

static eb_status produce(void *user, void *item_state, bool *more, eb_error *err)
{
    stream *s = user;
    slot *item = item_state;
    eb_diagnosis_free(item->diagnosis);
    item->diagnosis = eb_diagnosis_new();
    if (!item->diagnosis) return eb_error_memory(err);
    eb_status status = eb_source_next(s->source, item->batch, err);
    *more = status == EB_OK && item->batch->count > 0;
    return status;
}

static eb_status consume(void *user, void *item_state, eb_error *err)
{
    stream *s = user;
    slot *item = item_state;
    eb_status status = EB_OK;
    size_t rings = 0, points = 0;
    for (size_t i = 0; i < item->span_count && status == EB_OK; i++) {
        const span *f = &item->spans[i];
        const eb_feature_shares feature = {.position = item->batch->first + (int64_t)f->row,
                                           .batch = item->batch,
                                           .row = f->row,
                                           .shares = item->shares + f->first,
                                           .share_count = f->count,
                                           .whole = f->whole,
                                           .residual = f->residual,
                                           .xy = item->xy ? item->xy + 2 * points : NULL,
                                           .rings = item->rings ? item->rings + rings : NULL,
                                           .ring_count = f->rings - rings};
        rings = f->rings;
        points = f->points;
        status = s->use(s->user, &feature, err);
    }
    eb_diagnosis_count(item->diagnosis, s->schema->name, (int64_t)item->batch->count, 0);
    eb_diagnosis_merge(s->diagnosis, item->diagnosis);
    if (status == EB_OK && !eb_rejects_move(s->rejects, &item->rejects)) status = eb_error_memory(err);
    s->done += (int64_t)item->batch->count;
    eb_env_progress(s->env, s->schema->name, (double)s->done, s->schema->feature_count > 0 ? (double)s->schema->feature_count : 0);
    return status == EB_OK ? eb_diagnosis_status(s->diagnosis) : status;
}

static void worker_free(worker *w)
{
    if (!w) return;
    eb_intake_clear(&w->intake);
    eb_shares_clear(&w->shares);
    eb_measure_free(w->measure);
    eb_truth_free(w->truth);
    free(w->lengths_m);
    eb_projector_free(w->projector);
    eb_geos_free(w->geos);
    free(w);
}

static eb_status worker_new(const stream *s, const eb_projector *projector, worker **out, eb_error *err)
{
    worker *w = calloc(1, sizeof *w);
    *out = w;
    if (!w) return eb_error_memory(err);
    eb_status status = eb_geos_new(&w->geos, err);
    if (status == EB_OK) status = eb_projector_clone(projector, &w->projector, err);
    if (status == EB_OK && s->dimension == 1) status = eb_measure_new(s->schema->crs, 0, &w->measure, err);
    if (status == EB_OK && s->dimension == 1) status = eb_truth_new(eb_projector_plane(projector), &w->truth, err);
    w->intake = (eb_intake){.geos = w->geos, .projector = w->projector, .schema = s->schema};
    return status;
}

static void slot_free(slot *item)
{
    if (!item) return;
    eb_batch_free(item->batch);
    eb_diagnosis_free(item->diagnosis);
    eb_rejects_clear(&item->rejects);
    free(item->spans);
    free(item->shares);
    free(item->xy);
    free(item->rings);
    free(item);
}

static eb_status slot_new(const eb_schema *schema, slot **out, eb_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    (*out)->batch = eb_batch_new(schema);
    return (*out)->batch ? EB_OK : eb_error_memory(err);
}

eb_status eb_share_stream(const eb_zones *zones, eb_source *source, int dimension, const double *ring_box, const eb_env *env,
                          eb_diagnosis *diagnosis, eb_rejects *rejects, eb_share_use use, void *user, eb_error *err)
{
    stream s = {zones, source, eb_source_schema(source), dimension, ring_box, env, diagnosis, rejects, use, user, 0};
    size_t threads = (size_t)eb_env_threads(env), slots = threads > 1 ? 3 * threads : 1;
    worker **workers = calloc(threads, sizeof *workers);
    slot **items = calloc(slots, sizeof *items);
    eb_projector *projector = NULL;
    eb_status status = workers && items ? eb_zones_projector(zones, source, &projector, err) : eb_error_memory(err);
    for (size_t i = 0; i < threads && status == EB_OK; i++) status = worker_new(&s, projector, &workers[i], err);
    for (size_t i = 0; i < slots && status == EB_OK; i++) status = slot_new(s.schema, &items[i], err);
    const eb_pool_job job = {.user = &s,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .items = (void **)items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    if (status == EB_OK) status = eb_pool_run(&job, env, err);
    for (size_t i = 0; workers && i < threads; i++) worker_free(workers[i]);
    for (size_t i = 0; items && i < slots; i++) slot_free(items[i]);
    eb_projector_free(projector);
    free(workers);
    free(items);
    return status;
}
