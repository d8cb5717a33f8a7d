#include "cli/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/translate.h"

enum { NAME_SIZE = 64, NAMES_MAX = 160 };

static const eb_param common_params[] = {
    {.key = "output",
     .letter = 'o',
     .type = EB_PARAM_TEXT,
     .metavar = "FILE",
     .help = "write the result here, format by extension; - is stdout"},
    {.key = "overwrite", .type = EB_PARAM_FLAG, .help = "replace files that exist (else they are refused)"},
    {.key = "lang",
     .type = EB_PARAM_CHOICE,
     .metavar = "LANG",
     .choices = "en|zh",
     .help = "language of messages, titles and headings (default: from the locale)"},
    {.key = "quiet", .letter = 'q', .type = EB_PARAM_FLAG, .help = "no notes, no progress; errors and warnings only"},
    {.key = "progress",
     .type = EB_PARAM_CHOICE,
     .metavar = "HOW",
     .choices = "auto|none|json",
     .def = "auto",
     .help = "on stderr: a bar on a terminal (auto), nothing, or JSON lines"},
    {.key = "threads",
     .letter = 'j',
     .type = EB_PARAM_INTEGER,
     .metavar = "N",
     .min = 1,
     .max = 1024,
     .help = "worker threads (default: one a processor); results never depend on it"},
    {.key = "unit",
     .type = EB_PARAM_CHOICE,
     .metavar = "UNIT",
     .choices = "m2|ha|mu|km2|wanmu",
     .help = "area unit of tables on the screen; files keep every unit"},
    {.key = "json", .type = EB_PARAM_FLAG, .help = "the summary on stdout as JSON"},
    {.key = "table",
     .type = EB_PARAM_TEXT,
     .metavar = "FILE",
     .help = "write the tables here (csv, json, md) while --output takes the layer"},
    {.key = "help", .letter = 'h', .type = EB_PARAM_FLAG, .help = "show this help"},
};
enum { COMMON_COUNT = sizeof common_params / sizeof common_params[0] };

const eb_param *eb_common_params(size_t *count)
{
    *count = COMMON_COUNT;
    return common_params;
}

static bool is_option(const eb_param *param)
{
    return !(param->flags & EB_PARAM_POSITIONAL);
}

bool eb_common_offered(const eb_command *command, size_t i)
{
    if (i + 1 < COMMON_COUNT && !(command->common & (1u << i))) return false;
    for (size_t p = 0; p < command->param_count; p++) {
        char name[NAME_SIZE];
        if (is_option(&command->params[p]) && strcmp(eb_param_option(&command->params[p], name, sizeof name), common_params[i].key) == 0)
            return false;
    }
    return true;
}

/* An option found in one of the two tables. */
typedef struct option {
    const eb_param *param; /* NULL: not found */
    eb_args *args;
    bool off;                  /* --no-x */
    char shown[NAME_SIZE + 8]; /* as the user wrote it, for messages */
} option;

/* The work of one parse. */
typedef struct parser {
    const eb_command *command;
    eb_parsed *out;
    int argc, at;
    char **argv;
    const char **words; /* arguments that are no options */
    size_t word_count;
    option open;       /* the option whose value was the last word, where it takes several; else param NULL */
    const char *value; /* that value */
    option stray;      /* the first such option that a plain word follows */
    const char *stray_value, *stray_word;
    eb_error *err;
} parser;

/* Visit every option of the command, its own first. Returns the one for which the callback says true. */
static option find_option(const parser *p, bool (*match)(const eb_param *param, const void *want), const void *want)
{
    for (size_t i = 0; i < p->command->param_count; i++) {
        const eb_param *param = &p->command->params[i];
        if (is_option(param) && match(param, want)) return (option){.param = param, .args = p->out->own};
    }
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (eb_common_offered(p->command, i) && match(&common_params[i], want))
            return (option){.param = &common_params[i], .args = p->out->common};
    }
    return (option){0};
}

static bool match_name(const eb_param *param, const void *want)
{
    char name[NAME_SIZE];
    return strcmp(eb_param_option(param, name, sizeof name), want) == 0;
}

static bool match_off(const eb_param *param, const void *want)
{
    return param->type == EB_PARAM_FLAG && param->def && strcmp(param->def, "true") == 0 && match_name(param, want);
}

static bool match_letter(const eb_param *param, const void *want)
{
    return param->letter && param->letter == *(const char *)want;
}

/* Names of all options, for a suggestion. */
typedef struct name_list {
    char text[NAMES_MAX][NAME_SIZE];
    size_t count;
} name_list;

static eb_status unknown_option(const parser *p, const char *name, eb_error *err)
{
    name_list names = {.count = 0};
    const char *candidates[NAMES_MAX];
    for (size_t i = 0; i < p->command->param_count && names.count < NAMES_MAX; i++) {
        if (is_option(&p->command->params[i])) eb_param_option(&p->command->params[i], names.text[names.count++], NAME_SIZE);
    }
    for (size_t i = 0; i < COMMON_COUNT && names.count < NAMES_MAX; i++) {
        if (eb_common_offered(p->command, i)) eb_text_copy(names.text[names.count++], NAME_SIZE, common_params[i].key);
    }
    for (size_t i = 0; i < names.count; i++) candidates[i] = names.text[i];
    eb_error_set(err, EB_USAGE, "there is no option --%s", name);
    const char *near = eb_text_nearest(name, candidates, names.count);
    if (near)
        eb_error_hint(err, "did you mean --%s?", near);
    else
        eb_error_hint(err, "\"ecobelt %s --help\" lists the options", p->command->name);
    return EB_USAGE;
}

/* Values are checked below under their key ("width_m"); say it as the user wrote it ("--width"). */
static void rename_in_message(eb_error *err, const char *key, const char *shown)
{
    char *at = err && *key ? strstr(err->message, key) : NULL;
    if (!at) return;
    char before = at > err->message ? at[-1] : ' ', after = at[strlen(key)];
    if (before != ' ' || (after != ' ' && after != ':' && after != '\0' && after != ',')) return;
    char message[sizeof err->message];
    *at = '\0';
    snprintf(message, sizeof message, "%s%s%s", err->message, shown, at + strlen(key));
    eb_text_copy(err->message, sizeof err->message, message);
}

/* A value that may hold commas: several are given by repeating the option. */
static bool is_whole(const eb_param *param)
{
    return param->type == EB_PARAM_LAYER || param->type == EB_PARAM_FILE || (param->flags & (EB_PARAM_WHOLE | EB_PARAM_POSITIONAL));
}

static eb_status add_value(parser *p, const option *found, const char *text)
{
    const eb_param *param = found->param;
    if (!*text) return eb_error_set(p->err, EB_USAGE, "the value of %s is empty", found->shown);
    eb_status status = eb_args_add(found->args, param->key, text, !is_whole(param), p->err);
    if (status != EB_OK) rename_in_message(p->err, param->key, found->shown);
    if (param->flags & EB_PARAM_LIST) p->open = *found, p->value = text;
    return status;
}

/* True for a word that is an option of this command: it cannot have been meant as a value. */
static bool is_known_option(const parser *p, const char *word)
{
    char name[NAME_SIZE];
    if (strncmp(word, "--", 2) != 0 || !word[2]) return false;
    size_t length = strcspn(word + 2, "=");
    if (length >= sizeof name) return false;
    snprintf(name, sizeof name, "%.*s", (int)length, word + 2);
    return find_option(p, match_name, name).param != NULL;
}

static eb_status take_value(parser *p, const option *found)
{
    const char *next = p->at + 1 < p->argc ? p->argv[p->at + 1] : NULL;
    const char *metavar = found->param->metavar ? found->param->metavar : "VALUE";
    if (!next) return eb_error_set(p->err, EB_USAGE, "%s needs a value: %s %s", found->shown, found->shown, metavar);
    if (is_known_option(p, next))
        return eb_error_set(p->err, EB_USAGE, "%s needs a value: %s %s, but the option %s follows", found->shown, found->shown, metavar,
                            next);
    p->at++;
    return add_value(p, found, next);
}

static eb_status take_flag(parser *p, const option *found)
{
    if (found->param->letter == 'h' && found->args == p->out->common) p->out->help = true;
    /* Giving a flag twice says nothing new. */
    if (eb_args_has(found->args, found->param->key)) return EB_OK;
    return add_value(p, found, found->off ? "false" : "true");
}

static eb_status take_long(parser *p, const char *word)
{
    char name[NAME_SIZE];
    size_t length = strcspn(word, "=");
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (length >= sizeof name) return unknown_option(p, word, p->err);
    snprintf(name, sizeof name, "%.*s", (int)length, word);
    option found = find_option(p, match_name, name);
    if (!found.param && strncmp(name, "no-", 3) == 0) {
        found = find_option(p, match_off, name + 3);
        found.off = true;
    }
    if (!found.param) return unknown_option(p, name, p->err);
    snprintf(found.shown, sizeof found.shown, "--%s", name);
    if (found.param->type != EB_PARAM_FLAG) return value ? add_value(p, &found, value) : take_value(p, &found);
    if (value) return eb_error_set(p->err, EB_USAGE, "%s is a switch and takes no value", found.shown);
    return take_flag(p, &found);
}

static eb_status take_letters(parser *p, const char *letters)
{
    for (; *letters; letters++) {
        option found = find_option(p, match_letter, letters);
        snprintf(found.shown, sizeof found.shown, "-%c", *letters);
        if (!found.param) {
            eb_error_set(p->err, EB_USAGE, "there is no option -%.*s", (*letters & 0x80) ? 4 : 1, letters);
            eb_error_hint(p->err, "\"ecobelt %s --help\" lists the options; write -- before a name that begins with -", p->command->name);
            return EB_USAGE;
        }
        if (found.param->type != EB_PARAM_FLAG) return letters[1] ? add_value(p, &found, letters + 1) : take_value(p, &found);
        eb_status status = take_flag(p, &found);
        if (status != EB_OK) return status;
    }
    return EB_OK;
}

/* A plain word. One right behind the value of an option that takes several may have been meant for it. */
static void take_word(parser *p, const char *word)
{
    if (p->open.param && !p->stray.param) {
        p->stray = p->open;
        p->stray_value = p->value;
        p->stray_word = word;
    }
    p->open.param = NULL;
    p->words[p->word_count++] = word;
}

static eb_status take_option(parser *p, const char *word)
{
    p->open.param = NULL;
    return word[1] == '-' ? take_long(p, word + 2) : take_letters(p, word + 1);
}

static eb_status take_words(parser *p)
{
    bool options = true;
    for (p->at = 0; p->at < p->argc && !p->out->help; p->at++) {
        const char *word = p->argv[p->at];
        eb_status status = EB_OK;
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && word[0] == '-' && word[1])
            status = take_option(p, word);
        else
            take_word(p, word);
        if (status != EB_OK) return status;
    }
    return EB_OK;
}

static const char *metavar_of(const eb_param *param)
{
    return param->metavar ? param->metavar : param->key;
}

static eb_status too_many(const parser *p, const char *word)
{
    const char *shown = p->stray.shown, *value = p->stray_value, *next = p->stray_word;
    if (!p->stray.param) {
        eb_error_set(p->err, EB_USAGE, "\"%s\" is one argument too many", word);
        eb_error_hint(p->err, "a name with blanks needs quotes; \"ecobelt %s --help\" shows the arguments", p->command->name);
        return EB_USAGE;
    }
    eb_error_set(p->err, EB_USAGE, "\"%s\" is one argument too many behind %s %s", next, shown, value);
    if (is_whole(p->stray.param))
        eb_error_hint(p->err, "to give it several, repeat it: %s %s %s %s", shown, value, shown, next);
    else
        eb_error_hint(p->err, "to give it several, join them with commas and no blank: %s %s,%s", shown, value, next);
    return EB_USAGE;
}

/* Give the plain words to the positional parameters: a list takes what the parameters after it leave. */
static eb_status assign_words(parser *p)
{
    size_t after = 0, word = 0;
    for (size_t i = 0; i < p->command->param_count; i++) after += !is_option(&p->command->params[i]);
    for (size_t i = 0; i < p->command->param_count; i++) {
        option found = {.param = &p->command->params[i], .args = p->out->own};
        if (is_option(found.param)) continue;
        after--;
        size_t left = p->word_count - word, take = left ? 1 : 0;
        if (found.param->flags & EB_PARAM_LIST) take = left > after ? left - after : 0;
        snprintf(found.shown, sizeof found.shown, "%s", metavar_of(found.param));
        if (take == 0 && (found.param->flags & EB_PARAM_REQUIRED))
            return eb_error_set(p->err, EB_USAGE, "%s is missing: %s", found.shown, eb_translate(found.param->help));
        for (; take > 0; take--) {
            eb_status status = add_value(p, &found, p->words[word++]);
            if (status != EB_OK) return status;
        }
    }
    return word == p->word_count ? EB_OK : too_many(p, p->words[word]);
}

static eb_status check_required(const parser *p)
{
    for (size_t i = 0; i < p->command->param_count; i++) {
        const eb_param *param = &p->command->params[i];
        char name[NAME_SIZE];
        if (!is_option(param) || !(param->flags & EB_PARAM_REQUIRED) || eb_args_has(p->out->own, param->key)) continue;
        eb_param_option(param, name, sizeof name);
        return eb_error_set(p->err, EB_USAGE, "--%s %s is missing: %s", name, metavar_of(param), eb_translate(param->help));
    }
    return EB_OK;
}

eb_status eb_cli_parse(const eb_command *command, int argc, char **argv, eb_parsed *out, eb_error *err)
{
    *out = (eb_parsed){.own = eb_args_new(command->params, command->param_count), .common = eb_args_new(common_params, COMMON_COUNT)};
    parser p = {.command = command, .out = out, .argc = argc, .argv = argv, .err = err};
    p.words = calloc((size_t)argc + 1, sizeof *p.words);
    eb_status status = out->own && out->common && p.words ? take_words(&p) : eb_error_memory(err);
    if (status == EB_OK && !out->help) status = assign_words(&p);
    if (status == EB_OK && !out->help) status = check_required(&p);
    if (status == EB_OK && !out->help) status = eb_args_finish(out->own, err);
    if (status == EB_OK && !out->help) status = eb_args_finish(out->common, err);
    if (status == EB_USAGE && err && !err->hint[0]) eb_error_hint(err, "\"ecobelt %s --help\" shows how", command->name);
    free(p.words);
    return status;
}

void eb_parsed_free(eb_parsed *parsed)
{
    eb_args_free(parsed->own);
    eb_args_free(parsed->common);
    *parsed = (eb_parsed){0};
}
