#include "geom/unite.h"
#include "base/array.h"
#include "base/wkb_build.h"
#include "geom/near.h"
#include "geom/rings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shapes that are tried as a coverage among themselves where all together are none. */
enum { TOGETHER = 64 };

/* What a step may change of the area. */
static const double promise = 1e-9, least_m2 = 1e-6;

/* A shape and where it is. */
typedef struct placed {
    double x, y;
    size_t number;
} placed;

typedef struct uniting {
    eb_geos *geos;
    eb_unite *unite;
    const eb_wkb *shapes;
    placed *places;
    size_t step, counted; /* units of the meter a shape gets for each level of halves, and all had so far */
    eb_error *err;
} uniting;

void eb_unite_clear(eb_unite *u)
{
    for (size_t i = 0; i < u->run_count; i++) free(u->runs[i].data);
    free(u->runs);
    free(u->bytes);
    free(u->ends);
    *u = (eb_unite){0};
}

eb_status eb_unite_add(eb_unite *u, eb_wkb shape, eb_error *err)
{
    if (!eb_array_reserve(&u->bytes, &u->capacity, u->size + shape.size, 1) ||
        !eb_array_reserve(&u->ends, &u->end_capacity, u->count + 1, sizeof *u->ends))
        return eb_error_memory(err);
    memcpy(u->bytes + u->size, shape.data, shape.size);
    u->size += shape.size;
    u->ends[u->count++] = u->size;
    return EB_OK;
}

/* What both share counts once. It is worked out only where they do overlap. */
static eb_status prove(uniting *u, const eb_shape *a, const eb_shape *b, const eb_shape *both)
{
    const double sum = eb_shape_area(u->geos, a) + eb_shape_area(u->geos, b), area = eb_shape_area(u->geos, both);
    const double slack = promise * sum + least_m2;
    double gap = fabs(sum - area);
    eb_shape *shared = NULL;
    eb_status status = EB_OK;
    if (gap > slack) {
        status = eb_shape_overlay(u->geos, a, b, EB_OP_INTERSECTION, &shared, u->err);
        if (status == EB_OK) gap = fabs(sum - eb_shape_area(u->geos, shared) - area);
        eb_shape_free(u->geos, shared);
    }
    if (status != EB_OK) return status;
    u->unite->residual += gap;
    if (gap <= slack) return EB_OK;
    return eb_error_set(u->err, EB_INTERNAL, "the union of two shapes holds %.17g m2, they themselves %.17g: %.3g too much or too little",
                        area, sum, gap);
}

/* Two shapes whose edges are not shared exactly, or that overlap. */
static eb_status join_any(uniting *u, const eb_shape *a, const eb_shape *b, eb_shape **out)
{
    eb_shape *all = NULL, *kept = NULL;
    u->unite->overlaps = true;
    eb_status status = eb_shape_overlay(u->geos, a, b, EB_OP_UNION, &all, u->err);
    if (status == EB_OK) status = eb_shape_keep_dimension(u->geos, all, 2, &kept, u->err);
    if (status == EB_OK) status = prove(u, a, b, kept);
    if (status == EB_OK)
        *out = kept;
    else
        eb_shape_free(u->geos, kept);
    return status;
}

/* What may meet: by the edges it shares, else by the general union. */
static eb_status join_near(uniting *u, const eb_wkb near[2], eb_shape **out)
{
    eb_shape *side[2] = {NULL, NULL};
    eb_status status = eb_coverage_union(u->geos, near, 2, out, u->err);
    if (status != EB_OK || *out) return status;
    for (int i = 0; i < 2 && status == EB_OK; i++) status = eb_shape_read(u->geos, near[i], &side[i], u->err);
    if (status == EB_OK) status = join_any(u, side[0], side[1], out);
    for (int i = 0; i < 2; i++) eb_shape_free(u->geos, side[i]);
    return status;
}

/* Polygons that lie apart from the other side stay as they are. */
static eb_status add_apart(uniting *u, eb_wkb apart, eb_shape **made)
{
    eb_string all = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_shape_write(u->geos, *made, &data, &size, u->err);
    eb_shape_free(u->geos, *made);
    *made = NULL;
    if (status == EB_OK) status = eb_near_append(&all, (eb_wkb){data, size}, u->err);
    free(data);
    if (status == EB_OK) status = eb_near_append(&all, apart, u->err);
    if (status == EB_OK) status = eb_shape_read(u->geos, eb_wkb_built(&all), made, u->err);
    eb_string_clear(&all);
    return status;
}

static eb_status join(uniting *u, const eb_wkb sides[2], eb_shape **out)
{
    eb_string near[2] = {{0}, {0}}, apart = {0};
    *out = NULL;
    eb_status status = eb_near_part(sides, near, &apart, u->err);
    if (status == EB_OK && near[0].size == 0)
        status = eb_shape_read(u->geos, eb_wkb_built(&apart), out, u->err);
    else if (status == EB_OK)
        status = join_near(u, (const eb_wkb[2]){eb_wkb_built(&near[0]), eb_wkb_built(&near[1])}, out);
    if (status == EB_OK && near[0].size > 0 && apart.size > 0) status = add_apart(u, eb_wkb_built(&apart), out);
    for (int i = 0; i < 2; i++) eb_string_clear(&near[i]);
    eb_string_clear(&apart);
    return status;
}

/* The same for shapes, which are freed. */
static eb_status join_shapes(uniting *u, eb_shape *const shapes[2], eb_shape **out)
{
    uint8_t *data[2] = {NULL, NULL};
    size_t size[2] = {0, 0};
    eb_status status = EB_OK;
    for (int i = 0; i < 2; i++) {
        if (status == EB_OK) status = eb_shape_write(u->geos, shapes[i], &data[i], &size[i], u->err);
        eb_shape_free(u->geos, shapes[i]);
    }
    if (status == EB_OK) status = join(u, (const eb_wkb[2]){{data[0], size[0]}, {data[1], size[1]}}, out);
    for (int i = 0; i < 2; i++) free(data[i]);
    return status;
}

static int by_x(const void *a, const void *b)
{
    const placed *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

static int by_y(const void *a, const void *b)
{
    const placed *p = a, *q = b;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return p->number < q->number ? -1 : p->number > q->number;
}

/* The shapes in order across the longer side of where they are: its halves lie side by side. */
static void line_up(placed *places, size_t count)
{
    double box[4] = {places[0].x, places[0].y, places[0].x, places[0].y};
    for (size_t i = 1; i < count; i++) {
        box[0] = fmin(box[0], places[i].x), box[2] = fmax(box[2], places[i].x);
        box[1] = fmin(box[1], places[i].y), box[3] = fmax(box[3], places[i].y);
    }
    qsort(places, count, sizeof *places, box[2] - box[0] >= box[3] - box[1] ? by_x : by_y);
}

static eb_status as_coverage(uniting *u, size_t from, size_t count, eb_shape **out)
{
    eb_wkb few[TOGETHER];
    for (size_t i = 0; i < count; i++) few[i] = u->shapes[u->places[from + i].number];
    return eb_coverage_union(u->geos, few, count, out, u->err);
}

static eb_status count_units(uniting *u, size_t units)
{
    u->counted += units;
    return eb_meter_add(u->unite->meter, units, u->err);
}

static eb_status unite(uniting *u, size_t from, size_t count, eb_shape **out)
{
    eb_shape *half[2] = {NULL, NULL};
    eb_status status = EB_OK;
    *out = NULL;
    if (count == 1) return eb_shape_read(u->geos, u->shapes[u->places[from].number], out, u->err);
    if (count <= TOGETHER) status = as_coverage(u, from, count, out);
    if (status == EB_OK && !*out) {
        line_up(u->places + from, count);
        status = unite(u, from, count / 2, &half[0]);
        if (status == EB_OK) status = unite(u, from + count / 2, count - count / 2, &half[1]);
        if (status == EB_OK)
            status = join_shapes(u, half, out);
        else
            eb_shape_free(u->geos, half[0]);
    }
    return status == EB_OK && count * 2 > TOGETHER ? count_units(u, count * u->step) : status;
}

static eb_status find_places(uniting *u, size_t count)
{
    eb_rings rings = {0};
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        status = eb_rings_read(&rings, u->shapes[i], u->err);
        u->places[i] = (placed){.number = i};
        if (status == EB_OK && rings.count > 0)
            u->places[i].x = (rings.box[0] + rings.box[2]) / 2, u->places[i].y = (rings.box[1] + rings.box[3]) / 2;
    }
    eb_rings_clear(&rings);
    return status;
}

/* Levels of halves that are counted. */
static size_t levels_of(size_t count)
{
    size_t levels = 1;
    for (; count > TOGETHER; count = (count + 1) / 2) levels++;
    return levels;
}

/* All at once where they are a coverage, else piece by piece. */
static eb_status unite_all(uniting *u, size_t count, eb_shape **out)
{
    eb_status status = eb_coverage_union(u->geos, u->shapes, count, out, u->err);
    if (status != EB_OK || *out) return status;
    u->step = EB_UNITE_UNITS / (levels_of(count) + 1);
    status = count_units(u, count * u->step);
    if (status != EB_OK) return status;
    u->places = calloc(count, sizeof *u->places);
    status = u->places ? find_places(u, count) : eb_error_memory(u->err);
    if (status == EB_OK) status = unite(u, 0, count, out);
    free(u->places);
    return status;
}

eb_status eb_unite_shapes(eb_unite *u, eb_geos *geos, const eb_wkb *shapes, size_t count, eb_shape **out, eb_error *err)
{
    uniting work = {.geos = geos, .unite = u, .shapes = shapes, .err = err};
    *out = NULL;
    eb_status status = count == 0 ? eb_shape_read(geos, (eb_wkb){0}, out, err) : unite_all(&work, count, out);
    const size_t all = count * EB_UNITE_UNITS;
    return status == EB_OK && work.counted < all ? count_units(&work, all - work.counted) : status;
}

static eb_status push(eb_unite *u, eb_geos *geos, const eb_shape *shape, eb_error *err)
{
    if (!eb_array_reserve(&u->runs, &u->run_capacity, u->run_count + 1, sizeof *u->runs)) return eb_error_memory(err);
    eb_unite_run *run = &u->runs[u->run_count];
    *run = (eb_unite_run){0};
    eb_status status = eb_shape_write(geos, shape, &run->data, &run->size, err);
    if (status == EB_OK) u->run_count++;
    return status;
}

/* The last two runs become one. */
static eb_status merge_last(eb_unite *u, eb_geos *geos, eb_error *err)
{
    eb_unite_run *last = &u->runs[u->run_count - 2];
    uniting work = {.geos = geos, .unite = u, .err = err};
    eb_shape *both = NULL;
    eb_status status = join(&work, (const eb_wkb[2]){{last[0].data, last[0].size}, {last[1].data, last[1].size}}, &both);
    if (status == EB_OK) {
        free(last[0].data);
        free(last[1].data);
        u->run_count -= 2;
        status = push(u, geos, both, err);
    }
    eb_shape_free(geos, both);
    return status;
}

/* Merge runs of about one size. */
static eb_status settle(eb_unite *u, eb_geos *geos, eb_error *err)
{
    eb_status status = EB_OK;
    while (status == EB_OK && u->run_count > 1 && u->runs[u->run_count - 2].size <= 2 * u->runs[u->run_count - 1].size)
        status = merge_last(u, geos, err);
    return status;
}

eb_status eb_unite_join(eb_unite *u, eb_unite *other, eb_geos *geos, eb_error *err)
{
    u->overlaps = u->overlaps || other->overlaps;
    u->residual += other->residual;
    if (!eb_array_reserve(&u->runs, &u->run_capacity, u->run_count + other->run_count, sizeof *u->runs)) return eb_error_memory(err);
    for (size_t i = 0; i < other->run_count; i++) u->runs[u->run_count++] = other->runs[i];
    other->run_count = 0;
    return settle(u, geos, err);
}

eb_status eb_unite_merge(eb_unite *u, eb_geos *geos, eb_error *err)
{
    eb_shape *made = NULL;
    if (u->count == 0) return EB_OK;
    eb_wkb *shapes = malloc(u->count * sizeof *shapes);
    if (!shapes) return eb_error_memory(err);
    for (size_t i = 0; i < u->count; i++) {
        const size_t from = i ? u->ends[i - 1] : 0;
        shapes[i] = (eb_wkb){u->bytes + from, u->ends[i] - from};
    }
    eb_status status = eb_unite_shapes(u, geos, shapes, u->count, &made, err);
    if (status == EB_OK) status = push(u, geos, made, err);
    eb_shape_free(geos, made);
    free(shapes);
    free(u->bytes);
    free(u->ends);
    u->bytes = NULL;
    u->ends = NULL;
    u->size = u->capacity = u->count = u->end_capacity = 0;
    return status == EB_OK ? settle(u, geos, err) : status;
}

eb_status eb_unite_take(eb_unite *u, eb_geos *geos, eb_shape **out, eb_error *err)
{
    *out = NULL;
    eb_status status = eb_unite_merge(u, geos, err);
    while (status == EB_OK && u->run_count > 1) status = merge_last(u, geos, err);
    const eb_wkb all = u->run_count ? (eb_wkb){u->runs[0].data, u->runs[0].size} : (eb_wkb){0};
    if (status == EB_OK) status = eb_shape_read(geos, all, out, err);
    const eb_unite known = {.meter = u->meter, .overlaps = u->overlaps, .residual = u->residual};
    eb_unite_clear(u);
    *u = known;
    return status;
}
