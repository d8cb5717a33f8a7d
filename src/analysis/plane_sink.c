#include "analysis/plane_sink.h"

#include <stdlib.h>

eb_status eb_plane_add(eb_geos *geos, eb_projector *projector, eb_batch *batch, int64_t fid, const eb_shape *shape, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(projector, data, size, err);
    if (status == EB_OK && !eb_batch_add(batch, fid, (eb_wkb){data, size})) status = eb_error_memory(err);
    free(data);
    return status;
}
