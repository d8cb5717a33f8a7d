#include <ecobelt/table.h>

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

enum { CASES_KEPT = 100 };

struct eb_diagnosis {
    eb_layer_counts *layers;
    size_t layer_count, layer_capacity;
    eb_case *cases;
    size_t case_count, case_capacity;
    bool failed;
};

static const char *const event_names[EB_EVENT_END] = {
    [EB_EVENT_NULL] = "null",         [EB_EVENT_INVALID] = "invalid", [EB_EVENT_REPAIRED] = "repaired",
    [EB_EVENT_REJECTED] = "rejected", [EB_EVENT_SLIVER] = "sliver",   [EB_EVENT_NOTE] = "note",
};

const char *eb_event_name(eb_event event)
{
    return (unsigned)event < EB_EVENT_END ? event_names[event] : "unknown";
}

eb_diagnosis *eb_diagnosis_new(void)
{
    return calloc(1, sizeof(eb_diagnosis));
}

void eb_diagnosis_free(eb_diagnosis *diagnosis)
{
    if (!diagnosis) return;
    for (size_t i = 0; i < diagnosis->layer_count; i++) free(diagnosis->layers[i].layer);
    for (size_t i = 0; i < diagnosis->case_count; i++) {
        free(diagnosis->cases[i].layer);
        free(diagnosis->cases[i].reason);
    }
    free(diagnosis->layers);
    free(diagnosis->cases);
    free(diagnosis);
}

eb_status eb_diagnosis_status(const eb_diagnosis *diagnosis)
{
    return !diagnosis || diagnosis->failed ? EB_NO_MEMORY : EB_OK;
}

/* The counts of a layer, made on first use; NULL out of memory. */
static eb_layer_counts *counts_of(eb_diagnosis *diagnosis, const char *layer)
{
    for (size_t i = 0; i < diagnosis->layer_count; i++)
        if (strcmp(diagnosis->layers[i].layer, layer) == 0) return &diagnosis->layers[i];
    char *name = eb_text_dup(layer);
    if (!name || !eb_array_reserve(&diagnosis->layers, &diagnosis->layer_capacity, diagnosis->layer_count + 1, sizeof *diagnosis->layers)) {
        free(name);
        diagnosis->failed = true;
        return NULL;
    }
    eb_layer_counts *fresh = &diagnosis->layers[diagnosis->layer_count++];
    *fresh = (eb_layer_counts){.layer = name};
    return fresh;
}

void eb_diagnosis_count(eb_diagnosis *diagnosis, const char *layer, int64_t read, int64_t written)
{
    eb_layer_counts *counts = counts_of(diagnosis, layer ? layer : "");
    if (!counts) return;
    counts->read += read;
    counts->written += written;
}

static void keep_case(eb_diagnosis *diagnosis, const eb_case *from)
{
    char *layer = eb_text_dup(from->layer), *reason = eb_text_dup(from->reason ? from->reason : "");
    if (!layer || !reason ||
        !eb_array_reserve(&diagnosis->cases, &diagnosis->case_capacity, diagnosis->case_count + 1, sizeof *diagnosis->cases)) {
        free(layer);
        free(reason);
        diagnosis->failed = true;
        return;
    }
    eb_case *kept = &diagnosis->cases[diagnosis->case_count++];
    *kept = *from;
    kept->layer = layer;
    kept->reason = reason;
}

/* A remark on a layer as a whole says nothing new the second time. */
static bool said(const eb_diagnosis *diagnosis, eb_event event, const char *layer, int64_t fid, const char *reason)
{
    if (event != EB_EVENT_NOTE || fid != EB_NO_FID || !reason) return false;
    for (size_t i = 0; i < diagnosis->case_count; i++) {
        const eb_case *kept = &diagnosis->cases[i];
        if (kept->event == event && kept->fid == fid && strcmp(kept->layer, layer) == 0 && kept->reason &&
            strcmp(kept->reason, eb_translate(reason)) == 0)
            return true;
    }
    return false;
}

void eb_diagnosis_add(eb_diagnosis *diagnosis, eb_event event, const char *layer, int64_t fid, double x, double y, double area_before_m2,
                      double area_after_m2, const char *reason)
{
    eb_layer_counts *counts = counts_of(diagnosis, layer ? layer : "");
    if (!counts || (unsigned)event >= EB_EVENT_END || said(diagnosis, event, counts->layer, fid, reason)) return;
    if (event == EB_EVENT_REPAIRED) {
        counts->repaired_before_m2 += isnan(area_before_m2) ? 0 : area_before_m2;
        counts->repaired_after_m2 += isnan(area_after_m2) ? 0 : area_after_m2;
    }
    if (++counts->events[event] > CASES_KEPT) return;
    eb_case fresh = {.event = event,
                     .layer = counts->layer,
                     .fid = fid,
                     .x = x,
                     .y = y,
                     .area_before_m2 = area_before_m2,
                     .area_after_m2 = area_after_m2};
    char *text = eb_text_dup(eb_translate(reason));
    if (text) eb_text_mend_utf8(text);
    fresh.reason = text;
    keep_case(diagnosis, &fresh);
    free(text);
}

void eb_diagnosis_note(eb_diagnosis *diagnosis, const char *layer, const char *format, ...)
{
    char text[640];
    va_list args;
    if (!diagnosis) return;
    va_start(args, format);
    eb_translate_into(text, sizeof text, format, args);
    va_end(args);
    eb_diagnosis_add(diagnosis, EB_EVENT_NOTE, layer, EB_NO_FID, NAN, NAN, NAN, NAN, text);
}

void eb_diagnosis_merge(eb_diagnosis *diagnosis, const eb_diagnosis *other)
{
    if (other->failed) diagnosis->failed = true;
    /* Cases first: whether one is still kept depends on the counts before this merge. */
    for (size_t i = 0; i < other->case_count; i++) {
        const eb_case *from = &other->cases[i];
        eb_layer_counts *counts = counts_of(diagnosis, from->layer);
        if (!counts) return;
        if (said(diagnosis, from->event, from->layer, from->fid, from->reason)) {
            counts->events[from->event]--; /* which is among those that are added below */
            continue;
        }
        int64_t kept = 0;
        for (size_t k = 0; k < diagnosis->case_count; k++)
            kept += diagnosis->cases[k].event == from->event && strcmp(diagnosis->cases[k].layer, from->layer) == 0;
        if (kept < CASES_KEPT) keep_case(diagnosis, from);
    }
    for (size_t i = 0; i < other->layer_count; i++) {
        const eb_layer_counts *from = &other->layers[i];
        eb_layer_counts *to = counts_of(diagnosis, from->layer);
        if (!to) return;
        to->read += from->read;
        to->written += from->written;
        to->repaired_before_m2 += from->repaired_before_m2;
        to->repaired_after_m2 += from->repaired_after_m2;
        for (int e = 0; e < EB_EVENT_END; e++) to->events[e] += from->events[e];
    }
}

size_t eb_diagnosis_layer_count(const eb_diagnosis *diagnosis)
{
    return diagnosis->layer_count;
}

const eb_layer_counts *eb_diagnosis_layer_at(const eb_diagnosis *diagnosis, size_t i)
{
    return i < diagnosis->layer_count ? &diagnosis->layers[i] : NULL;
}

size_t eb_diagnosis_case_count(const eb_diagnosis *diagnosis)
{
    return diagnosis->case_count;
}

const eb_case *eb_diagnosis_case_at(const eb_diagnosis *diagnosis, size_t i)
{
    return i < diagnosis->case_count ? &diagnosis->cases[i] : NULL;
}

int64_t eb_diagnosis_total(const eb_diagnosis *diagnosis, eb_event event)
{
    int64_t total = 0;
    for (size_t i = 0; i < diagnosis->layer_count && (unsigned)event < EB_EVENT_END; i++) total += diagnosis->layers[i].events[event];
    return total;
}
