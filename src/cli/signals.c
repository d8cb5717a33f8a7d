#include "cli/signals.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ecobelt/geom.h>

#include "base/scratch.h"
#include "base/text.h"
#include "base/translate.h"
#include "base/working.h"
#include "layer/place.h"

/* A table and its companions are put in place by a few renames: only a disk that hangs needs longer. */
enum { EXIT_CANCELLED = 130, LAST_PLACING_MS = 200 };

/* The state that a signal handler can reach. Atomic, because worker threads read it. */
static atomic_int requests;
static sem_t asked;
static const char *_Atomic temporary_file;
/* Where a run writes: set once, before the thread that reads it starts. */
static const char *outputs[2];

/* Said in a handler, where nothing can be looked up: in both languages. */
static void on_signal(int signal)
{
    static const char text[] = "\necobelt: stopping and tidying up; press Ctrl-C again to stop at once\n"
                               "ecobelt:正在停止并清理;再按一次 Ctrl-C 立即停止\n";
    if (atomic_fetch_add(&requests, 1) > 0) _exit(EXIT_CANCELLED);
    sem_post(&asked);
    if (signal == SIGINT && isatty(STDERR_FILENO) && write(STDERR_FILENO, text, sizeof text - 1) < 0) return;
}

static void catch (int signal)
{
    struct sigaction before;
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler == SIG_IGN && signal != SIGTERM) return;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

/* What is being written in the folder that a file stands in. */
static void discard_beside(const char *file)
{
    char folder[4096];
    if (!file || strlen(file) >= sizeof folder) return;
    memcpy(folder, file, strlen(file) + 1);
    /* The folder of a run may be given as "out/". */
    for (size_t end = strlen(folder); end > 1 && folder[end - 1] == '/';) folder[--end] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[1] = '\0';
    else
        memcpy(folder, ".", 2);
    eb_places_discard(folder);
}

static void discard_temporary(const char *file)
{
    if (!file) return;
    discard_beside(file);
    eb_scratch_remove(eb_text_dup(file));
}

static void end_run(void)
{
    static const char bare[] = "\r\x1b[K";
    (void)eb_working_last(LAST_PLACING_MS);
    for (size_t i = 0; i < 2; i++) discard_beside(outputs[i]);
    discard_temporary(atomic_load(&temporary_file));
    if (isatty(STDERR_FILENO) && write(STDERR_FILENO, bare, sizeof bare - 1) < 0) _exit(EXIT_CANCELLED);
    dprintf(STDERR_FILENO, "ecobelt: %s\n", _("cancelled"));
    _exit(EXIT_CANCELLED);
}

/* Waits for the first signal, gives the run half a second, and ends it: GDAL opening a large text or SQLite making an index ask nobody. */
static void *watch(void *unused)
{
    struct timespec patience = {.tv_nsec = 500000000L};
    (void)unused;
    while (sem_wait(&asked) != 0) continue;
    while (nanosleep(&patience, &patience) != 0) continue;
    end_run();
    return NULL;
}

void eb_signals_watch(const char *output, const char *table)
{
    pthread_t thread;
    sigset_t all, before;
    outputs[0] = output;
    outputs[1] = table;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are the main thread's */
    if (pthread_create(&thread, NULL, watch, NULL) == 0) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void eb_signals_temporary(const char *file)
{
    atomic_store(&temporary_file, file);
}

/* GEOS clears a request with the first thread that heeds it, so each one is asked anew. */
static void on_geos_check(void)
{
    if (eb_signals_cancelled(NULL)) eb_geos_interrupt();
}

void eb_signals_install(void)
{
    sem_init(&asked, 0, 0);
    eb_geos_on_check(on_geos_check);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    catch (SIGINT);
    catch (SIGTERM);
    catch (SIGHUP);
}

bool eb_signals_cancelled(void *user)
{
    (void)user;
    return atomic_load(&requests) > 0;
}
