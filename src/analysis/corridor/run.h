/**
 * @file analysis/corridor/run.h
 * The corridor analysis as a run: what was asked, what is in hand, and the steps.
 */
#ifndef EB_ANALYSIS_CORRIDOR_RUN_H
#define EB_ANALYSIS_CORRIDOR_RUN_H

#include "analysis/corridor/corridor.h"

#include <ecobelt/measure.h>

/** What was asked; text is lent from the args. */
typedef struct eb_corridor_request {
    const char *lines, *where, *clip, *erase, *weight, *weight_field; /**< NULL: not asked */
    const char **by;                                                  /**< NULL-terminated */
    double *widths_m;                                                 /**< ascending, no two the same */
    size_t width_count;
    double tolerance_m, solve_m2; /**< solve_m2 NaN: not asked */
    eb_corridor_part part;
    eb_cap cap;
    bool rings, dissolve;
    double once_m; /**< braids nearer than this count once in lengths; NaN: every line counts */
    eb_area_method method;
} eb_corridor_request;

/** Polygons that count something. */
typedef struct eb_corridor_counts {
    eb_shape **shapes; /**< in the plane */
    double *values;
    int64_t *fids;
    size_t count;
    double total;
    size_t pairs;       /**< of polygons that overlap by more than their edges are sure */
    double overlap_m2;  /**< of the pairs, added */
    double overlap_sum; /**< what the polygons of the pairs count there */
} eb_corridor_counts;

/** A run in hand. */
typedef struct eb_corridor_run {
    eb_corridor_request ask;
    const eb_workspace *space;
    const eb_env *env;
    eb_geos *geos;
    eb_corridor_lines lines;
    eb_shape *clip, *erase; /**< in the plane; NULL: none */
    double clip_m2;         /**< area of the clip layer, parts counted once; NaN without one */
    eb_measure *measure;
    eb_area_method method;                      /**< resolved */
    bool in_reach;                              /**< official areas exist here */
    bool too_wide;                              /**< it would be the official one, but that does not reach so far */
    double official_m2, geodesic_m2, chosen_m2; /**< of the rows of the table, for its check; official NaN: there is none */
    eb_corridor_counts counts;                  /**< to be shared out; none where count is 0 */
    char solved[512];                           /**< what the search for a width found, empty where none was asked */
    double solved_m;                            /**< that width */
    double *lengths_m;                          /**< a group, then all */
    eb_corridor_auditor **auditors;             /**< a group, then all; made when first wanted */
} eb_corridor_run;

/** Enter a stage of the run's work that goes by a name, in units of vertices: run->env is the stage's until it is left. Not to be moved. */
void eb_corridor_stage_top(eb_corridor_run *run, const char *task, double from, double to, eb_corridor_stage *stage);
/** Enter a stage within the one in hand. */
void eb_corridor_stage_enter(eb_corridor_run *run, double from, double to, eb_corridor_stage *stage);
/** Leave it, done. */
void eb_corridor_stage_leave(eb_corridor_run *run, const eb_corridor_stage *stage);

/** Corridors of one width: a group, then all groups dissolved. */
typedef struct eb_corridor_level {
    double width_m;
    eb_shape **shapes; /**< group_count + 1, in the plane */
    double *gross_m2;  /**< each line's own corridor, added */
    eb_corridor_audit *audits;
} eb_corridor_level;

/** Width and the rest of what is asked, for the makers. */
eb_corridor_spec eb_corridor_spec_of(const eb_corridor_run *run, double width_m);

/** Make the corridors of a width, measure each line's own, and audit the edges. EB_INTERNAL where the audit finds more than the tolerance.
 */
eb_status eb_corridor_level_make(eb_corridor_run *run, double width_m, eb_corridor_level *out, eb_error *err);
/** Only the dissolved corridor of all lines, without gross areas and audit: for a search. */
eb_status eb_corridor_level_sketch(eb_corridor_run *run, double width_m, double tolerance_m, eb_shape **out, eb_error *err);
void eb_corridor_level_clear(eb_corridor_run *run, eb_corridor_level *level);

/** Cut to the clip layer, and take the erase layer out. A copy where there is neither. */
eb_status eb_corridor_clip(eb_corridor_run *run, const eb_shape *shape, eb_shape **out, eb_error *err);
/** A shape of the plane as it is written: the layer's coordinates, cut at the 180th meridian. Bytes from malloc(). */
eb_status eb_corridor_finish(eb_corridor_run *run, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err);
/** The same, added to the sums that check the method of the table. */
eb_status eb_corridor_checked_area(eb_corridor_run *run, const eb_shape *shape, double *area_m2, eb_error *err);
/** Area of a shape of the plane, as it is written, by the method of the run. */
eb_status eb_corridor_area(eb_corridor_run *run, const eb_shape *shape, double *area_m2, eb_error *err);
/** Cut longitudes at 180 degrees and bring them into -180..180. Consumes the bytes, also on failure. */
eb_status eb_corridor_cut_meridian(eb_geos *geos, uint8_t *data_take, size_t size_take, uint8_t **data, size_t *size, eb_error *err);

/** Whether the field with what polygons count holds numbers; else EB_USAGE. */
eb_status eb_corridor_check_weight(const char *layer, const char *field, eb_field_type type, eb_error *err);
/** A polygon layer in the plane, all its shapes as one. Unusable features go to the diagnosis. */
eb_status eb_corridor_mask_read(eb_corridor_run *run, const char *name, eb_shape **out, eb_error *err);
/** The polygons of a layer with the numbers of a field. Unusable features go to the diagnosis. */
eb_status eb_corridor_counts_read(eb_corridor_run *run, const char *name, const char *field, eb_corridor_counts *out, eb_error *err);
/** What a shape of the plane has of the counts of the run: of each polygon the share of its area. */
eb_status eb_corridor_counts_in(eb_corridor_run *run, const eb_shape *shape, double *sum, eb_error *err);
/**
 * Find the polygons of the run's counts that overlap: sharing out by area takes each place to be counted by one polygon. Each pair goes to
 * the diagnosis under the name of the layer, with a place in the layer's coordinates.
 */
eb_status eb_corridor_counts_overlaps(eb_corridor_run *run, const char *layer, const eb_corridor_frame *frame, eb_corridor_counts *counts,
                                      eb_error *err);
/** Release the counts of the run. */
void eb_corridor_counts_clear(eb_corridor_run *run);
/**
 * The chosen lines without what runs over others, whatever the vertices, as a multilinestring in the layer's coordinates. Places within @p
 * slack_m are the same. @p out is zero-initialised; the caller frees its data, also after a failure.
 */
eb_status eb_corridor_distinct_lines(const eb_corridor_lines *lines, eb_corridor_choice choice, double slack_m, eb_corridor_bytes *out,
                                     eb_error *err);
/** Noded lines without the arcs that are braids of longer ones within a distance. @p out is made of copies. */
eb_status eb_corridor_drop_braids(eb_geos *geos, const eb_shape *lines, double distance_m, eb_shape **out, eb_error *err);
/** Lengths of the groups and of all, inside the clip. */
eb_status eb_corridor_lengths(eb_corridor_run *run, eb_error *err);

/** Lend the batch and row that hold the --by values of a group. */
const eb_batch *eb_corridor_group_row(const eb_corridor_lines *lines, size_t group, size_t *row);

/** Tables and layers in the making. */
typedef struct eb_corridor_result eb_corridor_result;
eb_status eb_corridor_result_new(eb_corridor_run *run, eb_corridor_result **out, eb_error *err);
/** Rows and features of a width. @p inner the next narrower one for rings, or NULL. */
eb_status eb_corridor_result_add(eb_corridor_result *result, const eb_corridor_level *level, const eb_corridor_level *inner, eb_error *err);
/** Hand the table over and commit the layers. Consumes the result, also on failure. */
eb_status eb_corridor_result_finish(eb_corridor_result *result_take, eb_error *err);
void eb_corridor_result_free(eb_corridor_result *result);

/** The width, to a millimetre, whose dissolved and clipped corridor has the area asked for; what there is to say of it goes to run->solved.
 */
eb_status eb_corridor_solve(eb_corridor_run *run, double *width_m, eb_error *err);

#endif
