/*
 * Areas of polygons and lengths of lines, by the values of fields: the registry row and the run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/area/run.h"
#include "analysis/empty.h"
#include "analysis/key_column.h"
#include "analysis/registry.h"
#include "base/text.h"
#include "base/translate.h"

static const eb_param params[] = {
    {.key = "layer",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_LINES | EB_TAKES_POLYGONS,
     .flags = EB_PARAM_POSITIONAL,
     .metavar = "LAYER",
     .help = "polygons, or lines, to measure"},
    {.key = "by",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "layer",
     .help = "a row for each value of these fields"},
    {.key = "where",
     .type = EB_PARAM_TEXT,
     .of = "layer",
     .metavar = "SQL",
     .help = "only the features that this OGR attribute filter lets through"},
    {.key = "method",
     .type = EB_PARAM_CHOICE,
     .choices = "auto|official|geodesic|planar",
     .def = "auto",
     .help = "how areas are measured; auto: official for CGCS2000, Xi'an 80 and for WGS84 in China"},
    {.key = "zone",
     .type = EB_PARAM_INTEGER,
     .metavar = "N",
     .min = 1,
     .max = 120,
     .help = "3-degree zone for official areas of data in degrees; default: each shape's own"},
    {.key = "round",
     .type = EB_PARAM_TEXT,
     .metavar = "UNIT:DECIMALS",
     .help = "column of rounded areas that add up, as in ha:2 (units m2, ha, mu, km2, wanmu)"},
    {.key = "control",
     .type = EB_PARAM_TEXT,
     .metavar = "VALUE",
     .help = "total that the rounded areas must meet, in the unit of --round or with its own"},
    {.key = "scale", .type = EB_PARAM_FLAG, .def = "false", .help = "scale the areas to the control before rounding"},
    {.key = "level",
     .type = EB_PARAM_CHOICE,
     .choices = "remainder|largest",
     .help = "who gets the last units of --round: the largest remainders (default), or the largest areas"},
    {.key = "inside",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .metavar = "LAYER",
     .help = "lines: only what lies inside these polygons, and the density there"},
    {.key = "per",
     .type = EB_PARAM_AREA,
     .metavar = "AREA",
     .min = 1e-6,
     .max = 1e15,
     .help = "lines: what the density is counted per, as in 8841.33km2"},
    {.key = "yes_planar", .type = EB_PARAM_FLAG, .def = "false", .help = "give planar areas even where they are grossly off"},
    {.key = "skip_validity", .type = EB_PARAM_FLAG, .def = "false", .help = "do not look whether polygons are valid"},
    {.key = "sheet",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_LIST,
     .metavar = "NUMBER",
     .help = "theoretical area of map sheets, as in H50G001001; no layer then"},
    {.key = "sheet_box",
     .type = EB_PARAM_REAL,
     .flags = EB_PARAM_LIST,
     .metavar = "W,S,E,N",
     .min = -360,
     .max = 360,
     .help = "the same for a box of degrees"},
    {.key = "datum", .type = EB_PARAM_CHOICE, .choices = "cgcs2000|xian80", .help = "ellipsoid of the sheets (default cgcs2000)"},
};

/* Columns that stand there with a parameter alone. */
static bool table_has(const eb_args *args, const char *name)
{
    static const char *const of_sheets[] = {"sheet", "scale", "west_deg", "south_deg", "east_deg", "north_deg"};
    for (size_t i = 0; i < sizeof of_sheets / sizeof *of_sheets; i++)
        if (strcmp(name, of_sheets[i]) == 0) return eb_args_has(args, "sheet");
    if (strcmp(name, "planar_m2") == 0) return strcmp(eb_args_text(args, "method"), "planar") == 0;
    if (strcmp(name, "rounded") == 0) return eb_args_has(args, "round");
    if (strcmp(name, "density_km_per_100km2") == 0 || strcmp(name, "reference_km2") == 0)
        return eb_args_has(args, "inside") || eb_args_has(args, "per");
    return true;
}

/* rounded_ha with --round ha:2. */
static bool layer_has(const eb_args *args, const char *name)
{
    static const char stem[] = "rounded_";
    const char *round = eb_args_text(args, "round"), *unit = name + sizeof stem - 1;
    if (strncmp(name, stem, sizeof stem - 1) != 0) return true;
    return round && strncmp(round, unit, strlen(unit)) == 0 && strcspn(round, ":") == strlen(unit);
}

static const eb_yield yields[] = {
    {.role = "",
     .layer = false,
     .columns =
         "sheet,scale,west_deg,south_deg,east_deg,north_deg,count,area_m2,official_m2,geodesic_m2,planar_m2,area_ha,area_mu,area_km2,"
         "length_m,length_km,density_km_per_100km2,reference_km2,rounded,share_pct",
     .texts = "sheet",
     .from = "by",
     .has = table_has},
    {.role = "",
     .layer = true,
     .columns = "area_m2,official_m2,geodesic_m2,zone,rounded_m2,rounded_ha,rounded_mu,rounded_km2,rounded_wanmu,length_m",
     .from = "layer",
     .has = layer_has,
     .like_input = true},
};

/* --- the run ----------------------------------------------------------------------------------------------------------------------- */

static bool is_line_kind(eb_shape_kind kind)
{
    return kind == EB_SHAPE_LINE || kind == EB_SHAPE_MULTILINE;
}

/* Requests that the kind of the layer makes senseless. */
static eb_status check_kind(const eb_area_run *run, eb_error *err)
{
    const eb_shape_kind kind = run->schema->kind;
    const bool points = kind == EB_SHAPE_POINT || kind == EB_SHAPE_MULTIPOINT;
    const bool polygons = kind == EB_SHAPE_POLYGON || kind == EB_SHAPE_MULTIPOLYGON;
    const unsigned shapes = points ? EB_TAKES_POINTS : is_line_kind(kind) ? EB_TAKES_LINES : polygons ? EB_TAKES_POLYGONS : 0;
    const char *key = NULL;
    const eb_status status = eb_area_check_layer(&run->ask, shapes, run->schema->crs, &key, err);
    if (status != EB_OK) eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
    return status;
}

static eb_status choose_method(eb_area_run *run, eb_error *err)
{
    double box[4], degrees[4];
    const eb_crs_info *info = eb_crs_info_get(run->schema->crs);
    eb_status status = eb_measure_new(run->schema->crs, run->ask.zone, &run->measure, err);
    if (status != EB_OK) return status;
    /* Only WGS84 has to be asked where it is: elsewhere the extent, which may cost a pass over the data, decides nothing. */
    bool known = false;
    if (run->ask.method != EB_AREA_OFFICIAL && info->datum == EB_DATUM_WGS84)
        known = eb_source_extent(run->source, box, NULL) == EB_OK && eb_crs_box_degrees(run->schema->crs, box, degrees, NULL) == EB_OK;
    run->method = eb_measure_resolve(run->measure, run->ask.method, known ? degrees : NULL);
    run->in_reach = eb_measure_resolve(run->measure, EB_AREA_AUTO, known ? degrees : NULL) == EB_AREA_OFFICIAL;
    run->want = EB_WANT_GEODESIC;
    if (run->method == EB_AREA_PLANAR) run->want |= EB_WANT_PLANAR;
    if (run->method != EB_AREA_OFFICIAL && run->ask.zone) {
        eb_error_set(err, EB_USAGE, "--zone is for official areas, and these data have none by themselves");
        eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
        eb_error_hint(err, "leave --zone out, or ask for them with --method official");
        return EB_USAGE;
    }
    if (run->method == EB_AREA_OFFICIAL) run->want |= EB_WANT_OFFICIAL;
    return EB_OK;
}

static bool add_field(eb_schema *schema, const char *name, eb_field_type type)
{
    return eb_key_column_add_figure(schema, name, type) >= 0;
}

/* The zone is a number of the projection: it is no zone of a plan, and is not headed as one. */
static bool add_zone(eb_schema *schema)
{
    const int field = eb_key_column_add_figure(schema, "zone", EB_FIELD_INTEGER);
    if (field < 0) return false;
    schema->fields[field].alias = eb_text_dup(N_("Gauss-Krüger zone"));
    return schema->fields[field].alias != NULL;
}

/* Columns of the layer that is written: those of the source, then the figures. */
static eb_status make_out_schema(eb_area_run *run, eb_error *err)
{
    const bool lines = is_line_kind(run->schema->kind);
    const bool either = run->schema->kind != EB_SHAPE_POLYGON && run->schema->kind != EB_SHAPE_MULTIPOLYGON;
    char rounded[32];
    run->out_schema = eb_schema_copy(run->schema);
    bool good = run->out_schema != NULL;
    if (!lines) {
        const bool official = run->method == EB_AREA_OFFICIAL;
        good = good && add_field(run->out_schema, "area_m2", EB_FIELD_REAL);
        good = good && (!official || add_field(run->out_schema, "official_m2", EB_FIELD_REAL));
        good = good && add_field(run->out_schema, "geodesic_m2", EB_FIELD_REAL);
        good = good && (!official || add_zone(run->out_schema));
        snprintf(rounded, sizeof rounded, "rounded_%s", eb_area_unit_name(run->ask.unit));
        good = good && (!run->ask.round || add_field(run->out_schema, rounded, EB_FIELD_REAL));
    }
    if (either) good = good && add_field(run->out_schema, "length_m", EB_FIELD_REAL);
    return good ? EB_OK : eb_error_memory(err);
}

/* Open the layer with all its fields, for the layer to be written; where nobody wants that, again with those of --by only. */
static eb_status open_layer(eb_area_run *run, eb_error *err)
{
    eb_read_options options = {.where = run->ask.where, .sift = true};
    eb_status status = run->space->open(run->space->self, run->ask.layer, &options, &run->source, err);
    if (status != EB_OK) return status;
    run->schema = eb_source_schema(run->source);
    status = check_kind(run, err);
    if (status == EB_OK) status = choose_method(run, err);
    if (status == EB_OK) status = make_out_schema(run, err);
    if (status == EB_OK) status = run->space->create(run->space->self, "", run->out_schema, &run->sink, err);
    if (status != EB_OK) return status;
    if (run->sink) {
        if (run->ask.round) run->pass = EB_AREA_FIRST_PASS;
        run->out = eb_batch_new(run->out_schema);
        return run->out ? EB_OK : eb_error_memory(err);
    }
    if (run->schema->field_count <= run->ask.by_count) return EB_OK;
    eb_source_free(run->source);
    run->source = NULL;
    options.fields = (const char *const *)run->ask.by;
    status = run->space->open(run->space->self, run->ask.layer, &options, &run->source, err);
    if (status == EB_OK) run->schema = eb_source_schema(run->source);
    return status;
}

static eb_status prepare(eb_area_run *run, eb_error *err)
{
    eb_status status = open_layer(run, err);
    if (status == EB_OK) status = eb_area_groups_new(run->schema, run->ask.by, &run->groups, err);
    if (status == EB_OK && run->ask.inside)
        status = eb_area_inside_read(run->space, run->env, run->ask.inside, run->schema, run->ask.method, &run->inside, err);
    return status;
}

/* Features of which none can be measured are no table of zeros: say why. No features are nothing, and that is measured. */
static eb_status check_result(const eb_area_run *run, eb_error *err)
{
    if (run->measured > 0) return EB_OK;
    if (run->read == 0)
        eb_empty_record(run->space->diagnosis, run->schema, run->ask.where, eb_empty_read(run->space->diagnosis, run->schema));
    if (run->read == 0) return EB_OK;
    if (run->rejected > 0) {
        if (err) *err = run->first_failure;
        return run->first_failure.code;
    }
    eb_error_set(err, EB_INPUT, "no feature has a geometry to measure");
    eb_error_where(err, run->schema->file, run->schema->name, EB_NO_FID);
    eb_error_hint(err, "ecobelt info shows what is in it");
    return EB_INPUT;
}

/* All is measured and the rows are rounded: level the features to them, and read the layer again to write it. */
static eb_status write_rounded(eb_area_run *run, eb_error *err)
{
    if (!run->rounded.of_group) run->rounded.count = 0; /* lines among polygons: nothing was rounded */
    eb_status status =
        run->rounded.of_group ? eb_area_rounded_level(&run->rounded, &run->ask, eb_area_groups_count(run->groups), err) : EB_OK;
    if (status == EB_OK) status = eb_source_rewind(run->source, err);
    run->pass = EB_AREA_SECOND_PASS;
    run->ask.validity = false; /* looked at and on record */
    run->read = 0;
    return status == EB_OK ? eb_area_measure_all(run, err) : status;
}

static eb_status finish(eb_area_run *run, eb_error *err)
{
    eb_status status = check_result(run, err);
    eb_source_report(run->source, run->space->diagnosis);
    if (status == EB_OK) status = eb_area_table(run, err);
    if (status == EB_OK && run->pass == EB_AREA_FIRST_PASS) status = write_rounded(run, err);
    if (status == EB_OK && run->sink) {
        status = eb_sink_commit(run->sink, err);
        run->sink = NULL;
        if (status == EB_OK) eb_diagnosis_count(run->space->diagnosis, run->schema->name, 0, run->read);
    }
    return status == EB_OK && run->rejected + run->no_official > 0 ? EB_FINDINGS : status;
}

static eb_status run_layer(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_area_run run = {.space = space, .env = env};
    eb_status status = eb_area_take_request(args, &run.ask, err);
    if (status == EB_OK) status = eb_area_check_together(args, &run.ask, err);
    if (status == EB_OK) status = prepare(&run, err);
    if (status == EB_OK) status = eb_area_measure_all(&run, err);
    if (status == EB_OK) status = finish(&run, err);
    eb_sink_abort(run.sink);
    eb_area_rounded_clear(&run.rounded);
    eb_area_inside_free(run.inside);
    eb_area_groups_free(run.groups);
    eb_measure_free(run.measure);
    eb_batch_free(run.out);
    eb_schema_free(run.out_schema);
    eb_source_free(run.source);
    free(run.ask.by);
    return status;
}

/* Sheets have only what the circular says of them: whatever is about layers has no place beside them. */
static eb_status refuse_beside_sheets(const eb_args *args, eb_error *err)
{
    static const char *const values[] = {"by", "where", "zone", "round", "control", "level", "inside", "per"};
    static const char *const flags[] = {"scale", "yes_planar", "skip_validity"};
    const char *found = strcmp(eb_args_text(args, "method"), "auto") != 0 ? "method" : NULL;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (eb_args_has(args, values[i])) found = values[i];
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (eb_args_flag(args, flags[i])) found = flags[i];
    if (!found) return EB_OK;
    char option[32];
    eb_error_set(err, EB_USAGE, "--%s is for layers, not for map sheets",
                 eb_param_option(eb_params_find(params, sizeof params / sizeof *params, found), option, sizeof option));
    eb_error_hint(err, "beside --sheet and --sheet-box there is only --datum");
    return EB_USAGE;
}

/* Is it a question about a layer, or about map sheets? */
static eb_status choose_kind(const eb_args *args, bool *sheets, eb_error *err)
{
    const bool layer = eb_args_has(args, "layer");
    *sheets = eb_args_count(args, "sheet") + eb_args_count(args, "sheet_box") > 0;
    if (*sheets != layer) return *sheets ? refuse_beside_sheets(args, err) : EB_OK;
    eb_error_set(err, EB_USAGE, layer ? "a layer and map sheets are two questions" : "area needs a layer");
    eb_error_hint(err, "give ecobelt area LAYER, or ecobelt area --sheet NUMBER");
    return EB_USAGE;
}

static eb_status check_area(const eb_args *args, eb_error *err)
{
    eb_area_request ask = {0};
    bool sheets = false;
    eb_status status = choose_kind(args, &sheets, err);
    if (status != EB_OK || sheets) return status == EB_OK ? eb_area_sheets_check(args, err) : status;
    status = eb_area_take_request(args, &ask, err);
    if (status == EB_OK) status = eb_area_check_together(args, &ask, err);
    free(ask.by);
    return status;
}

static eb_status check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    eb_area_request ask = {0};
    if (!eb_args_has(args, "layer")) return EB_OK;
    eb_status status = eb_area_take_request(args, &ask, err);
    if (status == EB_OK)
        status = eb_area_check_layer(&ask, look->shapes(look->self, ask.layer), look->crs(look->self, ask.layer), key, err);
    if (status == EB_OK) status = eb_area_check_zone(&ask, look, key, err);
    free(ask.by);
    return status;
}

static eb_status run_area(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    bool sheets = false;
    eb_status status = choose_kind(args, &sheets, err);
    if (status != EB_OK) return status;
    return sheets ? eb_area_sheets(args, space, err) : run_layer(args, space, env, err);
}

const eb_analysis eb_analysis_area = {
    .name = "area",
    .summary = "Areas of polygons (official, geodesic or planar), lengths of lines, by the values of fields",
    .detail = "Official: trapezoids on the ellipsoid by circular 2008 No. 32 of the land survey, with points every 70 m and its\n"
              "roundings, each shape to 0.01 m2. Geodesic: edges are geodesics, as QGIS shows with an ellipsoid set. area_m2 is by the\n"
              "method chosen; geodesic_m2 always stands beside it, official_m2 where that is the method, and the method line says how\n"
              "all was made, with official minus geodesic as a check. A hectare is 10,000 m2, a mu 2000/3 m2. Shares add up to 100.\n"
              "--round adds a column whose sum is the rounded total, or --control.\n"
              "Lines: geodesic lengths; with --inside or --per also kilometres a hundred square kilometres.\n"
              "Polygons that cross themselves are measured as they are, and listed: repair them with ecobelt convert.",
    .example = "ecobelt area layers/park.geojson --by name --round ha:2",
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .yields = yields,
    .yield_count = sizeof yields / sizeof *yields,
    .check = check_area,
    .check_layers = check_layers,
    .run = run_area,
};
