#include "cli/summary.h"

#include <stdlib.h>

#include "report/json.h"

eb_status eb_summary_json(const eb_summary *summary, eb_status outcome, char **text, eb_error *err)
{
    eb_string out = {0};
    eb_string_add(&out, "{\"command\":");
    eb_string_add_json(&out, summary->command);
    eb_string_addf(&out, ",\"version\":\"%s\",\"status\":\"%s\",\n\"tables\":[", eb_version(), eb_status_name(outcome));
    for (size_t i = 0; i < summary->table_count; i++) {
        eb_string_add(&out, i ? ",\n" : "\n");
        eb_json_add_table(&out, summary->tables[i]);
    }
    eb_string_add(&out, "],\n\"layers\":[");
    for (size_t i = 0; i < summary->layer_count; i++) {
        eb_string_add(&out, i ? ",{\"role\":" : "{\"role\":");
        eb_string_add_json(&out, summary->layers[i].role);
        eb_string_add(&out, ",\"file\":");
        eb_string_add_json(&out, summary->layers[i].file);
        eb_string_add(&out, "}");
    }
    eb_string_add(&out, "],\n\"diagnosis\":");
    eb_json_add_diagnosis(&out, summary->diagnosis);
    eb_string_add(&out, "}\n");
    *text = eb_string_take(&out);
    return *text ? EB_OK : eb_error_memory(err);
}

void eb_summary_clear(eb_summary *summary)
{
    for (size_t i = 0; i < summary->table_count; i++) eb_table_free(summary->tables[i]);
    for (size_t i = 0; i < summary->layer_count; i++) {
        free(summary->layers[i].role);
        free(summary->layers[i].file);
    }
    free(summary->tables);
    free(summary->layers);
    eb_diagnosis_free(summary->diagnosis);
    *summary = (eb_summary){0};
}
