/* The steps of a run: what was asked, and what came of it. */
#include "report/html/parts.h"
#include "report/heading.h"
#include "report/plot.h"

#include <stdio.h>
#include <string.h>

/* Longer tables are in the workbook; here stands their beginning. */
enum { ROWS_SHOWN = 60 };

/** Cell of the table of what was asked; "" for none. */
static const char *asked_text(const eb_page *page, size_t row, const char *column)
{
    const eb_table *asked = page->report->asked;
    const int c = eb_table_find(asked, column);
    const char *text = c >= 0 && !eb_table_is_null(asked, row, (size_t)c) ? eb_table_text_at(asked, row, (size_t)c) : NULL;

    return text ? text : "";
}

static bool has_table(const eb_page *page, size_t row)
{
    for (size_t i = 0; i < page->report->table_count; i++) {
        if (page->report->asked_rows[i] == row) return true;
    }
    return false;
}

/** The question, with its exact parameters below. */
static void add_question(eb_page *page, size_t row)
{
    eb_string_add(&page->out, "<td>");
    if (has_table(page, row)) eb_string_addf(&page->out, "<a href=\"#step-%zu\">", row + 1);
    eb_xml_add(&page->out, asked_text(page, row, "title"));
    if (has_table(page, row)) eb_string_add(&page->out, "</a>");
    eb_string_add(&page->out, "<div class=\"parameters\">");
    eb_xml_add(&page->out,
               eb_cell_word(&(eb_column){.name = "analysis", .type = EB_COLUMN_TEXT}, asked_text(page, row, "analysis"), page->lang));
    eb_string_add(&page->out, " ");
    eb_xml_add(&page->out, asked_text(page, row, "parameters"));
    eb_string_add(&page->out, "</div></td>");
}

void eb_page_asked(eb_page *page)
{
    const eb_table *asked = page->report->asked;

    if (!asked || eb_table_row_count(asked) == 0) return;
    eb_page_section(page, "asked", eb_table_title(asked));
    eb_string_add(&page->out, "<div class=\"scroll\"><table><thead><tr><th class=\"n\"></th>");
    eb_page_line(page, "th", "", eb_page_word(page, "Question and parameters"));
    eb_page_line(page, "th", "", eb_page_word(page, "Made from"));
    eb_page_line(page, "th", "", eb_page_word(page, "Remarks"));
    eb_string_add(&page->out, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < eb_table_row_count(asked); r++) {
        const char *status = asked_text(page, r, "status"), *finding = asked_text(page, r, "finding");
        eb_string_addf(&page->out, "<tr><td class=\"n\">%zu</td>", r + 1);
        add_question(page, r);
        eb_page_line(page, "td", "", asked_text(page, r, "made_from"));
        eb_string_add(&page->out, *finding ? "<td>" : "<td class=\"s\">");
        eb_xml_add(&page->out, status);
        if (*finding) {
            eb_string_add(&page->out, *status ? "; <span class=\"missed\">" : "<span class=\"missed\">");
            eb_xml_add(&page->out, finding);
            eb_string_add(&page->out, "</span>");
        }
        eb_string_add(&page->out, "</td></tr>\n");
    }
    eb_string_add(&page->out, "</tbody></table></div>\n");
}

/** What the table was made from, by the step it belongs to. */
static void add_source(eb_page *page, size_t index)
{
    const eb_report *report = page->report;

    if (!report->asked) return;
    const char *from = asked_text(page, report->asked_rows[index], "made_from");
    if (!*from) return;
    eb_string_add(&page->out, "<ul class=\"notes\"><li>");
    eb_string_add(&page->out, eb_page_word(page, "Made from: "));
    eb_xml_add(&page->out, from);
    eb_string_add(&page->out, "</li></ul>\n");
}

/** The first table of a step carries the name that links go to. */
static void add_title(eb_page *page, size_t index)
{
    const eb_report *report = page->report;
    const bool first = report->asked && (index == 0 || report->asked_rows[index - 1] != report->asked_rows[index]);

    eb_string_add(&page->out, "<h3");
    if (first) eb_string_addf(&page->out, " id=\"step-%zu\"", report->asked_rows[index] + 1);
    eb_string_addf(&page->out, "><span class=\"no\">%d.%zu</span>", page->section, index + 1);
    eb_xml_add(&page->out, eb_table_title(report->tables[index]));
    eb_string_add(&page->out, "</h3>\n");
}

/** Heights along routes: thousands of rows that say more as a drawing. */
static bool is_profile(const eb_table *table)
{
    return eb_table_row_count(table) > 1 && eb_table_find(table, "distance_m") >= 0 && eb_table_find(table, "height_m") >= 0;
}

static void add_profile(eb_page *page, const eb_table *table)
{
    const bool stops = eb_table_find(table, "stop") >= 0;

    eb_string_add(&page->out, "<figure class=\"chart\">");
    /* Its columns are there: nothing but memory can fail. */
    if (eb_plot_add(&page->out, table, stops ? "distance_m,height_m,stop" : "distance_m,height_m", page->lang, NULL) != EB_OK)
        page->out.failed = true;
    eb_string_add(&page->out, "</figure>\n");
}

void eb_page_tables(eb_page *page)
{
    const eb_report *report = page->report;

    eb_page_section(page, "tables", eb_page_word(page, "Tables"));
    for (size_t i = 0; i < report->table_count; i++) {
        const eb_table *table = report->tables[i];
        add_title(page, i);
        if (is_profile(table)) {
            add_profile(page, table);
        } else {
            eb_page_rows(page, table, "", ROWS_SHOWN);
        }
        eb_page_remarks(page, table);
        add_source(page, i);
    }
}
