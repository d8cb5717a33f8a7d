/*
 * The audit: how far is the finished edge from the lines, really? Nothing here knows how corridors are made. Each point of the edge is
 * measured against the layer's own edges: candidates by distance in space (earth-centred coordinates), then the geodesic distance from the
 * point to the nearest place of the nearest candidates.
 */
#include "analysis/corridor.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 64, FLAT_AT_START = 1, FLAT_AT_END = 2, END_AT_START = 4, END_AT_END = 8 };

static const double degree = 0.017453292519943295;

/* A short part of an edge of a line, straight enough in space. */
typedef struct stretch {
    double a[3], b[3]; /* metres from the centre of the Earth */
    size_t vertex;     /* the edge begins at this vertex */
    double t0, t1;     /* the part of it */
    unsigned ends;     /* FLAT_…, END_… */
} stretch;

/* A point of the finished edge, and what is near it. */
typedef struct probe {
    double x, y, lon, lat, space[3];
    double distance_m;
    bool excused;
} probe;

struct eb_corridor_auditor {
    const eb_corridor_lines *lines;
    stretch *stretches;
    size_t count, capacity;
    double *boxes; /* degrees */
    size_t box_capacity;
    eb_index *index;
    size_t *ids, id_capacity, id_count; /* near the block in hand */
    double bow_m;                       /* most that a stretch leaves its chord in space */
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

static eb_status place_on_edge(const eb_corridor_lines *lines, size_t vertex, double t, double *lon, double *lat, eb_error *err)
{
    const double *p = lines->xy + 2 * vertex;
    return eb_corridor_to_degrees(&lines->frame, p[0] + t * (p[2] - p[0]), p[1] + t * (p[3] - p[1]), lon, lat, err);
}

/* --- making an auditor -------------------------------------------------------------------------------------------------------------- */

static double between(const double a[3], const double b[3])
{
    return hypot(hypot(b[0] - a[0], b[1] - a[1]), b[2] - a[2]);
}

static eb_status push(eb_corridor_auditor *auditor, const stretch *s, double lon0, double lat0, double lon1, double lat1, eb_error *err)
{
    if (!eb_array_reserve(&auditor->stretches, &auditor->capacity, auditor->count + 1, sizeof *auditor->stretches) ||
        !eb_array_reserve(&auditor->boxes, &auditor->box_capacity, auditor->count + 1, 4 * sizeof *auditor->boxes))
        return eb_error_memory(err);
    double west = near_middle(auditor->lines, lon0), east = near_middle(auditor->lines, lon1);
    double *box = auditor->boxes + 4 * auditor->count;
    bool around = fabs(east - west) > 180;
    box[0] = around ? -720 : fmin(west, east);
    box[2] = around ? 720 : fmax(west, east);
    box[1] = fmin(lat0, lat1);
    box[3] = fmax(lat0, lat1);
    auditor->stretches[auditor->count++] = *s;
    return EB_OK;
}

/* Halve the part of an edge until it is straight in space to within the auditor's bow. */
static eb_status add_stretch(eb_corridor_auditor *auditor, stretch s, int depth, eb_error *err)
{
    const eb_corridor_lines *lines = auditor->lines;
    double lon0, lat0, lon1, lat1, lon, lat, m[3], half = (s.t0 + s.t1) / 2;
    eb_status status = place_on_edge(lines, s.vertex, s.t0, &lon0, &lat0, err);
    if (status == EB_OK) status = place_on_edge(lines, s.vertex, s.t1, &lon1, &lat1, err);
    if (status == EB_OK) status = place_on_edge(lines, s.vertex, half, &lon, &lat, err);
    if (status != EB_OK) return status;
    to_space(lines, lon0, lat0, s.a);
    to_space(lines, lon1, lat1, s.b);
    to_space(lines, lon, lat, m);
    double middle[3] = {(s.a[0] + s.b[0]) / 2, (s.a[1] + s.b[1]) / 2, (s.a[2] + s.b[2]) / 2};
    if (depth == 0 || (between(middle, m) <= auditor->bow_m && between(s.a, s.b) < 50000))
        return push(auditor, &s, lon0, lat0, lon1, lat1, err);
    stretch first = s, second = s;
    first.t1 = second.t0 = half;
    first.ends &= FLAT_AT_START | END_AT_START;
    second.ends &= FLAT_AT_END | END_AT_END;
    status = add_stretch(auditor, first, depth - 1, err);
    return status == EB_OK ? add_stretch(auditor, second, depth - 1, err) : status;
}

static eb_status add_chain(eb_corridor_auditor *auditor, const eb_corridor_chain *chain, bool all, eb_error *err)
{
    eb_status status = EB_OK;
    bool start = all ? chain->alone_start : chain->free_start, end = all ? chain->alone_end : chain->free_end;
    for (size_t i = 0; status == EB_OK && i + 1 < chain->count; i++) {
        stretch s = {.vertex = chain->first + i, .t0 = 0, .t1 = 1};
        if (!chain->closed && i == 0) s.ends |= END_AT_START | (start ? FLAT_AT_START : 0);
        if (!chain->closed && i + 2 == chain->count) s.ends |= END_AT_END | (end ? FLAT_AT_END : 0);
        status = add_stretch(auditor, s, 40, err);
    }
    return status;
}

eb_status eb_corridor_auditor_new(const eb_corridor_lines *lines, size_t group, double tolerance_m, eb_corridor_auditor **out,
                                  eb_error *err)
{
    eb_corridor_auditor *auditor = *out = calloc(1, sizeof **out);
    if (!auditor) return eb_error_memory(err);
    auditor->lines = lines;
    auditor->bow_m = fmin(fmax(tolerance_m / 4, 1e-4), 10);
    eb_status status = EB_OK;
    for (size_t l = 0; status == EB_OK && l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        if (group != EB_CORRIDOR_ALL && line->group != group) continue;
        for (size_t c = 0; status == EB_OK && c < line->chain_count; c++)
            status = add_chain(auditor, &lines->chains[line->chain_first + c], group == EB_CORRIDOR_ALL, err);
    }
    if (status == EB_OK) status = eb_index_new(auditor->boxes, auditor->count, &auditor->index, err);
    if (status == EB_OK) return EB_OK;
    eb_corridor_auditor_free(auditor);
    *out = NULL;
    return status;
}

void eb_corridor_auditor_free(eb_corridor_auditor *auditor)
{
    if (!auditor) return;
    eb_index_free(auditor->index);
    free(auditor->stretches);
    free(auditor->boxes);
    free(auditor->ids);
    free(auditor);
}

/* --- measuring ---------------------------------------------------------------------------------------------------------------------- */

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

static eb_status distance_at(const eb_corridor_auditor *auditor, const probe *p, const stretch *s, double share, double *metres,
                             eb_error *err)
{
    double lon, lat;
    eb_status status = place_on_edge(auditor->lines, s->vertex, s->t0 + share * (s->t1 - s->t0), &lon, &lat, err);
    if (status == EB_OK) *metres = eb_geodetic_inverse(auditor->lines->geodesic, p->lon, p->lat, lon, lat, NULL, NULL);
    return status;
}

/* The least distance to a stretch near a share of it: the bottom of the parabola through three distances (their squares are one). */
static eb_status refine(const eb_corridor_auditor *auditor, const probe *p, const stretch *s, double share, double *metres, eb_error *err)
{
    double h = fmin(0.25, 0.05 + 10 / fmax(between(s->a, s->b), 1));
    double low = fmax(share - h, 0), high = fmin(share + h, 1), middle = (low + high) / 2, d[3];
    eb_status status = distance_at(auditor, p, s, low, &d[0], err);
    if (status == EB_OK) status = distance_at(auditor, p, s, middle, &d[1], err);
    if (status == EB_OK) status = distance_at(auditor, p, s, high, &d[2], err);
    if (status != EB_OK) return status;
    double q0 = d[0] * d[0], q1 = d[1] * d[1], q2 = d[2] * d[2], bend = q0 - 2 * q1 + q2;
    double best = bend > 0 ? middle + (high - low) / 4 * (q0 - q2) / bend : share, at = 0;
    status = distance_at(auditor, p, s, fmin(fmax(best, 0), 1), &at, err);
    *metres = fmin(fmin(fmin(d[0], d[1]), fmin(d[2], at)), *metres);
    return status;
}

/* Two chords of the same length in space may belong to geodesics that differ by this: the Earth's radius of curvature varies by 0.7 %. */
static double chord_doubt(double chord)
{
    return 0.02 * chord * chord * chord / (24 * 6.37e6 * 6.37e6);
}

static eb_status measure(const eb_corridor_auditor *auditor, probe *p, eb_error *err)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < auditor->id_count; i++) {
        double d = space_distance(&auditor->stretches[auditor->ids[i]], p->space, NULL);
        if (d < nearest) nearest = d;
    }
    p->distance_m = INFINITY;
    if (!isfinite(nearest)) return EB_OK;
    double limit = nearest + 2 * auditor->bow_m + chord_doubt(nearest), best_share = 0;
    const stretch *best = NULL;
    for (size_t i = 0; i < auditor->id_count; i++) {
        const stretch *s = &auditor->stretches[auditor->ids[i]];
        double share, metres = 0;
        if (space_distance(s, p->space, &share) > limit) continue;
        eb_status status = distance_at(auditor, p, s, share, &metres, err);
        if (status != EB_OK) return status;
        if (metres >= p->distance_m) continue;
        p->distance_m = metres;
        best = s;
        best_share = share;
    }
    return best ? refine(auditor, p, best, best_share, &p->distance_m, err) : EB_OK;
}

/* Where does a probe lie as seen from the end of a line: how far on, and how far to the side? */
static eb_status seen_from_end(const eb_corridor_auditor *auditor, const probe *p, const stretch *s, bool start, double *on, double *aside,
                               eb_error *err)
{
    double lon, lat, lon1, lat1, back, to_probe;
    double end = start ? s->t0 : s->t1, step = fmin(1 / fmax(between(s->a, s->b), 1), 1) * (s->t1 - s->t0);
    double inner = start ? end + step : end - step;
    eb_status status = place_on_edge(auditor->lines, s->vertex, end, &lon, &lat, err);
    if (status == EB_OK) status = place_on_edge(auditor->lines, s->vertex, inner, &lon1, &lat1, err);
    if (status != EB_OK) return status;
    eb_geodetic_inverse(auditor->lines->geodesic, lon, lat, lon1, lat1, &back, NULL);
    double length = eb_geodetic_inverse(auditor->lines->geodesic, lon, lat, p->lon, p->lat, &to_probe, NULL);
    *on = -length * cos((to_probe - back) * degree);
    *aside = length * sin((to_probe - back) * degree);
    return EB_OK;
}

/*
 * Some of the edge is not meant to be at the corridor's width: the flat end of a line, and for one side the line itself and what goes on
 * straight from its end. Such a point must lie there, and no farther from the lines than the width.
 */
static eb_status excuse(const eb_corridor_auditor *auditor, probe *p, const eb_corridor_spec *spec, eb_error *err)
{
    double tolerance = spec->tolerance_m;
    bool one_side = spec->side != EB_SIDE_BOTH;
    p->excused = false;
    if (p->distance_m > spec->width_m + tolerance || (spec->cap == EB_CAP_ROUND && !one_side)) return EB_OK;
    if (one_side && p->distance_m <= tolerance) p->excused = true;
    for (size_t i = 0; !p->excused && i < auditor->id_count; i++) {
        const stretch *s = &auditor->stretches[auditor->ids[i]];
        for (int k = 0; k < 2; k++) {
            unsigned flat = k ? FLAT_AT_END : FLAT_AT_START, any = k ? END_AT_END : END_AT_START;
            double on, aside;
            if (!(s->ends & (one_side ? any : flat))) continue;
            eb_status status = seen_from_end(auditor, p, s, k == 0, &on, &aside, err);
            if (status != EB_OK) return status;
            if (fabs(on) <= tolerance && fabs(aside) <= spec->width_m + tolerance) p->excused = true;
            if (one_side && fabs(aside) <= tolerance && on >= 0) p->excused = true;
        }
    }
    return EB_OK;
}

/* --- walking along the edge --------------------------------------------------------------------------------------------------------- */

static eb_status gather(eb_corridor_auditor *auditor, const probe *probes, size_t count, double reach_m, eb_error *err)
{
    double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        double lon = near_middle(auditor->lines, probes[i].lon);
        box[0] = fmin(box[0], lon);
        box[1] = fmin(box[1], probes[i].lat);
        box[2] = fmax(box[2], lon);
        box[3] = fmax(box[3], probes[i].lat);
    }
    /* A degree of latitude is nowhere less than 110.5 km. */
    double up = reach_m / 110500, farthest = fmax(fabs(box[1] - up), fabs(box[3] + up));
    double aside = farthest < 89 ? up / cos(farthest * degree) * 1.02 : 360;
    double query[4] = {box[0] - aside, box[1] - up, box[2] + aside, box[3] + up};
    if (aside > 90 || query[0] < auditor->lines->plane.lon0_deg - 180 || query[2] > auditor->lines->plane.lon0_deg + 180) {
        query[0] = -720;
        query[2] = 720;
    }
    return eb_index_query(auditor->index, query, &auditor->ids, &auditor->id_capacity, &auditor->id_count, err);
}

static eb_status judge(eb_corridor_auditor *auditor, probe *probes, size_t count, const eb_corridor_spec *spec, eb_corridor_audit *audit,
                       eb_error *err)
{
    /* What is not found within this reach is farther away than any corridor edge may be. */
    double reach = spec->width_m * 1.01 + 4 * spec->tolerance_m + 2 * auditor->bow_m + 10;
    eb_status status = gather(auditor, probes, count, reach, err);
    for (size_t i = 0; status == EB_OK && i < count; i++) {
        probe *p = &probes[i];
        status = measure(auditor, p, err);
        double off = fabs(fmin(p->distance_m, reach) - spec->width_m);
        if (status == EB_OK && off > spec->tolerance_m) status = excuse(auditor, p, spec, err);
        if (p->excused) {
            audit->ends++;
        } else if (off > audit->worst_m) {
            audit->worst_m = off;
            audit->worst_x = p->x;
            audit->worst_y = p->y;
        }
    }
    audit->points += count;
    return status;
}

static eb_status probe_at(const eb_corridor_auditor *auditor, double x, double y, probe *p, eb_error *err)
{
    *p = (probe){.x = x, .y = y};
    eb_status status = eb_corridor_to_degrees(&auditor->lines->frame, x, y, &p->lon, &p->lat, err);
    if (status == EB_OK) to_space(auditor->lines, p->lon, p->lat, p->space);
    return status;
}

static eb_status audit_ring(eb_corridor_auditor *auditor, const eb_wkb_part *ring, const eb_corridor_spec *spec, eb_corridor_audit *out,
                            eb_error *err)
{
    probe probes[BLOCK];
    eb_status status = EB_OK;
    size_t count = 0;
    for (size_t i = 0; status == EB_OK && i + 1 < ring->count; i++) {
        double x, y, nx, ny;
        eb_wkb_xy(ring, i, &x, &y);
        eb_wkb_xy(ring, i + 1, &nx, &ny);
        status = probe_at(auditor, x, y, &probes[count++], err);
        if (status == EB_OK) status = probe_at(auditor, (x + nx) / 2, (y + ny) / 2, &probes[count++], err);
        if (status == EB_OK && (count + 2 > BLOCK || i + 2 == ring->count)) {
            status = judge(auditor, probes, count, spec, out, err);
            count = 0;
        }
    }
    return status;
}

eb_status eb_corridor_auditor_run(eb_corridor_auditor *auditor, eb_wkb edge, const eb_corridor_spec *spec, const eb_env *env,
                                  eb_corridor_audit *out, eb_error *err)
{
    *out = (eb_corridor_audit){0};
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    for (eb_wkb_begin(&walk, edge); status == EB_OK && eb_wkb_next(&walk, &part);) {
        status = eb_env_check(env, err);
        if (status == EB_OK && part.kind == EB_SHAPE_POLYGON) status = audit_ring(auditor, &part, spec, out, err);
    }
    return status;
}
