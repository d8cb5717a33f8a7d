/**
 * @file mend.h
 * Invalid shapes made valid, on the record: what was wrong, where, and the area before and after.
 */
#ifndef EB_ANALYSIS_MEND_H
#define EB_ANALYSIS_MEND_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>
#include <ecobelt/measure.h>

/** One change. */
typedef struct eb_mended {
    int64_t fid;
    double x, y;                /**< where it was wrong, in the layer's CRS; NaN unknown */
    double before_m2, after_m2; /**< geodesic */
    char reason[160];
} eb_mended;

/** Changes in order. Zero-initialise; free `list`. */
typedef struct eb_mend_log {
    eb_mended *list;
    size_t count, capacity;
} eb_mend_log;

/** What one thread needs for mending. */
typedef struct eb_mender {
    eb_geos *geos;
    eb_measure *measure; /**< NULL: areas stay NaN */
} eb_mender;

/** @p crs NULL: areas stay NaN. */
eb_status eb_mender_open(const eb_crs *crs, eb_mender *out, eb_error *err);
void eb_mender_close(eb_mender *mender);
/** Geodesic area of a shape, NaN where it cannot be had. */
double eb_mender_area(eb_mender *mender, eb_wkb shape);

/**
 * Append the features of @p in to @p out (same schema), each invalid shape repaired by itself; valid shapes keep their bytes.
 * EB_REFUSED, with feature and place, where a shape is beyond repair.
 */
eb_status eb_mend_batch(eb_mender *mender, const eb_batch *in, eb_batch *out, eb_mend_log *log, eb_error *err);

/** What mending a coverage came to. */
typedef struct eb_coverage_report {
    int64_t faces;          /**< pieces that all boundaries together make */
    int64_t overlaps, gaps; /**< pieces of several features, pieces of none inside */
    double overlap_m2, gap_m2;
    double largest_gap_m2, gap_x, gap_y; /**< and where the largest lies */
} eb_coverage_report;
/**
 * Mend a layer of polygons as a coverage: neighbours keep sharing their edges. All boundaries are noded together; each face they make
 * goes to the feature whose rings run around it (non-zero winding, holes taken out); a face of several goes to the largest of them, of
 * equal ones to the first. Faces of none stay empty and are reported as gaps. Points and lines are EB_REFUSED.
 * @param[out] out a new layer; features that lose everything are EB_REFUSED.
 */
eb_status eb_mend_coverage(const eb_layer *layer, const eb_env *env, eb_layer **out, eb_mend_log *log, eb_coverage_report *report,
                           eb_error *err);

/** Append a change. False out of memory. */
bool eb_mend_log_add(eb_mend_log *log, const eb_mended *change);
/** The log as a table "repairs": fid, reason, x, y, area_before_m2, area_after_m2, change_m2. NULL out of memory. */
eb_table *eb_mend_table(const eb_mend_log *log);
/** Tell the diagnosis. */
void eb_mend_report(const eb_mend_log *log, const char *layer, eb_diagnosis *diagnosis);

#endif
