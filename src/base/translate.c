#include "base/translate.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Layout of a .mo file (the GNU gettext manual, "The Format of GNU MO Files"): offsets of its header's 32-bit words. */
enum { MO_MAGIC_AT = 0, MO_COUNT_AT = 8, MO_ORIGINALS_AT = 12, MO_TRANSLATIONS_AT = 16, MO_HEADER = 28, MO_ENTRY = 8 };
static const uint32_t mo_magic = 0x950412de;

/** msgfmt writes little-endian on every machine unless told otherwise. */
static uint32_t word_at(size_t at)
{
    const unsigned char *p = eb_catalogue_zh + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/** Text @p i of the sorted originals, or of their translations. Both end with a zero byte in the file. */
static const char *text_at(size_t table_at, size_t i)
{
    return (const char *)eb_catalogue_zh + word_at(word_at(table_at) + i * MO_ENTRY + 4);
}

static const char *look_up(const char *text)
{
    if (eb_catalogue_zh_size < MO_HEADER || word_at(MO_MAGIC_AT) != mo_magic) return NULL;
    size_t low = 0, high = word_at(MO_COUNT_AT);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(text, text_at(MO_ORIGINALS_AT, middle));
        if (order == 0) return text_at(MO_TRANSLATIONS_AT, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *eb_translate_to(eb_lang lang, const char *text)
{
    /* The empty text is the key of the catalogue's own description. */
    if (lang != EB_LANG_ZH || !text || !*text) return text;
    const char *found = look_up(text);
    return found && *found ? found : text;
}

const char *eb_translate(const char *text)
{
    return eb_translate_to(eb_lang_get(), text);
}

void eb_translate_into(char *text, size_t size, const char *format, va_list args)
{
    vsnprintf(text, size, eb_translate(format), args);
    eb_text_trim_utf8(text, size);
    eb_text_mend_utf8(text);
}

/** The first variable that is set and not empty, or NULL. */
static const char *first_set(const char *const *names)
{
    for (; *names; names++) {
        const char *value = getenv(*names);
        if (value && *value) return value;
    }
    return NULL;
}

eb_lang eb_lang_parse(const char *name)
{
    return name && strncmp(name, "zh", 2) == 0 ? EB_LANG_ZH : EB_LANG_EN;
}

eb_lang eb_lang_get(void)
{
    static const char *const locale_names[] = {"LC_ALL", "LC_MESSAGES", "LANG", NULL};
    const char *own = getenv("ECOBELT_LANG");
    if (own && *own) return eb_lang_parse(own);
    const char *locale = first_set(locale_names);
    if (!locale || strcmp(locale, "C") == 0 || strncmp(locale, "C.", 2) == 0 || strcmp(locale, "POSIX") == 0) return EB_LANG_EN;
    /* As in gettext, LANGUAGE is a list in order of preference; the first that is spoken here counts. */
    const char *list = getenv("LANGUAGE");
    for (const char *p = list ? list : ""; *p; p += strcspn(p, ":"), p += *p == ':')
        if (strncmp(p, "zh", 2) == 0 || strncmp(p, "en", 2) == 0) return eb_lang_parse(p);
    return eb_lang_parse(locale);
}
