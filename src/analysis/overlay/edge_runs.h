/**
 * @file analysis/overlay/edge_runs.h
 * Edges that were too many to be held: runs of them, each in order, in a temporary file, and all of them in order again.
 */
#ifndef EB_ANALYSIS_EDGE_RUNS_H
#define EB_ANALYSIS_EDGE_RUNS_H

#include "analysis/overlay/edge_net.h"

/** The runs. */
typedef struct eb_edge_runs eb_edge_runs;

/** No runs yet. */
eb_status eb_edge_runs_new(eb_edge_runs **out, eb_error *err);
/** Free them; NULL is fine. */
void eb_edge_runs_free(eb_edge_runs *runs);
/** Put edges in order and write them. */
eb_status eb_edge_runs_add(eb_edge_runs *runs, eb_net_edge *edges, size_t count, eb_error *err);
/** All runs are there: begin to read them. */
eb_status eb_edge_runs_begin(eb_edge_runs *runs, eb_error *err);
/** The next edge that is left of all runs; turns 0: there is none. */
eb_status eb_edge_runs_next(eb_edge_runs *runs, eb_net_edge *edge, const eb_env *env, eb_error *err);
/** Put edges in order of their coordinates. */
void eb_net_edges_sort(eb_net_edge *edges, size_t count);

#endif
