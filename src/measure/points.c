#include "measure/points.h"

#include <string.h>

#include "crs/block.h"

EB_WIDE static void split_pairs(const double *restrict pairs, size_t count, double *restrict x, double *restrict y)
{
    for (size_t i = 0; i < count; i++) {
        x[i] = pairs[2 * i];
        y[i] = pairs[2 * i + 1];
    }
}

void eb_points_gather(const eb_wkb_part *part, size_t first, size_t count, double *x, double *y)
{
    if (part->dims == 2) {
        double pairs[2 * EB_POINTS]; /* aligned, which the bytes of a shape are not */
        memcpy(pairs, part->coords + first * 2 * sizeof(double), count * 2 * sizeof(double));
        split_pairs(pairs, count, x, y);
        return;
    }
    for (size_t i = 0; i < count; i++) eb_wkb_xy(part, first + i, &x[i], &y[i]);
}

EB_WIDE double eb_points_farthest(const double *values, size_t count, double from)
{
    double far = 0, odd = 0;
    for (size_t i = 0; i < count; i++) {
        const double d = fabs(values[i] - from);
        odd += d - d; /* 0, or NaN where d is not finite: a comparison would pass over it */
        far = d > far ? d : far;
    }
    return far + odd;
}
