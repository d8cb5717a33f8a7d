/* What the files of overlay share. */
#ifndef EB_ANALYSIS_OVERLAY_H
#define EB_ANALYSIS_OVERLAY_H

#include <ecobelt/measure.h>

#include "analysis/grid.h"
#include "analysis/overlay/overlay_lines.h"
#include "analysis/overlay/tally.h"
#include "analysis/quality/intake.h"
#include "analysis/quality/vertex_map.h"
#include "geom/cut_tree.h"

/* Bytes of a shape of the plane, shared by all threads. */
typedef struct eb_held_bytes {
    uint8_t *data;
    size_t size, vertices;
} eb_held_bytes;

/* A feature of the second layer, held in memory. */
typedef struct eb_held_feature {
    size_t batch, row; /* its attributes */
    double box[4], area_m2;
    size_t first_piece; /* bytes of the cut tree's nodes: pieces first_piece … ; node 0 is the whole */
    eb_cut_tree tree;   /* cells and children; the shapes are given up for the bytes */
} eb_held_feature;

/* The second layer. Nothing in it changes after it is read. */
typedef struct eb_held {
    eb_geos *geos;
    eb_source *source; /* stays open: its schema is lent to the batches */
    eb_projector *projector;
    eb_batch **batches; /* attributes; shapes in the plane */
    size_t batch_count, batch_capacity;
    eb_held_feature *features;
    size_t count, capacity;
    eb_held_bytes *pieces;
    size_t piece_count, piece_capacity;
    eb_index *index;
    size_t tile_vertices; /* of the pieces the shapes are cut into */
    eb_grid grid;         /* labels: features; count stands for none of them */
    eb_vertex_map places; /* of all vertices, in the CRS of the result */
} eb_held;

/* The first layer's plane is made for the boxes of both layers; the second is read into it. */
eb_status eb_held_read(const eb_workspace *space, eb_source *source_take, const eb_projector *plane, const eb_schema *result,
                       eb_rejects *rejects, const eb_env *env, eb_held **out, eb_error *err);
void eb_held_free(eb_held *held);

/* A piece of the result, in the plane. */
typedef struct eb_piece {
    size_t other;       /* feature of the second layer, SIZE_MAX none */
    eb_shape *shape;    /* NULL: the whole of the first one, as it came in */
    double size;        /* m2, m or points */
    double official_m2; /* its part of the feature's official area; NaN none */
} eb_piece;

/* Land of the second layer that the first one covers: a part of a held feature, by place, whatever piece of the result it ends up in. */
typedef struct eb_claim {
    size_t other, from, size; /* the held feature; where the part's bytes of the plane begin among all, how many they are */
} eb_claim;

/* A vertex that a part of a held feature got where the edge of another piece ends on it: what is left of the feature needs it, too. */
typedef struct eb_claim_corner {
    size_t other;
    double xy[2];
} eb_claim_corner;

/* Claims in the order they were made. */
typedef struct eb_claims {
    eb_claim *list;
    size_t count, capacity;
    uint8_t *bytes;
    size_t byte_count, byte_capacity;
    eb_claim_corner *corners;
    size_t corner_count, corner_capacity;
} eb_claims;

/* What a thread owns. */
typedef struct eb_overlay_worker {
    eb_geos *geos;
    eb_projector *projector;
    eb_intake intake;
    eb_common common;
    eb_rings other;   /* memory for rings of held pieces and of what is left */
    eb_shape **cache; /* pieces of held features with a tree, read when first needed */
    size_t cache_count;
    size_t *ids, id_capacity;
    eb_piece *pieces; /* of the feature at hand */
    size_t piece_count, piece_capacity;
    uint8_t *original; /* its bytes as they came in */
    size_t original_size, original_capacity;
    eb_vertex_map places;
    eb_measure *measure; /* for official areas, or the lengths of lines; NULL: there are none */
    double *shares;      /* memory for sharing them out */
    size_t share_capacity;
    eb_lines lines;    /* the feature at hand where it is no polygon */
    eb_truth *truth;   /* what the lines measure on the ellipsoid */
    double *lengths_m; /* of the edges of the line at hand */
    size_t length_capacity;
    eb_claims *claims; /* lent; where wish.claims asks for them they are added here */
} eb_overlay_worker;

/* What is wanted of each feature of the first layer. */
typedef struct eb_overlay_wish {
    const eb_held *held;
    int dimension;
    bool shared, rest;     /* the parts in the second layer, the part in none of it */
    bool claims;           /* what of the second layer is covered, for what is left of it */
    double merge_below_m2; /* pieces smaller than this join their neighbour; 0: never */
} eb_overlay_wish;

/* Sizes of a feature: of its whole, of its pieces, and by how much GEOS and the plain sum of trapezoids differ. */
typedef struct eb_overlay_sizes {
    double whole, shared, rest, residual;
    double official_m2, geodesic_m2; /* of the feature; NaN where it has no piece or none of the pieces has one */
    double again;                    /* what its pieces count again, since shapes of the second layer overlap one another */
    double joined_m2;                /* small pieces that joined others */
    int64_t joined;
    double border; /* of a line or of points: what runs along a border or lies on one */
} eb_overlay_sizes;

eb_status eb_overlay_worker_new(const eb_held *held, const eb_projector *projector, const eb_schema *schema, eb_overlay_worker **out,
                                eb_error *err);
void eb_overlay_worker_free(eb_overlay_worker *worker);
/* Add a piece to those of the feature at hand; @p shape_take NULL: all of it, as it came in. */
eb_status eb_overlay_add_piece(eb_overlay_worker *worker, size_t other, eb_shape *shape_take, double size, eb_error *err);
/* The pieces of a line or point feature of the plane. @p lengths_m of a line's edges on the ellipsoid; NULL: those of the plane. */
eb_status eb_overlay_simple(const eb_overlay_wish *wish, eb_overlay_worker *worker, eb_wkb bytes, const double *lengths_m,
                            eb_overlay_sizes *sizes, eb_error *err);
/*
 * Pieces of the feature at hand that are smaller than @p below_m2 join the largest other piece that they touch. Their land goes over,
 * none of it is lost or counted twice: the residual grows by what the sizes before and after differ.
 */
eb_status eb_overlay_merge_small(eb_overlay_worker *worker, double below_m2, eb_overlay_sizes *sizes, eb_error *err);
/*
 * Knit the pieces of the feature at hand together before they are brought back from the plane. @p whole the feature in the plane, for
 * pieces that are all of it; @p first its first claim: vertices that its parts of held features have got, and the claims have not,
 * become corners of the claims.
 */
eb_status eb_overlay_knit(eb_overlay_worker *worker, eb_wkb whole, size_t first, eb_error *err);
/* Work out the pieces of feature @p i; *taken false: it was not used. */
eb_status eb_overlay_feature(const eb_overlay_wish *wish, eb_overlay_worker *worker, eb_batch *batch, size_t i, bool *taken,
                             eb_overlay_sizes *sizes, eb_error *err);
/*
 * Share the official area of the feature out over its pieces. @p shape the feature in the plane where it is not as it came in (then
 * its vertices are in worker->places), else NULL. A feature the formula does not reach leaves NaN behind.
 */
eb_status eb_overlay_official(const eb_held *held, eb_overlay_worker *worker, const eb_shape *shape, eb_overlay_sizes *sizes,
                              eb_error *err);
/* The bytes of a piece in the CRS of the result, a multi shape. Lent until the next call or from malloc() in *owned. */
eb_status eb_overlay_piece_bytes(const eb_held *held, eb_overlay_worker *worker, const eb_piece *piece, uint8_t **data, size_t *size,
                                 eb_error *err);

#endif
