/*
 * A square where the sides part: where they change on its rim, and the curve from the one change to the other.
 */
#include "analysis/corridor/divide.h"

#include <math.h>

enum { MOST_CHANGES = 2, MOST_HALVINGS = 60, CURVE_DEPTH = 12, MOST_LAST = 20000 };

/* Where the sides change on the rim of a square, in order round it from the lower left corner. */
typedef struct rim {
    size_t count; /* may be more than are kept */
    struct {
        eb_corridor_spot before, after;
        int side; /* of the square: 0 to 3 */
    } changes[MOST_CHANGES];
} rim;

/* The spot between two of different sides where the sides change: false position with the stale end's lead halved (Illinois). */
static eb_status change_between(const eb_corridor_divider *d, eb_corridor_spot a, eb_corridor_spot b, eb_corridor_spot *out, eb_error *err)
{
    double enough = d->spec->tolerance_m / 50;
    eb_status status = EB_OK;
    *out = a;
    for (int i = 0; status == EB_OK && i < MOST_HALVINGS && hypot(b.x - a.x, b.y - a.y) > enough; i++) {
        double t = a.lead != b.lead ? a.lead / (a.lead - b.lead) : 0.5;
        if (!(t > 0.01 && t < 0.99) || i % 4 == 3) t = 0.5;
        status = eb_corridor_spot_at(d, a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), out, err);
        if (eb_corridor_spot_wanted(d, out) == eb_corridor_spot_wanted(d, &a)) {
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
static eb_status curve_beside(const eb_corridor_divider *d, const eb_corridor_spot *a, const eb_corridor_spot *b, double share,
                              double reach, bool *there, eb_corridor_spot *out, eb_error *err)
{
    double dx = b->x - a->x, dy = b->y - a->y;
    eb_corridor_spot ends[2];
    eb_status status = EB_OK;
    for (int k = 0; status == EB_OK && k < 2; k++) {
        double off = k ? reach : -reach;
        status = eb_corridor_spot_at(d, a->x + share * dx - off * dy, a->y + share * dy + off * dx, &ends[k], err);
    }
    *there = status == EB_OK && eb_corridor_spot_wanted(d, &ends[0]) != eb_corridor_spot_wanted(d, &ends[1]);
    return *there && out ? change_between(d, ends[0], ends[1], out, err) : status;
}

/* Is the chord the curve, where it was not looked at yet? */
static eb_status chord_holds(const eb_corridor_divider *d, const eb_corridor_spot *a, const eb_corridor_spot *b, bool *holds, eb_error *err)
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
static eb_status follow_curve(eb_corridor_divider *d, const eb_corridor_spot *a, const eb_corridor_spot *b, int depth, bool *found,
                              eb_error *err)
{
    double x = (a->x + b->x) / 2, y = (a->y + b->y) / 2, chord = hypot(b->x - a->x, b->y - a->y);
    bool holds = false, there = true;
    eb_corridor_spot middle;
    if (chord <= d->spec->tolerance_m / 4) return EB_OK;
    eb_status status = curve_beside(d, a, b, 0.5, 0.5, &there, &middle, err);
    if (!there) *found = false;
    if (status != EB_OK || !there) return status;
    if (hypot(middle.x - x, middle.y - y) <= d->spec->tolerance_m / 4) status = chord_holds(d, a, b, &holds, err);
    if (status != EB_OK || holds) return status;
    if (depth == 0) *found = false;
    if (depth == 0) return EB_OK;
    status = follow_curve(d, a, &middle, depth - 1, found, err);
    if (status == EB_OK) status = eb_corridor_divider_add_corner(d, middle.x, middle.y, err);
    return status == EB_OK ? follow_curve(d, &middle, b, depth - 1, found, err) : status;
}

/* The changes on a part of the rim: halved until one side is nearer all along it, or nothing that counts is left of it. */
static eb_status scan_rim(const eb_corridor_divider *d, const eb_corridor_spot *a, const eb_corridor_spot *b, int side, rim *found,
                          eb_error *err)
{
    double length = hypot(b->x - a->x, b->y - a->y), r = d->most_scale * length / 2, x = (a->x + b->x) / 2, y = (a->y + b->y) / 2;
    eb_corridor_sides sides;
    eb_corridor_spot middle;
    if (length > d->spec->tolerance_m / 8) {
        eb_status status = eb_corridor_divider_distances(d, x, y, 2 * r, r, &sides, err);
        if (status != EB_OK || eb_corridor_sides_sure(&sides, r)) return status;
        status = eb_corridor_spot_at(d, x, y, &middle, err);
        if (status == EB_OK) status = scan_rim(d, a, &middle, side, found, err);
        return status == EB_OK && found->count <= MOST_CHANGES ? scan_rim(d, &middle, b, side, found, err) : status;
    }
    if (eb_corridor_spot_wanted(d, a) == eb_corridor_spot_wanted(d, b)) return EB_OK;
    if (found->count < MOST_CHANGES) {
        found->changes[found->count].before = *a;
        found->changes[found->count].after = *b;
        found->changes[found->count].side = side;
    }
    found->count++;
    return EB_OK;
}

/* Where the sides change on the way round a square. */
static eb_status look_round(const eb_corridor_divider *d, const eb_corridor_square *s, rim *found, eb_error *err)
{
    eb_corridor_spot corners[5];
    eb_status status = EB_OK;
    *found = (rim){0};
    for (int k = 0; status == EB_OK && k < 5; k++) {
        double x, y;
        eb_corridor_square_corner(s, k % 4, &x, &y);
        status = eb_corridor_spot_at(d, x, y, &corners[k], err);
    }
    for (int k = 0; status == EB_OK && found->count <= MOST_CHANGES && k < 4; k++)
        status = scan_rim(d, &corners[k], &corners[k + 1], k, found, err);
    return status;
}

/* The wanted part of a square that the sides enter and leave once: from the change to the wanted side round to the change back. */
static eb_status keep_part(eb_corridor_divider *d, const eb_corridor_square *s, const rim *r, bool *found, eb_error *err)
{
    int first = eb_corridor_spot_wanted(d, &r->changes[0].after) ? 0 : 1, last = 1 - first;
    int corners = (r->changes[last].side - r->changes[first].side + 4) % 4;
    if (corners == 0 && first > last) corners = 4; /* all the way round */
    eb_corridor_spot in, out;
    *found = true;
    d->outline_count = 0;
    eb_status status = change_between(d, r->changes[first].before, r->changes[first].after, &in, err);
    if (status == EB_OK) status = eb_corridor_divider_add_corner(d, in.x, in.y, err);
    for (int k = 1; status == EB_OK && k <= corners; k++) {
        double x, y;
        eb_corridor_square_corner(s, (r->changes[first].side + k) % 4, &x, &y);
        status = eb_corridor_divider_add_corner(d, x, y, err);
    }
    if (status == EB_OK) status = change_between(d, r->changes[last].before, r->changes[last].after, &out, err);
    if (status == EB_OK) status = eb_corridor_divider_add_corner(d, out.x, out.y, err);
    return status == EB_OK ? follow_curve(d, &out, &in, CURVE_DEPTH, found, err) : status;
}

/* A square at the parting of the sides: its part, or *done false where it must be quartered. */
eb_status eb_corridor_part_square(eb_corridor_divider *d, const eb_corridor_square *s, bool last, bool *done, eb_error *err)
{
    rim round;
    eb_corridor_spot middle;
    bool found = false;
    *done = true;
    if (last && ++d->last_count > MOST_LAST) return eb_corridor_divider_refuse(d, s, err);
    eb_status status = look_round(d, s, &round, err);
    if (status == EB_OK && round.count == MOST_CHANGES) status = keep_part(d, s, &round, &found, err);
    if (status != EB_OK) return status;
    if (round.count == MOST_CHANGES && (found || last)) return eb_corridor_divider_keep_outline(d, err);
    *done = round.count == 0 || last;
    if (!*done) return EB_OK;
    status = eb_corridor_spot_at(d, s->x + s->size / 2, s->y + s->size / 2, &middle, err);
    return status == EB_OK && eb_corridor_spot_wanted(d, &middle) ? eb_corridor_divider_keep_square(d, s, err) : status;
}
