#include "cli/command.h"

#include <string.h>

#include "base/text.h"

enum { COMMANDS_MAX = 128 };

#define ROW(name) &eb_cmd_##name,
static const eb_command *const own[] = {EB_COMMANDS(ROW) NULL};

static size_t own_count(void)
{
    return sizeof own / sizeof own[0] - 1;
}

size_t eb_entry_count(void)
{
    return own_count() + eb_analysis_count();
}

eb_entry eb_entry_at(size_t i)
{
    if (i < own_count()) return (eb_entry){.command = *own[i]};
    const eb_analysis *analysis = eb_analysis_at(i - own_count());
    if (!analysis) return (eb_entry){0};
    return (eb_entry){.command = {.name = analysis->name,
                                  .summary = analysis->summary,
                                  .detail = analysis->detail,
                                  .example = analysis->example,
                                  .params = analysis->params,
                                  .param_count = analysis->param_count,
                                  .common = eb_analysis_common(analysis)},
                      .analysis = analysis};
}

eb_status eb_entry_find(const char *name, eb_entry *out, eb_error *err)
{
    const char *names[COMMANDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < eb_entry_count(); i++) {
        *out = eb_entry_at(i);
        if (strcmp(out->command.name, name) == 0) return EB_OK;
        if (count < COMMANDS_MAX) names[count++] = out->command.name;
    }
    *out = (eb_entry){0};
    eb_error_set(err, EB_USAGE, "there is no command \"%s\"", name);
    const char *near = eb_text_nearest(name, names, count);
    if (near)
        eb_error_hint(err, "did you mean \"ecobelt %s\"?", near);
    else
        eb_error_hint(err, "\"ecobelt help\" lists the commands");
    return EB_USAGE;
}

eb_status eb_entry_run(const eb_entry *entry, const eb_cli *cli, const eb_args *args, eb_error *err)
{
    if (entry->analysis) return eb_analysis_command(entry->analysis, cli, args, err);
    return entry->command.run(cli, args, err);
}
