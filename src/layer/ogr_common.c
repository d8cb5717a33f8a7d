#include "layer/ogr.h"

#include "base/text.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <ogr_srs_api.h>
#include <pthread.h>
#include <string.h>

static void register_drivers(void)
{
    GDALAllRegister();
    /* Threads that GDAL starts itself have no handler of ours: keep them from writing to stderr. */
    CPLErrorHandler before = CPLSetErrorHandler(CPLQuietErrorHandler);
    if (before && before != CPLDefaultErrorHandler) CPLSetErrorHandler(before);
}

void eb_ogr_register(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_drivers);
}

static bool is_about_crs(const char *message)
{
    if (strncmp(message, "PROJ: ", 6) == 0 || strstr(message, "importFromWkt") || strstr(message, "importFromEPSG")) return true;
    return strstr(message, "importFromESRI") || strstr(message, "Parsing error : ") || strstr(message, "missing , or ]") ||
           strstr(message, "missing [");
}

/* SQLite's own words, without the whole statement before them. */
static const char *without_sql(const char *message)
{
    const char *why = strncmp(message, "sqlite3_exec(", 13) == 0 ? strstr(message, ") failed: ") : NULL;
    return why ? why + 10 : message;
}

/* Values that are none of their field's type are looked for by the readers themselves, which do not take what GDAL makes of them. */
static bool is_about_value(const char *message)
{
    return strstr(message, "parsed incompletely to") != NULL;
}

static void CPL_STDCALL count_report(CPLErr class, CPLErrorNum number, const char *message)
{
    (void)number;
    eb_trap *trap = CPLGetErrorHandlerUserData();
    if (class == CE_Warning && !is_about_value(message) && trap->warnings++ == 0)
        eb_text_copy(trap->warning, sizeof trap->warning, message);
    if (class < CE_Failure) return;
    if (is_about_crs(message)) {
        eb_text_copy(trap->crs, sizeof trap->crs, message);
        return;
    }
    if (trap->failures++ == 0) eb_text_copy(trap->message, sizeof trap->message, without_sql(message));
}

void eb_trap_set(eb_trap *trap)
{
    CPLPushErrorHandlerEx(count_report, trap);
}

void eb_trap_end(void)
{
    CPLPopErrorHandler();
}

eb_shape_kind eb_ogr_kind(OGRwkbGeometryType type, bool *has_z)
{
    if (has_z) *has_z = OGR_GT_HasZ(type) != 0;
    switch (OGR_GT_Flatten(OGR_GT_GetLinear(type))) {
    case wkbPoint:
        return EB_SHAPE_POINT;
    case wkbLineString:
    case wkbLinearRing:
        return EB_SHAPE_LINE;
    case wkbPolygon:
    case wkbTriangle:
        return EB_SHAPE_POLYGON;
    case wkbMultiPoint:
        return EB_SHAPE_MULTIPOINT;
    case wkbMultiLineString:
        return EB_SHAPE_MULTILINE;
    case wkbMultiPolygon:
    case wkbPolyhedralSurface:
    case wkbTIN:
        return EB_SHAPE_MULTIPOLYGON;
    case wkbGeometryCollection:
        return EB_SHAPE_COLLECTION;
    default:
        return EB_SHAPE_UNKNOWN;
    }
}

eb_status eb_ogr_crs(OGRSpatialReferenceH srs, eb_crs **out, eb_error *err)
{
    *out = NULL;
    if (!srs || OSRIsLocal(srs)) return EB_OK;
    OGRSpatialReferenceH flat = OSRClone(srs);
    if (!flat) return eb_error_memory(err);
    if (OSRIsCompound(flat)) OSRStripVertical(flat);
    const char *const options[] = {"FORMAT=WKT2_2018", NULL};
    char *wkt = NULL;
    eb_status status = EB_OK;
    if (OSRExportToWktEx(flat, &wkt, options) == OGRERR_NONE && wkt && wkt[0]) status = eb_crs_new(wkt, out, err);
    CPLFree(wkt);
    OSRRelease(flat);
    return status;
}

OGRSpatialReferenceH eb_ogr_srs(const eb_crs *crs)
{
    if (!crs) return NULL;
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (!srs) return NULL;
    const eb_crs_info *info = eb_crs_info_get(crs);
    OGRErr failed = info->code[0] ? OSRSetFromUserInput(srs, info->code) : OGRERR_FAILURE;
    if (failed) failed = OSRSetFromUserInput(srs, eb_crs_wkt(crs));
    if (failed) {
        OSRRelease(srs);
        return NULL;
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    return srs;
}
