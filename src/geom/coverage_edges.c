#include "geom/coverage_edges.h"
#include "base/array.h"
#include "base/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A directed edge, the inside on its left. */
typedef struct eb_outline_edge {
    double ax, ay, bx, by;
    bool gone; /* its twin was there */
} eb_outline_edge;

void eb_outline_edges_clear(eb_outline_edges *edges)
{
    free(edges->list);
    free(edges->slots);
    *edges = (eb_outline_edges){0};
}

void eb_outline_clear(eb_outline *outline)
{
    free(outline->xy);
    free(outline->rings);
    *outline = (eb_outline){0};
}

/* The same for both directions. */
static size_t edge_slot(const eb_outline_edges *edges, const eb_outline_edge *e)
{
    return (size_t)eb_hash_number(eb_hash_place(e->ax, e->ay) + eb_hash_place(e->bx, e->by)) & (edges->slot_count - 1);
}

static bool against(const eb_outline_edge *e, const eb_outline_edge *f)
{
    return e->ax == f->bx && e->ay == f->by && e->bx == f->ax && e->by == f->ay;
}

static bool along(const eb_outline_edge *e, const eb_outline_edge *f)
{
    return e->ax == f->ax && e->ay == f->ay && e->bx == f->bx && e->by == f->by;
}

/* Twice as many slots as edges at least. */
static bool make_room(eb_outline_edges *edges, size_t count)
{
    if (!eb_array_reserve(&edges->list, &edges->capacity, count, sizeof *edges->list)) return false;
    if (edges->slot_count >= 2 * count) return true;
    size_t want = edges->slot_count ? edges->slot_count : 1024;
    while (want < 3 * count) want *= 2;
    uint32_t *slots = calloc(want, sizeof *slots);
    if (!slots) return false;
    free(edges->slots);
    edges->slots = slots;
    edges->slot_count = want;
    for (size_t i = 0; i < edges->count; i++) {
        size_t at = edge_slot(edges, &edges->list[i]);
        while (slots[at]) at = (at + 1) & (want - 1);
        slots[at] = (uint32_t)i + 1;
    }
    return true;
}

static void add_edge(eb_outline_edges *edges, const double *a, const double *b)
{
    eb_outline_edge e = {.ax = a[0], .ay = a[1], .bx = b[0], .by = b[1]};
    size_t at = edge_slot(edges, &e);
    for (; edges->slots[at]; at = (at + 1) & (edges->slot_count - 1)) {
        eb_outline_edge *other = &edges->list[edges->slots[at] - 1];
        if (against(other, &e) && !other->gone) {
            other->gone = true;
            edges->left--;
            return;
        }
        /* A third polygon on an edge lies over one of the other two, whichever way it runs. */
        if (along(other, &e) || against(other, &e)) {
            edges->twice = true;
            return;
        }
    }
    edges->list[edges->count++] = e;
    edges->slots[at] = (uint32_t)edges->count;
    edges->left++;
}

eb_status eb_outline_edges_add(eb_outline_edges *edges, const eb_rings *rings, eb_error *err)
{
    if (edges->count + rings->points >= UINT32_MAX) edges->twice = true; /* too many to be numbered: the general way then */
    if (edges->twice) return EB_OK;
    if (!make_room(edges, edges->count + rings->points)) return eb_error_memory(err);
    for (size_t k = 0; k < rings->count; k++) {
        const double *xy = rings->xy + 2 * rings->rings[k].first;
        const size_t count = rings->rings[k].count;
        for (size_t i = 0; i < count && !edges->twice; i++) add_edge(edges, xy + 2 * i, xy + 2 * (i + 1 < count ? i + 1 : 0));
    }
    return EB_OK;
}

bool eb_outline_edges_put(eb_outline_edges *edges, const double a[2], const double b[2])
{
    if (!make_room(edges, edges->count + 1)) return false;
    add_edge(edges, a, b);
    return true;
}

/* The edges that are left as a graph: where each leads, and which others leave the same place. */
typedef struct graph {
    size_t count;
    const eb_outline_edge **edges;
    size_t *from, *to;     /* numbers of the places at the ends */
    size_t *first, *other; /* first edge that leaves a place, next one that leaves the same; SIZE_MAX none */
    size_t *seen;          /* where a place stands on the path being walked, SIZE_MAX: nowhere */
    bool *used;
    size_t *path; /* edges */
    size_t places;
} graph;

static void graph_clear(graph *g)
{
    free(g->edges);
    free(g->from);
    free(g->to);
    free(g->first);
    free(g->other);
    free(g->seen);
    free(g->used);
    free(g->path);
}

/* Number of a place; slots hold an edge + 1 that leaves it. */
static size_t place_of(graph *g, uint32_t *slots, size_t mask, double x, double y, size_t leaving)
{
    size_t at = (size_t)eb_hash_place(x, y) & mask;
    for (; slots[at]; at = (at + 1) & mask) {
        const eb_outline_edge *e = g->edges[slots[at] - 1];
        if (e->ax == x && e->ay == y) return g->from[slots[at] - 1];
    }
    if (leaving == SIZE_MAX) return SIZE_MAX;
    slots[at] = (uint32_t)leaving + 1;
    g->first[g->places] = g->seen[g->places] = SIZE_MAX;
    return g->places++;
}

/* *closed false: an edge leads where none leaves. */
static bool number_places(graph *g, bool *closed)
{
    size_t slot_count = 16;
    while (slot_count < 2 * g->count) slot_count *= 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < g->count; i++) {
        const size_t place = place_of(g, slots, slot_count - 1, g->edges[i]->ax, g->edges[i]->ay, i);
        g->from[i] = place;
        g->other[i] = g->first[place];
        g->first[place] = i;
    }
    for (size_t i = 0; i < g->count; i++) {
        g->to[i] = place_of(g, slots, slot_count - 1, g->edges[i]->bx, g->edges[i]->by, SIZE_MAX);
        *closed = *closed && g->to[i] != SIZE_MAX;
    }
    free(slots);
    return true;
}

static bool graph_make(graph *g, const eb_outline_edges *edges, bool *closed)
{
    const size_t n = edges->left + 1;
    g->edges = malloc(n * sizeof *g->edges);
    g->from = malloc(n * sizeof *g->from);
    g->to = malloc(n * sizeof *g->to);
    g->first = malloc(n * sizeof *g->first);
    g->other = malloc(n * sizeof *g->other);
    g->seen = malloc(n * sizeof *g->seen);
    g->used = calloc(n, sizeof *g->used);
    g->path = malloc(n * sizeof *g->path);
    if (!g->edges || !g->from || !g->to || !g->first || !g->other || !g->seen || !g->used || !g->path) return false;
    for (size_t i = 0; i < edges->count; i++)
        if (!edges->list[i].gone) g->edges[g->count++] = &edges->list[i];
    return number_places(g, closed);
}

/* Angle from the way back along @p in, clockwise, to the way out along @p out: 0 … 2 pi. */
static double turn(const eb_outline_edge *in, const eb_outline_edge *out)
{
    const double bx = in->ax - in->bx, by = in->ay - in->by, ox = out->bx - out->ax, oy = out->by - out->ay;
    const double angle = atan2(by * ox - bx * oy, bx * ox + by * oy);
    return angle < 0 ? angle + 2 * acos(-1.0) : angle;
}

/* The edge after @p i: where several leave the place, the one that bounds the same corner of the inside. */
static size_t next_edge(const graph *g, size_t i)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;
    for (size_t k = g->first[g->to[i]]; k != SIZE_MAX; k = g->other[k]) {
        if (g->used[k]) continue;
        if (k == g->first[g->to[i]] && g->other[k] == SIZE_MAX) return k;
        const double angle = turn(g->edges[i], g->edges[k]);
        if (angle < least) least = angle, best = k;
    }
    return best;
}

/* Edges path[from … count - 1] are a ring. */
static bool add_ring(const graph *g, size_t from, size_t count, eb_outline *out)
{
    const size_t n = count - from;
    if (!eb_array_reserve(&out->xy, &out->capacity, out->points + n, 2 * sizeof *out->xy) ||
        !eb_array_reserve(&out->rings, &out->ring_capacity, out->count + 1, sizeof *out->rings))
        return false;
    eb_outline_ring *ring = &out->rings[out->count++];
    *ring = (eb_outline_ring){.first = out->points, .count = n, .around = SIZE_MAX, .box = {INFINITY, INFINITY, -INFINITY, -INFINITY}};
    const double x0 = g->edges[g->path[from]]->ax, y0 = g->edges[g->path[from]]->ay;
    for (size_t i = from; i < count; i++) {
        const eb_outline_edge *e = g->edges[g->path[i]];
        double *xy = out->xy + 2 * out->points++;
        xy[0] = e->ax;
        xy[1] = e->ay;
        ring->area += ((e->ax - x0) * (e->by - y0) - (e->bx - x0) * (e->ay - y0)) / 2;
        ring->box[0] = fmin(ring->box[0], e->ax), ring->box[1] = fmin(ring->box[1], e->ay);
        ring->box[2] = fmax(ring->box[2], e->ax), ring->box[3] = fmax(ring->box[3], e->ay);
    }
    return true;
}

/* Rings made from one walk touch one another: the holes among them lie in the shell among them. */
static void tell_shell(eb_outline *out, size_t from)
{
    size_t shell = SIZE_MAX;
    for (size_t i = from; i < out->count; i++)
        if (out->rings[i].area > 0) shell = i;
    for (size_t i = from; i < out->count; i++) out->rings[i].around = shell;
}

/* Follow the border of the inside from an edge until it closes; a place that comes again closes a ring of its own. */
static bool walk(graph *g, size_t start, eb_outline *out, bool *closed)
{
    const size_t from = out->count;
    size_t count = 0, edge = start;
    do {
        g->used[edge] = true;
        g->seen[g->from[edge]] = count;
        g->path[count++] = edge;
        const size_t place = g->to[edge];
        if (g->seen[place] != SIZE_MAX) {
            const size_t back = g->seen[place];
            if (!add_ring(g, back, count, out)) return false;
            for (size_t i = back; i < count; i++) g->seen[g->from[g->path[i]]] = SIZE_MAX;
            count = back;
            if (count == 0) break;
        }
        edge = next_edge(g, edge);
        *closed = *closed && edge != SIZE_MAX;
    } while (*closed);
    tell_shell(out, from);
    return true;
}

eb_status eb_outline_make(const eb_outline_edges *edges, eb_outline *out, bool *closed, eb_error *err)
{
    graph g = {0};
    *closed = true;
    bool ok = graph_make(&g, edges, closed);
    for (size_t i = 0; i < g.count && ok && *closed; i++)
        if (!g.used[i]) ok = walk(&g, i, out, closed);
    graph_clear(&g);
    return ok ? EB_OK : eb_error_memory(err);
}
