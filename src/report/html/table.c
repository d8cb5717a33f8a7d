/* Tables of a page. */
#include "report/html/parts.h"

#include "base/array.h"
#include "base/translate.h"
#include "report/heading.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* More columns than these are set smaller on paper; tables of fewer rows are kept on one page. */
enum { DENSE = 9, PACKED = 14, SHORT = 16 };

static bool is_number(const eb_column *column)
{
    return column->type == EB_COLUMN_INTEGER || column->type == EB_COLUMN_REAL;
}

static bool is_column(const eb_column *column, const char *name)
{
    return strcmp(column->name, name) == 0;
}

/** "1239712.50" to "1,239,712.50". */
static void group_digits(const char *number, char *text, size_t size)
{
    const size_t sign = *number == '-', digits = strspn(number + sign, "0123456789");
    size_t used = 0;

    for (size_t i = 0; number[i] && used + 2 < size; i++) {
        if (i > sign && i < sign + digits && (sign + digits - i) % 3 == 0) text[used++] = ',';
        text[used++] = number[i];
    }
    text[used] = '\0';
}

/** A number as people read it. What names a row ("2000" for a width) and years stay as they are. */
static void add_number(eb_page *page, const eb_table *table, size_t row, size_t c)
{
    const eb_column *column = eb_table_column_at(table, c);
    char plain[80], text[112];

    eb_table_format_cell(table, row, c, column->type == EB_COLUMN_REAL ? column->decimals : -1, plain, sizeof plain);
    group_digits(plain, text, sizeof text);
    eb_xml_add(&page->out, is_number(column) && column->role != EB_ROLE_KEY ? text : plain);
}

static void add_verdict(eb_page *page, const eb_column *column, const char *code)
{
    const char *kind = strcmp(code, "met") == 0 || strcmp(code, "compared") == 0 ? code : "missed";

    eb_page_line(page, "td", kind, eb_cell_word(column, code, page->lang));
}

/** A source with the note of its row below it: side by side they would leave each other no room. */
static void add_source(eb_page *page, const eb_table *table, size_t row, const char *text)
{
    const int note = eb_table_find(table, "note");

    eb_string_add(&page->out, strlen(text) > 20 ? "<td class=\"wide\">" : "<td>");
    eb_xml_add(&page->out, text);
    if (note >= 0 && !eb_table_is_null(table, row, (size_t)note)) {
        eb_string_add(&page->out, "<br>");
        eb_page_line(page, "small", "", eb_table_text_at(table, row, (size_t)note));
    }
    eb_string_add(&page->out, "</td>");
}

void eb_page_text(eb_page *page, const char *text)
{
    const size_t width = eb_text_width(text);

    eb_page_line(page, "td", width > 48 ? "wide" : width <= 12 ? "s" : "", text);
}

static void add_cell(eb_page *page, const eb_table *table, size_t row, size_t c)
{
    const eb_column *column = eb_table_column_at(table, c);
    const char *text = column->type == EB_COLUMN_TEXT ? eb_table_text_at(table, row, c) : NULL;

    if (eb_null_word(table, row, c, page->lang)) {
        eb_page_line(page, "td", is_number(column) ? "n none" : "none", eb_null_word(table, row, c, page->lang));
    } else if (eb_table_is_null(table, row, c)) {
        eb_page_line(page, "td", is_number(column) ? "n none" : "none", "–");
    } else if (text && is_column(column, "verdict")) {
        add_verdict(page, column, text);
    } else if (text && is_column(column, "source")) {
        add_source(page, table, row, text);
    } else if (text) {
        eb_page_text(page, eb_cell_word(column, text, page->lang));
    } else if (column->type == EB_COLUMN_BOOLEAN) {
        const bool yes = eb_table_boolean_at(table, row, c);
        eb_page_line(page, "td", "", yes ? eb_page_word(page, "yes") : eb_page_word(page, "no"));
    } else {
        eb_string_add(&page->out, "<td class=\"n\">");
        add_number(page, table, row, c);
        eb_string_add(&page->out, "</td>");
    }
}

/** A column in which no row says anything takes room on paper from those that do; it stands in the workbook. */
static bool is_empty(const eb_table *table, size_t c)
{
    const bool text = eb_table_column_at(table, c)->type == EB_COLUMN_TEXT;

    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        if (!eb_table_is_null(table, r, c) && !(text && !*eb_table_text_at(table, r, c))) return false;
    }
    return eb_table_row_count(table) > 0;
}

static bool is_left_out(const eb_table *table, size_t c, const char *left_out)
{
    const eb_column *column = eb_table_column_at(table, c);
    char name[140];

    if ((is_column(column, "note") && eb_table_find(table, "source") >= 0) || is_empty(table, c)) return true;
    snprintf(name, sizeof name, " %.130s ", column->name);
    return strstr(left_out, name) != NULL;
}

static void add_headings(eb_page *page, const eb_table *table, const char *left_out)
{
    eb_string_add(&page->out, "<thead><tr>");
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        const eb_column *column = eb_table_column_at(table, c);
        char heading[256];
        if (is_left_out(table, c, left_out)) continue;
        eb_column_heading(column, page->lang, heading, sizeof heading);
        eb_page_line(page, "th", is_number(column) ? "n" : "", heading);
    }
    eb_string_add(&page->out, "</tr></thead>");
}

void eb_page_rows(eb_page *page, const eb_table *table, const char *left_out, size_t most)
{
    const size_t columns = eb_table_column_count(table), rows = eb_table_row_count(table);
    char more[160];

    if (rows == 0) {
        eb_page_line(page, "p", "quiet", eb_page_word(page, "No rows: there was nothing of this kind."));
        return;
    }
    eb_string_addf(&page->out, "<div class=\"scroll\"><table class=\"%s%s\">",
                   columns > PACKED  ? "packed"
                   : columns > DENSE ? "dense"
                                     : "plain",
                   rows < SHORT ? " short" : "");
    add_headings(page, table, left_out);
    eb_string_add(&page->out, "<tbody>\n");
    for (size_t r = 0; r < rows && r < most; r++) {
        eb_string_add(&page->out, "<tr>");
        for (size_t c = 0; c < columns; c++) {
            if (!is_left_out(table, c, left_out)) add_cell(page, table, r, c);
        }
        eb_string_add(&page->out, "</tr>\n");
    }
    eb_string_add(&page->out, "</tbody></table></div>\n");
    if (rows <= most) return;
    snprintf(more, sizeof more, eb_page_word(page, "The first %zu of %zu rows; the others are in the table '%.60s' of the workbook."), most,
             rows, eb_table_name(table));
    eb_page_line(page, "p", "quiet", more);
}

/* --- methods and notes ------------------------------------------------------------------------------------------------------------- */

void eb_page_prose(eb_page *page, const eb_table *table, const char *text)
{
    while (*text) {
        char heading[256], word[130];
        const size_t size = eb_heading_in(table, text, page->lang, heading, sizeof heading);
        if (*heading) {
            eb_page_line(page, "i", "", heading);
        } else {
            snprintf(word, sizeof word, "%.*s", (int)size, text);
            eb_xml_add(&page->out, word);
        }
        text += size;
    }
}

/** The number of a method, from 1; the same text has the same number. 0: none. */
static size_t number_of(eb_page *page, const eb_table *table)
{
    const char *text = eb_table_method(table);

    if (!*text) return 0;
    for (size_t i = 0; i < page->method_count; i++) {
        if (strcmp(page->methods[i].text, text) == 0) return i + 1;
    }
    if (!eb_array_reserve(&page->methods, &page->method_capacity, page->method_count + 1, sizeof *page->methods)) {
        page->out.failed = true;
        return 0;
    }
    page->methods[page->method_count++] = (eb_method){text, table};
    return page->method_count;
}

void eb_page_remarks(eb_page *page, const eb_table *table)
{
    const size_t method = number_of(page, table);

    if (!method && eb_table_note_count(table) == 0) return;
    eb_string_add(&page->out, "<ul class=\"notes\">\n");
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        eb_string_add(&page->out, "<li>");
        eb_page_prose(page, table, eb_table_note_at(table, i));
        eb_string_add(&page->out, "</li>\n");
    }
    if (method) {
        eb_string_addf(&page->out, "<li><a href=\"#method-%zu\">", method);
        eb_string_addf(&page->out, eb_page_word(page, "Method %zu"), method);
        eb_string_add(&page->out, "</a></li>\n");
    }
    eb_string_add(&page->out, "</ul>\n");
}

void eb_page_methods(eb_page *page)
{
    if (page->method_count == 0) return;
    eb_page_section(page, "methods", eb_page_word(page, "Method and accuracy"));
    eb_string_add(&page->out, "<dl class=\"methods\">\n");
    for (size_t i = 0; i < page->method_count; i++) {
        eb_string_addf(&page->out, "<div class=\"method\"><dt id=\"method-%zu\">%zu</dt><dd>", i + 1, i + 1);
        eb_page_prose(page, page->methods[i].table, page->methods[i].text);
        eb_string_add(&page->out, "</dd></div>\n");
    }
    eb_string_add(&page->out, "</dl>\n");
}
