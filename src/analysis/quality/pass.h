/**
 * @file analysis/quality/pass.h
 * One pass over all features of a source, from its first to its last.
 */
#ifndef EB_ANALYSIS_PASS_H
#define EB_ANALYSIS_PASS_H

#include <ecobelt/layer.h>

/** Is called with feature @p i of @p batch. */
typedef eb_status (*eb_feature_visit)(void *user, const eb_batch *batch, size_t i, eb_error *err);
/** Go back to the first feature and visit all, with progress under the name @p what; can be cancelled. */
eb_status eb_pass(eb_source *source, const eb_env *env, const char *what, eb_feature_visit visit, void *user, eb_error *err);

/** Where a feature is found: by its position in the source. */
typedef struct eb_place {
    int64_t position, fid;
    double x, y; /**< the middle of its box; NaN where it has none */
} eb_place;
/** Positions that somebody wants to know more of. Zero-initialise; free with eb_places_clear(). */
typedef struct eb_places {
    eb_place *list;
    size_t count, capacity, at;
} eb_places;
/** Want a position. False out of memory. */
bool eb_places_want(eb_places *places, int64_t position);
/** Find out all that is wanted, by one pass; none where nothing is wanted. */
eb_status eb_places_find(eb_places *places, eb_source *source, const eb_env *env, eb_error *err);
/** What was found of a position that was wanted. */
const eb_place *eb_places_at(const eb_places *places, int64_t position);
void eb_places_clear(eb_places *places);

/** Middle of a shape's box; NaN where it has none. */
void eb_shape_middle(eb_wkb shape, double *x, double *y);

#endif
