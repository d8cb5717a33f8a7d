/* Sine series between auxiliary latitudes. */
#include "crs/series.h"

enum { SAMPLES = 16, POWERS = 40 };

/* Difference of two latitudes at theta (radians), to full relative precision. */
typedef double (*difference_fn)(double theta, const void *self);

/* Midpoint samples over a quarter turn make the sines orthogonal, so each coefficient is a plain sum. */
static void fit(difference_fn difference, const void *self, double c[EB_SERIES_TERMS])
{
    for (int k = 0; k < EB_SERIES_TERMS; k++) c[k] = 0;
    for (int j = 0; j < SAMPLES; j++) {
        const double theta = EB_RAD * 90 * (j + 0.5) / SAMPLES;
        const double value = difference(theta, self) * 2 / SAMPLES;
        for (int k = 0; k < EB_SERIES_TERMS; k++) c[k] += value * sin(2 * (k + 1) * theta);
    }
}

/* t - theta for the angle t that the series maps onto theta. Its slope is below 0.01, so each step gains two digits. */
static double back(const double c[EB_SERIES_TERMS], double theta)
{
    double step = 0;
    for (int i = 0; i < 12; i++) {
        const double t = theta + step;
        step = -eb_series_at(c, sin(t), cos(t));
    }
    return step;
}

static double back_sample(double theta, const void *self)
{
    return back(self, theta);
}

void eb_series_invert(const double c[EB_SERIES_TERMS], double inverse[EB_SERIES_TERMS])
{
    fit(back_sample, c, inverse);
}

typedef struct pair {
    const double *a, *b;
} pair;

static double between_sample(double theta, const void *self)
{
    const pair *p = self;
    const double step = back(p->a, theta), phi = theta + step;
    return step + eb_series_at(p->b, sin(phi), cos(phi));
}

void eb_series_between(const double a[EB_SERIES_TERMS], const double b[EB_SERIES_TERMS], double c[EB_SERIES_TERMS])
{
    const pair p = {a, b};
    fit(between_sample, &p, c);
}

/* Snyder's (3-12) with its logarithm expanded: q = (1-e2) sin(phi) Q(e2 sin^2 phi), Q(u) = sum (2k+2)/(2k+1) u^k. */
static double q_coefficient(int k)
{
    return (2. * k + 2) / (2. * k + 1);
}

static double q_sum(double u)
{
    double sum = 0;
    for (int k = POWERS; k >= 0; k--) sum = sum * u + q_coefficient(k);
    return sum;
}

/* (Q(u) - Q(e2)) / (u - e2), term by term so that nothing cancels. */
static double q_slope(double u, double e2)
{
    double sum = 0, inner = 0, power = 1;
    for (int k = 1; k <= POWERS; k++) {
        inner = inner * u + power;
        power *= e2;
        sum += q_coefficient(k) * inner;
    }
    return sum;
}

/*
 * With c2 = cos^2 phi: sin(beta) = sin(phi) (1 - c2 h) and cos(beta) = cos(phi) sqrt(1 + w),
 * h = e2 (Q(u)-Q(e2)) / ((u-e2) Q(e2)), w = sin^2(phi) h (2 - c2 h); both small, so beta - phi comes out without cancelling.
 */
static double authalic_h(double e2, double s)
{
    return e2 * q_slope(e2 * s * s, e2) / q_sum(e2);
}

static double authalic_w(double s, double h)
{
    return s * s * h * (2 - (1 - s * s) * h);
}

static double authalic_sample(double phi, const void *self)
{
    const double e2 = *(const double *)self, s = sin(phi), c = cos(phi);
    const double h = authalic_h(e2, s), w = authalic_w(s, h);
    return asin(s * c * (-c * c * h - w / (1 + sqrt(1 + w))));
}

double eb_series_authalic_ratio(double e2, double sin_lat)
{
    return 1 / sqrt(1 + authalic_w(sin_lat, authalic_h(e2, sin_lat)));
}

double eb_series_authalic(double e2, double c[EB_SERIES_TERMS])
{
    fit(authalic_sample, &e2, c);
    return (1 - e2) * q_sum(e2);
}

/* tan chi = tan(phi) sqrt(1+g^2) - g sec(phi), g = sinh(e atanh(e sin phi)); the difference by the tangent of a difference. */
static double conformal_sample(double phi, const void *self)
{
    const double e2 = *(const double *)self, e = sqrt(fabs(e2)), s = sin(phi), c = cos(phi);
    const double g = sinh(e2 >= 0 ? e * atanh(e * s) : -e * atan(e * s));
    const double t = s / c, step = t * g * g / (1 + sqrt(1 + g * g)) - g / c;
    return atan(step / (1 + t * (t + step)));
}

void eb_series_conformal(double e2, double c[EB_SERIES_TERMS])
{
    fit(conformal_sample, &e2, c);
}

double eb_series_rectifying(double e2, double c[EB_SERIES_TERMS])
{
    /* Meridian arc: the integral of (1-e2)(1-e2 sin^2)^(-3/2), whose cosine series comes from midpoint samples. */
    double mean = 0, wave[EB_SERIES_TERMS] = {0};
    for (int j = 0; j < SAMPLES; j++) {
        const double phi = EB_RAD * 90 * (j + 0.5) / SAMPLES, s = sin(phi);
        const double value = (1 - e2) * pow(1 - e2 * s * s, -1.5) / SAMPLES;
        mean += value;
        for (int k = 0; k < EB_SERIES_TERMS; k++) wave[k] += 2 * value * cos(2 * (k + 1) * phi);
    }
    for (int k = 0; k < EB_SERIES_TERMS; k++) c[k] = wave[k] / (2 * (k + 1) * mean);
    return mean;
}
