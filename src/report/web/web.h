/**
 * @file report/web/web.h
 * The web map: one page with its library, layers, legend and popups inside, that asks no network for anything.
 */
#ifndef REPORT_WEB_H
#define REPORT_WEB_H

#include <ecobelt/report.h>

#include "base/text.h"

/** The page as HTML; @p text from malloc(). EB_REFUSED where no layer has a place to show. */
eb_status eb_web_page(const eb_report *report, const eb_env *env, char **text, eb_error *err);

/** The layers as JSON for the page's script: coordinates are whole steps of 1e-5 degrees, each but the first as the way from the one
 * before. */
eb_status eb_web_data(const eb_report *report, const eb_env *env, eb_string *out, eb_error *err);
/** Whether a layer is on the map: it has shapes, a place, and is not too large for a browser. */
bool eb_web_is_drawn(const eb_report_layer *layer);
/** The attributes of a layer that people read. */
typedef struct eb_web_fields {
    int heading; /**< field whose value names a feature, -1: none */
    size_t *fields;
    size_t count;
} eb_web_fields;
/** Choose them: no internal ids, of two languages the one of the run, nothing that is empty throughout. False out of memory. */
bool eb_web_fields_choose(const eb_layer *layer, const char *label, eb_lang lang, eb_web_fields *out);
/** Free the list. */
void eb_web_fields_clear(eb_web_fields *fields);
/** Heading of a field without its unit, which stands beside the number. */
void eb_web_field_heading(const eb_field *field, eb_lang lang, char *text, size_t size);
/** A size as people read it, in the unit that fits: @p value m2, ha, m or anything else that a field's name can end in. */
void eb_web_measured(double value, const char *unit, eb_lang lang, char *text, size_t size);
/** A value as people read it, in the unit that fits its size: "72.33 km²", "yes", "schematic"; "" for a null. */
void eb_web_value(const eb_batch *batch, size_t feature, size_t field, eb_lang lang, char *text, size_t size);

#endif
