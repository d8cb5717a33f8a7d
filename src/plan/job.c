/* A run from its first step to the report. */
#include "plan/run.h"

#include <ecobelt/geom.h>

#include "plan/inputs.h"
#include "base/translate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/** Layers that no step reads are shown all the same when the whole plan is run: the maps want them. */
static void use_all_layers(eb_run *run)
{
    for (size_t i = 0; i < run->plan->layer_count; i++) run->used[i] = run->used[i] || !run->plan->only;
    if (run->plan->region.node) eb_run_use(run, run->plan->region.layer);
}

static void fill_report(eb_run *run)
{
    run->report = (eb_report){.name = run->plan->name,
                              .title = eb_words_in(&run->plan->title, run->lang, run->plan->name),
                              .lang = run->lang,
                              .tables = (const eb_table *const *)run->tables,
                              .table_count = run->table_count,
                              .layers = run->shown,
                              .layer_count = run->shown_count,
                              .guides = run->guides,
                              .guide_count = run->guide_count,
                              .asked = run->asked,
                              .asked_rows = run->asked_rows,
                              .targets = run->targets,
                              .charts = run->charts,
                              .chart_count = run->chart_count,
                              .inputs = run->inputs_table,
                              .made = run->made,
                              .decimals = run->plan->decimals,
                              .tiles = run->plan->map.tiles,
                              .tile_count = run->plan->map.tile_count,
                              .tile_attribution = eb_words_in(&run->plan->map.attribution, run->lang, NULL),
                              .tiles_on = run->plan->map.visible,
                              .diagnosis = run->diagnosis,
                              .run_json = run->json,
                              .only = run->plan->only};
}

/** What was asked, the inputs, and what they were worked on with. No time and no folder: the same plan gives the same page everywhere. */
static eb_status describe(eb_run *run, eb_error *err)
{
    const char *slash = strrchr(run->plan->file, '/');
    eb_string text = {0};

    run->inputs_table = eb_run_inputs(run);
    run->asked_rows = calloc(run->table_count + 1, sizeof *run->asked_rows);
    if (run->asked_rows) run->asked = eb_run_asked(run, run->asked_rows);
    eb_string_addf(&text, "ecobelt %s, GDAL %s, GEOS %s, PROJ %s\n", eb_version(), eb_layer_gdal_version(), eb_geos_version(),
                   eb_crs_proj_version());
    eb_string_addf(&text, "%s %s", slash ? slash + 1 : run->plan->file, run->plan->sha256);
    run->made = eb_string_take(&text);
    const bool good =
        run->inputs_table && eb_table_status(run->inputs_table) == EB_OK && run->asked && eb_table_status(run->asked) == EB_OK && run->made;
    return good ? EB_OK : eb_error_memory(err);
}

static eb_status finish_run(eb_run *run, const eb_env *env, const struct timespec *start, eb_error *err)
{
    struct timespec now;

    use_all_layers(run);
    eb_status status = eb_run_show_layers(run, env, err);
    if (status == EB_OK) status = eb_run_judge(run, err);
    if (status == EB_OK) status = eb_run_draw(run, err);
    if (status == EB_OK) status = eb_run_diagnose(run, err);
    clock_gettime(CLOCK_MONOTONIC, &now);
    run->seconds = (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
    if (status == EB_OK) status = describe(run, err);
    if (status == EB_OK) status = eb_run_record(run, eb_env_threads(env), &run->json, err);
    fill_report(run);
    return status;
}

/** A text of the table of targets; "" where it is null. */
static const char *target_text(const eb_run *run, size_t row, const char *column)
{
    const int at = eb_table_find(run->targets, column);
    const char *text = at >= 0 ? eb_table_text_at(run->targets, row, (size_t)at) : NULL;

    return text ? text : "";
}

/** How many targets were missed, and why the first of those that could not be computed were not: mostly a misspelt condition. */
static void add_missed(const eb_run *run, eb_string *text)
{
    enum { TOLD = 3 };
    const int verdict = run->targets ? eb_table_find(run->targets, "verdict") : -1;
    size_t missed = 0, unknown = 0;

    for (size_t r = 0; verdict >= 0 && r < eb_table_row_count(run->targets); r++)
        missed += strcmp(target_text(run, r, "verdict"), "missed") == 0;
    if (missed) eb_string_addf(text, _("%zu of %zu targets missed"), missed, eb_table_row_count(run->targets));
    for (size_t r = 0; verdict >= 0 && r < eb_table_row_count(run->targets) && unknown < TOLD; r++) {
        if (strcmp(target_text(run, r, "verdict"), "not computed") != 0) continue;
        const char *where = target_text(run, r, "where");
        eb_string_addf(text, _("%starget '%s' not computed: %s%s%s%s"), text->size ? "; " : "", target_text(run, r, "target"),
                       target_text(run, r, "note"), *where ? " (" : "", where, *where ? ")" : "");
        unknown++;
    }
}

/** All is done, and this was found: the targets missed, then what each step said. */
static eb_status tell_findings(const eb_run *run, eb_error *err)
{
    eb_string text = {0};

    add_missed(run, &text);
    for (size_t i = 0; i < run->plan->step_count; i++) {
        if (run->records[i].finding)
            eb_string_addf(&text, _("%sstep '%s': %s"), text.size ? "; " : "", run->plan->steps[i].id, run->records[i].finding);
    }
    eb_error_set(err, EB_FINDINGS, "%s", eb_string_get(&text));
    eb_string_clear(&text);
    return EB_FINDINGS;
}

eb_status eb_plan_run(const eb_plan *plan, eb_lang lang, const eb_env *env, eb_run **out, eb_error *err)
{
    eb_run *run = NULL;
    struct timespec start;
    bool findings = false;

    *out = NULL;
    clock_gettime(CLOCK_MONOTONIC, &start);
    eb_status status = eb_run_new(plan, lang, &run, err);
    for (size_t i = 0; status == EB_OK && i < plan->step_count; i++) {
        if (!plan->steps[i].wanted) continue;
        status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_run_step(run, i, env, err);
        findings = findings || run->records[i].status == EB_FINDINGS;
    }
    if (status == EB_OK) status = finish_run(run, env, &start, err);
    if (status != EB_OK) {
        eb_run_free(run);
        return status;
    }
    *out = run;
    return findings || run->missed ? tell_findings(run, err) : EB_OK;
}
