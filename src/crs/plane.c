/*
 * The analysis plane: oblique Lambert azimuthal equal-area on the ellipsoid (Snyder 1987, 24-17 ... 24-29).
 *
 * Snyder's formulas subtract numbers near one; here they are rearranged around the centre, so that a place 100 km away is
 * right to a hundredth of a nanometre and the pieces of a shape add up to the shape: everything is made from the differences of
 * latitude and longitude to the centre, and 1 - cos is written as twice the square of the half angle's sine.
 */
#include <ecobelt/crs.h>
#include "crs/block.h"
#include "crs/plane.h"
#include "crs/series.h"

void eb_plane_init(eb_plane *plane, double a, double f, double lon0_deg, double lat0_deg)
{
    const double e2 = f * (2 - f), phi = lat0_deg * EB_RAD, s = sin(phi), c = cos(phi);
    const double qp = eb_series_authalic(e2, plane->forward);
    eb_series_invert(plane->forward, plane->inverse);
    plane->a = a;
    plane->f = f;
    plane->lon0_deg = lon0_deg;
    plane->lat0_deg = lat0_deg;
    plane->sin_lat0 = s;
    plane->cos_lat0 = c;
    plane->forward0 = eb_series_at(plane->forward, s, c);
    plane->sin_beta0 = s * cos(plane->forward0) + c * sin(plane->forward0);
    plane->cos_beta0 = c * cos(plane->forward0) - s * sin(plane->forward0);
    plane->inverse0 = eb_series_at(plane->inverse, plane->sin_beta0, plane->cos_beta0);
    plane->rq = a * sqrt(qp / 2);
    plane->d = a * eb_series_authalic_ratio(e2, s) / (plane->rq * sqrt(1 - e2 * s * s));
    plane->inverse_d = 1 / plane->d;
}

/* dlat and half the dlon in radians, with their sines and cosines, to the plane. */
static EB_INLINE void forward(const eb_plane *p, double sd, double cd, double sh, double ch, double *x, double *y)
{
    const double s = p->sin_lat0 * cd + p->cos_lat0 * sd, c = p->cos_lat0 * cd - p->sin_lat0 * sd;
    const double eps = eb_series_at(p->forward, s, c) - p->forward0, u = eps * eps;
    /* |eps| < 0.005 on any ellipsoid of a planet, so short power series are exact. */
    const double se = eps - eps * u * (1. / 6 - u * (1. / 120)), ve = u * (0.5 - u * (1. / 24));
    const double sb = sd + (cd * se - sd * ve), cb = cd - (cd * ve + sd * se); /* of beta - beta0 */
    const double cos_beta = p->cos_beta0 * cb - p->sin_beta0 * sb, vers = 2 * sh * sh;
    const double cos_c = cb - p->cos_beta0 * cos_beta * vers;
    const double b = p->rq * sqrt(2 / (1 + cos_c));
    *x = b * p->d * (cos_beta * (2 * sh * ch));
    *y = b * p->inverse_d * (sb + p->sin_beta0 * cos_beta * vers);
}

void eb_plane_forward(const eb_plane *plane, double lon_deg, double lat_deg, double *x_m, double *y_m)
{
    double sd, cd, sh, ch;
    eb_sincos((lat_deg - plane->lat0_deg) * EB_RAD, &sd, &cd);
    eb_sincos((lon_deg - plane->lon0_deg) * (EB_RAD / 2), &sh, &ch);
    forward(plane, sd, cd, sh, ch, x_m, y_m);
}

/* All within half a radian of the centre (a radian of longitude): no branch left, so several go at once. */
EB_WIDE static void forward_near(const eb_plane *plane, double *restrict x, double *restrict y, size_t count)
{
    const eb_plane p = *plane;
    for (size_t i = 0; i < count; i++) {
        double sd, cd, sh, ch;
        eb_sincos_small((y[i] - p.lat0_deg) * EB_RAD, &sd, &cd);
        eb_sincos_small((x[i] - p.lon0_deg) * (EB_RAD / 2), &sh, &ch);
        forward(&p, sd, cd, sh, ch, &x[i], &y[i]);
    }
}

bool eb_plane_forward_block(const eb_plane *plane, double *x, double *y, size_t count, size_t *bad)
{
    bool near = true;
    for (size_t i = 0; i < count; i++)
        near &= (fabs(y[i] - plane->lat0_deg) < 28.6) & (fabs(x[i] - plane->lon0_deg) < 57.2) & (fabs(y[i]) <= 90);
    if (near) {
        forward_near(plane, x, y, count);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!(fabs(y[i]) <= 90) || !(fabs(x[i]) <= EB_FARTHEST_DEG)) return *bad = i, false;
        eb_plane_forward(plane, x[i], y[i], &x[i], &y[i]);
        if (!isfinite(x[i]) || !isfinite(y[i])) return *bad = i, false;
    }
    return true;
}

void eb_plane_inverse(const eb_plane *plane, double x_m, double y_m, double *lon_deg, double *lat_deg)
{
    const eb_plane *p = plane;
    const double x = x_m / p->d / p->rq, y = y_m * p->d / p->rq, t = (x * x + y * y) / 4; /* sin^2 of half the distance */
    const double k = sqrt(1 - t), xk = x * k, yk = y * k, cos_c = 1 - 2 * t;
    const double meridian = cos_c * p->cos_beta0 - yk * p->sin_beta0; /* cos beta cos dlon */
    const double cos_beta = sqrt(xk * xk + meridian * meridian);
    const double rest = meridian > 0 ? xk * xk / (cos_beta + meridian) : cos_beta - meridian; /* cos beta (1 - cos dlon) */
    const double sb = yk - p->sin_beta0 * rest;
    const double sin_beta = cos_c * p->sin_beta0 + yk * p->cos_beta0;
    const double cb = sin_beta * p->sin_beta0 + cos_beta * p->cos_beta0;
    const double eps = eb_series_at(p->inverse, sin_beta, cos_beta) - p->inverse0;
    *lon_deg = p->lon0_deg + atan2(xk, meridian) * EB_DEG;
    *lat_deg = p->lat0_deg + (atan2(sb, cb) + eps) * EB_DEG;
}

bool eb_plane_inverse_block(const eb_plane *plane, double *x, double *y, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++) {
        eb_plane_inverse(plane, x[i], y[i], &x[i], &y[i]);
        /* Past the far side of the sphere the root is NaN. */
        if (!isfinite(x[i]) || !isfinite(y[i])) return *bad = i, false;
    }
    return true;
}

static bool forward_fn(void *self, double *x, double *y, size_t count, size_t *bad)
{
    return eb_plane_forward_block(self, x, y, count, bad);
}

static bool inverse_fn(void *self, double *x, double *y, size_t count, size_t *bad)
{
    return eb_plane_inverse_block(self, x, y, count, bad);
}

bool eb_plane_forward_wkb(const eb_plane *plane, uint8_t *data, size_t size)
{
    eb_plane copy = *plane; /* the walk hands out a writable pointer */
    eb_block_result result;
    return eb_block_wkb(data, size, forward_fn, &copy, &result);
}

bool eb_plane_inverse_wkb(const eb_plane *plane, uint8_t *data, size_t size)
{
    eb_plane copy = *plane;
    eb_block_result result;
    return eb_block_wkb(data, size, inverse_fn, &copy, &result);
}
