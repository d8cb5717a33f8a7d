/* What a thread of overlay holds, and the pieces it hands over: as shapes while they are cut, as bytes when they are written. */
#include "analysis/overlay/overlay.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_overlay_worker_free(eb_overlay_worker *w)
{
    if (!w) return;
    for (size_t i = 0; i < w->piece_count; i++) eb_shape_free(w->geos, w->pieces[i].shape);
    for (size_t i = 0; w->cache && i < w->cache_count; i++) eb_shape_free(w->geos, w->cache[i]);
    free(w->cache);
    free(w->pieces);
    free(w->ids);
    free(w->original);
    free(w->shares);
    eb_measure_free(w->measure);
    eb_vertex_map_clear(&w->places);
    eb_intake_clear(&w->intake);
    eb_rings_clear(&w->other);
    eb_common_clear(&w->common);
    eb_lines_clear(&w->lines);
    eb_truth_free(w->truth);
    free(w->lengths_m);
    eb_projector_free(w->projector);
    eb_geos_free(w->geos);
    free(w);
}

eb_status eb_overlay_worker_new(const eb_held *held, const eb_projector *projector, const eb_schema *schema, eb_overlay_worker **out,
                                eb_error *err)
{
    eb_overlay_worker *w = calloc(1, sizeof *w);
    *out = w;
    if (!w) return eb_error_memory(err);
    eb_status status = eb_geos_new(&w->geos, err);
    if (status == EB_OK) status = eb_projector_clone(projector, &w->projector, err);
    if (status == EB_OK) status = eb_truth_new(eb_projector_plane(projector), &w->truth, err);
    w->intake = (eb_intake){.geos = w->geos, .projector = w->projector, .schema = schema, .flattens = true};
    w->cache = calloc(held->piece_count ? held->piece_count : 1, sizeof *w->cache);
    w->cache_count = held->piece_count;
    return status == EB_OK && !w->cache ? eb_error_memory(err) : status;
}

eb_status eb_overlay_add_piece(eb_overlay_worker *w, size_t other, eb_shape *shape_take, double size, eb_error *err)
{
    if (!eb_array_reserve(&w->pieces, &w->piece_capacity, w->piece_count + 1, sizeof *w->pieces)) {
        eb_shape_free(w->geos, shape_take);
        return eb_error_memory(err);
    }
    w->pieces[w->piece_count++] = (eb_piece){other, shape_take, size, NAN};
    return EB_OK;
}

/* A single polygon, line or point as a multi shape of one part; NULL where the bytes are no plain 2D shape. */
static uint8_t *wrap(const uint8_t *data, size_t size, size_t *wrapped_size)
{
    uint32_t kind = 0, one = 1;
    if (size < 5) return NULL;
    memcpy(&kind, data + 1, sizeof kind);
    bool single = kind >= EB_SHAPE_POINT && kind <= EB_SHAPE_POLYGON, multi = kind >= EB_SHAPE_MULTIPOINT && kind <= EB_SHAPE_MULTIPOLYGON;
    if (!single && !multi) return NULL;
    uint8_t *bytes = malloc(size + 9);
    if (!bytes) return NULL;
    size_t at = 0;
    if (single) {
        kind += EB_SHAPE_MULTIPOINT - EB_SHAPE_POINT;
        bytes[at++] = 1;
        memcpy(bytes + at, &kind, sizeof kind);
        memcpy(bytes + at + 4, &one, sizeof one);
        at += 8;
    }
    memcpy(bytes + at, data, size);
    *wrapped_size = at + size;
    return bytes;
}

eb_status eb_overlay_piece_bytes(const eb_held *held, eb_overlay_worker *w, const eb_piece *piece, uint8_t **data, size_t *size,
                                 eb_error *err)
{
    *data = NULL;
    *size = 0;
    if (piece->shape && eb_shape_empty(w->geos, piece->shape)) return EB_OK;
    if (!piece->shape && (*data = wrap(w->original, w->original_size, size))) return EB_OK;
    uint8_t *bytes = NULL;
    size_t length = 0;
    eb_shape *whole = NULL;
    eb_status status = EB_OK;
    if (!piece->shape) {
        /* Heights are not kept: read the original and write it flat. */
        status = eb_shape_read(w->geos, (eb_wkb){w->original, w->original_size}, &whole, err);
        if (status == EB_OK) status = eb_shape_write(w->geos, whole, &bytes, &length, err);
    } else {
        status = eb_shape_write(w->geos, piece->shape, &bytes, &length, err);
        if (status == EB_OK) status = eb_vertex_map_restore(&w->places, &held->places, w->projector, bytes, length, err);
    }
    eb_shape_free(w->geos, whole);
    if (status == EB_OK && !(*data = wrap(bytes, length, size))) status = eb_error_memory(err);
    free(bytes);
    return status;
}
