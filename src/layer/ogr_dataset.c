#define _LARGEFILE64_SOURCE 1 /* GDAL's VSIStatBufL is struct stat64 */

#include "layer/file_check.h"
#include "layer/ogr.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <iconv.h>
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
    }
    free(file);
    return status;
}

/* Whole file as bytes, for formats small enough to be recoded in memory. */
static eb_status slurp(const char *path, char **bytes, size_t *size, eb_error *err)
{
    GByte *data = NULL;
    vsi_l_offset length = 0;
    if (!VSIIngestFile(NULL, path, &data, &length, -1)) {
        eb_error_set(err, EB_INPUT, "cannot read the file");
        eb_error_where(err, path, NULL, EB_NO_FID);
        return EB_INPUT;
    }
    *bytes = (char *)data;
    *size = (size_t)length;
    return EB_OK;
}

static eb_status recode(const char *from, const char *bytes, size_t size, char **out, size_t *out_size, const char *path, eb_error *err)
{
    iconv_t conversion = iconv_open("UTF-8", from);
    if (conversion == (iconv_t)-1) return eb_error_set(err, EB_USAGE, "unknown character set \"%s\"", from);
    size_t room = size * 4 + 4, left = size, free_room = room;
    char *to = VSIMalloc(room), *at = to, *in = (char *)(uintptr_t)bytes;
    size_t done = to ? iconv(conversion, &in, &left, &at, &free_room) : 0;
    iconv_close(conversion);
    if (!to) return eb_error_memory(err);
    if (done == (size_t)-1) {
        VSIFree(to);
        eb_error_set(err, EB_INPUT, "the text is not %s: byte %zu cannot be read as that", from, size - left + 1);
        eb_error_where(err, path, NULL, EB_NO_FID);
        eb_error_hint(err, "name the character set with --encoding");
        return EB_INPUT;
    }
    *out = to;
    *out_size = room - free_room;
    return EB_OK;
}

/* Look at a text file line by line: what is it written in? */
static const char *guess_lines(const char *bytes, size_t size)
{
    eb_encoding_evidence evidence = {0};
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end ? (size_t)(end - (bytes + at)) : size - at;
        eb_encoding_look(&evidence, bytes + at, length);
        at += length + 1;
    }
    return eb_encoding_guess(&evidence);
}

/* Bytes of text that are not UTF-8, put in its place in memory for the driver. */
static eb_status put_scratch(eb_ogr_layer *out, const char *path, char *text, size_t size, eb_error *err)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t room = strlen(base) + 64;
    out->scratch = malloc(room);
    if (!out->scratch) {
        VSIFree(text);
        return eb_error_memory(err);
    }
    snprintf(out->scratch, room, "/vsimem/ecobelt-%p/%s", (void *)out->scratch, base);
    VSIFCloseL(VSIFileFromMemBuffer(out->scratch, (GByte *)text, size, TRUE));
    return EB_OK;
}

/* Text tables say nothing of their character set, and GeoJSON is not always the UTF-8 that it should be: bring them to UTF-8 in memory so
 * that names and filters work too. */
static eb_status recode_text(const char *path, const eb_read_options *options, eb_ogr_layer *out, char **encoding, eb_error *err)
{
    char *bytes = NULL, *text = NULL, name[40];
    size_t size = 0, text_size = 0;
    eb_status status = slurp(path, &bytes, &size, err);
    if (status) return status;
    if (options->encoding)
        status = eb_encoding_name(options->encoding, name, sizeof name, err);
    else
        eb_text_copy(name, sizeof name, guess_lines(bytes, size));
    if (!status && strcmp(name, "UTF-8") != 0) {
        status = recode(name, bytes, size, &text, &text_size, path, err);
        if (!status && !options->encoding)
            eb_notes_add(&out->notes, "character set not declared; read as %s by the look of the bytes", name);
    }
    VSIFree(bytes);
    if (status) return status;
    *encoding = eb_text_dup(name);
    return text ? put_scratch(out, path, text, text_size, err) : EB_OK;
}

static eb_status prepare_csv(const char *path, const eb_read_options *options, eb_ogr_layer *out, char ***open, char **encoding,
                             eb_error *err)
{
    *open = CSLSetNameValue(*open, "X_POSSIBLE_NAMES", "lon,longitude,lng,x,经度,东经");
    *open = CSLSetNameValue(*open, "Y_POSSIBLE_NAMES", "lat,latitude,y,纬度,北纬");
    *open = CSLSetNameValue(*open, "GEOM_POSSIBLE_NAMES", "WKT,geometry,geom");
    return recode_text(path, options, out, encoding, err);
}

static bool is_json(const char *path)
{
    return ends_with(path, ".geojson") || ends_with(path, ".json") || ends_with(path, ".geojsonl") || ends_with(path, ".ndjson");
}

/* Only what is not UTF-8, or is said not to be, is read into memory. */
static eb_status prepare_json(const char *path, const eb_read_options *options, eb_ogr_layer *out, char **encoding, eb_error *err)
{
    bool plain = true;
    eb_status status = options->encoding ? EB_OK : eb_utf8_check(path, &plain, err);
    return !status && (options->encoding || !plain) ? recode_text(path, options, out, encoding, err) : status;
}

static eb_status cannot_open(const eb_ogr_layer *out, eb_error *err)
{
    const char *why = out->trap.failures ? out->trap.message : _("it is in no format that GDAL knows");
    eb_error_set(err, EB_INPUT, "cannot open the layer: %s", why);
    eb_error_where(err, out->file, NULL, EB_NO_FID);
    eb_error_hint(err, "is the file whole, and is its ending the right one?");
    return EB_INPUT;
}

static eb_status prepare(const char *path, const eb_read_options *options, eb_ogr_layer *out, char ***open, char **encoding, eb_error *err)
{
    eb_status status = check_exists(path, err);
    if (!status && is_plain_path(path) && !options->allow_partial) status = eb_sqlite_check(path, err);
    if (!status && is_plain_path(path) && !options->allow_partial) status = eb_osm_check(path, err);
    if (!status && is_plain_path(path) && !options->allow_partial) status = eb_json_check(path, err);
    if (!status) status = prepare_shapefile(path, options, out, open, encoding, err);
    if (!status && is_plain_path(path) && (ends_with(path, ".csv") || ends_with(path, ".tsv")))
        status = prepare_csv(path, options, out, open, encoding, err);
    else if (!status && is_plain_path(path) && is_json(path))
        status = prepare_json(path, options, out, encoding, err);
    return status;
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
        if (!out->dataset) status = cannot_open(out, err);
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
    if (layer->scratch) VSIUnlink(layer->scratch);
    eb_trap_end();
    eb_schema_free(layer->schema);
    eb_notes_clear(&layer->notes);
    free(layer->scratch);
    free(layer->file);
    memset(layer, 0, sizeof *layer);
}

eb_status eb_ogr_check_trap(eb_ogr_layer *layer, eb_error *err)
{
    if (layer->trap.failures == 0) return EB_OK;
    if (layer->allow_partial) {
        eb_notes_add(&layer->notes, "the file is damaged, only a part could be read: %s", layer->trap.message);
        return EB_OK;
    }
    eb_error_set(err, EB_INPUT, "the file is damaged or cut short: %s", layer->trap.message);
    eb_error_where(err, layer->file, layer->schema ? layer->schema->name : NULL, EB_NO_FID);
    eb_error_hint(err, "copy the file again, or take what can be read: --allow-partial of ecobelt convert, allow_partial: in a plan");
    return EB_INPUT;
}
