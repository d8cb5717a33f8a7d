/*
 * The other way round: the width that gives an area. Area grows steadily with the width (a core's shrinks), so a width is bracketed by
 * doubling and narrowed down by false position, roughly first; the last steps are made at the tolerance and with the areas of the run.
 */
#include "analysis/corridor/run.h"
#include "base/translate.h"

#include <math.h>
#include <stdio.h>

enum { MOST_STEPS = 60 };

/* As good as no width; the widest that corridors are made. */
static const double least_m = 0.01, most_m = 3e6;

typedef struct seeker {
    eb_corridor_run *run;
    double target_m2, tolerance_m;
    double enough_m, enough_share; /* width, or share of the area, that is near enough */
    int *tries;                    /* widths tried so far */
    bool as_written;               /* areas by the method of the run; else those of the plane, true to 1e-11 but not what is printed */
} seeker;

/* How much the dissolved and clipped corridor of a width has too much. */
static eb_status excess(const seeker *s, double width_m, double *out_m2, eb_error *err)
{
    eb_corridor_run *run = s->run;
    eb_shape *shape = NULL, *clipped = NULL;
    double area_m2 = 0, left = pow(0.8, (*s->tries)++); /* nobody knows how many there will be */
    eb_corridor_stage stage;
    eb_corridor_stage_top(run, "width for the area", 1 - left, 1 - 0.8 * left, &stage);
    eb_status status = eb_env_check(run->env, err);
    if (status == EB_OK) status = eb_corridor_level_sketch(run, width_m, s->tolerance_m, &shape, err);
    eb_corridor_stage_leave(run, &stage);
    if (status == EB_OK) status = eb_corridor_clip(run, shape, &clipped, err);
    if (status == EB_OK && s->as_written)
        status = eb_corridor_area(run, clipped, &area_m2, err);
    else if (status == EB_OK)
        area_m2 = eb_shape_area(run->geos, clipped);
    *out_m2 = area_m2 - s->target_m2;
    if (run->ask.part == EB_CORRIDOR_CORE) *out_m2 = -*out_m2;
    eb_shape_free(run->geos, shape);
    eb_shape_free(run->geos, clipped);
    return status;
}

static double area_of(const seeker *s, double excess_m2)
{
    return s->target_m2 + (s->run->ask.part == EB_CORRIDOR_CORE ? -excess_m2 : excess_m2);
}

static eb_status out_of_reach(const seeker *s, double nearest_m2, double width_m, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "no width gives %.6g km2: the nearest that %s and --side allow is %.6g km2", s->target_m2 / 1e6,
                 s->run->clip ? _("the lines, the clip layer") : _("the lines"), nearest_m2 / 1e6);
    eb_error_hint(err, "tried widths up to %.10g m; ask for another area, or clip to another layer", width_m);
    return EB_USAGE;
}

/* A width whose corridor is large enough, by doubling from a guess; *low is one whose is not. */
static eb_status bracket(const seeker *s, double guess_m, double *low, double *low_excess, double *high, double *high_excess, eb_error *err)
{
    double last = NAN;
    *high = fmin(guess_m, most_m);
    eb_status status = excess(s, *high, high_excess, err);
    while (status == EB_OK && *high_excess < 0) {
        /* Nothing gained by doubling: the clip layer (or the polygons, for a belt inside) is full. */
        if (*high_excess <= last + 1e-9 * s->target_m2 || *high >= most_m) return out_of_reach(s, area_of(s, *high_excess), *high, err);
        last = *high_excess;
        *low = *high;
        *low_excess = *high_excess;
        *high = fmin(2 * *high, most_m);
        status = excess(s, *high, high_excess, err);
    }
    return status;
}

/* Narrow the bracket down until it is near enough. An end that stays twice counts half, so that it moves too (Illinois). */
static eb_status narrow(const seeker *s, double low, double low_excess, double high, double high_excess, double *width_m, eb_error *err)
{
    eb_status status = EB_OK;
    double fa = low_excess, fb = high_excess;
    int last = 0; /* side of the step before */
    *width_m = high;
    for (int i = 0; status == EB_OK && i < MOST_STEPS && high - low > s->enough_m; i++) {
        double t = fa / (fa - fb), f = 0;
        if (!(t > 0 && t < 1) || i % 8 == 7) t = 0.5;
        *width_m = low + t * (high - low);
        status = excess(s, *width_m, &f, err);
        if (fabs(f) <= s->enough_share * s->target_m2) return status;
        if (f < 0) {
            low = *width_m;
            fa = f;
            if (last < 0) fb /= 2;
        } else {
            high = *width_m;
            fb = f;
            if (last > 0) fa /= 2;
        }
        last = f < 0 ? -1 : 1;
    }
    return status;
}

/* Bracket and narrow at one tolerance, near a guess where there is one. */
static eb_status seek(const seeker *s, double guess_m, double nearness, double *width_m, eb_error *err)
{
    double low = nearness > 0 ? guess_m - nearness : least_m, low_excess = 0, high = 0, high_excess = 0;
    eb_status status = excess(s, low, &low_excess, err);
    if (status == EB_OK && low_excess >= 0 && low > least_m) {
        low = least_m;
        status = excess(s, low, &low_excess, err);
    }
    if (status == EB_OK && low_excess >= 0) return out_of_reach(s, area_of(s, low_excess), low, err);
    if (status == EB_OK) status = bracket(s, guess_m + nearness, &low, &low_excess, &high, &high_excess, err);
    return status == EB_OK ? narrow(s, low, low_excess, high, high_excess, width_m, err) : status;
}

static void tell(eb_corridor_run *run, double width_m)
{
    char *note = run->solved;
    size_t size = sizeof run->solved;
    double length = run->lengths_m[run->lines.group_count], in_all = run->ask.solve_m2 / length;
    bool one_side = run->ask.part != EB_CORRIDOR_BOTH;
    if (one_side)
        snprintf(note, size,
                 _("solve-area: a width of %.3f m gives %.6g km2. Shared out over %.3f km it is %.1f m wide; the rest is overlap, ends and "
                   "clipping."),
                 width_m, run->ask.solve_m2 / 1e6, length / 1e3, in_all);
    else
        snprintf(note, size,
                 _("solve-area: a width of %.3f m on each side (%.3f m in all) gives %.6g km2. Shared out over %.3f km the area is %.1f m "
                   "wide in "
                   "all, %.1f m on each side; the rest is overlap, ends and clipping."),
                 width_m, 2 * width_m, run->ask.solve_m2 / 1e6, length / 1e3, in_all, in_all / 2);
}

eb_status eb_corridor_solve(eb_corridor_run *run, double *width_m, eb_error *err)
{
    double length = run->lengths_m[run->lines.group_count], guess = length > 0 ? run->ask.solve_m2 / (2 * length) : 1000;
    double rough = fmax(run->ask.tolerance_m, guess / 500);
    int tries = 0;
    seeker coarse = {run, run->ask.solve_m2, rough, rough / 10, 1e-4, &tries, false};
    seeker fine = {run, run->ask.solve_m2, run->ask.tolerance_m, 1e-3, 1e-7, &tries, true};
    eb_status status = seek(&coarse, guess, 0, width_m, err);
    if (status == EB_OK) status = seek(&fine, *width_m, fmin(4 * coarse.tolerance_m, *width_m / 4), width_m, err);
    *width_m = round(*width_m * 1000) / 1000;
    if (status == EB_OK) tell(run, *width_m);
    return status;
}
