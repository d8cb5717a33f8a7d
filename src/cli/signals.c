#include "cli/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { EXIT_CANCELLED = 130 };

/* The one state that a signal handler can reach. Atomic, because worker threads read it. */
static atomic_int requests;

/* Said in a handler, where nothing can be looked up: in both languages. */
static void on_signal(int signal)
{
    static const char text[] = "\necobelt: stopping and tidying up; press Ctrl-C again to stop at once\n"
                               "ecobelt:正在停止并清理;再按一次 Ctrl-C 立即停止\n";
    if (atomic_fetch_add(&requests, 1) > 0) _exit(EXIT_CANCELLED);
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

void eb_signals_install(void)
{
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
