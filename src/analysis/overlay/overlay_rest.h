/* What of the second layer no feature of the first one covers: the parts they take are kept, and taken off at the end. */
#ifndef EB_ANALYSIS_OVERLAY_REST_H
#define EB_ANALYSIS_OVERLAY_REST_H

#include "analysis/overlay/overlay.h"

typedef struct eb_held_rest eb_held_rest;

eb_status eb_held_rest_new(const eb_held *held, const eb_env *env, eb_held_rest **out, eb_error *err);
/* By how much what was taken off and what is left have missed the whole so far, m2. */
double eb_held_rest_residual(const eb_held_rest *rest);
void eb_held_rest_free(eb_held_rest *rest);
/* Feature @p i of the held layer lost this shape of the plane. */
eb_status eb_held_rest_claim(eb_held_rest *rest, size_t i, const uint8_t *data, size_t size, eb_error *err);
/* A part of feature @p i has a vertex here that it had not when it was lost. */
eb_status eb_held_rest_corner(eb_held_rest *rest, size_t i, const double xy[2], eb_error *err);
/* Those of the feature that eb_held_rest_next() gave last, x and y, lent. */
const double *eb_held_rest_corners(const eb_held_rest *rest, size_t *count);
/* What is left of feature @p i, lent; NULL in *out: nothing. One after the other from 0 on. The context is the rest's own. */
eb_status eb_held_rest_next(eb_held_rest *rest, size_t i, eb_geos **geos, const eb_shape **out, double *area_m2, eb_error *err);

#endif
