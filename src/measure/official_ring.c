/* A ring's official area: to the Gauss plane, points on long edges, back to latitude and longitude, trapezoids; block by block. */
#include <string.h>

#include "crs/block.h"
#include "measure/official_point.h"
#include "measure/points.h"

/* Plane coordinates are held as whole numbers of 0.1 mm, points on edges of micrometres, angles of a millionth of a second. */
static const double per_metre = 1e4, micro_a_tenth = 100;
static const double longest_edge = 70 * 1e4;
/* Seconds a radian, as printed. */
static const double rho = 206264.8062471;
static const double radian_a_micro = 1 / (206264.8062471 * 1e6);
/* Latitudes this near to the base (E: in radians) are within EB_TINY of it, whichever of the latitudes is meant. */
static const double near_base = 0.03;

/* A ring on its way: bases to reckon from, points waiting to be inverted, and the sum so far. */
typedef struct ring_sum {
    const eb_official *official;
    const eb_official_frame *frame;
    bool started;
    eb_base degree_base; /* latitude of the first point as given */
    eb_base plane_base;  /* E of the first point */
    eb_base lat_base;    /* rounded latitude of the first point */
    double degree_lat, first_lat, first_lon;
    double shifted[EB_SHIFT_TERMS];
    double last_lon, last_rise;               /* of the point before, from the first */
    double last_north, last_east;             /* of the vertex before, in 0.1 mm */
    double points;                            /* vertices and points between them so far */
    double sum;                               /* twice the area over b^2, longitudes in millionths of a second */
    size_t count;                             /* points waiting */
    double north[EB_POINTS], east[EB_POINTS]; /* in micrometres */
} ring_sum;

/* --- back to latitude and longitude, and the trapezoids ------------------------------------------------------------------------------ */

static inline void invert_points(const eb_official *o, const eb_base *base, bool tiny, const double *restrict north,
                                 const double *restrict east, size_t count, double *restrict lat, double *restrict lon)
{
    for (size_t i = 0; i < count; i++) {
        double s, c, rise, b, l;
        const double e = o->k0 * (north[i] * 1e-6);
        eb_near_base(base, e - base->angle, tiny, &s, &c, &rise);
        eb_official_point(o, e, s, c, east[i] * 1e-6, &b, &l);
        lat[i] = eb_nearest(b * rho * 1e6);
        lon[i] = eb_nearest(l * rho * 1e6);
    }
}

EB_WIDE static void invert_near(const eb_official *o, const eb_base *base, const double *restrict north, const double *restrict east,
                                size_t count, double *restrict lat, double *restrict lon)
{
    invert_points(o, base, true, north, east, count, lat, lon);
}

/* Rise of G above its value at the base, in units of b^2, at latitudes in millionths of a second. */
EB_WIDE static void rises_near(const eb_base *base, double first_lat, const double *restrict shifted, const double *restrict lat,
                               size_t count, double *restrict rise)
{
    for (size_t i = 0; i < count; i++) {
        double s, c, up;
        eb_near_base(base, (lat[i] - first_lat) * radian_a_micro, true, &s, &c, &up);
        rise[i] = eb_shifted(shifted, up);
    }
}

static void rises_far(const ring_sum *r, const double *lat, size_t count, double *rise)
{
    for (size_t i = 0; i < count; i++) {
        double s, c, up;
        eb_near_base(&r->lat_base, (lat[i] - r->first_lat) * radian_a_micro, false, &s, &c, &up);
        rise[i] = eb_shifted(r->shifted, up);
    }
}

/* The first point fixes the bases. */
static void start(ring_sum *r, double lat, double lon)
{
    r->started = true;
    r->first_lat = lat;
    r->first_lon = lon;
    r->lat_base = eb_base_at(lat * radian_a_micro);
    eb_shift_odd(r->official->sines, 5, r->lat_base.sine, r->shifted);
}

/* Points waiting: to latitude and longitude, rounded, and their trapezoids into the sum. */
static void flush(ring_sum *r)
{
    const eb_official *o = r->official;
    const size_t count = r->count;
    double lat[EB_POINTS], lon[EB_POINTS], rise[EB_POINTS];
    if (count == 0) return;
    if (!r->started) r->plane_base = eb_base_at(o->k0 * (r->north[0] * 1e-6));
    const double from = r->plane_base.angle / o->k0 * 1e6;
    const bool near = eb_points_farthest(r->north, count, from) * 1e-6 * o->k0 < near_base;
    if (near)
        invert_near(o, &r->plane_base, r->north, r->east, count, lat, lon);
    else
        invert_points(o, &r->plane_base, false, r->north, r->east, count, lat, lon);
    if (!r->started) start(r, lat[0], lon[0]);
    if (near)
        rises_near(&r->lat_base, r->first_lat, r->shifted, lat, count, rise);
    else
        rises_far(r, lat, count, rise);
    double sum = 0, last_lon = r->last_lon, last_rise = r->last_rise;
    for (size_t i = 0; i < count; i++) {
        const double from_first = lon[i] - r->first_lon;
        sum += (from_first + last_lon) * (rise[i] - last_rise);
        last_lon = from_first;
        last_rise = rise[i];
    }
    r->sum += sum;
    r->last_lon = last_lon;
    r->last_rise = last_rise;
    r->points += (double)count;
    r->count = 0;
}

/* --- points on the edges ------------------------------------------------------------------------------------------------------------ */

static inline void push(ring_sum *r, double north, double east)
{
    r->north[r->count] = north;
    r->east[r->count] = east;
    if (++r->count == EB_POINTS) flush(r);
}

/* Points between the last vertex and the next one, rounded half up as the decimals they are. */
static void densify(ring_sum *r, double north, double east, double length)
{
    const double dn = (north - r->last_north) * micro_a_tenth, de = (east - r->last_east) * micro_a_tenth;
    const double n0 = r->last_north * micro_a_tenth, e0 = r->last_east * micro_a_tenth;
    const size_t between = (size_t)(length / longest_edge);
    for (size_t i = 1; i <= between; i++) {
        const double part = (double)i, parts = (double)(between + 1);
        push(r, n0 + eb_half_up(dn * part / parts), e0 + eb_half_up(de * part / parts));
    }
}

static void add_vertex(ring_sum *r, bool first, double north, double east)
{
    if (!first) {
        const double dn = north - r->last_north, de = east - r->last_east, square = dn * dn + de * de;
        if (square > longest_edge * longest_edge) densify(r, north, east, sqrt(square));
    }
    r->last_north = north;
    r->last_east = east;
    push(r, north * micro_a_tenth, east * micro_a_tenth);
}

/* Square of the longest edge between consecutive vertices. */
EB_WIDE static double longest_square(const double *restrict north, const double *restrict east, size_t count)
{
    double longest = 0;
    for (size_t i = 1; i < count; i++) {
        const double dn = north[i] - north[i - 1], de = east[i] - east[i - 1], square = dn * dn + de * de;
        longest = square > longest ? square : longest;
    }
    return longest;
}

EB_WIDE static void scale_points(const double *restrict from, size_t count, double *restrict to)
{
    for (size_t i = 0; i < count; i++) to[i] = from[i] * micro_a_tenth;
}

/* Vertices in 0.1 mm. Where no edge is long, which is most of the time, they are the points. */
static void add_vertices(ring_sum *r, bool first, const double *north, const double *east, size_t count)
{
    if (longest_square(north, east, count) > longest_edge * longest_edge) {
        for (size_t i = 0; i < count; i++) add_vertex(r, first && i == 0, north[i], east[i]);
        return;
    }
    add_vertex(r, first, north[0], east[0]);
    for (size_t at = 1; at < count;) {
        const size_t room = EB_POINTS - r->count, take = count - at < room ? count - at : room;
        scale_points(north + at, take, r->north + r->count);
        scale_points(east + at, take, r->east + r->count);
        r->count += take;
        at += take;
        if (r->count == EB_POINTS) flush(r);
    }
    r->last_north = north[count - 1];
    r->last_east = east[count - 1];
}

/* --- to the Gauss plane -------------------------------------------------------------------------------------------------------------- */

EB_WIDE static void round_plane(const double *restrict x, const double *restrict y, size_t count, double false_easting,
                                double *restrict north, double *restrict east)
{
    for (size_t i = 0; i < count; i++) {
        north[i] = eb_half_up(y[i] * per_metre);
        east[i] = eb_half_up(x[i] * per_metre) - false_easting;
    }
}

/* Degrees near the central meridian and the base. */
EB_WIDE static void project_near(const eb_gauss *g, const eb_base *base, double base_lat, double meridian, const double *restrict x,
                                 const double *restrict y, size_t count, double *restrict north, double *restrict east)
{
    for (size_t i = 0; i < count; i++) {
        double s, c, rise, n, e;
        eb_near_base(base, (y[i] - base_lat) * EB_RADIAN, true, &s, &c, &rise);
        eb_gauss_near(g, y[i] * EB_RADIAN, s, c, (x[i] - meridian) * EB_RADIAN, &n, &e);
        north[i] = eb_nearest(n * per_metre);
        east[i] = eb_nearest(e * per_metre);
    }
}

static bool project_far(const ring_sum *r, const double *x, const double *y, size_t count, double *north, double *east)
{
    for (size_t i = 0; i < count; i++) {
        size_t bad;
        double n = y[i], e = x[i] - r->frame->meridian_deg;
        if (!eb_tm_forward(&r->official->wide, &e, &n, 1, &bad)) return false;
        north[i] = eb_nearest(n * per_metre);
        east[i] = eb_nearest(e * per_metre);
    }
    return true;
}

/* A block of vertices as they stand in the layer, to whole 0.1 mm of the Gauss plane; false where one is out of reach. */
static bool to_plane(ring_sum *r, bool first, const double *x, const double *y, size_t count, double *north, double *east)
{
    const eb_official_frame *frame = r->frame;
    if (frame->plane) {
        round_plane(x, y, count, frame->false_easting_m * per_metre, north, east);
        return eb_points_farthest(y, count, 0) <= EB_OFFICIAL_NORTH_M &&
               eb_points_farthest(x, count, frame->false_easting_m) <= EB_OFFICIAL_REACH_M;
    }
    if (first) {
        r->degree_lat = y[0];
        r->degree_base = eb_base_at(y[0] * EB_RADIAN);
    }
    const double off = eb_points_farthest(x, count, frame->meridian_deg) * EB_RADIAN;
    if (!(off <= EB_OFFICIAL_REACH_DEG * EB_RADIAN && eb_points_farthest(y, count, 0) <= EB_OFFICIAL_NORTH_DEG)) return false;
    if (off > EB_GAUSS_NEAR_RAD || eb_points_farthest(y, count, r->degree_lat) * EB_RADIAN > EB_TINY)
        return project_far(r, x, y, count, north, east);
    project_near(&r->official->gauss, &r->degree_base, r->degree_lat, frame->meridian_deg, x, y, count, north, east);
    return true;
}

/* --- the ring ----------------------------------------------------------------------------------------------------------------------- */

static bool in_reach(const eb_official_frame *frame, double x, double y)
{
    if (frame->plane) return fabs(y) <= EB_OFFICIAL_NORTH_M && fabs(x - frame->false_easting_m) <= EB_OFFICIAL_REACH_M;
    return fabs(y) <= EB_OFFICIAL_NORTH_DEG && fabs(x - frame->meridian_deg) <= EB_OFFICIAL_REACH_DEG;
}

static eb_status refuse_block(const eb_official_frame *frame, const double *x, const double *y, size_t count, eb_error *err)
{
    size_t i = 0;
    while (i + 1 < count && in_reach(frame, x[i], y[i])) i++;
    if (!isfinite(x[i]) || !isfinite(y[i])) {
        eb_error_set(err, EB_REFUSED, "a coordinate is not a finite number");
        eb_error_hint(err, "ecobelt check lists such features");
    } else {
        eb_error_set(err, EB_REFUSED,
                     "out of reach of the official area formula, which holds within %g degrees of the central meridian (%g)",
                     EB_OFFICIAL_REACH_DEG, frame->meridian_deg);
        eb_error_hint(err, "use the geodesic method, or give the zone that the shape lies in");
    }
    eb_error_at(err, x[i], y[i]);
    return EB_REFUSED;
}

eb_status eb_official_ring(const eb_official *official, const eb_official_frame *frame, const eb_wkb_part *ring, double *area_m2,
                           eb_error *err)
{
    ring_sum r;
    double x[EB_POINTS], y[EB_POINTS], north[EB_POINTS], east[EB_POINTS], first_north = 0, first_east = 0;
    *area_m2 = 0;
    if (ring->count == 0) return EB_OK;
    memset(&r, 0, offsetof(ring_sum, north)); /* the columns need no clearing */
    r.official = official;
    r.frame = frame;
    for (size_t at = 0, take; at < ring->count; at += take) {
        take = ring->count - at < EB_POINTS ? ring->count - at : EB_POINTS;
        eb_points_gather(ring, at, take, x, y);
        if (!to_plane(&r, at == 0, x, y, take, north, east)) return refuse_block(frame, x, y, take, err);
        if (at == 0) {
            first_north = north[0];
            first_east = east[0];
        }
        add_vertices(&r, at == 0, north, east, take);
        if (r.points > EB_OFFICIAL_MOST_POINTS) {
            eb_error_set(err, EB_REFUSED, "a ring of more than %g km is no boundary", EB_OFFICIAL_MOST_POINTS * 70 / 1000);
            eb_error_hint(err, "look at its coordinates, or use the geodesic method");
            return EB_REFUSED;
        }
    }
    add_vertex(&r, false, first_north, first_east);
    flush(&r);
    *area_m2 = fabs(official->b2 * (r.sum / 2) * radian_a_micro);
    return EB_OK;
}
