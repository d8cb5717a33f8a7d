#include "layer/ogr.h"

#include "base/text.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of the layers, for the hint after none or a wrong one. */
static void list_layers(GDALDatasetH dataset, char *text, size_t size)
{
    int count = GDALDatasetGetLayerCount(dataset);
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        int n = snprintf(text + used, size - used, "%s%s", i ? ", " : "", OGR_L_GetName(GDALDatasetGetLayer(dataset, i)));
        if (n < 0 || (size_t)n + 8 >= size - used) {
            snprintf(text + used, size - used, "…");
            return;
        }
        used += (size_t)n;
    }
}

/* QGIS's table of styles is no layer of the user's. */
static bool is_service_table(OGRLayerH layer)
{
    return OGR_L_GetGeomType(layer) == wkbNone && strcmp(OGR_L_GetName(layer), "layer_styles") == 0;
}

/* The only layer with shapes, or the only one at all; NULL where there is a choice. */
static OGRLayerH only_layer(eb_ogr_layer *out)
{
    int count = GDALDatasetGetLayerCount(out->dataset), spatial = 0, others = 0;
    OGRLayerH shape_layer = NULL, other = NULL;
    for (int i = 0; i < count; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(out->dataset, i);
        if (is_service_table(layer)) continue;
        if (OGR_L_GetGeomType(layer) == wkbNone) {
            others++;
            other = layer;
        } else {
            spatial++;
            shape_layer = layer;
        }
    }
    if (spatial == 1 && others > 0)
        eb_notes_add(&out->notes, "the file also holds %d table%s without shapes", others, others > 1 ? "s" : "");
    if (spatial == 1) return shape_layer;
    return spatial == 0 && others == 1 ? other : NULL;
}

static eb_status choose_layer(const eb_ogr_name *name, eb_ogr_layer *out, eb_error *err)
{
    char names[400];
    int count = GDALDatasetGetLayerCount(out->dataset);
    if (name->layer)
        out->layer = GDALDatasetGetLayerByName(out->dataset, name->layer);
    else if (name->layer_id >= 0)
        out->layer = GDALDatasetGetLayer(out->dataset, name->layer_id);
    else
        out->layer = only_layer(out);
    if (out->layer) return EB_OK;
    list_layers(out->dataset, names, sizeof names);
    if (count == 0)
        eb_error_set(err, EB_INPUT, "the file holds no layer");
    else if (name->layer)
        eb_error_set(err, EB_INPUT, "the file has no layer \"%s\"", name->layer);
    else if (name->layer_id >= 0)
        eb_error_set(err, EB_INPUT, "the file has no layer number %d (they count from 0)", name->layer_id);
    else
        eb_error_set(err, EB_INPUT, "the file holds %d layers, and none is named", count);
    eb_error_where(err, out->file, NULL, EB_NO_FID);
    if (count) eb_error_hint(err, "its layers are: %s; name one as \"%s|layername=NAME\"", names, out->file);
    return EB_INPUT;
}

static eb_field_type field_type(OGRFieldDefnH field)
{
    switch (OGR_Fld_GetType(field)) {
    case OFTInteger:
    case OFTInteger64:
        return OGR_Fld_GetSubType(field) == OFSTBoolean ? EB_FIELD_BOOLEAN : EB_FIELD_INTEGER;
    case OFTReal:
        return EB_FIELD_REAL;
    case OFTDate:
        return EB_FIELD_DATE;
    case OFTTime:
        return EB_FIELD_TIME;
    case OFTDateTime:
        return EB_FIELD_DATETIME;
    default:
        return EB_FIELD_TEXT;
    }
}

static eb_status describe_fields(eb_ogr_layer *out, eb_error *err)
{
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(out->layer);
    for (int f = 0; f < OGR_FD_GetFieldCount(defn); f++) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(defn, f);
        if (eb_schema_add_field(out->schema, OGR_Fld_GetNameRef(field), field_type(field)) < 0) return eb_error_memory(err);
        eb_field *own = &out->schema->fields[f];
        own->width = OGR_Fld_GetWidth(field);
        own->precision = OGR_Fld_GetPrecision(field);
        const char *alias = OGR_Fld_GetAlternativeNameRef(field);
        if (alias && alias[0] && !(own->alias = eb_text_dup(alias))) return eb_error_memory(err);
    }
    return EB_OK;
}

static const char *metadata(const eb_ogr_layer *out, const char *key)
{
    const char *value = GDALGetMetadataItem(out->layer, key, NULL);
    return value ? value : GDALGetMetadataItem(out->dataset, key, NULL);
}

/* True when no feature's `status` is anything but "schematic". */
static bool all_schematic(eb_ogr_layer *out, int field)
{
    OGR_L_ResetReading(out->layer);
    bool any = false, all = true;
    for (OGRFeatureH feature; all && (feature = OGR_L_GetNextFeature(out->layer)); OGR_F_Destroy(feature)) {
        any = true;
        all = OGR_F_IsFieldSetAndNotNull(feature, field) && eb_status_schematic(OGR_F_GetFieldAsString(feature, field));
    }
    OGR_L_ResetReading(out->layer);
    return any && all;
}

static const char schematic_prefix[] = "schematic: ";

/* A GeoJSON file's members before its features, which GDAL does not hand on: is there "status": "schematic"? */
static bool says_schematic(const eb_ogr_layer *out)
{
    char head[4096], squeezed[4096];
    size_t used = 0;
    VSILFILE *file = strcmp(out->schema->driver, "GeoJSON") == 0 ? VSIFOpenL(out->file, "rb") : NULL;
    if (!file) return false;
    size_t size = VSIFReadL(head, 1, sizeof head - 1, file);
    VSIFCloseL(file);
    head[size] = '\0';
    for (size_t i = 0; i < size; i++)
        if (head[i] != ' ' && head[i] != '\n' && head[i] != '\r' && head[i] != '\t' && head[i]) squeezed[used++] = head[i];
    squeezed[used] = '\0';
    const char *found = strstr(squeezed, "\"status\":\"schematic\""), *features = strstr(squeezed, "\"features\":[");
    return found && (!features || found < features);
}

/* Metadata items `status`, `source`, and the description as packages have it. */
static eb_status describe_metadata(eb_ogr_layer *out, eb_error *err)
{
    const char *status = metadata(out, "status"), *source = metadata(out, "source"), *words = metadata(out, "DESCRIPTION");
    bool prefixed = words && strncmp(words, schematic_prefix, strlen(schematic_prefix)) == 0;
    out->schema->schematic = (status && strcmp(status, "schematic") == 0) || prefixed || says_schematic(out);
    if (!source || !source[0]) source = prefixed ? words + strlen(schematic_prefix) : words;
    if (!source || !source[0]) return EB_OK;
    out->schema->source = eb_text_dup(source);
    return out->schema->source ? EB_OK : eb_error_memory(err);
}

/* Fields `status` and `source`, as the shipped layers have them. */
static eb_status describe_origin(eb_ogr_layer *out, eb_error *err)
{
    eb_status failed = describe_metadata(out, err);
    if (failed) return failed;
    int field = eb_schema_find(out->schema, "status"), origin = eb_schema_find(out->schema, "source");
    /* What our GPX says in its extensions GDAL calls by the name of their namespace, too. */
    const bool gpx = strcmp(out->schema->driver, "GPX") == 0;
    if (field < 0 && gpx) field = eb_schema_find(out->schema, "ogr_status");
    if (origin < 0 && gpx) origin = eb_schema_find(out->schema, "ogr_source");
    bool has_status = field >= 0 && out->schema->fields[field].type == EB_FIELD_TEXT;
    bool has_source = origin >= 0 && out->schema->fields[origin].type == EB_FIELD_TEXT && !out->schema->source;
    if (has_status && !out->schema->schematic) out->schema->schematic = all_schematic(out, field);
    if (!has_source) return EB_OK;
    OGR_L_ResetReading(out->layer);
    OGRFeatureH first = OGR_L_GetNextFeature(out->layer);
    if (first && OGR_F_IsFieldSetAndNotNull(first, origin)) out->schema->source = eb_text_dup(OGR_F_GetFieldAsString(first, origin));
    if (first) OGR_F_Destroy(first);
    OGR_L_ResetReading(out->layer);
    return EB_OK;
}

static eb_status describe(eb_ogr_layer *out, const eb_read_options *options, const char *encoding, eb_error *err)
{
    eb_crs *crs = NULL;
    eb_status status = options->crs ? eb_crs_new(options->crs, &crs, err) : eb_ogr_crs(OGR_L_GetSpatialRef(out->layer), &crs, err);
    if (status) return status;
    bool has_z = false;
    out->schema = eb_schema_new(OGR_L_GetName(out->layer), eb_ogr_kind(OGR_L_GetGeomType(out->layer), &has_z), crs);
    eb_crs_free(crs);
    if (!out->schema) return eb_error_memory(err);
    out->schema->has_z = has_z;
    out->schema->tabular = OGR_L_GetGeomType(out->layer) == wkbNone;
    out->schema->file = eb_text_dup(out->file);
    out->schema->driver = eb_text_dup(GDALGetDriverShortName(GDALGetDatasetDriver(out->dataset)));
    out->schema->encoding = encoding ? eb_text_dup(encoding) : NULL;
    if (!out->schema->file || !out->schema->driver || (encoding && !out->schema->encoding)) return eb_error_memory(err);
    /* Its header counts the features, 0 where it does not; what is cut off between two features is not noticed otherwise. */
    if (strcmp(out->schema->driver, "FlatGeobuf") == 0 && out->declared < 0 && OGR_L_GetFeatureCount(out->layer, FALSE) > 0)
        out->declared = OGR_L_GetFeatureCount(out->layer, FALSE);
    out->schema->feature_count = out->declared >= 0 ? out->declared : OGR_L_GetFeatureCount(out->layer, FALSE);
    return describe_fields(out, err);
}

eb_status eb_ogr_open(const eb_ogr_name *name, const eb_read_options *options, eb_ogr_layer *out, eb_error *err)
{
    char *encoding = NULL;
    eb_status status = eb_ogr_open_dataset(name, options, out, &encoding, err);
    if (status) return status;
    eb_trap_set(&out->trap);
    status = choose_layer(name, out, err);
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(out->dataset));
    if (!status && strcmp(driver, "OSM") == 0) {
        /* Without this the driver keeps all other layers' features in memory while one is read. */
        char interest[300];
        snprintf(interest, sizeof interest, "SET interest_layers = %s", OGR_L_GetName(out->layer));
        GDALDatasetExecuteSQL(out->dataset, interest, NULL, NULL);
    }
    if (!status) status = describe(out, options, encoding, err);
    if (!status && strcmp(driver, "OSM") != 0) status = describe_origin(out, err);
    if (!status) status = eb_ogr_check_trap(out, err);
    if (!status && out->trap.crs[0] && !options->crs) {
        /* Some drivers put WGS 84 in its place. */
        eb_crs_free(out->schema->crs);
        out->schema->crs = NULL;
        eb_notes_unknown_crs(&out->notes, out->trap.crs);
    }
    eb_trap_end();
    free(encoding);
    if (status) {
        eb_error_where(err, out->file, NULL, EB_NO_FID);
        eb_ogr_close(out);
    }
    return status;
}

eb_status eb_source_list(const char *file, bool allow_partial, eb_table **out, eb_error *err)
{
    static const eb_column columns[] = {{"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"geometry", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
                                        {"features", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN},
                                        {"crs", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN}};
    const eb_read_options options = {.allow_partial = allow_partial};
    eb_ogr_name name;
    eb_ogr_layer opened;
    char *encoding = NULL;
    eb_status status = eb_ogr_name_parse(file, &name, err);
    if (status) return status;
    status = eb_ogr_open_dataset(&name, &options, &opened, &encoding, err);
    eb_ogr_name_clear(&name);
    free(encoding);
    if (status) return status;
    eb_table *table = eb_table_new("layers", NULL);
    for (size_t c = 0; table && c < sizeof columns / sizeof *columns; c++) eb_table_add_column(table, &columns[c]);
    eb_trap_set(&opened.trap);
    for (int i = 0; table && i < GDALDatasetGetLayerCount(opened.dataset); i++) {
        OGRLayerH layer = GDALDatasetGetLayer(opened.dataset, i);
        if (is_service_table(layer)) continue;
        size_t row = eb_table_add_row(table);
        OGRwkbGeometryType type = OGR_L_GetGeomType(layer);
        int64_t count = OGR_L_GetFeatureCount(layer, FALSE);
        eb_crs *crs = NULL;
        eb_table_set_text(table, row, 0, OGR_L_GetName(layer));
        eb_table_set_text(table, row, 1, type == wkbNone ? "none" : eb_shape_kind_name(eb_ogr_kind(type, NULL)));
        if (count >= 0) eb_table_set_integer(table, row, 2, count);
        if (eb_ogr_crs(OGR_L_GetSpatialRef(layer), &crs, NULL) == EB_OK && crs) {
            const eb_crs_info *info = eb_crs_info_get(crs);
            eb_table_set_text(table, row, 3, info->code[0] ? info->code : info->name);
        }
        eb_crs_free(crs);
    }
    eb_trap_end();
    eb_ogr_close(&opened);
    if (table && eb_table_status(table) == EB_OK) {
        *out = table;
        return EB_OK;
    }
    eb_table_free(table);
    return eb_error_memory(err);
}
