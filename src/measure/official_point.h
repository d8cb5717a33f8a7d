/**
 * @file measure/official_point.h
 * The circular's Gauss inverse of one point, in line: the inner loop of the official area.
 */
#ifndef MEASURE_OFFICIAL_POINT_H
#define MEASURE_OFFICIAL_POINT_H

#include "measure/official.h"

/*
 * sqrt(1 + h) for 0 <= h < 0.007, which eta squared never reaches: the binomial series, right to the last digit. Unlike the library's
 * square root it has no error number to set, so that loops over it are worked on several points at a time.
 */
static inline double eb_root_near_one(double h)
{
    return 1 + h * (1. / 2 - h * (1. / 8 - h * (1. / 16 - h * (5. / 128 - h * (7. / 256 - h * (21. / 1024 - h * (33. / 2048)))))));
}

/**
 * Latitude and longitude from the central meridian, radians, of a point @p east_m metres east of it.
 * @param e,s,c K0 times the northing, its sine and its cosine.
 */
static inline void eb_official_point(const eb_official *o, double e, double s, double c, double east_m, double *lat_rad, double *lon_rad)
{
    const double s2 = s * s;
    const double d = c * s * (o->k[0] - s2 * (o->k[1] - s2 * (o->k[2] - s2 * o->k[3]))); /* Bf - E, at most 0.0026 */
    const double d2 = d * d;
    const double sd = d * (1 - d2 * (1. / 6 - d2 * (1. / 120))), cd = d2 * (0.5 - d2 * (1. / 24));
    const double sf = s + (c * sd - s * cd), cf = c - (s * sd + c * cd);
    const double secant = 1 / cf, t = sf * secant, t2 = t * t;
    const double h = o->ep2 * cf * cf, v2 = 1 + h;
    const double u = east_m * eb_root_near_one(h) * o->inverse_c, u2 = u * u;
    const double lat4 = 5 + 3 * t2 + h - 9 * h * t2, lat6 = 61 + t2 * (90 + 45 * t2);
    *lat_rad = e + d - v2 * t * u2 * (0.5 - u2 * (lat4 * (1. / 24) - u2 * (lat6 * (1. / 720))));
    const double lon3 = 1 + 2 * t2 + h, lon5 = 5 + t2 * (28 + 24 * t2) + h * (6 + 8 * t2);
    *lon_rad = secant * u * (1 - u2 * (lon3 * (1. / 6) - u2 * (lon5 * (1. / 120))));
}

#endif
