#define _LARGEFILE64_SOURCE 1 /* GDAL's VSIStatBufL is struct stat64 */

#include "layer/file_check.h"
#include "layer/ogr.h"
#include "layer/text_file.h"

#include "base/scratch.h"
#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *ending)
{
    size_t a = strlen(text), b = strlen(ending);
    return a > b && eb_text_same(text + a - b, ending);
}

/* A plain path, as against "PG:dbname=x", "/vsicurl/…" or "MYSQL:…". */
static bool is_plain_path(const char *text)
{
    if (strncmp(text, "/vsi", 4) == 0) return false;
    const char *colon = strchr(text, ':'), *slash = strchr(text, '/');
    return !colon || (slash && slash < colon);
}

/* A plain path or one inside an archive: read at will, as against a path on a server. */
static bool is_file_path(const char *text)
{
    static const char *const archives[] = {"/vsizip/", "/vsitar/", "/vsigzip/"};
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++) {
        size_t length = strlen(archives[i]);
        if (strncmp(text, archives[i], length) == 0) return strncmp(text + length, "/vsi", 4) != 0;
    }
    return is_plain_path(text);
}

static eb_status check_exists(const char *file, eb_error *err)
{
    VSIStatBufL info;
    if (!is_plain_path(file) || VSIStatL(file, &info) == 0) return EB_OK;
    /* A host's file may be called "a:b.shp" too, so only paths that are certainly files are judged here. */
    eb_error_set(err, EB_INPUT, "no such file");
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "check the name and the folder; a layer in a file is named \"file.gpkg|layername=roads\"");
    return EB_INPUT;
}

/* The only shapefile in a zip archive as a path of its own, or NULL. */
static char *shapefile_in_zip(const char *file)
{
    if (!ends_with(file, ".zip") && !ends_with(file, ".shz")) return NULL;
    char folder[1100];
    snprintf(folder, sizeof folder, "/vsizip/%s", file);
    char **names = VSIReadDirRecursive(folder);
    const char *found = NULL;
    int count = 0;
    for (int i = 0; names && names[i]; i++)
        if (ends_with(names[i], ".shp") && count++ == 0) found = names[i];
    char *path = NULL;
    if (count == 1) {
        size_t size = strlen(folder) + strlen(found) + 2;
        path = malloc(size);
        if (path) snprintf(path, size, "%s/%s", folder, found);
    }
    CSLDestroy(names);
    return path;
}

static eb_status prepare_shapefile(const char *path, const eb_read_options *options, eb_ogr_layer *out, char ***open, char **encoding,
                                   eb_error *err)
{
    eb_shapefile *file = malloc(sizeof *file);
    if (!file) return eb_error_memory(err);
    eb_status status = EB_OK;
    char name[40] = "";
    if (eb_shapefile_find(path, file)) {
        status = eb_shapefile_check(file, options->allow_partial, &out->notes, err);
        if (!status) status = eb_shapefile_encoding(file, options->encoding, name, sizeof name, &out->notes, err);
        int64_t rows = file->records >= 0 ? file->records : file->dbf_records;
        if (!status && rows >= 0 && !options->allow_partial) out->declared = rows - file->deleted;
        if (!status) *open = CSLSetNameValue(*open, "ENCODING", name);
        if (!status) *encoding = eb_text_dup(name);
        if (!status) eb_bad_values_decode(&file->bad, name);
        if (!status) {
            out->bad = file->bad;
            memset(&file->bad, 0, sizeof file->bad);
        }
        eb_shapefile_clear(file);
    }
    free(file);
    return status;
}

static bool is_text_table(const char *path)
{
    return ends_with(path, ".csv") || ends_with(path, ".tsv");
}

static bool is_json(const char *path)
{
    return ends_with(path, ".geojson") || ends_with(path, ".json") || ends_with(path, ".geojsonl") || ends_with(path, ".ndjson");
}

/* Text tables say nothing of their character set, and GeoJSON is not always the UTF-8 that it should be. */
static eb_status prepare_text(const char *path, const eb_read_options *options, eb_ogr_layer *out, char ***open, char **encoding,
                              eb_error *err)
{
    eb_text_table table = {0};
    const bool tabular = is_text_table(path);
    if (tabular) {
        *open = CSLSetNameValue(*open, "X_POSSIBLE_NAMES", "lon,longitude,lng,x,经度,东经");
        *open = CSLSetNameValue(*open, "Y_POSSIBLE_NAMES", "lat,latitude,y,纬度,北纬");
        *open = CSLSetNameValue(*open, "GEOM_POSSIBLE_NAMES", "WKT,geometry,geom");
        eb_status status = eb_text_table_look(path, &table, err);
        if (!status) status = eb_text_table_check(path, &table, options->allow_partial, &out->notes, err);
        if (status) return status;
        /* The shapes stand in a column of text: as an attribute they would be there twice. */
        if (table.has_wkt) *open = CSLSetNameValue(*open, "KEEP_GEOM_COLUMNS", "NO");
    }
    return eb_text_recode(path, options->encoding, tabular, &out->scratch, encoding, &out->notes, err);
}

static eb_status cannot_open(const eb_ogr_layer *out, eb_error *err)
{
    const char *why = out->trap.failures ? out->trap.message : _("it is in no format that GDAL knows");
    eb_error_set(err, EB_INPUT, "cannot open the layer: %s", why);
    eb_error_where(err, out->file, NULL, EB_NO_FID);
    eb_error_hint(err, "is the file whole, and is its ending the right one?");
    return EB_INPUT;
}

/* What GDAL does not notice of files that are cut short. */
static eb_status check_whole(const char *path, eb_ogr_layer *out, eb_error *err)
{
    eb_status status = eb_sqlite_check(path, err);
    if (!status) status = eb_osm_check(path, err);
    if (!status) status = eb_fgb_check(path, err);
    if (!status) status = eb_json_check(path, err);
    if (!status) status = eb_mapinfo_check(path, &out->declared, err);
    return status;
}

/* Why a file is not whole is an error, or a remark where a part of it will do. */
static eb_status judge_whole(const char *path, eb_ogr_layer *out, eb_error *err)
{
    eb_error why = {0};
    eb_status status = check_whole(path, out, out->allow_partial ? &why : err);
    if (!out->allow_partial || status != EB_INPUT) {
        if (status && out->allow_partial && err) *err = why;
        return status;
    }
    const char *slash = strrchr(why.file, '/');
    eb_notes_fault(&out->notes, EB_REMARK_DAMAGE, EB_NO_FID, "the file is damaged, only a part could be read: %s (%s)", why.message,
                   slash ? slash + 1 : why.file);
    return EB_OK;
}

static eb_status prepare(const char *path, const eb_read_options *options, eb_ogr_layer *out, char ***open, char **encoding, eb_error *err)
{
    eb_status status = check_exists(path, err);
    if (!status && is_file_path(path)) status = judge_whole(path, out, err);
    if (!status) status = prepare_shapefile(path, options, out, open, encoding, err);
    if (!status && is_file_path(path) && (is_text_table(path) || is_json(path)))
        status = prepare_text(path, options, out, open, encoding, err);
    return status;
}

/* Is the format one of those whose cut files are noticed, or no file at all? */
static eb_status check_format(const eb_ogr_layer *out, eb_error *err)
{
    static const char *const known[] = {"ESRI Shapefile",
                                        "GPKG",
                                        "SQLite",
                                        "GeoJSON",
                                        "GeoJSONSeq",
                                        "TopoJSON",
                                        "ESRIJSON",
                                        "GML",
                                        "KML",
                                        "LIBKML",
                                        "GPX",
                                        "OSM",
                                        "FlatGeobuf",
                                        "CSV",
                                        "MapInfo File",
                                        "DXF",
                                        "ODS",
                                        "XLSX",
                                        "JML",
                                        "MapML",
                                        "GeoRSS",
                                        "OpenFileGDB",
                                        "FileGDB",
                                        "GMLAS",
                                        "NAS",
                                        "Memory",
                                        "OGR_VRT",
                                        "PostgreSQL",
                                        "MySQL",
                                        "MSSQLSpatial",
                                        "OCI",
                                        "ODBC",
                                        "PGeo",
                                        "WFS",
                                        "OAPIF",
                                        "OGCAPI",
                                        "CSW",
                                        "Elasticsearch",
                                        "Carto",
                                        "AmigoCloud",
                                        "NGW",
                                        "PLSCENES",
                                        "EEDA",
                                        "HTTP",
                                        "Parquet",
                                        "Arrow"};
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(out->dataset));
    if (out->allow_partial) return EB_OK;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(driver, known[i]) == 0) return EB_OK;
    eb_error_set(err, EB_INPUT, "files of the format %s do not tell whether they are whole, so they are not read", driver);
    eb_error_where(err, out->file, NULL, EB_NO_FID);
    eb_error_hint(err, "export the data as GeoPackage or shapefile where they come from, or take the file as it is: --allow-partial of "
                       "ecobelt convert");
    return EB_INPUT;
}

eb_status eb_ogr_open_dataset(const eb_ogr_name *name, const eb_read_options *options, eb_ogr_layer *out, char **encoding, eb_error *err)
{
    memset(out, 0, sizeof *out);
    out->declared = -1;
    out->allow_partial = options->allow_partial;
    *encoding = NULL;
    eb_ogr_register();
    out->file = eb_text_dup(name->file);
    if (!out->file) return eb_error_memory(err);
    eb_trap_set(&out->trap);
    char *inner = shapefile_in_zip(name->file), **open = CSLDuplicate(name->options);
    const char *path = inner ? inner : name->file;
    eb_status status = prepare(path, options, out, &open, encoding, err);
    if (!status) {
        /* Preparing may have met a damaged file in its own way; from here on every failure counts. */
        memset(&out->trap, 0, sizeof out->trap);
        const unsigned flags = GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR;
        out->dataset = GDALOpenEx(out->scratch ? out->scratch : path, flags, NULL, (const char *const *)open, NULL);
        status = out->dataset ? check_format(out, err) : cannot_open(out, err);
    }
    eb_trap_end();
    CSLDestroy(open);
    free(inner);
    if (status) {
        free(*encoding);
        *encoding = NULL;
        eb_ogr_close(out);
    }
    return status;
}

void eb_ogr_close(eb_ogr_layer *layer)
{
    eb_trap ignored = {0};
    eb_trap_set(&ignored);
    if (layer->dataset) GDALClose(layer->dataset);
    eb_trap_end();
    eb_schema_free(layer->schema);
    eb_notes_clear(&layer->notes);
    eb_bad_values_clear(&layer->bad);
    eb_scratch_remove(layer->scratch);
    free(layer->file);
    memset(layer, 0, sizeof *layer);
}

eb_status eb_ogr_check_trap(eb_ogr_layer *layer, eb_error *err)
{
    if (layer->trap.failures == 0) return EB_OK;
    if (layer->allow_partial) {
        eb_notes_fault(&layer->notes, EB_REMARK_DAMAGE, EB_NO_FID, "the file is damaged, only a part could be read: %s",
                       layer->trap.message);
        return EB_OK;
    }
    eb_error_set(err, EB_INPUT, "the file is damaged or cut short: %s", layer->trap.message);
    eb_error_where(err, layer->file, layer->schema ? layer->schema->name : NULL, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(eb_copy_or_part));
    return EB_INPUT;
}
