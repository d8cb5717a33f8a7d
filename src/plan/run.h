/**
 * @file plan/run.h
 * A run while it goes on: its results so far, and what makes them.
 */
#ifndef PLAN_RUN_H
#define PLAN_RUN_H

#include "plan/model.h"
#include "base/translate.h"

/** A layer that a step made. */
typedef struct eb_result {
    char *id; /**< "belt" or "belt_rejects" */
    size_t step;
    bool guide;      /**< for phones: written as GPX and nowhere else */
    eb_layer *layer; /**< as the analysis made it; later steps read it */
    eb_layer *shown; /**< as it is written: with sizes and status; NULL until the end */
} eb_result;

/** What became of a step. */
typedef struct eb_step_record {
    bool done;
    bool schematic; /**< something it was made from is schematic */
    eb_status status;
    double seconds;
    char *finding;           /**< what a step that came to EB_FINDINGS said */
    eb_diagnosis *diagnosis; /**< of this step alone */
} eb_step_record;

struct eb_run {
    const eb_plan *plan; /* lent */
    eb_lang lang;
    eb_step_record *records; /* one a step */
    bool *used;              /* one a layer: read by a step that ran */
    eb_table **tables;
    size_t *table_steps;
    size_t table_count, table_capacity, table_steps_capacity;
    eb_result *results;
    size_t result_count, result_capacity;
    eb_table *targets;
    eb_table *inputs_table, *asked;
    size_t *asked_rows; /* one a table: its step's row in `asked` */
    char *made;
    eb_chart *charts; /* their tables are owned */
    size_t chart_count;
    bool missed;
    eb_diagnosis *diagnosis;
    eb_layer **merged;   /* one a layer: its files together, NULL where it is one file or not read yet */
    eb_layer **filtered; /* what steps read of layers in memory by a condition */
    size_t filtered_count, filtered_capacity;
    eb_layer **inputs; /* one a layer, NULL where unused */
    char started[32];
    double seconds;
    char *json;
    eb_report_layer *shown;
    size_t shown_count;
    eb_report_layer *guides;
    size_t guide_count;
    char **titles; /* of the layers in shown, in the order in which they were made */
    size_t title_count;
    eb_report report;
};

/** A run of which nothing has run yet. */
eb_status eb_run_new(const eb_plan *plan, eb_lang lang, eb_run **out, eb_error *err);
/** What is behind a step's id in the name of its result: "belt_rejects" -> "rejects", "belt" -> ""; lent from @p id. */
const char *eb_run_role(const eb_run *run, size_t step, const char *id);
/** A table of a step so far, or NULL. */
eb_table *eb_run_table(const eb_run *run, size_t step, const char *role);
/** Whether what @p ref means is schematic or made from something schematic. */
bool eb_run_schematic(const eb_run *run, const eb_ref *ref);
/** "TITLE: PART (schematic)": the heading of a result. @p part may be empty. From malloc(), NULL out of memory. */
char *eb_run_title(const eb_run *run, const char *title, const char *part, bool schematic);
/** What people call a layer or a step: its title, its id where it has none. Lent. */
const char *eb_run_ref_title(const eb_run *run, const eb_ref *ref);
/** Append "Counties of Quzhou; Riverside belt": what a step reads, each once; @p schematic: of that only what is schematic. */
void eb_run_add_inputs(const eb_run *run, const eb_plan_step *step, bool schematic, eb_string *out);

/* Layers as a run reads them (open.c). */

/** A fresh source over what @p ref means. */
eb_status eb_run_open(eb_run *run, const eb_ref *ref, const eb_read_options *options, eb_source **out, eb_error *err);
/** A layer of the plan is read, and with it those that it is made from. */
void eb_run_use(eb_run *run, size_t layer);
/** Read a layer of several files into run->merged, once; before eb_run_open(). Nothing for anything else. */
eb_status eb_run_merge(eb_run *run, const eb_ref *ref, const eb_env *env, eb_error *err);

/* What job.c does, in this order. */

/** Run one step into @p run (space.c): its analysis, then shares and labels. EB_FINDINGS is not an end. */
eb_status eb_run_step(eb_run *run, size_t index, const eb_env *env, eb_error *err);
/** Add the share columns that a step asks for. */
eb_status eb_run_add_shares(eb_run *run, size_t step, eb_error *err);
/** Titles, notes of the plan, and a word on schematic inputs for the tables of a step. */
void eb_run_label_tables(eb_run *run, size_t step);
/** Copies of the result layers with sizes, status and aliases, and the input layers, in drawing order, into run->shown. */
eb_status eb_run_show_layers(eb_run *run, const eb_env *env, eb_error *err);
/** Compare with the targets: fills run->targets and run->missed. */
eb_status eb_run_judge(eb_run *run, eb_error *err);
/** The charts that the plan asks for, and one of the targets. */
eb_status eb_run_draw(eb_run *run, eb_error *err);
/**
 * One diagnosis out of those of the steps. Several steps read the same layer and meet the same flaws in it: each layer stands in it
 * once, as the step saw it that met most. EB_NO_MEMORY.
 */
eb_status eb_run_diagnose(eb_run *run, eb_error *err);
/** The record of the run as JSON. */
eb_status eb_run_record(const eb_run *run, int threads, char **json, eb_error *err);

/** The text in the language of the run. */
EB_FORMAT_ARG(2) static inline const char *eb_run_word(const eb_run *run, const char *en)
{
    return eb_translate_to(run->lang, en);
}

#endif
