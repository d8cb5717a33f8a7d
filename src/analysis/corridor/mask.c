/*
 * Other layers that take part: the boundary to clip to and the exclusions, brought into the plane; and lengths inside the boundary.
 */
#include "analysis/corridor/run.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* A layer on its way into the plane. */
typedef struct intake {
    eb_corridor_run *run;
    const eb_schema *schema;
    eb_corridor_frame frame;
    eb_shape **shapes;
    size_t count, capacity;
} intake;

static void record(const intake *in, eb_event event, int64_t fid, double before, double after, const char *reason)
{
    eb_diagnosis_add(in->run->space->diagnosis, event, in->schema->name, fid, NAN, NAN, before, after, reason);
}

/* The feature's shape in the plane, repaired if need be; NULL where it cannot be used. */
static eb_status bring_in(const intake *in, eb_wkb wkb, int64_t fid, eb_shape **out, eb_error *err)
{
    eb_geos *geos = in->run->geos;
    *out = NULL;
    if (wkb.size == 0 || (eb_wkb_ok(wkb) && eb_wkb_dimension(wkb) < 0)) {
        record(in, EB_EVENT_NULL, fid, NAN, NAN, "no geometry");
        return EB_OK;
    }
    if (!eb_wkb_ok(wkb) || eb_wkb_dimension(wkb) != 2) {
        record(in, EB_EVENT_REJECTED, fid, NAN, NAN, eb_wkb_ok(wkb) ? "not a polygon" : "a coordinate is not a number");
        return EB_OK;
    }
    eb_shape *shape = NULL, *repaired = NULL;
    char reason[256];
    eb_status status = eb_corridor_shape_in(&in->frame, geos, wkb, in->run->ask.tolerance_m * EB_CORRIDOR_SHARE_OUT, &shape, err);
    if (status != EB_OK) {
        eb_error_where(err, in->schema->file, in->schema->name, fid);
        return status;
    }
    if (eb_shape_valid(geos, shape, reason, sizeof reason, NULL, NULL)) {
        *out = shape;
        return EB_OK;
    }
    double before = eb_shape_area(geos, shape);
    status = eb_shape_repair(geos, shape, &repaired, err);
    eb_shape_free(geos, shape);
    if (status == EB_REFUSED) {
        record(in, EB_EVENT_REJECTED, fid, NAN, NAN, reason);
        return EB_OK;
    }
    if (status == EB_OK) record(in, EB_EVENT_REPAIRED, fid, before, eb_shape_area(geos, repaired), reason);
    *out = repaired;
    return status;
}

static eb_status take_batch(intake *in, const eb_batch *batch, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i < batch->count; i++) {
        eb_shape *shape = NULL;
        status = bring_in(in, eb_batch_shape_at(batch, i), batch->fids[i], &shape, err);
        if (status != EB_OK || !shape) continue;
        if (!eb_array_reserve(&in->shapes, &in->capacity, in->count + 1, sizeof *in->shapes)) {
            eb_shape_free(in->run->geos, shape);
            return eb_error_memory(err);
        }
        in->shapes[in->count++] = shape;
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

eb_status eb_corridor_mask_read(eb_corridor_run *run, const char *name, eb_shape **out, eb_error *err)
{
    static const char *const no_fields[] = {NULL};
    eb_read_options options = {.fields = no_fields};
    eb_source *source = NULL;
    intake in = {.run = run};
    *out = NULL;
    eb_status status = run->space->open(run->space->self, name, &options, &source, err);
    if (status != EB_OK) return status;
    in.schema = eb_source_schema(source);
    if (!in.schema->crs) status = eb_error_set(err, EB_REFUSED, "the layer %s has no CRS", in.schema->name);
    if (status == EB_OK) status = eb_corridor_frame_init(&in.frame, in.schema->crs, run->lines.geographic, &run->lines.plane, NULL, err);
    if (status == EB_OK) status = read_mask(&in, source, err);
    if (status == EB_OK && in.count == 0) {
        status = eb_error_set(err, EB_REFUSED, "the layer %s has no polygon", in.schema->name);
        eb_error_hint(err, "clipping, erasing and weighting need areas");
    }
    size_t count = in.count;
    if (status == EB_OK) {
        in.count = 0;
        status = eb_corridor_union(run->geos, in.shapes, count, 0, run->env, out, err);
    }
    for (size_t i = 0; i < in.count; i++) eb_shape_free(run->geos, in.shapes[i]);
    free(in.shapes);
    eb_corridor_frame_clear(&in.frame);
    eb_source_free(source);
    return status;
}

/* --- lengths ----------------------------------------------------------------------------------------------------------------------- */

/* A feature's chains in the plane. */
static eb_status line_in_plane(eb_corridor_run *run, const eb_corridor_line *line, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTILINE, line->chain_count);
    for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) {
        const eb_corridor_chain *chain = &run->lines.chains[c];
        eb_corridor_add_head(&bytes, EB_SHAPE_LINE, chain->count);
        for (size_t i = chain->first; i < chain->first + chain->count; i++)
            eb_corridor_add_xy(&bytes, run->lines.xy[2 * i], run->lines.xy[2 * i + 1]);
    }
    double fine = fmin(run->ask.tolerance_m * EB_CORRIDOR_SHARE_LINE, 0.05);
    *out = NULL;
    eb_status status = bytes.failed ? eb_error_memory(err)
                                    : eb_corridor_shape_in(&run->lines.frame, run->geos, (eb_wkb){bytes.data, bytes.size}, fine, out, err);
    free(bytes.data);
    return status;
}

static eb_status length_of(eb_corridor_run *run, const eb_shape *shape, double *length_m, eb_error *err)
{
    eb_shape *inside = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = EB_OK;
    *length_m = 0;
    if (run->clip) status = eb_shape_overlay(run->geos, shape, run->clip, EB_OP_INTERSECTION, &inside, err);
    double fine = fmin(run->ask.tolerance_m * EB_CORRIDOR_SHARE_LINE, 0.05);
    if (status == EB_OK) status = eb_corridor_shape_out(&run->lines.frame, run->geos, inside ? inside : shape, fine, &data, &size, err);
    if (status == EB_OK && eb_wkb_dimension((eb_wkb){data, size}) == 1)
        status = eb_measure_length(run->measure, (eb_wkb){data, size}, length_m, err);
    eb_shape_free(run->geos, inside);
    free(data);
    return status;
}

/* Overlapping arcs once: the union of lines has every piece a single time. */
static eb_status length_once(eb_corridor_run *run, eb_shape *const *shapes, size_t group, double *length_m, eb_error *err)
{
    eb_shape **some = calloc(run->lines.line_count + 1, sizeof *some), *whole = NULL;
    if (!some) return eb_error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < run->lines.line_count; i++) {
        if (eb_corridor_chosen(&run->lines, (eb_corridor_choice){group, EB_CORRIDOR_ALL}, i)) some[count++] = shapes[i];
    }
    eb_status status = eb_shape_union_all(run->geos, some, count, &whole, err);
    if (status == EB_OK) status = length_of(run, whole, length_m, err);
    eb_shape_free(run->geos, whole);
    free(some);
    return status;
}

static eb_status add_up(eb_corridor_run *run, eb_shape *const *shapes, eb_error *err)
{
    size_t groups = run->lines.group_count;
    eb_status status = EB_OK;
    bool once = run->ask.once || run->lines.polygons; /* a boundary that two polygons share is one */
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count && !once; i++) {
        double length = 0;
        status = length_of(run, shapes[i], &length, err);
        run->lengths_m[run->lines.lines[i].group] += length;
        run->lengths_m[groups] += length;
    }
    if (!once) return status;
    for (size_t g = 0; status == EB_OK && g <= groups; g++)
        status = length_once(run, shapes, g < groups ? g : EB_CORRIDOR_ALL, &run->lengths_m[g], err);
    return status;
}

eb_status eb_corridor_lengths(eb_corridor_run *run, eb_error *err)
{
    eb_shape **shapes = calloc(run->lines.line_count + 1, sizeof *shapes);
    run->lengths_m = calloc(run->lines.group_count + 1, sizeof *run->lengths_m);
    eb_status status = shapes && run->lengths_m ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count; i++)
        status = line_in_plane(run, &run->lines.lines[i], &shapes[i], err);
    if (status == EB_OK) status = add_up(run, shapes, err);
    for (size_t i = 0; shapes && i < run->lines.line_count; i++) eb_shape_free(run->geos, shapes[i]);
    free(shapes);
    return status;
}
