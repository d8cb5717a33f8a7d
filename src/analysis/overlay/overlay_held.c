/* The second layer of an overlay in memory: repaired, cut up for quick clips, indexed, with a raster of who owns which square. */
#include "analysis/overlay/overlay.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Vertices of the pieces the held shapes are cut into; from 64 to 256 are equally quick, 1024 is half slower. */
static const size_t best_tile = 256;

void eb_held_free(eb_held *held)
{
    if (!held) return;
    for (size_t i = 0; i < held->count; i++) eb_cut_tree_clear(held->geos, &held->features[i].tree);
    for (size_t i = 0; i < held->piece_count; i++) free(held->pieces[i].data);
    for (size_t i = 0; i < held->batch_count; i++) eb_batch_free(held->batches[i]);
    free(held->features);
    free(held->pieces);
    free(held->batches);
    eb_index_free(held->index);
    eb_grid_clear(&held->grid);
    eb_vertex_map_clear(&held->places);
    eb_projector_free(held->projector);
    eb_source_free(held->source);
    eb_geos_free(held->geos);
    free(held);
}

/* The shapes of a tree as bytes: GEOS's own keep notes inside, so they cannot be read by several threads. */
static eb_status keep_bytes(eb_held *held, eb_cut_tree *tree, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < tree->count && status == EB_OK; i++) {
        if (!eb_array_reserve(&held->pieces, &held->piece_capacity, held->piece_count + 1, sizeof *held->pieces))
            return eb_error_memory(err);
        eb_held_bytes *piece = &held->pieces[held->piece_count++];
        *piece = (eb_held_bytes){.vertices = tree->nodes[i].vertices};
        status = eb_shape_write(held->geos, tree->nodes[i].shape, &piece->data, &piece->size, err);
        eb_shape_free(held->geos, tree->nodes[i].shape);
        tree->nodes[i].shape = NULL;
    }
    return status;
}

static eb_status keep_feature(eb_held *held, eb_shape *shape_take, size_t batch, size_t row, eb_error *err)
{
    eb_status status = EB_OK;
    if (!eb_array_reserve(&held->features, &held->capacity, held->count + 1, sizeof *held->features)) status = eb_error_memory(err);
    if (status == EB_OK) {
        eb_held_feature *f = &held->features[held->count];
        *f = (eb_held_feature){
            .batch = batch, .row = row, .first_piece = held->piece_count, .area_m2 = eb_shape_area(held->geos, shape_take)};
        eb_shape_bounds(held->geos, shape_take, f->box);
        status = eb_cut_tree_new(held->geos, shape_take, held->tile_vertices, &f->tree, err);
        held->count++;
        if (status == EB_OK) status = keep_bytes(held, &f->tree, err);
    }
    eb_shape_free(held->geos, shape_take);
    return status;
}

/* Take feature @p i of the newest batch and remember where its vertices came from. */
static eb_status take_feature(eb_held *held, eb_intake *intake, bool remember, eb_batch *batch, size_t i, eb_error *err)
{
    eb_shape *shape = NULL;
    size_t size = 0;
    const uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
    uint8_t *before = malloc(size ? size : 1);
    if (!before) return eb_error_memory(err);
    if (size) memcpy(before, bytes, size);
    eb_status status = eb_intake_shape(intake, batch, i, &shape, err);
    if (status == EB_OK && shape && remember && !eb_vertex_map_add(&held->places, eb_batch_shape_at(batch, i), (eb_wkb){before, size}))
        status = eb_error_memory(err);
    free(before);
    if (status == EB_OK && shape) return keep_feature(held, shape, held->batch_count - 1, i, err);
    eb_shape_free(held->geos, shape);
    return status;
}

static eb_status read_batches(eb_held *held, eb_intake *intake, const eb_schema *result, const eb_env *env, eb_error *err)
{
    /* Only where both layers have one CRS are the second one's own numbers those of the result. */
    bool same = eb_crs_same(intake->schema->crs, result->crs);
    eb_status status = EB_OK;
    for (;;) {
        eb_batch *batch = eb_batch_new(intake->schema);
        if (!batch || !eb_array_reserve(&held->batches, &held->batch_capacity, held->batch_count + 1, sizeof *held->batches)) {
            eb_batch_free(batch);
            return eb_error_memory(err);
        }
        held->batches[held->batch_count++] = batch;
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(held->source, batch, err);
        if (status != EB_OK || batch->count == 0) return status;
        eb_intake_sort(intake, batch, 2);
        for (size_t i = 0; i < batch->count && status == EB_OK; i++) {
            status = take_feature(held, intake, same, batch, i, err);
            if (status == EB_OK && i % 64 == 63) status = eb_env_check(env, err);
            eb_env_progress(env, "second layer", (double)(batch->first + (int64_t)i), (double)intake->schema->feature_count);
        }
        if (status != EB_OK) return status;
        eb_diagnosis_count(intake->diagnosis, intake->schema->name, (int64_t)batch->count, 0);
    }
}

static eb_status rings_at(const eb_held *held, size_t i, eb_rings *rings, eb_error *err)
{
    const eb_held_bytes *whole = &held->pieces[held->features[i].first_piece];
    return eb_rings_read(rings, (eb_wkb){whole->data, whole->size}, err);
}

/* Squares inside two features belong to neither: mark them like borders. */
static eb_status fill_once(eb_grid *grid, const eb_rings *rings, int32_t label, int32_t none, int32_t *before, eb_error *err)
{
    size_t squares = grid->columns * grid->rows;
    memcpy(before, grid->labels, squares * sizeof *before);
    eb_status status = eb_grid_fill(grid, rings, label, err);
    for (size_t i = 0; i < squares; i++)
        if (grid->labels[i] != before[i] && before[i] != none) grid->labels[i] = EB_GRID_MIXED;
    return status;
}

static void box_of_all(const eb_held *held, double box[4])
{
    for (size_t i = 0; i < held->count; i++) {
        const double *b = held->features[i].box;
        box[0] = i ? fmin(box[0], b[0]) : b[0];
        box[1] = i ? fmin(box[1], b[1]) : b[1];
        box[2] = i ? fmax(box[2], b[2]) : b[2];
        box[3] = i ? fmax(box[3], b[3]) : b[3];
    }
    double rim = held->count ? 1 + 0.1 * fmax(box[2] - box[0], box[3] - box[1]) : 1;
    box[0] -= rim, box[1] -= rim, box[2] += rim, box[3] += rim;
}

/* A raster pays where features are few and large; among many small ones every square is a border. */
static eb_status make_grid(eb_held *held, eb_error *err)
{
    bool worth = held->count <= 256;
    double box[4] = {0, 0, 0, 0};
    eb_rings rings = {0};
    size_t vertices = 0;
    for (size_t i = 0; i < held->count; i++) vertices += held->pieces[held->features[i].first_piece].vertices;
    box_of_all(held, box);
    eb_status status =
        eb_grid_new(box, worth ? eb_grid_squares(vertices) : 1, worth ? (int32_t)held->count : EB_GRID_MIXED, &held->grid, err);
    int32_t *before = worth ? malloc(held->grid.columns * held->grid.rows * sizeof *before) : NULL;
    if (status == EB_OK && worth && !before) status = eb_error_memory(err);
    for (size_t i = 0; i < held->count && worth && status == EB_OK; i++) {
        status = rings_at(held, i, &rings, err);
        if (status == EB_OK) eb_grid_mark(&held->grid, &rings);
    }
    for (size_t i = 0; i < held->count && worth && status == EB_OK; i++) {
        status = rings_at(held, i, &rings, err);
        if (status == EB_OK) status = fill_once(&held->grid, &rings, (int32_t)i, (int32_t)held->count, before, err);
    }
    free(before);
    eb_rings_clear(&rings);
    return status;
}

static eb_status make_index(eb_held *held, eb_error *err)
{
    double *boxes = malloc((held->count ? held->count : 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t i = 0; i < held->count; i++) memcpy(boxes + 4 * i, held->features[i].box, 4 * sizeof *boxes);
    eb_status status = eb_index_new(boxes, held->count, &held->index, err);
    free(boxes);
    return status;
}

eb_status eb_held_read(const eb_workspace *space, eb_source *source_take, const eb_projector *plane, const eb_schema *result,
                       eb_rejects *rejects, const eb_env *env, eb_held **out, eb_error *err)
{
    *out = NULL;
    eb_held *held = calloc(1, sizeof *held);
    if (!held) {
        eb_source_free(source_take);
        return eb_error_memory(err);
    }
    held->source = source_take;
    held->tile_vertices = eb_env_tile_vertices(env, best_tile);
    const eb_schema *schema = eb_source_schema(source_take);
    double box[4];
    bool known = eb_source_extent(source_take, box, NULL) == EB_OK;
    eb_status status = eb_projector_new_on(schema->crs, known ? box : NULL, eb_projector_plane(plane), eb_projector_geographic(plane), NULL,
                                           &held->projector, err);
    if (status == EB_OK) status = eb_geos_new(&held->geos, err);
    eb_intake intake = {.geos = held->geos,
                        .projector = held->projector,
                        .schema = schema,
                        .diagnosis = space->diagnosis,
                        .rejects = rejects,
                        .flattens = true};
    if (status == EB_OK) status = read_batches(held, &intake, result, env, err);
    eb_intake_clear(&intake);
    if (status == EB_OK) status = make_index(held, err);
    if (status == EB_OK) status = make_grid(held, err);
    if (status == EB_OK)
        *out = held;
    else
        eb_held_free(held);
    return status;
}
