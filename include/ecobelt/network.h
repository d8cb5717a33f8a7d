/**
 * @file network.h
 * Roads as a graph: noded where lines meet, honest about what does not connect, with shortest paths by igraph.
 *
 * Two objects. An eb_network holds the lines and, once noded, nodes and edges; places are snapped to it and may become nodes of
 * their own. An eb_graph is what may be driven on for one purpose (shortest or fastest, some classes avoided): igraph's graph over
 * the network's nodes. All coordinates are degrees on one ellipsoid; lengths are geodesic metres; times are seconds.
 */
#ifndef ECOBELT_NETWORK_H
#define ECOBELT_NETWORK_H

#include <ecobelt/crs.h>
#include <ecobelt/wkb.h>

/** Directions in which a road may be used. */
typedef enum eb_oneway { EB_ONEWAY_NO, EB_ONEWAY_FORWARD, EB_ONEWAY_BACKWARD } eb_oneway;

/** What is known of one road line. */
typedef struct eb_road {
    int64_t fid;      /**< feature it came from */
    int rank;         /**< class, 0 the best; -1 not known */
    double speed_kmh; /**< above 0 */
    eb_oneway oneway;
    int level;      /**< vertical level: lines of different levels share nodes only at an end of one of them */
    bool structure; /**< bridge or tunnel: where it and a road on the ground pass a vertex that both have, they do not meet */
    bool tunnel;    /**< and it is a tunnel: no place above it is on it */
    bool closed;    /**< may not be used, but is there */
} eb_road;

/** A network; not thread-safe. */
typedef struct eb_network eb_network;

/** Empty network on the ellipsoid with semi-major axis @p a metres and flattening @p f. */
eb_status eb_network_new(double a, double f, eb_network **out, eb_error *err);
/** Free a network with all it holds. NULL is fine. */
void eb_network_free(eb_network *network);

/** What adding a line came to. */
typedef enum eb_line_fate {
    EB_LINE_TAKEN,     /**< it is in */
    EB_LINE_POINT,     /**< all its vertices lie in one place: no road, left out */
    EB_LINE_DUPLICATE, /**< the same vertices as a line before it, in this or the other direction, with the same properties: left out */
    EB_LINE_BROKEN     /**< a coordinate that is not finite or not on the globe: left out */
} eb_line_fate;
/** Add one line (a part of kind EB_SHAPE_LINE, in degrees). @p road is copied. */
eb_status eb_network_add(eb_network *network, const eb_wkb_part *part, const eb_road *road, eb_line_fate *fate, eb_error *err);

/**
 * Cut the lines into edges: at their ends, and at every vertex that another line has too (of the same level, or at an end).
 * @param cross_at_grade also where lines of the same level cross without a common vertex, neither being a bridge or tunnel.
 */
eb_status eb_network_node(eb_network *network, bool cross_at_grade, const eb_env *env, eb_error *err);

/** An edge: a piece of a road between two nodes, in the road's own direction. Lent values. */
typedef struct eb_edge {
    size_t from, to;     /**< nodes */
    size_t road;         /**< number of the road, see eb_network_road_at() */
    double length_m;     /**< geodesic */
    size_t first, count; /**< its vertices, see eb_network_vertex() */
} eb_edge;

/** Number of lines taken. */
size_t eb_network_road_count(const eb_network *network);
/** Road @p road, or NULL where there is none. */
const eb_road *eb_network_road_at(const eb_network *network, size_t road);
/** Number of nodes, 0 before noding. */
size_t eb_network_node_count(const eb_network *network);
/** Place of a node in degrees. */
void eb_network_node_at(const eb_network *network, size_t node, double *lon_deg, double *lat_deg);
/** Number of edges, those that were cut included. */
size_t eb_network_edge_count(const eb_network *network);
/** Edge @p i; an edge that was cut at a stop has count 0 and is replaced by later ones. */
const eb_edge *eb_network_edge_at(const eb_network *network, size_t i);
/** Vertex @p i of the network's vertex list (edges name their range of it). */
void eb_network_vertex(const eb_network *network, size_t i, double *lon_deg, double *lat_deg);
/** Points added where lines cross at grade. */
size_t eb_network_crossing_count(const eb_network *network);

/** Where a place meets the network. */
typedef struct eb_snap {
    bool found;
    size_t edge;
    size_t segment;          /**< vertex pair along the edge, from 0 */
    double fraction;         /**< along that segment, 0 to 1 */
    double lon_deg, lat_deg; /**< the point on the road */
    double distance_m;       /**< geodesic, from the place */
} eb_snap;
/** Which roads a place may be snapped to. Closed roads never count. */
typedef struct eb_snap_rule {
    double most_m;          /**< within so many metres */
    int worst_rank;         /**< only roads of this class or better (unknown classes are none); INT_MAX: all */
    bool no_tunnels;        /**< none in a tunnel */
    const size_t *of_node;  /**< component of each node, as it is now, of eb_network_components() */
    const bool *components; /**< only roads of the components that are true here; NULL: of all */
    const bool *avoid;      /**< none of the classes that are true here, as in eb_graph_new(); NULL: all classes will do */
    size_t avoid_count;     /**< entries of it */
} eb_snap_rule;
/**
 * Nearest point of the network that the rule allows (found = false where there is none).
 * The first call after noding or cutting builds an index.
 */
eb_status eb_network_snap(eb_network *network, double lon_deg, double lat_deg, const eb_snap_rule *rule, eb_snap *out, eb_error *err);
/**
 * Make nodes of snapped places (all found), cutting the edges. Roads of one level that are drawn over one another, such as the two
 * directions of a street, are all cut, so that the place lies on each of them.
 * @param[out] nodes one a snap; places on one spot share a node.
 */
eb_status eb_network_insert(eb_network *network, const eb_snap *snaps, size_t count, size_t *nodes, eb_error *err);

/** Where a bridge or tunnel comes to the ground, seen from a node on it. */
typedef struct eb_portal {
    double lon_deg, lat_deg;
    double distance_m; /**< from the node, along the bridge or tunnel */
} eb_portal;
/**
 * The ends of the bridge or tunnel that a node lies on: in each direction the first node at which a road is on the ground, or the
 * structure's own end. @param[out] count 0 where the node is on the ground; 1 where only one direction leads out.
 */
eb_status eb_network_portals(const eb_network *network, size_t node, eb_portal portals[2], size_t *count, eb_error *err);

/** Which nodes are on the ground: a road that is no bridge or tunnel meets them. One a node, from malloc(); NULL out of memory. */
bool *eb_network_grounded(const eb_network *network);

/** Component of every node, by size: 0 is the one with the longest roads. Directions do not count; closed roads do not connect. */
typedef struct eb_component {
    size_t nodes, edges;
    double length_m;
    size_t node; /**< one of its nodes */
} eb_component;
/**
 * @param avoid classes that do not connect either, as in eb_graph_new(): avoid_count entries; NULL, 0: none.
 * @param[out] of_node component of each node, from malloc(). @param[out] components from malloc().
 */
eb_status eb_network_components(const eb_network *network, const bool *avoid, size_t avoid_count, size_t **of_node,
                                eb_component **components, size_t *count, eb_error *err);

/** An end that leads nowhere. */
typedef struct eb_dead_end {
    size_t node, edge;
    double length_m; /**< of road from the last junction to the end */
    bool near_miss;  /**< another road lies within the joining distance, not reachable on a shorter way: a missing link */
    eb_snap gap;     /**< that road's nearest point */
} eb_dead_end;
/** All dead ends, with the missing links among them. @param join_m joining distance, 0: do not look. */
eb_status eb_network_dead_ends(eb_network *network, double join_m, eb_dead_end **out, size_t *count, const eb_env *env, eb_error *err);

/** What to keep small. */
typedef enum eb_cost { EB_COST_LENGTH, EB_COST_TIME } eb_cost;
/** The network as one traveller may use it. */
typedef struct eb_graph eb_graph;
/**
 * @param avoid avoid[rank] true: roads of that class are left out (avoid_count entries; NULL, 0: none).
 * @param directed false: one-way signs are ignored (walking).
 */
eb_status eb_graph_new(const eb_network *network, eb_cost cost, const bool *avoid, size_t avoid_count, bool directed, eb_graph **out,
                       eb_error *err);
/** Free a graph; its network stays. NULL is fine. */
void eb_graph_free(eb_graph *graph);

/** A path along edges. */
typedef struct eb_path {
    bool found;
    size_t count;
    size_t *edges; /**< from malloc() */
    bool *forward; /**< from malloc(): the edge is gone through in its own direction */
    double length_m, time_s;
} eb_path;
/** Cheapest path between two nodes; found = false where there is none. */
eb_status eb_graph_path(const eb_graph *graph, size_t from, size_t to, eb_path *out, eb_error *err);
/** Free what a path holds and make it empty. */
void eb_path_clear(eb_path *path);
/** Costs between nodes, row by row: costs[i*count+j] from nodes[i] to nodes[j], INFINITY where there is no way. */
eb_status eb_graph_matrix(const eb_graph *graph, const size_t *nodes, size_t count, double *costs, eb_error *err);
/** Cost of every node from the nearest of @p sources (reverse: to it). @p costs one a node, INFINITY where there is no way. */
eb_status eb_graph_reach(const eb_graph *graph, const size_t *sources, size_t count, bool reverse, double *costs, eb_error *err);

/** How to order stops. */
typedef struct eb_order {
    bool fixed_start, fixed_end, loop; /**< the first / last stop stays; the way returns to the first */
} eb_order;
/**
 * Best order of @p count stops by a matrix of costs: exact up to 12 stops (dynamic programming), beyond that nearest neighbour and
 * 2-opt / or-opt until nothing improves, again and again from orders that are shaken up; the same result on every machine.
 * @param[out] order stop visited i-th. @param[out] total its cost.
 * @param[out] bound no order can cost less than this (equal to total where exact, else by Held and Karp).
 * EB_REFUSED where every order meets an infinite cost.
 */
eb_status eb_order_best(const double *costs, size_t count, eb_order rule, size_t *order, double *total, double *bound, eb_error *err);

#endif
