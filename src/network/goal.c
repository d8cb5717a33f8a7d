/* How far a goal is at least. */
#include "network/goal.h"

#include <math.h>
#include <stdlib.h>

double *network_places(const eb_network *n)
{
    const double radian = 0.017453292519943295, e2 = n->f * (2 - n->f);
    double *places = malloc((n->node_count + 1) * 3 * sizeof *places);
    for (size_t i = 0; places && i < n->node_count; i++) {
        double lon = n->lon[n->node_vertex[i]] * radian, lat = n->lat[n->node_vertex[i]] * radian;
        double across = n->a / sqrt(1 - e2 * sin(lat) * sin(lat)); /* radius of curvature across the meridian */
        places[3 * i] = across * cos(lat) * cos(lon);
        places[3 * i + 1] = across * cos(lat) * sin(lon);
        places[3 * i + 2] = across * (1 - e2) * sin(lat);
    }
    return places;
}

double *network_least_costs(const double *places, size_t count, size_t goal, double per_m)
{
    /* A straight road is as long as the line: the share keeps rounding from making it shorter. */
    const double share = per_m * (1 - 1e-9), *to = places + 3 * goal;
    double *least = malloc((count + 1) * sizeof *least);
    for (size_t i = 0; least && i < count; i++) {
        double dx = places[3 * i] - to[0], dy = places[3 * i + 1] - to[1], dz = places[3 * i + 2] - to[2];
        least[i] = share * sqrt(dx * dx + dy * dy + dz * dz);
    }
    return least;
}
