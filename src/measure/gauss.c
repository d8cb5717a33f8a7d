#include "measure/gauss.h"

void eb_gauss_init(eb_gauss *gauss, double a, double f)
{
    const double n = f / (2 - f), n2 = n * n, n3 = n2 * n, n4 = n2 * n2, n5 = n4 * n, n6 = n3 * n3;
    const double e2 = f * (2 - f);
    *gauss = (eb_gauss){.a = a, .e2 = e2, .ep2 = e2 / (1 - e2)};
    gauss->rectifying = a / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256);
    const double meridian[5] = {-3 * n / 2 + 9 * n3 / 16 - 3 * n5 / 32, 15 * n2 / 16 - 15 * n4 / 32 + 135 * n6 / 2048,
                                -35 * n3 / 48 + 105 * n5 / 256, 315 * n4 / 512 - 189 * n6 / 512, -693 * n5 / 1280};
    for (int i = 0; i < 5; i++) gauss->meridian[i] = meridian[i];
}
