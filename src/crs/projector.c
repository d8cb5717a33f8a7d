/* From a layer's CRS to the analysis plane and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "crs/chain.h"
#include "crs/failure.h"
#include "crs/far_side.h"
#include "crs/plane.h"

struct eb_projector {
    eb_chain chain; /* from the layer's CRS to the degrees of the plane */
    eb_plane plane;
    eb_crs *from, *geographic;
    bool has_area, has_helmert;
    double area[4];
    eb_helmert helmert;
};

static bool box_known(const double box[4])
{
    return box && box[0] <= box[2] && box[1] <= box[3];
}

void eb_projector_free(eb_projector *projector)
{
    if (!projector) return;
    eb_chain_close(&projector->chain);
    eb_crs_free(projector->from);
    eb_crs_free(projector->geographic);
    free(projector);
}

static eb_status build(const eb_crs *from, const double area[4], const eb_plane *plane, const eb_crs *geographic, const eb_helmert *helmert,
                       eb_projector **out, eb_error *err)
{
    eb_projector *projector = calloc(1, sizeof *projector);
    *out = NULL;
    if (!projector) return eb_error_memory(err);
    const eb_status status = eb_chain_open(&projector->chain, from, geographic, area, helmert, err);
    if (status) {
        free(projector);
        return status;
    }
    projector->plane = *plane;
    projector->from = eb_crs_copy(from);
    projector->geographic = eb_crs_copy(geographic);
    if ((projector->has_area = area != NULL)) memcpy(projector->area, area, sizeof projector->area);
    if ((projector->has_helmert = helmert != NULL)) projector->helmert = *helmert;
    *out = projector;
    return EB_OK;
}

/* Middle of a box in degrees, or of the area that a CRS is made for. */
static void middle(const eb_crs *from, const double degrees[4], bool known, double *lon, double *lat)
{
    const double *box = known ? degrees : from->has_area ? from->area : (const double[4]){0, 0, 0, 0};
    const double width = box[2] - box[0] + (box[2] < box[0] ? 360 : 0);
    *lon = box[0] + width / 2;
    *lat = (box[1] + box[3]) / 2;
}

eb_status eb_projector_new(const eb_crs *from, const double box[4], eb_projector **out, eb_error *err)
{
    eb_crs *geographic = NULL;
    eb_plane plane;
    double degrees[4], lon = 0, lat = 0;
    const bool known = box_known(box);
    *out = NULL;
    eb_status status = eb_crs_geographic(from, &geographic, err);
    if (!status && known) status = eb_crs_box_degrees(from, box, degrees, err);
    if (!status) {
        middle(from, degrees, known, &lon, &lat);
        eb_plane_init(&plane, from->info.a, from->info.f, lon, lat);
        status = build(from, NULL, &plane, geographic, NULL, out, err);
    }
    eb_crs_free(geographic);
    return status;
}

eb_status eb_projector_new_on(const eb_crs *from, const double box[4], const eb_plane *plane, const eb_crs *plane_geographic,
                              const eb_helmert *helmert, eb_projector **out, eb_error *err)
{
    double degrees[4];
    *out = NULL;
    const bool known = box_known(box);
    const eb_status status = known ? eb_crs_box_degrees(from, box, degrees, err) : EB_OK;
    return status ? status : build(from, known ? degrees : NULL, plane, plane_geographic, helmert, out, err);
}

eb_status eb_projector_clone(const eb_projector *projector, eb_projector **out, eb_error *err)
{
    return build(projector->from, projector->has_area ? projector->area : NULL, &projector->plane, projector->geographic,
                 projector->has_helmert ? &projector->helmert : NULL, out, err);
}

const eb_plane *eb_projector_plane(const eb_projector *projector)
{
    return &projector->plane;
}

const eb_crs *eb_projector_geographic(const eb_projector *projector)
{
    return projector->geographic;
}

const char *eb_projector_text(const eb_projector *projector)
{
    return projector->chain.text;
}

static bool to_degrees(void *self, double *x, double *y, size_t count, size_t *bad)
{
    eb_projector *projector = self;
    return eb_chain_forward(&projector->chain, x, y, count, bad);
}

static bool to_plane(void *self, double *x, double *y, size_t count, size_t *bad)
{
    eb_projector *projector = self;
    return (projector->chain.count == 0 || eb_chain_forward(&projector->chain, x, y, count, bad)) &&
           eb_plane_forward_block(&projector->plane, x, y, count, bad);
}

static bool from_plane(void *self, double *x, double *y, size_t count, size_t *bad)
{
    eb_projector *projector = self;
    return eb_plane_inverse_block(&projector->plane, x, y, count, bad) &&
           (projector->chain.count == 0 || eb_chain_inverse(&projector->chain, x, y, count, bad));
}

eb_status eb_projector_wkb(eb_projector *projector, uint8_t *data, size_t size, eb_error *err)
{
    eb_block_result result;
    if (eb_block_wkb(data, size, to_plane, projector, &result)) return EB_OK;
    return eb_failure(&result, projector->from, "the analysis plane", projector->chain.outside, err);
}

eb_status eb_projector_inverse_wkb(eb_projector *projector, uint8_t *data, size_t size, eb_error *err)
{
    eb_block_result result;
    if (eb_block_wkb(data, size, from_plane, projector, &result)) return EB_OK;
    return eb_failure(&result, NULL, projector->from->info.name, projector->chain.outside, err);
}

eb_status eb_projector_degrees(eb_projector *projector, uint8_t *data, size_t size, eb_error *err)
{
    eb_block_result result;
    if (eb_block_wkb(data, size, to_degrees, projector, &result)) return EB_OK;
    return eb_failure(&result, projector->from, projector->geographic->info.name, projector->chain.outside, err);
}

/* Metres of a box that reaches from near the centre to its far side, however a projection stretches it. */
static const double wide_m = 5e6;

/* Is it worth looking at all of a shape of other coordinates? One that lies near is small, and its first place is near. */
static bool may_hold_far_side(eb_projector *p, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double box[4], x, y;
    size_t bad;
    if (!eb_wkb_bounds(shape, box)) return false;
    if (p->chain.count == 0) return eb_far_side_in_box(&p->plane, box);
    const double unit = p->from->info.kind == EB_CRS_GEOGRAPHIC ? p->from->info.unit * p->from->info.a : p->from->info.unit;
    if (fmax(box[2] - box[0], box[3] - box[1]) * unit > wide_m) return true;
    eb_wkb_begin(&walk, shape);
    if (!eb_wkb_next(&walk, &part) || part.count == 0) return false;
    eb_wkb_xy(&part, 0, &x, &y);
    return eb_chain_forward(&p->chain, &x, &y, 1, &bad) && eb_far_from_centre(&p->plane, x, y);
}

bool eb_projector_holds_far_side(eb_projector *projector, eb_wkb shape)
{
    if (!may_hold_far_side(projector, shape)) return false;
    if (projector->chain.count == 0) return eb_far_side_in_shape(&projector->plane, shape);
    uint8_t *copy = malloc(shape.size);
    if (!copy) return false; /* what follows needs far more */
    memcpy(copy, shape.data, shape.size);
    const bool holds = eb_projector_degrees(projector, copy, shape.size, NULL) == EB_OK &&
                       eb_far_side_in_shape(&projector->plane, (eb_wkb){copy, shape.size});
    free(copy);
    return holds;
}

eb_status eb_projector_point(eb_projector *projector, double *x, double *y, eb_error *err)
{
    eb_block_result result;
    if (eb_block_points(x, y, 1, 1, to_plane, projector, &result)) return EB_OK;
    return eb_failure(&result, projector->from, "the analysis plane", projector->chain.outside, err);
}

eb_status eb_projector_inverse_point(eb_projector *projector, double *x, double *y, eb_error *err)
{
    eb_block_result result;
    if (eb_block_points(x, y, 1, 1, from_plane, projector, &result)) return EB_OK;
    return eb_failure(&result, NULL, projector->from->info.name, projector->chain.outside, err);
}
