/*
 * Each group becomes one shape: by its edges where it is a coverage, else neighbour by neighbour, every step proven by area. Threads unite
 * portions of neighbours, the calling thread those of one group with one another, so that what is held is what the outlines need.
 */
#include "analysis/overlay/plane_sink.h"
#include "analysis/overlay/dissolve.h"
#include "base/pool.h"
#include "base/translate.h"
#include "geom/unite.h"

#include <math.h>
#include <stdlib.h>

typedef struct worker {
    eb_geos *geos;
    eb_projector *projector;
    eb_measure *measure;
} worker;

/* Bytes of shapes that are united at a time. */
static const size_t portion_bytes = 4 << 20;

/* Shapes of one group that lie side by side. */
typedef struct portion {
    size_t group;
    bool first, last; /* of the group */
    eb_unite shapes;
    uint8_t *data; /* where it is the whole group: the union in the layer's CRS */
    size_t size;
    double mended_m2[2]; /* of a union that was not valid in that CRS: before and after, in the plane; else NaN */
} portion;

typedef struct uniting {
    eb_dissolve *d;
    const eb_dissolve_out *out;
    worker *own;  /* of the calling thread */
    eb_unite all; /* the portions so far of a group that has several */
    size_t next;  /* group */
    eb_meter meter;
} uniting;

/* Geodesic length of lines, official area of polygons where there is one; what cannot be measured is no reason to lose it. */
static eb_status measure(worker *w, int dimension, eb_group *group, eb_wkb shape, eb_error *err)
{
    eb_size size;
    eb_error why;
    double length_m = 0;
    eb_status status = EB_OK;
    if (dimension == 1) {
        status = eb_measure_length(w->measure, shape, &length_m, &why);
        if (status == EB_OK) group->after = length_m;
        return status == EB_NO_MEMORY ? eb_error_memory(err) : EB_OK;
    }
    group->official_m2 = NAN;
    status = eb_measure_area(w->measure, shape, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO, &size, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK) return EB_OK;
    group->official_m2 = size.official_m2;
    group->geodesic_m2 = size.geodesic_m2;
    return EB_OK;
}

/* Lines and points. */
static eb_status unite_simple(eb_geos *geos, const eb_unite *u, eb_shape **all, eb_error *err)
{
    eb_shape **shapes = calloc(u->count + 1, sizeof *shapes);
    size_t count = 0;
    eb_status status = shapes ? EB_OK : eb_error_memory(err);
    while (status == EB_OK && count < u->count) {
        const size_t from = count ? u->ends[count - 1] : 0;
        status = eb_shape_read(geos, (eb_wkb){u->bytes + from, u->ends[count] - from}, &shapes[count], err);
        if (status == EB_OK) count++;
    }
    if (status == EB_OK) status = eb_shape_union_all(geos, shapes, count, all, err);
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
    return status;
}

/* The union of a part of a group of lines or points in the place of its shapes. */
static eb_status merge_simple(eb_geos *geos, eb_unite *u, eb_error *err)
{
    eb_meter *const meter = u->meter;
    const size_t units = u->count * EB_UNITE_UNITS;
    eb_shape *all = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = unite_simple(geos, u, &all, err);
    if (status == EB_OK) status = eb_shape_write(geos, all, &data, &size, err);
    eb_unite_clear(u);
    if (status == EB_OK) status = eb_unite_add(u, (eb_wkb){data, size}, err);
    eb_shape_free(geos, all);
    free(data);
    return status == EB_OK ? eb_meter_add(meter, units, err) : status;
}

static eb_status merge(const eb_dissolve *d, worker *w, eb_unite *shapes, eb_error *err)
{
    return d->dimension == 2 ? eb_unite_merge(shapes, w->geos, err) : merge_simple(w->geos, shapes, err);
}

/* No union may be larger than its parts; a coverage is as large as they are, and that was proven when it was made. */
static eb_status check_size(const eb_dissolve *d, const eb_group *group, eb_error *err)
{
    const double before = eb_sum_get(&group->before);
    if (d->dimension != 2 || group->after <= before * (1 + 1e-9)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the union of %zu shapes holds %.17g m2, they themselves %.17g", (size_t)group->count,
                        group->after, before);
}

/* All of a group has been merged: its figures, and the shape in the layer's CRS. */
static eb_status finish(const eb_dissolve *d, worker *w, eb_unite *shapes, portion *p, eb_error *err)
{
    eb_group *group = &d->groups[p->group];
    eb_shape *all = NULL, *kept = NULL;
    eb_status status = d->dimension == 2 ? eb_unite_take(shapes, w->geos, &all, err) : unite_simple(w->geos, shapes, &all, err);
    group->coverage = d->dimension == 2 && !shapes->overlaps;
    if (status == EB_OK) status = eb_shape_keep_dimension(w->geos, all, d->dimension, &kept, err);
    if (status != EB_OK) return status;
    group->after = d->dimension == 2   ? eb_shape_area(w->geos, kept)
                   : d->dimension == 1 ? eb_shape_length(w->geos, kept)
                                       : (double)eb_shape_vertices(w->geos, kept);
    status = check_size(d, group, err);
    if (status == EB_OK) status = eb_shape_write(w->geos, kept, &p->data, &p->size, err);
    eb_shape_free(w->geos, kept);
    if (status == EB_OK) status = eb_projector_inverse_wkb(w->projector, p->data, p->size, err);
    if (status == EB_OK && w->measure) status = measure(w, d->dimension, group, (eb_wkb){p->data, p->size}, err);
    p->mended_m2[0] = NAN;
    return status == EB_OK && d->dimension == 2 ? eb_plane_mend(w->geos, w->projector, &p->data, &p->size, p->mended_m2, err) : status;
}

static bool goes_on(const eb_dissolve *d, size_t group)
{
    uint64_t key;
    return eb_sorter_peek(d->shapes, &key) && key >> 32 == group;
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    uniting *u = user;
    portion *p = item;
    uint64_t key;
    eb_status status = EB_OK;
    eb_unite_clear(&p->shapes);
    p->shapes.meter = &u->meter;
    *more = eb_sorter_peek(u->d->shapes, &key);
    if (!*more) return EB_OK;
    p->group = (size_t)(key >> 32);
    p->first = p->group == u->next;
    while (status == EB_OK && goes_on(u->d, p->group) && p->shapes.size < portion_bytes) {
        eb_wkb shape;
        status = eb_sorter_next(u->d->shapes, &shape.data, &shape.size, err);
        if (status == EB_OK) status = eb_unite_add(&p->shapes, shape, err);
    }
    p->last = !goes_on(u->d, p->group);
    u->next = p->group + 1;
    return status;
}

static eb_status work(void *user, void *worker_state, void *item, eb_error *err)
{
    const uniting *u = user;
    portion *p = item;
    eb_status status = eb_env_check(u->d->env, err);
    if (status == EB_OK) status = merge(u->d, worker_state, &p->shapes, err);
    if (status != EB_OK || !(p->first && p->last)) return status;
    return finish(u->d, worker_state, &p->shapes, p, err);
}

/* A portion of a group that has several. */
static eb_status add_portion(uniting *u, portion *p, eb_error *err)
{
    eb_status status = eb_env_check(u->d->env, err);
    if (status != EB_OK) return status;
    if (u->d->dimension == 2)
        status = eb_unite_join(&u->all, &p->shapes, u->own->geos, err);
    else
        status = eb_unite_add(&u->all, (eb_wkb){p->shapes.bytes, p->shapes.size}, err);
    if (status != EB_OK || !p->last) return status;
    status = finish(u->d, u->own, &u->all, p, err);
    eb_unite_clear(&u->all);
    return status;
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    uniting *u = user;
    portion *p = item;
    eb_meter_show(&u->meter);
    eb_status status = p->first && p->last ? EB_OK : add_portion(u, p, err);
    if (status == EB_OK && p->last) eb_plane_mended(u->d->space->diagnosis, u->d->result->name, (int64_t)p->group + 1, p->mended_m2);
    if (status == EB_OK && p->last) status = u->out->take(u->out->self, p->group, (eb_wkb){p->data, p->size}, err);
    free(p->data);
    p->data = NULL;
    return status;
}

static void waiting(void *user)
{
    eb_meter_show(&((const uniting *)user)->meter);
}

static void worker_free(worker *w)
{
    if (!w) return;
    eb_measure_free(w->measure);
    eb_projector_free(w->projector);
    eb_geos_free(w->geos);
    free(w);
}

static eb_status worker_new(const eb_dissolve *d, worker **out, eb_error *err)
{
    worker *w = calloc(1, sizeof *w);
    *out = w;
    if (!w) return eb_error_memory(err);
    eb_status status = eb_geos_new(&w->geos, err);
    if (status == EB_OK && (d->has_official || d->dimension == 1)) status = eb_measure_new(d->schema->crs, 0, &w->measure, err);
    return status == EB_OK ? eb_projector_clone(d->projector, &w->projector, err) : status;
}

static void portion_free(portion *p)
{
    if (!p) return;
    eb_unite_clear(&p->shapes);
    free(p->data);
    free(p);
}

/* The workers of the threads, and one more for the calling thread. */
static eb_status run_pool(uniting *u, worker **workers, portion **items, eb_error *err)
{
    const size_t threads = (size_t)eb_env_threads(u->d->env), slots = threads + 1;
    eb_status status = EB_OK;
    for (size_t i = 0; i <= threads && status == EB_OK; i++) status = worker_new(u->d, &workers[i], err);
    for (size_t i = 0; i < slots && status == EB_OK; i++)
        if (!(items[i] = calloc(1, sizeof *items[i]))) status = eb_error_memory(err);
    u->own = workers[threads];
    const eb_pool_job job = {.user = u,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .waiting = waiting,
                             .items = (void **)items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    return status == EB_OK ? eb_pool_run(&job, u->d->env, err) : status;
}

eb_status eb_dissolve_unite(eb_dissolve *d, const eb_dissolve_out *out, eb_error *err)
{
    const size_t most = (size_t)eb_env_threads(d->env) + 1;
    worker **workers = calloc(most, sizeof *workers);
    portion **items = calloc(most, sizeof *items);
    uniting u = {.d = d, .out = out, .meter = {.env = d->env, .task = N_("dissolve"), .alone = most == 2}};
    u.meter.total = d->shape_count * EB_UNITE_UNITS;
    eb_status status = workers && items ? eb_sorter_begin(d->shapes, err) : eb_error_memory(err);
    if (status == EB_OK) status = run_pool(&u, workers, items, err);
    for (size_t i = 0; workers && i < most; i++) {
        if (workers[i] && workers[i]->measure && d->measure) eb_measure_merge(d->measure, workers[i]->measure);
        worker_free(workers[i]);
    }
    for (size_t i = 0; items && i < most; i++) portion_free(items[i]);
    eb_unite_clear(&u.all);
    free(workers);
    free(items);
    return status;
}
