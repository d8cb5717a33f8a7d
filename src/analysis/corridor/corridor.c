/*
 * Corridors along lines: the registry row, the request and the run.
 */
#include "analysis/corridor/run.h"
#include "analysis/registry.h"
#include "base/translate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "lines",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_LINES | EB_TAKES_POLYGONS,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,
     .metavar = "LINES",
     .help = "lines to run along"},
    {.key = "width_m",
     .option = "width",
     .letter = 'w',
     .type = EB_PARAM_REAL,
     .flags = EB_PARAM_LIST,
     .metavar = "M[,M...]",
     .min = 0.01,
     .max = 3e6,
     .help = "widths in metres, from the line to the edge; verified up to 3000 km"},
    {.key = "by",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "lines",
     .help = "one corridor a value of these fields"},
    {.key = "where",
     .type = EB_PARAM_TEXT,
     .of = "lines",
     .metavar = "SQL",
     .help = "only the lines that this OGR attribute filter lets through"},
    {.key = "side",
     .type = EB_PARAM_CHOICE,
     .choices = "both|left|right|outward|inward|grown|core",
     .def = "both",
     .help = "lines: side as seen in the drawn direction; polygons: belt outside or inside, polygon with or without it"},
    {.key = "cap",
     .type = EB_PARAM_CHOICE,
     .choices = "round|flat",
     .def = "round",
     .help = "ends of lines; where lines of a group meet there is none"},
    {.key = "rings", .type = EB_PARAM_FLAG, .def = "false", .help = "rings between one width and the next, instead of nested corridors"},
    {.key = "dissolve", .type = EB_PARAM_FLAG, .def = "false", .help = "the layer holds all groups dissolved, not one feature a group"},
    {.key = "clip", .type = EB_PARAM_LAYER, .shapes = EB_TAKES_POLYGONS, .metavar = "LAYER", .help = "polygons to stay inside"},
    {.key = "erase", .type = EB_PARAM_LAYER, .shapes = EB_TAKES_POLYGONS, .metavar = "LAYER", .help = "polygons to leave out"},
    {.key = "tolerance_m",
     .option = "tolerance",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "0.5",
     .min = 0.001,
     .max = 1e5,
     .help = "how far the edge may be from the width, in metres"},
    {.key = "once_m",
     .option = "once",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .min = 0,
     .max = 1e6,
     .help = "lengths: arcs that run within M metres of longer ones count once (0: only arcs that coincide)"},
    {.key = "solve_area",
     .type = EB_PARAM_AREA,
     .metavar = "AREA",
     .help = "find the width that gives this area (1000km2), dissolved and clipped"},
    {.key = "weight",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .metavar = "LAYER",
     .help = "polygons that count something, shared out by area (a census)"},
    {.key = "weight_field", .type = EB_PARAM_FIELD, .metavar = "FIELD", .of = "weight", .help = "the field with what they count"},
    {.key = "method", .type = EB_PARAM_CHOICE, .choices = "auto|official|geodesic|planar", .def = "auto", .help = "how areas are measured"},
};

static bool table_has(const eb_args *args, const char *name)
{
    if (strcmp(name, "scope") == 0) return eb_args_count(args, "by") > 0;
    if (strcmp(name, "inner_m") == 0) return eb_args_flag(args, "rings");
    if (strcmp(name, "share_of_clip_pct") == 0) return eb_args_has(args, "clip");
    return strncmp(name, "weight", strlen("weight")) != 0 || eb_args_has(args, "weight");
}

/* One feature a group has the group's values. */
static bool layer_has(const eb_args *args, const char *name)
{
    if (strcmp(name, "by") == 0) return !eb_args_flag(args, "dissolve");
    return strcmp(name, "inner_m") != 0 || eb_args_flag(args, "rings");
}

static const eb_yield yields[] = {
    {.role = "",
     .layer = false,
     .columns = "scope,inner_m,width_m,length_m,gross_m2,dissolved_m2,clipped_m2,share_of_clip_pct,weight,weight_share_pct,tolerance_m,"
                "audited_error_m",
     .texts = "scope",
     .from = "by",
     .has = table_has},
    {.role = "",
     .layer = true,
     .shapes = EB_TAKES_POLYGONS,
     .columns = "inner_m,width_m,area_m2,tolerance_m,audited_error_m",
     .from = "by",
     .has = layer_has},
    {.role = "dissolved",
     .word = N_("dissolved"),
     .layer = true,
     .shapes = EB_TAKES_POLYGONS,
     .columns = "inner_m,width_m,area_m2,tolerance_m,audited_error_m",
     .has = layer_has},
};

/* --- the request ------------------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static eb_status take_lists(const eb_args *args, eb_corridor_request *ask, eb_error *err)
{
    size_t widths = eb_args_count(args, "width_m"), fields = eb_args_count(args, "by");
    ask->widths_m = calloc(widths + 2, sizeof *ask->widths_m);
    ask->by = calloc(fields + 1, sizeof *ask->by);
    if (!ask->widths_m || !ask->by) return eb_error_memory(err);
    for (size_t i = 0; i < fields; i++) ask->by[i] = eb_args_text_at(args, "by", i);
    for (size_t i = 0; i < widths; i++) ask->widths_m[i] = eb_args_real_at(args, "width_m", i);
    qsort(ask->widths_m, widths, sizeof *ask->widths_m, ascending);
    for (size_t i = 0; i < widths; i++) {
        if (i == 0 || ask->widths_m[i] > ask->widths_m[i - 1]) ask->widths_m[ask->width_count++] = ask->widths_m[i];
    }
    if (widths > 0 || isfinite(ask->solve_m2)) return EB_OK;
    eb_error_set(err, EB_USAGE, "a corridor needs a width");
    eb_error_hint(err, "give --width M, or several: --width 2000,3000; or an area that the width shall give: --solve-area 1000km2");
    return EB_USAGE;
}

static eb_corridor_part part_of(const char *side)
{
    static const char *const names[] = {
        [EB_CORRIDOR_BOTH] = "both",     [EB_CORRIDOR_LEFT] = "left",   [EB_CORRIDOR_RIGHT] = "right", [EB_CORRIDOR_OUTWARD] = "outward",
        [EB_CORRIDOR_INWARD] = "inward", [EB_CORRIDOR_GROWN] = "grown", [EB_CORRIDOR_CORE] = "core"};
    size_t i = 0;
    while (i + 1 < sizeof names / sizeof names[0] && strcmp(names[i], side) != 0) i++;
    return (eb_corridor_part)i;
}

static eb_status take_request(const eb_args *args, eb_corridor_request *ask, eb_error *err)
{
    *ask = (eb_corridor_request){.lines = eb_args_text(args, "lines"),
                                 .where = eb_args_text(args, "where"),
                                 .clip = eb_args_text(args, "clip"),
                                 .erase = eb_args_text(args, "erase"),
                                 .tolerance_m = eb_args_real(args, "tolerance_m"),
                                 .solve_m2 = eb_args_real(args, "solve_area"),
                                 .once_m = eb_args_real(args, "once_m"),
                                 .weight = eb_args_text(args, "weight"),
                                 .weight_field = eb_args_text(args, "weight_field"),
                                 .rings = eb_args_flag(args, "rings"),
                                 .dissolve = eb_args_flag(args, "dissolve")};
    ask->part = part_of(eb_args_text(args, "side"));
    ask->cap = strcmp(eb_args_text(args, "cap"), "flat") == 0 ? EB_CAP_FLAT : EB_CAP_ROUND;
    const char *method = eb_args_text(args, "method");
    if (strcmp(method, "auto") != 0) {
        eb_status status = eb_area_method_parse(method, &ask->method, err);
        if (status != EB_OK) return status;
    }
    if (!ask->weight != !ask->weight_field)
        return eb_error_set(err, EB_USAGE, "--weight and --weight-field go together: the polygons, and the field with what they count");
    if (ask->solve_m2 <= 0) return eb_error_set(err, EB_USAGE, "an area to solve for must be larger than nothing");
    if (ask->rings && (ask->part == EB_CORRIDOR_GROWN || ask->part == EB_CORRIDOR_CORE))
        return eb_error_set(err, EB_USAGE, "--rings are belts; --side %s gives whole polygons", eb_args_text(args, "side"));
    return take_lists(args, ask, err);
}

static void request_clear(eb_corridor_request *ask)
{
    free(ask->widths_m);
    free((void *)ask->by);
}

static eb_status check_corridor(const eb_args *args, eb_error *err)
{
    eb_corridor_request ask;
    eb_status status = take_request(args, &ask, err);
    request_clear(&ask);
    return status;
}

/* Left and right are sides of lines, outward and inward of polygons. */
static eb_status check_shapes(const eb_args *args, unsigned shapes, eb_error *err)
{
    const eb_corridor_part part = part_of(eb_args_text(args, "side"));
    const bool polygons = shapes == EB_TAKES_POLYGONS, of_lines = part == EB_CORRIDOR_LEFT || part == EB_CORRIDOR_RIGHT;
    if (polygons && strcmp(eb_args_text(args, "cap"), "flat") == 0)
        return eb_error_set(err, EB_USAGE, "--cap flat is for lines: the boundaries of polygons have no ends");
    if (part == EB_CORRIDOR_BOTH || of_lines != polygons) return EB_OK;
    eb_error_set(err, EB_USAGE, "%s holds %s, which have no side \"%s\"", eb_args_text(args, "lines"),
                 polygons ? _("polygons") : _("lines"), eb_args_text(args, "side"));
    eb_error_hint(err, "lines: both, left, right; polygons: both, outward, inward, grown, core");
    return EB_USAGE;
}

static eb_status check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err)
{
    const unsigned shapes = look->shapes(look->self, eb_args_text(args, "lines"));
    const char *weight = eb_args_text(args, "weight"), *field = eb_args_text(args, "weight_field");
    eb_field_type type;
    eb_status status = shapes ? check_shapes(args, shapes, err) : EB_OK;
    if (status != EB_OK || !weight || !field || !look->field(look->self, weight, field, &type)) return status;
    *key = "weight_field";
    return eb_corridor_check_weight(weight, field, type, err);
}

/* --- the run ----------------------------------------------------------------------------------------------------------------------- */

static eb_status read_lines(eb_corridor_run *run, eb_error *err)
{
    eb_read_options options = {.where = run->ask.where, .fields = (const char *const *)run->ask.by};
    eb_source *source = NULL;
    eb_status status = run->space->open(run->space->self, run->ask.lines, &options, &source, err);
    if (status == EB_OK) status = eb_corridor_lines_read(source, run->ask.by, run->space->diagnosis, run->env, &run->lines, err);
    eb_source_free(source);
    return status;
}

/*
 * The official formula holds near the central meridian of a zone, for each shape in its own: where the corridor of all lines would reach
 * farther than six degrees (it may lie aslant of the zone by half of one) only geodesic areas are left.
 */
static bool fits_a_zone(const eb_corridor_run *run)
{
    const double *box = run->lines.box_deg, most_deg = 6;
    double widest = run->ask.width_count ? run->ask.widths_m[run->ask.width_count - 1] : 0;
    double farthest = fmin(fmax(fabs(box[1]), fabs(box[3])), 89) * 0.017453292519943295;
    return box[2] - box[0] + 2 * widest / (111000 * cos(farthest)) <= most_deg;
}

static eb_status prepare_measure(eb_corridor_run *run, eb_error *err)
{
    eb_status status = eb_measure_new(run->lines.crs, 0, &run->measure, err);
    if (status != EB_OK) return status;
    run->method = eb_measure_resolve(run->measure, run->ask.method, run->lines.box_deg);
    run->too_wide = run->ask.method == EB_AREA_AUTO && run->method == EB_AREA_OFFICIAL && !fits_a_zone(run);
    if (run->too_wide) run->method = EB_AREA_GEODESIC;
    run->in_reach = eb_measure_resolve(run->measure, EB_AREA_AUTO, run->lines.box_deg) == EB_AREA_OFFICIAL;
    return EB_OK;
}

/* A clip layer may reach farther than the lines. */
static eb_status measure_clip(eb_corridor_run *run, eb_error *err)
{
    eb_status status = eb_corridor_area(run, run->clip, &run->clip_m2, err);
    if (status != EB_REFUSED || run->ask.method != EB_AREA_AUTO || run->method != EB_AREA_OFFICIAL) return status;
    run->too_wide = true;
    run->method = EB_AREA_GEODESIC;
    if (err) *err = (eb_error){0};
    return eb_corridor_area(run, run->clip, &run->clip_m2, err);
}

static eb_status prepare(eb_corridor_run *run, const eb_args *args, eb_error *err)
{
    eb_status status = eb_geos_new(&run->geos, err);
    if (status == EB_OK) status = read_lines(run, err);
    if (status == EB_OK) status = check_shapes(args, run->lines.polygons ? EB_TAKES_POLYGONS : EB_TAKES_LINES, err);
    if (status == EB_OK) status = prepare_measure(run, err);
    if (status == EB_OK && run->ask.clip) status = eb_corridor_mask_read(run, run->ask.clip, &run->clip, err);
    if (status == EB_OK && run->clip) status = measure_clip(run, err);
    if (status == EB_OK && run->ask.erase) status = eb_corridor_mask_read(run, run->ask.erase, &run->erase, err);
    if (status == EB_OK && run->ask.weight)
        status = eb_corridor_counts_read(run, run->ask.weight, run->ask.weight_field, &run->counts, err);
    if (status != EB_OK) return status;
    run->auditors = calloc(run->lines.group_count + 1, sizeof(eb_corridor_auditor *));
    if (!run->auditors) return eb_error_memory(err);
    return eb_corridor_lengths(run, err);
}

/* Put the width that gives the area among the others. */
static eb_status solve(eb_corridor_run *run, eb_error *err)
{
    double width = 0, *widths = run->ask.widths_m;
    if (isnan(run->ask.solve_m2)) return EB_OK;
    eb_status status = eb_corridor_solve(run, &width, err);
    run->solved_m = width;
    size_t at = run->ask.width_count;
    while (at > 0 && widths[at - 1] > width) at--;
    if (status != EB_OK || (at > 0 && widths[at - 1] == width)) return status;
    memmove(widths + at + 1, widths + at, (run->ask.width_count - at) * sizeof *widths);
    widths[at] = width;
    run->ask.width_count++;
    return EB_OK;
}

static eb_status make_widths(eb_corridor_run *run, eb_corridor_result *result, eb_error *err)
{
    eb_corridor_level last = {0}, level = {0};
    eb_status status = EB_OK;
    double widths = (double)run->ask.width_count;
    for (size_t i = 0; status == EB_OK && i < run->ask.width_count; i++) {
        eb_corridor_stage stage;
        eb_corridor_stage_top(run, "corridors", (double)i / widths, (double)(i + 1) / widths, &stage);
        status = eb_corridor_level_make(run, run->ask.widths_m[i], &level, err);
        eb_corridor_stage_leave(run, &stage);
        if (status == EB_OK) status = eb_corridor_result_add(result, &level, run->ask.rings && i > 0 ? &last : NULL, err);
        eb_corridor_level_clear(run, &last);
        last = level;
        level = (eb_corridor_level){0};
    }
    eb_corridor_level_clear(run, &last);
    return status;
}

static void run_clear(eb_corridor_run *run)
{
    for (size_t g = 0; run->auditors && g <= run->lines.group_count; g++) eb_corridor_auditor_free(run->auditors[g]);
    free(run->auditors);
    free(run->lengths_m);
    eb_measure_free(run->measure);
    if (run->geos) {
        eb_corridor_counts_clear(run);
        eb_shape_free(run->geos, run->clip);
        eb_shape_free(run->geos, run->erase);
    }
    eb_geos_free(run->geos);
    eb_corridor_lines_clear(&run->lines);
    request_clear(&run->ask);
}

static eb_status run_corridor(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_corridor_run run = {.space = space, .env = env, .clip_m2 = NAN};
    eb_corridor_result *result = NULL;
    eb_status status = take_request(args, &run.ask, err);
    if (status == EB_OK) status = prepare(&run, args, err);
    if (status == EB_OK) status = solve(&run, err);
    if (status == EB_OK) status = eb_corridor_result_new(&run, &result, err);
    if (status == EB_OK) status = make_widths(&run, result, err);
    if (status == EB_OK) {
        status = eb_corridor_result_finish(result, err);
        result = NULL;
    }
    eb_corridor_result_free(result);
    run_clear(&run);
    return status;
}

const eb_analysis eb_analysis_corridor = {
    .name = "corridor",
    .summary = "corridors along lines, in true metres, audited",
    .detail =
        "All places whose geodesic distance from a line is at most the width. The finished edge is within --tolerance of the width\n"
        "everywhere, however far the lines reach; every vertex and the middle of every edge is measured afterwards, by other means than\n"
        "it was made with, and the largest deviation is in audited_error_m. Where it exceeds the tolerance the run fails. Of one side and\n"
        "of flat ends the distance is measured so; which side a place is on is asked of what made them, too.\n"
        "Lines are straight between their vertices in the coordinates of their layer. Areas are measured as `ecobelt area` does.",
    .example =
        "ecobelt corridor layers/rivers.geojson --width 2000,3000 --by name --clip layers/counties.geojson --tolerance 0.1 -o belt.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .yields = yields,
    .yield_count = sizeof yields / sizeof yields[0],
    .check = check_corridor,
    .check_layers = check_layers,
    .run = run_corridor,
};
