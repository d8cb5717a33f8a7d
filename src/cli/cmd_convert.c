/* ecobelt convert IN OUT */
#include "analysis/quality/convert.h"
#include "base/text.h"
#include "base/translate.h"
#include "cli/out.h"
#include "cli/summary.h"

#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    {.key = "input", .type = EB_PARAM_LAYER, .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED, .metavar = "IN", .help = "layer to read"},
    {.key = "output",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,
     .metavar = "OUT",
     .help = "file to write, format by its ending; - is stdout, as GeoJSON"},
    {.key = "where", .type = EB_PARAM_TEXT, .metavar = "SQL", .help = "only the features that this OGR attribute filter lets through"},
    {.key = "fields", .type = EB_PARAM_FIELD, .flags = EB_PARAM_LIST, .metavar = "FIELD", .of = "input", .help = "only these fields"},
    {.key = "from_crs", .type = EB_PARAM_TEXT, .metavar = "CRS", .help = "what the coordinates are, whatever the file says (EPSG:4528)"},
    {.key = "to_crs", .type = EB_PARAM_TEXT, .metavar = "CRS", .help = "CRS to bring the layer to"},
    {.key = "from_frame",
     .type = EB_PARAM_CHOICE,
     .choices = "wgs84|gcj02|bd09",
     .help = "web-map frame the coordinates are in (gcj02 of Amap, bd09 of Baidu)"},
    {.key = "to_frame", .type = EB_PARAM_CHOICE, .choices = "wgs84|gcj02|bd09", .help = "web-map frame to write"},
    {.key = "helmert",
     .type = EB_PARAM_TEXT,
     .metavar = "PARAMS",
     .help = "shift between the datums: dx,dy,dz in m, and rx,ry,rz in \" and ppm; or a file"},
    {.key = "encoding", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "character set of the text read, where it is found out wrong"},
    {.key = "to_encoding", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "character set of a shapefile written (GBK where it fits)"},
    {.key = "repair", .type = EB_PARAM_FLAG, .def = "false", .help = "make invalid shapes valid, each by itself"},
    {.key = "coverage",
     .type = EB_PARAM_FLAG,
     .def = "false",
     .help = "repair polygons together: neighbours keep sharing edges, overlaps go to the larger one"},
    {.key = "record",
     .type = EB_PARAM_FILE,
     .metavar = "FILE",
     .help = "write what was repaired as CSV: feature, reason, area before and after"},
    {.key = "decimals", .type = EB_PARAM_INTEGER, .metavar = "N", .min = 0, .max = 12, .help = "digits of coordinates in text formats"},
    {.key = "rfc7946", .type = EB_PARAM_FLAG, .def = "false", .help = "GeoJSON by the standard: WGS84, no crs member"},
    {.key = "format", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "format, where the ending does not say (GDAL's name: GPKG)"},
    {.key = "allow_partial", .type = EB_PARAM_FLAG, .def = "false", .help = "take what can be read of a damaged file"},
};

static eb_status take_request(const eb_args *args, eb_convert_request *request, eb_helmert *helmert, const char **fields, eb_error *err)
{
    eb_frame frame = EB_FRAME_WGS84;
    request->input = eb_args_text(args, "input");
    request->output = eb_args_text(args, "output");
    request->read.where = eb_args_text(args, "where");
    request->read.crs = eb_args_text(args, "from_crs");
    request->read.encoding = eb_args_text(args, "encoding");
    request->read.allow_partial = eb_args_flag(args, "allow_partial");
    for (size_t i = 0; i < eb_args_count(args, "fields"); i++) fields[i] = eb_args_text_at(args, "fields", i);
    request->read.fields = eb_args_has(args, "fields") ? fields : NULL;
    request->write.encoding = eb_args_text(args, "to_encoding");
    request->write.format = eb_args_text(args, "format");
    request->write.rfc7946 = eb_args_flag(args, "rfc7946");
    request->write.decimals = eb_args_has(args, "decimals") ? (int)eb_args_integer(args, "decimals") : -1;
    request->to_crs = eb_args_text(args, "to_crs");
    request->repair = eb_args_flag(args, "repair");
    request->coverage = eb_args_flag(args, "coverage");
    eb_status status = EB_OK;
    if (eb_args_has(args, "from_frame")) status = eb_frame_parse(eb_args_text(args, "from_frame"), &frame, err);
    request->read.frame = frame;
    frame = EB_FRAME_WGS84;
    if (!status && eb_args_has(args, "to_frame")) status = eb_frame_parse(eb_args_text(args, "to_frame"), &frame, err);
    request->to_frame = frame;
    if (!status && eb_args_has(args, "helmert")) {
        status = eb_helmert_parse(eb_args_text(args, "helmert"), helmert, err);
        request->helmert = helmert;
    }
    return status;
}

/* The record of repairs: to its file, to the screen or into the JSON summary. */
static eb_status tell(const eb_cli *cli, const eb_args *args, const eb_convert_request *request, const eb_convert_result *result,
                      eb_diagnosis *diagnosis, eb_error *err)
{
    eb_table *table = eb_mend_table(&result->log);
    if (!table) return eb_error_memory(err);
    const char *record = eb_args_text(args, "record");
    eb_status status = record ? eb_table_write_csv(table, record, err) : EB_OK;
    if (!status && cli->json) {
        eb_summary_layer layer = {eb_text_dup(""), eb_text_dup(request->output)};
        eb_summary summary = {
            .command = "convert", .tables = &table, .table_count = 1, .layers = &layer, .layer_count = 1, .diagnosis = diagnosis};
        char *text = NULL;
        status = eb_summary_json(&summary, EB_OK, &text, err);
        if (!status) status = eb_cli_print(text, err);
        free(text);
        free(layer.role);
        free(layer.file);
    }
    eb_table_free(table);
    return status;
}

static eb_status check_request(const eb_cli *cli, const eb_args *args, bool stream, eb_error *err)
{
    const char *record = eb_args_text(args, "record");
    if (stream && cli->json) return eb_error_set(err, EB_USAGE, "output - and --json both want standard output");
    eb_status status = stream ? EB_OK : eb_cli_check_output(cli, eb_args_text(args, "output"), err);
    return !status && record ? eb_cli_check_output(cli, record, err) : status;
}

static eb_status run(const eb_cli *cli, const eb_args *args, eb_error *err)
{
    eb_convert_request request = {.write.overwrite = cli->overwrite};
    eb_convert_result result = {0};
    eb_helmert helmert;
    char *file = NULL;
    const char **fields = calloc(eb_args_count(args, "fields") + 1, sizeof *fields);
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    eb_status status = fields && diagnosis ? take_request(args, &request, &helmert, fields, err) : eb_error_memory(err);
    bool stream = !status && strcmp(request.output, "-") == 0;
    if (!status) status = check_request(cli, args, stream, err);
    if (!status && stream) status = eb_out_stream_open("layer", &file, err);
    if (stream) request.output = file;
    if (!status) status = eb_convert(&request, &cli->env, diagnosis, &result, err);
    if (!status && stream) status = eb_out_copy_to_stdout(file, err);
    if (!status) status = tell(cli, args, &request, &result, diagnosis, err);
    if (!status && !stream)
        eb_cli_note(cli, "%s: %lld features%s", request.output, (long long)result.features, result.log.count ? _(", some repaired") : "");
    if (diagnosis) eb_cli_diagnosis(cli, diagnosis);
    eb_out_stream_close(file);
    free(result.log.list);
    eb_diagnosis_free(diagnosis);
    free(fields);
    return status;
}

const eb_command eb_cmd_convert = {
    .name = "convert",
    .summary = "Bring a layer to another format, CRS, datum frame or character set, repaired on request",
    .detail =
        "Reads IN whole or fails; refuses a layer without CRS, a CRS that the numbers contradict, and datum shifts that are not known.\n"
        "Formats by ending: .gpkg .fgb .geojson .geojsonl .shp .csv .kml .gpx .txt ([地块坐标]).\n"
        "--repair changes invalid shapes only; --coverage nodes all boundaries together. --record says what was changed.",
    .example = "ecobelt convert layers/park.geojson park.shp --to-crs EPSG:4527",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .common = EB_COMMON_OVERWRITE | EB_COMMON_QUIET | EB_COMMON_PROGRESS | EB_COMMON_THREADS | EB_COMMON_JSON | EB_COMMON_LANG,
    .run = run,
};
