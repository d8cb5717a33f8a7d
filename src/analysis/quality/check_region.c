/* A layer held against the polygons that it should lie in. */
#include "analysis/quality/check_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The other layer, held whole: it is a region, not the data. */
struct eb_check_region {
    eb_layer *layer;
    eb_index *edges;    /* boxes of all edges: where a shape meets none of them, one of its points speaks for all */
    eb_index *features; /* boxes of the features */
    eb_wkb *shapes;
};

eb_status eb_check_read_other(const char *name, const eb_crs *crs, eb_layer **out, eb_error *err)
{
    eb_source *source = NULL;
    eb_transform *transform = NULL;
    eb_status status = eb_source_open(name, NULL, &source, err);
    if (!status) status = eb_layer_read(source, NULL, out, err);
    const eb_schema *schema = status ? NULL : eb_layer_schema(*out);
    if (!status && schema->crs && crs && !eb_crs_same(schema->crs, crs))
        status = eb_transform_new(schema->crs, crs, NULL, NULL, &transform, err);
    for (size_t b = 0; !status && transform && b < eb_layer_batch_count(*out); b++) {
        eb_batch *batch = eb_layer_batch_edit(*out, b);
        for (size_t i = 0; !status && i < batch->count; i++) {
            size_t size = 0;
            uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
            if (bytes) status = eb_transform_wkb(transform, bytes, size, err);
        }
    }
    eb_transform_free(transform);
    eb_source_free(source);
    if (status) {
        eb_layer_free(*out);
        *out = NULL;
    }
    return status;
}

static void segment_box(const eb_wkb_part *part, size_t k, double box[4])
{
    double ax, ay, bx, by;
    eb_wkb_xy(part, k, &ax, &ay);
    eb_wkb_xy(part, k + 1, &bx, &by);
    box[0] = fmin(ax, bx);
    box[1] = fmin(ay, by);
    box[2] = fmax(ax, bx);
    box[3] = fmax(ay, by);
}

static eb_status index_edges(eb_check_region *region, size_t feature_count, eb_error *err)
{
    size_t room = 1, count = 0;
    for (size_t n = 0; n < feature_count; n++) room += eb_wkb_vertices(region->shapes[n]);
    double *boxes = malloc(room * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t n = 0; n < feature_count; n++) {
        eb_wkb_walk walk;
        eb_wkb_part part;
        eb_wkb_begin(&walk, region->shapes[n]);
        while (eb_wkb_next(&walk, &part))
            for (size_t k = 0; k + 1 < part.count; k++) segment_box(&part, k, boxes + 4 * count++);
    }
    eb_status status = eb_index_new(boxes, count, &region->edges, err);
    free(boxes);
    return status;
}

static eb_status index_features(eb_check_region *region, size_t *feature_count, eb_error *err)
{
    size_t count = eb_layer_count(region->layer), used = 0;
    double *boxes = malloc((count + 1) * 4 * sizeof *boxes);
    region->shapes = calloc(count + 1, sizeof *region->shapes);
    eb_status status = boxes && region->shapes ? EB_OK : eb_error_memory(err);
    for (size_t b = 0; !status && b < eb_layer_batch_count(region->layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(region->layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            region->shapes[used] = eb_batch_shape_at(batch, i);
            if (eb_wkb_bounds(region->shapes[used], boxes + 4 * used)) used++;
        }
    }
    if (!status) status = eb_index_new(boxes, used, &region->features, err);
    free(boxes);
    *feature_count = used;
    return status;
}

eb_status eb_check_region_open(const char *name, const eb_crs *crs, eb_check_region **out, eb_error *err)
{
    size_t count = 0;
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    eb_status status = eb_check_read_other(name, crs, &(*out)->layer, err);
    if (!status) status = index_features(*out, &count, err);
    return status ? status : index_edges(*out, count, err);
}

void eb_check_region_free(eb_check_region *region)
{
    if (!region) return;
    eb_index_free(region->edges);
    eb_index_free(region->features);
    free(region->shapes);
    eb_layer_free(region->layer);
    free(region);
}

static eb_status is_inside(const eb_check_region *region, double x, double y, size_t **ids, size_t *capacity, bool *inside, eb_error *err)
{
    const double box[4] = {x, y, x, y};
    size_t count = 0;
    eb_status status = eb_index_query(region->features, box, ids, capacity, &count, err);
    *inside = false;
    for (size_t n = 0; !status && !*inside && n < count; n++) *inside = eb_winds_around(region->shapes[(*ids)[n]], x, y);
    return status;
}

eb_status eb_check_region_count(const eb_check_region *region, eb_wkb shape, size_t **ids, size_t *capacity, size_t *outside, double *x,
                                double *y, eb_error *err)
{
    double box[4];
    size_t near = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    *outside = 0;
    if (!eb_wkb_bounds(shape, box)) return EB_OK;
    eb_status status = eb_index_query(region->edges, box, ids, capacity, &near, err);
    eb_wkb_begin(&walk, shape);
    while (!status && eb_wkb_next(&walk, &part)) {
        for (size_t k = 0; !status && k < part.count; k++) {
            double px, py;
            bool inside = false;
            eb_wkb_xy(&part, k, &px, &py);
            status = is_inside(region, px, py, ids, capacity, &inside, err);
            if (status || inside) {
                if (near == 0) return status;
                continue;
            }
            if ((*outside)++ == 0) *x = px, *y = py;
            if (near == 0) {
                *outside = eb_wkb_vertices(shape);
                return EB_OK;
            }
        }
    }
    return status;
}
