#include "analysis/corridor/near.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

static const double degree = 0.017453292519943295;

/* A short part of an edge of a line, straight enough in space. */
typedef struct stretch {
    double a[3], b[3]; /* metres from the centre of the Earth */
    size_t vertex;     /* the edge begins at this vertex */
    double t0, t1;     /* the part of it */
    size_t next;       /* another part of the same edge, or NONE */
} stretch;

#define NONE SIZE_MAX

struct eb_corridor_near {
    const eb_corridor_lines *lines;
    stretch *stretches;
    size_t count, capacity;
    double *boxes; /* degrees */
    size_t box_capacity;
    eb_index *index;
    size_t *ids, id_capacity, id_count; /* gathered */
    size_t *first;                      /* a part of the edge that begins at a vertex, or NONE */
    eb_corridor_end *ends;
    size_t end_count, end_capacity;
    double bow_m; /* most that a stretch leaves its chord in space */
};

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

static double between(const double a[3], const double b[3])
{
    return hypot(hypot(b[0] - a[0], b[1] - a[1]), b[2] - a[2]);
}

static eb_status place_on_edge(const eb_corridor_lines *lines, size_t vertex, double t, double *lon, double *lat, eb_error *err)
{
    const double *p = lines->xy + 2 * vertex;
    if (t >= 1) return eb_corridor_to_degrees(&lines->frame, p[2], p[3], lon, lat, err);
    return eb_corridor_to_degrees(&lines->frame, p[0] + t * (p[2] - p[0]), p[1] + t * (p[3] - p[1]), lon, lat, err);
}

static eb_status place_on_stretch(const eb_corridor_near *near, const stretch *s, double share, double *lon, double *lat, eb_error *err)
{
    return place_on_edge(near->lines, s->vertex, s->t0 + share * (s->t1 - s->t0), lon, lat, err);
}

eb_corridor_place eb_corridor_place_of(const eb_corridor_near *near, double lon_deg, double lat_deg)
{
    eb_corridor_place place = {.lon_deg = lon_deg, .lat_deg = lat_deg};
    to_space(near->lines, lon_deg, lat_deg, place.space_m);
    return place;
}

/* --- making ready ------------------------------------------------------------------------------------------------------------------ */

static eb_status push(eb_corridor_near *near, const stretch *s, double lon0, double lat0, double lon1, double lat1, eb_error *err)
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
static eb_status add_stretch(eb_corridor_near *near, stretch s, int depth, eb_error *err)
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
    if (depth == 0 || (between(middle, m) <= near->bow_m && between(s.a, s.b) < 50000)) return push(near, &s, lon0, lat0, lon1, lat1, err);
    stretch first = s, second = s;
    first.t1 = second.t0 = half;
    status = add_stretch(near, first, depth - 1, err);
    return status == EB_OK ? add_stretch(near, second, depth - 1, err) : status;
}

/* The end of a chain as a free end: where it is, and which way leads straight on. */
static eb_status add_end(eb_corridor_near *near, const eb_corridor_chain *chain, bool start, eb_error *err)
{
    const eb_corridor_lines *lines = near->lines;
    size_t vertex = start ? chain->first : chain->first + chain->count - 2;
    double lon, lat, lon1, lat1, back, end = start ? 0 : 1;
    eb_status status = place_on_edge(lines, vertex, end, &lon, &lat, err);
    if (status == EB_OK) status = place_on_edge(lines, vertex, 1 - end, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    /* The direction of the edge itself at its end: towards a place a metre in. */
    double length = eb_geodetic_inverse(lines->geodesic, lon, lat, lon1, lat1, &back, NULL);
    double step = length > 1 ? 1 / length : 1;
    status = place_on_edge(lines, vertex, start ? step : 1 - step, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_geodetic_inverse(lines->geodesic, lon, lat, lon1, lat1, &back, NULL);
    if (!eb_array_reserve(&near->ends, &near->end_capacity, near->end_count + 1, sizeof *near->ends)) return eb_error_memory(err);
    near->ends[near->end_count++] = (eb_corridor_end){eb_corridor_place_of(near, lon, lat), back > 0 ? back - 180 : back + 180};
    return EB_OK;
}

static eb_status add_chain(eb_corridor_near *near, eb_corridor_choice choice, const eb_corridor_chain *chain, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i + 1 < chain->count; i++)
        status = add_stretch(near, (stretch){.vertex = chain->first + i, .t0 = 0, .t1 = 1}, 40, err);
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
    for (size_t i = 0; status == EB_OK && i < lines->vertex_count; i++) near->first[i] = NONE;
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
    for (size_t i = near->first[vertex]; i != NONE; i = near->stretches[i].next) {
        const stretch *s = &near->stretches[i];
        double shared = fmin(s->t1, high) - fmax(s->t0, low);
        if (shared > 1e-6 * fmin(s->t1 - s->t0, high - low)) parts[i] |= (uint8_t)side;
    }
}

static size_t part_at(const eb_corridor_near *near, size_t vertex, double t)
{
    for (size_t i = near->first[vertex]; i != NONE; i = near->stretches[i].next) {
        if (t >= near->stretches[i].t0 && t <= near->stretches[i].t1) return i;
    }
    return near->count;
}

eb_status eb_corridor_near_cut(eb_corridor_near *near, size_t vertex, double t, eb_error *err)
{
    size_t i = part_at(near, vertex, t);
    double lon, lat, lon1, lat1;
    if (i == near->count || !(t > near->stretches[i].t0 && t < near->stretches[i].t1)) return EB_OK;
    stretch rest = near->stretches[i];
    eb_status status = place_on_edge(near->lines, vertex, t, &lon, &lat, err);
    if (status == EB_OK) status = place_on_edge(near->lines, vertex, rest.t1, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_index_free(near->index); /* made anew when next asked */
    near->index = NULL;
    rest.t0 = near->stretches[i].t1 = t;
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
    return eb_index_query(near->index, query, &near->ids, &near->id_capacity, &near->id_count, err);
}

/* Distance in space from a point to a stretch's chord, and the share of the chord where it is nearest. */
static double space_distance(const stretch *s, const double p[3], double *share)
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

static eb_status distance_at(const eb_corridor_near *near, const eb_corridor_place *p, const stretch *s, double share, double *metres,
                             eb_error *err)
{
    double lon, lat;
    eb_status status = place_on_stretch(near, s, share, &lon, &lat, err);
    if (status == EB_OK) *metres = eb_geodetic_inverse(near->lines->geodesic, p->lon_deg, p->lat_deg, lon, lat, NULL, NULL);
    return status;
}

/* The least distance to a stretch near a share of it: the bottom of the parabola through three distances (their squares are one). */
static eb_status refine(const eb_corridor_near *near, const eb_corridor_place *p, const stretch *s, eb_corridor_nearest *nearest,
                        eb_error *err)
{
    double h = fmin(0.25, 0.05 + 10 / fmax(between(s->a, s->b), 1));
    double low = fmax(nearest->share - h, 0), high = fmin(nearest->share + h, 1), shares[4] = {low, (low + high) / 2, high, 0}, d[4];
    eb_status status = EB_OK;
    for (int k = 0; status == EB_OK && k < 3; k++) status = distance_at(near, p, s, shares[k], &d[k], err);
    if (status != EB_OK) return status;
    double q0 = d[0] * d[0], q1 = d[1] * d[1], q2 = d[2] * d[2], bend = q0 - 2 * q1 + q2;
    shares[3] = bend > 0 ? fmin(fmax(shares[1] + (high - low) / 4 * (q0 - q2) / bend, 0), 1) : nearest->share;
    status = distance_at(near, p, s, shares[3], &d[3], err);
    for (int k = 0; k < 4; k++) {
        if (d[k] >= nearest->distance_m) continue;
        nearest->distance_m = d[k];
        nearest->share = shares[k];
    }
    return status;
}

/* Two chords of the same length in space may belong to geodesics that differ by this: the Earth's radius of curvature varies by 0.7 %. */
static double chord_doubt(double chord)
{
    return 0.02 * chord * chord * chord / (24 * 6.37e6 * 6.37e6);
}

static double nearest_in_space(const eb_corridor_near *near, const eb_corridor_place *place, const uint8_t *parts)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < near->id_count; i++) {
        if (parts && !parts[near->ids[i]]) continue;
        double d = space_distance(&near->stretches[near->ids[i]], place->space_m, NULL);
        if (d < nearest) nearest = d;
    }
    return nearest + 2 * near->bow_m + chord_doubt(nearest);
}

eb_status eb_corridor_near_find(const eb_corridor_near *near, const eb_corridor_place *place, eb_corridor_nearest *out, eb_error *err)
{
    double limit = nearest_in_space(near, place, NULL);
    *out = (eb_corridor_nearest){.distance_m = INFINITY};
    if (!isfinite(limit)) return EB_OK;
    for (size_t i = 0; i < near->id_count; i++) {
        const stretch *s = &near->stretches[near->ids[i]];
        double share, metres = 0;
        if (space_distance(s, place->space_m, &share) > limit) continue;
        eb_status status = distance_at(near, place, s, share, &metres, err);
        if (status != EB_OK) return status;
        if (metres < out->distance_m) *out = (eb_corridor_nearest){metres, near->ids[i], share};
    }
    return isfinite(out->distance_m) ? refine(near, place, &near->stretches[out->stretch], out, err) : EB_OK;
}

/* --- sides ------------------------------------------------------------------------------------------------------------------------- */

/* Azimuths at a place of a stretch: on along it, and to a place elsewhere. */
static eb_status azimuths_at(const eb_corridor_near *near, const stretch *s, double share, const eb_corridor_place *place, double *on,
                             double *to_place, eb_error *err)
{
    double lon, lat, lon1, lat1, other = share < 0.5 ? 1 : 0;
    eb_status status = place_on_stretch(near, s, share, &lon, &lat, err);
    if (status == EB_OK) status = place_on_stretch(near, s, other, &lon1, &lat1, err);
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
        const stretch *s = &near->stretches[near->ids[i]];
        for (int end = 0; end < 2; end++) {
            double on, to_place;
            if (between(end ? s->b : s->a, v) > 1e-3) continue;
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
    const stretch *s = &near->stretches[nearest->stretch];
    double length = between(s->a, s->b), on, to_place;
    *out = (eb_corridor_view){0};
    if (nearest->share * length < 1e-3) return view_vertex(near, place, s->a, out, err);
    if ((1 - nearest->share) * length < 1e-3) return view_vertex(near, place, s->b, out, err);
    eb_status status = azimuths_at(near, s, nearest->share, place, &on, &to_place, err);
    out->left = sin((to_place - on) * degree) < 0;
    return status;
}

/* Where the end of a stretch is nearest, how far round that end the place is, as a share of the distance that is too small to matter. */
static double round_end(double share, double angle_deg)
{
    double past = share <= 0 ? fabs(angle_deg) - 90 : share >= 1 ? 90 - fabs(angle_deg) : 0;
    return 1 + 1e-6 * fmax(past, 0) / 90;
}

/* One stretch's part in it. */
static eb_status see(const eb_corridor_near *near, const eb_corridor_place *place, const stretch *s, double share, double doubt_m,
                     unsigned sides, double *left_m, double *right_m, eb_error *err)
{
    double metres = 0, on = 0, to_place = 0;
    bool left = (sides & EB_CORRIDOR_SEE_LEFT) != 0, right = (sides & EB_CORRIDOR_SEE_RIGHT) != 0;
    eb_status status = distance_at(near, place, s, share, &metres, err);
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
    double limit = nearest_in_space(near, place, parts) + slack_m, share;
    eb_status status = EB_OK;
    *left_m = *right_m = INFINITY;
    for (size_t i = 0; status == EB_OK && i < near->id_count; i++) {
        const stretch *s = &near->stretches[near->ids[i]];
        unsigned sides = parts ? parts[near->ids[i]] : EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT;
        if (sides == 0 || space_distance(s, place->space_m, &share) > limit) continue;
        status = see(near, place, s, share, doubt_m, sides, left_m, right_m, err);
    }
    return status;
}

/* The next part along the line: where this one ends. */
static bool goes_on(const stretch *a, const stretch *b)
{
    if (a->vertex == b->vertex) return b->t0 == a->t1;
    return b->vertex == a->vertex + 1 && a->t1 == 1 && b->t0 == 0;
}

static int along(const void *p, const void *q)
{
    const stretch *a = *(const stretch *const *)p, *b = *(const stretch *const *)q;
    if (a->vertex != b->vertex) return a->vertex < b->vertex ? -1 : 1;
    return a->t0 < b->t0 ? -1 : a->t0 > b->t0;
}

eb_status eb_corridor_near_is_run(const eb_corridor_near *near, const eb_corridor_place *place, double slack_m, const uint8_t *parts,
                                  bool *out, eb_error *err)
{
    double limit = nearest_in_space(near, place, parts) + slack_m;
    const stretch **some = malloc((near->id_count + 1) * sizeof *some);
    if (!some) return eb_error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < near->id_count; i++) {
        const stretch *s = &near->stretches[near->ids[i]];
        if ((!parts || parts[near->ids[i]]) && space_distance(s, place->space_m, NULL) <= limit) some[count++] = s;
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
    return place_on_stretch(near, &near->stretches[part], 0.5, lon_deg, lat_deg, err);
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
        if (between(end->at.space_m, place->space_m) > distance_m + slack_m) continue;
        double length =
            eb_geodetic_inverse(near->lines->geodesic, end->at.lon_deg, end->at.lat_deg, place->lon_deg, place->lat_deg, &to_place, NULL);
        *on_m = length * cos((to_place - end->azimuth_deg) * degree);
        *aside_m = length * sin((to_place - end->azimuth_deg) * degree);
        if (length <= distance_m + slack_m && *on_m >= -slack_m) return end;
    }
    return NULL;
}
