#include "report/book.h"

#include "base/text.h"
#include "report/heading.h"

#include <stdio.h>
#include <string.h>

/** Names are compared as Excel does: without case; a number makes a second one differ. */
static bool is_taken(const eb_book *book, const char *name)
{
    return workbook_get_worksheet_by_name(book->book, name) || workbook_validate_sheet_name(book->book, name) != LXW_NO_ERROR;
}

lxw_worksheet *eb_book_add_sheet(eb_book *book, const char *title)
{
    enum { CHARACTERS = 28 }; /* leaves room for " 99" */
    char stem[4 * CHARACTERS + 1], name[sizeof stem + 16];
    size_t used = 0, characters = 0, word = 0;
    const char *at = title;

    for (; *at && characters < CHARACTERS; characters++) {
        const char *start = at;
        eb_text_next(&at);
        const size_t size = (size_t)(at - start);
        if (size > 3) characters++; /* two units of UTF-16 */
        if (*start == ' ') word = used;
        if (size == 1 && strchr("[]:*?/\\'", *start)) {
            stem[used++] = ' ';
        } else {
            memcpy(stem + used, start, size);
            used += size;
        }
    }
    if (*at && *at != ' ' && word > CHARACTERS / 2) used = word; /* not in the middle of a word */
    stem[used] = '\0';
    snprintf(name, sizeof name, "%s", used ? stem : "-");
    for (int number = 2; is_taken(book, name) && number < 1000; number++) snprintf(name, sizeof name, "%s %d", stem, number);
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
