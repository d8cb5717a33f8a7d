/**
 * @file plane.h
 * The analysis plane, many points at once.
 */
#ifndef CRS_PLANE_H
#define CRS_PLANE_H

#include <ecobelt/crs.h>

/** Degrees to metres in place; false where a point has no image, its index in @p bad. The same bits as one at a time. */
bool eb_plane_forward_block(const eb_plane *plane, double *x, double *y, size_t count, size_t *bad);
/** Metres to degrees in place. */
bool eb_plane_inverse_block(const eb_plane *plane, double *x, double *y, size_t count, size_t *bad);

#endif
