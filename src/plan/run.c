/* What is known of a run while it goes on; job.c makes it go. */
#include "plan/run.h"

#include "report/heading.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

eb_status eb_run_new(const eb_plan *plan, eb_lang lang, eb_run **out, eb_error *err)
{
    eb_run *run = calloc(1, sizeof *run);
    const time_t now = time(NULL);
    struct tm utc;

    if (!run) return eb_error_memory(err);
    *out = run;
    run->plan = plan;
    run->lang = lang;
    run->records = calloc(plan->step_count + 1, sizeof *run->records);
    run->used = calloc(plan->layer_count + 1, sizeof *run->used);
    run->inputs = calloc(plan->layer_count + 1, sizeof *run->inputs);
    run->merged = calloc(plan->layer_count + 1, sizeof *run->merged);
    if (gmtime_r(&now, &utc)) strftime(run->started, sizeof run->started, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return run->records && run->used && run->inputs && run->merged ? EB_OK : eb_error_memory(err);
}

void eb_run_free(eb_run *run)
{
    if (!run) return;
    for (size_t i = 0; i < run->table_count; i++) eb_table_free(run->tables[i]);
    for (size_t i = 0; i < run->result_count; i++) {
        free(run->results[i].id);
        eb_layer_free(run->results[i].layer);
        eb_layer_free(run->results[i].shown);
    }
    for (size_t i = 0; run->inputs && i < run->plan->layer_count; i++) eb_layer_free(run->inputs[i]);
    for (size_t i = 0; run->merged && i < run->plan->layer_count; i++) eb_layer_free(run->merged[i]);
    for (size_t i = 0; run->records && i < run->plan->step_count; i++) {
        free(run->records[i].finding);
        eb_diagnosis_free(run->records[i].diagnosis);
    }
    for (size_t i = 0; i < run->filtered_count; i++) eb_layer_free(run->filtered[i]);
    free(run->filtered);
    eb_table_free(run->targets);
    for (size_t i = 0; i < run->chart_count; i++) eb_table_free((eb_table *)run->charts[i].data);
    free(run->charts);
    eb_table_free(run->inputs_table);
    eb_table_free(run->asked);
    free(run->asked_rows);
    free(run->made);
    eb_diagnosis_free(run->diagnosis);
    free(run->records);
    free(run->used);
    free(run->tables);
    free(run->table_steps);
    free(run->results);
    free(run->inputs);
    free(run->merged);
    free(run->json);
    for (size_t i = 0; i < run->title_count; i++) free(run->titles[i]);
    free(run->titles);
    free(run->shown);
    free(run->guides);
    free(run);
}

const eb_report *eb_run_report(const eb_run *run)
{
    return &run->report;
}

const char *eb_run_role(const eb_run *run, size_t step, const char *id)
{
    const size_t size = strlen(run->plan->steps[step].id);

    return id[size] == '_' ? id + size + 1 : "";
}

eb_table *eb_run_table(const eb_run *run, size_t step, const char *role)
{
    for (size_t i = 0; i < run->table_count; i++) {
        if (run->table_steps[i] != step) continue;
        if (strcmp(eb_run_role(run, step, eb_table_name(run->tables[i])), role) == 0) return run->tables[i];
    }
    return NULL;
}

bool eb_run_schematic(const eb_run *run, const eb_ref *ref)
{
    if (ref->kind == EB_REF_LAYER) return run->plan->layers[ref->index].schematic;
    return ref->kind == EB_REF_STEP && run->records[ref->index].schematic;
}

char *eb_run_title(const eb_run *run, const char *title, const char *part, bool schematic)
{
    eb_string text = {0};

    eb_string_addf(&text, "%s%s%s", title, *part ? ": " : "", part);
    if (schematic) eb_title_mark(&text, run->lang);
    return eb_string_take(&text);
}

const char *eb_run_ref_title(const eb_run *run, const eb_ref *ref)
{
    const eb_plan *plan = run->plan;

    return ref->kind == EB_REF_LAYER ? eb_words_in(&plan->layers[ref->index].title, run->lang, plan->layers[ref->index].id)
                                     : eb_words_in(&plan->steps[ref->index].title, run->lang, plan->steps[ref->index].id);
}

void eb_run_add_inputs(const eb_run *run, const eb_plan_step *step, bool schematic, eb_string *out)
{
    const size_t start = out->size;

    for (size_t i = 0; i < step->input_count; i++) {
        const eb_ref *ref = &step->inputs[i];
        bool again = ref->kind == EB_REF_NONE || (schematic && !eb_run_schematic(run, ref));
        for (size_t k = 0; k < i && !again; k++) again = step->inputs[k].kind == ref->kind && step->inputs[k].index == ref->index;
        if (again) continue;
        eb_string_addf(out, "%s%s", out->size == start ? "" : run->lang == EB_LANG_ZH ? ";" : "; ", eb_run_ref_title(run, ref));
    }
}
