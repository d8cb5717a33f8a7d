#include "analysis/overlay/partition_faces.h"
#include "base/array.h"

#include <stdlib.h>

/* A face and the shapes it belongs to. */
typedef struct face {
    const eb_shape *shape; /* lent by the faces */
    size_t *members, count, number;
} face;

typedef struct faces {
    eb_geos *geos;
    eb_shape *const *shapes;
    size_t shape_count;
    eb_prepared **prepared; /* of the shapes; NULL: an empty one */
    eb_index *index;
    size_t *ids, id_capacity;
    eb_shape *all;
    face *list;
    size_t count;
    const eb_env *env;
    eb_error *err;
} faces;

static void faces_clear(faces *f)
{
    for (size_t i = 0; f->prepared && i < f->shape_count; i++) eb_prepared_free(f->geos, f->prepared[i]);
    for (size_t i = 0; f->list && i < f->count; i++) free(f->list[i].members);
    free(f->prepared);
    free(f->list);
    free(f->ids);
    eb_index_free(f->index);
    eb_shape_free(f->geos, f->all);
}

static eb_status prepare(faces *f)
{
    double *boxes = calloc(f->shape_count + 1, 4 * sizeof *boxes);
    f->prepared = calloc(f->shape_count + 1, sizeof(eb_prepared *));
    eb_status status = boxes && f->prepared ? EB_OK : eb_error_memory(f->err);
    for (size_t i = 0; i < f->shape_count && status == EB_OK; i++)
        if (eb_shape_bounds(f->geos, f->shapes[i], boxes + 4 * i)) status = eb_prepared_new(f->geos, f->shapes[i], &f->prepared[i], f->err);
    if (status == EB_OK) status = eb_index_new(boxes, f->shape_count, &f->index, f->err);
    free(boxes);
    return status;
}

/* A face lies in a shape or beside it, so one point of it tells. */
static eb_status find_members(faces *f, face *one)
{
    double x = 0, y = 0;
    size_t count = 0;
    eb_status status = eb_shape_point_inside(f->geos, one->shape, &x, &y, f->err);
    const double box[4] = {x, y, x, y};
    if (status == EB_OK) status = eb_index_query(f->index, box, &f->ids, &f->id_capacity, &count, f->err);
    one->members = status == EB_OK ? malloc((count + 1) * sizeof *one->members) : NULL;
    if (status == EB_OK && !one->members) status = eb_error_memory(f->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        bool in = false;
        if (f->prepared[f->ids[i]]) status = eb_prepared_holds(f->geos, f->prepared[f->ids[i]], x, y, &in, f->err);
        if (in) one->members[one->count++] = f->ids[i];
    }
    return status;
}

static int same_members(const face *a, const face *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->members[i] != b->members[i]) return a->members[i] < b->members[i] ? -1 : 1;
    return a->count == b->count ? 0 : a->count < b->count ? -1 : 1;
}

static int by_members(const void *p, const void *q)
{
    const face *a = p, *b = q;
    const int order = same_members(a, b);
    return order ? order : a->number < b->number ? -1 : a->number > b->number;
}

static eb_status find_faces(faces *f, double grid_m)
{
    eb_status status = eb_shape_faces(f->geos, f->shapes, f->shape_count, grid_m, &f->all, f->err);
    if (status == EB_OK) status = prepare(f);
    if (status != EB_OK) return status;
    f->count = eb_shape_part_count(f->geos, f->all);
    f->list = calloc(f->count + 1, sizeof *f->list);
    if (!f->list) return eb_error_memory(f->err);
    for (size_t i = 0; i < f->count && status == EB_OK; i++) {
        f->list[i] = (face){.shape = eb_shape_part_at(f->geos, f->all, i), .number = i};
        if (i % 64 == 0) status = eb_env_check(f->env, f->err);
        if (status == EB_OK) status = find_members(f, &f->list[i]);
    }
    if (status == EB_OK) qsort(f->list, f->count, sizeof *f->list, by_members);
    return status;
}

/* Faces of the same shapes are one cell. They share their edges exactly, which is the quick case of the union. */
static eb_status join(faces *f, const face *first, size_t count, eb_shape **out)
{
    eb_shape **parts = calloc(count, sizeof(eb_shape *)), *all = NULL;
    eb_status status = parts ? EB_OK : eb_error_memory(f->err);
    bool proven;
    for (size_t i = 0; i < count && status == EB_OK; i++) status = eb_shape_copy(f->geos, first[i].shape, &parts[i], f->err);
    if (status == EB_OK) status = eb_shape_union_coverage(f->geos, parts, count, &all, &proven, f->err);
    if (status == EB_OK) status = eb_shape_keep_dimension(f->geos, all, 2, out, f->err);
    for (size_t i = 0; parts && i < count; i++) eb_shape_free(f->geos, parts[i]);
    free(parts);
    return status;
}

static eb_status add_cell(faces *f, face *first, size_t count, eb_partition *p)
{
    eb_cell cell = {.member_count = first->count};
    if (!eb_array_reserve(&p->cells, &p->capacity, p->count + 1, sizeof *p->cells)) return eb_error_memory(f->err);
    eb_status status = join(f, first, count, &cell.shape);
    if (status != EB_OK) return status;
    cell.area_m2 = eb_shape_area(f->geos, cell.shape);
    eb_shape_bounds(f->geos, cell.shape, cell.box);
    cell.members = first->members;
    first->members = NULL;
    p->cells[p->count++] = cell;
    return EB_OK;
}

eb_status eb_partition_faces(eb_geos *geos, eb_shape *const *shapes, size_t count, double grid_m, const eb_env *env, eb_partition **out,
                             eb_error *err)
{
    faces f = {.geos = geos, .shapes = shapes, .shape_count = count, .env = env, .err = err};
    eb_partition *p = calloc(1, sizeof *p);
    *out = NULL;
    eb_status status = p ? find_faces(&f, grid_m) : eb_error_memory(err);
    for (size_t i = 0, end; i < f.count && status == EB_OK; i = end) {
        for (end = i + 1; end < f.count && same_members(&f.list[i], &f.list[end]) == 0;) end++;
        if (f.list[i].count == 0) continue;
        status = eb_env_check(env, err);
        if (status == EB_OK) status = add_cell(&f, &f.list[i], end - i, p);
    }
    faces_clear(&f);
    if (status == EB_OK)
        *out = p;
    else
        eb_partition_free(geos, p);
    return status;
}
