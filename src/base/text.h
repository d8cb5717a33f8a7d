/**
 * @file base/text.h
 * Text: a growing string, UTF-8, strict numbers, spelling suggestions.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <ecobelt/base.h>

/** A growing string. Zero-initialise it; failures stick in `failed`; free with eb_string_clear(). */
typedef struct eb_string {
    char *data;
    size_t size, capacity;
    bool failed;
} eb_string;

/** Append text, bytes, formatted text. No-ops once an allocation has failed. */
void eb_string_add(eb_string *string, const char *text);
void eb_string_add_bytes(eb_string *string, const void *bytes, size_t size);
void eb_string_addf(eb_string *string, const char *format, ...) EB_PRINTF(2, 3);
/** Append @p text as a JSON string with quotes; bytes that are not UTF-8 become U+FFFD. NULL gives null. */
void eb_string_add_json(eb_string *string, const char *text);
/** Append a number as JSON: shortest form that reads back the same; NaN and infinities give null. */
void eb_string_add_number(eb_string *string, double value);
/** Keep its first @p size bytes; nothing happens where it has no more. */
void eb_string_cut(eb_string *string, size_t size);
/** The text, never NULL; valid until the next change. */
const char *eb_string_get(const eb_string *string);
/** Hand over the text (free() it); NULL where an allocation failed. The string is empty afterwards. */
char *eb_string_take(eb_string *string);
void eb_string_clear(eb_string *string);

/** Copy of @p text from malloc(); NULL for NULL or out of memory. */
char *eb_text_dup(const char *text);
/** Copy into a buffer, cut at a UTF-8 character boundary. */
void eb_text_copy(char *to, size_t size, const char *text);
/** Drop a character cut in half at the end of a full buffer. */
void eb_text_trim_utf8(char *text, size_t size);
/** Bytes that are no UTF-8 become '?': for what people read, whatever a file holds. */
void eb_text_mend_utf8(char *text);
/** True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool eb_text_is_utf8(const char *bytes, size_t size);
/** Decode one character at *text and move on; 0 at the end, U+FFFD for a bad byte. */
uint32_t eb_text_next(const char **text);
/** Columns on a terminal: East Asian wide characters count two, combining marks none. */
size_t eb_text_width(const char *text);
/** ASCII case-insensitive comparison. */
bool eb_text_same(const char *a, const char *b);

/** The whole text as a finite number: no blanks, no hex, no locale, no trailing junk. */
bool eb_text_to_real(const char *text, double *out);
/** The whole text as a decimal integer. */
bool eb_text_to_integer(const char *text, int64_t *out);
/** Shortest decimal that reads back the same, point as decimal mark whatever the locale. */
void eb_text_from_real(char *text, size_t size, double value);
/** Fixed number of decimals, point as decimal mark whatever the locale; "-0.00" becomes "0.00". */
void eb_text_from_fixed(char *text, size_t size, double value, int decimals);

/** Steps to change one word into the other (Damerau-Levenshtein on bytes), for "did you mean"; at most @p limit + 1. */
size_t eb_text_distance(const char *a, const char *b, size_t limit);
/** The candidate nearest to @p word if near enough to suggest, else NULL. */
const char *eb_text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
