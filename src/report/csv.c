#include "base/text.h"
#include "report/file.h"
#include "report/heading.h"

#include <stdlib.h>
#include <string.h>

/** A CSV field: quoted where RFC 4180 needs it, and where blanks at its ends would get lost. */
static void add_field(eb_string *out, const char *text)
{
    const size_t size = strlen(text);
    const bool blank_ends = size > 0 && (text[0] == ' ' || text[size - 1] == ' ');

    if (!blank_ends && !strpbrk(text, ",\"\r\n")) {
        eb_string_add_bytes(out, text, size);
        return;
    }
    eb_string_add(out, "\"");
    for (const char *at = text; *at; at++) eb_string_add_bytes(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    eb_string_add(out, "\"");
}

/** A text that is there but empty is "", so that it differs from a null. */
static void add_cell(eb_string *out, const eb_table *table, size_t row, size_t column)
{
    char number[64];

    if (eb_table_is_null(table, row, column)) return;
    if (eb_table_column_at(table, column)->type == EB_COLUMN_TEXT) {
        const char *text = eb_table_text_at(table, row, column);
        if (*text) {
            add_field(out, text);
        } else {
            eb_string_add(out, "\"\"");
        }
        return;
    }
    eb_table_format_cell(table, row, column, -1, number, sizeof number);
    eb_string_add(out, number);
}

eb_status eb_table_to_csv(const eb_table *table, bool mark, char **text, eb_error *err)
{
    eb_string out = {0};
    const size_t columns = eb_table_column_count(table);

    *text = NULL;
    if (eb_table_status(table) != EB_OK) return eb_error_memory(err);
    if (mark) eb_string_add(&out, "\xEF\xBB\xBF");
    for (size_t c = 0; c < columns; c++) {
        if (c) eb_string_add(&out, ",");
        add_field(&out, eb_table_column_at(table, c)->name);
    }
    if (columns) eb_string_add(&out, "\r\n");
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        /* A lone null would be an empty line, which readers skip. */
        if (columns == 1 && eb_table_is_null(table, r, 0)) eb_string_add(&out, "\"\"");
        for (size_t c = 0; c < columns; c++) {
            if (c) eb_string_add(&out, ",");
            add_cell(&out, table, r, c);
        }
        eb_string_add(&out, "\r\n");
    }
    *text = eb_string_take(&out);
    return *text ? EB_OK : eb_error_memory(err);
}

eb_status eb_table_write_csv(const eb_table *table, const char *file, eb_error *err)
{
    char *text = NULL;
    eb_status status = eb_table_to_csv(table, true, &text, err);

    if (status == EB_OK) status = eb_file_write(file, text, strlen(text), err);
    free(text);
    return status;
}

eb_status eb_table_write_csvt(const eb_table *table, const char *file, eb_error *err)
{
    static const char *const types[] = {
        [EB_COLUMN_TEXT] = "\"String\"",
        [EB_COLUMN_INTEGER] = "\"Integer64\"",
        [EB_COLUMN_REAL] = "\"Real\"",
        [EB_COLUMN_BOOLEAN] = "\"Integer(Boolean)\"",
    };
    eb_string out = {0};

    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        if (c) eb_string_add(&out, ",");
        eb_string_add(&out, types[eb_table_column_at(table, c)->type]);
    }
    eb_string_add(&out, "\r\n");
    eb_status status = out.failed ? eb_error_memory(err) : eb_file_write(file, out.data, out.size, err);
    eb_string_clear(&out);
    return status;
}

static void add_about(eb_string *out, const eb_table *table, eb_lang lang)
{
    char heading[256];

    /* Notepad and old editors guess the encoding without a mark. */
    eb_string_addf(out, "\xEF\xBB\xBF%s\r\n\r\n", eb_table_title(table));
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        eb_column_heading(eb_table_column_at(table, c), lang, heading, sizeof heading);
        eb_string_addf(out, "%s: %s\r\n", eb_table_column_at(table, c)->name, heading);
    }
    if (*eb_table_method(table)) eb_string_addf(out, "\r\n%s: %s\r\n", eb_word(lang, "Method"), eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++)
        eb_string_addf(out, "%s: %s\r\n", eb_word(lang, "Note"), eb_table_note_at(table, i));
}

eb_status eb_table_write_about(const eb_table *table, eb_lang lang, const char *file, eb_error *err)
{
    eb_string out = {0};

    add_about(&out, table, lang);
    eb_status status = out.failed ? eb_error_memory(err) : eb_file_write(file, out.data, out.size, err);
    eb_string_clear(&out);
    return status;
}

eb_status eb_table_write_csv_about(const eb_table *table, eb_lang lang, const char *file, const char *about, eb_error *err)
{
    eb_string words = {0};
    char *text = NULL;
    eb_status status = eb_table_to_csv(table, true, &text, err);

    add_about(&words, table, lang);
    if (status == EB_OK && words.failed) status = eb_error_memory(err);
    if (status == EB_OK)
        status = eb_files_write((const eb_file_part[]){{about, words.data, words.size}, {file, text, strlen(text)}}, 2, err);
    eb_string_clear(&words);
    free(text);
    return status;
}
