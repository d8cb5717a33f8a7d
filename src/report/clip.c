#include "report/clip.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_points_add(eb_points *points, double x, double y)
{
    if (points->failed) return;
    if (!eb_array_reserve(&points->xy, &points->capacity, points->count + 1, sizeof *points->xy)) {
        points->failed = true;
        return;
    }
    points->xy[points->count][0] = x;
    points->xy[points->count++][1] = y;
}

void eb_points_reset(eb_points *points)
{
    points->count = 0;
}

void eb_points_clear(eb_points *points)
{
    free(points->xy);
    *points = (eb_points){0};
}

void eb_points_thin(eb_points *points, double distance)
{
    size_t kept = 0;

    for (size_t i = 0; i < points->count; i++) {
        const bool end = i == 0 || i + 1 == points->count;
        const double *p = points->xy[i], *last = kept ? points->xy[kept - 1] : p;
        if (!end && hypot(p[0] - last[0], p[1] - last[1]) < distance) continue;
        memmove(points->xy[kept++], p, sizeof points->xy[0]);
    }
    points->count = kept;
}

/** How far a point lies inside one side of the window: 0 left, 1 bottom, 2 right, 3 top. */
static double inside(const double p[2], const double window[4], int side)
{
    const double d = p[side % 2] - window[side];
    return side < 2 ? d : -d;
}

/** What of the ring lies inside one side. */
static void clip_side(const eb_points *ring, const double window[4], int side, eb_points *out)
{
    for (size_t i = 0; i < ring->count; i++) {
        const double *a = ring->xy[i ? i - 1 : ring->count - 1], *b = ring->xy[i];
        const double da = inside(a, window, side), db = inside(b, window, side);
        if ((da >= 0) != (db >= 0)) {
            const double t = da / (da - db);
            eb_points_add(out, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
        }
        if (db >= 0) eb_points_add(out, b[0], b[1]);
    }
}

void eb_points_clip_ring(eb_points *ring, const double window[4])
{
    for (int side = 0; side < 4; side++) {
        eb_points out = {0};
        clip_side(ring, window, side, &out);
        out.failed = out.failed || ring->failed;
        eb_points_clear(ring);
        *ring = out;
    }
}

bool eb_clip_segment(double a[2], double b[2], const double window[4])
{
    double from = 0, to = 1;

    for (int side = 0; side < 4; side++) {
        const double da = inside(a, window, side), db = inside(b, window, side);
        if (da < 0 && db < 0) return false;
        if (da < 0) from = fmax(from, da / (da - db));
        if (db < 0) to = fmin(to, da / (da - db));
    }
    if (from > to) return false;
    const double start[2] = {a[0] + from * (b[0] - a[0]), a[1] + from * (b[1] - a[1])};
    const double end[2] = {a[0] + to * (b[0] - a[0]), a[1] + to * (b[1] - a[1])};
    memcpy(a, start, sizeof start);
    memcpy(b, end, sizeof end);
    return true;
}
