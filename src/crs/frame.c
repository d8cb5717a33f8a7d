/*
 * The datum frames of Chinese web maps. GCJ-02 ("Mars coordinates") bends WGS84 by a fixed sum of waves, BD-09 bends GCJ-02 once
 * more. Formulas as made public in 2010 (see PRCoords, eviltransform); semi-major axis 6378245 m as in the first publication.
 */
#include <ecobelt/crs.h>
#include <math.h>
#include "base/text.h"
#include "crs/block.h"
#include "crs/series.h"

static const double PI = 3.14159265358979323846;

typedef struct place {
    double lon, lat;
} place;

static bool in_china(place p)
{
    return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271;
}

static place gcj_from_wgs(place p)
{
    const double a = 6378245.0, ee = 0.00669342162296594323;
    const double x = p.lon - 105, y = p.lat - 35, root = sqrt(fabs(x));
    const double shared = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
    const double waves_lat = 20 * sin(PI * y) + 40 * sin(PI * y / 3) + 160 * sin(PI * y / 12) + 320 * sin(PI * y / 30);
    const double waves_lon = 20 * sin(PI * x) + 40 * sin(PI * x / 3) + 150 * sin(PI * x / 12) + 300 * sin(PI * x / 30);
    const double north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (shared + waves_lat) * 2 / 3;
    const double east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (shared + waves_lon) * 2 / 3;
    const double s = sin(p.lat * EB_RAD), m = 1 - ee * s * s;
    const double meridian_m = a * (1 - ee) / (m * sqrt(m)), parallel_m = a / sqrt(m) * cos(p.lat * EB_RAD);
    return (place){p.lon + east_m / parallel_m * EB_DEG, p.lat + north_m / meridian_m * EB_DEG};
}

static place bd_from_gcj(place p)
{
    const double k = 3000 * PI / 180;
    const double r = hypot(p.lon, p.lat) + 0.00002 * sin(p.lat * k), t = atan2(p.lat, p.lon) + 0.000003 * cos(p.lon * k);
    return (place){r * cos(t) + 0.0065, r * sin(t) + 0.006};
}

/* The place that @p forward moves onto @p p. The shift changes by less than a hundredth over its own length, so this converges fast. */
static place undo(place (*forward)(place), place p)
{
    place guess = p;
    for (int i = 0; i < 40; i++) {
        const place image = forward(guess);
        const double dlon = p.lon - image.lon, dlat = p.lat - image.lat;
        guess.lon += dlon;
        guess.lat += dlat;
        if (fabs(dlon) < 2e-14 && fabs(dlat) < 2e-14) break;
    }
    return guess;
}

void eb_frame_convert(eb_frame from, eb_frame to, double lon_deg, double lat_deg, double *out_lon_deg, double *out_lat_deg)
{
    place p = {lon_deg, lat_deg};
    if (from != to && isfinite(lon_deg) && isfinite(lat_deg)) {
        place wgs = p;
        if (from == EB_FRAME_BD09) wgs = undo(bd_from_gcj, wgs);
        if (from != EB_FRAME_WGS84) wgs = undo(gcj_from_wgs, wgs);
        if (in_china(wgs)) {
            p = to == EB_FRAME_WGS84 ? wgs : gcj_from_wgs(wgs);
            if (to == EB_FRAME_BD09) p = bd_from_gcj(p);
        }
    }
    *out_lon_deg = p.lon;
    *out_lat_deg = p.lat;
}

typedef struct frames {
    eb_frame from, to;
} frames;

static bool convert_block(void *self, double *x, double *y, size_t count, size_t *bad)
{
    const frames *f = self;
    (void)bad;
    for (size_t i = 0; i < count; i++) eb_frame_convert(f->from, f->to, x[i], y[i], &x[i], &y[i]);
    return true;
}

bool eb_frame_convert_wkb(eb_frame from, eb_frame to, uint8_t *data, size_t size)
{
    frames f = {from, to};
    eb_block_result result;
    return eb_block_wkb(data, size, convert_block, &f, &result);
}

eb_status eb_frame_parse(const char *text, eb_frame *out, eb_error *err)
{
    static const struct {
        const char *name;
        eb_frame frame;
    } names[] = {
        {"wgs84", EB_FRAME_WGS84},  {"wgs-84", EB_FRAME_WGS84}, {"gcj02", EB_FRAME_GCJ02},
        {"gcj-02", EB_FRAME_GCJ02}, {"bd09", EB_FRAME_BD09},    {"bd-09", EB_FRAME_BD09},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (text && eb_text_same(text, names[i].name)) {
            *out = names[i].frame;
            return EB_OK;
        }
    }
    eb_error_set(err, EB_USAGE, "unknown datum frame \"%s\"", text ? text : "");
    eb_error_hint(err, "one of wgs84 (also for CGCS2000), gcj02 (Amap, Tencent), bd09 (Baidu)");
    return EB_USAGE;
}
