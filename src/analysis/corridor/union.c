/*
 * Many shapes become one, and the pinholes that rounding leaves are closed.
 */
#include "analysis/corridor/corridor.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 32 };

static const double pi = 3.14159265358979323846;

double eb_corridor_least_hole(const eb_corridor_spec *spec)
{
    return 0.45 * fmin(spec->tolerance_m, spec->width_m / 20);
}

eb_status eb_corridor_is_thin(eb_geos *geos, const eb_shape *shape, double most_m, bool *out, eb_error *err)
{
    eb_shape *core = NULL;
    *out = false;
    /* The quick look first: a strip of that width has at most this area. */
    if (eb_shape_area(geos, shape) > most_m * eb_shape_length(geos, shape)) return EB_OK;
    eb_status status = eb_shape_buffer(geos, shape, -most_m, 2, EB_CAP_ROUND, EB_SIDE_BOTH, &core, err);
    *out = status == EB_OK && (!core || !(eb_shape_area(geos, core) > 0));
    eb_shape_free(geos, core);
    return status;
}

/* One round: blocks of neighbours become one shape each. @p done and @p rounds: of the rounds. */
static eb_status union_round(eb_geos *geos, eb_shape **shapes, size_t *count, double done, double rounds, const eb_env *env, eb_error *err)
{
    size_t made = 0;
    eb_status status = EB_OK;
    for (size_t i = 0; i < *count; i += BLOCK) {
        size_t n = *count - i < BLOCK ? *count - i : BLOCK;
        eb_shape *whole = NULL;
        if (status == EB_OK) status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_shape_union_all(geos, shapes + i, n, &whole, err);
        for (size_t k = i; k < i + n; k++) eb_shape_free(geos, shapes[k]);
        if (whole) shapes[made++] = whole;
        eb_env_progress(env, "union", done + (double)(i + n) / (double)*count, rounds);
    }
    *count = made;
    return status;
}

/* Rounds until one shape is left. */
static double rounds_for(size_t count)
{
    double rounds = 1;
    for (; count > BLOCK; rounds++) count = (count + BLOCK - 1) / BLOCK;
    return rounds;
}

static double ring_area(const eb_wkb_part *ring, double *length)
{
    double twice = 0, x0, y0;
    *length = 0;
    eb_wkb_xy(ring, 0, &x0, &y0);
    for (size_t i = 0; i + 1 < ring->count; i++) {
        double x, y, nx, ny;
        eb_wkb_xy(ring, i, &x, &y);
        eb_wkb_xy(ring, i + 1, &nx, &ny);
        twice += (x - x0) * (ny - y0) - (nx - x0) * (y - y0);
        *length += hypot(nx - x, ny - y);
    }
    return fabs(twice) / 2;
}

static void add_ring(eb_corridor_bytes *bytes, const eb_wkb_part *ring)
{
    eb_corridor_add_count(bytes, ring->count);
    for (size_t i = 0; i < ring->count; i++) {
        double x, y;
        eb_wkb_xy(ring, i, &x, &y);
        eb_corridor_add_xy(bytes, x, y);
    }
}

/* Is a ring too thin for a disc? Few rings are so long for their area that it takes more than a look. */
static eb_status is_pinhole(eb_geos *geos, const eb_wkb_part *ring, double radius_m, bool *out, eb_error *err)
{
    double length, area = ring_area(ring, &length);
    eb_corridor_bytes bytes = {0};
    eb_shape *shape = NULL;
    *out = area < pi * radius_m * radius_m;
    if (*out || area > radius_m * length) return EB_OK;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    add_ring(&bytes, ring);
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &shape, err);
    if (status == EB_OK) status = eb_corridor_is_thin(geos, shape, radius_m, out, err);
    eb_shape_free(geos, shape);
    free(bytes.data);
    return status;
}

/* The shape without its pinholes; *out is NULL where it has none. */
static eb_status without_pinholes(eb_geos *geos, eb_wkb shape, double radius_m, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    size_t polygons = 0, rings = 0, rings_at = 0, dropped = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    *out = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTIPOLYGON, 0);
    for (eb_wkb_begin(&walk, shape); status == EB_OK && eb_wkb_next(&walk, &part);) {
        bool pinhole = false;
        if (part.ring == 0) {
            eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 0);
            rings_at = bytes.size - 4;
            rings = 0;
            polygons++;
        } else if (part.count > 0) {
            status = is_pinhole(geos, &part, radius_m, &pinhole, err);
        }
        dropped += pinhole;
        if (pinhole) continue;
        add_ring(&bytes, &part);
        eb_corridor_patch(&bytes, rings_at, ++rings);
    }
    eb_corridor_patch(&bytes, 5, polygons);
    if (status == EB_OK && bytes.failed) status = eb_error_memory(err);
    if (status == EB_OK && dropped > 0) status = eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, out, err);
    free(bytes.data);
    return status;
}

static eb_status close_pinholes(eb_geos *geos, eb_shape *shape_take, double radius_m, eb_shape **out, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    *out = NULL;
    eb_status status = radius_m > 0 ? eb_shape_write(geos, shape_take, &data, &size, err) : EB_OK;
    if (status == EB_OK && radius_m > 0) status = without_pinholes(geos, (eb_wkb){data, size}, radius_m, out, err);
    if (status == EB_OK && !*out)
        *out = shape_take;
    else
        eb_shape_free(geos, shape_take);
    free(data);
    return status;
}

eb_status eb_corridor_union(eb_geos *geos, eb_shape **shapes_take, size_t count, double least_hole_m, const eb_env *env, eb_shape **out,
                            eb_error *err)
{
    *out = NULL;
    eb_status status = EB_OK;
    double done = 0, rounds = rounds_for(count);
    if (count == 0) return eb_shape_from_text(geos, "MULTIPOLYGON EMPTY", out, err);
    do {
        status = union_round(geos, shapes_take, &count, done++, rounds, env, err);
    } while (status == EB_OK && count > 1);
    if (status != EB_OK || count == 0) {
        for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes_take[i]);
        return status != EB_OK ? status : eb_error_set(err, EB_INTERNAL, "a union of shapes came to nothing");
    }
    eb_shape *areal = NULL;
    status = eb_shape_keep_dimension(geos, shapes_take[0], 2, &areal, err);
    return status == EB_OK ? close_pinholes(geos, areal, least_hole_m, out, err) : status;
}
