/**
 * @file report/clip.h
 * Coordinates of a picture: thinned, and cut to a window.
 */
#ifndef REPORT_CLIP_H
#define REPORT_CLIP_H

#include <ecobelt/base.h>

/** A growing run of points. Zero-initialise; free with eb_points_clear(). */
typedef struct eb_points {
    double (*xy)[2];
    size_t count, capacity;
    bool failed;
} eb_points;

/** Append a point. */
void eb_points_add(eb_points *points, double x, double y);
/** Forget the points, keep the memory. */
void eb_points_reset(eb_points *points);
/** Free the memory. */
void eb_points_clear(eb_points *points);
/** Leave out points nearer than @p distance to the one kept before; first and last stay. */
void eb_points_thin(eb_points *points, double distance);
/** Cut a closed ring to {xmin, ymin, xmax, ymax} (Sutherland and Hodgman 1974); pieces may stay joined along the window's edge. */
void eb_points_clip_ring(eb_points *ring, const double window[4]);
/** The part of a segment inside the window (Liang and Barsky 1984), in place; false where there is none. */
bool eb_clip_segment(double a[2], double b[2], const double window[4]);

#endif
