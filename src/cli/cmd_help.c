#include <stdlib.h>

#include "cli/help.h"

static const eb_param params[] = {
    {.key = "command", .type = EB_PARAM_TEXT, .flags = EB_PARAM_POSITIONAL, .metavar = "COMMAND", .help = "the command to explain"},
};

static eb_status run(const eb_cli *cli, const eb_args *args, eb_error *err)
{
    (void)cli;
    const char *name = eb_args_text(args, "command");
    eb_entry entry;
    eb_status status = name ? eb_entry_find(name, &entry, err) : EB_OK;
    if (status != EB_OK) return status;
    eb_string text = {0};
    if (name)
        eb_help_command(&text, &entry);
    else
        eb_help_overview(&text);
    status = text.failed ? eb_error_memory(err) : eb_cli_print(eb_string_get(&text), err);
    eb_string_clear(&text);
    return status;
}

const eb_command eb_cmd_help = {
    .name = "help",
    .summary = "List the commands, or explain one",
    .example = "ecobelt help area",
    .params = params,
    .param_count = sizeof params / sizeof params[0],
    .common = EB_COMMON_LANG,
    .run = run,
};
