/**
 * @file analysis/network_run.h
 * What the files of the network analysis share.
 */
#ifndef ANALYSIS_NETWORK_RUN_H
#define ANALYSIS_NETWORK_RUN_H

#include "analysis/roads/route_run.h"

/** Everything a run holds. */
typedef struct eb_network_run {
    eb_route_run base; /**< only its roads and where results go */
    double join_m;
    size_t *component_of; /**< of each node */
    eb_component *components;
    size_t component_count; /**< nodes that only closed roads meet are components without edges, behind all others */
    eb_dead_end *ends;
    size_t end_count, short_ends;
    size_t *joins; /**< the ends that are missing links, the narrowest gap first */
    size_t join_count;
} eb_network_run;

/** Component of an edge, from 1; 0 for a closed one. */
size_t eb_network_component(const eb_network_run *run, const eb_edge *edge);
/** Class of an edge's road, NULL where it has none. */
const char *eb_network_class(const eb_network_run *run, const eb_edge *edge);
/** Hand over the tables. */
eb_status eb_network_tables(const eb_network_run *run, eb_error *err);
/** Write the layers. */
eb_status eb_network_layers(const eb_network_run *run, eb_error *err);

#endif
