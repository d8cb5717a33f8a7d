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

/* Edges of a tile, and how often a tile is halved for them. */
enum { TILE_EDGES = 1000, MOST_HALVINGS = 60 };

/* The tiles of a strip, and how far they are. */
typedef struct tiling {
    eb_tile_ground ground;
    eb_overlap *out;
    eb_tile *tiles;
    size_t count, capacity, produced;
    size_t *edges, edge_count, edge_capacity; /* of all tiles */
    double whole_m2;                          /* of all strips */
} tiling;

/* A tile on its way. */
typedef struct slot {
    const eb_tile *tile;
    eb_tile_parts parts;
} slot;

bool eb_zones_box(const eb_zones *zones, double box[4])
{
    const eb_partition *p = zones->partition;
    for (size_t c = 0; c < p->count; c++) {
        const double *own = p->cells[c].box;
        if (c == 0) memcpy(box, own, 4 * sizeof *box);
        for (int i = 0; i < 2; i++) {
            box[i] = fmin(box[i], own[i]);
            box[i + 2] = fmax(box[i + 2], own[i + 2]);
        }
    }
    return p->count > 0;
}

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

/* Does the edge reach into the box? Its own box may do so without it; that costs time and no more. */
static bool reaches(const eb_net_edge *e, const double box[4])
{
    return e->a[0] <= box[2] && e->b[0] >= box[0] && fmin(e->a[1], e->b[1]) <= box[3] && fmax(e->a[1], e->b[1]) >= box[1];
}

static eb_status add_tile(tiling *t, const size_t *edges, size_t count, const double box[4], eb_error *err)
{
    if (!eb_array_reserve(&t->tiles, &t->capacity, t->count + 1, sizeof *t->tiles) ||
        !eb_array_reserve(&t->edges, &t->edge_capacity, t->edge_count + count + 1, sizeof *t->edges))
        return eb_error_memory(err);
    eb_tile *tile = &t->tiles[t->count++];
    *tile = (eb_tile){.first = t->edge_count, .count = count};
    memcpy(tile->box, box, sizeof tile->box);
    if (count > 0) memcpy(t->edges + t->edge_count, edges, count * sizeof *edges);
    t->edge_count += count;
    return EB_OK;
}

static eb_status split_tile(tiling *t, const size_t *edges, size_t count, const double box[4], int halvings, eb_error *err)
{
    const int axis = box[2] - box[0] >= box[3] - box[1] ? 0 : 1;
    const double middle = box[axis] + (box[axis + 2] - box[axis]) / 2;
    if (count <= TILE_EDGES || halvings >= MOST_HALVINGS || !(middle > box[axis] && middle < box[axis + 2]))
        return add_tile(t, edges, count, box, err);
    size_t *part = malloc(count * sizeof *part);
    eb_status status = part ? EB_OK : eb_error_memory(err);
    for (int half = 0; half < 2 && status == EB_OK; half++) {
        double own[4];
        size_t kept = 0;
        memcpy(own, box, sizeof own);
        own[half ? axis : axis + 2] = middle;
        for (size_t i = 0; i < count; i++)
            if (reaches(&t->ground.strip->edges[edges[i]], own)) part[kept++] = edges[i];
        status = split_tile(t, part, kept, own, halvings + 1, err);
    }
    free(part);
    return status;
}

static eb_status make_tiles(tiling *t, const double box[4], eb_error *err)
{
    const eb_net_strip *strip = t->ground.strip;
    size_t *all = malloc((strip->count + 1) * sizeof *all), count = 0;
    if (!all) return eb_error_memory(err);
    for (size_t i = 0; i < strip->count; i++)
        if (reaches(&strip->edges[i], box)) all[count++] = i;
    eb_status status = split_tile(t, all, count, box, 0, err);
    free(all);
    return status;
}

static eb_status index_edges(eb_tile_ground *ground, eb_error *err)
{
    const eb_net_strip *s = ground->strip;
    double *boxes = malloc((s->count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    ground->top = -INFINITY;
    for (size_t i = 0; i < s->count; i++) {
        const eb_net_edge *e = &s->edges[i];
        const double box[4] = {e->a[0], fmin(e->a[1], e->b[1]), e->b[0], fmax(e->a[1], e->b[1])};
        memcpy(boxes + 4 * i, box, sizeof box);
        ground->top = fmax(ground->top, box[3]);
    }
    eb_status status = eb_index_new(boxes, s->count, &ground->edges, err);
    free(boxes);
    return status;
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    tiling *t = user;
    slot *s = item;
    (void)err;
    *more = t->produced < t->count;
    if (*more) *s = (slot){.tile = &t->tiles[t->produced++], .parts = {s->parts.list, 0, s->parts.capacity}};
    return EB_OK;
}

static eb_status work(void *user, void *worker, void *item, eb_error *err)
{
    const tiling *t = user;
    slot *s = item;
    return eb_tiler_work(worker, s->tile, t->edges + s->tile->first, &s->parts, err);
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    tiling *t = user;
    const slot *s = item;
    const eb_zones *z = t->ground.zones;
    const double *box = s->tile->box;
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
    for (size_t i = 0; list && i < slots; i++) free(list[i].parts.list);
    free(workers);
    free(items);
    free(list);
    return status;
}

eb_status eb_overlap_add(eb_overlap *overlap, const eb_zones *zones, const eb_net_strip *strip, const eb_env *env, eb_error *err)
{
    tiling t = {.ground = {.zones = zones, .strip = strip, .env = env}, .out = overlap};
    double box[4];
    if (!eb_zones_box(zones, box)) return EB_OK;
    t.whole_m2 = (box[2] - box[0]) * (box[3] - box[1]);
    box[0] = fmax(box[0], strip->low);
    box[2] = fmin(box[2], strip->high);
    if (!(box[0] < box[2]) || strip->count == 0) return EB_OK;
    eb_status status = index_edges(&t.ground, err);
    if (status == EB_OK) status = make_tiles(&t, box, err);
    if (status == EB_OK) status = run_tiles(&t, err);
    eb_index_free(t.ground.edges);
    free(t.tiles);
    free(t.edges);
    return status;
}
