/**
 * @file analysis/overlay/edge_net.h
 * What is left of the edges of many polygons when those that run against one another are taken away. In a coverage that is its outline
 * and the border of every overlap and gap. Polygons pass by once, in any order: edges that are too many to be held wait in a temporary
 * file. What is left is handed out strip by strip from west to east, and depends neither on the order nor on what had to wait where.
 */
#ifndef EB_ANALYSIS_EDGE_NET_H
#define EB_ANALYSIS_EDGE_NET_H

#include <ecobelt/base.h>

/** An edge that is left. */
typedef struct eb_net_edge {
    double a[2], b[2]; /**< a is before b in x, else in y */
    int32_t turns;     /**< how many polygons lie to the left of a -> b less those to its right, never 0 */
    uint32_t hash;     /**< of its ends */
} eb_net_edge;

/** The edges that reach into one strip. */
typedef struct eb_net_strip {
    double low, high;         /**< x; the first begins at -infinity, the last ends at infinity */
    const eb_net_edge *edges; /**< in order of their coordinates; good until the next strip */
    size_t count;
} eb_net_strip;

/** The edges so far. */
typedef struct eb_edge_net eb_edge_net;

/**
 * An empty net.
 * @param limit edges held while polygons pass by (40 to 100 bytes each).
 * @param strip edges of a strip (40 bytes each); more where a place is that crowded.
 */
eb_edge_net *eb_edge_net_new(size_t limit, size_t strip);
/** Free it; NULL is fine. */
void eb_edge_net_free(eb_edge_net *net);
/** Add the edges of a ring of @p count corners, the first not repeated, with its polygon to the left. */
eb_status eb_edge_net_add(eb_edge_net *net, const double *xy, size_t count, eb_error *err);
/** All polygons have passed by: the next strip. Its high is infinity where it is the last. */
eb_status eb_edge_net_next(eb_edge_net *net, eb_net_strip *strip, const eb_env *env, eb_error *err);

#endif
