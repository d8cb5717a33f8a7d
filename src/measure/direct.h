/**
 * @file measure/direct.h
 * Geodesics as constructions: where a path from here ends, and which way leads there. Formulas and accuracy (15 nm): Karney, Algorithms for
 * geodesics, J. Geodesy 87 (2013), as implemented by PROJ's geodesic.h. Angles in degrees, azimuths clockwise from north.
 */
#ifndef EB_MEASURE_DIRECT_H
#define EB_MEASURE_DIRECT_H

#include <ecobelt/base.h>

/** An ellipsoid made ready for geodesics; immutable, usable from any thread. */
typedef struct eb_geodetic eb_geodetic;

/** Make ready the ellipsoid with semi-major axis @p a in metres and flattening @p f. EB_NO_MEMORY. Free with eb_geodetic_free(). */
eb_status eb_geodetic_new(double a, double f, eb_geodetic **out, eb_error *err);
/** Free it; NULL is fine. */
void eb_geodetic_free(eb_geodetic *geodesic);
/** The end of the geodesic of @p length_m that leaves a place with @p azimuth_deg. The longitude is not wrapped: it goes on from @p
 * lon_deg. */
void eb_geodetic_direct(const eb_geodetic *geodesic, double lon_deg, double lat_deg, double azimuth_deg, double length_m,
                        double *end_lon_deg, double *end_lat_deg);
/** Length in metres of the shortest geodesic; its azimuths at both ends, either may be NULL. Equal places have azimuths 180. */
double eb_geodetic_inverse(const eb_geodetic *geodesic, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg,
                           double *azimuth1_deg, double *azimuth2_deg);
/** The length alone, within 1e-10 of it: much quicker where the places are within some kilometres of one another. */
double eb_geodetic_length(const eb_geodetic *geodesic, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

#endif
