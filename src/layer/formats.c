#include "layer/formats.h"

#include "layer/ogr.h"

eb_status eb_format_open(const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    return eb_ogr_source(name, options, out, err);
}
