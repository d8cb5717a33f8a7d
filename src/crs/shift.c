/* Seven-parameter shift. */
#include "crs/shift.h"
#include <math.h>
#include <string.h>
#include "crs/series.h"

/* Inverse of a 3x3 matrix by cofactors; it is near the unit matrix, so nothing can go wrong. */
static void invert(const double m[9], double out[9])
{
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++) {
            const int r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
            out[c * 3 + r] = m[r1 * 3 + c1] * m[r2 * 3 + c2] - m[r1 * 3 + c2] * m[r2 * 3 + c1];
        }
    const double determinant = m[0] * out[0] + m[1] * out[3] + m[2] * out[6];
    for (int i = 0; i < 9; i++) out[i] /= determinant;
}

bool eb_shift_init(eb_shift *shift, const eb_helmert *h, double from_a, double from_f, double to_a, double to_f)
{
    const double arcsec = EB_RAD / 3600, scale = 1 + h->scale_ppm * 1e-6;
    const double rx = h->rx_arcsec * arcsec, ry = h->ry_arcsec * arcsec, rz = h->rz_arcsec * arcsec;
    const double turn[9] = {scale, -scale * rz, scale * ry, scale * rz, scale, -scale * rx, -scale * ry, scale * rx, scale};
    if (!isfinite(h->dx_m + h->dy_m + h->dz_m + rx + ry + rz) || !(fabs(scale - 1) < 0.01)) return false;
    /* Small angles is what the method is made for: a degree would be a parameter in the wrong unit. */
    if (fabs(rx) > EB_RAD || fabs(ry) > EB_RAD || fabs(rz) > EB_RAD) return false;
    *shift = (eb_shift){.from_a = from_a, .from_f = from_f, .to_a = to_a, .to_f = to_f, .move = {h->dx_m, h->dy_m, h->dz_m}};
    memcpy(shift->turn, turn, sizeof turn);
    invert(turn, shift->turn_back);
    return true;
}

static void to_cartesian(double a, double f, double lon_deg, double lat_deg, double xyz[3])
{
    const double e2 = f * (2 - f), s = sin(lat_deg * EB_RAD), c = cos(lat_deg * EB_RAD), n = a / sqrt(1 - e2 * s * s);
    xyz[0] = n * c * cos(lon_deg * EB_RAD);
    xyz[1] = n * c * sin(lon_deg * EB_RAD);
    xyz[2] = n * (1 - e2) * s;
}

/* Bowring 1976; each round gains some six digits near the surface. */
static void to_degrees(double a, double f, const double xyz[3], double *lon_deg, double *lat_deg)
{
    const double e2 = f * (2 - f), b = a * (1 - f), p = hypot(xyz[0], xyz[1]);
    double su = xyz[2] * a, cu = p * b;
    for (int i = 0; i < 3; i++) {
        const double r = hypot(su, cu);
        su /= r;
        cu /= r;
        const double up = xyz[2] + e2 / (1 - e2) * b * su * su * su, out = p - e2 * a * cu * cu * cu;
        *lat_deg = atan2(up, out) * EB_DEG;
        su = up * (1 - f);
        cu = out;
    }
    *lon_deg = atan2(xyz[1], xyz[0]) * EB_DEG;
}

static void forward(const eb_shift *s, double *lon, double *lat)
{
    double in[3], out[3];
    to_cartesian(s->from_a, s->from_f, *lon, *lat, in);
    for (size_t i = 0; i < 3; i++) out[i] = s->move[i] + (s->turn[3 * i] * in[0] + s->turn[3 * i + 1] * in[1] + s->turn[3 * i + 2] * in[2]);
    to_degrees(s->to_a, s->to_f, out, lon, lat);
}

static void backward(const eb_shift *s, double *lon, double *lat)
{
    double in[3], out[3];
    to_cartesian(s->to_a, s->to_f, *lon, *lat, in);
    for (int i = 0; i < 3; i++) in[i] -= s->move[i];
    for (size_t i = 0; i < 3; i++) out[i] = s->turn_back[3 * i] * in[0] + s->turn_back[3 * i + 1] * in[1] + s->turn_back[3 * i + 2] * in[2];
    to_degrees(s->from_a, s->from_f, out, lon, lat);
}

bool eb_shift_forward(const eb_shift *shift, double *lon_deg, double *lat_deg, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++) {
        forward(shift, &lon_deg[i], &lat_deg[i]);
        if (!isfinite(lon_deg[i]) || !isfinite(lat_deg[i])) return *bad = i, false;
    }
    return true;
}

bool eb_shift_inverse(const eb_shift *shift, double *lon_deg, double *lat_deg, size_t count, size_t *bad)
{
    for (size_t i = 0; i < count; i++) {
        const double lon = lon_deg[i], lat = lat_deg[i];
        backward(shift, &lon_deg[i], &lat_deg[i]);
        /* The height lost on the way there bends the way back by less than a millimetre; two corrections take that out. */
        for (int round = 0; round < 2; round++) {
            double x = lon_deg[i], y = lat_deg[i];
            forward(shift, &x, &y);
            lon_deg[i] += remainder(lon - x, 360);
            lat_deg[i] += lat - y;
        }
        if (!isfinite(lon_deg[i]) || !isfinite(lat_deg[i])) return *bad = i, false;
    }
    return true;
}
