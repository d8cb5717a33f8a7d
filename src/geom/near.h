/**
 * @file geom/near.h
 * Two multi polygons: which of their polygons may meet, and which cannot. A union has work to do for the first only.
 */
#ifndef EB_GEOM_NEAR_H
#define EB_GEOM_NEAR_H

#include "base/text.h"

#include <ecobelt/geom.h>

/**
 * Part two shapes, polygons as eb_shape_write() gives them.
 * @param[out] near  of each side what may meet the other, as a multi polygon; both are empty strings where nothing may.
 * @param[out] apart what is left of both sides, as a multi polygon; an empty string where nothing is. The strings are the caller's.
 */
eb_status eb_near_part(const eb_wkb sides[2], eb_string near[2], eb_string *apart, eb_error *err);
/** The polygons of two shapes, one after the other, as a multi polygon. */
eb_status eb_near_append(const eb_wkb shapes[2], eb_string *out, eb_error *err);

#endif
