/* The fields and the CRS of a [地块坐标] text file. */
#include "layer/parcel_reader.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char driver_name[] = "[地块坐标]";
static const char *const field_names[EB_PARCEL_FIELDS] = {"界址点数", "地块面积", "地块编号", "地块名称",
                                                          "图形属性", "图幅号",   "地块用途", "地类编码"};
static const eb_field_type field_types[EB_PARCEL_FIELDS] = {EB_FIELD_INTEGER, EB_FIELD_REAL, EB_FIELD_TEXT, EB_FIELD_TEXT,
                                                            EB_FIELD_TEXT,    EB_FIELD_TEXT, EB_FIELD_TEXT, EB_FIELD_TEXT};

static eb_datum datum_of(const char *system)
{
    if (strstr(system, "2000") || strstr(system, "CGCS")) return EB_DATUM_CGCS2000;
    if (strstr(system, "80") || strstr(system, "西安")) return EB_DATUM_XIAN80;
    if (strstr(system, "54") || strstr(system, "北京")) return EB_DATUM_BEIJING54;
    return strstr(system, "84") ? EB_DATUM_WGS84 : EB_DATUM_OTHER;
}

/* EPSG code of the file's coordinates, 0 where the file does not say enough. */
static int crs_code(const eb_parcel_facts *facts)
{
    eb_datum datum = datum_of(facts->system);
    if (facts->numbers == EB_PARCEL_PLANE) return facts->zone ? eb_zone_epsg(datum, facts->zone, facts->width, facts->prefixed) : 0;
    switch (datum) {
    case EB_DATUM_CGCS2000:
        return 4490;
    case EB_DATUM_XIAN80:
        return 4610;
    case EB_DATUM_BEIJING54:
        return 4214;
    case EB_DATUM_WGS84:
        return 4326;
    default:
        return 0;
    }
}

static eb_status find_crs(const eb_parcel_reader *self, const char *wanted, eb_crs **out, eb_error *err)
{
    char code[32];
    int number = crs_code(&self->facts);
    *out = NULL;
    if (wanted) return eb_crs_new(wanted, out, err);
    if (number == 0) return EB_OK;
    snprintf(code, sizeof code, "EPSG:%d", number);
    return eb_crs_new(code, out, err);
}

/* Names of the fields beyond the standard eight: as the file says, else 扩展1, 扩展2 … */
static void extra_name(const eb_parcel_facts *facts, size_t n, char *out, size_t size)
{
    const char *at = facts->extra_names;
    for (size_t k = 0; k < n && at; k++) {
        at = strchr(at, ',');
        if (at) at++;
    }
    size_t length = at ? strcspn(at, ",") : 0;
    if (length > 0 && length < size) {
        memcpy(out, at, length);
        out[length] = '\0';
    } else {
        snprintf(out, size, "扩展%zu", n + 1);
    }
}

eb_status eb_parcel_schema(const eb_parcel_reader *self, const char *wanted, eb_schema **out, eb_error *err)
{
    eb_crs *crs = NULL;
    eb_status status = find_crs(self, wanted, &crs, err);
    if (status) return status;
    const char *slash = strrchr(self->file, '/'), *base = slash ? slash + 1 : self->file, *dot = strrchr(base, '.');
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)(dot ? dot - base : (long)strlen(base)), base);
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_UNKNOWN, crs);
    eb_crs_free(crs);
    if (!schema) return eb_error_memory(err);
    bool fine = true;
    for (size_t f = 0; f < EB_PARCEL_FIELDS; f++) fine = fine && eb_schema_add_field(schema, field_names[f], field_types[f]) >= 0;
    for (size_t n = 0; n < self->facts.extra_fields; n++) {
        char extra[128];
        extra_name(&self->facts, n, extra, sizeof extra);
        fine = fine && eb_schema_add_field(schema, extra, EB_FIELD_TEXT) >= 0;
    }
    schema->file = eb_text_dup(self->file);
    schema->driver = eb_text_dup(driver_name);
    schema->encoding = eb_text_dup(self->facts.encoding);
    schema->feature_count = self->facts.parcels;
    schema->schematic = self->facts.parcels > 0 && self->facts.schematic == self->facts.parcels;
    *out = schema;
    if (fine && schema->file && schema->driver && schema->encoding) return EB_OK;
    eb_schema_free(schema);
    return eb_error_memory(err);
}
