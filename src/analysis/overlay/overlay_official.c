/*
 * Official areas of pieces: the feature's own, shared out in proportion, so that the pieces add up to what is on its title. What a
 * piece has of it is measured in the Gauss plane that the feature was measured in, so it does not matter what else is in the layer.
 */
#include "analysis/overlay/overlay.h"
#include "base/array.h"
#include "measure/small.h"

#include <math.h>
#include <stdlib.h>

/* The bytes of a shape of the plane, with the vertices that were there before as they came in. */
static eb_status restore(const eb_held *held, eb_overlay_worker *w, const eb_shape *shape, uint8_t **data, size_t *bytes, eb_error *err)
{
    eb_status status = eb_shape_write(w->geos, shape, data, bytes, err);
    return status == EB_OK ? eb_vertex_map_restore(&w->places, &held->places, w->projector, *data, *bytes, err) : status;
}

/* The feature as it came in, or as its repair left it. EB_REFUSED: out of the formula's reach. */
static eb_status measure(const eb_held *held, eb_overlay_worker *w, const eb_shape *shape, eb_size *size, eb_error *err)
{
    const unsigned want = EB_WANT_OFFICIAL | EB_WANT_GEODESIC;
    uint8_t *data = NULL;
    size_t bytes = 0;
    if (!shape) return eb_measure_area(w->measure, (eb_wkb){w->original, w->original_size}, want, size, err);
    eb_status status = restore(held, w, shape, &data, &bytes, err);
    if (status == EB_OK) status = eb_measure_area(w->measure, (eb_wkb){data, bytes}, want, size, err);
    free(data);
    return status;
}

/* What the pieces measure in the feature's own plane, to w->shares; *sum their sum. */
static eb_status measure_pieces(const eb_held *held, eb_overlay_worker *w, const eb_size *size, double *sum, eb_error *err)
{
    eb_status status = EB_OK;
    *sum = 0;
    for (size_t i = 0; i < w->piece_count && status == EB_OK; i++) {
        uint8_t *data = NULL;
        size_t bytes = 0;
        w->shares[i] = size->official_unrounded_m2;
        if (w->pieces[i].shape) {
            status = restore(held, w, w->pieces[i].shape, &data, &bytes, err);
            if (status == EB_OK) status = eb_measure_piece(w->measure, (eb_wkb){data, bytes}, size->zone, &w->shares[i], err);
            free(data);
        }
        *sum += w->shares[i];
    }
    return status;
}

static bool boxes_meet(const eb_overlay_worker *w, const eb_shape *a, const eb_shape *b)
{
    double p[4], q[4];
    eb_shape_bounds(w->geos, a, p);
    eb_shape_bounds(w->geos, b, q);
    return p[0] < q[2] && q[0] < p[2] && p[1] < q[3] && q[1] < p[3];
}

/* Do two pieces have land in common? Where all are shapes of their own and the feature is not covered, their sum does not tell. */
static eb_status share_land(const eb_overlay_worker *w, double noise, bool *found, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 1; i < w->piece_count && !*found; i++)
        for (size_t k = 0; k < i && status == EB_OK && !*found; k++) {
            eb_shape *both = NULL;
            if (!boxes_meet(w, w->pieces[i].shape, w->pieces[k].shape)) continue;
            status = eb_shape_overlay(w->geos, w->pieces[i].shape, w->pieces[k].shape, EB_OP_INTERSECTION, &both, err);
            if (status == EB_OK) *found = eb_shape_area(w->geos, both) > noise;
            eb_shape_free(w->geos, both);
        }
    return status;
}

static eb_status united(const eb_overlay_worker *w, double *m2, eb_error *err)
{
    eb_shape *all = NULL, **shapes = calloc(w->piece_count + 1, sizeof *shapes);
    if (!shapes) return eb_error_memory(err);
    for (size_t i = 0; i < w->piece_count; i++) shapes[i] = w->pieces[i].shape;
    eb_status status = eb_shape_union_all(w->geos, shapes, w->piece_count, &all, err);
    if (status == EB_OK) *m2 = eb_shape_area(w->geos, all);
    eb_shape_free(w->geos, all);
    free(shapes);
    return status;
}

/*
 * By how much the pieces count land again because shapes of the other layer overlap one another; 0: they do not. *open what no piece
 * covers. All in m2 of the overlay's plane.
 */
static eb_status counted_again(const eb_overlay_worker *w, double whole, double *again, double *open, eb_error *err)
{
    const double noise = 1e-9 * whole + 1e-6;
    double sum = 0, once = whole;
    bool all = false, rest = false, found = false;
    for (size_t i = 0; i < w->piece_count; i++) {
        sum += w->pieces[i].size;
        all = all || !w->pieces[i].shape;
        rest = rest || w->pieces[i].other == SIZE_MAX;
    }
    *again = 0;
    *open = whole - sum > noise ? whole - sum : 0;
    eb_status status = EB_OK;
    if (!all && !rest && *open > 0) {
        status = share_land(w, noise, &found, err);
        if (status != EB_OK || !found) return status;
    }
    if (*open > 0 || (sum > whole + noise && !all && !rest)) status = united(w, &once, err);
    if (sum - once > noise) *again = sum - once;
    return status;
}

static eb_status share_out(const eb_held *held, eb_overlay_worker *w, const eb_size *size, eb_overlay_sizes *sizes, eb_error *err)
{
    const size_t count = w->piece_count;
    double sum = 0, open = 0;
    if (!eb_array_reserve(&w->shares, &w->share_capacity, count + 1, sizeof *w->shares)) return eb_error_memory(err);
    eb_status status = measure_pieces(held, w, size, &sum, err);
    if (status == EB_OK) status = counted_again(w, sizes->whole, &sizes->again, &open, err);
    if (status != EB_OK) return status;
    if (sizes->again > 0) { /* pieces that overlap cannot add up to the feature: each has what it measures */
        for (size_t i = 0; i < count; i++) w->pieces[i].official_m2 = eb_half_up(100 * w->shares[i]) / 100;
        return EB_OK;
    }
    /* What no piece covers has its share, too: what the pieces leave of the feature. */
    w->shares[count] = size->official_unrounded_m2 - sum > 0 ? size->official_unrounded_m2 - sum : open;
    status = eb_share_official(size->official_m2, w->shares, open > 0 ? count + 1 : count, w->shares, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) w->pieces[i].official_m2 = w->shares[i];
    return status;
}

eb_status eb_overlay_official(const eb_held *held, eb_overlay_worker *w, const eb_shape *shape, eb_overlay_sizes *sizes, eb_error *err)
{
    eb_size size;
    eb_error why;
    eb_status status = measure(held, w, shape, &size, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK || !isfinite(size.official_m2)) return EB_OK;
    sizes->official_m2 = size.official_m2;
    sizes->geodesic_m2 = size.geodesic_m2;
    return share_out(held, w, &size, sizes, err);
}
