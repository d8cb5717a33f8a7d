/* Measuring the shapes of one CRS: which coordinates go to which formula. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "measure/measure.h"

eb_status eb_measure_new(const eb_crs *crs, int zone, eb_measure **out, eb_error *err)
{
    *out = NULL;
    if (zone < 0 || zone > 120) {
        eb_error_set(err, EB_USAGE, "there is no 3-degree zone %d", zone);
        eb_error_hint(err, "China lies in zones 25 to 45; zone 40 has its meridian at 120 degrees");
        return EB_USAGE;
    }
    eb_measure *measure = calloc(1, sizeof *measure);
    if (!measure) return eb_error_memory(err);
    measure->crs = eb_crs_copy(crs);
    measure->info = eb_crs_info_get(crs);
    measure->zone = zone;
    measure->has_official = eb_official_init(&measure->official, measure->info->datum);
    eb_geodesic_init(&measure->geodesic, measure->info->a, measure->info->f);
    const bool degrees = measure->info->kind == EB_CRS_GEOGRAPHIC && fabs(measure->info->unit - EB_RADIAN) < 1e-12;
    measure->source = degrees                                                               ? EB_SOURCE_DEGREES
                      : measure->has_official && measure->info->kind == EB_CRS_GAUSS_KRUGER ? EB_SOURCE_PLANE
                                                                                            : EB_SOURCE_OTHER;
    eb_status status = EB_OK;
    if (measure->source != EB_SOURCE_DEGREES) status = eb_projector_new(crs, NULL, &measure->projector, err);
    if (status == EB_OK) {
        *out = measure;
        return EB_OK;
    }
    eb_measure_free(measure);
    return status;
}

void eb_measure_free(eb_measure *measure)
{
    if (!measure) return;
    eb_projector_free(measure->projector);
    eb_crs_free(measure->crs);
    free(measure->bytes);
    free(measure);
}

void eb_measure_merge(eb_measure *measure, const eb_measure *other)
{
    for (int i = 0; i < EB_ZONES; i++) measure->zones[i] += other->zones[i];
}

/* Gauss-Krüger metres to degrees by the circular's inverse: much faster than the general way, and near the meridian as good. */
static bool plane_to_degrees(const eb_measure *m, const eb_wkb_part *part)
{
    const double near_rad = 2 * EB_RADIAN; /* from the meridian: up to there its areas are within 1e-9 (check_measure proves it) */
    uint8_t *at = (uint8_t *)part->coords; /* of the copy in m->bytes */
    for (size_t i = 0; i < part->count; i++, at += part->dims * sizeof(double)) {
        double x, y, point[2];
        eb_wkb_xy(part, i, &x, &y);
        if (!(fabs(x - m->info->false_easting_m) <= EB_OFFICIAL_REACH_M && fabs(y) <= 9.3e6)) return false;
        eb_official_inverse(&m->official, y, x - m->info->false_easting_m, &point[1], &point[0]);
        if (!(fabs(point[0]) <= near_rad)) return false;
        point[0] = m->info->central_meridian_deg + point[0] / EB_RADIAN;
        point[1] /= EB_RADIAN;
        memcpy(at, point, sizeof point);
    }
    return true;
}

static bool all_near(const eb_measure *m, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part))
        if (!plane_to_degrees(m, &part)) return false;
    return !eb_wkb_bad(&walk);
}

/* The shape in degrees of its own datum: itself, or a copy in m->bytes that lasts until the next call. */
static eb_status in_degrees(eb_measure *m, eb_wkb shape, eb_wkb *out, eb_error *err)
{
    *out = shape;
    if (m->source == EB_SOURCE_DEGREES || shape.size == 0) return EB_OK;
    if (!eb_array_reserve(&m->bytes, &m->capacity, shape.size, 1)) return eb_error_memory(err);
    memcpy(m->bytes, shape.data, shape.size);
    *out = (eb_wkb){.data = m->bytes, .size = shape.size};
    if (m->source == EB_SOURCE_PLANE && all_near(m, *out)) return EB_OK;
    memcpy(m->bytes, shape.data, shape.size);
    return eb_projector_degrees(m->projector, m->bytes, shape.size, err);
}

static eb_status broken_bytes(eb_error *err)
{
    eb_error_set(err, EB_INPUT, "the bytes of the geometry are broken");
    eb_error_hint(err, "the file is damaged: get it again from its source");
    return EB_INPUT;
}

/* How one ring is measured. */
typedef eb_status (*ring_fn)(const eb_measure *m, const void *how, const eb_wkb_part *ring, double *area_m2, eb_error *err);

static eb_status official_ring(const eb_measure *m, const void *how, const eb_wkb_part *ring, double *area_m2, eb_error *err)
{
    return eb_official_ring(&m->official, how, ring, area_m2, err);
}

static eb_status geodesic_ring(const eb_measure *m, const void *how, const eb_wkb_part *ring, double *area_m2, eb_error *err)
{
    (void)how;
    return eb_geodesic_ring(&m->geodesic, ring, area_m2, err);
}

static eb_status planar_ring(const eb_measure *m, const void *how, const eb_wkb_part *ring, double *area_m2, eb_error *err)
{
    double x0 = 0, y0 = 0, last_x = 0, last_y = 0, sum = 0;
    (void)how;
    for (size_t i = 0; i < ring->count; i++) {
        double x, y;
        eb_wkb_xy(ring, i, &x, &y);
        if (!isfinite(x) || !isfinite(y)) {
            eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
            eb_error_at(err, x, y);
            eb_error_hint(err, "ecobelt check lists such features");
            return EB_REFUSED;
        }
        if (i == 0) {
            x0 = x;
            y0 = y;
        }
        sum += last_x * (y - y0) - (x - x0) * last_y; /* from the first vertex: small numbers, and the closing edge adds nothing */
        last_x = x - x0;
        last_y = y - y0;
    }
    *area_m2 = fabs(sum) / 2 * m->info->unit * m->info->unit;
    return EB_OK;
}

/* Polygons of a shape: each outer ring less its holes, added up. */
static eb_status measure_rings(const eb_measure *m, eb_wkb shape, ring_fn fn, const void *how, double *area_m2, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double total = 0, polygon = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_POLYGON) continue;
        double area = 0;
        eb_status status = fn(m, how, &part, &area, err);
        if (status != EB_OK) return status;
        polygon = part.ring == 0 ? area : polygon - area;
        total += part.ring == 0 ? area : -area;
        if (polygon < -1e-6 * area) {
            double x = NAN, y = NAN;
            eb_error_set(err, EB_REFUSED, "a polygon's holes are larger than the polygon");
            if (part.count > 0) eb_wkb_xy(&part, 0, &x, &y);
            eb_error_at(err, x, y);
            eb_error_hint(err, "ecobelt check shows what is wrong, ecobelt convert can repair it");
            return EB_REFUSED;
        }
    }
    if (eb_wkb_bad(&walk)) return broken_bytes(err);
    *area_m2 = fmax(total, 0);
    return EB_OK;
}

/* West and east of what is measured: lines in a collection do not move its polygons to another zone. */
static bool polygon_span(eb_wkb shape, double *west, double *east)
{
    double box[4];
    eb_wkb_walk walk;
    eb_wkb_part part;
    if (eb_wkb_kind(shape) != EB_SHAPE_COLLECTION) {
        const bool known = eb_wkb_bounds(shape, box);
        *west = box[0];
        *east = box[2];
        return known;
    }
    *west = INFINITY;
    *east = -INFINITY;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count && part.kind == EB_SHAPE_POLYGON; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            *west = fmin(*west, x);
            *east = fmax(*east, x);
        }
    return isfinite(*west) && isfinite(*east);
}

/* The plane that the official area of this shape is worked out in. @param zone 0: the shape's own, which then stands there. */
static void choose_frame(const eb_measure *m, eb_wkb degrees, int *zone, eb_official_frame *frame)
{
    double west, east;
    if (m->source == EB_SOURCE_PLANE) {
        *zone = m->info->zone;
        *frame =
            (eb_official_frame){.plane = true, .meridian_deg = m->info->central_meridian_deg, .false_easting_m = m->info->false_easting_m};
        return;
    }
    if (!polygon_span(degrees, &west, &east)) west = east = 0; /* empty, or the ring that is not finite says so itself */
    const double middle = (west + east) / 2;
    if (*zone == 0) *zone = eb_zone_of(middle, 3);
    const double meridian = eb_zone_meridian(*zone, 3);
    *frame = (eb_official_frame){.meridian_deg = meridian + 360 * rint((middle - meridian) / 360)};
}

static eb_status measure_official(const eb_measure *m, eb_wkb shape, eb_wkb degrees, int *zone, double *area_m2, eb_error *err)
{
    eb_official_frame frame;
    choose_frame(m, degrees, zone, &frame);
    return measure_rings(m, frame.plane ? shape : degrees, official_ring, &frame, area_m2, err);
}

static eb_status add_official(eb_measure *m, eb_wkb shape, eb_wkb degrees, eb_size *out, eb_error *err)
{
    double area_m2 = 0;
    int zone = m->zone;
    eb_status status = measure_official(m, shape, degrees, &zone, &area_m2, err);
    if (status != EB_OK) return status;
    out->zone = zone;
    out->official_unrounded_m2 = area_m2;
    out->official_m2 = eb_half_up(area_m2 * 100) / 100;
    m->zones[zone]++;
    return EB_OK;
}

eb_status eb_measure_piece(eb_measure *measure, eb_wkb piece, int zone, double *official_m2, eb_error *err)
{
    eb_wkb degrees = piece;
    eb_status status = EB_OK;
    *official_m2 = NAN;
    if (!measure->has_official) return EB_OK;
    if (measure->source == EB_SOURCE_OTHER) status = in_degrees(measure, piece, &degrees, err);
    return status == EB_OK ? measure_official(measure, piece, degrees, &zone, official_m2, err) : status;
}

eb_status eb_measure_area(eb_measure *measure, eb_wkb shape, unsigned want, eb_size *out, eb_error *err)
{
    *out = (eb_size){.official_m2 = NAN, .official_unrounded_m2 = NAN, .geodesic_m2 = NAN, .planar_m2 = NAN};
    const bool must = want & EB_WANT_OFFICIAL, official = (must || (want & EB_WANT_OFFICIAL_TOO)) && measure->has_official;
    const bool planar = (want & EB_WANT_PLANAR) && measure->source != EB_SOURCE_DEGREES;
    eb_wkb degrees = shape;
    eb_status status = EB_OK;
    if (planar) status = measure_rings(measure, shape, planar_ring, NULL, &out->planar_m2, err);
    if (status == EB_OK && ((want & EB_WANT_GEODESIC) || (official && measure->source == EB_SOURCE_OTHER)))
        status = in_degrees(measure, shape, &degrees, err);
    if (status == EB_OK && (want & EB_WANT_GEODESIC)) status = measure_rings(measure, degrees, geodesic_ring, NULL, &out->geodesic_m2, err);
    if (status != EB_OK || !official) return status;
    status = add_official(measure, shape, degrees, out, must ? err : NULL);
    return status == EB_REFUSED && !must ? EB_OK : status;
}

eb_status eb_measure_length(eb_measure *measure, eb_wkb shape, double *length_m, eb_error *err)
{
    eb_wkb degrees;
    eb_wkb_walk walk;
    eb_wkb_part part;
    double total = 0;
    *length_m = 0;
    eb_status status = in_degrees(measure, shape, &degrees, err);
    if (status != EB_OK) return status;
    eb_wkb_begin(&walk, degrees);
    while (eb_wkb_next(&walk, &part)) {
        double length = 0;
        if (part.kind != EB_SHAPE_POINT) status = eb_geodesic_line(&measure->geodesic, &part, part.kind == EB_SHAPE_POLYGON, &length, err);
        if (status != EB_OK) return status;
        total += length;
    }
    if (eb_wkb_bad(&walk)) return broken_bytes(err);
    *length_m = total;
    return EB_OK;
}

eb_status eb_measure_edges(eb_measure *measure, eb_wkb shape, double **lengths_m, size_t *capacity, size_t *count, eb_error *err)
{
    eb_wkb degrees;
    eb_wkb_walk walk;
    eb_wkb_part part;
    *count = 0;
    eb_status status = in_degrees(measure, shape, &degrees, err);
    if (status != EB_OK) return status;
    eb_wkb_begin(&walk, degrees);
    while (eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_LINE || part.count < 2) continue;
        if (!eb_array_reserve(lengths_m, capacity, *count + part.count - 1, sizeof **lengths_m)) return eb_error_memory(err);
        status = eb_geodesic_edges(&measure->geodesic, &part, *lengths_m + *count, err);
        if (status != EB_OK) return status;
        *count += part.count - 1;
    }
    return eb_wkb_bad(&walk) ? broken_bytes(err) : EB_OK;
}
