/**
 * @file analysis/overlay/share_stream.h
 * A layer of any size, feature by feature through the zones: threads do the geometry, results come in the order of the input.
 */
#ifndef EB_ANALYSIS_SHARE_STREAM_H
#define EB_ANALYSIS_SHARE_STREAM_H

#include "analysis/overlay/zones.h"

/** What one feature came to. */
typedef struct eb_feature_shares {
    int64_t position; /**< in the layer, from 0 */
    const eb_batch *batch;
    size_t row;             /**< in the batch */
    const eb_share *shares; /**< cells of the zones' partition, ascending; the outside is the number of cells */
    size_t share_count;
    double whole, residual; /**< size, and by how much the shares miss it */
    const double *xy;       /**< corners of its rings, where wanted and where its box meets that of the zones; the inside to the left */
    const size_t *rings;    /**< how many corners each has, the first not repeated */
    size_t ring_count;
} eb_feature_shares;

/** Uses a feature's shares. Called in the order of the layer, from the calling thread; only for features that could be used. */
typedef eb_status (*eb_share_use)(void *user, const eb_feature_shares *feature, eb_error *err);

/** What is shared out: 2 areas in m2, 1 lengths in metres, 0 points. From the declared kind, else from the first feature. */
eb_status eb_share_dimension(eb_source *source, int *dimension, eb_error *err);
/**
 * Stream @p source (at its first feature) through the zones. What happens to features goes to @p diagnosis.
 * @param ring_box of the zones, where the rings of polygons are wanted; NULL: they are not.
 */
eb_status eb_share_stream(const eb_zones *zones, eb_source *source, int dimension, const double *ring_box, const eb_env *env,
                          eb_diagnosis *diagnosis, eb_rejects *rejects, eb_share_use use, void *user, eb_error *err);

#endif
