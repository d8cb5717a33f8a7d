#include <ecobelt/base.h>

#include <stdarg.h>

#include "base/translate.h"

void eb_env_progress(const eb_env *env, const char *task, double done, double total)
{
    if (env && env->progress) env->progress(env->user, task, done, total);
}

void eb_env_log(const eb_env *env, eb_log_level level, const char *format, ...)
{
    if (!env || !env->log) return;
    char line[1024];
    va_list args;
    va_start(args, format);
    eb_translate_into(line, sizeof line, format, args);
    va_end(args);
    env->log(env->user, level, line);
}

eb_status eb_env_check(const eb_env *env, eb_error *err)
{
    if (!env || !env->cancelled || !env->cancelled(env->user)) return EB_OK;
    return eb_error_set(err, EB_CANCELLED, "cancelled");
}

int eb_env_threads(const eb_env *env)
{
    return env && env->threads > 1 ? env->threads : 1;
}

const char *eb_version(void)
{
    return ECOBELT_VERSION;
}

size_t eb_env_tile_vertices(const eb_env *env, size_t best)
{
    return env && env->tile_vertices > 0 ? env->tile_vertices : best;
}

size_t eb_env_held_bytes(const eb_env *env, size_t best)
{
    return env && env->held_bytes > 0 ? env->held_bytes : best;
}
