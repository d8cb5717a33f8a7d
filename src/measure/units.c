#include <ecobelt/measure.h>

#include <string.h>

static const struct unit {
    const char *name;
    double m2, numerator, denominator; /* numerator / denominator units a square metre, both exact */
} units[] = {
    [EB_UNIT_M2] = {"m2", 1, 1, 1},
    [EB_UNIT_HA] = {"ha", 1e4, 1, 1e4},
    [EB_UNIT_MU] = {"mu", 2000.0 / 3, 3, 2000},
    [EB_UNIT_KM2] = {"km2", 1e6, 1, 1e6},
    [EB_UNIT_WAN_MU] = {"wanmu", 2e7 / 3, 3, 2e7},
};
enum { UNITS = sizeof units / sizeof *units };

eb_status eb_area_unit_parse(const char *text, eb_area_unit *out, eb_error *err)
{
    for (int i = 0; text && i < UNITS; i++) {
        if (strcmp(text, units[i].name) != 0) continue;
        *out = (eb_area_unit)i;
        return EB_OK;
    }
    eb_error_set(err, EB_USAGE, "\"%s\" is no unit of area", text ? text : "");
    eb_error_hint(err, "units are m2, ha, mu (2000/3 m2), km2 and wanmu (10,000 mu)");
    return EB_USAGE;
}

const char *eb_area_unit_name(eb_area_unit unit)
{
    return (unsigned)unit < UNITS ? units[unit].name : "m2";
}

double eb_area_unit_m2(eb_area_unit unit)
{
    return (unsigned)unit < UNITS ? units[unit].m2 : 1;
}

double eb_area_from_m2(double area_m2, eb_area_unit unit)
{
    return (unsigned)unit < UNITS ? area_m2 * units[unit].numerator / units[unit].denominator : area_m2;
}

static const char *const methods[] = {
    [EB_AREA_AUTO] = "auto", [EB_AREA_OFFICIAL] = "official", [EB_AREA_GEODESIC] = "geodesic", [EB_AREA_PLANAR] = "planar"};
enum { METHODS = sizeof methods / sizeof *methods };

eb_status eb_area_method_parse(const char *text, eb_area_method *out, eb_error *err)
{
    for (int i = 0; text && i < METHODS; i++) {
        if (strcmp(text, methods[i]) != 0) continue;
        *out = (eb_area_method)i;
        return EB_OK;
    }
    eb_error_set(err, EB_USAGE, "\"%s\" is no method of area", text ? text : "");
    eb_error_hint(err, "methods are auto, official, geodesic and planar");
    return EB_USAGE;
}

const char *eb_area_method_name(eb_area_method method)
{
    return (unsigned)method < METHODS ? methods[method] : "auto";
}
