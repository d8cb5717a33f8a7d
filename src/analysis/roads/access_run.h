/**
 * @file analysis/access_run.h
 * What the files of the access analysis share.
 */
#ifndef ANALYSIS_ACCESS_RUN_H
#define ANALYSIS_ACCESS_RUN_H

#include "analysis/roads/route_run.h"

/** What was found for a place. */
typedef struct eb_place {
    eb_snap nearest; /**< of the wanted class, as the crow flies */
    size_t road;     /**< road it is on */
    double gap_m;    /**< of lower-class road; NaN where not known */
} eb_place;

/** Everything a run holds: the places are the stops of the base. */
typedef struct eb_access_run {
    eb_route_run base;
    eb_place *places;
    int rank;
    double within_m;
} eb_access_run;

/** Give the points for getting there, where facilities are given. */
eb_status eb_access_points(const eb_access_run *run, eb_error *err);
/** Write the catchment of each place, where asked for. */
eb_status eb_access_catchments(eb_access_run *run, eb_error *err);

#endif
