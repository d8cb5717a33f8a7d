/*
 * Flat ends: what lies beyond the free ends (rays.h) is taken out.
 *
 * Where such a cut ends at places that are not wanted either (beyond another end, or of the other side), the two only share an edge, which
 * rounding and chords would part: there a thin seam is taken out too.
 */
#include "analysis/corridor/rays.h"

#include <math.h>
#include <stdlib.h>

typedef eb_corridor_ray ray;

/* The cuts in the making. */
typedef struct cutter {
    eb_corridor_rays rays; /* of the end in hand */
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
    const eb_corridor_spec *spec;
    eb_corridor_bytes seams; /* of all ends, as a multilinestring */
    size_t seam_count;
} cutter;

/* Places on a ray between the end and where it reaches, both left out, so that straight in the plane is straight from the end. */
static void add_along(const cutter *c, const ray *r, bool outwards, eb_corridor_bytes *bytes, size_t *count)
{
    double ex, ey, mx, my;
    eb_corridor_ray_at(&c->rays, r->azimuth_deg, 0, &ex, &ey);
    eb_corridor_ray_at(&c->rays, r->azimuth_deg, r->reach_m / 2, &mx, &my);
    double length = hypot(r->x - ex, r->y - ey);
    double off = length > 0 ? fabs((r->x - ex) * (my - ey) - (r->y - ey) * (mx - ex)) / length : 0;
    size_t pieces = (size_t)fmin(ceil(sqrt(off / (c->spec->tolerance_m / 4))), 10000);
    for (size_t k = 1; k < pieces; k++) {
        eb_corridor_ray_at(&c->rays, r->azimuth_deg, r->reach_m * (double)(outwards ? k : pieces - k) / (double)pieces, &mx, &my);
        eb_corridor_add_xy(bytes, mx, my);
        ++*count;
    }
}

/* What lies beyond as a polygon of the plane; NULL where it is too thin to be one. */
static eb_status make_cut(const cutter *c, eb_geos *geos, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    const eb_corridor_rays *rays = &c->rays;
    double x, y;
    size_t count = rays->count + 2;
    eb_shape *shape = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    size_t at = eb_corridor_add_count(&bytes, 0);
    eb_corridor_ray_at(rays, 0, 0, &x, &y);
    eb_corridor_add_xy(&bytes, x, y);
    add_along(c, &rays->rays[0], true, &bytes, &count);
    for (size_t i = 0; i < rays->count; i++) eb_corridor_add_xy(&bytes, rays->rays[i].x, rays->rays[i].y);
    add_along(c, &rays->rays[rays->count - 1], false, &bytes, &count);
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

/* --- seams ------------------------------------------------------------------------------------------------------------------------- */

/* Is what lies up to a tolerance to both sides of a chord at a share of it unwanted? What is wanted there may be thinner than that. */
static eb_status is_seam(const cutter *c, const ray *a, const ray *b, double t, bool *out, eb_error *err)
{
    static const double offs[] = {1, -1, 0.5, -0.5, 0.3, -0.3}; /* of the tolerance; the chord is true to a quarter of it */
    double dx = b->x - a->x, dy = b->y - a->y, aside = c->spec->tolerance_m / hypot(dx, dy);
    eb_status status = EB_OK;
    *out = true;
    for (size_t k = 0; status == EB_OK && *out && k < sizeof offs / sizeof offs[0]; k++) {
        double off = offs[k] * aside, lon, lat;
        bool wanted = false;
        eb_plane_inverse(&c->lines->plane, a->x + t * dx - off * dy, a->y + t * dy + off * dx, &lon, &lat);
        eb_corridor_place place = eb_corridor_place_of(c->near, lon, lat);
        status = eb_corridor_near_wanted(c->near, &place, c->spec, &wanted, err);
        *out = !wanted;
    }
    return status;
}

/* The parts of a chord that are seams, halved where only some of it is. */
static eb_status add_seams(cutter *c, const ray *a, const ray *b, double t0, double t1, eb_error *err)
{
    double length = hypot(b->x - a->x, b->y - a->y);
    bool seam[3] = {false, false, false};
    eb_status status = EB_OK;
    for (int k = 0; status == EB_OK && length > 0 && k < 3; k++) status = is_seam(c, a, b, t0 + (t1 - t0) * k / 2, &seam[k], err);
    if (status != EB_OK || !(seam[0] || seam[1] || seam[2])) return status;
    if (!(seam[0] && seam[1] && seam[2]) && (t1 - t0) * length > c->spec->tolerance_m) {
        status = add_seams(c, a, b, t0, (t0 + t1) / 2, err);
        return status == EB_OK ? add_seams(c, a, b, (t0 + t1) / 2, t1, err) : status;
    }
    double dx = b->x - a->x, dy = b->y - a->y;
    eb_corridor_add_head(&c->seams, EB_SHAPE_LINE, 2);
    eb_corridor_add_xy(&c->seams, a->x + t0 * dx, a->y + t0 * dy);
    eb_corridor_add_xy(&c->seams, a->x + t1 * dx, a->y + t1 * dy);
    c->seam_count++;
    return EB_OK;
}

/* The seams round the cut in hand. */
static eb_status find_seams(cutter *c, eb_error *err)
{
    eb_status status = EB_OK;
    const eb_corridor_rays *rays = &c->rays;
    for (size_t i = 0; status == EB_OK && i + 1 < rays->count; i++) {
        if (rays->rays[i].reach_m < rays->most_m || rays->rays[i + 1].reach_m < rays->most_m)
            status = add_seams(c, &rays->rays[i], &rays->rays[i + 1], 0, 1, err);
    }
    return status;
}

/* All seams as an area half a tolerance to both sides; NULL where there are none. */
static eb_status seam_area(cutter *c, eb_geos *geos, eb_shape **out, eb_error *err)
{
    eb_shape *lines = NULL;
    *out = NULL;
    if (c->seam_count == 0) return EB_OK;
    eb_corridor_patch(&c->seams, 5, c->seam_count);
    eb_status status = c->seams.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){c->seams.data, c->seams.size}, &lines, err);
    if (status == EB_OK) status = eb_shape_buffer(geos, lines, c->spec->tolerance_m / 2, 2, EB_CAP_ROUND, EB_SIDE_BOTH, out, err);
    eb_shape_free(geos, lines);
    return status;
}

/* --- all ends ---------------------------------------------------------------------------------------------------------------------- */

static eb_status cut_end(cutter *c, eb_geos *geos, eb_shape **cut, eb_error *err)
{
    *cut = NULL;
    eb_status status = eb_corridor_rays_find(&c->rays, err);
    if (status == EB_OK) status = make_cut(c, geos, cut, err);
    if (status != EB_OK || !*cut) return status;
    /* An end that touches another line has nothing beyond it; what rounding makes of that is no cut. */
    bool thin = false;
    status = eb_corridor_is_thin(geos, *cut, c->spec->tolerance_m / 4, &thin, err);
    if (!thin) return status == EB_OK ? find_seams(c, err) : status;
    eb_shape_free(geos, *cut);
    *cut = NULL;
    return status;
}

/* All cuts of the lines as one shape; NULL where there is none. */
static eb_status all_cuts(cutter *c, eb_geos *geos, const eb_env *env, eb_shape **out, eb_error *err)
{
    size_t ends = eb_corridor_near_end_count(c->near), count = 0;
    eb_shape **cuts = calloc(ends + 2, sizeof(eb_shape *));
    eb_status status = cuts ? EB_OK : eb_error_memory(err);
    *out = NULL;
    for (size_t i = 0; status == EB_OK && i < ends; i++) {
        c->rays.end = eb_corridor_near_end_at(c->near, i);
        status = eb_env_check(env, err);
        if (status == EB_OK) status = cut_end(c, geos, &cuts[count], err);
        if (cuts[count]) count++;
        eb_env_progress(env, "ends", (double)(i + 1), (double)ends);
    }
    if (status == EB_OK) status = seam_area(c, geos, &cuts[count], err);
    if (cuts && cuts[count]) count++;
    if (status == EB_OK && count > 0) status = eb_shape_union_all(geos, cuts, count, out, err);
    for (size_t i = 0; cuts && i < count; i++) eb_shape_free(geos, cuts[i]);
    free(cuts);
    return status;
}

/* Is a part of what is left a sliver of what should have gone? */
static eb_status is_leftover(const cutter *c, eb_geos *geos, const eb_shape *part, bool *out, eb_error *err)
{
    double x, y, lon, lat;
    bool wanted = true;
    *out = false;
    if (eb_shape_area(geos, part) > c->spec->tolerance_m * eb_shape_length(geos, part)) return EB_OK;
    eb_status status = eb_shape_point_inside(geos, part, &x, &y, err);
    if (status != EB_OK) return status;
    eb_plane_inverse(&c->lines->plane, x, y, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(c->near, lon, lat);
    status = eb_corridor_near_gather(c->near, &place, 1, 1.1 * c->spec->width_m + 10, err);
    if (status == EB_OK) status = eb_corridor_near_wanted(c->near, &place, c->spec, &wanted, err);
    *out = !wanted;
    return status;
}

/* A shape without its leftovers. */
static eb_status without_leftovers(const cutter *c, eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    size_t count = eb_shape_part_count(geos, shape), kept = 0;
    eb_shape **parts = calloc(count + 1, sizeof(eb_shape *));
    eb_status status = parts ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < count; i++) {
        const eb_shape *part = eb_shape_part_at(geos, shape, i);
        bool leftover = false;
        status = is_leftover(c, geos, part, &leftover, err);
        if (status == EB_OK && !leftover) status = eb_shape_copy(geos, part, &parts[kept++], err);
    }
    if (status == EB_OK)
        status = eb_shape_collect(geos, parts, kept, out, err);
    else
        for (size_t i = 0; parts && i < kept; i++) eb_shape_free(geos, parts[i]);
    free(parts);
    return status;
}

/* What is left of a shape without the cuts; the shape itself where there are none. Consumes both, also on failure. */
static eb_status take_out(const cutter *c, eb_geos *geos, eb_shape *cuts_take, eb_shape *shape_take, eb_shape **out, eb_error *err)
{
    eb_shape *left = NULL, *areal = NULL;
    if (!cuts_take) {
        *out = shape_take;
        return EB_OK;
    }
    eb_status status = eb_shape_overlay(geos, shape_take, cuts_take, EB_OP_DIFFERENCE, &left, err);
    eb_shape_free(geos, cuts_take);
    eb_shape_free(geos, shape_take);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, left, 2, &areal, err);
    if (status == EB_OK) status = without_leftovers(c, geos, areal, out, err);
    eb_shape_free(geos, areal);
    return status;
}

eb_status eb_corridor_cut_ends(const eb_corridor_lines *lines, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos,
                               const eb_env *env, eb_shape *shape_take, eb_shape **out, eb_error *err)
{
    eb_corridor_rays rays = {
        .lines = lines, .near = near, .tolerance_m = spec->tolerance_m, .most_m = 1.02 * spec->width_m + 4 * spec->tolerance_m};
    cutter c = {.rays = rays, .lines = lines, .near = near, .spec = spec};
    eb_shape *cuts = NULL;
    *out = NULL;
    eb_corridor_add_head(&c.seams, EB_SHAPE_MULTILINE, 0);
    eb_status status = all_cuts(&c, geos, env, &cuts, err);
    free(c.rays.rays);
    free(c.seams.data);
    if (status == EB_OK) return take_out(&c, geos, cuts, shape_take, out, err);
    eb_shape_free(geos, cuts);
    eb_shape_free(geos, shape_take);
    return status;
}
