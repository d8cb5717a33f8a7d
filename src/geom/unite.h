/**
 * @file geom/unite.h
 * A union in the making: polygons are taken in one by one and merged in portions, those of one size with one another, so that each
 * is handled a logarithm of times and what is held is what the outlines need. Where shapes share their edges exactly they are merged
 * by their edges; where they overlap, neighbour by neighbour. Every step is proven by area: what two shapes have together is what
 * they have by themselves less what they share.
 */
#ifndef EB_GEOM_UNITE_H
#define EB_GEOM_UNITE_H

#include <ecobelt/geom.h>

#include "base/meter.h"

/** Shapes merged into one, as bytes. */
typedef struct eb_unite_run {
    uint8_t *data;
    size_t size;
} eb_unite_run;

/** What a shape counts in eb_unite.meter. */
#define EB_UNITE_UNITS ((size_t)64)

/** The union so far. Zero-initialise; free with eb_unite_clear(). */
typedef struct eb_unite {
    uint8_t *bytes; /**< of shapes not merged yet, one after the other */
    size_t size, capacity;
    size_t *ends; /**< where each ends */
    size_t count, end_capacity;
    eb_unite_run *runs; /**< each more than twice as large as the next */
    size_t run_count, run_capacity;
    eb_meter *meter; /**< each shape counts EB_UNITE_UNITS there by the time it is merged; NULL: nobody asks, and nothing stops it */
    bool overlaps;   /**< some were no coverage, so that the general union was needed */
    double residual; /**< by how much the areas have missed what they must be, added up */
} eb_unite;

/** Take a valid polygon or multi polygon in; its bytes are copied. EB_NO_MEMORY. */
eb_status eb_unite_add(eb_unite *unite, eb_wkb shape, eb_error *err);
/** Merge what was taken in since the last time. EB_INTERNAL: GEOS gave an area that cannot be. */
eb_status eb_unite_merge(eb_unite *unite, eb_geos *geos, eb_error *err);
/** Take over what another union has merged, which is left without it: as if that had been merged here. */
eb_status eb_unite_join(eb_unite *unite, eb_unite *other, eb_geos *geos, eb_error *err);
/** The union of all, an empty shape where there are none; the caller's. Nothing but meter, overlaps and residual is left behind. */
eb_status eb_unite_take(eb_unite *unite, eb_geos *geos, eb_shape **out, eb_error *err);
/** The union of shapes at hand, whatever was taken in; overlaps and residual are those of both. The caller's. */
eb_status eb_unite_shapes(eb_unite *unite, eb_geos *geos, const eb_wkb *shapes, size_t count, eb_shape **out, eb_error *err);
void eb_unite_clear(eb_unite *unite);

#endif
