/* Places onto roads. */
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

/* The segments of an edge lie together in the index, in order. */
size_t network_segment_within(const eb_network *n, size_t segment)
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

/* A rule with the network that it is asked of. */
typedef struct network_rule {
    const eb_network *n;
    const eb_snap_rule *rule;
} network_rule;

typedef struct best_hit {
    double distance2, fraction;
    size_t edge, vertex;
} best_hit;

static void look_at(const eb_network *n, size_t segment, double x, double y, const network_filter *filter, best_hit *best)
{
    size_t e = n->segment_edge[segment];
    if (!usable(&n->roads[n->edges[e].road], filter->worst_rank) || (filter->accept && !filter->accept(filter->user, e))) return;
    size_t vertex = n->edges[e].first + network_segment_within(n, segment);
    double fraction, distance2 = nearest_on(n, vertex, x, y, &fraction);
    if (!(distance2 < best->distance2)) return;
    if (filter->accept_place && !filter->accept_place(filter->user, e, vertex, fraction)) return;
    *best = (best_hit){.distance2 = distance2, .fraction = fraction, .edge = e, .vertex = vertex};
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

/* What eb_snap_rule asks of an edge besides its class. */
static bool is_allowed(const void *user, size_t edge)
{
    const network_rule *r = user;
    const eb_edge *e = &r->n->edges[edge];
    if (r->rule->no_tunnels && r->n->roads[e->road].tunnel) return false;
    if (network_avoids(r->n, e, r->rule->avoid, r->rule->avoid_count)) return false;
    return !r->rule->components || r->rule->components[r->rule->of_node[e->from]];
}

eb_status eb_network_snap(eb_network *n, double lon_deg, double lat_deg, const eb_snap_rule *rule, eb_snap *out, eb_error *err)
{
    const network_rule r = {.n = n, .rule = rule};
    const network_filter filter = {.worst_rank = rule->worst_rank, .accept = is_allowed, .user = &r};
    return network_snap(n, lon_deg, lat_deg, rule->most_m, &filter, out, err);
}
