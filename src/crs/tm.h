/**
 * @file tm.h
 * Transverse Mercator (Gauss-Krüger, UTM) by Krüger's series in the third flattening, to sixth order (Krüger 1912; Karney 2011,
 * "Transverse Mercator with an accuracy of a few nanometers"), its coefficients fitted at run time (series.h). Right to a few
 * nanometres within 60 degrees of the central meridian.
 */
#ifndef CRS_TM_H
#define CRS_TM_H

#include "crs/series.h"
#include <stdbool.h>
#include <stddef.h>

/** One projection. */
typedef struct eb_tm {
    double lon0_deg, false_easting_m, false_northing_m;
    double radius_m;                                              /**< rectifying radius times the scale on the central meridian */
    double origin_m;                                              /**< northing of the latitude of origin before the false northing */
    double conformal[EB_SERIES_TERMS], geodetic[EB_SERIES_TERMS]; /**< to the conformal latitude and back */
    double alpha[EB_SERIES_TERMS], beta[EB_SERIES_TERMS];         /**< conformal to rectifying and back */
} eb_tm;

/** @param a semi-major axis in metres. @param f flattening. @param k0 scale on the central meridian. */
void eb_tm_init(eb_tm *tm, double a, double f, double lat0_deg, double lon0_deg, double k0, double false_easting_m,
                double false_northing_m);
/** Degrees to metres in place; false where a point has no image, its index in @p bad. */
bool eb_tm_forward(const eb_tm *tm, double *x, double *y, size_t count, size_t *bad);
/** Metres to degrees in place. */
bool eb_tm_inverse(const eb_tm *tm, double *x, double *y, size_t count, size_t *bad);

#endif
