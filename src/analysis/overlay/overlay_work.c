/*
 * One feature of the first layer against the held one. Most features meet no border and are decided by the raster; of those that do,
 * the sum of trapezoids tells at once who merely touches; only real crossings are overlaid, each with a piece of the other that is
 * as small as can be, and every result is held against that sum.
 */
#include "analysis/overlay/overlay.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parts of the whole below which two shapes only touch, or one covers the other: rounding, not land. */
static const double touch = 1e-12;
/* The promise: what GEOS makes and what the sum of trapezoids says differ by no more than this part of the whole. */
static const double promise = 1e-9;

/* The piece of a held feature that serves for a box: its number among all pieces, SIZE_MAX where there is nothing. */
static size_t piece_for(const eb_held *held, size_t feature, const double box[4])
{
    size_t node = eb_cut_tree_find(&held->features[feature].tree, box);
    return node == SIZE_MAX ? SIZE_MAX : held->features[feature].first_piece + node;
}

/* That piece as a shape. Those of a large feature are read once a thread; a small one is read again, else many would fill the memory. */
static eb_status piece_shape(const eb_held *held, eb_overlay_worker *w, size_t feature, size_t piece, const eb_shape **out,
                             eb_shape **owned, eb_error *err)
{
    eb_shape **place = held->features[feature].tree.count > 1 ? &w->cache[piece] : owned;
    eb_status status = EB_OK;
    if (!*place) status = eb_shape_read(w->geos, (eb_wkb){held->pieces[piece].data, held->pieces[piece].size}, place, err);
    *out = *place;
    return status;
}

/* A piece that is still large is first clipped to somewhat more than the box: the clip costs less than what it saves. */
static eb_status local_shape(const eb_held *held, eb_overlay_worker *w, size_t feature, size_t piece, const double box[4],
                             const eb_shape **out, eb_shape **owned, eb_error *err)
{
    *owned = NULL;
    eb_status status = piece_shape(held, w, feature, piece, out, owned, err);
    if (status != EB_OK || *owned || held->pieces[piece].vertices <= 4 * held->tile_vertices) return status;
    double rim = 0.05 * fmax(box[2] - box[0], box[3] - box[1]);
    const double wider[4] = {box[0] - rim, box[1] - rim, box[2] + rim, box[3] + rim};
    if (eb_shape_clip(w->geos, *out, wider, owned, NULL) == EB_OK) *out = *owned;
    return EB_OK;
}

/* Area that the feature (in intake.rings) and a held piece have in common, without overlay. */
static eb_status common_area(const eb_held *held, eb_overlay_worker *w, size_t piece, double *area, eb_error *err)
{
    eb_status status = eb_rings_read(&w->other, (eb_wkb){held->pieces[piece].data, held->pieces[piece].size}, err);
    if (status != EB_OK) return status;
    *area = eb_rings_common_area(&w->common, &w->intake.rings, &w->other);
    return isnan(*area) ? eb_error_memory(err) : EB_OK;
}

/* The polygonal part of an overlay; *area its size. */
static eb_status areal(eb_overlay_worker *w, const eb_shape *a, const eb_shape *b, eb_overlay_op op, eb_shape **out, eb_error *err)
{
    eb_shape *all = NULL;
    eb_status status = eb_shape_overlay(w->geos, a, b, op, &all, err);
    return status == EB_OK ? eb_shape_keep_dimension(w->geos, all, 2, out, err) : status;
}

/* A feature being worked on. */
typedef struct job {
    const eb_overlay_wish *wish;
    eb_overlay_worker *w;
    eb_shape *shape;    /* the feature, made when first needed */
    eb_shape *rest;     /* what no held feature has had so far, but for the cutters; NULL while it is the whole */
    double rest_m2;     /* of it, where it is not the whole */
    eb_shape **cutters; /* held shapes that are still to be taken off */
    size_t cutter_count, cutter_capacity;
    double cutters_m2;     /* that they have of the feature, added up */
    eb_shape *left;        /* the whole less the first cutter, where that is known */
    double largest;        /* of the shared parts */
    bool none_left, plain; /* plain: rings are in intake.rings */
    eb_wkb bytes;
    double box[4];
    eb_overlay_sizes *sizes;
    eb_error *err;
} job;

static bool wants_shared(const job *j)
{
    return j->wish->shared || j->wish->claims;
}

static eb_status need_shape(job *j)
{
    return j->shape ? EB_OK : eb_shape_read(j->w->geos, j->bytes, &j->shape, j->err);
}

static double slack_of(const job *j)
{
    return promise * j->sizes->whole + 1e-6;
}

static void forget_cutters(job *j)
{
    for (size_t i = 0; i < j->cutter_count; i++) eb_shape_free(j->w->geos, j->cutters[i]);
    eb_shape_free(j->w->geos, j->left);
    j->left = NULL;
    j->cutter_count = 0;
    j->cutters_m2 = 0;
}

/* Take the cutters out of what is left, all at once: one by one, a feature cut by very many would be gone through as often. */
static eb_status subtract(job *j)
{
    eb_shape *all = NULL, *left = NULL;
    eb_status status = EB_OK;
    if (j->cutter_count == 0) return EB_OK;
    if (j->cutter_count == 1 && j->left) {
        left = j->left;
        j->left = NULL;
    } else {
        if (j->cutter_count > 1) status = eb_shape_union_all(j->w->geos, j->cutters, j->cutter_count, &all, j->err);
        if (status == EB_OK) status = areal(j->w, j->rest ? j->rest : j->shape, all ? all : j->cutters[0], EB_OP_DIFFERENCE, &left, j->err);
    }
    eb_shape_free(j->w->geos, all);
    forget_cutters(j);
    if (status != EB_OK) return status;
    eb_shape_free(j->w->geos, j->rest);
    j->rest = left;
    j->rest_m2 = eb_shape_area(j->w->geos, left);
    j->none_left = eb_shape_empty(j->w->geos, left);
    return EB_OK;
}

/* Keep a held shape to be taken off, @p owned and @p left are taken over. Only where they add up to what is left can it be all gone. */
static eb_status add_cutter(job *j, const eb_shape *local, eb_shape **owned, eb_shape **left, double size)
{
    if (!eb_array_reserve(&j->cutters, &j->cutter_capacity, j->cutter_count + 1, sizeof *j->cutters)) return eb_error_memory(j->err);
    eb_status status = *owned ? EB_OK : eb_shape_copy(j->w->geos, local, owned, j->err);
    if (status != EB_OK) return status;
    j->cutters[j->cutter_count++] = *owned;
    *owned = NULL;
    j->cutters_m2 += size;
    if (j->cutter_count == 1 && !j->rest) {
        j->left = *left;
        *left = NULL;
    }
    const double rest_m2 = j->rest ? j->rest_m2 : j->sizes->whole;
    return j->cutters_m2 >= rest_m2 * (1 - promise) ? subtract(j) : EB_OK;
}

/* Hold what both share against the sum of trapezoids, and where that is too dear against what the other leaves (then in *left). */
static eb_status prove(job *j, const eb_shape *local, double size, double expected, eb_shape **left)
{
    eb_status status = EB_OK;
    if (!isfinite(expected)) {
        status = areal(j->w, j->shape, local, EB_OP_DIFFERENCE, left, j->err);
        if (status != EB_OK) return status;
        expected = j->sizes->whole - eb_shape_area(j->w->geos, *left);
    }
    double gap = fabs(size - expected);
    j->sizes->residual += gap;
    if (gap <= slack_of(j)) return EB_OK;
    return eb_error_set(j->err, EB_INTERNAL, "overlay gave a size of %.17g where two shapes share %.17g", size, expected);
}

/* A real crossing: overlay, proven. @p expected what both share by the sum of trapezoids, NaN where it was not made. */
static eb_status cross(job *j, size_t feature, size_t piece, double expected)
{
    const eb_shape *local = NULL;
    eb_shape *owned = NULL, *both = NULL, *left = NULL;
    eb_status status = need_shape(j);
    if (status == EB_OK) status = local_shape(j->wish->held, j->w, feature, piece, j->box, &local, &owned, j->err);
    if (status == EB_OK) status = areal(j->w, j->shape, local, EB_OP_INTERSECTION, &both, j->err);
    double size = status == EB_OK ? eb_shape_area(j->w->geos, both) : 0;
    if (status == EB_OK) status = prove(j, local, size, expected, &left);
    if (status == EB_OK && size > touch * j->sizes->whole) {
        if (j->wish->rest && !j->none_left) status = add_cutter(j, local, &owned, &left, size);
        j->sizes->shared += size;
        j->largest = fmax(j->largest, size);
        if (status == EB_OK && wants_shared(j)) {
            status = eb_overlay_add_piece(j->w, feature, both, size, j->err);
            both = NULL;
        }
    }
    eb_shape_free(j->w->geos, both);
    eb_shape_free(j->w->geos, left);
    eb_shape_free(j->w->geos, owned);
    return status;
}

/* The whole feature lies in the held one. */
static eb_status swallow(job *j, size_t feature)
{
    j->none_left = true;
    j->sizes->shared += j->sizes->whole;
    j->largest = j->sizes->whole;
    eb_shape *copy = NULL;
    eb_status status = EB_OK;
    if (!wants_shared(j)) return EB_OK;
    if (!j->plain && j->shape) status = eb_shape_copy(j->w->geos, j->shape, &copy, j->err);
    return status == EB_OK ? eb_overlay_add_piece(j->w, feature, copy, j->sizes->whole, j->err) : status;
}

static eb_status meet(job *j, size_t feature)
{
    const eb_held *held = j->wish->held;
    size_t piece = piece_for(held, feature, j->box);
    if (piece == SIZE_MAX) return EB_OK;
    double expected = NAN;
    /* The sum costs the product of the vertices: where that is more than an overlay, it is left out. */
    if (j->plain && held->pieces[piece].vertices <= 8 * held->tile_vertices) {
        eb_status status = common_area(held, j->w, piece, &expected, j->err);
        if (status != EB_OK || expected <= touch * j->sizes->whole) return status;
        if (fabs(expected - j->sizes->whole) <= touch * j->sizes->whole) return swallow(j, feature);
    }
    return cross(j, feature, piece, expected);
}

/* What the shared parts cover: their sum, or where held shapes overlap one another the area of their union. NaN: they were not kept. */
static eb_status covered(job *j, double size, double *m2)
{
    eb_overlay_worker *w = j->w;
    eb_shape *all = NULL;
    *m2 = j->sizes->shared;
    if (*m2 + size <= j->sizes->whole + slack_of(j)) return EB_OK;
    *m2 = j->none_left && j->largest >= j->sizes->whole ? j->sizes->whole : NAN;
    if (isfinite(*m2) || !wants_shared(j) || w->piece_count == 0) return EB_OK;
    eb_shape **shapes = malloc(w->piece_count * sizeof *shapes);
    if (!shapes) return eb_error_memory(j->err);
    for (size_t i = 0; i < w->piece_count; i++) shapes[i] = w->pieces[i].shape ? w->pieces[i].shape : j->shape;
    eb_status status = eb_shape_union_all(w->geos, shapes, w->piece_count, &all, j->err);
    if (status == EB_OK) *m2 = eb_shape_area(w->geos, all);
    eb_shape_free(w->geos, all);
    free(shapes);
    return status;
}

/* The promise: what is shared, counted once, and what is left make up the whole. */
static eb_status conserve(job *j, double size)
{
    double shared_m2 = NAN;
    eb_status status = covered(j, size, &shared_m2);
    if (status != EB_OK) return status;
    /* Parts that overlap and were not kept: what is left lies between the whole less their sum and the whole less the largest. */
    const double low = j->sizes->whole - j->sizes->shared, high = j->sizes->whole - j->largest;
    const double gap = isfinite(shared_m2) ? fabs(j->sizes->whole - shared_m2 - size) : fmax(0, fmax(low - size, size - high));
    j->sizes->residual += gap;
    if (gap <= slack_of(j)) return EB_OK;
    return eb_error_set(j->err, EB_INTERNAL, "of a size of %.17g overlay left %.17g where %.17g are shared", j->sizes->whole, size,
                        j->sizes->shared);
}

static eb_status finish_rest(job *j)
{
    eb_shape *copy = NULL;
    if (!j->wish->rest) return EB_OK;
    eb_status status = j->none_left ? EB_OK : subtract(j);
    if (status != EB_OK) return status;
    double size = j->none_left ? 0 : j->rest ? j->rest_m2 : j->sizes->whole;
    status = conserve(j, size);
    if (status != EB_OK || size <= touch * j->sizes->whole) return status;
    j->sizes->rest = size;
    if (j->rest) {
        copy = j->rest;
        j->rest = NULL;
    } else if (!j->plain && j->shape) {
        status = eb_shape_copy(j->w->geos, j->shape, &copy, j->err);
    }
    return status == EB_OK ? eb_overlay_add_piece(j->w, SIZE_MAX, copy, size, j->err) : status;
}

static eb_status meet_all(job *j)
{
    const eb_held *held = j->wish->held;
    size_t count = 0;
    int32_t label = eb_grid_label(&held->grid, j->box);
    if (label == (int32_t)held->count) return EB_OK;
    if (label != EB_GRID_MIXED) return swallow(j, (size_t)label);
    eb_status status = eb_index_query(held->index, j->box, &j->w->ids, &j->w->id_capacity, &count, j->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        if (j->none_left && !wants_shared(j)) break;
        status = meet(j, j->w->ids[i]);
    }
    return status;
}

/* Keep the bytes as they came in: what is not cut goes out as it was. */
static eb_status keep_original(eb_overlay_worker *w, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb shape = eb_batch_shape_at(batch, i);
    if (!eb_array_reserve(&w->original, &w->original_capacity, shape.size + 1, 1)) return eb_error_memory(err);
    if (shape.size) memcpy(w->original, shape.data, shape.size);
    w->original_size = shape.size;
    return EB_OK;
}

static void forget_pieces(eb_overlay_worker *w)
{
    for (size_t i = 0; i < w->piece_count; i++) eb_shape_free(w->geos, w->pieces[i].shape);
    w->piece_count = 0;
}

static eb_status take(job *j, eb_batch *batch, size_t i, bool *taken)
{
    eb_status status = eb_intake_polygon(&j->w->intake, batch, i, taken, &j->shape, j->err);
    if (status != EB_OK || !*taken) return status;
    j->plain = !j->shape;
    j->bytes = eb_batch_shape_at(batch, i);
    if (j->plain) {
        j->sizes->whole = j->w->intake.rings.area;
        memcpy(j->box, j->w->intake.rings.box, sizeof j->box);
        return EB_OK;
    }
    j->sizes->whole = eb_shape_area(j->w->geos, j->shape);
    eb_shape_bounds(j->w->geos, j->shape, j->box);
    return EB_OK;
}

static eb_status claim_piece(job *j, const eb_piece *piece)
{
    eb_claims *all = j->w->claims;
    uint8_t *data = NULL;
    size_t size = j->bytes.size;
    eb_status status = piece->shape ? eb_shape_write(j->w->geos, piece->shape, &data, &size, j->err) : EB_OK;
    if (status != EB_OK) return status;
    const bool ok = eb_array_reserve(&all->list, &all->capacity, all->count + 1, sizeof *all->list) &&
                    eb_array_reserve(&all->bytes, &all->byte_capacity, all->byte_count + size, 1);
    if (ok) {
        memcpy(all->bytes + all->byte_count, data ? data : j->bytes.data, size);
        all->list[all->count++] = (eb_claim){piece->other, all->byte_count, size};
        all->byte_count += size;
    }
    free(data);
    return ok ? EB_OK : eb_error_memory(j->err);
}

/* What the feature covers of the second layer. Small pieces have not yet joined others by then: the land is claimed where it lies. */
static eb_status claim_shared(job *j)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < j->w->piece_count && status == EB_OK; i++)
        if (j->w->pieces[i].other != SIZE_MAX) status = claim_piece(j, &j->w->pieces[i]);
    return status;
}

/* Forget the shared parts: nothing may join a piece that is not written. */
static void drop_shared(eb_overlay_worker *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->piece_count; i++)
        if (w->pieces[i].other == SIZE_MAX)
            w->pieces[kept++] = w->pieces[i];
        else
            eb_shape_free(w->geos, w->pieces[i].shape);
    w->piece_count = kept;
}

/* The pieces of a polygon. */
static eb_status cut_up(job *j, eb_batch *batch, size_t i, bool *taken)
{
    eb_status status = take(j, batch, i, taken);
    if (status != EB_OK || !*taken) return status;
    status = meet_all(j);
    if (status == EB_OK) status = finish_rest(j);
    if (status == EB_OK && j->wish->claims) status = claim_shared(j);
    if (status == EB_OK && !j->wish->shared) drop_shared(j->w);
    if (status != EB_OK || !(j->wish->merge_below_m2 > 0)) return status;
    return eb_overlay_merge_small(j->w, j->wish->merge_below_m2, j->sizes, j->err);
}

/* The pieces of a line or of points. Lengths are geodesic, edge by edge; a line that cannot be measured keeps what the plane says. */
static eb_status cut_simple(job *j, eb_batch *batch, size_t i, bool *taken)
{
    eb_overlay_worker *w = j->w;
    size_t count = 0;
    eb_error why;
    eb_status measured = EB_REFUSED;
    if (j->wish->dimension == 1)
        measured = eb_measure_edges(w->measure, eb_batch_shape_at(batch, i), &w->lengths_m, &w->length_capacity, &count, &why);
    if (measured == EB_NO_MEMORY) return eb_error_memory(j->err);
    eb_status status = eb_intake_simple(&w->intake, batch, i, j->wish->dimension, taken, j->err);
    if (status != EB_OK || !*taken) return status;
    j->plain = true;
    j->bytes = eb_batch_shape_at(batch, i);
    return eb_overlay_simple(j->wish, w, j->bytes, measured == EB_OK ? w->lengths_m : NULL, j->sizes, j->err);
}

eb_status eb_overlay_feature(const eb_overlay_wish *wish, eb_overlay_worker *w, eb_batch *batch, size_t i, bool *taken,
                             eb_overlay_sizes *sizes, eb_error *err)
{
    job j = {.wish = wish, .w = w, .sizes = sizes, .err = err};
    *sizes = (eb_overlay_sizes){.official_m2 = NAN, .geodesic_m2 = NAN};
    forget_pieces(w);
    eb_vertex_map_reset(&w->places);
    eb_status status = keep_original(w, batch, i, err);
    if (status == EB_OK) status = wish->dimension == 2 ? cut_up(&j, batch, i, taken) : cut_simple(&j, batch, i, taken);
    if (status == EB_OK && *taken) {
        const bool official = w->measure && wish->dimension == 2 && w->piece_count > 0;
        bool cut = official && !j.plain;
        for (size_t k = 0; k < w->piece_count; k++) cut = cut || w->pieces[k].shape;
        if (cut && !eb_vertex_map_add(&w->places, j.bytes, (eb_wkb){w->original, w->original_size})) status = eb_error_memory(err);
        if (status == EB_OK && official) status = eb_overlay_official(wish->held, w, j.plain ? NULL : j.shape, sizes, err);
    }
    forget_cutters(&j);
    free(j.cutters);
    eb_shape_free(w->geos, j.shape);
    eb_shape_free(w->geos, j.rest);
    return status;
}
