/* Measuring every feature of the layer: batches to worker threads, figures back in the order of the layer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/geom.h>

#include "analysis/area/run.h"
#include "base/array.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/translate.h"
#include "geom/rings.h"

/* A batch and what its features came to. */
typedef struct item {
    eb_batch *batch;
    eb_area_figure *figures;
    size_t capacity;
} item;

/* What a thread has of its own. */
typedef struct worker {
    eb_measure *measure;
    eb_area_cutter *cutter;
    eb_rings rings;
    eb_geos *geos; /* NULL: validity is not asked */
} worker;

typedef struct stream {
    eb_area_run *run;
    int64_t total;
} stream;

static eb_status produce(void *user, void *slot, bool *more, eb_error *err)
{
    stream *s = user;
    item *it = slot;
    eb_status status = eb_source_next(s->run->source, it->batch, err);
    *more = status == EB_OK && it->batch->count > 0;
    if (!*more) return status;
    const size_t before = it->capacity;
    if (!eb_array_reserve(&it->figures, &it->capacity, it->batch->count, sizeof *it->figures)) return eb_error_memory(err);
    memset(it->figures + before, 0, (it->capacity - before) * sizeof *it->figures);
    return EB_OK;
}

/* What the feature itself is to blame for ends with it; everything else ends the run. */
static eb_status note_failure(eb_area_figure *figure, eb_status status, const eb_error *why, eb_error *err)
{
    if (status == EB_OK) return EB_OK;
    if (status != EB_REFUSED && status != EB_INPUT) {
        if (err) *err = *why;
        return status;
    }
    figure->failure = malloc(sizeof *figure->failure);
    if (!figure->failure) return eb_error_memory(err);
    *figure->failure = *why;
    return EB_OK;
}

/* Is the shape valid? Most are proven so at once; GEOS has the last word on the others. */
static eb_status look_at_validity(worker *w, eb_wkb wkb, eb_area_figure *figure, eb_error *err)
{
    char reason[160] = "";
    eb_error why = {.fid = EB_NO_FID, .x = NAN, .y = NAN};
    eb_shape *shape = NULL;
    if (eb_rings_read(&w->rings, wkb, NULL) == EB_OK && eb_rings_proven_valid(&w->rings)) return EB_OK;
    eb_status status = eb_shape_read(w->geos, wkb, &shape, &why);
    if (status == EB_OK && eb_shape_valid(w->geos, shape, reason, sizeof reason, &why.x, &why.y)) {
        eb_shape_free(w->geos, shape);
        return EB_OK;
    }
    eb_shape_free(w->geos, shape);
    if (status == EB_OK) eb_text_copy(why.message, sizeof why.message, reason);
    figure->invalid = true;
    return note_failure(figure, EB_REFUSED, &why, err);
}

/*
 * An official area that cannot be had, while the geodesic one can: the feature keeps what it has, and why it has no more. Not where the
 * official area or a zone for it was asked for: there the feature is refused.
 */
static eb_status note_no_official(const eb_area_run *run, eb_area_figure *figure, eb_status status, const eb_error *why, eb_error *err)
{
    if (run->ask.method != EB_AREA_AUTO || run->ask.zone) return status;
    if (status != EB_REFUSED || !isfinite(figure->size.geodesic_m2)) return status;
    figure->no_official = malloc(sizeof *figure->no_official);
    if (!figure->no_official) return eb_error_memory(err);
    *figure->no_official = *why;
    return EB_OK;
}

/* Lines or points in one geometry with polygons. */
static bool has_lesser_parts(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part))
        if (part.kind != EB_SHAPE_POLYGON && part.count > 0) return true;
    return false;
}

/* Beside another method the official area only checks it: of small layers all, of others a part, as it costs more than reading. */
static unsigned want_at(const eb_area_run *run, int64_t position)
{
    const bool sampled = position < 20000 || position % 16 == 0;
    return run->want | (run->in_reach && run->method != EB_AREA_OFFICIAL && sampled ? EB_WANT_OFFICIAL_TOO : 0);
}

static eb_status measure_polygons(const eb_area_run *run, worker *w, eb_wkb shape, int64_t position, eb_area_figure *figure, eb_error *why,
                                  eb_error *err)
{
    eb_status status = eb_measure_area(w->measure, shape, want_at(run, position), &figure->size, why);
    figure->lesser = eb_wkb_kind(shape) == EB_SHAPE_COLLECTION && has_lesser_parts(shape);
    return note_no_official(run, figure, status, why, err);
}

static eb_status measure_feature(const eb_area_run *run, worker *w, eb_wkb shape, int64_t position, eb_area_figure *figure, eb_error *err)
{
    eb_error why = {.fid = EB_NO_FID, .x = NAN, .y = NAN};
    eb_status status = EB_OK;
    *figure = (eb_area_figure){.dimension = eb_wkb_dimension(shape)};
    if (shape.size > 0 && figure->dimension < 0 && !eb_wkb_ok(shape))
        status = eb_measure_area(w->measure, shape, EB_WANT_GEODESIC, &figure->size, &why);
    else if (figure->dimension == 2)
        status = measure_polygons(run, w, shape, position, figure, &why, err);
    else if (figure->dimension == 1 && w->cutter)
        status = eb_area_cutter_length(w->cutter, w->measure, shape, &figure->length_m, &why);
    else if (figure->dimension == 1)
        status = eb_measure_length(w->measure, shape, &figure->length_m, &why);
    if (status == EB_OK && w->geos && figure->dimension == 2) return look_at_validity(w, shape, figure, err);
    return note_failure(figure, status, &why, err);
}

static eb_status work(void *user, void *state, void *slot, eb_error *err)
{
    const stream *s = user;
    item *it = slot;
    for (size_t i = 0; i < it->batch->count; i++) {
        if (i % 64 == 0) {
            eb_status status = eb_env_check(s->run->env, err);
            if (status != EB_OK) return status;
        }
        eb_status status =
            measure_feature(s->run, state, eb_batch_shape_at(it->batch, i), it->batch->first + (int64_t)i, &it->figures[i], err);
        if (status != EB_OK) return status;
    }
    return EB_OK;
}

/* A feature whose geodesic area is all it has. */
static void remark_no_official(eb_area_run *run, int64_t fid, const eb_error *why)
{
    char text[sizeof why->message + 80];
    if (run->no_official++ == 0) run->first_no_official = *why;
    snprintf(text, sizeof text, _("no official area, the geodesic one is given: %s"), why->message);
    eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->schema->name, fid, why->x, why->y, NAN, NAN, text);
}

/* A feature that could not be measured, or has nothing to measure: on record, with its place. */
static void record(eb_area_run *run, const eb_batch *batch, size_t i, const eb_area_figure *figure)
{
    const char *layer = run->schema->name;
    const eb_error *why = figure->failure;
    if (figure->no_official) remark_no_official(run, batch->fids[i], figure->no_official);
    if (figure->lesser)
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, layer, batch->fids[i], NAN, NAN, NAN, NAN,
                         "a collection: its polygons are measured, its lines and points are in no figure");
    if (figure->invalid) {
        run->invalid++;
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_INVALID, layer, batch->fids[i], why->x, why->y, NAN, NAN, why->message);
    } else if (why) {
        if (run->rejected++ == 0) {
            run->first_failure = *why;
            eb_error_where(&run->first_failure, run->schema->file, layer, batch->fids[i]);
        }
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_REJECTED, layer, batch->fids[i], why->x, why->y, NAN, NAN, why->message);
    } else if (figure->dimension < 0) {
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NULL, layer, batch->fids[i], NAN, NAN, NAN, NAN, "no geometry");
    } else if (figure->dimension == 0) {
        run->other++;
    }
}

static double chosen_m2(const eb_area_run *run, const eb_size *size)
{
    return run->method == EB_AREA_OFFICIAL ? size->official_m2 : run->method == EB_AREA_PLANAR ? size->planar_m2 : size->geodesic_m2;
}

/* For the check of the method line: features that have both areas. */
static void add_check(eb_area_run *run, const eb_size *size)
{
    run->areas++;
    if (!isfinite(size->official_m2)) return;
    run->checked++;
    run->check_chosen_m2 += chosen_m2(run, size);
    run->check_official_m2 += size->official_m2;
    run->check_geodesic_m2 += size->geodesic_m2;
}

/* What the second pass will need of a feature; of every one, as they are known by their position. */
static eb_status keep_for_rounding(eb_area_run *run, const eb_area_figure *figure, const eb_area_group *group, eb_error *err)
{
    if (run->pass != EB_AREA_FIRST_PASS) return EB_OK;
    const bool area = group && figure->dimension == 2;
    return eb_area_rounded_add(&run->rounded, area ? eb_area_from_m2(chosen_m2(run, &figure->size), run->ask.unit) : NAN,
                               area ? (size_t)(group - eb_area_groups_at(run->groups, 0)) : 0, err);
}

static eb_status add_figure(eb_area_run *run, const eb_batch *batch, size_t i, const eb_area_figure *figure, eb_error *err)
{
    record(run, batch, i, figure);
    if ((figure->failure && !figure->invalid) || figure->dimension < 1) return keep_for_rounding(run, figure, NULL, err);
    eb_area_group *group = eb_area_groups_of(run->groups, batch, i);
    if (!group) return eb_error_memory(err);
    run->measured++;
    if (figure->dimension == 1) {
        group->lines++;
        group->counted += !run->inside || figure->length_m > 0;
        group->length_m += figure->length_m;
        return keep_for_rounding(run, figure, NULL, err);
    }
    group->polygons++;
    add_check(run, &figure->size);
    group->lacking += figure->no_official != NULL;
    if ((run->want & EB_WANT_OFFICIAL) && !figure->no_official) group->official_cents += llrint(figure->size.official_m2 * 100);
    if (run->want & EB_WANT_PLANAR) group->planar_m2 += figure->size.planar_m2;
    group->geodesic_m2 += figure->size.geodesic_m2;
    return keep_for_rounding(run, figure, group, err);
}

/* The figures of the feature added last, in the columns that come after those of the source; null where there is none. */
static bool set_figures(const eb_area_run *run, const eb_area_figure *figure, double rounded)
{
    size_t field = run->schema->field_count;
    const bool good_one = !figure->failure || figure->invalid;
    const bool area = figure->dimension == 2 && good_one, line = figure->dimension == 1 && good_one;
    bool good = true;
    if (run->schema->kind != EB_SHAPE_LINE && run->schema->kind != EB_SHAPE_MULTILINE) {
        const bool official = run->method == EB_AREA_OFFICIAL;
        if (area) {
            if (!figure->no_official) good = eb_batch_set_real(run->out, field, chosen_m2(run, &figure->size));
            if (official && !figure->no_official)
                good = good && eb_batch_set_real(run->out, field + 1, figure->size.official_m2) &&
                       eb_batch_set_integer(run->out, field + 3, figure->size.zone);
            good = good && eb_batch_set_real(run->out, field + (official ? 2 : 1), figure->size.geodesic_m2);
        }
        field += official ? 4 : 2;
        if (run->pass == EB_AREA_SECOND_PASS && isfinite(rounded)) good = good && eb_batch_set_real(run->out, field, rounded);
        field += run->pass == EB_AREA_SECOND_PASS;
    }
    if (field < run->out_schema->field_count && line) good = good && eb_batch_set_real(run->out, field, figure->length_m);
    return good;
}

static double rounded_at(const eb_area_run *run, size_t position)
{
    return run->pass == EB_AREA_SECOND_PASS && position < run->rounded.count ? run->rounded.values[position] : NAN;
}

static eb_status write_batch(eb_area_run *run, const item *it, eb_error *err)
{
    const eb_batch *batch = it->batch;
    eb_batch_clear(run->out);
    for (size_t i = 0; i < batch->count; i++) {
        if (!eb_batch_add(run->out, batch->fids[i], eb_batch_shape_at(batch, i))) return eb_error_memory(err);
        for (size_t f = 0; f < run->schema->field_count; f++)
            if (!eb_batch_set_copy(run->out, f, batch, i, f)) return eb_error_memory(err);
        if (!set_figures(run, &it->figures[i], rounded_at(run, (size_t)run->read + i))) return eb_error_memory(err);
    }
    return eb_sink_write(run->sink, run->out, err);
}

static void clear_failures(item *it)
{
    for (size_t i = 0; i < it->capacity; i++) {
        free(it->figures[i].failure);
        free(it->figures[i].no_official);
        it->figures[i].failure = it->figures[i].no_official = NULL;
    }
}

static eb_status consume(void *user, void *slot, eb_error *err)
{
    stream *s = user;
    item *it = slot;
    eb_status status = EB_OK;
    const eb_area_pass pass = s->run->pass;
    for (size_t i = 0; i < it->batch->count && status == EB_OK && pass != EB_AREA_SECOND_PASS; i++)
        status = add_figure(s->run, it->batch, i, &it->figures[i], err);
    if (status == EB_OK && s->run->sink && pass != EB_AREA_FIRST_PASS) status = write_batch(s->run, it, err);
    s->run->read += (int64_t)it->batch->count;
    clear_failures(it);
    eb_env_progress(s->run->env, "measure", (double)s->run->read, s->total > 0 ? (double)s->total : 0);
    return status;
}

static eb_status make_worker(const eb_area_run *run, worker *w, eb_error *err)
{
    eb_status status = eb_measure_new(run->schema->crs, run->ask.zone, &w->measure, err);
    if (status == EB_OK && run->inside) status = eb_area_cutter_new(run->inside, &w->cutter, err);
    if (status == EB_OK && run->ask.validity) status = eb_geos_new(&w->geos, err);
    return status;
}

/* Slots and workers for so many threads; freed by the caller, also after a failure. */
static eb_status make_crew(const eb_area_run *run, item *items, void **slots, size_t slot_count, worker *workers, void **states,
                           int threads, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < slot_count; i++) {
        items[i].batch = eb_batch_new(run->schema);
        if (!items[i].batch) return eb_error_memory(err);
        slots[i] = &items[i];
    }
    for (int i = 0; i < threads && status == EB_OK; i++) {
        states[i] = &workers[i];
        status = make_worker(run, &workers[i], err);
    }
    return status;
}

eb_status eb_area_measure_all(eb_area_run *run, eb_error *err)
{
    const int threads = eb_env_threads(run->env);
    const size_t slot_count = threads > 1 ? 2 * (size_t)threads + 1 : 1;
    item *items = calloc(slot_count, sizeof *items);
    worker *workers = calloc((size_t)threads, sizeof *workers);
    void **slots = calloc(slot_count, sizeof *slots), **states = calloc((size_t)threads, sizeof *states);
    stream s = {.run = run, .total = run->schema->feature_count};
    eb_status status = EB_OK;
    if (!items || !workers || !slots || !states) {
        status = eb_error_memory(err);
        goto done;
    }
    status = make_crew(run, items, slots, slot_count, workers, states, threads, err);
    if (status != EB_OK) goto done;
    const eb_pool_job job = {.user = &s,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .items = slots,
                             .item_count = slot_count,
                             .workers = states,
                             .worker_count = threads};
    status = eb_pool_run(&job, run->env, err);
    for (int i = 0; i < threads; i++) eb_measure_merge(run->measure, workers[i].measure);
done:
    for (size_t i = 0; items && i < slot_count; i++) {
        clear_failures(&items[i]);
        eb_batch_free(items[i].batch);
        free(items[i].figures);
    }
    for (int i = 0; workers && i < threads; i++) {
        eb_area_cutter_free(workers[i].cutter);
        eb_measure_free(workers[i].measure);
        eb_rings_clear(&workers[i].rings);
        eb_geos_free(workers[i].geos);
    }
    free(items);
    free(workers);
    free(slots);
    free(states);
    return status;
}

bool eb_area_is_lines(const eb_area_run *run)
{
    int64_t lines = 0, polygons = 0;
    for (size_t i = 0; i < eb_area_groups_count(run->groups); i++) {
        lines += eb_area_groups_at(run->groups, i)->lines;
        polygons += eb_area_groups_at(run->groups, i)->polygons;
    }
    const eb_shape_kind kind = run->schema->kind;
    return polygons == 0 && (lines > 0 || kind == EB_SHAPE_LINE || kind == EB_SHAPE_MULTILINE);
}
