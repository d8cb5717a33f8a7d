/**
 * @file analysis/quality/mend_cover.h
 * A layer mended as a coverage while it streams: what is in order passes by, only what touches a fault is held and mended.
 */
#ifndef EB_ANALYSIS_MEND_COVER_H
#define EB_ANALYSIS_MEND_COVER_H

#include "analysis/quality/mend.h"

/** Features that were mended, by their position in the source. Zero-initialise; free with eb_patches_clear(). */
typedef struct eb_patches {
    eb_layer *mended;
    int64_t *positions; /**< of the mended features, ascending */
    size_t count, capacity;
} eb_patches;

/**
 * Find the faults of a layer in some passes over it, hold the features that touch them, and mend those together (eb_mend_coverage()).
 * The source stands at its first feature afterwards.
 */
eb_status eb_mend_cover(eb_source *source, const eb_env *env, eb_patches *out, eb_mend_log *log, eb_coverage_report *report, eb_error *err);
/** Copy @p in to @p out, mended features in place of those that came. */
eb_status eb_patches_apply(const eb_patches *patches, const eb_batch *in, eb_batch *out, eb_error *err);
void eb_patches_clear(eb_patches *patches);

#endif
