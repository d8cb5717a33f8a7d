/* How much of each leg lies inside a corridor or a park. */
#include <math.h>
#include <stdlib.h>

#include <ecobelt/geom.h>

#include "analysis/roads/road_fields.h"
#include "analysis/roads/route_run.h"
#include "base/array.h"
#include "base/wkb_build.h"

/* The polygons as they are read, in the network's degrees. */
typedef struct zone {
    const eb_schema *schema;
    eb_transform *transform;
    eb_geos *geos;
    eb_shape **shapes;
    size_t count, capacity;
} zone;

/* One feature, repaired where it must be; what is no polygon is refused. */
static eb_status add_polygon(const eb_route_run *run, zone *z, eb_batch *batch, size_t i, eb_error *err)
{
    size_t size;
    uint8_t *bytes = eb_batch_shape_bytes(batch, i, &size);
    int dimension = eb_wkb_dimension((eb_wkb){bytes, size});
    if (dimension < 0) return EB_OK;
    if (dimension != 2) {
        eb_error_set(err, EB_REFUSED, "a way can only be inside polygons, and this is a %s", dimension == 0 ? "point" : "line");
        eb_error_where(err, z->schema->file, z->schema->name, batch->fids[i]);
        return EB_REFUSED;
    }
    eb_shape *raw = NULL, *good = NULL;
    eb_status status = z->transform ? eb_transform_wkb(z->transform, bytes, size, err) : EB_OK;
    if (status == EB_OK) status = eb_shape_read(z->geos, (eb_wkb){bytes, size}, &raw, err);
    if (status == EB_OK && !eb_shape_valid(z->geos, raw, NULL, 0, NULL, NULL))
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_REPAIRED, z->schema->name, batch->fids[i], NAN, NAN, NAN, NAN, "invalid");
    if (status == EB_OK) status = eb_shape_repair(z->geos, raw, &good, err);
    eb_shape_free(z->geos, raw);
    if (status == EB_OK && !eb_array_reserve(&z->shapes, &z->capacity, z->count + 1, sizeof *z->shapes)) {
        eb_shape_free(z->geos, good);
        status = eb_error_memory(err);
    }
    if (status == EB_OK) z->shapes[z->count++] = good;
    return status;
}

static eb_status read_polygons(const eb_route_run *run, zone *z, eb_source *source, eb_error *err)
{
    eb_status status = EB_OK;
    if (!eb_crs_same(z->schema->crs, run->roads.crs))
        status = eb_transform_new(z->schema->crs, run->roads.crs, NULL, NULL, &z->transform, err);
    eb_batch *batch = status == EB_OK ? eb_batch_new(z->schema) : NULL;
    if (status == EB_OK && !batch) status = eb_error_memory(err);
    while (status == EB_OK) {
        status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        for (size_t i = 0; i < batch->count && status == EB_OK; i++) status = add_polygon(run, z, batch, i, err);
        eb_diagnosis_count(run->space->diagnosis, z->schema->name, (int64_t)batch->count, 0);
    }
    eb_batch_free(batch);
    return status;
}

/* Geodesic length of the lines of a shape. */
static eb_status line_length(const eb_route_run *run, eb_geos *geos, const eb_shape *shape, double *length_m, eb_error *err)
{
    const eb_crs_info *info = eb_crs_info_get(run->roads.crs);
    uint8_t *data = NULL;
    size_t size = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    *length_m = 0;
    if (status == EB_OK) {
        eb_wkb_begin(&walk, (eb_wkb){data, size});
        while (eb_wkb_next(&walk, &part))
            if (part.kind == EB_SHAPE_LINE) *length_m += eb_road_part_length(info->a, info->f, &part);
    }
    free(data);
    return status;
}

/*
 * Edge by edge, since a way may pass the same place twice and an overlay would count it once. Lines and polygons are straight in
 * degrees, as they are drawn.
 */
static eb_status measure_edge(const eb_route_run *run, eb_geos *geos, const eb_prepared *fast, const eb_shape *land, const eb_edge *edge,
                              double *inside_m, eb_error *err)
{
    double *xy = malloc((edge->count + 1) * 2 * sizeof *xy);
    eb_string bytes = {0};
    eb_shape *line = NULL, *cut = NULL;
    bool touches = false, within = false;
    for (size_t i = 0; xy && i < edge->count; i++) eb_network_vertex(run->roads.network, edge->first + i, &xy[2 * i], &xy[2 * i + 1]);
    if (xy) eb_wkb_build_line(&bytes, xy, edge->count, 2);
    eb_status status = xy && !bytes.failed ? eb_shape_read(geos, eb_wkb_built(&bytes), &line, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_prepared_relate(geos, fast, line, EB_REL_INTERSECTS, &touches, err);
    if (status == EB_OK && touches) status = eb_prepared_relate(geos, fast, line, EB_REL_COVERS, &within, err);
    *inside_m = within ? edge->length_m : 0;
    if (status == EB_OK && touches && !within) {
        status = eb_shape_overlay(geos, line, land, EB_OP_INTERSECTION, &cut, err);
        if (status == EB_OK) status = line_length(run, geos, cut, inside_m, err);
    }
    eb_shape_free(geos, cut);
    eb_shape_free(geos, line);
    eb_string_clear(&bytes);
    free(xy);
    return status;
}

static eb_status measure_legs(eb_route_run *run, zone *z, eb_error *err)
{
    eb_shape *land = NULL;
    eb_prepared *fast = NULL;
    eb_status status = eb_shape_union_all(z->geos, z->shapes, z->count, &land, err);
    if (status == EB_OK) status = eb_prepared_new(z->geos, land, &fast, err);
    for (size_t i = 0; i < run->ways.count && status == EB_OK; i++) {
        eb_leg *leg = &run->ways.legs[i];
        status = eb_env_check(run->env, err);
        for (size_t k = 0; k < leg->path.count && status == EB_OK; k++) {
            double inside_m = 0;
            status = measure_edge(run, z->geos, fast, land, eb_network_edge_at(run->roads.network, leg->path.edges[k]), &inside_m, err);
            leg->inside_m += inside_m;
        }
    }
    eb_prepared_free(z->geos, fast);
    eb_shape_free(z->geos, land);
    return status;
}

eb_status eb_route_measure_inside(eb_route_run *run, eb_error *err)
{
    zone z = {0};
    eb_source *source = NULL;
    const eb_read_options options = {0};
    if (!run->ask.inside) return EB_OK;
    eb_status status = run->space->open(run->space->self, run->ask.inside, &options, &source, err);
    if (status != EB_OK) return status;
    z.schema = eb_source_schema(source);
    status = eb_geos_new(&z.geos, err);
    if (status == EB_OK) status = read_polygons(run, &z, source, err);
    if (status == EB_OK) status = measure_legs(run, &z, err);
    for (size_t i = 0; i < z.count; i++) eb_shape_free(z.geos, z.shapes[i]);
    free(z.shapes);
    eb_transform_free(z.transform);
    eb_geos_free(z.geos);
    eb_source_free(source);
    return status;
}

double eb_route_inside_pct(const eb_leg *leg)
{
    return leg->path.length_m > 0 ? 100 * leg->inside_m / leg->path.length_m : 0;
}
