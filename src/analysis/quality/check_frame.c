/* Is a layer in the frame of a web map? Trusted outlines tell, and by how much it is shifted against them. */
#include "analysis/quality/check_run.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double metres_a_degree = 111195, degree = 0.017453292519943295;
enum { SAMPLES = 2000, NEAR_M = 150 };

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

/* Distance in metres to the nearest outline within 2.5 km, else 2,500; the unit normal of that outline, 0 where there is none. */
static double distance(outlines *o, double x, double y, double normal[2])
{
    const double reach = 0.025, limit = 2500;
    const double box[4] = {x - reach, y - reach, x + reach, y + reach};
    double aspect = cos(y * degree), best = limit;
    size_t count = 0;
    normal[0] = normal[1] = 0;
    if (eb_index_query(o->index, box, &o->ids, &o->ids_capacity, &count, NULL)) return limit;
    for (size_t k = 0; k < count; k++) {
        const double *s = o->ends + 4 * o->ids[k];
        double ax = (s[0] - x) * aspect, ay = s[1] - y, bx = (s[2] - x) * aspect, by = s[3] - y, dx = bx - ax, dy = by - ay;
        double length = dx * dx + dy * dy, t = length > 0 ? -(ax * dx + ay * dy) / length : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const double nx = ax + t * dx, ny = ay + t * dy, here = metres_a_degree * hypot(nx, ny);
        if (here >= best) continue;
        best = here;
        normal[0] = here > 0 ? nx * metres_a_degree / here : 0;
        normal[1] = here > 0 ? ny * metres_a_degree / here : 0;
    }
    return best;
}

static int ascending(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* Every stride-th vertex; when there are too many, every other one of them, and twice the stride. */
eb_status eb_check_samples_take(eb_check_samples *samples, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    if (!samples->list && !(samples->list = calloc((size_t)2 * SAMPLES, sizeof *samples->list))) return eb_error_memory(err);
    if (samples->stride == 0) samples->stride = 1;
    eb_wkb_begin(&walk, eb_batch_shape_at(batch, i));
    while (eb_wkb_next(&walk, &part)) {
        for (; samples->skip < part.count; samples->skip += samples->stride) {
            if (samples->count == (size_t)2 * SAMPLES) {
                for (size_t k = 0; k < SAMPLES; k++) memcpy(samples->list[k], samples->list[2 * k], sizeof samples->list[k]);
                samples->count = SAMPLES;
                samples->stride *= 2;
            }
            double *place = samples->list[samples->count++];
            eb_wkb_xy(&part, samples->skip, &place[0], &place[1]);
        }
        samples->skip -= part.count;
    }
    return EB_OK;
}

/* Median distance from the outlines if the layer were in a frame; the median vector from there to its own numbers in metres. */
static double median_distance(outlines *o, double (*samples)[2], size_t count, eb_frame frame, double vector[2])
{
    double *distances = malloc(count * sizeof *distances), *east = malloc(count * sizeof *east), *north = malloc(count * sizeof *north);
    double median = INFINITY;
    for (size_t k = 0; distances && east && north && k < count; k++) {
        double x = samples[k][0], y = samples[k][1], tx = x, ty = y;
        if (frame != EB_FRAME_WGS84) eb_frame_convert(frame, EB_FRAME_WGS84, x, y, &tx, &ty);
        double normal[2];
        distances[k] = distance(o, tx, ty, normal);
        east[k] = (x - tx) * cos(y * degree) * metres_a_degree;
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

/* Distance of a sample from the outlines when a shift in metres is taken off it. */
static double distance_without(outlines *o, const double sample[2], const double shift[2], double normal[2])
{
    return distance(o, sample[0] - shift[0] / (metres_a_degree * cos(sample[1] * degree)), sample[1] - shift[1] / metres_a_degree, normal);
}

/* One step towards the lines, by least squares of the distances across them, of samples less than three medians away. */
static double improve_shift(outlines *o, double (*samples)[2], size_t count, double *distances, double shift[2])
{
    double xx = 0, xy = 0, yy = 0, px = 0, py = 0, n[2];
    for (size_t k = 0; k < count; k++) distances[k] = distance_without(o, samples[k], shift, n);
    qsort(distances, count, sizeof *distances, ascending);
    const double limit = fmin(2499, 3 * distances[count / 2] + 1);
    for (size_t k = 0; k < count; k++) {
        const double d = distance_without(o, samples[k], shift, n);
        if (d > limit) continue;
        xx += n[0] * n[0];
        xy += n[0] * n[1];
        yy += n[1] * n[1];
        px += n[0] * d;
        py += n[1] * d;
    }
    const double det = xx * yy - xy * xy;
    if (!(det > 1e-6 * (xx + yy) * (xx + yy))) return 0;
    const double dx = (yy * px - xy * py) / det, dy = (xx * py - xy * px) / det;
    shift[0] -= dx;
    shift[1] -= dy;
    return hypot(dx, dy);
}

/* The shift between the samples and the outlines as it is found, beginning with a guess. */
static void measure_shift(outlines *o, double (*samples)[2], size_t count, double shift[2])
{
    enum { ROUNDS = 12 };
    double *distances = malloc(count * sizeof *distances);
    for (int round = 0; distances && round < ROUNDS; round++)
        if (improve_shift(o, samples, count, distances, shift) < 0.01) break;
    free(distances);
}

/* @p first: a place of the layer in its own coordinates; @p tell: say also that nothing can be said. */
static void judge_frame(outlines *o, const char *layer, double (*samples)[2], size_t count, const double first[2], bool tell,
                        eb_findings *findings)
{
    static const char *const names[] = {"wgs84", "gcj02", "bd09"};
    double plain, vector[2] = {0, 0}, best = INFINITY, expected[2] = {0, 0}, measured[2];
    eb_frame frame = EB_FRAME_WGS84;
    plain = median_distance(o, samples, count, EB_FRAME_WGS84, vector);
    for (int f = EB_FRAME_GCJ02; f <= EB_FRAME_BD09; f++) {
        double median = median_distance(o, samples, count, (eb_frame)f, vector);
        if (median >= best) continue;
        best = median;
        frame = (eb_frame)f;
        memcpy(expected, vector, sizeof vector);
    }
    /* The layer must follow the outlines well in that frame, and far better than as it is. */
    if (best > NEAR_M || best * 3 > plain) {
        if (tell && plain > NEAR_M)
            eb_findings_add(
                findings, EB_FIND_NOTE, layer, EB_NO_FID, NAN, NAN,
                "whether it is in a web-map frame cannot be told: it does not follow the outlines (half its places are more than "
                "%.0f m from them as it is, %.0f m without the nearer frame); only boundaries that both layers have tell",
                plain, best);
        return;
    }
    memcpy(measured, expected, sizeof measured);
    measure_shift(o, samples, count, measured);
    eb_findings_add(
        findings, EB_FIND_FRAME, layer, EB_NO_FID, first[0], first[1],
        "looks to be in frame %s: measured shift %.0f m east, %.0f m north, that of the frame is %.0f and %.0f; %.0f m from the "
        "outlines as it is, %.0f m without the frame",
        names[frame], measured[0], measured[1], expected[0], expected[1], plain, best);
}

/* Samples in degrees; outlines are read in the same degrees. */
static eb_status to_degrees(const eb_crs *crs, const eb_crs *degrees, double (*samples)[2], size_t count, eb_error *err)
{
    eb_transform *transform = NULL;
    if (eb_crs_info_get(crs)->kind == EB_CRS_GEOGRAPHIC) return EB_OK;
    eb_status status = eb_transform_new(crs, degrees, NULL, NULL, &transform, err);
    if (!status) status = eb_transform_points(transform, &samples[0][0], &samples[0][1], 2, count, NULL, err);
    eb_transform_free(transform);
    return status;
}

eb_status eb_check_frame(const eb_check_samples *taken, eb_check_run *run, eb_error *err)
{
    const eb_schema *schema = run->schema;
    if (!schema->crs || taken->count == 0) {
        if (!run->options->reference_unasked)
            eb_findings_add(run->findings, EB_FIND_NOTE, schema->name, EB_NO_FID, NAN, NAN,
                            schema->crs ? "whether it is in a web-map frame cannot be told: it has no shapes"
                                        : "whether it is in a web-map frame cannot be told: it has no CRS");
        return EB_OK;
    }
    eb_layer *reference = NULL;
    eb_crs *degrees = NULL;
    outlines o = {0};
    double(*samples)[2] = malloc(taken->count * sizeof *samples);
    eb_status status = samples ? eb_crs_geographic(schema->crs, &degrees, err) : eb_error_memory(err);
    if (samples) memcpy(samples, taken->list, taken->count * sizeof *samples);
    if (!status) status = to_degrees(schema->crs, degrees, samples, taken->count, err);
    if (!status) status = eb_check_read_other(run->options->reference, degrees, &reference, err);
    if (!status && !take_outlines(&o, reference)) status = eb_error_memory(err);
    if (!status) status = index_outlines(&o, err);
    if (!status) judge_frame(&o, schema->name, samples, taken->count, taken->list[0], !run->options->reference_unasked, run->findings);
    eb_index_free(o.index);
    free(o.ids);
    free(o.ends);
    free(samples);
    eb_layer_free(reference);
    eb_crs_free(degrees);
    return !status && run->findings->failed ? eb_error_memory(err) : status;
}
