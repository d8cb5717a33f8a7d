/* One diagnosis out of those of the steps. */
#include "plan/run.h"

#include <math.h>
#include <string.h>

static int64_t events_of(const eb_layer_counts *counts)
{
    int64_t events = 0;

    for (int event = 0; event < EB_EVENT_END; event++) events += counts->events[event];
    return events;
}

static const eb_layer_counts *find_layer(const eb_diagnosis *diagnosis, const char *layer)
{
    for (size_t i = 0; diagnosis && i < eb_diagnosis_layer_count(diagnosis); i++) {
        const eb_layer_counts *counts = eb_diagnosis_layer_at(diagnosis, i);
        if (strcmp(counts->layer, layer) == 0) return counts;
    }
    return NULL;
}

/** The step that met most in this layer; the first of them. */
static const eb_diagnosis *best_for(const eb_run *run, const char *layer)
{
    const eb_diagnosis *best = NULL;
    int64_t most = -1, most_read = -1;

    for (size_t i = 0; i < run->plan->step_count; i++) {
        const eb_layer_counts *counts = find_layer(run->records[i].diagnosis, layer);
        if (!counts) continue;
        const int64_t events = events_of(counts);
        if (events < most || (events == most && counts->read <= most_read)) continue;
        most = events;
        most_read = counts->read;
        best = run->records[i].diagnosis;
    }
    return best;
}

/** Events beyond those that are kept as cases count, too. */
static void copy_rest(eb_diagnosis *to, const eb_layer_counts *counts, const int64_t *copied, double before, double after)
{
    for (int event = 0; event < EB_EVENT_END; event++) {
        for (int64_t i = copied[event]; i < counts->events[event]; i++) {
            const bool last = event == EB_EVENT_REPAIRED && i + 1 == counts->events[event];
            eb_diagnosis_add(to, (eb_event)event, counts->layer, EB_NO_FID, NAN, NAN, last ? counts->repaired_before_m2 - before : NAN,
                             last ? counts->repaired_after_m2 - after : NAN, NULL);
        }
    }
}

static void copy_layer(eb_diagnosis *to, const eb_diagnosis *from, const char *layer)
{
    const eb_layer_counts *counts = find_layer(from, layer);
    int64_t copied[EB_EVENT_END] = {0};
    double before = 0, after = 0;

    eb_diagnosis_count(to, layer, counts->read, counts->written);
    for (size_t i = 0; i < eb_diagnosis_case_count(from); i++) {
        const eb_case *found = eb_diagnosis_case_at(from, i);
        if (strcmp(found->layer, layer) != 0) continue;
        eb_diagnosis_add(to, found->event, layer, found->fid, found->x, found->y, found->area_before_m2, found->area_after_m2,
                         found->reason);
        copied[found->event]++;
        if (found->event == EB_EVENT_REPAIRED && isfinite(found->area_before_m2)) before += found->area_before_m2;
        if (found->event == EB_EVENT_REPAIRED && isfinite(found->area_after_m2)) after += found->area_after_m2;
    }
    copy_rest(to, counts, copied, before, after);
}

eb_status eb_run_diagnose(eb_run *run, eb_error *err)
{
    run->diagnosis = eb_diagnosis_new();
    if (!run->diagnosis) return eb_error_memory(err);
    for (size_t s = 0; s < run->plan->step_count; s++) {
        const eb_diagnosis *step = run->records[s].diagnosis;
        if (step && eb_diagnosis_status(step) != EB_OK) return eb_error_memory(err);
        for (size_t i = 0; step && i < eb_diagnosis_layer_count(step); i++) {
            const char *layer = eb_diagnosis_layer_at(step, i)->layer;
            if (!find_layer(run->diagnosis, layer)) copy_layer(run->diagnosis, best_for(run, layer), layer);
        }
    }
    return eb_diagnosis_status(run->diagnosis) == EB_OK ? EB_OK : eb_error_memory(err);
}
