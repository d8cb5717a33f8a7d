/**
 * @file signals.h
 * Ctrl-C and its kin: the first asks the run to stop, the second stops it.
 */
#ifndef EB_CLI_SIGNALS_H
#define EB_CLI_SIGNALS_H

#include <stdbool.h>

/**
 * Catch SIGTERM, SIGINT and SIGHUP (the latter two unless they are ignored, as in the background of a script or under nohup). Ignore
 * SIGPIPE and SIGXFSZ, so that a closed pipe and a file over the limit are write errors like others, with their message and their tidying
 * up.
 */
void eb_signals_install(void);
/** True once somebody asked to stop: eb_env.cancelled. */
bool eb_signals_cancelled(void *user);

#endif
