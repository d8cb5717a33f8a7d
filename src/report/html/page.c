#include "report/html/page.h"

#include "report/html/parts.h"
#include "report/html/picture.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the head ---------------------------------------------------------------------------------------------------------------------- */

static size_t count_verdict(const eb_table *targets, const char *code)
{
    const int verdict = targets ? eb_table_find(targets, "verdict") : -1;
    size_t count = 0;

    for (size_t r = 0; verdict >= 0 && r < eb_table_row_count(targets); r++) {
        const char *text = eb_table_text_at(targets, r, (size_t)verdict);
        count += text && strcmp(text, code) == 0;
    }
    return count;
}

static void add_card(eb_page *page, const char *kind, size_t number, const char *word)
{
    eb_string_addf(&page->out, "<div class=\"card%s\"><b>%zu</b>", kind, number);
    eb_xml_add(&page->out, word);
    eb_string_add(&page->out, "</div>\n");
}

static size_t events_of(const eb_diagnosis *diagnosis, eb_event event)
{
    size_t count = 0;

    for (size_t i = 0; diagnosis && i < eb_diagnosis_layer_count(diagnosis); i++)
        count += (size_t)eb_diagnosis_layer_at(diagnosis, i)->events[event];
    return count;
}

/** What a reader wants to know first. */
static void add_cards(eb_page *page)
{
    const eb_report *report = page->report;
    const size_t missed = count_verdict(report->targets, "missed"), uncounted = count_verdict(report->targets, "not computed");
    const size_t refused = events_of(report->diagnosis, EB_EVENT_REJECTED), repaired = events_of(report->diagnosis, EB_EVENT_REPAIRED);

    eb_string_add(&page->out, "<div class=\"cards\">\n");
    if (report->targets) {
        add_card(page, " good", count_verdict(report->targets, "met"), eb_page_word(page, "published figures met"));
        add_card(page, missed + uncounted ? " bad" : "", missed + uncounted, eb_page_word(page, "missed or not computed"));
        add_card(page, "", count_verdict(report->targets, "compared"), eb_page_word(page, "only compared: no tolerance given"));
    }
    add_card(page, "", report->table_count, eb_page_word(page, "tables"));
    add_card(page, "", repaired, eb_page_word(page, "features repaired"));
    add_card(page, refused ? " bad" : "", refused, eb_page_word(page, "features not used"));
    eb_string_add(&page->out, "</div>\n");
}

static void add_name(const eb_page *page, eb_string *names, const char *name)
{
    eb_string_addf(names, "%s%s", names->size ? eb_page_word(page, "; ") : "", name);
}

/** Titles of the schematic inputs: of the table of inputs, whose titles are without a mark of it. */
static void name_schematic(const eb_page *page, eb_string *names)
{
    const eb_report *report = page->report;
    const eb_table *inputs = report->inputs;
    const int status = inputs ? eb_table_find(inputs, "status") : -1, title = inputs ? eb_table_find(inputs, "title") : -1;
    const int layer = inputs ? eb_table_find(inputs, "layer") : -1;

    for (size_t i = 0; status < 0 && i < report->layer_count; i++) {
        if (report->layers[i].schematic && report->layers[i].input) add_name(page, names, report->layers[i].title);
    }
    for (size_t r = 0; status >= 0 && title >= 0 && layer >= 0 && r < eb_table_row_count(inputs); r++) {
        const bool again = r > 0 && strcmp(eb_table_text_at(inputs, r, (size_t)layer), eb_table_text_at(inputs, r - 1, (size_t)layer)) == 0;
        if (!again && !eb_table_is_null(inputs, r, (size_t)status)) add_name(page, names, eb_table_text_at(inputs, r, (size_t)title));
    }
}

/** The layers that show no official boundary, and that all made from them is no more official. */
static void add_warning(eb_page *page)
{
    eb_string names = {0};

    name_schematic(page, &names);
    if (names.size) {
        eb_string_add(&page->out, "<p class=\"warn\"><b>");
        eb_string_add(&page->out, eb_page_word(page, "Schematic.</b> These layers show no official boundary, and what is made from them is "
                                                     "no more official: "));
        eb_xml_add(&page->out, names.data);
        eb_string_add(&page->out, "</p>\n");
    }
    page->out.failed = page->out.failed || names.failed;
    eb_string_clear(&names);
}

/** "37 calculations, 36 tables, 14 input layers." */
static void add_lead(eb_page *page)
{
    const eb_report *report = page->report;
    char text[240];
    size_t inputs = 0;

    for (size_t i = 0; i < report->layer_count; i++) inputs += report->layers[i].input;
    if (!report->asked) return;
    snprintf(text, sizeof text, eb_page_word(page, "%zu calculations on %zu layers, compared with %zu published figures."),
             eb_table_row_count(report->asked), inputs, report->targets ? eb_table_row_count(report->targets) : (size_t)0);
    eb_page_line(page, "p", "lead", text);
}

static void add_link(eb_page *page, const char *id, const char *text)
{
    eb_string_addf(&page->out, "<a href=\"#%s\">", id);
    eb_xml_add(&page->out, text);
    eb_string_add(&page->out, "</a>\n");
}

static bool has_methods(const eb_report *report)
{
    if (report->targets && *eb_table_method(report->targets)) return true;
    for (size_t i = 0; i < report->table_count; i++) {
        if (*eb_table_method(report->tables[i])) return true;
    }
    return false;
}

static void add_links(eb_page *page)
{
    const eb_report *report = page->report;

    eb_string_add(&page->out, "<nav>");
    if (report->targets) add_link(page, "targets", eb_page_word(page, "Published figures"));
    if (report->asked) add_link(page, "asked", eb_page_word(page, "What was asked"));
    if (report->layer_count) add_link(page, "maps", eb_page_word(page, "Maps"));
    if (report->chart_count) add_link(page, "charts", eb_page_word(page, "Charts"));
    add_link(page, "tables", eb_page_word(page, "Tables"));
    if (has_methods(report)) add_link(page, "methods", eb_page_word(page, "Method"));
    add_link(page, "quality", eb_page_word(page, "Data quality"));
    if (report->inputs) add_link(page, "inputs", eb_page_word(page, "Inputs"));
    eb_string_add(&page->out, "</nav>\n");
}

static void add_head(eb_page *page)
{
    eb_string_addf(&page->out,
                   "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                   page->lang == EB_LANG_ZH ? "zh-CN" : "en");
    eb_page_line(page, "title", "", page->report->title);
    eb_string_addf(&page->out, "\n<style>\n%s%s</style></head>\n<body>\n", eb_page_sheet, eb_page_sheet_paper);
    eb_page_line(page, "h1", "", page->report->title);
    eb_string_add(&page->out, "\n");
    add_lead(page);
    add_cards(page);
    add_warning(page);
    add_links(page);
}

/* --- sections ---------------------------------------------------------------------------------------------------------------------- */

static bool is_of_targets(const eb_chart *chart)
{
    return strcmp(eb_table_name(chart->data), "targets") == 0;
}

static void add_chart(eb_page *page, const eb_chart *chart)
{
    eb_string_add(&page->out, "<figure class=\"chart\"><figcaption>");
    eb_xml_add(&page->out, eb_table_title(chart->data));
    eb_string_add(&page->out, "</figcaption>\n");
    eb_picture_chart(&page->out, chart, page->lang);
    eb_string_add(&page->out, "</figure>\n");
}

static void add_targets(eb_page *page)
{
    const eb_report *report = page->report;

    if (!report->targets) return;
    eb_page_section(page, "targets", eb_table_title(report->targets));
    eb_page_rows(page, report->targets, " of column where ", SIZE_MAX);
    eb_page_remarks(page, report->targets);
    for (size_t i = 0; i < report->chart_count; i++) {
        if (is_of_targets(&report->charts[i])) add_chart(page, &report->charts[i]);
    }
}

static void add_charts(eb_page *page)
{
    const eb_report *report = page->report;
    size_t count = 0;

    for (size_t i = 0; i < report->chart_count; i++) count += !is_of_targets(&report->charts[i]);
    if (count == 0) return;
    eb_page_section(page, "charts", eb_page_word(page, "Charts"));
    eb_string_add(&page->out, "<div class=\"pair\">\n");
    for (size_t i = 0; i < report->chart_count; i++) {
        if (!is_of_targets(&report->charts[i])) add_chart(page, &report->charts[i]);
    }
    eb_string_add(&page->out, "</div>\n");
}

eb_status eb_report_to_html(const eb_report *report, char **text, eb_error *err)
{
    eb_page page = {.report = report, .lang = report->lang};

    *text = NULL;
    add_head(&page);
    add_targets(&page);
    eb_page_asked(&page);
    eb_status status = eb_page_maps(&page, err);
    add_charts(&page);
    eb_page_tables(&page);
    eb_page_methods(&page);
    eb_page_quality(&page);
    eb_page_inputs(&page);
    eb_string_add(&page.out, "</body></html>\n");
    if (status == EB_OK) *text = eb_string_take(&page.out);
    eb_string_clear(&page.out);
    free(page.methods);
    return status == EB_OK && !*text ? eb_error_memory(err) : status;
}
