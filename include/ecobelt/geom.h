/**
 * @file geom.h
 * Shapes as GEOS holds them: validity and repair, overlay, buffers, subdivision, index.
 *
 * A shape belongs to the eb_geos it was made with; one eb_geos a thread. All coordinates are planar; most callers work in the
 * analysis plane (crs.h). A failure of GEOS becomes EB_REFUSED (bad shape) or EB_NO_MEMORY with GEOS's words in the error.
 */
#ifndef ECOBELT_GEOM_H
#define ECOBELT_GEOM_H

#include <ecobelt/wkb.h>

/** A shape. The structure behind it is GEOS's own. */
typedef struct GEOSGeom_t eb_shape;
/** A GEOS context with its last message; not thread-safe. */
typedef struct eb_geos eb_geos;

/** A context for one thread. EB_NO_MEMORY. */
eb_status eb_geos_new(eb_geos **out, eb_error *err);
/** Free the context; every shape made with it must be gone. NULL is fine. */
void eb_geos_free(eb_geos *geos);

/**
 * GEOS calls @p check in the middle of its long operations, in whatever thread they run; NULL: no longer. One for the process, as GEOS
 * has it: a program that lets its user stop a run sets it, and calls eb_geos_interrupt() in it when the user wants to stop. The
 * operation at hand then fails with EB_CANCELLED, and so does every one that asks again.
 */
void eb_geos_on_check(void (*check)(void));
/** Ask for the end of the operation at hand; only in a check. */
void eb_geos_interrupt(void);

/**
 * Parse WKB; only x and y are kept. Null bytes give an empty collection. A ring left open is closed, and a ring or line of too few
 * points is padded with one of its own points, so that it can be judged by validity; eb_geos_mended() then says so.
 * EB_REFUSED: not WKB, cut short, or a coordinate that is not finite.
 */
eb_status eb_shape_read(eb_geos *geos, eb_wkb wkb, eb_shape **out, eb_error *err);
/** True when the last eb_shape_read() had to close or pad a ring or line. */
bool eb_geos_mended(const eb_geos *geos);
/** Little-endian 2D WKB in memory from malloc(), owned by the caller. */
eb_status eb_shape_write(eb_geos *geos, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err);
/** Parse well-known text. EB_REFUSED: not WKT, or a coordinate that is not finite. */
eb_status eb_shape_from_text(eb_geos *geos, const char *wkt, eb_shape **out, eb_error *err);
/** A rectangle {xmin, ymin, xmax, ymax}. */
eb_status eb_shape_from_box(eb_geos *geos, const double box[4], eb_shape **out, eb_error *err);
/** Free a shape; NULL is fine. */
void eb_shape_free(eb_geos *geos, eb_shape *shape);
/** A deep copy. */
eb_status eb_shape_copy(eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err);
/** True for a shape without points; also for NULL. */
bool eb_shape_empty(eb_geos *geos, const eb_shape *shape);
/** Planar area, 0 for points and lines; NaN where GEOS fails. */
double eb_shape_area(eb_geos *geos, const eb_shape *shape);
/** Planar length, the perimeter for polygons; NaN where GEOS fails. */
double eb_shape_length(eb_geos *geos, const eb_shape *shape);
/** Bounding box {xmin, ymin, xmax, ymax}; false when empty. */
bool eb_shape_bounds(eb_geos *geos, const eb_shape *shape, double box[4]);
/** 0, 1, 2; -1 when empty. */
int eb_shape_dimension(eb_geos *geos, const eb_shape *shape);
/** Number of coordinates. */
size_t eb_shape_vertices(eb_geos *geos, const eb_shape *shape);
/** A point inside (polygons), on (lines). */
eb_status eb_shape_point_inside(eb_geos *geos, const eb_shape *shape, double *x, double *y, eb_error *err);

/** Validity: true, or false with GEOS's reason and the place. */
bool eb_shape_valid(eb_geos *geos, const eb_shape *shape, char *reason, size_t reason_size, double *x, double *y);
/**
 * Repair to a valid shape of the same dimension, dropping lower-dimensional leftovers. Self-overlap is kept as area once
 * ("structure" method), a hole outside its shell becomes a part of its own. A valid shape comes back as a copy.
 * EB_REFUSED when nothing of the shape's dimension is left, or the coordinates are not finite.
 */
eb_status eb_shape_repair(eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err);
/** Parts of the highest wanted dimension only (0, 1, 2) as a multi shape, possibly empty. Consumes @p shape. */
eb_status eb_shape_keep_dimension(eb_geos *geos, eb_shape *shape_take, int dimension, eb_shape **out, eb_error *err);

/** Something made of shapes, in floating precision (@p grid_m 0) or with all edges snap-rounded to a grid. */
typedef eb_status (*eb_on_grid)(void *self, double grid_m, eb_error *err);
/**
 * Make it in floating precision, and where that gives up (EB_REFUSED) or is proven wrong (EB_INTERNAL) on grids from 10 nm to 0.1 mm:
 * with edges a hair apart GEOS may lose slivers, and a grid keeps them or closes them. The error is that of the first try.
 */
eb_status eb_try_on_grids(eb_on_grid make, void *self, eb_error *err);

/** What to keep of two valid shapes. */
typedef enum eb_overlay_op { EB_OP_INTERSECTION, EB_OP_UNION, EB_OP_DIFFERENCE, EB_OP_SYMDIFF } eb_overlay_op;
/** Overlay of two valid shapes, on a grid where GEOS gives up; may be a collection of several dimensions (eb_shape_keep_dimension()). */
eb_status eb_shape_overlay(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_overlay_op op, eb_shape **out, eb_error *err);
/** The same on a grid of @p grid_m; 0: as above. */
eb_status eb_shape_overlay_on_grid(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_overlay_op op, double grid_m, eb_shape **out,
                                   eb_error *err);
/** The polygonal part of a valid shape in a box, fast. EB_REFUSED where GEOS's clip gives up or leaves an invalid shape: overlay then. */
eb_status eb_shape_clip(eb_geos *geos, const eb_shape *shape, const double box[4], eb_shape **out, eb_error *err);
/** Union of many shapes of any kind, nodes lines, on a grid where GEOS gives up. The shapes stay the caller's. */
eb_status eb_shape_union_all(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_shape **out, eb_error *err);
/** The same on a grid of @p grid_m; 0: as above. */
eb_status eb_shape_union_on_grid(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, eb_shape **out, eb_error *err);
/**
 * Union of polygons that share their edges exactly, many times faster than the general one: edges that run in opposite directions
 * cancel. Proven by that, by area (before = after to 1e-12) and by validity. @p shapes are WKB of valid polygons.
 * @param[out] out NULL: they are no such coverage.
 */
eb_status eb_coverage_union(eb_geos *geos, const eb_wkb *shapes, size_t count, eb_shape **out, eb_error *err);
/** The same for shapes; where they are no coverage the general union is made. @param[out] proven true: they are one. */
eb_status eb_shape_union_coverage(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_shape **out, bool *proven, eb_error *err);
/** A multi shape (or collection) made of the given ones. Consumes them (not the array), also on failure. */
eb_status eb_shape_collect(eb_geos *geos, eb_shape **shapes_take, size_t count, eb_shape **out, eb_error *err);
/** Number of single parts. */
size_t eb_shape_part_count(eb_geos *geos, const eb_shape *shape);
/** Part @p i, lent with the shape; NULL beyond the last. */
const eb_shape *eb_shape_part_at(eb_geos *geos, const eb_shape *shape, size_t i);
/** Polygons that lines enclose which meet in their ends only, as eb_shape_union_all() leaves them. */
eb_status eb_shape_polygonize(eb_geos *geos, const eb_shape *noded, eb_shape **out, eb_error *err);
/**
 * The faces that the boundaries of polygonal shapes cut the plane into, as the parts of a multipolygon: what no shape covers but some
 * enclose included. All edges are noded at once, on a grid of @p grid_m (0: in floating precision).
 */
eb_status eb_shape_faces(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, eb_shape **out, eb_error *err);

/** Buffer caps and sides. */
typedef enum eb_cap { EB_CAP_ROUND, EB_CAP_FLAT } eb_cap;
typedef enum eb_side { EB_SIDE_BOTH, EB_SIDE_LEFT, EB_SIDE_RIGHT } eb_side;
/** Planar buffer with round joins. @p quad_segs segments a quarter circle. Negative widths shrink polygons. */
eb_status eb_shape_buffer(eb_geos *geos, const eb_shape *shape, double width, int quad_segs, eb_cap cap, eb_side side, eb_shape **out,
                          eb_error *err);
/** Segments a quarter circle so that a round buffer of @p width stays within @p tolerance inwards (d(1-cos(3pi/(8 qs))), techniques). */
int eb_buffer_quad_segs(double width, double tolerance);

/** Predicates are three-valued in GEOS: an exception is a status here, never "false". */
typedef enum eb_relation {
    EB_REL_INTERSECTS,
    EB_REL_CONTAINS,
    EB_REL_CONTAINS_PROPERLY,
    EB_REL_COVERS,
    EB_REL_WITHIN,
    EB_REL_EQUALS
} eb_relation;
/** Ask one question. EB_REFUSED where GEOS cannot tell. */
eb_status eb_shape_relate(eb_geos *geos, const eb_shape *a, const eb_shape *b, eb_relation relation, bool *out, eb_error *err);
/** A shape with its spatial index, for many questions. @p shape is lent and must outlive it. */
typedef struct eb_prepared eb_prepared;
/** Prepare a shape. Not thread-safe: one a thread. */
eb_status eb_prepared_new(eb_geos *geos, const eb_shape *shape, eb_prepared **out, eb_error *err);
/** Free it; the shape stays. NULL is fine. */
void eb_prepared_free(eb_geos *geos, eb_prepared *prepared);
/** Ask one question about the prepared shape @p a and @p b; not EB_REL_EQUALS (EB_USAGE). */
eb_status eb_prepared_relate(eb_geos *geos, const eb_prepared *a, const eb_shape *b, eb_relation relation, bool *out, eb_error *err);
/** Is a place in the prepared shape or on its border? */
eb_status eb_prepared_holds(eb_geos *geos, const eb_prepared *a, double x, double y, bool *out, eb_error *err);

/**
 * Cut a valid polygonal shape into pieces of at most @p max_vertices by halving its box; areas add up to 1e-12. Where long edges run
 * side by side cutting ends, with larger pieces, when they have sixteen times as many vertices together as the whole.
 */
eb_status eb_shape_subdivide(eb_geos *geos, const eb_shape *shape, size_t max_vertices, eb_shape ***pieces, size_t *count, eb_error *err);

/** Boxes in a tree; thread-safe once built. */
typedef struct eb_index eb_index;
/** @p boxes: 4*count doubles {xmin, ymin, xmax, ymax}, copied. */
eb_status eb_index_new(const double *boxes, size_t count, eb_index **out, eb_error *err);
/** Free it; NULL is fine. */
void eb_index_free(eb_index *index);
/** Numbers of the boxes that touch @p box in ascending order; *ids grows by realloc (start with NULL, 0) and is freed by the caller. */
eb_status eb_index_query(const eb_index *index, const double box[4], size_t **ids, size_t *capacity, size_t *count, eb_error *err);
/**
 * The same of boxes near the straight edge between two places: all that come within @p reach of it, and some that come nearly so. A
 * slanting edge has a large box, and most of what is in it lies far from the edge.
 */
eb_status eb_index_query_along(const eb_index *index, const double from[2], const double to[2], double reach, size_t **ids,
                               size_t *capacity, size_t *count, eb_error *err);

/** Version of GEOS at work, with that of its C interface, "3.11.1-CAPI-1.17.1"; static. */
const char *eb_geos_version(void);

#endif
