/* Charts as SVG. */
#include "report/heading.h"
#include "report/picture.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 640, NAMES = 190, NUMBERS = 70, BAR = 15, GAP = 9, TOP = 24 };

/* Okabe and Ito: told apart by readers who see colours differently. */
static const char *const colours[] = {"#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#000000"};
enum { COLOURS = sizeof colours / sizeof colours[0] };

static double largest(const eb_table *data)
{
    double most = 0;

    for (size_t r = 0; r < eb_table_row_count(data); r++) {
        for (size_t c = 1; c < eb_table_column_count(data); c++) {
            const double value = eb_table_real_at(data, r, c);
            if (isfinite(value)) most = fmax(most, value);
        }
    }
    return most > 0 ? most : 1;
}

static void add_text(eb_string *out, double x, double y, const char *kind, const char *text)
{
    eb_string_addf(out, "<text x=\"%.0f\" y=\"%.0f\" class=\"%s\">", x, y, kind);
    eb_xml_add(out, text);
    eb_string_add(out, "</text>");
}

static void add_bars(eb_string *out, const eb_table *data, double y, size_t row, double most)
{
    for (size_t c = 1; c < eb_table_column_count(data); c++, y += BAR) {
        const double value = eb_table_real_at(data, row, c);
        char number[64];
        if (!isfinite(value)) continue;
        const double length = fmax(value, 0) / most * (WIDTH - NAMES - NUMBERS);
        eb_string_addf(out, "<rect x=\"%d\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", NAMES, y, length, BAR - 2,
                       colours[(c - 1) % COLOURS]);
        eb_text_from_fixed(number, sizeof number, value,
                           eb_table_column_at(data, c)->decimals < 0 ? 2 : eb_table_column_at(data, c)->decimals);
        add_text(out, NAMES + length + 4, y + BAR - 4, "number", number);
    }
}

static void add_series(eb_string *out, const eb_table *data, eb_lang lang)
{
    double x = NAMES;

    for (size_t c = 1; c < eb_table_column_count(data); c++) {
        char heading[256];
        eb_column_heading(eb_table_column_at(data, c), lang, heading, sizeof heading);
        eb_string_addf(out, "<rect x=\"%.0f\" y=\"4\" width=\"10\" height=\"10\" fill=\"%s\"/>", x, colours[(c - 1) % COLOURS]);
        add_text(out, x + 14, 13, "key", heading);
        x += 30 + 7 * (double)eb_text_width(heading);
    }
}

static void add_bar_chart(eb_string *out, const eb_table *data, eb_lang lang)
{
    const size_t series = eb_table_column_count(data) - 1;
    const double row_height = (double)series * BAR + GAP, most = largest(data);
    double y = TOP;

    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\">", WIDTH,
                   TOP + row_height * (double)eb_table_row_count(data) + 4);
    add_series(out, data, lang);
    for (size_t r = 0; r < eb_table_row_count(data); r++, y += row_height) {
        add_text(out, NAMES - 6, y + row_height / 2, "name", eb_table_text_at(data, r, 0));
        add_bars(out, data, y, r, most);
    }
    eb_string_add(out, "</svg>\n");
}

/** Shares of a whole as pieces of a ring, with their names, numbers and per cents beside it. */
static void add_pie_chart(eb_string *out, const eb_table *data)
{
    const size_t rows = eb_table_row_count(data);
    const double radius = 80, middle = 90, height = fmax(180, 24 + 20 * (double)rows), turn = 2 * 3.14159265358979323846;
    double sum = 0, at = 0;

    for (size_t r = 0; r < rows; r++) sum += fmax(eb_table_real_at(data, r, 1), 0);
    if (!(sum > 0)) sum = 1;
    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\">", WIDTH, height);
    for (size_t r = 0; r < rows; r++) {
        const double share = fmax(eb_table_real_at(data, r, 1), 0) / sum, from = at * turn,
                     to = (at + share) * turn * (share >= 1 ? 0.99999 : 1);
        const char *colour = colours[r % COLOURS];
        char text[256], number[64];
        eb_string_addf(out, "<path d=\"M%.0f %.0fL%.2f %.2fA%.0f %.0f 0 %d 1 %.2f %.2fZ\" fill=\"%s\" stroke=\"#fff\"/>", middle, middle,
                       middle + radius * sin(from), middle - radius * cos(from), radius, radius, share > 0.5, middle + radius * sin(to),
                       middle - radius * cos(to), colour);
        eb_string_addf(out, "<rect x=\"210\" y=\"%.0f\" width=\"12\" height=\"12\" fill=\"%s\"/>", 14 + 20 * (double)r, colour);
        eb_text_from_fixed(number, sizeof number, eb_table_real_at(data, r, 1), 2);
        snprintf(text, sizeof text, "%.160s  %s  (%.1f %%)", eb_table_text_at(data, r, 0), number, 100 * share);
        eb_text_trim_utf8(text, sizeof text);
        add_text(out, 230, 25 + 20 * (double)r, "key", text);
        at += share;
    }
    eb_string_add(out, "</svg>\n");
}

void eb_picture_chart(eb_string *out, const eb_chart *chart, eb_lang lang)
{
    if (eb_table_column_count(chart->data) < 2) return;
    if (chart->kind == EB_CHART_PIE) {
        add_pie_chart(out, chart->data);
    } else {
        add_bar_chart(out, chart->data, lang);
    }
}
