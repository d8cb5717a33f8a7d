/* Each group becomes one shape: by its edges where it is a coverage, else neighbour by neighbour, every step proven by area. */
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

/* The number of the group a slot stands for. */
typedef struct uniting {
    eb_dissolve *d;
    size_t next;
    eb_meter meter;
} uniting;

/* Official area of what was united, where there is one; what cannot be measured is no reason to lose it. */
static eb_status measure(worker *w, eb_group *group, eb_error *err)
{
    eb_size size;
    eb_error why;
    group->official_m2 = NAN;
    eb_status status =
        eb_measure_area(w->measure, (eb_wkb){group->data, group->size}, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO, &size, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK) return EB_OK;
    group->official_m2 = size.official_m2;
    group->geodesic_m2 = size.geodesic_m2;
    return EB_OK;
}

/* Lines and points. */
static eb_status unite_shapes(eb_geos *geos, const eb_wkb *bytes, size_t wanted, eb_shape **all, eb_error *err)
{
    eb_shape **shapes = calloc(wanted, sizeof *shapes);
    size_t count = 0;
    eb_status status = shapes ? EB_OK : eb_error_memory(err);
    while (count < wanted && status == EB_OK) {
        status = eb_shape_read(geos, bytes[count], &shapes[count], err);
        if (status == EB_OK) count++;
    }
    if (status == EB_OK) status = eb_shape_union_all(geos, shapes, count, all, err);
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
    return status;
}

static eb_status unite(uniting *u, worker *w, eb_group *group, eb_error *err)
{
    const eb_dissolve *d = u->d;
    eb_shape *all = NULL, *kept = NULL;
    eb_wkb *bytes = calloc(group->count + 1, sizeof *bytes);
    eb_status status = bytes ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < group->count && bytes; i++) bytes[i] = (eb_wkb){d->store + group->offsets[i], group->sizes[i]};
    eb_unite how = {.meter = &u->meter};
    if (status == EB_OK && d->dimension == 2) status = eb_unite_shapes(&how, w->geos, bytes, group->count, &all, err);
    if (status == EB_OK && d->dimension != 2) status = unite_shapes(w->geos, bytes, group->count, &all, err);
    if (status == EB_OK && d->dimension != 2) status = eb_meter_add(&u->meter, group->count * EB_UNITE_UNITS, err);
    group->coverage = d->dimension == 2 && !how.overlaps;
    free(bytes);
    if (status == EB_OK) status = eb_shape_keep_dimension(w->geos, all, d->dimension, &kept, err);
    if (status != EB_OK) return status;
    group->after = d->dimension == 2   ? eb_shape_area(w->geos, kept)
                   : d->dimension == 1 ? eb_shape_length(w->geos, kept)
                                       : (double)eb_shape_vertices(w->geos, kept);
    status = d->dimension == 2 ? eb_dissolve_prove(d, group, &group->proven, err) : EB_OK;
    if (status == EB_OK) status = eb_shape_write(w->geos, kept, &group->data, &group->size, err);
    eb_shape_free(w->geos, kept);
    if (status == EB_OK) status = eb_projector_inverse_wkb(w->projector, group->data, group->size, err);
    if (status == EB_OK && w->measure) status = measure(w, group, err);
    return status == EB_OK && d->dimension == 2 ? eb_plane_mend(w->geos, &group->data, &group->size, err) : status;
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    (void)err;
    uniting *u = user;
    *more = u->next < u->d->group_count;
    if (*more) *(size_t *)item = u->next++;
    return EB_OK;
}

static eb_status work(void *user, void *worker_state, void *item, eb_error *err)
{
    uniting *u = user;
    eb_status status = eb_env_check(u->d->env, err);
    return status == EB_OK ? unite(u, worker_state, &u->d->groups[*(size_t *)item], err) : status;
}

static void waiting(void *user)
{
    eb_meter_show(&((const uniting *)user)->meter);
}

/* No union may be larger than its parts; a coverage is as large as they are, and that was proven when it was made. */
static eb_status consume(void *user, void *item, eb_error *err)
{
    const uniting *u = user;
    const eb_group *group = &u->d->groups[*(size_t *)item];
    double before = eb_sum_get(&group->before);
    eb_meter_show(&u->meter);
    if (u->d->dimension != 2 || group->after <= before * (1 + 1e-9)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the union of %zu shapes holds %.17g m2, they themselves %.17g", group->count, group->after,
                        before);
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
    if (status == EB_OK && d->has_official) status = eb_measure_new(d->schema->crs, 0, &w->measure, err);
    return status == EB_OK ? eb_projector_clone(d->projector, &w->projector, err) : status;
}

eb_status eb_dissolve_unite(eb_dissolve *d, eb_error *err)
{
    size_t threads = (size_t)eb_env_threads(d->env), slots = threads > 1 ? 2 * threads : 1;
    worker **workers = calloc(threads, sizeof *workers);
    size_t *numbers = calloc(slots, sizeof *numbers);
    void **items = calloc(slots, sizeof *items);
    uniting u = {.d = d, .meter = {.env = d->env, .task = N_("dissolve"), .alone = threads == 1}};
    eb_status status = workers && numbers && items ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < threads && status == EB_OK; i++) status = worker_new(d, &workers[i], err);
    for (size_t i = 0; items && numbers && i < slots; i++) items[i] = &numbers[i];
    for (size_t i = 0; i < d->group_count; i++) u.meter.total += d->groups[i].count * EB_UNITE_UNITS;
    const eb_pool_job job = {.user = &u,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .waiting = waiting,
                             .items = items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    if (status == EB_OK) status = eb_pool_run(&job, d->env, err);
    for (size_t i = 0; workers && i < threads; i++) {
        if (workers[i] && workers[i]->measure) eb_measure_merge(d->measure, workers[i]->measure);
        worker_free(workers[i]);
    }
    free(workers);
    free(numbers);
    free(items);
    return status;
}
