/* What became of the data: what was read, repaired and refused; the inputs and the program. */
#include "report/html/parts.h"
#include "base/translate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Cases shown a layer and kind; all of them are in the workbook. */
enum { CASES_SHOWN = 10 };

static const char *event_word(const eb_page *page, eb_event event)
{
    static const char *const words[EB_EVENT_END] = {
        [EB_EVENT_NULL] = N_("No geometry"),  [EB_EVENT_INVALID] = N_("Invalid, used as it is"),
        [EB_EVENT_REPAIRED] = N_("Repaired"), [EB_EVENT_REJECTED] = N_("Not used"),
        [EB_EVENT_SLIVER] = N_("Sliver"),     [EB_EVENT_NOTE] = N_("Remark"),
    };
    return eb_page_word(page, words[event]);
}

static void add_number(eb_page *page, double value, int decimals)
{
    char number[64] = "–";

    if (isfinite(value)) eb_text_from_fixed(number, sizeof number, value, decimals);
    eb_page_line(page, "td", "n", number);
}

static void add_heading(eb_page *page, bool number, const char *en)
{
    eb_page_line(page, "th", number ? "n" : "", eb_page_word(page, en));
}

/** Layers of the diagnosis are called by their titles where they have one. */
static const char *title_of(const eb_page *page, const char *id)
{
    for (size_t i = 0; i < page->report->layer_count; i++) {
        if (strcmp(page->report->layers[i].id, id) == 0) return page->report->layers[i].title;
    }
    return id;
}

static void add_counts(eb_page *page)
{
    const eb_diagnosis *diagnosis = page->report->diagnosis;

    eb_string_add(&page->out, "<div class=\"scroll\"><table class=\"dense\"><thead><tr>");
    add_heading(page, false, N_("Layer"));
    add_heading(page, true, N_("Read"));
    for (int event = 0; event < EB_EVENT_END; event++) eb_page_line(page, "th", "n", event_word(page, (eb_event)event));
    add_heading(page, true, N_("Area before repair (m²)"));
    add_heading(page, true, N_("after (m²)"));
    eb_string_add(&page->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++) {
        const eb_layer_counts *counts = eb_diagnosis_layer_at(diagnosis, i);
        const bool repaired = counts->events[EB_EVENT_REPAIRED] > 0;
        eb_string_add(&page->out, "<tr>");
        eb_page_line(page, "td", "", title_of(page, counts->layer));
        add_number(page, (double)counts->read, 0);
        for (int event = 0; event < EB_EVENT_END; event++) add_number(page, (double)counts->events[event], 0);
        add_number(page, repaired ? counts->repaired_before_m2 : NAN, 2);
        add_number(page, repaired ? counts->repaired_after_m2 : NAN, 2);
        eb_string_add(&page->out, "</tr>\n");
    }
    eb_string_add(&page->out, "</tbody></table></div>\n");
}

static void add_case(eb_page *page, const eb_case *found)
{
    char text[80] = "–", x[32], y[32];

    eb_string_add(&page->out, "<tr>");
    eb_page_line(page, "td", "", title_of(page, found->layer));
    eb_page_line(page, "td", "", event_word(page, found->event));
    if (found->fid != EB_NO_FID) snprintf(text, sizeof text, "%" PRId64, found->fid);
    eb_page_line(page, "td", "n", text);
    snprintf(text, sizeof text, "–");
    if (isfinite(found->x) && isfinite(found->y)) {
        eb_text_from_fixed(x, sizeof x, found->x, fabs(found->x) > 360 ? 2 : 6);
        eb_text_from_fixed(y, sizeof y, found->y, fabs(found->x) > 360 ? 2 : 6);
        snprintf(text, sizeof text, "%s, %s", x, y);
    }
    eb_page_line(page, "td", "n", text);
    add_number(page, found->area_before_m2, 2);
    add_number(page, found->area_after_m2, 2);
    eb_page_line(page, "td", "", found->reason ? found->reason : "");
    eb_string_add(&page->out, "</tr>\n");
}

/** How many cases of this layer and kind stand before case @p index. */
static size_t cases_before(const eb_diagnosis *diagnosis, size_t index)
{
    const eb_case *found = eb_diagnosis_case_at(diagnosis, index);
    size_t count = 0;

    for (size_t i = 0; i < index && count < CASES_SHOWN; i++) {
        const eb_case *other = eb_diagnosis_case_at(diagnosis, i);
        count += other->event == found->event && strcmp(other->layer, found->layer) == 0;
    }
    return count;
}

static void add_cases(eb_page *page)
{
    const eb_diagnosis *diagnosis = page->report->diagnosis;
    const size_t cases = eb_diagnosis_case_count(diagnosis);
    size_t left_out = 0;
    char more[160];

    if (cases == 0) return;
    eb_string_add(&page->out, "<div class=\"scroll\"><table><thead><tr>");
    add_heading(page, false, N_("Layer"));
    add_heading(page, false, N_("What"));
    add_heading(page, true, N_("Feature"));
    add_heading(page, true, N_("Place (x, y)"));
    add_heading(page, true, N_("Before (m²)"));
    add_heading(page, true, N_("After (m²)"));
    add_heading(page, false, N_("Why"));
    eb_string_add(&page->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < cases; i++) {
        if (cases_before(diagnosis, i) < CASES_SHOWN) {
            add_case(page, eb_diagnosis_case_at(diagnosis, i));
        } else {
            left_out++;
        }
    }
    eb_string_add(&page->out, "</tbody></table></div>\n");
    if (left_out == 0) return;
    snprintf(more, sizeof more, eb_page_word(page, "%zu more cases are on the sheet of data quality of the workbook."), left_out);
    eb_page_line(page, "p", "quiet", more);
}

void eb_page_quality(eb_page *page)
{
    const eb_diagnosis *diagnosis = page->report->diagnosis;
    int64_t events = 0;

    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++) {
        for (int event = 0; event < EB_EVENT_END; event++) events += eb_diagnosis_layer_at(diagnosis, i)->events[event];
    }
    eb_page_section(page, "quality", eb_page_word(page, "What was repaired or refused"));
    if (events == 0) {
        eb_page_line(page, "p", "", eb_page_word(page, "Nothing was repaired, refused or left out: every feature was used as it came."));
    }
    if (eb_diagnosis_layer_count(diagnosis) > 0) add_counts(page);
    add_cases(page);
}

/* --- inputs ------------------------------------------------------------------------------------------------------------------------ */

static const char *input_text(const eb_table *inputs, size_t row, const char *column)
{
    const int c = eb_table_find(inputs, column);
    const char *text = c >= 0 && !eb_table_is_null(inputs, row, (size_t)c) ? eb_table_text_at(inputs, row, (size_t)c) : NULL;

    return text ? text : "";
}

static void add_count(eb_page *page, const eb_table *inputs, size_t row, const char *column)
{
    const int c = eb_table_find(inputs, column);

    add_number(page, c >= 0 && !eb_table_is_null(inputs, row, (size_t)c) ? (double)eb_table_integer_at(inputs, row, (size_t)c) : NAN, 0);
}

/** A file's row; what is the same for all files of a layer stands in its first row. */
static void add_input(eb_page *page, const eb_table *inputs, size_t row)
{
    const bool again = row > 0 && strcmp(input_text(inputs, row, "layer"), input_text(inputs, row - 1, "layer")) == 0;

    eb_string_add(&page->out, "<tr><td>");
    if (!again) {
        eb_xml_add(&page->out, input_text(inputs, row, "title"));
        eb_string_add(&page->out, " <code>");
        eb_xml_add(&page->out, input_text(inputs, row, "layer"));
        eb_string_add(&page->out, "</code>");
    }
    eb_string_add(&page->out, "</td>");
    eb_page_text(page, again ? "" : input_text(inputs, row, "status"));
    if (again) {
        eb_string_add(&page->out, "<td></td>");
    } else {
        add_count(page, inputs, row, "features");
    }
    eb_page_line(page, "td", "", again ? "" : input_text(inputs, row, "crs"));
    eb_page_line(page, "td", "", again ? "" : input_text(inputs, row, "source"));
    eb_string_add(&page->out, "<td>");
    eb_xml_add(&page->out, input_text(inputs, row, "file"));
    eb_string_add(&page->out, "<br><code>");
    eb_xml_add(&page->out, input_text(inputs, row, "sha256"));
    eb_string_add(&page->out, "</code></td>");
    add_count(page, inputs, row, "bytes");
    eb_string_add(&page->out, "</tr>\n");
}

void eb_page_inputs(eb_page *page)
{
    const eb_report *report = page->report;

    if (report->inputs) {
        eb_page_section(page, "inputs", eb_table_title(report->inputs));
        eb_string_add(&page->out, "<div class=\"scroll\"><table class=\"inputs\"><thead><tr>");
        add_heading(page, false, N_("Layer"));
        add_heading(page, false, N_("Status"));
        add_heading(page, true, N_("Features"));
        add_heading(page, false, N_("CRS"));
        add_heading(page, false, N_("Source"));
        add_heading(page, false, N_("File and SHA-256"));
        add_heading(page, true, N_("Bytes"));
        eb_string_add(&page->out, "</tr></thead><tbody>\n");
        for (size_t r = 0; r < eb_table_row_count(report->inputs); r++) add_input(page, report->inputs, r);
        eb_string_add(&page->out, "</tbody></table></div>\n");
    }
    if (!report->made) return;
    eb_string_add(&page->out, "<footer>");
    eb_string_add(&page->out, eb_page_word(page, "Made with "));
    for (const char *at = report->made; *at;) { /* line by line */
        const size_t size = strcspn(at, "\n");
        char line[400];
        snprintf(line, sizeof line, "%.*s", (int)(size < sizeof line ? size : sizeof line - 1), at);
        eb_text_trim_utf8(line, sizeof line);
        eb_xml_add(&page->out, line);
        at += size + (at[size] == '\n');
        if (*at) eb_string_add(&page->out, "<br>");
    }
    eb_string_add(&page->out, "</footer>\n");
}
