#include "geom/geos.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep_message(const char *message, void *user)
{
    eb_geos *geos = user;
    snprintf(geos->message, sizeof geos->message, "%s", message);
    size_t length = strlen(geos->message);
    while (length > 0 && (geos->message[length - 1] == '\n' || geos->message[length - 1] == ' ')) geos->message[--length] = '\0';
}

/* GEOS's notices carry nothing that its answers do not say. */
static void drop_notice(const char *message, void *user)
{
    (void)message;
    (void)user;
}

void eb_geos_on_check(void (*check)(void))
{
    GEOS_interruptRegisterCallback(check);
}

void eb_geos_interrupt(void)
{
    GEOS_interruptRequest();
}

eb_status eb_geos_failed(eb_geos *geos, const char *doing, eb_error *err)
{
    if (strncmp(geos->message, "InterruptedException", 20) == 0) return eb_error_set(err, EB_CANCELLED, "cancelled");
    if (strstr(geos->message, "bad_alloc")) return eb_error_memory(err);
    return eb_error_set(err, EB_REFUSED, "%s failed: %s", eb_translate(doing), geos->message[0] ? geos->message : _("GEOS gave no reason"));
}

eb_status eb_geos_result(eb_geos *geos, GEOSGeometry *shape, const char *doing, eb_shape **out, eb_error *err)
{
    *out = shape;
    return shape ? EB_OK : eb_geos_failed(geos, doing, err);
}

eb_status eb_geos_new(eb_geos **out, eb_error *err)
{
    *out = NULL;
    eb_geos *geos = calloc(1, sizeof *geos);
    if (!geos) return eb_error_memory(err);
    geos->handle = GEOS_init_r();
    if (!geos->handle) goto failed;
    GEOSContext_setErrorMessageHandler_r(geos->handle, keep_message, geos);
    GEOSContext_setNoticeMessageHandler_r(geos->handle, drop_notice, NULL);
    geos->reader = GEOSWKBReader_create_r(geos->handle);
    geos->writer = GEOSWKBWriter_create_r(geos->handle);
    if (!geos->reader || !geos->writer) goto failed;
    GEOSWKBWriter_setOutputDimension_r(geos->handle, geos->writer, 2);
    GEOSWKBWriter_setByteOrder_r(geos->handle, geos->writer, GEOS_WKB_NDR);
    GEOSWKBWriter_setIncludeSRID_r(geos->handle, geos->writer, 0);
    *out = geos;
    return EB_OK;
failed:
    eb_geos_free(geos);
    return eb_error_memory(err);
}

void eb_geos_free(eb_geos *geos)
{
    if (!geos) return;
    if (geos->reader) GEOSWKBReader_destroy_r(geos->handle, geos->reader);
    if (geos->writer) GEOSWKBWriter_destroy_r(geos->handle, geos->writer);
    if (geos->handle) GEOS_finish_r(geos->handle);
    free(geos);
}

eb_status eb_shape_write(eb_geos *geos, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err)
{
    *data = NULL;
    *size = 0;
    eb_geos_clear(geos);
    /* An empty point has no bytes in 2D WKB but NaN: the caller gets the empty collection that stands for "nothing". */
    GEOSGeometry *nothing = NULL;
    if (eb_shape_empty(geos, shape)) nothing = GEOSGeom_createEmptyCollection_r(geos->handle, GEOS_GEOMETRYCOLLECTION);
    size_t length = 0;
    unsigned char *bytes = GEOSWKBWriter_write_r(geos->handle, geos->writer, nothing ? nothing : shape, &length);
    GEOSGeom_destroy_r(geos->handle, nothing);
    if (!bytes) return eb_geos_failed(geos, "writing a shape", err);
    *data = malloc(length);
    if (*data) {
        memcpy(*data, bytes, length);
        *size = length;
    }
    GEOSFree_r(geos->handle, bytes);
    return *data ? EB_OK : eb_error_memory(err);
}

static bool all_finite(eb_geos *geos, const GEOSGeometry *shape)
{
    double box[4];
    if (GEOSisEmpty_r(geos->handle, shape) != 0) return true;
    if (!eb_shape_bounds(geos, shape, box)) return false;
    /* The box alone does not prove it: NaN loses every comparison and so never reaches the box. */
    uint8_t *data = NULL;
    size_t size = 0;
    bool ok = eb_shape_write(geos, shape, &data, &size, NULL) == EB_OK && eb_wkb_ok((eb_wkb){data, size});
    free(data);
    return ok;
}

eb_status eb_shape_from_text(eb_geos *geos, const char *wkt, eb_shape **out, eb_error *err)
{
    *out = NULL;
    eb_geos_clear(geos);
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos->handle);
    if (!reader) return eb_error_memory(err);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos->handle, reader, wkt);
    GEOSWKTReader_destroy_r(geos->handle, reader);
    if (shape && !all_finite(geos, shape)) {
        GEOSGeom_destroy_r(geos->handle, shape);
        return eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
    }
    return eb_geos_result(geos, shape, "reading the text of a shape", out, err);
}

void eb_shape_free(eb_geos *geos, eb_shape *shape)
{
    if (shape) GEOSGeom_destroy_r(geos->handle, shape);
}

eb_status eb_shape_copy(eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    eb_geos_clear(geos);
    return eb_geos_result(geos, GEOSGeom_clone_r(geos->handle, shape), "copying a shape", out, err);
}

bool eb_shape_empty(eb_geos *geos, const eb_shape *shape)
{
    return !shape || GEOSisEmpty_r(geos->handle, shape) != 0;
}

double eb_shape_area(eb_geos *geos, const eb_shape *shape)
{
    double area = NAN;
    return GEOSArea_r(geos->handle, shape, &area) == 1 ? area : (double)NAN;
}

double eb_shape_length(eb_geos *geos, const eb_shape *shape)
{
    double length = NAN;
    return GEOSLength_r(geos->handle, shape, &length) == 1 ? length : (double)NAN;
}

bool eb_shape_bounds(eb_geos *geos, const eb_shape *shape, double box[4])
{
    if (eb_shape_empty(geos, shape)) return false;
    return GEOSGeom_getXMin_r(geos->handle, shape, &box[0]) == 1 && GEOSGeom_getYMin_r(geos->handle, shape, &box[1]) == 1 &&
           GEOSGeom_getXMax_r(geos->handle, shape, &box[2]) == 1 && GEOSGeom_getYMax_r(geos->handle, shape, &box[3]) == 1;
}

int eb_shape_dimension(eb_geos *geos, const eb_shape *shape)
{
    return eb_shape_empty(geos, shape) ? -1 : GEOSGeom_getDimensions_r(geos->handle, shape);
}

size_t eb_shape_vertices(eb_geos *geos, const eb_shape *shape)
{
    int count = GEOSGetNumCoordinates_r(geos->handle, shape);
    return count > 0 ? (size_t)count : 0;
}

eb_status eb_shape_point_inside(eb_geos *geos, const eb_shape *shape, double *x, double *y, eb_error *err)
{
    eb_geos_clear(geos);
    if (eb_shape_empty(geos, shape)) return eb_error_set(err, EB_REFUSED, "an empty shape has no point inside");
    GEOSGeometry *point = GEOSPointOnSurface_r(geos->handle, shape);
    if (!point) return eb_geos_failed(geos, "finding a point inside a shape", err);
    int ok = GEOSGeomGetX_r(geos->handle, point, x) == 1 && GEOSGeomGetY_r(geos->handle, point, y) == 1;
    GEOSGeom_destroy_r(geos->handle, point);
    return ok ? EB_OK : eb_geos_failed(geos, "finding a point inside a shape", err);
}

size_t eb_shape_part_count(eb_geos *geos, const eb_shape *shape)
{
    int count = GEOSGetNumGeometries_r(geos->handle, shape);
    return count > 0 ? (size_t)count : 0;
}

const eb_shape *eb_shape_part_at(eb_geos *geos, const eb_shape *shape, size_t i)
{
    return i < eb_shape_part_count(geos, shape) ? GEOSGetGeometryN_r(geos->handle, shape, (int)i) : NULL;
}

eb_status eb_shape_from_box(eb_geos *geos, const double box[4], eb_shape **out, eb_error *err)
{
    eb_geos_clear(geos);
    return eb_geos_result(geos, GEOSGeom_createRectangle_r(geos->handle, box[0], box[1], box[2], box[3]), "making a box", out, err);
}
