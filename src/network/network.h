/**
 * @file network/network.h
 * What the files of the module share: the network's inside.
 */
#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H

#include <ecobelt/geom.h>
#include <ecobelt/network.h>

/** A line as it came: a run of vertices and its road. */
typedef struct line {
    size_t first, count;
} line;

struct eb_network {
    double a, f;
    double *lon, *lat; /* vertices of all lines, then of edges that crossings or stops added to */
    size_t vertex_count, vertex_capacity, lat_capacity;
    line *lines; /* line i has road i */
    size_t line_count, line_capacity;
    eb_road *roads;
    size_t road_capacity;
    uint64_t *hashes; /* of each line, to find duplicates: open addressing, slots hold line number + 1 */
    size_t *slots, slot_count;
    size_t *node_vertex; /* a vertex that lies at node i */
    size_t node_count, node_capacity;
    eb_edge *edges;
    size_t edge_count, edge_capacity;
    size_t crossings;
    bool noded;
    /* For snapping: the edges' segments in the plane, indexed; made on first use after noding, kept by the edges as they were then. */
    eb_plane plane;
    eb_index *index;
    size_t *segment_edge; /* edge of segment i */
    size_t segment_count;
};

/** Append a vertex; returns its number, or SIZE_MAX out of memory. */
size_t network_add_vertex(eb_network *network, double lon_deg, double lat_deg);
/** Append an edge whose vertices are already there; its length is worked out. False out of memory. */
bool network_add_edge(eb_network *network, size_t road, size_t from, size_t to, size_t first, size_t count);
/** Append a node at a vertex; returns its number, or SIZE_MAX out of memory. */
size_t network_add_node(eb_network *network, size_t vertex);
/** Plane that fits all vertices. */
void network_plane(const eb_network *network, eb_plane *plane);
/** What carries a road: the ground, a bridge, a tunnel. Where roads of two kinds pass, they do not meet. */
typedef enum network_deck { DECK_GROUND, DECK_BRIDGE, DECK_TUNNEL } network_deck;
/** What carries @p road. */
network_deck network_deck_of(const eb_road *road);
/** Hash of two doubles' bits (minus zero counts as zero). */
uint64_t network_hash(double x, double y);
/** Build the segment index for snapping. */
eb_status network_index(eb_network *network, eb_error *err);
/** Which of its edge's segments segment @p segment of the index is. */
size_t network_segment_within(const eb_network *network, size_t segment);

/** Edges at every node as lists: heads[node] to heads[node + 1] in edges; a loop is listed twice. Closed roads and cut edges are not in it.
 */
typedef struct incidence {
    size_t *heads, *edges;
} incidence;
/** List them; false out of memory. incidence_free() in any case. */
bool incidence_make(const eb_network *network, incidence *list);
/** Free the lists. */
void incidence_free(incidence *list);
/** Whether an edge is there and open. */
bool network_connects(const eb_network *network, const eb_edge *edge);
/** Whether the class of an edge is one to avoid (@p avoid NULL: none is). */
bool network_avoids(const eb_network *network, const eb_edge *edge, const bool *avoid, size_t avoid_count);
/** The other end of an edge. */
size_t network_other_end(const eb_edge *edge, size_t node);

/** Which edges a place may be snapped to. */
typedef struct network_filter {
    int worst_rank;                                /**< as in eb_network_snap() */
    bool (*accept)(const void *user, size_t edge); /**< NULL: all */
    /** Whether the nearest place of a segment of an edge will do: @p fraction of the way from @p vertex to the next. NULL: any will. */
    bool (*accept_place)(const void *user, size_t edge, size_t vertex, double fraction);
    const void *user;
} network_filter;
/** eb_network_snap() with a say in the edges. */
eb_status network_snap(eb_network *network, double lon_deg, double lat_deg, double most_m, const network_filter *filter, eb_snap *out,
                       eb_error *err);

#endif
