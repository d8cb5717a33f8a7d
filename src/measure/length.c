#include <ecobelt/measure.h>

#include "measure/geodesic.h"
#include "measure/small.h"

/*
 * Short edges go by Gauss's formula of the mean latitude (any textbook of geodesy), here to third order: within 2e-11 of the length for
 * the edges it is taken for (check_measure_geodesic holds it against the exact way).
 */
static const double short_m = 5000, short_reach_deg = 80;

static inline double short_edge(const eb_geodesic *g, double lat_rad, double dlat, double dlon)
{
    const double s = sin(lat_rad), s2 = s * s, c2 = 1 - s2, q = 1 - g->e2 * s2;
    const double h = g->e2 / (1 - g->e2) * c2, v2 = 1 + h, t2 = s2 / c2;
    const double n = g->a / sqrt(q);
    const double across = n * sqrt(c2) * dlon * (1 + dlat * dlat * (1 + h - 9 * h * t2) / (24 * v2 * v2) - dlon * dlon * s2 / 24);
    const double along = n / v2 * dlat * (1 - dlon * dlon * c2 * (2 + 3 * t2 + 2 * h) / 24 + dlat * dlat * h * (1 - t2) / (8 * v2 * v2));
    return sqrt(across * across + along * along);
}

double eb_geodesic_edge(const eb_geodesic *g, double lon1, double lat1, double lon2, double lat2)
{
    const double step = eb_longitude_step(lon1, lon2), middle = (lat1 + lat2) / 2;
    const double reach = short_m / g->a; /* as an angle: an edge within it in both directions is short enough */
    const double dlat = (lat2 - lat1) * EB_RADIAN, dlon = step * EB_RADIAN;
    if (fabs(dlat) < reach && fabs(dlon) < reach && fabs(middle) < short_reach_deg) return short_edge(g, middle * EB_RADIAN, dlat, dlon);
    double length;
    geod_inverse(&g->exact, lat1, 0, lat2, step, &length, NULL, NULL);
    return length;
}

/* The edges between the vertices: their sum, and each where wanted. */
static eb_status walk(const eb_geodesic *g, const eb_wkb_part *line, double *lengths_m, double *sum_m, eb_error *err)
{
    double last_lon = 0, last_lat = 0;
    *sum_m = 0;
    for (size_t i = 0; i < line->count; i++) {
        double lon, lat;
        eb_wkb_xy(line, i, &lon, &lat);
        eb_status status = eb_geodesic_check(lon, lat, err);
        if (status != EB_OK) return status;
        const double length_m = i > 0 ? eb_geodesic_edge(g, last_lon, last_lat, lon, lat) : 0;
        if (lengths_m && i > 0) lengths_m[i - 1] = length_m;
        *sum_m += length_m;
        last_lon = lon;
        last_lat = lat;
    }
    return EB_OK;
}

eb_status eb_geodesic_line(const eb_geodesic *geodesic, const eb_wkb_part *line, bool closed, double *length_m, eb_error *err)
{
    double sum_m = 0, first[2], last[2];
    *length_m = 0;
    eb_status status = walk(geodesic, line, NULL, &sum_m, err);
    if (status != EB_OK) return status;
    if (closed && line->count > 0) {
        eb_wkb_xy(line, line->count - 1, &last[0], &last[1]);
        eb_wkb_xy(line, 0, &first[0], &first[1]);
        sum_m += eb_geodesic_edge(geodesic, last[0], last[1], first[0], first[1]);
    }
    *length_m = sum_m;
    return EB_OK;
}

eb_status eb_geodesic_edges(const eb_geodesic *geodesic, const eb_wkb_part *line, double *lengths_m, eb_error *err)
{
    double sum_m;
    return walk(geodesic, line, lengths_m, &sum_m, err);
}

double eb_distance_m(double a, double f, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg)
{
    struct geod_geodesic g;
    double length;
    geod_init(&g, a, f);
    geod_inverse(&g, lat1_deg, lon1_deg, lat2_deg, lon2_deg, &length, NULL, NULL);
    return length;
}
