/*
 * Writing [地块坐标] text files. Zone and character set stand for the whole file, so the features wait until all are there: in a little
 * memory, and beyond that in a temporary file.
 */
#include "layer/batch.h"
#include "layer/file_check.h"
#include "layer/parcel_text.h"
#include "layer/recoder.h"

#include "base/sorter.h"

#include <ecobelt/measure.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where each standard column comes from: names that bureaus give these fields, first found. */
static const char *const sources[EB_PARCEL_FIELDS][6] = {
    {NULL},
    {NULL},
    {"地块编号", "DKBH", "编号", "code", "pid", NULL},
    {"地块名称", "DKMC", "名称", "name_zh", "name", NULL},
    {NULL},
    {"图幅号", "TFH", NULL},
    {"地块用途", "DKYT", "用途", NULL},
    {"地类编码", "DLBM", NULL},
};
enum { COLUMN_ID = 2 };
/* Bytes of waiting parcels held in memory. */
enum { HELD = 1 << 23 };

/* A waiting parcel: this, its values as text, its shape as it came. */
typedef struct record {
    int64_t fid;
    size_t text_size;
    int dimension;
} record;

typedef struct parcel_sink {
    eb_place place;
    eb_schema *schema;
    eb_sorter *waiting; /* records in the order they came */
    uint64_t count;
    double box[4]; /* of all shapes */
    bool has_box;
    char encoding[40]; /* empty: GBK where the text fits, else UTF-8 */
    eb_recoder *recoder;
    bool utf8;      /* it does not fit */
    eb_string text; /* a record, or lines of the file in UTF-8 */
    int columns[EB_PARCEL_FIELDS];
    size_t *extras, extra_count; /* fields that have no column of their own */
    eb_transform *transform;
    eb_crs *crs; /* of the file: zone with prefix */
    eb_measure *measure;
    uint8_t *bytes;
    size_t capacity;
    eb_diagnosis *diagnosis; /* lent; may be NULL */
    int64_t changed;         /* values whose signs had to be changed */
    int64_t changed_fid;     /* feature and field of the first */
    size_t changed_field;
} parcel_sink;

/* --- the zone ------------------------------------------------------------------------------------------------------------------------ */

/* The layer's own zone where it is in one, else the 3-degree zone of its middle. */
static void choose_zone(const parcel_sink *sink, const double degrees[4], int *zone, int *width, eb_datum *datum)
{
    const eb_crs_info *info = eb_crs_info_get(sink->schema->crs);
    *datum = info->datum == EB_DATUM_WGS84 || info->datum == EB_DATUM_OTHER ? EB_DATUM_CGCS2000 : info->datum;
    *width = info->kind == EB_CRS_GAUSS_KRUGER && info->zone_width ? info->zone_width : 3;
    *zone = info->kind == EB_CRS_GAUSS_KRUGER && info->zone ? info->zone : eb_zone_of((degrees[0] + degrees[2]) / 2, *width);
}

static eb_status prepare_crs(parcel_sink *sink, eb_error *err)
{
    double degrees[4];
    int zone = 0, width = 3;
    eb_datum datum;
    char code[32];
    if (!sink->has_box) return EB_OK;
    eb_status status = eb_crs_box_degrees(sink->schema->crs, sink->box, degrees, err);
    if (status) return status;
    choose_zone(sink, degrees, &zone, &width, &datum);
    int epsg = eb_zone_epsg(datum, zone, width, true);
    if (epsg == 0) {
        eb_error_set(err, EB_REFUSED, "the layer lies outside the Gauss-Krüger zones of China (longitude %.3f)",
                     (degrees[0] + degrees[2]) / 2);
        eb_error_where(err, sink->place.target, sink->schema->name, EB_NO_FID);
        return EB_REFUSED;
    }
    snprintf(code, sizeof code, "EPSG:%d", epsg);
    status = eb_crs_new(code, &sink->crs, err);
    if (!status && !eb_crs_same(sink->schema->crs, sink->crs))
        status = eb_transform_new(sink->schema->crs, sink->crs, degrees, NULL, &sink->transform, err);
    if (!status) status = eb_measure_new(sink->crs, 0, &sink->measure, err);
    return status;
}

/* --- text ---------------------------------------------------------------------------------------------------------------------------- */

/* A value between commas: signs that would break the line become their full-width forms. False where that was needed. */
static bool put_value(eb_string *text, const char *value)
{
    for (const char *p = value; *p; p++) {
        if (*p == ',')
            eb_string_add(text, "，");
        else if (*p == '@')
            eb_string_add(text, "＠");
        else if (*p == '\n' || *p == '\r')
            eb_string_add(text, " ");
        else
            eb_string_add_bytes(text, p, 1);
    }
    const size_t size = strlen(value);
    return !strpbrk(value, ",@\n\r\t") && (size == 0 || (value[0] != ' ' && value[size - 1] != ' '));
}

static void put_field(parcel_sink *sink, const eb_batch *batch, size_t i, int field)
{
    char number[64];
    if (field < 0) return;
    const bool text = eb_field_is_text(batch->schema->fields[field].type);
    if (!text) eb_batch_format_at(batch, i, (size_t)field, number, sizeof number);
    if (put_value(&sink->text, text ? eb_batch_text_at(batch, i, (size_t)field) : number) || sink->changed++) return;
    sink->changed_fid = batch->fids[i];
    sink->changed_field = (size_t)field;
}

static const char *system_name(eb_datum datum)
{
    if (datum == EB_DATUM_XIAN80) return "80国家大地坐标系";
    return datum == EB_DATUM_BEIJING54 ? "1954北京坐标系" : "2000国家大地坐标系";
}

static void put_attributes(parcel_sink *sink)
{
    const eb_crs_info *info = sink->crs ? eb_crs_info_get(sink->crs) : NULL;
    time_t now = time(NULL);
    struct tm day;
    gmtime_r(&now, &day);
    eb_string_add(&sink->text, "[属性描述]\r\n格式版本号=1.01版本\r\n数据产生单位=\r\n");
    eb_string_addf(&sink->text, "数据产生日期=%d-%d-%d\r\n", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
    eb_string_addf(&sink->text, "坐标系=%s\r\n", system_name(info ? info->datum : EB_DATUM_CGCS2000));
    eb_string_addf(&sink->text, "几度分带=%d\r\n投影类型=高斯克吕格\r\n计量单位=米\r\n", info ? info->zone_width : 3);
    if (info) eb_string_addf(&sink->text, "带号=%d\r\n", info->zone);
    eb_string_add(&sink->text, "精度=0.001\r\n转换参数=0,0,0,0,0,0,0\r\n");
    if (sink->extra_count == 0) return;
    eb_string_add(&sink->text, "[扩展信息]\r\n扩展字段=");
    for (size_t k = 0; k < sink->extra_count; k++) {
        if (k) eb_string_add(&sink->text, ",");
        put_value(&sink->text, sink->schema->fields[sink->extras[k]].name);
    }
    eb_string_add(&sink->text, "\r\n");
}

/* --- parcels in ---------------------------------------------------------------------------------------------------------------------- */

/* What follows area and count in a parcel's header line. */
static void put_values(parcel_sink *sink, const eb_batch *batch, size_t i, int dimension)
{
    static const char *const kinds[] = {"点", "线", "面"};
    for (size_t c = 2; c < EB_PARCEL_FIELDS; c++) {
        eb_string_add(&sink->text, ",");
        if (c == 4)
            eb_string_add(&sink->text, kinds[dimension]);
        else if (c == COLUMN_ID && sink->columns[c] < 0)
            eb_string_addf(&sink->text, "%" PRId64, batch->fids[i]);
        else
            put_field(sink, batch, i, sink->columns[c]);
    }
    for (size_t k = 0; k < sink->extra_count; k++) {
        eb_string_add(&sink->text, ",");
        put_field(sink, batch, i, (int)sink->extras[k]);
    }
    eb_string_add(&sink->text, ",@\r\n");
}

/* False where the shape has a coordinate that is no number. */
static bool grow_box(parcel_sink *sink, eb_wkb shape)
{
    double own[4];
    if (!eb_wkb_bounds(shape, own)) return false;
    for (int d = 0; d < 4; d++)
        if (!sink->has_box || (d < 2 ? own[d] < sink->box[d] : own[d] > sink->box[d])) sink->box[d] = own[d];
    sink->has_box = true;
    return true;
}

static eb_status not_in_that(const parcel_sink *sink, int64_t fid, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "some of the text cannot be written in %s", sink->encoding);
    eb_error_where(err, sink->place.target, sink->schema->name, fid);
    eb_error_hint(err, "give --to-encoding UTF-8");
    return EB_REFUSED;
}

/* Does this text fit the character set? GBK without being asked is taken only where all of it fits. */
static eb_status look_at_text(parcel_sink *sink, const char *text, size_t size, int64_t fid, eb_error *err)
{
    if (sink->utf8 || eb_recoder_fits(sink->recoder, text, size)) return EB_OK;
    if (sink->encoding[0]) return not_in_that(sink, fid, err);
    sink->utf8 = true;
    return EB_OK;
}

static eb_status take_parcel(parcel_sink *sink, const eb_batch *batch, size_t i, eb_error *err)
{
    const eb_wkb shape = eb_batch_shape_at(batch, i);
    record head = {.fid = batch->fids[i], .dimension = eb_wkb_dimension(shape)};
    if (head.dimension < 0 || !grow_box(sink, shape)) {
        eb_error_set(err, EB_REFUSED,
                     head.dimension < 0 ? "a parcel without a shape cannot be written as boundary points"
                                        : "the bytes of a shape are broken");
        eb_error_where(err, sink->place.target, sink->schema->name, head.fid);
        return EB_REFUSED;
    }
    sink->text.size = 0;
    eb_string_add_bytes(&sink->text, &head, sizeof head);
    put_values(sink, batch, i, head.dimension);
    head.text_size = sink->text.size - sizeof head;
    eb_string_add_bytes(&sink->text, shape.data, shape.size);
    if (sink->text.failed) return eb_error_memory(err);
    memcpy(sink->text.data, &head, sizeof head);
    eb_status status = look_at_text(sink, sink->text.data + sizeof head, head.text_size, head.fid, err);
    return status ? status : eb_sorter_add(sink->waiting, sink->count++, sink->text.data, sink->text.size, err);
}

static eb_status parcel_write(void *self, const eb_batch *batch, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; !status && i < batch->count; i++) status = take_parcel(self, batch, i, err);
    return status;
}

/* --- parcels out --------------------------------------------------------------------------------------------------------------------- */

/* Shape in the file's zone, the sink's own copy. */
static eb_status to_zone(parcel_sink *sink, eb_wkb shape, eb_wkb *out, eb_error *err)
{
    if (sink->capacity < shape.size) {
        uint8_t *bytes = realloc(sink->bytes, shape.size);
        if (!bytes) return eb_error_memory(err);
        sink->bytes = bytes;
        sink->capacity = shape.size;
    }
    if (shape.size) memcpy(sink->bytes, shape.data, shape.size);
    *out = (eb_wkb){sink->bytes, shape.size};
    return sink->transform && shape.size ? eb_transform_wkb(sink->transform, sink->bytes, shape.size, err) : EB_OK;
}

/* A waiting parcel as lines of text. */
static eb_status put_parcel(parcel_sink *sink, const record *head, const char *values, eb_wkb own, eb_error *err)
{
    eb_wkb shape;
    eb_size size = {0};
    char area[40] = "";
    eb_status status = to_zone(sink, own, &shape, err);
    if (!status && head->dimension == 2) status = eb_measure_area(sink->measure, shape, EB_WANT_OFFICIAL, &size, err);
    if (status) return status;
    if (head->dimension == 2) eb_text_from_fixed(area, sizeof area, size.official_m2 / 1e4, 4);
    sink->text.size = 0;
    eb_string_addf(&sink->text, "%zu,%s", eb_parcel_count_points(shape, head->dimension), area);
    eb_string_add_bytes(&sink->text, values, head->text_size);
    if (!eb_parcel_put_points(&sink->text, shape, head->dimension)) return eb_error_set(err, EB_REFUSED, "the bytes of a shape are broken");
    return sink->text.failed ? eb_error_memory(err) : EB_OK;
}

/* The lines in hand in the character set of the file. */
static eb_status write_lines(parcel_sink *sink, eb_writer *writer, int64_t fid, eb_error *err)
{
    if (sink->utf8)
        eb_writer_add(writer, sink->text.data, sink->text.size);
    else if (!eb_recoder_write(sink->recoder, sink->text.data, sink->text.size, writer))
        return not_in_that(sink, fid, err);
    return eb_writer_check(writer, sink->place.target, err);
}

static eb_status write_head(parcel_sink *sink, eb_writer *writer, eb_error *err)
{
    sink->text.size = 0;
    put_attributes(sink);
    eb_string_add(&sink->text, "[地块坐标]\r\n");
    if (sink->text.failed) return eb_error_memory(err);
    eb_status status = look_at_text(sink, sink->text.data, sink->text.size, EB_NO_FID, err);
    if (status) return status;
    /* The mark shows the programs of staff that it is not GBK. */
    if (sink->utf8) eb_writer_text(writer, "\xEF\xBB\xBF");
    return write_lines(sink, writer, EB_NO_FID, err);
}

static eb_status write_parcels(parcel_sink *sink, eb_writer *writer, eb_error *err)
{
    uint64_t key;
    eb_status status = eb_sorter_begin(sink->waiting, err);
    while (!status && eb_sorter_peek(sink->waiting, &key)) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        record head;
        status = eb_sorter_next(sink->waiting, &bytes, &size, err);
        if (status) break;
        memcpy(&head, bytes, sizeof head);
        const uint8_t *values = bytes + sizeof head, *shape = values + head.text_size;
        const eb_wkb own = {shape, size - sizeof head - head.text_size};
        status = put_parcel(sink, &head, (const char *)values, own, err);
        if (status)
            eb_error_where(err, sink->place.target, sink->schema->name, head.fid);
        else
            status = write_lines(sink, writer, head.fid, err);
    }
    return status;
}

static void tell(const parcel_sink *sink)
{
    if (sink->utf8)
        eb_diagnosis_note(sink->diagnosis, sink->schema->name, "the file is in UTF-8: some of its text cannot be written in GBK");
    if (sink->changed)
        eb_diagnosis_note(
            sink->diagnosis, sink->schema->name,
            "%" PRId64
            " texts hold commas, @, line ends or blanks at an end, which this format cannot: they became ， ＠ or a blank, or will "
            "be cut; the first, field \"%s\" of feature %" PRId64,
            sink->changed, sink->schema->fields[sink->changed_field].name, sink->changed_fid);
}

static eb_status parcel_commit(void *self, eb_error *err)
{
    parcel_sink *sink = self;
    eb_writer writer = {0};
    eb_status status = prepare_crs(sink, err);
    if (!status) status = eb_writer_open(sink->place.file, &writer, err);
    if (!status) status = write_head(sink, &writer, err);
    if (!status) status = write_parcels(sink, &writer, err);
    if (!status) status = eb_writer_close(&writer, sink->place.target, err);
    eb_writer_abort(&writer);
    if (status) return status;
    tell(sink);
    return eb_place_commit(&sink->place, err);
}

static void parcel_free(void *self)
{
    parcel_sink *sink = self;
    eb_place_close(&sink->place);
    eb_sorter_free(sink->waiting);
    eb_recoder_free(sink->recoder);
    eb_schema_free(sink->schema);
    eb_string_clear(&sink->text);
    eb_transform_free(sink->transform);
    eb_measure_free(sink->measure);
    eb_crs_free(sink->crs);
    free(sink->extras);
    free(sink->bytes);
    free(sink);
}

/* Which field goes into which column; the others follow after the land class. */
static eb_status place_fields(parcel_sink *sink, eb_error *err)
{
    static const char *const computed[] = {"界址点数", "地块面积", "图形属性", "记录图形属性"};
    const eb_schema *schema = sink->schema;
    sink->extras = calloc(schema->field_count + 1, sizeof *sink->extras);
    bool *used = calloc(schema->field_count + 1, sizeof *used);
    if (!sink->extras || !used) {
        free(used);
        return eb_error_memory(err);
    }
    for (size_t c = 0; c < EB_PARCEL_FIELDS; c++) {
        sink->columns[c] = -1;
        for (size_t k = 0; sources[c][k] && sink->columns[c] < 0; k++) {
            int f = eb_schema_find(schema, sources[c][k]);
            if (f >= 0 && !used[f]) sink->columns[c] = f;
        }
        if (sink->columns[c] >= 0) used[sink->columns[c]] = true;
    }
    for (size_t k = 0; k < sizeof computed / sizeof *computed; k++) {
        int f = eb_schema_find(schema, computed[k]);
        if (f >= 0) used[f] = true;
    }
    for (size_t f = 0; f < schema->field_count; f++)
        if (!used[f]) sink->extras[sink->extra_count++] = f;
    free(used);
    if (sink->extra_count + EB_PARCEL_FIELDS < EB_PARCEL_MAX_FIELDS) return EB_OK;
    return eb_error_set(err, EB_REFUSED, "a [地块坐标] text file takes at most %d fields", EB_PARCEL_MAX_FIELDS - 1);
}

static eb_status check_layer(const eb_schema *schema, eb_error *err)
{
    if (!schema->tabular && schema->crs) return EB_OK;
    eb_error_set(err, EB_REFUSED,
                 schema->tabular ? "a table without shapes cannot be written as boundary points"
                                 : "a [地块坐标] text file needs a CRS, and the layer has none");
    eb_error_where(err, schema->file, schema->name, EB_NO_FID);
    if (!schema->tabular) eb_error_hint(err, "name the CRS with --from-crs");
    return EB_REFUSED;
}

eb_status eb_sink_parcel(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_sink_ops ops = {parcel_write, parcel_commit, parcel_free};
    eb_status status = check_layer(schema, err);
    if (status) return status;
    parcel_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->diagnosis = options->diagnosis;
    sink->schema = eb_schema_copy(schema);
    status = sink->schema ? place_fields(sink, err) : eb_error_memory(err);
    if (!status && options->encoding) status = eb_encoding_name(options->encoding, sink->encoding, sizeof sink->encoding, err);
    if (strcmp(sink->encoding, "GB18030") == 0) eb_text_copy(sink->encoding, sizeof sink->encoding, "GBK");
    if (!status) status = eb_recoder_new(sink->encoding[0] ? sink->encoding : "GBK", &sink->recoder, err);
    if (!status) status = eb_sorter_new(HELD, &sink->waiting, err);
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (status) {
        parcel_free(sink);
        return status;
    }
    return eb_sink_make(&ops, sink, out, err);
}
