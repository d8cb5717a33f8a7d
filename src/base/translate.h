/**
 * @file base/translate.h
 * What people read, in their language. English is written in the source and is the key of the catalogue (src/po/zh_CN.po), which is
 * compiled into the library: it needs no folder of its own and no locale that the machine has generated.
 *
 * Most text passes through a function that translates its format, such as eb_error_set() or eb_table_add_note(): there a literal is
 * simply written. Pieces that are put into such a format are wrapped in _(), and literals in a static table in N_() (nothing is
 * computed; whoever shows them calls eb_translate()). scripts/check-translations knows the functions and finds what escapes them.
 */
#ifndef BASE_TRANSLATE_H
#define BASE_TRANSLATE_H

#include <ecobelt/base.h>
#include <stdarg.h>

#if defined(__GNUC__)
#define EB_FORMAT_ARG(n) __attribute__((format_arg(n)))
#else
#define EB_FORMAT_ARG(n)
#endif

/** Translate a literal where it is used. */
#define _(text) eb_translate(text)
/** Mark a literal that is translated later. */
#define N_(text) text

/** @p text in the language of eb_lang_get(); itself where the catalogue has it not. NULL gives NULL. Lent for ever. */
const char *eb_translate(const char *text) EB_FORMAT_ARG(1);
/** What people read: @p format, translated, with @p args; cut at a character where it is longer, and UTF-8 whatever is put in. */
void eb_translate_into(char *text, size_t size, const char *format, va_list args) EB_PRINTF(3, 0);
/** @p text in @p lang. */
const char *eb_translate_to(eb_lang lang, const char *text) EB_FORMAT_ARG(2);

/** The compiled catalogue (.mo), made when the library is built. */
extern const unsigned char eb_catalogue_zh[];
extern const size_t eb_catalogue_zh_size;

#endif
