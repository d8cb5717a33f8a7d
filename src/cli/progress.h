/**
 * @file progress.h
 * The progress bar on stderr, or progress as JSON lines for programs.
 */
#ifndef EB_CLI_PROGRESS_H
#define EB_CLI_PROGRESS_H

#include <pthread.h>

#include <ecobelt/base.h>

typedef enum eb_progress_mode { EB_PROGRESS_NONE, EB_PROGRESS_BAR, EB_PROGRESS_JSON } eb_progress_mode;

/** State of the display. One a run, on the calling thread; a thread of its own shows that time goes by where nothing else is heard. */
typedef struct eb_progress {
    eb_progress_mode mode;
    double done, total; /**< as last heard */
    bool open;          /**< the task goes on, and nobody else writes */
    bool ticking, stop; /**< the thread runs, and is to end */
    pthread_t thread;
    pthread_mutex_t lock; /**< for all of this while the thread runs */
    pthread_cond_t ended;
    bool drawn;       /**< a bar stands on the current line */
    char task[96];    /**< what is going on */
    double begun_s;   /**< when anything was first heard of; 0: nothing yet */
    double started_s; /**< when the task began */
    double shown_s;   /**< when it was last shown */
} eb_progress;

/** Mode for --progress: "auto" is a bar where stderr is a terminal that can move its cursor, and nothing else. */
eb_progress_mode eb_progress_mode_for(const char *choice, bool quiet);
/** A run begins, with @p task until another one is heard of. Ends with eb_progress_end(). */
void eb_progress_begin(eb_progress *progress, const char *task);
/** Take the bar away, for good. Nothing happens where nothing has begun. */
void eb_progress_end(eb_progress *progress);
/** Show where a task is; drawn at most ten times a second, and not before the command has taken a moment. total 0: not
 *  known. Where a second goes by without a word it is shown again, with the time that has gone by. */
void eb_progress_show(eb_progress *progress, const char *task, double done, double total);
/** Take the bar off the line, before anything else is written to stderr. */
void eb_progress_clear(eb_progress *progress);
/**
 * The bar of a moment as text, without moving the cursor.
 * @param elapsed_s since the task began. @param columns of the terminal.
 */
void eb_progress_line(char *text, size_t size, const char *task, double done, double total, double elapsed_s, size_t columns);

#endif
