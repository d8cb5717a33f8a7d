/* Charts as SVG. */
#include "report/html/picture.h"

#include "report/heading.h"
#include "report/xml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NARROW = 460, WIDE = 760, NUMBERS = 66, BAR = 15, GAP = 8, TOP = 26 };
/* About the width of a Latin letter; a Chinese character takes two. */
static const double letter_px = 6.6;

/* Okabe and Ito: told apart by readers who see colours differently. */
static const char *const colours[] = {"#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#000000"};
enum { COLOURS = sizeof colours / sizeof colours[0] };

/** A bar chart's measures. */
typedef struct bars {
    eb_string *out;
    const eb_table *data;
    double width, names; /* of the picture; of the names left of the bars */
    double most;
    double mark; /* where the rule stands that bars are compared with, NaN: none */
} bars;

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

static const char *name_at(const eb_table *data, size_t row)
{
    const char *text = eb_table_text_at(data, row, 0);

    return text && *text ? text : "–";
}

static void add_text(eb_string *out, double x, double y, const char *kind, const char *text)
{
    eb_string_addf(out, "<text x=\"%.0f\" y=\"%.0f\"", x, y);
    if (*kind) eb_string_addf(out, " class=\"%s\"", kind);
    eb_string_add(out, ">");
    eb_xml_add(out, text);
    eb_string_add(out, "</text>");
}

static double x_of(const bars *b, double value)
{
    return b->names + fmax(value, 0) / b->most * (b->width - b->names - NUMBERS);
}

static void add_bars(const bars *b, double y, size_t row)
{
    for (size_t c = 1; c < eb_table_column_count(b->data); c++, y += BAR) {
        const int decimals = eb_table_column_at(b->data, c)->decimals;
        const double value = eb_table_real_at(b->data, row, c);
        char number[64];
        if (!isfinite(value)) continue;
        eb_string_addf(b->out, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>", b->names, y,
                       fmax(x_of(b, value) - b->names, 1), BAR - 2, colours[(c - 1) % COLOURS]);
        eb_text_from_fixed(number, sizeof number, value, decimals < 0 ? 2 : decimals);
        add_text(b->out, x_of(b, value) + 5, y + BAR - 4, "", number);
    }
}

static void add_series(const bars *b, eb_lang lang)
{
    double x = b->names;

    for (size_t c = 1; c < eb_table_column_count(b->data); c++) {
        char heading[256];
        eb_column_heading(eb_table_column_at(b->data, c), lang, heading, sizeof heading);
        eb_string_addf(b->out, "<rect x=\"%.0f\" y=\"5\" width=\"10\" height=\"10\" fill=\"%s\"/>", x, colours[(c - 1) % COLOURS]);
        add_text(b->out, x + 15, 14, "quiet", heading);
        x += 34 + letter_px * (double)eb_text_width(heading);
    }
}

static void add_bar_chart(eb_string *out, const eb_table *data, eb_lang lang)
{
    const bool targets = strcmp(eb_table_name(data), "targets") == 0;
    const double row_height = (double)(eb_table_column_count(data) - 1) * BAR + GAP;
    const double height = TOP + row_height * (double)eb_table_row_count(data) + 4;
    bars b = {.out = out, .data = data, .width = targets ? WIDE : NARROW, .most = largest(data), .mark = targets ? 100 : NAN};
    double y = TOP;

    for (size_t r = 0; r < eb_table_row_count(data); r++) b.names = fmax(b.names, 12 + letter_px * (double)eb_text_width(name_at(data, r)));
    b.names = fmin(b.names, b.width / 2.2);
    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">", b.width, height);
    add_series(&b, lang);
    for (size_t r = 0; r < eb_table_row_count(data); r++, y += row_height) {
        add_text(out, b.names - 7, y + (row_height - GAP) / 2 + 3, "name", name_at(data, r));
        add_bars(&b, y, r);
    }
    if (isfinite(b.mark)) /* as published */
        eb_string_addf(out, "<path d=\"M%.0f %dV%.0f\" stroke=\"#b33c00\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"/>",
                       x_of(&b, b.mark), TOP - 4, height);
    eb_string_add(out, "</svg>\n");
}

/** A piece of a ring between two turns of 0 to 1. */
static void add_piece(eb_string *out, double from, double to, const char *colour)
{
    static const double turn = 2 * 3.14159265358979323846;
    const double radius = 72, inner = 38, middle = 84;
    /* An arc of a whole turn has no direction. */
    const double a = from * turn, b = fmin(to, from + 0.99999) * turn;
    const int wide = to - from > 0.5;
    const double ends[4][2] = {{middle + radius * sin(a), middle - radius * cos(a)},
                               {middle + radius * sin(b), middle - radius * cos(b)},
                               {middle + inner * sin(b), middle - inner * cos(b)},
                               {middle + inner * sin(a), middle - inner * cos(a)}};

    eb_string_addf(out, "<path d=\"M%.2f %.2fA%.0f %.0f 0 %d 1 %.2f %.2fL%.2f %.2fA%.0f %.0f 0 %d 0 %.2f %.2fZ\"", ends[0][0], ends[0][1],
                   radius, radius, wide, ends[1][0], ends[1][1], ends[2][0], ends[2][1], inner, inner, wide, ends[3][0], ends[3][1]);
    eb_string_addf(out, " fill=\"%s\" stroke=\"#fff\"/>", colour);
}

/** Shares of a whole as pieces of a ring, with their names, numbers and per cents beside it. */
static void add_pie_chart(eb_string *out, const eb_table *data, eb_lang lang)
{
    const size_t rows = eb_table_row_count(data);
    const double height = fmax(168, 40 + 22 * (double)rows);
    char heading[256];
    double sum = 0, at = 0;

    for (size_t r = 0; r < rows; r++) sum += fmax(eb_table_real_at(data, r, 1), 0);
    if (!(sum > 0)) sum = 1;
    eb_column_heading(eb_table_column_at(data, 1), lang, heading, sizeof heading);
    eb_string_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"img\">", NARROW, height);
    add_text(out, 176, 16, "quiet", heading);
    for (size_t r = 0; r < rows; r++) {
        const double value = eb_table_real_at(data, r, 1), share = fmax(value, 0) / sum, y = 26 + 22 * (double)r;
        const char *colour = colours[r % COLOURS];
        char text[256], number[64];
        if (share > 0) add_piece(out, at, at + share, colour);
        eb_string_addf(out, "<rect x=\"176\" y=\"%.0f\" width=\"12\" height=\"12\" fill=\"%s\"/>", y, colour);
        eb_text_from_fixed(number, sizeof number, value, 2);
        snprintf(text, sizeof text, "%.160s  %s  (%.1f %%)", name_at(data, r), number, 100 * share);
        eb_text_trim_utf8(text, sizeof text);
        add_text(out, 195, y + 11, "", text);
        at += share;
    }
    eb_string_add(out, "</svg>\n");
}

void eb_picture_chart(eb_string *out, const eb_chart *chart, eb_lang lang)
{
    if (eb_table_column_count(chart->data) < 2) return;
    if (chart->kind == EB_CHART_PIE) {
        add_pie_chart(out, chart->data, lang);
    } else {
        add_bar_chart(out, chart->data, lang);
    }
}
