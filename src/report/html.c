#include "report/html.h"

#include "report/frame.h"
#include "report/heading.h"
#include "report/picture.h"
#include "report/style.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char sheet[] =
    "body{font:15px/1.5 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1a1a1a;max-width:60rem;margin:2rem "
    "auto;padding:0 1rem}"
    "h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:2px solid "
    "#009e73;padding-bottom:.2rem}"
    "h3{font-size:1.05rem;margin:1.6rem 0 .4rem}p.sub{color:#555;margin-top:0}.warn{background:#fff3cd;border-left:4px solid "
    "#e69f00;padding:.5rem .8rem}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.86rem;margin:.4rem 0}th,td{padding:.22rem .55rem;border-bottom:1px "
    "solid #ddd;"
    "text-align:left;vertical-align:top}th{background:#eef6f2;border-bottom:1px solid "
    "#888}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}.note{font-size:.8rem;color:#444;margin:.15rem "
    "0}.met{color:#00654a;font-weight:bold}.missed{color:#b33c00;font-weight:bold}"
    ".compared{color:#555}.met,.missed,.compared{white-space:nowrap}figure{margin:1rem 0;break-inside:avoid}figure "
    "svg{width:100%;height:auto;border:1px solid #ccc;background:#fff}"
    "figure.chart svg{border:0;max-width:44rem}figcaption{font-size:.9rem;font-weight:bold}.maps{display:grid;grid-template-columns:1fr "
    "1fr;gap:0 1rem}"
    "ul.legend{list-style:none;padding:0;columns:3;font-size:.8rem}.swatch{width:24px!important;height:14px!important;border:0!important;"
    "vertical-align:-2px;margin-right:.4rem}svg text{font-size:11px;fill:#1a1a1a}svg .name{text-anchor:end}svg "
    ".place{text-anchor:middle;font-weight:bold;"
    "paint-order:stroke;stroke:#fff;stroke-width:3px}code{font-size:.75rem;word-break:break-all}"
    "@page{size:A4;margin:15mm}@media "
    "print{body{margin:0;max-width:none;font-size:10pt}h2{break-after:avoid}h3{break-after:avoid}table{font-size:7.5pt}"
    "tr{break-inside:avoid}.scroll{overflow:visible}ul.legend{columns:3}}";

static void add_line(eb_string *out, const char *tag, const char *kind, const char *text)
{
    eb_string_addf(out, "<%s", tag);
    if (*kind) eb_string_addf(out, " class=\"%s\"", kind);
    eb_string_add(out, ">");
    eb_xml_add(out, text);
    eb_string_addf(out, "</%s>\n", tag);
}

static bool is_number(const eb_column *column)
{
    return column->type == EB_COLUMN_INTEGER || column->type == EB_COLUMN_REAL;
}

/** Words of a verdict for people; the tables keep the codes. */
static const char *verdict_word(const char *code, eb_lang lang)
{
    static const struct {
        const char *code, *en, *zh;
    } words[] = {{"met", "met", "符合"},
                 {"missed", "missed", "不符合"},
                 {"compared", "compared", "仅比较"},
                 {"not computed", "not computed", "未计算"}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].code, code) == 0) return eb_word(lang, words[i].en, words[i].zh);
    }
    return code;
}

static void add_cell(eb_string *out, const eb_table *table, size_t row, size_t c, eb_lang lang)
{
    const eb_column *column = eb_table_column_at(table, c);
    const bool verdict = strcmp(column->name, "verdict") == 0;
    const char *text = column->type == EB_COLUMN_TEXT ? eb_table_text_at(table, row, c) : NULL;
    char number[80] = "";

    if (column->type != EB_COLUMN_TEXT && !eb_table_is_null(table, row, c)) {
        eb_table_format_cell(table, row, c, column->type == EB_COLUMN_REAL ? column->decimals : -1, number, sizeof number);
        text = number;
    }
    const bool word = verdict && text;
    const char *kind = is_number(column) ? "n" : !word ? "" : strcmp(text, "not computed") == 0 ? "missed" : text;
    eb_string_addf(out, *kind ? "<td class=\"%s\">" : "<td%s>", kind);
    if (text && strcmp(column->name, "unit") == 0) text = eb_unit_word(text, lang);
    eb_xml_add(out, word ? verdict_word(text, lang) : text ? text : "");
    eb_string_add(out, "</td>");
}

/** A table's rows under headings; the columns named in @p left_out (between blanks) are not shown. */
static void add_rows(eb_string *out, const eb_table *table, eb_lang lang, const char *left_out)
{
    eb_string_add(out, "<div class=\"scroll\"><table><thead><tr>");
    for (size_t c = 0; c < eb_table_column_count(table); c++) {
        char heading[256], name[140];
        snprintf(name, sizeof name, " %.130s ", eb_table_column_at(table, c)->name);
        if (strstr(left_out, name)) continue;
        eb_column_heading(eb_table_column_at(table, c), lang, heading, sizeof heading);
        add_line(out, "th", is_number(eb_table_column_at(table, c)) ? "n" : "", heading);
    }
    eb_string_add(out, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        eb_string_add(out, "<tr>");
        for (size_t c = 0; c < eb_table_column_count(table); c++) {
            char name[140];
            snprintf(name, sizeof name, " %.130s ", eb_table_column_at(table, c)->name);
            if (!strstr(left_out, name)) add_cell(out, table, r, c, lang);
        }
        eb_string_add(out, "</tr>\n");
    }
    eb_string_add(out, "</tbody></table></div>\n");
}

static void add_remarks(eb_string *out, const eb_table *table)
{
    if (*eb_table_method(table)) add_line(out, "p", "note", eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++) add_line(out, "p", "note", eb_table_note_at(table, i));
}

/* --- sections ---------------------------------------------------------------------------------------------------------------------- */

static void add_warning(eb_string *out, const eb_report *report)
{
    eb_string names = {0};

    for (size_t i = 0; i < report->layer_count; i++) {
        const eb_report_layer *layer = &report->layers[i];
        if (layer->schematic && layer->input)
            eb_string_addf(&names, "%s%s", names.size ? eb_word(report->lang, ", ", "、") : "", layer->title);
    }
    if (names.size) {
        eb_string_add(out, "<p class=\"warn\">");
        eb_string_add(out, eb_word(report->lang, "Schematic, no official boundary, and so is everything made from it: ",
                                   "以下图层为示意,非法定边界,由其计算的结果也是示意:"));
        eb_xml_add(out, names.data);
        eb_string_add(out, "</p>\n");
    }
    eb_string_clear(&names);
}

static void add_targets(eb_string *out, const eb_report *report)
{
    if (!report->targets) return;
    add_line(out, "h2", "", eb_table_title(report->targets));
    add_rows(out, report->targets, report->lang, " of column where ");
    add_remarks(out, report->targets);
}

/** A window on a layer, a tenth wider than it. */
static void add_detail(eb_string *out, const eb_report *report, const eb_frame_view *view, const eb_report_layer *layer, eb_status *status,
                       eb_error *err)
{
    double box[4];

    if (layer->hidden || layer->focus || eb_report_dimension(layer->layer) != 2 || !eb_view_box(view, layer->layer, box)) return;
    const double w = box[2] - box[0], h = box[3] - box[1], whole = view->box[2] - view->box[0];
    if (!(w < 0.5 * whole) || !(w > 0)) return;
    const double side = fmax(w, h) * 1.2, x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
    const double square[4] = {x - side / 2, y - side / 2, x + side / 2, y + side / 2};
    eb_string_add(out, "<figure>");
    *status = eb_picture_map(out, report, view, square, 420, false, err);
    add_line(out, "figcaption", "", layer->title);
    eb_string_add(out, "</figure>\n");
}

static eb_status add_maps(eb_string *out, const eb_report *report, eb_error *err)
{
    eb_frame_view view;
    double wide[4];
    eb_status status = EB_OK;

    if (eb_view_new(report, &view, NULL) != EB_OK) return EB_OK; /* tables alone */
    const double margin = 0.03 * (view.box[2] - view.box[0]);
    for (int k = 0; k < 4; k++) wide[k] = view.box[k] + (k < 2 ? -margin : margin);
    add_line(out, "h2", "", eb_word(report->lang, "Maps", "地图"));
    eb_string_add(out, "<figure>");
    status = eb_picture_map(out, report, &view, wide, 900, true, err);
    eb_string_add(out, "</figure>\n");
    if (status == EB_OK) status = eb_picture_legend(out, report, err);
    eb_string_add(out, "<div class=\"maps\">\n");
    for (size_t i = 0; status == EB_OK && i < report->layer_count; i++) add_detail(out, report, &view, &report->layers[i], &status, err);
    eb_string_add(out, "</div>\n");
    eb_view_clear(&view);
    return status;
}

static void add_charts(eb_string *out, const eb_report *report)
{
    if (report->chart_count) add_line(out, "h2", "", eb_word(report->lang, "Charts", "图表"));
    for (size_t i = 0; i < report->chart_count; i++) {
        eb_string_add(out, "<figure class=\"chart\">");
        add_line(out, "figcaption", "", eb_table_title(report->charts[i].data));
        eb_picture_chart(out, &report->charts[i], report->lang);
        eb_string_add(out, "</figure>\n");
    }
}

static void add_tables(eb_string *out, const eb_report *report)
{
    add_line(out, "h2", "", eb_word(report->lang, "Tables", "统计表"));
    for (size_t i = 0; i < report->table_count; i++) {
        add_line(out, "h3", "", eb_table_title(report->tables[i]));
        add_rows(out, report->tables[i], report->lang, "");
        add_remarks(out, report->tables[i]);
    }
}

static eb_status add_data(eb_string *out, const eb_report *report, eb_error *err)
{
    char *text = NULL;
    eb_status status = eb_diagnosis_to_text(report->diagnosis, report->lang, &text, err);

    if (status != EB_OK) return status;
    add_line(out, "h2", "", eb_word(report->lang, "What was repaired or refused", "修复与未采用的数据"));
    if (*text) {
        add_line(out, "pre", "note", text);
    } else {
        add_line(out, "p", "", eb_word(report->lang, "Nothing: every feature was used as it came.", "无:全部要素均按原样使用。"));
    }
    free(text);
    if (report->inputs) {
        add_line(out, "h2", "", eb_table_title(report->inputs));
        add_rows(out, report->inputs, report->lang, "");
    }
    if (report->made) {
        add_line(out, "h2", "", eb_word(report->lang, "How this was made", "制作信息"));
        add_line(out, "pre", "note", report->made);
    }
    return EB_OK;
}

eb_status eb_report_to_html(const eb_report *report, char **text, eb_error *err)
{
    eb_string out = {0};

    *text = NULL;
    eb_string_addf(
        &out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n",
        eb_word(report->lang, "en", "zh-CN"));
    add_line(&out, "title", "", report->title);
    eb_string_addf(&out, "<style>%s</style></head><body>\n", sheet);
    add_line(&out, "h1", "", report->title);
    add_warning(&out, report);
    add_targets(&out, report);
    eb_status status = add_maps(&out, report, err);
    add_charts(&out, report);
    add_tables(&out, report);
    if (status == EB_OK) status = add_data(&out, report, err);
    eb_string_add(&out, "</body></html>\n");
    if (status == EB_OK) *text = eb_string_take(&out);
    eb_string_clear(&out);
    return status == EB_OK && !*text ? eb_error_memory(err) : status;
}
