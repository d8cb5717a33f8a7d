#include "geom/rings.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_rings_clear(eb_rings *rings)
{
    free(rings->xy);
    free(rings->rings);
    *rings = (eb_rings){0};
}

/* Twice the signed area of the points, relative to the first one so that large coordinates cost no digits. */
static double twice_area(const double *xy, size_t count)
{
    double x0 = xy[0], y0 = xy[1], sum = 0;
    for (size_t i = 1; i + 1 < count; i++) sum += (xy[2 * i] - x0) * (xy[2 * i + 3] - y0) - (xy[2 * i + 2] - x0) * (xy[2 * i + 1] - y0);
    return sum;
}

static void reverse(double *xy, size_t count)
{
    for (size_t i = 0, j = count - 1; i < j; i++, j--) {
        double x = xy[2 * i], y = xy[2 * i + 1];
        xy[2 * i] = xy[2 * j];
        xy[2 * i + 1] = xy[2 * j + 1];
        xy[2 * j] = x;
        xy[2 * j + 1] = y;
    }
}

/* Copies the points of a ring without repeats; returns how many, or SIZE_MAX where a number is not finite. */
static size_t copy_points(double *xy, const eb_wkb_part *part)
{
    size_t count = 0;
    for (size_t i = 0; i < part->count; i++) {
        double x, y;
        eb_wkb_xy(part, i, &x, &y);
        if (!isfinite(x) || !isfinite(y)) return SIZE_MAX;
        if (count > 0 && xy[2 * count - 2] == x && xy[2 * count - 1] == y) continue;
        xy[2 * count] = x;
        xy[2 * count + 1] = y;
        count++;
    }
    while (count > 1 && xy[0] == xy[2 * count - 2] && xy[1] == xy[2 * count - 1]) count--;
    return count;
}

static eb_status add_ring(eb_rings *rings, const eb_wkb_part *part, eb_error *err)
{
    if (!eb_array_reserve(&rings->xy, &rings->capacity, rings->points + part->count, 2 * sizeof(double)) ||
        !eb_array_reserve(&rings->rings, &rings->ring_capacity, rings->count + 1, sizeof *rings->rings))
        return eb_error_memory(err);
    double *xy = rings->xy + 2 * rings->points;
    size_t count = copy_points(xy, part);
    if (count == SIZE_MAX) return eb_error_set(err, EB_REFUSED, "a coordinate of the shape is not a finite number");
    double twice = count < 3 ? 0 : twice_area(xy, count);
    if (twice == 0) {
        rings->degenerate = true;
        return EB_OK;
    }
    bool hole = part->ring > 0;
    if ((twice < 0) != hole) reverse(xy, count);
    rings->area += (hole ? -0.5 : 0.5) * fabs(twice);
    rings->rings[rings->count++] = (eb_ring){.first = rings->points, .count = count, .polygon = part->polygon, .hole = hole};
    rings->points += count;
    return EB_OK;
}

static void find_box(eb_rings *rings)
{
    double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    for (size_t i = 0; i < rings->points; i++) {
        double x = rings->xy[2 * i], y = rings->xy[2 * i + 1];
        west = x < west ? x : west;
        east = x > east ? x : east;
        south = y < south ? y : south;
        north = y > north ? y : north;
    }
    rings->box[0] = west, rings->box[1] = south, rings->box[2] = east, rings->box[3] = north;
}

eb_status eb_rings_read(eb_rings *rings, eb_wkb shape, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    rings->points = rings->count = 0;
    rings->area = 0;
    rings->degenerate = false;
    eb_wkb_begin(&walk, shape);
    while (status == EB_OK && eb_wkb_next(&walk, &part))
        if (part.kind == EB_SHAPE_POLYGON && part.count > 0) status = add_ring(rings, &part, err);
    if (status == EB_OK && eb_wkb_bad(&walk)) status = eb_error_set(err, EB_REFUSED, "the bytes of the shape are broken or cut short");
    find_box(rings);
    return status;
}

eb_status eb_rings_read_shape(eb_rings *rings, eb_geos *geos, const eb_shape *shape, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_rings_read(rings, (eb_wkb){data, size}, err);
    free(data);
    return status;
}
