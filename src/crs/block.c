/* Coordinates in blocks. */
#include <ecobelt/wkb.h>
#include <math.h>
#include <string.h>
#include "crs/block.h"

static bool fail(eb_block_result *result, double x, double y, size_t index)
{
    *result = (eb_block_result){.no_image = true, .x = x, .y = y, .index = index};
    return false;
}

static bool part_block(const eb_wkb_part *part, uint8_t *at, size_t n, eb_block_fn fn, void *self, eb_block_result *result)
{
    const size_t step = part->dims * sizeof(double);
    double x[EB_BLOCK], y[EB_BLOCK];
    for (size_t i = 0; i < n; i++) {
        memcpy(&x[i], at + i * step, sizeof(double));
        memcpy(&y[i], at + i * step + sizeof(double), sizeof(double));
    }
    if (part->kind == EB_SHAPE_POINT && isnan(x[0]) && isnan(y[0])) return true;
    size_t bad = 0;
    if (!fn(self, x, y, n, &bad)) {
        /* The bytes still hold what came in. */
        memcpy(&x[0], at + bad * step, sizeof(double));
        memcpy(&y[0], at + bad * step + sizeof(double), sizeof(double));
        return fail(result, x[0], y[0], bad);
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(at + i * step, &x[i], sizeof(double));
        memcpy(at + i * step + sizeof(double), &y[i], sizeof(double));
    }
    return true;
}

bool eb_block_wkb(uint8_t *data, size_t size, eb_block_fn fn, void *self, eb_block_result *result)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    *result = (eb_block_result){0};
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    while (eb_wkb_next(&walk, &part)) {
        /* The walk lends the caller's own writable bytes. */
        uint8_t *coords = data + (part.coords - data);
        for (size_t i = 0; i < part.count; i += EB_BLOCK) {
            const size_t n = part.count - i < EB_BLOCK ? part.count - i : EB_BLOCK;
            if (!part_block(&part, coords + i * part.dims * sizeof(double), n, fn, self, result)) {
                result->index += i;
                return false;
            }
        }
    }
    result->broken = eb_wkb_bad(&walk);
    return !result->broken;
}

bool eb_block_points(double *x, double *y, size_t stride, size_t count, eb_block_fn fn, void *self, eb_block_result *result)
{
    double bx[EB_BLOCK], by[EB_BLOCK];
    *result = (eb_block_result){0};
    for (size_t at = 0; at < count; at += EB_BLOCK) {
        const size_t n = count - at < EB_BLOCK ? count - at : EB_BLOCK;
        for (size_t i = 0; i < n; i++) {
            bx[i] = x[(at + i) * stride];
            by[i] = y[(at + i) * stride];
        }
        size_t bad = 0;
        if (!fn(self, bx, by, n, &bad)) return fail(result, x[(at + bad) * stride], y[(at + bad) * stride], at + bad);
        for (size_t i = 0; i < n; i++) {
            x[(at + i) * stride] = bx[i];
            y[(at + i) * stride] = by[i];
        }
    }
    return true;
}
