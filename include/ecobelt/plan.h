/**
 * @file plan.h
 * The plan file: read, checked as a whole, then run.
 */
#ifndef ECOBELT_PLAN_H
#define ECOBELT_PLAN_H

#include <ecobelt/report.h>

/** A checked plan; immutable and printable. */
typedef struct eb_plan eb_plan;

/** Change to a plan from outside: "steps.belt.width_m=2500". */
typedef struct eb_plan_options {
    const char *const *set; /**< "path=value", NULL-terminated; NULL: none */
    const char *only;       /**< run this step and what it needs; NULL: all */
    eb_lang lang;           /**< which value of {zh: …, en: …} the steps take */
    /** Told what is wrong, in the order of its places, but for the last, which eb_plan_read() gives back; NULL: that gives back the first.
     */
    void (*tell)(void *user, const eb_error *problem);
    void *user;
} eb_plan_options;

/**
 * Read and check a plan completely: syntax, keys, values, layers, fields, references. Nothing is computed.
 * EB_USAGE with file, line and column for anything wrong in the text; EB_INPUT where a layer it names is missing or unreadable. Where
 * several things are wrong it is the status of the first; what follows from another mistake is none.
 */
eb_status eb_plan_read(const char *file, const eb_plan_options *options, const eb_env *env, eb_plan **out, eb_error *err);
/** Free a plan; NULL is fine. */
void eb_plan_free(eb_plan *plan);
/** Number of its steps. */
size_t eb_plan_step_count(const eb_plan *plan);

/** Everything a run came to. */
typedef struct eb_run eb_run;
/** Run all steps. EB_FINDINGS: done, and a target was missed or a step found something (*out is filled). */
eb_status eb_plan_run(const eb_plan *plan, eb_lang lang, const eb_env *env, eb_run **out, eb_error *err);
/** Free a run and all its results; NULL is fine. */
void eb_run_free(eb_run *run);
/** The run as the report writers take it; lent. */
const eb_report *eb_run_report(const eb_run *run);
/** Formats the plan asks for (EB_FORMAT_…). */
unsigned eb_plan_formats(const eb_plan *plan);

#endif
