/* ecobelt check LAYER... */
#include "analysis/quality/check.h"
#include "base/text.h"
#include "base/translate.h"
#include "cli/out.h"
#include "plan/model.h"
#include "report/xlsx.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "layers",
     .type = EB_PARAM_LAYER,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED | EB_PARAM_LIST,
     .metavar = "LAYER",
     .help = "layers to look at, or a plan (.yaml): its text, and all its layers"},
    {.key = "report",
     .type = EB_PARAM_FILE,
     .metavar = "FILE",
     .help = "write every finding: .csv or .xlsx a table, .geojson or .gpkg places and pieces"},
    {.key = "coverage", .type = EB_PARAM_FLAG, .def = "false", .help = "polygons are meant to tile: look for overlaps and gaps"},
    {.key = "lines", .type = EB_PARAM_FLAG, .def = "false", .help = "lines are meant to bound areas: look for loose ends and crossings"},
    {.key = "region", .type = EB_PARAM_LAYER, .metavar = "LAYER", .help = "polygons that everything should lie in"},
    {.key = "against",
     .type = EB_PARAM_LAYER,
     .metavar = "LAYER",
     .help = "trusted outlines (counties) to find out whether the layer is in a web-map frame"},
    {.key = "area_field", .type = EB_PARAM_FIELD, .metavar = "FIELD", .of = "layers", .help = "compare this field with the measured areas"},
    {.key = "required",
     .type = EB_PARAM_FIELD,
     .flags = EB_PARAM_LIST,
     .metavar = "FIELD",
     .of = "layers",
     .help = "fields that may not be null (all)"},
    {.key = "sliver_width_m",
     .option = "sliver-width",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "0.5",
     .min = 0,
     .max = 1000,
     .help = "polygons narrower than this on average are slivers, in metres"},
    {.key = "where", .type = EB_PARAM_TEXT, .metavar = "SQL", .help = "only the features that this OGR attribute filter lets through"},
    {.key = "from_crs", .type = EB_PARAM_TEXT, .metavar = "CRS", .help = "what the coordinates are, whatever the file says"},
    {.key = "encoding", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "character set of the text"},
    {.key = "allow_partial", .type = EB_PARAM_FLAG, .def = "false", .help = "look at what can be read of a damaged file"},
};

enum { SHOWN = 20 };

/* --- as a table and as a layer ---------------------------------------------------------------------------------------------------------
 */

static eb_table *to_table(const eb_findings *findings)
{
    static const eb_column columns[] = {
        {"severity", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},     {"finding", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
        {"layer", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},        {"fid", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN},
        {"other_fid", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN}, {"x", EB_COLUMN_REAL, NULL, -1, EB_ROLE_PLAIN},
        {"y", EB_COLUMN_REAL, NULL, -1, EB_ROLE_PLAIN},           {"area_m2", EB_COLUMN_REAL, "m2", 2, EB_ROLE_PLAIN},
        {"message", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},      {"remedy", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN}};
    eb_table *table = eb_table_new("findings", "Findings");
    if (!table) return NULL;
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) eb_table_add_column(table, &columns[c]);
    for (size_t i = 0; i < findings->count; i++) {
        const eb_finding *f = &findings->list[i];
        size_t row = eb_table_add_row(table);
        eb_table_set_text(table, row, 0, eb_finding_severity(f->kind));
        eb_table_set_text(table, row, 1, eb_finding_kind_name(f->kind));
        eb_table_set_text(table, row, 2, f->layer);
        if (f->fid != EB_NO_FID) eb_table_set_integer(table, row, 3, f->fid);
        if (f->other_fid != EB_NO_FID) eb_table_set_integer(table, row, 4, f->other_fid);
        if (!isnan(f->x)) eb_table_set_real(table, row, 5, f->x);
        if (!isnan(f->y)) eb_table_set_real(table, row, 6, f->y);
        if (!isnan(f->area_m2)) eb_table_set_real(table, row, 7, f->area_m2);
        eb_table_set_text(table, row, 8, f->message);
        eb_table_set_text(table, row, 9, eb_finding_remedy(f->kind));
    }
    if (eb_table_status(table) == EB_OK) return table;
    eb_table_free(table);
    return NULL;
}

static eb_wkb finding_shape(const eb_finding *f, uint8_t point[21])
{
    static const uint8_t head[5] = {1, 1, 0, 0, 0};
    if (f->shape) return (eb_wkb){f->shape, f->shape_size};
    if (isnan(f->x) || isnan(f->y)) return (eb_wkb){NULL, 0};
    memcpy(point, head, sizeof head);
    memcpy(point + 5, &f->x, 8);
    memcpy(point + 13, &f->y, 8);
    return (eb_wkb){point, 21};
}

static bool add_feature(eb_batch *batch, const eb_finding *f, int64_t fid)
{
    uint8_t point[21];
    bool fine = eb_batch_add(batch, fid, finding_shape(f, point)) && eb_batch_set_text(batch, 0, eb_finding_severity(f->kind)) &&
                eb_batch_set_text(batch, 1, eb_finding_kind_name(f->kind)) && eb_batch_set_text(batch, 2, f->layer) &&
                eb_batch_set_text(batch, 6, f->message) && eb_batch_set_text(batch, 7, eb_finding_remedy(f->kind));
    if (fine && f->fid != EB_NO_FID) fine = eb_batch_set_integer(batch, 3, f->fid);
    if (fine && f->other_fid != EB_NO_FID) fine = eb_batch_set_integer(batch, 4, f->other_fid);
    if (fine && !isnan(f->area_m2)) fine = eb_batch_set_real(batch, 5, f->area_m2);
    return fine;
}

/* Places and pieces in the CRS of the layers, which must be one. */
static eb_status write_layer(const eb_cli *cli, const eb_findings *findings, const eb_crs *crs, const char *file, eb_error *err)
{
    static const char *const names[] = {"severity", "finding", "layer", "fid", "other_fid", "area_m2", "message", "remedy"};
    static const eb_field_type types[] = {EB_FIELD_TEXT,    EB_FIELD_TEXT, EB_FIELD_TEXT, EB_FIELD_INTEGER,
                                          EB_FIELD_INTEGER, EB_FIELD_REAL, EB_FIELD_TEXT, EB_FIELD_TEXT};
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    eb_write_options options = {.overwrite = cli->overwrite, .decimals = -1, .diagnosis = diagnosis};
    eb_schema *schema = eb_schema_new("findings", EB_SHAPE_UNKNOWN, crs);
    eb_layer *layer = NULL;
    eb_sink *sink = NULL;
    bool fine = schema != NULL;
    for (size_t f = 0; fine && f < sizeof names / sizeof *names; f++) {
        fine = eb_schema_add_field(schema, strcmp(names[f], "fid") == 0 ? "feature" : names[f], types[f]) >= 0;
    }
    if (fine) layer = eb_layer_new(schema);
    for (size_t i = 0; layer && fine && i < findings->count; i++) {
        eb_batch *tail = eb_layer_tail(layer);
        fine = tail && add_feature(tail, &findings->list[i], (int64_t)i + 1);
    }
    eb_status status = fine && layer ? eb_sink_create(file, schema, &options, &sink, err) : eb_error_memory(err);
    for (size_t b = 0; !status && b < eb_layer_batch_count(layer); b++) status = eb_sink_write(sink, eb_layer_batch_at(layer, b), err);
    if (!status) {
        status = eb_sink_commit(sink, err);
        sink = NULL;
    }
    eb_sink_abort(sink);
    if (!status && diagnosis) eb_cli_diagnosis(cli, diagnosis);
    eb_diagnosis_free(diagnosis);
    eb_layer_free(layer);
    eb_schema_free(schema);
    return status;
}

/* --- for people ------------------------------------------------------------------------------------------------------------------------
 */

static eb_status print_finding(const eb_finding *f, eb_error *err)
{
    eb_string line = {0};
    const bool note = f->kind == EB_FIND_NOTE; /* its severity and its kind are one word */
    eb_string_addf(&line, "%s%s%s: %s", eb_translate(eb_finding_severity(f->kind)), note ? "" : " ",
                   note ? "" : eb_finding_kind_name(f->kind), f->layer);
    if (f->fid != EB_NO_FID) eb_string_addf(&line, _(" feature %" PRId64), f->fid);
    if (f->other_fid != EB_NO_FID) eb_string_addf(&line, _(" and %" PRId64), f->other_fid);
    if (!isnan(f->x)) eb_string_addf(&line, _(" at %.9g %.9g"), f->x, f->y);
    eb_string_addf(&line, ": %s\n", f->message);
    eb_status status = line.failed ? eb_error_memory(err) : eb_cli_print(eb_string_get(&line), err);
    eb_string_clear(&line);
    return status;
}

static eb_status print_kind(const eb_findings *findings, size_t from, size_t to, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = from; !status && i < to && i < from + SHOWN; i++) status = print_finding(&findings->list[i], err);
    if (!status && to - from > SHOWN) status = eb_cli_printf(err, "  and %zu more of this kind\n", to - from - SHOWN);
    const char *remedy = eb_finding_remedy(findings->list[from].kind);
    if (!status && *remedy) status = eb_cli_printf(err, "  -> %s\n", remedy);
    return status;
}

static eb_status print_findings(const eb_findings *findings, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t from = 0; !status && from < findings->count;) {
        size_t to = from;
        while (to < findings->count && findings->list[to].kind == findings->list[from].kind) to++;
        status = print_kind(findings, from, to, err);
        from = to;
    }
    if (!status && eb_findings_wrong(findings) == 0) status = eb_cli_print(_("nothing wrong was found\n"), err);
    return status;
}

/* --- the command -----------------------------------------------------------------------------------------------------------------------
 */

static bool is_plan(const char *name)
{
    size_t length = strlen(name);
    return (length > 5 && eb_text_same(name + length - 5, ".yaml")) || (length > 4 && eb_text_same(name + length - 4, ".yml"));
}

static eb_status common_crs(const eb_args *args, const eb_check_options *options, eb_crs **out, eb_error *err)
{
    eb_read_options read = options->read;
    read.allow_no_crs = read.allow_table = true;
    for (size_t i = 0; i < eb_args_count(args, "layers"); i++) {
        eb_source *source = NULL;
        if (is_plan(eb_args_text_at(args, "layers", i))) {
            eb_error_set(err, EB_USAGE, "the layers of a plan may be in several CRS, so their findings cannot be one layer");
            eb_error_hint(err, "give --report FILE.csv");
            return EB_USAGE;
        }
        eb_status status = eb_source_open(eb_args_text_at(args, "layers", i), &read, &source, err);
        if (status) return status;
        const eb_crs *crs = eb_source_schema(source)->crs;
        bool same = i == 0 || (!crs && !*out) || (crs && *out && eb_crs_same(crs, *out));
        if (i == 0 && crs) *out = eb_crs_copy(crs);
        eb_source_free(source);
        if (same) continue;
        eb_error_set(err, EB_USAGE, "the layers are in several CRS, so their findings cannot be one layer");
        eb_error_hint(err, "give --report FILE.csv, or check the layers one by one");
        return EB_USAGE;
    }
    return EB_OK;
}

static bool is_workbook(const char *file)
{
    const size_t length = strlen(file);
    return length > 5 && eb_text_same(file + length - 5, ".xlsx");
}

static eb_status write_workbook(const eb_table *table, const char *file, eb_error *err)
{
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    if (!diagnosis) return eb_error_memory(err);
    const eb_report report = {.name = "findings",
                              .title = eb_table_title(table),
                              .lang = eb_lang_get(),
                              .tables = &table,
                              .table_count = 1,
                              .diagnosis = diagnosis};
    eb_status status = eb_report_write_xlsx(&report, file, err);
    eb_diagnosis_free(diagnosis);
    return status;
}

static eb_status write_report(const eb_cli *cli, const eb_args *args, const eb_check_options *options, const eb_findings *findings,
                              eb_error *err)
{
    const char *file = eb_args_text(args, "report");
    if (!file) return EB_OK;
    const bool csv = eb_out_table_format(file) == EB_TABLE_CSV;
    if (csv || is_workbook(file)) {
        eb_table *table = to_table(findings);
        eb_status status = !table ? eb_error_memory(err) : csv ? eb_table_write_csv(table, file, err) : write_workbook(table, file, err);
        eb_table_free(table);
        return status;
    }
    eb_crs *crs = NULL;
    eb_status status = common_crs(args, options, &crs, err);
    if (!status) status = write_layer(cli, findings, crs, file, err);
    eb_crs_free(crs);
    return status;
}

static eb_status take_options(const eb_args *args, eb_check_options *options, const char **required)
{
    options->coverage = eb_args_flag(args, "coverage");
    options->boundary_lines = eb_args_flag(args, "lines");
    options->region = eb_args_text(args, "region");
    options->reference = eb_args_text(args, "against");
    options->area_field = eb_args_text(args, "area_field");
    options->sliver_width_m = eb_args_real(args, "sliver_width_m");
    options->read.where = eb_args_text(args, "where");
    options->read.crs = eb_args_text(args, "from_crs");
    options->read.encoding = eb_args_text(args, "encoding");
    options->read.allow_partial = eb_args_flag(args, "allow_partial");
    for (size_t i = 0; i < eb_args_count(args, "required"); i++) required[i] = eb_args_text_at(args, "required", i);
    options->required = eb_args_has(args, "required") ? required : NULL;
    return EB_OK;
}

/* The file of the plan's region, where it is a single one. */
static const char *region_file(const eb_plan *plan)
{
    const eb_plan_layer *layer = &plan->layers[plan->region.layer];
    return layer->name_count == 1 && layer->frame == EB_FRAME_WGS84 ? layer->names[0] : NULL;
}

/* A plan: all of its text, then each file of each layer with what the plan says of it. */
static eb_status check_plan(const eb_cli *cli, const char *file, const eb_check_options *options, eb_findings *findings, eb_error *err)
{
    eb_plan *plan = NULL;
    const eb_plan_options wanted = {.lang = cli->lang, .tell = eb_cli_tell, .user = cli->env.user};
    eb_status status = eb_plan_read(file, &wanted, &cli->env, &plan, err);
    for (size_t i = 0; !status && i < plan->layer_count; i++) {
        const eb_plan_layer *layer = &plan->layers[i];
        eb_check_options own = *options;
        own.read.where = layer->where;
        own.read.crs = layer->crs;
        own.read.encoding = layer->encoding;
        own.read.frame = layer->frame;
        own.read.allow_partial = layer->allow_partial;
        /* The region's outlines are what the plan trusts: layers that lie off them are found out. */
        own.reference_unasked = !own.reference;
        if (!own.reference && plan->region.node && plan->region.layer != i) own.reference = region_file(plan);
        for (size_t n = 0; !status && n < layer->name_count; n++) status = eb_check_layer(layer->names[n], &own, &cli->env, findings, err);
    }
    eb_plan_free(plan);
    return status;
}

static eb_status check_all(const eb_cli *cli, const eb_args *args, const eb_check_options *options, eb_findings *findings, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; !status && i < eb_args_count(args, "layers"); i++) {
        const char *name = eb_args_text_at(args, "layers", i);
        status = is_plan(name) ? check_plan(cli, name, options, findings, err) : eb_check_layer(name, options, &cli->env, findings, err);
    }
    return status;
}

static eb_status run(const eb_cli *cli, const eb_args *args, eb_error *err)
{
    eb_check_options options = {0};
    eb_findings findings = {0};
    const char **required = calloc(eb_args_count(args, "required") + 1, sizeof *required), *report = eb_args_text(args, "report");
    eb_status status = required ? take_options(args, &options, required) : eb_error_memory(err);
    if (!status && report) status = eb_cli_check_output(cli, report, err);
    if (!status) status = check_all(cli, args, &options, &findings, err);
    eb_findings_sort(&findings);
    if (!status) status = write_report(cli, args, &options, &findings, err);
    if (!status && cli->json) {
        eb_table *table = to_table(&findings);
        status = table ? eb_cli_print_table(cli, table, err) : eb_error_memory(err);
        eb_table_free(table);
    } else if (!status) {
        status = print_findings(&findings, err);
    }
    if (!status && eb_findings_wrong(&findings)) status = EB_FINDINGS;
    eb_findings_clear(&findings);
    free(required);
    return status;
}

const eb_command eb_cmd_check = {
    .name = "check",
    .summary = "List everything that is wrong with layers, with feature, place and remedy",
    .detail =
        "Always: CRS missing or contradicted, mixed zones, null, empty and invalid shapes, duplicates, spikes, slivers, null attributes,\n"
        "values that are none, damage, broken rules of the format.\n"
        "On request: overlaps and gaps (--coverage), loose ends and crossings (--lines), features outside a region, areas that disagree\n"
        "with the shapes, a web-map frame. A gap is what features enclose all around: a slit that is open to the outside is outline.\n"
        "Exit code 1 when anything is wrong.",
    .example = "ecobelt check layers/counties.geojson --coverage --report findings.geojson",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .common = EB_COMMON_OVERWRITE | EB_COMMON_QUIET | EB_COMMON_PROGRESS | EB_COMMON_THREADS | EB_COMMON_JSON | EB_COMMON_LANG,
    .run = run,
};
