/**
 * @file analysis/corridor/divide.h
 * What the parts of the division of faces share (divider.c): divide.c quarters squares, parting.c follows the curve where the sides part
 * in one.
 */
#ifndef EB_ANALYSIS_CORRIDOR_DIVIDE_H
#define EB_ANALYSIS_CORRIDOR_DIVIDE_H

#include "analysis/corridor/sides.h"

/** A division at work. */
typedef struct eb_corridor_divider {
    eb_corridor_web *web;
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
    const eb_corridor_spec *spec;
    eb_geos *geos;
    const eb_prepared *face;
    const uint8_t *parts;
    const eb_env *env;
    double whole_m2, done_m2; /**< of the square round the face */
    double most_scale;        /**< metres on the ground a metre of the plane, at most */
    bool want_left;
    size_t visited;    /**< squares looked at */
    size_t last_count; /**< squares that could not be quartered further */
    eb_shape **pieces;
    size_t count, capacity;
    double (*outline)[2]; /**< of the piece in hand */
    size_t outline_count, outline_capacity;
} eb_corridor_divider;

/** A place, and how much nearer the side wanted is there (negative: farther). */
typedef struct eb_corridor_spot {
    double x, y, lead;
} eb_corridor_spot;

/** A part of the plane. */
typedef struct eb_corridor_square {
    double x, y, size; /**< x, y: lower left corner */
} eb_corridor_square;

/** Distances of both sides from a place. */
eb_status eb_corridor_divider_distances(const eb_corridor_divider *d, double x, double y, double slack_m, double doubt_m,
                                        eb_corridor_sides *out, eb_error *err);
/** The lead of the side wanted at a place. */
eb_status eb_corridor_spot_at(const eb_corridor_divider *d, double x, double y, eb_corridor_spot *out, eb_error *err);
/** Is one side nearer at all places within @p r of one, of which the slack and the doubt were taken? */
bool eb_corridor_sides_sure(const eb_corridor_sides *sides, double r);
/** Does the place belong to the side wanted? */
bool eb_corridor_spot_wanted(const eb_corridor_divider *d, const eb_corridor_spot *spot);
/** A corner of a square, counted round it from the lower left one. */
void eb_corridor_square_corner(const eb_corridor_square *s, int k, double *x, double *y);
/** Add a corner to the outline of the piece in hand. */
eb_status eb_corridor_divider_add_corner(eb_corridor_divider *d, double x, double y, eb_error *err);
/** Keep the piece in hand; less than a triangle is nothing. */
eb_status eb_corridor_divider_keep_outline(eb_corridor_divider *d, eb_error *err);
/** Keep the whole square. */
eb_status eb_corridor_divider_keep_square(eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err);
/** Add the middle of the square and advice to an error. Returns EB_REFUSED. */
eb_status eb_corridor_divider_say_where(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err);
/** Refuse lines that run over one another: here left of the one is right of the other. */
eb_status eb_corridor_divider_refuse(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err);

/**
 * Keep the part wanted of a square where the sides part.
 * @param last whether the square cannot be quartered further.
 * @param[out] done false where it must be.
 */
eb_status eb_corridor_part_square(eb_corridor_divider *d, const eb_corridor_square *s, bool last, bool *done, eb_error *err);

#endif
