/**
 * @file help.h
 * Help for people and --json-usage for programs, both made from the parameter tables.
 */
#ifndef EB_CLI_HELP_H
#define EB_CLI_HELP_H

#include "base/text.h"
#include "cli/command.h"

/** The overview: usage, commands, exit codes. */
void eb_help_overview(eb_string *out);
/** Help of one command: usage, arguments, options, common options, columns, example. Lines are at most 100 columns long. */
void eb_help_command(eb_string *out, const eb_entry *entry);
/**
 * All commands and options as one JSON object, stable for scripts and graphical front ends: "usage_version" is raised when a member
 * changes its meaning; members may be added.
 */
void eb_help_json(eb_string *out);

#endif
