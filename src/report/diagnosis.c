#include "base/text.h"
#include "report/heading.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/** Cases shown a layer and kind; all of them are in run.json. */
enum { CASES_SHOWN = 5 };

static const char *const words[EB_EVENT_END] = {
    [EB_EVENT_NULL] = N_("without geometry"), [EB_EVENT_INVALID] = N_("invalid, used as they are"),
    [EB_EVENT_REPAIRED] = N_("repaired"),     [EB_EVENT_REJECTED] = N_("not used"),
    [EB_EVENT_SLIVER] = N_("slivers"),        [EB_EVENT_NOTE] = N_("remarks"),
};

static void add_case(eb_string *out, const eb_case *found, eb_lang lang)
{
    char number[64];

    eb_string_add(out, "    ");
    const size_t begin = out->size;
    if (found->fid != EB_NO_FID) eb_string_addf(out, eb_word(lang, "feature %" PRId64), found->fid);
    if (isfinite(found->x) && isfinite(found->y)) {
        eb_text_from_real(number, sizeof number, found->x);
        eb_string_addf(out, "%s(%s, ", found->fid != EB_NO_FID ? " " : "", number);
        eb_text_from_real(number, sizeof number, found->y);
        eb_string_addf(out, "%s)", number);
    }
    if (isfinite(found->area_before_m2) && isfinite(found->area_after_m2)) {
        eb_text_from_fixed(number, sizeof number, found->area_before_m2, 2);
        eb_string_addf(out, " %s", number);
        eb_text_from_fixed(number, sizeof number, found->area_after_m2, 2);
        eb_string_addf(out, " -> %s m²", number);
    }
    if (found->reason && *found->reason) eb_string_addf(out, "%s%s", out->size > begin ? ": " : "", found->reason);
    eb_string_add(out, "\n");
}

static void add_cases(eb_string *out, const eb_diagnosis *diagnosis, const char *layer, eb_event event, int64_t total, eb_lang lang)
{
    int64_t shown = 0;

    for (size_t i = 0; i < eb_diagnosis_case_count(diagnosis) && shown < CASES_SHOWN; i++) {
        const eb_case *found = eb_diagnosis_case_at(diagnosis, i);
        if (found->event != event || strcmp(found->layer, layer) != 0) continue;
        add_case(out, found, lang);
        shown++;
    }
    if (shown > 0 && total > shown) eb_string_addf(out, eb_word(lang, "    and %" PRId64 " more\n"), total - shown);
}

static void add_layer(eb_string *out, const eb_diagnosis *diagnosis, const eb_layer_counts *counts, eb_lang lang)
{
    int64_t events = 0;

    for (int event = 0; event < EB_EVENT_END; event++) events += counts->events[event];
    if (events == 0) return;
    /* Of a layer that is written, nothing is read. */
    if (counts->read)
        eb_string_addf(out, eb_word(lang, "%s: %" PRId64 " features read\n"), counts->layer, counts->read);
    else
        eb_string_addf(out, "%s\n", counts->layer);
    for (int event = 0; event < EB_EVENT_END; event++) {
        if (counts->events[event] == 0) continue;
        eb_string_addf(out, "  %" PRId64 " %s", counts->events[event], eb_word(lang, words[event]));
        if (event == EB_EVENT_REPAIRED && isfinite(counts->repaired_before_m2) && isfinite(counts->repaired_after_m2)) {
            char before[64], after[64];
            eb_text_from_fixed(before, sizeof before, counts->repaired_before_m2, 2);
            eb_text_from_fixed(after, sizeof after, counts->repaired_after_m2, 2);
            eb_string_addf(out, ", %s -> %s m²", before, after);
        }
        eb_string_add(out, "\n");
        add_cases(out, diagnosis, counts->layer, (eb_event)event, counts->events[event], lang);
    }
}

eb_status eb_diagnosis_to_text(const eb_diagnosis *diagnosis, eb_lang lang, char **text, eb_error *err)
{
    eb_string out = {0};

    *text = NULL;
    if (eb_diagnosis_status(diagnosis) != EB_OK) return eb_error_memory(err);
    eb_string_add_bytes(&out, "", 0);
    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++) add_layer(&out, diagnosis, eb_diagnosis_layer_at(diagnosis, i), lang);
    if (out.failed) {
        eb_string_clear(&out);
        return eb_error_memory(err);
    }
    *text = out.data ? eb_string_take(&out) : eb_text_dup("");
    return *text ? EB_OK : eb_error_memory(err);
}
