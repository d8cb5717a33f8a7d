/**
 * @file report/plot.h
 * A table drawn as lines, for pages that embed it.
 */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include <ecobelt/report.h>

#include "base/text.h"

/** eb_table_to_svg() at the end of a text. EB_INTERNAL where the table has no such columns. */
eb_status eb_plot_add(eb_string *out, const eb_table *table, const char *columns, eb_lang lang, eb_error *err);

#endif
