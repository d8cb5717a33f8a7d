/**
 * @file formats.h
 * Which writer a name stands for.
 */
#ifndef ECOBELT_LAYER_FORMATS_H
#define ECOBELT_LAYER_FORMATS_H

#include <ecobelt/layer.h>

/** EB_OUTPUT where no writer serves @p format (NULL: the ending of @p file), the known ones in the hint; to know before hours of work. */
eb_status eb_format_check(const char *file, const char *format, eb_error *err);

#endif
