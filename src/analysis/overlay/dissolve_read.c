/*
 * The layer into groups: threads bring shapes into the plane and repair them, the calling thread finds their groups and lets them wait
 * outside the memory, sorted by group and along a curve, so that a part of a group at a time is united with its neighbours.
 */
#include "analysis/overlay/dissolve.h"
#include "analysis/key_column.h"
#include "base/array.h"
#include "base/pool.h"
#include "base/text.h"
#include "geom/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of shapes held before they go to the file. */
static const size_t best_memory = 16 << 20;
/* Of the plane, 128 m to a place on the curve: room for the largest country but one, and what lies beyond only waits in another order. */
static const double curve_box[4] = {-4194304, -4194304, 4194304, 4194304};

/* A batch on its way: which rows came through, and where their bytes are. */
typedef struct slot {
    eb_batch *batch;
    eb_diagnosis *diagnosis;
    eb_rejects rejects;
    size_t *rows, *offsets, count, row_capacity, offset_capacity; /* offsets: count + 1 */
    double *areas;
    size_t area_capacity;
    uint8_t *bytes;
    size_t capacity;
} slot;

typedef struct worker {
    eb_geos *geos;
    eb_projector *projector;
    eb_intake intake;
    eb_measure *measure; /* for the lengths of lines; NULL else */
} worker;

static eb_status keep(slot *item, size_t row, eb_wkb shape, double size, eb_error *err)
{
    size_t at = item->count ? item->offsets[item->count] : 0;
    if (!eb_array_reserve(&item->rows, &item->row_capacity, item->count + 1, sizeof *item->rows) ||
        !eb_array_reserve(&item->offsets, &item->offset_capacity, item->count + 2, sizeof *item->offsets) ||
        !eb_array_reserve(&item->areas, &item->area_capacity, item->count + 1, sizeof *item->areas) ||
        !eb_array_reserve(&item->bytes, &item->capacity, at + shape.size, 1))
        return eb_error_memory(err);
    memcpy(item->bytes + at, shape.data, shape.size);
    item->rows[item->count] = row;
    item->areas[item->count] = size;
    item->offsets[item->count++] = at;
    item->offsets[item->count] = at + shape.size;
    return EB_OK;
}

static eb_status take_polygon(worker *w, slot *item, size_t i, eb_error *err)
{
    bool taken = false;
    eb_shape *large = NULL;
    eb_status status = eb_intake_polygon(&w->intake, item->batch, i, &taken, &large, err);
    if (status != EB_OK || !taken) return status;
    if (!large) return keep(item, i, eb_batch_shape_at(item->batch, i), w->intake.rings.area, err);
    uint8_t *data = NULL;
    size_t size = 0;
    status = eb_shape_write(w->geos, large, &data, &size, err);
    if (status == EB_OK) status = keep(item, i, (eb_wkb){data, size}, eb_shape_area(w->geos, large), err);
    free(data);
    eb_shape_free(w->geos, large);
    return status;
}

static eb_status take_simple(const eb_dissolve *d, worker *w, slot *item, size_t i, eb_error *err)
{
    bool taken = false;
    eb_shape *shape = NULL;
    double length_m = 0;
    eb_error why;
    const bool measured = w->measure && eb_measure_length(w->measure, eb_batch_shape_at(item->batch, i), &length_m, &why) == EB_OK;
    eb_status status = eb_intake_simple(&w->intake, item->batch, i, d->dimension, &taken, err);
    if (status != EB_OK || !taken) return status;
    eb_wkb bytes = eb_batch_shape_at(item->batch, i);
    status = eb_shape_read(w->geos, bytes, &shape, err);
    double size = status != EB_OK ? 0 : d->dimension == 1 ? eb_shape_length(w->geos, shape) : (double)eb_shape_vertices(w->geos, shape);
    eb_shape_free(w->geos, shape);
    return status == EB_OK ? keep(item, i, bytes, measured ? length_m : size, err) : status;
}

static eb_status work(void *user, void *worker_state, void *item_state, eb_error *err)
{
    const eb_dissolve *d = user;
    worker *w = worker_state;
    slot *item = item_state;
    eb_status status = EB_OK;
    item->count = 0;
    w->intake.diagnosis = item->diagnosis;
    w->intake.rejects = &item->rejects;
    eb_intake_sort(&w->intake, item->batch, d->dimension);
    for (size_t i = 0; i < item->batch->count && status == EB_OK; i++) {
        if (i % 64 == 0) status = eb_env_check(d->env, err);
        if (status == EB_OK) status = d->dimension == 2 ? take_polygon(w, item, i, err) : take_simple(d, w, item, i, err);
        if (status != EB_OK) eb_error_where(err, d->schema->file, d->schema->name, item->batch->fids[i]);
    }
    return status;
}

static eb_status produce(void *user, void *item_state, bool *more, eb_error *err)
{
    eb_dissolve *d = user;
    slot *item = item_state;
    eb_diagnosis_free(item->diagnosis);
    item->diagnosis = eb_diagnosis_new();
    if (!item->diagnosis) return eb_error_memory(err);
    eb_status status = eb_source_next(d->source, item->batch, err);
    *more = status == EB_OK && item->batch->count > 0;
    return status;
}

/* The values of the fields as one text; a null is no empty text. */
static size_t group_of(eb_dissolve *d, const eb_batch *batch, size_t row)
{
    eb_string key = {0};
    for (size_t k = 0; k < d->by_count; k++) {
        char number[EB_KEY_NUMBER];
        const bool null = eb_batch_is_null(batch, row, d->by[k]);
        const char *text = eb_key_text(batch, row, d->by[k], number);
        eb_string_addf(&key, null ? "n;" : "%zu:%s;", strlen(text), text);
    }
    size_t number = key.failed ? SIZE_MAX : eb_intern_number(&d->names, eb_string_get(&key));
    eb_string_clear(&key);
    return number;
}

static eb_status new_group(eb_dissolve *d, const eb_batch *batch, size_t row, eb_error *err)
{
    if (!eb_array_reserve(&d->groups, &d->group_capacity, d->group_count + 1, sizeof *d->groups)) return eb_error_memory(err);
    eb_group *group = &d->groups[d->group_count];
    *group = (eb_group){.sums = calloc(d->sum_count + 1, sizeof(eb_total))};
    d->group_count++;
    bool ok = group->sums && eb_batch_add(d->keys, (int64_t)d->group_count, (eb_wkb){NULL, 0});
    for (size_t k = 0; k < d->by_count && ok; k++) ok = eb_batch_set_copy(d->keys, k, batch, row, d->by[k]);
    return ok ? EB_OK : eb_error_memory(err);
}

static void add_value(eb_total *total, const eb_batch *batch, size_t row, size_t field, eb_field_type type)
{
    if (eb_batch_is_null(batch, row, field)) return;
    total->count++;
    if (type == EB_FIELD_INTEGER) {
        const int64_t value = eb_batch_integer_at(batch, row, field);
        const uint64_t low = (uint64_t)value & UINT32_MAX;
        total->low += low;
        total->high += (value - (int64_t)low) / ((int64_t)UINT32_MAX + 1);
    } else {
        eb_sum_add(&total->real, eb_batch_real_at(batch, row, field));
    }
}

static eb_status finish_totals(const eb_dissolve *d, eb_error *err)
{
    for (size_t i = 0; i < d->group_count; i++)
        for (size_t k = 0; k < d->sum_count; k++) {
            eb_total *total = &d->groups[i].sums[k];
            const int64_t high = total->high + (int64_t)(total->low >> 32);
            if (high < INT32_MIN || high > INT32_MAX) {
                eb_error_set(err, EB_REFUSED, "the sum of field %s of layer %s is larger than an integer of 64 bits holds",
                             d->schema->fields[d->sum[k]].name, d->schema->name);
                eb_error_hint(err, "write the field as real numbers first, or group by more fields");
                return EB_REFUSED;
            }
            total->integer = high * ((int64_t)UINT32_MAX + 1) + (int64_t)(total->low & UINT32_MAX);
        }
    return EB_OK;
}

static eb_status sort_in(eb_dissolve *d, const slot *item, size_t i, eb_error *err)
{
    size_t row = item->rows[i], size = item->offsets[i + 1] - item->offsets[i], number = group_of(d, item->batch, row);
    if (number == SIZE_MAX) return eb_error_memory(err);
    eb_status status = number == d->group_count ? new_group(d, item->batch, row, err) : EB_OK;
    if (status != EB_OK) return status;
    eb_group *group = &d->groups[number];
    const eb_wkb shape = {item->bytes + item->offsets[i], size};
    status = eb_sorter_add(d->shapes, (uint64_t)number << 32 | eb_curve_place_of(shape, curve_box), shape.data, size, err);
    if (status != EB_OK) return status;
    d->shape_count++;
    group->count++;
    eb_sum_add(&group->before, item->areas[i]);
    for (size_t k = 0; k < d->sum_count; k++) add_value(&group->sums[k], item->batch, row, d->sum[k], d->schema->fields[d->sum[k]].type);
    return EB_OK;
}

static eb_status consume(void *user, void *item_state, eb_error *err)
{
    eb_dissolve *d = user;
    slot *item = item_state;
    eb_status status = EB_OK;
    for (size_t i = 0; i < item->count && status == EB_OK; i++) status = sort_in(d, item, i, err);
    eb_diagnosis_count(item->diagnosis, d->schema->name, (int64_t)item->batch->count, 0);
    eb_diagnosis_merge(d->space->diagnosis, item->diagnosis);
    if (status == EB_OK && !eb_rejects_move(&d->rejects, &item->rejects)) status = eb_error_memory(err);
    d->done += (int64_t)item->batch->count;
    eb_env_progress(d->env, d->schema->name, (double)d->done, d->schema->feature_count > 0 ? (double)d->schema->feature_count : 0);
    return status == EB_OK ? eb_diagnosis_status(d->space->diagnosis) : status;
}

static void slot_free(slot *item)
{
    if (!item) return;
    eb_batch_free(item->batch);
    eb_diagnosis_free(item->diagnosis);
    eb_rejects_clear(&item->rejects);
    free(item->rows);
    free(item->offsets);
    free(item->areas);
    free(item->bytes);
    free(item);
}

static void worker_free(worker *w)
{
    if (!w) return;
    eb_intake_clear(&w->intake);
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
    if (status == EB_OK) status = eb_projector_clone(d->projector, &w->projector, err);
    if (status == EB_OK && d->dimension == 1) status = eb_measure_new(d->schema->crs, 0, &w->measure, err);
    w->intake = (eb_intake){.geos = w->geos, .projector = w->projector, .schema = d->schema, .flattens = true};
    return status;
}

eb_status eb_dissolve_read(eb_dissolve *d, eb_error *err)
{
    size_t threads = (size_t)eb_env_threads(d->env), slots = threads > 1 ? 3 * threads : 1;
    worker **workers = calloc(threads, sizeof *workers);
    slot **items = calloc(slots, sizeof *items);
    eb_status status = workers && items ? eb_sorter_new(eb_env_held_bytes(d->env, best_memory), &d->shapes, err) : eb_error_memory(err);
    for (size_t i = 0; i < threads && status == EB_OK; i++) status = worker_new(d, &workers[i], err);
    for (size_t i = 0; i < slots && status == EB_OK; i++) {
        items[i] = calloc(1, sizeof *items[i]);
        if (!items[i] || !(items[i]->batch = eb_batch_new(d->schema))) status = eb_error_memory(err);
    }
    const eb_pool_job job = {.user = d,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .items = (void **)items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    if (status == EB_OK) status = eb_pool_run(&job, d->env, err);
    if (status == EB_OK) status = finish_totals(d, err);
    for (size_t i = 0; workers && i < threads; i++) worker_free(workers[i]);
    for (size_t i = 0; items && i < slots; i++) slot_free(items[i]);
    free(workers);
    free(items);
    eb_pool_give_back();
    return status;
}
