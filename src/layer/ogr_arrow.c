/*
 * The Arrow C data and stream interfaces as OGR fills them: one column of feature ids, the fields that are not ignored in
 * their order, one column of WKB.
 */
#include "layer/batch.h"
#include "layer/ogr.h"

#include <cpl_string.h>
#include <ogr_recordbatch.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eb_ogr_arrow {
    struct ArrowArrayStream stream;
    eb_ogr_layer *layer;
    bool open;
    int fid, shape; /* children, -1: none */
    int *children;  /* for each field of the batch its child */
    char *formats;  /* and the first letter of its Arrow format */
    size_t fields;
    int64_t next_fid; /* where the stream has none */
};

/* Arrow formats read here, for fields of a type; dates as days since 1970. */
static bool can_read(eb_field_type type, const char *format)
{
    if (type == EB_FIELD_TEXT) return strcmp(format, "u") == 0;
    if (type == EB_FIELD_INTEGER) return strcmp(format, "i") == 0 || strcmp(format, "l") == 0 || strcmp(format, "s") == 0;
    if (type == EB_FIELD_REAL) return strcmp(format, "g") == 0 || strcmp(format, "f") == 0;
    if (type == EB_FIELD_DATE) return strcmp(format, "tdD") == 0;
    return false; /* times lose their zone on this way, and GDAL 3.6 sets the bits of booleans in wrong places */
}

/* Find each column by its place and check its name; false: read row by row instead. */
static bool match_columns(eb_ogr_arrow *arrow, const struct ArrowSchema *columns, const eb_schema *batch_schema, const size_t *map,
                          const bool *wanted, bool shapes)
{
    const eb_schema *full = arrow->layer->schema;
    int64_t at = 0, count = columns->n_children;
    arrow->fid = arrow->shape = -1;
    const char *fid_name = OGR_L_GetFIDColumn(arrow->layer->layer);
    if (at < count && strcmp(columns->children[at]->format, "l") == 0 &&
        strcmp(columns->children[at]->name, fid_name && fid_name[0] ? fid_name : "OGC_FID") == 0)
        arrow->fid = (int)at++;
    for (size_t f = 0; f < full->field_count; f++) {
        if (!wanted[f]) continue;
        if (at >= count || strcmp(columns->children[at]->name, full->fields[f].name) != 0) return false;
        for (size_t b = 0; b < batch_schema->field_count; b++) {
            if (map[b] != f) continue;
            if (!can_read(full->fields[f].type, columns->children[at]->format)) return false;
            arrow->children[b] = (int)at;
            arrow->formats[b] = columns->children[at]->format[0];
        }
        at++;
    }
    if (!shapes) return at == count;
    if (at + 1 != count || strcmp(columns->children[at]->format, "z") != 0) return false;
    arrow->shape = (int)at;
    return true;
}

static bool start(eb_ogr_arrow *arrow, const eb_schema *batch_schema, const size_t *map, const bool *wanted, bool shapes,
                  size_t batch_features)
{
    char size[40];
    snprintf(size, sizeof size, "%zu", batch_features);
    char **options = CSLSetNameValue(NULL, "MAX_FEATURES_IN_BATCH", size);
    arrow->open = OGR_L_GetArrowStream(arrow->layer->layer, &arrow->stream, options);
    CSLDestroy(options);
    if (!arrow->open) return false;
    struct ArrowSchema columns;
    memset(&columns, 0, sizeof columns);
    if (arrow->stream.get_schema(&arrow->stream, &columns) != 0) return false;
    bool fine = match_columns(arrow, &columns, batch_schema, map, wanted, shapes);
    columns.release(&columns);
    return fine;
}

eb_status eb_ogr_arrow_new(eb_ogr_layer *layer, const eb_schema *batch_schema, const size_t *map, const bool *wanted, bool shapes,
                           size_t batch_features, eb_ogr_arrow **out, eb_error *err)
{
    *out = NULL;
    /* A stream that fails loses all of its batch: what can be read of a damaged file is read row by row. */
    if (layer->allow_partial || !OGR_L_TestCapability(layer->layer, OLCFastGetArrowStream)) return EB_OK;
    /* Of a FlatGeobuf without features, or whose header does not count them, GDAL 3.6 hands out empty arrays for ever. */
    if (strcmp(layer->schema->driver, "FlatGeobuf") == 0 && OGR_L_GetFeatureCount(layer->layer, FALSE) <= 0) return EB_OK;
    eb_ogr_arrow *arrow = calloc(1, sizeof *arrow);
    if (!arrow) return eb_error_memory(err);
    arrow->layer = layer;
    arrow->fields = batch_schema->field_count;
    arrow->children = calloc(arrow->fields + 1, sizeof *arrow->children);
    arrow->formats = calloc(arrow->fields + 1, 1);
    if (!arrow->children || !arrow->formats) {
        eb_ogr_arrow_free(arrow);
        return eb_error_memory(err);
    }
    if (start(arrow, batch_schema, map, wanted, shapes, batch_features))
        *out = arrow;
    else
        eb_ogr_arrow_free(arrow);
    return EB_OK;
}

void eb_ogr_arrow_free(eb_ogr_arrow *arrow)
{
    if (!arrow) return;
    if (arrow->open && arrow->stream.release) arrow->stream.release(&arrow->stream);
    free(arrow->children);
    free(arrow->formats);
    free(arrow);
}

static bool bit(const uint8_t *bits, int64_t i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

static bool is_valid(const struct ArrowArray *column, int64_t i)
{
    const uint8_t *bits = column->buffers[0];
    return column->null_count == 0 || !bits || bit(bits, i + column->offset);
}

/* Civil date of a day number (days since 1970-01-01), proleptic Gregorian: H. Hinnant, "chrono-compatible low-level date algorithms". */
static void format_day(int32_t day, char *text, size_t size)
{
    int64_t z = (int64_t)day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9, year = yoe + era * 400 + (month <= 2);
    snprintf(text, size, "%04d-%02d-%02d", (int)year, (int)month, (int)(doy - (153 * mp + 2) / 5 + 1));
}

static bool set_value(eb_batch *batch, size_t field, char format, const struct ArrowArray *column, int64_t i)
{
    if (!is_valid(column, i)) return true;
    int64_t at = i + column->offset;
    const void *data = column->buffers[1];
    char day[40];
    switch (format) {
    case 'u': {
        const int32_t *offsets = data;
        const char *text = column->buffers[2];
        return eb_batch_set_bytes(batch, field, text + offsets[at], (size_t)(offsets[at + 1] - offsets[at]));
    }
    case 'i':
        return eb_batch_set_integer(batch, field, ((const int32_t *)data)[at]);
    case 'l':
        return eb_batch_set_integer(batch, field, ((const int64_t *)data)[at]);
    case 's':
        return eb_batch_set_integer(batch, field, ((const int16_t *)data)[at]);
    case 'g':
        return isnan(((const double *)data)[at]) || eb_batch_set_real(batch, field, ((const double *)data)[at]);
    case 'f':
        return eb_batch_set_real(batch, field, (double)((const float *)data)[at]);
    default:
        format_day(((const int32_t *)data)[at], day, sizeof day);
        return eb_batch_set_text(batch, field, day);
    }
}

/* True where the bytes are in the form that batches hold: walks the counts, not the coordinates. */
static bool is_plain(const uint8_t *data, size_t size)
{
    eb_wkb shape = {data, size};
    if (size < 5 || data[0] != 1 || eb_wkb_kind(shape) == EB_SHAPE_UNKNOWN) return false;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
    }
    return !eb_wkb_bad(&walk);
}

static eb_status add_feature(eb_ogr_arrow *arrow, eb_batch *batch, const struct ArrowArray *array, int64_t i, eb_error *err)
{
    int64_t fid = arrow->next_fid++;
    if (arrow->fid >= 0) {
        const struct ArrowArray *column = array->children[arrow->fid];
        fid = ((const int64_t *)column->buffers[1])[i + column->offset];
    }
    eb_wkb shape = {NULL, 0};
    if (arrow->shape >= 0) {
        const struct ArrowArray *column = array->children[arrow->shape];
        const int32_t *offsets = (const int32_t *)column->buffers[1] + column->offset;
        if (is_valid(column, i)) shape = (eb_wkb){(const uint8_t *)column->buffers[2] + offsets[i], (size_t)(offsets[i + 1] - offsets[i])};
    }
    if (shape.size == 0 || is_plain(shape.data, shape.size)) return eb_batch_add(batch, fid, shape) ? EB_OK : eb_error_memory(err);
    if (!eb_batch_reserve(batch, fid, 0, NULL)) return eb_error_memory(err);
    eb_status status = eb_ogr_fix_shape(batch, shape.data, shape.size, err);
    if (status == EB_INPUT) {
        eb_error_where(err, arrow->layer->file, arrow->layer->schema->name, fid);
        if (!arrow->layer->allow_partial) return status;
        eb_notes_fault(&arrow->layer->notes, EB_REMARK_DAMAGE, EB_NO_FID, "the shape of feature %" PRId64 " is broken", fid);
        status = EB_OK;
    }
    return status;
}

static eb_status take_array(eb_ogr_arrow *arrow, eb_batch *batch, const struct ArrowArray *array, eb_error *err)
{
    for (int64_t i = 0; i < array->length; i++) {
        eb_status status = add_feature(arrow, batch, array, i, err);
        for (size_t f = 0; !status && f < arrow->fields; f++)
            if (!set_value(batch, f, arrow->formats[f], array->children[arrow->children[f]], i)) status = eb_error_memory(err);
        if (status) return status;
    }
    return EB_OK;
}

/* The stream fails in a thread of GDAL's own at times, without words: have the layer say it again in this one. */
static eb_status stream_failed(eb_ogr_arrow *arrow, int code)
{
    const char *words = arrow->stream.get_last_error(&arrow->stream);
    if (arrow->layer->trap.failures == 0 && !words) {
        OGR_L_ResetReading(arrow->layer->layer);
        OGRFeatureH feature;
        while (arrow->layer->trap.failures == 0 && (feature = OGR_L_GetNextFeature(arrow->layer->layer))) OGR_F_Destroy(feature);
    }
    if (arrow->layer->trap.failures == 0) {
        arrow->layer->trap.failures = 1;
        snprintf(arrow->layer->trap.message, sizeof arrow->layer->trap.message, "%s", words ? words : strerror(code));
    }
    return EB_OK; /* the reader looks at the trap */
}

eb_status eb_ogr_arrow_next(eb_ogr_arrow *arrow, eb_batch *batch, eb_error *err)
{
    /* An array may be empty where a filter has left nothing of it. */
    while (batch->count == 0) {
        struct ArrowArray array;
        memset(&array, 0, sizeof array);
        int code = arrow->stream.get_next(&arrow->stream, &array);
        if (code) return stream_failed(arrow, code);
        if (!array.release) return EB_OK;
        eb_status status = take_array(arrow, batch, &array, err);
        array.release(&array);
        if (status) return status;
    }
    return EB_OK;
}
