/* What the files of dissolve share. */
#ifndef EB_ANALYSIS_DISSOLVE_H
#define EB_ANALYSIS_DISSOLVE_H

#include "analysis/quality/intake.h"
#include "analysis/intern.h"
#include "analysis/quality/rejects.h"
#include "analysis/overlay/tally.h"
#include "base/sorter.h"

#include <ecobelt/measure.h>

/* A field of a group added up: integers in two halves, so that no order of them overflows on the way. */
typedef struct eb_total {
    int64_t count; /* of values, nulls are none */
    eb_sum real;
    int64_t high;
    uint64_t low;
    int64_t integer; /* once all are read */
} eb_total;

/* Shapes that become one. */
typedef struct eb_group {
    int64_t count;
    eb_total *sums; /* a summed field */
    eb_sum before;  /* sizes of its shapes, added up */
    double after;
    double overlap;                  /* of lines: m of them that lay on others */
    double official_m2, geodesic_m2; /* of the union; official NaN: it has none */
    bool coverage;                   /* proven to be one: nothing overlaps, and the sum is the whole */
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
    eb_schema *columns; /* of the layer and the table: --by fields, count, before, after, overlap, official; then the --sum fields */
    eb_schema *result;
    eb_batch *keys; /* a row a group: the fields by which it is made, and later all of it */
    eb_intern names;
    eb_group *groups;
    size_t group_count, group_capacity;
    eb_sorter *shapes; /* in the plane, by group and along a curve through neighbouring places */
    size_t shape_count;
    eb_rejects rejects;
    int64_t done;
} eb_dissolve;

/* Read the layer into groups. */
eb_status eb_dissolve_read(eb_dissolve *dissolve, eb_error *err);
/* What takes a group's union in the layer's CRS, group by group in the order they were met. */
typedef struct eb_dissolve_out {
    void *self;
    eb_status (*take)(void *self, size_t group, eb_wkb shape, eb_error *err);
} eb_dissolve_out;
/* Unite each group. */
eb_status eb_dissolve_unite(eb_dissolve *dissolve, const eb_dissolve_out *out, eb_error *err);

#endif
