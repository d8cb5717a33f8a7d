/**
 * @file analysis/overlay/overlap.h
 * How much of each zone features cover several times: what the sum of their pieces counts beyond the land there is.
 */
#ifndef EB_ANALYSIS_OVERLAP_H
#define EB_ANALYSIS_OVERLAP_H

#include "analysis/overlay/edge_net.h"
#include "analysis/overlay/tally.h"
#include "analysis/overlay/zones.h"

/** Edges held while features pass by: up to 63 MB while room is made for them, then 42. */
#define EB_OVERLAP_HELD ((size_t)700000)
/** Edges noded in one go: up to 40 MB with their index. */
#define EB_OVERLAP_STRIP ((size_t)300000)

/** Sums by zone (a key of the zones). Zero-initialise; free with eb_overlap_clear(). */
typedef struct eb_overlap {
    eb_sum *pieces; /**< each place as often as it is covered; must be what the features' pieces add up to */
    eb_sum *again;  /**< each place as often as it is covered beyond the first time */
    double done_m2; /**< of the plane, for the progress */
} eb_overlap;

/** Room for the zones' sums. */
eb_status eb_overlap_begin(eb_overlap *overlap, const eb_zones *zones, eb_error *err);
/** Add what a strip of edges encloses. */
eb_status eb_overlap_add(eb_overlap *overlap, const eb_zones *zones, const eb_net_strip *strip, const eb_env *env, eb_error *err);
void eb_overlap_clear(eb_overlap *overlap);

#endif
