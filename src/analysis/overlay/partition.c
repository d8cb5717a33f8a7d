#include "analysis/overlay/partition.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    eb_error *err;
} builder;

static void cell_clear(eb_geos *geos, eb_cell *cell)
{
    eb_shape_free(geos, cell->shape);
    free(cell->members);
}

void eb_partition_free(eb_geos *geos, eb_partition *partition)
{
    if (!partition) return;
    for (size_t i = 0; i < partition->count; i++) cell_clear(geos, &partition->cells[i]);
    free(partition->cells);
    free(partition);
}

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

/* Cell @p c is cut in two by what is left of shape @p z; *rest loses what lay in the cell (NULL: nothing left). */
static eb_status split_cell(builder *b, size_t c, size_t z, eb_shape **rest)
{
    eb_shape *both = NULL, *only_cell = NULL, *only_rest = NULL;
    const eb_shape *shape = b->partition->cells[c].shape;
    eb_status status = areal(b, shape, *rest, EB_OP_INTERSECTION, &both);
    if (status != EB_OK || !both) return status;
    status = areal(b, shape, *rest, EB_OP_DIFFERENCE, &only_cell);
    if (status == EB_OK) status = areal(b, *rest, shape, EB_OP_DIFFERENCE, &only_rest);
    if (status != EB_OK) {
        eb_shape_free(b->geos, both);
        eb_shape_free(b->geos, only_cell);
        return status;
    }
    eb_shape_free(b->geos, *rest);
    *rest = only_rest;
    if (!only_cell) {
        eb_shape_free(b->geos, both);
        return add_member(b, &b->partition->cells[c], z);
    }
    cell_shape(b, &b->partition->cells[c], only_cell);
    return add_cell(b, both, b->partition->cells[c].members, b->partition->cells[c].member_count, z);
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
    eb_status status = eb_shape_copy(b->geos, b->shapes[z], &copy, b->err);
    if (status == EB_OK) status = eb_shape_keep_dimension(b->geos, copy, 2, &rest, b->err);
    if (status == EB_OK) status = eb_index_query(b->index, b->boxes + 4 * z, ids, capacity, &count, b->err);
    for (size_t i = 0; i < count && (*ids)[i] < z && status == EB_OK && rest; i++) status = split_cells_of(b, (*ids)[i], z, &rest);
    if (status == EB_OK && rest && !eb_shape_empty(b->geos, rest)) return add_cell(b, rest, NULL, 0, z);
    eb_shape_free(b->geos, rest);
    return status;
}

/* Judged from the outside: the cells of each shape must add up to it. */
static eb_status check_sums(builder *b)
{
    eb_partition *p = b->partition;
    double *sums = calloc(b->shape_count ? b->shape_count : 1, sizeof *sums);
    if (!sums) return eb_error_memory(b->err);
    for (size_t c = 0; c < p->count; c++)
        for (size_t m = 0; m < p->cells[c].member_count; m++) sums[p->cells[c].members[m]] += p->cells[c].area_m2;
    eb_status status = EB_OK;
    for (size_t i = 0; i < b->shape_count && status == EB_OK; i++) {
        double whole = eb_shape_area(b->geos, b->shapes[i]), gap = fabs(sums[i] - whole);
        p->residual_m2 = fmax(p->residual_m2, gap);
        if (!(gap <= 1e-9 * whole))
            status = eb_error_set(b->err, EB_INTERNAL, "the cells of shape %zu hold %.17g of its %.17g m2", i + 1, sums[i], whole);
    }
    free(sums);
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

eb_status eb_partition_new(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_env *env, eb_partition **out, eb_error *err)
{
    builder b = {.geos = geos, .shapes = shapes, .shape_count = count, .err = err};
    size_t *ids = NULL, capacity = 0;
    *out = NULL;
    eb_status status = prepare(&b);
    for (size_t z = 0; z < count && status == EB_OK; z++) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = add_shape(&b, z, &ids, &capacity);
    }
    if (status == EB_OK) status = check_sums(&b);
    if (status == EB_OK)
        *out = b.partition;
    else
        eb_partition_free(geos, b.partition);
    eb_index_free(b.index);
    free(b.boxes);
    free(b.first);
    free(b.next);
    free(ids);
    return status;
}
