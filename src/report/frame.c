#include "report/frame.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void widen(double box[4], const double by[4])
{
    for (int k = 0; k < 2; k++) box[k] = fmin(box[k], by[k]);
    for (int k = 2; k < 4; k++) box[k] = fmax(box[k], by[k]);
}

bool eb_layer_box(const eb_layer *layer, double box[4])
{
    double one[4];

    for (int k = 0; k < 4; k++) box[k] = k < 2 ? INFINITY : -INFINITY;
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            if (eb_wkb_bounds(eb_batch_shape_at(batch, i), one)) widen(box, one);
        }
    }
    return box[0] <= box[2];
}

bool eb_view_box(const eb_frame_view *view, const eb_layer *layer, double box[4])
{
    enum { STEPS = 8 };
    const eb_crs *crs = eb_layer_schema(layer)->crs;
    double own[4], x[4 * STEPS], y[4 * STEPS];
    eb_transform *transform = NULL;

    if (!crs || !eb_layer_box(layer, own)) return false;
    for (size_t i = 0; i < STEPS; i++) { /* the edges bend on the way: points all along them */
        const double t = (double)i / STEPS, w = own[2] - own[0], h = own[3] - own[1];
        const double px[4] = {own[0] + t * w, own[2], own[2] - t * w, own[0]}, py[4] = {own[1], own[1] + t * h, own[3], own[3] - t * h};
        memcpy(x + 4 * i, px, sizeof px);
        memcpy(y + 4 * i, py, sizeof py);
    }
    bool good = eb_transform_new(crs, view->crs, NULL, NULL, &transform, NULL) == EB_OK &&
                eb_transform_points(transform, x, y, 1, sizeof x / sizeof *x, NULL, NULL) == EB_OK;
    eb_transform_free(transform);
    for (int k = 0; k < 4; k++) box[k] = k < 2 ? INFINITY : -INFINITY;
    for (int i = 0; good && i < 4 * STEPS; i++) widen(box, (const double[4]){x[i], y[i], x[i], y[i]});
    return good && isfinite(box[0]) && isfinite(box[1]) && isfinite(box[2]) && isfinite(box[3]);
}

/** What the window is made of: the region, else the results that are drawn, else whatever has a place. */
typedef enum window { WINDOW_REGION, WINDOW_RESULTS, WINDOW_ANY, WINDOW_END } window;

static bool counts(const eb_report_layer *layer, window of)
{
    double box[4];
    const bool wanted = of == WINDOW_ANY || (of == WINDOW_REGION ? layer->focus : !layer->input && !layer->hidden);
    return wanted && eb_layer_schema(layer->layer)->crs && eb_layer_box(layer->layer, box);
}

static const eb_report_layer *first_of(const eb_report *report, window *of)
{
    for (int k = WINDOW_REGION; k < WINDOW_END; k++) {
        *of = (window)k;
        for (size_t i = 0; i < report->layer_count; i++) {
            if (counts(&report->layers[i], *of)) return &report->layers[i];
        }
    }
    return NULL;
}

/** Box of all that counts, in degrees; empty where nothing has a place. */
static void degrees_of(const eb_report *report, window of, double all[4])
{
    for (int k = 0; k < 4; k++) all[k] = k < 2 ? INFINITY : -INFINITY;
    for (size_t i = 0; i < report->layer_count; i++) {
        const eb_layer *layer = report->layers[i].layer;
        double box[4], degrees[4];
        if (!counts(&report->layers[i], of) || !eb_layer_box(layer, box)) continue;
        if (eb_crs_box_degrees(eb_layer_schema(layer)->crs, box, degrees, NULL) == EB_OK) widen(all, degrees);
    }
}

static const char *ellipsoid_of(const eb_crs_info *info)
{
    switch (info->datum) {
    case EB_DATUM_CGCS2000:
        return "EPSG:1024";
    case EB_DATUM_XIAN80:
        return "EPSG:7049";
    case EB_DATUM_BEIJING54:
        return "EPSG:7024";
    case EB_DATUM_WGS84:
    case EB_DATUM_OTHER:
        break;
    }
    return "EPSG:7030";
}

/** The zone of UTM on WGS 84 that a place lies in. */
static int utm_of(double lon_deg, double lat_deg)
{
    const int zone = (int)fmin(fmax(floor((lon_deg + 180) / 6), 0), 59) + 1;

    return (lat_deg < 0 ? 32700 : 32600) + zone;
}

/**
 * A plane in metres for layers in degrees: their datum's zone that the middle of them lies in where they are no wider than a few, else
 * and for datums without zones an equal-area plane about their middle. "" where they are so wide that no plane shows them.
 */
static void plane_of(const eb_crs *crs, const double degrees[4], char *text, size_t size)
{
    enum { ZONES_DEG = 12, PLANE_DEG = 100 };
    const eb_crs_info *info = eb_crs_info_get(crs);
    const double lon = (degrees[0] + degrees[2]) / 2, lat = (degrees[1] + degrees[3]) / 2, wide = degrees[2] - degrees[0];
    int epsg = 0;

    text[0] = '\0';
    if (wide <= ZONES_DEG && fabs(lat) < 84)
        epsg = info->datum == EB_DATUM_WGS84 ? utm_of(lon, lat) : eb_zone_epsg(info->datum, eb_zone_of(lon, 3), 3, false);
    if (epsg) {
        snprintf(text, size, "EPSG:%d", epsg);
    } else if (wide <= PLANE_DEG && degrees[3] - degrees[1] <= PLANE_DEG && strncmp(eb_crs_wkt(crs), "GEOGCS[", 7) == 0) {
        char x[40], y[40];
        eb_text_from_fixed(x, sizeof x, lon, 2);
        eb_text_from_fixed(y, sizeof y, lat, 2);
        snprintf(text, size,
                 "PROJCS[\"Lambert Azimuthal Equal Area %s %s\",%s,PROJECTION[\"Lambert_Azimuthal_Equal_Area\"],"
                 "PARAMETER[\"latitude_of_center\",%s],PARAMETER[\"longitude_of_center\",%s],PARAMETER[\"false_easting\",0],"
                 "PARAMETER[\"false_northing\",0],UNIT[\"metre\",1],AXIS[\"Easting\",EAST],AXIS[\"Northing\",NORTH]]",
                 x, y, eb_crs_wkt(crs), y, x);
    }
}

/** The CRS to show layers in that lie in @p crs. */
static eb_status crs_of(const eb_crs *crs, const double degrees[4], eb_crs **out, eb_error *err)
{
    const eb_crs_kind kind = eb_crs_info_get(crs)->kind;
    char text[4096] = "";

    if (degrees[0] <= degrees[2] && (kind == EB_CRS_GEOGRAPHIC || kind == EB_CRS_WEB_MERCATOR)) plane_of(crs, degrees, text, sizeof text);
    if (*text && eb_crs_new(text, out, NULL) == EB_OK) return EB_OK;
    *out = eb_crs_copy(crs);
    return *out ? EB_OK : eb_error_memory(err);
}

eb_status eb_view_new(const eb_report *report, eb_frame_view *view, eb_error *err)
{
    window of;
    double degrees[4], box[4];
    const eb_report_layer *first = first_of(report, &of);

    *view = (eb_frame_view){0};
    if (!first) return eb_error_set(err, EB_REFUSED, "no layer of the run has a place to show");
    const eb_crs *crs = eb_layer_schema(first->layer)->crs;
    const eb_crs_info *info = eb_crs_info_get(crs);
    degrees_of(report, of, degrees);
    eb_status status = crs_of(crs, degrees, &view->crs, err);
    if (status == EB_OK) snprintf(view->code, sizeof view->code, "%s", eb_crs_info_get(view->crs)->code);
    view->ellipsoid = ellipsoid_of(info);
    for (int k = 0; k < 4; k++) view->box[k] = k < 2 ? INFINITY : -INFINITY;
    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) {
        if (counts(&report->layers[i], of) && eb_view_box(view, report->layers[i].layer, box)) widen(view->box, box);
    }
    if (status == EB_OK && !(view->box[0] <= view->box[2]))
        status = eb_error_set(err, EB_REFUSED, "the layers cannot be brought to one CRS to show them");
    if (status != EB_OK) eb_view_clear(view);
    return status;
}

void eb_view_clear(eb_frame_view *view)
{
    eb_crs_free(view->crs);
    *view = (eb_frame_view){0};
}
