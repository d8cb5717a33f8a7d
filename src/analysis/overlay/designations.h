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
    double *official_m2; /* of each cell, to 0.01 m2; NULL: there are none */
    double official_sum_m2, geodesic_sum_m2;
    double official_gap_m2; /* most by which a designation's own official area and the sum of its cells differ */
} eb_designations;

/* Official areas of the cells, each in the plane of the designation in force; none where one has none. */
eb_status eb_designations_official(eb_designations *designations, eb_error *err);
/* Fill rank. layers: as they were read into the zones. */
eb_status eb_designations_rank(const eb_args *args, const eb_workspace *space, const eb_zone_layer *layers, eb_designations *designations,
                               eb_error *err);
/* Hand the tables over: by_designation, matrix, by_multiplicity, union. */
eb_status eb_designations_tables(const eb_designations *designations, const eb_workspace *space, eb_error *err);

#endif
