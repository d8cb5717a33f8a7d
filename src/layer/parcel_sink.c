/*
 * Writing [地块坐标] text files. The zone is chosen for the whole file, so the features are held until all are there: such files are made
 * by hand-in units of some thousands of parcels.
 */
#include "layer/batch.h"
#include "layer/file_check.h"
#include "layer/parcel_text.h"
#include "layer/sink_common.h"

#include "base/text.h"
#include "base/translate.h"

#include <ecobelt/measure.h>
#include <iconv.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
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

typedef struct parcel_sink {
    eb_place place;
    eb_schema *schema;
    eb_layer *layer;
    char encoding[40]; /* empty: GBK where the text fits, else UTF-8 */
    eb_string text;    /* the file, UTF-8 */
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

static eb_status parcel_write(void *self, const eb_batch *batch, eb_error *err)
{
    parcel_sink *sink = self;
    for (size_t i = 0; i < batch->count; i++) {
        eb_batch *tail = eb_layer_tail(sink->layer);
        if (!tail || !eb_batch_append(tail, batch, i, NULL, false)) return eb_error_memory(err);
    }
    return EB_OK;
}

/* --- the zone ------------------------------------------------------------------------------------------------------------------------ */

static bool layer_box(const eb_layer *layer, double box[4])
{
    bool any = false;
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            double own[4];
            if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), own)) continue;
            for (int d = 0; d < 4; d++)
                if (!any || (d < 2 ? own[d] < box[d] : own[d] > box[d])) box[d] = own[d];
            any = true;
        }
    }
    return any;
}

/* The layer's own zone where it is in one, else the 3-degree zone of its middle. */
static eb_status choose_zone(const parcel_sink *sink, const double degrees[4], int *zone, int *width, eb_datum *datum)
{
    const eb_crs_info *info = eb_crs_info_get(sink->schema->crs);
    *datum = info->datum == EB_DATUM_WGS84 || info->datum == EB_DATUM_OTHER ? EB_DATUM_CGCS2000 : info->datum;
    *width = info->kind == EB_CRS_GAUSS_KRUGER && info->zone_width ? info->zone_width : 3;
    *zone = info->kind == EB_CRS_GAUSS_KRUGER && info->zone ? info->zone : eb_zone_of((degrees[0] + degrees[2]) / 2, *width);
    return EB_OK;
}

static eb_status prepare_crs(parcel_sink *sink, eb_error *err)
{
    double box[4], degrees[4];
    int zone = 0, width = 3;
    eb_datum datum;
    char code[32];
    if (!layer_box(sink->layer, box)) return EB_OK;
    eb_status status = eb_crs_box_degrees(sink->schema->crs, box, degrees, err);
    if (!status) status = choose_zone(sink, degrees, &zone, &width, &datum);
    if (status) return status;
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

static void EB_PRINTF(2, 3) remark(const parcel_sink *sink, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, eb_translate(format), args);
    va_end(args);
    eb_text_trim_utf8(text, sizeof text);
    if (sink->diagnosis) eb_diagnosis_add(sink->diagnosis, EB_EVENT_NOTE, sink->schema->name, EB_NO_FID, NAN, NAN, NAN, NAN, text);
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

/* --- parcels ------------------------------------------------------------------------------------------------------------------------- */

/* Point of a ring nearest to the north-west corner of its box: that is where numbering starts. */
static size_t north_west(const eb_wkb_part *part, size_t count)
{
    double x, y, xmin = INFINITY, ymax = -INFINITY, best = INFINITY;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        if (x < xmin) xmin = x;
        if (y > ymax) ymax = y;
    }
    for (size_t i = 0; i < count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        double distance = (x - xmin) + (ymax - y);
        if (distance >= best) continue;
        best = distance;
        at = i;
    }
    return at;
}

static bool is_clockwise(const eb_wkb_part *part)
{
    double sum = 0, x0, y0, ax, ay, bx, by;
    eb_wkb_xy(part, 0, &x0, &y0);
    for (size_t i = 1; i < part->count; i++) {
        eb_wkb_xy(part, i - 1, &ax, &ay);
        eb_wkb_xy(part, i, &bx, &by);
        sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    }
    return sum < 0;
}

static void put_point(parcel_sink *sink, size_t name, size_t ring, const eb_wkb_part *part, size_t i)
{
    double x, y;
    char north[40], east[40];
    eb_wkb_xy(part, i, &x, &y);
    eb_text_from_fixed(north, sizeof north, y, 3);
    eb_text_from_fixed(east, sizeof east, x, 3);
    eb_string_addf(&sink->text, "J%zu,%zu,%s,%s\r\n", name, ring, north, east);
}

/* A ring, closed by its first point under its first name; outer rings clockwise, holes against it. */
static void put_ring(parcel_sink *sink, const eb_wkb_part *part, size_t ring, size_t *next)
{
    double x0, y0, x1, y1;
    eb_wkb_xy(part, 0, &x0, &y0);
    eb_wkb_xy(part, part->count - 1, &x1, &y1);
    size_t count = x0 == x1 && y0 == y1 ? part->count - 1 : part->count, first = north_west(part, count), name = *next;
    bool forward = is_clockwise(part) == (part->ring == 0);
    for (size_t k = 0; k < count; k++) put_point(sink, (*next)++, ring, part, (forward ? first + k : first + count - k) % count);
    put_point(sink, name, ring, part, first);
}

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

static size_t count_points(eb_wkb shape, int dimension)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t count = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double x0, y0, x1, y1;
        if (part.count == 0) continue;
        eb_wkb_xy(&part, 0, &x0, &y0);
        eb_wkb_xy(&part, part.count - 1, &x1, &y1);
        count += part.count + (dimension == 2 && (x0 != x1 || y0 != y1));
    }
    return count;
}

static void put_header(parcel_sink *sink, const eb_batch *batch, size_t i, size_t points, double hectares, int dimension)
{
    static const char *const kinds[] = {"点", "线", "面"};
    char area[40];
    eb_text_from_fixed(area, sizeof area, hectares, 4);
    eb_string_addf(&sink->text, "%zu,%s", points, dimension == 2 ? area : "");
    for (size_t c = 2; c < EB_PARCEL_FIELDS; c++) {
        eb_string_add(&sink->text, ",");
        if (c == 4)
            eb_string_add(&sink->text, kinds[dimension < 0 ? 2 : dimension]);
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

static eb_status put_parcel(parcel_sink *sink, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb shape;
    eb_size size = {0};
    eb_status status = to_zone(sink, eb_batch_shape_at(batch, i), &shape, err);
    if (status) return status;
    int dimension = eb_wkb_dimension(shape);
    if (dimension < 0) return eb_error_set(err, EB_REFUSED, "a parcel without a shape cannot be written as boundary points");
    status = dimension == 2 ? eb_measure_area(sink->measure, shape, EB_WANT_OFFICIAL, &size, err) : EB_OK;
    if (status) return status;
    put_header(sink, batch, i, count_points(shape, dimension), size.official_m2 / 1e4, dimension);
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t ring = 0, next = 1;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.count == 0) continue;
        ring++;
        if (dimension == 2)
            put_ring(sink, &part, ring, &next);
        else
            for (size_t k = 0; k < part.count; k++) put_point(sink, next++, dimension == 0 ? 1 : ring, &part, k);
    }
    return eb_wkb_bad(&walk) ? eb_error_set(err, EB_REFUSED, "the bytes of a shape are broken") : EB_OK;
}

/* --- the file ------------------------------------------------------------------------------------------------------------------------ */

/* The text in the character set of the file; GBK without being asked only where all of it fits. */
static eb_status encode(const parcel_sink *sink, char **out, size_t *size, eb_error *err)
{
    const char *wanted = sink->encoding[0] ? sink->encoding : "GBK", *text = eb_string_get(&sink->text);
    char *in = (char *)(uintptr_t)text;
    const size_t size_utf8 = strlen(text);
    size_t left = size_utf8, room = left + 16;
    char *buffer = malloc(room), *at = buffer;
    iconv_t conversion = iconv_open(wanted, "UTF-8");
    if (!buffer || conversion == (iconv_t)-1) {
        eb_status status =
            buffer ? eb_error_set(err, EB_USAGE, "text cannot be written in the character set \"%s\"", wanted) : eb_error_memory(err);
        free(buffer);
        if (conversion != (iconv_t)-1) iconv_close(conversion);
        return status;
    }
    bool fine = iconv(conversion, &in, &left, &at, &room) != (size_t)-1;
    iconv_close(conversion);
    *size = (size_t)(at - buffer);
    *out = buffer;
    if (fine) return EB_OK;
    if (sink->encoding[0]) {
        free(buffer);
        *out = NULL;
        eb_error_set(err, EB_REFUSED, "some of the text cannot be written in %s", sink->encoding);
        eb_error_hint(err, "give --to-encoding UTF-8");
        return EB_REFUSED;
    }
    /* The mark shows the programs of staff that it is not GBK. */
    *size = (size_t)snprintf(buffer, size_utf8 + 4, "\xEF\xBB\xBF%s", text);
    remark(sink, "the file is in UTF-8: some of its text cannot be written in GBK");
    return EB_OK;
}

static eb_status parcel_commit(void *self, eb_error *err)
{
    parcel_sink *sink = self;
    char *bytes = NULL;
    size_t size = 0;
    eb_writer writer;
    eb_status status = prepare_crs(sink, err);
    if (!status) put_attributes(sink);
    eb_string_add(&sink->text, "[地块坐标]\r\n");
    for (size_t b = 0; !status && b < eb_layer_batch_count(sink->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(sink->layer, b);
        for (size_t i = 0; !status && i < batch->count; i++) {
            status = put_parcel(sink, batch, i, err);
            if (status) eb_error_where(err, sink->place.target, sink->schema->name, batch->fids[i]);
        }
    }
    if (!status && sink->text.failed) status = eb_error_memory(err);
    if (!status) status = encode(sink, &bytes, &size, err);
    if (!status && sink->changed)
        remark(sink,
               "%" PRId64
               " texts hold commas, @, line ends or blanks at an end, which this format cannot: they became ， ＠ or a blank, or will "
               "be cut; the first, field \"%s\" of feature %" PRId64,
               sink->changed, sink->schema->fields[sink->changed_field].name, sink->changed_fid);
    if (!status) status = eb_writer_open(sink->place.file, &writer, err);
    if (!status) {
        eb_writer_add(&writer, bytes, size);
        status = eb_writer_close(&writer, sink->place.target, err);
    }
    free(bytes);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void parcel_free(void *self)
{
    parcel_sink *sink = self;
    eb_place_close(&sink->place);
    eb_layer_free(sink->layer);
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
    sink->layer = sink->schema ? eb_layer_new(schema) : NULL;
    status = sink->layer ? place_fields(sink, err) : eb_error_memory(err);
    if (!status && options->encoding) status = eb_encoding_name(options->encoding, sink->encoding, sizeof sink->encoding, err);
    if (strcmp(sink->encoding, "GB18030") == 0) eb_text_copy(sink->encoding, sizeof sink->encoding, "GBK");
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (status) {
        parcel_free(sink);
        return status;
    }
    return eb_sink_make(&ops, sink, out, err);
}
