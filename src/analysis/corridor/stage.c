/*
 * Progress of a run as one bar: each stage of the work has a share of it, and stages within a stage a share of that.
 */
#include "analysis/corridor/run.h"

#include <math.h>

static void on_progress(void *user, const char *task, double done, double total)
{
    eb_corridor_stage *stage = user;
    (void)task; /* what a stage within calls itself */
    if (!(total > 0)) return;
    double share = stage->from + (stage->to - stage->from) * done / total, whole = stage->units > 0 ? floor(share * stage->units) : share;
    if (whole <= stage->told) return;
    stage->told = whole;
    eb_env_progress(stage->outer, stage->task, whole, stage->units > 0 ? stage->units : 1);
}

static void on_log(void *user, eb_log_level level, const char *line)
{
    eb_env_log(((const eb_corridor_stage *)user)->outer, level, "%s", line);
}

static bool on_cancelled(void *user)
{
    return eb_env_check(((const eb_corridor_stage *)user)->outer, NULL) != EB_OK;
}

void eb_corridor_stage_begin(const eb_env *outer, double from, double to, eb_corridor_stage *stage)
{
    *stage = (eb_corridor_stage){.outer = outer, .task = "", .from = from, .to = to, .told = -1};
    stage->env =
        (eb_env){.threads = eb_env_threads(outer), .progress = on_progress, .log = on_log, .cancelled = on_cancelled, .user = stage};
}

void eb_corridor_stage_top(eb_corridor_run *run, const char *task, double from, double to, eb_corridor_stage *stage)
{
    eb_corridor_stage_begin(run->env, from, to, stage);
    stage->task = task;
    stage->units = (double)run->lines.vertex_count;
    run->env = &stage->env;
}

void eb_corridor_stage_enter(eb_corridor_run *run, double from, double to, eb_corridor_stage *stage)
{
    eb_corridor_stage_begin(run->env, from, to, stage);
    run->env = &stage->env;
}

void eb_corridor_stage_leave(eb_corridor_run *run, const eb_corridor_stage *stage)
{
    eb_env_progress(&stage->env, "", 1, 1);
    run->env = stage->outer;
}
