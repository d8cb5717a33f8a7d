/**
 * @file report/html/parts.h
 * A page while it is being written, and the pieces that write it.
 */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

#include "base/translate.h"
#include "report/heading.h"
#include "report/xml.h"

#include "base/text.h"

/** A method and the table whose column names it speaks of. */
typedef struct eb_method {
    const char *text;
    const eb_table *table;
} eb_method;

/** A page. Errors of memory stick in `out`. */
typedef struct eb_page {
    const eb_report *report;
    eb_lang lang;
    eb_string out;
    int section, figure; /* numbers given so far */
    eb_method *methods;  /* each text once, numbered from 1 */
    size_t method_count, method_capacity;
} eb_page;

/** The style sheet: for all, and what is different on A4. */
extern const char eb_page_sheet[], eb_page_sheet_paper[];

/** <TAG class="KIND">text</TAG>; no class for "". */
void eb_page_line(eb_page *page, const char *tag, const char *kind, const char *text);
/** A cell of text: a short one is not broken, a long one gets room. */
void eb_page_text(eb_page *page, const char *text);
/** A numbered heading that links can reach as "#ID". */
void eb_page_section(eb_page *page, const char *id, const char *title);
/** The words in the language of the page, as they are (no marks of HTML in them). */
const char *eb_page_word(const eb_page *page, const char *en) EB_FORMAT_ARG(2);

/** A table with its headings; the columns named in @p left_out (between blanks) are not shown, nor rows after the first @p most. */
void eb_page_rows(eb_page *page, const eb_table *table, const char *left_out, size_t most);
/** Method (by its number) and notes; columns are called by their headings. */
void eb_page_remarks(eb_page *page, const eb_table *table);
/** Text in which names of the table's columns are replaced by their headings. */
void eb_page_prose(eb_page *page, const eb_table *table, const char *text);
/** The methods met so far, by number. */
void eb_page_methods(eb_page *page);

/** The steps with what was asked of each; every table, under its step; profiles in place of tables of heights. */
void eb_page_asked(eb_page *page);
void eb_page_tables(eb_page *page);
/** All maps. */
eb_status eb_page_maps(eb_page *page, eb_error *err);
/** What was read, repaired, refused; the inputs; the program. */
void eb_page_quality(eb_page *page);
void eb_page_inputs(eb_page *page);

#endif
