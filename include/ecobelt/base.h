/**
 * @file base.h
 * Status, error, and the surroundings of a run: what every module speaks.
 *
 * Conventions of the whole library
 *  - A function that can fail returns eb_status and fills the eb_error its caller gives (NULL: the details are not wanted).
 *  - `_new/_open/_read/_copy` hand a thing over, `_get/_at` lend it, `_take` consumes its argument, `_free(NULL)` is fine.
 *  - Coordinates are x = east or longitude, y = north or latitude ("traditional GIS order"), whatever the CRS says on paper.
 *  - Units are in the names: width_m, area_m2, azimuth_deg.
 *  - Text is UTF-8. Messages, notes and method lines are in the language of eb_lang_get(); names that scripts rely on never change.
 *  - No function prints, exits or keeps a hidden last error.
 */
#ifndef ECOBELT_BASE_H
#define ECOBELT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define EB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define EB_MUST_CHECK        __attribute__((warn_unused_result))
#else
#define EB_PRINTF(fmt, args)
#define EB_MUST_CHECK
#endif

/** What a call came to. The executable turns it into its exit code with eb_status_exit_code(). */
typedef enum eb_status {
    EB_OK = 0,    /**< done */
    EB_FINDINGS,  /**< done, and a check found something wrong, or a target was missed (exit 1) */
    EB_USAGE,     /**< the request makes no sense: option, number, plan (exit 2) */
    EB_INPUT,     /**< input missing, unreadable or incomplete (exit 3) */
    EB_REFUSED,   /**< data refused: no CRS, unknown datum shift, shapes beyond repair (exit 4) */
    EB_OUTPUT,    /**< output not written (exit 5) */
    EB_INTERNAL,  /**< a bug, or an invariant that did not hold (exit 70) */
    EB_NO_MEMORY, /**< out of memory (exit 70) */
    EB_CANCELLED, /**< the caller asked to stop (exit 130) */
    EB_STATUS_END /**< number of values */
} eb_status;

/** Exit code of the command line for @p status (interface contract). */
int eb_status_exit_code(eb_status status);
/** Short English name of @p status, for logs and tests; never NULL. */
const char *eb_status_name(eb_status status);

/** "No feature" in eb_error.fid. */
#define EB_NO_FID INT64_MIN

/** What went wrong, where, and what to do next. A plain value: no ownership, copy it freely. */
typedef struct eb_error {
    eb_status code;
    char message[640]; /**< what and why, one sentence */
    char hint[512];    /**< the next thing to try; may be empty */
    char file[512];    /**< file or connection; may be empty */
    char layer[128];   /**< layer in the file; may be empty */
    int64_t fid;       /**< feature id, or EB_NO_FID */
    double x, y;       /**< coordinate in the layer's own CRS, NaN where unknown */
    int line, column;  /**< place in a text file, from 1; 0 where unknown */
} eb_error;

/** Fill @p err (may be NULL) with @p code and a message, forgetting what it held. Returns @p code. */
eb_status eb_error_set(eb_error *err, eb_status code, const char *format, ...) EB_PRINTF(3, 4);
/** Add the next thing to try to an error already set (nothing happens where @p err is NULL or unset). It gives back no status on
 *  purpose: without an eb_error to look into it could not know the code, so the caller returns the code that it set. */
void eb_error_hint(eb_error *err, const char *format, ...) EB_PRINTF(2, 3);
/** Say where: each argument may be NULL / EB_NO_FID and then keeps what is there. */
void eb_error_where(eb_error *err, const char *file, const char *layer, int64_t fid);
/** Say the coordinate. */
void eb_error_at(eb_error *err, double x, double y);
/** Out of memory. Returns EB_NO_MEMORY. */
eb_status eb_error_memory(eb_error *err);
#ifdef __clang_analyzer__
/* An analyser sees one file at a time: it is told what these give back, or it takes each for a way to go on with EB_OK. */
static inline eb_status eb_status_known(eb_status given, eb_status code)
{
    (void)given;
    return code;
}
#define eb_error_set(err, code, ...) eb_status_known(eb_error_set(err, code, __VA_ARGS__), code)
#define eb_error_memory(err)         eb_status_known(eb_error_memory(err), EB_NO_MEMORY)
#endif
/**
 * The whole error as text: "what (where: why)" and, on a second line, the hint.
 * @param[out] text receives at most @p size bytes, always terminated; cut at a character boundary.
 */
void eb_error_text(const eb_error *err, char *text, size_t size);

/** How grave a log line is. */
typedef enum eb_log_level { EB_LOG_DEBUG, EB_LOG_INFO, EB_LOG_WARNING } eb_log_level;

/**
 * The surroundings of a run, lent to every long call: how many threads, whom to tell, when to stop.
 * All members may be zero: one thread, silence, no stopping.
 */
typedef struct eb_env {
    int threads; /**< worker threads; 0 and 1: the calling thread alone. Results never depend on it. */
    /** Called from the calling thread only. @p done and @p total in units of work (features, bytes); total 0: not known. */
    void (*progress)(void *user, const char *task, double done, double total);
    /** Called from the calling thread only, with one line of text without newline. */
    void (*log)(void *user, eb_log_level level, const char *line);
    /** True: stop soon. May be called from any thread; must be async-signal-safe to set. */
    bool (*cancelled)(void *user);
    void *user;
    /**
     * Vertices of the pieces that large shapes are cut into for overlays, 16 at least; 0: as is best. Where pieces are cut, new corners
     * may come out differently by rounding, nothing else does.
     */
    size_t tile_vertices;
    size_t held_bytes; /**< of shapes that wait for others to be merged with; 0: as is best. Results do not depend on it either. */
} eb_env;

/** Report progress if somebody listens. @p env may be NULL. */
void eb_env_progress(const eb_env *env, const char *task, double done, double total);
/** Log a line if somebody listens. @p env may be NULL. */
void eb_env_log(const eb_env *env, eb_log_level level, const char *format, ...) EB_PRINTF(3, 4);
/** EB_CANCELLED with its error set when the caller wants to stop, else EB_OK. @p env may be NULL. */
eb_status eb_env_check(const eb_env *env, eb_error *err);
/** tile_vertices, or @p best where nothing is asked for. @p env may be NULL. */
size_t eb_env_tile_vertices(const eb_env *env, size_t best);
/** held_bytes, or @p best where nothing is asked for. @p env may be NULL. */
size_t eb_env_held_bytes(const eb_env *env, size_t best);
/** Worker threads to use, at least 1. */
int eb_env_threads(const eb_env *env);

/** A language that the tool speaks. */
typedef enum eb_lang { EB_LANG_EN, EB_LANG_ZH } eb_lang;

/**
 * The language of messages, notes and method lines. As in every program that uses gettext the surroundings say it, and the library keeps
 * no state of its own: ECOBELT_LANG (en, zh) where set, else LC_ALL, LC_MESSAGES or LANG, and LANGUAGE where that is not the C locale.
 * The machine need not have generated the locale. Numbers look the same in every language. A program that wants another language sets
 * ECOBELT_LANG before it starts threads.
 */
eb_lang eb_lang_get(void);
/** "zh", "zh_CN.UTF-8" … give Chinese, all else (NULL too) English. */
eb_lang eb_lang_parse(const char *name);

/** Version of the library, "MAJOR.MINOR.PATCH". */
const char *eb_version(void);

#endif
