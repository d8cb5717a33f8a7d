/**
 * @file report/heading.h
 * Words for people: column headings, units, and which of two languages to speak.
 */
#ifndef REPORT_HEADING_H
#define REPORT_HEADING_H

#include <ecobelt/report.h>

/** The text in the language of the run. */
static inline const char *eb_word(eb_lang lang, const char *en, const char *zh)
{
    return lang == EB_LANG_ZH ? zh : en;
}

/** Unit as people write it ("m2" -> "m²" / "平方米"); @p unit itself where it is not a known one. */
const char *eb_unit_word(const char *unit, eb_lang lang);

#endif
