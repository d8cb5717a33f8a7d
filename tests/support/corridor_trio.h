/* Left, right and both of the same lines: each against the oracle, against each other, and before the audit. */
#ifndef CORRIDOR_TRIO_H
#define CORRIDOR_TRIO_H

#include "corridor_world.h"

#include "analysis/corridor/parts.h"

static eb_geos *geos;

static inline void setup(void)
{
    ok(eb_geos_new(&geos, err));
}

static inline void teardown(void)
{
    eb_geos_free(geos);
}

#ifndef PLACES
#define PLACES 100 /* of each trio that are put to the oracle */
#endif
#ifndef LEAST_WANTED
#define LEAST_WANTED (PLACES / 5) /* answers that a place is wanted: fewer and next to nothing was asked */
#endif

enum { SIDES = 3 };

/* One kind of ends: both sides, left and right. */
typedef struct trio {
    eb_corridor_spec specs[SIDES];
    eb_shape *shapes[SIDES];
    eb_prepared *prepared[SIDES];
    double areas[SIDES];
} trio;

/* Round ends. */
static inline void trio_make(const eb_corridor_lines *lines, double width_m, double tolerance_m, trio *out)
{
    for (int k = 0; k < SIDES; k++) {
        out->specs[k] = (eb_corridor_spec){width_m, tolerance_m, (eb_corridor_part)(EB_CORRIDOR_BOTH + k), EB_CAP_ROUND};
        out->shapes[k] = world_corridor(lines, geos, &out->specs[k]);
    }
}

/* Flat ends are round ones with a cut, so that the sides, which are the costly part, are made once (flat_is_round_cut proves it). */
static inline void trio_cut(const eb_corridor_lines *lines, const trio *round, trio *out)
{
    for (int k = 0; k < SIDES; k++) {
        eb_corridor_near *near;
        eb_shape *shape;
        out->specs[k] = round->specs[k];
        out->specs[k].cap = EB_CAP_FLAT;
        ok(eb_corridor_near_new(lines, world_all, out->specs[k].tolerance_m, &near, err));
        ok(eb_shape_copy(geos, round->shapes[k], &shape, err));
        ok(eb_corridor_cut_ends(lines, near, &out->specs[k], geos, NULL, shape, &out->shapes[k], err));
        eb_corridor_near_free(near);
    }
}

/* What there is to ask of the shapes. */
static inline void trio_prepare(trio *t)
{
    for (int k = 0; k < SIDES; k++) {
        t->areas[k] = eb_shape_area(geos, t->shapes[k]);
        ok(eb_prepared_new(geos, t->shapes[k], &t->prepared[k], err));
    }
}

static inline void trio_clear(trio *t)
{
    for (int k = 0; k < SIDES; k++) {
        eb_prepared_free(geos, t->prepared[k]);
        eb_shape_free(geos, t->shapes[k]);
    }
}

/* A place is in the corridor if and only if the definition says so; within the tolerance of the edge either will do. */
static inline void check_places(const char *label, const eb_corridor_lines *lines, const trio *t)
{
    double box[4];
    uint64_t seed = 7;
    int judged = 0;
    if (!eb_shape_bounds(geos, t->shapes[0], box)) { /* flat ends that leave nothing wider than the tolerance */
        ck_assert_msg(t->specs[0].cap == EB_CAP_FLAT, "%s: nothing", label);
        return;
    }
    for (int i = 0; i < PLACES; i++) {
        double x = box[0] + world_random(&seed) * (box[2] - box[0]), y = box[1] + world_random(&seed) * (box[3] - box[1]), lon, lat;
        eb_plane_inverse(&lines->plane, x, y, &lon, &lat);
        world_sight sight = world_look(lines, lon, lat);
        for (int k = 0; k < SIDES; k++) {
            bool in = world_holds(geos, t->prepared[k], x, y), want = world_wants(&t->specs[k], &sight);
            if (in != want && world_at_edge(lines, &t->specs[k], lon, lat)) continue;
            judged += want;
            ck_assert_msg(in == want, "%s: %.7f %.7f part %d cap %d: %d, expected %d", label, lon, lat, k, t->specs[k].cap, in, want);
        }
    }
    ck_assert_msg(judged > LEAST_WANTED, "%s: %d places", label, judged);
}

/* Is what two shapes make by an operation nowhere wider than the tolerance? */
static inline bool is_thin(const eb_shape *a, const eb_shape *b, eb_overlay_op op, double tolerance_m)
{
    eb_shape *made, *areal;
    bool thin;
    ok(eb_shape_overlay(geos, a, b, op, &made, err));
    ok(eb_shape_keep_dimension(geos, made, 2, &areal, err));
    ok(eb_corridor_is_thin(geos, areal, tolerance_m / 2, &thin, err));
    eb_shape_free(geos, areal);
    return thin;
}

/*
 * Left and right share no area and together are both. An edge between what is wanted and what is not is made of chords, and where a side is
 * cut flat it is made once with the side and once with the cut, each within half the tolerance of the true one: what is left over between
 * the two is nowhere wider than the tolerance, and its area is in proportion to it (378, 85 and 20 m2 at 2, 0.5 and 0.125 m in one of the
 * random nets). With round ends there is one edge, and what is left over is rounding.
 */
static inline void check_halves(const char *label, const trio *t)
{
    eb_shape *joined;
    double both = t->areas[0], sum = t->areas[1] + t->areas[2], tolerance_m = t->specs[0].tolerance_m;
    int cap = t->specs[0].cap;
    ok(eb_shape_overlay(geos, t->shapes[1], t->shapes[2], EB_OP_UNION, &joined, err));
    ck_assert_msg(is_thin(t->shapes[1], t->shapes[2], EB_OP_INTERSECTION, tolerance_m), "%s: cap %d: left and right overlap", label, cap);
    ck_assert_msg(is_thin(joined, t->shapes[0], EB_OP_SYMDIFF, tolerance_m), "%s: cap %d: left and right are not both", label, cap);
    if (cap == EB_CAP_ROUND) ck_assert_msg(fabs(sum - both) < 5e-6 * both, "%s: %.2f, both %.2f", label, sum, both);
    eb_shape_free(geos, joined);
}

/* Left, right and both fit, each holds the places it should, and its audit passes. */
static inline void check_trio(const char *label, const eb_corridor_lines *lines, const trio *t, bool halves)
{
    check_places(label, lines, t);
    check_halves(label, t);
    if (halves) ck_assert_msg(fabs(t->areas[1] - t->areas[2]) < 1e-5 * t->areas[0], "%s: %.2f, %.2f", label, t->areas[1], t->areas[2]);
    for (int k = 0; k < SIDES; k++) {
        eb_corridor_audit audit = world_audit(lines, geos, &t->specs[k], t->shapes[k]);
        ck_assert_msg(audit.worst_m <= t->specs[k].tolerance_m, "%s: part %d cap %d: %g at %.7f %.7f", label, k, t->specs[k].cap,
                      audit.worst_m, audit.worst_x, audit.worst_y);
    }
}

/* With round ends and flat ones. */
static inline void check_lines(const char *label, const eb_corridor_lines *lines, double width_m, double tolerance_m, bool halves)
{
    trio round, flat;
    trio_make(lines, width_m, tolerance_m, &round);
    trio_cut(lines, &round, &flat);
    trio_prepare(&round);
    trio_prepare(&flat);
    check_trio(label, lines, &round, halves);
    check_trio(label, lines, &flat, halves);
    trio_clear(&round);
    trio_clear(&flat);
}

#endif
