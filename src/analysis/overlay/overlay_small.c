/*
 * Pieces too small to keep, where they are to join others. A piece takes the attributes of the one it joins and keeps its land, so
 * the sizes of a feature's pieces add up to the same before and after. Where shapes of the second layer lie over one another pieces
 * do as well, and what two that join have in common is then there once less.
 */
#include "analysis/overlay/overlay.h"

#include <math.h>

/* The largest other piece that touches piece @p i; SIZE_MAX: none does. */
static eb_status neighbour(const eb_overlay_worker *w, size_t i, size_t *best, eb_error *err)
{
    eb_status status = EB_OK;
    *best = SIZE_MAX;
    for (size_t k = 0; k < w->piece_count && status == EB_OK; k++) {
        bool touches = false;
        if (k == i || !w->pieces[k].shape || (*best != SIZE_MAX && w->pieces[k].size <= w->pieces[*best].size)) continue;
        status = eb_shape_relate(w->geos, w->pieces[i].shape, w->pieces[k].shape, EB_REL_INTERSECTS, &touches, err);
        if (touches) *best = k;
    }
    return status;
}

static eb_status area_of(const eb_overlay_worker *w, const eb_piece *a, const eb_piece *b, eb_overlay_op op, eb_shape **shape, double *m2,
                         eb_error *err)
{
    eb_shape *all = NULL;
    eb_status status = eb_shape_overlay(w->geos, a->shape, b->shape, op, &all, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(w->geos, all, 2, shape, err);
    if (status == EB_OK) *m2 = eb_shape_area(w->geos, *shape);
    return status;
}

/* Both as one piece in the place of the larger. */
static eb_status join(eb_overlay_worker *w, const eb_piece *small, eb_piece *large, eb_overlay_sizes *sizes, eb_error *err)
{
    const double sum = small->size + large->size;
    eb_shape *joined = NULL, *both = NULL;
    double m2 = 0, twice = 0;
    eb_status status = area_of(w, small, large, EB_OP_UNION, &joined, &m2, err);
    if (status == EB_OK && sum - m2 > 1e-12 * sum) status = area_of(w, small, large, EB_OP_INTERSECTION, &both, &twice, err);
    eb_shape_free(w->geos, both);
    if (status != EB_OK) {
        eb_shape_free(w->geos, joined);
        return status;
    }
    sizes->residual += fabs(sum - twice - m2);
    sizes->joined_m2 += small->size;
    sizes->joined++;
    eb_shape_free(w->geos, large->shape);
    large->shape = joined;
    large->size = m2;
    return EB_OK;
}

static void remove_piece(eb_overlay_worker *w, size_t i)
{
    eb_shape_free(w->geos, w->pieces[i].shape);
    for (size_t k = i; k + 1 < w->piece_count; k++) w->pieces[k] = w->pieces[k + 1];
    w->piece_count--;
}

eb_status eb_overlay_merge_small(eb_overlay_worker *w, double below_m2, eb_overlay_sizes *sizes, eb_error *err)
{
    for (size_t i = 0; i < w->piece_count && w->piece_count > 1;) {
        size_t best = SIZE_MAX;
        eb_status status = EB_OK;
        if (w->pieces[i].shape && w->pieces[i].size < below_m2) status = neighbour(w, i, &best, err);
        if (status == EB_OK && best != SIZE_MAX) status = join(w, &w->pieces[i], &w->pieces[best], sizes, err);
        if (status != EB_OK) return status;
        if (best == SIZE_MAX)
            i++;
        else
            remove_piece(w, i);
    }
    return EB_OK;
}
