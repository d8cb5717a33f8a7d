/**
 * @file measure/geodesic.h
 * Areas of rings with geodesic edges and lengths of geodesics, on an ellipsoid of revolution.
 *
 * The exact way is Karney's (2013, 10.1007/s00190-012-0578-z) as PROJ's geodesic.h has it. The fast way is for edges that are short
 * beside the Earth, which those of mapped boundaries are:
 *  - With U(lat) the area between equator and parallel a radian of longitude, an edge's area down to the equator is the trapezoid
 *    (U1 + U2)/2 dlon plus what lies between chord and geodesic in the plane (lon, U). Along a geodesic of azimuth z on a parallel of
 *    radius r, lon'' = 2 sin z cos z sin(lat)/r^2 and U'' = -sin(lat) (from Clairaut's r sin z = const; the second holds exactly on
 *    any ellipsoid), so that to third order this is sin(lat) dlon (r^2 dlon^2 + 3 dU^2 / r^2) / 12. What is left out is of fifth order.
 *  - Its size was measured against the exact way: below eb_geodesic_fifth(lat) * s^5 / a^3 for an edge of s metres (check_measure_geodesic
 *    proves it). Where the bound of a ring adds up to more than 5e-10 of its area, the edges that are too long are done the exact way.
 * So a ring's area is within 1e-9 of the exact one, at a tenth of its cost, and for small parcels it is freer of rounding than the
 * exact way (which carries some 1e-5 m2 an edge).
 */
#ifndef MEASURE_GEODESIC_H
#define MEASURE_GEODESIC_H

#include <ecobelt/base.h>
#include <ecobelt/wkb.h>

#include <geodesic.h>
#include <math.h>

enum { EB_GEODESIC_TERMS = 8 };

/** Size and shape of an ellipsoid. */
typedef struct eb_geodesic_ellipsoid {
    double a, e2;
} eb_geodesic_ellipsoid;

/** Constants of one ellipsoid. Immutable once made. */
typedef struct eb_geodesic {
    struct geod_geodesic exact;
    double a, e2;
    double zone[EB_GEODESIC_TERMS]; /**< U as an odd polynomial of sin(lat), m2 */
} eb_geodesic;

/** Constants for semi-major axis @p a in metres and flattening @p f. */
void eb_geodesic_init(eb_geodesic *geodesic, double a, double f);

/** U at the latitude of this sine: m2 a radian of longitude. */
double eb_geodesic_zone(const eb_geodesic *geodesic, double sine);

/**
 * Area between an edge and the parallel that U is counted from, the fast way.
 * @param sine1,u1,sine2,u2 sine of the latitude and U at both ends. @param width_rad change of longitude.
 * @param[out] length2 square of the edge's length in m2, right to its first digits.
 */
static inline double eb_geodesic_under(const eb_geodesic_ellipsoid *g, double sine1, double u1, double sine2, double u2, double width_rad,
                                       double *length2)
{
    const double height = u2 - u1, middle = (sine1 + sine2) / 2, m2 = middle * middle;
    const double r2 = g->a * g->a * (1 - m2) / (1 - g->e2 * m2);
    const double across = r2 * width_rad * width_rad, along = height * height / r2;
    *length2 = across + along;
    return width_rad * ((u1 + u2) / 2 + middle * (across + 3 * along) * (1. / 12));
}

/** Share of s^5 / a^3 that the fast way may be off by on one edge at this tangent of the latitude (absolute value). */
double eb_geodesic_fifth(double tan_lat);

/**
 * Area that a ring of degrees encloses, in m2; the ring need not be closed and may go either way round, about a pole too.
 * EB_REFUSED where a coordinate is not finite or a latitude beyond 90 degrees (with the coordinate in the error).
 */
eb_status eb_geodesic_ring(const eb_geodesic *geodesic, const eb_wkb_part *ring, double *area_m2, eb_error *err);

/** The whole ring the exact way, whatever its edges: what the fast way is held against. Coordinates must be checked already. */
double eb_geodesic_ring_exact(const eb_geodesic *geodesic, const eb_wkb_part *ring);

/** EB_REFUSED where a coordinate is not finite or a latitude beyond 90 degrees, with the coordinate in the error. */
eb_status eb_geodesic_check(double lon, double lat, eb_error *err);

/** Degrees of longitude from one meridian to another, the shorter way round. */
static inline double eb_longitude_step(double from, double to)
{
    const double d = to - from;
    return fabs(d) <= 180 ? d : remainder(d, 360);
}

/** Length in metres of the geodesic between two places in degrees, within 1e-10. */
double eb_geodesic_edge(const eb_geodesic *geodesic, double lon1, double lat1, double lon2, double lat2);
/** Length of a line of degrees in metres; @p closed adds the edge back to the start. Errors as above. */
eb_status eb_geodesic_line(const eb_geodesic *geodesic, const eb_wkb_part *line, bool closed, double *length_m, eb_error *err);
/** Lengths of its edges in metres, one by one. Errors as above. */
eb_status eb_geodesic_edges(const eb_geodesic *geodesic, const eb_wkb_part *line, double *lengths_m, eb_error *err);

#endif
