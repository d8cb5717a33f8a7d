/* What the files of designations share. */
#ifndef EB_ANALYSIS_DESIGNATIONS_H
#define EB_ANALYSIS_DESIGNATIONS_H

#include "analysis/overlay/tally.h"
#include "analysis/overlay/zones.h"

/* Designations worked out: the zones are the designations, the cells of their partition the pieces. */
typedef struct eb_designations {
    const eb_zones *zones;
    size_t *rank;      /* of each designation; the lowest is in force */
    size_t *effective; /* of each cell */
    double union_m2;   /* by dissolving all at once */
    double residual_m2;
} eb_designations;

/* Hand the tables over: by_designation, matrix, by_multiplicity, union. */
eb_status eb_designations_tables(const eb_designations *designations, const eb_workspace *space, eb_error *err);

#endif
