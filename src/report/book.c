#include "report/book.h"

#include "base/text.h"
#include "report/heading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Names are compared as Excel does: without case; a number makes a second one differ. */
static bool is_taken(const eb_book *book, const char *name)
{
    return workbook_get_worksheet_by_name(book->book, name) || workbook_validate_sheet_name(book->book, name) != LXW_NO_ERROR;
}

/** Characters as Excel counts them: two where UTF-16 takes two units. */
static size_t units_of(const char *text, const char *end)
{
    size_t units = 0;

    while (text < end && *text) {
        const char *start = text;
        eb_text_next(&text);
        units += text - start > 3 ? 2 : 1;
    }
    return units;
}

/** Bytes of at most @p most characters from the start; not to the middle of a word if that leaves half of them. */
static size_t head_size(const char *text, size_t most)
{
    size_t size = 0, word = 0;

    for (const char *at = text; *at && units_of(text, at) < most;) {
        if (*at == ' ') word = (size_t)(at - text);
        eb_text_next(&at);
        size = (size_t)(at - text);
    }
    return text[size] && text[size] != ' ' && units_of(text, text + word) > most / 2 ? word : size;
}

/** Bytes before the last @p most characters, likewise. */
static size_t tail_start(const char *text, size_t most)
{
    const char *end = text + strlen(text);
    size_t start = 0;

    for (const char *at = text; units_of(at, end) > most;) {
        eb_text_next(&at);
        start = (size_t)(at - text);
    }
    const char *word = start > 0 && text[start - 1] != ' ' ? strchr(text + start, ' ') : NULL;
    return word && units_of(word, end) > most / 2 ? (size_t)(word + 1 - text) : start;
}

/**
 * A title as the name of a sheet. A longer one loses its mark "(schematic)", which stands above the table, then its middle: what
 * tells tables of one step apart is said at the end.
 */
static void name_sheet(const char *title, eb_lang lang, size_t most, eb_string *out)
{
    eb_string mark = {0};

    eb_title_mark(&mark, lang);
    char *text = eb_text_dup(title), *at = text ? strstr(text, eb_string_get(&mark)) : NULL;
    if (at && units_of(text, at + strlen(at)) > most && !at[mark.size]) *at = '\0';
    if (!text || units_of(text, text + strlen(text)) <= most) {
        eb_string_add(out, text ? text : "");
    } else {
        const char *tail = text + tail_start(text, most / 2);
        size_t size = head_size(text, most - 1 - units_of(tail, text + strlen(text)));
        while (size > 0 && strchr(" :,", text[size - 1])) size--;
        eb_string_add_bytes(out, text, size);
        eb_string_add(out, "\xe2\x80\xa6"); /* … */
        eb_string_add(out, tail + strspn(tail, " "));
    }
    for (char *c = out->data; c && *c; c++) {
        if (strchr("[]:*?/\\'", *c)) *c = *c == ':' ? ',' : ' ';
    }
    while (out->size && out->data[out->size - 1] == ' ') eb_string_cut(out, out->size - 1);
    free(text);
    eb_string_clear(&mark);
}

lxw_worksheet *eb_book_add_sheet(eb_book *book, const char *title)
{
    enum { MOST = 31, NUMBER = 4 }; /* " 999" */
    eb_string stem = {0}, shorter = {0};
    char name[160];

    name_sheet(title, book->report->lang, MOST, &stem);
    name_sheet(title, book->report->lang, MOST - NUMBER, &shorter);
    snprintf(name, sizeof name, "%s", stem.size ? stem.data : "-");
    for (int number = 2; is_taken(book, name) && number < 1000; number++)
        snprintf(name, sizeof name, "%s %d", eb_string_get(&shorter), number);
    eb_string_clear(&stem);
    eb_string_clear(&shorter);
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, name);
    if (!sheet) {
        book->failed = true;
        return NULL;
    }
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); /* A4 */
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&L&8&A&R&8&P / &N");
    return sheet;
}

void eb_book_text(eb_book *book, lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text, lxw_format *format)
{
    enum { LONGEST = 32767 };
    char cut[LONGEST + 1];

    if (!text || !*text) {
        worksheet_write_blank(sheet, row, column, format);
        return;
    }
    if (strlen(text) > LONGEST) {
        eb_text_copy(cut, sizeof cut, text);
        text = cut;
    }
    if (worksheet_write_string(sheet, row, column, text, format) != LXW_NO_ERROR) book->failed = true;
}

double eb_book_width(const char *text)
{
    const double width = (double)eb_text_width(text) * 1.15 + 2;
    return width < 8 ? 8 : width > 60 ? 60 : width;
}
