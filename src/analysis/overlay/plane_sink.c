#include "analysis/overlay/plane_sink.h"

#include <math.h>
#include <stdlib.h>

/*
 * Back in the layer's own coordinates an edge bends by less than a micrometre, which is enough to cross a neighbour that it touched.
 * Programs that read the layer would call such a shape invalid, so it is mended where it is going to be read. What is nothing but a
 * sliver stays as it is: dropping it is not for the writer to decide. Vertices that have become one are no longer a shape, though.
 */
eb_status eb_plane_mend(eb_geos *geos, uint8_t **data, size_t *size, eb_error *err)
{
    eb_shape *shape = NULL, *mended = NULL;
    uint8_t *better = NULL;
    size_t better_size = 0;
    eb_error unwanted;
    if (!eb_plane_tidy(*data, size)) {
        *size = 0;
        return EB_OK;
    }
    eb_status status = eb_shape_read(geos, (eb_wkb){*data, *size}, &shape, err);
    if (status != EB_OK) return status;
    if (eb_shape_dimension(geos, shape) == 2 && !eb_shape_valid(geos, shape, NULL, 0, NULL, NULL) &&
        eb_shape_repair(geos, shape, &mended, &unwanted) == EB_OK) {
        status = eb_shape_write(geos, mended, &better, &better_size, err);
    }
    if (better) {
        free(*data);
        *data = better;
        *size = better_size;
    }
    eb_shape_free(geos, mended);
    eb_shape_free(geos, shape);
    return status;
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
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(projector, data, size, err);
    if (status == EB_OK) status = eb_plane_mend(geos, &data, &size, err);
    *there = status == EB_OK && size > 0;
    if (*there && !eb_batch_add(batch, fid, (eb_wkb){data, size})) status = eb_error_memory(err);
    if (status == EB_OK && !*there) eb_plane_lost(diagnosis, batch->schema->name, fid, eb_shape_area(geos, shape));
    free(data);
    return status;
}
