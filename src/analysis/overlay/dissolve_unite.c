/*
 * Each group becomes one shape: by its edges where it is a coverage, else neighbour by neighbour, every step proven by area. Threads unite
 * portions of neighbours, the calling thread those of one group with one another, so that what is held is what the outlines need.
 */
#include "analysis/overlay/plane_sink.h"
#include "analysis/overlay/dissolve.h"
#include "analysis/overlay/dissolve_lines.h"
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
    double again_m;      /* of lines: what lay on others, and is gone */
    double mended_m2[2]; /* of a union that was not valid in that CRS: before and after, in the plane; else NaN */
} portion;

typedef struct uniting {
    eb_dissolve *d;
    const eb_dissolve_out *out;
    worker *own;    /* of the calling thread */
    eb_unite all;   /* the portions so far of a group that has several */
    double again_m; /* that of them */
    size_t next;    /* group */
    eb_meter meter;
} uniting;

static eb_line_tools tools_of(const worker *w)
{
    return (eb_line_tools){w->geos, w->projector, w->measure};
}

/* Official area where there is one; what cannot be measured is no reason to lose the shape. */
static eb_status measure(worker *w, eb_group *group, eb_wkb shape, eb_error *err)
{
    eb_size size;
    eb_error why;
    group->official_m2 = NAN;
    eb_status status = eb_measure_area(w->measure, shape, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO, &size, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK) return EB_OK;
    group->official_m2 = size.official_m2;
    group->geodesic_m2 = size.geodesic_m2;
    return EB_OK;
}

/* Lines, in the layer's coordinates, and points. */
static eb_status unite_simple(const eb_dissolve *d, worker *w, const eb_unite *u, eb_shape **all, double *again_m, eb_error *err)
{
    const eb_line_tools tools = tools_of(w);
    return d->dimension == 1 ? eb_dissolve_lines(&tools, u, all, again_m, err) : eb_dissolve_points(w->geos, u, all, err);
}

/* The union of a part of a group of lines or points in the place of its shapes. */
static eb_status merge_simple(const eb_dissolve *d, worker *w, eb_unite *u, double *again_m, eb_error *err)
{
    eb_meter *const meter = u->meter;
    const size_t units = u->count * EB_UNITE_UNITS;
    eb_shape *all = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = unite_simple(d, w, u, &all, again_m, err);
    if (status == EB_OK) status = eb_shape_write(w->geos, all, &data, &size, err);
    eb_unite_clear(u);
    u->meter = meter;
    if (status == EB_OK) status = eb_unite_add(u, (eb_wkb){data, size}, err);
    eb_shape_free(w->geos, all);
    free(data);
    return status == EB_OK ? eb_meter_add(meter, units, err) : status;
}

static eb_status lines_to_layer(worker *w, eb_unite *u, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0, from = 0; i < u->count && status == EB_OK; from = u->ends[i++])
        status = eb_projector_inverse_wkb(w->projector, u->bytes + from, u->ends[i] - from, err);
    return status;
}

static eb_status merge(const eb_dissolve *d, worker *w, portion *p, eb_error *err)
{
    if (d->dimension == 2) return eb_unite_merge(&p->shapes, w->geos, err);
    p->again_m = 0;
    eb_status status = d->dimension == 1 ? lines_to_layer(w, &p->shapes, err) : EB_OK;
    return status == EB_OK ? merge_simple(d, w, &p->shapes, &p->again_m, err) : status;
}

/* The union of all that has been merged. */
static eb_status take_all(const eb_dissolve *d, worker *w, eb_unite *shapes, portion *p, eb_shape **all, eb_error *err)
{
    if (d->dimension == 2) return eb_unite_take(shapes, w->geos, all, err);
    if (shapes->count == 1) return eb_shape_read(w->geos, (eb_wkb){shapes->bytes, shapes->size}, all, err);
    return unite_simple(d, w, shapes, all, &p->again_m, err);
}

/* No union may be larger than its parts; a coverage is as large as they are, and that was proven when it was made. */
static eb_status check_size(const eb_dissolve *d, const eb_group *group, eb_error *err)
{
    const double before = eb_sum_get(&group->before);
    if (d->dimension != 2 || group->after <= before * (1 + 1e-9)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the union of %zu shapes holds %.17g m2, they themselves %.17g", (size_t)group->count,
                        group->after, before);
}

/* Polygons and points, out of the plane. */
static eb_status finish_in_plane(const eb_dissolve *d, worker *w, const eb_unite *shapes, const eb_shape *all, portion *p, eb_error *err)
{
    eb_group *group = &d->groups[p->group];
    group->coverage = d->dimension == 2 && !shapes->overlaps;
    group->after = d->dimension == 2 ? eb_shape_area(w->geos, all) : (double)eb_shape_vertices(w->geos, all);
    eb_status status = check_size(d, group, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(w->projector, p->data, p->size, err);
    if (status == EB_OK && w->measure) status = measure(w, group, (eb_wkb){p->data, p->size}, err);
    return status == EB_OK && d->dimension == 2 ? eb_plane_mend(w->geos, w->projector, &p->data, &p->size, p->mended_m2, err) : status;
}

static eb_status finish_lines(const eb_dissolve *d, worker *w, portion *p, eb_error *err)
{
    eb_group *group = &d->groups[p->group];
    const eb_line_tools tools = tools_of(w);
    group->overlap = p->again_m;
    return eb_dissolve_length(&tools, (eb_wkb){p->data, p->size}, &group->after, err);
}

/* All of a group has been merged: its figures, and the shape in the layer's CRS. */
static eb_status finish(const eb_dissolve *d, worker *w, eb_unite *shapes, portion *p, eb_error *err)
{
    eb_shape *all = NULL, *kept = NULL;
    p->mended_m2[0] = NAN;
    eb_status status = take_all(d, w, shapes, p, &all, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(w->geos, all, d->dimension, &kept, err);
    if (status != EB_OK) return status;
    status = eb_shape_write(w->geos, kept, &p->data, &p->size, err);
    if (status == EB_OK) status = d->dimension == 1 ? finish_lines(d, w, p, err) : finish_in_plane(d, w, shapes, kept, p, err);
    eb_shape_free(w->geos, kept);
    return status;
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
    if (status == EB_OK) status = merge(u->d, worker_state, p, err);
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
    u->again_m += p->again_m;
    if (u->d->dimension == 1) u->all.meter = &u->meter;
    if (status != EB_OK || !p->last) return status;
    p->again_m = u->again_m;
    eb_pool_give_back(); /* what portions have left free, before all of the group is at hand */
    status = finish(u->d, u->own, &u->all, p, err);
    eb_unite_clear(&u->all);
    u->again_m = 0;
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
