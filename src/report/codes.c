#include "report/heading.h"

#include <string.h>

/** Codes that files keep in every language because scripts compare them, as people read them. */
static const struct {
    const char *column, *code, *words;
} codes[] = {
    {"verdict", "met", N_("met")},
    {"verdict", "missed", N_("missed")},
    {"verdict", "compared", N_("compared")},
    {"verdict", "not computed", N_("not computed")},
    {"status", "schematic", N_("schematic")},
    {"status", "derived", N_("derived")},
    {"status", "official", N_("official")},
    {"part", "both", N_("both")},
    {"part", "only first", N_("only first")},
    {"part", "only second", N_("only second")},
    {"scope", "group", N_("group")},
    {"scope", "all", N_("all")},
    {"side", "both", N_("both")},
    {"side", "left", N_("left")},
    {"side", "right", N_("right")},
    {"analysis", "area", N_("area calculation")},
    {"analysis", "corridor", N_("corridor along lines")},
    {"analysis", "tabulate", N_("areas and lengths by zone")},
    {"analysis", "designations", N_("designations laid over one another")},
    {"analysis", "overlay", N_("overlay")},
    {"analysis", "dissolve", N_("dissolving")},
    {"analysis", "enclose", N_("areas enclosed by lines")},
    {"analysis", "route", N_("way by road")},
    {"analysis", "access", N_("access by road")},
    {"analysis", "network", N_("state of the road network")},
    {"severity", "error", N_("error")},
    {"severity", "warning", N_("warning")},
    {"severity", "note", N_("note")},
};

/** A name that would look like none: in quotation marks. */
static const char *seen(const char *text)
{
    static const char *const names[][2] = {{"", "\"\""}, {"-", "\"-\""}, {"–", "\"–\""}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(text, names[i][0]) == 0) return names[i][1];
    return text;
}

const char *eb_cell_word(const eb_column *column, const char *text, eb_lang lang)
{
    if (!text) return NULL;
    if (column->role == EB_ROLE_KEY && column->type == EB_COLUMN_TEXT && seen(text) != text) return seen(text);
    if (strcmp(column->name, "unit") == 0) return eb_unit_word(text, lang);
    if (lang == EB_LANG_EN) return text;
    if (column->type == EB_COLUMN_BOOLEAN)
        return strcmp(text, "true") == 0 ? eb_word(lang, N_("yes")) : strcmp(text, "false") == 0 ? eb_word(lang, N_("no")) : text;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i].column, column->name) == 0 && strcmp(codes[i].code, text) == 0) return eb_word(lang, codes[i].words);
    return text;
}
