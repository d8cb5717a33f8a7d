/**
 * @file report/layout.h
 * The map sheet of a QGIS project.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "report/frame.h"

#include "base/text.h"

/** The map sheet, A3 landscape: map, title, legend, scale bar, north arrow, sources and status. */
void eb_layout_add(eb_string *out, const eb_report *report, const eb_frame_view *view);
/** Id of a layer in the project; QGIS wants more than ten characters. */
void eb_layout_layer_id(const eb_report_layer *layer, char *id, size_t size);

#endif
