#include "analysis/overlay/locator_priv.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* Vertices a piece: from 64 to 256 the time is flat. */
enum { PIECE_VERTICES = 128 };

void eb_locator_free(eb_locator *locator)
{
    if (!locator) return;
    for (size_t i = 0; i < locator->piece_count; i++) eb_rings_clear(&locator->pieces[i]);
    free(locator->pieces);
    free(locator->piece_cell);
    eb_index_free(locator->index);
    eb_grid_clear(&locator->grid);
    free(locator);
}

size_t eb_locator_outside(const eb_locator *locator)
{
    return locator->cell_count;
}

static eb_status add_piece(eb_locator *l, eb_geos *geos, const eb_shape *piece, size_t cell, eb_error *err)
{
    size_t capacity = l->piece_capacity;
    if (!eb_array_reserve(&l->pieces, &capacity, l->piece_count + 1, sizeof *l->pieces) ||
        !eb_array_reserve(&l->piece_cell, &l->piece_capacity, l->piece_count + 1, sizeof *l->piece_cell))
        return eb_error_memory(err);
    eb_rings *rings = &l->pieces[l->piece_count];
    *rings = (eb_rings){0};
    eb_status status = eb_rings_read_shape(rings, geos, piece, err);
    if (status != EB_OK || rings->count == 0) {
        eb_rings_clear(rings);
        return status;
    }
    l->piece_cell[l->piece_count++] = cell;
    return EB_OK;
}

static eb_status add_pieces(eb_locator *l, eb_geos *geos, const eb_shape *shape, size_t cell, size_t tile, eb_error *err)
{
    eb_shape **pieces = NULL;
    size_t count = 0;
    eb_status status = eb_shape_subdivide(geos, shape, tile, &pieces, &count, err);
    for (size_t i = 0; i < count; i++) {
        if (status == EB_OK) status = add_piece(l, geos, pieces[i], cell, err);
        eb_shape_free(geos, pieces[i]);
    }
    free(pieces);
    return status;
}

/* The cells being taken off the box. */
typedef struct taking_off {
    eb_geos *geos;
    eb_shape **cells; /* lent by the partition */
    size_t count;
    double cells_m2;
    eb_shape *box;
    eb_shape *best; /* the try whose area is nearest to the box without the cells */
    double gap_m2;  /* by how much it is not that */
} taking_off;

static eb_status judge(taking_off *o, eb_shape *left_take, eb_error *err)
{
    const double box_m2 = eb_shape_area(o->geos, o->box), gap_m2 = fabs(box_m2 - o->cells_m2 - eb_shape_area(o->geos, left_take));
    const bool nearer = !o->best || gap_m2 < o->gap_m2;
    eb_shape_free(o->geos, nearer ? o->best : left_take);
    if (nearer) {
        o->best = left_take;
        o->gap_m2 = gap_m2;
    }
    if (gap_m2 <= 1e-11 * o->cells_m2 + 1e-14 * box_m2) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "what lies in no cell misses %.17g m2", gap_m2);
}

static eb_status take_off(void *self, double grid_m, eb_error *err)
{
    taking_off *o = self;
    eb_shape *all = NULL, *cut = NULL, *left = NULL;
    bool proven = false;
    eb_status status = grid_m > 0 ? eb_shape_union_on_grid(o->geos, o->cells, o->count, grid_m, &all, err)
                                  : eb_shape_union_coverage(o->geos, o->cells, o->count, &all, &proven, err);
    if (status == EB_OK) status = eb_shape_overlay(o->geos, o->box, all, EB_OP_DIFFERENCE, &cut, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(o->geos, cut, 2, &left, err);
    eb_shape_free(o->geos, all);
    return status == EB_OK ? judge(o, left, err) : status;
}

/*
 * What of the box lies in no cell: a cell of its own, so that what is found can be held against the whole. Where cells are slivers the
 * union of GEOS may lose some: it is made again on grids. What the best of them still misses the proof of the run judges.
 */
static eb_status outside_shape(const eb_locator *l, eb_geos *geos, const eb_partition *partition, eb_shape **out, eb_error *err)
{
    taking_off o = {.geos = geos, .count = partition->count};
    o.cells = calloc(partition->count + 1, sizeof *o.cells);
    if (!o.cells) return eb_error_memory(err);
    for (size_t i = 0; i < partition->count; i++) {
        o.cells[i] = partition->cells[i].shape;
        o.cells_m2 += partition->cells[i].area_m2;
    }
    eb_status status = eb_shape_from_box(geos, l->box, &o.box, err);
    if (status == EB_OK) status = eb_try_on_grids(take_off, &o, err);
    if ((status == EB_INTERNAL || status == EB_REFUSED) && o.best) status = EB_OK;
    if (status == EB_OK)
        *out = o.best;
    else
        eb_shape_free(geos, o.best);
    eb_shape_free(geos, o.box);
    free(o.cells);
    return status;
}

/* The box of the cells and some way around. */
static void find_box(eb_locator *l, const eb_partition *partition)
{
    double *box = l->box;
    eb_partition_box(partition, box);
    double rim = 1 + 0.01 * fmax(box[2] - box[0], box[3] - box[1]);
    box[0] -= rim, box[1] -= rim, box[2] += rim, box[3] += rim;
}

static eb_status cut_cells(eb_locator *l, eb_geos *geos, const eb_partition *partition, const eb_env *env, eb_error *err)
{
    const size_t tile = eb_env_tile_vertices(env, PIECE_VERTICES);
    eb_status status = EB_OK;
    for (size_t i = 0; i < partition->count && status == EB_OK; i++) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = add_pieces(l, geos, partition->cells[i].shape, i, tile, err);
    }
    eb_shape *outside = NULL;
    if (status == EB_OK) status = outside_shape(l, geos, partition, &outside, err);
    if (status == EB_OK) status = add_pieces(l, geos, outside, l->cell_count, tile, err);
    eb_shape_free(geos, outside);
    return status;
}

static eb_status fill_grid(eb_locator *l, eb_geos *geos, const eb_partition *partition, const eb_env *env, eb_error *err)
{
    eb_rings rings = {0};
    size_t vertices = 0;
    for (size_t i = 0; i < partition->count; i++) vertices += eb_shape_vertices(geos, partition->cells[i].shape);
    eb_status status = eb_grid_new(l->box, eb_grid_squares(vertices), (int32_t)l->cell_count, &l->grid, err);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < partition->count && status == EB_OK; i++) {
            if (i % 64 == 0) status = eb_env_check(env, err);
            if (status == EB_OK) status = eb_rings_read_shape(&rings, geos, partition->cells[i].shape, err);
            if (status == EB_OK && pass == 0)
                eb_grid_mark(&l->grid, &rings);
            else if (status == EB_OK)
                status = eb_grid_fill(&l->grid, &rings, (int32_t)i, err);
        }
    }
    eb_rings_clear(&rings);
    return status;
}

static eb_status index_pieces(eb_locator *l, eb_error *err)
{
    double *boxes = malloc((l->piece_count ? l->piece_count : 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t i = 0; i < 4 * l->piece_count; i++) boxes[i] = l->pieces[i / 4].box[i % 4];
    eb_status status = eb_index_new(boxes, l->piece_count, &l->index, err);
    free(boxes);
    return status;
}

eb_status eb_locator_new(eb_geos *geos, const eb_partition *partition, const eb_env *env, eb_locator **out, eb_error *err)
{
    *out = NULL;
    if (partition->count >= INT32_MAX) return eb_error_set(err, EB_REFUSED, "%zu zones are more than can be numbered", partition->count);
    eb_locator *l = calloc(1, sizeof *l);
    if (!l) return eb_error_memory(err);
    l->cell_count = partition->count;
    find_box(l, partition);
    eb_status status = cut_cells(l, geos, partition, env, err);
    if (status == EB_OK) status = index_pieces(l, err);
    if (status == EB_OK) status = fill_grid(l, geos, partition, env, err);
    if (status == EB_OK)
        *out = l;
    else
        eb_locator_free(l);
    return status;
}
