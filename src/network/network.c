#include "network/network.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

eb_status eb_network_new(double a, double f, eb_network **out, eb_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    (*out)->a = a;
    (*out)->f = f;
    return EB_OK;
}

void eb_network_free(eb_network *network)
{
    if (!network) return;
    free(network->lon);
    free(network->lat);
    free(network->lines);
    free(network->roads);
    free(network->hashes);
    free(network->slots);
    free(network->node_vertex);
    free(network->edges);
    eb_index_free(network->index);
    free(network->segment_edge);
    free(network);
}

size_t network_add_vertex(eb_network *n, double lon_deg, double lat_deg)
{
    if (!eb_array_reserve(&n->lon, &n->vertex_capacity, n->vertex_count + 1, sizeof *n->lon) ||
        !eb_array_reserve(&n->lat, &n->lat_capacity, n->vertex_count + 1, sizeof *n->lat))
        return SIZE_MAX;
    n->lon[n->vertex_count] = lon_deg;
    n->lat[n->vertex_count] = lat_deg;
    return n->vertex_count++;
}

bool network_add_edge(eb_network *n, size_t road, size_t from, size_t to, size_t first, size_t count)
{
    if (!eb_array_reserve(&n->edges, &n->edge_capacity, n->edge_count + 1, sizeof *n->edges)) return false;
    double length_m = 0;
    for (size_t i = first + 1; i < first + count; i++)
        length_m += eb_distance_m(n->a, n->f, n->lon[i - 1], n->lat[i - 1], n->lon[i], n->lat[i]);
    n->edges[n->edge_count++] = (eb_edge){.from = from, .to = to, .road = road, .length_m = length_m, .first = first, .count = count};
    return true;
}

size_t network_add_node(eb_network *n, size_t vertex)
{
    if (!eb_array_reserve(&n->node_vertex, &n->node_capacity, n->node_count + 1, sizeof *n->node_vertex)) return SIZE_MAX;
    n->node_vertex[n->node_count] = vertex;
    return n->node_count++;
}

void network_plane(const eb_network *n, eb_plane *plane)
{
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    for (size_t i = 0; i < n->vertex_count; i++) {
        west = fmin(west, n->lon[i]);
        east = fmax(east, n->lon[i]);
        south = fmin(south, n->lat[i]);
        north = fmax(north, n->lat[i]);
    }
    bool any = n->vertex_count > 0;
    eb_plane_init(plane, n->a, n->f, any ? (west + east) / 2 : 0, any ? (south + north) / 2 : 0);
}

network_deck network_deck_of(const eb_road *road)
{
    if (road->tunnel) return DECK_TUNNEL;
    return road->structure ? DECK_BRIDGE : DECK_GROUND;
}

uint64_t network_hash(double x, double y)
{
    uint64_t a, b;
    x += 0.0; /* minus zero becomes zero */
    y += 0.0;
    memcpy(&a, &x, sizeof a);
    memcpy(&b, &y, sizeof b);
    uint64_t h = a * 0x9E3779B97F4A7C15u ^ (b + 0x632BE59BD9B4E019u + (a << 6) + (a >> 2));
    h ^= h >> 30;
    h *= 0xBF58476D1CE4E5B9u;
    h ^= h >> 27;
    h *= 0x94D049BB133111EBu;
    return h ^ (h >> 31);
}

/* The same for a line and its reverse: the sum of its vertices' hashes. */
static uint64_t line_hash(const eb_network *n, const line *l)
{
    uint64_t sum = l->count;
    for (size_t i = l->first; i < l->first + l->count; i++) sum += network_hash(n->lon[i], n->lat[i]);
    return sum;
}

static bool same_vertex(const eb_network *n, size_t a, size_t b)
{
    return n->lon[a] == n->lon[b] && n->lat[a] == n->lat[b];
}

/* Same vertices in the same order, or in the opposite one. */
static bool same_line(const eb_network *n, const line *a, const line *b, bool reversed)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_vertex(n, a->first + i, b->first + (reversed ? b->count - 1 - i : i))) return false;
    return true;
}

/* Whether a traveller could tell the two roads apart. */
static bool same_use(const eb_road *a, const eb_road *b, bool reversed)
{
    bool plain = a->rank == b->rank && a->speed_kmh == b->speed_kmh && a->level == b->level && a->structure == b->structure &&
                 a->tunnel == b->tunnel && a->closed == b->closed;
    if (!reversed) return plain && a->oneway == b->oneway;
    return plain && (a->oneway == EB_ONEWAY_NO ? b->oneway == EB_ONEWAY_NO : b->oneway != EB_ONEWAY_NO && a->oneway != b->oneway);
}

static void put_slot(eb_network *n, size_t number)
{
    size_t at = (size_t)n->hashes[number] & (n->slot_count - 1);
    while (n->slots[at]) at = (at + 1) & (n->slot_count - 1);
    n->slots[at] = number + 1;
}

static bool grow_slots(eb_network *n)
{
    if (n->line_count * 2 < n->slot_count) return true;
    size_t count = n->slot_count ? n->slot_count * 2 : 1024;
    size_t *slots = calloc(count, sizeof *slots);
    uint64_t *hashes = slots ? realloc(n->hashes, count * sizeof *hashes) : NULL;
    if (!hashes) {
        free(slots);
        return false;
    }
    free(n->slots);
    n->slots = slots;
    n->hashes = hashes;
    n->slot_count = count;
    for (size_t i = 0; i < n->line_count; i++) put_slot(n, i);
    return true;
}

static bool is_duplicate(const eb_network *n, const line *fresh, uint64_t hash, const eb_road *road)
{
    for (size_t at = (size_t)hash & (n->slot_count - 1); n->slots[at]; at = (at + 1) & (n->slot_count - 1)) {
        size_t other = n->slots[at] - 1;
        if (n->hashes[other] != hash) continue;
        for (int reversed = 0; reversed < 2; reversed++)
            if (same_line(n, fresh, &n->lines[other], reversed) && same_use(road, &n->roads[other], reversed)) return true;
    }
    return false;
}

/* Copy the part's vertices to the end of the vertex list, each place once in a row. */
static eb_status copy_vertices(eb_network *n, const eb_wkb_part *part, eb_line_fate *fate, eb_error *err)
{
    size_t first = n->vertex_count;
    for (size_t i = 0; i < part->count; i++) {
        double lon, lat;
        eb_wkb_xy(part, i, &lon, &lat);
        if (!(lon >= -360 && lon <= 360 && lat >= -90 && lat <= 90)) {
            *fate = EB_LINE_BROKEN;
            return EB_OK;
        }
        if (n->vertex_count > first && n->lon[n->vertex_count - 1] == lon && n->lat[n->vertex_count - 1] == lat) continue;
        if (network_add_vertex(n, lon, lat) == SIZE_MAX) return eb_error_memory(err);
    }
    *fate = n->vertex_count - first < 2 ? EB_LINE_POINT : EB_LINE_TAKEN;
    return EB_OK;
}

eb_status eb_network_add(eb_network *n, const eb_wkb_part *part, const eb_road *road, eb_line_fate *fate, eb_error *err)
{
    if (n->noded) return eb_error_set(err, EB_INTERNAL, "a line was added to a network that is noded already");
    if (!(road->speed_kmh > 0)) return eb_error_set(err, EB_INTERNAL, "a road with speed %g km/h was added", road->speed_kmh);
    size_t first = n->vertex_count;
    eb_status status = copy_vertices(n, part, fate, err);
    if (status != EB_OK) return status;
    line fresh = {.first = first, .count = n->vertex_count - first};
    if (!grow_slots(n)) return eb_error_memory(err);
    uint64_t hash = *fate == EB_LINE_TAKEN ? line_hash(n, &fresh) : 0;
    if (*fate == EB_LINE_TAKEN && is_duplicate(n, &fresh, hash, road)) *fate = EB_LINE_DUPLICATE;
    if (*fate != EB_LINE_TAKEN) {
        n->vertex_count = first;
        return EB_OK;
    }
    if (!eb_array_reserve(&n->lines, &n->line_capacity, n->line_count + 1, sizeof *n->lines) ||
        !eb_array_reserve(&n->roads, &n->road_capacity, n->line_count + 1, sizeof *n->roads))
        return eb_error_memory(err);
    n->lines[n->line_count] = fresh;
    n->roads[n->line_count] = *road;
    n->hashes[n->line_count] = hash;
    put_slot(n, n->line_count++);
    return EB_OK;
}

size_t eb_network_road_count(const eb_network *n)
{
    return n->line_count;
}

const eb_road *eb_network_road_at(const eb_network *n, size_t road)
{
    return road < n->line_count ? &n->roads[road] : NULL;
}

size_t eb_network_node_count(const eb_network *n)
{
    return n->node_count;
}

void eb_network_node_at(const eb_network *n, size_t node, double *lon_deg, double *lat_deg)
{
    eb_network_vertex(n, node < n->node_count ? n->node_vertex[node] : SIZE_MAX, lon_deg, lat_deg);
}

size_t eb_network_edge_count(const eb_network *n)
{
    return n->edge_count;
}

const eb_edge *eb_network_edge_at(const eb_network *n, size_t i)
{
    return i < n->edge_count ? &n->edges[i] : NULL;
}

void eb_network_vertex(const eb_network *n, size_t i, double *lon_deg, double *lat_deg)
{
    bool there = i < n->vertex_count;
    *lon_deg = there ? n->lon[i] : NAN;
    *lat_deg = there ? n->lat[i] : NAN;
}

size_t eb_network_crossing_count(const eb_network *n)
{
    return n->crossings;
}
