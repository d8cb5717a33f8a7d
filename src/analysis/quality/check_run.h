/**
 * @file analysis/quality/check_run.h
 * What the parts of a check share: each takes features as they pass by, and says at the end what it found.
 */
#ifndef EB_ANALYSIS_CHECK_RUN_H
#define EB_ANALYSIS_CHECK_RUN_H

#include "analysis/quality/check.h"
#include "analysis/quality/edge_book.h"
#include "analysis/quality/pass.h"
#include "base/sorter.h"

/** A check on its way. */
typedef struct eb_check_run {
    const eb_check_options *options;
    const eb_env *env;
    eb_source *source;
    const eb_schema *schema;
    eb_findings *findings;
    int64_t count;  /**< features that have passed by */
    int dimension;  /**< the highest met; -1: none */
    int area_field; /**< -1: none to compare */
} eb_check_run;

/** What the reader remarked, when all features have passed by. */
eb_status eb_check_faults(eb_check_run *run, eb_error *err);

/** The polygons of another layer that everything should lie in. */
typedef struct eb_check_region eb_check_region;
/** Read the region into the CRS of the layer that is checked. */
eb_status eb_check_region_open(const char *name, const eb_crs *crs, eb_check_region **out, eb_error *err);
void eb_check_region_free(eb_check_region *region);
/** Points of a shape outside the region, and the first of them. Thread-safe; @p ids is the thread's own memory for eb_index_query(). */
eb_status eb_check_region_count(const eb_check_region *region, eb_wkb shape, size_t **ids, size_t *capacity, size_t *outside, double *x,
                                double *y, eb_error *err);

/** What one feature's own look yields beside findings. */
typedef struct eb_check_seen {
    bool invalid;
    double area_m2; /**< as it is to be compared with the table; NaN not measured */
} eb_check_seen;
/** What happens to a feature after the workers' look, in the order of the layer. */
typedef eb_status (*eb_check_taker)(void *user, const eb_batch *batch, size_t i, const eb_check_seen *seen, eb_error *err);
/** The first pass: each feature by itself in threads, then handed to @p take in order. Findings are appended in order. */
eb_status eb_check_features(eb_check_run *run, const eb_check_region *region, eb_check_taker take, void *user, eb_error *err);

/** Null values: how many of each field, and where the first is. Zero-initialise. */
typedef struct eb_check_nulls eb_check_nulls;
/** EB_USAGE for a required field that is not there. */
eb_status eb_check_nulls_open(const eb_check_run *run, eb_check_nulls **out, eb_error *err);
eb_status eb_check_nulls_take(eb_check_nulls *nulls, eb_check_run *run, const eb_batch *batch, size_t i, eb_error *err);
eb_status eb_check_nulls_finish(const eb_check_nulls *nulls, eb_check_run *run, eb_error *err);
void eb_check_nulls_free(eb_check_nulls *nulls);

/** Areas of the table against the shapes. Zero-initialise. */
typedef struct eb_check_areas {
    double (*pairs)[2]; /**< measured, said; a feature */
    size_t count, capacity;
    double unit; /**< square metres in the unit of the table, worked out at the end */
} eb_check_areas;
/** Find the field. EB_USAGE where it is none of numbers or the layer has no CRS. */
eb_status eb_check_areas_open(eb_check_run *run, eb_error *err);
eb_status eb_check_areas_take(eb_check_areas *areas, const eb_check_run *run, const eb_batch *batch, size_t i, double area_m2,
                              eb_error *err);
/** Say of which features more must be known, before eb_check_areas_finish(). */
eb_status eb_check_areas_want(eb_check_areas *areas, eb_places *places, eb_error *err);
eb_status eb_check_areas_finish(const eb_check_areas *areas, const eb_places *places, eb_check_run *run, eb_error *err);

/** Shapes of the same points. Zero-initialise. */
typedef struct eb_check_twins {
    eb_sorter *prints; /**< of all shapes, while they pass by */
    struct eb_print {
        uint64_t key;
        int64_t position;
    } * list; /**< those that have a twin */
    size_t count, capacity;
} eb_check_twins;
eb_status eb_check_twins_take(eb_check_twins *twins, const eb_batch *batch, size_t i, eb_error *err);
eb_status eb_check_twins_want(eb_check_twins *twins, eb_places *places, eb_error *err);
eb_status eb_check_twins_finish(const eb_check_twins *twins, const eb_places *places, eb_check_run *run, eb_error *err);

/** Overlaps and gaps of a layer whose features were entered in @p book. */
eb_status eb_check_coverage(eb_check_run *run, eb_edge_book *book, const int64_t *invalid, size_t invalid_count, eb_error *err);

/** Segments of boundary lines. Zero-initialise. */
typedef struct eb_check_net {
    struct eb_segment *list;
    size_t count, capacity, lines;
} eb_check_net;
eb_status eb_check_net_take(eb_check_net *net, const eb_batch *batch, size_t i, eb_error *err);
/** Loose ends and crossings. */
eb_status eb_check_net_finish(const eb_check_net *net, eb_check_run *run, eb_error *err);
void eb_check_net_clear(eb_check_net *net);

/** Places spread over the vertices of a layer. Zero-initialise. */
typedef struct eb_check_samples {
    double (*list)[2];
    size_t count, stride, skip;
} eb_check_samples;
eb_status eb_check_samples_take(eb_check_samples *samples, const eb_batch *batch, size_t i, eb_error *err);
/** Is the layer nearer to the outlines of the reference when taken to be in a web-map frame? */
eb_status eb_check_frame(const eb_check_samples *samples, eb_check_run *run, eb_error *err);

/** Another layer whole, in the CRS of the one that is checked. */
eb_status eb_check_read_other(const char *name, const eb_crs *crs, eb_layer **out, eb_error *err);

#endif
