/**
 * @file report/heading.h
 * Words for people: column headings, units, and which of two languages to speak.
 */
#ifndef REPORT_HEADING_H
#define REPORT_HEADING_H

#include "base/text.h"
#include "base/translate.h"

#include <ecobelt/report.h>

/** The English text in the language of the report, from the catalogue. */
EB_FORMAT_ARG(2) static inline const char *eb_word(eb_lang lang, const char *en)
{
    return eb_translate_to(lang, en);
}

/**
 * What to say in place of a null: "all" in the first key of a row about the whole, "(the rest)" as the class of what no feature of a
 * zone covers; NULL anywhere else. Static.
 */
const char *eb_null_word(const eb_table *table, size_t row, size_t column, eb_lang lang);
/**
 * Whether a text begins with the name of a column of @p table, as methods and notes call it ("area_m2"): then its heading, else "" in
 * @p heading. Names of one word are words of a sentence, too, and stay. Without a table any name that has a heading counts. Returns the
 * bytes of the text that were looked at, at least one.
 */
size_t eb_heading_in(const eb_table *table, const char *text, eb_lang lang, char *heading, size_t size);
/** A method or note with the headings of columns in the place of their names. From malloc(), NULL out of memory. */
char *eb_prose(const eb_table *table, const char *text, eb_lang lang);

/** Unit as people write it ("m2" -> "m²" / "平方米"); @p unit itself where it is not a known one. */
const char *eb_unit_word(const char *unit, eb_lang lang);

/** " (schematic)" after a title that does not say so yet. */
void eb_title_mark(eb_string *title, eb_lang lang);

/**
 * A text or truth cell as people read it: codes that scripts compare ("met", "schematic", "true") in words, a name that would look like
 * none ("", "-") in quotation marks, all else itself.
 */
const char *eb_cell_word(const eb_column *column, const char *text, eb_lang lang);

#endif
