/* The polygon that bounding lines enclose: all lines are noded, the faces they make found, one of them chosen. */
#include "analysis/quality/intake.h"
#include "analysis/overlay/plane_sink.h"
#include "analysis/registry.h"
#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "lines",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_LINES,
     .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL | EB_PARAM_LIST,
     .metavar = "LINES",
     .help = "layers of lines that bound the area: roads, rivers, borders"},
    {.key = "inside",
     .type = EB_PARAM_TEXT,
     .metavar = "LON,LAT",
     .help = "a place inside, in degrees; without it the largest enclosed area is taken"},
    {.key = "where", .type = EB_PARAM_TEXT, .of = "lines", .metavar = "SQL", .help = "attribute filter on the lines"},
};

static const eb_yield yields[] = {
    {.role = "", .layer = true, .shapes = EB_TAKES_POLYGONS, .columns = "area_m2,perimeter_m,official_m2"},
    {.role = "enclose", .layer = false, .columns = "area_m2,official_m2,geodesic_m2,area_km2,perimeter_m,faces"},
};

/* Lines of all layers in one plane. */
typedef struct enclosure {
    eb_geos *geos;
    eb_crs *crs;             /* of the first layer */
    eb_projector *projector; /* of the first layer */
    eb_shape **lines;
    size_t count, capacity;
    eb_shape *face;
    size_t faces;
} enclosure;

static void enclosure_clear(enclosure *e)
{
    for (size_t i = 0; i < e->count; i++) eb_shape_free(e->geos, e->lines[i]);
    free(e->lines);
    eb_shape_free(e->geos, e->face);
    eb_projector_free(e->projector);
    eb_crs_free(e->crs);
    eb_geos_free(e->geos);
}

static eb_status take_batch(enclosure *e, eb_intake *intake, eb_batch *batch, eb_error *err)
{
    eb_status status = EB_OK;
    eb_intake_sort(intake, batch, 1);
    for (size_t i = 0; i < batch->count && status == EB_OK; i++) {
        bool taken = false;
        eb_shape *line = NULL;
        status = eb_intake_simple(intake, batch, i, 1, &taken, err);
        if (status != EB_OK || !taken) continue;
        status = eb_shape_read(e->geos, eb_batch_shape_at(batch, i), &line, err);
        if (status == EB_OK && !eb_array_reserve(&e->lines, &e->capacity, e->count + 1, sizeof *e->lines)) {
            eb_shape_free(e->geos, line);
            status = eb_error_memory(err);
        }
        if (status == EB_OK) e->lines[e->count++] = line;
    }
    eb_diagnosis_count(intake->diagnosis, intake->schema->name, (int64_t)batch->count, 0);
    return status;
}

/* The projector for a layer: the first one makes the plane. */
static eb_status find_projector(enclosure *e, eb_source *source, eb_projector **out, eb_error *err)
{
    const eb_crs *crs = eb_source_schema(source)->crs;
    double box[4];
    bool any = false;
    eb_status status = eb_source_extent_across(source, box, &any, err);
    if (status == EB_OK && !any) status = eb_source_extent(source, box, err); /* which says so */
    if (status != EB_OK) return status;
    if (e->projector)
        return eb_projector_new_on(crs, box, eb_projector_plane(e->projector), eb_projector_geographic(e->projector), NULL, out, err);
    e->crs = eb_crs_copy(crs);
    status = e->crs ? eb_projector_new(crs, box, &e->projector, err) : eb_error_memory(err);
    return status == EB_OK ? eb_projector_clone(e->projector, out, err) : status;
}

static eb_status read_layer(enclosure *e, const eb_workspace *space, const char *name, const char *where, const eb_env *env, eb_error *err)
{
    const char *const no_fields[] = {NULL};
    const eb_read_options options = {.where = where, .fields = no_fields};
    eb_source *source = NULL;
    eb_projector *projector = NULL;
    eb_batch *batch = NULL;
    eb_status status = space->open(space->self, name, &options, &source, err);
    if (status == EB_OK) status = find_projector(e, source, &projector, err);
    if (status == EB_OK && !(batch = eb_batch_new(eb_source_schema(source)))) status = eb_error_memory(err);
    eb_intake intake = {.geos = e->geos, .projector = projector, .diagnosis = space->diagnosis};
    if (status == EB_OK) intake.schema = eb_source_schema(source);
    while (status == EB_OK) {
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        if (status == EB_OK && batch->count == 0) break;
        if (status == EB_OK) status = take_batch(e, &intake, batch, err);
    }
    eb_intake_clear(&intake);
    eb_batch_free(batch);
    eb_projector_free(projector);
    eb_source_free(source);
    return status;
}

/* "LON,LAT" in degrees. */
static eb_status parse_place(const char *text, double *lon, double *lat, eb_error *err)
{
    char first[64] = "";
    const char *comma = strchr(text, ',');
    if (comma && (size_t)(comma - text) < sizeof first) memcpy(first, text, (size_t)(comma - text));
    if (!comma || !eb_text_to_real(first, lon) || !eb_text_to_real(comma + 1, lat) || fabs(*lon) > 180 || fabs(*lat) > 90)
        return eb_error_set(err, EB_USAGE, "inside: \"%s\" is no place: wanted LON,LAT in degrees, such as 118.85,28.95", text);
    return EB_OK;
}

static eb_status check_place(const eb_args *args, eb_error *err)
{
    double lon, lat;
    return eb_args_has(args, "inside") ? parse_place(eb_args_text(args, "inside"), &lon, &lat, err) : EB_OK;
}

static eb_status face_around(enclosure *e, const eb_shape *faces, const char *inside, const eb_shape **found, eb_error *err)
{
    double lon = 0, lat = 0, x, y;
    eb_shape *point = NULL;
    uint8_t bytes[21] = {1, EB_SHAPE_POINT};
    eb_status status = parse_place(inside, &lon, &lat, err);
    if (status != EB_OK) return status;
    eb_plane_forward(eb_projector_plane(e->projector), lon, lat, &x, &y);
    memcpy(bytes + 5, &x, sizeof x);
    memcpy(bytes + 13, &y, sizeof y);
    status = eb_shape_read(e->geos, (eb_wkb){bytes, sizeof bytes}, &point, err);
    for (size_t i = 0; i < e->faces && status == EB_OK && !*found; i++) {
        bool covers = false;
        const eb_shape *face = eb_shape_part_at(e->geos, faces, i);
        status = eb_shape_relate(e->geos, face, point, EB_REL_COVERS, &covers, err);
        if (covers) *found = face;
    }
    eb_shape_free(e->geos, point);
    if (status != EB_OK || *found) return status;
    eb_error_set(err, EB_REFUSED, "none of the %zu areas the lines enclose holds the place %s", e->faces, inside);
    eb_error_at(err, lon, lat);
    eb_error_hint(err, "the lines must cross or touch all around the place; a line that ends short leaves a gap");
    return EB_REFUSED;
}

static const eb_shape *largest(const enclosure *e, const eb_shape *faces)
{
    const eb_shape *best = NULL;
    double best_m2 = -1;
    for (size_t i = 0; i < e->faces; i++) {
        const eb_shape *face = eb_shape_part_at(e->geos, faces, i);
        const double area_m2 = eb_shape_area(e->geos, face);
        if (area_m2 <= best_m2) continue;
        best = face;
        best_m2 = area_m2;
    }
    return best;
}

static eb_status find_face(enclosure *e, const char *inside, eb_error *err)
{
    eb_shape *all = NULL, *faces = NULL;
    const eb_shape *found = NULL;
    eb_status status = eb_shape_union_all(e->geos, e->lines, e->count, &all, err);
    if (status == EB_OK) status = eb_shape_polygonize(e->geos, all, &faces, err);
    eb_shape_free(e->geos, all);
    if (status != EB_OK) return status;
    e->faces = eb_shape_part_count(e->geos, faces);
    if (e->faces == 0) {
        status = eb_error_set(err, EB_REFUSED, "the %zu lines enclose nothing", e->count);
        eb_error_hint(err, "they must cross or touch all around; a line that ends short leaves a gap");
    } else if (inside) {
        status = face_around(e, faces, inside, &found, err);
    } else {
        found = largest(e, faces);
    }
    if (status == EB_OK) status = eb_shape_copy(e->geos, found, &e->face, err);
    eb_shape_free(e->geos, faces);
    return status;
}

static void set_method(const enclosure *e, const eb_measure *measure, const eb_size *size, eb_table *table)
{
    const eb_area_account account = {.method = isfinite(size->official_m2) ? EB_AREA_OFFICIAL : EB_AREA_GEODESIC,
                                     .plane = eb_projector_plane(e->projector),
                                     .plane_columns = "area_m2",
                                     .chosen_m2 = eb_shape_area(e->geos, e->face),
                                     .official_m2 = size->official_m2,
                                     .geodesic_m2 = size->geodesic_m2};
    char line[1600];
    eb_measure_account(measure, &account, line, sizeof line);
    eb_table_set_method(table, "%s perimeter_m: geodesic.", line);
}

static eb_status make_table(const enclosure *e, const eb_measure *measure, const eb_size *size, double perimeter_m, bool chosen,
                            eb_table **out, eb_error *err)
{
    eb_table *table = eb_table_new("enclose", "Enclosed area");
    if (!table) return eb_error_memory(err);
    const double area_m2 = eb_shape_area(e->geos, e->face);
    const struct {
        const char *name, *unit;
        double value;
    } cells[] = {{"area_m2", "m2", area_m2},
                 {"official_m2", "m2", size->official_m2},
                 {"geodesic_m2", "m2", size->geodesic_m2},
                 {"area_km2", "km2", area_m2 / 1e6},
                 {"perimeter_m", "m", perimeter_m}};
    size_t row = eb_table_add_row(table);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (isnan(cells[i].value)) continue;
        size_t column = eb_table_add_column(
            table, &(eb_column){.name = cells[i].name, .type = EB_COLUMN_REAL, .unit = cells[i].unit, .decimals = i == 3 ? 4 : 2});
        eb_table_set_real(table, row, column, cells[i].value);
    }
    size_t column = eb_table_add_column(table, &(eb_column){.name = "faces", .type = EB_COLUMN_INTEGER});
    eb_table_set_integer(table, row, column, (int64_t)e->faces);
    set_method(e, measure, size, table);
    if (e->faces > 1)
        eb_table_add_note(table, "the lines enclose %zu areas; this is %s", e->faces,
                          chosen ? _("the one around the place given") : _("the largest"));
    *out = table;
    return EB_OK;
}

static eb_status add_table(const enclosure *e, const eb_workspace *space, bool chosen, double *perimeter_m, double *official_m2,
                           eb_error *err)
{
    eb_measure *measure = NULL;
    eb_table *table = NULL;
    uint8_t *data = NULL;
    size_t bytes = 0;
    const unsigned want = EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO;
    eb_size size;
    eb_status status = eb_shape_write(e->geos, e->face, &data, &bytes, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(e->projector, data, bytes, err);
    if (status == EB_OK) status = eb_measure_new(e->crs, 0, &measure, err);
    if (status == EB_OK) status = eb_measure_area(measure, (eb_wkb){data, bytes}, want, &size, err);
    if (status == EB_OK) *official_m2 = size.official_m2;
    if (status == EB_OK) status = eb_measure_length(measure, (eb_wkb){data, bytes}, perimeter_m, err);
    if (status == EB_OK) status = make_table(e, measure, &size, *perimeter_m, chosen, &table, err);
    if (status == EB_OK) status = space->add_table(space->self, table, err);
    eb_measure_free(measure);
    free(data);
    return status;
}

static eb_status write_face(const enclosure *e, eb_sink *sink, const eb_schema *schema, double perimeter_m, double official_m2,
                            eb_diagnosis *diagnosis, eb_error *err)
{
    bool there = false;
    eb_batch *batch = eb_batch_new(schema);
    eb_status status = batch ? eb_plane_add(e->geos, e->projector, batch, 1, e->face, diagnosis, &there, err) : eb_error_memory(err);
    bool good = !there || (eb_batch_set_real(batch, 0, eb_shape_area(e->geos, e->face)) && eb_batch_set_real(batch, 1, perimeter_m));
    if (there && isfinite(official_m2)) good = good && eb_batch_set_real(batch, 2, official_m2);
    if (!good) status = eb_error_memory(err);
    if (status == EB_OK) status = eb_sink_write(sink, batch, err);
    eb_batch_free(batch);
    return status;
}

static eb_status write_layer(const enclosure *e, const eb_workspace *space, double perimeter_m, double official_m2, eb_error *err)
{
    eb_sink *sink = NULL;
    eb_schema *schema = eb_schema_new("enclose", EB_SHAPE_POLYGON, e->crs);
    bool ok = schema && eb_schema_add_field(schema, "area_m2", EB_FIELD_REAL) == 0 &&
              eb_schema_add_field(schema, "perimeter_m", EB_FIELD_REAL) == 1 &&
              (isnan(official_m2) || eb_schema_add_field(schema, "official_m2", EB_FIELD_REAL) == 2);
    eb_status status = ok ? space->create(space->self, "", schema, &sink, err) : eb_error_memory(err);
    if (status == EB_OK && sink) {
        status = write_face(e, sink, schema, perimeter_m, official_m2, space->diagnosis, err);
        if (status == EB_OK)
            status = eb_sink_commit(sink, err);
        else
            eb_sink_abort(sink);
    }
    eb_schema_free(schema);
    return status;
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    enclosure e = {0};
    const char *inside = eb_args_has(args, "inside") ? eb_args_text(args, "inside") : NULL;
    const char *where = eb_args_has(args, "where") ? eb_args_text(args, "where") : NULL;
    double perimeter_m = 0, official_m2 = NAN;
    eb_status status = check_place(args, err);
    if (status == EB_OK) status = eb_geos_new(&e.geos, err);
    for (size_t i = 0; i < eb_args_count(args, "lines") && status == EB_OK; i++)
        status = read_layer(&e, space, eb_args_text_at(args, "lines", i), where, env, err);
    if (status == EB_OK) status = find_face(&e, inside, err);
    if (status == EB_OK) status = add_table(&e, space, inside != NULL, &perimeter_m, &official_m2, err);
    if (status == EB_OK) status = write_layer(&e, space, perimeter_m, official_m2, err);
    enclosure_clear(&e);
    return status;
}

const eb_analysis eb_analysis_enclose = {
    .name = "enclose",
    .summary = "the polygon that bounding lines enclose",
    .detail = "Nodes the lines of all layers where they cross, finds the areas they enclose and takes the one around --inside, else the\n"
              "largest. Lines may run on past the corners. Nothing is closed that the lines leave open.",
    .example = "ecobelt enclose layers/west_new_city_bounds.geojson -o west_new_city.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check = check_place,
    .run = run,
};
