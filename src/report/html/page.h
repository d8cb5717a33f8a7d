/**
 * @file report/html/page.h
 * The report as one page.
 */
#ifndef REPORT_HTML_PAGE_H
#define REPORT_HTML_PAGE_H

#include <ecobelt/report.h>

/**
 * report.html: the targets with their verdicts, what was asked, maps as pictures, charts, every table with its denominators, the methods,
 * what was repaired, refused or is schematic, the inputs with their digests. Nothing is loaded from elsewhere and nothing can run: a
 * policy in it forbids both. Prints on A4. The same report gives the same bytes. @param[out] text from malloc().
 */
eb_status eb_report_to_html(const eb_report *report, char **text, eb_error *err);

#endif
