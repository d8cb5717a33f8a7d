#include "layer/batch.h"
#include "layer/ogr.h"

#include <stdlib.h>
#include <string.h>

/* Arcs become chords of so many degrees: a circle then lacks 5e-7 of its area, and no chord is 4e-7 of the radius from its arc. */
static const double chord_deg = 0.1;

/* A copy in the forms a batch may hold, or NULL where @p geometry is in one already. */
static OGRGeometryH straighten(OGRGeometryH geometry)
{
    OGRwkbGeometryType type = OGR_G_GetGeometryType(geometry), flat = OGR_GT_Flatten(type);
    if (flat == wkbPolyhedralSurface || flat == wkbTIN) return OGR_G_ForceToMultiPolygon(OGR_G_Clone(geometry));
    if (flat == wkbTriangle) return OGR_G_ForceToPolygon(OGR_G_Clone(geometry));
    if (flat == wkbGeometryCollection || OGR_GT_IsNonLinear(type)) return OGR_G_GetLinearGeometry(geometry, chord_deg, NULL);
    return NULL;
}

/* Collections may stand in collections, but not without end. */
static bool is_walkable(const eb_batch *batch, size_t i)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb shape = eb_batch_shape_at(batch, i);
    if (eb_wkb_kind(shape) != EB_SHAPE_COLLECTION) return true;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
    }
    return !eb_wkb_bad(&walk);
}

/* Bytes of @p geometry into the shape of the feature added last, or of a new one. */
static eb_status export_shape(eb_batch *batch, bool add, int64_t fid, OGRGeometryH geometry, eb_error *err)
{
    OGRGeometryH own = straighten(geometry), source = own ? own : geometry;
    batch->chorded = batch->chorded || OGR_G_HasCurveGeometry(geometry, TRUE);
    size_t size = (size_t)OGR_G_WkbSize(source);
    uint8_t *bytes = NULL;
    eb_status status = EB_OK;
    if (add) {
        if (!eb_batch_reserve(batch, fid, size, &bytes)) status = eb_error_memory(err);
        if (!status && OGR_G_ExportToIsoWkb(source, wkbNDR, bytes) != OGRERR_NONE) status = EB_INPUT;
    } else {
        bytes = malloc(size);
        if (!bytes) status = eb_error_memory(err);
        if (!status && OGR_G_ExportToIsoWkb(source, wkbNDR, bytes) != OGRERR_NONE) status = EB_INPUT;
        if (!status && !eb_batch_set_shape(batch, bytes, size)) status = eb_error_memory(err);
        free(bytes);
    }
    if (own) OGR_G_DestroyGeometry(own);
    if (status == EB_INPUT) eb_error_set(err, EB_INPUT, "a shape cannot be turned into bytes");
    if (status) return status;
    return is_walkable(batch, batch->count - 1) ? EB_OK : eb_error_set(err, EB_INPUT, "collections within collections, more than 16 deep");
}

eb_status eb_ogr_add_shape(eb_batch *batch, int64_t fid, OGRGeometryH geometry, eb_error *err)
{
    if (geometry) return export_shape(batch, true, fid, geometry, err);
    return eb_batch_reserve(batch, fid, 0, NULL) ? EB_OK : eb_error_memory(err);
}

eb_status eb_ogr_fix_shape(eb_batch *batch, const uint8_t *data, size_t size, eb_error *err)
{
    OGRGeometryH geometry = NULL;
    OGRErr failed = OGR_G_CreateFromWkb(data, NULL, &geometry, size > INT32_MAX ? INT32_MAX : (int)size);
    if (failed != OGRERR_NONE || !geometry) return eb_error_set(err, EB_INPUT, "the bytes of a shape are broken");
    eb_status status = export_shape(batch, false, 0, geometry, err);
    OGR_G_DestroyGeometry(geometry);
    return status;
}
