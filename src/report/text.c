#include "base/text.h"
#include "report/heading.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A cell as people read it: the column's decimals, thousands apart, nulls as a dash. */
static void add_shown(eb_string *out, const eb_table *table, size_t row, size_t column, eb_lang lang)
{
    const eb_column *col = eb_table_column_at(table, column);
    char number[80];

    if (eb_table_is_null(table, row, column)) {
        const char *whole = eb_null_word(table, row, column, lang);
        eb_string_add(out, whole ? whole : "-");
        return;
    }
    if (col->type == EB_COLUMN_TEXT) {
        /* A line break or tab in an attribute would tear the table apart. */
        for (const char *at = eb_cell_word(col, eb_table_text_at(table, row, column), lang); *at; at++) {
            const bool control = (unsigned char)*at < 0x20 || *at == 0x7f;
            eb_string_add_bytes(out, control ? " " : at, 1);
        }
        return;
    }
    eb_table_format_cell(table, row, column, col->type == EB_COLUMN_REAL ? col->decimals : -1, number, sizeof number);
    eb_string_add(out, eb_cell_word(col, number, lang));
}

static void add_blanks(eb_string *out, size_t count)
{
    while (count-- > 0) eb_string_add(out, " ");
}

/** Is there a total below the rows? One of a single row would be that row again; of none it says that there is nothing. */
static bool has_total(const eb_table *table)
{
    return eb_table_has_parts(table) && eb_table_row_count(table) != 1;
}

/** What a column adds up to over all rows, as people read it; nothing where adding makes no sense. */
static char *total_cell(const eb_table *table, size_t column, eb_lang lang)
{
    const eb_column *col = eb_table_column_at(table, column);
    const bool number = col->type == EB_COLUMN_INTEGER || col->type == EB_COLUMN_REAL;
    char text[400] = "";
    double sum = 0;
    if (!number || (col->role != EB_ROLE_SUMMED && col->role != EB_ROLE_SHARE))
        return eb_text_dup(column == 0 ? eb_word(lang, "Total") : "");
    for (size_t row = 0; row < eb_table_row_count(table); row++)
        if (!eb_table_is_null(table, row, column)) sum += eb_table_real_at(table, row, column);
    snprintf(text, sizeof text, "%.*f", col->type == EB_COLUMN_INTEGER ? 0 : col->decimals < 0 ? 6 : col->decimals, sum);
    return eb_text_dup(text);
}

static void free_cells(char **cells, size_t rows, size_t columns)
{
    for (size_t i = 0; cells && i < (rows + 2) * columns; i++) free(cells[i]);
    free(cells);
}

/** All cells as shown, row by row, the headings first, the total last if there is one. NULL out of memory. */
static char **shown_cells(const eb_table *table, eb_lang lang, size_t rows, size_t columns)
{
    const size_t totals = has_total(table) ? columns : 0;
    char **cells = calloc((rows + 2) * columns + 1, sizeof *cells);

    if (!cells) return NULL;
    for (size_t c = 0; c < columns; c++) {
        char heading[256];
        eb_column_heading(eb_table_column_at(table, c), lang, heading, sizeof heading);
        cells[c] = eb_text_dup(heading);
    }
    for (size_t i = 0; i < rows * columns; i++) {
        eb_string cell = {0};
        add_shown(&cell, table, i / columns, i % columns, lang);
        eb_string_add(&cell, "");
        cells[columns + i] = cell.data ? eb_string_take(&cell) : eb_text_dup("");
    }
    for (size_t c = 0; c < totals; c++) cells[(rows + 1) * columns + c] = total_cell(table, c, lang);
    for (size_t i = 0; i < (rows + 1) * columns + totals; i++)
        if (!cells[i]) {
            free_cells(cells, rows, columns);
            return NULL;
        }
    return cells;
}

static void add_row(eb_string *out, const eb_table *table, char *const *cells, const size_t *widths, size_t columns)
{
    for (size_t c = 0; c < columns; c++) {
        const size_t blanks = widths[c] - eb_text_width(cells[c]);
        const eb_column_type type = eb_table_column_at(table, c)->type;
        const bool right = type == EB_COLUMN_INTEGER || type == EB_COLUMN_REAL;
        if (c) eb_string_add(out, "  ");
        if (right) add_blanks(out, blanks);
        eb_string_add(out, cells[c]);
        if (!right && c + 1 < columns) add_blanks(out, blanks);
    }
    eb_string_add(out, "\n");
}

static void add_rule(eb_string *out, const size_t *widths, size_t columns)
{
    for (size_t c = 0; c < columns; c++) {
        if (c) eb_string_add(out, "  ");
        for (size_t i = 0; i < widths[c]; i++) eb_string_add(out, "-");
    }
    eb_string_add(out, "\n");
}

static void add_remarks(eb_string *out, const eb_table *table, eb_lang lang)
{
    if (*eb_table_method(table)) eb_string_addf(out, "%s: %s\n", eb_word(lang, "Method"), eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        eb_string_addf(out, "%s: %s\n", eb_word(lang, "Note"), eb_table_note_at(table, i));
    }
}

eb_status eb_table_to_text(const eb_table *table, eb_lang lang, char **text, eb_error *err)
{
    return eb_table_to_text_head(table, lang, SIZE_MAX, text, err);
}

eb_status eb_table_to_text_head(const eb_table *table, eb_lang lang, size_t most, char **text, eb_error *err)
{
    const size_t columns = eb_table_column_count(table), all = eb_table_row_count(table), rows = all < most ? all : most;
    char **cells = shown_cells(table, lang, rows, columns);
    size_t *widths = calloc(columns + 1, sizeof *widths);
    eb_string out = {0};

    *text = NULL;
    if (cells && widths && eb_table_status(table) == EB_OK) {
        for (size_t i = 0; i < (rows + 1 + has_total(table)) * columns; i++) {
            const size_t width = eb_text_width(cells[i]);
            if (width > widths[i % columns]) widths[i % columns] = width;
        }
        eb_string_addf(&out, "%s\n", eb_table_title(table));
        if (columns) add_row(&out, table, cells, widths, columns);
        if (columns) add_rule(&out, widths, columns);
        for (size_t r = 1; columns && r <= rows; r++) add_row(&out, table, cells + r * columns, widths, columns);
        if (rows < all) eb_string_addf(&out, eb_word(lang, "... and %zu more rows\n"), all - rows);
        if (has_total(table)) {
            add_rule(&out, widths, columns);
            add_row(&out, table, cells + (rows + 1) * columns, widths, columns);
        }
        add_remarks(&out, table, lang);
        *text = eb_string_take(&out);
    }
    free_cells(cells, rows, columns);
    free(widths);
    return *text ? EB_OK : eb_error_memory(err);
}

/** Text inside a Markdown table cell: bars and backslashes escaped, line breaks as <br>; nothing for NULL. */
static void add_marked(eb_string *out, const char *text)
{
    for (const char *at = text; at && *at; at++) {
        if (*at == '|' || *at == '\\' || *at == '`' || *at == '*' || *at == '_' || *at == '<') {
            eb_string_add(out, "\\");
            eb_string_add_bytes(out, at, 1);
        } else if (*at == '\n') {
            eb_string_add(out, "<br>");
        } else if (*at != '\r') {
            eb_string_add_bytes(out, at, 1);
        }
    }
}

eb_status eb_table_to_markdown(const eb_table *table, eb_lang lang, char **text, eb_error *err)
{
    const size_t columns = eb_table_column_count(table), rows = eb_table_row_count(table);
    char **cells = shown_cells(table, lang, rows, columns);
    eb_string out = {0};

    *text = NULL;
    if (cells && eb_table_status(table) == EB_OK) {
        eb_string_add(&out, "### ");
        add_marked(&out, eb_table_title(table));
        eb_string_add(&out, "\n\n");
        for (size_t r = 0; columns && r <= rows + has_total(table); r++) {
            for (size_t c = 0; c < columns; c++) {
                eb_string_add(&out, "| ");
                add_marked(&out, cells[r * columns + c]);
                eb_string_add(&out, " ");
            }
            eb_string_add(&out, "|\n");
            for (size_t c = 0; r == 0 && c < columns; c++) {
                const eb_column_type type = eb_table_column_at(table, c)->type;
                eb_string_add(&out, type == EB_COLUMN_INTEGER || type == EB_COLUMN_REAL ? "|---:" : "|---");
            }
            if (r == 0) eb_string_add(&out, "|\n");
        }
        eb_string_add(&out, "\n");
        if (*eb_table_method(table)) {
            eb_string_addf(&out, "%s: ", eb_word(lang, "Method"));
            add_marked(&out, eb_table_method(table));
            eb_string_add(&out, "\n\n");
        }
        for (size_t i = 0; i < eb_table_note_count(table); i++) {
            eb_string_add(&out, "- ");
            add_marked(&out, eb_table_note_at(table, i));
            eb_string_add(&out, "\n");
        }
        *text = eb_string_take(&out);
    }
    free_cells(cells, rows, columns);
    return *text ? EB_OK : eb_error_memory(err);
}
