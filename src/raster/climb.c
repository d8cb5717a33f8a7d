/* Ascent and descent of a profile. */
#include <ecobelt/raster.h>

#include <math.h>

/* Straight lines over the points without a height; returns how many there were. */
static size_t fill_voids(double *heights, const double *distance, size_t count)
{
    size_t voids = 0, last = count; /* last point with a height */
    for (size_t i = 0; i < count; i++) {
        if (isnan(heights[i])) {
            voids++;
            continue;
        }
        size_t from = last == count ? 0 : last + 1;
        for (size_t k = from; k < i; k++) {
            double span = last == count ? 0 : distance[i] - distance[last];
            double t = span > 0 ? (distance[k] - distance[last]) / span : 0;
            heights[k] = last == count ? heights[i] : heights[last] + t * (heights[i] - heights[last]);
        }
        last = i;
    }
    for (size_t k = last == count ? count : last + 1; k < count; k++) heights[k] = heights[last];
    return voids;
}

/* A leg of the profile: where it began, the farthest it got, and whether it goes up (1), down (-1) or is not known yet (0). */
typedef struct leg {
    double turn, extreme;
    int direction;
} leg;

/* Count a leg that has ended at its extreme. */
static void end_leg(const leg *l, eb_climb *out)
{
    if (l->direction > 0) out->ascent_m += l->extreme - l->turn;
    if (l->direction < 0) out->descent_m += l->turn - l->extreme;
}

static void go_on(leg *l, double h, double hysteresis_m, eb_climb *out)
{
    bool further = l->direction > 0 ? h >= l->extreme : h <= l->extreme;
    if (further) {
        l->extreme = h;
    } else if (fabs(h - l->extreme) >= hysteresis_m) {
        end_leg(l, out);
        *l = (leg){.turn = l->extreme, .extreme = h, .direction = -l->direction};
    }
}

void eb_climb_sum(double *heights_m, const double *distance_m, size_t count, double hysteresis_m, eb_climb *out)
{
    *out = (eb_climb){.lowest_m = NAN, .highest_m = NAN};
    out->voids = fill_voids(heights_m, distance_m, count);
    if (count == 0 || isnan(heights_m[0])) return;
    double low = heights_m[0], high = heights_m[0];
    leg now = {.turn = low, .extreme = low};
    for (size_t i = 1; i < count; i++) {
        double h = heights_m[i];
        low = fmin(low, h);
        high = fmax(high, h);
        if (now.direction != 0)
            go_on(&now, h, hysteresis_m, out);
        else if (h > low && h - low >= hysteresis_m)
            now = (leg){.turn = low, .extreme = h, .direction = 1};
        else if (h < high && high - h >= hysteresis_m)
            now = (leg){.turn = high, .extreme = h, .direction = -1};
    }
    end_leg(&now, out);
    out->lowest_m = low;
    out->highest_m = high;
}
