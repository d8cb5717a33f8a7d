/**
 * @file series.h
 * Sine series between auxiliary latitudes, fitted at run time rather than copied from tables.
 *
 * On an ellipsoid of revolution the difference of two latitudes (geodetic, authalic, conformal, rectifying) is an odd function
 * of period pi, so c[0] sin 2t + c[1] sin 4t + ... holds it, and its terms shrink like f^k: six of them reach double precision
 * for the Earth (Karney 2022, "On auxiliary latitudes"). The coefficients follow from samples of the closed form by a discrete
 * sine transform, good for any flattening up to about 1/150.
 */
#ifndef CRS_SERIES_H
#define CRS_SERIES_H

#include <math.h>

enum { EB_SERIES_TERMS = 6 };

/** Radians a degree, degrees a radian. */
#define EB_RAD (0.017453292519943295769)
#define EB_DEG (57.295779513082320877)

/** Sine series of authalic minus geodetic latitude on an ellipsoid of eccentricity squared @p e2; returns q at the pole (Snyder 3-12). */
double eb_series_authalic(double e2, double c[EB_SERIES_TERMS]);
/** cos(geodetic) / cos(authalic latitude) where the geodetic one has this sine; holds at the poles, too. */
double eb_series_authalic_ratio(double e2, double sin_lat);
/** Conformal minus geodetic latitude (Snyder 3-1). */
void eb_series_conformal(double e2, double c[EB_SERIES_TERMS]);
/** Rectifying minus geodetic latitude; returns the rectifying radius as a share of the semi-major axis. */
double eb_series_rectifying(double e2, double c[EB_SERIES_TERMS]);
/** The series that undoes @p c: where c leads from latitude A to B, from B to A. */
void eb_series_invert(const double c[EB_SERIES_TERMS], double inverse[EB_SERIES_TERMS]);
/**
 * The series from latitude A to B, given A minus geodetic and B minus geodetic. Krüger's alpha is (conformal, rectifying), his
 * beta with its sign turned (rectifying, conformal).
 */
void eb_series_between(const double a[EB_SERIES_TERMS], const double b[EB_SERIES_TERMS], double c[EB_SERIES_TERMS]);

/** Value of the series at an angle given by its sine and cosine (Clenshaw). */
static inline double eb_series_at(const double c[EB_SERIES_TERMS], double sin1, double cos1)
{
    const double twice = 2 - 4 * sin1 * sin1; /* 2 cos 2t */
    double b1 = c[5], b2 = 0;
    for (int k = 4; k >= 0; k--) {
        const double b0 = c[k] + (twice * b1 - b2);
        b2 = b1;
        b1 = b0;
    }
    return b1 * (2 * sin1 * cos1);
}

/** Sine and cosine of |t| < 0.5 by power series (what is left out is below 1e-18): the same bits everywhere, and without branches. */
static inline void eb_sincos_small(double t, double *s, double *c)
{
    const double u = t * t;
    const double ps =
        1. / 6 -
        u * (1. / 120 - u * (1. / 5040 - u * (1. / 362880 - u * (1. / 39916800 - u * (1. / 6227020800. - u * (1. / 1307674368000.))))));
    const double pc = 1. / 24 - u * (1. / 720 - u * (1. / 40320 - u * (1. / 3628800 - u * (1. / 479001600. - u * (1. / 87178291200.)))));
    *s = t - t * u * ps;
    *c = 1 - (0.5 * u - u * u * pc);
}

/** Sine and cosine of any angle, fast where it is small. */
static inline void eb_sincos(double t, double *s, double *c)
{
    if (fabs(t) < 0.5) {
        eb_sincos_small(t, s, c);
    } else {
        *s = sin(t);
        *c = cos(t);
    }
}

#endif
