#include "geom/cut_tree.h"
#include "base/array.h"
#include "geom/geos.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Halvings below which a piece is not cut further: a billionth of the first box a side. */
#define EB_CUT_DEPTH 60
/*
 * How many times the vertices of the whole all pieces may have together. Edges that run side by side through all of a shape are cut by
 * every halving, and would fill the memory before any piece is small; what is usual stays below twice.
 */
enum { MOST_GROWTH = 16 };

typedef struct cutter {
    eb_geos *geos;
    const eb_shape *whole; /* clipping falls back to an overlay of this where GEOS's clip is not to be trusted */
    size_t max_vertices;
    size_t vertices, most; /* of all leaves so far, and may be */
    eb_cut_tree *tree;
    eb_error *err;
} cutter;

void eb_cut_tree_clear(eb_geos *geos, eb_cut_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) eb_shape_free(geos, tree->nodes[i].shape);
    free(tree->nodes);
    *tree = (eb_cut_tree){0};
}

bool eb_cut_is_leaf(const eb_cut_node *node)
{
    return node->child[0] == SIZE_MAX && node->child[1] == SIZE_MAX;
}

static GEOSGeometry *rectangle(eb_geos *geos, const double box[4])
{
    return GEOSGeom_createRectangle_r(geos->handle, box[0], box[1], box[2], box[3]);
}

/* The part of @p shape in @p box by robust overlay. */
static eb_status clip_by_overlay(cutter *c, const eb_shape *shape, const double box[4], eb_shape **out)
{
    GEOSGeometry *cell = rectangle(c->geos, box);
    if (!cell) return eb_error_memory(c->err);
    eb_shape *cut = NULL;
    eb_status status = eb_shape_overlay(c->geos, shape, cell, EB_OP_INTERSECTION, &cut, c->err);
    GEOSGeom_destroy_r(c->geos->handle, cell);
    return status == EB_OK ? eb_shape_keep_dimension(c->geos, cut, 2, out, c->err) : status;
}

/* The fast clip; NULL in *out where GEOS gives up. */
static eb_status clip_fast(cutter *c, const eb_shape *shape, const double box[4], eb_shape **out)
{
    *out = NULL;
    GEOSGeometry *cut = GEOSClipByRect_r(c->geos->handle, shape, box[0], box[1], box[2], box[3]);
    return cut ? eb_shape_keep_dimension(c->geos, cut, 2, out, c->err) : EB_OK;
}

/* How far areas may differ after a cut: rounding of the sums, and of the new vertices at this distance from the origin. */
static double allowance(const double box[4])
{
    double width = box[2] - box[0], height = box[3] - box[1], far = 0;
    for (int i = 0; i < 4; i++) far = fmax(far, fabs(box[i]));
    return 1e-13 * width * height + 64 * DBL_EPSILON * far * (width + height);
}

static bool adds_up(cutter *c, const eb_shape *shape, eb_shape *const half[2], const double box[4])
{
    if (!half[0] || !half[1]) return false;
    double sum = eb_shape_area(c->geos, half[0]) + eb_shape_area(c->geos, half[1]);
    return fabs(sum - eb_shape_area(c->geos, shape)) <= allowance(box);
}

static eb_status halve(cutter *c, const eb_shape *shape, const double boxes[2][4], const double box[4], eb_shape *half[2])
{
    eb_status status = EB_OK;
    for (int i = 0; i < 2 && status == EB_OK; i++) status = clip_fast(c, shape, boxes[i], &half[i]);
    if (status != EB_OK || adds_up(c, shape, half, box)) return status;
    for (int i = 0; i < 2 && status == EB_OK; i++) {
        eb_shape_free(c->geos, half[i]);
        half[i] = NULL;
        status = clip_by_overlay(c, shape, boxes[i], &half[i]);
    }
    if (status == EB_OK && !adds_up(c, shape, half, box))
        status = eb_error_set(c->err, EB_INTERNAL, "cutting a shape in two changed its area");
    return status;
}

/* The box in two across its longer side. Returns the side that was cut. */
static int split_box(const double box[4], double boxes[2][4])
{
    int axis = box[2] - box[0] >= box[3] - box[1] ? 0 : 1;
    double middle = box[axis] + (box[axis + 2] - box[axis]) / 2;
    for (int i = 0; i < 4; i++) boxes[0][i] = boxes[1][i] = box[i];
    boxes[0][axis + 2] = middle;
    boxes[1][axis] = middle;
    return axis;
}

/* A piece small enough. GEOS's clip can leave one that is not valid: then it is cut out of the whole again, robustly. */
static eb_status finish_piece(cutter *c, size_t at, const double box[4])
{
    eb_cut_node *node = &c->tree->nodes[at];
    if (eb_shape_valid(c->geos, node->shape, NULL, 0, NULL, NULL)) return EB_OK;
    eb_shape *again = NULL;
    eb_status status = clip_by_overlay(c, c->whole, box, &again);
    if (status != EB_OK) return status;
    eb_shape_free(c->geos, node->shape);
    node->shape = again;
    node->vertices = eb_shape_vertices(c->geos, again);
    return EB_OK;
}

/* A node for @p shape; its number in *at. */
static eb_status add_node(cutter *c, eb_shape *shape_take, const double cell[4], int depth, size_t *at)
{
    eb_cut_tree *tree = c->tree;
    if (!eb_array_reserve(&tree->nodes, &tree->capacity, tree->count + 1, sizeof *tree->nodes)) {
        eb_shape_free(c->geos, shape_take);
        return eb_error_memory(c->err);
    }
    *at = tree->count++;
    tree->nodes[*at] = (eb_cut_node){.shape = shape_take,
                                     .cell = {cell[0], cell[1], cell[2], cell[3]},
                                     .vertices = eb_shape_vertices(c->geos, shape_take),
                                     .depth = depth,
                                     .child = {SIZE_MAX, SIZE_MAX}};
    c->vertices += tree->nodes[*at].vertices;
    return EB_OK;
}

/* Make child @p i of a node out of its half. */
static eb_status add_half(cutter *c, size_t at, int i, int axis, const double box[4], eb_shape *half_take)
{
    double cell[4];
    size_t child = SIZE_MAX;
    if (eb_shape_empty(c->geos, half_take)) {
        eb_shape_free(c->geos, half_take);
        return EB_OK;
    }
    for (int k = 0; k < 4; k++) cell[k] = c->tree->nodes[at].cell[k];
    cell[i == 0 ? axis + 2 : axis] = box[i == 0 ? axis + 2 : axis];
    eb_status status = add_node(c, half_take, cell, c->tree->nodes[at].depth + 1, &child);
    if (status == EB_OK) c->tree->nodes[at].child[i] = child;
    return status;
}

static eb_status cut(cutter *c, size_t at)
{
    double box[4], boxes[2][4];
    const eb_shape *shape = c->tree->nodes[at].shape;
    if (!eb_shape_bounds(c->geos, shape, box)) return EB_OK;
    int axis = split_box(box, boxes);
    eb_shape *half[2] = {NULL, NULL};
    eb_status status = halve(c, shape, (const double(*)[4])boxes, box, half);
    for (int i = 0; i < 2; i++) {
        if (status == EB_OK)
            status = add_half(c, at, i, axis, boxes[i], half[i]);
        else
            eb_shape_free(c->geos, half[i]);
    }
    if (!eb_cut_is_leaf(&c->tree->nodes[at])) c->vertices -= c->tree->nodes[at].vertices;
    return status;
}

/* The largest pieces first, so that all are about as large where there may not be more of them. */
static eb_status cut_all(cutter *c)
{
    eb_status status = EB_OK;
    size_t limit = c->tree->nodes[0].vertices;
    do {
        limit = limit / 2 > c->max_vertices ? limit / 2 : c->max_vertices;
        for (size_t at = 0; at < c->tree->count && status == EB_OK && c->vertices < c->most; at++) {
            const eb_cut_node *node = &c->tree->nodes[at];
            if (eb_cut_is_leaf(node) && node->vertices > limit && node->depth < EB_CUT_DEPTH) status = cut(c, at);
        }
    } while (limit > c->max_vertices && status == EB_OK && c->vertices < c->most);
    for (size_t at = 0; at < c->tree->count && status == EB_OK; at++) {
        double box[4];
        if (eb_cut_is_leaf(&c->tree->nodes[at]) && eb_shape_bounds(c->geos, c->tree->nodes[at].shape, box))
            status = finish_piece(c, at, box);
    }
    return status;
}

static eb_status check_leaves(cutter *c, eb_error *err)
{
    double sum = 0, area = eb_shape_area(c->geos, c->whole), box[4] = {0, 0, 0, 0};
    eb_shape_bounds(c->geos, c->whole, box);
    for (size_t i = 0; i < c->tree->count; i++)
        if (eb_cut_is_leaf(&c->tree->nodes[i])) sum += eb_shape_area(c->geos, c->tree->nodes[i].shape);
    if (fabs(sum - area) <= 10 * allowance(box)) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the pieces of a shape hold %.17g of its %.17g square units", sum, area);
}

eb_status eb_cut_tree_new(eb_geos *geos, const eb_shape *shape, size_t max_vertices, eb_cut_tree *tree, eb_error *err)
{
    static const double everywhere[4] = {-INFINITY, -INFINITY, INFINITY, INFINITY};
    cutter c = {.geos = geos, .whole = shape, .max_vertices = max_vertices, .tree = tree, .err = err};
    eb_shape *copy = NULL, *areal = NULL;
    size_t root = 0;
    *tree = (eb_cut_tree){0};
    if (max_vertices < 16) return eb_error_set(err, EB_USAGE, "pieces of a shape need at least 16 vertices, not %zu", max_vertices);
    if (eb_shape_empty(geos, shape)) return EB_OK;
    eb_status status = eb_shape_copy(geos, shape, &copy, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, copy, 2, &areal, err);
    if (status == EB_OK) status = add_node(&c, areal, everywhere, 0, &root);
    c.most = MOST_GROWTH * c.vertices + 16 * max_vertices;
    if (status == EB_OK) status = cut_all(&c);
    if (status == EB_OK) status = check_leaves(&c, err);
    if (status != EB_OK) eb_cut_tree_clear(geos, tree);
    return status;
}

static bool holds(const double cell[4], const double box[4])
{
    return cell[0] < box[0] && cell[1] < box[1] && cell[2] > box[2] && cell[3] > box[3];
}

size_t eb_cut_tree_find(const eb_cut_tree *tree, const double box[4])
{
    size_t at = tree->count > 0 ? 0 : SIZE_MAX;
    while (at != SIZE_MAX) {
        const eb_cut_node *node = &tree->nodes[at];
        size_t next = SIZE_MAX;
        for (int i = 0; i < 2; i++)
            if (node->child[i] != SIZE_MAX && holds(tree->nodes[node->child[i]].cell, box)) next = node->child[i];
        if (next == SIZE_MAX) break;
        at = next;
    }
    return at;
}
