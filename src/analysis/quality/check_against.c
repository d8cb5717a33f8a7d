/* A layer held against another one: the region it should lie in, and outlines that show a web-map frame. */
#include "analysis/quality/check.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double metres_a_degree = 111195;

/* Another layer in the CRS of the one that is checked. */
static eb_status read_other(const char *name, const eb_crs *crs, eb_layer **out, eb_error *err)
{
    eb_source *source = NULL;
    eb_transform *transform = NULL;
    eb_status status = eb_source_open(name, NULL, &source, err);
    if (!status) status = eb_layer_read(source, NULL, out, err);
    const eb_schema *schema = status ? NULL : eb_layer_schema(*out);
    if (!status && schema->crs && crs && !eb_crs_same(schema->crs, crs))
        status = eb_transform_new(schema->crs, crs, NULL, NULL, &transform, err);
    for (size_t b = 0; !status && transform && b < eb_layer_batch_count(*out); b++) {
        eb_batch *batch = eb_layer_batch_edit(*out, b);
        for (size_t i = 0; !status && i < batch->count; i++) {
            size_t size = 0;
            uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
            if (bytes) status = eb_transform_wkb(transform, bytes, size, err);
        }
    }
    eb_transform_free(transform);
    eb_source_free(source);
    if (status) {
        eb_layer_free(*out);
        *out = NULL;
    }
    return status;
}

static bool is_inside(const eb_layer *region, double x, double y)
{
    for (size_t b = 0; b < eb_layer_batch_count(region); b++) {
        const eb_batch *batch = eb_layer_batch_at(region, b);
        for (size_t i = 0; i < batch->count; i++) {
            double box[4];
            eb_wkb shape = eb_batch_shape_at(batch, i);
            if (!eb_wkb_bounds(shape, box) || x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
            if (eb_winds_around(shape, x, y)) return true;
        }
    }
    return false;
}

/* Points of a shape outside the region, and the first of them. */
static size_t count_outside(const eb_layer *region, eb_wkb shape, double *x, double *y)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t outside = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        for (size_t k = 0; k < part.count; k++) {
            double px, py;
            eb_wkb_xy(&part, k, &px, &py);
            if (is_inside(region, px, py)) continue;
            if (outside++ == 0) *x = px, *y = py;
        }
    }
    return outside;
}

eb_status eb_check_region(const eb_layer *layer, const char *region_name, eb_findings *findings, eb_error *err)
{
    eb_layer *region = NULL;
    const eb_schema *schema = eb_layer_schema(layer);
    eb_status status = read_other(region_name, schema->crs, &region, err);
    for (size_t b = 0; !status && b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            eb_wkb shape = eb_batch_shape_at(batch, i);
            double x = NAN, y = NAN;
            size_t all = eb_wkb_vertices(shape), outside = count_outside(region, shape, &x, &y);
            if (outside == 0) continue;
            eb_findings_add(findings, EB_FIND_OUTSIDE, schema->name, batch->fids[i], x, y,
                            outside == all ? "lies outside the region" : "reaches outside the region with %zu of %zu points", outside, all);
        }
    }
    eb_layer_free(region);
    return !status && findings->failed ? eb_error_memory(err) : status;
}

/* --- the frame -------------------------------------------------------------------------------------------------------------------------
 */

/* Segments of the reference outlines with an index, in degrees. */
typedef struct outlines {
    double *ends; /* 4 a segment */
    size_t count, capacity;
    eb_index *index;
    size_t *ids, ids_capacity;
} outlines;

static bool take_outlines(outlines *o, const eb_layer *layer)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            eb_wkb_walk walk;
            eb_wkb_part part;
            eb_wkb_begin(&walk, eb_batch_shape_at(batch, i));
            while (eb_wkb_next(&walk, &part)) {
                for (size_t k = 0; k + 1 < part.count; k++) {
                    if (!eb_array_reserve(&o->ends, &o->capacity, o->count + 1, 4 * sizeof *o->ends)) return false;
                    double *s = o->ends + 4 * o->count++;
                    eb_wkb_xy(&part, k, &s[0], &s[1]);
                    eb_wkb_xy(&part, k + 1, &s[2], &s[3]);
                }
            }
        }
    }
    return true;
}

static eb_status index_outlines(outlines *o, eb_error *err)
{
    double *boxes = malloc((o->count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t k = 0; k < o->count; k++) {
        const double *s = o->ends + 4 * k;
        const double box[4] = {fmin(s[0], s[2]), fmin(s[1], s[3]), fmax(s[0], s[2]), fmax(s[1], s[3])};
        memcpy(boxes + 4 * k, box, sizeof box);
    }
    eb_status status = eb_index_new(boxes, o->count, &o->index, err);
    free(boxes);
    return status;
}

/* Distance in metres to the nearest outline within 2.5 km, else 2,500. */
static double distance(outlines *o, double x, double y)
{
    const double reach = 0.025, limit = 2500;
    const double box[4] = {x - reach, y - reach, x + reach, y + reach};
    double aspect = cos(y * 0.017453292519943295), best = limit;
    size_t count = 0;
    if (eb_index_query(o->index, box, &o->ids, &o->ids_capacity, &count, NULL)) return limit;
    for (size_t k = 0; k < count; k++) {
        const double *s = o->ends + 4 * o->ids[k];
        double ax = (s[0] - x) * aspect, ay = s[1] - y, bx = (s[2] - x) * aspect, by = s[3] - y, dx = bx - ax, dy = by - ay;
        double length = dx * dx + dy * dy, t = length > 0 ? -(ax * dx + ay * dy) / length : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        best = fmin(best, metres_a_degree * hypot(ax + t * dx, ay + t * dy));
    }
    return best;
}

static int ascending(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

enum { SAMPLES = 2000 };

/* Places of the layer spread over its vertices. */
static size_t take_samples(const eb_layer *layer, double (*samples)[2])
{
    size_t all = 0, used = 0, at = 0;
    for (int pass = 0; pass < 2; pass++) {
        size_t stride = all / SAMPLES + 1;
        for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
            const eb_batch *batch = eb_layer_batch_at(layer, b);
            for (size_t i = 0; i < batch->count; i++) {
                eb_wkb_walk walk;
                eb_wkb_part part;
                eb_wkb_begin(&walk, eb_batch_shape_at(batch, i));
                while (eb_wkb_next(&walk, &part)) {
                    if (pass == 0) all += part.count;
                    for (size_t k = 0; pass && k < part.count; k++)
                        if (at++ % stride == 0 && used < SAMPLES) eb_wkb_xy(&part, k, &samples[used][0], &samples[used][1]), used++;
                }
            }
        }
    }
    return used;
}

/* Median distance from the outlines if the layer were in a frame; the median vector from there to its own numbers in metres. */
static double median_distance(outlines *o, double (*samples)[2], size_t count, eb_frame frame, double vector[2])
{
    double *distances = malloc(count * sizeof *distances), *east = malloc(count * sizeof *east), *north = malloc(count * sizeof *north);
    double median = INFINITY;
    for (size_t k = 0; distances && east && north && k < count; k++) {
        double x = samples[k][0], y = samples[k][1], tx = x, ty = y;
        if (frame != EB_FRAME_WGS84) eb_frame_convert(frame, EB_FRAME_WGS84, x, y, &tx, &ty);
        distances[k] = distance(o, tx, ty);
        east[k] = (x - tx) * cos(y * 0.017453292519943295) * metres_a_degree;
        north[k] = (y - ty) * metres_a_degree;
    }
    if (distances && east && north && count) {
        qsort(distances, count, sizeof *distances, ascending);
        qsort(east, count, sizeof *east, ascending);
        qsort(north, count, sizeof *north, ascending);
        median = distances[count / 2];
        vector[0] = east[count / 2];
        vector[1] = north[count / 2];
    }
    free(distances);
    free(east);
    free(north);
    return median;
}

static void judge_frame(outlines *o, const char *layer, double (*samples)[2], size_t count, eb_findings *findings)
{
    static const char *const names[] = {"wgs84", "gcj02", "bd09"};
    double plain, vector[2] = {0, 0}, best = INFINITY, best_vector[2] = {0, 0};
    eb_frame frame = EB_FRAME_WGS84;
    plain = median_distance(o, samples, count, EB_FRAME_WGS84, vector);
    for (int f = EB_FRAME_GCJ02; f <= EB_FRAME_BD09; f++) {
        double median = median_distance(o, samples, count, (eb_frame)f, vector);
        if (median >= best) continue;
        best = median;
        frame = (eb_frame)f;
        memcpy(best_vector, vector, sizeof vector);
    }
    /* The layer must follow the outlines well in that frame, and far better than as it is. */
    if (best > 150 || best * 3 > plain) return;
    eb_findings_add(
        findings, EB_FIND_FRAME, layer, EB_NO_FID, samples[0][0], samples[0][1],
        "looks to be in frame %s: shifted by %.0f m east and %.0f m north; %.0f m from the outlines as it is, %.0f m without the shift",
        names[frame], best_vector[0], best_vector[1], plain, best);
}

eb_status eb_check_frame(const eb_layer *layer, const char *reference_name, eb_findings *findings, eb_error *err)
{
    const eb_schema *schema = eb_layer_schema(layer);
    if (!schema->crs || eb_crs_info_get(schema->crs)->kind != EB_CRS_GEOGRAPHIC) return EB_OK;
    eb_layer *reference = NULL;
    outlines o = {0};
    double(*samples)[2] = calloc(SAMPLES, sizeof *samples);
    eb_status status = samples ? read_other(reference_name, schema->crs, &reference, err) : eb_error_memory(err);
    if (!status && !take_outlines(&o, reference)) status = eb_error_memory(err);
    if (!status) status = index_outlines(&o, err);
    size_t count = status ? 0 : take_samples(layer, samples);
    if (!status && count) judge_frame(&o, schema->name, samples, count, findings);
    eb_index_free(o.index);
    free(o.ids);
    free(o.ends);
    free(samples);
    eb_layer_free(reference);
    return !status && findings->failed ? eb_error_memory(err) : status;
}
