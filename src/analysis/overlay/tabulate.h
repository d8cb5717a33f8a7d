/* What the files of tabulate share. */
#ifndef EB_ANALYSIS_TABULATE_H
#define EB_ANALYSIS_TABULATE_H

#include "analysis/intern.h"
#include "analysis/overlay/overlap.h"
#include "analysis/overlay/share_stream.h"
#include "analysis/overlay/tally.h"
#include "base/text.h"

/* Smallest piece a feature is counted for: a square centimetre, a tenth of a millimetre of line. */
#define EB_TABULATE_LEAST_M2 1e-4
#define EB_TABULATE_LEAST_M  1e-4

/* A table being worked out. */
typedef struct eb_tabulation {
    const eb_zones *zones;
    int dimension;
    const char *const *zone_names; /* columns: zone, zone_2 … */
    int class_field;               /* in the features' schema, -1: none */
    const char *features_name;     /* the class where there is no class field */
    eb_intern classes;
    eb_string scratch; /* for the name of a class */
    eb_tally tally;
    eb_sum whole, residual, outside;
    eb_edge_net *net;            /* of the features; NULL unless they are polygons */
    eb_overlap overlap;          /* what they cover several times */
    int64_t used, outside_count; /* features used; of them wholly in no zone */
} eb_tabulation;

/* The result as a table (owned by the caller). */
eb_status eb_tabulation_table(const eb_tabulation *tabulation, eb_table **out, eb_error *err);

#endif
