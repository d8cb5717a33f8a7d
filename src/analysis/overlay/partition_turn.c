#include "analysis/overlay/partition_turn.h"
#include "base/array.h"
#include "geom/rings.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Vertices of one times vertices of the other up to which what two shapes share is summed up: below a millisecond. */
enum { SUMMED_PAIRS = 100000 };

/* What a cut may miss, of the smaller of a cell and a shape. */
static const double promise = 1e-11;
/* Parts of it below which they only touch: rounding, not land. */
static const double touch = 1e-12;

/* The work: cells so far, and the cells that came out of each shape. */
typedef struct builder {
    eb_geos *geos;
    eb_shape *const *shapes;
    size_t shape_count;
    double *boxes;   /* of the shapes; an empty one lies nowhere */
    eb_index *index; /* of those boxes */
    size_t *first;   /* first cell whose first member is shape i, SIZE_MAX none */
    size_t *next;    /* next such cell, a cell */
    size_t next_capacity;
    eb_partition *partition;
    bool rest_cut;     /* something was taken off the shape at hand */
    eb_rings rings[2]; /* scratch of the proof of a cut */
    eb_common common;
    const eb_env *env;
    eb_error *err;
} builder;

static bool boxes_touch(const double a[4], const double b[4])
{
    return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/* The polygonal part of an overlay; NULL in *out where there is none. */
static eb_status areal(builder *b, const eb_shape *one, const eb_shape *other, eb_overlay_op op, eb_shape **out)
{
    *out = NULL;
    eb_shape *all = NULL, *kept = NULL;
    eb_status status = eb_shape_overlay(b->geos, one, other, op, &all, b->err);
    if (status == EB_OK) status = eb_shape_keep_dimension(b->geos, all, 2, &kept, b->err);
    if (status != EB_OK) return status;
    if (eb_shape_area(b->geos, kept) > 0)
        *out = kept;
    else
        eb_shape_free(b->geos, kept);
    return EB_OK;
}

static void cell_shape(builder *b, eb_cell *cell, eb_shape *shape_take)
{
    eb_shape_free(b->geos, cell->shape);
    cell->shape = shape_take;
    cell->whole = false;
    cell->area_m2 = eb_shape_area(b->geos, shape_take);
    eb_shape_bounds(b->geos, shape_take, cell->box);
}

/* A new cell of shape @p z, and of the @p count members before it. */
static eb_status add_cell(builder *b, eb_shape *shape_take, const size_t *members, size_t count, size_t z)
{
    eb_partition *p = b->partition;
    size_t *list = malloc((count + 1) * sizeof *list);
    if (!list || !eb_array_reserve(&p->cells, &p->capacity, p->count + 1, sizeof *p->cells) ||
        !eb_array_reserve(&b->next, &b->next_capacity, p->count + 1, sizeof *b->next)) {
        free(list);
        eb_shape_free(b->geos, shape_take);
        return eb_error_memory(b->err);
    }
    for (size_t i = 0; i < count; i++) list[i] = members[i];
    list[count] = z;
    eb_cell *cell = &p->cells[p->count];
    *cell = (eb_cell){.members = list, .member_count = count + 1};
    cell_shape(b, cell, shape_take);
    b->next[p->count] = b->first[list[0]];
    b->first[list[0]] = p->count++;
    return EB_OK;
}

static eb_status add_member(builder *b, eb_cell *cell, size_t z)
{
    size_t *list = realloc(cell->members, (cell->member_count + 1) * sizeof *list);
    if (!list) return eb_error_memory(b->err);
    list[cell->member_count++] = z;
    cell->members = list;
    return EB_OK;
}

/* By how much areas of a cut may differ: the promise, and what rounding every place of both outlines comes to. */
static double slack_m2(builder *b, size_t z, const eb_cell *cell, const eb_shape *rest)
{
    double reach_m = 0;
    for (int i = 0; i < 4; i++) reach_m = fmax(reach_m, fmax(fabs(cell->box[i]), fabs(b->boxes[4 * z + (size_t)i])));
    const double outline_m = eb_shape_length(b->geos, cell->shape) + eb_shape_length(b->geos, rest);
    return promise * fmin(cell->area_m2, eb_shape_area(b->geos, b->shapes[z])) + 2 * DBL_EPSILON * reach_m * outline_m;
}

/* A cut whose parts do not make up what was cut has lost a sliver or made one twice; sums over all cells might hide that. */
static eb_status check_cut(builder *b, size_t z, const eb_cell *cell, const eb_shape *rest, const eb_shape *parts[3])
{
    double area[4] = {eb_shape_area(b->geos, rest), 0, 0, 0};
    for (int i = 0; i < 3; i++)
        if (parts[i]) area[i + 1] = eb_shape_area(b->geos, parts[i]);
    const double gap = fmax(fabs(cell->area_m2 - area[1] - area[2]), fabs(area[0] - area[1] - area[3]));
    if (gap <= slack_m2(b, z, cell, rest)) return EB_OK;
    return eb_error_set(b->err, EB_INTERNAL, "cutting shape %zu into cells missed %.3g m2", z + 1, gap);
}

/*
 * What both share by a sum of trapezoids: most shapes only touch, which it tells at once, and it finds a sliver that GEOS takes for not
 * shared and leaves on both sides, where all areas add up. NaN for large shapes: it is too dear there.
 */
static eb_status sum_shared(builder *b, const eb_shape *cell, const eb_shape *rest, double *m2)
{
    *m2 = NAN;
    if (eb_shape_vertices(b->geos, cell) * eb_shape_vertices(b->geos, rest) > SUMMED_PAIRS) return EB_OK;
    eb_status status = eb_rings_read_shape(&b->rings[0], b->geos, cell, b->err);
    if (status == EB_OK) status = eb_rings_read_shape(&b->rings[1], b->geos, rest, b->err);
    if (status != EB_OK) return status;
    *m2 = eb_rings_common_area(&b->common, &b->rings[0], &b->rings[1]);
    return isnan(*m2) ? eb_error_memory(b->err) : EB_OK;
}

/* What both share, NULL: nothing. */
static eb_status share(builder *b, size_t z, const eb_cell *cell, const eb_shape *rest, eb_shape **both)
{
    double m2;
    *both = NULL;
    eb_status status = sum_shared(b, cell->shape, rest, &m2);
    if (status != EB_OK || m2 <= touch * fmin(cell->area_m2, eb_shape_area(b->geos, b->shapes[z]))) return status;
    status = areal(b, cell->shape, rest, EB_OP_INTERSECTION, both);
    if (status != EB_OK || isnan(m2)) return status;
    const double gap = fabs(m2 - (*both ? eb_shape_area(b->geos, *both) : 0));
    if (gap <= slack_m2(b, z, cell, rest)) return EB_OK;
    eb_shape_free(b->geos, *both);
    return eb_error_set(b->err, EB_INTERNAL, "what shape %zu shares with a cell misses %.3g m2", z + 1, gap);
}

/* Cell @p c is cut in two by what is left of shape @p z; *rest loses what lay in the cell (NULL: nothing left). */
static eb_status split_cell(builder *b, size_t c, size_t z, eb_shape **rest)
{
    eb_shape *both = NULL, *only_cell = NULL, *only_rest = NULL;
    eb_cell *cell = &b->partition->cells[c];
    eb_status status = eb_env_check(b->env, b->err);
    if (status == EB_OK) status = share(b, z, cell, *rest, &both);
    if (status != EB_OK || !both) return status;
    status = areal(b, cell->shape, *rest, EB_OP_DIFFERENCE, &only_cell);
    if (status == EB_OK) status = areal(b, *rest, cell->shape, EB_OP_DIFFERENCE, &only_rest);
    if (status == EB_OK) status = check_cut(b, z, cell, *rest, (const eb_shape *[3]){both, only_cell, only_rest});
    if (status != EB_OK) {
        eb_shape_free(b->geos, only_rest);
        eb_shape_free(b->geos, both);
        eb_shape_free(b->geos, only_cell);
        return status;
    }
    eb_shape_free(b->geos, *rest);
    *rest = only_rest;
    b->rest_cut = true;
    if (!only_cell) {
        eb_shape_free(b->geos, both);
        return add_member(b, cell, z);
    }
    cell_shape(b, cell, only_cell);
    return add_cell(b, both, cell->members, cell->member_count, z);
}

/* Cut all cells that came out of shape @p from. New cells go to the head of the list and are not met again. */
static eb_status split_cells_of(builder *b, size_t from, size_t z, eb_shape **rest)
{
    eb_status status = EB_OK;
    for (size_t c = b->first[from]; status == EB_OK && c != SIZE_MAX && *rest; c = b->next[c])
        if (boxes_touch(b->partition->cells[c].box, b->boxes + 4 * z)) status = split_cell(b, c, z, rest);
    return status;
}

static eb_status add_shape(builder *b, size_t z, size_t **ids, size_t *capacity)
{
    size_t count = 0;
    eb_shape *rest = NULL, *copy = NULL;
    if (eb_shape_empty(b->geos, b->shapes[z])) return EB_OK;
    b->rest_cut = false;
    eb_status status = eb_shape_copy(b->geos, b->shapes[z], &copy, b->err);
    if (status == EB_OK) status = eb_shape_keep_dimension(b->geos, copy, 2, &rest, b->err);
    if (status == EB_OK) status = eb_index_query(b->index, b->boxes + 4 * z, ids, capacity, &count, b->err);
    for (size_t i = 0; i < count && (*ids)[i] < z && status == EB_OK && rest; i++) status = split_cells_of(b, (*ids)[i], z, &rest);
    /* What rounding leaves of a shape that is covered altogether is no land. */
    if (status != EB_OK || !rest || eb_shape_area(b->geos, rest) <= touch * eb_shape_area(b->geos, b->shapes[z])) {
        eb_shape_free(b->geos, rest);
        return status;
    }
    status = add_cell(b, rest, NULL, 0, z);
    if (status == EB_OK) b->partition->cells[b->partition->count - 1].whole = !b->rest_cut;
    return status;
}

static eb_status prepare(builder *b)
{
    size_t n = b->shape_count;
    b->boxes = malloc((n + 1) * 4 * sizeof *b->boxes);
    b->first = malloc((n + 1) * sizeof *b->first);
    b->partition = calloc(1, sizeof *b->partition);
    if (!b->boxes || !b->first || !b->partition) return eb_error_memory(b->err);
    for (size_t i = 0; i < n; i++) {
        double *box = b->boxes + 4 * i;
        if (!eb_shape_bounds(b->geos, b->shapes[i], box)) box[0] = box[1] = box[2] = box[3] = 0; /* it has no cells: any place does */
        b->first[i] = SIZE_MAX;
    }
    eb_index *index = NULL;
    const eb_status status = eb_index_new(b->boxes, n, &index, b->err);
    b->index = index;
    return status;
}

eb_status eb_partition_in_turn(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err)
{
    builder b = {.geos = geos, .shapes = shapes, .shape_count = count, .env = env, .err = err};
    size_t *ids = NULL, capacity = 0;
    *out = NULL;
    eb_status status = prepare(&b);
    for (size_t z = 0; z < count && status == EB_OK; z++) {
        if (z % 64 == 0) status = eb_env_check(env, err);
        if (status == EB_OK) status = add_shape(&b, z, &ids, &capacity);
    }
    if (status == EB_OK)
        *out = b.partition;
    else
        eb_partition_free(geos, b.partition);
    for (int i = 0; i < 2; i++) eb_rings_clear(&b.rings[i]);
    eb_common_clear(&b.common);
    eb_index_free(b.index);
    free(b.boxes);
    free(b.first);
    free(b.next);
    free(ids);
    return status;
}
