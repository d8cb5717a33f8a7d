/**
 * @file geom/coverage_edges.h
 * The outline of polygons that share their edges: what is left when each edge has met its twin, as rings.
 */
#ifndef EB_GEOM_COVERAGE_EDGES_H
#define EB_GEOM_COVERAGE_EDGES_H

#include "geom/rings.h"

#include <ecobelt/geom.h>

/** A ring of the outline: points first … first + count - 1, the first not repeated. Shells run counter-clockwise (area > 0). */
typedef struct eb_outline_ring {
    size_t first, count;
    double area;
    size_t around; /**< a shell that touches the ring, so that a hole's is known; SIZE_MAX where none does */
    double box[4];
} eb_outline_ring;

/** The rings. Free with eb_outline_clear(). */
typedef struct eb_outline {
    double *xy;
    size_t points, capacity;
    eb_outline_ring *rings;
    size_t count, ring_capacity;
} eb_outline;

/** The edges of a coverage on their way: zero-initialise, free with eb_outline_edges_clear(). */
typedef struct eb_outline_edges {
    struct eb_outline_edge *list;
    size_t count, capacity;
    uint32_t *slots; /**< number of an edge + 1, by the hash of its two ends */
    size_t slot_count;
    bool twice;  /**< two polygons run along an edge the same way: they overlap */
    size_t left; /**< edges without a twin */
} eb_outline_edges;

/** Add the edges of a shape; those that run against one that is there take it away. */
eb_status eb_outline_edges_add(eb_outline_edges *edges, const eb_rings *rings, eb_error *err);
/** Add one edge with the inside on its left. False out of memory. */
bool eb_outline_edges_put(eb_outline_edges *edges, const double a[2], const double b[2]);
/** Chain what is left. *closed false: the edges make no rings. */
eb_status eb_outline_make(const eb_outline_edges *edges, eb_outline *out, bool *closed, eb_error *err);
/** What is left as a multipolygon; not proven valid. *out NULL: the edges bound nothing, or there are any twice. */
eb_status eb_outline_shape(eb_geos *geos, const eb_outline_edges *edges, eb_shape **out, eb_error *err);
/** Free the memory. */
void eb_outline_edges_clear(eb_outline_edges *edges);
void eb_outline_clear(eb_outline *outline);

#endif
