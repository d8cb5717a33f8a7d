#include <ecobelt/measure.h>

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "measure/small.h"

/* One value on its way to a whole number of units. */
typedef struct part {
    int64_t units;
    int64_t rank; /* remainder in small whole steps: noise cannot decide between equal ones */
    double value;
    size_t position;
} part;

/* Most units that every double up to it can hold: beyond, neighbouring amounts are one number. */
static const double most_units = 9007199254740992.0;

static double power_of_ten(int decimals)
{
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    return powers[decimals];
}

/* value * scale in units, where a number that noise alone keeps from a whole one is that whole one. */
static double to_units(double value, double scale)
{
    const double units = value * scale, whole = rint(units);
    return fabs(units - whole) <= 8 * 0x1p-52 * fabs(units) ? whole : units;
}

static int by_remainder(const void *a, const void *b)
{
    const part *p = a, *q = b;
    if (p->rank != q->rank) return p->rank > q->rank ? -1 : 1;
    if (p->value != q->value) return p->value > q->value ? -1 : 1;
    return (p->position > q->position) - (p->position < q->position);
}

static int by_value(const void *a, const void *b)
{
    const part *p = a, *q = b;
    if (p->value != q->value) return p->value > q->value ? -1 : 1;
    return (p->position > q->position) - (p->position < q->position);
}

static eb_status check_values(const double *values, size_t count, double *sum, double *largest, eb_error *err)
{
    long double total = 0;
    *largest = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] >= 0) || isinf(values[i]))
            return eb_error_set(err, EB_REFUSED, "value %zu (%g) cannot be levelled: it must be a number, not negative", i + 1, values[i]);
        total += values[i];
        *largest = fmax(*largest, values[i]);
    }
    *sum = (double)total;
    return EB_OK;
}

/* Units that the rounded values must add up to. */
static eb_status target_units(const eb_level_options *options, double sum, double scale, int64_t *units, eb_error *err)
{
    const double wanted = to_units(isnan(options->control) ? sum : options->control, scale);
    if (!(wanted >= 0 && wanted <= most_units))
        return eb_error_set(err, EB_USAGE, "%g cannot be told apart to %d decimals: take fewer, or a larger unit", wanted / scale,
                            options->decimals);
    if (!isnan(options->control) && wanted != rint(wanted)) {
        eb_error_set(err, EB_USAGE, "the control %.15g has more than the %d decimals that the values are rounded to", options->control,
                     options->decimals);
        eb_error_hint(err, "round to more decimals, or give the control with fewer");
        return EB_USAGE;
    }
    *units = (int64_t)eb_half_up(wanted);
    return EB_OK;
}

/* Factor before rounding, and whether the control can be met at all. */
static eb_status choose_factor(const eb_level_options *options, size_t count, double sum, double scale, double *factor, eb_error *err)
{
    *factor = 1;
    if (isnan(options->control) || options->control == sum) return EB_OK;
    const double off = options->control - sum;
    if (options->scale) {
        if (sum <= 0)
            return eb_error_set(err, EB_REFUSED, "nothing to scale: the values add up to 0, the control is %.15g", options->control);
        *factor = options->control / sum;
        return EB_OK;
    }
    /* Each value's own rounding is off by half a unit at most, so a sum of roundings by half a unit a value, and half for the total. */
    const double explained = ((double)count + 1) / 2 / scale;
    if (fabs(off) <= explained * (1 + 1e-9)) return EB_OK;
    eb_error_set(err, EB_REFUSED, "the control %.15g differs from the sum %.15g by %.6g, more than the %.6g that rounding explains",
                 options->control, sum, off, explained);
    eb_error_hint(err, "check the control and its unit, or ask for scaling to it");
    return EB_REFUSED;
}

static void fill_parts(const double *values, size_t count, double factor, double scale, double largest, eb_level_rule rule, part *parts)
{
    /* Remainders nearer to each other than the noise of the largest value are equal. */
    const double step = fmax(0x1p-30, exp2(ceil(log2(fmax(largest * factor * scale, 1) * 16 * 0x1p-52))));
    for (size_t i = 0; i < count; i++) {
        const double units = factor == 1 ? to_units(values[i], scale) : to_units((double)((long double)values[i] * factor), scale);
        const double down = rule == EB_LEVEL_REMAINDER ? floor(units) : eb_half_up(units);
        parts[i] = (part){.units = (int64_t)down, .rank = (int64_t)rint((units - down) / step), .value = values[i], .position = i};
    }
}

/* Hand out @p left units one at a time in the order of the parts, round and round; taking away passes over those that have none. */
static bool hand_out(part *parts, size_t count, int64_t left)
{
    const int64_t all = left / (int64_t)count;
    for (size_t i = 0; all > 0 && i < count; i++) parts[i].units += all;
    if (all > 0) left -= all * (int64_t)count;
    for (bool any = true; left != 0 && any;) {
        any = false;
        for (size_t i = 0; i < count && left != 0; i++) {
            const int64_t one = left > 0 ? 1 : -1;
            if (one < 0 && parts[i].units == 0) continue;
            parts[i].units += one;
            left -= one;
            any = true;
        }
    }
    return left == 0;
}

static eb_status check_options(const eb_level_options *options, eb_error *err)
{
    if (options->decimals < 0 || options->decimals > 9)
        return eb_error_set(err, EB_USAGE, "%d decimals: between 0 and 9 make sense", options->decimals);
    if (isinf(options->control) || options->control < 0)
        return eb_error_set(err, EB_USAGE, "the control %g must be a number, not negative", options->control);
    return EB_OK;
}

/* Whether the amounts that are rounded, which are the values after the factor, can be counted in units at all. */
static eb_status check_largest(double largest, double scale, int decimals, eb_error *err)
{
    if (largest * scale <= most_units) return EB_OK;
    return eb_error_set(err, EB_USAGE, "%g cannot be told apart to %d decimals: take fewer, or a larger unit", largest, decimals);
}

static void report(const part *parts, size_t count, double factor, double scale, int64_t target, double sum, double *rounded,
                   eb_level *level)
{
    int64_t alone = 0, after = 0;
    size_t moved = 0;
    for (size_t i = 0; i < count; i++) {
        const double units = to_units((double)((long double)parts[i].value * factor), scale);
        const int64_t own = (int64_t)eb_half_up(units);
        alone += own;
        after += parts[i].units;
        moved += own != parts[i].units;
        rounded[parts[i].position] = (double)parts[i].units / scale;
    }
    if (!level) return;
    *level = (eb_level){.sum = sum,
                        .control = (double)target / scale,
                        .residual_before = (double)(target - alone) / scale,
                        .residual_after = (double)(target - after) / scale,
                        .factor = factor,
                        .moved = moved};
}

eb_status eb_level_apply(const double *values, size_t count, const eb_level_options *options, double *rounded, eb_level *level,
                         eb_error *err)
{
    double sum = 0, largest = 0, factor = 1;
    int64_t target = 0;
    eb_status status = check_values(values, count, &sum, &largest, err);
    if (status == EB_OK) status = check_options(options, err);
    if (status != EB_OK) return status;
    const double scale = power_of_ten(options->decimals);
    status = target_units(options, sum, scale, &target, err);
    if (status == EB_OK) status = choose_factor(options, count, sum, scale, &factor, err);
    if (status == EB_OK) status = check_largest(largest * factor, scale, options->decimals, err);
    if (status != EB_OK) return status;
    part *parts = malloc((count ? count : 1) * sizeof *parts);
    if (!parts) return eb_error_memory(err);
    fill_parts(values, count, factor, scale, largest, options->rule, parts);
    int64_t left = target;
    for (size_t i = 0; i < count; i++) left -= parts[i].units;
    if (left < 0) /* units are taken away: first where the least is lost */
        for (size_t i = 0; i < count; i++) parts[i].rank = -parts[i].rank;
    qsort(parts, count, sizeof *parts, options->rule == EB_LEVEL_REMAINDER ? by_remainder : by_value);
    if (left != 0 && (count == 0 || !hand_out(parts, count, left)))
        status = eb_error_set(err, EB_REFUSED, "no values to hand %" PRId64 " units out to", left);
    if (status == EB_OK) report(parts, count, factor, scale, target, sum, rounded, level);
    free(parts);
    return status;
}

eb_status eb_level_values(const double *values, size_t count, int decimals, double control, eb_level_rule rule, double *rounded,
                          eb_level *level, eb_error *err)
{
    const eb_level_options options = {.decimals = decimals, .control = control, .scale = true, .rule = rule};
    return eb_level_apply(values, count, &options, rounded, level, err);
}

eb_status eb_share_official(double official_m2, const double *pieces_m2, size_t count, double *shared_m2, eb_error *err)
{
    if (!(official_m2 >= 0) || isinf(official_m2)) return eb_error_set(err, EB_REFUSED, "%g is no area to share out", official_m2);
    if (official_m2 < 0.005) {
        for (size_t i = 0; i < count; i++) shared_m2[i] = 0;
        return EB_OK;
    }
    return eb_level_values(pieces_m2, count, 2, eb_half_up(official_m2 * 100) / 100, EB_LEVEL_REMAINDER, shared_m2, NULL, err);
}
