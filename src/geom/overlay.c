#include "geom/geos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static GEOSGeometry *overlay_floating(GEOSContextHandle_t handle, const eb_shape *a, const eb_shape *b, eb_overlay_op op)
{
    switch (op) {
    case EB_OP_INTERSECTION:
        return GEOSIntersection_r(handle, a, b);
    case EB_OP_UNION:
        return GEOSUnion_r(handle, a, b);
    case EB_OP_DIFFERENCE:
        return GEOSDifference_r(handle, a, b);
    case EB_OP_SYMDIFF:
        return GEOSSymDifference_r(handle, a, b);
    }
    return NULL;
}

static GEOSGeometry *overlay_on_grid(GEOSContextHandle_t handle, const eb_shape *a, const eb_shape *b, eb_overlay_op op, double grid_m)
{
    switch (op) {
    case EB_OP_INTERSECTION:
        return GEOSIntersectionPrec_r(handle, a, b, grid_m);
    case EB_OP_UNION:
        return GEOSUnionPrec_r(handle, a, b, grid_m);
    case EB_OP_DIFFERENCE:
        return GEOSDifferencePrec_r(handle, a, b, grid_m);
    case EB_OP_SYMDIFF:
        return GEOSSymDifferencePrec_r(handle, a, b, grid_m);
    }
    return NULL;
}

eb_status eb_try_on_grids(eb_on_grid make, void *self, eb_error *err)
{
    /* As fine as numbers of this size carry, then coarser: what a try rounds off is its grid times the length of the edges. */
    static const double grids_m[] = {1e-9, 1e-8, 1e-7, 1e-6, 1e-5, EB_GEOM_GRID_M};
    eb_status status = make(self, 0, err);
    for (size_t k = 0; k < sizeof grids_m / sizeof *grids_m && (status == EB_REFUSED || status == EB_INTERNAL); k++) {
        eb_error why;
        const eb_status again = make(self, grids_m[k], &why);
        if (again == EB_REFUSED || again == EB_INTERNAL) continue;
        if (again != EB_OK && err) *err = why;
        status = again;
    }
    return status;
}

/* An overlay of two shapes, or the union of the collection a. */
typedef struct overlaying {
    eb_geos *geos;
    const eb_shape *a, *b;
    eb_overlay_op op;
    eb_shape **out;
} overlaying;

static eb_status overlay_two(void *self, double grid_m, eb_error *err)
{
    const overlaying *o = self;
    const GEOSContextHandle_t handle = o->geos->handle;
    eb_geos_clear(o->geos);
    GEOSGeometry *result = grid_m > 0 ? overlay_on_grid(handle, o->a, o->b, o->op, grid_m) : overlay_floating(handle, o->a, o->b, o->op);
    return eb_geos_result(o->geos, result, "overlay of two shapes", o->out, err);
}

eb_status eb_shape_overlay(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_overlay_op op, eb_shape **out, eb_error *err)
{
    overlaying o = {.geos = geos, .a = a, .b = b, .op = op, .out = out};
    return eb_try_on_grids(overlay_two, &o, err);
}

eb_status eb_shape_overlay_on_grid(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_overlay_op op, double grid_m, eb_shape **out,
                                   eb_error *err)
{
    overlaying o = {.geos = geos, .a = a, .b = b, .op = op, .out = out};
    return grid_m > 0 ? overlay_two(&o, grid_m, err) : eb_try_on_grids(overlay_two, &o, err);
}

/* GEOS takes the parts of a collection over, so the caller's shapes are copied into it. */
static GEOSGeometry *collect_copies(eb_geos *geos, eb_shape *const *shapes, size_t count)
{
    GEOSGeometry **copies = calloc(count ? count : 1, sizeof *copies);
    if (!copies) return NULL;
    GEOSGeometry *all = NULL;
    size_t made = 0;
    while (made < count && (copies[made] = GEOSGeom_clone_r(geos->handle, shapes[made])) != NULL) made++;
    if (made == count)
        all = GEOSGeom_createCollection_r(geos->handle, GEOS_GEOMETRYCOLLECTION, copies, (unsigned)count);
    else
        for (size_t i = 0; i < made; i++) GEOSGeom_destroy_r(geos->handle, copies[i]);
    free(copies);
    return all;
}

static eb_status unite(void *self, double grid_m, eb_error *err)
{
    const overlaying *o = self;
    const GEOSContextHandle_t handle = o->geos->handle;
    eb_geos_clear(o->geos);
    GEOSGeometry *result = grid_m > 0 ? GEOSUnaryUnionPrec_r(handle, o->a, grid_m) : GEOSUnaryUnion_r(handle, o->a);
    return eb_geos_result(o->geos, result, "union of shapes", o->out, err);
}

eb_status eb_shape_union_on_grid(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, eb_shape **out, eb_error *err)
{
    *out = NULL;
    GEOSGeometry *all = collect_copies(geos, shapes, count);
    if (!all) return eb_error_memory(err);
    overlaying o = {.geos = geos, .a = all, .out = out};
    eb_status status = grid_m > 0 ? unite(&o, grid_m, err) : eb_try_on_grids(unite, &o, err);
    GEOSGeom_destroy_r(geos->handle, all);
    return status;
}

eb_status eb_shape_union_all(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_shape **out, eb_error *err)
{
    return eb_shape_union_on_grid(geos, shapes, count, 0, out, err);
}

eb_status eb_shape_union_coverage(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_shape **out, bool *proven, eb_error *err)
{
    eb_wkb *bytes = calloc(count + 1, sizeof *bytes);
    eb_status status = bytes ? EB_OK : eb_error_memory(err);
    *out = NULL;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        uint8_t *data = NULL;
        status = eb_shape_write(geos, shapes[i], &data, &bytes[i].size, err);
        bytes[i].data = data;
    }
    if (status == EB_OK) status = eb_coverage_union(geos, bytes, count, out, err);
    for (size_t i = 0; bytes && i < count; i++) free((void *)bytes[i].data);
    free(bytes);
    *proven = *out != NULL;
    return status == EB_OK && !*out ? eb_shape_union_all(geos, shapes, count, out, err) : status;
}

/* The narrowest type that holds all shapes; single parts of one kind make a multi shape. */
static int collection_type(eb_geos *geos, eb_shape *const *shapes, size_t count)
{
    int common = -1;
    for (size_t i = 0; i < count; i++) {
        int type = GEOSGeomTypeId_r(geos->handle, shapes[i]);
        if (i > 0 && type != common) return GEOS_GEOMETRYCOLLECTION;
        common = type;
    }
    if (common == GEOS_POINT) return GEOS_MULTIPOINT;
    if (common == GEOS_LINESTRING) return GEOS_MULTILINESTRING;
    return common == GEOS_POLYGON ? GEOS_MULTIPOLYGON : GEOS_GEOMETRYCOLLECTION;
}

eb_status eb_shape_collect(eb_geos *geos, eb_shape **shapes_take, size_t count, eb_shape **out, eb_error *err)
{
    eb_geos_clear(geos);
    int type = collection_type(geos, shapes_take, count);
    /* GEOS consumes the parts on failure too. */
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos->handle, type, shapes_take, (unsigned)count);
    return eb_geos_result(geos, all, "collecting shapes", out, err);
}

eb_status eb_shape_polygonize(eb_geos *geos, const eb_shape *noded, eb_shape **out, eb_error *err)
{
    *out = NULL;
    eb_geos_clear(geos);
    GEOSGeometry *faces = GEOSPolygonize_r(geos->handle, &noded, 1);
    if (!faces) return eb_geos_failed(geos, "finding what lines enclose", err);
    return eb_shape_keep_dimension(geos, faces, 2, out, err);
}

eb_status eb_shape_faces(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, eb_shape **out, eb_error *err)
{
    eb_shape **lines = calloc(count + 1, sizeof *lines), *noded = NULL;
    eb_status status = lines ? EB_OK : eb_error_memory(err);
    *out = NULL;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        eb_geos_clear(geos);
        status = eb_geos_result(geos, GEOSBoundary_r(geos->handle, shapes[i]), "finding what lines enclose", &lines[i], err);
    }
    if (status == EB_OK) status = eb_shape_union_on_grid(geos, lines, count, grid_m, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(geos, noded, out, err);
    for (size_t i = 0; lines && i < count; i++) eb_shape_free(geos, lines[i]);
    free(lines);
    eb_shape_free(geos, noded);
    return status;
}

eb_status eb_shape_clip(eb_geos *geos, const eb_shape *shape, const double box[4], eb_shape **out, eb_error *err)
{
    eb_shape *part = NULL, *kept = NULL;
    *out = NULL;
    eb_geos_clear(geos);
    eb_status status =
        eb_geos_result(geos, GEOSClipByRect_r(geos->handle, shape, box[0], box[1], box[2], box[3]), "clipping a shape", &part, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, part, 2, &kept, err);
    if (status != EB_OK) return status;
    if (eb_shape_valid(geos, kept, NULL, 0, NULL, NULL)) {
        *out = kept;
        return EB_OK;
    }
    eb_shape_free(geos, kept);
    return eb_error_set(err, EB_REFUSED, "clipping a shape left an invalid one");
}
