/**
 * @file report/html/picture.h
 * Maps and charts as SVG, for pages that must do without anything else.
 */
#ifndef REPORT_HTML_PICTURE_H
#define REPORT_HTML_PICTURE_H

#include "report/frame.h"

#include "base/text.h"

/** A map to draw. */
typedef struct eb_map {
    const eb_report *report;
    const eb_frame_view *view;
    double box[4];                  /**< the window, in the CRS of the view */
    int width_px;                   /**< the height follows */
    const eb_report_layer *subject; /**< what the map is about: its names stand on it, the rest is background; NULL: all that is shown */
} eb_map;

/**
 * Draw a map with scale bar and north arrow; coordinates are thinned to half a pixel, shapes below a pixel are drawn once a pixel, so that
 * the size of the picture is bounded by its pixels and not by the data. @param legend gets an HTML list of what is in the window: of the
 * subject alone, where there is one.
 */
eb_status eb_picture_map(eb_string *out, eb_string *legend, const eb_map *map, eb_error *err);
/** A chart: bars or shares, with their numbers. */
void eb_picture_chart(eb_string *out, const eb_chart *chart, eb_lang lang);

#endif
