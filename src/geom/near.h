/**
 * @file geom/near.h
 * Which polygons of multi polygons may meet, and which cannot: a union has work to do for the first only, and what lies apart can be
 * looked at apart.
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
/** Put the polygons of @p shape behind those of @p out, a multi polygon in the making (an empty string at first). */
eb_status eb_near_append(eb_string *out, eb_wkb shape, eb_error *err);
/**
 * Take a multi polygon portion by portion: polygons that may meet are in the same one, so that what is true of every portion (validity
 * above all) is true of the whole. Portions come in the order of their first polygons, and the polygons of one in the order they have.
 * @param enough bytes of a portion that are no longer added to; one has more where that many polygons may meet.
 */
eb_status eb_near_portions(eb_wkb shape, size_t enough, eb_status (*take)(void *self, eb_wkb portion, eb_error *err), void *self,
                           eb_error *err);

#endif
