/* Roads cut at places, which become nodes. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "network/network.h"

/* A place on an edge, with its number in the caller's list: that of its snap, and one on each road drawn over that one. */
typedef struct stop {
    eb_snap snap;
    size_t number;
} stop;

typedef struct stops {
    stop *items;
    size_t count, capacity;
} stops;

static int compare_stops(const void *a, const void *b)
{
    const stop *x = a, *y = b;
    if (x->snap.edge != y->snap.edge) return x->snap.edge < y->snap.edge ? -1 : 1;
    double s = (double)x->snap.segment + x->snap.fraction, t = (double)y->snap.segment + y->snap.fraction;
    if (s != t) return s < t ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/* State while one edge is written anew with its stops. */
typedef struct cutting {
    eb_network *n;
    eb_edge old;
    size_t start, from; /* first vertex and node of the edge being written */
} cutting;

static bool same_place(const eb_network *n, size_t vertex, const eb_snap *snap)
{
    return n->lon[vertex] == snap->lon_deg && n->lat[vertex] == snap->lat_deg;
}

/* The node at the end of an edge where the place is that end, or SIZE_MAX. A ring ends where it starts: either will do. */
static size_t end_at(const eb_network *n, const eb_snap *snap)
{
    const eb_edge *edge = &n->edges[snap->edge];
    if (same_place(n, edge->first, snap)) return edge->from;
    return same_place(n, edge->first + edge->count - 1, snap) ? edge->to : SIZE_MAX;
}

/* End the edge being written at the vertex written last, which becomes (or is) @p node. */
static bool close_edge(cutting *c, size_t node)
{
    size_t last = c->n->vertex_count - 1;
    if (!network_add_edge(c->n, c->old.road, c->from, node, c->start, last - c->start + 1)) return false;
    c->start = last;
    c->from = node;
    return true;
}

/* Cut at a place inside the edge: at @p node, which is made where it is not known yet (SIZE_MAX). False out of memory. */
static bool place_stop(cutting *c, const eb_snap *snap, size_t *node)
{
    eb_network *n = c->n;
    if (!same_place(n, n->vertex_count - 1, snap) && network_add_vertex(n, snap->lon_deg, snap->lat_deg) == SIZE_MAX) return false;
    if (n->vertex_count - 1 == c->start) {
        /* A second place on the spot, or one at the edge's start. */
        if (*node == SIZE_MAX) *node = c->from;
        return true;
    }
    if (*node == SIZE_MAX) *node = network_add_node(n, n->vertex_count - 1);
    return *node != SIZE_MAX && close_edge(c, *node);
}

/* Write the edge of items[0..count) anew, cut at each of them. */
static bool cut_edge(eb_network *n, const stop *items, size_t count, size_t *nodes)
{
    size_t e = items[0].snap.edge, k = 0;
    cutting c = {.n = n, .old = n->edges[e], .start = n->vertex_count, .from = n->edges[e].from};
    size_t last = c.old.first + c.old.count - 1;
    bool good = true;
    for (size_t i = 0; i + 1 < c.old.count && good; i++) {
        good = network_add_vertex(n, n->lon[c.old.first + i], n->lat[c.old.first + i]) != SIZE_MAX;
        for (; good && k < count && items[k].snap.segment == i; k++) {
            /* The end is closed below. */
            bool at_end = same_place(n, last, &items[k].snap) && (i > 0 || items[k].snap.fraction > 0);
            if (!at_end) good = place_stop(&c, &items[k].snap, &nodes[items[k].number]);
        }
    }
    good = good && network_add_vertex(n, n->lon[last], n->lat[last]) != SIZE_MAX && close_edge(&c, c.old.to);
    n->edges[e].count = 0;
    n->edges[e].length_m = 0;
    return good;
}

static bool add_stop(stops *list, const eb_snap *snap, size_t number)
{
    if (!eb_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) return false;
    list->items[list->count++] = (stop){.snap = *snap, .number = number};
    return true;
}

/* Where along the segment from vertex @p v the place is, or below 0 where it is not on it, within some 1 mm. */
static double share_along(const eb_network *n, size_t v, double lon, double lat)
{
    const double near_deg = 1e-8, dx = n->lon[v + 1] - n->lon[v], dy = n->lat[v + 1] - n->lat[v], px = lon - n->lon[v],
                 py = lat - n->lat[v], length2 = dx * dx + dy * dy;
    if (!(length2 > 0)) return -1;
    double t = (px * dx + py * dy) / length2;
    if (fabs(px * dy - py * dx) > near_deg * sqrt(length2) || t * sqrt(length2) < -near_deg || (t - 1) * sqrt(length2) > near_deg)
        return -1;
    return fmin(fmax(t, 0), 1);
}

/* Whether two segments lie on one another where the place is: each end of the shorter one is on the longer one's line. */
static bool same_course(const eb_network *n, size_t a, size_t b)
{
    const double ax = n->lon[a + 1] - n->lon[a], ay = n->lat[a + 1] - n->lat[a], bx = n->lon[b + 1] - n->lon[b],
                 by = n->lat[b + 1] - n->lat[b], shorter = fmin(hypot(ax, ay), hypot(bx, by)), longer = fmax(hypot(ax, ay), hypot(bx, by));
    return fabs(ax * by - ay * bx) <= 1e-8 * longer && shorter > 0;
}

/* Whether two edges are on one level and one kind of ground, so that a place may lie on both. */
static bool same_deck(const eb_network *n, const eb_edge *a, const eb_edge *b)
{
    const eb_road *x = &n->roads[a->road], *y = &n->roads[b->road];
    return x->level == y->level && network_deck_of(x) == network_deck_of(y);
}

/* The place on the roads of the same level that are drawn over its own. */
static eb_status add_twins(eb_network *n, stops *list, const eb_snap *snap, size_t number, eb_error *err)
{
    const eb_edge *own = &n->edges[snap->edge];
    size_t *near = NULL, capacity = 0, count = 0, last = SIZE_MAX;
    double x, y;
    eb_plane_forward(&n->plane, snap->lon_deg, snap->lat_deg, &x, &y);
    /* A long segment is bent in the plane: one metre is room for that over some kilometres, and farther its twin is bent alike. */
    const double box[4] = {x - 1, y - 1, x + 1, y + 1};
    eb_status status = eb_index_query(n->index, box, &near, &capacity, &count, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        size_t e = n->segment_edge[near[i]], segment = network_segment_within(n, near[i]);
        const eb_edge *edge = &n->edges[e];
        if (e == snap->edge || e == last || !network_connects(n, edge) || !same_deck(n, own, edge)) continue;
        double t = share_along(n, edge->first + segment, snap->lon_deg, snap->lat_deg);
        if (t < 0 || !same_course(n, own->first + snap->segment, edge->first + segment)) continue;
        eb_snap twin = *snap;
        twin.edge = last = e;
        twin.segment = segment;
        twin.fraction = t;
        if (!add_stop(list, &twin, number)) status = eb_error_memory(err);
    }
    free(near);
    return status;
}

static eb_status list_stops(eb_network *n, const eb_snap *snaps, size_t count, stops *list, size_t *nodes, eb_error *err)
{
    eb_status status = n->index || count == 0 ? EB_OK : network_index(n, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        if (!add_stop(list, &snaps[i], i)) return eb_error_memory(err);
        status = add_twins(n, list, &snaps[i], i, err);
        nodes[i] = SIZE_MAX;
    }
    for (size_t k = 0; k < list->count && status == EB_OK; k++)
        if (nodes[list->items[k].number] == SIZE_MAX) nodes[list->items[k].number] = end_at(n, &list->items[k].snap);
    if (list->count) qsort(list->items, list->count, sizeof *list->items, compare_stops);
    return status;
}

eb_status eb_network_insert(eb_network *n, const eb_snap *snaps, size_t count, size_t *nodes, eb_error *err)
{
    stops list = {0};
    eb_status status = list_stops(n, snaps, count, &list, nodes, err);
    for (size_t i = 0, next; i < list.count && status == EB_OK; i = next) {
        for (next = i + 1; next < list.count && list.items[next].snap.edge == list.items[i].snap.edge;) next++;
        if (!cut_edge(n, list.items + i, next - i, nodes)) status = eb_error_memory(err);
    }
    free(list.items);
    eb_index_free(n->index); /* the edges it names are gone */
    n->index = NULL;
    return status;
}
