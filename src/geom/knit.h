/**
 * @file geom/knit.h
 * Shapes that share borders made to share the vertices of these borders too, so that they still fit together where edges are drawn as
 * other lines than in the plane they were made in.
 */
#ifndef EB_GEOM_KNIT_H
#define EB_GEOM_KNIT_H

#include <ecobelt/geom.h>

/** How far the edge from @p a to @p b lies from itself at the most when it is drawn somewhere else, in metres of the plane. */
typedef eb_status (*eb_knit_bend)(void *self, const double a[2], const double b[2], double *bend_m, eb_error *err);

/** What counts as one place. */
typedef struct eb_knitting {
    double near_m;         /**< vertices no further apart are one, and a vertex no further from an edge lies on it */
    eb_knit_bend bend;     /**< NULL: edges are straight wherever they are drawn */
    void *self;            /**< handed to bend() */
    bool keep_outline;     /**< an edge with shapes on one side only gets no vertices for its bend: others may have it that are not here */
    const double *corners; /**< places (x, y) where shapes that are not here have vertices, counted as vertices here; NULL: none */
    size_t corner_count;
} eb_knitting;

/**
 * Knit @p count valid polygonal shapes together, and each with itself. A vertex of one that lies on an edge of another becomes a vertex
 * of both; what is narrower than @p how->near_m goes; and an edge that would bend over a vertex beside it gets vertices on the way, in
 * all the shapes that have it. No shape changes by more than near_m along its outline.
 * @param[out] out for each shape the new one, the caller's; NULL: it stays as it is. Empty: nothing of it is as wide as near_m.
 */
eb_status eb_shapes_knit(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_knitting *how, eb_shape **out, eb_error *err);

#endif
