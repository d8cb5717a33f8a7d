#include "analysis/overlay/overlay_rest.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Bytes of claims collected before they are taken off: bounds the memory whatever the size of the first layer, and the time between two
 * looks at whether somebody wants to stop.
 */
enum { PORTION = 8 << 20 };

/* One held feature: what is left of it, and claims not yet taken off, one after the other with their sizes before them. */
typedef struct left {
    eb_shape *shape; /* NULL: still the whole */
    bool none;
    uint8_t *claims;
    size_t size, capacity, count;
} left;

struct eb_held_rest {
    const eb_held *held;
    const eb_env *env;
    eb_geos *geos;
    left *list;
    size_t bytes;
    double residual_m2;
    eb_shape *lent;
};

eb_status eb_held_rest_new(const eb_held *held, const eb_env *env, eb_held_rest **out, eb_error *err)
{
    *out = NULL;
    eb_held_rest *rest = calloc(1, sizeof *rest);
    if (!rest) return eb_error_memory(err);
    rest->held = held;
    rest->env = env;
    rest->list = calloc(held->count ? held->count : 1, sizeof *rest->list);
    eb_status status = rest->list ? eb_geos_new(&rest->geos, err) : eb_error_memory(err);
    if (status == EB_OK)
        *out = rest;
    else
        eb_held_rest_free(rest);
    return status;
}

void eb_held_rest_free(eb_held_rest *rest)
{
    if (!rest) return;
    for (size_t i = 0; rest->list && rest->geos && i < rest->held->count; i++) {
        eb_shape_free(rest->geos, rest->list[i].shape);
        free(rest->list[i].claims);
    }
    free(rest->list);
    if (rest->geos) eb_shape_free(rest->geos, rest->lent);
    eb_geos_free(rest->geos);
    free(rest);
}

static eb_status read_claims(eb_held_rest *rest, const left *l, eb_shape **shapes, size_t *count, eb_error *err)
{
    eb_status status = EB_OK;
    *count = 0;
    for (size_t at = 0; at < l->size && status == EB_OK;) {
        size_t size;
        memcpy(&size, l->claims + at, sizeof size);
        status = eb_shape_read(rest->geos, (eb_wkb){l->claims + at + sizeof size, size}, &shapes[*count], err);
        if (status == EB_OK) (*count)++;
        at += sizeof size + size;
    }
    return status;
}

/* What went is what the claims have of it: their sum, or where they overlap one another or reach out, what both share. */
static eb_status prove(eb_held_rest *rest, size_t i, const eb_shape *before, const eb_shape *claims, const eb_shape *after, eb_error *err)
{
    const double slack = 1e-9 * rest->held->features[i].area_m2 + 1e-6;
    const double gone = eb_shape_area(rest->geos, before) - eb_shape_area(rest->geos, after);
    double gap = fabs(gone - eb_shape_area(rest->geos, claims));
    eb_shape *both = NULL;
    eb_status status = EB_OK;
    if (gap > slack) {
        status = eb_shape_overlay(rest->geos, before, claims, EB_OP_INTERSECTION, &both, err);
        if (status == EB_OK) gap = fabs(gone - eb_shape_area(rest->geos, both));
        eb_shape_free(rest->geos, both);
    }
    if (status != EB_OK) return status;
    rest->residual_m2 += gap;
    if (gap <= slack) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "overlay took %.17g m2 off a shape of the second layer, %.17g too much or too little", gone, gap);
}

double eb_held_rest_residual(const eb_held_rest *rest)
{
    return rest->residual_m2;
}

/* Take the claims of one feature off it. */
static eb_status settle(eb_held_rest *rest, size_t i, eb_error *err)
{
    left *l = &rest->list[i];
    const eb_held_bytes *whole = &rest->held->pieces[rest->held->features[i].first_piece];
    eb_shape *all = NULL, *cut = NULL, *kept = NULL, **shapes = NULL;
    size_t count = 0;
    bool proven;
    if (l->count == 0) return EB_OK;
    eb_status status = EB_OK;
    if (!l->shape && !l->none) status = eb_shape_read(rest->geos, (eb_wkb){whole->data, whole->size}, &l->shape, err);
    if (status == EB_OK && !(shapes = calloc(l->count, sizeof *shapes))) status = eb_error_memory(err);
    if (status == EB_OK) status = read_claims(rest, l, shapes, &count, err);
    if (status == EB_OK && l->shape) status = eb_shape_union_coverage(rest->geos, shapes, count, &all, &proven, err);
    if (status == EB_OK && l->shape) status = eb_shape_overlay(rest->geos, l->shape, all, EB_OP_DIFFERENCE, &cut, err);
    if (status == EB_OK && l->shape) status = eb_shape_keep_dimension(rest->geos, cut, 2, &kept, err);
    if (status == EB_OK && l->shape) status = prove(rest, i, l->shape, all, kept, err);
    if (status == EB_OK && l->shape) {
        eb_shape_free(rest->geos, l->shape);
        l->shape = kept;
        l->none = eb_shape_area(rest->geos, kept) <= 1e-12 * rest->held->features[i].area_m2;
        if (l->none) eb_shape_free(rest->geos, kept), l->shape = NULL;
    } else {
        eb_shape_free(rest->geos, kept);
    }
    for (size_t k = 0; k < count; k++) eb_shape_free(rest->geos, shapes[k]);
    free(shapes);
    eb_shape_free(rest->geos, all);
    free(l->claims);
    l->claims = NULL;
    l->size = l->capacity = l->count = 0;
    return status;
}

eb_status eb_held_rest_claim(eb_held_rest *rest, size_t i, const uint8_t *data, size_t size, eb_error *err)
{
    left *l = &rest->list[i];
    if (l->none) return EB_OK;
    if (!eb_array_reserve(&l->claims, &l->capacity, l->size + sizeof size + size, 1)) return eb_error_memory(err);
    memcpy(l->claims + l->size, &size, sizeof size);
    memcpy(l->claims + l->size + sizeof size, data, size);
    l->size += sizeof size + size;
    l->count++;
    rest->bytes += size;
    if (rest->bytes < PORTION) return EB_OK;
    eb_status status = EB_OK;
    for (size_t k = 0; k < rest->held->count && status == EB_OK; k++) {
        status = eb_env_check(rest->env, err);
        if (status == EB_OK) status = settle(rest, k, err);
    }
    rest->bytes = 0;
    return status;
}

eb_status eb_held_rest_get(eb_held_rest *rest, size_t i, eb_geos **geos, const eb_shape **out, double *area_m2, eb_error *err)
{
    const eb_held_bytes *whole = &rest->held->pieces[rest->held->features[i].first_piece];
    left *l = &rest->list[i];
    eb_status status = settle(rest, i, err);
    *geos = rest->geos;
    *out = NULL;
    if (status != EB_OK || l->none) return status;
    eb_shape_free(rest->geos, rest->lent);
    rest->lent = NULL;
    if (l->shape)
        *out = l->shape;
    else {
        status = eb_shape_read(rest->geos, (eb_wkb){whole->data, whole->size}, &rest->lent, err);
        *out = rest->lent;
    }
    if (status == EB_OK) *area_m2 = eb_shape_area(rest->geos, *out);
    return status;
}
