/*
 * The pieces of a feature knitted together. Where features of the second layer overlap one another, their parts of a feature get vertices
 * on its edges that the land they lost has not: what is left of them borders on these edges from the other side, and has to have them.
 */
#include "analysis/overlay/overlay.h"
#include "analysis/overlay/plane_sink.h"
#include "base/array.h"

#include <stdlib.h>

/* Vertices of parts of held features. */
typedef struct places {
    eb_claim_corner *list;
    size_t count, capacity;
} places;

static bool add_places(places *p, size_t other, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (!eb_array_reserve(&p->list, &p->capacity, p->count + part.count, sizeof *p->list)) return false;
        for (size_t i = 0; i < part.count; i++) {
            eb_claim_corner *corner = &p->list[p->count++];
            corner->other = other;
            eb_wkb_xy(&part, i, &corner->xy[0], &corner->xy[1]);
        }
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const eb_claim_corner *p = a, *q = b;
    if (p->other != q->other) return p->other < q->other ? -1 : 1;
    if (p->xy[0] != q->xy[0]) return p->xy[0] < q->xy[0] ? -1 : 1;
    return p->xy[1] < q->xy[1] ? -1 : p->xy[1] > q->xy[1];
}

/* The vertices of a piece that the land claimed of its held feature has not. */
static eb_status add_corners(eb_overlay_worker *w, const places *known, const eb_piece *piece, places *own, eb_error *err)
{
    eb_claims *all = w->claims;
    uint8_t *data = NULL;
    size_t size = 0;
    own->count = 0;
    eb_status status = eb_shape_write(w->geos, piece->shape, &data, &size, err);
    if (status == EB_OK && !add_places(own, piece->other, (eb_wkb){data, size})) status = eb_error_memory(err);
    free(data);
    for (size_t i = 0; i < own->count && status == EB_OK; i++) {
        if (bsearch(&own->list[i], known->list, known->count, sizeof *known->list, by_place)) continue;
        if (!eb_array_reserve(&all->corners, &all->corner_capacity, all->corner_count + 1, sizeof *all->corners))
            return eb_error_memory(err);
        all->corners[all->corner_count++] = own->list[i];
    }
    return status;
}

/* Of those pieces that knitting has changed. */
static eb_status find_corners(eb_overlay_worker *w, const bool *changed, size_t first, eb_error *err)
{
    places known = {0}, own = {0};
    const eb_claims *all = w->claims;
    bool ok = true;
    for (size_t i = first; i < all->count && ok; i++)
        ok = add_places(&known, all->list[i].other, (eb_wkb){all->bytes + all->list[i].from, all->list[i].size});
    eb_status status = ok ? EB_OK : eb_error_memory(err);
    if (known.count > 0) qsort(known.list, known.count, sizeof *known.list, by_place);
    for (size_t i = 0; i < w->piece_count && known.count > 0 && status == EB_OK; i++)
        if (changed[i] && w->pieces[i].other != SIZE_MAX) status = add_corners(w, &known, &w->pieces[i], &own, err);
    free(known.list);
    free(own.list);
    return status;
}

/* Shapes of all pieces; one that is the whole feature, as it came in, is read, since others may end on its edges. */
static eb_status get_shapes(eb_overlay_worker *w, eb_wkb whole, eb_shape **shapes, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < w->piece_count; i++) shapes[i] = w->pieces[i].shape;
    for (size_t i = 0; i < w->piece_count && status == EB_OK; i++)
        if (!shapes[i]) status = eb_shape_read(w->geos, whole, &shapes[i], err);
    return status;
}

static eb_status knit_all(eb_overlay_worker *w, eb_wkb whole, eb_shape **shapes, bool *changed, size_t first, eb_error *err)
{
    bool any = false;
    eb_status status = get_shapes(w, whole, shapes, err);
    for (size_t i = 0; i < w->piece_count; i++) shapes[w->piece_count + i] = shapes[i];
    if (status == EB_OK) status = eb_plane_knit(w->geos, w->projector, false, shapes, w->piece_count, err);
    for (size_t i = 0; i < w->piece_count; i++) {
        eb_piece *piece = &w->pieces[i];
        changed[i] = shapes[i] != shapes[w->piece_count + i];
        any = any || changed[i];
        if (piece->shape || changed[i])
            piece->shape = shapes[i];
        else
            eb_shape_free(w->geos, shapes[i]);
    }
    return status == EB_OK && any && w->claims->count > first ? find_corners(w, changed, first, err) : status;
}

eb_status eb_overlay_knit(eb_overlay_worker *w, eb_wkb whole, size_t first, eb_error *err)
{
    bool cut = false;
    for (size_t i = 0; i < w->piece_count; i++) cut = cut || w->pieces[i].shape;
    if (!cut) return EB_OK;
    eb_shape **shapes = calloc(2 * w->piece_count, sizeof *shapes);
    bool *changed = calloc(w->piece_count, sizeof *changed);
    eb_status status = shapes && changed ? knit_all(w, whole, shapes, changed, first, err) : eb_error_memory(err);
    free(shapes);
    free(changed);
    return status;
}
