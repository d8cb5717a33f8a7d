/*
 * Transverse Mercator.
 *
 * Most coordinates lie below 57 degrees of latitude and within 8 degrees of the central meridian. For these every function is a
 * short power series and nothing branches, so that several go at once; the general formulas serve the rest. Which way a point goes
 * depends on that point alone, so a vertex that two shapes share stays one.
 */
#include "crs/tm.h"
#include "crs/block.h"

/* Further from the central meridian than this the coordinates are some mistake, and the series wears thin. */
#define FURTHEST_DEG 60.0
#define FURTHEST_ETA 1.4
/* Limits of the short series: latitude, and longitude or easting from the central meridian, in radians. */
#define NEAR_LATITUDE 1.0
#define NEAR_SIDE     0.14

void eb_tm_init(eb_tm *tm, double a, double f, double lat0_deg, double lon0_deg, double k0, double false_easting_m, double false_northing_m)
{
    const double e2 = f * (2 - f);
    double rectifying[EB_SERIES_TERMS];
    tm->radius_m = a * eb_series_rectifying(e2, rectifying) * k0;
    eb_series_conformal(e2, tm->conformal);
    eb_series_invert(tm->conformal, tm->geodetic);
    eb_series_between(tm->conformal, rectifying, tm->alpha);
    eb_series_invert(tm->alpha, tm->beta);
    tm->lon0_deg = lon0_deg;
    tm->false_easting_m = false_easting_m;
    tm->false_northing_m = false_northing_m;
    const double phi0 = lat0_deg * EB_RAD;
    tm->origin_m = tm->radius_m * (phi0 + eb_series_at(rectifying, sin(phi0), cos(phi0)));
}

/* Sum of c[j] sin(2(j+1)(u + iv)) by Clenshaw in complex numbers, from the sines and cosines of u and v. */
static void complex_series(const double c[EB_SERIES_TERMS], double su, double cu, double shv, double chv, double *re, double *im)
{
    const double s2 = 2 * su * cu, c2 = 1 - 2 * su * su, sh2 = 2 * shv * chv, ch2 = 1 + 2 * shv * shv;
    const double ar = 2 * c2 * ch2, ai = -2 * s2 * sh2; /* 2 cos 2(u + iv) */
    double r1 = c[EB_SERIES_TERMS - 1], i1 = 0, r2 = 0, i2 = 0;
    for (int k = EB_SERIES_TERMS - 2; k >= 0; k--) {
        const double r0 = c[k] + ((ar * r1 - ai * i1) - r2), i0 = (ar * i1 + ai * r1) - i2;
        r2 = r1;
        i2 = i1;
        r1 = r0;
        i1 = i0;
    }
    const double sr = s2 * ch2, si = c2 * sh2; /* sin 2(u + iv) */
    *re = sr * r1 - si * i1;
    *im = sr * i1 + si * r1;
}

/* sin and cos of |t| < 1.1, from the middle of the quadrant; right to 1e-16 of the unit. */
static inline void sincos_quadrant(double t, double *s, double *c)
{
    const double quarter = 0.78539816339744830962, root = 0.70710678118654752440;
    const double d = fabs(t) - quarter, u = d * d;
    const double ps =
        1. / 5040 -
        u * (1. / 362880 - u * (1. / 39916800 - u * (1. / 6227020800. - u * (1. / 1307674368000. - u * (1. / 355687428096000.)))));
    const double pc =
        1. / 720 - u * (1. / 40320 - u * (1. / 3628800 - u * (1. / 479001600. - u * (1. / 87178291200. - u * (1. / 20922789888000.)))));
    const double sd = d - d * u * (1. / 6 - u * (1. / 120 - u * ps)), cd = 1 - u * (0.5 - u * (1. / 24 - u * pc));
    *s = copysign((cd + sd) * root, t);
    *c = (cd - sd) * root;
}

/* asin of a number below 0.02. */
static inline double asin_tiny(double t)
{
    const double u = t * t;
    return t + t * u * (1. / 6 + u * (3. / 40 + u * (15. / 336)));
}

/* asinh of a number below 0.15. */
static inline double asinh_small(double t)
{
    const double u = t * t;
    const double tail =
        945. / 42240 - u * (10395. / 599040 - u * (135135. / 9676800 - u * (2027025. / 175472640 - u * (34459425. / 3530096640.))));
    return t - t * u * (1. / 6 - u * (3. / 40 - u * (15. / 336 - u * (105. / 3456 - u * tail))));
}

/* atan of a number below 0.27. */
static inline double atan_small(double t)
{
    const double u = t * t;
    const double tail = 1. / 15 - u * (1. / 17 - u * (1. / 19 - u * (1. / 21 - u * (1. / 23 - u * (1. / 25 - u * (1. / 27))))));
    return t - t * u * (1. / 3 - u * (1. / 5 - u * (1. / 7 - u * (1. / 9 - u * (1. / 11 - u * (1. / 13 - u * tail))))));
}

/* sinh of a number below 0.15. */
static inline double sinh_small(double t)
{
    const double u = t * t;
    return t + t * u * (1. / 6 + u * (1. / 120 + u * (1. / 5040 + u * (1. / 362880 + u * (1. / 39916800)))));
}

static inline bool is_near_forward(const eb_tm *tm, double lon, double lat)
{
    return (fabs(lat) < NEAR_LATITUDE * EB_DEG) & (fabs(lon - tm->lon0_deg) < NEAR_SIDE * EB_DEG);
}

static EB_INLINE void forward_near(const eb_tm *tm, double *x, double *y)
{
    double sl, cl, se, ce, sh2, ch2, s, c, re, im;
    const double l = (*x - tm->lon0_deg) * EB_RAD, phi = *y * EB_RAD;
    sincos_quadrant(phi, &s, &c);
    eb_sincos_small(l, &sl, &cl);
    eb_sincos_small(l / 2, &sh2, &ch2);
    const double step = eb_series_at(tm->conformal, s, c);
    eb_sincos_small(step, &se, &ce);
    const double schi = s * ce + c * se, cchi = c * ce - s * se, vers = 2 * sh2 * sh2;
    const double r = sqrt(schi * schi + cchi * cchi * (cl * cl)), inverse_r = 1 / r, sh = cchi * sl * inverse_r;
    complex_series(tm->alpha, schi * inverse_r, cchi * cl * inverse_r, sh, inverse_r, &re, &im);
    /* xi - chi is small, and its sine is sin xi cos chi - cos xi sin chi. */
    const double xi = phi + (step + asin_tiny(schi * cchi * vers * inverse_r));
    *x = tm->false_easting_m + tm->radius_m * (asinh_small(sh) + im);
    *y = tm->false_northing_m + (tm->radius_m * (xi + re) - tm->origin_m);
}

static inline bool is_near_inverse(const eb_tm *tm, double x, double y)
{
    return (fabs(y - tm->false_northing_m + tm->origin_m) < NEAR_LATITUDE * tm->radius_m) &
           (fabs(x - tm->false_easting_m) < NEAR_SIDE * tm->radius_m);
}

static EB_INLINE void inverse_near(const eb_tm *tm, double *x, double *y)
{
    double s, c, re, im, sr, cr;
    const double xi = (*y - tm->false_northing_m + tm->origin_m) / tm->radius_m, eta = (*x - tm->false_easting_m) / tm->radius_m;
    sincos_quadrant(xi, &s, &c);
    const double sh0 = sinh_small(eta), ch0 = sqrt(1 + sh0 * sh0);
    complex_series(tm->beta, s, c, sh0, ch0, &re, &im);
    eb_sincos_small(re, &sr, &cr);
    const double shi = sinh_small(im), chi_i = 1 + shi * shi * (0.5 - shi * shi * 0.125); /* |im| < 0.001 */
    const double su = s * cr + c * sr, cu = c * cr - s * sr, sh = sh0 * chi_i + ch0 * shi;
    const double down = sqrt(sh * sh + cu * cu), inverse_r = 1 / sqrt(1 + sh * sh); /* su^2 + cu^2 = 1 */
    /* xi - chi is small, and its sine is su (down - cu) / r. */
    const double chi = (xi + re) - asin_tiny(su * (sh * sh / (down + cu)) * inverse_r);
    const double lon = tm->lon0_deg + atan_small(sh / cu) * EB_DEG,
                 phi = chi + eb_series_at(tm->geodetic, su * inverse_r, down * inverse_r);
    *x = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
    *y = phi * EB_DEG;
}

EB_WIDE static void forward_near_all(const eb_tm *tm, double *restrict x, double *restrict y, size_t count)
{
    const eb_tm t = *tm;
    for (size_t i = 0; i < count; i++) forward_near(&t, &x[i], &y[i]);
}

EB_WIDE static void inverse_near_all(const eb_tm *tm, double *restrict x, double *restrict y, size_t count)
{
    const eb_tm t = *tm;
    for (size_t i = 0; i < count; i++) inverse_near(&t, &x[i], &y[i]);
}

static bool forward(const eb_tm *tm, double *x, double *y)
{
    const double dlon = fabs(*x - tm->lon0_deg) > 180 ? remainder(*x - tm->lon0_deg, 360) : *x - tm->lon0_deg;
    if (!(fabs(dlon) <= FURTHEST_DEG) || !(fabs(*y) <= 90)) return false;
    double sl, cl, se, ce;
    const double phi = *y * EB_RAD, s = sin(phi), c = cos(phi);
    eb_sincos(dlon * EB_RAD, &sl, &cl);
    eb_sincos_small(eb_series_at(tm->conformal, s, c), &se, &ce);
    const double schi = s * ce + c * se, cchi = c * ce - s * se;
    /* On the sphere: tan xi = tan chi / cos dlon, sinh eta = cos chi sin dlon / r. */
    const double r = hypot(schi, cchi * cl), su = schi / r, cu = cchi * cl / r, sh = cchi * sl / r;
    double re, im;
    complex_series(tm->alpha, su, cu, sh, 1 / r, &re, &im);
    *x = tm->false_easting_m + tm->radius_m * (asinh(sh) + im);
    *y = tm->false_northing_m + (tm->radius_m * (atan2(su, cu) + re) - tm->origin_m);
    return true;
}

static bool inverse(const eb_tm *tm, double *x, double *y)
{
    const double xi = (*y - tm->false_northing_m + tm->origin_m) / tm->radius_m, eta = (*x - tm->false_easting_m) / tm->radius_m;
    if (!(fabs(eta) <= FURTHEST_ETA) || !(fabs(xi) <= 1.5708)) return false;
    double re, im;
    const double sinh_eta = sinh(eta);
    complex_series(tm->beta, sin(xi), cos(xi), sinh_eta, sqrt(1 + sinh_eta * sinh_eta), &re, &im);
    const double su = sin(xi + re), cu = cos(xi + re), sh = sinh(eta + im);
    const double down = hypot(sh, cu), chi = atan2(su, down), r = hypot(su, down);
    const double lon = tm->lon0_deg + atan2(sh, cu) * EB_DEG, phi = chi + eb_series_at(tm->geodetic, su / r, down / r);
    *x = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
    *y = phi * EB_DEG;
    return true;
}

bool eb_tm_forward(const eb_tm *tm, double *x, double *y, size_t count, size_t *bad)
{
    bool all_near = true;
    for (size_t i = 0; i < count; i++) all_near &= is_near_forward(tm, x[i], y[i]);
    if (all_near) {
        forward_near_all(tm, x, y, count);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_near_forward(tm, x[i], y[i]))
            forward_near(tm, &x[i], &y[i]);
        else if (!forward(tm, &x[i], &y[i]))
            return *bad = i, false;
    }
    return true;
}

bool eb_tm_inverse(const eb_tm *tm, double *x, double *y, size_t count, size_t *bad)
{
    bool all_near = true;
    for (size_t i = 0; i < count; i++) all_near &= is_near_inverse(tm, x[i], y[i]);
    if (all_near) {
        inverse_near_all(tm, x, y, count);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_near_inverse(tm, x[i], y[i]))
            inverse_near(tm, &x[i], &y[i]);
        else if (!inverse(tm, &x[i], &y[i]))
            return *bad = i, false;
    }
    return true;
}
