#include "geom/geos.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool eb_shape_valid(eb_geos *geos, const eb_shape *shape, char *reason, size_t reason_size, double *x, double *y)
{
    if (x) *x = NAN;
    if (y) *y = NAN;
    if (reason && reason_size > 0) reason[0] = '\0';
    eb_geos_clear(geos);
    if (!reason && !x && !y) return GEOSisValid_r(geos->handle, shape) == 1;
    char *why = NULL;
    GEOSGeometry *where = NULL;
    char answer = GEOSisValidDetail_r(geos->handle, shape, 0, &why, &where);
    if (answer != 1 && reason) snprintf(reason, reason_size, "%s", eb_translate(why ? why : geos->message));
    if (answer != 1 && where && GEOSisEmpty_r(geos->handle, where) == 0) {
        if (x) GEOSGeomGetX_r(geos->handle, where, x);
        if (y) GEOSGeomGetY_r(geos->handle, where, y);
    }
    GEOSFree_r(geos->handle, why);
    GEOSGeom_destroy_r(geos->handle, where);
    return answer == 1;
}

/* A growing list of parts of one dimension. */
typedef struct parts {
    GEOSGeometry **list;
    size_t count, capacity;
    int dimension;
} parts;

static bool is_container(eb_geos *geos, const GEOSGeometry *shape)
{
    return GEOSGeomTypeId_r(geos->handle, shape) >= GEOS_MULTIPOINT;
}

/* Copies the parts of the wanted dimension, however nested. */
static bool gather(eb_geos *geos, const GEOSGeometry *shape, parts *found)
{
    if (GEOSisEmpty_r(geos->handle, shape) != 0) return true;
    if (is_container(geos, shape)) {
        int count = GEOSGetNumGeometries_r(geos->handle, shape);
        for (int i = 0; i < count; i++)
            if (!gather(geos, GEOSGetGeometryN_r(geos->handle, shape, i), found)) return false;
        return true;
    }
    if (GEOSGeom_getDimensions_r(geos->handle, shape) != found->dimension) return true;
    if (found->count == found->capacity) {
        size_t capacity = found->capacity ? found->capacity * 2 : 16;
        GEOSGeometry **list = realloc(found->list, capacity * sizeof *list);
        if (!list) return false;
        found->list = list;
        found->capacity = capacity;
    }
    GEOSGeometry *copy = GEOSGeom_clone_r(geos->handle, shape);
    if (copy) found->list[found->count++] = copy;
    return copy != NULL;
}

static const int multi_types[] = {GEOS_MULTIPOINT, GEOS_MULTILINESTRING, GEOS_MULTIPOLYGON};

eb_status eb_shape_keep_dimension(eb_geos *geos, eb_shape *shape_take, int dimension, eb_shape **out, eb_error *err)
{
    *out = NULL;
    eb_geos_clear(geos);
    if (dimension < 0 || dimension > 2) {
        eb_shape_free(geos, shape_take);
        return eb_error_set(err, EB_USAGE, "a shape has dimension 0, 1 or 2, not %d", dimension);
    }
    int type = GEOSGeomTypeId_r(geos->handle, shape_take);
    if (type == multi_types[dimension]) {
        *out = shape_take;
        return EB_OK;
    }
    parts found = {.dimension = dimension};
    bool ok = gather(geos, shape_take, &found);
    eb_shape_free(geos, shape_take);
    if (!ok) {
        for (size_t i = 0; i < found.count; i++) GEOSGeom_destroy_r(geos->handle, found.list[i]);
        free(found.list);
        return eb_error_memory(err);
    }
    GEOSGeometry *multi = GEOSGeom_createCollection_r(geos->handle, multi_types[dimension], found.list, (unsigned)found.count);
    free(found.list);
    return eb_geos_result(geos, multi, "collecting the parts of a shape", out, err);
}

static GEOSGeometry *make_valid(eb_geos *geos, const eb_shape *shape)
{
    GEOSMakeValidParams *params = GEOSMakeValidParams_create_r(geos->handle);
    if (!params) return NULL;
    GEOSGeometry *result = NULL;
    if (GEOSMakeValidParams_setMethod_r(geos->handle, params, GEOS_MAKE_VALID_STRUCTURE) == 1 &&
        GEOSMakeValidParams_setKeepCollapsed_r(geos->handle, params, 0) == 1)
        result = GEOSMakeValidWithParams_r(geos->handle, shape, params);
    GEOSMakeValidParams_destroy_r(geos->handle, params);
    return result;
}

static bool is_valid(eb_geos *geos, const eb_shape *shape)
{
    return eb_shape_valid(geos, shape, NULL, 0, NULL, NULL);
}

/* One round: *shape gives way to what GEOS makes of it, parts of the dimension only. On failure it is gone. */
static eb_status repair_round(eb_geos *geos, int round, int dimension, eb_shape **shape, eb_error *err)
{
    eb_geos_clear(geos);
    /* New crossing points are rounded, so a repaired shape may cross itself again, by a hair; another round settles that, or a grid. */
    GEOSGeometry *fixed = round < 3 ? make_valid(geos, *shape) : GEOSGeom_setPrecision_r(geos->handle, *shape, EB_GEOM_GRID_M, 0);
    eb_shape_free(geos, *shape);
    *shape = NULL;
    if (!fixed) return eb_geos_failed(geos, "repairing a shape", err);
    return eb_shape_keep_dimension(geos, fixed, dimension, shape, err);
}

eb_status eb_shape_repair(eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    eb_shape *fixed = NULL;
    *out = NULL;
    if (eb_shape_empty(geos, shape)) return eb_error_set(err, EB_REFUSED, "the shape is empty: nothing to repair");
    eb_status status = eb_shape_copy(geos, shape, &fixed, err);
    int dimension = GEOSGeom_getDimensions_r(geos->handle, shape);
    for (int round = 0; round < 4 && status == EB_OK && !is_valid(geos, fixed); round++)
        status = repair_round(geos, round, dimension, &fixed, err);
    if (status != EB_OK) return status;
    bool empty = eb_shape_empty(geos, fixed);
    if (!empty && is_valid(geos, fixed)) {
        *out = fixed;
        return EB_OK;
    }
    eb_shape_free(geos, fixed);
    return eb_error_set(err, EB_REFUSED, "%s",
                        empty ? _("the shape is beyond repair: it encloses nothing (all its points coincide or lie on a line)")
                              : _("the shape is beyond repair: it stays invalid after repair"));
}
