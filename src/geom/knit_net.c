#include "geom/knit_net.h"
#include "base/array.h"
#include "base/hash.h"

#include <math.h>
#include <stdlib.h>

/* Sides of the squares, in near_m: most places are near the side of none. */
static const double side = 16;

void eb_knit_net_clear(eb_knit_net *net)
{
    free(net->xy);
    free(net->next);
    free(net->squares);
    free(net->edges);
    free(net->edge_slots);
    free(net->parts);
    *net = (eb_knit_net){0};
}

bool eb_knit_begin(eb_knit_net *net, size_t vertices)
{
    net->square_count = 16;
    while (net->square_count < 2 * vertices) net->square_count *= 2;
    net->squares = calloc(net->square_count, sizeof *net->squares);
    return net->squares != NULL;
}

static int64_t square_of(const eb_knit_net *net, double at)
{
    return (int64_t)floor(at / (side * net->near_m));
}

/* Where the vertices of a square are listed, or the free slot for them. */
static size_t find_square(const eb_knit_net *net, int64_t column, int64_t row)
{
    size_t at = (size_t)eb_hash_number((uint64_t)column + 3 * eb_hash_number((uint64_t)row)) & (net->square_count - 1);
    for (; net->squares[at]; at = (at + 1) & (net->square_count - 1)) {
        const double *xy = net->xy + 2 * (size_t)(net->squares[at] - 1);
        if (square_of(net, xy[0]) == column && square_of(net, xy[1]) == row) break;
    }
    return at;
}

/* The nearest of the vertices in a square, where it is nearer than *distance. */
static void look_in(const eb_knit_net *net, size_t slot, double x, double y, size_t *best, double *distance)
{
    for (uint32_t v = net->squares[slot]; v; v = net->next[v - 1]) {
        const double far = hypot(net->xy[2 * (size_t)(v - 1)] - x, net->xy[2 * (size_t)(v - 1) + 1] - y);
        if (far > *distance || (*best != SIZE_MAX && far == *distance)) continue;
        *best = v - 1;
        *distance = far;
    }
}

size_t eb_knit_extra(eb_knit_net *net, double x, double y)
{
    if (net->count >= UINT32_MAX - 1 || !eb_array_reserve(&net->xy, &net->capacity, net->count + 1, 2 * sizeof *net->xy) ||
        !eb_array_reserve(&net->next, &net->next_capacity, net->count + 1, sizeof *net->next))
        return SIZE_MAX;
    net->xy[2 * net->count] = x;
    net->xy[2 * net->count + 1] = y;
    net->next[net->count] = 0;
    return net->count++;
}

size_t eb_knit_vertex(eb_knit_net *net, double x, double y)
{
    const double near_m = net->near_m;
    const int64_t east = square_of(net, x + near_m), north = square_of(net, y + near_m);
    size_t best = SIZE_MAX;
    double distance = near_m;
    for (int64_t column = square_of(net, x - near_m); column <= east; column++)
        for (int64_t row = square_of(net, y - near_m); row <= north; row++)
            look_in(net, find_square(net, column, row), x, y, &best, &distance);
    if (best != SIZE_MAX) return best;
    const size_t slot = find_square(net, square_of(net, x), square_of(net, y)), made = eb_knit_extra(net, x, y);
    if (made == SIZE_MAX) return SIZE_MAX;
    net->next[made] = net->squares[slot];
    net->squares[slot] = (uint32_t)made + 1;
    return made;
}

static size_t find_edge(const eb_knit_net *net, uint32_t a, uint32_t b)
{
    size_t at = (size_t)eb_hash_number((uint64_t)a << 32 | b) & (net->edge_slot_count - 1);
    for (; net->edge_slots[at]; at = (at + 1) & (net->edge_slot_count - 1)) {
        const eb_knit_edge *edge = &net->edges[net->edge_slots[at] - 1];
        if (edge->a == a && edge->b == b) break;
    }
    return at;
}

static bool grow_edges(eb_knit_net *net)
{
    if (2 * (net->edge_count + 1) <= net->edge_slot_count) return true;
    const size_t count = net->edge_slot_count ? 2 * net->edge_slot_count : 64;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots) return false;
    free(net->edge_slots);
    net->edge_slots = slots;
    net->edge_slot_count = count;
    for (size_t i = 0; i < net->edge_count; i++) slots[find_edge(net, net->edges[i].a, net->edges[i].b)] = (uint32_t)i + 1;
    return true;
}

size_t eb_knit_edge_at(eb_knit_net *net, size_t a, size_t b, uint32_t round)
{
    const uint32_t low = (uint32_t)(a < b ? a : b), high = (uint32_t)(a < b ? b : a);
    if (net->edge_count >= UINT32_MAX - 1 || !grow_edges(net) ||
        !eb_array_reserve(&net->edges, &net->edge_capacity, net->edge_count + 1, sizeof *net->edges))
        return SIZE_MAX;
    const size_t slot = find_edge(net, low, high);
    if (net->edge_slots[slot]) return net->edge_slots[slot] - 1;
    net->edges[net->edge_count++] = (eb_knit_edge){.a = low, .b = high, .round = round};
    net->edge_slots[slot] = (uint32_t)net->edge_count;
    return net->edge_count - 1;
}
