#include "layer/file_check.h"

#include "base/text.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

/*
 * Code pages as .cpg files, drivers and people write them. GB18030 decodes everything that GBK, CP936 and GB 2312 do, so it stands
 * for all of them when reading.
 */
static const struct {
    const char *text, *name;
} names[] = {
    {"936", "GB18030"},     {"cp936", "GB18030"},  {"gbk", "GB18030"},      {"gb2312", "GB18030"},     {"gb18030", "GB18030"},
    {"ansi936", "GB18030"}, {"oem936", "GB18030"}, {"54936", "GB18030"},    {"euccn", "GB18030"},      {"65001", "UTF-8"},
    {"utf8", "UTF-8"},      {"950", "CP950"},      {"big5", "CP950"},       {"932", "CP932"},          {"sjis", "CP932"},
    {"949", "CP949"},       {"1250", "CP1250"},    {"1251", "CP1251"},      {"1252", "CP1252"},        {"ansi1252", "CP1252"},
    {"1253", "CP1253"},     {"1254", "CP1254"},    {"88591", "ISO-8859-1"}, {"885915", "ISO-8859-15"}, {"latin1", "ISO-8859-1"},
    {"437", "CP437"},       {"850", "CP850"},      {"852", "CP852"},        {"866", "CP866"},
};

/* Letters and digits alone, lower case: "GB-2312", "gb_2312" and "GB2312" are one. */
static void squeeze(const char *text, char *out, size_t size)
{
    size_t used = 0;
    for (; *text && used + 1 < size; text++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out[used++] = c;
    }
    out[used] = '\0';
}

eb_status eb_encoding_name(const char *text, char *name, size_t size, eb_error *err)
{
    char word[40];
    squeeze(text, word, sizeof word);
    const char *found = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++)
        if (strcmp(word, names[i].text) == 0) found = names[i].name;
    eb_text_copy(name, size, found ? found : text);
    iconv_t test = word[0] ? iconv_open("UTF-8", name) : (iconv_t)-1;
    if (test != (iconv_t)-1) {
        iconv_close(test);
        return EB_OK;
    }
    eb_error_set(err, EB_USAGE, "unknown character set \"%s\"", text);
    eb_error_hint(err, "known are for example GBK, GB18030, UTF-8, Big5, CP1252");
    return EB_USAGE;
}

static bool has_high_byte(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (p[i] & 0x80) return true;
    return false;
}

/* True when the bytes are UTF-8, leaving aside a last character cut by the field's width. */
static bool looks_utf8(const unsigned char *p, size_t size)
{
    if (eb_text_is_utf8((const char *)p, size)) return true;
    size_t back = size;
    while (back > 0 && size - back < 3 && (p[back - 1] & 0xC0) == 0x80) back--;
    if (back == 0 || p[back - 1] < 0xC2) return false;
    size_t have = size - back + 1, want = p[back - 1] >= 0xF0 ? 4 : p[back - 1] >= 0xE0 ? 3 : 2;
    return have < want && eb_text_is_utf8((const char *)p, back - 1);
}

/* True when the bytes are GB18030, leaving aside a cut last character; counts two-byte characters. */
static bool looks_gb(const unsigned char *p, size_t size, int64_t *pairs, int64_t *common)
{
    for (size_t i = 0; i < size;) {
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        if (p[i] == 0x80 || p[i] == 0xFF) return false;
        if (i + 1 == size) return true;
        unsigned char second = p[i + 1];
        if (second >= 0x30 && second <= 0x39) {
            if (i + 3 >= size) return true;
            if (p[i + 2] < 0x81 || p[i + 2] == 0xFF || p[i + 3] < 0x30 || p[i + 3] > 0x39) return false;
            i += 4;
            continue;
        }
        if (second < 0x40 || second == 0x7F || second == 0xFF) return false;
        ++*pairs;
        /* Rows 1 to 9 (punctuation, letters) and 16 to 55 (the common characters) of GB 2312. */
        if (second >= 0xA1 && ((p[i] >= 0xA1 && p[i] <= 0xA9) || (p[i] >= 0xB0 && p[i] <= 0xD7))) ++*common;
        i += 2;
    }
    return true;
}

void eb_encoding_look(eb_encoding_evidence *evidence, const char *bytes, size_t size)
{
    const unsigned char *p = (const unsigned char *)bytes;
    if (!has_high_byte(p, size)) return;
    evidence->values++;
    if (!looks_utf8(p, size)) evidence->not_utf8++;
    if (!looks_gb(p, size, &evidence->pairs, &evidence->common_pairs)) evidence->not_gb++;
}

bool eb_encoding_many(int64_t count, const eb_encoding_evidence *evidence)
{
    return count * 10 > evidence->values;
}

const char *eb_encoding_guess(const eb_encoding_evidence *evidence)
{
    if (!eb_encoding_many(evidence->not_utf8, evidence)) return "UTF-8";
    /* Western text can be taken for GB18030 (an accented letter and the next one make a pair), but hardly for common characters. */
    bool chinese = !eb_encoding_many(evidence->not_gb, evidence) && evidence->common_pairs * 2 >= evidence->pairs;
    return chinese ? "GB18030" : "CP1252";
}
