/**
 * @file command.h
 * The command table as a whole: the tool's own commands and one for each analysis.
 */
#ifndef EB_CLI_COMMAND_H
#define EB_CLI_COMMAND_H

#include "cli/cmd.h"

/** A command as the user sees it. Analyses have no run function of their own in `command`. */
typedef struct eb_entry {
    eb_command command;
    const eb_analysis *analysis; /**< NULL: one of the tool's own commands */
} eb_entry;

/** Number of commands. */
size_t eb_entry_count(void);
/** The command at position @p i in the order of the help. */
eb_entry eb_entry_at(size_t i);
/** The command called @p name. EB_USAGE where there is none, with a suggestion. */
eb_status eb_entry_find(const char *name, eb_entry *out, eb_error *err);
/** Run it. */
eb_status eb_entry_run(const eb_entry *entry, const eb_cli *cli, const eb_args *args, eb_error *err);

/** Run an analysis on files (cmd_analysis.c). */
eb_status eb_analysis_command(const eb_analysis *analysis, const eb_cli *cli, const eb_args *args, eb_error *err);
/** The common options that an analysis takes: --table only where it makes layers and tables. */
unsigned eb_analysis_common(const eb_analysis *analysis);

#endif
