/* Lines and points among polygons: cut where they cross a border, and given to the polygons they lie in. */
#ifndef EB_ANALYSIS_OVERLAY_LINES_H
#define EB_ANALYSIS_OVERLAY_LINES_H

#include <ecobelt/wkb.h>

#include "analysis/overlay/true_length.h"

/* From one place on an edge to another, 0 its beginning, 1 its end, and who has it. */
typedef struct eb_stretch {
    size_t other; /* feature of the second layer, SIZE_MAX: none */
    size_t edge;
    double from, to;
    double size; /* m on the ellipsoid, or 1 for a point */
} eb_stretch;

/* An edge of a polygon that comes near the edge at hand. */
typedef struct eb_near_edge {
    double ax, ay, bx, by;
} eb_near_edge;

/* A polygon that the edge at hand may meet, its edges near it, and whether the edge lies in it where there are none. */
typedef struct eb_line_candidate {
    size_t other, near_from, near_to;
    bool inside;
} eb_line_candidate;

/* Memory for them, one a thread. Zero-initialise. */
typedef struct eb_lines {
    eb_line_edges edges, straight; /* those to work on; memory for them as they were before they were bent */
    size_t part_count;
    double *cuts;
    size_t cut_count, cut_capacity;
    eb_near_edge *near;
    size_t near_count, near_capacity;
    eb_line_candidate *candidates;
    size_t candidate_count, candidate_capacity;
    eb_stretch *stretches; /* of the feature at hand, by polygon and along the line once they are all there */
    size_t stretch_count, stretch_capacity;
    double whole, covered, rest, border; /* m, or points; covered and on the border: counted once */
    uint8_t *bytes;
    size_t byte_capacity;
} eb_lines;

void eb_lines_clear(eb_lines *lines);

struct eb_held;

/* Take a line or point feature of the plane: its edges. @p lengths_m theirs on the ellipsoid; NULL: those of the plane are taken. */
eb_status eb_lines_read(eb_lines *lines, eb_wkb shape, int dimension, const double *lengths_m, eb_error *err);
/*
 * Share its edges out among the polygons of the second layer; @p truth what part of an edge measures what, NULL: what it does in the
 * plane; @p ids memory for a query of its index.
 */
eb_status eb_lines_share(eb_lines *lines, const struct eb_held *held, int dimension, const eb_truth *truth, size_t **ids,
                         size_t *id_capacity, eb_error *err);

#endif
