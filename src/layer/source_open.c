/* Which reader a name stands for. A new one is a question to the file in open_format(), before OGR is asked. */
#include "layer/file_check.h"
#include "layer/ogr.h"
#include "layer/parcel_text.h"

#include "base/text.h"

#include <string.h>

static bool is_parcel_text(const char *file)
{
    const size_t length = strlen(file);
    return length > 4 && eb_text_same(file + length - 4, ".txt") && eb_parcel_sniff(file);
}

/* The CRS is not looked at yet. */
static eb_status open_format(const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    eb_ogr_name parts;
    eb_status status = eb_ogr_name_parse(name, &parts, err);
    if (status) return status;
    status = eb_regular_check(parts.file, err);
    const bool parcels = !status && is_parcel_text(parts.file);
    eb_ogr_name_clear(&parts);
    if (status) return status;
    return parcels ? eb_parcel_source(name, options, out, err) : eb_ogr_source(name, options, out, err);
}

eb_status eb_source_open(const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    static const eb_read_options everything;
    if (!options) options = &everything;
    eb_source *source = NULL;
    eb_status status = open_format(name, options, &source, err);
    if (!status) status = eb_source_guard(source, options, err);
    if (status) {
        eb_source_free(source);
        return status;
    }
    *out = source;
    return EB_OK;
}
