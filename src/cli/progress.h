/**
 * @file progress.h
 * The progress bar on stderr, or progress as JSON lines for programs.
 */
#ifndef EB_CLI_PROGRESS_H
#define EB_CLI_PROGRESS_H

#include <ecobelt/base.h>

typedef enum eb_progress_mode { EB_PROGRESS_NONE, EB_PROGRESS_BAR, EB_PROGRESS_JSON } eb_progress_mode;

/** State of the display. One a run, on the calling thread. */
typedef struct eb_progress {
    eb_progress_mode mode;
    bool drawn;       /**< a bar stands on the current line */
    char task[96];    /**< what is going on */
    double begun_s;   /**< when anything was first heard of; 0: nothing yet */
    double started_s; /**< when the task began */
    double shown_s;   /**< when it was last shown */
} eb_progress;

/** Mode for --progress: "auto" is a bar where stderr is a terminal that can move its cursor, and nothing else. */
eb_progress_mode eb_progress_mode_for(const char *choice, bool quiet);
/** Show where a task is; drawn at most ten times a second, and not before the command has taken a moment. total 0: not known. */
void eb_progress_show(eb_progress *progress, const char *task, double done, double total);
/** Take the bar off the line, before anything else is written to stderr. */
void eb_progress_clear(eb_progress *progress);
/**
 * The bar of a moment as text, without moving the cursor.
 * @param elapsed_s since the task began. @param columns of the terminal.
 */
void eb_progress_line(char *text, size_t size, const char *task, double done, double total, double elapsed_s, size_t columns);

#endif
