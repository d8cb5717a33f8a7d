/* Places onto roads, and roads cut at places. */
#include <ecobelt/measure.h>

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "network/network.h"

static void to_plane(const eb_network *n, size_t vertex, double *x, double *y)
{
    eb_plane_forward(&n->plane, n->lon[vertex], n->lat[vertex], x, y);
}

static void segment_box(const eb_network *n, size_t vertex, double box[4])
{
    double x0, y0, x1, y1;
    to_plane(n, vertex, &x0, &y0);
    to_plane(n, vertex + 1, &x1, &y1);
    box[0] = fmin(x0, x1);
    box[1] = fmin(y0, y1);
    box[2] = fmax(x0, x1);
    box[3] = fmax(y0, y1);
}

eb_status network_index(eb_network *n, eb_error *err)
{
    size_t count = 0, k = 0;
    for (size_t e = 0; e < n->edge_count; e++) count += n->edges[e].count ? n->edges[e].count - 1 : 0;
    double *boxes = malloc((count ? count : 1) * 4 * sizeof *boxes);
    size_t *owner = malloc((count ? count : 1) * sizeof *owner);
    eb_status status = boxes && owner ? EB_OK : eb_error_memory(err);
    network_plane(n, &n->plane);
    for (size_t e = 0; e < n->edge_count && status == EB_OK; e++) {
        for (size_t i = 0; i + 1 < n->edges[e].count; i++, k++) {
            segment_box(n, n->edges[e].first + i, boxes + 4 * k);
            owner[k] = e;
        }
    }
    eb_index *index = NULL;
    if (status == EB_OK) status = eb_index_new(boxes, count, &index, err);
    free(boxes);
    if (status != EB_OK) {
        free(owner);
        return status;
    }
    eb_index_free(n->index);
    free(n->segment_edge);
    n->index = index;
    n->segment_edge = owner;
    n->segment_count = count;
    return EB_OK;
}

/* First segment of an edge in the index: the segments of an edge lie together, in order. */
static size_t segment_within(const eb_network *n, size_t segment)
{
    size_t first = segment;
    while (first > 0 && n->segment_edge[first - 1] == n->segment_edge[segment]) first--;
    return segment - first;
}

static bool usable(const eb_road *road, int worst_rank)
{
    return !road->closed && (worst_rank == INT_MAX || (road->rank >= 0 && road->rank <= worst_rank));
}

/* Nearest point of a segment to (x, y): squared distance and fraction along. */
static double nearest_on(const eb_network *n, size_t vertex, double x, double y, double *fraction)
{
    double x0, y0, x1, y1;
    to_plane(n, vertex, &x0, &y0);
    to_plane(n, vertex + 1, &x1, &y1);
    double dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((x - x0) * dx + (y - y0) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    *fraction = t;
    double ex = x0 + t * dx - x, ey = y0 + t * dy - y;
    return ex * ex + ey * ey;
}

typedef struct best_hit {
    double distance2, fraction;
    size_t edge, vertex;
} best_hit;

static void look_at(const eb_network *n, size_t segment, double x, double y, const network_filter *filter, best_hit *best)
{
    size_t e = n->segment_edge[segment];
    if (!usable(&n->roads[n->edges[e].road], filter->worst_rank) || (filter->accept && !filter->accept(filter->user, e))) return;
    size_t vertex = n->edges[e].first + segment_within(n, segment);
    double fraction, distance2 = nearest_on(n, vertex, x, y, &fraction);
    if (distance2 < best->distance2) *best = (best_hit){.distance2 = distance2, .fraction = fraction, .edge = e, .vertex = vertex};
}

/* Point of a segment: straight in degrees between vertices, as the road's line is; the ends bit for bit. */
static void place_on(const eb_network *n, size_t v, double t, double *lon, double *lat)
{
    *lon = t == 0 ? n->lon[v] : t == 1 ? n->lon[v + 1] : n->lon[v] + t * (n->lon[v + 1] - n->lon[v]);
    *lat = t == 0 ? n->lat[v] : t == 1 ? n->lat[v + 1] : n->lat[v] + t * (n->lat[v + 1] - n->lat[v]);
}

/*
 * Fraction of the nearest point with the scale of the place itself: a long line that is straight in degrees is bent in the plane, where
 * its nearest point is found centimetres off. Good where the place is near.
 */
static double local_fraction(const eb_network *n, size_t v, double lon_deg, double lat_deg)
{
    const double radian = 0.017453292519943295, e2 = n->f * (2 - n->f), s = sin(lat_deg * radian), w2 = 1 - e2 * s * s;
    /* Metres a degree east and north, but for a factor that both share: cos(lat) N and M, with M / N = (1 - e2) / w2. */
    double east = cos(lat_deg * radian), north = (1 - e2) / w2;
    double x0 = (n->lon[v] - lon_deg) * east, y0 = (n->lat[v] - lat_deg) * north;
    double dx = (n->lon[v + 1] - n->lon[v]) * east, dy = (n->lat[v + 1] - n->lat[v]) * north, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? -(x0 * dx + y0 * dy) / length2 : 0;
    return t < 0 ? 0 : t > 1 ? 1 : t;
}

static void fill_snap(const eb_network *n, const best_hit *best, double lon_deg, double lat_deg, eb_snap *out)
{
    const double fractions[] = {best->fraction, local_fraction(n, best->vertex, lon_deg, lat_deg)};
    *out = (eb_snap){.found = true, .edge = best->edge, .segment = best->vertex - n->edges[best->edge].first, .distance_m = INFINITY};
    for (size_t k = 0; k < 2; k++) {
        double lon, lat;
        place_on(n, best->vertex, fractions[k], &lon, &lat);
        double distance_m = eb_distance_m(n->a, n->f, lon_deg, lat_deg, lon, lat);
        if (!(distance_m < out->distance_m)) continue;
        out->fraction = fractions[k];
        out->lon_deg = lon;
        out->lat_deg = lat;
        out->distance_m = distance_m;
    }
}

eb_status network_snap(eb_network *n, double lon_deg, double lat_deg, double most_m, const network_filter *filter, eb_snap *out,
                       eb_error *err)
{
    *out = (eb_snap){.found = false, .distance_m = INFINITY};
    eb_status status = n->index ? EB_OK : network_index(n, err);
    double x, y;
    eb_plane_forward(&n->plane, lon_deg, lat_deg, &x, &y);
    best_hit best = {.distance2 = INFINITY};
    size_t *near = NULL, capacity = 0, count = 0;
    /* Growing boxes: a hit inside the radius cannot be beaten by what lies outside it. */
    double reach = most_m * (1 + 1e-4) + 1, radius = fmin(100, reach);
    for (bool more = status == EB_OK; more;) {
        const double box[4] = {x - radius, y - radius, x + radius, y + radius};
        status = eb_index_query(n->index, box, &near, &capacity, &count, err);
        if (status != EB_OK) break;
        for (size_t i = 0; i < count; i++) look_at(n, near[i], x, y, filter, &best);
        more = best.distance2 > radius * radius && radius < reach;
        radius = fmin(radius * 4, reach);
    }
    free(near);
    if (status != EB_OK || isinf(best.distance2)) return status;
    fill_snap(n, &best, lon_deg, lat_deg, out);
    if (out->distance_m > most_m) *out = (eb_snap){.found = false, .distance_m = out->distance_m};
    return EB_OK;
}

eb_status eb_network_snap(eb_network *n, double lon_deg, double lat_deg, double most_m, int worst_rank, eb_snap *out, eb_error *err)
{
    const network_filter filter = {.worst_rank = worst_rank};
    return network_snap(n, lon_deg, lat_deg, most_m, &filter, out, err);
}

/* One component of a network. */
typedef struct home {
    const eb_network *n;
    const size_t *of_node;
    size_t component;
} home;

static bool is_home(const void *user, size_t edge)
{
    const home *h = user;
    return h->of_node[h->n->edges[edge].from] == h->component;
}

eb_status eb_network_snap_within(eb_network *n, double lon_deg, double lat_deg, double most_m, const size_t *of_node, size_t component,
                                 eb_snap *out, eb_error *err)
{
    const home h = {.n = n, .of_node = of_node, .component = component};
    const network_filter filter = {.worst_rank = INT_MAX, .accept = is_home, .user = &h};
    return network_snap(n, lon_deg, lat_deg, most_m, &filter, out, err);
}

/* A snap with its place in the caller's list, for sorting along the edges. */
typedef struct stop {
    const eb_snap *snap;
    size_t number;
} stop;

static int compare_stops(const void *a, const void *b)
{
    const stop *x = a, *y = b;
    if (x->snap->edge != y->snap->edge) return x->snap->edge < y->snap->edge ? -1 : 1;
    double s = (double)x->snap->segment + x->snap->fraction, t = (double)y->snap->segment + y->snap->fraction;
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

/* End the edge being written at the vertex written last, which becomes (or is) @p node. */
static bool close_edge(cutting *c, size_t node)
{
    size_t last = c->n->vertex_count - 1;
    if (!network_add_edge(c->n, c->old.road, c->from, node, c->start, last - c->start + 1)) return false;
    c->start = last;
    c->from = node;
    return true;
}

/* A node at a stop inside the edge; SIZE_MAX out of memory. */
static size_t place_stop(cutting *c, const eb_snap *snap)
{
    eb_network *n = c->n;
    if (!same_place(n, n->vertex_count - 1, snap) && network_add_vertex(n, snap->lon_deg, snap->lat_deg) == SIZE_MAX) return SIZE_MAX;
    if (n->vertex_count - 1 == c->start) return c->from; /* a second stop on the spot, or one at the edge's start */
    size_t node = network_add_node(n, n->vertex_count - 1);
    return node != SIZE_MAX && close_edge(c, node) ? node : SIZE_MAX;
}

/* Write the edge of stops[0..count) anew, cut at each of them. */
static bool cut_edge(eb_network *n, const stop *stops, size_t count, size_t *nodes)
{
    size_t e = stops[0].snap->edge, k = 0;
    cutting c = {.n = n, .old = n->edges[e], .start = n->vertex_count, .from = n->edges[e].from};
    size_t last = c.old.first + c.old.count - 1;
    bool good = true;
    for (size_t i = 0; i + 1 < c.old.count && good; i++) {
        good = network_add_vertex(n, n->lon[c.old.first + i], n->lat[c.old.first + i]) != SIZE_MAX;
        for (; good && k < count && stops[k].snap->segment == i; k++) {
            /* A ring ends where it starts: there the fraction tells the ends apart. */
            bool at_end = same_place(n, last, stops[k].snap) && (i > 0 || stops[k].snap->fraction > 0);
            nodes[stops[k].number] = at_end ? c.old.to : place_stop(&c, stops[k].snap);
            good = nodes[stops[k].number] != SIZE_MAX;
        }
    }
    good = good && network_add_vertex(n, n->lon[last], n->lat[last]) != SIZE_MAX && close_edge(&c, c.old.to);
    n->edges[e].count = 0;
    n->edges[e].length_m = 0;
    return good;
}

eb_status eb_network_insert(eb_network *n, const eb_snap *snaps, size_t count, size_t *nodes, eb_error *err)
{
    stop *stops = malloc((count ? count : 1) * sizeof *stops);
    if (!stops) return eb_error_memory(err);
    for (size_t i = 0; i < count; i++) stops[i] = (stop){.snap = &snaps[i], .number = i};
    qsort(stops, count, sizeof *stops, compare_stops);
    eb_status status = EB_OK;
    for (size_t i = 0, next; i < count && status == EB_OK; i = next) {
        for (next = i + 1; next < count && stops[next].snap->edge == stops[i].snap->edge;) next++;
        if (!cut_edge(n, stops + i, next - i, nodes)) status = eb_error_memory(err);
    }
    free(stops);
    eb_index_free(n->index); /* the edges it names are gone */
    n->index = NULL;
    return status;
}
