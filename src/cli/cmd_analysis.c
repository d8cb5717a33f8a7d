/*
 * Every analysis as a command: its layers are files, its results go to files and to the screen.
 *
 * Where results go
 *   -o FILE with the extension of a layer format: the main layer; further layers of the analysis stand beside it as NAME_ROLE.ext.
 *   -o FILE.gpx, FILE.kml: where the analysis has a layer for phones (eb_yield.guide), that one alone.
 *   -o FILE with .csv, .json, .md: the tables; the layers are then not written. CSV holds one table: further ones stand beside it, and
 *   beside each "t.csv" its method and notes in "t.csv.txt".
 *   An analysis without a main layer writes its others, such as rejects, beside the file of its table: NAME_ROLE.geojson.
 *   --table FILE: the tables, while -o takes the layer. "-" is stdout: the layer as GeoJSON, the table as CSV.
 *   NAME_ROLE.svg beside -o, else beside --table: a table that is also drawn (eb_yield.plot).
 *   The tables are on stdout as text, or as JSON with --json, unless a file takes them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"
#include "cli/command.h"
#include "cli/out.h"
#include "cli/summary.h"
#include "layer/formats.h"

/* The workspace over files, for one analysis. */
typedef struct files {
    const eb_cli *cli;
    const eb_analysis *analysis;
    const eb_args *args;
    const char *layer_file; /* NULL: nobody wants the layers */
    const char *table_file; /* NULL: the screen */
    char *streamed;         /* temporary file for a layer that goes to stdout */
    eb_summary summary;
    size_t table_capacity, layer_capacity;
    eb_string schematic; /* names of the layers read so far that are it */
} files;

/* Whether there are tables, or a main layer. */
static bool yields(const eb_analysis *analysis, bool layer)
{
    for (size_t i = 0; i < analysis->yield_count; i++) {
        const eb_yield *yield = &analysis->yields[i];
        if (yield->layer == layer && (!layer || strcmp(yield->role, "rejects") != 0)) return true;
    }
    return false;
}

unsigned eb_analysis_common(const eb_analysis *analysis)
{
    unsigned common = EB_COMMON_ALL;
    if (!yields(analysis, true) || !yields(analysis, false)) common &= ~(unsigned)EB_COMMON_TABLE;
    return common;
}

/* Several layers in one word, as fields may be given: a file's name may hold commas, so it was taken for one. */
static void hint_commas(const files *f, const char *name, eb_error *err)
{
    const char *comma = strchr(name, ',');
    char option[64];
    if (!comma || strncmp(name, "PG:", 3) == 0) return;
    for (size_t p = 0; p < f->analysis->param_count; p++) {
        const eb_param *param = &f->analysis->params[p];
        const int length = (int)(comma - name);
        if (param->type != EB_PARAM_LAYER || !(param->flags & EB_PARAM_LIST)) continue;
        eb_param_option(param, option, sizeof option);
        for (size_t i = 0; i < eb_args_count(f->args, param->key); i++) {
            if (strcmp(eb_args_text_at(f->args, param->key, i), name) != 0) continue;
            if (param->flags & EB_PARAM_POSITIONAL)
                eb_error_hint(err, "several layers are told apart by blanks: %.*s %s", length, name, comma + 1);
            else
                eb_error_hint(err, "to give several layers, repeat the option: --%s %.*s --%s %s", option, length, name, option, comma + 1);
        }
    }
}

static eb_status open_source(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    files *f = self;
    eb_status status = eb_source_open(name, options, out, err);
    if (status == EB_INPUT) hint_commas(f, name, err);
    if (status != EB_OK || !eb_source_schema(*out)->schematic) return status;
    const char *layer = eb_source_schema(*out)->name;
    if (!f->schematic.size || !strstr(f->schematic.data, layer))
        eb_string_addf(&f->schematic, "%s%s", f->schematic.size ? ", " : "", layer);
    return EB_OK;
}

/* What is made from schematic layers is schematic, and its layer says so. */
static eb_status create_schematic(const char *path, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err)
{
    eb_schema *copy = eb_schema_copy(schema);
    if (!copy) return eb_error_memory(err);
    copy->schematic = true;
    eb_status status = eb_sink_create(path, copy, options, out, err);
    eb_schema_free(copy);
    return status;
}

/* A phone opens one file: where the analysis has a layer made for it, that one stands for all. */
static bool is_for_phone(const files *f)
{
    const char *dot = f->layer_file ? strrchr(f->layer_file, '.') : NULL;
    bool phone = dot && (eb_text_same(dot, ".gpx") || eb_text_same(dot, ".kml")), guide = false;
    for (size_t i = 0; i < f->analysis->yield_count; i++) guide = guide || f->analysis->yields[i].guide;
    return phone && guide;
}

/* Whether the layer of this role is written at all. */
static bool is_wanted(const files *f, const char *role)
{
    bool guide = false;
    for (size_t i = 0; i < f->analysis->yield_count; i++)
        guide = guide || (f->analysis->yields[i].guide && strcmp(f->analysis->yields[i].role, role) == 0);
    return guide == is_for_phone(f);
}

/* Beside "t.csv" the layer "rejects" is "t_rejects.geojson". */
static char *beside_table(const files *f, const char *role)
{
    char *path = eb_out_file_for(f->table_file, role);
    eb_string out = {0};
    if (!path) return NULL;
    eb_string_add_bytes(&out, path, (size_t)(strrchr(path, '.') - path));
    eb_string_add(&out, ".geojson");
    free(path);
    return eb_string_take(&out);
}

/* A table's file takes the layers of an analysis that has no main one. */
static bool goes_beside_table(const files *f)
{
    return !f->layer_file && !yields(f->analysis, true) && f->table_file && eb_out_table_format(f->table_file) != EB_TABLE_NONE;
}

/* Where the layer of this role goes. */
static char *layer_path(const files *f, const char *role)
{
    if (f->streamed) return *role ? NULL : eb_text_dup(f->streamed);
    if (!f->layer_file) return beside_table(f, role);
    return eb_out_file_for(f->layer_file, is_for_phone(f) ? "" : role);
}

static eb_status create_sink(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err)
{
    files *f = self;
    *out = NULL;
    if ((!f->layer_file && !goes_beside_table(f)) || (f->streamed && *role) || !is_wanted(f, role)) return EB_OK;
    char *path = layer_path(f, role);
    if (!path || !eb_array_reserve(&f->summary.layers, &f->layer_capacity, f->summary.layer_count + 1, sizeof *f->summary.layers)) {
        free(path);
        return eb_error_memory(err);
    }
    const char *dot = strrchr(path, '.');
    eb_write_options options = {
        .overwrite = f->cli->overwrite, .decimals = -1, .rfc7946 = dot && eb_text_same(dot, ".geojson"), .diagnosis = f->summary.diagnosis};
    eb_status status =
        f->schematic.size ? create_schematic(path, schema, &options, out, err) : eb_sink_create(path, schema, &options, out, err);
    /* GEOS may have stopped in the middle of a question, and the answer have been taken for a no: nothing of that is put in place. */
    eb_sink_guard(*out, &f->cli->env);
    if (status != EB_OK)
        free(path);
    else
        f->summary.layers[f->summary.layer_count++] = (eb_summary_layer){.role = eb_text_dup(role), .file = path};
    return status;
}

static eb_status add_table(void *self, eb_table *table_take, eb_error *err)
{
    files *f = self;
    if (!table_take || eb_table_status(table_take) != EB_OK ||
        !eb_array_reserve(&f->summary.tables, &f->table_capacity, f->summary.table_count + 1, sizeof *f->summary.tables)) {
        eb_table_free(table_take);
        return eb_error_memory(err);
    }
    f->summary.tables[f->summary.table_count++] = table_take;
    return EB_OK;
}

static eb_status wrong_output(const eb_analysis *analysis, const char *file, eb_error *err)
{
    eb_error_set(err, EB_USAGE, "%s makes tables and no layer, so it cannot write %s", analysis->name, file);
    eb_error_hint(err, "give a file that ends in %s", eb_out_table_extensions());
    return EB_USAGE;
}

/* Tell the two kinds of output apart. */
static eb_status route_output(files *f, eb_error *err)
{
    const eb_cli *cli = f->cli;
    bool layers = yields(f->analysis, true), stream = cli->output && strcmp(cli->output, "-") == 0;
    f->table_file = cli->table;
    if (f->table_file && strcmp(f->table_file, "-") != 0 && eb_out_table_format(f->table_file) == EB_TABLE_NONE) {
        eb_error_set(err, EB_USAGE, "--table %s: the extension names no table format", f->table_file);
        eb_error_hint(err, "give a file that ends in %s", eb_out_table_extensions());
        return EB_USAGE;
    }
    if (stream && cli->json) return eb_error_set(err, EB_USAGE, "-o - and --json both want standard output");
    if (stream && f->table_file && strcmp(f->table_file, "-") == 0)
        return eb_error_set(err, EB_USAGE, "-o - and --table - both want standard output");
    if (!cli->output) return EB_OK;
    if (eb_out_table_format(cli->output) != EB_TABLE_NONE || (stream && !layers)) {
        if (f->table_file) {
            eb_error_set(err, EB_USAGE, "-o %s and --table %s both name a table", cli->output, f->table_file);
            eb_error_hint(err, "-o takes the layer: give a layer format such as .gpkg, .geojson or .shp");
            return EB_USAGE;
        }
        f->table_file = cli->output;
        return EB_OK;
    }
    f->layer_file = cli->output;
    return layers ? EB_OK : wrong_output(f->analysis, cli->output, err);
}

/* Where the drawing of a table goes: beside the output that names the files. NULL in *path where there is none. */
static eb_status plot_path(const files *f, const eb_yield *yield, char **path, eb_error *err)
{
    const char *base = f->layer_file ? f->layer_file : f->table_file;
    *path = NULL;
    if (yield->layer || !yield->plot || !base || strcmp(base, "-") == 0) return EB_OK;
    char *beside = eb_out_file_for(base, yield->role), *dot = beside ? strrchr(beside, '.') : NULL;
    eb_string out = {0};
    if (dot) eb_string_addf(&out, "%.*s.svg", (int)(dot - beside), beside);
    free(beside);
    *path = eb_string_take(&out);
    return *path ? EB_OK : eb_error_memory(err);
}

static eb_status check_table(const files *f, const char *file, eb_error *err)
{
    return eb_out_table_format(file) == EB_TABLE_CSV ? eb_out_check_csv(f->cli, file, err) : eb_cli_check_output(f->cli, file, err);
}

/* Refuse what stands in the way before anything is computed: a long run must not end with "exists already". */
static eb_status check_outputs(const files *f, eb_error *err)
{
    eb_status status = EB_OK;
    if (f->layer_file && strcmp(f->layer_file, "-") != 0) status = eb_format_check(f->layer_file, NULL, err);
    if (f->layer_file && status == EB_OK) status = eb_cli_check_output(f->cli, f->layer_file, err);
    if (f->table_file && status == EB_OK) status = check_table(f, f->table_file, err);
    for (size_t i = 0; i < f->analysis->yield_count && status == EB_OK; i++) {
        const eb_yield *yield = &f->analysis->yields[i];
        const bool beside = yield->layer && goes_beside_table(f);
        const char *base = yield->layer && !beside ? f->layer_file : f->table_file;
        char *plot = NULL;
        status = plot_path(f, yield, &plot, err);
        if (status == EB_OK && plot) status = eb_cli_check_output(f->cli, plot, err);
        free(plot);
        if (status != EB_OK || !base || !*yield->role || strcmp(base, "-") == 0) continue;
        if (!yield->layer && eb_out_table_format(base) != EB_TABLE_CSV) continue;
        if (yield->layer && (is_for_phone(f) || yield->guide)) continue;
        char *path = beside ? beside_table(f, yield->role) : eb_out_file_for(base, yield->role);
        if (!path)
            status = eb_error_memory(err);
        else
            status = yield->layer ? eb_cli_check_output(f->cli, path, err) : check_table(f, path, err);
        free(path);
    }
    return status;
}

/* A layer for stdout is written to a temporary file first: most formats cannot be written to a pipe, and half a layer is none. */
static eb_status prepare_stream(files *f, eb_error *err)
{
    if (!f->layer_file || strcmp(f->layer_file, "-") != 0) return EB_OK;
    return eb_out_stream_open(f->analysis->name, &f->streamed, err);
}

/* The first table only: programs that read CSV from a pipe cannot tell where one ends. */
static eb_status print_csv(const files *f, eb_error *err)
{
    char *text = NULL;
    if (f->summary.table_count == 0) return EB_OK;
    eb_status status = eb_table_to_csv(f->summary.tables[0], false, &text, err);
    if (status == EB_OK) status = eb_cli_print(text, err);
    if (f->summary.table_count > 1)
        eb_cli_note(f->cli, "the first of %zu tables is on standard output; -o FILE.json has all", f->summary.table_count);
    free(text);
    return status;
}

/* A CSV file has no place for how its figures were made; a person at the terminal still wants to know. */
static void note_method(const eb_cli *cli, const eb_table *table)
{
    if (*eb_table_method(table)) eb_cli_note(cli, "%s: %s", eb_table_name(table), eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++) eb_cli_note(cli, "%s: %s", eb_table_name(table), eb_table_note_at(table, i));
}

static eb_status write_csv(const files *f, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < f->summary.table_count && status == EB_OK; i++) {
        const eb_table *table = f->summary.tables[i];
        char *path = eb_out_file_for(f->table_file, i ? eb_table_name(table) : "");
        status = path ? eb_out_write_csv(f->cli, path, table, err) : eb_error_memory(err);
        if (status == EB_OK) note_method(f->cli, table);
        free(path);
    }
    return status;
}

static eb_status write_markdown(const files *f, eb_error *err)
{
    eb_string all = {0};
    eb_status status = EB_OK;
    for (size_t i = 0; i < f->summary.table_count && status == EB_OK; i++) {
        char *text = NULL;
        status = eb_table_to_markdown(f->summary.tables[i], f->cli->lang, &text, err);
        if (i) eb_string_add(&all, "\n");
        if (text) eb_string_add(&all, text);
        free(text);
    }
    if (status == EB_OK) status = all.failed ? eb_error_memory(err) : eb_out_write_text(f->cli, f->table_file, eb_string_get(&all), err);
    eb_string_clear(&all);
    return status;
}

static eb_status write_json(const files *f, const char *file, eb_status outcome, eb_error *err)
{
    char *text = NULL;
    eb_status status = eb_summary_json(&f->summary, outcome, &text, err);
    if (status == EB_OK) status = eb_out_write_text(f->cli, file, text, err);
    free(text);
    return status;
}

/* A table that is drawn beside the output is no reading for a screen: a height every few metres of road. */
static bool is_for_screen(const files *f, const eb_table *table)
{
    bool drawn = false;
    for (size_t i = 0; i < f->analysis->yield_count && f->layer_file; i++) {
        const eb_yield *yield = &f->analysis->yields[i];
        drawn = drawn || (!yield->layer && yield->plot && strcmp(yield->role, eb_table_name(table)) == 0);
    }
    if (drawn) eb_cli_note(f->cli, "the table %s is drawn beside the output; --table FILE writes it", eb_table_name(table));
    return !drawn;
}

static eb_status print_tables(const files *f, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0, shown = 0; i < f->summary.table_count && status == EB_OK && !f->streamed; i++) {
        if (!is_for_screen(f, f->summary.tables[i])) continue;
        if (shown++) status = eb_cli_print("\n", err);
        if (status == EB_OK) status = eb_cli_print_table(f->cli, f->summary.tables[i], err);
    }
    return status;
}

static eb_status write_tables(const files *f, eb_status outcome, eb_error *err)
{
    const char *file = f->table_file;
    eb_status status = EB_OK;
    if (f->cli->json) status = write_json(f, "-", outcome, err);
    if (status != EB_OK || (!file && f->cli->json)) return status;
    if (!file) return print_tables(f, err);
    if (f->cli->has_unit) eb_cli_note(f->cli, "--unit is for tables on the screen: a file has its areas in the units of its columns");
    if (strcmp(file, "-") == 0) return print_csv(f, err);
    switch (eb_out_table_format(file)) {
    case EB_TABLE_CSV:
        return write_csv(f, err);
    case EB_TABLE_MARKDOWN:
        return write_markdown(f, err);
    default:
        return write_json(f, file, outcome, err);
    }
}

static void note_schematic(const files *f)
{
    for (size_t i = 0; f->schematic.size && i < f->summary.table_count; i++)
        eb_table_mark_schematic(f->summary.tables[i], eb_string_get(&f->schematic), f->cli->lang);
}

/* Tables that are lines, drawn. */
static eb_status write_plots(const files *f, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < f->analysis->yield_count && status == EB_OK; i++) {
        const eb_yield *yield = &f->analysis->yields[i];
        char *path = NULL, *text = NULL;
        status = plot_path(f, yield, &path, err);
        for (size_t k = 0; k < f->summary.table_count && path && status == EB_OK; k++) {
            if (strcmp(eb_table_name(f->summary.tables[k]), yield->role) != 0) continue;
            status = eb_table_to_svg(f->summary.tables[k], yield->plot, f->cli->lang, &text, err);
            if (status == EB_OK) status = eb_out_write_text(f->cli, path, text, err);
        }
        free(text);
        free(path);
    }
    return status;
}

static void tidy(files *f)
{
    eb_string_clear(&f->schematic);
    eb_out_stream_close(f->streamed);
    eb_summary_clear(&f->summary);
}

eb_status eb_analysis_command(const eb_analysis *analysis, const eb_cli *cli, const eb_args *args, eb_error *err)
{
    files f = {.cli = cli, .analysis = analysis, .args = args, .summary = {.command = analysis->name, .diagnosis = eb_diagnosis_new()}};
    eb_status status = f.summary.diagnosis ? route_output(&f, err) : eb_error_memory(err);
    if (status == EB_OK) status = check_outputs(&f, err);
    if (status == EB_OK) status = prepare_stream(&f, err);
    if (status == EB_OK) {
        eb_workspace space = {
            .open = open_source, .create = create_sink, .add_table = add_table, .self = &f, .diagnosis = f.summary.diagnosis};
        status = analysis->run(args, &space, &cli->env, err);
        /* As for a sink: no table is put in place after a stop. Once a layer is, the rest follows. */
        if (status <= EB_FINDINGS && f.summary.layer_count == 0 && eb_env_check(&cli->env, NULL) != EB_OK)
            status = eb_env_check(&cli->env, err);
    }
    eb_status outcome = status;
    bool done = outcome == EB_OK || outcome == EB_FINDINGS;
    if (done) note_schematic(&f);
    if (done && f.streamed) status = eb_out_copy_to_stdout(f.streamed, err);
    if (done && status <= EB_FINDINGS) status = write_tables(&f, outcome, err);
    if (done && status == EB_OK) status = write_plots(&f, err);
    if (f.summary.diagnosis) eb_cli_diagnosis(cli, f.summary.diagnosis);
    tidy(&f);
    return done && status == EB_OK ? outcome : status;
}
