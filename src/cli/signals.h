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
/**
 * From now on a run that does not stop by itself within half a second of the first signal, because a library is in the middle of a long
 * call, is ended (exit 130), and what it was writing beside these files is taken away. NULL: no such file. The texts are lent for good.
 */
void eb_signals_watch(const char *output, const char *table);
/** A temporary file to be removed with its folder in such a case; NULL: no longer. Lent. */
void eb_signals_temporary(const char *file);
/** True once somebody asked to stop: eb_env.cancelled. */
bool eb_signals_cancelled(void *user);

#endif
