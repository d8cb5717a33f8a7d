/**
 * @file formats.h
 * Which reader or writer a name stands for.
 */
#ifndef ECOBELT_LAYER_FORMATS_H
#define ECOBELT_LAYER_FORMATS_H

#include "layer/source.h"

/** Open a layer with the reader its file wants. The CRS is not looked at yet. @p options is not NULL. */
eb_status eb_format_open(const char *name, const eb_read_options *options, eb_source **out, eb_error *err);
/** EB_OUTPUT where no writer serves @p format (NULL: the ending of @p file), the known ones in the hint; to know before hours of work. */
eb_status eb_format_check(const char *file, const char *format, eb_error *err);

#endif
