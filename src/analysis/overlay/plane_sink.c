#include "analysis/overlay/plane_sink.h"
#include "base/wkb_build.h"
#include "geom/knit.h"
#include "geom/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far apart rounding leaves what was one place: a hundred times the last digit of coordinates of a thousand kilometres. */
static const double near_m = 1e-7;

/* Bytes of polygons that are looked at at a time where those of a shape lie apart: what one needs must not be needed of all at once. */
static const size_t portion_bytes = 1 << 20;

/* How far the middle of the straight edge in the layer lies from the straight edge in the plane. */
static eb_status bend_of(void *self, const double a[2], const double b[2], double *bend_m, eb_error *err)
{
    eb_projector *projector = self;
    double ends[4] = {a[0], a[1], b[0], b[1]};
    eb_status status = eb_projector_inverse_point(projector, &ends[0], &ends[1], err);
    if (status == EB_OK) status = eb_projector_inverse_point(projector, &ends[2], &ends[3], err);
    double x = (ends[0] + ends[2]) / 2, y = (ends[1] + ends[3]) / 2;
    if (status == EB_OK) status = eb_projector_point(projector, &x, &y, err);
    *bend_m = fabs((x - a[0]) * (b[1] - a[1]) - (y - a[1]) * (b[0] - a[0])) / hypot(b[0] - a[0], b[1] - a[1]);
    return status;
}

static eb_status knit(eb_geos *geos, const eb_knitting *how, eb_shape **shapes, size_t count, eb_error *err)
{
    eb_shape **made = calloc(count + 1, sizeof *made);
    if (!made) return eb_error_memory(err);
    eb_status status = eb_shapes_knit(geos, shapes, count, how, made, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        if (!made[i]) continue;
        eb_shape_free(geos, shapes[i]);
        shapes[i] = made[i];
    }
    free(made);
    return status;
}

eb_status eb_plane_knit(eb_geos *geos, eb_projector *projector, bool all, eb_shape **shapes, size_t count, eb_error *err)
{
    const eb_knitting how = {.near_m = near_m, .bend = bend_of, .self = projector, .keep_outline = !all};
    return knit(geos, &how, shapes, count, err);
}

eb_status eb_plane_knit_corners(eb_geos *geos, eb_projector *projector, const double *corners, size_t count, eb_shape **shape,
                                eb_error *err)
{
    const eb_knitting how = {
        .near_m = near_m, .bend = bend_of, .self = projector, .keep_outline = true, .corners = corners, .corner_count = count};
    return knit(geos, &how, shape, 1, err);
}

/* A shape of the layer in the plane. */
static eb_status to_plane(eb_geos *geos, eb_projector *projector, eb_wkb wkb, eb_shape **out, eb_error *err)
{
    uint8_t *copy = malloc(wkb.size + 1);
    if (!copy) return eb_error_memory(err);
    memcpy(copy, wkb.data, wkb.size);
    eb_status status = eb_projector_wkb(projector, copy, wkb.size, err);
    if (status == EB_OK) status = eb_shape_read(geos, (eb_wkb){copy, wkb.size}, out, err);
    free(copy);
    return status;
}

/* A shape of the plane in the layer; *valid false, and nothing given, where it is not valid there. */
static eb_status to_layer(eb_geos *geos, eb_projector *projector, const eb_shape *plane, uint8_t **data, size_t *size, bool *valid,
                          eb_error *err)
{
    eb_shape *shape = NULL;
    *valid = false;
    eb_status status = eb_shape_write(geos, plane, data, size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(projector, *data, *size, err);
    if (status == EB_OK && eb_plane_tidy(*data, size)) status = eb_shape_read(geos, (eb_wkb){*data, *size}, &shape, err);
    if (status == EB_OK && shape) *valid = !eb_shape_empty(geos, shape) && eb_shape_valid(geos, shape, NULL, 0, NULL, NULL);
    eb_shape_free(geos, shape);
    if (*valid) return EB_OK;
    free(*data);
    *data = NULL;
    return status;
}

static void replace(uint8_t **data, size_t *size, uint8_t *better_take, size_t better_size)
{
    free(*data);
    *data = better_take;
    *size = better_size;
}

/* What cannot be told apart in the layer any other way is repaired there. What is beyond repair stays: dropping it is not for us. */
static eb_status repair(eb_geos *geos, eb_projector *projector, const eb_shape *shape, double before_m2, uint8_t **data, size_t *size,
                        double areas_m2[2], eb_error *err)
{
    eb_shape *mended = NULL, *plane = NULL;
    uint8_t *better = NULL;
    size_t better_size = 0;
    eb_error unwanted;
    const eb_status able = eb_shape_repair(geos, shape, &mended, &unwanted);
    if (able != EB_OK) return able == EB_NO_MEMORY ? eb_error_memory(err) : EB_OK;
    eb_status status = eb_shape_write(geos, mended, &better, &better_size, err);
    if (status == EB_OK) status = to_plane(geos, projector, (eb_wkb){better, better_size}, &plane, err);
    if (status == EB_OK) {
        areas_m2[0] = before_m2;
        areas_m2[1] = eb_shape_area(geos, plane);
        replace(data, size, better, better_size);
    } else {
        free(better);
    }
    eb_shape_free(geos, plane);
    eb_shape_free(geos, mended);
    return status;
}

/*
 * Back in the layer's own coordinates an edge of kilometres bends by decimetres, and may cross another of the same shape. Programs that
 * read the layer would stumble over that.
 */
static eb_status mend_invalid(eb_geos *geos, eb_projector *projector, const eb_shape *shape, uint8_t **data, size_t *size,
                              double areas_m2[2], eb_error *err)
{
    eb_shape *plane = NULL;
    uint8_t *better = NULL;
    size_t better_size = 0;
    bool valid = false;
    eb_status status = to_plane(geos, projector, (eb_wkb){*data, *size}, &plane, err);
    const double area_m2 = status == EB_OK ? eb_shape_area(geos, plane) : NAN;
    if (status == EB_OK) status = eb_plane_knit(geos, projector, true, &plane, 1, err);
    if (status == EB_OK) status = to_layer(geos, projector, plane, &better, &better_size, &valid, err);
    if (valid) replace(data, size, better, better_size);
    eb_shape_free(geos, plane);
    return status == EB_OK && !valid ? repair(geos, projector, shape, area_m2, data, size, areas_m2, err) : status;
}

/* A shape of many polygons on its way: only those that meet ones in need of mending are touched. */
typedef struct mending {
    eb_geos *geos;
    eb_projector *projector;
    bool alone; /* portions are no larger than they must be */
    eb_string made;
    double repaired_m2[2]; /* of the portions that were repaired: before, after */
    bool repaired;
} mending;

static eb_status mend_alone(mending *m, eb_wkb portion, const eb_shape *shape, eb_error *err)
{
    double areas_m2[2] = {NAN, NAN};
    size_t size = portion.size;
    uint8_t *data = malloc(size);
    if (!data) return eb_error_memory(err);
    memcpy(data, portion.data, size);
    eb_status status = mend_invalid(m->geos, m->projector, shape, &data, &size, areas_m2, err);
    if (status == EB_OK && !isnan(areas_m2[0])) {
        m->repaired = true;
        for (int i = 0; i < 2; i++) m->repaired_m2[i] += areas_m2[i];
    }
    if (status == EB_OK) status = eb_near_append(&m->made, (eb_wkb){data, size}, err);
    free(data);
    return status;
}

static eb_status mend_portion(void *self, eb_wkb portion, eb_error *err)
{
    mending *m = self;
    eb_shape *shape = NULL;
    eb_status status = eb_shape_read(m->geos, portion, &shape, err);
    if (status != EB_OK) return status;
    if (eb_shape_valid(m->geos, shape, NULL, 0, NULL, NULL)) {
        status = eb_near_append(&m->made, portion, err);
    } else if (m->alone) {
        status = mend_alone(m, portion, shape, err);
    } else {
        m->alone = true;
        status = eb_near_portions(portion, 1, mend_portion, m, err);
        m->alone = false;
    }
    eb_shape_free(m->geos, shape);
    return status;
}

/* Of the whole shape, which is what the record is about. */
static eb_status areas_of(const mending *m, double areas_m2[2], eb_error *err)
{
    eb_shape *plane = NULL;
    eb_status status = to_plane(m->geos, m->projector, eb_wkb_built(&m->made), &plane, err);
    if (status != EB_OK) return status;
    areas_m2[1] = eb_shape_area(m->geos, plane);
    areas_m2[0] = areas_m2[1] - m->repaired_m2[1] + m->repaired_m2[0];
    eb_shape_free(m->geos, plane);
    return EB_OK;
}

/* @p enough: bytes of polygons that are looked at at a time; 1: it is known that one of them is not valid. */
static eb_status mend_many(eb_geos *geos, eb_projector *projector, size_t enough, uint8_t **data, size_t *size, double areas_m2[2],
                           eb_error *err)
{
    mending m = {.geos = geos, .projector = projector, .alone = enough == 1};
    eb_status status = eb_near_portions((eb_wkb){*data, *size}, enough, mend_portion, &m, err);
    if (status == EB_OK && m.repaired) status = areas_of(&m, areas_m2, err);
    if (status == EB_OK) {
        const size_t made = m.made.size;
        uint8_t *better = (uint8_t *)eb_string_take(&m.made);
        if (better)
            replace(data, size, better, made);
        else
            status = eb_error_memory(err);
    }
    eb_string_clear(&m.made);
    return status;
}

eb_status eb_plane_mend(eb_geos *geos, eb_projector *projector, uint8_t **data, size_t *size, double areas_m2[2], eb_error *err)
{
    eb_shape *shape = NULL;
    areas_m2[0] = areas_m2[1] = NAN;
    /* Vertices that have become one in the numbers of the layer are no shape any longer. */
    if (!eb_plane_tidy(*data, size)) {
        *size = 0;
        return EB_OK;
    }
    const bool many = eb_wkb_kind((eb_wkb){*data, *size}) == EB_SHAPE_MULTIPOLYGON;
    if (many && *size > portion_bytes) return mend_many(geos, projector, portion_bytes, data, size, areas_m2, err);
    eb_status status = eb_shape_read(geos, (eb_wkb){*data, *size}, &shape, err);
    if (status != EB_OK) return status;
    const bool empty = eb_shape_empty(geos, shape);
    if (empty) *size = 0;
    if (!empty && eb_shape_dimension(geos, shape) == 2 && !eb_shape_valid(geos, shape, NULL, 0, NULL, NULL))
        status = many ? mend_many(geos, projector, 1, data, size, areas_m2, err)
                      : mend_invalid(geos, projector, shape, data, size, areas_m2, err);
    eb_shape_free(geos, shape);
    return status;
}

void eb_plane_mended(eb_diagnosis *diagnosis, const char *layer, int64_t fid, const double areas_m2[2])
{
    if (isnan(areas_m2[0])) return;
    eb_diagnosis_add(diagnosis, EB_EVENT_REPAIRED, layer, fid, NAN, NAN, areas_m2[0], areas_m2[1],
                     "piece whose edges cross in the coordinates of the layer");
}

void eb_plane_lost(eb_diagnosis *diagnosis, const char *layer, int64_t fid, double area_m2)
{
    eb_diagnosis_add(diagnosis, EB_EVENT_SLIVER, layer, fid, NAN, NAN, NAN, area_m2,
                     "piece narrower than the coordinates of the layer tell apart");
}

eb_status eb_plane_add(eb_geos *geos, eb_projector *projector, eb_batch *batch, int64_t fid, const eb_shape *shape, eb_diagnosis *diagnosis,
                       bool *there, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    double areas_m2[2] = {NAN, NAN};
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(projector, data, size, err);
    if (status == EB_OK) status = eb_plane_mend(geos, projector, &data, &size, areas_m2, err);
    if (status == EB_OK) eb_plane_mended(diagnosis, batch->schema->name, fid, areas_m2);
    *there = status == EB_OK && size > 0;
    if (*there && !eb_batch_add(batch, fid, (eb_wkb){data, size})) status = eb_error_memory(err);
    if (status == EB_OK && !*there) eb_plane_lost(diagnosis, batch->schema->name, fid, eb_shape_area(geos, shape));
    free(data);
    return status;
}
