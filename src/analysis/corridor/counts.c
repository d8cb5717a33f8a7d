/*
 * Counts shared out by area: what a polygon counts is taken to be spread evenly over it, so a corridor has of it the share of its area.
 */
#include "analysis/corridor/run.h"

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

void eb_corridor_counts_clear(eb_corridor_run *run)
{
    for (size_t i = 0; i < run->counts.count; i++) eb_shape_free(run->geos, run->counts.shapes[i]);
    free(run->counts.shapes);
    free(run->counts.values);
    run->counts = (eb_corridor_counts){0};
}
