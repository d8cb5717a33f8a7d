/**
 * @file report/html.h
 * The report as one page.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <ecobelt/report.h>

/**
 * report.html: the targets with their verdicts, charts, maps as pictures, every table with its method and denominators, the inputs with
 * their digests, what was repaired, refused or is schematic. Nothing is loaded from elsewhere; prints on A4. @param[out] text from
 * malloc().
 */
eb_status eb_report_to_html(const eb_report *report, char **text, eb_error *err);

#endif
