/**
 * @file report/style.h
 * Styles of styles/NAME.qml, fitted to a layer.
 *
 * A style speaks both languages: where an attribute says "english|中文", one of the two is written. What a category is compared with is
 * chosen by what stands in the layer, so that a delivery with Chinese values is styled like the sample with English ones.
 */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <ecobelt/report.h>

#include "base/text.h"

/**
 * The QML of a layer: its theme's, else the plain one of its geometry, with the layer's own fields, values and label in it.
 * @param[out] qml from malloc().
 */
eb_status eb_style_qml(const eb_report_layer *layer, eb_lang lang, char **qml, eb_error *err);
/** Whether there is a style of this theme; NULL: no. */
bool eb_style_is_known(const char *theme);
/** Append the names of all themes, comma-separated. */
void eb_style_add_themes(eb_string *out);
/** Highest dimension of the layer's shapes: 0, 1, 2; -1 where it has none. */
int eb_report_dimension(const eb_layer *layer);
/** Whether maps draw a layer and legends name it: it is not hidden, and something is in it. */
bool eb_report_is_drawn(const eb_report_layer *layer);
/** Append <aliases>: a heading with its unit for each column, where it is another word than the column's name. */
void eb_style_add_aliases(eb_string *out, const eb_schema *schema, eb_lang lang);
/** One of them. */
void eb_style_add_alias(eb_string *out, const char *name, const char *heading, size_t index);
/**
 * Append the data-defined property that keeps a name from standing on the map twice: features of a point layer whose label a layer
 * above them shows as well are not labelled. Nothing where there are none.
 */
void eb_labels_once(eb_string *out, const eb_report *report, const eb_report_layer *layer);
/** The text of an element of a QML with its tags, lent: *size bytes from the result; NULL where it is not there. */
const char *eb_style_element(const char *qml, const char *name, size_t *size);

#endif
