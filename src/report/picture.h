/**
 * @file report/picture.h
 * Maps and charts as SVG, for pages that must do without anything else.
 */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include "report/frame.h"

#include "base/text.h"

/**
 * A map of the drawn layers inside @p box (of the view's CRS), @p width_px wide, with a scale bar. Coordinates are thinned to half a
 * pixel. The region's labels stand on it where @p labels is true.
 */
eb_status eb_picture_map(eb_string *out, const eb_report *report, const eb_frame_view *view, const double box[4], int width_px, bool labels,
                         eb_error *err);
/** The legend of the drawn layers as an HTML list with small pictures. */
eb_status eb_picture_legend(eb_string *out, const eb_report *report, eb_error *err);
/** A chart: bars or shares, with their numbers. */
void eb_picture_chart(eb_string *out, const eb_chart *chart, eb_lang lang);

#endif
