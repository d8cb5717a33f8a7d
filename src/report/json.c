#include "report/json.h"

#include "report/heading.h"

#include <inttypes.h>

static const char *const type_names[] = {
    [EB_COLUMN_TEXT] = "text", [EB_COLUMN_INTEGER] = "integer", [EB_COLUMN_REAL] = "number", [EB_COLUMN_BOOLEAN] = "boolean"};

static void add_member(eb_string *out, const char *key, const char *value)
{
    eb_string_addf(out, "\"%s\":", key);
    eb_string_add_json(out, value);
}

static void add_columns(eb_string *out, const eb_table *table)
{
    eb_string_add(out, "\"columns\":[");
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        eb_string_add(out, c ? ",{" : "{");
        add_member(out, "name", column->name);
        eb_string_add(out, ",");
        add_member(out, "type", type_names[column->type]);
        eb_string_add(out, ",");
        add_member(out, "unit", column->unit);
        eb_string_add(out, "}");
    }
    eb_string_add(out, "]");
}

static void add_value(eb_string *out, const eb_table *table, size_t row, size_t column)
{
    if (eb_table_is_null(table, row, column)) {
        eb_string_add(out, "null");
        return;
    }
    switch (eb_table_column_at(table, column)->type) {
    case EB_COLUMN_TEXT:
        eb_string_add_json(out, eb_table_text_at(table, row, column));
        break;
    case EB_COLUMN_INTEGER:
        eb_string_addf(out, "%" PRId64, eb_table_integer_at(table, row, column));
        break;
    case EB_COLUMN_REAL:
        eb_string_add_number(out, eb_table_real_at(table, row, column));
        break;
    case EB_COLUMN_BOOLEAN:
        eb_string_add(out, eb_table_boolean_at(table, row, column) ? "true" : "false");
        break;
    }
}

static void add_rows(eb_string *out, const eb_table *table)
{
    eb_string_add(out, "\"rows\":[");
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        eb_string_add(out, r ? ",{" : "{");
        for (size_t c = 0; c < eb_table_column_count(table); c++) {
            if (c) eb_string_add(out, ",");
            eb_string_add_json(out, eb_table_column_at(table, c)->name);
            eb_string_add(out, ":");
            add_value(out, table, r, c);
        }
        eb_string_add(out, "}");
    }
    eb_string_add(out, "]");
}

void eb_json_add_table(eb_string *out, const eb_table *table)
{
    eb_string_add(out, "{");
    add_member(out, "name", eb_table_name(table));
    eb_string_add(out, ",");
    add_member(out, "title", eb_table_title(table));
    eb_string_add(out, ",");
    add_columns(out, table);
    eb_string_add(out, ",");
    add_rows(out, table);
    eb_string_add(out, ",");
    add_member(out, "method", *eb_table_method(table) ? eb_table_method(table) : NULL);
    eb_string_add(out, ",\"notes\":[");
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        if (i) eb_string_add(out, ",");
        eb_string_add_json(out, eb_table_note_at(table, i));
    }
    eb_string_add(out, "]}");
}

eb_status eb_table_to_json(const eb_table *table, char **text, eb_error *err)
{
    eb_string out = {0};

    *text = NULL;
    if (eb_table_status(table) != EB_OK) return eb_error_memory(err);
    eb_json_add_table(&out, table);
    eb_string_add(&out, "\n");
    *text = eb_string_take(&out);
    return *text ? EB_OK : eb_error_memory(err);
}

static void add_counts(eb_string *out, const eb_layer_counts *counts)
{
    eb_string_add(out, "{");
    add_member(out, "layer", counts->layer);
    eb_string_addf(out, ",\"read\":%" PRId64 ",\"written\":%" PRId64, counts->read, counts->written);
    for (int event = 0; event < EB_EVENT_END; event++) {
        eb_string_addf(out, ",\"%s\":%" PRId64, eb_event_name((eb_event)event), counts->events[event]);
    }
    eb_string_add(out, ",\"repaired_before_m2\":");
    eb_string_add_number(out, counts->repaired_before_m2);
    eb_string_add(out, ",\"repaired_after_m2\":");
    eb_string_add_number(out, counts->repaired_after_m2);
    eb_string_add(out, "}");
}

static void add_case(eb_string *out, const eb_case *found)
{
    eb_string_add(out, "{");
    add_member(out, "event", eb_event_name(found->event));
    eb_string_add(out, ",");
    add_member(out, "layer", found->layer);
    if (found->fid == EB_NO_FID) {
        eb_string_add(out, ",\"fid\":null");
    } else {
        eb_string_addf(out, ",\"fid\":%" PRId64, found->fid);
    }
    const double values[] = {found->x, found->y, found->area_before_m2, found->area_after_m2};
    static const char *const keys[] = {"x", "y", "area_before_m2", "area_after_m2"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        eb_string_addf(out, ",\"%s\":", keys[i]);
        eb_string_add_number(out, values[i]);
    }
    eb_string_add(out, ",");
    add_member(out, "reason", found->reason);
    eb_string_add(out, "}");
}

void eb_json_add_diagnosis(eb_string *out, const eb_diagnosis *diagnosis)
{
    eb_string_add(out, "{\"layers\":[");
    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++) {
        if (i) eb_string_add(out, ",");
        add_counts(out, eb_diagnosis_layer_at(diagnosis, i));
    }
    eb_string_add(out, "],\"cases\":[");
    for (size_t i = 0; i < eb_diagnosis_case_count(diagnosis); i++) {
        if (i) eb_string_add(out, ",");
        add_case(out, eb_diagnosis_case_at(diagnosis, i));
    }
    eb_string_add(out, "]}");
}
