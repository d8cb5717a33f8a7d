#include "geom/geos.h"

#include <stdlib.h>

static eb_status answer(eb_geos *geos, char code, bool *out, eb_error *err)
{
    *out = code == 1;
    return code == 0 || code == 1 ? EB_OK : eb_geos_failed(geos, "comparing two shapes", err);
}

eb_status eb_shape_relate(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_relation relation, bool *out, eb_error *err)
{
    *out = false;
    eb_geos_clear(geos);
    switch (relation) {
    case EB_REL_INTERSECTS:
        return answer(geos, GEOSIntersects_r(geos->handle, a, b), out, err);
    case EB_REL_CONTAINS:
        return answer(geos, GEOSContains_r(geos->handle, a, b), out, err);
    case EB_REL_CONTAINS_PROPERLY:
        return answer(geos, GEOSRelatePattern_r(geos->handle, a, b, "T**FF*FF*"), out, err);
    case EB_REL_COVERS:
        return answer(geos, GEOSCovers_r(geos->handle, a, b), out, err);
    case EB_REL_WITHIN:
        return answer(geos, GEOSWithin_r(geos->handle, a, b), out, err);
    case EB_REL_EQUALS:
        return answer(geos, GEOSEquals_r(geos->handle, a, b), out, err);
    }
    return eb_error_set(err, EB_USAGE, "no such relation of shapes: %d", (int)relation);
}

eb_status eb_prepared_new(eb_geos *geos, const eb_shape *shape, eb_prepared **out, eb_error *err)
{
    *out = NULL;
    eb_geos_clear(geos);
    eb_prepared *prepared = calloc(1, sizeof *prepared);
    if (!prepared) return eb_error_memory(err);
    prepared->geometry = GEOSPrepare_r(geos->handle, shape);
    if (!prepared->geometry) {
        free(prepared);
        return eb_geos_failed(geos, "preparing a shape", err);
    }
    *out = prepared;
    return EB_OK;
}

void eb_prepared_free(eb_geos *geos, eb_prepared *prepared)
{
    if (!prepared) return;
    GEOSPreparedGeom_destroy_r(geos->handle, prepared->geometry);
    free(prepared);
}

eb_status eb_prepared_relate(eb_geos *geos, const eb_prepared *a, const eb_shape *b, eb_relation relation, bool *out, eb_error *err)
{
    *out = false;
    eb_geos_clear(geos);
    switch (relation) {
    case EB_REL_INTERSECTS:
        return answer(geos, GEOSPreparedIntersects_r(geos->handle, a->geometry, b), out, err);
    case EB_REL_CONTAINS:
        return answer(geos, GEOSPreparedContains_r(geos->handle, a->geometry, b), out, err);
    case EB_REL_CONTAINS_PROPERLY:
        return answer(geos, GEOSPreparedContainsProperly_r(geos->handle, a->geometry, b), out, err);
    case EB_REL_COVERS:
        return answer(geos, GEOSPreparedCovers_r(geos->handle, a->geometry, b), out, err);
    case EB_REL_WITHIN:
        return answer(geos, GEOSPreparedWithin_r(geos->handle, a->geometry, b), out, err);
    case EB_REL_EQUALS:
        return eb_error_set(err, EB_USAGE, "a prepared shape cannot be asked for equality");
    }
    return eb_error_set(err, EB_USAGE, "no such relation of shapes: %d", (int)relation);
}

eb_status eb_prepared_holds(eb_geos *geos, const eb_prepared *a, double x, double y, bool *out, eb_error *err)
{
    *out = false;
    eb_geos_clear(geos);
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos->handle, x, y);
    if (!point) return eb_geos_failed(geos, "comparing two shapes", err);
    eb_status status = eb_prepared_relate(geos, a, point, EB_REL_INTERSECTS, out, err);
    GEOSGeom_destroy_r(geos->handle, point);
    return status;
}
