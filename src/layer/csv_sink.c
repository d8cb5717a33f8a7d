/* Text tables, RFC 4180: points as columns x and y, other shapes as WKT, nothing for a table. */
#include "layer/sink_common.h"
#include "layer/wkb_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct csv_sink {
    eb_place place;
    eb_writer writer;
    eb_schema *schema;
    bool points, shapes;
    int decimals;
} csv_sink;

static void put_cell(eb_writer *writer, const char *text)
{
    /* An empty text in quotes, so that it is told from a null. */
    if (text[0] && !strpbrk(text, ",\"\r\n") && text[0] != ' ') {
        eb_writer_text(writer, text);
        return;
    }
    eb_writer_add(writer, "\"", 1);
    for (const char *p = text; *p; p++) {
        if (*p == '"') eb_writer_add(writer, "\"", 1);
        eb_writer_add(writer, p, 1);
    }
    eb_writer_add(writer, "\"", 1);
}

static void put_coords(csv_sink *sink, const uint8_t *coords, uint32_t count, const eb_wkb_head *head)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i) eb_writer_add(&sink->writer, ",", 1);
        for (size_t d = 0; d < 2 + (size_t)head->has_z; d++) {
            double value;
            memcpy(&value, coords + (i * head->dims + d) * sizeof value, sizeof value);
            if (d) eb_writer_add(&sink->writer, " ", 1);
            eb_writer_number(&sink->writer, value, sink->decimals);
        }
    }
}

/* The part of a shape's WKT in brackets. */
static bool put_body(csv_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head, int depth);

static bool put_wkt(csv_sink *sink, eb_wkb_cursor *cursor, int depth)
{
    static const char *const names[] = {"POINT",           "LINESTRING",   "POLYGON",           "MULTIPOINT",
                                        "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"};
    eb_wkb_head head;
    if (!eb_wkb_read_head(cursor, &head)) return false;
    eb_writer_text(&sink->writer, names[head.kind - 1]);
    eb_writer_text(&sink->writer, head.has_z ? " Z " : " ");
    return put_body(sink, cursor, &head, depth);
}

static bool put_body(csv_sink *sink, eb_wkb_cursor *cursor, const eb_wkb_head *head, int depth)
{
    if (depth > 16) return false;
    if (head->count == 0) {
        eb_writer_text(&sink->writer, "EMPTY");
        return true;
    }
    eb_writer_add(&sink->writer, "(", 1);
    bool simple = head->kind == EB_SHAPE_POINT || head->kind == EB_SHAPE_LINE;
    if (simple) {
        const uint8_t *coords = eb_wkb_read_coords(cursor, head->count, head->dims);
        if (!coords) return false;
        put_coords(sink, coords, head->count, head);
    }
    for (uint32_t i = 0; !simple && i < head->count; i++) {
        eb_wkb_head member = {EB_SHAPE_LINE, head->dims, head->has_z, 0};
        if (i) eb_writer_add(&sink->writer, ",", 1);
        bool fine = head->kind == EB_SHAPE_COLLECTION ? put_wkt(sink, cursor, depth + 1)
                    : head->kind == EB_SHAPE_POLYGON
                        ? eb_wkb_read_count(cursor, &member.count) && put_body(sink, cursor, &member, depth + 1)
                        : eb_wkb_read_head(cursor, &member) && put_body(sink, cursor, &member, depth + 1);
        if (!fine) return false;
    }
    eb_writer_add(&sink->writer, ")", 1);
    return true;
}

static bool put_shape(csv_sink *sink, eb_wkb shape)
{
    eb_wkb_cursor cursor = {shape.data, shape.data + shape.size};
    eb_wkb_head head;
    if (sink->points) {
        double xy[2] = {NAN, NAN};
        if (shape.size && (!eb_wkb_read_head(&cursor, &head) || head.kind != EB_SHAPE_POINT)) return false;
        const uint8_t *coords = shape.size ? eb_wkb_read_coords(&cursor, 1, head.dims) : NULL;
        if (shape.size && !coords) return false;
        if (coords) memcpy(xy, coords, sizeof xy);
        for (int d = 0; d < 2; d++) {
            if (!isnan(xy[d])) eb_writer_number(&sink->writer, xy[d], sink->decimals);
            if (d == 0) eb_writer_add(&sink->writer, ",", 1);
        }
        return true;
    }
    if (shape.size == 0) return true;
    eb_writer_add(&sink->writer, "\"", 1);
    bool fine = put_wkt(sink, &cursor, 0);
    eb_writer_add(&sink->writer, "\"", 1);
    return fine;
}

static eb_status put_row(csv_sink *sink, const eb_batch *batch, size_t i, eb_error *err)
{
    if (sink->shapes && !put_shape(sink, eb_batch_shape_at(batch, i)))
        return eb_error_set(err, EB_REFUSED, sink->points ? "a shape in a layer of points is no point" : "the bytes of a shape are broken");
    for (size_t f = 0; f < sink->schema->field_count; f++) {
        char text[64];
        if (f || sink->shapes) eb_writer_add(&sink->writer, ",", 1);
        if (eb_batch_is_null(batch, i, f)) continue;
        eb_field_type type = sink->schema->fields[f].type;
        bool number = type == EB_FIELD_INTEGER || type == EB_FIELD_REAL || type == EB_FIELD_BOOLEAN;
        if (number) eb_batch_format_at(batch, i, f, text, sizeof text);
        put_cell(&sink->writer, number ? text : eb_batch_text_at(batch, i, f));
    }
    eb_writer_text(&sink->writer, "\n");
    return EB_OK;
}

static eb_status csv_write(void *self, const eb_batch *batch, eb_error *err)
{
    csv_sink *sink = self;
    for (size_t i = 0; i < batch->count; i++) {
        eb_status status = put_row(sink, batch, i, err);
        if (status) {
            eb_error_where(err, sink->place.target, sink->schema->name, batch->fids[i]);
            return status;
        }
    }
    return eb_writer_check(&sink->writer, sink->place.target, err);
}

static eb_status csv_commit(void *self, eb_error *err)
{
    csv_sink *sink = self;
    eb_status status = eb_writer_close(&sink->writer, sink->place.target, err);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void csv_free(void *self)
{
    csv_sink *sink = self;
    eb_writer_abort(&sink->writer);
    eb_place_close(&sink->place);
    eb_schema_free(sink->schema);
    free(sink);
}

static void put_heading(csv_sink *sink)
{
    eb_writer_text(&sink->writer, "\xEF\xBB\xBF"); /* spreadsheets take a file without it for their own code page */
    if (sink->shapes) eb_writer_text(&sink->writer, sink->points ? "x,y" : "WKT");
    for (size_t f = 0; f < sink->schema->field_count; f++) {
        if (f || sink->shapes) eb_writer_add(&sink->writer, ",", 1);
        put_cell(&sink->writer, sink->schema->fields[f].name);
    }
    eb_writer_text(&sink->writer, "\n");
}

eb_status eb_sink_csv(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {csv_write, csv_commit, csv_free};
    csv_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->schema = eb_schema_copy(schema);
    eb_status status = sink->schema ? EB_OK : eb_error_memory(err);
    sink->shapes = !schema->tabular;
    sink->points = schema->kind == EB_SHAPE_POINT;
    bool plane = schema->crs && eb_crs_info_get(schema->crs)->kind != EB_CRS_GEOGRAPHIC;
    sink->decimals = options->decimals >= 0 ? options->decimals : plane ? 4 : 9;
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (!status) status = eb_writer_open(sink->place.file, &sink->writer, err);
    if (status) {
        csv_free(sink);
        return status;
    }
    put_heading(sink);
    return eb_sink_make(&ops, sink, out, err);
}
