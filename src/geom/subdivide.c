#include "geom/geos.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Halvings below which a cell is not split further: a billionth of the first box a side. */
#define EB_SUBDIVIDE_DEPTH 60

typedef struct cutter {
    eb_geos *geos;
    const eb_shape *whole; /* clipping falls back to an overlay of this where GEOS's clip is not to be trusted */
    size_t max_vertices;
    eb_shape **pieces;
    size_t count, capacity;
    eb_error *err;
} cutter;

static eb_status keep_piece(cutter *c, eb_shape *piece_take)
{
    if (c->count == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 64;
        eb_shape **pieces = realloc(c->pieces, capacity * sizeof *pieces);
        if (!pieces) {
            eb_shape_free(c->geos, piece_take);
            return eb_error_memory(c->err);
        }
        c->pieces = pieces;
        c->capacity = capacity;
    }
    c->pieces[c->count++] = piece_take;
    return EB_OK;
}

static GEOSGeometry *rectangle(eb_geos *geos, const double box[4])
{
    return GEOSGeom_createRectangle_r(geos->handle, box[0], box[1], box[2], box[3]);
}

/* The part of @p shape in @p box by robust overlay. */
static eb_status clip_by_overlay(cutter *c, const eb_shape *shape, const double box[4], eb_shape **out)
{
    GEOSGeometry *cell = rectangle(c->geos, box);
    if (!cell) return eb_error_memory(c->err);
    eb_shape *cut = NULL;
    eb_status status = eb_shape_overlay(c->geos, shape, cell, EB_OP_INTERSECTION, &cut, c->err);
    GEOSGeom_destroy_r(c->geos->handle, cell);
    return status == EB_OK ? eb_shape_keep_dimension(c->geos, cut, 2, out, c->err) : status;
}

/* The fast clip; NULL in *out where GEOS gives up. */
static eb_status clip_fast(cutter *c, const eb_shape *shape, const double box[4], eb_shape **out)
{
    *out = NULL;
    GEOSGeometry *cut = GEOSClipByRect_r(c->geos->handle, shape, box[0], box[1], box[2], box[3]);
    return cut ? eb_shape_keep_dimension(c->geos, cut, 2, out, c->err) : EB_OK;
}

/* How far areas may differ after a cut: rounding of the sums, and of the new vertices at this distance from the origin. */
static double allowance(const double box[4])
{
    double width = box[2] - box[0], height = box[3] - box[1], far = 0;
    for (int i = 0; i < 4; i++) far = fmax(far, fabs(box[i]));
    return 1e-13 * width * height + 64 * DBL_EPSILON * far * (width + height);
}

static bool adds_up(cutter *c, const eb_shape *shape, eb_shape *const half[2], const double box[4])
{
    if (!half[0] || !half[1]) return false;
    double sum = eb_shape_area(c->geos, half[0]) + eb_shape_area(c->geos, half[1]);
    return fabs(sum - eb_shape_area(c->geos, shape)) <= allowance(box);
}

static eb_status halve(cutter *c, const eb_shape *shape, const double boxes[2][4], const double box[4], eb_shape *half[2])
{
    eb_status status = EB_OK;
    for (int i = 0; i < 2 && status == EB_OK; i++) status = clip_fast(c, shape, boxes[i], &half[i]);
    if (status != EB_OK || adds_up(c, shape, half, box)) return status;
    for (int i = 0; i < 2 && status == EB_OK; i++) {
        eb_shape_free(c->geos, half[i]);
        half[i] = NULL;
        status = clip_by_overlay(c, shape, boxes[i], &half[i]);
    }
    if (status == EB_OK && !adds_up(c, shape, half, box))
        status = eb_error_set(c->err, EB_INTERNAL, "cutting a shape in two changed its area");
    return status;
}

static void split_box(const double box[4], double boxes[2][4])
{
    int axis = box[2] - box[0] >= box[3] - box[1] ? 0 : 1;
    double middle = box[axis] + (box[axis + 2] - box[axis]) / 2;
    for (int i = 0; i < 4; i++) boxes[0][i] = boxes[1][i] = box[i];
    boxes[0][axis + 2] = middle;
    boxes[1][axis] = middle;
}

/* A piece small enough. GEOS's clip can leave one that is not valid: then it is cut out of the whole again, robustly. */
static eb_status finish_piece(cutter *c, eb_shape *piece_take, const double box[4])
{
    if (eb_shape_valid(c->geos, piece_take, NULL, 0, NULL, NULL)) return keep_piece(c, piece_take);
    eb_shape_free(c->geos, piece_take);
    eb_shape *again = NULL;
    eb_status status = clip_by_overlay(c, c->whole, box, &again);
    if (status == EB_OK && eb_shape_empty(c->geos, again)) {
        eb_shape_free(c->geos, again);
        return EB_OK;
    }
    return status == EB_OK ? keep_piece(c, again) : status;
}

static eb_status cut(cutter *c, eb_shape *shape_take, int depth)
{
    double box[4], boxes[2][4];
    if (!eb_shape_bounds(c->geos, shape_take, box)) {
        eb_shape_free(c->geos, shape_take);
        return EB_OK;
    }
    if (eb_shape_vertices(c->geos, shape_take) <= c->max_vertices || depth >= EB_SUBDIVIDE_DEPTH) return finish_piece(c, shape_take, box);
    split_box(box, boxes);
    eb_shape *half[2] = {NULL, NULL};
    eb_status status = halve(c, shape_take, (const double(*)[4])boxes, box, half);
    eb_shape_free(c->geos, shape_take);
    for (int i = 0; i < 2; i++) {
        if (status == EB_OK)
            status = cut(c, half[i], depth + 1);
        else
            eb_shape_free(c->geos, half[i]);
    }
    return status;
}

eb_status eb_shape_subdivide(eb_geos *geos, const eb_shape *shape, size_t max_vertices, eb_shape ***pieces, size_t *count, eb_error *err)
{
    *pieces = NULL;
    *count = 0;
    if (max_vertices < 16) return eb_error_set(err, EB_USAGE, "pieces of a shape need at least 16 vertices, not %zu", max_vertices);
    cutter c = {.geos = geos, .whole = shape, .max_vertices = max_vertices, .err = err};
    eb_shape *whole = NULL, *areal = NULL;
    eb_status status = eb_shape_copy(geos, shape, &whole, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, whole, 2, &areal, err);
    if (status == EB_OK) status = cut(&c, areal, 0);
    double sum = 0, area = eb_shape_area(geos, shape), box[4] = {0, 0, 0, 0};
    eb_shape_bounds(geos, shape, box);
    for (size_t i = 0; i < c.count; i++) sum += eb_shape_area(geos, c.pieces[i]);
    if (status == EB_OK && !(fabs(sum - area) <= 10 * allowance(box)))
        status = eb_error_set(err, EB_INTERNAL, "the pieces of a shape hold %.17g of its %.17g square units", sum, area);
    if (status != EB_OK) {
        for (size_t i = 0; i < c.count; i++) eb_shape_free(geos, c.pieces[i]);
        free(c.pieces);
        return status;
    }
    *pieces = c.pieces;
    *count = c.count;
    return EB_OK;
}
