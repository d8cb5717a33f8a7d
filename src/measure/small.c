#include "measure/small.h"

/* Repeated synthetic division by (s - s0): the remainder of round k is the coefficient of t^k. */
void eb_shift_odd(const double *odd, int count, double s0, double shifted[EB_SHIFT_TERMS])
{
    enum { MOST = 24 };
    double c[MOST] = {0};
    const int degree = 2 * count - 1;
    for (int i = 0; i < count; i++) c[2 * i + 1] = odd[i];
    for (int k = 0; k <= EB_SHIFT_TERMS; k++) {
        for (int i = degree - 1; i >= k; i--) c[i] += s0 * c[i + 1];
        if (k > 0) shifted[k - 1] = k <= degree ? c[k] : 0;
    }
}
