#include "measure/geodesic.h"

#include "measure/small.h"

void eb_geodesic_init(eb_geodesic *geodesic, double a, double f)
{
    geodesic->a = a;
    geodesic->e2 = f * (2 - f);
    geod_init(&geodesic->exact, a, f);
    /* U = b^2/2 [s / (1 - e^2 s^2) + atanh(e s) / e], term by term. */
    double power = a * a * (1 - geodesic->e2);
    for (int k = 0; k < EB_GEODESIC_TERMS; k++) {
        geodesic->zone[k] = power * (k + 1) / (2 * k + 1);
        power *= geodesic->e2;
    }
}

double eb_geodesic_fifth(double tan_lat)
{
    const double t = fabs(tan_lat);
    return 0.001 + t * (0.03 + 0.025 * t * t);
}

double eb_geodesic_zone(const eb_geodesic *geodesic, double sine)
{
    double u = 0;
    for (int k = EB_GEODESIC_TERMS - 1; k >= 0; k--) u = u * sine * sine + geodesic->zone[k];
    return u * sine;
}

/* Beyond this latitude everything is done the exact way: the fast one loses its meaning where parallels shrink to a point. */
static const double fast_reach_deg = 85;
/* A change of latitude up to which the shifted polynomial holds to the last digit: the terms left out are below 1e-17 of the value. */
static const double shift_reach = 0.1;

eb_status eb_geodesic_check(double lon, double lat, eb_error *err)
{
    if (isfinite(lon) && fabs(lat) <= 90) return EB_OK;
    if (isfinite(lon) && isfinite(lat)) {
        eb_error_set(err, EB_REFUSED, "latitude beyond 90 degrees");
        eb_error_hint(err, "the coordinates are no degrees, or x and y are swapped");
    } else {
        eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
        eb_error_hint(err, "ecobelt check lists such features");
    }
    eb_error_at(err, lon, lat);
    return EB_REFUSED;
}

/* A ring on its way, fast. */
typedef struct ring_sum {
    const eb_geodesic *g;
    eb_base base;   /* first latitude */
    double first_u; /* U there */
    double shifted[EB_SHIFT_TERMS];
    double lon, lat, sine, u;         /* of the last vertex; u less that of the first */
    double exact_above;               /* edges longer than this, squared, go the exact way */
    double sum, turn;                 /* area so far, m2; longitude so far, degrees */
    double steepest, longest, fourth; /* largest |sine|, longest edge squared, sum of fourth powers */
} ring_sum;

static void start(ring_sum *r, double lon, double lat)
{
    r->base = eb_base_at(lat * EB_RADIAN);
    r->first_u = eb_geodesic_zone(r->g, r->base.sine);
    eb_shift_odd(r->g->zone, EB_GEODESIC_TERMS, r->base.sine, r->shifted);
    r->lon = lon;
    r->lat = lat;
    r->sine = r->base.sine;
    r->u = 0;
    r->steepest = fabs(r->sine);
}

/* Area under an edge the exact way, from the parallel of the first vertex. */
static double exact_edge(const ring_sum *r, double lat, double step)
{
    double area;
    geod_geninverse(&r->g->exact, r->lat, 0, lat, step, NULL, NULL, NULL, NULL, NULL, NULL, &area);
    return area - r->first_u * step * EB_RADIAN;
}

static inline void add_vertex(ring_sum *r, double first_lat, double lon, double lat)
{
    double sine, cosine, rise;
    eb_near_base(&r->base, (lat - first_lat) * EB_RADIAN, &sine, &cosine, &rise);
    const double u = fabs(rise) < shift_reach ? eb_shifted(r->shifted, rise) : eb_geodesic_zone(r->g, sine) - r->first_u;
    const double step = eb_longitude_step(r->lon, lon);
    double length2;
    const double under = eb_geodesic_under(r->g, r->sine, r->u, sine, u, step * EB_RADIAN, &length2);
    r->sum += length2 > r->exact_above ? exact_edge(r, lat, step) : under;
    r->turn += step;
    r->fourth += length2 * length2;
    r->longest = length2 > r->longest ? length2 : r->longest;
    r->steepest = fabs(sine) > r->steepest ? fabs(sine) : r->steepest;
    r->lon = lon;
    r->lat = lat;
    r->sine = sine;
    r->u = u;
}

static eb_status walk_ring(ring_sum *r, const eb_wkb_part *ring, eb_error *err)
{
    double first_lon = 0, first_lat = 0;
    for (size_t i = 0; i < ring->count; i++) {
        double lon, lat;
        eb_wkb_xy(ring, i, &lon, &lat);
        if (eb_geodesic_check(lon, lat, err) != EB_OK) return EB_REFUSED;
        if (i == 0) {
            first_lon = lon;
            first_lat = lat;
            start(r, lon, lat);
        } else {
            add_vertex(r, first_lat, lon, lat);
        }
    }
    add_vertex(r, first_lat, first_lon, first_lat);
    return EB_OK;
}

double eb_geodesic_ring_exact(const eb_geodesic *g, const eb_wkb_part *ring)
{
    struct geod_polygon polygon;
    double area = 0, perimeter;
    geod_polygon_init(&polygon, 0);
    for (size_t i = 0; i < ring->count; i++) {
        double lon, lat;
        eb_wkb_xy(ring, i, &lon, &lat);
        geod_polygon_addpoint(&g->exact, &polygon, lat, lon);
    }
    geod_polygon_compute(&g->exact, &polygon, 0, 1, &area, &perimeter);
    return fabs(area);
}

eb_status eb_geodesic_ring(const eb_geodesic *geodesic, const eb_wkb_part *ring, double *area_m2, eb_error *err)
{
    *area_m2 = 0;
    if (ring->count == 0) return EB_OK;
    ring_sum r = {.g = geodesic, .exact_above = INFINITY};
    eb_status status = walk_ring(&r, ring, err);
    if (status != EB_OK) return status;
    const bool about_pole = fabs(r.turn) > 180;
    if (about_pole || r.steepest > sin(fast_reach_deg * EB_RADIAN)) {
        *area_m2 = eb_geodesic_ring_exact(geodesic, ring);
        return EB_OK;
    }
    const double share = eb_geodesic_fifth(r.steepest / sqrt(1 - r.steepest * r.steepest)) / (geodesic->a * geodesic->a * geodesic->a);
    const double allowed = fmax(5e-10 * fabs(r.sum), 1e-7);
    if (share * r.fourth * sqrt(r.longest) > allowed) {
        /* Give each edge an equal part of what is allowed; those that may use more of it go the exact way. */
        const double longest = pow(allowed / (share * (double)ring->count), 0.2);
        r = (ring_sum){.g = geodesic, .exact_above = longest * longest};
        status = walk_ring(&r, ring, err);
    }
    *area_m2 = fabs(r.sum);
    return status;
}
