/* Analyses speak of a command's options; who writes a plan knows its keys. */
#include "plan/model.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* The parameter whose option (without the dashes) is @p size bytes at @p word, or NULL. */
static const eb_param *find_option(const eb_analysis *analysis, const char *word, size_t size)
{
    char option[64];
    for (size_t i = 0; i < analysis->param_count; i++) {
        const char *name = eb_param_option(&analysis->params[i], option, sizeof option);
        if (strlen(name) == size && strncmp(name, word, size) == 0) return &analysis->params[i];
    }
    return NULL;
}

/* "key", or "key: VALUE" where a value that is no word of the sentence follows; lists as YAML has them. Returns what follows. */
static const char *add_key(eb_string *out, const eb_param *param, const char *rest)
{
    eb_string_add(out, param->key);
    const size_t figures = strcspn(rest, "0123456789");
    size_t size = *rest == ' ' ? strcspn(rest + 1, " ;") : 0;
    if (size == 0 || (figures > size && !isupper((unsigned char)rest[1]))) return rest;
    rest++;
    while (size > 1 && rest[size - 1] == ',') size--;
    const bool list = (param->flags & EB_PARAM_LIST) && memchr(rest, ',', size);
    eb_string_addf(out, ": %s%.*s%s", list ? "[" : "", (int)size, rest, list ? "]" : "");
    return rest + size;
}

static void speak(const eb_analysis *analysis, char *text, size_t size)
{
    eb_string out = {0};
    const char *from = text;
    for (const char *dashes = strstr(from, "--"); dashes; dashes = strstr(from, "--")) {
        const size_t length = strspn(dashes + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
        const eb_param *param = find_option(analysis, dashes + 2, length);
        eb_string_addf(&out, "%.*s", (int)(dashes - from + (param ? 0 : 2)), from);
        from = param ? add_key(&out, param, dashes + 2 + length) : dashes + 2;
    }
    eb_string_add(&out, from);
    if (!out.failed) eb_text_copy(text, size, eb_string_get(&out));
    eb_string_clear(&out);
}

void eb_plan_speak(const eb_analysis *analysis, eb_error *err)
{
    if (!err) return;
    speak(analysis, err->message, sizeof err->message);
    speak(analysis, err->hint, sizeof err->hint);
}
