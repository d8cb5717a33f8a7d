#include "report/book.h"

#include "base/text.h"
#include "base/translate.h"
#include "report/file.h"
#include "report/heading.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Width of the column of methods, in characters. */
enum { METHOD_WIDTH = 110 };

static lxw_format *make_format(eb_book *book, bool bold, bool wrap)
{
    lxw_format *format = workbook_add_format(book->book);

    if (!format) {
        book->failed = true;
        return NULL;
    }
    if (bold) format_set_bold(format);
    if (wrap) format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    return format;
}

static void make_formats(eb_book *book)
{
    book->title = make_format(book, true, false);
    book->heading = make_format(book, true, true);
    book->heading_number = make_format(book, true, true);
    book->text = make_format(book, false, false);
    book->cell = make_format(book, false, true);
    book->wrapped = make_format(book, false, true);
    book->link = make_format(book, false, false);
    book->total_word = make_format(book, true, false);
    book->general = make_format(book, false, false);
    for (int i = 0; i < BOOK_DECIMALS; i++) {
        char pattern[24] = "#,##0";
        for (int k = 0; k < i; k++) snprintf(pattern + strlen(pattern), sizeof pattern - strlen(pattern), k ? "0" : ".0");
        book->number[i] = make_format(book, false, false);
        book->total[i] = make_format(book, true, false);
        if (book->failed) return;
        format_set_num_format(book->number[i], pattern);
        format_set_num_format(book->total[i], pattern);
        format_set_top(book->total[i], LXW_BORDER_THIN);
    }
    if (book->failed) return;
    format_set_font_size(book->title, 14);
    format_set_bottom(book->heading, LXW_BORDER_THIN);
    format_set_bg_color(book->heading, 0xE2EFDA);
    format_set_bottom(book->heading_number, LXW_BORDER_THIN);
    format_set_bg_color(book->heading_number, 0xE2EFDA);
    format_set_align(book->heading_number, LXW_ALIGN_RIGHT);
    format_set_indent(book->heading, 1); /* off the numbers at their left */
    format_set_indent(book->text, 1);
    format_set_indent(book->cell, 1);
    format_set_top(book->total_word, LXW_BORDER_THIN);
    format_set_font_color(book->link, 0x0563C1);
    format_set_underline(book->link, LXW_UNDERLINE_SINGLE);
}

/* --- contents, method, quality ----------------------------------------------------------------------------------------------------- */

static void add_link(eb_book *book, lxw_worksheet *contents, uint32_t row, const lxw_worksheet *to, const char *title)
{
    eb_string target = {0};

    eb_string_addf(&target, "internal:'%s'!A1", to->name);
    if (target.failed || worksheet_write_url_opt(contents, row, 0, target.data, book->link, title, NULL) != LXW_NO_ERROR)
        book->failed = true;
    eb_string_clear(&target);
}

/** Words of one table's method, in a row as high as they need: not every program works that out. */
static void method_row(eb_book *book, lxw_worksheet *sheet, uint32_t row, const char *text)
{
    const double lines = ceil((double)eb_text_width(text) / (METHOD_WIDTH - 5.0));

    eb_book_text(book, sheet, row, 1, text, book->wrapped);
    if (lines > 1) worksheet_set_row(sheet, row, lines * LXW_DEF_ROW_HEIGHT, NULL);
}

static uint32_t add_method(eb_book *book, lxw_worksheet *sheet, uint32_t row, const eb_table *table)
{
    const size_t notes = eb_table_note_count(table);

    eb_book_text(book, sheet, row, 0, eb_table_title(table), book->wrapped);
    for (size_t i = 0; i <= notes; i++) {
        const char *text = i == 0 ? eb_table_method(table) : eb_table_note_at(table, i - 1);
        char *prose = eb_prose(table, text, book->report->lang);
        if (!prose) book->failed = true;
        if (prose && *prose) method_row(book, sheet, row++, prose);
        free(prose);
    }
    return row + (notes == 0 && !*eb_table_method(table));
}

static void add_methods(eb_book *book, lxw_worksheet *sheet)
{
    const eb_report *report = book->report;
    uint32_t row = 0;

    worksheet_set_column(sheet, 0, 0, 36, NULL);
    worksheet_set_column(sheet, 1, 1, METHOD_WIDTH, NULL);
    eb_book_text(book, sheet, row, 0, eb_word(report->lang, "Table"), book->heading);
    eb_book_text(book, sheet, row++, 1, eb_word(report->lang, "Method and notes"), book->heading);
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    if (report->targets) row = add_method(book, sheet, row, report->targets);
    for (size_t i = 0; i < report->table_count; i++) row = add_method(book, sheet, row, report->tables[i]);
}

static void number_cell(lxw_worksheet *sheet, uint32_t row, uint16_t column, double value, lxw_format *format)
{
    if (isfinite(value)) worksheet_write_number(sheet, row, column, value, format);
}

/** Layers are called by their titles where they have one. */
static const char *title_of(const eb_report *report, const char *id)
{
    for (size_t i = 0; i < report->layer_count; i++) {
        if (strcmp(report->layers[i].id, id) == 0) return report->layers[i].title;
    }
    return id;
}

static uint32_t add_counts(eb_book *book, lxw_worksheet *sheet)
{
    static const char *const en[] = {
        N_("Layer"),   N_("Read"),    N_("No geometry"),        N_("Invalid"),          N_("Repaired"), N_("Not used"),
        N_("Slivers"), N_("Remarks"), N_("Before repair (m²)"), N_("After repair (m²)")};
    const eb_diagnosis *diagnosis = book->report->diagnosis;
    uint32_t row = 1;

    for (uint16_t c = 0; c < 10; c++)
        eb_book_text(book, sheet, 0, c, eb_word(book->report->lang, en[c]), c ? book->heading_number : book->heading);
    for (size_t i = 0; i < eb_diagnosis_layer_count(diagnosis); i++, row++) {
        const eb_layer_counts *counts = eb_diagnosis_layer_at(diagnosis, i);
        eb_book_text(book, sheet, row, 0, title_of(book->report, counts->layer), book->text);
        number_cell(sheet, row, 1, (double)counts->read, book->number[0]);
        for (int event = 0; event < EB_EVENT_END; event++) {
            number_cell(sheet, row, (uint16_t)(2 + event), (double)counts->events[event], book->number[0]);
        }
        if (counts->events[EB_EVENT_REPAIRED] == 0) continue;
        number_cell(sheet, row, 8, counts->repaired_before_m2, book->number[2]);
        number_cell(sheet, row, 9, counts->repaired_after_m2, book->number[2]);
    }
    return row;
}

static void add_cases(eb_book *book, lxw_worksheet *sheet, uint32_t row)
{
    static const char *const en[] = {N_("Layer"), N_("What"),        N_("Feature"),    N_("x"),
                                     N_("y"),     N_("Before (m²)"), N_("After (m²)"), N_("Reason")};
    const eb_diagnosis *diagnosis = book->report->diagnosis;

    if (eb_diagnosis_case_count(diagnosis) == 0) return;
    row++;
    for (uint16_t c = 0; c < 8; c++) eb_book_text(book, sheet, row, c, eb_word(book->report->lang, en[c]), book->heading);
    for (size_t i = 0; i < eb_diagnosis_case_count(diagnosis); i++) {
        const eb_case *found = eb_diagnosis_case_at(diagnosis, i);
        row++;
        eb_book_text(book, sheet, row, 0, title_of(book->report, found->layer), book->text);
        eb_book_text(book, sheet, row, 1, eb_event_name(found->event), book->text);
        if (found->fid != EB_NO_FID) number_cell(sheet, row, 2, (double)found->fid, book->general);
        number_cell(sheet, row, 3, found->x, book->general);
        number_cell(sheet, row, 4, found->y, book->general);
        number_cell(sheet, row, 5, found->area_before_m2, book->number[2]);
        number_cell(sheet, row, 6, found->area_after_m2, book->number[2]);
        eb_book_text(book, sheet, row, 7, found->reason, book->text);
    }
}

static uint32_t list_sheet(eb_book *book, lxw_worksheet *contents, uint32_t row, lxw_worksheet *sheet, const char *title, const char *what)
{
    if (!sheet) return row;
    add_link(book, contents, row, sheet, title);
    eb_book_text(book, contents, row, 1, what, book->text);
    return row + 1;
}

/** A sheet of a table, if there is one; the next row of the contents. */
static uint32_t table_sheet(eb_book *book, lxw_worksheet *contents, uint32_t row, const eb_table *table)
{
    lxw_worksheet *sheet = table && !book->failed ? eb_book_add_sheet(book, eb_table_title(table)) : NULL;

    if (!sheet) return row;
    eb_book_add_table(book, sheet, table);
    return list_sheet(book, contents, row, sheet, eb_table_title(table), eb_table_name(table));
}

/** Wide enough for the longest title. */
static double contents_width(const eb_report *report)
{
    double width = 30;

    for (size_t i = 0; i < report->table_count; i++) {
        const double own = (double)eb_text_width(eb_table_title(report->tables[i])) * 1.05 + 3;
        width = own > width ? own : width;
    }
    return width > 110 ? 110 : width;
}

static void quality_sheet(eb_book *book, lxw_worksheet *sheet)
{
    worksheet_set_column(sheet, 0, 0, 40, NULL);
    worksheet_set_column(sheet, 1, 9, 16, NULL);
    add_cases(book, sheet, add_counts(book, sheet));
    worksheet_freeze_panes(sheet, 1, 1);
}

/** All sheets, in the order of the contents. */
static void fill_book(eb_book *book)
{
    const eb_report *report = book->report;
    lxw_worksheet *contents = eb_book_add_sheet(book, eb_word(report->lang, "Contents"));
    uint32_t row = 2;

    if (!contents) return;
    eb_book_text(book, contents, 0, 0, report->title, book->title);
    worksheet_set_column(contents, 0, 0, contents_width(report), NULL);
    eb_book_text(book, contents, 1, 0, eb_word(report->lang, "Sheet"), book->heading);
    eb_book_text(book, contents, 1, 1, eb_word(report->lang, "Name in the plan and in statistics/"), book->heading);
    worksheet_fit_to_pages(contents, 1, 1);
    worksheet_set_column(contents, 1, 1, 30, NULL);
    row = table_sheet(book, contents, row, report->targets);
    for (size_t i = 0; i < report->table_count; i++) row = table_sheet(book, contents, row, report->tables[i]);
    if (report->chart_count > 0 && !book->failed) {
        lxw_worksheet *sheet = eb_book_add_sheet(book, eb_word(report->lang, "Charts"));
        if (sheet) eb_book_add_charts(book, sheet);
        row = list_sheet(book, contents, row, sheet, eb_word(report->lang, "Charts"), "");
    }
    lxw_worksheet *method = eb_book_add_sheet(book, eb_word(report->lang, "Method"));
    if (method) add_methods(book, method);
    row = list_sheet(book, contents, row, method, eb_word(report->lang, "Method"), "");
    lxw_worksheet *quality = eb_book_add_sheet(book, eb_word(report->lang, "Data quality"));
    if (quality) quality_sheet(book, quality);
    row = list_sheet(book, contents, row, quality, eb_word(report->lang, "Data quality"), "");
    row = table_sheet(book, contents, row, report->asked);
    table_sheet(book, contents, row, report->inputs);
}

eb_status eb_report_write_xlsx(const eb_report *report, const char *file, eb_error *err)
{
    eb_book book = {.report = report};
    lxw_doc_properties properties = {.title = (char *)report->title, .comments = (char *)"ecobelt"};

    errno = 0;
    book.book = workbook_new(file);
    if (!book.book) return eb_error_memory(err);
    make_formats(&book);
    if (!book.failed) {
        workbook_set_properties(book.book, &properties);
        fill_book(&book);
    }
    const lxw_error code = workbook_close(book.book);
    if (code == LXW_NO_ERROR && !book.failed) return EB_OK;
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED) return eb_error_memory(err);
    if (code != LXW_NO_ERROR && errno != 0) return eb_file_failed(file, errno, err);
    eb_error_set(err, EB_OUTPUT, "the workbook cannot be written: %s", code ? lxw_strerror(code) : _("a cell was not taken"));
    eb_error_where(err, file, NULL, EB_NO_FID);
    eb_error_hint(err, "is there room on the disk, and in the folder for temporary files?");
    return EB_OUTPUT;
}
