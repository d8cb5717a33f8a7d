/**
 * @file base/pool.h
 * Work on a stream of items in threads, results in input order: the output cannot depend on the number of threads.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <ecobelt/base.h>

/**
 * A stream of items. The calling thread produces and consumes, in order; workers work in between.
 * With one thread everything happens in the calling thread, item by item.
 */
typedef struct eb_pool_job {
    void *user;
    /** Fill the slot @p item with the next input. *more = false: the stream has ended and the slot is not used. Calling thread. */
    eb_status (*produce)(void *user, void *item, bool *more, eb_error *err);
    /** Work on an item, with the worker's own state. Any thread, several at a time. Must look at eb_env_check() when it takes long. */
    eb_status (*work)(void *user, void *worker, void *item, eb_error *err);
    /** Use the result, in input order. Calling thread. NULL: nothing to do. */
    eb_status (*consume)(void *user, void *item, eb_error *err);
    /** Called ten times a second while all wait for a worker: what it has done of an item may be shown. Calling thread. NULL: nothing
     *  to do. */
    void (*waiting)(void *user);
    void **items; /**< reusable slots, made by the caller; at least 1, best 2 or 3 a worker */
    size_t item_count;
    void **workers;   /**< a state for each worker (may hold NULLs), made by the caller */
    int worker_count; /**< at least 1 */
} eb_pool_job;

/**
 * Run to the end of the stream. Stops at the first failure in input order (that error is returned) and when env says so.
 * All workers have ended when it returns.
 */
eb_status eb_pool_run(const eb_pool_job *job, const eb_env *env, eb_error *err);
/**
 * Hand the memory of a run whose items and workers were freed back to the system, where the C library can: what ended threads leave free
 * stays with them otherwise, and the next run would take as much again.
 */
void eb_pool_give_back(void);

#endif
