/*
 * Crossing an edge that is run as often one way as the other leaves the number of polygons around a place as it is. The other edges
 * bound all places of one number: they are noded tile by tile, and the faces they make are shared out among the zones, each as often as
 * polygons cover it. Whether nothing was lost on the way shows in the sums, which must be those of the features' own pieces.
 */
#include "analysis/overlay/overlap.h"
#include "analysis/overlay/overlap_tile.h"
#include "base/array.h"
#include "base/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The tiles of a strip that are still to be noded or halved, the next one last: no more than a path of halvings is held. */
typedef struct tiling {
    eb_tile_ground ground;
    eb_overlap *out;
    eb_tile *tiles;
    size_t count, capacity;
    double whole_m2; /* of all strips */
} tiling;

/* A tile on its way. */
typedef struct slot {
    eb_tile tile;
    eb_tile_parts parts;
} slot;

eb_status eb_overlap_begin(eb_overlap *overlap, const eb_zones *zones, eb_error *err)
{
    overlap->pieces = calloc(zones->key_count + 1, sizeof *overlap->pieces);
    overlap->again = calloc(zones->key_count + 1, sizeof *overlap->again);
    return overlap->pieces && overlap->again ? EB_OK : eb_error_memory(err);
}

void eb_overlap_clear(eb_overlap *overlap)
{
    free(overlap->pieces);
    free(overlap->again);
    *overlap = (eb_overlap){0};
}

/* The first half comes next, so that tiles come in the order of the plane. */
static eb_status split_last(tiling *t, eb_error *err)
{
    eb_tile halves[2];
    if (!eb_array_reserve(&t->tiles, &t->capacity, t->count + 1, sizeof *t->tiles)) return eb_error_memory(err);
    eb_status status = eb_tile_halve(t->ground.strip, &t->tiles[t->count - 1], halves, err);
    if (status != EB_OK) return status;
    eb_tile_clear(&t->tiles[t->count - 1]);
    t->tiles[t->count - 1] = halves[1];
    t->tiles[t->count++] = halves[0];
    return EB_OK;
}

static eb_status add_whole(tiling *t, const double box[4], eb_error *err)
{
    if (!eb_array_reserve(&t->tiles, &t->capacity, 1, sizeof *t->tiles)) return eb_error_memory(err);
    return eb_tile_whole(t->ground.strip, box, &t->tiles[t->count++], err);
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    tiling *t = user;
    slot *s = item;
    eb_status status = eb_env_check(t->ground.env, err);
    while (status == EB_OK && t->count > 0 && eb_tile_crowded(t->ground.strip, &t->tiles[t->count - 1])) {
        status = split_last(t, err);
        if (status == EB_OK) status = eb_env_check(t->ground.env, err);
    }
    *more = status == EB_OK && t->count > 0;
    if (!*more) return status;
    eb_tile_clear(&s->tile);
    s->tile = t->tiles[--t->count];
    s->parts.count = 0;
    return EB_OK;
}

static eb_status work(void *user, void *worker, void *item, eb_error *err)
{
    slot *s = item;
    (void)user;
    return eb_tiler_work(worker, &s->tile, &s->parts, err);
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    tiling *t = user;
    const slot *s = item;
    const eb_zones *z = t->ground.zones;
    const double *box = s->tile.box;
    (void)err;
    for (size_t i = 0; i < s->parts.count; i++) {
        const eb_tile_part *part = &s->parts.list[i];
        for (size_t k = z->cell_start[part->cell]; k < z->cell_start[part->cell + 1]; k++) {
            eb_sum_add(&t->out->pieces[z->cell_keys[k]], (double)part->depth * part->size);
            if (part->depth > 1) eb_sum_add(&t->out->again[z->cell_keys[k]], (double)(part->depth - 1) * part->size);
        }
    }
    t->out->done_m2 += (box[2] - box[0]) * (box[3] - box[1]);
    eb_env_progress(t->ground.env, "measure overlaps", fmin(t->out->done_m2 / t->whole_m2, 1), 1);
    return EB_OK;
}

/* The tiles in threads; what they come to is added up in their order. */
static eb_status run_tiles(tiling *t, eb_error *err)
{
    const size_t threads = (size_t)eb_env_threads(t->ground.env), slots = threads > 1 ? 3 * threads : 1;
    eb_tiler **workers = calloc(threads, sizeof *workers);
    slot *list = calloc(slots, sizeof *list);
    void **items = calloc(slots, sizeof *items);
    eb_status status = workers && list && items ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < threads && status == EB_OK; i++) status = eb_tiler_new(&t->ground, &workers[i], err);
    for (size_t i = 0; i < slots && status == EB_OK; i++) items[i] = &list[i];
    const eb_pool_job job = {.user = t,
                             .produce = produce,
                             .work = work,
                             .consume = consume,
                             .items = items,
                             .item_count = slots,
                             .workers = (void **)workers,
                             .worker_count = (int)threads};
    if (status == EB_OK) status = eb_pool_run(&job, t->ground.env, err);
    for (size_t i = 0; workers && i < threads; i++) eb_tiler_free(workers[i]);
    for (size_t i = 0; list && i < slots; i++) {
        eb_tile_clear(&list[i].tile);
        free(list[i].parts.list);
    }
    free(workers);
    free(items);
    free(list);
    return status;
}

eb_status eb_overlap_add(eb_overlap *overlap, const eb_zones *zones, const eb_net_strip *strip, const eb_env *env, eb_error *err)
{
    tiling t = {.ground = {.zones = zones, .strip = strip, .env = env}, .out = overlap};
    double box[4];
    if (!eb_partition_box(zones->partition, box)) return EB_OK;
    t.whole_m2 = (box[2] - box[0]) * (box[3] - box[1]);
    box[0] = fmax(box[0], strip->low);
    box[2] = fmin(box[2], strip->high);
    if (!(box[0] < box[2]) || strip->count == 0) return EB_OK;
    eb_status status = add_whole(&t, box, err);
    if (status == EB_OK) status = run_tiles(&t, err);
    while (t.count > 0) eb_tile_clear(&t.tiles[--t.count]);
    free(t.tiles);
    return status;
}
