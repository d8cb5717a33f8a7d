#include "measure/gauss.h"

void eb_gauss_init(eb_gauss *gauss, double a, double f)
{
    const double n = f / (2 - f), n2 = n * n, n3 = n2 * n, n4 = n2 * n2, n5 = n4 * n, n6 = n3 * n3;
    const double e2 = f * (2 - f);
    *gauss = (eb_gauss){.a = a, .e2 = e2, .ep2 = e2 / (1 - e2), .e = sqrt(e2)};
    gauss->rectifying = a / (1 + n) * (1 + n2 / 4 + n4 / 64 + n6 / 256);
    const double meridian[5] = {-3 * n / 2 + 9 * n3 / 16 - 3 * n5 / 32, 15 * n2 / 16 - 15 * n4 / 32 + 135 * n6 / 2048,
                                -35 * n3 / 48 + 105 * n5 / 256, 315 * n4 / 512 - 189 * n6 / 512, -693 * n5 / 1280};
    const double conformal[6] = {
        n / 2 - 2 * n2 / 3 + 5 * n3 / 16 + 41 * n4 / 180 - 127 * n5 / 288 + 7891 * n6 / 37800,
        13 * n2 / 48 - 3 * n3 / 5 + 557 * n4 / 1440 + 281 * n5 / 630 - 1983433 * n6 / 1935360,
        61 * n3 / 240 - 103 * n4 / 140 + 15061 * n5 / 26880 + 167603 * n6 / 181440,
        49561 * n4 / 161280 - 179 * n5 / 168 + 6601661 * n6 / 7257600,
        34729 * n5 / 80640 - 3418889 * n6 / 1995840,
        212378941 * n6 / 319334400,
    };
    for (int i = 0; i < 5; i++) gauss->meridian[i] = meridian[i];
    for (int i = 0; i < 6; i++) gauss->conformal[i] = conformal[i];
}

void eb_gauss_wide(const eb_gauss *gauss, double lat_rad, double lon_rad, double *north_m, double *east_m)
{
    const double tau = tan(lat_rad), root = hypot(1, tau);
    const double sigma = sinh(gauss->e * atanh(gauss->e * tau / root));
    const double conformal = tau * hypot(1, sigma) - sigma * root;
    const double xi = atan2(conformal, cos(lon_rad)), eta = asinh(sin(lon_rad) / hypot(conformal, cos(lon_rad)));
    double north = xi, east = eta;
    for (int k = 0; k < 6; k++) {
        const double m = 2 * (k + 1);
        north += gauss->conformal[k] * sin(m * xi) * cosh(m * eta);
        east += gauss->conformal[k] * cos(m * xi) * sinh(m * eta);
    }
    *north_m = gauss->rectifying * north;
    *east_m = gauss->rectifying * east;
}
