#include "base/text.h"

#include <ecobelt/report.h>

#include <string.h>

typedef struct format_row {
    const char *name;
    unsigned flag;
} format_row;

static const format_row formats_known[] = {
    {"csv", EB_FORMAT_CSV},   {"geojson", EB_FORMAT_GEOJSON}, {"gpkg", EB_FORMAT_GPKG}, {"qgz", EB_FORMAT_QGZ},
    {"xlsx", EB_FORMAT_XLSX}, {"gpx", EB_FORMAT_GPX},         {"map", EB_FORMAT_MAP},   {"html", EB_FORMAT_HTML | EB_FORMAT_MAP}};

eb_status eb_format_parse(const char *text, unsigned *flag, eb_error *err)
{
    const size_t count = sizeof formats_known / sizeof formats_known[0];
    eb_string known = {0};

    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, formats_known[i].name) == 0) {
            *flag = formats_known[i].flag;
            eb_string_clear(&known);
            return EB_OK;
        }
        eb_string_addf(&known, "%s%s", i ? ", " : "", formats_known[i].name);
    }
    eb_error_set(err, EB_USAGE, "unknown output format '%.64s'", text);
    eb_error_hint(err, "the formats are %s", eb_string_get(&known));
    eb_string_clear(&known);
    return EB_USAGE;
}
