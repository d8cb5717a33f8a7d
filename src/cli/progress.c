#include "cli/progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "base/translate.h"

/* A bar that flashes by for a short command is noise. */
static const double bar_first_s = 0.3, bar_every_s = 0.1, json_every_s = 0.5;
/* Silence after which the thread speaks, and how often it looks. */
static const double silence_s = 0.7, look_every_s = 0.2;
enum { BAR_CELLS = 30 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

eb_progress_mode eb_progress_mode_for(const char *choice, bool quiet)
{
    if (choice && strcmp(choice, "json") == 0) return EB_PROGRESS_JSON;
    const char *term = getenv("TERM");
    bool moves = term && *term && strcmp(term, "dumb") != 0;
    bool wanted = !quiet && (!choice || strcmp(choice, "auto") == 0);
    return wanted && moves && isatty(STDERR_FILENO) ? EB_PROGRESS_BAR : EB_PROGRESS_NONE;
}

/* "1.2 M/s", "830/s". */
static void rate_text(char *text, size_t size, double per_s)
{
    const char *unit = "";
    if (per_s >= 1e9)
        per_s /= 1e9, unit = " G";
    else if (per_s >= 1e6)
        per_s /= 1e6, unit = " M";
    else if (per_s >= 1e4)
        per_s /= 1e3, unit = " k";
    snprintf(text, size, "%.*f%s/s", per_s < 10 ? 1 : 0, per_s, unit);
}

/* "12 s", "3:07", "1:02:30". */
static void duration_text(char *text, size_t size, double seconds)
{
    long s = lround(fmin(seconds, 359999.0));
    if (s < 60)
        snprintf(text, size, "%ld s", s);
    else if (s < 3600)
        snprintf(text, size, "%ld:%02ld", s / 60, s % 60);
    else
        snprintf(text, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
}

static double share_done(double done, double total)
{
    if (!(total > 0) || !(done > 0)) return 0;
    return done < total ? done / total : 1;
}

/* What is left, NaN where nobody can know yet. */
static double left_s(double done, double total, double elapsed_s)
{
    double share = share_done(done, total);
    return share > 0 && elapsed_s > 0 ? elapsed_s * (1 - share) / share : NAN;
}

void eb_progress_line(char *text, size_t size, const char *task, double done, double total, double elapsed_s, size_t columns)
{
    char bar[BAR_CELLS + 1], rate[32] = "", left[32] = "";
    int cells = (int)(share_done(done, total) * BAR_CELLS);
    for (int i = 0; i < BAR_CELLS; i++) bar[i] = i < cells ? '=' : i == cells ? '>' : ' ';
    bar[BAR_CELLS] = '\0';
    if (elapsed_s > 0 && done > 0) rate_text(rate, sizeof rate, done / elapsed_s);
    double seconds = left_s(done, total, elapsed_s);
    const bool waits = !rate[0] && !(total > 0) && elapsed_s >= 1;
    if (isfinite(seconds) || waits) duration_text(left, sizeof left, waits ? elapsed_s : seconds);
    eb_string line = {0};
    if (total > 0) eb_string_addf(&line, "%3d %% [%s] ", (int)(share_done(done, total) * 100), bar);
    eb_string_add(&line, eb_translate(task));
    if (rate[0]) eb_string_addf(&line, "  %s", rate);
    if (left[0]) eb_string_addf(&line, waits ? _("  %s so far") : _("  %s left"), left);
    eb_text_copy(text, size, eb_string_get(&line));
    eb_string_clear(&line);
    /* A line that wraps cannot be taken back: drop characters from its end until it fits. */
    while (*text && columns > 0 && eb_text_width(text) >= columns) {
        text[strlen(text) - 1] = '\0';
        eb_text_trim_utf8(text, strlen(text) + 1);
    }
}

static void show_bar(eb_progress *progress, double done, double total, double now)
{
    char line[512];
    eb_progress_line(line, sizeof line, progress->task, done, total, now - progress->started_s, terminal_columns());
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    progress->drawn = true;
}

static void show_json(const eb_progress *progress, double done, double total, double now)
{
    double elapsed_s = now - progress->started_s;
    eb_string line = {0};
    eb_string_add(&line, "{\"task\":");
    eb_string_add_json(&line, progress->task);
    eb_string_add(&line, ",\"done\":");
    eb_string_add_number(&line, done);
    eb_string_add(&line, ",\"total\":");
    eb_string_add_number(&line, total > 0 ? total : NAN);
    eb_string_add(&line, ",\"elapsed_s\":");
    eb_string_add_number(&line, round(elapsed_s * 1000) / 1000);
    eb_string_add(&line, ",\"left_s\":");
    eb_string_add_number(&line, round(left_s(done, total, elapsed_s) * 1000) / 1000);
    eb_string_add(&line, "}\n");
    fputs(eb_string_get(&line), stderr);
    eb_string_clear(&line);
}

static void enter_task(eb_progress *progress, const char *task, double now)
{
    if (progress->begun_s == 0) progress->begun_s = now;
    if (strncmp(progress->task, task, sizeof progress->task - 1) == 0) return;
    eb_text_copy(progress->task, sizeof progress->task, task);
    progress->started_s = now;
    progress->shown_s = 0;
}

static void show(eb_progress *progress, double now)
{
    progress->shown_s = now;
    if (progress->mode == EB_PROGRESS_BAR)
        show_bar(progress, progress->done, progress->total, now);
    else
        show_json(progress, progress->done, progress->total, now);
}

static void clear_bar(eb_progress *progress)
{
    progress->open = false;
    if (!progress->drawn) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->drawn = false;
}

static void hear(eb_progress *progress, const char *task, double done, double total)
{
    double now = now_s();
    bool bar = progress->mode == EB_PROGRESS_BAR, finished = total > 0 && done >= total;
    enter_task(progress, task, now);
    progress->done = done;
    progress->total = total;
    progress->open = !finished;
    if (bar && finished) {
        clear_bar(progress);
        return;
    }
    if (bar && now - progress->begun_s < bar_first_s) return;
    if (finished || now - progress->shown_s >= (bar ? bar_every_s : json_every_s)) show(progress, now);
}

/* Until eb_progress_end(): whatever goes on, GDAL making an index or GEOS at a large shape, it shows that the program is alive. */
static void *tick(void *user)
{
    eb_progress *progress = user;
    pthread_mutex_lock(&progress->lock);
    while (!progress->stop) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)(look_every_s * 1e9);
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        pthread_cond_timedwait(&progress->ended, &progress->lock, &until);
        const double now = now_s();
        if (!progress->stop && progress->open && now - fmax(progress->shown_s, progress->started_s) >= silence_s) show(progress, now);
    }
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

void eb_progress_begin(eb_progress *progress, const char *task)
{
    sigset_t all, before;
    if (progress->mode == EB_PROGRESS_NONE) return;
    enter_task(progress, task, now_s());
    progress->open = true;
    pthread_mutex_init(&progress->lock, NULL);
    pthread_cond_init(&progress->ended, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are the main thread's */
    progress->ticking = pthread_create(&progress->thread, NULL, tick, progress) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void eb_progress_end(eb_progress *progress)
{
    eb_progress_clear(progress);
    if (!progress->ticking) return;
    pthread_mutex_lock(&progress->lock);
    progress->stop = true;
    pthread_cond_signal(&progress->ended);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->ended);
    pthread_mutex_destroy(&progress->lock);
    progress->ticking = false;
}

void eb_progress_show(eb_progress *progress, const char *task, double done, double total)
{
    if (progress->mode == EB_PROGRESS_NONE) return;
    if (progress->ticking) pthread_mutex_lock(&progress->lock);
    hear(progress, task, done, total);
    if (progress->ticking) pthread_mutex_unlock(&progress->lock);
}

void eb_progress_clear(eb_progress *progress)
{
    if (progress->ticking) pthread_mutex_lock(&progress->lock);
    clear_bar(progress);
    if (progress->ticking) pthread_mutex_unlock(&progress->lock);
}
