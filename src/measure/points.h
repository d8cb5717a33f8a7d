/**
 * @file measure/points.h
 * Coordinates of a ring in blocks of columns, so that the compiler works on several at a time.
 */
#ifndef MEASURE_POINTS_H
#define MEASURE_POINTS_H

#include <ecobelt/wkb.h>

#include "measure/small.h"

/** @p count <= EB_POINTS coordinates of @p part from @p first on, into columns. */
void eb_points_gather(const eb_wkb_part *part, size_t first, size_t count, double *x, double *y);

/** Largest |v - from|; NaN or infinity where any value is. */
double eb_points_farthest(const double *values, size_t count, double from);

#endif
