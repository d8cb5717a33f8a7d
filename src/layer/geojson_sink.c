/* GeoJSON: RFC 7946, and the 2008 format with a "crs" member that GDAL and QGIS read and write. */
#include "layer/sink_common.h"
#include "layer/wkb_read.h"

#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct geojson_sink {
    eb_place place;
    eb_writer writer;
    eb_schema *schema;
    eb_to_wgs84 to_wgs84;
    eb_string text; /* scratch for JSON strings */
    char **keys;    /* "name": as JSON, one a field */
    bool rfc7946, lines, any;
    int decimals;
} geojson_sink;

static double coordinate(const uint8_t *coords, size_t i, size_t dims, size_t axis)
{
    double value;
    memcpy(&value, coords + (i * dims + axis) * sizeof value, sizeof value);
    return value;
}

static bool put_position(geojson_sink *sink, const uint8_t *coords, size_t i, const eb_wkb_head *head)
{
    double x = coordinate(coords, i, head->dims, 0), y = coordinate(coords, i, head->dims, 1);
    if (!isfinite(x) || !isfinite(y)) return false;
    eb_writer_add(&sink->writer, "[", 1);
    eb_writer_number(&sink->writer, x, sink->decimals);
    eb_writer_add(&sink->writer, ",", 1);
    eb_writer_number(&sink->writer, y, sink->decimals);
    if (head->has_z) {
        double z = coordinate(coords, i, head->dims, 2);
        eb_writer_add(&sink->writer, ",", 1);
        eb_writer_number(&sink->writer, isfinite(z) ? z : 0, 4);
    }
    eb_writer_add(&sink->writer, "]", 1);
    return true;
}

/* Twice the signed area of a ring in the decimals that are written, in units of the last one, about the first point to keep digits. */
static double turn(const geojson_sink *sink, const uint8_t *coords, uint32_t count, size_t dims)
{
    const double scale = pow(10, sink->decimals);
    double sum = 0, before[2] = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        double step[2];
        for (size_t axis = 0; axis < 2; axis++)
            step[axis] = rint(coordinate(coords, i, dims, axis) * scale) - rint(coordinate(coords, 0, dims, axis) * scale);
        sum += before[0] * step[1] - step[0] * before[1];
        before[0] = step[0];
        before[1] = step[1];
    }
    return sum;
}

static bool put_positions(geojson_sink *sink, eb_wkb_cursor *cursor, uint32_t count, const eb_wkb_head *head, bool backwards)
{
    const uint8_t *coords = eb_wkb_read_coords(cursor, count, head->dims);
    if (!coords) return false;
    eb_writer_add(&sink->writer, "[", 1);
    for (uint32_t i = 0; i < count; i++) {
        if (i) eb_writer_add(&sink->writer, ",", 1);
        if (!put_position(sink, coords, backwards ? count - 1 - i : i, head)) return false;
    }
    eb_writer_add(&sink->writer, "]", 1);
    return true;
}

/* Go past a polygon whose outer ring has no area in the decimals that are written: a sliver thinner than they can show, which would be
 * no ring there. False where it has some, with the cursor where it was. */
static bool skip_flat_polygon(const geojson_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head)
{
    eb_wkb_cursor ahead = *cursor;
    for (uint32_t ring = 0; ring < head->count; ring++) {
        uint32_t count = 0;
        if (!eb_wkb_read_count(&ahead, &count)) return false;
        const uint8_t *coords = eb_wkb_read_coords(&ahead, count, head->dims);
        if (!coords || (ring == 0 && turn(sink, coords, count, head->dims) != 0)) return false;
    }
    *cursor = ahead;
    return head->count > 0;
}

/* Whether a multipolygon holds nothing but such: then it is written as it is, since nothing vanishes whole. */
static bool all_flat(const geojson_sink *sink, eb_wkb_cursor cursor, uint32_t count)
{
    eb_wkb_head member;
    for (uint32_t i = 0; i < count; i++)
        if (!eb_wkb_read_head(&cursor, &member) || !skip_flat_polygon(sink, &cursor, &member)) return false;
    return true;
}

/* RFC 7946 section 3.1.6: outer rings run counterclockwise, holes clockwise. */
static bool put_ring(geojson_sink *sink, eb_wkb_cursor *cursor, bool outer, const eb_wkb_head *head)
{
    uint32_t count = 0;
    if (!eb_wkb_read_count(cursor, &count)) return false;
    eb_wkb_cursor peek = *cursor;
    const uint8_t *coords = eb_wkb_read_coords(&peek, count, head->dims);
    if (!coords) return false;
    const double area = turn(sink, coords, count, head->dims);
    if (!outer && area == 0) {
        *cursor = peek;
        return true;
    }
    if (!outer) eb_writer_add(&sink->writer, ",", 1);
    return put_positions(sink, cursor, count, head, sink->rfc7946 && (outer ? area < 0 : area > 0));
}

static bool put_members(geojson_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head);

/* Coordinates of a shape without its type: what stands in a multi shape. */
static bool put_coordinates(geojson_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head)
{
    if (head->kind == EB_SHAPE_POINT) {
        const uint8_t *coords = eb_wkb_read_coords(cursor, 1, head->dims);
        if (!coords) return false;
        bool empty = isnan(coordinate(coords, 0, head->dims, 0)) && isnan(coordinate(coords, 0, head->dims, 1));
        if (empty) eb_writer_text(&sink->writer, "[]");
        return empty || put_position(sink, coords, 0, head);
    }
    if (head->kind == EB_SHAPE_LINE) return put_positions(sink, cursor, head->count, head, false);
    eb_writer_add(&sink->writer, "[", 1);
    bool good = true;
    for (uint32_t i = 0; good && i < head->count && head->kind == EB_SHAPE_POLYGON; i++) good = put_ring(sink, cursor, i == 0, head);
    if (good && head->kind != EB_SHAPE_POLYGON) good = put_members(sink, cursor, head);
    eb_writer_add(&sink->writer, "]", 1);
    return good;
}

static bool put_members(geojson_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head)
{
    bool any = false, skip = head->kind == EB_SHAPE_MULTIPOLYGON && !all_flat(sink, *cursor, head->count);
    for (uint32_t i = 0; i < head->count; i++) {
        eb_wkb_head member;
        if (!eb_wkb_read_head(cursor, &member) || member.kind != head->kind - 3) return false;
        if (skip && skip_flat_polygon(sink, cursor, &member)) continue;
        if (any) eb_writer_add(&sink->writer, ",", 1);
        any = true;
        if (!put_coordinates(sink, cursor, &member)) return false;
    }
    return true;
}

static bool put_geometry(geojson_sink *sink, eb_wkb_cursor *cursor, int depth)
{
    static const char *const names[] = {"Point",           "LineString",   "Polygon",           "MultiPoint",
                                        "MultiLineString", "MultiPolygon", "GeometryCollection"};
    eb_wkb_head head;
    if (depth > 16 || !eb_wkb_read_head(cursor, &head)) return false;
    bool nested = head.kind == EB_SHAPE_COLLECTION;
    eb_writer_text(&sink->writer, "{\"type\":\"");
    eb_writer_text(&sink->writer, names[head.kind - 1]);
    eb_writer_text(&sink->writer, nested ? "\",\"geometries\":[" : "\",\"coordinates\":");
    if (!nested && !put_coordinates(sink, cursor, &head)) return false;
    for (uint32_t i = 0; nested && i < head.count; i++) {
        if (i) eb_writer_add(&sink->writer, ",", 1);
        if (!put_geometry(sink, cursor, depth + 1)) return false;
    }
    eb_writer_text(&sink->writer, nested ? "]}" : "}");
    return true;
}

static const char *json(geojson_sink *sink, const char *text)
{
    eb_string_clear(&sink->text);
    eb_string_add_json(&sink->text, text);
    return eb_string_get(&sink->text);
}

static void put_value(geojson_sink *sink, const eb_batch *batch, size_t i, size_t f)
{
    char text[64];
    if (eb_batch_is_null(batch, i, f)) {
        eb_writer_text(&sink->writer, "null");
        return;
    }
    switch (sink->schema->fields[f].type) {
    case EB_FIELD_INTEGER:
        snprintf(text, sizeof text, "%" PRId64, eb_batch_integer_at(batch, i, f));
        break;
    case EB_FIELD_BOOLEAN:
        eb_text_copy(text, sizeof text, eb_batch_integer_at(batch, i, f) ? "true" : "false");
        break;
    case EB_FIELD_REAL:
        if (isfinite(eb_batch_real_at(batch, i, f)))
            eb_text_from_real(text, sizeof text, eb_batch_real_at(batch, i, f));
        else
            eb_text_copy(text, sizeof text, "null");
        break;
    default:
        eb_writer_text(&sink->writer, json(sink, eb_batch_text_at(batch, i, f)));
        return;
    }
    eb_writer_text(&sink->writer, text);
}

static eb_status put_feature(geojson_sink *sink, const eb_batch *batch, size_t i, eb_error *err)
{
    char id[64];
    eb_wkb shape = {NULL, 0};
    eb_status status = eb_to_wgs84_shape(&sink->to_wgs84, eb_batch_shape_at(batch, i), &shape, err);
    if (status) return status;
    if (!sink->lines) eb_writer_text(&sink->writer, sink->any ? ",\n" : "\n");
    sink->any = true;
    snprintf(id, sizeof id, "{\"type\":\"Feature\",\"id\":%" PRId64 ",\"properties\":{", batch->fids[i]);
    eb_writer_text(&sink->writer, id);
    for (size_t f = 0; f < sink->schema->field_count; f++) {
        if (f) eb_writer_add(&sink->writer, ",", 1);
        eb_writer_text(&sink->writer, sink->keys[f]);
        put_value(sink, batch, i, f);
    }
    eb_writer_text(&sink->writer, "},\"geometry\":");
    eb_wkb_cursor cursor = {shape.data, shape.data + shape.size};
    if (shape.size == 0)
        eb_writer_text(&sink->writer, "null");
    else if (!put_geometry(sink, &cursor, 0))
        return eb_error_set(err, EB_REFUSED, "a shape is broken or has a coordinate that is no number");
    eb_writer_text(&sink->writer, sink->lines ? "}\n" : "}");
    return sink->text.failed ? eb_error_memory(err) : EB_OK;
}

static eb_status geojson_write(void *self, const eb_batch *batch, eb_error *err)
{
    geojson_sink *sink = self;
    for (size_t i = 0; i < batch->count; i++) {
        eb_status status = put_feature(sink, batch, i, err);
        if (status) {
            eb_error_where(err, sink->place.target, sink->schema->name, batch->fids[i]);
            return status;
        }
    }
    return eb_writer_check(&sink->writer, sink->place.target, err);
}

static eb_status geojson_commit(void *self, eb_error *err)
{
    geojson_sink *sink = self;
    if (!sink->lines) eb_writer_text(&sink->writer, "\n]}\n");
    eb_status status = eb_writer_close(&sink->writer, sink->place.target, err);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void geojson_free(void *self)
{
    geojson_sink *sink = self;
    eb_writer_abort(&sink->writer);
    eb_place_close(&sink->place);
    eb_to_wgs84_close(&sink->to_wgs84);
    eb_string_clear(&sink->text);
    for (size_t f = 0; sink->keys && f < sink->schema->field_count; f++) free(sink->keys[f]);
    free(sink->keys);
    eb_schema_free(sink->schema);
    free(sink);
}

static eb_status make_keys(geojson_sink *sink, eb_error *err)
{
    sink->keys = calloc(sink->schema->field_count + 1, sizeof *sink->keys);
    if (!sink->keys) return eb_error_memory(err);
    for (size_t f = 0; f < sink->schema->field_count; f++) {
        eb_string key = {0};
        eb_string_add_json(&key, sink->schema->fields[f].name);
        eb_string_add(&key, ":");
        sink->keys[f] = eb_string_take(&key);
        if (!sink->keys[f]) return eb_error_memory(err);
    }
    return EB_OK;
}

/* The crs member, or "" where the format's own longitude and latitude are meant. */
static eb_status crs_member(const geojson_sink *sink, char *text, size_t size, eb_error *err)
{
    text[0] = '\0';
    if (sink->rfc7946 || !sink->schema->crs) return EB_OK;
    const char *code = eb_crs_info_get(sink->schema->crs)->code;
    const char *number = strncmp(code, "EPSG:", 5) == 0 ? code + 5 : NULL;
    if (!number) {
        eb_error_set(err, EB_REFUSED, "GeoJSON names a CRS by its EPSG code, and \"%s\" has none",
                     eb_crs_info_get(sink->schema->crs)->name);
        eb_error_where(err, sink->place.target, sink->schema->name, EB_NO_FID);
        eb_error_hint(err, "write another format (.gpkg), or bring the layer to a CRS that has a code with --to-crs");
        return EB_REFUSED;
    }
    const char *urn = strcmp(number, "4326") == 0 ? "OGC:1.3:CRS84" : NULL;
    snprintf(text, size, ",\n\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:%s%s\"}}",
             urn ? urn : "EPSG::", urn ? "" : number);
    return EB_OK;
}

static void put_member(geojson_sink *sink, const char *name, const char *value)
{
    if (!value) return;
    eb_writer_text(&sink->writer, ",\n\"");
    eb_writer_text(&sink->writer, name);
    eb_writer_text(&sink->writer, "\":");
    eb_writer_text(&sink->writer, json(sink, value));
}

static eb_status begin(geojson_sink *sink, const eb_write_options *options, eb_error *err)
{
    char crs[160];
    eb_status status = crs_member(sink, crs, sizeof crs, err);
    if (status || sink->lines) return status;
    eb_writer_text(&sink->writer, "{\"type\":\"FeatureCollection\",\"name\":");
    eb_writer_text(&sink->writer, json(sink, sink->schema->name));
    put_member(sink, "title", options->title);
    put_member(sink, "method", options->method);
    put_member(sink, "status", options->status);
    eb_writer_text(&sink->writer, crs);
    eb_writer_text(&sink->writer, ",\n\"features\":[");
    return EB_OK;
}

static int default_decimals(const geojson_sink *sink)
{
    /* A tenth of a millimetre: what surveys are written to, so that an area recomputed from the file is the same. */
    bool degrees = sink->rfc7946 || !sink->schema->crs || eb_crs_info_get(sink->schema->crs)->kind == EB_CRS_GEOGRAPHIC;
    return degrees ? 9 : 4;
}

eb_status eb_sink_geojson(const char *file, const eb_schema *schema, const eb_write_options *options, bool lines, eb_sink **out,
                          eb_error *err)
{
    static const eb_sink_ops ops = {geojson_write, geojson_commit, geojson_free};
    geojson_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->lines = lines;
    sink->rfc7946 = options->rfc7946 || lines;
    sink->schema = eb_schema_copy(schema);
    eb_status status = sink->schema ? make_keys(sink, err) : eb_error_memory(err);
    if (!status && sink->rfc7946) status = eb_to_wgs84_open(schema, &sink->to_wgs84, err);
    if (!status) sink->decimals = options->decimals >= 0 ? options->decimals : default_decimals(sink);
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (!status) status = eb_writer_open(sink->place.file, &sink->writer, err);
    if (!status) status = begin(sink, options, err);
    if (status) {
        geojson_free(sink);
        return status;
    }
    return eb_sink_make(&ops, sink, out, err);
}
