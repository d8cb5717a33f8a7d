#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool grow(eb_string *string, size_t more)
{
    if (string->failed) return false;
    if (more < SIZE_MAX - string->size - 1 && string->size + more + 1 <= string->capacity) return true;
    size_t capacity = string->capacity ? string->capacity : 64;
    while (capacity < string->size + more + 1 && capacity < SIZE_MAX / 2) capacity *= 2;
    char *data = capacity > string->size + more ? realloc(string->data, capacity) : NULL;
    if (!data) {
        string->failed = true;
        return false;
    }
    string->data = data;
    string->capacity = capacity;
    return true;
}

void eb_string_add_bytes(eb_string *string, const void *bytes, size_t size)
{
    if (!grow(string, size)) return;
    if (size) memcpy(string->data + string->size, bytes, size);
    string->size += size;
    string->data[string->size] = '\0';
}

void eb_string_add(eb_string *string, const char *text)
{
    if (text) eb_string_add_bytes(string, text, strlen(text));
}

void eb_string_addf(eb_string *string, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    if (size < 0)
        string->failed = true;
    else if (grow(string, (size_t)size)) {
        vsnprintf(string->data + string->size, (size_t)size + 1, format, again);
        string->size += (size_t)size;
    }
    va_end(again);
    va_end(args);
}

void eb_string_add_json(eb_string *string, const char *text)
{
    if (!text) {
        eb_string_add(string, "null");
        return;
    }
    eb_string_add(string, "\"");
    while (*text) {
        const char *start = text;
        uint32_t c = eb_text_next(&text);
        if (c == '"' || c == '\\')
            eb_string_addf(string, "\\%c", (int)c);
        else if (c == '\n')
            eb_string_add(string, "\\n");
        else if (c == '\t')
            eb_string_add(string, "\\t");
        else if (c < 0x20 || c == 0x7f)
            eb_string_addf(string, "\\u%04x", (unsigned)c);
        else if (c == 0xFFFD)
            eb_string_add(string, "\xEF\xBF\xBD");
        else
            eb_string_add_bytes(string, start, (size_t)(text - start));
    }
    eb_string_add(string, "\"");
}

void eb_string_add_number(eb_string *string, double value)
{
    char text[40] = "null";
    if (isfinite(value)) eb_text_from_real(text, sizeof text, value);
    eb_string_add(string, text);
}

const char *eb_string_get(const eb_string *string)
{
    return string->data && !string->failed ? string->data : "";
}

char *eb_string_take(eb_string *string)
{
    char *data = NULL;
    if (grow(string, 0)) {
        data = string->data;
        data[string->size] = '\0';
        string->data = NULL;
    }
    eb_string_clear(string);
    return data;
}

void eb_string_cut(eb_string *string, size_t size)
{
    if (size >= string->size || !string->data) return;
    string->size = size;
    string->data[size] = '\0';
}

void eb_string_clear(eb_string *string)
{
    free(string->data);
    *string = (eb_string){0};
}

char *eb_text_dup(const char *text)
{
    return text ? strdup(text) : NULL;
}

void eb_text_copy(char *to, size_t size, const char *text)
{
    if (size == 0) return;
    size_t length = strnlen(text, size - 1);
    memmove(to, text, length);
    to[length] = '\0';
    if (text[length]) eb_text_trim_utf8(to, size);
}

/* Bytes that the character starting with this byte takes; 0 for a byte that starts none. */
static int lead_length(unsigned char byte)
{
    if (byte < 0x80) return 1;
    if (byte >= 0xC2 && byte <= 0xDF) return 2;
    if (byte >= 0xE0 && byte <= 0xEF) return 3;
    if (byte >= 0xF0 && byte <= 0xF4) return 4;
    return 0;
}

void eb_text_trim_utf8(char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length + 1 < size || length == 0) return;
    size_t start = length - 1;
    while (start > 0 && ((unsigned char)text[start] & 0xC0) == 0x80 && length - start < 4) start--;
    int want = lead_length((unsigned char)text[start]);
    if (want > 1 && (size_t)want > length - start) text[start] = '\0';
}

/* Length of the well-formed character at the start of the bytes, 0 where there is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    int want = left ? lead_length(p[0]) : 0;
    if (want == 0 || (size_t)want > left) return 0;
    for (int i = 1; i < want; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if (want == 3 && ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))) return 0;
    if (want == 4 && ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))) return 0;
    return (size_t)want;
}

bool eb_text_is_utf8(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length((const unsigned char *)bytes + i, size - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

void eb_text_mend_utf8(char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        const size_t length = utf8_length((const unsigned char *)text, left);
        if (length == 0) *text = '?';
        text += length ? length : 1;
        left -= length ? length : 1;
    }
}

uint32_t eb_text_next(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    if (!*p) return 0;
    size_t length = utf8_length(p, strnlen(*text, 4));
    *text += length ? length : 1;
    switch (length) {
    case 1:
        return p[0];
    case 2:
        return ((p[0] & 0x1Fu) << 6) | (p[1] & 0x3Fu);
    case 3:
        return ((p[0] & 0x0Fu) << 12) | ((p[1] & 0x3Fu) << 6) | (p[2] & 0x3Fu);
    case 4:
        return ((p[0] & 0x07u) << 18) | ((p[1] & 0x3Fu) << 12) | ((p[2] & 0x3Fu) << 6) | (p[3] & 0x3Fu);
    default:
        return 0xFFFD;
    }
}

/* Wide on a terminal: the East Asian blocks that staff data use, and emoji. Own table, since wcwidth() hangs on the locale. */
static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) ||
           (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

static bool is_combining(uint32_t c)
{
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F);
}

size_t eb_text_width(const char *text)
{
    size_t width = 0;
    for (uint32_t c; (c = eb_text_next(&text)) != 0;) width += is_wide(c) ? 2 : is_combining(c) ? 0 : 1;
    return width;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool eb_text_same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool eb_text_to_integer(const char *text, int64_t *out)
{
    const char *p = text;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+') p++;
    if (!*p) return false;
    int64_t value = 0;
    for (; *p; p++) {
        if (*p < '0' || *p > '9') return false;
        int digit = *p - '0';
        if (value < (INT64_MIN + digit) / 10) return false;
        value = value * 10 - digit;
    }
    if (!negative && value == INT64_MIN) return false;
    *out = negative ? value : -value;
    return true;
}

/* Only [+-]digits[.digits][e[+-]digits]: strtod() alone would also take hex, "inf" and leading blanks. */
static bool looks_decimal(const char *p)
{
    size_t digits = 0;
    if (*p == '-' || *p == '+') p++;
    for (; *p >= '0' && *p <= '9'; p++) digits++;
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9'; p++) digits++;
    if (digits == 0) return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '-' || *p == '+') p++;
        if (!*p) return false;
        while (*p >= '0' && *p <= '9') p++;
    }
    return *p == '\0';
}

bool eb_text_to_real(const char *text, double *out)
{
    if (!looks_decimal(text)) return false;
    char local[400];
    size_t length = strlen(text);
    if (length >= sizeof local) return false;
    /* strtod() wants the locale's decimal mark. */
    char mark[8];
    snprintf(mark, sizeof mark, "%.1f", 0.0);
    memcpy(local, text, length + 1);
    char *point = strchr(local, '.');
    if (point && mark[1] != '.' && mark[2] == '0') *point = mark[1];
    char *end = NULL;
    errno = 0;
    double value = strtod(local, &end);
    if (*end || !isfinite(value)) return false;
    *out = value;
    return true;
}

/* Put a point where the locale put its decimal mark. */
static void mend_mark(char *text)
{
    for (char *p = text; *p; p++)
        if (*p == ',') *p = '.';
}

void eb_text_from_real(char *text, size_t size, double value)
{
    if (!isfinite(value)) {
        snprintf(text, size, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    if (value == 0) value = 0; /* no "-0" */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    mend_mark(text);
}

void eb_text_from_fixed(char *text, size_t size, double value, int decimals)
{
    if (!isfinite(value)) {
        eb_text_from_real(text, size, value);
        return;
    }
    snprintf(text, size, "%.*f", decimals, value);
    mend_mark(text);
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1)) memmove(text, text + 1, strlen(text));
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t eb_text_distance(const char *a, const char *b, size_t limit)
{
    enum { MOST = 64 };
    size_t n = strlen(a), m = strlen(b);
    if (n >= MOST || m >= MOST) return strcmp(a, b) == 0 ? 0 : limit + 1;
    size_t row[3][MOST];
    for (size_t j = 0; j <= m; j++) row[1][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[(i + 1) % 3], *last = row[i % 3], *before = row[(i + 2) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (lower(a[i - 1]) != lower(b[j - 1])));
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
        }
    }
    size_t distance = row[(n + 1) % 3][m];
    return distance <= limit ? distance : limit + 1;
}

const char *eb_text_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t limit = strlen(word) <= 4 ? 1 : strlen(word) <= 8 ? 2 : 3;
    const char *best = NULL;
    size_t least = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = candidates[i] ? eb_text_distance(word, candidates[i], limit) : limit + 1;
        if (distance < least) {
            least = distance;
            best = candidates[i];
        }
    }
    return best;
}
