/* Ascent and descent of a profile. */
#include <ecobelt/raster.h>

#include <math.h>

/* Straight lines over the points without a height between two that have one; those before the first and after the last stay unknown. */
static void fill_voids(double *heights, const double *distance, size_t count, eb_climb *out)
{
    size_t last = count; /* last point with a height */
    for (size_t i = 0; i < count; i++) {
        if (isnan(heights[i])) continue;
        if (last == count) out->outside = i;
        for (size_t k = last + 1; last < count && k < i; k++, out->voids++) {
            double span = distance[i] - distance[last], t = span > 0 ? (distance[k] - distance[last]) / span : 0;
            heights[k] = heights[last] + t * (heights[i] - heights[last]);
        }
        last = i;
    }
    out->outside += last == count ? count : count - 1 - last;
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
    fill_voids(heights_m, distance_m, count, out);
    size_t first = 0;
    while (first < count && isnan(heights_m[first])) first++;
    if (first == count) return;
    double low = heights_m[first], high = low;
    leg now = {.turn = low, .extreme = low};
    for (size_t i = first + 1; i < count && !isnan(heights_m[i]); i++) {
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
