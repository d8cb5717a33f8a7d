/**
 * @file parse.h
 * The command line read by the parameter tables.
 */
#ifndef EB_CLI_PARSE_H
#define EB_CLI_PARSE_H

#include "cli/command.h"

/** What a command line says. */
typedef struct eb_parsed {
    eb_args *own;    /**< values of the command's parameters */
    eb_args *common; /**< values of the common options */
    bool help;       /**< --help was given: nothing else is checked */
} eb_parsed;

/** The common options, bit 1 << i of the EB_COMMON_ flags; the last row, --help, has no bit and is always there. */
const eb_param *eb_common_params(size_t *count);
/** True where the command offers common option @p i: it takes part in it and has no option of its own by that name. */
bool eb_common_offered(const eb_command *command, size_t i);

/**
 * Read the words after the command's name. "--x V", "--x=V", "-x V", "-xV", "-ab" for flags, "--no-x" for a flag that is on by default,
 * "--" ends the options, "-" is a value. @p out is to be freed with eb_parsed_free(), also on failure. EB_USAGE for anything wrong.
 */
eb_status eb_cli_parse(const eb_command *command, int argc, char **argv, eb_parsed *out, eb_error *err);
void eb_parsed_free(eb_parsed *parsed);

#endif
