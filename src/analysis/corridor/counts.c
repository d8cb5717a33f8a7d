/*
 * Counts shared out by area: what a polygon counts is taken to be spread evenly over it, so a corridor has of it the share of its area.
 */
#include "analysis/corridor/run.h"

#include "base/text.h"
#include "base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { PIECE_VERTICES = 128 };

/* A corridor in pieces, for many overlays with small shapes. */
typedef struct pieces {
    eb_geos *geos;
    eb_shape **shapes;
    size_t count;
    eb_index *index;
    size_t *ids, id_capacity, id_count;
} pieces;

static void pieces_clear(pieces *p)
{
    for (size_t i = 0; i < p->count; i++) eb_shape_free(p->geos, p->shapes[i]);
    free(p->shapes);
    free(p->ids);
    eb_index_free(p->index);
}

static eb_status pieces_init(pieces *p, eb_geos *geos, const eb_shape *shape, eb_error *err)
{
    *p = (pieces){.geos = geos};
    eb_status status = eb_shape_subdivide(geos, shape, PIECE_VERTICES, &p->shapes, &p->count, err);
    double *boxes = malloc((p->count + 1) * 4 * sizeof *boxes);
    if (status == EB_OK && !boxes) status = eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < p->count; i++) eb_shape_bounds(geos, p->shapes[i], boxes + 4 * i);
    if (status == EB_OK) status = eb_index_new(boxes, p->count, &p->index, err);
    free(boxes);
    return status;
}

/* Area that a shape shares with the pieces. */
static eb_status shared_area(pieces *p, const eb_shape *shape, double *area, eb_error *err)
{
    double box[4];
    eb_prepared *prepared = NULL;
    *area = 0;
    if (!eb_shape_bounds(p->geos, shape, box)) return EB_OK;
    eb_status status = eb_index_query(p->index, box, &p->ids, &p->id_capacity, &p->id_count, err);
    if (status == EB_OK) status = eb_prepared_new(p->geos, shape, &prepared, err);
    for (size_t i = 0; status == EB_OK && i < p->id_count; i++) {
        const eb_shape *piece = p->shapes[p->ids[i]];
        eb_shape *both = NULL;
        bool contains = false;
        status = eb_prepared_relate(p->geos, prepared, piece, EB_REL_CONTAINS_PROPERLY, &contains, err);
        if (contains) {
            *area += eb_shape_area(p->geos, piece);
        } else if (status == EB_OK) {
            status = eb_shape_overlay(p->geos, shape, piece, EB_OP_INTERSECTION, &both, err);
            if (status == EB_OK) *area += eb_shape_area(p->geos, both);
            eb_shape_free(p->geos, both);
        }
    }
    eb_prepared_free(p->geos, prepared);
    return status;
}

eb_status eb_corridor_counts_in(eb_corridor_run *run, const eb_shape *shape, double *sum, eb_error *err)
{
    pieces p = {.geos = run->geos};
    *sum = 0;
    if (eb_shape_empty(run->geos, shape)) return EB_OK;
    eb_status status = pieces_init(&p, run->geos, shape, err);
    for (size_t i = 0; status == EB_OK && i < run->counts.count; i++) {
        double shared, whole = eb_shape_area(run->geos, run->counts.shapes[i]);
        status = eb_env_check(run->env, err);
        if (status == EB_OK) status = shared_area(&p, run->counts.shapes[i], &shared, err);
        if (status == EB_OK && whole > 0) *sum += run->counts.values[i] * fmin(shared / whole, 1);
    }
    pieces_clear(&p);
    return status;
}

/* --- polygons that overlap ------------------------------------------------------------------------------------------------------- */

/* The search for pairs that overlap. */
typedef struct overlaps {
    eb_corridor_run *run;
    const char *layer;
    const eb_corridor_frame *frame;
    eb_corridor_counts *counts;
    eb_index *index;
    double *boxes, *areas_m2;
    size_t *ids, id_capacity, id_count;
} overlaps;

/* What two polygons share goes on record, at a place inside it. */
static eb_status tell_overlap(const overlaps *o, size_t i, size_t j, const eb_shape *both, double area_m2, eb_error *err)
{
    const eb_corridor_counts *counts = o->counts;
    double x_m, y_m, x = NAN, y = NAN;
    eb_status status = eb_shape_point_inside(o->run->geos, both, &x_m, &y_m, err);
    if (status == EB_OK) status = eb_corridor_from_plane(o->frame, x_m, y_m, &x, &y, err);
    if (status != EB_OK) return status;
    eb_string text = {0};
    eb_string_addf(&text,
                   _("overlaps feature %" PRId64 " by %.6f km2, where both count (%.6g and %.6g, of %.10g and %.10g, spread evenly)"),
                   counts->fids[j], area_m2 / 1e6, counts->values[i] * area_m2 / o->areas_m2[i],
                   counts->values[j] * area_m2 / o->areas_m2[j], counts->values[i], counts->values[j]);
    eb_diagnosis_add(o->run->space->diagnosis, EB_EVENT_NOTE, o->layer, counts->fids[i], x, y, NAN, NAN, eb_string_get(&text));
    eb_string_clear(&text);
    return EB_OK;
}

/* Neighbours whose common edge was drawn twice share slivers: what is nowhere wider than the tolerance is none of the polygons' doing. */
static eb_status compare_pair(overlaps *o, size_t i, size_t j, eb_error *err)
{
    eb_geos *geos = o->run->geos;
    eb_corridor_counts *counts = o->counts;
    eb_shape *meet = NULL, *both = NULL;
    bool thin = true;
    eb_status status = eb_shape_overlay(geos, counts->shapes[i], counts->shapes[j], EB_OP_INTERSECTION, &meet, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, meet, 2, &both, err);
    double area_m2 = status == EB_OK ? eb_shape_area(geos, both) : 0;
    if (status == EB_OK && area_m2 > 0) status = eb_corridor_is_thin(geos, both, o->run->ask.tolerance_m / 2, &thin, err);
    if (status == EB_OK && !thin) {
        counts->pairs++;
        counts->overlap_m2 += area_m2;
        counts->overlap_sum += area_m2 * (counts->values[i] / o->areas_m2[i] + counts->values[j] / o->areas_m2[j]);
        status = tell_overlap(o, i, j, both, area_m2, err);
    }
    eb_shape_free(geos, both);
    return status;
}

static eb_status overlaps_init(overlaps *o, eb_error *err)
{
    size_t count = o->counts->count;
    o->boxes = malloc((count + 1) * 4 * sizeof *o->boxes);
    o->areas_m2 = malloc((count + 1) * sizeof *o->areas_m2);
    if (!o->boxes || !o->areas_m2) return eb_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        o->areas_m2[i] = eb_shape_area(o->run->geos, o->counts->shapes[i]);
        eb_shape_bounds(o->run->geos, o->counts->shapes[i], o->boxes + 4 * i);
    }
    eb_index *index = NULL;
    eb_status status = eb_index_new(o->boxes, count, &index, err);
    o->index = index;
    return status;
}

eb_status eb_corridor_counts_overlaps(eb_corridor_run *run, const char *layer, const eb_corridor_frame *frame, eb_corridor_counts *counts,
                                      eb_error *err)
{
    overlaps o = {.run = run, .layer = layer, .frame = frame, .counts = counts};
    eb_status status = overlaps_init(&o, err);
    for (size_t i = 0; status == EB_OK && i < counts->count; i++) {
        if (!(o.areas_m2[i] > 0)) continue;
        status = eb_env_check(run->env, err);
        if (status == EB_OK) status = eb_index_query(o.index, o.boxes + 4 * i, &o.ids, &o.id_capacity, &o.id_count, err);
        for (size_t k = 0; status == EB_OK && k < o.id_count; k++) {
            if (o.ids[k] > i && o.areas_m2[o.ids[k]] > 0) status = compare_pair(&o, i, o.ids[k], err);
        }
    }
    eb_index_free(o.index);
    free(o.ids);
    free(o.boxes);
    free(o.areas_m2);
    return status;
}

void eb_corridor_counts_clear(eb_corridor_run *run)
{
    for (size_t i = 0; i < run->counts.count; i++) eb_shape_free(run->geos, run->counts.shapes[i]);
    free(run->counts.shapes);
    free(run->counts.values);
    free(run->counts.fids);
    run->counts = (eb_corridor_counts){0};
}
