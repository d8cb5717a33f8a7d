/**
 * @file report/web/thin.h
 * Coordinates on a grid of whole numbers, thinned to what a screen can show.
 */
#ifndef REPORT_WEB_THIN_H
#define REPORT_WEB_THIN_H

#include <ecobelt/base.h>

/** A growing run of grid points. Zero-initialise; free with eb_trail_clear(). */
typedef struct eb_trail {
    int32_t (*xy)[2];
    size_t count, capacity;
    bool failed;
} eb_trail;

/** Append a point, unless it is the one before. */
void eb_trail_add(eb_trail *trail, int32_t x, int32_t y);
/** Forget the points, keep the memory. */
void eb_trail_reset(eb_trail *trail);
/** Free the memory. */
void eb_trail_clear(eb_trail *trail);
/**
 * Leave out points that lie within @p tolerance of the line that stays; first and last stay. One pass with a sector of directions, so
 * that a line of a million points takes no longer for its shape. A ring that would lose its area keeps its points.
 * @param tolerance in steps of the trail; 0: nothing is left out but points on a straight line.
 */
void eb_trail_thin(eb_trail *trail, double tolerance, bool ring);

#endif
