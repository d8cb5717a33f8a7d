/* Units that plans and columns name. */
#include "plan/model.h"

#include <math.h>
#include <string.h>

double eb_unit_scale(const char *unit, char *dimension)
{
    static const struct {
        const char *unit;
        char dimension;
        double scale;
    } units[] = {{"m2", 'A', 1}, {"ha", 'A', 1e4}, {"mu", 'A', 2000.0 / 3.0}, {"km2", 'A', 1e6}, {"m", 'L', 1}, {"km", 'L', 1e3},
                 {"%", '%', 1},  {"pct", '%', 1}};

    for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].unit, unit) != 0) continue;
        *dimension = units[i].dimension;
        return units[i].scale;
    }
    *dimension = 0;
    return NAN;
}

double eb_column_scale(const char *unit, const char *name, char *dimension)
{
    const char *mark = strrchr(name, '_');
    const double scale = eb_unit_scale(unit, dimension);

    return *dimension || !mark ? scale : eb_unit_scale(mark + 1, dimension);
}
