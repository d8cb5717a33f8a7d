/* Transverse Mercator. */
#include "crs/tm.h"

/* Further from the central meridian than this the coordinates are some mistake, and the series wears thin. */
#define FURTHEST_DEG 60.0
#define FURTHEST_ETA 1.4

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
    for (size_t i = 0; i < count; i++)
        if (!forward(tm, &x[i], &y[i])) return *bad = i, false;
    return true;
}

bool eb_tm_inverse(const eb_tm *tm, double *x, double *y, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++)
        if (!inverse(tm, &x[i], &y[i])) return *bad = i, false;
    return true;
}
