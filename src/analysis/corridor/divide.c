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
#include "analysis/corridor/sides.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_DEPTH = 40, MOST_CHANGES = 2, MOST_HALVINGS = 60, CURVE_DEPTH = 12, MOST_LAST = 20000 };

/* A lead up to this is rounding. */
static const double TIE_M = 1e-6;

/* The angle at a place between the ways to two others, against their distance in space: more for the Earth is round. */
static const double WIDER = 1.1;

typedef struct divider {
    eb_corridor_web *web;
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
    const eb_corridor_spec *spec;
    eb_geos *geos;
    const eb_prepared *face;
    const uint8_t *parts;
    const eb_env *env;
    double whole_m2, done_m2; /* of the square round the face */
    double most_scale;        /* metres on the ground a metre of the plane, at most */
    bool want_left;
    size_t last_count; /* squares that could not be quartered further */
    eb_shape **pieces;
    size_t count, capacity;
    double (*outline)[2]; /* of the piece in hand */
    size_t outline_count, outline_capacity;
} divider;

/* A place, and how much nearer the side wanted is there (negative: farther). */
typedef struct spot {
    double x, y, lead;
} spot;

typedef struct square {
    double x, y, size; /* lower left corner */
} square;

/* Where the sides change on the rim of a square, in order round it from the lower left corner. */
typedef struct rim {
    size_t count; /* may be more than are kept */
    struct {
        spot before, after;
        int side; /* of the square: 0 to 3 */
    } changes[MOST_CHANGES];
} rim;

static eb_status distances(const divider *d, double x, double y, double slack_m, double doubt_m, eb_corridor_sides *out, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, x, y, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(d->near, lon, lat);
    return eb_corridor_near_sides(d->near, &place, slack_m, doubt_m, d->parts, out, err);
}

static eb_status spot_at(const divider *d, double x, double y, spot *out, eb_error *err)
{
    eb_corridor_sides sides;
    eb_status status = distances(d, x, y, 1e-3 * d->spec->width_m, 0, &sides, err);
    /* Where only one side is within the slack the other is at least that much farther. */
    double most = 1e-3 * d->spec->width_m, lead = isinf(sides.left_m) ? -most : isinf(sides.right_m) ? most : sides.right_m - sides.left_m;
    *out = (spot){x, y, d->want_left ? lead : -lead};
    return status;
}

/*
 * Is one side nearer at all places within @p r of one, of which the slack and the doubt were taken? Moving changes a distance by no more
 * than one goes, and the difference of two distances by no more than that times the angle between the ways to both.
 */
static bool is_sure(const eb_corridor_sides *sides, double r)
{
    double least = fmin(sides->left_m, sides->right_m) - r, apart = least > 0 ? fmin(WIDER * sides->spread_m / least, 2) : 2;
    return fabs(sides->left_m - sides->right_m) > apart * r;
}

static bool wanted(const divider *d, const spot *s)
{
    return d->want_left ? s->lead > 0 : s->lead >= 0;
}

/* --- pieces ------------------------------------------------------------------------------------------------------------------------ */

static eb_status add_corner(divider *d, double x, double y, eb_error *err)
{
    if (!eb_array_reserve(&d->outline, &d->outline_capacity, d->outline_count + 1, sizeof *d->outline)) return eb_error_memory(err);
    d->outline[d->outline_count][0] = x;
    d->outline[d->outline_count++][1] = y;
    return EB_OK;
}

static eb_status keep_outline(divider *d, eb_error *err)
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

static void corner_of(const square *s, int k, double *x, double *y)
{
    *x = s->x + (k == 1 || k == 2 ? s->size : 0);
    *y = s->y + (k == 2 || k == 3 ? s->size : 0);
}

static eb_status keep_square(divider *d, const square *s, eb_error *err)
{
    eb_status status = EB_OK;
    d->outline_count = 0;
    for (int k = 0; status == EB_OK && k < 4; k++) {
        double x, y;
        corner_of(s, k, &x, &y);
        status = add_corner(d, x, y, err);
    }
    return status == EB_OK ? keep_outline(d, err) : status;
}

/* The spot between two of different sides where the sides change: false position with the stale end's lead halved (Illinois). */
static eb_status change_between(const divider *d, spot a, spot b, spot *out, eb_error *err)
{
    double enough = d->spec->tolerance_m / 50;
    eb_status status = EB_OK;
    *out = a;
    for (int i = 0; status == EB_OK && i < MOST_HALVINGS && hypot(b.x - a.x, b.y - a.y) > enough; i++) {
        double t = a.lead != b.lead ? a.lead / (a.lead - b.lead) : 0.5;
        if (!(t > 0.01 && t < 0.99) || i % 4 == 3) t = 0.5;
        status = spot_at(d, a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), out, err);
        if (wanted(d, out) == wanted(d, &a)) {
            a = *out;
            b.lead /= 2;
        } else {
            b = *out;
            a.lead /= 2;
        }
    }
    return status;
}

/* Does the curve where the sides part cross the chord's perpendicular at a share of it, and where? */
static eb_status curve_beside(const divider *d, const spot *a, const spot *b, double share, double reach, bool *there, spot *out,
                              eb_error *err)
{
    double dx = b->x - a->x, dy = b->y - a->y;
    spot ends[2];
    eb_status status = EB_OK;
    for (int k = 0; status == EB_OK && k < 2; k++) {
        double off = k ? reach : -reach;
        status = spot_at(d, a->x + share * dx - off * dy, a->y + share * dy + off * dx, &ends[k], err);
    }
    *there = status == EB_OK && wanted(d, &ends[0]) != wanted(d, &ends[1]);
    return *there && out ? change_between(d, ends[0], ends[1], out, err) : status;
}

/* Is the chord the curve, where it was not looked at yet? */
static eb_status chord_holds(const divider *d, const spot *a, const spot *b, bool *holds, eb_error *err)
{
    double chord = hypot(b->x - a->x, b->y - a->y), near = d->spec->tolerance_m / 2;
    eb_status status = EB_OK;
    *holds = true;
    for (int k = 0; status == EB_OK && *holds && chord > 2 * near && k < 2; k++)
        status = curve_beside(d, a, b, k ? 0.75 : 0.25, near / chord, holds, NULL, err);
    return status;
}

/*
 * From one change to another along the curve where the sides part: the corners between, the ends left out. *found is made false where the
 * curve is not beside its chord.
 */
static eb_status follow_curve(divider *d, const spot *a, const spot *b, int depth, bool *found, eb_error *err)
{
    double x = (a->x + b->x) / 2, y = (a->y + b->y) / 2, chord = hypot(b->x - a->x, b->y - a->y);
    bool holds = false, there = true;
    spot middle;
    if (chord <= d->spec->tolerance_m / 4) return EB_OK;
    eb_status status = curve_beside(d, a, b, 0.5, 0.5, &there, &middle, err);
    if (!there) *found = false;
    if (status != EB_OK || !there) return status;
    if (hypot(middle.x - x, middle.y - y) <= d->spec->tolerance_m / 4) status = chord_holds(d, a, b, &holds, err);
    if (status != EB_OK || holds) return status;
    if (depth == 0) *found = false;
    if (depth == 0) return EB_OK;
    status = follow_curve(d, a, &middle, depth - 1, found, err);
    if (status == EB_OK) status = add_corner(d, middle.x, middle.y, err);
    return status == EB_OK ? follow_curve(d, &middle, b, depth - 1, found, err) : status;
}

/* The changes on a part of the rim: halved until one side is nearer all along it, or nothing that counts is left of it. */
static eb_status scan_rim(const divider *d, const spot *a, const spot *b, int side, rim *found, eb_error *err)
{
    double length = hypot(b->x - a->x, b->y - a->y), r = d->most_scale * length / 2, x = (a->x + b->x) / 2, y = (a->y + b->y) / 2;
    eb_corridor_sides sides;
    spot middle;
    if (length > d->spec->tolerance_m / 8) {
        eb_status status = distances(d, x, y, 2 * r, r, &sides, err);
        if (status != EB_OK || is_sure(&sides, r)) return status;
        status = spot_at(d, x, y, &middle, err);
        if (status == EB_OK) status = scan_rim(d, a, &middle, side, found, err);
        return status == EB_OK && found->count <= MOST_CHANGES ? scan_rim(d, &middle, b, side, found, err) : status;
    }
    if (wanted(d, a) == wanted(d, b)) return EB_OK;
    if (found->count < MOST_CHANGES) {
        found->changes[found->count].before = *a;
        found->changes[found->count].after = *b;
        found->changes[found->count].side = side;
    }
    found->count++;
    return EB_OK;
}

/* Where the sides change on the way round a square. */
static eb_status look_round(const divider *d, const square *s, rim *found, eb_error *err)
{
    spot corners[5];
    eb_status status = EB_OK;
    *found = (rim){0};
    for (int k = 0; status == EB_OK && k < 5; k++) {
        double x, y;
        corner_of(s, k % 4, &x, &y);
        status = spot_at(d, x, y, &corners[k], err);
    }
    for (int k = 0; status == EB_OK && found->count <= MOST_CHANGES && k < 4; k++)
        status = scan_rim(d, &corners[k], &corners[k + 1], k, found, err);
    return status;
}

/* The wanted part of a square that the sides enter and leave once: from the change to the wanted side round to the change back. */
static eb_status keep_part(divider *d, const square *s, const rim *r, bool *found, eb_error *err)
{
    int first = wanted(d, &r->changes[0].after) ? 0 : 1, last = 1 - first;
    int corners = (r->changes[last].side - r->changes[first].side + 4) % 4;
    if (corners == 0 && first > last) corners = 4; /* all the way round */
    spot in, out;
    *found = true;
    d->outline_count = 0;
    eb_status status = change_between(d, r->changes[first].before, r->changes[first].after, &in, err);
    if (status == EB_OK) status = add_corner(d, in.x, in.y, err);
    for (int k = 1; status == EB_OK && k <= corners; k++) {
        double x, y;
        corner_of(s, (r->changes[first].side + k) % 4, &x, &y);
        status = add_corner(d, x, y, err);
    }
    if (status == EB_OK) status = change_between(d, r->changes[last].before, r->changes[last].after, &out, err);
    if (status == EB_OK) status = add_corner(d, out.x, out.y, err);
    return status == EB_OK ? follow_curve(d, &out, &in, CURVE_DEPTH, found, err) : status;
}

/* --- squares ----------------------------------------------------------------------------------------------------------------------- */

static eb_status meets_face(const divider *d, const square *s, bool *out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *box = NULL;
    eb_corridor_add_head(&bytes, EB_SHAPE_POLYGON, 1);
    eb_corridor_add_count(&bytes, 5);
    for (int k = 0; k < 5; k++) {
        double x, y;
        corner_of(s, k % 4, &x, &y);
        eb_corridor_add_xy(&bytes, x, y);
    }
    eb_status status = bytes.failed ? eb_error_memory(err) : eb_shape_read(d->geos, (eb_wkb){bytes.data, bytes.size}, &box, err);
    if (status == EB_OK) status = eb_prepared_relate(d->geos, d->face, box, EB_REL_INTERSECTS, out, err);
    eb_shape_free(d->geos, box);
    free(bytes.data);
    return status;
}

/* What is near a square; its parts then look at the same. */
static eb_status gather(const divider *d, const square *s, eb_error *err)
{
    eb_corridor_place places[5];
    for (int k = 0; k < 5; k++) {
        double x = s->x + s->size / 2, y = s->y + s->size / 2, lon, lat;
        if (k < 4) corner_of(s, k, &x, &y);
        eb_plane_inverse(&d->lines->plane, x, y, &lon, &lat);
        places[k] = eb_corridor_place_of(d->near, lon, lat);
    }
    return eb_corridor_near_gather(d->near, places, 5, 1.1 * d->spec->width_m + 2 * s->size, err);
}

static eb_status refuse(const divider *d, const square *s, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, s->x + s->size / 2, s->y + s->size / 2, &lon, &lat);
    eb_error_set(err, EB_REFUSED, "a line runs back over itself or along another one: left of the one is right of the other");
    eb_error_at(err, lon, lat);
    eb_error_hint(err, "draw every line once, or take both sides");
    return EB_REFUSED;
}

/* Is neither side nearer anywhere in the square? Then no curve parts them. */
static eb_status check_tie(const divider *d, const square *s, eb_error *err)
{
    enum { STEPS = 4 };
    spot here;
    eb_status status = EB_OK;
    for (int i = 0; status == EB_OK && i <= STEPS * (STEPS + 2); i++) {
        const int row = i / (STEPS + 1), column = i % (STEPS + 1);
        double x = s->x + s->size * column / STEPS, y = s->y + s->size * row / STEPS;
        status = spot_at(d, x, y, &here, err);
        if (fabs(here.lead) > TIE_M) return status;
    }
    return status == EB_OK ? refuse(d, s, err) : status;
}

/* A square at the parting of the sides: its part, or *done false where it must be quartered. */
static eb_status part_square(divider *d, const square *s, bool last, bool *done, eb_error *err)
{
    rim round;
    spot middle;
    bool found = false;
    *done = true;
    eb_status status = last && ++d->last_count > MOST_LAST ? refuse(d, s, err) : look_round(d, s, &round, err);
    if (status == EB_OK && round.count == MOST_CHANGES) status = keep_part(d, s, &round, &found, err);
    if (status != EB_OK) return status;
    if (round.count == MOST_CHANGES && (found || last)) return keep_outline(d, err);
    *done = round.count == 0 || last;
    if (!*done) return EB_OK;
    status = spot_at(d, s->x + s->size / 2, s->y + s->size / 2, &middle, err);
    return status == EB_OK && wanted(d, &middle) ? keep_square(d, s, err) : status;
}

/* --- squares that hold a line ------------------------------------------------------------------------------------------------------ */

/* Is there only a piece of one line in and near the square? */
static eb_status holds_line(const divider *d, const square *s, double r, bool *out, eb_error *err)
{
    double lon, lat;
    eb_plane_inverse(&d->lines->plane, s->x + s->size / 2, s->y + s->size / 2, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(d->near, lon, lat);
    return eb_corridor_near_is_run(d->near, &place, 2 * r, d->parts, out, err);
}

/* The square's outline, the line in it, and from an end of the line in or beside it straight on: all that parts the sides there. */
static eb_status cuts_of(divider *d, const square *s, eb_shape **out, eb_error *err)
{
    /* The line is within r = 0.75 sizes of the middle, so no place of the square is more than 2 r from it. */
    double box[4] = {s->x, s->y, s->x + s->size, s->y + s->size}, reach = 2 * s->size, x, y, nx, ny;
    eb_corridor_bytes bytes = {0};
    size_t count = 0;
    *out = NULL;
    eb_status status = eb_corridor_web_near(d->web, box, err);
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTILINE, 0);
    for (int k = 0; k < 4; k++) {
        corner_of(s, k, &x, &y);
        corner_of(s, (k + 1) % 4, &nx, &ny);
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

static eb_status keep_shape(divider *d, const eb_shape *shape, eb_error *err)
{
    if (!eb_array_reserve(&d->pieces, &d->capacity, d->count + 1, sizeof *d->pieces)) return eb_error_memory(err);
    eb_status status = eb_shape_copy(d->geos, shape, &d->pieces[d->count], err);
    if (status == EB_OK) d->count++;
    return status;
}

/* Of a square that a line cuts, the pieces on the side wanted. */
static eb_status cut_square(divider *d, const square *s, eb_error *err)
{
    eb_shape *cuts = NULL, *noded = NULL, *faces = NULL;
    eb_status status = cuts_of(d, s, &cuts, err);
    if (status == EB_OK) status = eb_shape_union_all(d->geos, &cuts, 1, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(d->geos, noded, &faces, err);
    for (size_t i = 0; status == EB_OK && i < eb_shape_part_count(d->geos, faces); i++) {
        const eb_shape *face = eb_shape_part_at(d->geos, faces, i);
        spot inside;
        double x, y;
        status = eb_shape_point_inside(d->geos, face, &x, &y, err);
        if (status != EB_OK || x < s->x || x > s->x + s->size || y < s->y || y > s->y + s->size) continue;
        status = spot_at(d, x, y, &inside, err);
        if (status == EB_OK && wanted(d, &inside)) status = keep_shape(d, face, err);
    }
    eb_shape_free(d->geos, cuts);
    eb_shape_free(d->geos, noded);
    eb_shape_free(d->geos, faces);
    return status;
}

/* Give the square to a side, or cut it, if that can be done with it as a whole. */
static eb_status settle(divider *d, const square *s, int depth, bool *settled, eb_error *err)
{
    double r = d->most_scale * s->size * 0.7072;
    bool meets = false;
    eb_corridor_sides sides;
    *settled = true;
    eb_status status = meets_face(d, s, &meets, err);
    if (status != EB_OK || !meets) return status;
    if (s->size > d->spec->width_m / 8) status = gather(d, s, err);
    if (status == EB_OK) status = distances(d, s->x + s->size / 2, s->y + s->size / 2, 2 * r, r, &sides, err);
    if (status != EB_OK) return status;
    double nearest = fmin(sides.left_m, sides.right_m);
    if (nearest > 1.02 * d->spec->width_m + r) return EB_OK; /* nothing of the corridor here */
    if (is_sure(&sides, r)) return (sides.left_m < sides.right_m) == d->want_left ? keep_square(d, s, err) : EB_OK;
    bool last = s->size <= d->spec->tolerance_m / 16 || depth == 0, line = false;
    *settled = false;
    if (s->size <= d->spec->width_m / 8 && s->size > d->spec->width_m / 64) status = check_tie(d, s, err);
    if (status != EB_OK) return status;
    if (nearest < r && s->size < fmin(d->spec->width_m / 8, 3000 * sqrt(d->spec->tolerance_m))) status = holds_line(d, s, r, &line, err);
    if (status == EB_OK && line) {
        *settled = true;
        return cut_square(d, s, err);
    }
    if (status == EB_OK && (last || s->size <= nearest / 8)) status = part_square(d, s, last, settled, err);
    return status;
}

static eb_status divide(divider *d, const square *s, int depth, eb_error *err)
{
    bool settled = false;
    eb_status status = eb_env_check(d->env, err);
    if (status == EB_OK) status = settle(d, s, depth, &settled, err);
    if (status != EB_OK) return status;
    if (settled) {
        d->done_m2 += s->size * s->size;
        eb_env_progress(d->env, "sides", d->done_m2, d->whole_m2);
    }
    for (int k = 0; status == EB_OK && !settled && k < 4; k++) {
        square part = {s->x + (k & 1 ? s->size / 2 : 0), s->y + (k & 2 ? s->size / 2 : 0), s->size / 2};
        status = divide(d, &part, depth - 1, err);
    }
    return status;
}

eb_status eb_corridor_divide(eb_corridor_web *web, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env,
                             const eb_shape *face, const uint8_t *parts, eb_shape **out, eb_error *err)
{
    divider d = {.web = web, .lines = web->lines, .near = near, .spec = spec, .geos = geos, .parts = parts, .env = env};
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
    square root = {floor(box[0]), floor(box[1]), exp2(ceil(log2(fmax(box[2] - box[0], box[3] - box[1]) + 1)))};
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
