#include "layer/batch.h"
#include "layer/ogr_write.h"
#include "layer/place.h"

#include "base/text.h"
#include "base/translate.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <inttypes.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static OGRwkbGeometryType ogr_type(eb_shape_kind kind, bool has_z)
{
    OGRwkbGeometryType type = kind == EB_SHAPE_UNKNOWN ? wkbUnknown : (OGRwkbGeometryType)kind;
    return has_z ? OGR_GT_SetZ(type) : type;
}

/* Lines and polygons come as single and multi shapes mixed from many formats: such layers are written as multi shapes throughout. */
static eb_shape_kind stored_kind(eb_shape_kind kind)
{
    if (kind == EB_SHAPE_LINE) return EB_SHAPE_MULTILINE;
    if (kind == EB_SHAPE_POLYGON) return EB_SHAPE_MULTIPOLYGON;
    return kind;
}

static OGRFieldType ogr_field_type(eb_field_type type, bool as_text)
{
    if (as_text) return OFTString;
    switch (type) {
    case EB_FIELD_INTEGER:
        return OFTInteger64;
    case EB_FIELD_BOOLEAN:
        return OFTInteger;
    case EB_FIELD_REAL:
        return OFTReal;
    case EB_FIELD_DATE:
        return OFTDate;
    case EB_FIELD_TIME:
        return OFTTime;
    case EB_FIELD_DATETIME:
        return OFTDateTime;
    default:
        return OFTString;
    }
}

static eb_status failed(const eb_ogr_writer *writer, const char *what, eb_error *err)
{
    eb_error_set(err, EB_OUTPUT, "%s%s%s", eb_translate(what), writer->trap.failures ? ": " : "",
                 writer->trap.failures ? writer->trap.message : "");
    eb_error_where(err, writer->file, writer->schema->name, EB_NO_FID);
    eb_error_hint(err, strstr(writer->trap.message, "too many columns")
                           ? "the format holds fewer fields: choose with --fields, or write .geojson"
                           : "is there room on the disk?");
    eb_place_blame(writer->file, err);
    return EB_OUTPUT;
}

eb_status eb_ogr_writer_check(eb_ogr_writer *writer, eb_error *err)
{
    return writer->trap.failures ? failed(writer, "cannot be written", err) : EB_OK;
}

/* GDAL and SQLite take names that differ only in case for one, and the values of one field would go into the other. */
static const char *unique_name(const eb_ogr_writer *writer, size_t f, char *name, size_t size, eb_diagnosis *diagnosis)
{
    const char *own = writer->schema->fields[f].name;
    bool taken = false;
    for (size_t k = 0; k < f && !taken; k++) taken = eb_text_same(writer->schema->fields[k].name, own);
    if (!taken) return own;
    OGRFeatureDefnH defn = OGR_L_GetLayerDefn(writer->layer);
    char ending[24];
    int n = 2;
    do {
        snprintf(ending, sizeof ending, "_%d", n++);
        eb_text_copy(name, size - strlen(ending), own);
        memcpy(name + strlen(name), ending, strlen(ending) + 1);
    } while (eb_schema_find(writer->schema, name) >= 0 || OGR_FD_GetFieldIndex(defn, name) >= 0);
    eb_diagnosis_note(diagnosis, writer->schema->name,
                      "the field \"%.100s\" is called \"%.100s\": the format takes names that differ only in case for one", own, name);
    return name;
}

static eb_status create_fields(eb_ogr_writer *writer, eb_diagnosis *diagnosis, eb_error *err)
{
    for (size_t f = 0; f < writer->schema->field_count; f++) {
        const eb_field *own = &writer->schema->fields[f];
        char other[512];
        const char *name = unique_name(writer, f, other, sizeof other, diagnosis);
        OGRFieldDefnH field = OGR_Fld_Create(name, ogr_field_type(own->type, writer->as_text));
        if (own->type == EB_FIELD_BOOLEAN && !writer->as_text) OGR_Fld_SetSubType(field, OFSTBoolean);
        if (own->alias || name != own->name) OGR_Fld_SetAlternativeName(field, own->alias ? own->alias : own->name);
        OGRErr bad = OGR_L_CreateField(writer->layer, field, FALSE);
        OGR_Fld_Destroy(field);
        if (bad != OGRERR_NONE || writer->trap.failures) {
            char what[200];
            snprintf(what, sizeof what, _("the format does not take the field \"%.100s\""), own->name);
            return failed(writer, what, err);
        }
        OGRFeatureDefnH defn = OGR_L_GetLayerDefn(writer->layer);
        int index = OGR_FD_GetFieldIndex(defn, name);
        writer->fields[f] = index >= 0 ? index : OGR_FD_GetFieldCount(defn) - 1;
    }
    return EB_OK;
}

eb_status eb_ogr_writer_open(GDALDatasetH dataset, const char *file, const eb_schema *schema, const eb_ogr_layer_options *options,
                             eb_ogr_writer *out, eb_error *err)
{
    memset(out, 0, sizeof *out);
    out->dataset = dataset;
    out->schema = schema;
    out->file = file;
    out->kind = stored_kind(schema->kind);
    const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
    out->as_text = strcmp(driver, "KML") == 0;
    out->needs_shapes = strcmp(driver, "FlatGeobuf") == 0;
    out->last_id = -1;
    out->keep_ids = true;
    out->fields = calloc(schema->field_count + 1, sizeof *out->fields);
    if (!out->fields) return eb_error_memory(err);
    OGRSpatialReferenceH srs = eb_ogr_srs(schema->crs);
    eb_trap_set(&out->trap);
    OGRwkbGeometryType type = schema->tabular ? wkbNone : ogr_type(out->kind, schema->has_z);
    out->layer = GDALDatasetCreateLayer(dataset, options->name, srs, type, options->creation);
    eb_status status = out->layer ? create_fields(out, options->diagnosis, err) : failed(out, "the layer cannot be made", err);
    if (!status) status = eb_ogr_writer_check(out, err);
    eb_trap_end();
    if (srs) OSRRelease(srs);
    return status;
}

void eb_ogr_writer_close(eb_ogr_writer *writer)
{
    free(writer->bytes);
    free(writer->fields);
    writer->bytes = NULL;
    writer->fields = NULL;
}

/* The shape as a multi shape of one. */
static eb_status promote(eb_ogr_writer *writer, eb_wkb shape, eb_wkb *out, eb_error *err)
{
    if (writer->capacity < shape.size + 9) {
        uint8_t *bytes = realloc(writer->bytes, shape.size + 9);
        if (!bytes) return eb_error_memory(err);
        writer->bytes = bytes;
        writer->capacity = shape.size + 9;
    }
    uint32_t type = 0, one = 1;
    memcpy(&type, shape.data + 1, 4);
    type += 3; /* in ISO codes and in flagged ones alike the multi form is three on */
    writer->bytes[0] = 1;
    memcpy(writer->bytes + 1, &type, 4);
    memcpy(writer->bytes + 5, &one, 4);
    memcpy(writer->bytes + 9, shape.data, shape.size);
    *out = (eb_wkb){writer->bytes, shape.size + 9};
    return EB_OK;
}

static eb_status set_shape(eb_ogr_writer *writer, OGRFeatureH feature, eb_wkb shape, eb_error *err)
{
    if (writer->needs_shapes && eb_wkb_dimension(shape) < 0) {
        eb_error_set(err, EB_REFUSED, "a feature without a shape cannot stand in a .fgb: its spatial index holds none");
        eb_error_hint(err, "write .gpkg or .geojson, or leave such features out with --where; ecobelt check lists them");
        return EB_REFUSED;
    }
    if (shape.size == 0) return EB_OK;
    eb_shape_kind kind = eb_wkb_kind(shape);
    eb_wkb bytes = shape;
    if (kind != writer->kind && kind + 3 == writer->kind) {
        eb_status status = promote(writer, shape, &bytes, err);
        if (status) return status;
    } else if (writer->kind != EB_SHAPE_UNKNOWN && kind != writer->kind) {
        eb_error_set(err, EB_REFUSED, "a %s stands in a layer of kind %s", eb_shape_kind_name(kind), eb_shape_kind_name(writer->kind));
        eb_error_hint(err, "write the kinds to files of their own, or a format that mixes them (.geojson)");
        return EB_REFUSED;
    }
    OGRGeometryH geometry = NULL;
    if (bytes.size > INT32_MAX || OGR_G_CreateFromWkb(bytes.data, NULL, &geometry, (int)bytes.size) != OGRERR_NONE)
        return eb_error_set(err, EB_REFUSED, "the bytes of a shape are broken");
    OGR_F_SetGeometryDirectly(feature, geometry);
    return EB_OK;
}

static void set_value(OGRFeatureH feature, int to, const eb_batch *batch, size_t i, size_t f, eb_field_type type)
{
    if (eb_batch_is_null(batch, i, f)) {
        OGR_F_SetFieldNull(feature, to);
        return;
    }
    switch (type) {
    case EB_FIELD_INTEGER:
        OGR_F_SetFieldInteger64(feature, to, eb_batch_integer_at(batch, i, f));
        break;
    case EB_FIELD_BOOLEAN:
        OGR_F_SetFieldInteger(feature, to, eb_batch_integer_at(batch, i, f) != 0);
        break;
    case EB_FIELD_REAL:
        OGR_F_SetFieldDouble(feature, to, eb_batch_real_at(batch, i, f));
        break;
    default:
        OGR_F_SetFieldString(feature, to, eb_batch_text_at(batch, i, f));
        break;
    }
}

static eb_status add_feature(eb_ogr_writer *writer, const eb_batch *batch, size_t i, eb_wkb shape, eb_error *err)
{
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(writer->layer));
    if (!feature) return eb_error_memory(err);
    eb_status status = writer->schema->tabular ? EB_OK : set_shape(writer, feature, shape, err);
    for (size_t f = 0; f < writer->schema->field_count; f++) {
        eb_field_type type = writer->schema->fields[f].type;
        char text[64];
        if (writer->as_text && !eb_field_is_text(type) && !eb_batch_is_null(batch, i, f)) {
            eb_batch_format_at(batch, i, f, text, sizeof text);
            OGR_F_SetFieldString(feature, writer->fields[f], text);
        } else {
            set_value(feature, writer->fields[f], batch, i, f, type);
        }
    }
    if (batch->fids[i] <= writer->last_id) writer->keep_ids = false;
    if (writer->keep_ids) {
        OGR_F_SetFID(feature, batch->fids[i]);
        writer->last_id = batch->fids[i];
    }
    if (!status && OGR_L_CreateFeature(writer->layer, feature) != OGRERR_NONE) status = failed(writer, "cannot be written", err);
    if (!status) status = eb_ogr_writer_check(writer, err);
    OGR_F_Destroy(feature);
    if (!status) writer->written++;
    return status;
}

eb_status eb_ogr_writer_add(eb_ogr_writer *writer, const eb_batch *batch, size_t i, eb_wkb shape, eb_error *err)
{
    eb_status status = add_feature(writer, batch, i, shape, err);
    if (status) eb_error_where(err, writer->file, writer->schema->name, batch->fids[i]);
    return status;
}

/* A column name that no field of the layer has, whatever the case. */
static void free_name(const eb_schema *schema, const char *wanted, char *out, size_t size)
{
    snprintf(out, size, "%s", wanted);
    for (int n = 1; eb_schema_find(schema, out) >= 0; n++) snprintf(out, size, "%s_%d", wanted, n);
}

char **eb_gpkg_layer_options(const eb_schema *schema, const char *title, const char *description)
{
    char fid[40], geom[40];
    free_name(schema, "fid", fid, sizeof fid);
    free_name(schema, "geom", geom, sizeof geom);
    char **options = CSLSetNameValue(NULL, "FID", fid);
    options = CSLSetNameValue(options, "GEOMETRY_NAME", geom);
    options = CSLSetNameValue(options, "SPATIAL_INDEX", "YES");
    if (title) options = CSLSetNameValue(options, "IDENTIFIER", title);
    if (description) options = CSLSetNameValue(options, "DESCRIPTION", description);
    return options;
}

GDALDatasetH eb_gpkg_create(const char *file)
{
    GDALDriverH driver = GDALGetDriverByName("GPKG");
    /* The file is brought to the disk once, before it is renamed into place. */
    const char *before = CPLGetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", NULL);
    char *saved = before ? CPLStrdup(before) : NULL;
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
    GDALDatasetH dataset = driver ? GDALCreate(driver, file, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", saved);
    CPLFree(saved);
    return dataset;
}

eb_status eb_ogr_finish(GDALDatasetH dataset, const char *file, eb_error *err)
{
    eb_trap trap = {0};
    eb_trap_set(&trap);
    GDALClose(dataset);
    eb_trap_end();
    if (trap.failures == 0) return EB_OK;
    eb_error_set(err, EB_OUTPUT, "cannot be written: %s", trap.message);
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "is there room on the disk?");
    eb_place_blame(file, err);
    return EB_OUTPUT;
}
