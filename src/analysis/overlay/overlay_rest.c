/*
 * The parts that the first layer takes may come in any order, from all over. They wait outside the memory, sorted by feature and along
 * a curve through neighbouring places (Morton), and are united at the end, place by place: a union of what lies side by side is small.
 */
#include "analysis/overlay/overlay_rest.h"
#include "base/array.h"
#include "base/sorter.h"
#include "base/translate.h"
#include "geom/rings.h"
#include "geom/unite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of parts united at a time. */
static const size_t portion = 1 << 20;
/* Bytes of parts held before they go to the file. */
static const size_t best_memory = 16 << 20;

struct eb_held_rest {
    const eb_held *held;
    eb_meter meter;
    eb_geos *geos;
    eb_sorter *claims, *corners;
    double *xy; /* corners of the feature at hand */
    size_t xy_count, xy_capacity;
    bool sorted;
    double residual_m2;
    eb_shape *lent;
    eb_rings rings[2];
    eb_common common;
};

eb_status eb_held_rest_new(const eb_held *held, const eb_env *env, eb_held_rest **out, eb_error *err)
{
    *out = NULL;
    eb_held_rest *rest = calloc(1, sizeof *rest);
    if (!rest) return eb_error_memory(err);
    rest->held = held;
    /* What is left of a feature counts like one part: parts are many, or the work is small. */
    rest->meter = (eb_meter){.env = env, .task = N_("rest of the second layer"), .total = held->count * EB_UNITE_UNITS, .alone = true};
    eb_status status = eb_geos_new(&rest->geos, err);
    if (status == EB_OK) status = eb_sorter_new(eb_env_held_bytes(env, best_memory), &rest->claims, err);
    if (status == EB_OK) status = eb_sorter_new(eb_env_held_bytes(env, best_memory / 16), &rest->corners, err);
    if (status == EB_OK)
        *out = rest;
    else
        eb_held_rest_free(rest);
    return status;
}

void eb_held_rest_free(eb_held_rest *rest)
{
    if (!rest) return;
    eb_sorter_free(rest->claims);
    eb_sorter_free(rest->corners);
    free(rest->xy);
    for (int i = 0; i < 2; i++) eb_rings_clear(&rest->rings[i]);
    eb_common_clear(&rest->common);
    if (rest->geos) eb_shape_free(rest->geos, rest->lent);
    eb_geos_free(rest->geos);
    free(rest);
}

double eb_held_rest_residual(const eb_held_rest *rest)
{
    return rest->residual_m2;
}

/* Every second bit of a number of 16. */
static uint32_t spread(uint32_t n)
{
    n = (n | n << 8) & 0x00ff00ff;
    n = (n | n << 4) & 0x0f0f0f0f;
    n = (n | n << 2) & 0x33333333;
    return (n | n << 1) & 0x55555555;
}

static uint32_t sixteenth_bits(double at, double from, double to)
{
    const double part = to > from ? (at - from) / (to - from) : 0;
    return (uint32_t)(65535 * fmin(1, fmax(0, part)));
}

/* Where on the curve over the feature's box the first vertex of a shape lies. */
static uint32_t place_of(const eb_held_feature *f, eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double x = f->box[0], y = f->box[1];
    eb_wkb_begin(&walk, shape);
    if (eb_wkb_next(&walk, &part) && part.count > 0) eb_wkb_xy(&part, 0, &x, &y);
    return spread(sixteenth_bits(x, f->box[0], f->box[2])) | spread(sixteenth_bits(y, f->box[1], f->box[3])) << 1;
}

eb_status eb_held_rest_claim(eb_held_rest *rest, size_t i, const uint8_t *data, size_t size, eb_error *err)
{
    const uint64_t key = (uint64_t)i << 32 | place_of(&rest->held->features[i], (eb_wkb){data, size});
    rest->meter.total += EB_UNITE_UNITS;
    return eb_sorter_add(rest->claims, key, data, size, err);
}

eb_status eb_held_rest_corner(eb_held_rest *rest, size_t i, const double xy[2], eb_error *err)
{
    return eb_sorter_add(rest->corners, i, xy, 2 * sizeof *xy, err);
}

static eb_status read_corners(eb_held_rest *rest, size_t i, eb_error *err)
{
    eb_status status = EB_OK;
    uint64_t key;
    rest->xy_count = 0;
    while (status == EB_OK && eb_sorter_peek(rest->corners, &key) && key == i) {
        const uint8_t *data = NULL;
        size_t size = 0;
        if (!eb_array_reserve(&rest->xy, &rest->xy_capacity, rest->xy_count + 1, 2 * sizeof *rest->xy)) return eb_error_memory(err);
        status = eb_sorter_next(rest->corners, &data, &size, err);
        if (status == EB_OK) memcpy(rest->xy + 2 * rest->xy_count++, data, size);
    }
    return status;
}

const double *eb_held_rest_corners(const eb_held_rest *rest, size_t *count)
{
    *count = rest->xy_count;
    return rest->xy;
}

/* All that was claimed of feature @p i as one shape; NULL in *out: nothing was. */
static eb_status unite_claims(eb_held_rest *rest, size_t i, eb_shape **out, eb_error *err)
{
    eb_unite all = {.meter = &rest->meter};
    uint64_t key;
    eb_status status = EB_OK;
    bool some = false;
    while (status == EB_OK && eb_sorter_peek(rest->claims, &key) && key >> 32 == i) {
        eb_wkb shape = {0};
        some = true;
        status = eb_sorter_next(rest->claims, &shape.data, &shape.size, err);
        if (status == EB_OK) status = eb_unite_add(&all, shape, err);
        if (status == EB_OK && all.size >= portion) status = eb_unite_merge(&all, rest->geos, err);
    }
    if (status == EB_OK && some) status = eb_unite_take(&all, rest->geos, out, err);
    rest->residual_m2 += all.residual;
    eb_unite_clear(&all);
    return status;
}

/* Claims being taken off a feature. */
typedef struct taking_off {
    eb_held_rest *rest;
    const eb_shape *claims;
    double slack_m2;
    eb_shape **whole; /* what is left takes its place */
} taking_off;

/* Pairs of edges up to which a sum of trapezoids over all pairs is cheap. */
static const size_t summed_pairs = 100000000;

/*
 * What both share by a sum of trapezoids. GEOS is asked for large shapes only: where an outline runs along another, its intersection
 * can be empty of the very land that its difference has left, and both together look right.
 */
static eb_status shared(const taking_off *t, double grid_m, double *m2, eb_error *err)
{
    eb_held_rest *rest = t->rest;
    eb_geos *geos = rest->geos;
    if (eb_shape_vertices(geos, *t->whole) * eb_shape_vertices(geos, t->claims) > summed_pairs) {
        eb_shape *both = NULL;
        eb_status status = eb_shape_overlay_on_grid(geos, *t->whole, t->claims, EB_OP_INTERSECTION, grid_m, &both, err);
        if (status == EB_OK) *m2 = eb_shape_area(geos, both);
        eb_shape_free(geos, both);
        return status;
    }
    eb_status status = eb_rings_read_shape(&rest->rings[0], geos, *t->whole, err);
    if (status == EB_OK) status = eb_rings_read_shape(&rest->rings[1], geos, t->claims, err);
    if (status == EB_OK) *m2 = eb_rings_common_area(&rest->common, &rest->rings[0], &rest->rings[1]);
    return status == EB_OK && isnan(*m2) ? eb_error_memory(err) : status;
}

/* What went is what the claims have of the whole: all of them, or where they reach out by rounding what both share. */
static eb_status prove(const taking_off *t, const eb_shape *left, double grid_m, eb_error *err)
{
    const double gone = eb_shape_area(t->rest->geos, *t->whole) - eb_shape_area(t->rest->geos, left);
    double wanted = eb_shape_area(t->rest->geos, t->claims);
    eb_status status = fabs(gone - wanted) <= t->slack_m2 ? EB_OK : shared(t, grid_m, &wanted, err);
    const double gap = fabs(gone - wanted);
    if (status == EB_OK && !(gap <= t->slack_m2))
        status = eb_error_set(err, EB_INTERNAL, "overlay took %.17g m2 off a shape of the second layer, %.17g too much or too little", gone,
                              gap);
    if (status == EB_OK) t->rest->residual_m2 += gap;
    return status;
}

static eb_status take_off(void *self, double grid_m, eb_error *err)
{
    const taking_off *t = self;
    eb_geos *geos = t->rest->geos;
    eb_shape *cut = NULL, *left = NULL;
    eb_status status = eb_shape_overlay_on_grid(geos, *t->whole, t->claims, EB_OP_DIFFERENCE, grid_m, &cut, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, cut, 2, &left, err);
    if (status == EB_OK) status = prove(t, left, grid_m, err);
    eb_shape_free(geos, status == EB_OK ? *t->whole : left);
    if (status == EB_OK) *t->whole = left;
    return status;
}

/* Claims may reach out of their feature by what shapes are moved when they meet, and no further: more would be land of another. */
static eb_status stay_inside(eb_held_rest *rest, const eb_shape *claims, double gone_m2, eb_error *err)
{
    const double out_m2 = eb_shape_area(rest->geos, claims) - gone_m2, moved_m = 1e-4;
    if (out_m2 <= 1e-9 * gone_m2 + 1e-6 + moved_m * eb_shape_length(rest->geos, claims)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "pieces claim %.17g m2 of a shape of the second layer, %.17g of them not its own",
                        gone_m2 + out_m2, out_m2);
}

eb_status eb_held_rest_next(eb_held_rest *rest, size_t i, eb_geos **geos, const eb_shape **out, double *area_m2, eb_error *err)
{
    const eb_held_feature *feature = &rest->held->features[i];
    const eb_held_bytes *bytes = &rest->held->pieces[feature->first_piece];
    eb_shape *claims = NULL;
    eb_shape_free(rest->geos, rest->lent);
    rest->lent = NULL;
    *geos = rest->geos;
    *out = NULL;
    eb_status status = rest->sorted ? EB_OK : eb_sorter_begin(rest->claims, err);
    if (status == EB_OK && !rest->sorted) status = eb_sorter_begin(rest->corners, err);
    rest->sorted = true;
    if (status == EB_OK) status = read_corners(rest, i, err);
    if (status == EB_OK) status = unite_claims(rest, i, &claims, err);
    if (status == EB_OK) status = eb_shape_read(rest->geos, (eb_wkb){bytes->data, bytes->size}, &rest->lent, err);
    taking_off off = {.rest = rest, .claims = claims, .slack_m2 = 1e-9 * feature->area_m2 + 1e-6, .whole = &rest->lent};
    if (status == EB_OK && claims) status = eb_try_on_grids(take_off, &off, err);
    if (status == EB_OK) *area_m2 = eb_shape_area(rest->geos, rest->lent);
    if (status == EB_OK && claims) status = stay_inside(rest, claims, feature->area_m2 - *area_m2, err);
    /* What rounding leaves of a shape that is covered altogether is no land. */
    if (status == EB_OK && (!claims || *area_m2 > 1e-12 * feature->area_m2)) *out = rest->lent;
    eb_shape_free(rest->geos, claims);
    return status == EB_OK ? eb_meter_add(&rest->meter, EB_UNITE_UNITS, err) : status;
}
