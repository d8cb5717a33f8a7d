#include "cli/context.h"

#include <stdio.h>

#include "base/translate.h"
#include "cli/signals.h"

static void on_progress(void *user, const char *task, double done, double total)
{
    eb_context *context = user;
    eb_progress_show(&context->progress, task, done, total);
}

static void on_log(void *user, eb_log_level level, const char *line)
{
    eb_context *context = user;
    if (level == EB_LOG_DEBUG || (level == EB_LOG_INFO && context->quiet)) return;
    eb_progress_clear(&context->progress);
    fprintf(stderr, "ecobelt %s: %s%s\n", context->command, level == EB_LOG_WARNING ? _("warning: ") : "", line);
}

void eb_context_env(eb_context *context, eb_env *env)
{
    env->progress = on_progress;
    env->log = on_log;
    env->cancelled = eb_signals_cancelled;
    env->user = context;
}

void eb_context_say(eb_context *context, const char *line)
{
    eb_progress_clear(&context->progress);
    fprintf(stderr, "ecobelt %s: %s\n", context->command, line);
}

void eb_context_error(eb_context *context, eb_status status, const eb_error *err)
{
    char text[2048];
    eb_progress_clear(&context->progress);
    eb_error_text(err, text, sizeof text);
    if (!*text) snprintf(text, sizeof text, _("failed without saying why (%s); please report this"), eb_status_name(status));
    fprintf(stderr, "ecobelt%s%s: ", *context->command ? " " : "", context->command);
    /* The hint stands on its own line, set in. */
    for (const char *p = text; *p; p++) fputs(*p == '\n' ? "\n  " : (char[2]){*p, '\0'}, stderr);
    fputc('\n', stderr);
}
