/**
 * @file geom/knit_lines.h
 * Lines that lie on one another made to share their vertices there, so that what they share is there once.
 */
#ifndef EB_GEOM_KNIT_LINES_H
#define EB_GEOM_KNIT_LINES_H

#include <ecobelt/geom.h>

#include "base/meter.h"
#include "base/text.h"

/** What counts as one place. */
typedef struct eb_line_knitting {
    double near_m; /**< vertices no further apart are one, and a vertex no further from an edge lies on it */
    /** From the coordinates of the lines, in which their edges are straight, to metres of a plane. NULL: they are such metres. */
    eb_status (*place)(void *self, double *x, double *y, eb_error *err);
    void *self;      /**< handed to place() */
    eb_meter *meter; /**< asked now and then whether to stop; NULL: nobody asks */
} eb_line_knitting;

/** What the lines are made of, as multi lines in their own coordinates. Zero-initialise; free with eb_knitted_lines_clear(). */
typedef struct eb_knitted_lines {
    eb_string once;  /**< each edge once, whoever has it */
    eb_string again; /**< what lay on one of these: each edge as often as it was there besides */
    double loose;    /**< length, in coordinates, of lines in `once` that are shorter than near_m and stay as they are */
} eb_knitted_lines;

/**
 * Knit the lines of @p count shapes together, and each with itself: a vertex of one that lies on an edge of another becomes a vertex of
 * both. Where lines cross they get no vertex. No line changes by more than near_m; parts that are no lines are passed over.
 */
eb_status eb_knit_lines(const eb_wkb *shapes, size_t count, const eb_line_knitting *how, eb_knitted_lines *out, eb_error *err);
void eb_knitted_lines_clear(eb_knitted_lines *lines);

#endif
