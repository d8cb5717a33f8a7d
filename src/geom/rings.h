/**
 * @file geom/rings.h
 * Polygons as plain arrays of coordinates: area, a cheap proof of validity, and the area two of them have in common, all without GEOS.
 * This is what makes a table of areas over millions of parcels cost little more than reading them.
 */
#ifndef EB_GEOM_RINGS_H
#define EB_GEOM_RINGS_H

#include <ecobelt/geom.h>

/** One ring: points first … first+count-1, the first point not repeated at the end, no two neighbours equal. */
typedef struct eb_ring {
    size_t first, count;
    size_t polygon; /**< number of the polygon it belongs to */
    bool hole;
} eb_ring;

/**
 * The rings of a polygonal shape with the inside on the left (shells counter-clockwise, holes clockwise), whatever way they were
 * stored. Zero-initialise, fill with eb_rings_read(), reuse for the next shape, free with eb_rings_clear().
 */
typedef struct eb_rings {
    double *xy;
    size_t points, capacity;
    eb_ring *rings;
    size_t count, ring_capacity;
    double box[4];   /**< of all points; undefined where there are none */
    double area;     /**< shells less holes; of valid shapes the area */
    bool degenerate; /**< a ring had fewer than three different points, or no area, and was left out */
} eb_rings;

/** Read the polygons of @p shape; lines and points in it are passed over. EB_REFUSED: broken bytes or numbers that are not finite. */
eb_status eb_rings_read(eb_rings *rings, eb_wkb shape, eb_error *err);
/** The same of a shape as GEOS holds it. */
eb_status eb_rings_read_shape(eb_rings *rings, eb_geos *geos, const eb_shape *shape, eb_error *err);
/** Free the arrays. */
void eb_rings_clear(eb_rings *rings);

/**
 * True when the shape is proven valid: no two edges touch but neighbours in their common point, holes lie in their shell, and nothing
 * lies in anything else. False says nothing: a shape whose rings touch in a point is valid and not proven here.
 * Orientation tests with an error bound (Shewchuk 1997), so a proof holds despite rounding.
 */
bool eb_rings_proven_valid(const eb_rings *rings);

/** Memory for eb_rings_common_area(); zero-initialise, free with eb_common_clear(). One a thread. */
typedef struct eb_common {
    struct eb_common_edge *edges[2];
    size_t capacity[2];
} eb_common;

/**
 * Area of the intersection of two valid shapes. Each is the signed sum of the trapezoids under its edges, so the area in common is
 * the signed sum over pairs of edges of the area two trapezoids share: no intersection point decides anything, so touching, equal
 * and nearly equal edges are no special cases. Error below 1e-13 of the smaller box for shapes of some hundred vertices.
 * Time: product of the edges that lie in both boxes; cut large shapes up first.
 * @return the area, or NaN when out of memory.
 */
double eb_rings_common_area(eb_common *memory, const eb_rings *a, const eb_rings *b);
/** Area of the part of @p a in a box {xmin, ymin, xmax, ymax}, as above. */
double eb_rings_area_in_box(eb_common *memory, const eb_rings *a, const double box[4]);
/** Free the memory. */
void eb_common_clear(eb_common *memory);

#endif
