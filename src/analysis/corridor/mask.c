/*
 * Other layers that take part: the boundary to clip to, the exclusions and the counts to share out, brought into the plane.
 */
#include "analysis/corridor/run.h"

#include "base/array.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>

/* A layer on its way into the plane. */
typedef struct intake {
    eb_corridor_run *run;
    const eb_schema *schema;
    eb_corridor_frame frame;
    int field; /* with the count to share out, -1: none wanted */
    eb_shape **shapes;
    double *values; /* counts */
    int64_t *fids;
    size_t count, capacity, value_capacity, fid_capacity;
} intake;

/* Metres from the middle of the plane past which shapes no longer mean what they say: 140 degrees of the way round. */
static const double far_m = 1.2e7;

static void record(const intake *in, eb_event event, int64_t fid, double before, double after, const char *reason)
{
    eb_diagnosis_add(in->run->space->diagnosis, event, in->schema->name, fid, NAN, NAN, before, after, reason);
}

/* Why a shape cannot be used before it is looked at closely, or NULL. */
static const char *unusable(eb_wkb wkb)
{
    if (!eb_wkb_ok(wkb)) return N_("a coordinate is not a number");
    return eb_wkb_dimension(wkb) == 2 ? NULL : N_("not a polygon");
}

static bool too_far(const intake *in, const eb_shape *shape)
{
    double box[4];
    if (!eb_shape_bounds(in->run->geos, shape, box)) return false;
    return fmax(fmax(fabs(box[0]), fabs(box[2])), fmax(fabs(box[1]), fabs(box[3]))) > far_m;
}

/* A valid shape; *shape becomes NULL where it cannot be repaired. */
static eb_status make_valid(const intake *in, int64_t fid, eb_shape **shape, eb_error *err)
{
    eb_geos *geos = in->run->geos;
    eb_shape *repaired = NULL;
    char reason[256];
    if (eb_shape_valid(geos, *shape, reason, sizeof reason, NULL, NULL)) return EB_OK;
    double before = eb_shape_area(geos, *shape);
    eb_status status = eb_shape_repair(geos, *shape, &repaired, err);
    eb_shape_free(geos, *shape);
    *shape = repaired;
    if (status == EB_OK) record(in, EB_EVENT_REPAIRED, fid, before, eb_shape_area(geos, repaired), reason);
    if (status == EB_REFUSED) record(in, EB_EVENT_REJECTED, fid, NAN, NAN, reason);
    return status == EB_REFUSED ? EB_OK : status;
}

/* The feature's shape in the plane, repaired if need be; NULL where it cannot be used. */
static eb_status bring_in(const intake *in, eb_wkb wkb, int64_t fid, eb_shape **out, eb_error *err)
{
    *out = NULL;
    if (wkb.size == 0 || (eb_wkb_ok(wkb) && eb_wkb_dimension(wkb) < 0)) {
        record(in, EB_EVENT_NULL, fid, NAN, NAN, "no geometry");
        return EB_OK;
    }
    if (unusable(wkb)) {
        record(in, EB_EVENT_REJECTED, fid, NAN, NAN, unusable(wkb));
        return EB_OK;
    }
    eb_status status = eb_corridor_shape_in(&in->frame, in->run->geos, wkb, in->run->ask.tolerance_m * EB_CORRIDOR_SHARE_OUT, out, err);
    if (status != EB_OK) {
        eb_error_where(err, in->schema->file, in->schema->name, fid);
        return status;
    }
    if (!too_far(in, *out)) return make_valid(in, fid, out, err);
    record(in, EB_EVENT_REJECTED, fid, NAN, NAN, "on the other side of the Earth from the lines");
    eb_shape_free(in->run->geos, *out);
    *out = NULL;
    return EB_OK;
}

/* The feature's count: false, and on record, where it has none that can be shared out. */
static bool count_of(const intake *in, const eb_batch *batch, size_t i, double *value)
{
    *value = 0;
    if (in->field < 0) return true;
    *value = eb_batch_is_null(batch, i, (size_t)in->field) ? NAN : eb_batch_real_at(batch, i, (size_t)in->field);
    if (isfinite(*value) && *value >= 0) return true;
    record(in, EB_EVENT_REJECTED, batch->fids[i], NAN, NAN, isnan(*value) ? "no count to share out" : "a negative count");
    return false;
}

static eb_status keep_shape(intake *in, eb_shape *shape_take, int64_t fid, double value, eb_error *err)
{
    if (!eb_array_reserve(&in->shapes, &in->capacity, in->count + 1, sizeof *in->shapes) ||
        !eb_array_reserve(&in->fids, &in->fid_capacity, in->count + 1, sizeof *in->fids) ||
        !eb_array_reserve(&in->values, &in->value_capacity, in->count + 1, sizeof *in->values)) {
        eb_shape_free(in->run->geos, shape_take);
        return eb_error_memory(err);
    }
    in->shapes[in->count] = shape_take;
    in->fids[in->count] = fid;
    in->values[in->count++] = value;
    return EB_OK;
}

static eb_status take_batch(intake *in, const eb_batch *batch, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
        eb_shape *shape = NULL;
        double value;
        if (!count_of(in, batch, i, &value)) continue;
        status = bring_in(in, eb_batch_shape_at(batch, i), batch->fids[i], &shape, err);
        if (status == EB_OK && shape) status = keep_shape(in, shape, batch->fids[i], value, err);
    }
    return status;
}

static eb_status read_mask(intake *in, eb_source *source, eb_error *err)
{
    eb_batch *batch = eb_batch_new(in->schema);
    if (!batch) return eb_error_memory(err);
    int64_t read = 0;
    eb_status status;
    while ((status = eb_source_next(source, batch, err)) == EB_OK && batch->count > 0) {
        read += (int64_t)batch->count;
        status = take_batch(in, batch, err);
        if (status == EB_OK) status = eb_env_check(in->run->env, err);
        if (status != EB_OK) break;
    }
    eb_diagnosis_count(in->run->space->diagnosis, in->schema->name, read, 0);
    eb_batch_free(batch);
    return status;
}

eb_status eb_corridor_check_weight(const char *layer, const char *field, eb_field_type type, eb_error *err)
{
    if (type == EB_FIELD_INTEGER || type == EB_FIELD_REAL) return EB_OK;
    return eb_error_set(err, EB_USAGE, "the field %s of the layer %s holds no numbers to share out", field, layer);
}

/* The field with the counts, if one is wanted: it must be there and hold numbers. */
static eb_status find_field(intake *in, const char *field, eb_error *err)
{
    in->field = -1;
    if (!field) return EB_OK;
    in->field = eb_schema_find(in->schema, field);
    if (in->field < 0) {
        eb_error_set(err, EB_USAGE, "the layer %s has no field %s", in->schema->name, field);
        eb_error_hint(err, "ecobelt info lists its fields");
        return EB_USAGE;
    }
    return eb_corridor_check_weight(in->schema->name, field, in->schema->fields[in->field].type, err);
}

/* Hand the polygons over as counts. */
static eb_status hand_over(intake *in, eb_corridor_counts *counts, eb_error *err)
{
    *counts = (eb_corridor_counts){.shapes = in->shapes, .values = in->values, .fids = in->fids, .count = in->count};
    in->shapes = NULL;
    in->values = NULL;
    in->fids = NULL;
    in->count = 0;
    for (size_t i = 0; i < counts->count; i++) counts->total += counts->values[i];
    return eb_corridor_counts_overlaps(in->run, in->schema->name, &in->frame, counts, err);
}

/* All polygons of a layer; with a field, as counts. The caller clears the intake, also after a failure. */
static eb_status take_in(intake *in, const char *name, const char *field, eb_corridor_counts *counts, eb_error *err)
{
    const char *const fields[] = {field, NULL};
    eb_read_options options = {.fields = fields};
    eb_corridor_run *run = in->run;
    eb_source *source = NULL;
    eb_status status = run->space->open(run->space->self, name, &options, &source, err);
    if (status != EB_OK) return status;
    in->schema = eb_source_schema(source);
    if (!in->schema->crs) status = eb_error_set(err, EB_REFUSED, "the layer %s has no CRS", in->schema->name);
    if (status == EB_OK) status = find_field(in, field, err);
    if (status == EB_OK)
        status = eb_corridor_frame_init(&in->frame, in->schema->crs, run->lines.geographic, &run->lines.plane, run->lines.box_deg, err);
    if (status == EB_OK) status = read_mask(in, source, err);
    if (status == EB_OK && in->count == 0) {
        status = eb_error_set(err, EB_REFUSED, "the layer %s has no polygon that can be used", in->schema->name);
        eb_error_hint(err, "clipping, erasing and sharing out counts need areas");
    }
    if (status == EB_OK && counts) status = hand_over(in, counts, err);
    eb_source_free(source);
    return status;
}

static void intake_clear(intake *in)
{
    for (size_t i = 0; i < in->count; i++) eb_shape_free(in->run->geos, in->shapes[i]);
    free(in->shapes);
    free(in->values);
    free(in->fids);
    eb_corridor_frame_clear(&in->frame);
}

eb_status eb_corridor_mask_read(eb_corridor_run *run, const char *name, eb_shape **out, eb_error *err)
{
    intake in = {.run = run};
    *out = NULL;
    eb_status status = take_in(&in, name, NULL, NULL, err);
    size_t count = in.count;
    if (status == EB_OK) {
        in.count = 0;
        status = eb_corridor_union(run->geos, in.shapes, count, 0, run->env, out, err);
    }
    intake_clear(&in);
    return status;
}

eb_status eb_corridor_counts_read(eb_corridor_run *run, const char *name, const char *field, eb_corridor_counts *out, eb_error *err)
{
    intake in = {.run = run};
    *out = (eb_corridor_counts){0};
    eb_status status = take_in(&in, name, field, out, err);
    intake_clear(&in);
    return status;
}
