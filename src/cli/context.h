/**
 * @file context.h
 * What stands behind eb_cli.env.user: the display that notes, logs and progress share.
 */
#ifndef EB_CLI_CONTEXT_H
#define EB_CLI_CONTEXT_H

#include "cli/cmd.h"
#include "cli/progress.h"

/** Lives for one command. */
typedef struct eb_context {
    eb_progress progress;
    bool quiet;
    const char *command; /**< name of the command, for lines on stderr */
} eb_context;

/** Fill the surroundings: progress, log and cancelling go through @p context (lent). */
void eb_context_env(eb_context *context, eb_env *env);
/** One line on stderr, led by the program's name, the bar taken off before. */
void eb_context_say(eb_context *context, const char *line);
/** The error on stderr: what, where, why, and on a second line what to do next. */
void eb_context_error(eb_context *context, eb_status status, const eb_error *err);

#endif
