/**
 * @file report/book.h
 * A workbook while it is being filled.
 */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include <xlsxwriter.h>

#include "report/xlsx.h"

/** Formats of cells. */
enum { BOOK_DECIMALS = 10 };
typedef struct eb_book {
    const eb_report *report;
    lxw_workbook *book;
    lxw_format *title, *heading, *heading_number, *text, *cell, *wrapped, *link, *total_word;
    lxw_format *number[BOOK_DECIMALS], *total[BOOK_DECIMALS]; /* by decimals */
    lxw_format *general;
    bool failed; /* the library could not take something */
} eb_book;

/** A sheet with a name of its own made from @p title: at most 31 characters, none that Excel forbids. NULL: failed. */
lxw_worksheet *eb_book_add_sheet(eb_book *book, const char *title);
/** Text into a cell, cut at the 32767 characters that a cell can hold. */
void eb_book_text(eb_book *book, lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text, lxw_format *format);
/** One table on its sheet. */
void eb_book_add_table(eb_book *book, lxw_worksheet *sheet, const eb_table *table);
/** The sheet of charts, with their data. */
void eb_book_add_charts(eb_book *book, lxw_worksheet *sheet);
/** Width of a text in the units of Excel's columns. */
double eb_book_width(const char *text);

#endif
