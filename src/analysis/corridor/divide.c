/*
 * Where both sides of the lines are equally near. A square is given to one side when that side is nearer all over it: moving by r changes
 * no distance by more than r, so it is enough that at its middle the other side is farther by twice its half diagonal, and by less where
 * all of the lines that may be nearest lies close together and far away. Else it is quartered, down to an eighth of the distance of the
 * lines. Whatever is of a side reaches straight to its line, so all that such a small square holds of a side comes in over its rim: the rim
 * is halved in the same way until every change of sides on it is known to an eighth of the tolerance. Where there are two, the sides part
 * along a curve from the one to the other, which is followed to a quarter of the tolerance; a square with more changes, or a curve that
 * turns back on itself (the point of a wedge), is quartered further. A square that holds a piece of one line, with nothing else nearly as
 * near, is cut by the line.
 *
 * Round a line that turns back on itself, or was drawn twice the other way round, both sides are equally near not along a curve but all
 * over: what is left there nobody can say, and such lines are refused. So are lines that run so close to one another, for so long, that
 * squares of the tolerance would be needed all along them.
 */
#include "analysis/corridor/divide.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* The second is some times what tangles of lines need that can be told apart. */
enum { MOST_DEPTH = 40, MOST_SQUARES = 250000 };

/* A lead up to this is rounding. */
static const double TIE_M = 1e-6;

/* --- squares ----------------------------------------------------------------------------------------------------------------------- */

static eb_status meets_face(const eb_corridor_divider *d, const eb_corridor_square *s, bool *out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *box = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    eb_corridor_add_count(&bytes, 5);
    for (int k = 0; k < 5; k++) {
        double x, y;
        eb_corridor_square_corner(s, k % 4, &x, &y);
        eb_corridor_add_xy(&bytes, x, y);
    }
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(d->geos, (eb_wkb){bytes.data, bytes.size}, &box, err);
    if (status == EB_OK) status = eb_prepared_relate(d->geos, d->face, box, EB_REL_INTERSECTS, out, err);
    eb_shape_free(d->geos, box);
    free(bytes.data);
    return status;
}

/* What is near a square; its parts then look at the same. */
static eb_status gather(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    eb_corridor_place places[5];
    for (int k = 0; k < 5; k++) {
        double x = s->x + s->size / 2, y = s->y + s->size / 2, lon, lat;
        if (k < 4) eb_corridor_square_corner(s, k, &x, &y);
        eb_plane_inverse(&d->lines->plane, x, y, &lon, &lat);
        places[k] = eb_corridor_place_of(d->near, lon, lat);
    }
    return eb_corridor_near_gather(d->near, places, 5, 1.1 * d->spec->width_m + 2 * s->size, err);
}

/* Nearly back over itself: both sides are as good as equally near over wide land, and each square metre of it would have to be looked at.
 */
static eb_status refuse_endless(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    eb_error_set(err, EB_REFUSED, "a line runs back so closely beside itself or another one that their sides are hardly told apart");
    return eb_corridor_divider_say_where(d, s, err);
}

/* Is neither side nearer anywhere in the square? Then no curve parts them. */
static eb_status check_tie(const eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    enum { STEPS = 4 };
    eb_corridor_spot here;
    eb_status status = EB_OK;
    for (int i = 0; status == EB_OK && i <= STEPS * (STEPS + 2); i++) {
        const int row = i / (STEPS + 1), column = i % (STEPS + 1);
        double x = s->x + s->size * column / STEPS, y = s->y + s->size * row / STEPS;
        status = eb_corridor_spot_at(d, x, y, &here, err);
        if (fabs(here.lead) > TIE_M) return status;
    }
    return status == EB_OK ? eb_corridor_divider_refuse(d, s, err) : status;
}

/* --- squares that hold a line ------------------------------------------------------------------------------------------------------ */

/* Is there only a piece of one line in and near the square? */
static eb_status holds_line(const eb_corridor_divider *d, const eb_corridor_square *s, double r, bool *out, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, s->x + s->size / 2, s->y + s->size / 2, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(d->near, lon, lat);
    return eb_corridor_near_is_run(d->near, &place, 2 * r, d->parts, out, err);
}

/* The square's outline, the line in it, and from an end of the line in or beside it straight on: all that parts the sides there. */
static eb_status cuts_of(eb_corridor_divider *d, const eb_corridor_square *s, eb_shape **out, eb_error *err)
{
    /* The line is within r = 0.75 sizes of the middle, so no place of the square is more than 2 r from it. */
    double box[4] = {s->x, s->y, s->x + s->size, s->y + s->size}, reach = 2 * s->size, x, y, nx, ny;
    eb_corridor_bytes bytes = {0};
    size_t count = 0;
    *out = NULL;
    eb_status status = eb_corridor_web_near(d->web, box, err);
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTILINE, 0);
    for (int k = 0; k < 4; k++) {
        eb_corridor_square_corner(s, k, &x, &y);
        eb_corridor_square_corner(s, (k + 1) % 4, &nx, &ny);
        eb_corridor_add_cut(&bytes, &count, x, y, nx, ny);
    }
    for (size_t i = 0; status == EB_OK && i < d->web->id_count; i++) {
        const eb_corridor_segment *g = &d->web->segments[d->web->ids[i]];
        eb_corridor_add_cut(&bytes, &count, g->ax, g->ay, g->bx, g->by);
    }
    for (size_t i = 0; i < eb_corridor_near_end_count(d->near); i++) {
        const eb_corridor_end *end = eb_corridor_near_end_at(d->near, i);
        double lon, lat;
        eb_plane_forward(&d->lines->plane, end->at.lon_deg, end->at.lat_deg, &x, &y);
        if (x < box[0] - reach || x > box[2] + reach || y < box[1] - reach || y > box[3] + reach) continue;
        eb_geodetic_direct(d->lines->geodesic, end->at.lon_deg, end->at.lat_deg, end->azimuth_deg, 3 * reach, &lon, &lat);
        eb_plane_forward(&d->lines->plane, lon, lat, &nx, &ny);
        eb_corridor_add_cut(&bytes, &count, x, y, nx, ny);
    }
    eb_corridor_patch(&bytes, 5, count);
    if (status == EB_OK) status = bytes.failed ? eb_error_memory(err) : eb_shape_read(d->geos, (eb_wkb){bytes.data, bytes.size}, out, err);
    free(bytes.data);
    return status;
}

static eb_status keep_shape(eb_corridor_divider *d, const eb_shape *shape, eb_error *err)
{
    if (!eb_array_reserve(&d->pieces, &d->capacity, d->count + 1, sizeof *d->pieces)) return eb_error_memory(err);
    eb_status status = eb_shape_copy(d->geos, shape, &d->pieces[d->count], err);
    if (status == EB_OK) d->count++;
    return status;
}

/* Of a square that a line cuts, the pieces on the side wanted. */
static eb_status cut_square(eb_corridor_divider *d, const eb_corridor_square *s, eb_error *err)
{
    eb_shape *cuts = NULL, *noded = NULL, *faces = NULL;
    eb_status status = cuts_of(d, s, &cuts, err);
    if (status == EB_OK) status = eb_shape_union_all(d->geos, &cuts, 1, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(d->geos, noded, &faces, err);
    for (size_t i = 0; status == EB_OK && i < eb_shape_part_count(d->geos, faces); i++) {
        const eb_shape *face = eb_shape_part_at(d->geos, faces, i);
        eb_corridor_spot inside;
        double x, y;
        status = eb_shape_point_inside(d->geos, face, &x, &y, err);
        if (status != EB_OK || x < s->x || x > s->x + s->size || y < s->y || y > s->y + s->size) continue;
        status = eb_corridor_spot_at(d, x, y, &inside, err);
        if (status == EB_OK && eb_corridor_spot_wanted(d, &inside)) status = keep_shape(d, face, err);
    }
    eb_shape_free(d->geos, cuts);
    eb_shape_free(d->geos, noded);
    eb_shape_free(d->geos, faces);
    return status;
}

/* Give the square to a side, or cut it, if that can be done with it as a whole. */
static eb_status settle(eb_corridor_divider *d, const eb_corridor_square *s, int depth, bool *settled, eb_error *err)
{
    double r = d->most_scale * s->size * 0.7072;
    bool meets = false;
    eb_corridor_sides sides;
    *settled = true;
    eb_status status = meets_face(d, s, &meets, err);
    if (status != EB_OK || !meets) return status;
    if (s->size > d->spec->width_m / 8) status = gather(d, s, err);
    if (status == EB_OK) status = eb_corridor_divider_distances(d, s->x + s->size / 2, s->y + s->size / 2, 2 * r, r, &sides, err);
    if (status != EB_OK) return status;
    double nearest = fmin(sides.left_m, sides.right_m);
    if (nearest > 1.02 * d->spec->width_m + r) return EB_OK; /* nothing of the corridor here */
    if (eb_corridor_sides_sure(&sides, r))
        return (sides.left_m < sides.right_m) == d->want_left ? eb_corridor_divider_keep_square(d, s, err) : EB_OK;
    bool last = s->size <= d->spec->tolerance_m / 16 || depth == 0, line = false;
    *settled = false;
    if (s->size <= d->spec->width_m / 8 && s->size > d->spec->width_m / 64) status = check_tie(d, s, err);
    if (status != EB_OK) return status;
    if (nearest < r && s->size < fmin(d->spec->width_m / 8, 3000 * sqrt(d->spec->tolerance_m))) status = holds_line(d, s, r, &line, err);
    if (status == EB_OK && line) {
        *settled = true;
        return cut_square(d, s, err);
    }
    if (status == EB_OK && (last || s->size <= nearest / 8)) status = eb_corridor_part_square(d, s, last, settled, err);
    return status;
}

static eb_status divide(eb_corridor_divider *d, const eb_corridor_square *s, int depth, eb_error *err)
{
    bool settled = false;
    eb_status status = d->visited++ < MOST_SQUARES ? eb_env_check(d->env, err) : refuse_endless(d, s, err);
    if (status == EB_OK) status = settle(d, s, depth, &settled, err);
    if (status != EB_OK) return status;
    if (settled) {
        d->done_m2 += s->size * s->size;
        eb_env_progress(d->env, "sides", d->done_m2, d->whole_m2);
    }
    for (int k = 0; status == EB_OK && !settled && k < 4; k++) {
        eb_corridor_square part = {s->x + (k & 1 ? s->size / 2 : 0), s->y + (k & 2 ? s->size / 2 : 0), s->size / 2};
        status = divide(d, &part, depth - 1, err);
    }
    return status;
}

eb_status eb_corridor_divide(eb_corridor_web *web, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env,
                             const eb_shape *face, const uint8_t *parts, eb_shape **out, eb_error *err)
{
    eb_corridor_divider d = {.web = web, .lines = web->lines, .near = near, .spec = spec, .geos = geos, .parts = parts, .env = env};
    double box[4];
    eb_prepared *prepared = NULL;
    eb_shape *squares = NULL, *both = NULL;
    *out = NULL;
    if (!eb_shape_bounds(geos, face, box)) return EB_OK;
    d.want_left = spec->part == EB_CORRIDOR_LEFT;
    /* At the angle c from the middle lengths towards it are cos(c/2) in the equal-area plane. */
    d.most_scale = 1.05 / cos(fmin((web->lines->radius_rad + 1.1 * spec->width_m / web->lines->plane.rq) / 2, 1.2));
    eb_status status = eb_prepared_new(geos, face, &prepared, err);
    d.face = prepared;
    /* Whole metres and a power of two: then all corners are exact, and squares that touch share them to the last bit. */
    eb_corridor_square root = {floor(box[0]), floor(box[1]), exp2(ceil(log2(fmax(box[2] - box[0], box[3] - box[1]) + 1)))};
    d.whole_m2 = root.size * root.size;
    if (status == EB_OK) status = divide(&d, &root, MOST_DEPTH, err);
    eb_prepared_free(geos, prepared);
    if (status == EB_OK)
        status = eb_corridor_union(geos, d.pieces, d.count, 0, NULL, &squares, err);
    else
        for (size_t i = 0; i < d.count; i++) eb_shape_free(geos, d.pieces[i]);
    free(d.pieces);
    free(d.outline);
    if (status == EB_OK) status = eb_shape_overlay(geos, face, squares, EB_OP_INTERSECTION, &both, err);
    eb_shape_free(geos, squares);
    return status == EB_OK ? eb_shape_keep_dimension(geos, both, 2, out, err) : status;
}
