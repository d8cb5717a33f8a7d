#include "layer/parcel_text.h"

#include "base/text.h"

#include <string.h>

/* Full-width signs that people's input methods leave in these files. */
static const struct {
    const char *wide;
    char plain;
} signs[] = {{"【", '['}, {"】", ']'}, {"，", ','}, {"＝", '='}, {"［", '['}, {"］", ']'}, {"＠", '@'}, {"　", ' '}, {"．", '.'}};

/*
 * Wide signs are taken for plain ones where they stand for the format: a name may hold them as text. Commas: where the line has no plain
 * one. The @ of a header: at the end. All: in lines that make no sense otherwise.
 */
enum { PLAIN_COMMAS = 1, PLAIN_ALL = 2 };

static size_t make_plain(const char *text, size_t size, unsigned plain, char *out, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < size && used + 1 < room;) {
        size_t step = 1;
        char c = text[i];
        for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
            const size_t n = strlen(signs[k].wide);
            const bool comma = signs[k].plain == ',';
            if (!(plain & (comma ? PLAIN_COMMAS : PLAIN_ALL)) || size - i < n || memcmp(text + i, signs[k].wide, n) != 0) continue;
            c = signs[k].plain;
            step = n;
            break;
        }
        if (c == '\t') c = ' ';
        if (c && c != '\r' && c != '\n') out[used++] = c;
        i += step;
    }
    out[used] = '\0';
    return used;
}

/* The wide form of the sign that ends a header. */
static void plain_end(char *text)
{
    static const char at[] = "＠";
    const size_t size = strlen(text), n = sizeof at - 1;
    if (size >= n && memcmp(text + size - n, at, n) == 0) memcpy(text + size - n, "@", 2);
}

static char *trim(char *text)
{
    while (*text == ' ') text++;
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ') text[--size] = '\0';
    return text;
}

/* Some writers put each parcel in braces. */
static char *strip_braces(char *text)
{
    text = trim(text);
    while (*text == '{') text = trim(text + 1);
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == '}') {
        text[size - 1] = '\0';
        text = trim(text);
        size = strlen(text);
    }
    return text;
}

static bool take_section(char *text, eb_parcel_line *out)
{
    static const char *const known[] = {"属性描述", "地块坐标", "扩展信息", "扩展属性"};
    size_t size = strlen(text);
    char *name = text;
    if (size > 2 && text[0] == '[' && text[size - 1] == ']') {
        text[size - 1] = '\0';
        name = trim(text + 1);
    } else {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) found = found || strcmp(text, known[i]) == 0;
        if (!found) return false;
    }
    out->kind = EB_PARCEL_SECTION;
    out->field[0] = name;
    out->field_count = 1;
    return true;
}

static void split(char *text, eb_parcel_line *out)
{
    out->field_count = 0;
    for (char *at = text;;) {
        char *comma = strchr(at, ',');
        if (comma) *comma = '\0';
        if (out->field_count == EB_PARCEL_MAX_FIELDS) {
            out->kind = EB_PARCEL_STRANGE;
            return;
        }
        out->field[out->field_count++] = trim(at);
        if (!comma) return;
        at = comma + 1;
    }
}

static void parse(const char *text, size_t size, bool attributes, unsigned plain, eb_parcel_line *out)
{
    out->kind = EB_PARCEL_STRANGE;
    out->field_count = 0;
    make_plain(text, size, plain, out->text, sizeof out->text);
    char *line = strip_braces(out->text);
    plain_end(line);
    if (*line == '\0') {
        out->kind = EB_PARCEL_BLANK;
        return;
    }
    if (take_section(line, out)) return;
    char *equal = strchr(line, '=');
    if (attributes && equal) {
        *equal = '\0';
        out->kind = EB_PARCEL_ATTRIBUTE;
        out->field[0] = trim(line);
        out->field[1] = trim(equal + 1);
        out->field_count = 2;
        return;
    }
    size_t length = strlen(line);
    bool header = line[length - 1] == '@';
    if (header) line[length - 1] = '\0';
    out->kind = header ? EB_PARCEL_HEADER : EB_PARCEL_POINT;
    split(line, out);
    if (header) {
        /* The '@' has a comma before it as a rule: no field of its own. */
        if (out->field_count > 1 && out->field[out->field_count - 1][0] == '\0') out->field_count--;
        return;
    }
    bool point = out->kind == EB_PARCEL_POINT && out->field_count >= 4 && out->field_count <= 6 &&
                 eb_text_to_integer(out->field[1], &out->ring) && eb_text_to_real(out->field[2], &out->a) &&
                 eb_text_to_real(out->field[3], &out->b);
    if (!point) out->kind = EB_PARCEL_STRANGE;
}

void eb_parcel_line_parse(const char *text, size_t size, bool attributes, eb_parcel_line *out)
{
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3, size -= 3;
    const unsigned commas = size == 0 || !memchr(text, ',', size) ? PLAIN_COMMAS : 0;
    parse(text, size, attributes, commas, out);
    if (out->kind == EB_PARCEL_STRANGE && size) parse(text, size, attributes, commas | PLAIN_ALL, out);
    if (out->kind == EB_PARCEL_STRANGE && size) parse(text, size, attributes, PLAIN_COMMAS | PLAIN_ALL, out);
}
