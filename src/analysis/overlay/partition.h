/**
 * @file analysis/partition.h
 * Shapes that may overlap, cut into cells that do not: every place belongs to one cell, and a cell knows the shapes it belongs to.
 * What is summed over cells is counted once.
 */
#ifndef EB_ANALYSIS_PARTITION_H
#define EB_ANALYSIS_PARTITION_H

#include <ecobelt/geom.h>

/** A cell. */
typedef struct eb_cell {
    eb_shape *shape; /**< multipolygon in the plane */
    double box[4];
    double area_m2;
    size_t *members; /**< numbers of the shapes it belongs to, ascending; at least one */
    size_t member_count;
    bool whole; /**< a shape as it was given, never cut */
} eb_cell;

/** The cells of some shapes, in an order that depends on the shapes alone. */
typedef struct eb_partition {
    eb_cell *cells;
    size_t count, capacity;
    double residual_m2; /**< largest difference between a shape's area and the sum of its cells */
} eb_partition;

/**
 * Cut @p count valid polygonal shapes (in the plane, the caller's) into cells. Empty shapes are allowed and belong to no cell.
 * EB_INTERNAL where the cells of a shape do not add up to it within 1e-9 of its area.
 */
eb_status eb_partition_new(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err);
void eb_partition_free(eb_geos *geos, eb_partition *partition);

#endif
