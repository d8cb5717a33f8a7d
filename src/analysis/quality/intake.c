#include "analysis/quality/intake.h"
#include "analysis/quality/intake_parts.h"
#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void eb_intake_clear(eb_intake *intake)
{
    eb_rings_clear(&intake->rings);
    eb_rings_clear(&intake->pieces);
}

static void record(eb_intake *intake, eb_event event, int64_t fid, double x, double y, double before, double after, const char *reason)
{
    eb_diagnosis_add(intake->diagnosis, event, intake->schema->name, fid, x, y, before, after, reason);
}

/* A place in the plane as the layer would write it; NaN stays NaN. */
static void to_layer(const eb_intake *intake, double *x, double *y)
{
    if (isfinite(*x) && isfinite(*y) && eb_projector_inverse_point(intake->projector, x, y, NULL) == EB_OK) return;
    *x = *y = NAN;
}

static void reject(eb_intake *intake, int64_t fid, double x, double y, const char *reason)
{
    record(intake, EB_EVENT_REJECTED, fid, x, y, NAN, NAN, reason);
    if (intake->rejects && !eb_rejects_add(intake->rejects, intake->schema->name, fid, x, y, eb_translate(reason))) intake->failed = true;
}

/* First coordinate of a shape that is one, to say where it is. */
static void first_place(eb_wkb shape, double *x, double *y)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    *x = *y = NAN;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        for (size_t i = 0; i < part.count; i++) {
            eb_wkb_xy(&part, i, x, y);
            if (isfinite(*x) && isfinite(*y)) return;
        }
    }
    *x = *y = NAN;
}

static const char *const dimension_names[] = {N_("points"), N_("lines"), N_("polygons")};

/* What can be said before any coordinate is touched. */
static bool worth_taking(eb_intake *intake, eb_wkb shape, int64_t fid, int dimension)
{
    if (shape.size == 0) {
        record(intake, EB_EVENT_NULL, fid, NAN, NAN, NAN, NAN, "no geometry");
        return false;
    }
    double x, y;
    if (!eb_wkb_ok(shape)) {
        first_place(shape, &x, &y);
        reject(intake, fid, x, y, "the geometry is broken, or a coordinate is not a finite number");
        return false;
    }
    int found = eb_wkb_dimension(shape);
    if (found == dimension) return true;
    if (found < 0) {
        record(intake, EB_EVENT_NULL, fid, NAN, NAN, NAN, NAN, "empty geometry");
        return false;
    }
    char reason[80];
    first_place(shape, &x, &y);
    snprintf(reason, sizeof reason, _("holds %s where %s are worked on"), eb_translate(dimension_names[found]),
             eb_translate(dimension_names[dimension]));
    reject(intake, fid, x, y, reason);
    return false;
}

static void say_arcs(eb_intake *intake)
{
    if (intake->arcs_said) return;
    intake->arcs_said = true;
    eb_diagnosis_note(intake->diagnosis, intake->schema->name, "%s", eb_arcs_note);
}

/* Analysis is done in a plane: what its shapes had besides is gone from the result. */
static void say_flat(eb_intake *intake, eb_wkb shape)
{
    static const char *const notes[] = {N_("heights (Z) are not carried over to the result"),
                                        N_("measures (M) are not carried over to the result")};
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    if (!eb_wkb_next(&walk, &part)) return;
    const bool lost[] = {part.has_z, part.dims > 2u + (part.has_z ? 1u : 0u)};
    for (int i = 0; i < 2; i++) {
        if (!lost[i] || intake->flat_said[i]) continue;
        intake->flat_said[i] = true;
        eb_diagnosis_note(intake->diagnosis, intake->schema->name, "%s", notes[i]);
    }
}

/* Bring the bytes into the plane; false: they cannot be, and that is on record. */
static bool project(eb_intake *intake, eb_batch *batch, size_t i)
{
    size_t size = 0;
    eb_error why;
    double x, y;
    if (batch->chorded) say_arcs(intake);
    if (intake->flattens) say_flat(intake, eb_batch_shape_at(batch, i));
    first_place(eb_batch_shape_at(batch, i), &x, &y);
    uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
    if (eb_projector_wkb(intake->projector, bytes, size, &why) == EB_OK) return true;
    reject(intake, batch->fids[i], x, y, why.message);
    return false;
}

/* In the plane such a polygon would be turned inside out. */
static bool on_this_side(eb_intake *intake, eb_wkb shape, int64_t fid)
{
    double x, y;
    char reason[200];
    const eb_plane *plane = eb_projector_plane(intake->projector);
    if (!eb_projector_holds_far_side(intake->projector, shape)) return true;
    first_place(shape, &x, &y);
    snprintf(
        reason, sizeof reason,
        _("lies around the far side of the Earth (%.1f E %.1f N) from the plane's centre: cut it up, or work on layers nearer together"),
        remainder(plane->lon0_deg + 180, 360), -plane->lat0_deg);
    reject(intake, fid, x, y, reason);
    return false;
}

/* A shape that is not proven: GEOS judges it, and repairs it where it must. NULL in *out: rejected. */
static eb_status judge(eb_intake *intake, eb_wkb wkb, int64_t fid, eb_shape **out, eb_error *err)
{
    eb_shape *shape = NULL, *fixed = NULL;
    eb_error why;
    char reason[200];
    double x, y, first_x, first_y;
    eb_text_copy(reason, sizeof reason, _("a ring was left open or has too few points"));
    first_place(wkb, &first_x, &first_y);
    to_layer(intake, &first_x, &first_y);
    *out = NULL;
    eb_status status = eb_shape_read(intake->geos, wkb, &shape, &why);
    if (status == EB_REFUSED) {
        reject(intake, fid, first_x, first_y, why.message);
        return EB_OK;
    }
    if (status != EB_OK) return eb_error_memory(err);
    bool mended = eb_geos_mended(intake->geos);
    bool valid = eb_shape_valid(intake->geos, shape, mended ? NULL : reason, sizeof reason, &x, &y);
    if (valid && !mended) return eb_shape_keep_dimension(intake->geos, shape, 2, out, err);
    to_layer(intake, &x, &y);
    status = eb_shape_repair(intake->geos, shape, &fixed, &why);
    eb_shape_free(intake->geos, shape);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK) {
        reject(intake, fid, isfinite(x) ? x : first_x, isfinite(x) ? y : first_y, why.message);
        return EB_OK;
    }
    record(intake, EB_EVENT_REPAIRED, fid, isfinite(x) ? x : first_x, isfinite(x) ? y : first_y, intake->rings.area,
           eb_shape_area(intake->geos, fixed), reason);
    return eb_shape_keep_dimension(intake->geos, fixed, 2, out, err);
}

static eb_status outcome(const eb_intake *intake, eb_status status, eb_error *err)
{
    return status == EB_OK && intake->failed ? eb_error_memory(err) : status;
}

eb_status eb_intake_polygon(eb_intake *intake, eb_batch *batch, size_t i, bool *taken, eb_shape **large, eb_error *err)
{
    *taken = false;
    *large = NULL;
    eb_wkb wkb = eb_batch_shape_at(batch, i);
    const int64_t fid = batch->fids[i];
    if (!worth_taking(intake, wkb, fid, 2) || !on_this_side(intake, wkb, fid) || !project(intake, batch, i))
        return outcome(intake, EB_OK, err);
    eb_status status = eb_rings_read(&intake->rings, wkb, err);
    if (status != EB_OK) return status;
    bool small = intake->rings.points <= EB_INTAKE_LARGE;
    if (small && eb_rings_proven_valid(&intake->rings)) {
        *taken = true;
        return EB_OK;
    }
    status = judge(intake, wkb, fid, large, err);
    *taken = *large != NULL;
    return outcome(intake, status, err);
}

eb_status eb_intake_shape(eb_intake *intake, eb_batch *batch, size_t i, eb_shape **out, eb_error *err)
{
    bool taken = false;
    eb_status status = eb_intake_polygon(intake, batch, i, &taken, out, err);
    if (status != EB_OK || !taken || *out) return status;
    eb_shape *shape = NULL;
    status = eb_shape_read(intake->geos, eb_batch_shape_at(batch, i), &shape, err);
    return status == EB_OK ? eb_shape_keep_dimension(intake->geos, shape, 2, out, err) : status;
}

/* A line that is one place, in the plane: nothing can be cut, united or shared out of it. */
static bool long_enough(eb_intake *intake, eb_wkb line, int64_t fid, double x, double y)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, line);
    while (eb_wkb_next(&walk, &part))
        if (eb_part_has_length(&part)) return true;
    reject(intake, fid, x, y, "the line has no length");
    return false;
}

eb_status eb_intake_simple(eb_intake *intake, eb_batch *batch, size_t i, int dimension, bool *taken, eb_error *err)
{
    double x, y;
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    *taken = false;
    if (!worth_taking(intake, shape, batch->fids[i], dimension)) return outcome(intake, EB_OK, err);
    first_place(shape, &x, &y);
    *taken = project(intake, batch, i) && (dimension != 1 || long_enough(intake, shape, batch->fids[i], x, y));
    return outcome(intake, EB_OK, err);
}
