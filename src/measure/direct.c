#include "measure/direct.h"

#include "measure/geodesic.h"

#include <stdlib.h>

struct eb_geodetic {
    eb_geodesic g;
};

eb_status eb_geodetic_new(double a, double f, eb_geodetic **out, eb_error *err)
{
    *out = malloc(sizeof **out);
    if (!*out) return eb_error_memory(err);
    eb_geodesic_init(&(*out)->g, a, f);
    return EB_OK;
}

void eb_geodetic_free(eb_geodetic *geodesic)
{
    free(geodesic);
}

void eb_geodetic_direct(const eb_geodetic *geodesic, double lon_deg, double lat_deg, double azimuth_deg, double length_m,
                        double *end_lon_deg, double *end_lat_deg)
{
    double lon = 0;
    geod_gendirect(&geodesic->g.exact, lat_deg, lon_deg, azimuth_deg, GEOD_LONG_UNROLL, length_m, end_lat_deg, &lon, NULL, NULL, NULL, NULL,
                   NULL, NULL);
    *end_lon_deg = lon;
}

double eb_geodetic_inverse(const eb_geodetic *geodesic, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg,
                           double *azimuth1_deg, double *azimuth2_deg)
{
    double length = 0;
    geod_inverse(&geodesic->g.exact, lat1_deg, lon1_deg, lat2_deg, lon2_deg, &length, azimuth1_deg, azimuth2_deg);
    return length;
}

double eb_geodetic_length(const eb_geodetic *geodesic, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg)
{
    return eb_geodesic_edge(&geodesic->g, lon1_deg, lat1_deg, lon2_deg, lat2_deg);
}
