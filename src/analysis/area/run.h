/**
 * @file analysis/area_run.h
 * The area analysis as a run: what was asked, what is in hand, and the steps.
 */
#ifndef EB_ANALYSIS_AREA_RUN_H
#define EB_ANALYSIS_AREA_RUN_H

#include <ecobelt/analysis.h>
#include <ecobelt/measure.h>

/** What was asked; text is lent from the args. */
typedef struct eb_area_request {
    const char *layer, *where, *inside;
    const char **by; /**< NULL-terminated, owned */
    size_t by_count;
    eb_area_method method;
    int zone;
    bool round;
    eb_area_unit unit;
    eb_level_options level; /**< how to round; the control is in `unit` */
    double per_m2;          /**< denominator of densities, NaN: none given */
    bool yes_planar;
    bool validity; /**< look whether polygons are valid */
} eb_area_request;

/** Take the request from the parameters; free ask->by with free(), also where it fails. */
eb_status eb_area_take_request(const eb_args *args, eb_area_request *ask, eb_error *err);
/** What goes with other requests only is not passed over in silence. */
eb_status eb_area_check_together(const eb_args *args, const eb_area_request *ask, eb_error *err);

/**
 * Whether the request goes with a layer of @p shapes (EB_TAKES_…, 0: not known) in @p crs (NULL: not known). @p key gets the parameter
 * that does not.
 */
eb_status eb_area_check_layer(const eb_area_request *ask, unsigned shapes, const eb_crs *crs, const char **key, eb_error *err);

/** Whether a zone that is asked for is near the layer, where the place of the layer is known. */
eb_status eb_area_check_zone(const eb_area_request *ask, const eb_outlook *look, const char **key, eb_error *err);

/** What one feature came to. */
typedef struct eb_area_figure {
    eb_size size;
    double length_m;
    int dimension;         /**< 0, 1, 2; -1: no geometry or an empty one */
    eb_error *failure;     /**< why it could not be measured; NULL: it was, or what is wrong with it */
    eb_error *no_official; /**< why there is a geodesic area and no official one; NULL: nothing is lacking */
    bool lesser;           /**< a collection that holds lines or points beside its polygons */
    bool invalid;          /**< measured, but not valid: `failure` says what is wrong and where */
} eb_area_figure;

/** Totals of the features that share their --by values. */
typedef struct eb_area_group {
    int64_t polygons, lines; /**< features met of each kind */
    int64_t counted;         /**< lines of which something counts: with --inside, those that reach inside */
    int64_t lacking;         /**< polygons without the official area that was asked for: the group has none */
    int64_t official_cents;  /**< whole cents of a square metre: sums are exact */
    long double geodesic_m2, planar_m2, length_m;
} eb_area_group;

/** Groups by value, in order of first appearance. */
typedef struct eb_area_groups eb_area_groups;
/** @p source schema of the features. @p by names of fields in it, NULL-terminated. */
eb_status eb_area_groups_new(const eb_schema *source, const char *const *by, eb_area_groups **out, eb_error *err);
/** Free the groups; NULL is fine. */
void eb_area_groups_free(eb_area_groups *groups);
/** The group of feature @p i, made where it is new; lent until the next call. NULL out of memory. */
eb_area_group *eb_area_groups_of(eb_area_groups *groups, const eb_batch *batch, size_t i);
/** Number of groups. */
size_t eb_area_groups_count(const eb_area_groups *groups);
/** Group @p i; lent. */
const eb_area_group *eb_area_groups_at(const eb_area_groups *groups, size_t i);
/** The --by values of the groups, feature i for group i; its schema has those fields only, in the order of --by. */
const eb_batch *eb_area_groups_keys(const eb_area_groups *groups);
/** Positions of the groups ordered by their values (numbers by size, text by character, nulls last). Array from malloc(). */
size_t *eb_area_groups_order(const eb_area_groups *groups);

/** The polygons that lengths are taken inside of. */
typedef struct eb_area_inside eb_area_inside;
/** Cuts lines to them; one a thread. */
typedef struct eb_area_cutter eb_area_cutter;

/** Areas of the features in the unit of --round, then rounded; by position in the layer, NaN where a feature has none. Zero-initialise. */
typedef struct eb_area_rounded {
    double *values;
    size_t *groups; /**< each one's row */
    size_t count, capacity, group_capacity;
    double *of_group; /**< what the table has for each group */
} eb_area_rounded;
/** The next feature's area and group. */
eb_status eb_area_rounded_add(eb_area_rounded *rounded, double value, size_t group, eb_error *err);
/** Level the features of each group to what the table has for it. */
eb_status eb_area_rounded_level(eb_area_rounded *rounded, const eb_area_request *ask, size_t group_count, eb_error *err);
/** Free the arrays. */
void eb_area_rounded_clear(eb_area_rounded *rounded);

/** Is a layer written as its features are measured, or are they first all measured, and then written with rounded areas? */
typedef enum eb_area_pass { EB_AREA_ONLY_PASS, EB_AREA_FIRST_PASS, EB_AREA_SECOND_PASS } eb_area_pass;

/** A run in hand. */
typedef struct eb_area_run {
    eb_area_request ask;
    const eb_workspace *space;
    const eb_env *env;
    eb_source *source;
    const eb_schema *schema; /**< of the source; lent */
    eb_sink *sink;           /**< NULL: nobody wants the layer */
    eb_schema *out_schema;   /**< of the layer to write */
    eb_batch *out;
    eb_area_pass pass;
    eb_area_rounded rounded;
    eb_area_method method; /**< resolved */
    unsigned want;
    eb_measure *measure; /**< holds the zones that all workers met, at the end */
    eb_area_groups *groups;
    eb_area_inside *inside; /**< NULL: not asked */
    int64_t read, measured, rejected, invalid, other, no_official;
    bool in_reach;          /**< official areas exist here: beside another method they are worked out for a check */
    int64_t areas, checked; /**< polygons measured, and those of them in the sums of the check */
    long double check_chosen_m2, check_official_m2, check_geodesic_m2;
    eb_error first_failure, first_no_official;
} eb_area_run;

/** Measure every feature: in threads, results in the order of the layer. */
eb_status eb_area_measure_all(eb_area_run *run, eb_error *err);
/** True where the layer is one of lines rather than of polygons, by what was met. */
bool eb_area_is_lines(const eb_area_run *run);

/** Table of areas or of lengths from the groups, handed to the workspace. EB_REFUSED: a planar area that is far off, not confirmed. */
eb_status eb_area_table(eb_area_run *run, eb_error *err);
/** What can be told of a request for sheets by itself: the numbers, the box. */
eb_status eb_area_sheets_check(const eb_args *args, eb_error *err);
/** Table of theoretical areas of sheets. */
eb_status eb_area_sheets(const eb_args *args, const eb_workspace *space, eb_error *err);

/** Read the polygons of layer @p name, on the ellipsoid of @p lines. Polygons that cannot be used go to the diagnosis. */
eb_status eb_area_inside_read(const eb_workspace *space, const eb_env *env, const char *name, const eb_schema *lines, eb_area_method method,
                              eb_area_inside **out, eb_error *err);
/** Free it; NULL is fine. */
void eb_area_inside_free(eb_area_inside *inside);
/** Area inside, overlaps counted once, and how it was measured in words; lent. */
double eb_area_inside_m2(const eb_area_inside *inside, const char **method);
/** A cutter for one thread. @p inside must outlive it. */
eb_status eb_area_cutter_new(const eb_area_inside *inside, eb_area_cutter **out, eb_error *err);
/** Free it; NULL is fine. */
void eb_area_cutter_free(eb_area_cutter *cutter);
/** Length of the part of a line that lies inside, geodesic. @p measure of the lines' layer. */
eb_status eb_area_cutter_length(eb_area_cutter *cutter, eb_measure *measure, eb_wkb line, double *length_m, eb_error *err);

#endif
