/**
 * @file measure/official.h
 * The official ellipsoid area of a ring: circular 国土调查办发〔2008〕32号 with the third land survey's densification and roundings.
 *
 * The rule, in the order in which it is worked out here
 *  1. Plane coordinates are rounded half up to 0.1 mm.
 *  2. An edge longer than 70 m gets int(length / 70) points between its ends, evenly spaced on the straight line of the Gauss plane and
 *     rounded to 6 decimals; they serve this computation only.
 *  3. Each point goes to latitude B and longitude L by the circular's own Gauss inverse with its printed constants, both rounded to
 *     6 decimals of a second.
 *  4. Each edge and its two perpendiculars to a fixed meridian L0 bound a trapezoid of area
 *     2 b^2 dL [A sin(dB/2) cos Bm - B sin(3 dB/2) cos 3Bm + C … - D … + E sin(9 dB/2) cos 9Bm], dL = (L1 + L2)/2 - L0; the ring is
 *     the absolute value of their sum.
 * Each term of step 4 is half of sin kB2 - sin kB1, so the bracket is a difference of one odd polynomial of the sine. Worked out from
 * the ring's first point this needs one sine a ring instead of ten a vertex, and loses no digits where the printed form loses some.
 * The meridian of the first point serves as L0: in exact arithmetic the choice does not matter.
 */
#ifndef MEASURE_OFFICIAL_H
#define MEASURE_OFFICIAL_H

#include <ecobelt/crs.h>
#include <ecobelt/wkb.h>

#include "crs/tm.h"
#include "measure/gauss.h"
#include "measure/small.h"

/** Constants of a datum's official area. Immutable once made. */
typedef struct eb_official {
    double a, inverse_f;
    double k0, k[4]; /**< Gauss inverse: radians a metre, and the series */
    double b2;       /**< square of the semi-minor axis */
    double ep2, inverse_c;
    double letters[5]; /**< A to E */
    double sines[5];   /**< the same as an odd polynomial of the sine of the latitude */
    eb_gauss gauss;    /**< forward, for geographic data: near the central meridian, */
    eb_tm wide;        /**< and farther off */
} eb_official;

/** Constants for CGCS2000 (WGS84 counts as it) or Xi'an 80; false for any other datum. */
bool eb_official_init(eb_official *official, eb_datum datum);

/** Farthest from the central meridian that the inverse series is taken to, in degrees; there it is right to 1e-4 second. */
#define EB_OFFICIAL_REACH_DEG 4.5
/** The same in metres at the equator, with room to spare. */
#define EB_OFFICIAL_REACH_M 6e5
/** Farthest north or south: short of the pole, where longitudes end. */
#define EB_OFFICIAL_NORTH_DEG 89.0
/** The same in metres. */
#define EB_OFFICIAL_NORTH_M 9.9e6
/**
 * Most points of a ring with those on its edges, 70 m apart: a million kilometres. Longer ones are no boundaries but broken data, and
 * working them out would take for ever.
 */
#define EB_OFFICIAL_MOST_POINTS 1.43e7

/** Where a ring's coordinates come from. */
typedef struct eb_official_frame {
    bool plane;             /**< coordinates are Gauss-Krüger metres, else degrees */
    double meridian_deg;    /**< central meridian */
    double false_easting_m; /**< plane: taken off the eastings */
} eb_official_frame;

/**
 * Area of one ring, which need not be closed, in square metres, not rounded.
 * EB_REFUSED where a coordinate is not finite or out of reach (with the coordinate in the error).
 */
eb_status eb_official_ring(const eb_official *official, const eb_official_frame *frame, const eb_wkb_part *ring, double *area_m2,
                           eb_error *err);

/** The circular's Gauss inverse of one point: metres from equator and central meridian to latitude and longitude from it, radians. */
void eb_official_inverse(const eb_official *official, double north_m, double east_m, double *lat_rad, double *lon_rad);

/** Area on the ellipsoid between two parallels over a difference of longitude, radians: step 4 with the printed constants. */
double eb_official_box(const eb_official *official, double south_rad, double north_rad, double width_rad);

#endif
