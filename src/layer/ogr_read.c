#include "layer/batch.h"
#include "layer/file_check.h"
#include "layer/ogr.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct ogr_source {
    eb_ogr_layer layer;
    eb_schema *schema; /* of the batches; lent by the eb_source */
    size_t *map;       /* field of the layer for each field of the batches */
    bool *wanted;      /* for each field of the layer: OGR gives it */
    bool shapes, filtered, done, stepped;
    bool looked; /* at the values */
    size_t batch_features;
    eb_ogr_arrow *arrow; /* NULL: row by row */
    int64_t read;
} ogr_source;

static eb_status start_stream(ogr_source *source, eb_error *err)
{
    eb_ogr_arrow_free(source->arrow);
    source->arrow = NULL;
    OGR_L_ResetReading(source->layer.layer);
    return eb_ogr_arrow_new(&source->layer, source->schema, source->map, source->wanted, source->shapes, source->batch_features,
                            &source->arrow, err);
}

static void format_time(OGRFeatureH feature, int field, eb_field_type type, char *text, size_t size)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
    float second = 0;
    OGR_F_GetFieldAsDateTimeEx(feature, field, &year, &month, &day, &hour, &minute, &second, &zone);
    int millis = (int)lroundf(second * 1000), used = 0;
    if (type != EB_FIELD_TIME) used = snprintf(text, size, "%04d-%02d-%02d%s", year, month, day, type == EB_FIELD_DATE ? "" : "T");
    if (type == EB_FIELD_DATE || used < 0) return;
    used += snprintf(text + used, size - (size_t)used, "%02d:%02d:%02d", hour, minute, millis / 1000);
    if (millis % 1000) used += snprintf(text + used, size - (size_t)used, ".%03d", millis % 1000);
    /* GDAL counts zones in quarters of an hour from 100; 0 and 1 mean unknown and local. */
    int quarters = zone - 100;
    if (zone == 100)
        snprintf(text + used, size - (size_t)used, "Z");
    else if (zone > 1)
        snprintf(text + used, size - (size_t)used, "%c%02d:%02d", quarters < 0 ? '-' : '+', abs(quarters) / 4, abs(quarters) % 4 * 15);
}

static bool copy_value(eb_batch *batch, size_t to, OGRFeatureH feature, int from, eb_field_type type)
{
    char text[64];
    if (!OGR_F_IsFieldSetAndNotNull(feature, from)) return true;
    switch (type) {
    case EB_FIELD_INTEGER:
    case EB_FIELD_BOOLEAN:
        return eb_batch_set_integer(batch, to, OGR_F_GetFieldAsInteger64(feature, from));
    case EB_FIELD_REAL:
        return eb_batch_set_real(batch, to, OGR_F_GetFieldAsDouble(feature, from));
    case EB_FIELD_TEXT:
        return eb_batch_set_text(batch, to, OGR_F_GetFieldAsString(feature, from));
    default:
        format_time(feature, from, type, text, sizeof text);
        return eb_batch_set_text(batch, to, text);
    }
}

static eb_status add_row(ogr_source *source, eb_batch *batch, OGRFeatureH feature, eb_error *err)
{
    int64_t fid = OGR_F_GetFID(feature);
    eb_status status = eb_ogr_add_shape(batch, fid, source->shapes ? OGR_F_GetGeometryRef(feature) : NULL, err);
    if (status) eb_error_where(err, source->layer.file, source->schema->name, fid);
    for (size_t f = 0; !status && f < source->schema->field_count; f++)
        if (!copy_value(batch, f, feature, (int)source->map[f], source->schema->fields[f].type)) status = eb_error_memory(err);
    return status;
}

static eb_status next_rows(ogr_source *source, eb_batch *batch, size_t limit, eb_error *err)
{
    while (batch->count < limit && (batch->count == 0 || batch->shape_offsets[batch->count] < EB_BATCH_BYTES)) {
        OGRFeatureH feature = OGR_L_GetNextFeature(source->layer.layer);
        if (!feature) break;
        eb_status status = add_row(source, batch, feature, err);
        OGR_F_Destroy(feature);
        if (status) return status;
    }
    return EB_OK;
}

/* At the end: has everything come that the file said it holds? */
static eb_status check_complete(ogr_source *source, eb_error *err)
{
    int64_t declared = source->layer.declared;
    if (source->filtered || declared < 0 || source->read == declared) return EB_OK;
    if (source->layer.allow_partial) {
        eb_notes_fault(&source->layer.notes, EB_REMARK_DAMAGE, EB_NO_FID,
                       "the file says it holds %" PRId64 " features, %" PRId64 " could be read", declared, source->read);
        return EB_OK;
    }
    eb_error_set(err, EB_INPUT, "the file says it holds %" PRId64 " features, but %" PRId64 " could be read", declared, source->read);
    eb_error_where(err, source->layer.file, source->schema->name, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(eb_copy_or_part));
    return EB_INPUT;
}

/* Which values are none of their field's type, before the first feature is read. */
static eb_status look_at_values(ogr_source *source, eb_error *err)
{
    source->looked = true;
    eb_status status = eb_ogr_look_at_values(&source->layer, source->wanted, err);
    eb_bad_values_select(&source->layer.bad, source->map, source->schema->field_count);
    return status;
}

static eb_status ogr_next(void *self, eb_batch *batch, size_t limit, eb_error *err)
{
    ogr_source *source = self;
    if (source->done) return EB_OK;
    eb_status status = source->looked ? EB_OK : look_at_values(source, err);
    if (status) return status;
    source->stepped = true;
    eb_trap_set(&source->layer.trap);
    status = source->arrow ? eb_ogr_arrow_next(source->arrow, batch, err) : next_rows(source, batch, limit, err);
    eb_trap_end();
    if (!status) status = eb_ogr_check_trap(&source->layer, err);
    if (status) return status;
    eb_bad_values_apply(&source->layer.bad, batch);
    source->read += (int64_t)batch->count;
    if (batch->count > 0) return EB_OK;
    source->done = true;
    return check_complete(source, err);
}

static eb_status ogr_rewind(void *self, eb_error *err)
{
    ogr_source *source = self;
    if (!source->stepped) return EB_OK;
    source->read = 0;
    source->done = source->stepped = false;
    eb_trap_set(&source->layer.trap);
    eb_status status = start_stream(source, err);
    eb_trap_end();
    return status;
}

static eb_status ogr_extent(void *self, double box[4], bool *known, eb_error *err)
{
    (void)err;
    ogr_source *source = self;
    OGREnvelope envelope;
    *known = false;
    if (source->filtered || !source->shapes) return EB_OK;
    eb_trap ignored = {0};
    eb_trap_set(&ignored);
    OGRErr failed = OGR_L_TestCapability(source->layer.layer, OLCFastGetExtent) ? OGR_L_GetExtent(source->layer.layer, &envelope, FALSE)
                                                                                : OGRERR_FAILURE;
    eb_trap_end();
    if (failed != OGRERR_NONE || !(envelope.MinX <= envelope.MaxX)) return EB_OK;
    box[0] = envelope.MinX;
    box[1] = envelope.MinY;
    box[2] = envelope.MaxX;
    box[3] = envelope.MaxY;
    *known = true;
    return EB_OK;
}

static const eb_bad_values *ogr_bad_values(void *self)
{
    return &((ogr_source *)self)->layer.bad;
}

static const eb_notes *ogr_notes(void *self)
{
    eb_ogr_layer *layer = &((ogr_source *)self)->layer;
    if (layer->trap.warnings) eb_notes_add(&layer->notes, "GDAL warns: %s", layer->trap.warning);
    return &layer->notes;
}

static void ogr_free(void *self)
{
    ogr_source *source = self;
    eb_trap ignored = {0};
    eb_trap_set(&ignored);
    eb_ogr_arrow_free(source->arrow);
    eb_trap_end();
    eb_ogr_close(&source->layer);
    free(source->map);
    free(source->wanted);
    free(source);
}

/* Fields that nobody asks for need not be read; with a filter all are, for it may use them. */
static eb_status ignore_fields(ogr_source *source, const eb_selection *selection, bool filter, eb_error *err)
{
    const eb_schema *full = source->layer.schema;
    char **ignored = NULL;
    for (size_t f = 0; f < full->field_count; f++) source->wanted[f] = filter;
    for (size_t b = 0; b < selection->schema->field_count; b++) source->wanted[selection->map[b]] = true;
    for (size_t f = 0; f < full->field_count; f++)
        if (!source->wanted[f]) ignored = CSLAddString(ignored, full->fields[f].name);
    if (!source->shapes) ignored = CSLAddString(ignored, "OGR_GEOMETRY");
    OGRErr failed = OGRERR_NONE;
    if (ignored && OGR_L_TestCapability(source->layer.layer, OLCIgnoreFields))
        failed = OGR_L_SetIgnoredFields(source->layer.layer, (const char **)ignored);
    else if (ignored)
        for (size_t f = 0; f < full->field_count; f++) source->wanted[f] = true;
    CSLDestroy(ignored);
    return failed == OGRERR_NONE ? EB_OK : eb_error_set(err, EB_INTERNAL, "GDAL does not take the list of fields to leave out");
}

/* Where the name ends in OGR's words `"NAME" not recognised as an available field.`; NULL: it says something else. */
static const char *unknown_name_end(const char *message)
{
    return strstr(message, " not recognised as an available field");
}

static eb_status bad_filter(const ogr_source *source, const char *filter, const char *why, eb_error *err)
{
    const char *end = unknown_name_end(why);
    if (end)
        eb_error_set(err, EB_USAGE, "bad filter \"%s\": the layer has no field %.*s", filter, (int)(end - why), why);
    else
        eb_error_set(err, EB_USAGE, "bad filter \"%s\": %s", filter, eb_translate(why));
    eb_error_where(err, source->layer.file, source->layer.schema->name, EB_NO_FID);
    eb_error_hint(err, "a filter reads like  name = '衢江' AND area > 10 ; text stands in single quotes");
    return EB_USAGE;
}

/* SQLite takes a name it does not know for a text, so `"nmae" = 1` selects nothing in silence: have OGR's own parser look for fields. */
static eb_status check_names(const ogr_source *source, const char *filter, eb_error *err)
{
    GDALDriverH driver = GDALGetDriverByName("Memory");
    GDALDatasetH scratch = driver ? GDALCreate(driver, "", 0, 0, 0, GDT_Unknown, NULL) : NULL;
    OGRLayerH layer = scratch ? GDALDatasetCreateLayer(scratch, "x", NULL, wkbUnknown, NULL) : NULL;
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(source->layer.layer);
    for (int f = 0; layer && f < OGR_FD_GetFieldCount(defn); f++) OGR_L_CreateField(layer, OGR_FD_GetFieldDefn(defn, f), TRUE);
    const char *fid_column = OGR_L_GetFIDColumn(source->layer.layer), *shape_column = OGR_L_GetGeometryColumn(source->layer.layer);
    const char *extra[] = {fid_column, shape_column};
    for (size_t i = 0; layer && i < 2; i++) {
        if (!extra[i] || !extra[i][0]) continue;
        OGRFieldDefnH field = OGR_Fld_Create(extra[i], OFTString);
        OGR_L_CreateField(layer, field, TRUE);
        OGR_Fld_Destroy(field);
    }
    eb_trap trap = {0};
    eb_trap_set(&trap);
    if (layer) OGR_L_SetAttributeFilter(layer, filter);
    eb_trap_end();
    if (scratch) GDALClose(scratch);
    bool unknown = trap.failures && unknown_name_end(trap.message);
    return unknown ? bad_filter(source, filter, trap.message, err) : EB_OK;
}

/* The database drivers look at a filter only when they read: have it compiled now. */
static eb_status check_sql(const ogr_source *source, const char *filter, eb_error *err)
{
    const char *driver = source->layer.schema->driver;
    if (strcmp(driver, "GPKG") != 0 && strcmp(driver, "SQLite") != 0) return EB_OK;
    size_t size = strlen(filter) + strlen(source->layer.schema->name) + 64;
    char *sql = malloc(size);
    if (!sql) return eb_error_memory(err);
    snprintf(sql, size, "SELECT 1 FROM \"%s\" WHERE (%s) LIMIT 1", source->layer.schema->name, filter);
    eb_trap trap = {0};
    eb_trap_set(&trap);
    OGRLayerH result = GDALDatasetExecuteSQL(source->layer.dataset, sql, NULL, NULL);
    if (result) {
        OGRFeatureH feature = OGR_L_GetNextFeature(result);
        if (feature) OGR_F_Destroy(feature);
        GDALDatasetReleaseResultSet(source->layer.dataset, result);
    }
    eb_trap_end();
    free(sql);
    if (!trap.failures) return check_names(source, filter, err);
    const char *why = strstr(trap.message, "): ");
    return bad_filter(source, filter, why ? why + 3 : trap.message, err);
}

static eb_status set_filter(ogr_source *source, const char *filter, eb_error *err)
{
    eb_trap trap = {0};
    eb_trap_set(&trap);
    OGRErr failed = OGR_L_SetAttributeFilter(source->layer.layer, filter);
    eb_trap_end();
    if (failed != OGRERR_NONE || trap.failures)
        return bad_filter(source, filter, trap.failures ? trap.message : "the format's driver does not take it", err);
    return check_sql(source, filter, err);
}

/* Filter of the name and of the options together. */
static eb_status set_filters(ogr_source *source, const eb_ogr_name *name, const eb_read_options *options, eb_error *err)
{
    const char *a = name->subset && name->subset[0] ? name->subset : NULL, *b = options->where && options->where[0] ? options->where : NULL;
    eb_status status = EB_OK;
    if (a && b) {
        /* Each by itself first, so that a complaint names the right one. */
        status = set_filter(source, a, err);
        if (!status) status = set_filter(source, b, err);
        size_t size = strlen(a) + strlen(b) + 16;
        char *both = status ? NULL : malloc(size);
        if (!status && !both) return eb_error_memory(err);
        if (both) snprintf(both, size, "(%s) AND (%s)", a, b);
        if (both) status = set_filter(source, both, err);
        free(both);
    } else if (a || b) {
        status = set_filter(source, a ? a : b, err);
    }
    if (!status && options->box && !options->no_shapes)
        OGR_L_SetSpatialFilterRect(source->layer.layer, options->box[0], options->box[1], options->box[2], options->box[3]);
    source->filtered = a || b || (options->box && !options->no_shapes);
    return status;
}

/* Features a batch: a stream is asked by number and not by bytes, so few where the file has many bytes for each. */
static size_t batch_features(const ogr_source *source, const eb_read_options *options)
{
    struct stat about;
    const int64_t count = source->layer.schema->feature_count;
    if (options->batch_features) return options->batch_features;
    if (!source->shapes || count <= 0 || stat(source->layer.file, &about) != 0 || about.st_size <= 0) return EB_BATCH_FEATURES;
    const size_t bytes = (size_t)(about.st_size / count), fit = bytes > 0 ? EB_BATCH_BYTES / bytes : EB_BATCH_FEATURES;
    return fit < 1 ? 1 : fit < EB_BATCH_FEATURES ? fit : EB_BATCH_FEATURES;
}

eb_status eb_ogr_source(const char *text, const eb_read_options *options, eb_source **out, eb_error *err)
{
    static const eb_source_ops ops = {ogr_next, ogr_rewind, ogr_extent, ogr_notes, ogr_free, ogr_bad_values};
    eb_ogr_name name;
    eb_selection selection = {NULL, NULL};
    eb_status status = eb_ogr_name_parse(text, &name, err);
    if (status) return status;
    ogr_source *source = calloc(1, sizeof *source);
    status = source ? eb_ogr_open(&name, options, &source->layer, err) : eb_error_memory(err);
    if (status) {
        free(source);
        eb_ogr_name_clear(&name);
        return status;
    }
    source->shapes = !options->no_shapes && OGR_L_GetGeomType(source->layer.layer) != wkbNone;
    source->batch_features = batch_features(source, options);
    source->wanted = calloc(source->layer.schema->field_count + 1, sizeof *source->wanted);
    status = source->wanted ? eb_selection_make(source->layer.schema, options, &selection, err) : eb_error_memory(err);
    source->map = selection.map;
    source->schema = selection.schema;
    if (!status) status = set_filters(source, &name, options, err);
    eb_ogr_name_clear(&name);
    if (!status && source->filtered) source->schema->feature_count = -1;
    eb_trap_set(&source->layer.trap);
    if (!status) status = ignore_fields(source, &selection, source->filtered, err);
    if (!status) status = start_stream(source, err);
    eb_trap_end();
    if (status) {
        eb_schema_free(selection.schema);
        ogr_free(source);
        return status;
    }
    return eb_source_make(&ops, source, selection.schema, options, out, err);
}
