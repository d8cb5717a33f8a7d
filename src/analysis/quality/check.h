/**
 * @file check.h
 * Everything that is wrong with a layer, feature by feature and feature against feature. Layers stream: what is held of a feature is
 * a hash of its shape, and on request its areas and the edges that wait for a neighbour.
 */
#ifndef EB_ANALYSIS_CHECK_H
#define EB_ANALYSIS_CHECK_H

#include <ecobelt/geom.h>
#include <ecobelt/layer.h>
#include <ecobelt/measure.h>

/** Kinds of findings, in the order of the report. */
typedef enum eb_finding_kind {
    EB_FIND_DAMAGE,
    EB_FIND_NO_CRS,
    EB_FIND_CRS_CONTRADICTED,
    EB_FIND_MIXED_ZONES,
    EB_FIND_FRAME,
    EB_FIND_NULL,
    EB_FIND_INVALID,
    EB_FIND_DUPLICATE,
    EB_FIND_OVERLAP,
    EB_FIND_GAP,
    EB_FIND_CROSSING,
    EB_FIND_DANGLE,
    EB_FIND_OUTSIDE,
    EB_FIND_SPIKE,
    EB_FIND_SLIVER,
    EB_FIND_AREA,
    EB_FIND_VALUE,
    EB_FIND_ATTRIBUTE_NULL,
    EB_FIND_FORM,
    EB_FIND_NOTE, /**< what the reader met; alone it is nothing wrong */
    EB_FIND_END
} eb_finding_kind;

/** One finding. */
typedef struct eb_finding {
    eb_finding_kind kind;
    char layer[128];
    int64_t fid, other_fid; /**< EB_NO_FID where there is none */
    double x, y;            /**< in the layer's CRS; NaN unknown */
    double area_m2;         /**< of the piece; NaN where it does not apply */
    char message[240];
    uint8_t *shape; /**< WKB of the piece, owned; NULL: the place alone */
    size_t shape_size;
} eb_finding;

/** All findings. Zero-initialise; free with eb_findings_clear(). */
typedef struct eb_findings {
    eb_finding *list;
    size_t count, capacity;
    bool failed; /**< out of memory at some time */
} eb_findings;
/** Append a finding with a formatted message; returns it for the rest, NULL out of memory. */
eb_finding *eb_findings_add(eb_findings *findings, eb_finding_kind kind, const char *layer, int64_t fid, double x, double y,
                            const char *format, ...) EB_PRINTF(7, 8);
/** Free them. */
void eb_findings_clear(eb_findings *findings);
/** Number of findings that are wrong (not notes). */
size_t eb_findings_wrong(const eb_findings *findings);
/** "overlap". */
const char *eb_finding_kind_name(eb_finding_kind kind);
/** "error" or "warning" or "note". */
const char *eb_finding_severity(eb_finding_kind kind);
/** What to do about it. */
const char *eb_finding_remedy(eb_finding_kind kind);
/** Order by kind, then by feature. */
void eb_findings_sort(eb_findings *findings);

/** What to look for beyond what is always looked for. */
typedef struct eb_check_options {
    bool coverage;               /**< polygons are meant to tile: overlaps and gaps are wrong */
    bool boundary_lines;         /**< lines are meant to bound areas: loose ends and crossings are wrong */
    const char *area_field;      /**< compare with the measured area; NULL: no */
    const char *region;          /**< layer to lie inside; NULL: none */
    const char *reference;       /**< outlines to hold the layer against for a web-map frame; NULL: none */
    bool reference_unasked;      /**< nobody asked for the reference: where it tells nothing, nothing is said */
    const char *const *required; /**< fields that may not be null, NULL-terminated; NULL: all fields are looked at, as warnings */
    double sliver_width_m;       /**< mean width below which a polygon is a sliver */
    eb_read_options read;
} eb_check_options;

/** Check a layer, in two to five passes over it; findings are appended. EB_INPUT where it cannot be read whole. */
eb_status eb_check_layer(const char *name, const eb_check_options *options, const eb_env *env, eb_findings *findings, eb_error *err);

/** Is the place inside the rings of a shape (non-zero winding, holes taken out)? */
bool eb_winds_around(eb_wkb shape, double x, double y);

#endif
