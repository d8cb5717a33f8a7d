#include "layer/ogr_write.h"
#include "layer/sink_common.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_string.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct ogr_sink {
    eb_place place;
    eb_schema *schema;
    char *driver;
    GDALDatasetH dataset;
    eb_ogr_writer writer;
    eb_to_wgs84 to_wgs84;
    bool transaction;
    bool indexed; /* GeoPackage */
} ogr_sink;

static eb_status ogr_write(void *self, const eb_batch *batch, eb_error *err)
{
    ogr_sink *sink = self;
    eb_status status = EB_OK;
    eb_trap_set(&sink->writer.trap);
    for (size_t i = 0; !status && i < batch->count; i++) {
        eb_wkb shape = {NULL, 0};
        status = eb_to_wgs84_shape(&sink->to_wgs84, eb_batch_shape_at(batch, i), &shape, err);
        if (!status) status = eb_ogr_writer_add(&sink->writer, batch, i, shape, err);
    }
    /* The spatial index grows along: made at the end, it would wait in memory, and keep one thread busy while the others have nothing
     * left to do. */
    if (!status && sink->indexed) OGR_L_SyncToDisk(sink->writer.layer);
    eb_trap_end();
    return status;
}

/* Drivers do not always say when the disk was full: read back what has been written and count. */
static eb_status check_written(const ogr_sink *sink, eb_error *err)
{
    static const char *const no_fields[] = {NULL};
    eb_read_options options = {.allow_no_crs = true, .allow_table = true, .fields = no_fields};
    eb_source *source = NULL;
    eb_error why = {0};
    eb_status status = eb_source_open(sink->place.file, &options, &source, &why);
    eb_batch *batch = status ? NULL : eb_batch_new(eb_source_schema(source));
    int64_t count = 0;
    while (!status && batch) {
        status = eb_source_next(source, batch, &why);
        if (batch->count == 0) break;
        count += (int64_t)batch->count;
    }
    eb_batch_free(batch);
    eb_source_free(source);
    if (!status && count == sink->writer.written) return EB_OK;
    if (status)
        eb_error_set(err, EB_OUTPUT, "what was written does not read back: %s", why.message);
    else
        eb_error_set(err, EB_OUTPUT, "%" PRId64 " features were written, but %" PRId64 " read back", sink->writer.written, count);
    eb_error_where(err, sink->place.target, NULL, EB_NO_FID);
    eb_error_hint(err, "is there room on the disk?");
    eb_place_blame(sink->place.target, err);
    return EB_OUTPUT;
}

static eb_status ogr_commit(void *self, eb_error *err)
{
    ogr_sink *sink = self;
    eb_status status = EB_OK;
    eb_trap_set(&sink->writer.trap);
    if (sink->transaction && GDALDatasetCommitTransaction(sink->dataset) != OGRERR_NONE) sink->writer.trap.failures++;
    eb_trap_end();
    status = eb_ogr_writer_check(&sink->writer, err);
    GDALDatasetH dataset = sink->dataset;
    sink->dataset = NULL;
    eb_status closed = eb_ogr_finish(dataset, sink->place.target, status ? NULL : err);
    if (!status) status = closed;
    /* An empty layer is a file without features in some formats and no file at all in others; there is nothing to compare. */
    if (!status && sink->writer.written > 0) status = check_written(sink, err);
    return status ? status : eb_place_commit(&sink->place, err);
}

static void ogr_free(void *self)
{
    ogr_sink *sink = self;
    if (sink->dataset) eb_ogr_finish(sink->dataset, NULL, NULL);
    eb_ogr_writer_close(&sink->writer);
    eb_to_wgs84_close(&sink->to_wgs84);
    eb_place_close(&sink->place);
    eb_schema_free(sink->schema);
    free(sink->driver);
    free(sink);
}

/* The field that holds a feature's name, NULL where none is called so. */
static const char *name_field(const eb_schema *schema)
{
    static const char *const names[] = {"name", "名称", "label"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int f = eb_schema_find(schema, names[i]);
        if (f >= 0 && schema->fields[f].type == EB_FIELD_TEXT) return schema->fields[f].name;
    }
    return NULL;
}

static GDALDatasetH create_dataset(const ogr_sink *sink)
{
    if (strcmp(sink->driver, "GPKG") == 0) return eb_gpkg_create(sink->place.file);
    GDALDriverH driver = GDALGetDriverByName(sink->driver);
    const char *name = name_field(sink->schema);
    char **options = NULL;
    if (strcmp(sink->driver, "KML") == 0 && name) options = CSLSetNameValue(options, "NameField", name);
    if (strcmp(sink->driver, "KML") == 0 && eb_schema_find(sink->schema, "desc") >= 0)
        options = CSLSetNameValue(options, "DescriptionField", "desc");
    GDALDatasetH dataset = driver ? GDALCreate(driver, sink->place.file, 0, 0, 0, GDT_Unknown, options) : NULL;
    CSLDestroy(options);
    return dataset;
}

static eb_status begin(ogr_sink *sink, const eb_write_options *options, eb_error *err)
{
    eb_trap trap = {0};
    eb_trap_set(&trap);
    sink->dataset = create_dataset(sink);
    eb_trap_end();
    if (!sink->dataset) {
        eb_error_set(err, EB_OUTPUT, "cannot be made: %s", trap.failures ? trap.message : _("GDAL here has no driver for the format"));
        eb_error_where(err, sink->place.target, NULL, EB_NO_FID);
        return EB_OUTPUT;
    }
    eb_ogr_layer_options layer = {sink->schema->name, options->title, options->method, NULL, options->diagnosis};
    sink->indexed = strcmp(sink->driver, "GPKG") == 0;
    if (sink->indexed) layer.creation = eb_gpkg_layer_options(sink->schema, options->title, options->method);
    eb_status status = eb_ogr_writer_open(sink->dataset, sink->place.target, sink->schema, &layer, &sink->writer, err);
    CSLDestroy(layer.creation);
    if (!status && options->status) GDALSetMetadataItem(sink->writer.layer, "status", options->status, NULL);
    if (!status && GDALDatasetTestCapability(sink->dataset, ODsCTransactions))
        sink->transaction = GDALDatasetStartTransaction(sink->dataset, FALSE) == OGRERR_NONE;
    return status;
}

eb_status eb_sink_ogr(const char *driver, const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out,
                      eb_error *err)
{
    static const eb_sink_ops ops = {ogr_write, ogr_commit, ogr_free};
    bool kml = strcmp(driver, "KML") == 0;
    eb_ogr_register();
    ogr_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return eb_error_memory(err);
    sink->schema = eb_schema_copy(schema);
    sink->driver = eb_text_dup(driver);
    eb_status status = sink->schema && sink->driver ? EB_OK : eb_error_memory(err);
    if (!status && strcmp(driver, "GPKG") == 0) status = eb_gpkg_date(err);
    if (!status && kml) status = eb_to_wgs84_open(schema, &sink->to_wgs84, err);
    if (!status && kml && !schema->tabular) {
        eb_crs_free(sink->schema->crs);
        sink->schema->crs = NULL;
        status = eb_crs_new("EPSG:4326", &sink->schema->crs, err);
    }
    if (!status) status = eb_place_open(file, options->overwrite, &sink->place, err);
    if (!status) status = begin(sink, options, err);
    if (status) {
        ogr_free(sink);
        return status;
    }
    return eb_sink_make(&ops, sink, out, err);
}
