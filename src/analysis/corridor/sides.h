/**
 * @file analysis/corridor/sides.h
 * Left and right told apart: the lines as a web of cuts in the plane, and the division of faces that see both sides.
 */
#ifndef EB_ANALYSIS_CORRIDOR_SIDES_H
#define EB_ANALYSIS_CORRIDOR_SIDES_H

#include "analysis/corridor/parts.h"

/** Metres within which a place of the plane is on a line: far more than rounding, far less than anything wanted. */
#define EB_CORRIDOR_ON_LINE_M 1e-5

/** A straight part of a line in the plane. */
typedef struct eb_corridor_segment {
    double ax, ay, bx, by;
    size_t edge;   /**< vertex where the layer's edge begins */
    double t0, t1; /**< share of the edge that it stands for */
} eb_corridor_segment;

/** The lines in the plane. */
typedef struct eb_corridor_web {
    const eb_corridor_lines *lines;
    eb_corridor_segment *segments;
    size_t count, capacity;
    double *boxes;
    size_t box_capacity;
    eb_index *index;
    size_t *ids, id_capacity, id_count; /**< of the last eb_corridor_web_near() */
    eb_corridor_bytes cuts;             /**< the lines and what parts the sides beyond their ends, as a multilinestring */
    size_t cuts_at, cut_count;
} eb_corridor_web;

/** Bring the chosen lines into the plane; parts of edges are cut in @p near where lines cross. */
eb_status eb_corridor_web_init(eb_corridor_web *web, const eb_corridor_lines *lines, eb_corridor_choice choice, eb_corridor_near *near,
                               const eb_corridor_spec *spec, eb_error *err);
/** Release what the web owns. */
void eb_corridor_web_clear(eb_corridor_web *web);
/** Numbers of the segments that touch a box, in ids. */
eb_status eb_corridor_web_near(eb_corridor_web *web, const double box[4], eb_error *err);
/** Append a line of two places to lines whose number is counted in @p count. */
void eb_corridor_add_cut(eb_corridor_bytes *lines, size_t *count, double ax, double ay, double bx, double by);

/**
 * Of a face that sees both sides of the lines, what sees them nearest from the side wanted.
 * @param parts sides of the parts of edges that face it, as eb_corridor_near_sides() takes them.
 * @param[out] out may be empty; NULL for an empty face.
 */
eb_status eb_corridor_divide(eb_corridor_web *web, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env,
                             const eb_shape *face, const uint8_t *parts, eb_shape **out, eb_error *err);

#endif
