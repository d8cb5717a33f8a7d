/*
 * The audit: how far is the finished edge from the lines, really? Nothing here knows how corridors are made: every vertex and the middle of
 * every edge is measured against the layer's own edges (near.h). What it would not notice stands in corridor.h.
 */
#include "analysis/corridor/near.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 64 };

/* A point of the finished edge. */
typedef struct probe {
    double x, y; /* layer */
    eb_corridor_place place;
    double distance_m;
} probe;

struct eb_corridor_auditor {
    const eb_corridor_lines *lines;
    eb_corridor_near *near;
};

eb_status eb_corridor_auditor_new(const eb_corridor_lines *lines, eb_corridor_choice choice, double tolerance_m, eb_corridor_auditor **out,
                                  eb_error *err)
{
    eb_corridor_auditor *auditor = *out = calloc(1, sizeof **out);
    if (!auditor) return eb_error_memory(err);
    auditor->lines = lines;
    eb_status status = eb_corridor_near_new(lines, choice, tolerance_m, &auditor->near, err);
    if (status == EB_OK) return EB_OK;
    eb_corridor_auditor_free(auditor);
    *out = NULL;
    return status;
}

void eb_corridor_auditor_free(eb_corridor_auditor *auditor)
{
    if (!auditor) return;
    eb_corridor_near_free(auditor->near);
    free(auditor);
}

static bool one_side(const eb_corridor_spec *spec)
{
    return spec->part == EB_CORRIDOR_LEFT || spec->part == EB_CORRIDOR_RIGHT;
}

/*
 * Which kinds of places are within the tolerance? What is wanted reaches from each of its places straight to the line, and so does what is
 * not: what of either is within the tolerance shows on the circle of that radius, or is smaller than it (beyond an end in the bend of a
 * hook) and shows on a narrower one. Few places of them will do as a rule; where a part is thin, many are asked before it is said not to be
 * there.
 */
static eb_status look_round(const eb_corridor_auditor *auditor, const probe *p, const eb_corridor_spec *spec, bool need_both, bool *seen,
                            eb_error *err)
{
    enum { MOST = 1440, CIRCLES = 4 };
    static const double circles[CIRCLES] = {1, 0.5, 0.25, 0.125}; /* of the tolerance */
    const double golden_deg = 137.50776405003785;                 /* each next place where the circle is emptiest */
    bool found[2] = {false, false};
    eb_status status = EB_OK;
    *seen = false;
    for (int k = 0; status == EB_OK && !*seen && k < MOST; k++) {
        double lon = p->place.lon_deg, lat = p->place.lat_deg;
        bool wanted = false;
        double radius_m = spec->tolerance_m * circles[k % CIRCLES];
        if (k > 0) eb_geodetic_direct(auditor->lines->geodesic, lon, lat, fmod(k * golden_deg, 360), radius_m, &lon, &lat);
        eb_corridor_place place = eb_corridor_place_of(auditor->near, lon, lat);
        status = eb_corridor_near_wanted(auditor->near, &place, spec, &wanted, err);
        found[wanted] = true;
        *seen = found[1] && (found[0] || !need_both);
    }
    return status;
}

/*
 * Is a point of the edge where it may be? At the width it must see the lines from the side wanted, and not be beyond a flat end. Elsewhere
 * it must be on the line that parts the sides, or where they part away from the lines, or where a flat end cuts; on the boundary of
 * polygons. All to within the tolerance.
 */
static eb_status well_placed(const eb_corridor_auditor *auditor, const probe *p, const eb_corridor_spec *spec, bool *excused, bool *out,
                             eb_error *err)
{
    bool at_width = fabs(p->distance_m - spec->width_m) <= spec->tolerance_m, on_line = p->distance_m <= spec->tolerance_m;
    bool area = spec->part == EB_CORRIDOR_OUTWARD || spec->part == EB_CORRIDOR_INWARD;
    *excused = !at_width;
    *out = at_width || ((area || one_side(spec)) && on_line);
    bool parted = !auditor->lines->polygons && (one_side(spec) || spec->cap == EB_CAP_FLAT);
    if (!parted || p->distance_m > spec->width_m + spec->tolerance_m || (on_line && *out)) return EB_OK;
    return look_round(auditor, p, spec, !at_width, out, err);
}

static eb_status judge(eb_corridor_auditor *auditor, probe *probes, size_t count, const eb_corridor_spec *spec, eb_corridor_audit *audit,
                       eb_error *err)
{
    /* What is not found within this reach is farther away than any corridor edge may be. */
    double reach = spec->width_m * 1.01 + 4 * spec->tolerance_m + 2 * eb_corridor_near_bow(auditor->near) + 10;
    eb_corridor_place places[BLOCK];
    for (size_t i = 0; i < count; i++) places[i] = probes[i].place;
    eb_status status = eb_corridor_near_gather(auditor->near, places, count, reach, err);
    for (size_t i = 0; status == EB_OK && i < count; i++) {
        probe *p = &probes[i];
        eb_corridor_nearest nearest;
        bool excused = false, good = false;
        status = eb_corridor_near_find(auditor->near, &p->place, &nearest, err);
        if (status != EB_OK) break;
        p->distance_m = fmin(nearest.distance_m, reach);
        status = well_placed(auditor, p, spec, &excused, &good, err);
        double off = fabs(p->distance_m - spec->width_m);
        if (!good && !excused) off = spec->width_m; /* at the width, but of the other side */
        if (good && excused) {
            audit->excused++;
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
    double lon, lat;
    eb_status status = eb_corridor_to_degrees(&auditor->lines->frame, x, y, &lon, &lat, err);
    *p = (probe){.x = x, .y = y};
    if (status == EB_OK) p->place = eb_corridor_place_of(auditor->near, lon, lat);
    return status;
}

static eb_status audit_ring(eb_corridor_auditor *auditor, const eb_wkb_part *ring, const eb_corridor_spec *spec, double total,
                            const eb_env *env, eb_corridor_audit *out, eb_error *err)
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
            status = eb_env_check(env, err);
            if (status == EB_OK) status = judge(auditor, probes, count, spec, out, err);
            eb_env_progress(env, "audit", (double)out->points, total);
            count = 0;
        }
    }
    return status;
}

/* Points that will be measured. */
static double points_of(eb_wkb edge)
{
    double points = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    for (eb_wkb_begin(&walk, edge); eb_wkb_next(&walk, &part);) {
        if (part.kind == EB_SHAPE_POLYGON && part.count > 0) points += 2 * (double)(part.count - 1);
    }
    return points;
}

eb_status eb_corridor_auditor_run(eb_corridor_auditor *auditor, eb_wkb edge, const eb_corridor_spec *spec, const eb_env *env,
                                  eb_corridor_audit *out, eb_error *err)
{
    *out = (eb_corridor_audit){0};
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    double total = points_of(edge);
    for (eb_wkb_begin(&walk, edge); status == EB_OK && eb_wkb_next(&walk, &part);) {
        if (part.kind == EB_SHAPE_POLYGON) status = audit_ring(auditor, &part, spec, total, env, out, err);
    }
    return status;
}
