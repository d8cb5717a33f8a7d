#include "analysis/corridor/rays.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

enum { SECTORS = 16, MOST_RAYS = 20000 };

/* Distances that differ by less are the same. */
static const double TIE_M = 1e-7;

/* Rays that reach no farther than this lie on another line. */
static const double NOTHING_M = 1e-6;

static const double degree = 0.017453292519943295;

typedef eb_corridor_ray ray;

static void at_ray(const eb_corridor_rays *r, double azimuth_deg, double length_m, double *lon, double *lat)
{
    eb_geodetic_direct(r->lines->geodesic, r->end->at.lon_deg, r->end->at.lat_deg, azimuth_deg, length_m, lon, lat);
}

void eb_corridor_ray_at(const eb_corridor_rays *r, double azimuth_deg, double length_m, double *x, double *y)
{
    double lon, lat;
    at_ray(r, azimuth_deg, length_m, &lon, &lat);
    eb_plane_forward(&r->lines->plane, lon, lat, x, y);
}

/*
 * Is the end the nearest place of the lines there? To no more than the rounding of geodesics: where another line is nearest in nearly the
 * same direction, the border moves by far more than the distances differ.
 */
static eb_status is_nearest(const eb_corridor_rays *r, double azimuth_deg, double length_m, bool *out, eb_error *err)
{
    double lon, lat;
    eb_corridor_nearest nearest;
    at_ray(r, azimuth_deg, length_m, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(r->near, lon, lat);
    eb_status status = eb_corridor_near_find(r->near, &place, &nearest, err);
    *out = nearest.distance_m >= length_m - TIE_M;
    return status;
}

/* The reach is found to a millionth of it, for chords between short ones are drawn on far. */
static eb_status find_ray(const eb_corridor_rays *r, double azimuth_deg, ray *out, eb_error *err)
{
    double low = 0, high = r->most_m;
    bool beyond = false;
    eb_status status = is_nearest(r, azimuth_deg, high, &beyond, err);
    if (beyond) low = high;
    while (status == EB_OK && high - low > fmin(fmax(1e-6 * high, TIE_M), r->tolerance_m / 50)) {
        double middle = (low + high) / 2;
        status = is_nearest(r, azimuth_deg, middle, &beyond, err);
        if (beyond)
            low = middle;
        else
            high = middle;
    }
    *out = (ray){.azimuth_deg = azimuth_deg, .reach_m = low};
    eb_corridor_ray_at(r, azimuth_deg, low, &out->x, &out->y);
    return status;
}

static eb_status insert_ray(eb_corridor_rays *r, size_t at, const ray *one, eb_error *err)
{
    if (!eb_array_reserve(&r->rays, &r->capacity, r->count + 1, sizeof *r->rays)) return eb_error_memory(err);
    memmove(r->rays + at + 1, r->rays + at, (r->count - at) * sizeof *r->rays);
    r->rays[at] = *one;
    r->count++;
    return EB_OK;
}

/* How far a ray's reach is off the chord between those of two others. */
static double off_chord(const ray *a, const ray *b, const ray *between)
{
    double dx = b->x - a->x, dy = b->y - a->y, chord = hypot(dx, dy);
    return chord > 0 ? fabs(dx * (between->y - a->y) - dy * (between->x - a->x)) / chord : 0;
}

static double cross(double ax, double ay, double bx, double by)
{
    return ax * by - ay * bx;
}

/*
 * The triangle on the chord between two rays that the chords before and after, drawn on, make: how high it is (INFINITY where they never
 * meet), and where its point is.
 */
static double triangle_on(const ray *before, const ray *a, const ray *b, const ray *after, double point[2])
{
    double ux = a->x - before->x, uy = a->y - before->y, vx = b->x - after->x, vy = b->y - after->y, dx = b->x - a->x, dy = b->y - a->y;
    if (hypot(ux, uy) < NOTHING_M || hypot(vx, vy) < NOTHING_M) return INFINITY;
    if (cross(ux, uy, dx, dy) >= 0 || cross(dx, dy, -vx, -vy) >= 0) return 0; /* straight on, or bent inwards by the plane */
    double turn = cross(ux, uy, vx, vy), s = cross(dx, dy, vx, vy) / turn;
    if (!(turn > 0) || !(s >= 0)) return INFINITY;
    point[0] = a->x + s * ux;
    point[1] = a->y + s * uy;
    return fabs(cross(dx, dy, s * ux, s * uy)) / hypot(dx, dy);
}

/* Azimuth for a ray between two: towards a place, or half-way where there is none or it leads too near to one of them. */
static double azimuth_between(const eb_corridor_rays *r, const ray *a, const ray *b, const double point[2])
{
    double lon, lat, azimuth, between = b->azimuth_deg - a->azimuth_deg;
    if (!point) return a->azimuth_deg + between / 2;
    eb_plane_inverse(&r->lines->plane, point[0], point[1], &lon, &lat);
    eb_geodetic_inverse(r->lines->geodesic, r->end->at.lon_deg, r->end->at.lat_deg, lon, lat, &azimuth, NULL);
    double share = remainder(azimuth - a->azimuth_deg, 360) / between;
    return a->azimuth_deg + (share > 0.02 && share < 0.98 ? share : 0.5) * between;
}

/* Is the chord after a ray the edge? *split is a ray to part it by where it is not. */
static eb_status chord_holds(const eb_corridor_rays *r, size_t i, ray *split, bool *out, eb_error *err)
{
    const ray *a = &r->rays[i], *b = a + 1;
    double fine = r->tolerance_m / 4, point[2] = {a->x, a->y}, ex, ey, between = b->azimuth_deg - a->azimuth_deg;
    *out = (a->reach_m >= r->most_m && b->reach_m >= r->most_m) || (a->reach_m < NOTHING_M && b->reach_m < NOTHING_M) ||
           between * degree * r->most_m < fine || r->count > MOST_RAYS;
    if (*out) return EB_OK;
    /* Before the first and after the last the perpendiculars of the line bound what lies beyond. */
    eb_corridor_ray_at(r, 0, 0, &ex, &ey);
    ray end = {.x = ex, .y = ey};
    double high = triangle_on(i > 0 ? a - 1 : &end, a, b, i + 2 < r->count ? b + 1 : &end, point);
    eb_status status = find_ray(r, azimuth_between(r, a, b, high > fine && isfinite(high) ? point : NULL), split, err);
    *out = status == EB_OK && high <= fine && off_chord(a, b, split) <= fine;
    return status;
}

eb_status eb_corridor_rays_find(eb_corridor_rays *r, eb_error *err)
{
    ray next;
    r->count = 0;
    /* A place on a ray may have its nearest place as far from the end as twice its own distance. */
    eb_status status = eb_corridor_near_gather(r->near, &r->end->at, 1, 2.1 * r->most_m + 10, err);
    for (int k = 0; status == EB_OK && k <= SECTORS; k++) {
        status = find_ray(r, r->end->azimuth_deg - 90 + 180.0 * k / SECTORS, &next, err);
        if (status == EB_OK) status = insert_ray(r, r->count, &next, err);
    }
    for (size_t i = 0; status == EB_OK && i + 1 < r->count;) {
        bool holds = false;
        status = chord_holds(r, i, &next, &holds, err);
        if (holds) i++;
        if (status == EB_OK && !holds) status = insert_ray(r, i + 1, &next, err);
    }
    return status;
}
