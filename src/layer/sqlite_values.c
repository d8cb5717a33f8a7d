/* Values of a GeoPackage that are none of their field's type: SQLite stores what it is given, and GDAL makes 0 or 1970 of it. */
#include "layer/ogr.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name as SQL has it; free() it. */
static char *quoted(const char *name)
{
    eb_string out = {0};
    eb_string_add(&out, "\"");
    for (; *name; name++) eb_string_add_bytes(&out, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
    eb_string_add(&out, "\"");
    return eb_string_take(&out);
}

/*
 * When a field of whole numbers holds none. GDAL keeps fields of up to 32 bits in 32: of a larger number it takes the lower bits, and
 * one that 16 bits do not hold becomes the largest that they do.
 */
static void add_whole_condition(eb_string *sql, OGRFieldDefnH field, const char *name)
{
    eb_string_addf(sql, "(typeof(%s) IN ('text', 'blob') OR %s <> CAST(%s AS INTEGER)", name, name, name);
    if (OGR_Fld_GetSubType(field) == OFSTInt16)
        eb_string_addf(sql, " OR %s NOT BETWEEN -32768 AND 32767", name);
    else if (OGR_Fld_GetType(field) == OFTInteger)
        eb_string_addf(sql, " OR %s NOT BETWEEN -2147483648 AND 2147483647", name);
    eb_string_add(sql, ")");
}

/* When a field holds what is none of its type; empty where it may hold anything. */
static void add_condition(eb_string *sql, OGRFieldDefnH field, eb_field_type type, const char *name)
{
    switch (type) {
    case EB_FIELD_INTEGER:
        add_whole_condition(sql, field, name);
        return;
    case EB_FIELD_BOOLEAN:
        eb_string_addf(sql, "(%s NOT IN (0, 1))", name);
        return;
    case EB_FIELD_REAL:
        eb_string_addf(sql, "(typeof(%s) IN ('text', 'blob'))", name);
        return;
    case EB_FIELD_DATE:
    case EB_FIELD_DATETIME:
        eb_string_addf(sql, "(%s NOT GLOB '[0-9][0-9][0-9][0-9][-/][01][0-9][-/][0-3][0-9]*')", name);
        return;
    default:
        return;
    }
}

/* One pass that gives the id, and as "fN" what field N holds where that is wrong. NULL: nothing can be wrong, or out of memory. */
static char *write_query(const eb_ogr_layer *layer, const bool *wanted)
{
    const eb_schema *schema = layer->schema;
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer->layer);
    eb_string sql = {0}, any = {0};
    char *fid = quoted(OGR_L_GetFIDColumn(layer->layer)), *table = quoted(schema->name);
    eb_string_addf(&sql, "SELECT %s + 0 AS id", fid ? fid : "");
    for (size_t f = 0; f < schema->field_count; f++) {
        eb_string wrong = {0};
        char *name = quoted(schema->fields[f].name);
        if (wanted[f] && name) add_condition(&wrong, OGR_FD_GetFieldDefn(defn, (int)f), schema->fields[f].type, name);
        if (wrong.size) {
            eb_string_addf(&sql, ", iif(%s, CAST(%s AS TEXT), NULL) AS f%zu", eb_string_get(&wrong), name, f);
            eb_string_addf(&any, "%s%s", any.size ? " OR " : "", eb_string_get(&wrong));
        }
        eb_string_clear(&wrong);
        free(name);
    }
    eb_string_addf(&sql, " FROM %s WHERE %s ORDER BY 1", table ? table : "", eb_string_get(&any));
    if (!any.size || !fid || !table || any.failed) eb_string_clear(&sql);
    eb_string_clear(&any);
    free(fid);
    free(table);
    return sql.size ? eb_string_take(&sql) : NULL;
}

static bool take_row(const eb_schema *schema, OGRFeatureH row, eb_bad_values *bad)
{
    const int id = OGR_F_GetFieldIndex(row, "id");
    for (size_t f = 0; f < schema->field_count; f++) {
        char name[32];
        snprintf(name, sizeof name, "f%zu", f);
        const int column = OGR_F_GetFieldIndex(row, name);
        if (column < 0 || !OGR_F_IsFieldSetAndNotNull(row, column)) continue;
        const char *text = OGR_F_GetFieldAsString(row, column);
        if (!eb_bad_values_add(bad, OGR_F_GetFieldAsInteger64(row, id), f, text, strlen(text))) return false;
    }
    return true;
}

eb_status eb_ogr_look_at_values(eb_ogr_layer *layer, const bool *wanted, eb_error *err)
{
    const char *fid = OGR_L_GetFIDColumn(layer->layer);
    if (strcmp(layer->schema->driver, "GPKG") != 0 || !fid || !fid[0]) return EB_OK;
    char *sql = write_query(layer, wanted);
    if (!sql) return EB_OK;
    eb_trap ignored = {0}; /* what is damaged is met when the features are read */
    eb_trap_set(&ignored);
    OGRLayerH rows = GDALDatasetExecuteSQL(layer->dataset, sql, NULL, NULL);
    bool fine = true;
    for (OGRFeatureH row; fine && rows && (row = OGR_L_GetNextFeature(rows)); OGR_F_Destroy(row))
        fine = take_row(layer->schema, row, &layer->bad);
    if (rows) GDALDatasetReleaseResultSet(layer->dataset, rows);
    eb_trap_end();
    free(sql);
    eb_bad_values_decode(&layer->bad, "UTF-8");
    return fine ? EB_OK : eb_error_memory(err);
}
