/**
 * @file report/frame.h
 * Where the layers of a report lie, and the plane to show them in.
 */
#ifndef REPORT_FRAME_H
#define REPORT_FRAME_H

#include <ecobelt/report.h>

/** The CRS a project shows its layers in and the window it opens with. */
typedef struct eb_frame_view {
    eb_crs *crs;           /**< owned */
    char code[32];         /**< "EPSG:4549"; "" where the CRS has none */
    double box[4];         /**< {xmin, ymin, xmax, ymax} in it */
    const char *ellipsoid; /**< as QGIS names it, "EPSG:1024" */
} eb_frame_view;

/**
 * Work out the view. For layers in degrees and Web Mercator a plane in metres on their datum: the 3-degree zone of CGCS2000, Xi'an 80 or
 * Beijing 54 that the results lie in, the zone of UTM for WGS 84, an equal-area plane about their middle for other datums and where they
 * are wider than zones serve; else the CRS of the first result. The window holds the region, else the results that are drawn, else all
 * layers. EB_REFUSED where nothing has a place.
 */
eb_status eb_view_new(const eb_report *report, eb_frame_view *view, eb_error *err);
void eb_view_clear(eb_frame_view *view);
/** Box of a layer's shapes in its own CRS; false where it has none. */
bool eb_layer_box(const eb_layer *layer, double box[4]);
/** Box of a layer in the CRS of the view; false where it has none or it cannot be brought there. */
bool eb_view_box(const eb_frame_view *view, const eb_layer *layer, double box[4]);

#endif
