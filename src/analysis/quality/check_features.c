/* What can be said of each feature by itself; batches go to threads, findings come back in order. */
#include "analysis/quality/check.h"

#include "base/pool.h"
#include "base/translate.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double degree = 0.017453292519943295;

typedef struct slot {
    const eb_batch *batch;
    eb_findings found;
    double *areas; /* measured areas of the batch where an area field is to be compared */
} slot;

typedef struct worker {
    eb_geos *geos;
    eb_measure *measure;
} worker;

typedef struct job {
    const eb_layer *layer;
    const eb_check_options *options;
    eb_findings *findings;
    size_t next;
    int area_field;
    bool official, geographic;
    int zone;      /* of a prefixed Gauss-Krüger CRS, else 0 */
    double *areas; /* of all features, NaN unknown */
} job;

static const char *layer_name(const job *j)
{
    return eb_layer_schema(j->layer)->name;
}

/* Scale of x against y in the layer's units, and metres a unit of y. */
static void scales(const job *j, double y, double *aspect, double *metres)
{
    *aspect = j->geographic ? cos(y * degree) : 1;
    *metres = j->geographic ? 111000 : 1;
}

/* A needle: two edges that run back on each other, both longer than a metre. */
static bool is_spike(const job *j, const eb_wkb_part *part, size_t a, size_t b, size_t c)
{
    double ax, ay, bx, by, cx, cy, aspect, metres;
    eb_wkb_xy(part, a, &ax, &ay);
    eb_wkb_xy(part, b, &bx, &by);
    eb_wkb_xy(part, c, &cx, &cy);
    scales(j, by, &aspect, &metres);
    double ux = (ax - bx) * aspect, uy = ay - by, vx = (cx - bx) * aspect, vy = cy - by;
    double u = hypot(ux, uy), v = hypot(vx, vy);
    if (u * metres < 1 || v * metres < 1) return false;
    /* within one degree of running back */
    return (ux * vx + uy * vy) / (u * v) > 0.99985;
}

static void look_for_spikes(const job *j, slot *s, size_t i, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_POLYGON || part.count < 4) continue;
        for (size_t b = 0; b + 1 < part.count; b++) {
            double x, y;
            if (!is_spike(j, &part, b ? b - 1 : part.count - 2, b, b + 1)) continue;
            eb_wkb_xy(&part, b, &x, &y);
            eb_findings_add(&s->found, EB_FIND_SPIKE, layer_name(j), s->batch->fids[i], x, y, "the outline runs out and back at one point");
            return;
        }
    }
}

static void look_at_size(const job *j, slot *s, worker *w, size_t i, eb_wkb shape)
{
    eb_size size;
    double perimeter, box[4];
    unsigned want = j->official && s->areas ? EB_WANT_OFFICIAL | EB_WANT_GEODESIC : EB_WANT_GEODESIC;
    if (!w->measure || eb_measure_area(w->measure, shape, want, &size, NULL)) return;
    if (s->areas) s->areas[i] = j->official ? size.official_m2 : size.geodesic_m2;
    if (eb_measure_length(w->measure, shape, &perimeter, NULL) || perimeter <= 0) return;
    double width = 2 * size.geodesic_m2 / perimeter;
    if (width >= j->options->sliver_width_m || !eb_wkb_bounds(shape, box)) return;
    eb_finding *found = eb_findings_add(&s->found, EB_FIND_SLIVER, layer_name(j), s->batch->fids[i], (box[0] + box[2]) / 2,
                                        (box[1] + box[3]) / 2, "%.2f m2, on average %.2f m wide", size.geodesic_m2, width);
    if (found) found->area_m2 = size.geodesic_m2;
}

static void look_at_zone(const job *j, slot *s, size_t i, eb_wkb shape)
{
    double box[4];
    if (!j->zone || !eb_wkb_bounds(shape, box)) return;
    int low = (int)floor(box[0] / 1e6), high = (int)floor(box[2] / 1e6);
    if (low == j->zone && high == j->zone) return;
    eb_findings_add(&s->found, EB_FIND_MIXED_ZONES, layer_name(j), s->batch->fids[i], box[0], box[1],
                    "easting begins with %d, the layer is in zone %d", low == j->zone ? high : low, j->zone);
}

static void look_at_shape(const job *j, slot *s, worker *w, size_t i)
{
    eb_wkb wkb = eb_batch_shape_at(s->batch, i);
    int64_t fid = s->batch->fids[i];
    eb_error err = {0};
    eb_shape *shape = NULL;
    if (wkb.size == 0 || eb_wkb_vertices(wkb) == 0) {
        eb_findings_add(&s->found, EB_FIND_NULL, layer_name(j), fid, NAN, NAN, wkb.size ? "the shape is empty" : "there is no shape");
        return;
    }
    if (eb_shape_read(w->geos, wkb, &shape, &err)) {
        eb_findings_add(&s->found, EB_FIND_INVALID, layer_name(j), fid, err.x, err.y, "%s", err.message);
        return;
    }
    char reason[160];
    double x, y;
    if (eb_geos_mended(w->geos)) {
        eb_findings_add(&s->found, EB_FIND_INVALID, layer_name(j), fid, NAN, NAN, "a ring or line is not closed or too short");
    } else if (!eb_shape_valid(w->geos, shape, reason, sizeof reason, &x, &y)) {
        eb_findings_add(&s->found, EB_FIND_INVALID, layer_name(j), fid, x, y, "%s", reason);
    } else if (eb_wkb_dimension(wkb) == 2) {
        look_at_size(j, s, w, i, wkb);
        look_for_spikes(j, s, i, wkb);
    }
    look_at_zone(j, s, i, wkb);
    eb_shape_free(w->geos, shape);
}

static eb_status produce(void *user, void *item, bool *more, eb_error *err)
{
    job *j = user;
    slot *s = item;
    (void)err;
    *more = j->next < eb_layer_batch_count(j->layer);
    if (!*more) return EB_OK;
    s->batch = eb_layer_batch_at(j->layer, j->next++);
    s->areas = j->areas ? j->areas + s->batch->first : NULL;
    return EB_OK;
}

static eb_status work(void *user, void *state, void *item, eb_error *err)
{
    slot *s = item;
    for (size_t i = 0; i < s->batch->count; i++) look_at_shape(user, s, state, i);
    return s->found.failed ? eb_error_memory(err) : EB_OK;
}

static eb_status consume(void *user, void *item, eb_error *err)
{
    job *j = user;
    slot *s = item;
    for (size_t k = 0; k < s->found.count; k++) {
        const eb_finding *f = &s->found.list[k];
        eb_finding *copy = eb_findings_add(j->findings, f->kind, f->layer, f->fid, f->x, f->y, "%s", f->message);
        if (!copy) return eb_error_memory(err);
        copy->area_m2 = f->area_m2;
    }
    eb_findings_clear(&s->found);
    return EB_OK;
}

static eb_status open_worker(const job *j, worker *w, eb_error *err)
{
    const eb_crs *crs = eb_layer_schema(j->layer)->crs;
    eb_status status = eb_geos_new(&w->geos, err);
    if (!status && crs) status = eb_measure_new(crs, 0, &w->measure, err);
    return status;
}

static eb_status run_pool(job *j, const eb_env *env, eb_error *err)
{
    enum { SLOTS_A_WORKER = 3 };
    int threads = eb_env_threads(env);
    size_t count = threads > 1 ? (size_t)threads * SLOTS_A_WORKER : 1;
    slot *slots = calloc(count, sizeof *slots);
    worker *workers = calloc((size_t)threads, sizeof *workers);
    void **items = calloc(count, sizeof *items), **states = calloc((size_t)threads, sizeof *states);
    eb_status status = slots && workers && items && states ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; !status && i < count; i++) items[i] = &slots[i];
    for (int i = 0; !status && i < threads; i++) {
        status = open_worker(j, &workers[i], err);
        states[i] = &workers[i];
    }
    eb_pool_job pool = {j, produce, work, consume, items, count, states, threads};
    if (!status) status = eb_pool_run(&pool, env, err);
    for (size_t i = 0; slots && i < count; i++) eb_findings_clear(&slots[i].found);
    for (int i = 0; workers && i < threads; i++) {
        eb_measure_free(workers[i].measure);
        eb_geos_free(workers[i].geos);
    }
    free(slots);
    free(workers);
    free(items);
    free(states);
    return status;
}

/* --- attributes ---------------------------------------------------------------------------------------------------------------------- */

static bool is_blank(const eb_batch *batch, size_t i, size_t f)
{
    if (eb_batch_is_null(batch, i, f)) return true;
    return batch->schema->fields[f].type == EB_FIELD_TEXT && eb_batch_text_at(batch, i, f)[0] == '\0';
}

/* A field that is null throughout or in part: one finding a field, at the first feature. */
static void look_at_nulls(const job *j, size_t f)
{
    int64_t count = 0, first = EB_NO_FID;
    for (size_t b = 0; b < eb_layer_batch_count(j->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(j->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            if (!is_blank(batch, i, f)) continue;
            if (count++ == 0) first = batch->fids[i];
        }
    }
    if (count == 0) return;
    eb_findings_add(j->findings, EB_FIND_ATTRIBUTE_NULL, layer_name(j), first, NAN, NAN,
                    "field \"%s\" is null in %" PRId64 " of %zu features, first in this one", eb_layer_schema(j->layer)->fields[f].name,
                    count, eb_layer_count(j->layer));
}

static eb_status look_at_attributes(const job *j, eb_error *err)
{
    const eb_schema *schema = eb_layer_schema(j->layer);
    const char *const *required = j->options->required;
    for (size_t f = 0; !required && f < schema->field_count; f++) look_at_nulls(j, f);
    for (size_t k = 0; required && required[k]; k++) {
        int f = eb_schema_find(schema, required[k]);
        if (f < 0) {
            eb_error_set(err, EB_USAGE, "layer has no field \"%s\"", required[k]);
            eb_error_where(err, schema->file, schema->name, EB_NO_FID);
            return EB_USAGE;
        }
        look_at_nulls(j, (size_t)f);
    }
    return EB_OK;
}

/* Square metres in the unit that most of the field's values agree with. */
static double area_unit(const job *j)
{
    static const double units[] = {1, 1e4, 2000.0 / 3, 1e6};
    double best = 1;
    int64_t most = -1;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        int64_t agree = 0;
        for (size_t b = 0; b < eb_layer_batch_count(j->layer); b++) {
            const eb_batch *batch = eb_layer_batch_at(j->layer, b);
            for (size_t i = 0; i < batch->count; i++) {
                double area = j->areas[(size_t)batch->first + i], said = eb_batch_real_at(batch, i, (size_t)j->area_field) * units[u];
                agree += fabs(said - area) <= 0.2 * area;
            }
        }
        if (agree <= most) continue;
        most = agree;
        best = units[u];
    }
    return best;
}

/* Areas in the table against the shapes: wrong beyond 0.1 %, or the rounding of the value. */
static void compare_areas(const job *j)
{
    double unit = area_unit(j), rounding = unit == 1 ? 0.51 : unit == 1e6 ? 5100 : 0.00051 * unit;
    for (size_t b = 0; b < eb_layer_batch_count(j->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(j->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            double area = j->areas[(size_t)batch->first + i], said = eb_batch_real_at(batch, i, (size_t)j->area_field) * unit, box[4];
            if (isnan(area) || isnan(said) || fabs(said - area) <= fmax(rounding, 1e-3 * area)) continue;
            if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), box)) continue;
            eb_finding *found =
                eb_findings_add(j->findings, EB_FIND_AREA, layer_name(j), batch->fids[i], (box[0] + box[2]) / 2, (box[1] + box[3]) / 2,
                                "the table says %.2f m2, the shape has %.2f m2 (%+.3f %%)", said, area, (said - area) / area * 100);
            if (found) found->area_m2 = area;
        }
    }
}

static eb_status find_area_field(job *j, eb_error *err)
{
    const eb_schema *schema = eb_layer_schema(j->layer);
    j->area_field = -1;
    if (!j->options->area_field) return EB_OK;
    j->area_field = eb_schema_find(schema, j->options->area_field);
    bool number = j->area_field >= 0 &&
                  (schema->fields[j->area_field].type == EB_FIELD_REAL || schema->fields[j->area_field].type == EB_FIELD_INTEGER);
    if (!number || !schema->crs) {
        if (!schema->crs)
            eb_error_set(err, EB_USAGE, "areas cannot be compared: the layer has no CRS");
        else
            eb_error_set(err, EB_USAGE, "layer has no %s \"%s\"", j->area_field < 0 ? _("field") : _("number in field"),
                         j->options->area_field);
        eb_error_where(err, schema->file, schema->name, EB_NO_FID);
        return EB_USAGE;
    }
    j->areas = malloc((eb_layer_count(j->layer) + 1) * sizeof *j->areas);
    if (!j->areas) return eb_error_memory(err);
    for (size_t i = 0; i < eb_layer_count(j->layer); i++) j->areas[i] = NAN;
    return EB_OK;
}

eb_status eb_check_features(const eb_layer *layer, const eb_check_options *options, const eb_env *env, eb_findings *findings, eb_error *err)
{
    job j = {.layer = layer, .options = options, .findings = findings};
    const eb_schema *schema = eb_layer_schema(layer);
    const eb_crs_info *info = schema->crs ? eb_crs_info_get(schema->crs) : NULL;
    j.geographic = info && info->kind == EB_CRS_GEOGRAPHIC;
    j.zone = info && info->kind == EB_CRS_GAUSS_KRUGER && info->prefixed ? info->zone : 0;
    j.official = info && info->datum != EB_DATUM_OTHER;
    eb_status status = find_area_field(&j, err);
    if (!status && !schema->tabular) status = run_pool(&j, env, err);
    if (!status) status = look_at_attributes(&j, err);
    if (!status && j.areas) compare_areas(&j);
    free(j.areas);
    if (!status && findings->failed) status = eb_error_memory(err);
    return status;
}
