#include "measure/geodesic.h"

#include <ecobelt/crs.h>

#include "crs/block.h"
#include "measure/points.h"

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

eb_status eb_geodesic_check(double lon, double lat, eb_error *err)
{
    if (fabs(lon) <= EB_FARTHEST_DEG && fabs(lat) <= 90) return EB_OK;
    if (isfinite(lon) && isfinite(lat)) {
        eb_error_set(err, EB_REFUSED, fabs(lat) <= 90 ? "longitude beyond two turns" : "latitude beyond 90 degrees");
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
    eb_base base;     /* first latitude */
    double first_lat; /* the same in degrees */
    double first_u;   /* U there */
    double shifted[EB_SHIFT_TERMS];
    double exact_above;               /* edges longer than this, squared, go the exact way */
    double lon, lat, sine, u;         /* of the last vertex; u less that of the first */
    double sum, turn;                 /* area so far, m2; longitude so far, degrees */
    double steepest, longest, fourth; /* largest |sine|, longest edge squared, sum of fourth powers */
} ring_sum;

/* Vertices in columns, the last one of the block before in front. */
typedef struct block {
    double lon[EB_POINTS + 1], lat[EB_POINTS + 1], sine[EB_POINTS + 1], u[EB_POINTS + 1];
    double under[EB_POINTS + 1], square[EB_POINTS + 1], step[EB_POINTS + 1]; /* of the edge that ends here */
} block;

static void start(ring_sum *r, double lon, double lat)
{
    r->base = eb_base_at(lat * EB_RADIAN);
    r->first_lat = lat;
    r->first_u = eb_geodesic_zone(r->g, r->base.sine);
    eb_shift_odd(r->g->zone, EB_GEODESIC_TERMS, r->base.sine, r->shifted);
    r->lon = lon;
    r->lat = lat;
    r->sine = r->base.sine;
    r->u = 0;
}

/* Area under an edge the exact way, from the parallel of the first vertex. */
static double exact_edge(const ring_sum *r, double lat1, double lat2, double step)
{
    double area;
    geod_geninverse(&r->g->exact, lat1, 0, lat2, step, NULL, NULL, NULL, NULL, NULL, NULL, &area);
    return area - r->first_u * step * EB_RADIAN;
}

EB_WIDE static void rise_near(const ring_sum *r, const double *restrict lat, size_t count, double *restrict sine, double *restrict u)
{
    const eb_base base = r->base;
    const double first_lat = r->first_lat;
    double shifted[EB_SHIFT_TERMS];
    for (int k = 0; k < EB_SHIFT_TERMS; k++) shifted[k] = r->shifted[k];
    for (size_t i = 0; i < count; i++) {
        double cosine, rise;
        eb_near_base(&base, (lat[i] - first_lat) * EB_RADIAN, true, &sine[i], &cosine, &rise);
        u[i] = eb_shifted(shifted, rise);
    }
}

static void rise_far(const ring_sum *r, const double *lat, size_t count, double *sine, double *u)
{
    for (size_t i = 0; i < count; i++) {
        sine[i] = sin(lat[i] * EB_RADIAN);
        u[i] = eb_geodesic_zone(r->g, sine[i]) - r->first_u;
    }
}

/* The edges that end at vertices 1 to count of the block. */
EB_WIDE static void work_edges(const eb_geodesic *geodesic, const double *restrict sine, const double *restrict u,
                               const double *restrict step, size_t count, double *restrict under, double *restrict square)
{
    const eb_geodesic_ellipsoid e = {.a = geodesic->a, .e2 = geodesic->e2};
    for (size_t i = 1; i <= count; i++)
        under[i] = eb_geodesic_under(&e, sine[i - 1], u[i - 1], sine[i], u[i], step[i] * EB_RADIAN, &square[i]);
}

EB_WIDE static bool work_steps(const double *restrict lon, size_t count, double *restrict step)
{
    double longest = 0;
    for (size_t i = 1; i <= count; i++) {
        step[i] = lon[i] - lon[i - 1];
        const double d = fabs(step[i]);
        longest = d > longest ? d : longest;
    }
    return longest <= 180;
}

static void add_edges(ring_sum *r, const block *b, size_t count)
{
    double sum = 0, fourth = 0, longest = r->longest, steepest = r->steepest, turn = 0;
    for (size_t i = 1; i <= count; i++) {
        const double square = b->square[i];
        sum += square > r->exact_above ? exact_edge(r, b->lat[i - 1], b->lat[i], b->step[i]) : b->under[i];
        fourth += square * square;
        turn += b->step[i];
        longest = square > longest ? square : longest;
        steepest = fabs(b->sine[i]) > steepest ? fabs(b->sine[i]) : steepest;
    }
    r->sum += sum;
    r->fourth += fourth;
    r->turn += turn;
    r->longest = longest;
    r->steepest = steepest;
}

/* Take in @p count vertices that stand in b->lon and b->lat from 1 on. */
static void add_block(ring_sum *r, block *b, size_t count)
{
    b->lon[0] = r->lon;
    b->lat[0] = r->lat;
    b->sine[0] = r->sine;
    b->u[0] = r->u;
    if (eb_points_farthest(b->lat + 1, count, r->first_lat) * EB_RADIAN <= EB_TINY)
        rise_near(r, b->lat + 1, count, b->sine + 1, b->u + 1);
    else
        rise_far(r, b->lat + 1, count, b->sine + 1, b->u + 1);
    if (!work_steps(b->lon, count, b->step))
        for (size_t i = 1; i <= count; i++) b->step[i] = eb_longitude_step(b->lon[i - 1], b->lon[i]);
    work_edges(r->g, b->sine, b->u, b->step, count, b->under, b->square);
    add_edges(r, b, count);
    r->lon = b->lon[count];
    r->lat = b->lat[count];
    r->sine = b->sine[count];
    r->u = b->u[count];
}

static eb_status check_block(const block *b, size_t count, eb_error *err)
{
    if (eb_points_farthest(b->lat + 1, count, 0) <= 90 && eb_points_farthest(b->lon + 1, count, 0) <= EB_FARTHEST_DEG) return EB_OK;
    eb_status status = EB_OK;
    for (size_t i = 1; i <= count && status == EB_OK; i++) status = eb_geodesic_check(b->lon[i], b->lat[i], err);
    return status;
}

static eb_status walk_ring(ring_sum *r, const eb_wkb_part *ring, eb_error *err)
{
    block b;
    double first_lon = 0;
    for (size_t at = 0, take; at < ring->count; at += take) {
        take = ring->count - at < EB_POINTS ? ring->count - at : EB_POINTS;
        eb_points_gather(ring, at, take, b.lon + 1, b.lat + 1);
        eb_status status = check_block(&b, take, err);
        if (status != EB_OK) return status;
        if (at == 0) {
            first_lon = b.lon[1];
            start(r, first_lon, b.lat[1]);
        }
        add_block(r, &b, take);
    }
    b.lon[1] = first_lon;
    b.lat[1] = r->first_lat;
    add_block(r, &b, 1);
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
