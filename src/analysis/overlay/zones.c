#include "analysis/overlay/zones_priv.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "analysis/quality/intake.h"
#include "analysis/intern.h"
#include "base/array.h"
#include "base/text.h"
#include "geom/unite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_zones_free(eb_zones *zones)
{
    if (!zones) return;
    eb_locator_free(zones->locator);
    eb_partition_free(zones->geos, zones->partition);
    for (size_t i = 0; i < zones->shape_count; i++) {
        free(zones->shapes[i].name);
        eb_shape_free(zones->geos, zones->shapes[i].shape);
    }
    free(zones->shapes);
    free(zones->first);
    free(zones->keys);
    free(zones->key_area_m2);
    free(zones->cell_start);
    free(zones->cell_keys);
    eb_projector_free(zones->projector);
    eb_measure_free(zones->measure);
    eb_rejects_clear(&zones->rejects);
    eb_crs_free(zones->crs);
    eb_geos_free(zones->geos);
    free(zones);
}

eb_status eb_zones_projector(const eb_zones *zones, eb_source *source, eb_projector **out, eb_error *err)
{
    const eb_crs *crs = eb_source_schema(source)->crs, *geographic = eb_projector_geographic(zones->projector);
    const eb_plane *plane = eb_projector_plane(zones->projector);
    eb_datum from = eb_crs_info_get(crs)->datum, to = eb_crs_info_get(geographic)->datum;
    bool near = from == to || (from == EB_DATUM_WGS84 && to == EB_DATUM_CGCS2000) || (from == EB_DATUM_CGCS2000 && to == EB_DATUM_WGS84);
    double box[4];
    bool any = false;
    /* The extent costs a pass over some formats; only a shift between datums needs it, to find the one for the place. */
    eb_status status = near && from != EB_DATUM_OTHER ? EB_OK : eb_source_extent_any(source, box, &any, err);
    if (status != EB_OK) return status;
    return eb_projector_new_on(crs, any ? box : NULL, plane, geographic, NULL, out, err);
}

/* A layer being read: shapes with the numbers of their names, before those of one name are joined. */
typedef struct reading {
    eb_zones *zones;
    const eb_zone_layer *layer;
    eb_source *source;
    eb_projector *projector;
    eb_batch *batch;
    eb_intern names;
    eb_shape **shapes;
    size_t *name_of;
    size_t count, shape_capacity, name_capacity;
    int64_t read;
    eb_string scratch; /* for a name */
} reading;

static void reading_clear(reading *r)
{
    for (size_t i = 0; i < r->count; i++) eb_shape_free(r->zones->geos, r->shapes[i]);
    free(r->shapes);
    free(r->name_of);
    eb_intern_clear(&r->names);
    eb_string_clear(&r->scratch);
    eb_batch_free(r->batch);
    if (r->projector != r->zones->projector) eb_projector_free(r->projector);
    eb_source_free(r->source);
}

static eb_status keep_shape(reading *r, eb_shape *shape_take, const char *name, eb_error *err)
{
    size_t number = eb_intern_number(&r->names, name);
    if (number == SIZE_MAX || !eb_array_reserve(&r->shapes, &r->shape_capacity, r->count + 1, sizeof *r->shapes) ||
        !eb_array_reserve(&r->name_of, &r->name_capacity, r->count + 1, sizeof *r->name_of)) {
        eb_shape_free(r->zones->geos, shape_take);
        return eb_error_memory(err);
    }
    r->shapes[r->count] = shape_take;
    r->name_of[r->count++] = number;
    return EB_OK;
}

/* The name of feature @p i: of its layer where no field names it. NULL out of memory. */
static const char *name_at(reading *r, size_t i, int field)
{
    if (field < 0) return r->layer->name ? r->layer->name : r->batch->schema->name;
    return eb_key_name(r->batch, i, (size_t)field, &r->scratch);
}

static eb_status read_batch(reading *r, eb_intake *intake, int field, eb_error *err)
{
    eb_status status = EB_OK;
    eb_intake_sort(intake, r->batch, 2);
    for (size_t i = 0; i < r->batch->count && status == EB_OK; i++) {
        eb_shape *shape = NULL;
        const char *name = name_at(r, i, field);
        if (!name) return eb_error_memory(err);
        status = eb_intake_shape(intake, r->batch, i, &shape, err);
        if (status == EB_OK && shape) status = keep_shape(r, shape, name, err);
    }
    eb_diagnosis_count(intake->diagnosis, intake->schema->name, (int64_t)r->batch->count, 0);
    return status;
}

static eb_status read_features(reading *r, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(r->source);
    eb_intake intake = {.geos = r->zones->geos,
                        .projector = r->projector,
                        .schema = schema,
                        .diagnosis = space->diagnosis,
                        .rejects = &r->zones->rejects,
                        .flattens = r->layer->to_layer};
    const size_t before = r->zones->rejects.count;
    int field = r->layer->field ? eb_schema_find(schema, r->layer->field) : -1;
    eb_status status = EB_OK;
    if (r->layer->field && field < 0) return eb_error_set(err, EB_USAGE, "layer %s has no field %s", schema->name, r->layer->field);
    r->batch = eb_batch_new(schema);
    if (!r->batch) return eb_error_memory(err);
    do {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(r->source, r->batch, err);
        if (status == EB_OK) status = read_batch(r, &intake, field, err);
        if (status == EB_OK) r->read += (int64_t)r->batch->count;
    } while (status == EB_OK && r->batch->count > 0);
    eb_intake_clear(&intake);
    return status == EB_OK ? eb_rejects_transform(&r->zones->rejects, before, schema->crs, r->zones->crs, err) : status;
}

/* What the first layer decides: coordinates of all, and the plane, which lies where it does, or where its CRS is used if it is empty. */
static eb_status lay_plane(eb_zones *z, eb_source *source, eb_error *err)
{
    double box[4] = {0, 0, 0, 0};
    bool any = false;
    eb_status status = eb_source_extent_across(source, box, &any, err);
    if (status == EB_OK) status = eb_projector_new(eb_source_schema(source)->crs, any ? box : NULL, &z->projector, err);
    if (status == EB_OK && !(z->crs = eb_crs_copy(eb_source_schema(source)->crs))) status = eb_error_memory(err);
    memcpy(z->box_deg, box, sizeof box);
    return status == EB_OK && any ? eb_crs_box_degrees(z->crs, box, z->box_deg, err) : status;
}

/* Layers so far had nothing in them: the next one is the first. */
static void lift_plane(eb_zones *z)
{
    eb_projector_free(z->projector);
    eb_crs_free(z->crs);
    eb_measure_free(z->measure);
    z->projector = NULL;
    z->crs = NULL;
    z->measure = NULL;
}

static eb_status open_layer(reading *r, const eb_workspace *space, eb_error *err)
{
    const char *const fields[] = {r->layer->field, NULL}; /* none where no field names the zones */
    const eb_read_options options = {.where = r->layer->where, .fields = fields, .sift = true};
    eb_status status = space->open(space->self, r->layer->layer, &options, &r->source, err);
    if (status != EB_OK) return status;
    if (r->zones->shape_count == 0) lift_plane(r->zones);
    if (r->zones->projector) return eb_zones_projector(r->zones, r->source, &r->projector, err);
    status = lay_plane(r->zones, r->source, err);
    r->projector = r->zones->projector;
    return status;
}

/* The union, proven by area; where shapes overlap that counts once. */
static eb_status unite(eb_geos *geos, eb_shape *const *shapes, size_t count, eb_shape **out, eb_error *err)
{
    eb_unite all = {0};
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        uint8_t *data = NULL;
        size_t size = 0;
        status = eb_shape_write(geos, shapes[i], &data, &size, err);
        if (status == EB_OK) status = eb_unite_add(&all, (eb_wkb){data, size}, err);
        free(data);
    }
    if (status == EB_OK) status = eb_unite_take(&all, geos, out, err);
    eb_unite_clear(&all);
    return status;
}

/* Shapes of one name become one zone. One that is alone is taken as it is, and NULL left in its place. */
static eb_status join_name(eb_zones *z, const char *name, eb_shape **same, size_t count, eb_error *err)
{
    eb_shape *all = NULL, *joined = NULL;
    eb_status status = EB_OK;
    if (count == 1) {
        all = same[0];
        same[0] = NULL;
    } else {
        status = unite(z->geos, same, count, &all, err);
    }
    if (status == EB_OK) status = eb_shape_keep_dimension(z->geos, all, 2, &joined, err);
    if (status != EB_OK) return status;
    char *text = eb_text_dup(name);
    if (!text || !eb_array_reserve(&z->shapes, &z->shape_capacity, z->shape_count + 1, sizeof *z->shapes)) {
        free(text);
        eb_shape_free(z->geos, joined);
        return eb_error_memory(err);
    }
    z->shapes[z->shape_count++] =
        (eb_zone_shape){.name = text, .shape = joined, .area_m2 = eb_shape_area(z->geos, joined), .official_m2 = NAN};
    return EB_OK;
}

/* A layer of other shapes, or of broken ones alone, is data that cannot be used; an empty one may rightly be so. */
static eb_status no_zone(const reading *r, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(r->source);
    eb_error_set(err, EB_REFUSED, "the layer holds no polygon that can be used as a zone");
    eb_error_where(err, schema->file, schema->name, EB_NO_FID);
    eb_error_hint(err, "look at it with: ecobelt check %s", r->layer->layer);
    return EB_REFUSED;
}

/* The shapes in the order of their names' numbers, those of one name as they came; ends[n] is where those of name n end. */
static bool sort_by_name(reading *r, size_t **ends)
{
    eb_shape **sorted = calloc(r->count, sizeof *sorted);
    size_t *at = calloc(r->names.count + 1, sizeof *at);
    *ends = at;
    if (!sorted || !at) {
        free(sorted);
        return false;
    }
    for (size_t i = 0; i < r->count; i++) at[r->name_of[i] + 1]++;
    for (size_t n = 0; n < r->names.count; n++) at[n + 1] += at[n];
    for (size_t i = 0; i < r->count; i++) sorted[at[r->name_of[i]]++] = r->shapes[i];
    free(r->shapes);
    r->shapes = sorted;
    return true;
}

static eb_status join_names(reading *r, const eb_env *env, eb_error *err)
{
    size_t *ends = NULL;
    if (r->count == 0) return r->read > 0 ? no_zone(r, err) : EB_OK;
    eb_status status = sort_by_name(r, &ends) ? EB_OK : eb_error_memory(err);
    for (size_t name = 0, from = 0; status == EB_OK && name < r->names.count; from = ends[name++]) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = join_name(r->zones, r->names.texts[name], r->shapes + from, ends[name] - from, err);
    }
    free(ends);
    return status;
}

static eb_status read_layer(eb_zones *zones, const eb_workspace *space, const eb_zone_layer *layer, const eb_env *env, eb_error *err)
{
    reading r = {.zones = zones, .layer = layer};
    eb_status status = open_layer(&r, space, err);
    const int64_t before = status == EB_OK ? eb_empty_read(space->diagnosis, eb_source_schema(r.source)) : 0;
    if (status == EB_OK) status = read_features(&r, space, env, err);
    if (status == EB_OK) eb_empty_record(space->diagnosis, eb_source_schema(r.source), layer->where, before);
    if (status == EB_OK) status = join_names(&r, env, err);
    if (status == EB_OK && r.projector == zones->projector) status = eb_zones_official(zones, err);
    reading_clear(&r);
    return status;
}

static eb_status cut_up(eb_zones *z, const eb_env *env, eb_error *err)
{
    eb_shape **shapes = malloc((z->shape_count ? z->shape_count : 1) * sizeof *shapes);
    if (!shapes) return eb_error_memory(err);
    for (size_t i = 0; i < z->shape_count; i++) shapes[i] = z->shapes[i].shape;
    eb_status status = eb_partition_new(z->geos, shapes, z->shape_count, env, &z->partition, err);
    free(shapes);
    return status;
}

eb_status eb_zones_prepare(eb_zones *zones, const eb_env *env, eb_error *err)
{
    return eb_locator_new(zones->geos, zones->partition, env, &zones->locator, err);
}

eb_status eb_zones_read(const eb_workspace *space, const eb_zone_layer *layers, size_t layer_count, const eb_env *env, eb_zones **out,
                        eb_error *err)
{
    *out = NULL;
    eb_zones *z = calloc(1, sizeof *z);
    if (!z) return eb_error_memory(err);
    z->layer_count = layer_count;
    z->first = calloc(layer_count + 1, sizeof *z->first);
    eb_status status = z->first ? eb_geos_new(&z->geos, err) : eb_error_memory(err);
    for (size_t k = 0; k < layer_count && status == EB_OK; k++) {
        status = read_layer(z, space, &layers[k], env, err);
        z->first[k + 1] = z->shape_count;
    }
    if (status == EB_OK) status = cut_up(z, env, err);
    if (status == EB_OK) status = eb_zones_combine(z, err);
    if (status == EB_OK)
        *out = z;
    else
        eb_zones_free(z);
    return status;
}
