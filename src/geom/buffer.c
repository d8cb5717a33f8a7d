#include "geom/geos.h"

#include <math.h>

static GEOSGeometry *buffer_with(eb_geos *geos, const eb_shape *shape, double width, int quad_segs, eb_cap cap, bool one_sided)
{
    GEOSBufferParams *params = GEOSBufferParams_create_r(geos->handle);
    if (!params) return NULL;
    GEOSGeometry *result = NULL;
    int style = cap == EB_CAP_FLAT ? GEOSBUF_CAP_FLAT : GEOSBUF_CAP_ROUND;
    if (GEOSBufferParams_setEndCapStyle_r(geos->handle, params, style) == 1 &&
        GEOSBufferParams_setJoinStyle_r(geos->handle, params, GEOSBUF_JOIN_ROUND) == 1 &&
        GEOSBufferParams_setQuadrantSegments_r(geos->handle, params, quad_segs) == 1 &&
        GEOSBufferParams_setSingleSided_r(geos->handle, params, one_sided) == 1)
        result = GEOSBufferWithParams_r(geos->handle, shape, params, width);
    GEOSBufferParams_destroy_r(geos->handle, params);
    return result;
}

eb_status eb_shape_buffer(eb_geos *geos, const eb_shape *shape, double width, int quad_segs, eb_cap cap, eb_side side, eb_shape **out,
                          eb_error *err)
{
    *out = NULL;
    if (!isfinite(width)) return eb_error_set(err, EB_USAGE, "a buffer's width must be a finite number");
    if (quad_segs < 1) return eb_error_set(err, EB_USAGE, "a buffer needs at least one segment a quarter circle, not %d", quad_segs);
    eb_geos_clear(geos);
    double signed_width = side == EB_SIDE_RIGHT ? -width : width;
    return eb_geos_result(geos, buffer_with(geos, shape, signed_width, quad_segs, cap, side != EB_SIDE_BOTH), "buffer of a shape", out,
                          err);
}

int eb_buffer_quad_segs(double width, double tolerance)
{
    /* Worst inward error of a GEOS round buffer: d (1 - cos(3 pi / (8 qs))): its fillets make chords of up to 1.5 quanta. */
    const double pi = 3.14159265358979323846, most = 4096;
    double d = fabs(width);
    if (!(tolerance > 0) || !isfinite(d)) return (int)most;
    if (tolerance >= d) return 1;
    double segs = ceil(3 * pi / (8 * acos(1 - tolerance / d)) - 1e-9);
    return segs < 1 ? 1 : segs > most ? (int)most : (int)segs;
}
