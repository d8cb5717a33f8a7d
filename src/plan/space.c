/* The workspace of a step: layers of the plan to read, memory to write to. */
#include "plan/run.h"

#include "base/array.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct space {
    eb_run *run;
    size_t step;
    size_t tables; /* so far */
    const eb_env *outer;
    char task[160];
} space;

static eb_status space_open(void *self, const char *name, const eb_read_options *options, eb_source **out, eb_error *err)
{
    space *in = self;
    const eb_ref ref = eb_plan_find(in->run->plan, name, false, in->step);

    if (ref.kind == EB_REF_NONE)
        return eb_error_set(err, EB_INTERNAL, "the analysis asks for the layer '%s', which the plan has not", name);
    if (ref.kind == EB_REF_LAYER) eb_run_use(in->run, ref.index);
    const eb_status status = eb_run_merge(in->run, &ref, in->outer, err);
    return status != EB_OK ? status : eb_run_open(in->run, &ref, options, out, err);
}

static char *result_id(const space *in, const char *role)
{
    eb_string id = {0};

    eb_add_result_id(&id, in->run->plan->steps[in->step].id, role);
    return eb_string_take(&id);
}

/** A layer for phones: wanted where the plan asks for GPX. */
static bool is_guide(const space *in, const char *role)
{
    const eb_analysis *analysis = in->run->plan->steps[in->step].analysis;

    for (size_t i = 0; i < analysis->yield_count; i++)
        if (analysis->yields[i].guide && strcmp(analysis->yields[i].role, role) == 0) return true;
    return false;
}

static eb_status space_create(void *self, const char *role, const eb_schema *schema, eb_sink **out, eb_error *err)
{
    space *in = self;
    eb_run *run = in->run;
    const bool guide = is_guide(in, role);

    *out = NULL;
    if (guide && !(eb_plan_formats(run->plan) & EB_FORMAT_GPX)) return EB_OK;
    char *id = result_id(in, guide ? "" : role);
    eb_schema *own = id ? eb_schema_copy(schema) : NULL;
    eb_layer *layer = NULL;

    if (own) {
        free(own->name);
        own->name = eb_text_dup(id);
        layer = own->name ? eb_layer_new(own) : NULL;
    }
    eb_schema_free(own);
    if (!layer || !eb_array_reserve(&run->results, &run->result_capacity, run->result_count + 1, sizeof *run->results)) {
        free(id);
        eb_layer_free(layer);
        return eb_error_memory(err);
    }
    run->results[run->result_count++] = (eb_result){.id = id, .step = in->step, .guide = guide, .layer = layer};
    return eb_sink_to_layer(layer, out, err);
}

/** The main table has the step's name; others have theirs behind it. */
static char *table_id(const space *in, const eb_table *table)
{
    const eb_analysis *analysis = in->run->plan->steps[in->step].analysis;
    bool named = in->tables > 0;

    for (size_t i = 0; i < analysis->yield_count; i++) {
        const eb_yield *yield = &analysis->yields[i];
        named = named || (!yield->layer && *yield->role && strcmp(yield->role, eb_table_name(table)) == 0);
    }
    return result_id(in, named ? eb_table_name(table) : "");
}

static eb_status space_add_table(void *self, eb_table *table, eb_error *err)
{
    space *in = self;
    eb_run *run = in->run;
    char *id = table ? table_id(in, table) : NULL;

    if (!id || !eb_array_reserve(&run->tables, &run->table_capacity, run->table_count + 1, sizeof *run->tables) ||
        !eb_array_reserve(&run->table_steps, &run->table_steps_capacity, run->table_count + 1, sizeof *run->table_steps)) {
        free(id);
        eb_table_free(table);
        return eb_error_memory(err);
    }
    eb_table_set_name(table, id);
    free(id);
    run->table_steps[run->table_count] = in->step;
    run->tables[run->table_count++] = table;
    in->tables++;
    return eb_table_status(table) == EB_OK ? EB_OK : eb_error_memory(err);
}

/* The surroundings of a step: progress says which step it is. */

static void tell_progress(void *user, const char *task, double done, double total)
{
    const space *in = user;
    (void)task;
    eb_env_progress(in->outer, in->task, done, total);
}

static void tell_log(void *user, eb_log_level level, const char *line)
{
    const space *in = user;
    eb_env_log(in->outer, level, "%s: %s", in->run->plan->steps[in->step].id, line);
}

static bool ask_cancelled(void *user)
{
    const space *in = user;
    return in->outer && in->outer->cancelled && in->outer->cancelled(in->outer->user);
}

static void describe_task(space *in)
{
    const eb_plan *plan = in->run->plan;
    size_t number = 0;

    for (size_t i = 0; i <= in->step; i++) number += plan->steps[i].wanted;
    snprintf(in->task, sizeof in->task, "[%zu/%zu] %s", number, eb_plan_step_count(plan), plan->steps[in->step].id);
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

eb_status eb_run_step(eb_run *run, size_t index, const eb_env *env, eb_error *err)
{
    const eb_plan_step *step = &run->plan->steps[index];
    eb_step_record *record = &run->records[index];
    record->diagnosis = eb_diagnosis_new();
    space in = {.run = run, .step = index, .outer = env};
    const eb_workspace workspace = {
        .open = space_open, .create = space_create, .add_table = space_add_table, .self = &in, .diagnosis = record->diagnosis};
    const eb_env inner = {
        .threads = eb_env_threads(env), .progress = tell_progress, .log = tell_log, .cancelled = ask_cancelled, .user = &in};
    struct timespec start;
    eb_error problem = {0};

    if (!record->diagnosis) return eb_error_memory(err);
    clock_gettime(CLOCK_MONOTONIC, &start);
    describe_task(&in);
    eb_env_progress(env, in.task, 0, 1);
    record->status = step->analysis->run(step->args, &workspace, &inner, &problem);
    if (record->status == EB_FINDINGS) {
        record->finding = eb_text_dup(*problem.message ? problem.message : _("something wrong was found"));
        if (!record->finding) return eb_error_memory(err);
    } else if (record->status != EB_OK) {
        eb_plan_speak(step->analysis, &problem);
        if (err) *err = problem;
        if (record->status != EB_CANCELLED) eb_error_lead(err, "step '%s' (line %d of %s)", step->id, step->node->line, run->plan->file);
        return record->status;
    }
    for (size_t i = 0; i < step->input_count; i++) record->schematic = record->schematic || eb_run_schematic(run, &step->inputs[i]);
    record->done = true;
    record->seconds = seconds_since(&start);
    eb_env_progress(env, in.task, 1, 1);
    const eb_status status = eb_run_add_shares(run, index, err);
    if (status == EB_OK) eb_run_label_tables(run, index);
    return status;
}
