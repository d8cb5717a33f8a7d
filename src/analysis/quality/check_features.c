/* What can be said of each feature by itself; batches go to threads, findings come back in order. */
#include "analysis/quality/check_run.h"

#include "base/pool.h"
#include "base/translate.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double degree = 0.017453292519943295;

/* A batch on its way, with what was seen of each feature. */
typedef struct slot {
    eb_batch *batch;
    eb_findings found;
    eb_check_seen *seen;
    size_t capacity;
} slot;

typedef struct worker {
    eb_geos *geos;
    eb_measure *measure;
    size_t *ids, capacity;
} worker;

typedef struct job {
    eb_check_run *run;
    const eb_check_region *region;
    eb_check_taker take;
    void *user;
    bool official, geographic;
    int zone; /* of a prefixed Gauss-Krüger CRS, else 0 */
} job;

static const char *layer_name(const job *j)
{
    return j->run->schema->name;
}

/* Scale of x against y in the layer's units, and metres a unit of y. */
static void scales(const job *j, double y, double *aspect, double *metres)
{
    *aspect = j->geographic ? cos(y * degree) : 1;
    *metres = j->geographic ? 111000 : 1;
}

/* A needle: two edges that run back on each other, both longer than a metre. */
static bool is_spike(const job *j, const eb_wkb_part *part, size_t a, size_t b, size_t c)
{
    double ax, ay, bx, by, cx, cy, aspect, metres;
    eb_wkb_xy(part, a, &ax, &ay);
    eb_wkb_xy(part, b, &bx, &by);
    eb_wkb_xy(part, c, &cx, &cy);
    scales(j, by, &aspect, &metres);
    double ux = (ax - bx) * aspect, uy = ay - by, vx = (cx - bx) * aspect, vy = cy - by;
    double u = hypot(ux, uy), v = hypot(vx, vy);
    if (u * metres < 1 || v * metres < 1) return false;
    /* within one degree of running back */
    return (ux * vx + uy * vy) / (u * v) > 0.99985;
}

static void look_for_spikes(const job *j, slot *s, size_t i, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_POLYGON || part.count < 4) continue;
        for (size_t b = 0; b + 1 < part.count; b++) {
            double x, y;
            if (!is_spike(j, &part, b ? b - 1 : part.count - 2, b, b + 1)) continue;
            eb_wkb_xy(&part, b, &x, &y);
            eb_findings_add(&s->found, EB_FIND_SPIKE, layer_name(j), s->batch->fids[i], x, y, "the outline runs out and back at one point");
            return;
        }
    }
}

static void look_at_size(const job *j, slot *s, worker *w, size_t i, eb_wkb shape)
{
    eb_size size;
    double perimeter, box[4];
    const bool official = j->official && j->run->area_field >= 0;
    unsigned want = official ? EB_WANT_OFFICIAL | EB_WANT_GEODESIC : EB_WANT_GEODESIC;
    if (!w->measure || eb_measure_area(w->measure, shape, want, &size, NULL)) return;
    s->seen[i].area_m2 = official ? size.official_m2 : size.geodesic_m2;
    if (eb_measure_length(w->measure, shape, &perimeter, NULL) || perimeter <= 0) return;
    double width = 2 * size.geodesic_m2 / perimeter;
    if (width >= j->run->options->sliver_width_m || !eb_wkb_bounds(shape, box)) return;
    eb_finding *found = eb_findings_add(&s->found, EB_FIND_SLIVER, layer_name(j), s->batch->fids[i], (box[0] + box[2]) / 2,
                                        (box[1] + box[3]) / 2, "%.2f m2, on average %.2f m wide", size.geodesic_m2, width);
    if (found) found->area_m2 = size.geodesic_m2;
}

static void look_at_zone(const job *j, slot *s, size_t i, eb_wkb shape)
{
    double box[4];
    if (!j->zone || !eb_wkb_bounds(shape, box)) return;
    int low = (int)floor(box[0] / 1e6), high = (int)floor(box[2] / 1e6);
    if (low == j->zone && high == j->zone) return;
    eb_findings_add(&s->found, EB_FIND_MIXED_ZONES, layer_name(j), s->batch->fids[i], box[0], box[1],
                    "easting begins with %d, the layer is in zone %d", low == j->zone ? high : low, j->zone);
}

static void found_invalid(const job *j, slot *s, size_t i, double x, double y, const char *reason)
{
    s->seen[i].invalid = true;
    eb_findings_add(&s->found, EB_FIND_INVALID, layer_name(j), s->batch->fids[i], x, y, "%s", reason);
}

static eb_status look_at_region(const job *j, slot *s, worker *w, size_t i, eb_wkb shape, eb_error *err)
{
    double x = NAN, y = NAN;
    size_t outside = 0, all = eb_wkb_vertices(shape);
    if (!j->region) return EB_OK;
    eb_status status = eb_check_region_count(j->region, shape, &w->ids, &w->capacity, &outside, &x, &y, err);
    if (status || outside == 0) return status;
    eb_findings_add(&s->found, EB_FIND_OUTSIDE, layer_name(j), s->batch->fids[i], x, y,
                    outside == all ? "lies outside the region" : "reaches outside the region with %zu of %zu points", outside, all);
    return EB_OK;
}

static eb_status look_at_shape(const job *j, slot *s, worker *w, size_t i, eb_error *err)
{
    eb_wkb wkb = eb_batch_shape_at(s->batch, i);
    eb_error why = {0};
    eb_shape *shape = NULL;
    s->seen[i] = (eb_check_seen){.area_m2 = NAN};
    if (wkb.size == 0 || eb_wkb_vertices(wkb) == 0) {
        eb_findings_add(&s->found, EB_FIND_NULL, layer_name(j), s->batch->fids[i], NAN, NAN,
                        wkb.size ? "the shape is empty" : "there is no shape");
        return EB_OK;
    }
    if (eb_shape_read(w->geos, wkb, &shape, &why)) {
        found_invalid(j, s, i, why.x, why.y, why.message);
        return EB_OK;
    }
    char reason[160];
    double x, y;
    if (eb_geos_mended(w->geos)) {
        eb_shape_middle(wkb, &x, &y);
        found_invalid(j, s, i, x, y, _("a ring or line is not closed or too short"));
    } else if (!eb_shape_valid(w->geos, shape, reason, sizeof reason, &x, &y)) {
        found_invalid(j, s, i, x, y, reason);
    } else if (eb_wkb_dimension(wkb) == 2) {
        look_at_size(j, s, w, i, wkb);
        look_for_spikes(j, s, i, wkb);
    }
    look_at_zone(j, s, i, wkb);
    eb_shape_free(w->geos, shape);
    return look_at_region(j, s, w, i, wkb, err);
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    job *j = user;
    slot *s = item;
    eb_status status = eb_source_next(j->run->source, s->batch, err);
    *more = s->batch->count > 0;
    if (status || s->batch->count <= s->capacity) return status;
    free(s->seen);
    s->capacity = s->batch->count;
    s->seen = malloc(s->capacity * sizeof *s->seen);
    if (!s->seen) s->capacity = 0;
    return s->seen ? EB_OK : eb_error_memory(err);
}

static eb_status work(void *user, void *state, void *item, eb_error *err)
{
    const job *j = user;
    slot *s = item;
    eb_status status = EB_OK;
    for (size_t i = 0; !status && i < s->batch->count; i++) {
        if (j->run->schema->tabular)
            s->seen[i] = (eb_check_seen){.area_m2 = NAN};
        else
            status = look_at_shape(j, s, state, i, err);
    }
    return !status && s->found.failed ? eb_error_memory(err) : status;
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    job *j = user;
    slot *s = item;
    eb_check_run *run = j->run;
    for (size_t k = 0; k < s->found.count; k++) {
        const eb_finding *f = &s->found.list[k];
        eb_finding *copy = eb_findings_add(run->findings, f->kind, f->layer, f->fid, f->x, f->y, "%s", f->message);
        if (!copy) return eb_error_memory(err);
        copy->area_m2 = f->area_m2;
    }
    eb_findings_clear(&s->found);
    for (size_t i = 0; i < s->batch->count; i++) {
        const int dimension = eb_wkb_dimension(eb_batch_shape_at(s->batch, i));
        if (dimension > run->dimension) run->dimension = dimension;
        eb_status status = j->take(j->user, s->batch, i, &s->seen[i], err);
        if (status) return status;
    }
    run->count += (int64_t)s->batch->count;
    const double total = (double)run->schema->feature_count;
    eb_env_progress(run->env, "check", (double)run->count, total > 0 ? total : 0);
    return EB_OK;
}

static eb_status open_worker(const job *j, worker *w, eb_error *err)
{
    const eb_crs *crs = j->run->schema->crs;
    eb_status status = eb_geos_new(&w->geos, err);
    if (!status && crs) status = eb_measure_new(crs, 0, &w->measure, err);
    return status;
}

static void close_slots(slot *slots, size_t count)
{
    for (size_t i = 0; slots && i < count; i++) {
        eb_findings_clear(&slots[i].found);
        eb_batch_free(slots[i].batch);
        free(slots[i].seen);
    }
    free(slots);
}

static void close_workers(worker *workers, int count)
{
    for (int i = 0; workers && i < count; i++) {
        eb_measure_free(workers[i].measure);
        eb_geos_free(workers[i].geos);
        free(workers[i].ids);
    }
    free(workers);
}

static eb_status run_pool(job *j, eb_error *err)
{
    enum { SLOTS_A_WORKER = 3 };
    int threads = eb_env_threads(j->run->env);
    size_t count = threads > 1 ? (size_t)threads * SLOTS_A_WORKER : 1;
    slot *slots = calloc(count, sizeof *slots);
    worker *workers = calloc((size_t)threads, sizeof *workers);
    void **items = calloc(count, sizeof *items), **states = calloc((size_t)threads, sizeof *states);
    eb_status status = slots && workers && items && states ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; !status && i < count; i++) {
        slots[i].batch = eb_batch_new(j->run->schema);
        if (!slots[i].batch) status = eb_error_memory(err);
        items[i] = &slots[i];
    }
    for (int i = 0; !status && i < threads; i++) {
        status = open_worker(j, &workers[i], err);
        states[i] = &workers[i];
    }
    eb_pool_job pool = {j, produce, work, consume, NULL, items, count, states, threads};
    if (!status) status = eb_pool_run(&pool, j->run->env, err);
    close_slots(slots, count);
    close_workers(workers, threads);
    free(items);
    free(states);
    return status;
}

eb_status eb_check_features(eb_check_run *run, const eb_check_region *region, eb_check_taker take, void *user, eb_error *err)
{
    job j = {.run = run, .region = region, .take = take, .user = user};
    const eb_crs_info *info = run->schema->crs ? eb_crs_info_get(run->schema->crs) : NULL;
    j.geographic = info && info->kind == EB_CRS_GEOGRAPHIC;
    j.zone = info && info->kind == EB_CRS_GAUSS_KRUGER && info->prefixed ? info->zone : 0;
    j.official = info && info->datum != EB_DATUM_OTHER;
    return run_pool(&j, err);
}
