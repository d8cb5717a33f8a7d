/*
 * Many shapes become one, and the pinholes that rounding leaves are closed.
 */
#include "analysis/corridor/corridor.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 32 };

double eb_corridor_least_hole(const eb_corridor_spec *spec)
{
    double radius = fmin(spec->tolerance_m, spec->width_m / 20) / 4;
    return 3.14159265358979323846 * radius * radius;
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

static double ring_area(const eb_wkb_part *ring)
{
    double twice = 0, x0, y0;
    eb_wkb_xy(ring, 0, &x0, &y0);
    for (size_t i = 0; i + 1 < ring->count; i++) {
        double x, y, nx, ny;
        eb_wkb_xy(ring, i, &x, &y);
        eb_wkb_xy(ring, i + 1, &nx, &ny);
        twice += (x - x0) * (ny - y0) - (nx - x0) * (y - y0);
    }
    return fabs(twice) / 2;
}

static bool has_pinhole(eb_wkb shape, double least)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    for (eb_wkb_begin(&walk, shape); eb_wkb_next(&walk, &part);) {
        if (part.ring > 0 && part.count > 0 && ring_area(&part) < least) return true;
    }
    return false;
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

/* The shape without its pinholes. */
static eb_status without_pinholes(eb_geos *geos, eb_wkb shape, double least, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    size_t polygons = 0, rings = 0, rings_at = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTIPOLYGON, 0);
    size_t polygons_at = bytes.size - 4;
    for (eb_wkb_begin(&walk, shape); eb_wkb_next(&walk, &part);) {
        if (part.ring == 0) {
            eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 0);
            rings_at = bytes.size - 4;
            rings = 0;
            polygons++;
        } else if (ring_area(&part) < least) {
            continue;
        }
        add_ring(&bytes, &part);
        eb_corridor_patch(&bytes, rings_at, ++rings);
    }
    eb_corridor_patch(&bytes, polygons_at, polygons);
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, out, err);
    free(bytes.data);
    return status;
}

static eb_status close_pinholes(eb_geos *geos, eb_shape *shape_take, double least, eb_shape **out, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    *out = NULL;
    eb_status status = eb_shape_write(geos, shape_take, &data, &size, err);
    if (status == EB_OK && !has_pinhole((eb_wkb){data, size}, least)) {
        *out = shape_take;
        shape_take = NULL;
    } else if (status == EB_OK) {
        status = without_pinholes(geos, (eb_wkb){data, size}, least, out, err);
    }
    eb_shape_free(geos, shape_take);
    free(data);
    return status;
}

eb_status eb_corridor_union(eb_geos *geos, eb_shape **shapes_take, size_t count, double least_hole_m2, const eb_env *env, eb_shape **out,
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
    return status == EB_OK ? close_pinholes(geos, areal, least_hole_m2, out, err) : status;
}
