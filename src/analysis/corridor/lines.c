/*
 * The lines of a corridor, read once into memory: cleaned, grouped, and their ends told apart from their joints.
 */
#include "analysis/corridor/lines.h"

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 16, KEY_SIZE = 4096 };

/* What reading needs to remember. */
typedef struct reader {
    eb_corridor_lines *lines;
    eb_diagnosis *diagnosis;
    const char *layer;
    size_t from[MOST_FIELDS]; /* --by fields in the source */
    size_t by_count;
    char **keys; /* one a group */
    size_t key_capacity;
    eb_geos *geos;
    eb_measure *measure; /* of what is repaired; made when first wanted */
    int64_t read;
    bool runs_on; /* longitudes beyond 180 */
} reader;

static void record(reader *r, eb_event event, int64_t fid, const double *xy, const char *reason)
{
    eb_diagnosis_add(r->diagnosis, event, r->layer, fid, xy ? xy[0] : NAN, xy ? xy[1] : NAN, NAN, NAN, reason);
}

/* Number of the feature's group, a new one where its values are new. */
static eb_status group_of(reader *r, const eb_batch *batch, size_t i, size_t *group, eb_error *err)
{
    char key[KEY_SIZE];
    size_t used = 0;
    for (size_t k = 0; k < r->by_count && used + 8 < sizeof key; k++) {
        /* A null and an empty text are different groups. */
        key[used++] = eb_batch_is_null(batch, i, r->from[k]) ? '\2' : '\3';
        eb_batch_format_at(batch, i, r->from[k], key + used, sizeof key - used - 2);
        used += strlen(key + used);
        key[used++] = '\1';
    }
    key[used] = 0;
    eb_corridor_lines *lines = r->lines;
    for (*group = 0; *group < lines->group_count; ++*group) {
        if (strcmp(r->keys[*group], key) == 0) return EB_OK;
    }
    eb_batch *tail = eb_layer_tail(lines->groups);
    if (!tail || !eb_batch_add(tail, (int64_t)lines->group_count, (eb_wkb){0})) return eb_error_memory(err);
    for (size_t k = 0; k < r->by_count; k++) {
        if (!eb_batch_is_null(batch, i, r->from[k]) && !eb_batch_set_copy(tail, k, batch, i, r->from[k])) return eb_error_memory(err);
    }
    if (!eb_array_reserve(&r->keys, &r->key_capacity, lines->group_count + 1, sizeof *r->keys)) return eb_error_memory(err);
    r->keys[lines->group_count] = eb_text_dup(key);
    if (!r->keys[lines->group_count]) return eb_error_memory(err);
    lines->group_count++;
    return EB_OK;
}

/* Degrees outside their range are no place on Earth. */
static bool on_earth(const eb_corridor_lines *lines, eb_wkb shape)
{
    double box[4];
    if (!lines->degrees) return true;
    return eb_wkb_bounds(shape, box) && box[0] >= -360 && box[2] <= 360 && box[1] >= -90 && box[3] <= 90;
}

/* Why a feature cannot be used, or NULL. The first one that could be decides between lines and polygons. */
static const char *unusable(reader *r, eb_wkb shape)
{
    eb_corridor_lines *lines = r->lines;
    if (!eb_wkb_ok(shape)) return N_("a coordinate is not a number, or the shape's bytes are broken");
    int dimension = eb_wkb_dimension(shape);
    if (dimension == 0) return N_("a point has no corridor along it: lines are needed");
    if (!on_earth(lines, shape)) return N_("degrees outside 360 W to 360 E, 90 S to 90 N");
    double box[4];
    if (lines->degrees && eb_wkb_bounds(shape, box) && (box[0] < -180 || box[2] > 180)) r->runs_on = true;
    if (lines->line_count == 0) lines->polygons = dimension == 2;
    if (dimension == 2 && !lines->polygons) return N_("a polygon among lines");
    if (dimension == 1 && lines->polygons) return N_("a line among polygons");
    return NULL;
}

/* Geodesic area of a shape in the layer's coordinates: rings as they are drawn. NaN where it cannot be measured. */
static double area_of(reader *r, const uint8_t *data, size_t size)
{
    eb_size found;
    if (!r->measure && eb_measure_new(r->lines->crs, 0, &r->measure, NULL) != EB_OK) return NAN;
    return eb_measure_area(r->measure, (eb_wkb){data, size}, EB_WANT_GEODESIC, &found, NULL) == EB_OK ? found.geodesic_m2 : NAN;
}

/* A polygon must be valid for its outside to mean anything. */
static eb_status repair(reader *r, int64_t fid, uint8_t **data, size_t *size, bool *usable, eb_error *err)
{
    eb_shape *shape = NULL, *repaired = NULL;
    char reason[256];
    double at[2];
    *usable = true;
    eb_status status = eb_shape_read(r->geos, (eb_wkb){*data, *size}, &shape, err);
    if (status != EB_OK || eb_shape_valid(r->geos, shape, reason, sizeof reason, &at[0], &at[1])) {
        eb_shape_free(r->geos, shape);
        return status;
    }
    status = eb_shape_repair(r->geos, shape, &repaired, err);
    eb_shape_free(r->geos, shape);
    *usable = status == EB_OK;
    if (!*usable) {
        record(r, EB_EVENT_REJECTED, fid, at, reason);
        return status == EB_REFUSED ? EB_OK : status;
    }
    double before_m2 = area_of(r, *data, *size);
    free(*data);
    *data = NULL;
    status = eb_shape_write(r->geos, repaired, data, size, err);
    eb_shape_free(r->geos, repaired);
    if (status == EB_OK)
        eb_diagnosis_add(r->diagnosis, EB_EVENT_REPAIRED, r->layer, fid, at[0], at[1], before_m2, area_of(r, *data, *size), reason);
    return status;
}

static void tell_repeated(reader *r, int64_t fid, size_t repeated)
{
    eb_string text = {0};
    if (repeated == 0) return;
    eb_string_addf(&text, _("%zu vertices repeat the one before; they count once"), repeated);
    record(r, EB_EVENT_NOTE, fid, NULL, eb_string_get(&text));
    eb_string_clear(&text);
}

/* A feature whose bytes are ours to change. */
static eb_status take_feature(reader *r, const eb_batch *batch, size_t i, uint8_t **data, size_t size, eb_error *err)
{
    eb_corridor_lines *lines = r->lines;
    eb_corridor_line line = {.fid = batch->fids[i]};
    size_t repeated = 0;
    bool usable = true;
    eb_status status = EB_OK;
    if (lines->degrees && eb_corridor_unwrap(*data, size))
        record(r, EB_EVENT_NOTE, line.fid, NULL, "crosses the 180th meridian: edges go the short way round");
    if (lines->polygons) status = repair(r, line.fid, data, &size, &usable, err);
    if (status != EB_OK || !usable) return status;
    status = eb_corridor_add_line(lines, line, (eb_wkb){*data, size}, &repeated, &usable, err);
    if (status != EB_OK) return status;
    if (!usable) {
        record(r, EB_EVENT_REJECTED, line.fid, NULL, "a line without length has no direction and no corridor");
        return EB_OK;
    }
    tell_repeated(r, line.fid, repeated);
    return group_of(r, batch, i, &lines->lines[lines->line_count - 1].group, err);
}

static eb_status add_feature(reader *r, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb shape = eb_batch_shape_at(batch, i);
    int64_t fid = batch->fids[i];
    if (shape.size == 0 || (eb_wkb_ok(shape) && eb_wkb_dimension(shape) < 0)) {
        record(r, EB_EVENT_NULL, fid, NULL, "no geometry");
        return EB_OK;
    }
    const char *reason = unusable(r, shape);
    if (reason) {
        record(r, EB_EVENT_REJECTED, fid, NULL, reason);
        return EB_OK;
    }
    uint8_t *data = malloc(shape.size);
    if (!data) return eb_error_memory(err);
    memcpy(data, shape.data, shape.size);
    eb_status status = take_feature(r, batch, i, &data, shape.size, err);
    free(data);
    return status;
}

static eb_status read_all(reader *r, eb_source *source, const eb_env *env, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(source);
    eb_batch *batch = eb_batch_new(schema);
    if (!batch) return eb_error_memory(err);
    bool arcs = false;
    eb_status status;
    while ((status = eb_source_next(source, batch, err)) == EB_OK && batch->count > 0) {
        for (size_t i = 0; status == EB_OK && i < batch->count; i++) status = add_feature(r, batch, i, err);
        if (status == EB_OK) status = eb_env_check(env, err);
        if (status != EB_OK) break;
        r->read += (int64_t)batch->count;
        arcs = arcs || batch->chorded;
        eb_env_progress(env, "lines", (double)r->read, (double)schema->feature_count);
    }
    eb_diagnosis_count(r->diagnosis, r->layer, r->read, 0);
    if (arcs) eb_diagnosis_note(r->diagnosis, r->layer, "%s", eb_arcs_note);
    if (r->runs_on)
        record(r, EB_EVENT_NOTE, EB_NO_FID, NULL,
               "longitudes beyond 180 are places on the other side of the 180th meridian, where the corridor is cut");
    eb_batch_free(batch);
    return status;
}

static eb_status prepare(reader *r, eb_source *source, const char *const *by, eb_error *err)
{
    eb_corridor_lines *lines = r->lines;
    const eb_schema *schema = eb_source_schema(source);
    r->layer = schema->name;
    if (!schema->crs) return eb_error_set(err, EB_REFUSED, "the layer %s has no CRS", schema->name);
    if (schema->kind == EB_SHAPE_POINT || schema->kind == EB_SHAPE_MULTIPOINT) {
        eb_error_set(err, EB_REFUSED, "the layer %s holds points; a corridor runs along lines", schema->name);
        eb_error_hint(err, "join the points to lines in their order first");
        return EB_REFUSED;
    }
    eb_schema *groups = eb_schema_new("groups", EB_SHAPE_UNKNOWN, NULL);
    if (!groups) return eb_error_memory(err);
    eb_status status = EB_OK;
    for (; status == EB_OK && by && by[r->by_count]; r->by_count++) {
        int field = eb_schema_find(schema, by[r->by_count]);
        if (field < 0) {
            status = eb_error_set(err, EB_USAGE, "the layer %s has no field %s", schema->name, by[r->by_count]);
            eb_error_hint(err, "ecobelt info lists its fields");
        } else if (r->by_count >= MOST_FIELDS)
            status = eb_error_set(err, EB_USAGE, "more than %d fields to group by", MOST_FIELDS);
        else if (eb_schema_add_field(groups, schema->fields[field].name, schema->fields[field].type) < 0)
            status = eb_error_memory(err);
        if (status == EB_OK) r->from[r->by_count] = (size_t)field;
    }
    if (status == EB_OK) lines->groups = eb_layer_new(groups);
    eb_schema_free(groups);
    if (status == EB_OK && !lines->groups) status = eb_error_memory(err);
    if (status == EB_OK) lines->crs = eb_crs_copy(schema->crs);
    if (status == EB_OK && !lines->crs) status = eb_error_memory(err);
    if (status == EB_OK) status = eb_crs_geographic(lines->crs, &lines->geographic, err);
    if (status == EB_OK) status = eb_corridor_frame_init(&lines->frame, lines->crs, lines->geographic, &lines->plane, NULL, err);
    lines->degrees = !lines->frame.to_degrees;
    const eb_crs_info *info = eb_crs_info_get(lines->crs);
    if (status == EB_OK) status = eb_geodetic_new(info->a, info->f, &lines->geodesic, err);
    return status;
}

/* No line at all. Features without geometry are told here: they are no rejected ones, whose list is shown whatever is asked. */
static eb_status tell_empty(const reader *r, const eb_schema *schema, eb_error *err)
{
    if (r->read == 0) {
        eb_error_set(err, EB_INPUT, "the layer %s has no features", r->layer);
        eb_error_hint(err, "ecobelt info shows what is in it");
    } else if (eb_diagnosis_total(r->diagnosis, EB_EVENT_REJECTED) == 0) {
        eb_error_set(err, EB_REFUSED, "the layer %s has no line that a corridor could run along: %lld features, all without geometry",
                     r->layer, (long long)r->read);
        eb_error_hint(err, "look at where the file was made: the shapes were lost on the way, or never drawn");
    } else {
        eb_error_set(err, EB_REFUSED, "the layer %s has no line that a corridor could run along", r->layer);
        eb_error_hint(err, "what was wrong with each feature is in the list of rejected features");
    }
    eb_error_where(err, schema->file, r->layer, EB_NO_FID);
    return r->read == 0 ? EB_INPUT : EB_REFUSED;
}

eb_status eb_corridor_lines_read(eb_source *source, const char *const *by, eb_diagnosis *diagnosis, const eb_env *env,
                                 eb_corridor_lines *out, eb_error *err)
{
    *out = (eb_corridor_lines){0};
    reader r = {.lines = out, .diagnosis = diagnosis};
    eb_status status = eb_geos_new(&r.geos, err);
    if (status == EB_OK) status = prepare(&r, source, by, err);
    if (status == EB_OK) status = read_all(&r, source, env, err);
    if (status == EB_OK && out->line_count == 0) status = tell_empty(&r, eb_source_schema(source), err);
    if (status == EB_OK) eb_corridor_gather_meridian(out);
    if (status == EB_OK && out->polygons) status = eb_corridor_dissolve(out, err);
    if (status == EB_OK) status = eb_corridor_find_ends(out, err);
    if (status == EB_OK) status = eb_corridor_place_plane(out, err);
    for (size_t i = 0; i < out->group_count; i++) free(r.keys[i]);
    free(r.keys);
    eb_measure_free(r.measure);
    eb_geos_free(r.geos);
    return status;
}

void eb_corridor_lines_clear(eb_corridor_lines *lines)
{
    for (size_t i = 0; i < lines->line_count; i++) free(lines->lines[i].area);
    free(lines->xy);
    free(lines->chains);
    free(lines->lines);
    eb_layer_free(lines->groups);
    eb_corridor_frame_clear(&lines->frame);
    eb_crs_free(lines->crs);
    eb_crs_free(lines->geographic);
    eb_geodetic_free(lines->geodesic);
    *lines = (eb_corridor_lines){0};
}
