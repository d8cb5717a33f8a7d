/* The date that GeoPackages carry: now, or the one that makes two runs give the same bytes. */
#include "layer/ogr_write.h"

#include "base/text.h"

#include <cpl_conv.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The last second of the year 9999: a date beyond it has no ISO form of four digits. */
static const int64_t last_second = INT64_C(253402300799);

eb_status eb_gpkg_date(eb_error *err)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = 0;
    struct tm day;
    char date[32];
    if (!text) return EB_OK;
    if (text[0] < '0' || text[0] > '9' || !eb_text_to_integer(text, &seconds) || seconds > last_second) {
        eb_error_set(err, EB_USAGE, "the environment variable SOURCE_DATE_EPOCH is \"%.60s\", not a number of seconds since 1970", text);
        eb_error_hint(err, "unset it, or give whole seconds: SOURCE_DATE_EPOCH=1700000000");
        return EB_USAGE;
    }
    const time_t when = (time_t)seconds;
    if (!gmtime_r(&when, &day) || strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S.000Z", &day) == 0) return eb_error_memory(err);
    CPLSetConfigOption("OGR_CURRENT_DATE", date);
    return EB_OK;
}
