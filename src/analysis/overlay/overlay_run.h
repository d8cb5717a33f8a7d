/* A run of overlay: the stream of the first layer, the result, what is left of the second. */
#ifndef EB_ANALYSIS_OVERLAY_RUN_H
#define EB_ANALYSIS_OVERLAY_RUN_H

#include "analysis/overlay/overlay.h"
#include "analysis/overlay/overlay_rest.h"
#include "analysis/overlay/share_stream.h"

/* Features and size of a part of the result. */
typedef struct eb_overlay_part {
    int64_t count;
    eb_sum size;
    int64_t official_cents; /* hundredths of m2: sums are exact */
    int64_t official_none;  /* pieces that have no official area: their part has none either */
} eb_overlay_part;

typedef struct eb_overlay_run {
    const eb_workspace *space;
    const eb_env *env;
    const char *where; /* of the first layer, NULL: none */
    eb_source *source; /* the first layer */
    eb_projector *projector;
    eb_schema *schema;                      /* of the result */
    size_t first_fields, second_fields_end; /* A's attributes, B's up to the end, then the sizes */
    bool with_second;
    double min_area_m2;
    eb_overlay_wish wish;
    eb_held *held;
    eb_held_rest *rest;
    eb_rejects rejects;
    eb_sink *sink;
    int64_t next_fid, done;
    eb_sum whole, residual;
    eb_measure *measure; /* NULL: of points */
    bool has_official;
    int64_t official_cents, official_count, again_count, joined_count;
    eb_sum geodesic, again, border, joined;
    eb_overlay_part shared, only_first, only_second;
} eb_overlay_run;

/* Stream the first layer, write the result and the table. */
eb_status eb_overlay_stream(eb_overlay_run *run, eb_error *err);
/* Make the table of a finished stream and hand it over. */
eb_status eb_overlay_table(const eb_overlay_run *run, eb_error *err);
/* Free what the run owns; an unfinished result is thrown away. */
void eb_overlay_run_clear(eb_overlay_run *run);

#endif
