/* Shapes of the same points. */
#include "analysis/quality/check_run.h"

#include "base/array.h"

#include <inttypes.h>
#include <stdlib.h>

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
            sum += eb_place_key(x, y);
        }
        sum += eb_mix(count);
    }
    return sum;
}

eb_status eb_check_twins_take(eb_check_twins *twins, const eb_batch *batch, size_t i, eb_error *err)
{
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    if (shape.size == 0) return EB_OK;
    if (!eb_array_reserve(&twins->list, &twins->capacity, twins->count + 1, sizeof *twins->list)) return eb_error_memory(err);
    twins->list[twins->count++] = (struct eb_print){finger_print(shape), batch->first + (int64_t)i};
    return EB_OK;
}

static int compare_prints(const void *a, const void *b)
{
    const struct eb_print *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->position < q->position ? -1 : p->position > q->position;
}

/* Keep those that have a twin. */
eb_status eb_check_twins_want(eb_check_twins *twins, eb_places *places, eb_error *err)
{
    size_t kept = 0;
    if (twins->count) qsort(twins->list, twins->count, sizeof *twins->list, compare_prints);
    for (size_t k = 0; k < twins->count;) {
        size_t end = k + 1;
        while (end < twins->count && twins->list[end].key == twins->list[k].key) end++;
        for (; k < end; k++) {
            if (end - k == 1 && (kept == 0 || twins->list[kept - 1].key != twins->list[k].key)) continue;
            if (!eb_places_want(places, twins->list[k].position)) return eb_error_memory(err);
            twins->list[kept++] = twins->list[k];
        }
    }
    twins->count = kept;
    return EB_OK;
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
