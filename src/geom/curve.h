/**
 * @file geom/curve.h
 * Places in an order in which neighbours mostly follow one another.
 */
#ifndef EB_GEOM_CURVE_H
#define EB_GEOM_CURVE_H

#include <ecobelt/base.h>
#include <ecobelt/geom.h>

/** Where on a Hilbert curve over a box a place lies; one beyond the box lies where its border is nearest. */
uint32_t eb_curve_place(double x, double y, const double box[4]);
/** The same for the first vertex of a shape; 0 where it has none. */
uint32_t eb_curve_place_of(eb_wkb shape, const double box[4]);

#endif
