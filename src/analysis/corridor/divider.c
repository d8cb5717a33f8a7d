/* What both parts of the division use: how places of the plane see the sides, the pieces that are kept, and the refusal. */
#include "analysis/corridor/divide.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* The angle at a place between the ways to two others, against their distance in space: more for the Earth is round. */
static const double WIDER = 1.1;

eb_status eb_corridor_divider_distances(const eb_corridor_divider *d, double x, double y, double slack_m, double doubt_m,
                                        eb_corridor_sides *out, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, x, y, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(d->near, lon, lat);
    return eb_corridor_near_sides(d->near, &place, slack_m, doubt_m, d->parts, out, err);
}

eb_status eb_corridor_spot_at(const eb_corridor_divider *d, double x, double y, eb_corridor_spot *out, eb_error *err)
{
    eb_corridor_sides sides;
    eb_status status = eb_corridor_divider_distances(d, x, y, 1e-3 * d->spec->width_m, 0, &sides, err);
    /* Where only one side is within the slack the other is at least that much farther. */
    double most = 1e-3 * d->spec->width_m, lead = isinf(sides.left_m) ? -most : isinf(sides.right_m) ? most : sides.right_m - sides.left_m;
    *out = (eb_corridor_spot){x, y, d->want_left ? lead : -lead};
    return status;
}

/*
 * Moving changes a distance by no more than one goes, and the difference of two distances by no more than that times the angle between the
 * ways to both.
 */
bool eb_corridor_sides_sure(const eb_corridor_sides *sides, double r)
{
    double least = fmin(sides->left_m, sides->right_m) - r, apart = least > 0 ? fmin(WIDER * sides->spread_m / least, 2) : 2;
    return fabs(sides->left_m - sides->right_m) > apart * r;
}

bool eb_corridor_spot_wanted(const eb_corridor_divider *d, const eb_corridor_spot *s)
{
    return d->want_left ? s->lead > 0 : s->lead >= 0;
}

eb_status eb_corridor_divider_add_corner(eb_corridor_divider *d, double x, double y, eb_error *err)
{
    if (!eb_array_reserve(&d->outline, &d->outline_capacity, d->outline_count + 1, sizeof *d->outline)) return eb_error_memory(err);
    d->outline[d->outline_count][0] = x;
    d->outline[d->outline_count++][1] = y;
    return EB_OK;
}

eb_status eb_corridor_divider_keep_outline(eb_corridor_divider *d, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    size_t count = d->outline_count;
    if (count < 3) return EB_OK;
    if (!eb_array_reserve(&d->pieces, &d->capacity, d->count + 1, sizeof *d->pieces)) return eb_error_memory(err);
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    eb_corridor_add_count(&bytes, count + 1);
    for (size_t i = 0; i <= count; i++) eb_corridor_add_xy(&bytes, d->outline[i % count][0], d->outline[i % count][1]);
    eb_status status =
        bytes.failed ? eb_error_memory(err) : eb_shape_read(d->geos, (eb_wkb){bytes.data, bytes.size}, &d->pieces[d->count], err);
    if (status == EB_OK) d->count++;
    free(bytes.data);
    return status;
}

void eb_corridor_square_corner(const eb_corridor_square *s, int k, double *x, double *y)
{
    *x = s->x + (k == 1 || k == 2 ? s->size : 0);
    *y = s->y + (k == 2 || k == 3 ? s->size : 0);
}

eb_status eb_corridor_divider_keep_square(eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    eb_status status = EB_OK;
    d->outline_count = 0;
    for (int k = 0; status == EB_OK && k < 4; k++) {
        double x, y;
        eb_corridor_square_corner(s, k, &x, &y);
        status = eb_corridor_divider_add_corner(d, x, y, err);
    }
    return status == EB_OK ? eb_corridor_divider_keep_outline(d, err) : status;
}

eb_status eb_corridor_divider_say_where(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, s->x + s->size / 2, s->y + s->size / 2, &lon, &lat);
    eb_error_at(err, lon, lat);
    eb_error_hint(err, "draw every line once, or take both sides");
    return EB_REFUSED;
}

eb_status eb_corridor_divider_refuse(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "a line runs back over itself or along another one: left of the one is right of the other");
    return eb_corridor_divider_say_where(d, s, err);
}
