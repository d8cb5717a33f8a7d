/**
 * @file analysis/overlay/true_length.h
 * Edges of lines in the plane, and the lengths they have on the ellipsoid: of a whole edge, and of a stretch of it between two cuts.
 *
 * An edge is straight in the plane, as those of polygons are, so that a line which runs along a border runs along it everywhere. One that
 * is so long that this is no longer the geodesic whose length it has is bent along that geodesic first, unless it runs along a border.
 */
#ifndef EB_ANALYSIS_TRUE_LENGTH_H
#define EB_ANALYSIS_TRUE_LENGTH_H

#include <ecobelt/crs.h>

/** A line or a point that lies no further from a border than this lies on it: what coordinates in degrees are rounded to. */
#define EB_ON_BORDER_M 1e-3

/** An edge of a line, or a point: then both its ends are in one place. */
typedef struct eb_line_edge {
    double x[2], y[2];
    double length; /**< in the plane, m */
    double true_m; /**< on the ellipsoid */
    size_t part;   /**< of the feature, those without coordinates not counted */
} eb_line_edge;

/** A growing list of them; zero-initialise, free() the list. */
typedef struct eb_line_edges {
    eb_line_edge *list;
    size_t count, capacity;
} eb_line_edges;

/** An edge of the plane from one place to another; @p true_m not positive: the length in the plane. */
eb_line_edge eb_line_edge_of(const double a[2], const double b[2], double true_m);
/** Append it; false out of memory. */
bool eb_line_edges_add(eb_line_edges *edges, const eb_line_edge *edge);
/** Does an edge of a polygon from @p a to @p b run along some of the edge, within EB_ON_BORDER_M? */
bool eb_line_edge_along(const eb_line_edge *edge, const double a[2], const double b[2]);

/** The plane and its ellipsoid. Immutable, usable from any thread. */
typedef struct eb_truth eb_truth;

/** Free with eb_truth_free(). */
eb_status eb_truth_new(const eb_plane *plane, eb_truth **out, eb_error *err);
/** NULL is fine. */
void eb_truth_free(eb_truth *truth);
/** May the edge have to be bent? Cheap; no for all that are short beside the Earth. */
bool eb_truth_may_bend(const eb_truth *truth, const eb_line_edge *edge);
/** Append the edge, bent along its geodesic so far that what is left between is within 1e-9 of the length; false out of memory. */
bool eb_truth_bend(const eb_truth *truth, const eb_line_edge *edge, eb_line_edges *out);

/** Measures along one edge, again and again. */
typedef struct eb_ruler {
    const eb_truth *truth; /**< NULL: the plane is all there is */
    const eb_line_edge *edge;
    double lon_deg[2], lat_deg[2]; /**< of its ends, once they are wanted */
    bool known;
} eb_ruler;

/** @p truth and @p edge are lent. */
eb_ruler eb_ruler_of(const eb_truth *truth, const eb_line_edge *edge);
/** Metres on the ellipsoid from the edge's beginning to a place @p t of the way in the plane: from 0 to true_m, in one order with @p t. */
double eb_ruler_at(eb_ruler *ruler, double t);

#endif
