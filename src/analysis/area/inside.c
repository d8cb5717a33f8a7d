/*
 * Lengths inside polygons. Polygons and lines meet in one equal-area plane; a line that lies inside whole, which most do, is measured
 * as it is, and only one that crosses the outline is cut.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/geom.h>

#include "analysis/area/run.h"
#include "analysis/empty.h"
#include "base/array.h"
#include "base/translate.h"

struct eb_area_inside {
    uint8_t *bytes; /* the polygons as one valid shape of the plane */
    size_t size;
    eb_projector *lines; /* the lines' layer to the plane */
    double m2;
    char method[1600];
};

struct eb_area_cutter {
    eb_geos *geos;
    eb_projector *projector;
    eb_shape *shape;
    eb_prepared *prepared;
    uint8_t *bytes;
    size_t capacity;
};

/* What is needed while the polygons are read. */
typedef struct reader {
    const eb_workspace *space;
    const eb_env *env;
    eb_geos *geos;
    eb_source *source;
    eb_batch *batch;
    eb_projector *projector;
    eb_measure *measure;
    eb_area_method method;
    eb_shape **shapes;
    size_t count, capacity;
    double sum_m2; /* of the polygons by the method */
    double official_m2, geodesic_m2;
    double plane_m2; /* and in the plane */
} reader;

static void add_case(const reader *r, eb_event event, size_t i, double before, double after, const char *reason)
{
    eb_diagnosis_add(r->space->diagnosis, event, eb_source_schema(r->source)->name, r->batch->fids[i], NAN, NAN, before, after, reason);
}

static double area_of(const reader *r, const eb_size *size)
{
    return r->method == EB_AREA_OFFICIAL ? size->official_m2 : size->geodesic_m2;
}

static unsigned want_of(eb_area_method method)
{
    return EB_WANT_GEODESIC | (method == EB_AREA_OFFICIAL ? EB_WANT_OFFICIAL : EB_WANT_OFFICIAL_TOO);
}

/* A shape of the plane, valid; NULL where nothing of it can be used, which is then on record. */
static eb_status take_valid(reader *r, size_t i, eb_shape *shape_take, eb_shape **out, eb_error *err)
{
    char reason[160];
    double x, y;
    *out = shape_take;
    if (eb_shape_valid(r->geos, shape_take, reason, sizeof reason, &x, &y)) return EB_OK;
    eb_shape *repaired = NULL;
    const double before = eb_shape_area(r->geos, shape_take);
    eb_status status = eb_shape_repair(r->geos, shape_take, &repaired, err);
    eb_shape_free(r->geos, shape_take);
    *out = repaired;
    if (status == EB_OK) {
        add_case(r, EB_EVENT_REPAIRED, i, before, eb_shape_area(r->geos, repaired), reason);
        return EB_OK;
    }
    *out = NULL;
    if (status != EB_REFUSED) return status;
    add_case(r, EB_EVENT_REJECTED, i, before, NAN, reason);
    return EB_OK;
}

static eb_status add_polygon(reader *r, size_t i, eb_error *err)
{
    size_t size;
    const eb_wkb wkb = eb_batch_shape_at(r->batch, i);
    eb_shape *shape = NULL;
    if (eb_wkb_dimension(wkb) != 2) {
        add_case(r, wkb.size ? EB_EVENT_NOTE : EB_EVENT_NULL, i, NAN, NAN, wkb.size ? "not a polygon, left out" : "no geometry");
        return EB_OK;
    }
    eb_size area;
    eb_status status = eb_measure_area(r->measure, wkb, want_of(r->method), &area, err);
    uint8_t *bytes = eb_batch_shape_bytes(r->batch, i, &size);
    if (status == EB_OK) status = eb_projector_wkb(r->projector, bytes, size, err);
    if (status == EB_OK) status = eb_shape_read(r->geos, (eb_wkb){.data = bytes, .size = size}, &shape, err);
    if (status == EB_OK) status = take_valid(r, i, shape, &shape, err);
    if (status != EB_OK) {
        eb_error_where(err, eb_source_schema(r->source)->file, eb_source_schema(r->source)->name, r->batch->fids[i]);
        return status;
    }
    if (!shape) return EB_OK;
    if (!eb_array_reserve(&r->shapes, &r->capacity, r->count + 1, sizeof(eb_shape *))) {
        eb_shape_free(r->geos, shape);
        return eb_error_memory(err);
    }
    r->shapes[r->count++] = shape;
    r->sum_m2 += area_of(r, &area);
    r->geodesic_m2 += area.geodesic_m2;
    r->official_m2 += area.official_m2;
    r->plane_m2 += eb_shape_area(r->geos, shape);
    return EB_OK;
}

static eb_status read_polygons(reader *r, eb_error *err)
{
    int64_t read = 0;
    for (;;) {
        eb_status status = eb_env_check(r->env, err);
        if (status == EB_OK) status = eb_source_next(r->source, r->batch, err);
        if (status != EB_OK) return status;
        if (r->batch->count == 0) break;
        for (size_t i = 0; i < r->batch->count && status == EB_OK; i++) status = add_polygon(r, i, err);
        if (status != EB_OK) return status;
        read += (int64_t)r->batch->count;
    }
    eb_source_report(r->source, r->space->diagnosis);
    if (read == 0)
        eb_empty_record(r->space->diagnosis, eb_source_schema(r->source), NULL,
                        eb_empty_read(r->space->diagnosis, eb_source_schema(r->source)));
    if (r->count > 0 || read == 0) return EB_OK;
    eb_error_set(err, EB_REFUSED, "none of the %lld features is a polygon to measure inside of", (long long)read);
    eb_error_where(err, eb_source_schema(r->source)->file, eb_source_schema(r->source)->name, EB_NO_FID);
    eb_error_hint(err, "--inside wants a layer of polygons");
    return EB_REFUSED;
}

/* Area of the polygons: their sum, as published, where none overlaps; else that of their union, measured as one shape. */
static eb_status measure_union(reader *r, const eb_shape *whole, eb_area_inside *inside, eb_error *err)
{
    const double plane = eb_shape_area(r->geos, whole);
    eb_size size;
    uint8_t *bytes = NULL;
    size_t length;
    inside->m2 = r->sum_m2;
    if (fabs(plane - r->plane_m2) <= 1e-9 * plane) return EB_OK;
    eb_status status = eb_shape_write(r->geos, whole, &bytes, &length, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(r->projector, bytes, length, err);
    if (status == EB_OK) status = eb_measure_area(r->measure, (eb_wkb){.data = bytes, .size = length}, want_of(r->method), &size, err);
    if (status == EB_OK) inside->m2 = area_of(r, &size);
    if (status == EB_OK) r->geodesic_m2 = size.geodesic_m2;
    if (status == EB_OK) r->official_m2 = size.official_m2;
    free(bytes);
    return status;
}

/* How the area inside was measured, with what it comes to by another method. */
static void describe(const reader *r, eb_area_inside *inside)
{
    const eb_area_account account = {
        .method = r->method, .chosen_m2 = inside->m2, .official_m2 = r->official_m2, .geodesic_m2 = r->geodesic_m2};
    eb_measure_account(r->measure, &account, inside->method, sizeof inside->method);
}

static eb_status finish(reader *r, const eb_schema *lines, eb_area_inside *inside, eb_error *err)
{
    eb_shape *whole = NULL, *areas = NULL;
    eb_status status = eb_shape_union_all(r->geos, r->shapes, r->count, &whole, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(r->geos, whole, 2, &areas, err);
    if (status == EB_OK) status = measure_union(r, areas, inside, err);
    if (status == EB_OK) describe(r, inside);
    if (status == EB_OK) status = eb_shape_write(r->geos, areas, &inside->bytes, &inside->size, err);
    if (status == EB_OK)
        status = eb_projector_new_on(lines->crs, NULL, eb_projector_plane(r->projector), eb_projector_geographic(r->projector), NULL,
                                     &inside->lines, err);
    eb_shape_free(r->geos, areas);
    return status;
}

static eb_status open_reader(reader *r, const char *name, eb_error *err)
{
    static const char *const no_fields[] = {NULL};
    const eb_read_options options = {.fields = no_fields};
    double box[4], degrees[4];
    bool known = false;
    eb_status status = r->space->open(r->space->self, name, &options, &r->source, err);
    if (status != EB_OK) return status;
    const eb_schema *schema = eb_source_schema(r->source);
    r->batch = eb_batch_new(schema);
    if (!r->batch) return eb_error_memory(err);
    status = eb_source_extent_across(r->source, box, &known, err);
    if (status == EB_OK) status = eb_projector_new(schema->crs, known ? box : NULL, &r->projector, err);
    if (status == EB_OK) status = eb_geos_new(&r->geos, err);
    if (status == EB_OK) status = eb_measure_new(schema->crs, 0, &r->measure, err);
    if (status != EB_OK) return status;
    known = known && eb_crs_box_degrees(schema->crs, box, degrees, NULL) == EB_OK;
    if (r->method == EB_AREA_PLANAR) r->method = EB_AREA_AUTO;
    r->method = eb_measure_resolve(r->measure, r->method, known ? degrees : NULL);
    return EB_OK;
}

eb_status eb_area_inside_read(const eb_workspace *space, const eb_env *env, const char *name, const eb_schema *lines, eb_area_method method,
                              eb_area_inside **out, eb_error *err)
{
    reader r = {.space = space, .env = env, .method = method};
    eb_area_inside *inside = calloc(1, sizeof *inside);
    *out = NULL;
    if (!inside) return eb_error_memory(err);
    eb_status status = open_reader(&r, name, err);
    if (status == EB_OK) status = read_polygons(&r, err);
    if (status == EB_OK) status = finish(&r, lines, inside, err);
    for (size_t i = 0; i < r.count; i++) eb_shape_free(r.geos, r.shapes[i]);
    free(r.shapes);
    eb_measure_free(r.measure);
    eb_projector_free(r.projector);
    eb_geos_free(r.geos);
    eb_batch_free(r.batch);
    eb_source_free(r.source);
    if (status == EB_OK)
        *out = inside;
    else
        eb_area_inside_free(inside);
    return status;
}

void eb_area_inside_free(eb_area_inside *inside)
{
    if (!inside) return;
    eb_projector_free(inside->lines);
    free(inside->bytes);
    free(inside);
}

double eb_area_inside_m2(const eb_area_inside *inside, const char **method)
{
    *method = inside->method;
    return inside->m2;
}

eb_status eb_area_cutter_new(const eb_area_inside *inside, eb_area_cutter **out, eb_error *err)
{
    eb_area_cutter *cutter = calloc(1, sizeof *cutter);
    *out = NULL;
    if (!cutter) return eb_error_memory(err);
    eb_status status = eb_geos_new(&cutter->geos, err);
    if (status == EB_OK) status = eb_projector_clone(inside->lines, &cutter->projector, err);
    if (status == EB_OK) status = eb_shape_read(cutter->geos, (eb_wkb){.data = inside->bytes, .size = inside->size}, &cutter->shape, err);
    if (status == EB_OK) status = eb_prepared_new(cutter->geos, cutter->shape, &cutter->prepared, err);
    if (status == EB_OK)
        *out = cutter;
    else
        eb_area_cutter_free(cutter);
    return status;
}

void eb_area_cutter_free(eb_area_cutter *cutter)
{
    if (!cutter) return;
    if (cutter->geos) {
        eb_prepared_free(cutter->geos, cutter->prepared);
        eb_shape_free(cutter->geos, cutter->shape);
    }
    eb_projector_free(cutter->projector);
    eb_geos_free(cutter->geos);
    free(cutter->bytes);
    free(cutter);
}

/* Length of a part of the plane that lies inside: back in the layer's own coordinates, and measured there. */
static eb_status measure_piece(eb_area_cutter *c, eb_measure *measure, const eb_shape *piece, double *length_m, eb_error *err)
{
    uint8_t *bytes = NULL;
    size_t size;
    eb_status status = eb_shape_write(c->geos, piece, &bytes, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(c->projector, bytes, size, err);
    if (status == EB_OK) status = eb_measure_length(measure, (eb_wkb){.data = bytes, .size = size}, length_m, err);
    free(bytes);
    return status;
}

static eb_status cut(eb_area_cutter *c, eb_measure *measure, const eb_shape *line, double *length_m, eb_error *err)
{
    eb_shape *common = NULL, *lines = NULL;
    eb_status status = eb_shape_overlay(c->geos, line, c->shape, EB_OP_INTERSECTION, &common, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(c->geos, common, 1, &lines, err);
    if (status == EB_OK && !eb_shape_empty(c->geos, lines)) status = measure_piece(c, measure, lines, length_m, err);
    eb_shape_free(c->geos, lines);
    return status;
}

eb_status eb_area_cutter_length(eb_area_cutter *cutter, eb_measure *measure, eb_wkb line, double *length_m, eb_error *err)
{
    eb_shape *shape = NULL;
    bool touches = false, within = false;
    *length_m = 0;
    if (!eb_array_reserve(&cutter->bytes, &cutter->capacity, line.size, 1)) return eb_error_memory(err);
    memcpy(cutter->bytes, line.data, line.size);
    eb_status status = eb_projector_wkb(cutter->projector, cutter->bytes, line.size, err);
    if (status == EB_OK) status = eb_shape_read(cutter->geos, (eb_wkb){.data = cutter->bytes, .size = line.size}, &shape, err);
    if (status == EB_OK) status = eb_prepared_relate(cutter->geos, cutter->prepared, shape, EB_REL_INTERSECTS, &touches, err);
    if (status == EB_OK && touches) status = eb_prepared_relate(cutter->geos, cutter->prepared, shape, EB_REL_COVERS, &within, err);
    if (status == EB_OK && within)
        status = eb_measure_length(measure, line, length_m, err);
    else if (status == EB_OK && touches)
        status = cut(cutter, measure, shape, length_m, err);
    eb_shape_free(cutter->geos, shape);
    return status;
}
