/*
 * From which side does a place see the lines, and is it beyond an end of them?
 */
#include "analysis/corridor/near_inner.h"

#include <math.h>
#include <stdlib.h>

static const double degree = 0.017453292519943295;

/* --- sides ------------------------------------------------------------------------------------------------------------------------- */

/* Azimuths at a place of a stretch: on along it, and to a place elsewhere. */
static eb_status azimuths_at(const eb_corridor_near *near, const eb_corridor_stretch *s, double share, const eb_corridor_place *place,
                             double *on, double *to_place, eb_error *err)
{
    double lon, lat, lon1, lat1, other = share < 0.5 ? 1 : 0;
    eb_status status = eb_corridor_near_on_stretch(near, s, share, &lon, &lat, err);
    if (status == EB_OK) status = eb_corridor_near_on_stretch(near, s, other, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_geodetic_inverse(near->lines->geodesic, lon, lat, lon1, lat1, on, NULL);
    if (other == 0) *on += 180;
    eb_geodetic_inverse(near->lines->geodesic, lon, lat, place->lon_deg, place->lat_deg, to_place, NULL);
    return EB_OK;
}

/* At a vertex the edge that is nearest in direction decides; a single edge there is the end of a line. */
static eb_status view_vertex(const eb_corridor_near *near, const eb_corridor_place *place, const double v[3], eb_corridor_view *out,
                             eb_error *err)
{
    double least = INFINITY;
    size_t edges = 0;
    for (size_t i = 0; i < near->id_count; i++) {
        const eb_corridor_stretch *s = &near->stretches[near->ids[i]];
        for (int end = 0; end < 2; end++) {
            double on, to_place;
            if (eb_corridor_near_between(end ? s->b : s->a, v) > 1e-3) continue;
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
    const eb_corridor_stretch *s = &near->stretches[nearest->stretch];
    double length = eb_corridor_near_between(s->a, s->b), on, to_place;
    *out = (eb_corridor_view){0};
    if (nearest->share * length < 1e-3) return view_vertex(near, place, s->a, out, err);
    if ((1 - nearest->share) * length < 1e-3) return view_vertex(near, place, s->b, out, err);
    eb_status status = azimuths_at(near, s, nearest->share, place, &on, &to_place, err);
    if (status == EB_OK) out->left = sin((to_place - on) * degree) < 0;
    return status;
}

/* Where the end of a stretch is nearest, how far round that end the place is, as a share of the distance that is too small to matter. */
static double round_end(double share, double angle_deg)
{
    double past = share <= 0 ? fabs(angle_deg) - 90 : share >= 1 ? 90 - fabs(angle_deg) : 0;
    return 1 + 1e-6 * fmax(past, 0) / 90;
}

/* One stretch's part in it. */
static eb_status see(const eb_corridor_near *near, const eb_corridor_place *place, const eb_corridor_stretch *s, double share,
                     double doubt_m, unsigned sides, double *left_m, double *right_m, eb_error *err)
{
    double metres = 0, on = 0, to_place = 0;
    bool left = (sides & EB_CORRIDOR_SEE_LEFT) != 0, right = (sides & EB_CORRIDOR_SEE_RIGHT) != 0;
    eb_status status = eb_corridor_near_distance(near, place, s, share, &metres, err);
    if (status == EB_OK && ((left && right) || share <= 0 || share >= 1)) {
        status = azimuths_at(near, s, share, place, &on, &to_place, err);
        double angle = remainder(to_place - on, 360), aside = metres * sin(angle * degree);
        if (left && right) {
            left = aside < doubt_m;
            right = aside > -doubt_m;
        }
        metres *= round_end(share, angle);
    }
    if (left) *left_m = fmin(*left_m, metres);
    if (right) *right_m = fmin(*right_m, metres);
    return status;
}

eb_status eb_corridor_near_sides(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, double doubt_m,
                                 const uint8_t *parts, double *left_m, double *right_m, eb_error *err)
{
    double limit = eb_corridor_near_limit(near, place, parts) + slack_m, share;
    eb_status status = EB_OK;
    *left_m = *right_m = INFINITY;
    for (size_t i = 0; status == EB_OK && i < near->id_count; i++) {
        const eb_corridor_stretch *s = &near->stretches[near->ids[i]];
        unsigned sides = parts ? parts[near->ids[i]] : EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT;
        if (sides == 0 || eb_corridor_near_chord(s, place->space_m, &share) > limit) continue;
        status = see(near, place, s, share, doubt_m, sides, left_m, right_m, err);
    }
    return status;
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
    qsort(some, count, sizeof *some, along);
    *out = count > 0;
    for (size_t i = 0; *out && i + 1 < count; i++) {
        /* The last vertex of a chain begins no edge, so the next chain's first edge never goes on from this one's last. */
        *out = goes_on(some[i], some[i + 1]);
    }
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

const eb_corridor_end *eb_corridor_near_end_before(const eb_corridor_near *near, const eb_corridor_place *place, double distance_m,
                                                   double slack_m, double *on_m, double *aside_m)
{
    for (size_t i = 0; i < near->end_count; i++) {
        const eb_corridor_end *end = &near->ends[i];
        double to_place;
        /* A chord is never longer than its geodesic. */
        if (eb_corridor_near_between(end->at.space_m, place->space_m) > distance_m + slack_m) continue;
        double length =
            eb_geodetic_inverse(near->lines->geodesic, end->at.lon_deg, end->at.lat_deg, place->lon_deg, place->lat_deg, &to_place, NULL);
        *on_m = length * cos((to_place - end->azimuth_deg) * degree);
        *aside_m = length * sin((to_place - end->azimuth_deg) * degree);
        if (length <= distance_m + slack_m && *on_m >= -slack_m) return end;
    }
    return NULL;
}
