/* Shapes of the same points. */
#include "analysis/quality/check_run.h"

#include "base/array.h"
#include "base/hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A number that is the same for the same set of points, wherever a ring starts and whichever way it runs. */
static uint64_t finger_print(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    uint64_t sum = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        size_t count = part.kind == EB_SHAPE_POLYGON && part.count > 1 ? part.count - 1 : part.count;
        for (size_t k = 0; k < count; k++) {
            double x, y;
            eb_wkb_xy(&part, k, &x, &y);
            sum += eb_hash_place(x, y);
        }
        sum += eb_hash_number(count);
    }
    return sum;
}

eb_status eb_check_twins_take(eb_check_twins *twins, const eb_batch *batch, size_t i, eb_error *err)
{
    enum { MEMORY = 1 << 20 }; /* bytes of positions; with what is needed to sort them some 10 MB */
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    const int64_t position = batch->first + (int64_t)i;
    if (shape.size == 0) return EB_OK;
    eb_status status = twins->prints ? EB_OK : eb_sorter_new(MEMORY, &twins->prints, err);
    return status ? status : eb_sorter_add(twins->prints, finger_print(shape), &position, sizeof position, err);
}

static eb_status keep(eb_check_twins *twins, struct eb_print print, eb_places *places, eb_error *err)
{
    if (!eb_array_reserve(&twins->list, &twins->capacity, twins->count + 1, sizeof *twins->list)) return eb_error_memory(err);
    twins->list[twins->count++] = print;
    return eb_places_want(places, print.position) ? EB_OK : eb_error_memory(err);
}

/* Keep those that have a twin. */
eb_status eb_check_twins_want(eb_check_twins *twins, eb_places *places, eb_error *err)
{
    struct eb_print last = {.position = -1}, now;
    bool kept = false; /* the last one */
    eb_status status = twins->prints ? eb_sorter_begin(twins->prints, err) : EB_OK;
    while (!status && twins->prints && eb_sorter_peek(twins->prints, &now.key)) {
        const uint8_t *data;
        size_t size;
        status = eb_sorter_next(twins->prints, &data, &size, err);
        if (status) break;
        memcpy(&now.position, data, sizeof now.position);
        const bool twin = last.position >= 0 && last.key == now.key;
        if (twin && !kept) status = keep(twins, last, places, err);
        if (twin && !status) status = keep(twins, now, places, err);
        kept = twin;
        last = now;
    }
    eb_sorter_free(twins->prints);
    twins->prints = NULL;
    return status;
}

eb_status eb_check_twins_finish(const eb_check_twins *twins, const eb_places *places, eb_check_run *run, eb_error *err)
{
    for (size_t k = 1; k < twins->count; k++) {
        if (twins->list[k].key != twins->list[k - 1].key) continue;
        const eb_place *own = eb_places_at(places, twins->list[k].position), *other = eb_places_at(places, twins->list[k - 1].position);
        eb_finding *found = eb_findings_add(run->findings, EB_FIND_DUPLICATE, run->schema->name, own->fid, own->x, own->y,
                                            "the same shape as feature %" PRId64, other->fid);
        if (!found) return eb_error_memory(err);
        found->other_fid = other->fid;
    }
    return EB_OK;
}
