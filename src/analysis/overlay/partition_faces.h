/* The second way to cut shapes into cells: faces of all boundaries at once. */
#ifndef EB_ANALYSIS_PARTITION_FACES_H
#define EB_ANALYSIS_PARTITION_FACES_H

#include "analysis/overlay/cells.h"

/**
 * Cells made of the faces that all boundaries together cut the plane into, noded on a grid of @p grid_m (0: none). Slower than cutting
 * one shape by the other, but slivers between edges a hair apart are neither made twice nor lost. The caller judges the sums.
 */
eb_status eb_partition_faces(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, const eb_env *env, eb_partition **out,
                             eb_error *err);

#endif
