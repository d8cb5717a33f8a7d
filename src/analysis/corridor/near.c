#include "analysis/corridor/near_inner.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double degree = 0.017453292519943295;

static void to_space(const eb_corridor_lines *lines, double lon, double lat, double v[3])
{
    double a = lines->plane.a, f = lines->plane.f, e2 = f * (2 - f), sin_lat = sin(lat * degree);
    double n = a / sqrt(1 - e2 * sin_lat * sin_lat), r = n * cos(lat * degree);
    v[0] = r * cos(lon * degree);
    v[1] = r * sin(lon * degree);
    v[2] = n * (1 - e2) * sin_lat;
}

static double near_middle(const eb_corridor_lines *lines, double lon)
{
    return lon - 360 * round((lon - lines->plane.lon0_deg) / 360);
}

double eb_corridor_near_between(const double a[3], const double b[3])
{
    double x = b[0] - a[0], y = b[1] - a[1], z = b[2] - a[2];
    return sqrt(x * x + y * y + z * z); /* hypot() would take most of the time of all sides */
}

static eb_status place_on_edge(const eb_corridor_lines *lines, size_t vertex, double t, double *lon, double *lat, eb_error *err)
{
    const double *p = lines->xy + 2 * vertex;
    if (t >= 1) return eb_corridor_to_degrees(&lines->frame, p[2], p[3], lon, lat, err);
    return eb_corridor_to_degrees(&lines->frame, p[0] + t * (p[2] - p[0]), p[1] + t * (p[3] - p[1]), lon, lat, err);
}

eb_status eb_corridor_near_on_stretch(const eb_corridor_near *near, const eb_corridor_stretch *s, double share, double *lon, double *lat,
                                      eb_error *err)
{
    return place_on_edge(near->lines, s->vertex, s->t0 + share * (s->t1 - s->t0), lon, lat, err);
}

static eb_status direction_at(const eb_corridor_near *near, const eb_corridor_stretch *s, double share, double *lon, double *lat,
                              double *azimuth_deg, eb_error *err)
{
    double length = eb_corridor_near_between(s->a, s->b), step = length > 2 ? 1 / length : 0.5, lon1, lat1;
    bool forward = share < 0.5;
    eb_status status = eb_corridor_near_on_stretch(near, s, share, lon, lat, err);
    if (status == EB_OK) status = eb_corridor_near_on_stretch(near, s, forward ? share + step : share - step, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_geodetic_inverse(near->lines->geodesic, *lon, *lat, lon1, lat1, azimuth_deg, NULL);
    if (!forward) *azimuth_deg += 180;
    return EB_OK;
}

eb_status eb_corridor_near_direction(const eb_corridor_near *near, eb_corridor_stretch *s, double share, double *lon, double *lat,
                                     double *azimuth_deg, eb_error *err)
{
    int end = share == 1;
    if (share != 0 && share != 1) return direction_at(near, s, share, lon, lat, azimuth_deg, err);
    if (!s->ends[end].known) {
        eb_status status = direction_at(near, s, share, &s->ends[end].lon_deg, &s->ends[end].lat_deg, &s->ends[end].azimuth_deg, err);
        if (status != EB_OK) return status;
        s->ends[end].known = true;
    }
    *lon = s->ends[end].lon_deg;
    *lat = s->ends[end].lat_deg;
    *azimuth_deg = s->ends[end].azimuth_deg;
    return EB_OK;
}

eb_corridor_place eb_corridor_place_of(const eb_corridor_near *near, double lon_deg, double lat_deg)
{
    eb_corridor_place place = {.lon_deg = lon_deg, .lat_deg = lat_deg};
    to_space(near->lines, lon_deg, lat_deg, place.space_m);
    return place;
}

/* --- making ready ------------------------------------------------------------------------------------------------------------------ */

static eb_status push(eb_corridor_near *near, const eb_corridor_stretch *s, double lon0, double lat0, double lon1, double lat1,
                      eb_error *err)
{
    if (!eb_array_reserve(&near->stretches, &near->capacity, near->count + 1, sizeof *near->stretches) ||
        !eb_array_reserve(&near->boxes, &near->box_capacity, near->count + 1, 4 * sizeof *near->boxes))
        return eb_error_memory(err);
    double west = near_middle(near->lines, lon0), east = near_middle(near->lines, lon1);
    double *box = near->boxes + 4 * near->count;
    bool around = fabs(east - west) > 180;
    box[0] = around ? -720 : fmin(west, east);
    box[2] = around ? 720 : fmax(west, east);
    box[1] = fmin(lat0, lat1);
    box[3] = fmax(lat0, lat1);
    near->stretches[near->count] = *s;
    near->stretches[near->count].next = near->first[s->vertex];
    near->first[s->vertex] = near->count++;
    return EB_OK;
}

/* Halve the part of an edge until it is straight in space to within the bow. */
static eb_status add_stretch(eb_corridor_near *near, eb_corridor_stretch s, int depth, eb_error *err)
{
    const eb_corridor_lines *lines = near->lines;
    double lon0, lat0, lon1, lat1, lon, lat, m[3], half = (s.t0 + s.t1) / 2;
    eb_status status = place_on_edge(lines, s.vertex, s.t0, &lon0, &lat0, err);
    if (status == EB_OK) status = place_on_edge(lines, s.vertex, s.t1, &lon1, &lat1, err);
    if (status == EB_OK) status = place_on_edge(lines, s.vertex, half, &lon, &lat, err);
    if (status != EB_OK) return status;
    to_space(lines, lon0, lat0, s.a);
    to_space(lines, lon1, lat1, s.b);
    to_space(lines, lon, lat, m);
    double middle[3] = {(s.a[0] + s.b[0]) / 2, (s.a[1] + s.b[1]) / 2, (s.a[2] + s.b[2]) / 2};
    if (depth == 0 || (eb_corridor_near_between(middle, m) <= near->bow_m && eb_corridor_near_between(s.a, s.b) < 50000))
        return push(near, &s, lon0, lat0, lon1, lat1, err);
    eb_corridor_stretch first = s, second = s;
    first.t1 = second.t0 = half;
    status = add_stretch(near, first, depth - 1, err);
    return status == EB_OK ? add_stretch(near, second, depth - 1, err) : status;
}

/* The end of a chain as a free end: where it is, and which way leads straight on. */
static eb_status add_end(eb_corridor_near *near, const eb_corridor_chain *chain, bool start, eb_error *err)
{
    eb_corridor_stretch edge = {.vertex = start ? chain->first : chain->first + chain->count - 2, .t0 = 0, .t1 = 1};
    double lon, lat, on;
    eb_status status = place_on_edge(near->lines, edge.vertex, 0, &lon, &lat, err);
    if (status == EB_OK) to_space(near->lines, lon, lat, edge.a);
    if (status == EB_OK) status = place_on_edge(near->lines, edge.vertex, 1, &lon, &lat, err);
    if (status == EB_OK) to_space(near->lines, lon, lat, edge.b);
    if (status == EB_OK) status = eb_corridor_near_direction(near, &edge, start ? 0 : 1, &lon, &lat, &on, err);
    if (status != EB_OK) return status;
    if (!eb_array_reserve(&near->ends, &near->end_capacity, near->end_count + 1, sizeof *near->ends)) return eb_error_memory(err);
    near->ends[near->end_count++] = (eb_corridor_end){eb_corridor_place_of(near, lon, lat), remainder(start ? on + 180 : on, 360)};
    return EB_OK;
}

static eb_status add_chain(eb_corridor_near *near, eb_corridor_choice choice, const eb_corridor_chain *chain, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i + 1 < chain->count; i++)
        status = add_stretch(near, (eb_corridor_stretch){.vertex = chain->first + i, .t0 = 0, .t1 = 1}, 40, err);
    if (status == EB_OK && eb_corridor_end_free(chain, choice, true)) status = add_end(near, chain, true, err);
    if (status == EB_OK && eb_corridor_end_free(chain, choice, false)) status = add_end(near, chain, false, err);
    return status;
}

eb_status eb_corridor_near_new(const eb_corridor_lines *lines, eb_corridor_choice choice, double tolerance_m, eb_corridor_near **out,
                               eb_error *err)
{
    eb_corridor_near *near = *out = calloc(1, sizeof **out);
    if (!near) return eb_error_memory(err);
    near->lines = lines;
    near->bow_m = fmin(fmax(tolerance_m / 4, 1e-4), 10);
    near->first = malloc((lines->vertex_count + 1) * sizeof *near->first);
    eb_status status = near->first ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < lines->vertex_count; i++) near->first[i] = EB_CORRIDOR_NO_STRETCH;
    for (size_t l = 0; status == EB_OK && l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        if (!eb_corridor_chosen(lines, choice, l)) continue;
        for (size_t c = 0; status == EB_OK && c < line->chain_count; c++)
            status = add_chain(near, choice, &lines->chains[line->chain_first + c], err);
    }
    if (status == EB_OK) return EB_OK;
    eb_corridor_near_free(near);
    *out = NULL;
    return status;
}

void eb_corridor_near_free(eb_corridor_near *near)
{
    if (!near) return;
    eb_index_free(near->index);
    free(near->stretches);
    free(near->boxes);
    free(near->ids);
    free(near->sights);
    free(near->first);
    free(near->ends);
    free(near);
}

size_t eb_corridor_near_count(const eb_corridor_near *near)
{
    return near->count;
}

void eb_corridor_near_mark(const eb_corridor_near *near, size_t vertex, double t0, double t1, unsigned side, uint8_t *parts)
{
    double low = fmin(t0, t1), high = fmax(t0, t1);
    for (size_t i = near->first[vertex]; i != EB_CORRIDOR_NO_STRETCH; i = near->stretches[i].next) {
        const eb_corridor_stretch *s = &near->stretches[i];
        double shared = fmin(s->t1, high) - fmax(s->t0, low);
        if (shared > 1e-6 * fmin(s->t1 - s->t0, high - low)) parts[i] |= (uint8_t)side;
    }
}

static size_t part_at(const eb_corridor_near *near, size_t vertex, double t)
{
    for (size_t i = near->first[vertex]; i != EB_CORRIDOR_NO_STRETCH; i = near->stretches[i].next) {
        if (t >= near->stretches[i].t0 && t <= near->stretches[i].t1) return i;
    }
    return near->count;
}

eb_status eb_corridor_near_cut(eb_corridor_near *near, size_t vertex, double t, eb_error *err)
{
    size_t i = part_at(near, vertex, t);
    double lon, lat, lon1, lat1;
    if (i == near->count || !(t > near->stretches[i].t0 && t < near->stretches[i].t1)) return EB_OK;
    eb_corridor_stretch rest = near->stretches[i];
    eb_status status = place_on_edge(near->lines, vertex, t, &lon, &lat, err);
    if (status == EB_OK) status = place_on_edge(near->lines, vertex, rest.t1, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_index_free(near->index); /* made anew when next asked */
    near->index = NULL;
    rest.t0 = near->stretches[i].t1 = t;
    rest.ends[0].known = near->stretches[i].ends[1].known = false;
    to_space(near->lines, lon, lat, rest.a);
    to_space(near->lines, lon, lat, near->stretches[i].b);
    return push(near, &rest, lon, lat, lon1, lat1, err);
}

double eb_corridor_near_bow(const eb_corridor_near *near)
{
    return near->bow_m;
}

/* --- distances --------------------------------------------------------------------------------------------------------------------- */

eb_status eb_corridor_near_gather(eb_corridor_near *near, const eb_corridor_place *places, size_t count, double reach_m, eb_error *err)
{
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        double lon = near_middle(near->lines, places[i].lon_deg);
        box[0] = fmin(box[0], lon);
        box[1] = fmin(box[1], places[i].lat_deg);
        box[2] = fmax(box[2], lon);
        box[3] = fmax(box[3], places[i].lat_deg);
    }
    /* A degree of latitude is nowhere less than 110.5 km. */
    double up = reach_m / 110500, farthest = fmax(fabs(box[1] - up), fabs(box[3] + up)), middle = near->lines->plane.lon0_deg;
    double aside = farthest < 89 ? up / cos(farthest * degree) * 1.02 : 360;
    double query[4] = {box[0] - aside, box[1] - up, box[2] + aside, box[3] + up};
    if (aside > 90 || query[0] < middle - 180 || query[2] > middle + 180) {
        query[0] = -720;
        query[2] = 720;
    }
    eb_status status = near->index ? EB_OK : eb_index_new(near->boxes, near->count, &near->index, err);
    if (status != EB_OK) return status;
    status = eb_index_query(near->index, query, &near->ids, &near->id_capacity, &near->id_count, err);
    if (status != EB_OK) return status;
    bool room = eb_array_reserve(&near->sights, &near->sight_capacity, near->id_count + 1, sizeof *near->sights);
    return room ? EB_OK : eb_error_memory(err);
}

double eb_corridor_near_chord(const eb_corridor_stretch *s, const double p[3], double *share)
{
    double ab[3], ap[3], dot = 0, length2 = 0;
    for (int k = 0; k < 3; k++) {
        ab[k] = s->b[k] - s->a[k];
        ap[k] = p[k] - s->a[k];
        dot += ab[k] * ap[k];
        length2 += ab[k] * ab[k];
    }
    double t = length2 > 0 ? fmin(fmax(dot / length2, 0), 1) : 0, d2 = 0;
    for (int k = 0; k < 3; k++) d2 += (ap[k] - t * ab[k]) * (ap[k] - t * ab[k]);
    if (share) *share = t;
    return sqrt(d2);
}

eb_status eb_corridor_near_distance(const eb_corridor_near *near, const eb_corridor_place *p, const eb_corridor_stretch *s, double share,
                                    double *metres, eb_error *err)
{
    double lon, lat;
    eb_status status = eb_corridor_near_on_stretch(near, s, share, &lon, &lat, err);
    if (status == EB_OK) *metres = eb_geodetic_inverse(near->lines->geodesic, p->lon_deg, p->lat_deg, lon, lat, NULL, NULL);
    return status;
}

/* The least distance to a stretch near a share of it: the bottom of the parabola through three distances (their squares are one). */
static eb_status refine(const eb_corridor_near *near, const eb_corridor_place *p, const eb_corridor_stretch *s,
                        eb_corridor_nearest *nearest, eb_error *err)
{
    double h = fmin(0.25, 0.05 + 10 / fmax(eb_corridor_near_between(s->a, s->b), 1));
    double low = fmax(nearest->share - h, 0), high = fmin(nearest->share + h, 1), shares[4] = {low, (low + high) / 2, high, 0}, d[4];
    eb_status status = EB_OK;
    for (int k = 0; status == EB_OK && k < 3; k++) status = eb_corridor_near_distance(near, p, s, shares[k], &d[k], err);
    if (status != EB_OK) return status;
    double q0 = d[0] * d[0], q1 = d[1] * d[1], q2 = d[2] * d[2], bend = q0 - 2 * q1 + q2;
    shares[3] = bend > 0 ? fmin(fmax(shares[1] + (high - low) / 4 * (q0 - q2) / bend, 0), 1) : nearest->share;
    status = eb_corridor_near_distance(near, p, s, shares[3], &d[3], err);
    for (int k = 0; status == EB_OK && k < 4; k++) {
        if (d[k] >= nearest->distance_m) continue;
        nearest->distance_m = d[k];
        nearest->share = shares[k];
    }
    return status;
}

/*
 * Most that refining may gain. The foot of the perpendicular in space and the nearest place of the edge differ along the edge by the bow
 * (the middle of a stretch is that near the middle of its chord), and because the Earth is round by length d^2 / 2 R^2, with f d^3 / R^2
 * more because it is flat; being off by e along the edge makes a distance d longer by e^2 / 2 d at most.
 */
static double refining_gains(const eb_corridor_near *near, const eb_corridor_stretch *s, double d)
{
    double off = 2 * near->bow_m + d * d * (eb_corridor_near_between(s->a, s->b) + d) / 4e13;
    return fmin(off, off * off / (2 * d));
}

/* Two chords of the same length in space may belong to geodesics that differ by this: the Earth's radius of curvature varies by 0.7 %. */
static double chord_doubt(double chord)
{
    return 0.02 * chord * chord * chord / (24 * 6.37e6 * 6.37e6);
}

double eb_corridor_near_limit(const eb_corridor_near *near, const eb_corridor_place *place, const uint8_t *parts)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < near->id_count; i++) {
        if (parts && !parts[near->ids[i]]) continue;
        double d = eb_corridor_near_chord(&near->stretches[near->ids[i]], place->space_m, NULL);
        if (d < nearest) nearest = d;
    }
    return nearest + 2 * near->bow_m + chord_doubt(nearest);
}

/* The distance is good enough where refining could not change it by a thousandth of what the audit can tell. */
static bool good_enough(const eb_corridor_near *near, const eb_corridor_nearest *nearest)
{
    return refining_gains(near, &near->stretches[nearest->stretch], nearest->distance_m) < near->bow_m / 1000;
}

static bool same_place(const double a[3], const double b[3])
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

eb_status eb_corridor_near_find(const eb_corridor_near *near, const eb_corridor_place *place, eb_corridor_nearest *out, eb_error *err)
{
    double limit = eb_corridor_near_limit(near, place, NULL);
    const double *last = NULL; /* the end of a stretch measured before: where the next one begins */
    *out = (eb_corridor_nearest){.distance_m = INFINITY};
    if (!isfinite(limit)) return EB_OK;
    for (size_t i = 0; i < near->id_count; i++) {
        const eb_corridor_stretch *s = &near->stretches[near->ids[i]];
        double share, metres = 0;
        if (eb_corridor_near_chord(s, place->space_m, &share) > limit) continue;
        const double *end = share <= 0 ? s->a : share >= 1 ? s->b : NULL;
        if (last && end && same_place(last, end)) continue;
        eb_status status = eb_corridor_near_distance(near, place, s, share, &metres, err);
        if (status != EB_OK) return status;
        if (end) last = end;
        if (metres < out->distance_m) *out = (eb_corridor_nearest){metres, near->ids[i], share};
    }
    if (!isfinite(out->distance_m) || good_enough(near, out)) return EB_OK;
    return refine(near, place, &near->stretches[out->stretch], out, err);
}
