/*
 * The main job: a plan from its first layer to the folder that is handed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/translate.h"
#include "cli/cmd.h"
#include "plan/model.h"

static const eb_param params[] = {
    {.key = "plan", .type = EB_PARAM_FILE, .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL, .metavar = "PLAN.yaml", .help = "the plan"},
    {.key = "out",
     .letter = 'o',
     .type = EB_PARAM_TEXT,
     .metavar = "DIR",
     .def = "out",
     .help = "folder to make; only an earlier run's is replaced"},
    {.key = "only", .type = EB_PARAM_TEXT, .metavar = "STEP", .help = "run this step and what it needs"},
    {.key = "set",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_LIST | EB_PARAM_WHOLE,
     .metavar = "PATH=VALUE",
     .help = "change a value of the plan, as in steps.belt.width_m=2500"},
};

/** The columns of the targets that fit on a screen; all of them are in the folder. */
static eb_table *narrow(const eb_table *targets)
{
    static const char *const wanted[] = {"target", "computed", "published", "unit", "difference", "difference_pct", "verdict", "status"};
    eb_table *table = eb_table_new(eb_table_name(targets), eb_table_title(targets));

    for (size_t r = 0; table && r < eb_table_row_count(targets); r++) eb_table_add_row(table);
    for (size_t i = 0; table && i < sizeof wanted / sizeof wanted[0]; i++) {
        const int from = eb_table_find(targets, wanted[i]);
        if (from < 0) continue;
        const size_t column = (size_t)from, to = eb_table_add_column(table, eb_table_column_at(targets, column));
        for (size_t r = 0; r < eb_table_row_count(targets); r++) {
            eb_table_set_text(table, r, to, eb_table_text_at(targets, r, column));
            eb_table_set_real(table, r, to, eb_table_real_at(targets, r, column));
        }
    }
    for (size_t i = 0; table && i < eb_table_note_count(targets); i++) eb_table_add_note(table, "%s", eb_table_note_at(targets, i));
    return table;
}

static eb_status print_targets(const eb_cli *cli, const eb_table *targets, eb_error *err)
{
    eb_table *table = targets ? narrow(targets) : NULL;
    eb_status status = EB_OK;

    if (targets) status = table ? eb_cli_print_table(cli, table, err) : eb_error_memory(err);
    eb_table_free(table);
    return status;
}

static eb_status print_result(const eb_cli *cli, const eb_report *report, const char *folder, eb_error *err)
{
    eb_status status = cli->json ? eb_cli_print(report->run_json, err) : print_targets(cli, report->targets, err);

    eb_cli_diagnosis(cli, report->diagnosis);
    eb_cli_note(cli, eb_translate_to(cli->lang, "%zu tables and %zu layers are in %s"), report->table_count + (report->targets != NULL),
                report->layer_count, folder);
    return status;
}

/** NULL-terminated list of the --set values; free() it. */
static const char **collect_changes(const eb_args *args)
{
    const size_t count = eb_args_count(args, "set");
    const char **changes = calloc(count + 1, sizeof *changes);

    for (size_t i = 0; changes && i < count; i++) changes[i] = eb_args_text_at(args, "set", i);
    return changes;
}

/** Whether @p name is a file below @p folder, both as the system knows them. */
static bool lies_in(const char *name, const char *folder)
{
    char *path = eb_text_dup(name), *bar = path ? strchr(path, '|') : NULL;
    if (bar) *bar = '\0';
    char *file = path ? realpath(path, NULL) : NULL, *where = realpath(folder, NULL);
    const size_t size = where ? strlen(where) : 0;
    const bool inside = file && where && strncmp(file, where, size) == 0 && file[size] == '/';

    free(path);
    free(file);
    free(where);
    return inside;
}

/** What an earlier run wrote into the folder is replaced, even where the plan reads it. */
static eb_status refuse_inputs(const eb_plan *plan, const char *file, const char *folder, eb_error *err)
{
    const char *found = lies_in(file, folder) ? file : NULL;

    for (size_t i = 0; i < plan->layer_count; i++)
        for (size_t n = 0; n < plan->layers[i].name_count && !found; n++)
            if (lies_in(plan->layers[i].names[n], folder)) found = plan->layers[i].names[n];
    if (!found) return EB_OK;
    eb_error_set(err, EB_USAGE, "the output folder \"%s\" holds what the plan reads: \"%s\" would be lost", folder, found);
    eb_error_hint(err, "name another folder with --out; --overwrite does not replace an input");
    return EB_USAGE;
}

static eb_status run(const eb_cli *cli, const eb_args *args, eb_error *err)
{
    const char *folder = eb_args_text(args, "out");
    const char **changes = collect_changes(args);
    const eb_plan_options options = {
        .set = changes, .only = eb_args_text(args, "only"), .lang = cli->lang, .tell = eb_cli_tell, .user = cli->env.user};
    eb_plan *plan = NULL;
    eb_run *result = NULL;
    eb_status outcome = EB_OK;
    eb_status status = changes ? EB_OK : eb_error_memory(err);

    if (status == EB_OK) status = eb_plan_read(eb_args_text(args, "plan"), &options, &cli->env, &plan, err);
    if (status == EB_OK) status = refuse_inputs(plan, eb_args_text(args, "plan"), folder, err);
    /* Before anything is computed: a long run must not end with a folder that cannot be written. */
    if (status == EB_OK) status = eb_report_check_folder(folder, cli->overwrite, eb_args_text(args, "only"), err);
    if (status == EB_OK) {
        outcome = eb_plan_run(plan, cli->lang, &cli->env, &result, err);
        status = outcome == EB_FINDINGS ? EB_OK : outcome;
    }
    if (status == EB_OK) status = eb_report_write(eb_run_report(result), folder, eb_plan_formats(plan), cli->overwrite, &cli->env, err);
    if (status == EB_OK) status = print_result(cli, eb_run_report(result), folder, err);
    eb_run_free(result);
    eb_plan_free(plan);
    free(changes);
    return status == EB_OK ? outcome : status;
}

const eb_command eb_cmd_run = {
    .name = "run",
    .summary = "Run a plan: all its steps, tables, maps and the comparison with published figures",
    .detail = "The plan is checked as a whole before anything runs: keys, values, layers, fields, references between steps.\n"
              "Then its steps run from top to bottom, and a folder is written: statistics/*.csv, maps/*.geojson (RFC 7946),\n"
              "map.html and report.html for any browser, NAME.gpkg with every layer and NAME.qgz over it for QGIS, run.json with\n"
              "the plan as run, the digest of every input and the versions at work.\n"
              "The folder appears complete or not at all. Exit code 1: all is written, and a target was missed or a step found\n"
              "something wrong.",
    .example = "ecobelt run layers/quzhou.yaml --out out",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .common = EB_COMMON_OVERWRITE | EB_COMMON_LANG | EB_COMMON_QUIET | EB_COMMON_PROGRESS | EB_COMMON_THREADS | EB_COMMON_JSON,
    .run = run,
};
