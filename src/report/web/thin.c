#include "report/web/thin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_trail_add(eb_trail *trail, int32_t x, int32_t y)
{
    if (trail->failed) return;
    if (trail->count && trail->xy[trail->count - 1][0] == x && trail->xy[trail->count - 1][1] == y) return;
    if (trail->count == trail->capacity) {
        const size_t capacity = trail->capacity ? 2 * trail->capacity : 256;
        int32_t(*more)[2] = realloc(trail->xy, capacity * sizeof *more);
        if (!more) {
            trail->failed = true;
            return;
        }
        trail->xy = more;
        trail->capacity = capacity;
    }
    trail->xy[trail->count][0] = x;
    trail->xy[trail->count++][1] = y;
}

void eb_trail_reset(eb_trail *trail)
{
    trail->count = 0;
}

void eb_trail_clear(eb_trail *trail)
{
    free(trail->xy);
    *trail = (eb_trail){0};
}

/** Directions from an anchor that pass every point so far within the tolerance: between right and left. */
typedef struct sector {
    double right[2], left[2], reach;
    bool open; /* no point has narrowed it yet */
} sector;

static double cross(const double a[2], const double b[2])
{
    return a[0] * b[1] - a[1] * b[0];
}

/** Narrow the sector by the point at @p d from the anchor; false where the way to it leaves the sector or turns back. */
static bool take(sector *s, const double d[2], double tolerance)
{
    const double distance = sqrt(d[0] * d[0] + d[1] * d[1]);

    if (distance < s->reach) return false; /* a spike must keep its tip */
    if (!s->open && (cross(s->right, d) < 0 || cross(s->left, d) > 0)) return false;
    if (!s->open && s->right[0] * d[0] + s->right[1] * d[1] <= 0) return false; /* straight back */
    s->reach = distance;
    if (distance <= tolerance) return true;
    const double sine = tolerance / distance, cosine = sqrt(1 - sine * sine);
    const double right[2] = {d[0] * cosine + d[1] * sine, d[1] * cosine - d[0] * sine};
    const double left[2] = {d[0] * cosine - d[1] * sine, d[1] * cosine + d[0] * sine};
    if (s->open || cross(s->right, right) > 0) memcpy(s->right, right, sizeof right);
    if (s->open || cross(s->left, left) < 0) memcpy(s->left, left, sizeof left);
    s->open = false;
    return true;
}

static void forget(sector *s)
{
    *s = (sector){.open = true};
}

/** Which points stay, into @p kept; their number. */
static size_t choose(const eb_trail *trail, double tolerance, bool *kept)
{
    sector s;
    size_t anchor = 0, count = 2;

    forget(&s);
    kept[0] = kept[trail->count - 1] = true;
    for (size_t i = 1; i < trail->count; i++) {
        const double d[2] = {(double)trail->xy[i][0] - trail->xy[anchor][0], (double)trail->xy[i][1] - trail->xy[anchor][1]};
        if (take(&s, d, tolerance) || i == anchor + 1) continue;
        anchor = i - 1;
        count += !kept[anchor];
        kept[anchor] = true;
        forget(&s);
        i--; /* once more, seen from the new anchor */
    }
    return count;
}

void eb_trail_thin(eb_trail *trail, double tolerance, bool ring)
{
    if (trail->failed || trail->count < 3) return;
    bool *kept = calloc(trail->count, sizeof *kept);
    if (!kept) {
        trail->failed = true;
        return;
    }
    const size_t count = choose(trail, tolerance, kept);
    if (!ring || count >= 4) {
        size_t to = 0;
        for (size_t i = 0; i < trail->count; i++) {
            if (kept[i]) memmove(trail->xy[to++], trail->xy[i], sizeof *trail->xy);
        }
        trail->count = to;
    }
    free(kept);
}
