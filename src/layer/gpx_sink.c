/*
 * GPX 1.1: points as waypoints, lines as tracks, in one document. https://www.topografix.com/GPX/1/1/gpx.xsd
 *
 * The schema wants all waypoints before all tracks, so tracks wait in memory. A height is the z of a coordinate. Fields called as GPX's
 * own elements become those; all others go into <extensions> under the namespace that GDAL and QGIS read them back from.
 */
#include "layer/batch.h"
#include "layer/sink_common.h"

#include "base/text.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Elements in the order of the schema, which are the same for waypoints and tracks. */
static const char *const elements[] = {"name", "cmt", "desc", "src", "sym", "type"};
enum { ELEMENTS = sizeof elements / sizeof *elements, SYM = 4 };

typedef struct gpx_sink {
    eb_place place;
    eb_schema *schema;
    eb_writer writer;
    eb_to_wgs84 to_wgs84;
    int own[ELEMENTS]; /* field of each element, -1: none */
    eb_string tracks, text;
    int decimals;
} gpx_sink;

/* Text inside an element: what XML takes for markup escaped, what it cannot hold left out. */
static void add_text(eb_string *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        const char *word = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : NULL;
        if (word)
            eb_string_add(out, word);
        else
            eb_string_add_bytes(out, c < 0x20 && c != '\t' && c != '\n' ? " " : at, 1);
    }
}

/* A field's name as the name of an element. */
static void add_tag(eb_string *out, const char *name)
{
    if (!((*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z') || (unsigned char)*name >= 0x80)) eb_string_add(out, "_");
    for (; *name; name++) {
        bool fine = (unsigned char)*name >= 0x80 || strchr("_-.", *name) || (*name >= '0' && *name <= '9') ||
                    (*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z');
        eb_string_add_bytes(out, fine ? name : "_", 1);
    }
}

static void add_value(eb_string *out, const eb_batch *batch, size_t i, size_t f)
{
    char number[64];
    if (eb_field_is_text(batch->schema->fields[f].type)) {
        add_text(out, eb_batch_text_at(batch, i, f));
        return;
    }
    eb_batch_format_at(batch, i, f, number, sizeof number);
    eb_string_add(out, number);
}

static bool is_own(const gpx_sink *sink, size_t f)
{
    for (size_t k = 0; k < ELEMENTS; k++)
        if (sink->own[k] == (int)f) return true;
    return false;
}

/* Name, description and so on; then what GPX has no element for. Tracks know no symbol. */
static void add_about(const gpx_sink *sink, eb_string *out, const eb_batch *batch, size_t i, bool track)
{
    for (size_t k = 0; k < ELEMENTS; k++) {
        int f = sink->own[k];
        if (f < 0 || (track && k == SYM) || eb_batch_is_null(batch, i, (size_t)f)) continue;
        eb_string_addf(out, "<%s>", elements[k]);
        add_value(out, batch, i, (size_t)f);
        eb_string_addf(out, "</%s>", elements[k]);
    }
    bool any = false;
    for (size_t f = 0; f < sink->schema->field_count; f++) {
        if (is_own(sink, f) || eb_batch_is_null(batch, i, f)) continue;
        eb_string_add(out, any ? "<ogr:" : "<extensions><ogr:");
        add_tag(out, sink->schema->fields[f].name);
        eb_string_add(out, ">");
        add_value(out, batch, i, f);
        eb_string_add(out, "</ogr:");
        add_tag(out, sink->schema->fields[f].name);
        eb_string_add(out, ">");
        any = true;
    }
    if (any) eb_string_add(out, "</extensions>");
}

static void add_number(eb_string *out, double value, int decimals)
{
    char text[64];
    eb_text_from_fixed(text, sizeof text, value, decimals);
    eb_string_add(out, text);
}

/* <wpt> or <trkpt> with its place and, where there is one, its height; false where it is not on the globe. */
static bool add_point(const gpx_sink *sink, eb_string *out, const char *tag, const eb_wkb_part *part, size_t i)
{
    double lon, lat, height = NAN;
    eb_wkb_xy(part, i, &lon, &lat);
    if (part->has_z) memcpy(&height, part->coords + (i * part->dims + 2) * sizeof(double), sizeof height);
    if (!(fabs(lat) <= 90) || !(fabs(lon) <= 360)) return false;
    /* Longitudes run from -180 to below 180. */
    lon = lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
    eb_string_addf(out, "<%s lat=\"", tag);
    add_number(out, lat, sink->decimals);
    eb_string_add(out, "\" lon=\"");
    add_number(out, lon, sink->decimals);
    eb_string_add(out, "\">");
    if (isfinite(height)) {
        eb_string_add(out, "<ele>");
        add_number(out, height, 2);
        eb_string_add(out, "</ele>");
    }
    return true;
}

static bool add_segment(const gpx_sink *sink, eb_string *out, const eb_wkb_part *part)
{
    eb_string_add(out, "<trkseg>\n");
    for (size_t i = 0; i < part->count; i++) {
        if (!add_point(sink, out, "trkpt", part, i)) return false;
        eb_string_add(out, "</trkpt>\n");
    }
    eb_string_add(out, "</trkseg>");
    return true;
}

/* A feature: a waypoint for each of its points, one track for all of its lines. */
static eb_status add_feature(gpx_sink *sink, const eb_batch *batch, size_t i, eb_wkb shape, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t lines = 0, points = 0;
    eb_string_clear(&sink->text);
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        bool point = part.kind == EB_SHAPE_POINT, fine = part.kind != EB_SHAPE_POLYGON;
        eb_string *out = point ? &sink->text : &sink->tracks;
        if (fine && point) {
            fine = add_point(sink, out, "wpt", &part, 0);
            add_about(sink, out, batch, i, false);
            eb_string_add(out, "</wpt>\n");
            points++;
        } else if (fine) {
            if (lines++ == 0) {
                eb_string_add(out, "<trk>");
                add_about(sink, out, batch, i, true);
            }
            fine = add_segment(sink, out, &part);
        }
        if (!fine)
            return eb_error_set(err, EB_REFUSED,
                                part.kind == EB_SHAPE_POLYGON ? "GPX holds points and lines, and this is a polygon"
                                                              : "a coordinate is not on the globe");
    }
    if (lines) eb_string_add(&sink->tracks, "</trk>\n");
    if (eb_wkb_bad(&walk)) return eb_error_set(err, EB_REFUSED, "the bytes of a shape are broken");
    if (lines + points == 0) {
        eb_error_set(err, EB_REFUSED, "GPX cannot hold a feature without geometry");
        eb_error_hint(err, "write another format (.geojson, .gpkg), or leave such features out");
        return EB_REFUSED;
    }
    if (sink->text.failed || sink->tracks.failed) return eb_error_memory(err);
    if (points) eb_writer_text(&sink->writer, eb_string_get(&sink->text));
    return EB_OK;
}

static eb_status gpx_write(void *self, const eb_batch *batch, eb_error *err)
{
    gpx_sink *sink = self;
    eb_status status = EB_OK;
    for (size_t i = 0; i < batch->count && status == EB_OK; i++) {
        eb_wkb shape = {NULL, 0};
        status = eb_to_wgs84_shape(&sink->to_wgs84, eb_batch_shape_at(batch, i), &shape, err);
        if (status == EB_OK) status = add_feature(sink, batch, i, shape, err);
        if (status != EB_OK) eb_error_where(err, sink->place.target, sink->schema->name, batch->fids[i]);
    }
    return status == EB_OK ? eb_writer_check(&sink->writer, sink->place.target, err) : status;
}

static eb_status gpx_commit(void *self, eb_error *err)
{
    gpx_sink *sink = self;
    if (sink->tracks.size) eb_writer_add(&sink->writer, sink->tracks.data, sink->tracks.size);
    eb_writer_text(&sink->writer, "</gpx>\n");
    eb_status status = eb_writer_close(&sink->writer, sink->place.target, err);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void gpx_free(void *self)
{
    gpx_sink *sink = self;
    eb_writer_abort(&sink->writer);
    eb_to_wgs84_close(&sink->to_wgs84);
    eb_place_close(&sink->place);
    eb_string_clear(&sink->tracks);
    eb_string_clear(&sink->text);
    eb_schema_free(sink->schema);
    free(sink);
}

static void put_metadata(gpx_sink *sink, const char *element, const char *text)
{
    if (!text) return;
    eb_string_addf(&sink->text, "<%s>", element);
    add_text(&sink->text, text);
    eb_string_addf(&sink->text, "</%s>", element);
}

static void put_heading(gpx_sink *sink, const eb_write_options *options)
{
    eb_writer_text(&sink->writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<gpx version=\"1.1\" creator=\"ecobelt\" xmlns=\"http://www.topografix.com/GPX/1/1\" "
                                  "xmlns:ogr=\"http://osgeo.org/gdal\">\n");
    if (!options->title && !options->status) return;
    eb_string_add(&sink->text, "<metadata>");
    put_metadata(sink, "name", options->title);
    put_metadata(sink, "desc", options->status);
    eb_string_add(&sink->text, "</metadata>\n");
    eb_writer_text(&sink->writer, eb_string_get(&sink->text));
}

static void find_own(gpx_sink *sink)
{
    static const char *const other_names[] = {"name_zh", "名称", "label"};
    for (size_t k = 0; k < ELEMENTS; k++) sink->own[k] = eb_schema_find(sink->schema, elements[k]);
    for (size_t i = 0; sink->own[0] < 0 && i < sizeof other_names / sizeof *other_names; i++)
        sink->own[0] = eb_schema_find(sink->schema, other_names[i]);
}

static eb_status check_kind(const eb_schema *schema, eb_error *err)
{
    bool fine = schema->kind != EB_SHAPE_POLYGON && schema->kind != EB_SHAPE_MULTIPOLYGON && !schema->tabular;
    if (fine) return EB_OK;
    eb_error_set(err, EB_REFUSED, "GPX holds points (as waypoints) and lines (as tracks), not %s",
                 schema->tabular ? _("tables") : eb_shape_kind_name(schema->kind));
    eb_error_where(err, schema->file, schema->name, EB_NO_FID);
    eb_error_hint(err, "write another format (.geojson, .kml)");
    return EB_REFUSED;
}

eb_status eb_sink_gpx(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {gpx_write, gpx_commit, gpx_free};
    gpx_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->schema = eb_schema_copy(schema);
    sink->decimals = options->decimals >= 0 ? options->decimals : 8;
    eb_status status = sink->schema ? check_kind(schema, err) : eb_error_memory(err);
    if (!status) status = eb_to_wgs84_open(schema, &sink->to_wgs84, err);
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (!status) status = eb_writer_open(sink->place.file, &sink->writer, err);
    if (status) {
        gpx_free(sink);
        return status;
    }
    find_own(sink);
    put_heading(sink, options);
    return eb_sink_make(&ops, sink, out, err);
}
