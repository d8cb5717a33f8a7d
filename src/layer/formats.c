/* Which writer serves a format. A new one is a line in `endings` and one in create_plain(). */
#include "layer/formats.h"

#include "layer/parcel_text.h"
#include "layer/sink_common.h"

#include "base/text.h"

#include <string.h>

/* What a file's ending stands for when writing. */
static const struct {
    const char *ending, *driver;
} endings[] = {
    {".gpkg", "GPKG"},          {".fgb", "FlatGeobuf"}, {".geojson", "GeoJSON"}, {".json", "GeoJSON"}, {".geojsonl", "GeoJSONSeq"},
    {".shp", "ESRI Shapefile"}, {".csv", "CSV"},        {".kml", "KML"},         {".gpx", "GPX"},      {".txt", "[地块坐标]"},
};
static const char known[] = ".gpkg, .fgb, .geojson, .geojsonl, .shp, .csv, .kml, .gpx, .txt ([地块坐标])";

static bool has_ending(const char *file, const char *ending)
{
    size_t length = strlen(file), n = strlen(ending);
    return length > n && eb_text_same(file + length - n, ending);
}

static const char *driver_of(const char *file)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (has_ending(file, endings[i].ending)) return endings[i].driver;
    return NULL;
}

static const char *driver_named(const char *format)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (eb_text_same(format, endings[i].driver)) return endings[i].driver;
    return NULL;
}

eb_status eb_format_check(const char *file, const char *format, eb_error *err)
{
    if (format ? driver_named(format) : driver_of(file)) return EB_OK;
    if (format)
        eb_error_set(err, EB_OUTPUT, "unknown format \"%s\"", format);
    else
        eb_error_set(err, EB_OUTPUT, "the file's ending names no format for layers");
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "known are %s", known);
    return EB_OUTPUT;
}

/* The writer of the file's format, whatever the layer says of itself. */
static eb_status create_plain(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    const char *driver = options->format ? driver_named(options->format) : driver_of(file);
    if (strcmp(driver, "GeoJSON") == 0) return eb_sink_geojson(file, schema, options, false, out, err);
    if (strcmp(driver, "GeoJSONSeq") == 0) return eb_sink_geojson(file, schema, options, true, out, err);
    if (strcmp(driver, "CSV") == 0) return eb_sink_csv(file, schema, options, out, err);
    if (strcmp(driver, "GPX") == 0) return eb_sink_gpx(file, schema, options, out, err);
    if (strcmp(driver, "ESRI Shapefile") == 0) return eb_sink_shapefile(file, schema, options, out, err);
    if (strcmp(driver, "[地块坐标]") == 0) return eb_sink_parcel(file, schema, options, out, err);
    return eb_sink_ogr(driver, file, schema, options, out, err);
}

/* The same with a field that says "schematic" of every feature. */
static eb_status create_marked(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    eb_sink *inner = NULL;
    eb_schema *marked = eb_schema_copy(schema);
    const int field = marked ? eb_schema_mark(marked) : -1;
    eb_status status = field >= 0 ? create_plain(file, marked, options, &inner, err) : eb_error_memory(err);
    if (status == EB_OK) return eb_sink_marked(inner, marked, field, out, err);
    eb_schema_free(marked);
    return status;
}

eb_status eb_sink_create(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    static const eb_write_options plain = {.decimals = -1};
    if (!options) options = &plain;
    eb_write_options own = *options;
    if (!own.status && schema->schematic) own.status = "schematic";
    eb_status status = eb_format_check(file, options->format, err);
    if (status != EB_OK) return status;
    return eb_status_schematic(own.status) ? create_marked(file, schema, &own, out, err) : create_plain(file, schema, &own, out, err);
}
