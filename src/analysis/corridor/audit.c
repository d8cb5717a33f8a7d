/*
 * The audit: how far is the finished edge from the lines, really? Nothing here knows how corridors are made: every vertex and the middle of
 * every edge is measured against the layer's own edges (near.h).
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

/* Beyond a flat end, or straight on from an end between the two sides of a round one? */
static bool at_end(const eb_corridor_auditor *auditor, const probe *p, const eb_corridor_spec *spec)
{
    double tolerance = spec->tolerance_m, on, aside;
    bool side = spec->part == EB_CORRIDOR_LEFT || spec->part == EB_CORRIDOR_RIGHT;
    if (spec->cap != EB_CAP_FLAT && !side) return false;
    if (!eb_corridor_near_end_before(auditor->near, &p->place, p->distance_m, tolerance, &on, &aside)) return false;
    return spec->cap == EB_CAP_FLAT || fabs(aside) <= tolerance;
}

/*
 * Some of the edge is not meant to be at the corridor's width: where a flat end cuts; for one side the line itself and what lies between
 * both sides; for polygons the boundary. Such a point must lie there, and no farther from the lines than the width.
 */
static eb_status excused(const eb_corridor_auditor *auditor, const probe *p, const eb_corridor_spec *spec, bool *out, eb_error *err)
{
    double tolerance = spec->tolerance_m, left, right;
    bool side = spec->part == EB_CORRIDOR_LEFT || spec->part == EB_CORRIDOR_RIGHT;
    bool area = spec->part == EB_CORRIDOR_OUTWARD || spec->part == EB_CORRIDOR_INWARD;
    *out = false;
    if (p->distance_m > spec->width_m + tolerance) return EB_OK;
    *out = ((side || area) && p->distance_m <= tolerance) || at_end(auditor, p, spec);
    if (*out || !side) return EB_OK;
    /* A metre away from where both sides are equally near, their distances differ by up to two. */
    eb_status status = eb_corridor_near_sides(auditor->near, &p->place, 2 * tolerance, 0, NULL, &left, &right, err);
    *out = fabs(left - right) <= 2 * tolerance;
    return status;
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
        bool excuse = false;
        status = eb_corridor_near_find(auditor->near, &p->place, &nearest, err);
        if (status != EB_OK) break;
        p->distance_m = fmin(nearest.distance_m, reach);
        double off = fabs(p->distance_m - spec->width_m);
        if (off > spec->tolerance_m) status = excused(auditor, p, spec, &excuse, err);
        if (excuse) {
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
