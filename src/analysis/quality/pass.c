#include "analysis/quality/pass.h"

#include "base/array.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eb_status eb_pass(eb_source *source, const eb_env *env, const char *what, eb_feature_visit visit, void *user, eb_error *err)
{
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    if (!batch) return eb_error_memory(err);
    const double total = (double)eb_source_schema(source)->feature_count;
    eb_status status = eb_source_rewind(source, err);
    while (!status) {
        status = eb_env_check(env, err);
        if (!status) status = eb_source_next(source, batch, err);
        if (status || batch->count == 0) break;
        for (size_t i = 0; !status && i < batch->count; i++) status = visit(user, batch, i, err);
        eb_env_progress(env, what, (double)batch->first + (double)batch->count, total > 0 ? total : 0);
    }
    eb_batch_free(batch);
    return status;
}

void eb_shape_middle(eb_wkb shape, double *x, double *y)
{
    double box[4] = {NAN, NAN, NAN, NAN};
    if (!eb_wkb_bounds(shape, box)) box[0] = NAN;
    *x = (box[0] + box[2]) / 2;
    *y = isnan(*x) ? NAN : (box[1] + box[3]) / 2;
}

bool eb_places_want(eb_places *places, int64_t position)
{
    if (!eb_array_reserve(&places->list, &places->capacity, places->count + 1, sizeof *places->list)) return false;
    places->list[places->count++] = (eb_place){position, EB_NO_FID, NAN, NAN};
    return true;
}

static int compare(const void *a, const void *b)
{
    const eb_place *p = a, *q = b;
    return p->position < q->position ? -1 : p->position > q->position;
}

static void drop_twins(eb_places *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < places->count; i++)
        if (kept == 0 || places->list[i].position != places->list[kept - 1].position) places->list[kept++] = places->list[i];
    places->count = kept;
}

static eb_status look(void *user, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_places *places = user;
    (void)err;
    if (places->at == places->count || places->list[places->at].position != batch->first + (int64_t)i) return EB_OK;
    eb_place *place = &places->list[places->at++];
    place->fid = batch->fids[i];
    eb_shape_middle(eb_batch_shape_at(batch, i), &place->x, &place->y);
    return EB_OK;
}

eb_status eb_places_find(eb_places *places, eb_source *source, const eb_env *env, eb_error *err)
{
    if (places->count == 0) return EB_OK;
    qsort(places->list, places->count, sizeof *places->list, compare);
    drop_twins(places);
    places->at = 0;
    return eb_pass(source, env, N_("look up findings"), look, places, err);
}

const eb_place *eb_places_at(const eb_places *places, int64_t position)
{
    const eb_place key = {.position = position};
    return bsearch(&key, places->list, places->count, sizeof *places->list, compare);
}

void eb_places_clear(eb_places *places)
{
    free(places->list);
    memset(places, 0, sizeof *places);
}
