#include "cli/help.h"

#include <string.h>

#include "base/translate.h"
#include "cli/parse.h"

enum { USAGE_VERSION = 1, NAME_SIZE = 96 };

static const char *const type_names[EB_PARAM_TYPE_END] = {
    [EB_PARAM_FLAG] = "flag",   [EB_PARAM_INTEGER] = "integer", [EB_PARAM_REAL] = "real",
    [EB_PARAM_TEXT] = "text",   [EB_PARAM_CHOICE] = "choice",   [EB_PARAM_AREA] = "area",
    [EB_PARAM_LAYER] = "layer", [EB_PARAM_FIELD] = "field",     [EB_PARAM_FILE] = "file",
};

static void add_member(eb_string *out, const char *name, const char *text)
{
    eb_string_addf(out, ",\"%s\":", name);
    eb_string_add_json(out, text);
}

/* "a|b" or "a,b" as a JSON list. */
static void add_list(eb_string *out, const char *name, const char *text, char separator)
{
    eb_string_addf(out, ",\"%s\":[", name);
    while (text && *text) {
        const char *end = strchr(text, separator);
        size_t length = end ? (size_t)(end - text) : strlen(text);
        while (length && *text == ' ') text++, length--;
        char item[NAME_SIZE];
        eb_text_copy(item, length + 1 < sizeof item ? length + 1 : sizeof item, text);
        eb_string_add_json(out, item);
        text = end ? end + 1 : NULL;
        if (text && *text) eb_string_add(out, ",");
    }
    eb_string_add(out, "]");
}

static void add_param(eb_string *out, const eb_param *param)
{
    char name[NAME_SIZE], letter[3] = {'-', param->letter, '\0'};
    bool positional = param->flags & EB_PARAM_POSITIONAL;
    eb_string_add(out, "{\"key\":");
    eb_string_add_json(out, param->key);
    if (!positional) {
        eb_string_addf(out, ",\"option\":\"--%s\"", eb_param_option(param, name, sizeof name));
        if (param->letter) add_member(out, "letter", letter);
    }
    add_member(out, "type", type_names[param->type]);
    eb_string_addf(out, ",\"required\":%s", param->flags & EB_PARAM_REQUIRED ? "true" : "false");
    eb_string_addf(out, ",\"list\":%s", param->flags & EB_PARAM_LIST ? "true" : "false");
    if (param->type != EB_PARAM_FLAG || positional) add_member(out, "metavar", param->metavar ? param->metavar : param->key);
    if (param->choices) add_list(out, "choices", param->choices, '|');
    if (param->def) add_member(out, "default", param->def);
    if (param->min != 0 || param->max != 0) {
        eb_string_add(out, ",\"min\":");
        eb_string_add_number(out, param->min);
        eb_string_add(out, ",\"max\":");
        eb_string_add_number(out, param->max);
    }
    if (param->of) add_member(out, "field_of", param->of);
    add_member(out, "help", eb_translate(param->help));
    eb_string_add(out, "}");
}

static void add_params(eb_string *out, const char *name, const eb_command *command, unsigned positional)
{
    const char *gap = "";
    eb_string_addf(out, ",\n \"%s\":[", name);
    for (size_t i = 0; i < command->param_count; i++) {
        if ((command->params[i].flags & EB_PARAM_POSITIONAL) != positional) continue;
        eb_string_addf(out, "%s\n  ", gap);
        add_param(out, &command->params[i]);
        gap = ",";
    }
    eb_string_add(out, "]");
}

static void add_common(eb_string *out, const eb_command *command)
{
    size_t count;
    const eb_param *common = eb_common_params(&count);
    const char *gap = "";
    eb_string_add(out, ",\n \"common_options\":[");
    for (size_t i = 0; i < count; i++) {
        if (!eb_common_offered(command, i)) continue;
        eb_string_addf(out, "%s\"--%s\"", gap, common[i].key);
        gap = ",";
    }
    eb_string_add(out, "]");
}

static void add_yields(eb_string *out, const eb_analysis *analysis)
{
    eb_string_add(out, ",\n \"results\":[");
    for (size_t i = 0; analysis && i < analysis->yield_count; i++) {
        const eb_yield *yield = &analysis->yields[i];
        eb_string_addf(out, "%s\n  {\"kind\":\"%s\"", i ? "," : "", yield->layer ? "layer" : "table");
        add_member(out, "role", yield->role);
        add_list(out, "columns", yield->columns, ',');
        eb_string_add(out, "}");
    }
    eb_string_add(out, "]");
}

static void add_command(eb_string *out, const eb_entry *entry)
{
    eb_string_add(out, "\n{\"name\":");
    eb_string_add_json(out, entry->command.name);
    add_member(out, "summary", eb_translate(entry->command.summary));
    add_member(out, "detail", entry->command.detail ? eb_translate(entry->command.detail) : "");
    add_member(out, "example", entry->command.example ? entry->command.example : "");
    eb_string_addf(out, ",\"plan_step\":%s", entry->analysis ? "true" : "false");
    add_params(out, "arguments", &entry->command, EB_PARAM_POSITIONAL);
    add_params(out, "options", &entry->command, 0);
    add_common(out, &entry->command);
    add_yields(out, entry->analysis);
    eb_string_add(out, "}");
}

void eb_help_json(eb_string *out)
{
    size_t count;
    const eb_param *common = eb_common_params(&count);
    eb_string_addf(out, "{\"program\":\"ecobelt\",\"version\":\"%s\",\"usage_version\":%d,\n\"common_options\":[", eb_version(),
                   USAGE_VERSION);
    for (size_t i = 0; i < count; i++) {
        eb_string_add(out, i ? ",\n " : "\n ");
        add_param(out, &common[i]);
    }
    eb_string_add(out, "],\n\"exit_codes\":{");
    const char *gap = "";
    for (int status = 0; status < EB_STATUS_END; status++) {
        if (status == EB_NO_MEMORY) continue; /* shares its code with a bug */
        eb_string_addf(out, "%s\"%d\":\"%s\"", gap, eb_status_exit_code((eb_status)status), eb_status_name((eb_status)status));
        gap = ",";
    }
    eb_string_add(out, "},\n\"commands\":[");
    for (size_t i = 0; i < eb_entry_count(); i++) {
        eb_entry entry = eb_entry_at(i);
        if (i) eb_string_add(out, ",");
        add_command(out, &entry);
    }
    eb_string_add(out, "]}\n");
}
