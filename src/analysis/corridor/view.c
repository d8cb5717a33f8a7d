/*
 * From which side does a place see the lines, and is it beyond an end of them?
 */
#include "analysis/corridor/near_inner.h"

#include <math.h>
#include <stdlib.h>

enum { BOTH = EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT };

/* A run of more parts than this that bends back is not looked into: it is looked at in shorter pieces. */
enum { MOST_BENDS = 64 };

static const double degree = 0.017453292519943295;

/* Ends of edges nearer than this are one vertex. */
static const double SAME_VERTEX_M = 1e-6;

/* A foot nearer than this to an end of its edge may as well be the end: azimuths do not tell them apart. */
static const double FOOT_M = 1e-3;

/* --- sides ------------------------------------------------------------------------------------------------------------------------- */

/* Azimuths at a place of a stretch: on along it, and to a place elsewhere. */
static eb_status azimuths_at(const eb_corridor_near *near, eb_corridor_stretch *s, double share, const eb_corridor_place *place, double *on,
                             double *to_place, eb_error *err)
{
    double lon, lat;
    eb_status status = eb_corridor_near_direction(near, s, share, &lon, &lat, on, err);
    if (status == EB_OK) eb_geodetic_inverse(near->lines->geodesic, lon, lat, place->lon_deg, place->lat_deg, to_place, NULL);
    return status;
}

/* At a vertex the edge that is nearest in direction decides; a single edge there is the end of a line. */
static eb_status view_vertex(const eb_corridor_near *near, const eb_corridor_place *place, const double v[3], eb_corridor_view *out,
                             eb_error *err)
{
    double least = INFINITY;
    size_t edges = 0;
    for (size_t i = 0; i < near->id_count; i++) {
        eb_corridor_stretch *s = &near->stretches[near->ids[i]];
        for (int end = 0; end < 2; end++) {
            double on, to_place;
            if (eb_corridor_near_between(end ? s->b : s->a, v) > SAME_VERTEX_M) continue;
            eb_status status = azimuths_at(near, s, end, place, &on, &to_place, err);
            if (status != EB_OK) return status;
            /* Angle between the place and the way out along the edge; clockwise positive. */
            double angle = remainder(to_place - on - (end ? 180 : 0), 360);
            edges++;
            if (fabs(angle) >= least) continue;
            least = fabs(angle);
            out->left = end ? angle > 0 : angle < 0;
        }
    }
    out->beyond = edges == 1 && least > 90;
    return EB_OK;
}

eb_status eb_corridor_near_view(const eb_corridor_near *near, const eb_corridor_place *place, const eb_corridor_nearest *nearest,
                                eb_corridor_view *out, eb_error *err)
{
    eb_corridor_stretch *s = &near->stretches[nearest->stretch];
    double length = eb_corridor_near_between(s->a, s->b), on, to_place;
    *out = (eb_corridor_view){0};
    eb_status status = azimuths_at(near, s, nearest->share, place, &on, &to_place, err);
    if (status != EB_OK) return status;
    /* The share was found on a chord, which is good enough for the distance; which side of a perpendicular it is takes the edge itself. */
    double foot = nearest->share * length + nearest->distance_m * cos((to_place - on) * degree), slack = fmin(FOOT_M, length / 4);
    if (foot < slack) return view_vertex(near, place, s->a, out, err);
    if (length - foot < slack) return view_vertex(near, place, s->b, out, err);
    out->left = sin((to_place - on) * degree) < 0;
    return EB_OK;
}

eb_status eb_corridor_near_wanted(const eb_corridor_near *near, const eb_corridor_place *place, const eb_corridor_spec *spec, bool *out,
                                  eb_error *err)
{
    eb_corridor_nearest nearest;
    eb_corridor_view view = {0};
    bool one_side = spec->part == EB_CORRIDOR_LEFT || spec->part == EB_CORRIDOR_RIGHT;
    *out = false;
    eb_status status = eb_corridor_near_find(near, place, &nearest, err);
    if (status != EB_OK || !isfinite(nearest.distance_m)) return status;
    status = eb_corridor_near_view(near, place, &nearest, &view, err);
    *out = !(one_side && view.left != (spec->part == EB_CORRIDOR_LEFT)) && !(spec->cap == EB_CAP_FLAT && view.beyond);
    return status;
}

/* --- both sides ---------------------------------------------------------------------------------------------------------------------- */

/* The end of a stretch that is nearest, also where the foot is so near it that the distances do not tell them apart; NULL: neither. */
static const double *nearest_end(const eb_corridor_sight *sight)
{
    const eb_corridor_stretch *s = sight->stretch;
    double length = eb_corridor_near_between(s->a, s->b), slack = FOOT_M + sqrt(2e-6 * sight->metres);
    bool first = sight->share < 0.5;
    return (first ? sight->share : 1 - sight->share) * length < slack ? (first ? s->a : s->b) : NULL;
}

/* How far off the place is from a stretch, and where it stands to it. */
static eb_status sight_of(const eb_corridor_near *near, const eb_corridor_place *place, eb_corridor_sight *sight, eb_error *err)
{
    eb_corridor_stretch *s = sight->stretch;
    double lon, lat, on = 0, to_place = 0;
    eb_status status = eb_corridor_near_direction(near, s, sight->share, &lon, &lat, &on, err);
    if (status != EB_OK) return status;
    sight->metres = eb_geodetic_inverse(near->lines->geodesic, lon, lat, place->lon_deg, place->lat_deg, &to_place, NULL);
    sight->vertex = nearest_end(sight);
    sight->counts = true;
    double angle = remainder(to_place - on, 360);
    sight->aside = sight->metres * sin(angle * degree);
    sight->off_rad = fabs(remainder(angle - (sight->vertex == s->b ? 180 : 0), 360)) * degree;
    return EB_OK;
}

/* Does an edge begin or end at a vertex and come nearer farther on, also from all places within the doubt? */
static bool leads_away(const eb_corridor_sight *o, const double *vertex, double doubt_m)
{
    const eb_corridor_stretch *s = o->stretch;
    double along = eb_corridor_near_between(s->a, s->b) * o->share, slack = FOOT_M + sqrt(2e-6 * o->metres) + 2.2 * doubt_m;
    if (eb_corridor_near_between(s->a, vertex) <= SAME_VERTEX_M) return along > slack;
    return eb_corridor_near_between(s->b, vertex) <= SAME_VERTEX_M && eb_corridor_near_between(s->a, s->b) - along > slack;
}

/*
 * At a vertex the edge nearest in direction decides; the others there do not count, unless the place is in doubt between them. Nor does any
 * where an edge there comes nearer farther on: distances would tell too, but differ by less than they are known to.
 */
static void settle_vertex(eb_corridor_sight *sights, size_t count, double doubt_m)
{
    for (size_t i = 0; i < count; i++) {
        eb_corridor_sight *s = &sights[i];
        for (size_t j = 0; s->vertex && s->counts && j < count; j++) {
            const eb_corridor_sight *o = &sights[j];
            if (j != i && leads_away(o, s->vertex, doubt_m)) s->counts = false;
            if (!o->vertex || (s->off_rad - o->off_rad) * s->metres <= 2 * doubt_m) continue;
            if (eb_corridor_near_between(s->vertex, o->vertex) <= SAME_VERTEX_M) s->counts = false;
        }
    }
}

/* Widen a box in space by what of a stretch may be within a distance of a place. */
static void add_reached(const eb_corridor_stretch *s, const double place[3], double within_m, double box[6])
{
    double length = eb_corridor_near_between(s->a, s->b), along = 0, off2 = 0;
    for (int k = 0; length > 0 && k < 3; k++) {
        along += (place[k] - s->a[k]) * (s->b[k] - s->a[k]) / length;
        off2 += (place[k] - s->a[k]) * (place[k] - s->a[k]);
    }
    double half = sqrt(fmax(within_m * within_m - fmax(off2 - along * along, 0), 0));
    double shares[2] = {length > 0 ? (along - half) / length : 0, length > 0 ? (along + half) / length : 1};
    for (int i = 0; i < 2; i++) {
        double t = fmin(fmax(shares[i], 0), 1);
        for (int k = 0; k < 3; k++) {
            double v = s->a[k] + t * (s->b[k] - s->a[k]);
            box[k] = fmin(box[k], v);
            box[k + 3] = fmax(box[k + 3], v);
        }
    }
}

eb_status eb_corridor_near_sides(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, double doubt_m,
                                 const uint8_t *parts, eb_corridor_sides *out, eb_error *err)
{
    double limit = eb_corridor_near_limit(near, place, parts) + slack_m;
    double box[6] = {INFINITY, INFINITY, INFINITY, -INFINITY, -INFINITY, -INFINITY};
    eb_status status = EB_OK;
    eb_corridor_sight *sights = near->sights;
    size_t count = 0;
    *out = (eb_corridor_sides){INFINITY, INFINITY, 0};
    for (size_t i = 0; status == EB_OK && i < near->id_count; i++) {
        eb_corridor_sight sight = {.stretch = &near->stretches[near->ids[i]], .sides = parts ? parts[near->ids[i]] : BOTH};
        if (sight.sides == 0 || eb_corridor_near_chord(sight.stretch, place->space_m, &sight.share) > limit) continue;
        status = sight_of(near, place, &sight, err);
        add_reached(sight.stretch, place->space_m, limit, box);
        sights[count++] = sight;
    }
    if (status != EB_OK || count == 0) return status;
    out->spread_m = eb_corridor_near_between(box, box + 3) + 2 * near->bow_m;
    settle_vertex(sights, count, doubt_m);
    for (size_t i = 0; i < count; i++) {
        const eb_corridor_sight *s = &sights[i];
        if (!s->counts) continue;
        if (s->sides == BOTH ? s->aside < doubt_m : s->sides == EB_CORRIDOR_SEE_LEFT) out->left_m = fmin(out->left_m, s->metres);
        if (s->sides == BOTH ? s->aside > -doubt_m : s->sides == EB_CORRIDOR_SEE_RIGHT) out->right_m = fmin(out->right_m, s->metres);
    }
    return EB_OK;
}

/* The next part along the line: where this one ends. */
static bool goes_on(const eb_corridor_stretch *a, const eb_corridor_stretch *b)
{
    if (a->vertex == b->vertex) return b->t0 == a->t1;
    return b->vertex == a->vertex + 1 && a->t1 == 1 && b->t0 == 0;
}

static int along(const void *p, const void *q)
{
    const eb_corridor_stretch *a = *(const eb_corridor_stretch *const *)p, *b = *(const eb_corridor_stretch *const *)q;
    if (a->vertex != b->vertex) return a->vertex < b->vertex ? -1 : 1;
    return a->t0 < b->t0 ? -1 : a->t0 > b->t0;
}

/* Do all parts go within 45 degrees of one direction? Then no two of them are more than a right angle apart. */
static bool one_way(const eb_corridor_stretch *const *run, size_t count)
{
    double sum[3] = {0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        double length = eb_corridor_near_between(run[i]->a, run[i]->b);
        for (int k = 0; k < 3; k++) sum[k] += (run[i]->b[k] - run[i]->a[k]) / length;
    }
    double whole = hypot(hypot(sum[0], sum[1]), sum[2]);
    for (size_t i = 0; i < count; i++) {
        double dot = 0, length = eb_corridor_near_between(run[i]->a, run[i]->b);
        for (int k = 0; k < 3; k++) dot += (run[i]->b[k] - run[i]->a[k]) * sum[k];
        if (!(dot > 0.7072 * length * whole)) return false;
    }
    return true;
}

/* Does the run pass a place twice? Parts are cut where lines cross, so that is where two of its ends meet; a ring may close. */
static bool meets_itself(const eb_corridor_stretch *const *run, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j++) {
            bool closes = i == 0 && j + 1 == count;
            if (!closes && eb_corridor_near_between(run[i]->a, run[j]->b) <= SAME_VERTEX_M) return true;
        }
    }
    return false;
}

static bool has_free_end(const eb_corridor_near *near, const eb_corridor_stretch *const *run, size_t count)
{
    for (size_t i = 0; i < near->end_count; i++) {
        const double *at = near->ends[i].at.space_m;
        if (eb_corridor_near_between(at, run[0]->a) <= SAME_VERTEX_M || eb_corridor_near_between(at, run[count - 1]->b) <= SAME_VERTEX_M)
            return true;
    }
    return false;
}

/*
 * A place equally near to two places of a run, that sees one from the left and the other from the right, closes a loop with what lies
 * between the two: of what is before and after one is within the loop, and since it cannot get out, the run crosses itself or ends in
 * there. Where no two parts are more than a right angle apart it does neither, and straight on from an end nothing else is nearer.
 */
static bool parts_sides_alone(const eb_corridor_near *near, const eb_corridor_stretch *const *run, size_t count)
{
    if (count < 2 || one_way(run, count)) return true;
    return count <= MOST_BENDS && !has_free_end(near, run, count) && !meets_itself(run, count);
}

eb_status eb_corridor_near_is_run(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, const uint8_t *parts,
                                  bool *out, eb_error *err)
{
    double limit = eb_corridor_near_limit(near, place, parts) + slack_m;
    const eb_corridor_stretch **some = malloc((near->id_count + 1) * sizeof *some);
    if (!some) return eb_error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < near->id_count; i++) {
        const eb_corridor_stretch *s = &near->stretches[near->ids[i]];
        if ((!parts || parts[near->ids[i]]) && eb_corridor_near_chord(s, place->space_m, NULL) <= limit) some[count++] = s;
    }
    if (count > 1) qsort(some, count, sizeof *some, along);
    *out = count > 0;
    for (size_t i = 0; *out && i + 1 < count; i++) {
        /* The last vertex of a chain begins no edge, so the next chain's first edge never goes on from this one's last. */
        *out = goes_on(some[i], some[i + 1]);
    }
    if (*out) *out = parts_sides_alone(near, some, count);
    free(some);
    return EB_OK;
}

eb_status eb_corridor_near_middle(const eb_corridor_near *near, size_t part, double *lon_deg, double *lat_deg, eb_error *err)
{
    return eb_corridor_near_on_stretch(near, &near->stretches[part], 0.5, lon_deg, lat_deg, err);
}

/* --- ends -------------------------------------------------------------------------------------------------------------------------- */

size_t eb_corridor_near_end_count(const eb_corridor_near *near)
{
    return near->end_count;
}

const eb_corridor_end *eb_corridor_near_end_at(const eb_corridor_near *near, size_t i)
{
    return i < near->end_count ? &near->ends[i] : NULL;
}
