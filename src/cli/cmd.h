/**
 * @file cmd.h
 * What a command is, and what it may use. One command a file: src/cli/cmd_NAME.c defines `const eb_command eb_cmd_NAME`, and NAME
 * stands in EB_COMMANDS. Analyses become commands by themselves, from the registry.
 */
#ifndef EB_CLI_CMD_H
#define EB_CLI_CMD_H

#include <ecobelt/ecobelt.h>

/** Common options a command takes part in; the others are unknown options to it. -h/--help is always there. */
enum {
    EB_COMMON_OUTPUT = 1,                                               /**< -o/--output FILE */
    EB_COMMON_OVERWRITE = 2,                                            /**< --overwrite */
    EB_COMMON_LANG = 4,                                                 /**< --lang en|zh */
    EB_COMMON_QUIET = 8,                                                /**< -q/--quiet */
    EB_COMMON_PROGRESS = 16,                                            /**< --progress auto|none|json */
    EB_COMMON_THREADS = 32,                                             /**< -j/--threads N */
    EB_COMMON_UNIT = 64,                                                /**< --unit m2|ha|mu|km2 */
    EB_COMMON_JSON = 128,                                               /**< --json */
    EB_COMMON_TABLE = 256,                                              /**< --table FILE, beside --output for the layer */
    EB_COMMON_LOOK = EB_COMMON_LANG | EB_COMMON_QUIET | EB_COMMON_JSON, /**< commands that only look and tell */
    EB_COMMON_ALL = 511
};

/** The common options as given, and the surroundings of the run. Lent to the command for its run. */
typedef struct eb_cli {
    eb_env env;         /**< pass it on to every long call */
    eb_lang lang;       /**< --lang, else from the locale */
    const eb_args *own; /**< the command's own parameters: what it reads is among them; NULL: not known */
    const char *output; /**< --output, NULL: not given; "-": stdout */
    const char *table;  /**< --table, NULL: not given */
    bool overwrite;     /**< existing files may be replaced */
    bool quiet;         /**< errors and warnings only */
    bool json;          /**< the summary on stdout as JSON */
    bool has_unit;      /**< --unit was given */
    eb_area_unit unit;  /**< for tables that people read */
} eb_cli;

/** One command: a row of the command table. All text is static. */
typedef struct eb_command {
    const char *name;
    const char *summary; /**< one line */
    const char *detail;  /**< some lines for --help */
    const char *example; /**< a command line that works */
    const eb_param *params;
    size_t param_count;
    unsigned common; /**< EB_COMMON_… it takes part in */
    /** Run. Results go to stdout by the eb_cli_… functions below; what fails is returned, not printed. */
    eb_status (*run)(const eb_cli *cli, const eb_args *args, eb_error *err);
} eb_command;

/** The tool's own commands, in the order of the help: X(NAME) for eb_cmd_NAME in cmd_NAME.c. */
#define EB_COMMANDS(X) X(run) X(check) X(info) X(convert) X(help)

#define EB_COMMAND_DECLARE(name) extern const eb_command eb_cmd_##name;
EB_COMMANDS(EB_COMMAND_DECLARE)

/** Write text to stdout. EB_OUTPUT when it cannot be written (disk full); a reader that has gone away is no error. */
eb_status eb_cli_print(const char *text, eb_error *err);
/** printf() to stdout, with the errors of eb_cli_print(). */
eb_status eb_cli_printf(eb_error *err, const char *format, ...) EB_PRINTF(2, 3);
/** Table to stdout: aligned text, or JSON with --json; --unit is applied to the text. */
eb_status eb_cli_print_table(const eb_cli *cli, const eb_table *table, eb_error *err);
/** Refuse @p file where it exists and --overwrite was not given (EB_OUTPUT), its folder is missing, or the command reads it (EB_USAGE). */
eb_status eb_cli_check_output(const eb_cli *cli, const char *file, eb_error *err);
/** One line for people on stderr; nothing with --quiet. */
void eb_cli_note(const eb_cli *cli, const char *format, ...) EB_PRINTF(2, 3);
/** One of several things that are wrong on stderr, for eb_plan_options.tell; @p context is eb_cli.env.user. The last the command returns.
 */
void eb_cli_tell(void *context, const eb_error *problem);
/** The diagnosis on stderr, where there is something to say; with --quiet only what was rejected. */
void eb_cli_diagnosis(const eb_cli *cli, const eb_diagnosis *diagnosis);

#endif
