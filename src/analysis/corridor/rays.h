/**
 * @file analysis/corridor/rays.h
 * What lies beyond a free end: the places that have that end as their nearest place of the lines and do not see it from the side of the
 * line. They are nearer to the end than to any other place of the lines, so straight from the end outwards they reach to one distance and
 * no farther: one number a direction describes them.
 *
 * The places nearer to the end than to one other place are a half-plane, and so the places nearer to it than to all others are convex: what
 * bounds them lies between the chord from one ray's reach to the next and where the chords before and after, drawn on, meet. Rays are added
 * until these are within the tolerance, however thin a wedge is left between lines that hook round the end. (In the plane of the run
 * half-planes are bent a little; that is measured.)
 */
#ifndef EB_ANALYSIS_CORRIDOR_RAYS_H
#define EB_ANALYSIS_CORRIDOR_RAYS_H

#include "analysis/corridor/parts.h"

/** A direction from the end, and how far what lies beyond reaches in it. */
typedef struct eb_corridor_ray {
    double azimuth_deg, reach_m, x, y; /* x, y: plane */
} eb_corridor_ray;

/** The rays of an end. Fill in the first ones, zero the rest, and free rays. */
typedef struct eb_corridor_rays {
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
    double tolerance_m, most_m; /* most_m: reach that is past the corridor */
    const eb_corridor_end *end;
    eb_corridor_ray *rays; /* clockwise */
    size_t count, capacity;
} eb_corridor_rays;

/** A place at a distance from the end, in the plane. */
void eb_corridor_ray_at(const eb_corridor_rays *rays, double azimuth_deg, double length_m, double *x, double *y);
/** Find the rays of the end, from one perpendicular of the line to the other. */
eb_status eb_corridor_rays_find(eb_corridor_rays *rays, eb_error *err);

#endif
