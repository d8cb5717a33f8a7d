/**
 * @file measure/gauss.h
 * Forward Gauss-Krüger projection near the central meridian, to bring degrees into the plane that the official area works in: a
 * fifth of the cost of crs/tm.h, which holds farther out.
 */
#ifndef MEASURE_GAUSS_H
#define MEASURE_GAUSS_H

#include <ecobelt/base.h>

/** Constants of one ellipsoid. Immutable once made. */
typedef struct eb_gauss {
    double a, e2, ep2;
    double rectifying;  /**< metres a radian of rectifying latitude */
    double meridian[5]; /**< sine series from geodetic to rectifying latitude */
} eb_gauss;

/** Constants for semi-major axis @p a in metres and flattening @p f. */
void eb_gauss_init(eb_gauss *gauss, double a, double f);

/** Farthest from the central meridian, in radians, that eb_gauss_near() is good for: 2 degrees. */
#define EB_GAUSS_NEAR_RAD 0.0349066

/**
 * Degrees to metres near the central meridian, by the power series in the longitude (any textbook of geodesy; terms to l^8).
 * @param sin_lat,cos_lat sine and cosine of the latitude. @param lat_rad the latitude.
 * @param lon_rad longitude from the central meridian, within EB_GAUSS_NEAR_RAD. Right to 2e-7 m.
 * @param[out] north_m from the equator. @param[out] east_m from the central meridian.
 */
static inline void eb_gauss_near(const eb_gauss *g, double lat_rad, double sin_lat, double cos_lat, double lon_rad, double *north_m,
                                 double *east_m);

/* ---- in line: this is the inner loop of areas of geographic data ---- */

#include <math.h>

/* 1 / sqrt(1 - q) for 0 <= q < 0.007: the binomial series, right to the last digit, without the library's error number. */
static inline double eb_inverse_root_near_one(double q)
{
    return 1 + q * (1. / 2 + q * (3. / 8 + q * (5. / 16 + q * (35. / 128 + q * (63. / 256 + q * (231. / 1024 + q * (429. / 2048)))))));
}

/* Length of the meridian from the equator; sine series by Clenshaw's recurrence. */
static inline double eb_gauss_meridian_m(const eb_gauss *g, double lat_rad, double s, double c)
{
    const double *m = g->meridian;
    const double twice = 2 - 4 * s * s;
    const double b5 = m[4];
    const double b4 = m[3] + twice * b5;
    const double b3 = m[2] + twice * b4 - b5;
    const double b2 = m[1] + twice * b3 - b4;
    const double b1 = m[0] + twice * b2 - b3;
    return g->rectifying * (lat_rad + 2 * s * c * b1);
}

static inline void eb_gauss_near(const eb_gauss *g, double lat_rad, double sin_lat, double cos_lat, double lon_rad, double *north_m,
                                 double *east_m)
{
    const double s = sin_lat, c = cos_lat;
    const double s2 = s * s, c2 = c * c, s4 = s2 * s2, c4 = c2 * c2, sc = s2 * c2;
    const double h = g->ep2 * c2; /* eta squared */
    const double n = g->a * eb_inverse_root_near_one(g->e2 * s2);
    const double l2 = lon_rad * lon_rad;
    /* The textbook's powers of tan are written as sines and cosines: no division, and nothing blows up at the pole. */
    const double x4 = c2 * (5 + 9 * h + 4 * h * h) - s2;
    const double x6 = 61 * c4 - 58 * sc + s4 + h * (270 * c4 - 330 * sc);
    const double x8 = 1385 * c4 * c2 - 3111 * sc * c2 + 543 * sc * s2 - s4 * s2;
    const double y3 = c2 * (1 + h) - s2;
    const double y5 = 5 * c4 - 18 * sc + s4 + h * (14 * c4 - 58 * sc + h * (13 * c4 - 64 * sc));
    const double y7 = 61 * c4 * c2 - 479 * sc * c2 + 179 * sc * s2 - s4 * s2;
    *north_m =
        eb_gauss_meridian_m(g, lat_rad, s, c) + n * s * c * l2 * (0.5 + l2 * (x4 / 24 + l2 * (x6 * (1. / 720) + l2 * (x8 * (1. / 40320)))));
    *east_m = n * c * lon_rad * (1 + l2 * (y3 * (1. / 6) + l2 * (y5 * (1. / 120) + l2 * (y7 * (1. / 5040)))));
}

#endif
