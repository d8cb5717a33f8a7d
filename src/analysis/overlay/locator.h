/**
 * @file analysis/overlay/locator.h
 * Which cells of a partition a shape lies in, and with how much of its area or length: the inner loop of every table.
 * Built once, then asked by any number of threads, without GEOS.
 */
#ifndef EB_ANALYSIS_LOCATOR_H
#define EB_ANALYSIS_LOCATOR_H

#include "analysis/overlay/partition.h"
#include "analysis/overlay/true_length.h"
#include "geom/rings.h"

/** A partition prepared for many questions. */
typedef struct eb_locator eb_locator;

/** Prepare. The partition stays the caller's and is not needed afterwards. */
eb_status eb_locator_new(eb_geos *geos, const eb_partition *partition, const eb_env *env, eb_locator **out, eb_error *err);
void eb_locator_free(eb_locator *locator);
/** Number that stands for "in no cell": the number of cells. */
size_t eb_locator_outside(const eb_locator *locator);

/** A shape's share in a cell: square metres of a polygon, metres of a line, or 1 for a point. */
typedef struct eb_share {
    size_t cell;
    double size;
} eb_share;

/** Answers and memory for them; zero-initialise, one a thread, free with eb_shares_clear(). */
typedef struct eb_shares {
    eb_share *list; /**< ascending by cell, each cell once, sizes above zero, the outside last */
    size_t count, capacity;
    size_t compact_at; /**< entries at which equal cells are summed in between */
    double whole;      /**< size of the shape */
    double residual;   /**< |sum of the shares - whole| */
    bool simple;       /**< the shape lies in one cell, found without looking at a border */
    size_t *ids, id_capacity;
    double *cuts;
    size_t cut_capacity;
    eb_line_edges bent; /**< the edge at hand, where it is so long that it bends */
    eb_common common;
} eb_shares;

/** Start with a new shape: forget the shares. */
void eb_shares_begin(eb_shares *shares);
/** Add a valid polygon, or one piece of it; keep it to some thousand vertices. */
eb_status eb_shares_add_area(const eb_locator *locator, const eb_rings *rings, eb_shares *shares, eb_error *err);
/**
 * Add the lines of a shape. Along a border (EB_ON_BORDER_M) half a line belongs to what lies on either side, so that nothing is counted
 * twice; a sliver narrower than the border gets nothing.
 * @param truth     what a part of an edge measures on the ellipsoid; NULL: what it does in the plane.
 * @param lengths_m of the edges of its lines on the ellipsoid, in their order; NULL: those of the plane.
 */
eb_status eb_shares_add_length(const eb_locator *locator, eb_wkb shape, const eb_truth *truth, const double *lengths_m, eb_shares *shares,
                               eb_error *err);
/** Add a point: on a border it belongs to the first cell that has it. */
eb_status eb_shares_add_point(const eb_locator *locator, double x, double y, eb_shares *shares, eb_error *err);
/** All is added: sort and sum. */
void eb_shares_end(eb_shares *shares);
void eb_shares_clear(eb_shares *shares);

#endif
