/**
 * @file geom/knit_net.h
 * Vertices and edges by number: two that are near are one vertex, an edge is the same for all who have it, and knows its parts.
 */
#ifndef EB_GEOM_KNIT_NET_H
#define EB_GEOM_KNIT_NET_H

#include <ecobelt/base.h>

/** An edge between two vertices, a < b. */
typedef struct eb_knit_edge {
    uint32_t a, b;
    uint32_t parts, part_count; /**< numbers of the edges it was split into, from a to b; part_count 0: it was not */
    uint32_t round;             /**< in which it came */
    unsigned sides;             /**< on which sides shapes have it, or what it is a part of: 1 from a to b, 2 from b to a, 3 both */
} eb_knit_edge;

/** An edge as a ring or a line has it. */
typedef struct eb_knit_use {
    uint32_t edge;
    bool back; /**< from b to a */
} eb_knit_use;

/** A vertex on an edge. */
typedef struct eb_knit_hit {
    double at; /**< 0 … 1 */
    size_t vertex;
} eb_knit_hit;

/** Up to 82 degrees no graticule bends an edge of L metres by more than this times L^2: the tangent of the latitude over 8 earth radii. */
#define EB_KNIT_USUAL_BEND 1.4e-7

/** The net. Zero-initialise but for near_m; free with eb_knit_net_clear(). */
typedef struct eb_knit_net {
    double near_m;
    double *xy; /**< of the vertices */
    size_t count, capacity;
    uint32_t *next; /**< vertex in the same square as this one, + 1 */
    size_t next_capacity;
    uint32_t *squares; /**< hash table: vertex + 1 */
    size_t square_count;
    eb_knit_edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t *edge_slots; /**< hash table: edge + 1 */
    size_t edge_slot_count;
    uint32_t *parts;
    size_t part_count, part_capacity;
} eb_knit_net;

/** Room for @p vertices found by eb_knit_vertex(). False out of memory. */
bool eb_knit_begin(eb_knit_net *net, size_t vertices);
/** The vertex at a place, or a new one where none is near. SIZE_MAX out of memory. */
size_t eb_knit_vertex(eb_knit_net *net, double x, double y);
/** A new vertex that eb_knit_vertex() will not find. SIZE_MAX out of memory. */
size_t eb_knit_extra(eb_knit_net *net, double x, double y);
/** The edge between two vertices, a new one of @p round where there is none. SIZE_MAX out of memory. */
size_t eb_knit_edge_at(eb_knit_net *net, size_t a, size_t b, uint32_t round);
void eb_knit_net_clear(eb_knit_net *net);

#endif
