#include "layer/ogr_write.h"
#include "layer/sink_common.h"

#include "base/text.h"

#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eb_package {
    eb_place place;
    GDALDatasetH dataset;
    eb_diagnosis *diagnosis; /* lent; may be NULL */
};

eb_status eb_package_create(const char *file, bool overwrite, eb_package **out, eb_error *err)
{
    eb_ogr_register();
    eb_package *package = calloc(1, sizeof *package);
    if (!package) return eb_error_memory(err);
    eb_status status = eb_gpkg_date(err);
    if (!status) status = eb_place_open(file, overwrite, &package->place, err);
    if (!status) {
        eb_trap trap = {0};
        eb_trap_set(&trap);
        package->dataset = eb_gpkg_create(package->place.file);
        eb_trap_end();
        if (!package->dataset) {
            status = eb_error_set(err, EB_OUTPUT, "cannot be made: %s", trap.message);
            eb_error_where(err, file, NULL, EB_NO_FID);
            eb_place_blame(file, err);
        }
    }
    if (status) {
        eb_package_abort(package);
        return status;
    }
    *out = package;
    return EB_OK;
}

/* The layer's words on its origin, led by "schematic: " where it is that. */
static char *describe(const eb_schema *schema)
{
    eb_string text = {0};
    if (schema->schematic) eb_string_add(&text, "schematic: ");
    eb_string_add(&text, schema->source ? schema->source : "");
    return eb_string_take(&text);
}

static eb_status add_batches(eb_package *package, eb_ogr_writer *writer, const eb_layer *layer, eb_error *err)
{
    eb_status status = EB_OK;
    eb_trap_set(&writer->trap);
    bool transaction = GDALDatasetStartTransaction(package->dataset, FALSE) == OGRERR_NONE;
    for (size_t b = 0; !status && b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; !status && i < batch->count; i++) status = eb_ogr_writer_add(writer, batch, i, eb_batch_shape_at(batch, i), err);
    }
    if (transaction && GDALDatasetCommitTransaction(package->dataset) != OGRERR_NONE && !status) writer->trap.failures++;
    eb_trap_end();
    return status ? status : eb_ogr_writer_check(writer, err);
}

void eb_package_tell(eb_package *package, eb_diagnosis *diagnosis)
{
    package->diagnosis = diagnosis;
}

eb_status eb_package_add_layer(eb_package *package, const eb_layer *layer, const char *name, const char *title, eb_error *err)
{
    const eb_schema *schema = eb_layer_schema(layer);
    char *description = describe(schema);
    if (!description) return eb_error_memory(err);
    char **creation = eb_gpkg_layer_options(schema, title, description[0] ? description : NULL);
    eb_ogr_layer_options options = {name, title, description, creation, package->diagnosis};
    eb_ogr_writer writer;
    eb_status status = eb_ogr_writer_open(package->dataset, package->place.target, schema, &options, &writer, err);
    if (!status) status = add_batches(package, &writer, layer, err);
    eb_ogr_writer_close(&writer);
    CSLDestroy(creation);
    free(description);
    return status;
}

static eb_field_type field_type(eb_column_type type)
{
    switch (type) {
    case EB_COLUMN_INTEGER:
        return EB_FIELD_INTEGER;
    case EB_COLUMN_REAL:
        return EB_FIELD_REAL;
    case EB_COLUMN_BOOLEAN:
        return EB_FIELD_BOOLEAN;
    default:
        return EB_FIELD_TEXT;
    }
}

/* A table's columns as fields; the unit goes into the alias. */
static eb_schema *table_schema(const eb_table *table)
{
    eb_schema *schema = eb_schema_new(eb_table_name(table), EB_SHAPE_UNKNOWN, NULL);
    if (!schema) return NULL;
    schema->tabular = true;
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        int f = eb_schema_add_field(schema, column->name, field_type(column->type));
        char alias[200];
        if (f < 0) {
            eb_schema_free(schema);
            return NULL;
        }
        if (!column->unit || !column->unit[0]) continue;
        snprintf(alias, sizeof alias, "%s (%s)", column->name, column->unit);
        schema->fields[f].alias = eb_text_dup(alias);
    }
    return schema;
}

static bool set_cell(eb_batch *batch, const eb_table *table, size_t row, size_t c)
{
    if (eb_table_is_null(table, row, c)) return true;
    switch (eb_table_column_at(table, c)->type) {
    case EB_COLUMN_INTEGER:
        return eb_batch_set_integer(batch, c, eb_table_integer_at(table, row, c));
    case EB_COLUMN_REAL:
        return eb_batch_set_real(batch, c, eb_table_real_at(table, row, c));
    case EB_COLUMN_BOOLEAN:
        return eb_batch_set_integer(batch, c, eb_table_boolean_at(table, row, c));
    default:
        return eb_batch_set_text(batch, c, eb_table_text_at(table, row, c));
    }
}

static eb_status fill_rows(eb_layer *layer, const eb_table *table, eb_error *err)
{
    eb_wkb none = {NULL, 0};
    for (size_t row = 0; row < eb_table_row_count(table); row++) {
        eb_batch *batch = eb_layer_tail(layer);
        if (!batch || !eb_batch_add(batch, (int64_t)row + 1, none)) return eb_error_memory(err);
        for (size_t c = 0; c < eb_table_column_count(table); c++)
            if (!set_cell(batch, table, row, c)) return eb_error_memory(err);
    }
    return EB_OK;
}

eb_status eb_package_add_table(eb_package *package, const eb_table *table, eb_error *err)
{
    eb_schema *schema = table_schema(table);
    eb_layer *layer = schema ? eb_layer_new(schema) : NULL;
    eb_status status = layer ? fill_rows(layer, table, err) : eb_error_memory(err);
    char **creation = CSLSetNameValue(NULL, "FID", "fid");
    creation = CSLSetNameValue(creation, "ASPATIAL_VARIANT", "GPKG_ATTRIBUTES");
    creation = CSLSetNameValue(creation, "IDENTIFIER", eb_table_title(table));
    if (eb_table_method(table)[0]) creation = CSLSetNameValue(creation, "DESCRIPTION", eb_table_method(table));
    if (schema && eb_schema_find(schema, "fid") >= 0) creation = CSLSetNameValue(creation, "FID", "row_id");
    eb_ogr_layer_options options = {eb_table_name(table), NULL, NULL, creation, package->diagnosis};
    eb_ogr_writer writer = {0};
    if (!status) status = eb_ogr_writer_open(package->dataset, package->place.target, schema, &options, &writer, err);
    if (!status) status = add_batches(package, &writer, layer, err);
    eb_ogr_writer_close(&writer);
    CSLDestroy(creation);
    eb_layer_free(layer);
    eb_schema_free(schema);
    return status;
}

/* One statement without a result. */
static eb_status run_sql(eb_package *package, const char *sql, eb_error *err)
{
    eb_trap trap = {0};
    eb_trap_set(&trap);
    OGRLayerH result = GDALDatasetExecuteSQL(package->dataset, sql, NULL, NULL);
    if (result) GDALDatasetReleaseResultSet(package->dataset, result);
    eb_trap_end();
    if (!trap.failures) return EB_OK;
    eb_error_set(err, EB_OUTPUT, "the style cannot be written: %s", trap.message);
    eb_error_where(err, package->place.target, NULL, EB_NO_FID);
    eb_error_hint(err, "is there room on the disk?");
    eb_place_blame(package->place.target, err);
    return EB_OUTPUT;
}

/* Text in single quotes. */
static void add_quoted(eb_string *sql, const char *text)
{
    eb_string_add(sql, "'");
    for (; *text; text++) eb_string_add_bytes(sql, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    eb_string_add(sql, "'");
}

/* GDAL shows a table that is not among the contents only where there are no tables of attributes, so it is put there. */
static eb_status make_style_table(eb_package *package, eb_error *err)
{
    eb_status status =
        run_sql(package,
                "CREATE TABLE IF NOT EXISTS layer_styles(id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), "
                "f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, "
                "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
                "update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))",
                err);
    return status ? status
                  : run_sql(package,
                            "INSERT OR IGNORE INTO gpkg_contents(table_name, data_type, identifier, description) "
                            "VALUES('layer_styles', 'attributes', 'layer_styles', '')",
                            err);
}

/* QGIS finds a style only where catalogue and schema are empty texts, not nulls. */
eb_status eb_package_add_style(eb_package *package, const char *name, const char *qml, eb_error *err)
{
    OGRLayerH layer = GDALDatasetGetLayerByName(package->dataset, name);
    const char *column = layer ? OGR_L_GetGeometryColumn(layer) : NULL;
    eb_string sql = {0};
    if (!column) return eb_error_set(err, EB_INTERNAL, "a style for the layer '%s', which the package has not", name);
    eb_status status = make_style_table(package, err);
    eb_string_add(&sql, "INSERT INTO layer_styles(f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, "
                        "styleSLD, useAsDefault, description, owner) VALUES('', '', ");
    add_quoted(&sql, name);
    eb_string_add(&sql, ", ");
    add_quoted(&sql, column);
    eb_string_add(&sql, ", 'default', ");
    add_quoted(&sql, qml);
    eb_string_add(&sql, ", '', 1, 'ecobelt', '')");
    if (!status) status = sql.failed ? eb_error_memory(err) : run_sql(package, sql.data, err);
    eb_string_clear(&sql);
    return status;
}

eb_status eb_package_commit(eb_package *package_take, eb_error *err)
{
    GDALDatasetH dataset = package_take->dataset;
    package_take->dataset = NULL;
    eb_status status = eb_ogr_finish(dataset, package_take->place.target, err);
    if (!status) status = eb_place_commit(&package_take->place, err);
    eb_package_abort(package_take);
    return status;
}

void eb_package_abort(eb_package *package_take)
{
    if (!package_take) return;
    if (package_take->dataset) eb_ogr_finish(package_take->dataset, NULL, NULL);
    eb_place_close(&package_take->place);
    free(package_take);
}
