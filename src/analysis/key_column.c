#include "analysis/key_column.h"

#include <stdio.h>
#include <string.h>

eb_column_type eb_key_column_type(eb_field_type type)
{
    switch (type) {
    case EB_FIELD_INTEGER:
        return EB_COLUMN_INTEGER;
    case EB_FIELD_REAL:
        return EB_COLUMN_REAL;
    case EB_FIELD_BOOLEAN:
        return EB_COLUMN_BOOLEAN;
    default:
        return EB_COLUMN_TEXT;
    }
}

void eb_key_column_set(eb_table *table, size_t row, size_t column, const eb_batch *batch, size_t i, size_t field)
{
    if (eb_batch_is_null(batch, i, field)) return;
    switch (eb_key_column_type(batch->schema->fields[field].type)) {
    case EB_COLUMN_INTEGER:
        eb_table_set_integer(table, row, column, eb_batch_integer_at(batch, i, field));
        break;
    case EB_COLUMN_REAL:
        eb_table_set_real(table, row, column, eb_batch_real_at(batch, i, field));
        break;
    case EB_COLUMN_BOOLEAN:
        eb_table_set_boolean(table, row, column, eb_batch_integer_at(batch, i, field) != 0);
        break;
    case EB_COLUMN_TEXT:
        eb_table_set_text(table, row, column, eb_batch_text_at(batch, i, field));
        break;
    }
}

const char *eb_key_text(const eb_batch *batch, size_t i, size_t field, char text[EB_KEY_NUMBER])
{
    const eb_field_type type = batch->schema->fields[field].type;
    if (type != EB_FIELD_INTEGER && type != EB_FIELD_REAL && type != EB_FIELD_BOOLEAN) return eb_batch_text_at(batch, i, field);
    eb_batch_format_at(batch, i, field, text, EB_KEY_NUMBER);
    return text;
}

/* Words that tables write in place of a name, in the language of the tables and in that of the source. */
static bool stands_for_none(const char *text, size_t size)
{
    const char *const words[] = {EB_KEY_NULL, N_("(overlap)"), _("(overlap)"), N_("(the rest)"), _("(the rest)")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) return true;
    return false;
}

static bool wants_quotes(const char *text)
{
    const size_t marks = strspn(text, "\"");
    size_t size = strlen(text);
    for (size_t i = 0; i < marks; i++)
        if (size <= marks || text[--size] != '"') return false;
    return size > marks && stands_for_none(text + marks, size - marks);
}

const char *eb_key_name(const eb_batch *batch, size_t i, size_t field, eb_string *scratch)
{
    char number[EB_KEY_NUMBER];
    if (eb_batch_is_null(batch, i, field)) return EB_KEY_NULL;
    const char *text = eb_key_text(batch, i, field, number);
    if (text != number && !wants_quotes(text)) return text;
    eb_string_cut(scratch, 0);
    eb_string_addf(scratch, text == number ? "%s" : "\"%s\"", text);
    return scratch->failed ? NULL : eb_string_get(scratch);
}

int eb_key_column_add_figure(eb_schema *schema, const char *name, eb_field_type type)
{
    char free_name[128];
    snprintf(free_name, sizeof free_name, "%.100s", name);
    for (int n = 2; eb_schema_find(schema, free_name) >= 0; n++) snprintf(free_name, sizeof free_name, "%.100s_%d", name, n);
    return eb_schema_add_field(schema, free_name, type);
}
