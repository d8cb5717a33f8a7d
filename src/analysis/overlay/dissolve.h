/* What the files of dissolve share. */
#ifndef EB_ANALYSIS_DISSOLVE_H
#define EB_ANALYSIS_DISSOLVE_H

#include "analysis/quality/intake.h"
#include "analysis/intern.h"
#include "analysis/quality/rejects.h"
#include "analysis/overlay/tally.h"

#include <ecobelt/measure.h>

/* Shapes that become one, as bytes of the plane. */
typedef struct eb_group {
    size_t *offsets, *sizes; /* of its shapes in the store */
    size_t count, capacity, size_capacity;
    eb_sum *sums;  /* a summed field */
    eb_sum before; /* sizes of its shapes, added up */
    double after;
    double official_m2, geodesic_m2; /* of the union; official NaN: it has none */
    bool coverage;                   /* proven to be one: nothing overlaps, and the sum is the whole */
    bool proven;                     /* what overlaps explains what the union is smaller by */
    uint8_t *data;                   /* the union in the layer's CRS */
    size_t size;
} eb_group;

/* A dissolve at work. */
typedef struct eb_dissolve {
    const eb_workspace *space;
    const eb_env *env;
    eb_source *source;
    const eb_schema *schema; /* of the source */
    eb_projector *projector;
    int dimension;
    eb_measure *measure;                   /* of polygons, holds the zones met; NULL else */
    bool has_official;                     /* official areas are measured */
    bool sums_official;                    /* a field official_m2 of the source is added up: that column then stands for them */
    size_t *by, by_count, *sum, sum_count; /* fields of the source */
    eb_schema *result;
    eb_batch *keys; /* a row a group: the fields by which it is made, and later all of it */
    eb_intern names;
    eb_group *groups;
    size_t group_count, group_capacity;
    uint8_t *store;
    size_t store_size, store_capacity;
    eb_rejects rejects;
    int64_t done;
} eb_dissolve;

/* Read the layer into groups. */
eb_status eb_dissolve_read(eb_dissolve *dissolve, eb_error *err);
/* Unite each group. */
eb_status eb_dissolve_unite(eb_dissolve *dissolve, eb_error *err);
/* Hold a finished group of polygons against what its shapes share in pairs. *proven false: it is too large for that. */
eb_status eb_dissolve_prove(const eb_dissolve *dissolve, const eb_group *group, bool *proven, eb_error *err);

#endif
