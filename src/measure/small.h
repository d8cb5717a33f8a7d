/**
 * @file measure/small.h
 * Small exact helpers of the inner loops: rounding, and sines of an angle near one whose sine is known.
 */
#ifndef MEASURE_SMALL_H
#define MEASURE_SMALL_H

#include <math.h>
#include <stdbool.h>

/** Radians a degree. */
#define EB_RADIAN 0.017453292519943295769

/** Round to the nearest whole number; |value| below 2^51. Adding and taking away 1.5 * 2^52 rounds without a call to the library. */
static inline double eb_nearest(double value)
{
    const double magic = 0x1.8p52;
    return (value + magic) - magic;
}

/**
 * Round half up a decimal that a double stands for: a value within the noise of a double of a half counts as the half, as it would in
 * decimal arithmetic. For numbers as people write them; computed ones, where a half is chance, take eb_nearest().
 */
static inline double eb_half_up(double value)
{
    return eb_nearest(value + fabs(value) * 0x1p-50);
}

/** An angle and its sine and cosine, to reckon those of near angles from. */
typedef struct eb_base {
    double angle, sine, cosine;
} eb_base;

/** How far from a base, in radians, eb_tiny_angle() holds: 1.79 degrees. */
#define EB_TINY 0x1p-5

/** Sine and 1 - cosine of an angle within EB_TINY, both right to the last digits, without a branch. */
static inline void eb_tiny_angle(double d, double *sine, double *versine)
{
    const double q = d * d; /* what is left out is below 1e-17 of the value */
    *sine = d * (1 - q * (1. / 6 - q * (1. / 120 - q * (1. / 5040 - q * (1. / 362880)))));
    *versine = q * (0.5 - q * (1. / 24 - q * (1. / 720 - q * (1. / 40320))));
}

/** The same for any angle. */
static inline void eb_any_angle(double d, double *sine, double *versine)
{
    const double half = sin(d / 2);
    *sine = sin(d);
    *versine = 2 * half * half;
}

/**
 * Sine and cosine of the base's angle + @p d; *rise is the sine less that of the base, right to its own last digits.
 * @param tiny |d| is known to be within EB_TINY; a constant, so that loops are compiled for the one case or the other.
 */
static inline void eb_near_base(const eb_base *base, double d, bool tiny, double *sine, double *cosine, double *rise)
{
    double ds, dc;
    if (tiny)
        eb_tiny_angle(d, &ds, &dc);
    else
        eb_any_angle(d, &ds, &dc);
    *rise = base->cosine * ds - base->sine * dc;
    *sine = base->sine + *rise;
    *cosine = base->cosine - (base->sine * ds + base->cosine * dc);
}

/** Base at @p angle in radians. */
static inline eb_base eb_base_at(double angle)
{
    return (eb_base){.angle = angle, .sine = sin(angle), .cosine = cos(angle)};
}

/** Highest power of a polynomial in the sine that eb_shifted() keeps. */
enum { EB_SHIFT_TERMS = 9 };

/**
 * Coefficients of p(s0 + t) - p(s0) in powers t, t^2, … t^EB_SHIFT_TERMS of an odd polynomial p(s) = odd[0] s + odd[1] s^3 + … with
 * @p count terms. Differences of p near s0 then come without cancellation.
 */
void eb_shift_odd(const double *odd, int count, double s0, double shifted[EB_SHIFT_TERMS]);

/** Coordinates worked on at a time. */
enum { EB_POINTS = 256 };

/** Value of the shifted polynomial at @p t. */
static inline double eb_shifted(const double shifted[EB_SHIFT_TERMS], double t)
{
    double v = shifted[EB_SHIFT_TERMS - 1];
    for (int k = EB_SHIFT_TERMS - 2; k >= 0; k--) v = v * t + shifted[k];
    return v * t;
}

#endif
