/* One table on one sheet, and the charts. */
#include "report/book.h"

#include "base/text.h"
#include "report/heading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of a sheet: the title, an empty one, the headings, the table. */
enum { ROW_TITLE = 0, ROW_HEADING = 2, ROW_DATA = 3 };
/* Columns are no wider than this, in characters; longer texts are wrapped. */
enum { WRAP = 36 };

static bool is_number(const eb_column *column)
{
    return column->type == EB_COLUMN_INTEGER || column->type == EB_COLUMN_REAL;
}

/** @p wide: the text does not fit its column. */
static lxw_format *format_for(const eb_book *book, const eb_column *column, bool wide)
{
    if (column->type == EB_COLUMN_TEXT) return wide ? book->cell : book->text;
    if (!is_number(column)) return book->text;
    if (column->role == EB_ROLE_KEY) return book->general; /* 2000 as the name of a width is no amount */
    if (column->type == EB_COLUMN_INTEGER) return book->number[0];
    if (column->decimals < 0) return book->general;
    return book->number[column->decimals < BOOK_DECIMALS ? column->decimals : BOOK_DECIMALS - 1];
}

/** The first of the rows above a row of all that it is about: those after the last such row. */
static size_t first_part(const eb_table *table, size_t row)
{
    while (row > 0 && !eb_table_is_whole(table, row - 1)) row--;
    return row;
}

/** Whether a cell of a row of all is what the rows above it come to, so that a formula can say so. */
static bool is_sum_of_parts(const eb_table *table, size_t row, size_t column)
{
    const double value = eb_table_is_whole(table, row) ? eb_table_real_at(table, row, column) : NAN;
    const size_t first = first_part(table, row);
    double sum = 0;

    if (eb_table_column_at(table, column)->role != EB_ROLE_SUMMED || first == row) return false;
    for (size_t r = first; r < row; r++) sum += eb_table_is_null(table, r, column) ? 0 : eb_table_real_at(table, r, column);
    return fabs(sum - value) <= 1e-12 * fabs(value);
}

/** "=SUM(D4:D9)" with the value it has now, for programs that show without computing. */
static void write_sum(eb_book *book, lxw_worksheet *sheet, uint32_t at, size_t column, uint32_t first, uint32_t last, double sum,
                      lxw_format *format)
{
    char formula[64], from[16], to[16];

    lxw_rowcol_to_cell(from, first, (uint16_t)column);
    lxw_rowcol_to_cell(to, last, (uint16_t)column);
    snprintf(formula, sizeof formula, "=SUM(%s:%s)", from, to);
    if (worksheet_write_formula_num(sheet, at, (uint16_t)column, formula, format, sum) != LXW_NO_ERROR) book->failed = true;
}

static void write_cell(eb_book *book, lxw_worksheet *sheet, uint32_t at, const eb_table *table, size_t row, size_t column)
{
    const eb_column *described = eb_table_column_at(table, column);
    const char *text =
        described->type == EB_COLUMN_TEXT && !eb_table_is_null(table, row, column) ? eb_table_text_at(table, row, column) : NULL;
    lxw_format *format = format_for(book, described, text && eb_book_width(text) > WRAP);
    lxw_error code = LXW_NO_ERROR;

    if (eb_table_is_null(table, row, column)) {
        const char *whole = eb_null_word(table, row, column, book->report->lang);
        if (whole) eb_book_text(book, sheet, at, (uint16_t)column, whole, format);
        return;
    }
    if (is_number(described) && is_sum_of_parts(table, row, column)) {
        const uint32_t above = at - (uint32_t)(row - first_part(table, row));
        write_sum(book, sheet, at, column, above, at - 1, eb_table_real_at(table, row, column), format);
        return;
    }
    switch (described->type) {
    case EB_COLUMN_TEXT:
        eb_book_text(book, sheet, at, (uint16_t)column, eb_cell_word(described, text, book->report->lang), format);
        break;
    case EB_COLUMN_BOOLEAN:
        /* TRUE and FALSE are no words of a reader, and some programs print them as 1 and 0. */
        eb_book_text(book, sheet, at, (uint16_t)column,
                     eb_cell_word(described, eb_table_boolean_at(table, row, column) ? "true" : "false", book->report->lang), format);
        break;
    case EB_COLUMN_INTEGER:
    case EB_COLUMN_REAL:
        code = worksheet_write_number(sheet, at, (uint16_t)column, eb_table_real_at(table, row, column), format);
        break;
    }
    if (code != LXW_NO_ERROR) book->failed = true;
}

/** What only programs ask of the table of targets: which cells were compared. It is folded away. */
static bool is_technical(const eb_table *table, size_t column)
{
    static const char *const names[] = {"of", "column", "where"};

    for (size_t i = 0; i < 3 && strcmp(eb_table_name(table), "targets") == 0; i++) {
        if (strcmp(eb_table_column_at(table, column)->name, names[i]) == 0) return true;
    }
    return false;
}

/** Sets the width of a column, and returns it; 0 for one that is folded away. */
static double set_width(lxw_worksheet *sheet, const eb_table *table, size_t column, const char *heading)
{
    lxw_row_col_options folded = {.hidden = 1, .level = 1};
    double width = eb_book_width(heading);

    for (size_t r = 0; r < eb_table_row_count(table) && r < 200; r++) {
        char number[80];
        const char *text = number;
        if (eb_table_is_null(table, r, column)) continue;
        if (eb_table_column_at(table, column)->type == EB_COLUMN_TEXT) {
            text = eb_table_text_at(table, r, column);
        } else {
            const eb_column *described = eb_table_column_at(table, column);
            eb_table_format_cell(table, r, column, described->type == EB_COLUMN_REAL ? described->decimals : -1, number, sizeof number - 8);
        }
        const double own = eb_book_width(text) + (text == number ? 2 : 0); /* the thousands' marks */
        if (own > width) width = own;
    }
    width = width > WRAP ? WRAP : width;
    worksheet_set_column_opt(sheet, (uint16_t)column, (uint16_t)column, width, NULL, is_technical(table, column) ? &folded : NULL);
    return is_technical(table, column) ? 0 : width;
}

static void write_total(eb_book *book, lxw_worksheet *sheet, uint32_t at, const eb_table *table, size_t column, uint32_t rows)
{
    const eb_column *described = eb_table_column_at(table, column);
    const int decimals = described->type == EB_COLUMN_INTEGER ? 0 : described->decimals < 0 ? 2 : described->decimals;
    double sum = 0;

    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        if (!eb_table_is_null(table, r, column)) sum += eb_table_real_at(table, r, column);
    }
    write_sum(book, sheet, at, column, ROW_DATA, ROW_DATA + rows - 1, sum,
              book->total[decimals < BOOK_DECIMALS ? decimals : BOOK_DECIMALS - 1]);
}

static bool has_wholes(const eb_table *table)
{
    size_t row = 0;

    while (row < eb_table_row_count(table) && !eb_table_is_whole(table, row)) row++;
    return row < eb_table_row_count(table);
}

/** A total under additive columns, where there is more than one row to add and none that is about all already. */
static bool write_totals(eb_book *book, lxw_worksheet *sheet, uint32_t at, const eb_table *table, uint32_t rows)
{
    bool any = false;

    if (has_wholes(table)) return false;
    for (size_t c = 0; c < eb_table_column_count(table) && rows > 1; c++) {
        const eb_column *column = eb_table_column_at(table, c);
        if (column->role != EB_ROLE_SUMMED || !is_number(column)) continue;
        write_total(book, sheet, at, table, c, rows);
        any = true;
    }
    if (any && eb_table_column_at(table, 0)->role != EB_ROLE_SUMMED) {
        eb_book_text(book, sheet, at, 0, eb_word(book->report->lang, "Total"), book->total_word);
    }
    return any;
}

/** Columns at the left that name the row. */
static uint16_t key_columns(const eb_table *table)
{
    uint16_t count = 0;

    while (count < eb_table_column_count(table) && count < 3 && eb_table_column_at(table, count)->role == EB_ROLE_KEY) count++;
    return count;
}

/** How many columns a remark is written over. */
static size_t remark_columns(const eb_table *table)
{
    const size_t columns = eb_table_column_count(table);

    return columns < 6 ? 6 : columns > 12 ? 12 : columns;
}

/** A remark under the table: wrapped over its columns, @p width characters together, in a row as high as it needs. */
static void write_remark(eb_book *book, lxw_worksheet *sheet, uint32_t row, const eb_table *table, double width, const char *text)
{
    char *prose = eb_prose(table, text, book->report->lang);
    const double lines = ceil((double)eb_text_width(prose ? prose : text) * 1.1 / width);

    if (!prose || worksheet_merge_range(sheet, row, 0, row, (uint16_t)(remark_columns(table) - 1), "", book->wrapped) != LXW_NO_ERROR)
        book->failed = true;
    if (prose) eb_book_text(book, sheet, row, 0, prose, book->wrapped);
    worksheet_set_row(sheet, row, lines < 2 ? LXW_DEF_ROW_HEIGHT : lines * LXW_DEF_ROW_HEIGHT, NULL);
    free(prose);
}

/** Which cells of the rows of all are sums, and why the others are not. */
static void remark_sums(eb_book *book, lxw_worksheet *sheet, uint32_t *at, const eb_table *table, double width)
{
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        for (size_t c = 0; c < eb_table_column_count(table); c++) {
            if (!is_number(eb_table_column_at(table, c)) || !is_sum_of_parts(table, r, c)) continue;
            write_remark(book, sheet, (*at)++, table, width,
                         eb_word(book->report->lang, "Rows of all: sums of the rows above them are formulas; the other figures count what "
                                                     "several of these rows share once, and are no sums of them."));
            return;
        }
    }
}

/** Headings and cells; returns the width of the columns that remarks are written over. */
static double write_columns(eb_book *book, lxw_worksheet *sheet, const eb_table *table)
{
    const size_t columns = eb_table_column_count(table), over = remark_columns(table);
    double width = columns < over ? (double)(over - columns) * LXW_DEF_COL_WIDTH : 0;

    for (size_t c = 0; c < columns; c++) {
        char heading[256];
        eb_column_heading(eb_table_column_at(table, c), book->report->lang, heading, sizeof heading);
        eb_book_text(book, sheet, ROW_HEADING, (uint16_t)c, heading,
                     is_number(eb_table_column_at(table, c)) ? book->heading_number : book->heading);
        const double own = set_width(sheet, table, c, heading);
        if (c < over) width += own;
        for (uint32_t r = 0; r < (uint32_t)eb_table_row_count(table); r++) write_cell(book, sheet, ROW_DATA + r, table, r, c);
    }
    return width;
}

/** Rows with wrapped texts are made as high as these need: not every program works that out. */
static void set_heights(lxw_worksheet *sheet, const eb_table *table)
{
    for (size_t r = 0; r < eb_table_row_count(table); r++) {
        double lines = 1;
        for (size_t c = 0; c < eb_table_column_count(table); c++) {
            if (eb_table_column_at(table, c)->type != EB_COLUMN_TEXT || eb_table_is_null(table, r, c) || is_technical(table, c)) continue;
            const char *text = eb_table_text_at(table, r, c);
            lines = fmax(lines, ceil((double)eb_text_width(text) * 1.12 / WRAP));
        }
        if (lines > 1) worksheet_set_row(sheet, ROW_DATA + (uint32_t)r, fmin(lines, 25) * LXW_DEF_ROW_HEIGHT, NULL);
    }
}

void eb_book_add_table(eb_book *book, lxw_worksheet *sheet, const eb_table *table)
{
    const size_t columns = eb_table_column_count(table);
    const uint32_t rows = (uint32_t)eb_table_row_count(table);
    uint32_t at = ROW_DATA + rows;

    eb_book_text(book, sheet, ROW_TITLE, 0, eb_table_title(table), book->title);
    const double width = write_columns(book, sheet, table);
    set_heights(sheet, table);
    worksheet_repeat_rows(sheet, ROW_HEADING, ROW_HEADING);
    if (columns && rows) worksheet_autofilter(sheet, ROW_HEADING, 0, ROW_DATA + rows - 1, (uint16_t)(columns - 1));
    worksheet_freeze_panes(sheet, ROW_DATA, key_columns(table));
    if (write_totals(book, sheet, at, table, rows)) at++;
    at++;
    remark_sums(book, sheet, &at, table, width);
    if (*eb_table_method(table)) write_remark(book, sheet, at++, table, width, eb_table_method(table));
    for (size_t i = 0; i < eb_table_note_count(table); i++) write_remark(book, sheet, at++, table, width, eb_table_note_at(table, i));
}

/* --- charts ------------------------------------------------------------------------------------------------------------------------ */

enum { CHART_COLUMN = 4, ROW_PX = 20, CHART_PX = 288, PAGE_ROWS = 48, CHART_BREAKS = 200 };

/** How much higher than usual a chart is, so that every bar has its name. */
static double chart_scale(const eb_chart *chart)
{
    const double bars = (double)eb_table_row_count(chart->data) * (double)(eb_table_column_count(chart->data) - 1);

    return chart->kind == EB_CHART_PIE || bars < 14 ? 1.25 : bars * 1.25 / 13;
}

/** Rows that a chart covers, with some between it and the next. */
static uint32_t chart_rows(const eb_chart *chart)
{
    return (uint32_t)ceil(chart_scale(chart) * CHART_PX / ROW_PX) + 2;
}

/** The numbers of a chart; returns the row below them. */
static uint32_t write_data(eb_book *book, lxw_worksheet *sheet, uint32_t row, const eb_table *data)
{
    eb_book_text(book, sheet, row++, 0, eb_table_title(data), book->title);
    for (size_t c = 1; c < eb_table_column_count(data); c++) {
        char heading[256];
        eb_column_heading(eb_table_column_at(data, c), book->report->lang, heading, sizeof heading);
        eb_book_text(book, sheet, row, (uint16_t)c, heading, book->heading);
    }
    eb_book_text(book, sheet, row++, 0, "", book->heading);
    for (size_t r = 0; r < eb_table_row_count(data); r++, row++) {
        for (size_t c = 0; c < eb_table_column_count(data); c++) write_cell(book, sheet, row, data, r, c);
    }
    return row;
}

static const lxw_color_t colours[] = {0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0x56B4E9, 0xCC79A7};
enum { COLOURS = sizeof colours / sizeof colours[0] };

/** The pieces of a pie in the colours of the bars, which colour-blind readers tell apart; shares on them. */
static void dress_pie(lxw_chart_series *series, size_t pieces)
{
    enum { MOST = 24 };
    lxw_chart_fill fills[MOST];
    lxw_chart_point points[MOST];
    lxw_chart_point *list[MOST + 1] = {NULL};

    for (size_t i = 0; i < pieces && i < MOST; i++) {
        fills[i] = (lxw_chart_fill){.color = colours[i % COLOURS]};
        points[i] = (lxw_chart_point){.fill = &fills[i]};
        list[i] = &points[i];
    }
    chart_series_set_points(series, list);
    chart_series_set_labels(series);
    chart_series_set_labels_options(series, LXW_FALSE, LXW_TRUE, LXW_TRUE);
    chart_series_set_labels_percentage(series);
}

/** Bars from top to bottom as in the table, what they measure below them. */
static void dress_bars(lxw_chart *chart, const eb_table *data, eb_lang lang)
{
    char heading[256];

    chart_axis_set_reverse(chart->y_axis);
    chart_axis_set_crossing_max(chart->y_axis);
    if (eb_table_column_count(data) > 2) return; /* the legend names each series with its unit */
    eb_column_heading(eb_table_column_at(data, 1), lang, heading, sizeof heading);
    chart_axis_set_name(chart->x_axis, heading);
}

static void add_chart(eb_book *book, lxw_worksheet *sheet, uint32_t row, const eb_chart *source)
{
    const eb_table *data = source->data;
    const uint32_t first = row + 2, last = row + 1 + (uint32_t)eb_table_row_count(data);
    const bool pie = source->kind == EB_CHART_PIE;
    lxw_chart *chart = workbook_add_chart(book->book, pie ? LXW_CHART_PIE : LXW_CHART_BAR);
    lxw_chart_options options = {.y_offset = 6, .x_scale = 1.3, .y_scale = chart_scale(source)};

    if (!chart) {
        book->failed = true;
        return;
    }
    for (size_t c = 1; c < eb_table_column_count(data); c++) {
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_chart_fill fill = {.color = colours[(c - 1) % COLOURS]};
        if (!series) {
            book->failed = true;
            return;
        }
        chart_series_set_categories(series, sheet->name, first, 0, last, 0);
        chart_series_set_values(series, sheet->name, first, (uint16_t)c, last, (uint16_t)c);
        chart_series_set_name_range(series, sheet->name, row + 1, (uint16_t)c);
        if (!pie) chart_series_set_fill(series, &fill);
        if (pie) dress_pie(series, eb_table_row_count(data));
    }
    chart_title_set_name(chart, eb_table_title(data));
    if (!pie) dress_bars(chart, data, book->report->lang);
    if (pie || eb_table_column_count(data) < 3) chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    if (worksheet_insert_chart_opt(sheet, row, CHART_COLUMN, chart, &options) != LXW_NO_ERROR) book->failed = true;
}

void eb_book_add_charts(eb_book *book, lxw_worksheet *sheet)
{
    lxw_row_t breaks[CHART_BREAKS + 1] = {0};
    uint32_t row = 0, used = 0;
    size_t count = 0;

    worksheet_set_column(sheet, 0, 0, 32, NULL);
    worksheet_set_column(sheet, 1, CHART_COLUMN - 1, 14, NULL);
    for (size_t i = 0; i < book->report->chart_count && !book->failed; i++) {
        const eb_chart *chart = &book->report->charts[i];
        const uint32_t end = row + chart_rows(chart);
        if (row > 0 && end - used > PAGE_ROWS && count < CHART_BREAKS) { /* not across the edge of a sheet of paper */
            breaks[count++] = row;
            used = row;
        }
        const uint32_t below = write_data(book, sheet, row, chart->data);
        add_chart(book, sheet, row, chart);
        row = (below > end ? below : end) + 1;
    }
    if (count > 0 && worksheet_set_h_pagebreaks(sheet, breaks) != LXW_NO_ERROR) book->failed = true;
}
