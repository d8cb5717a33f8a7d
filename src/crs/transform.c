/* Transforms between two CRS. */
#include <stdlib.h>
#include "crs/chain.h"
#include "crs/failure.h"

struct eb_transform {
    eb_chain chain;
    eb_crs *from, *to;
};

void eb_transform_free(eb_transform *transform)
{
    if (!transform) return;
    eb_chain_close(&transform->chain);
    eb_crs_free(transform->from);
    eb_crs_free(transform->to);
    free(transform);
}

eb_status eb_transform_new(const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert, eb_transform **out,
                           eb_error *err)
{
    *out = NULL;
    eb_transform *transform = calloc(1, sizeof *transform);
    if (!transform) return eb_error_memory(err);
    const eb_status status = eb_chain_open(&transform->chain, from, to, area, helmert, err);
    if (status) {
        free(transform);
        return status;
    }
    transform->from = eb_crs_copy(from);
    transform->to = eb_crs_copy(to);
    *out = transform;
    return EB_OK;
}

const char *eb_transform_text(const eb_transform *transform)
{
    return transform->chain.text;
}

static bool forward(void *self, double *x, double *y, size_t count, size_t *bad)
{
    return eb_chain_forward(self, x, y, count, bad);
}

static bool inverse(void *self, double *x, double *y, size_t count, size_t *bad)
{
    return eb_chain_inverse(self, x, y, count, bad);
}

eb_status eb_transform_points(eb_transform *transform, double *x, double *y, size_t stride, size_t count, size_t *bad, eb_error *err)
{
    eb_block_result result;
    if (eb_block_points(x, y, stride, count, forward, &transform->chain, &result)) return EB_OK;
    if (bad) *bad = result.index;
    return eb_failure(&result, transform->from, transform->to->info.name, transform->chain.outside, err);
}

eb_status eb_transform_inverse(eb_transform *transform, double *x, double *y, size_t stride, size_t count, size_t *bad, eb_error *err)
{
    eb_block_result result;
    if (eb_block_points(x, y, stride, count, inverse, &transform->chain, &result)) return EB_OK;
    if (bad) *bad = result.index;
    return eb_failure(&result, transform->to, transform->from->info.name, transform->chain.outside, err);
}

eb_status eb_transform_wkb(eb_transform *transform, uint8_t *data, size_t size, eb_error *err)
{
    eb_block_result result;
    if (eb_block_wkb(data, size, forward, &transform->chain, &result)) return EB_OK;
    return eb_failure(&result, transform->from, transform->to->info.name, transform->chain.outside, err);
}
