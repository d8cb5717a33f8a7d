#include "analysis/empty.h"
#include "base/translate.h"

#include <string.h>

#define NO_FEATURES N_("the layer has no features")
#define NONE_PASSES N_("no feature of the layer passes its filter")

static const char *name_of(const eb_schema *schema)
{
    return schema->name ? schema->name : "";
}

int64_t eb_empty_read(const eb_diagnosis *diagnosis, const eb_schema *schema)
{
    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++) {
        const eb_layer_counts *counts = eb_diagnosis_layer_at(diagnosis, i);
        if (strcmp(counts->layer, name_of(schema)) == 0) return counts->read;
    }
    return 0;
}

bool eb_empty_record(eb_diagnosis *diagnosis, const eb_schema *schema, const char *where, int64_t before)
{
    if (eb_empty_read(diagnosis, schema) > before) return false;
    eb_diagnosis_note(diagnosis, name_of(schema), "%s", where ? _(NONE_PASSES) : _(NO_FEATURES));
    return true;
}

void eb_empty_note(const eb_diagnosis *diagnosis, eb_table *table)
{
    for (size_t i = 0; i < eb_diagnosis_case_count(diagnosis); i++) {
        const eb_case *found = eb_diagnosis_case_at(diagnosis, i);
        const bool empty = strcmp(found->reason, _(NO_FEATURES)) == 0 || strcmp(found->reason, _(NONE_PASSES)) == 0;
        if (found->event == EB_EVENT_NOTE && empty) eb_table_add_note(table, "%s: %s", found->layer, found->reason);
    }
}
