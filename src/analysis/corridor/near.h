/**
 * @file analysis/corridor/near.h
 * How far is a place from the lines, and from which side does it see them? Measured against the layer's own edges: candidates by distance
 * in space (earth-centred coordinates), then the geodesic distance to the nearest place of the nearest candidates. This is what the audit
 * measures with; the strips and sectors of corridors are made without it, but one side and flat ends are not (see corridor.h).
 */
#ifndef EB_ANALYSIS_CORRIDOR_NEAR_H
#define EB_ANALYSIS_CORRIDOR_NEAR_H

#include "analysis/corridor/corridor.h"

/** A place in all the coordinates that measuring needs. */
typedef struct eb_corridor_place {
    double lon_deg, lat_deg, space_m[3];
} eb_corridor_place;

/** The nearest place of the lines. */
typedef struct eb_corridor_nearest {
    double distance_m; /**< INFINITY: nothing within the reach */
    size_t stretch;    /**< number of the part of an edge it is on */
    double share;      /**< how far along that part, 0 to 1 */
} eb_corridor_nearest;

/** How a place sees the lines. */
typedef struct eb_corridor_view {
    bool left;   /**< from the left of the drawn direction */
    bool beyond; /**< its nearest place is a free end, and it lies beyond it */
} eb_corridor_view;

/** The end of a line with nothing joined to it. */
typedef struct eb_corridor_end {
    eb_corridor_place at;
    double azimuth_deg; /**< straight on, away from the line */
} eb_corridor_end;

/** Lines made ready for measuring. */
typedef struct eb_corridor_near eb_corridor_near;

/** Make lines ready. @p tolerance_m smallest deviation that must be told. */
eb_status eb_corridor_near_new(const eb_corridor_lines *lines, eb_corridor_choice choice, double tolerance_m, eb_corridor_near **out,
                               eb_error *err);
/** Free; NULL is fine. */
void eb_corridor_near_free(eb_corridor_near *near);
/** A place given in degrees. */
eb_corridor_place eb_corridor_place_of(const eb_corridor_near *near, double lon_deg, double lat_deg);
/** Gather what is within @p reach_m of any of some places that lie together; the functions below then look at that only. */
eb_status eb_corridor_near_gather(eb_corridor_near *near, const eb_corridor_place *places, size_t count, double reach_m, eb_error *err);
/** The nearest place of the lines. */
eb_status eb_corridor_near_find(const eb_corridor_near *near, const eb_corridor_place *place, eb_corridor_nearest *out, eb_error *err);
/** How a place sees its nearest place of the lines. Where that is a vertex, the edge nearest in direction decides. */
eb_status eb_corridor_near_view(const eb_corridor_near *near, const eb_corridor_place *place, const eb_corridor_nearest *nearest,
                                eb_corridor_view *out, eb_error *err);
/**
 * Does the corridor want a place, as far as sides and flat ends go? It does where the place sees its nearest place of the lines from the
 * side asked for and, with flat ends, is not beyond. This is the definition; what is made and what is audited both answer to it.
 */
eb_status eb_corridor_near_wanted(const eb_corridor_near *near, const eb_corridor_place *place, const eb_corridor_spec *spec, bool *out,
                                  eb_error *err);
/** Cut the part of an edge that holds the share @p t of it there. What was gathered is to be gathered again. */
eb_status eb_corridor_near_cut(eb_corridor_near *near, size_t vertex, double t, eb_error *err);
/** Number of parts of edges. */
size_t eb_corridor_near_count(const eb_corridor_near *near);
/** Add @p side (EB_CORRIDOR_SEE_…) to all parts of the edge that begins at a vertex that have some of the shares from @p t0 to @p t1. */
void eb_corridor_near_mark(const eb_corridor_near *near, size_t vertex, double t0, double t1, unsigned side, uint8_t *parts);
/** Middle of a part of an edge, in degrees. */
eb_status eb_corridor_near_middle(const eb_corridor_near *near, size_t part, double *lon_deg, double *lat_deg, eb_error *err);
/**
 * True where all within @p slack_m of the nearest are one run of parts, each beginning where the one before ends, and where nothing else
 * parts the sides than this run and the way straight on from its ends: it neither meets itself nor hooks round one of them. @p parts as
 * below.
 */
eb_status eb_corridor_near_is_run(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, const uint8_t *parts,
                                  bool *out, eb_error *err);

/** Which sides of a part of an edge to look at, for eb_corridor_near_sides(). */
enum { EB_CORRIDOR_SEE_LEFT = 1, EB_CORRIDOR_SEE_RIGHT = 2 };
/** What a place sees of the lines, within a slack. */
typedef struct eb_corridor_sides {
    double left_m, right_m; /**< distances to what it sees from the left of the lines and from the right; INFINITY: nothing */
    double spread_m;        /**< no two places of the lines within the slack are farther from one another in space */
} eb_corridor_sides;
/**
 * Distances to what a place sees from its left and from its right, of all that is within @p slack_m of the nearest.
 * In the sector at a vertex, where all edges there are equally near, only the one nearest in direction counts.
 * @param doubt_m nearer than this to the straight line through an edge, or to where another edge at its vertex becomes the nearest in
 *              direction, the place counts as on both sides.
 * @param parts for each part of an edge the sides that face the place (EB_CORRIDOR_SEE_…; 0: out of sight; both: the place itself
 *              decides); NULL: both everywhere.
 */
eb_status eb_corridor_near_sides(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, double doubt_m,
                                 const uint8_t *parts, eb_corridor_sides *out, eb_error *err);
/** Number of free ends, and one of them, lent. */
size_t eb_corridor_near_end_count(const eb_corridor_near *near);
const eb_corridor_end *eb_corridor_near_end_at(const eb_corridor_near *near, size_t i);
/** Most that a place of the lines may be off in space while candidates are sought, in metres: slack for a reach. */
double eb_corridor_near_bow(const eb_corridor_near *near);

#endif
