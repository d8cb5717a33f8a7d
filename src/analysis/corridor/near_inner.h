/**
 * @file analysis/corridor/near_inner.h
 * What the files that measure distances to lines share.
 */
#ifndef EB_ANALYSIS_CORRIDOR_NEAR_INNER_H
#define EB_ANALYSIS_CORRIDOR_NEAR_INNER_H

#include "analysis/corridor/near.h"

/** A short part of an edge of a line, straight enough in space. */
typedef struct eb_corridor_stretch {
    double a[3], b[3]; /* metres from the centre of the Earth */
    size_t vertex;     /* the edge begins at this vertex */
    double t0, t1;     /* the part of it */
    size_t next;       /* another part of the same edge, or EB_CORRIDOR_NO_STRETCH */
    struct {
        double lon_deg, lat_deg, azimuth_deg;
        bool known;
    } ends[2]; /* what eb_corridor_near_direction() found there: it is asked for the ends again and again */
} eb_corridor_stretch;

/** No other part. */
#define EB_CORRIDOR_NO_STRETCH SIZE_MAX

/** How a place sees a stretch. */
typedef struct eb_corridor_sight {
    eb_corridor_stretch *stretch;
    double share, metres;  /* where it is nearest, and how far */
    double aside, off_rad; /* metres to the right of the straight line through it; angle between the way out along it and the place */
    const double *vertex;  /* the end that is nearest, or NULL */
    unsigned sides;
    bool counts;
} eb_corridor_sight;

/** Lines made ready for measuring. */
struct eb_corridor_near {
    const eb_corridor_lines *lines;
    eb_corridor_stretch *stretches;
    size_t count, capacity;
    double *boxes; /* degrees */
    size_t box_capacity;
    eb_index *index;
    size_t *ids, id_capacity, id_count; /* gathered */
    eb_corridor_sight *sights;          /* room for one a gathered stretch */
    size_t sight_capacity;
    size_t *first; /* a part of the edge that begins at a vertex, or EB_CORRIDOR_NO_STRETCH */
    eb_corridor_end *ends;
    size_t end_count, end_capacity;
    double bow_m; /* most that a stretch leaves its chord in space */
};

/** Distance in space, metres. */
double eb_corridor_near_between(const double a[3], const double b[3]);
/** The place at a share of a stretch, in degrees. */
eb_status eb_corridor_near_on_stretch(const eb_corridor_near *near, const eb_corridor_stretch *s, double share, double *lon, double *lat,
                                      eb_error *err);
/**
 * The place at a share of a stretch, and the azimuth of the layer's edge itself there: towards a place a metre on, for the edge need not be
 * a geodesic, and a direction that is off by little moves what lies far straight on by much.
 */
eb_status eb_corridor_near_direction(const eb_corridor_near *near, eb_corridor_stretch *s, double share, double *lon, double *lat,
                                     double *azimuth_deg, eb_error *err);
/** Distance in space from a point to a stretch's chord, and (not NULL) the share of the chord where it is nearest. */
double eb_corridor_near_chord(const eb_corridor_stretch *s, const double p[3], double *share);
/** Geodesic distance from a place to a share of a stretch. */
eb_status eb_corridor_near_distance(const eb_corridor_near *near, const eb_corridor_place *p, const eb_corridor_stretch *s, double share,
                                    double *metres, eb_error *err);
/** Chords farther away in space than this cannot belong to the nearest of the gathered stretches (with @p parts: of those marked). */
double eb_corridor_near_limit(const eb_corridor_near *near, const eb_corridor_place *place, const uint8_t *parts);

#endif
