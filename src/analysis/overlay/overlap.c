/*
 * Crossing an edge that is run as often one way as the other leaves the number of polygons around a place as it is. The other edges
 * bound all places of one number: they are noded tile by tile, and the faces they make are shared out among the zones, each as often as
 * polygons cover it. Whether nothing was lost on the way shows in the sums, which must be those of the features' own pieces.
 */
#include "analysis/overlay/overlap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Edges of a tile, and how often a tile is halved for them. */
enum { TILE_EDGES = 1000, MOST_HALVINGS = 60 };

typedef struct tiler {
    const eb_zones *zones;
    const eb_net_strip *strip;
    const eb_env *env;
    eb_overlap *out;
    eb_geos *geos;
    eb_index *index; /* of the edges */
    double top;
    size_t *ids, id_capacity;
    eb_rings rings;
    eb_shares shares;
} tiler;

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

/* How many polygons cover a place: none do at the top of the world, and each edge on the way down tells the difference. */
static eb_status depth_at(tiler *t, double x, double y, long *depth, eb_error *err)
{
    const double up[4] = {x, y, x, fmax(y, t->top)};
    size_t count = 0;
    eb_status status = eb_index_query(t->index, up, &t->ids, &t->id_capacity, &count, err);
    *depth = 0;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        const eb_net_edge *e = &t->strip->edges[t->ids[i]];
        if (!(e->a[0] <= x && x < e->b[0])) continue;
        const double side = (e->b[0] - e->a[0]) * (y - e->a[1]) - (e->b[1] - e->a[1]) * (x - e->a[0]);
        if (side < 0) *depth -= e->turns;
    }
    return status;
}

/* Share a face out among the zones it lies in. */
static eb_status add_face(tiler *t, const eb_shape *face, long depth, eb_error *err)
{
    const eb_zones *z = t->zones;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_shares_begin(&t->shares);
    eb_status status = eb_shape_write(t->geos, face, &data, &size, err);
    if (status == EB_OK) status = eb_rings_read(&t->rings, (eb_wkb){data, size}, err);
    if (status == EB_OK) status = eb_shares_add_area(z->locator, &t->rings, &t->shares, err);
    free(data);
    if (status != EB_OK) return status;
    eb_shares_end(&t->shares);
    for (size_t i = 0; i < t->shares.count; i++) {
        const eb_share *share = &t->shares.list[i];
        if (share->cell >= z->partition->count) continue;
        for (size_t k = z->cell_start[share->cell]; k < z->cell_start[share->cell + 1]; k++) {
            eb_sum_add(&t->out->pieces[z->cell_keys[k]], (double)depth * share->size);
            if (depth > 1) eb_sum_add(&t->out->again[z->cell_keys[k]], (double)(depth - 1) * share->size);
        }
    }
    return EB_OK;
}

/* A face counts in the tile that it lies in; the tile's own border is among the lines, so it lies in one. */
static eb_status judge_face(tiler *t, const eb_shape *face, const double box[4], eb_error *err)
{
    double x, y;
    long depth = 0;
    eb_status status = eb_shape_point_inside(t->geos, face, &x, &y, err);
    if (status != EB_OK || !(x > box[0] && x < box[2] && y > box[1] && y < box[3])) return status;
    status = depth_at(t, x, y, &depth, err);
    return status == EB_OK && depth > 0 ? add_face(t, face, depth, err) : status;
}

static eb_status read_line(tiler *t, const double *from, const double *to, eb_shape **out, eb_error *err)
{
    uint8_t bytes[41] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    memcpy(bytes + 9, from, 16);
    memcpy(bytes + 25, to, 16);
    return eb_shape_read(t->geos, (eb_wkb){bytes, sizeof bytes}, out, err);
}

/* The lines of a tile noded, and the faces they make. */
static eb_status make_faces(tiler *t, const size_t *edges, size_t count, const double box[4], eb_shape **mesh, eb_error *err)
{
    const double corners[5][2] = {{box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}, {box[0], box[1]}};
    eb_shape **lines = calloc(count + 4, sizeof *lines), *noded = NULL;
    size_t made = 0;
    eb_status status = lines ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < count && status == EB_OK; i++, made++)
        status = read_line(t, t->strip->edges[edges[i]].a, t->strip->edges[edges[i]].b, &lines[made], err);
    for (size_t i = 0; i < 4 && status == EB_OK; i++, made++) status = read_line(t, corners[i], corners[i + 1], &lines[made], err);
    if (status == EB_OK) status = eb_shape_union_all(t->geos, lines, made, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(t->geos, noded, mesh, err);
    eb_shape_free(t->geos, noded);
    for (size_t i = 0; lines && i < made; i++) eb_shape_free(t->geos, lines[i]);
    free(lines);
    return status;
}

static eb_status do_tile(tiler *t, const size_t *edges, size_t count, const double box[4], eb_error *err)
{
    eb_shape *mesh = NULL;
    eb_status status = eb_env_check(t->env, err);
    if (status == EB_OK) status = count > 0 ? make_faces(t, edges, count, box, &mesh, err) : eb_shape_from_box(t->geos, box, &mesh, err);
    const size_t faces = status == EB_OK ? eb_shape_part_count(t->geos, mesh) : 0;
    for (size_t f = 0; f < faces && status == EB_OK; f++) status = judge_face(t, eb_shape_part_at(t->geos, mesh, f), box, err);
    eb_shape_free(t->geos, mesh);
    return status;
}

/* Does the edge reach into the box? Its own box may do so without it; that costs time and no more. */
static bool reaches(const eb_net_edge *e, const double box[4])
{
    return e->a[0] <= box[2] && e->b[0] >= box[0] && fmin(e->a[1], e->b[1]) <= box[3] && fmax(e->a[1], e->b[1]) >= box[1];
}

static eb_status split_tile(tiler *t, const size_t *edges, size_t count, const double box[4], int halvings, eb_error *err)
{
    const int axis = box[2] - box[0] >= box[3] - box[1] ? 0 : 1;
    const double middle = box[axis] + (box[axis + 2] - box[axis]) / 2;
    if (count <= TILE_EDGES || halvings >= MOST_HALVINGS || !(middle > box[axis] && middle < box[axis + 2]))
        return do_tile(t, edges, count, box, err);
    size_t *part = malloc(count * sizeof *part);
    eb_status status = part ? EB_OK : eb_error_memory(err);
    for (int half = 0; half < 2 && status == EB_OK; half++) {
        double own[4];
        size_t kept = 0;
        memcpy(own, box, sizeof own);
        own[half ? axis : axis + 2] = middle;
        for (size_t i = 0; i < count; i++)
            if (reaches(&t->strip->edges[edges[i]], own)) part[kept++] = edges[i];
        status = split_tile(t, part, kept, own, halvings + 1, err);
    }
    free(part);
    return status;
}

static eb_status index_edges(tiler *t, eb_error *err)
{
    const eb_net_strip *s = t->strip;
    double *boxes = malloc((s->count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    t->top = -INFINITY;
    for (size_t i = 0; i < s->count; i++) {
        const eb_net_edge *e = &s->edges[i];
        const double box[4] = {e->a[0], fmin(e->a[1], e->b[1]), e->b[0], fmax(e->a[1], e->b[1])};
        memcpy(boxes + 4 * i, box, sizeof box);
        t->top = fmax(t->top, box[3]);
    }
    eb_status status = eb_index_new(boxes, s->count, &t->index, err);
    free(boxes);
    return status;
}

static eb_status first_tile(tiler *t, double box[4], eb_error *err)
{
    size_t *all = malloc((t->strip->count + 1) * sizeof *all), count = 0;
    if (!all) return eb_error_memory(err);
    for (size_t i = 0; i < t->strip->count; i++)
        if (reaches(&t->strip->edges[i], box)) all[count++] = i;
    eb_status status = split_tile(t, all, count, box, 0, err);
    free(all);
    return status;
}

eb_status eb_overlap_add(eb_overlap *overlap, const eb_zones *zones, const eb_net_strip *strip, const eb_env *env, eb_error *err)
{
    tiler t = {.zones = zones, .strip = strip, .env = env, .out = overlap};
    double box[4];
    if (!eb_zones_box(zones, box)) return EB_OK;
    box[0] = fmax(box[0], strip->low);
    box[2] = fmin(box[2], strip->high);
    if (!(box[0] < box[2]) || strip->count == 0) return EB_OK;
    eb_status status = eb_geos_new(&t.geos, err);
    if (status == EB_OK) status = index_edges(&t, err);
    if (status == EB_OK) status = first_tile(&t, box, err);
    eb_rings_clear(&t.rings);
    eb_shares_clear(&t.shares);
    eb_index_free(t.index);
    free(t.ids);
    eb_geos_free(t.geos);
    return status;
}
