/**
 * @file analysis/intake.h
 * The door every feature comes in by: to the analysis plane, proven valid or repaired in the open, or rejected with its reason.
 */
#ifndef EB_ANALYSIS_INTAKE_H
#define EB_ANALYSIS_INTAKE_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>

#include "analysis/quality/rejects.h"
#include "geom/rings.h"

/** Vertices above which a polygon is cut up before it meets others. */
#define EB_INTAKE_LARGE 1024

/** One door; one a thread. */
typedef struct eb_intake {
    eb_geos *geos;           /**< lent */
    eb_projector *projector; /**< lent; from the layer's CRS to the plane */
    const eb_schema *schema; /**< lent; for messages */
    eb_diagnosis *diagnosis; /**< lent; what happened goes here */
    eb_rejects *rejects;     /**< lent; what could not be used, NULL: not wanted */
    bool failed;             /**< out of memory while recording */
    bool flattens;           /**< its shapes become those of a result layer, which has no heights: where there are some, that is told */
    bool arcs_said;          /**< that arcs became chords is on record */
    bool flat_said[2];       /**< that heights are lost, and measures */
    eb_rings rings;          /**< the shape taken last, where it was small */
    eb_rings pieces;         /**< memory for pieces of large ones */
} eb_intake;

/** Free what the door itself holds. */
void eb_intake_clear(eb_intake *intake);

/**
 * Before the features of a batch are taken: of collections only the parts of @p dimension stay, of lines only those with a length; what
 * goes is on record. A shape that would have nothing left stays as it is, to be rejected.
 */
void eb_intake_sort(eb_intake *intake, eb_batch *batch, int dimension);
/**
 * Take a polygon feature as plain rings: feature @p i of @p batch, whose coordinates become those of the plane.
 * @param[out] taken false: null, empty, of another kind or beyond repair (recorded in the diagnosis).
 * @param[out] large a valid shape where it has many vertices or had to be repaired (free it with the door's geos); NULL: in
 *             intake->rings.
 */
eb_status eb_intake_polygon(eb_intake *intake, eb_batch *batch, size_t i, bool *taken, eb_shape **large, eb_error *err);
/** Take a polygon feature as a valid shape; NULL in *out where it was not taken. */
eb_status eb_intake_shape(eb_intake *intake, eb_batch *batch, size_t i, eb_shape **out, eb_error *err);
/** Take a line or point feature: its bytes in the batch become plane coordinates. @p dimension 0 or 1. A line has a length. */
eb_status eb_intake_simple(eb_intake *intake, eb_batch *batch, size_t i, int dimension, bool *taken, eb_error *err);

#endif
