#include "report/heading.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void eb_title_mark(eb_string *title, eb_lang lang)
{
    const char *word = eb_word(lang, "schematic");

    if (!strstr(eb_string_get(title), word)) eb_string_addf(title, lang == EB_LANG_ZH ? "(%s)" : " (%s)", word);
}

/** A column that says it in every row: a CSV file has no other place, and rows are copied out of tables. */
static void mark_rows(eb_table *table)
{
    const eb_column status = {.name = "status", .type = EB_COLUMN_TEXT, .decimals = -1};

    if (eb_table_find(table, status.name) >= 0) return;
    const size_t column = eb_table_add_column(table, &status);
    for (size_t r = 0; r < eb_table_row_count(table); r++) eb_table_set_text(table, r, column, "schematic");
}

void eb_table_mark_schematic(eb_table *table, const char *names, eb_lang lang)
{
    eb_string title = {0};

    eb_string_add(&title, eb_table_title(table));
    eb_title_mark(&title, lang);
    if (!title.failed) eb_table_set_title(table, eb_string_get(&title));
    eb_string_clear(&title);
    eb_table_add_note(table, eb_word(lang, "schematic: made from %s; no official boundary"), names);
    mark_rows(table);
}
