/**
 * @file analysis/overlay/partition.h
 * Shapes that may overlap, cut into cells that do not: every place belongs to one cell, and a cell knows the shapes it belongs to.
 * What is summed over cells is counted once.
 */
#ifndef EB_ANALYSIS_PARTITION_H
#define EB_ANALYSIS_PARTITION_H

#include "analysis/overlay/cells.h"

/**
 * Cut @p count valid polygonal shapes (in the plane, the caller's) into cells. Empty shapes are allowed and belong to no cell.
 * EB_INTERNAL where the cells of a shape do not add up to it within 1e-9 of its area.
 */
eb_status eb_partition_new(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err);

#endif
