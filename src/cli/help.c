#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "cli/parse.h"

enum { COLUMNS = 100, INDENT = 26, NAME_SIZE = 96 };

static void new_line(eb_string *out, size_t indent)
{
    eb_string_add(out, "\n");
    for (size_t column = 0; column < indent; column++) eb_string_add(out, " ");
}

/* Marks that may not begin a line, and marks that may not end one. */
static bool closes(uint32_t c)
{
    static const char *const marks = ",。;:、!?)》」』”’…";
    for (const char *p = marks; *p;)
        if (eb_text_next(&p) == c) return true;
    return false;
}

static bool opens(uint32_t c)
{
    static const char *const marks = "(《「『“‘";
    for (const char *p = marks; *p;)
        if (eb_text_next(&p) == c) return true;
    return false;
}

static bool is_wide(uint32_t c)
{
    return c >= 0x2E80;
}

/* The last character of a text that is not empty. */
static uint32_t last_of(const char *text)
{
    uint32_t last = 0;
    while (*text) last = eb_text_next(&text);
    return last;
}

/* Bytes of the piece at @p text that must stay on one line: a word, or one Chinese character with the marks that belong to it. */
static size_t piece_size(const char *text)
{
    const char *p = text;
    uint32_t last = 0;
    while (*p && *p != ' ' && *p != '\n') {
        const char *next = p;
        const uint32_t c = eb_text_next(&next);
        if (p > text && (is_wide(c) || is_wide(last)) && !closes(c) && !opens(last)) break;
        last = c;
        p = next;
    }
    return (size_t)(p - text);
}

/*
 * Append @p text word by word; lines after the first start at column @p indent. A line break in the text is a blank, unless the next
 * line is empty (a new paragraph) or begins with a blank (an example, a list).
 */
static void add_wrapped(eb_string *out, const char *text, size_t column, size_t indent)
{
    bool paragraph = false, blank = false, after_wide = false;
    for (const char *p = text ? text : ""; *p;) {
        if (*p == '\n' && (p[1] == '\n' || p[1] == ' ' || paragraph)) {
            paragraph = true;
            new_line(out, indent);
            for (p++; *p == ' '; p++) eb_string_add(out, " ");
            column = indent;
            blank = false;
            continue;
        }
        if (*p == '\n' || *p == ' ') {
            /* Between two lines of Chinese a break is nothing. */
            blank = blank || *p == ' ' || !after_wide;
            p++;
            continue;
        }
        paragraph = false;
        char piece[256];
        const size_t length = piece_size(p);
        snprintf(piece, sizeof piece, "%.*s", (int)length, p);
        const size_t width = eb_text_width(piece), gap = blank && column > indent;
        const bool full = column > indent && column + gap + width > COLUMNS;
        if (full)
            new_line(out, indent);
        else if (gap)
            eb_string_add(out, " ");
        column = (full ? indent : column + gap) + width;
        blank = false;
        after_wide = width > 1 && is_wide(last_of(piece));
        eb_string_add_bytes(out, p, length);
        p += length;
    }
    eb_string_add(out, "\n");
}

/* What stands for the value of a parameter. */
static const char *value_word(const eb_param *param, char *buffer, size_t size)
{
    if (param->metavar) return param->metavar;
    eb_text_copy(buffer, size, param->key);
    for (char *p = buffer; *p; p++) {
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    }
    return buffer;
}

/* Summaries are written as phrases; here they stand as sentences do. */
static const char *sentence(const char *summary, char *buffer, size_t size)
{
    eb_text_copy(buffer, size, eb_translate(summary));
    if (*buffer >= 'a' && *buffer <= 'z') *buffer = (char)(*buffer - 'a' + 'A');
    return buffer;
}

static void add_row(eb_string *out, const char *name, const char *text)
{
    size_t width = eb_text_width(name) + 2;
    eb_string_addf(out, "  %s", name);
    if (width + 2 > INDENT) {
        eb_string_add(out, "\n");
        width = 0;
    }
    for (; width < INDENT; width++) eb_string_add(out, " ");
    add_wrapped(out, text, INDENT, INDENT);
}

static void add_choices(eb_string *out, const char *choices)
{
    for (const char *p = choices; *p; p++) eb_string_addf(out, "%c", *p == '|' ? '/' : *p);
}

/* "-w, --width M[,M...]" */
static void option_name(const eb_param *param, char *text, size_t size)
{
    char name[NAME_SIZE], word[NAME_SIZE];
    const char *value = value_word(param, word, sizeof word);
    eb_string out = {0};
    if (param->letter) eb_string_addf(&out, "-%c, ", param->letter);
    eb_string_addf(&out, "--%s", eb_param_option(param, name, sizeof name));
    if (param->type != EB_PARAM_FLAG) eb_string_addf(&out, " %s", value);
    if ((param->flags & EB_PARAM_LIST) && !strstr(value, "...")) eb_string_add(&out, "...");
    eb_text_copy(text, size, eb_string_get(&out));
    eb_string_clear(&out);
}

/* What the option does, its choices, bounds and default. */
static void add_param(eb_string *out, const eb_param *param)
{
    char name[NAME_SIZE], low[40], high[40];
    eb_string text = {0};
    if (param->flags & EB_PARAM_POSITIONAL)
        snprintf(name, sizeof name, "%s%s", param->metavar ? param->metavar : param->key, param->flags & EB_PARAM_LIST ? "..." : "");
    else
        option_name(param, name, sizeof name);
    eb_string_add(&text, eb_translate(param->help));
    if (param->choices) {
        eb_string_add(&text, " [");
        add_choices(&text, param->choices);
        eb_string_add(&text, "]");
    }
    if (param->min != 0 || param->max != 0) {
        eb_text_from_real(low, sizeof low, param->min);
        eb_text_from_real(high, sizeof high, param->max);
        eb_string_addf(&text, _(" (%s to %s)"), low, high);
    }
    if (param->flags & EB_PARAM_REQUIRED && !(param->flags & EB_PARAM_POSITIONAL)) eb_string_add(&text, _(" (required)"));
    if (param->def && param->type != EB_PARAM_FLAG) eb_string_addf(&text, _(" (default %s)"), param->def);
    add_row(out, name, eb_string_get(&text));
    eb_string_clear(&text);
}

static void add_params(eb_string *out, const char *heading, const eb_command *command, unsigned positional)
{
    bool any = false;
    for (size_t i = 0; i < command->param_count; i++) {
        if ((command->params[i].flags & EB_PARAM_POSITIONAL) != positional) continue;
        if (!any) eb_string_addf(out, "\n%s\n", heading);
        any = true;
        add_param(out, &command->params[i]);
    }
}

static void add_usage(eb_string *out, const eb_command *command)
{
    eb_string_addf(out, _("Usage: ecobelt %s"), command->name);
    for (size_t i = 0; i < command->param_count; i++) {
        const eb_param *param = &command->params[i];
        if (!(param->flags & EB_PARAM_POSITIONAL)) continue;
        bool needed = param->flags & EB_PARAM_REQUIRED;
        const char *name = param->metavar ? param->metavar : param->key, *more = param->flags & EB_PARAM_LIST ? "..." : "";
        eb_string_addf(out, needed ? " %s%s" : " [%s%s]", name, more);
    }
    for (size_t i = 0; i < command->param_count; i++) {
        const eb_param *param = &command->params[i];
        char name[NAME_SIZE], word[NAME_SIZE];
        if (param->flags & EB_PARAM_POSITIONAL || !(param->flags & EB_PARAM_REQUIRED)) continue;
        eb_string_addf(out, " --%s %s", eb_param_option(param, name, sizeof name), value_word(param, word, sizeof word));
    }
    eb_string_add(out, _(" [options]\n"));
}

static void add_yields(eb_string *out, const eb_analysis *analysis)
{
    if (!analysis || analysis->yield_count == 0) return;
    eb_string_add(out, _("\nResults (columns that scripts may rely on)\n"));
    for (size_t i = 0; i < analysis->yield_count; i++) {
        const eb_yield *yield = &analysis->yields[i];
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "%s%s%s", yield->layer ? _("layer") : _("table"), *yield->role ? " " : "", yield->role);
        eb_string columns = {0};
        for (const char *p = yield->columns ? yield->columns : ""; *p; p++) {
            if (*p != ' ') eb_string_addf(&columns, *p == ',' ? "%c " : "%c", *p);
        }
        add_row(out, name, eb_string_get(&columns));
        eb_string_clear(&columns);
    }
}

void eb_help_command(eb_string *out, const eb_entry *entry)
{
    const eb_command *command = &entry->command;
    size_t count;
    const eb_param *common = eb_common_params(&count);
    char summary[256];
    add_usage(out, command);
    eb_string_add(out, "\n");
    add_wrapped(out, sentence(command->summary, summary, sizeof summary), 0, 0);
    if (command->detail && *command->detail) {
        eb_string_add(out, "\n");
        add_wrapped(out, eb_translate(command->detail), 0, 0);
    }
    add_params(out, _("Arguments"), command, EB_PARAM_POSITIONAL);
    add_params(out, _("Options"), command, 0);
    eb_string_add(out, _("\nCommon options\n"));
    for (size_t i = 0; i < count; i++) {
        if (eb_common_offered(command, i)) add_param(out, &common[i]);
    }
    add_yields(out, entry->analysis);
    if (command->example && *command->example) {
        eb_string_addf(out, _("\nExample\n  %s\n"), command->example);
    }
}

void eb_help_overview(eb_string *out)
{
    eb_string_add(out, _("Usage: ecobelt COMMAND [options] ARGUMENTS\n"
                         "       ecobelt help [COMMAND] | COMMAND --help | --version | --json-usage\n\n"
                         "Boundary layers in, figures an office can publish and layers a planner can open out.\n\nCommands\n"));
    for (size_t i = 0; i < eb_entry_count(); i++) {
        eb_entry entry = eb_entry_at(i);
        char summary[256];
        add_row(out, entry.command.name, sentence(entry.command.summary, summary, sizeof summary));
    }
    eb_string_add(out, _("\nA layer is named as QGIS names it: a file, file.gpkg|layername=roads, or a connection string (PG:...).\n\n"
                         "Exit codes\n"
                         "  0 done   1 done, and something was found wrong or a target missed   2 usage\n"
                         "  3 input missing, unreadable or incomplete   4 data refused   5 output not written\n"
                         "  70 a bug   130 cancelled\n"));
}
