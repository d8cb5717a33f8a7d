/*
 * Shapes that run over the 180th meridian, cut there as RFC 7946 (3.1.9) and every map reader expect.
 */
#include "analysis/corridor/run.h"

#include <stdlib.h>

static eb_shape *box_of(eb_geos *geos, double west, double east, eb_error *err)
{
    const double corners[5][2] = {{west, -90}, {east, -90}, {east, 90}, {west, 90}, {west, -90}};
    eb_corridor_bytes bytes = {0};
    eb_shape *box = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    eb_corridor_add_count(&bytes, 5);
    for (int i = 0; i < 5; i++) eb_corridor_add_xy(&bytes, corners[i][0], corners[i][1]);
    if (bytes.failed || eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &box, err) != EB_OK) box = NULL;
    free(bytes.data);
    return box;
}

/* The same shape farther east or west. */
static eb_status shifted(eb_geos *geos, const eb_shape *shape, double by_deg, eb_shape **out, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    *out = NULL;
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    if (status != EB_OK) return status;
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); eb_wkb_next(&walk, &part);) {
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            uint8_t *at = data + (part.coords - data) + i * part.dims * sizeof(double);
            eb_wkb_xy(&part, i, &x, &y);
            x += by_deg;
            __builtin_memcpy(at, &x, sizeof x);
        }
    }
    status = eb_shape_read(geos, (eb_wkb){data, size}, out, err);
    free(data);
    return status;
}

/* What lies in one turn of longitudes, brought home. */
static eb_status piece_of(eb_geos *geos, const eb_shape *shape, int turn, eb_shape **out, eb_error *err)
{
    eb_shape *box = box_of(geos, 360.0 * turn - 180, 360.0 * turn + 180, err), *piece = NULL;
    *out = NULL;
    if (!box) return eb_error_memory(err);
    eb_status status = eb_shape_overlay(geos, shape, box, EB_OP_INTERSECTION, &piece, err);
    if (status == EB_OK) {
        eb_shape *areal = NULL;
        status = eb_shape_keep_dimension(geos, piece, 2, &areal, err);
        piece = areal;
    }
    if (status == EB_OK) status = shifted(geos, piece, -360.0 * turn, out, err);
    eb_shape_free(geos, piece);
    eb_shape_free(geos, box);
    return status;
}

static eb_status cut(eb_geos *geos, eb_wkb wkb, uint8_t **data, size_t *size, eb_error *err)
{
    eb_shape *shape = NULL, *pieces[3] = {NULL}, *whole = NULL;
    eb_status status = eb_shape_read(geos, wkb, &shape, err);
    for (int turn = -1; status == EB_OK && turn <= 1; turn++) status = piece_of(geos, shape, turn, &pieces[turn + 1], err);
    if (status == EB_OK) status = eb_shape_union_all(geos, pieces, 3, &whole, err);
    if (status == EB_OK) status = eb_shape_write(geos, whole, data, size, err);
    for (int k = 0; k < 3; k++) eb_shape_free(geos, pieces[k]);
    eb_shape_free(geos, shape);
    eb_shape_free(geos, whole);
    return status;
}

eb_status eb_corridor_cut_meridian(eb_geos *geos, uint8_t *data_take, size_t size_take, uint8_t **data, size_t *size, eb_error *err)
{
    double box[4];
    eb_wkb wkb = {data_take, size_take};
    if (!eb_wkb_bounds(wkb, box) || (box[0] >= -180 && box[2] <= 180)) {
        *data = data_take;
        *size = size_take;
        return EB_OK;
    }
    *data = NULL;
    *size = 0;
    eb_status status = cut(geos, wkb, data, size, err);
    free(data_take);
    return status;
}
