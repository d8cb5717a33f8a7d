/* Gauss-Krüger zones and their EPSG codes. */
#include <ecobelt/crs.h>
#include <math.h>

int eb_zone_of(double lon_deg, int width_deg)
{
    if (!isfinite(lon_deg) || (width_deg != 3 && width_deg != 6)) return 0;
    double lon = fmod(lon_deg, 360);
    if (lon < 0) lon += 360;
    if (width_deg == 6) return (int)floor(lon / 6) % 60 + 1;
    const int zone = (int)floor((lon + 1.5) / 3) % 120;
    return zone == 0 ? 120 : zone;
}

double eb_zone_meridian(int zone, int width_deg)
{
    const double lon = width_deg == 6 ? 6. * zone - 3 : 3. * zone;
    return lon > 180 ? lon - 360 : lon;
}

/* EPSG numbers each family in a row: code = base + zone. */
static const struct {
    eb_datum datum;
    int width, prefixed_base, plain_base;
} families[] = {
    {EB_DATUM_CGCS2000, 3, 4488, 4509}, {EB_DATUM_CGCS2000, 6, 4478, 4489},  {EB_DATUM_XIAN80, 3, 2324, 2345},
    {EB_DATUM_XIAN80, 6, 2314, 2325},   {EB_DATUM_BEIJING54, 3, 2376, 2397}, {EB_DATUM_BEIJING54, 6, 21400, 21440},
};

int eb_zone_epsg(eb_datum datum, int zone, int width_deg, bool prefixed)
{
    /* The zones that China has. */
    const int first = width_deg == 6 ? 13 : 25, last = width_deg == 6 ? 23 : 45;
    if (zone < first || zone > last) return 0;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].datum == datum && families[i].width == width_deg)
            return (prefixed ? families[i].prefixed_base : families[i].plain_base) + zone;
    return 0;
}
