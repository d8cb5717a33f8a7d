/**
 * @file report/json.h
 * Tables and the diagnosis as JSON, for those who build a larger document.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <ecobelt/report.h>

#include "base/text.h"

/** Append {name, title, columns: [{name, type, unit}], rows: [{…}], method, notes}. */
void eb_json_add_table(eb_string *out, const eb_table *table);
/** Append {layers: [counts a layer], cases: [{event, layer, fid, x, y, …}]}. */
void eb_json_add_diagnosis(eb_string *out, const eb_diagnosis *diagnosis);

#endif
