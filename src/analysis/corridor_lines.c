/*
 * The lines of a corridor, read once into memory: cleaned, grouped, and their ends told apart from their joints.
 */
#include "analysis/corridor.h"

#include "base/array.h"
#include "base/text.h"

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

static eb_status add_vertex(eb_corridor_lines *lines, double x, double y, eb_error *err)
{
    if (!eb_array_reserve(&lines->xy, &lines->vertex_capacity, lines->vertex_count + 1, 2 * sizeof *lines->xy)) return eb_error_memory(err);
    lines->xy[2 * lines->vertex_count] = x;
    lines->xy[2 * lines->vertex_count + 1] = y;
    lines->vertex_count++;
    return EB_OK;
}

/* A part as a chain: no vertex twice in a row, longitudes running on over the 180th meridian. None where it has no length. */
static eb_status add_chain(reader *r, const eb_wkb_part *part, size_t *repeated, size_t *turned, eb_error *err)
{
    eb_corridor_lines *lines = r->lines;
    size_t first = lines->vertex_count;
    eb_status status = EB_OK;
    double lx = 0, ly = 0;
    for (size_t i = 0; status == EB_OK && i < part->count; i++) {
        double x, y;
        eb_wkb_xy(part, i, &x, &y);
        if (i > 0 && lines->degrees && fabs(x - lx) > 180) {
            double wrapped = x - 360 * round((x - lx) / 360);
            if (fabs(wrapped - x) > 0 && fabs(remainder(lx, 360) - remainder(x, 360)) > 180) ++*turned;
            x = wrapped;
        }
        if (i > 0 && x == lx && y == ly) {
            ++*repeated;
            continue;
        }
        status = add_vertex(lines, x, y, err);
        lx = x;
        ly = y;
    }
    size_t count = lines->vertex_count - first;
    if (status != EB_OK || count < 2) {
        lines->vertex_count = first;
        return status;
    }
    if (!eb_array_reserve(&lines->chains, &lines->chain_capacity, lines->chain_count + 1, sizeof *lines->chains))
        return eb_error_memory(err);
    const double *a = lines->xy + 2 * first, *b = lines->xy + 2 * (lines->vertex_count - 1);
    bool closed = count > 2 && a[0] == b[0] && a[1] == b[1];
    lines->chains[lines->chain_count++] = (eb_corridor_chain){.first = first, .count = count, .closed = closed};
    return EB_OK;
}

/* Degrees outside their range are no place on Earth. */
static bool on_earth(const eb_corridor_lines *lines, eb_wkb shape)
{
    double box[4];
    if (!lines->degrees) return true;
    return eb_wkb_bounds(shape, box) && box[0] >= -360 && box[2] <= 360 && box[1] >= -90 && box[3] <= 90;
}

static const char *unusable(const eb_corridor_lines *lines, eb_wkb shape)
{
    if (!eb_wkb_ok(shape)) return "a coordinate is not a number, or the shape's bytes are broken";
    if (eb_wkb_dimension(shape) == 0) return "a point has no corridor along it: lines are needed";
    if (eb_wkb_dimension(shape) == 2) return "a polygon among lines";
    if (!on_earth(lines, shape)) return "degrees outside 360 W to 360 E, 90 S to 90 N";
    return NULL;
}

static void tell_changes(reader *r, int64_t fid, size_t repeated, size_t turned)
{
    char text[160];
    if (repeated) {
        eb_string s = {0};
        eb_string_addf(&s, "%zu vertices repeat the one before and are counted once", repeated);
        eb_text_copy(text, sizeof text, eb_string_get(&s));
        record(r, EB_EVENT_NOTE, fid, NULL, text);
        eb_string_clear(&s);
    }
    if (turned) record(r, EB_EVENT_NOTE, fid, NULL, "crosses the 180th meridian: edges go the short way round");
}

static eb_status add_line(reader *r, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_corridor_lines *lines = r->lines;
    eb_wkb shape = eb_batch_shape_at(batch, i);
    int64_t fid = batch->fids[i];
    if (shape.size == 0 || eb_wkb_dimension(shape) < 0) {
        if (shape.size == 0 || eb_wkb_ok(shape))
            record(r, EB_EVENT_NULL, fid, NULL, "no geometry");
        else
            record(r, EB_EVENT_REJECTED, fid, NULL, unusable(lines, shape));
        return EB_OK;
    }
    const char *reason = unusable(lines, shape);
    if (reason) {
        record(r, EB_EVENT_REJECTED, fid, NULL, reason);
        return EB_OK;
    }
    size_t first = lines->chain_count, repeated = 0, turned = 0, group = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    for (eb_wkb_begin(&walk, shape); status == EB_OK && eb_wkb_next(&walk, &part);) {
        if (part.kind != EB_SHAPE_POINT) status = add_chain(r, &part, &repeated, &turned, err);
    }
    if (status != EB_OK) return status;
    if (lines->chain_count == first) {
        record(r, EB_EVENT_REJECTED, fid, NULL, "a line without length has no direction and no corridor");
        return EB_OK;
    }
    tell_changes(r, fid, repeated, turned);
    status = group_of(r, batch, i, &group, err);
    if (status != EB_OK) return status;
    if (!eb_array_reserve(&lines->lines, &lines->line_capacity, lines->line_count + 1, sizeof *lines->lines)) return eb_error_memory(err);
    lines->lines[lines->line_count++] =
        (eb_corridor_line){.fid = fid, .group = group, .chain_first = first, .chain_count = lines->chain_count - first};
    return EB_OK;
}

static eb_status read_all(reader *r, eb_source *source, const eb_env *env, eb_error *err)
{
    const eb_schema *schema = eb_source_schema(source);
    eb_batch *batch = eb_batch_new(schema);
    if (!batch) return eb_error_memory(err);
    eb_status status;
    int64_t read = 0;
    while ((status = eb_source_next(source, batch, err)) == EB_OK && batch->count > 0) {
        for (size_t i = 0; status == EB_OK && i < batch->count; i++) status = add_line(r, batch, i, err);
        if (status == EB_OK) status = eb_env_check(env, err);
        if (status != EB_OK) break;
        read += (int64_t)batch->count;
        eb_env_progress(env, "lines", (double)read, (double)schema->feature_count);
    }
    eb_diagnosis_count(r->diagnosis, r->layer, read, 0);
    eb_batch_free(batch);
    return status;
}

/* --- ends and joints ------------------------------------------------------------------------------------------------------------- */

typedef struct end {
    double x, y;
    size_t group, chain;
    bool start;
} end;

static int by_place(const void *a, const void *b)
{
    const end *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return p->group < q->group ? -1 : p->group > q->group;
}

static void mark_ends(eb_corridor_lines *lines, const end *ends, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        size_t same = 0;
        for (size_t j = from; j < to; j++) same += ends[j].group == ends[i].group;
        eb_corridor_chain *chain = &lines->chains[ends[i].chain];
        if (ends[i].start) {
            chain->free_start = same == 1;
            chain->alone_start = to - from == 1;
        } else {
            chain->free_end = same == 1;
            chain->alone_end = to - from == 1;
        }
    }
}

/* Which ends of chains are ends of the river, and which are only where one feature stops and the next goes on? */
static eb_status find_ends(eb_corridor_lines *lines, eb_error *err)
{
    end *ends = calloc(2 * lines->chain_count + 1, sizeof *ends);
    if (!ends) return eb_error_memory(err);
    size_t count = 0;
    for (size_t l = 0; l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) {
            const eb_corridor_chain *chain = &lines->chains[c];
            if (chain->closed) continue;
            const double *a = lines->xy + 2 * chain->first, *b = lines->xy + 2 * (chain->first + chain->count - 1);
            ends[count++] = (end){a[0], a[1], line->group, c, true};
            ends[count++] = (end){b[0], b[1], line->group, c, false};
        }
    }
    qsort(ends, count, sizeof *ends, by_place);
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i + 1; j < count && ends[j].x == ends[i].x && ends[j].y == ends[i].y;) j++;
        mark_ends(lines, ends, i, j);
    }
    free(ends);
    return EB_OK;
}

/* --- the plane ------------------------------------------------------------------------------------------------------------------- */

/* Middle of the lines on the sphere: the mean direction of the corners of their box in space, so that 180 degrees is no border. */
static eb_status place_plane(eb_corridor_lines *lines, eb_error *err)
{
    const double deg = 0.017453292519943295;
    double low[3] = {1, 1, 1}, high[3] = {-1, -1, -1};
    for (size_t i = 0; i < lines->vertex_count; i++) {
        double lon, lat;
        eb_status status = eb_corridor_to_degrees(&lines->frame, lines->xy[2 * i], lines->xy[2 * i + 1], &lon, &lat, err);
        if (status != EB_OK) return status;
        double v[3] = {cos(lat * deg) * cos(lon * deg), cos(lat * deg) * sin(lon * deg), sin(lat * deg)};
        for (int k = 0; k < 3; k++) {
            low[k] = fmin(low[k], v[k]);
            high[k] = fmax(high[k], v[k]);
        }
    }
    double m[3] = {low[0] + high[0], low[1] + high[1], low[2] + high[2]};
    if (hypot(hypot(m[0], m[1]), m[2]) < 0.2)
        return eb_error_set(err, EB_REFUSED, "the lines span more than a hemisphere; corridors are made for one region at a time");
    const eb_crs_info *info = eb_crs_info_get(lines->crs);
    double lon0 = atan2(m[1], m[0]) / deg;
    eb_plane_init(&lines->plane, info->a, info->f, lon0, atan2(m[2], hypot(m[0], m[1])) / deg);
    lines->frame.unwrap_lon_deg = lines->degrees ? lon0 : NAN;
    return EB_OK;
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

eb_status eb_corridor_lines_read(eb_source *source, const char *const *by, eb_diagnosis *diagnosis, const eb_env *env,
                                 eb_corridor_lines *out, eb_error *err)
{
    *out = (eb_corridor_lines){0};
    reader r = {.lines = out, .diagnosis = diagnosis};
    eb_status status = prepare(&r, source, by, err);
    if (status == EB_OK) status = read_all(&r, source, env, err);
    if (status == EB_OK && out->line_count == 0) {
        status = eb_error_set(err, EB_REFUSED, "the layer %s has no line that a corridor could run along", r.layer);
        eb_error_hint(err, "what was wrong with each feature is in the list of rejected features");
        eb_error_where(err, eb_source_schema(source)->file, r.layer, EB_NO_FID);
    }
    if (status == EB_OK) status = find_ends(out, err);
    if (status == EB_OK) status = place_plane(out, err);
    for (size_t i = 0; i < out->group_count; i++) free(r.keys[i]);
    free(r.keys);
    return status;
}

void eb_corridor_lines_clear(eb_corridor_lines *lines)
{
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
