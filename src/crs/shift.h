/**
 * @file shift.h
 * Seven-parameter shift between two ellipsoids (Helmert, position vector convention), applied to longitude and latitude with
 * heights taken as zero on the ellipsoid that the forward way starts from. The inverse undoes exactly that.
 */
#ifndef CRS_SHIFT_H
#define CRS_SHIFT_H

#include <ecobelt/crs.h>

/** A shift ready for use. */
typedef struct eb_shift {
    double from_a, from_f, to_a, to_f;
    double move[3];               /**< metres */
    double turn[9], turn_back[9]; /**< rotation and scale, row by row, and its inverse */
} eb_shift;

/** Prepare. Rotations are taken as small, as in EPSG method 9606. False where a parameter is not finite or the scale is not near one. */
bool eb_shift_init(eb_shift *shift, const eb_helmert *helmert, double from_a, double from_f, double to_a, double to_f);
/** Degrees to degrees in place; false where a point has no image, its index in @p bad. */
bool eb_shift_forward(const eb_shift *shift, double *lon_deg, double *lat_deg, size_t count, size_t *bad);
/** The way back. */
bool eb_shift_inverse(const eb_shift *shift, double *lon_deg, double *lat_deg, size_t count, size_t *bad);

#endif
