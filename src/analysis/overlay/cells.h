/**
 * @file analysis/overlay/cells.h
 * The cells of a partition: places told apart by the shapes they belong to.
 */
#ifndef EB_ANALYSIS_CELLS_H
#define EB_ANALYSIS_CELLS_H

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

/** NULL is fine. */
void eb_partition_free(eb_geos *geos, eb_partition *partition);
/** Box of all cells; false where there is none. */
bool eb_partition_box(const eb_partition *partition, double box[4]);

#endif
