/*
 * The commands' side of the executable: from the words of the command line to an exit code.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/context.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/parse.h"
#include "cli/signals.h"

int eb_cli_main(int argc, char **argv);

/*
 * A program started with stdin, stdout or stderr closed would get their numbers for the first files it opens, and write messages
 * into them. Fill the gaps with something that reads as empty and refuses to be written.
 */
static void fill_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) return;
    }
}

/*
 * The language is needed before the options are read, for what may be wrong with them: look for --lang first. From here on the
 * environment says it to all of the library (eb_lang_get()); no thread has been started yet.
 */
static void choose_language(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i] && strcmp(argv[i], "--") != 0; i++) {
        const char *value = strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7 : strcmp(argv[i], "--lang") == 0 ? argv[i + 1] : NULL;
        if (value && (strcmp(value, "zh") == 0 || strcmp(value, "en") == 0)) setenv("ECOBELT_LANG", value, 1);
    }
}

static int default_threads(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 && count < 1024 ? (int)count : 1;
}

static void read_common(const eb_args *common, eb_context *context, eb_cli *cli)
{
    const char *unit = eb_args_text(common, "unit");
    cli->lang = eb_lang_get();
    cli->output = eb_args_text(common, "output");
    cli->table = eb_args_text(common, "table");
    cli->overwrite = eb_args_flag(common, "overwrite");
    cli->quiet = eb_args_flag(common, "quiet");
    cli->json = eb_args_flag(common, "json");
    cli->has_unit = unit && eb_area_unit_parse(unit, &cli->unit, NULL) == EB_OK;
    context->quiet = cli->quiet;
    context->progress.mode = eb_progress_mode_for(eb_args_text(common, "progress"), cli->quiet);
    eb_context_env(context, &cli->env);
    cli->env.threads = eb_args_has(common, "threads") ? (int)eb_args_integer(common, "threads") : default_threads();
}

static eb_status print_string(eb_string *text, eb_error *err)
{
    eb_status status = text->failed ? eb_error_memory(err) : eb_cli_print(eb_string_get(text), err);
    eb_string_clear(text);
    return status;
}

static eb_status run_command(const char *name, int argc, char **argv, eb_context *context, eb_error *err)
{
    eb_entry entry;
    eb_parsed parsed = {0};
    eb_cli cli = {0};
    eb_string help = {0};
    eb_status status = eb_entry_find(name, &entry, err);
    if (status != EB_OK) return status;
    context->command = name;
    status = eb_cli_parse(&entry.command, argc, argv, &parsed, err);
    if (status != EB_OK) goto done;
    if (parsed.help) {
        eb_help_command(&help, &entry);
        status = print_string(&help, err);
        goto done;
    }
    read_common(parsed.common, context, &cli);
    cli.own = parsed.own;
    /* Two commands name their output in a way of their own. */
    eb_signals_watch(strcmp(name, "run") == 0       ? eb_args_text(parsed.own, "out")
                     : strcmp(name, "convert") == 0 ? eb_args_text(parsed.own, "output")
                                                    : cli.output,
                     cli.table);
    eb_progress_begin(&context->progress, "open");
    status = eb_entry_run(&entry, &cli, parsed.own, err);
done:
    eb_progress_end(&context->progress);
    eb_parsed_free(&parsed);
    return status;
}

/* What stands where a command should: --help, --json-usage and so on. */
static eb_status run_option(const char *word, eb_error *err)
{
    eb_string text = {0};
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        eb_help_overview(&text);
    else if (strcmp(word, "--json-usage") == 0)
        eb_help_json(&text);
    else if (strcmp(word, "--version") == 0)
        eb_string_addf(&text, "ecobelt %s\n", eb_version());
    else {
        eb_error_set(err, EB_USAGE, "there is no option %s before the command", word);
        eb_error_hint(err, "write ecobelt COMMAND [options]; \"ecobelt help\" lists the commands");
        return EB_USAGE;
    }
    return print_string(&text, err);
}

static eb_status run_words(int argc, char **argv, eb_context *context, eb_error *err)
{
    if (argc < 2) {
        eb_error_set(err, EB_USAGE, "a command is missing");
        eb_error_hint(err, "\"ecobelt help\" lists the commands; \"ecobelt run PLAN.yaml\" is the main one");
        return EB_USAGE;
    }
    if (argv[1][0] == '-') return run_option(argv[1], err);
    return run_command(argv[1], argc - 2, argv + 2, context, err);
}

/** Entry point that the launcher calls. Returns the exit code of the interface contract. */
int eb_cli_main(int argc, char **argv)
{
    eb_error err = {0};
    eb_context context = {.command = ""};
    fill_standard_files();
    choose_language(argc, argv);
    eb_signals_install();
    eb_status status = run_words(argc, argv, &context, &err);
    bool done = status == EB_OK || status == EB_FINDINGS;
    /* What failed because it was stopped failed for no other reason. */
    if (!done && eb_signals_cancelled(NULL)) status = eb_error_set(&err, EB_CANCELLED, "cancelled");
    if (!done || (status == EB_FINDINGS && err.code != EB_OK)) eb_context_error(&context, status, &err);
    err = (eb_error){0};
    eb_status written = eb_out_finish(&err);
    if (written != EB_OK && done) {
        eb_context_error(&context, written, &err);
        status = written;
    }
    return eb_status_exit_code(status);
}
