/*
 * Flat ends. What lies beyond a free end are the places that have that end as their nearest place of the lines and do not see it from the
 * side of the line. They are nearer to the end than to any other place of the lines, so straight from the end outwards they reach to one
 * distance and no farther: one number a direction, found by halving, describes them.
 */
#include "analysis/corridor/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { SECTORS = 16, MOST_DEPTH = 14 };

/* A direction from the end, and how far what lies beyond reaches in it. */
typedef struct ray {
    double azimuth_deg, reach_m, x, y; /* x, y: plane */
} ray;

/* The cut at one end, in the making. */
typedef struct cutter {
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
    const eb_corridor_spec *spec;
    const eb_corridor_end *end;
    double most_m, fine_m; /* reach that is past the corridor; how well reaches are found */
    ray *rays;
    size_t count, capacity;
} cutter;

static void at_ray(const cutter *c, double azimuth_deg, double length_m, double *lon, double *lat)
{
    eb_geodetic_direct(c->lines->geodesic, c->end->at.lon_deg, c->end->at.lat_deg, azimuth_deg, length_m, lon, lat);
}

/* Is the end the nearest place of the lines there? */
static eb_status is_nearest(const cutter *c, double azimuth_deg, double length_m, bool *out, eb_error *err)
{
    double lon, lat;
    eb_corridor_nearest nearest;
    at_ray(c, azimuth_deg, length_m, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(c->near, lon, lat);
    eb_status status = eb_corridor_near_find(c->near, &place, &nearest, err);
    *out = nearest.distance_m >= length_m - c->fine_m;
    return status;
}

static eb_status find_ray(const cutter *c, double azimuth_deg, ray *out, eb_error *err)
{
    double low = 0, high = c->most_m, lon, lat;
    bool beyond = false;
    eb_status status = is_nearest(c, azimuth_deg, high, &beyond, err);
    if (beyond) low = high;
    while (status == EB_OK && high - low > c->fine_m) {
        double middle = (low + high) / 2;
        status = is_nearest(c, azimuth_deg, middle, &beyond, err);
        if (beyond)
            low = middle;
        else
            high = middle;
    }
    *out = (ray){.azimuth_deg = azimuth_deg, .reach_m = low};
    at_ray(c, azimuth_deg, low, &lon, &lat);
    eb_plane_forward(&c->lines->plane, lon, lat, &out->x, &out->y);
    return status;
}

static eb_status push_ray(cutter *c, const ray *r, eb_error *err)
{
    if (!eb_array_reserve(&c->rays, &c->capacity, c->count + 1, sizeof *c->rays)) return eb_error_memory(err);
    c->rays[c->count++] = *r;
    return EB_OK;
}

/* The rays after the first up to the last: as many as keep the cut's edge within the tolerance. */
static eb_status add_rays(cutter *c, const ray *a, const ray *b, int depth, eb_error *err)
{
    ray middle;
    eb_status status = find_ray(c, (a->azimuth_deg + b->azimuth_deg) / 2, &middle, err);
    if (status != EB_OK) return status;
    double chord = hypot(b->x - a->x, b->y - a->y);
    double off = chord > 0 ? fabs((b->x - a->x) * (middle.y - a->y) - (b->y - a->y) * (middle.x - a->x)) / chord : 0;
    bool outside = a->reach_m >= c->most_m && b->reach_m >= c->most_m && middle.reach_m >= c->most_m;
    if (depth == 0 || outside || off <= c->spec->tolerance_m / 4) return push_ray(c, b, err);
    status = add_rays(c, a, &middle, depth - 1, err);
    return status == EB_OK ? add_rays(c, &middle, b, depth - 1, err) : status;
}

static eb_status find_rays(cutter *c, eb_error *err)
{
    ray last, next;
    eb_status status = find_ray(c, c->end->azimuth_deg - 90, &last, err);
    if (status == EB_OK) status = push_ray(c, &last, err);
    for (int k = 1; status == EB_OK && k <= SECTORS; k++) {
        status = find_ray(c, c->end->azimuth_deg - 90 + 180.0 * k / SECTORS, &next, err);
        if (status == EB_OK) status = add_rays(c, &last, &next, MOST_DEPTH, err);
        last = next;
    }
    return status;
}

/* Places on a ray between the end and where it reaches, both left out, so that straight in the plane is straight from the end. */
static void add_along(const cutter *c, const ray *r, bool outwards, eb_corridor_bytes *bytes, size_t *count)
{
    double ex, ey, mx, my, lon, lat;
    eb_plane_forward(&c->lines->plane, c->end->at.lon_deg, c->end->at.lat_deg, &ex, &ey);
    at_ray(c, r->azimuth_deg, r->reach_m / 2, &lon, &lat);
    eb_plane_forward(&c->lines->plane, lon, lat, &mx, &my);
    double length = hypot(r->x - ex, r->y - ey);
    double off = length > 0 ? fabs((r->x - ex) * (my - ey) - (r->y - ey) * (mx - ex)) / length : 0;
    size_t pieces = (size_t)fmin(ceil(sqrt(off / (c->spec->tolerance_m / 4))), 10000);
    for (size_t k = 1; k < pieces; k++) {
        at_ray(c, r->azimuth_deg, r->reach_m * (double)(outwards ? k : pieces - k) / (double)pieces, &lon, &lat);
        eb_plane_forward(&c->lines->plane, lon, lat, &mx, &my);
        eb_corridor_add_xy(bytes, mx, my);
        ++*count;
    }
}

/* What lies beyond as a polygon of the plane; NULL where it is too thin to be one. */
static eb_status make_cut(const cutter *c, eb_geos *geos, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    double x, y;
    size_t count = c->count + 2;
    eb_shape *shape = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    size_t at = eb_corridor_add_count(&bytes, 0);
    eb_plane_forward(&c->lines->plane, c->end->at.lon_deg, c->end->at.lat_deg, &x, &y);
    eb_corridor_add_xy(&bytes, x, y);
    add_along(c, &c->rays[0], true, &bytes, &count);
    for (size_t i = 0; i < c->count; i++) eb_corridor_add_xy(&bytes, c->rays[i].x, c->rays[i].y);
    add_along(c, &c->rays[c->count - 1], false, &bytes, &count);
    eb_corridor_add_xy(&bytes, x, y);
    eb_corridor_patch(&bytes, at, count);
    *out = NULL;
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &shape, err);
    free(bytes.data);
    if (status != EB_OK) return status;
    if (eb_shape_valid(geos, shape, NULL, 0, NULL, NULL)) {
        *out = shape;
        return EB_OK;
    }
    status = eb_shape_repair(geos, shape, out, err);
    eb_shape_free(geos, shape);
    return status == EB_REFUSED ? EB_OK : status;
}

static eb_status cut_end(cutter *c, eb_geos *geos, eb_shape **cut, eb_error *err)
{
    c->count = 0;
    *cut = NULL;
    /* A place on a ray may have its nearest place as far from the end as twice its own distance. */
    eb_status status = eb_corridor_near_gather(c->near, &c->end->at, 1, 2.1 * c->most_m + 10, err);
    if (status == EB_OK) status = find_rays(c, err);
    return status == EB_OK ? make_cut(c, geos, cut, err) : status;
}

/* All cuts of the lines as one shape; NULL where there is none. */
static eb_status all_cuts(cutter *c, eb_geos *geos, const eb_env *env, eb_shape **out, eb_error *err)
{
    size_t ends = eb_corridor_near_end_count(c->near), count = 0;
    eb_shape **cuts = calloc(ends + 1, sizeof(eb_shape *));
    eb_status status = cuts ? EB_OK : eb_error_memory(err);
    *out = NULL;
    for (size_t i = 0; status == EB_OK && i < ends; i++) {
        c->end = eb_corridor_near_end_at(c->near, i);
        status = eb_env_check(env, err);
        if (status == EB_OK) status = cut_end(c, geos, &cuts[count], err);
        if (cuts[count]) count++;
        eb_env_progress(env, "ends", (double)(i + 1), (double)ends);
    }
    if (status == EB_OK && count > 0) status = eb_shape_union_all(geos, cuts, count, out, err);
    for (size_t i = 0; cuts && i < count; i++) eb_shape_free(geos, cuts[i]);
    free(cuts);
    return status;
}

eb_status eb_corridor_cut_ends(const eb_corridor_lines *lines, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos,
                               const eb_env *env, eb_shape *shape_take, eb_shape **out, eb_error *err)
{
    cutter c = {.lines = lines,
                .near = near,
                .spec = spec,
                .most_m = 1.02 * spec->width_m + 4 * spec->tolerance_m,
                .fine_m = spec->tolerance_m / 20};
    eb_shape *cuts = NULL, *left = NULL;
    *out = NULL;
    eb_status status = all_cuts(&c, geos, env, &cuts, err);
    free(c.rays);
    if (status == EB_OK && cuts) status = eb_shape_overlay(geos, shape_take, cuts, EB_OP_DIFFERENCE, &left, err);
    eb_shape_free(geos, cuts);
    if (status == EB_OK && !left) {
        *out = shape_take;
        return EB_OK;
    }
    eb_shape_free(geos, shape_take);
    return status == EB_OK ? eb_shape_keep_dimension(geos, left, 2, out, err) : status;
}
