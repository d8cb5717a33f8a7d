/**
 * @file report/xlsx.h
 * The statistics as one workbook.
 */
#ifndef REPORT_XLSX_H
#define REPORT_XLSX_H

#include <ecobelt/report.h>

/**
 * Write statistics.xlsx: contents with links, a sheet a table (headings in the language of the report, numbers as numbers, totals of
 * additive columns as formulas, frozen headings), charts, how the figures were made, and what the data were like.
 * EB_OUTPUT where it cannot be written.
 */
eb_status eb_report_write_xlsx(const eb_report *report, const char *file, eb_error *err);

#endif
