/**
 * @file base/meter.h
 * Work that is counted bit by bit, by whichever threads do it, and shown by the calling thread.
 */
#ifndef BASE_METER_H
#define BASE_METER_H

#include <ecobelt/base.h>

#include <stdatomic.h>

/** Zero-initialise but for env, task and total. */
typedef struct eb_meter {
    const eb_env *env;
    const char *task;
    size_t total;
    atomic_size_t done;
    bool alone; /**< the calling thread does the work itself, and shows it as it counts */
} eb_meter;

/** So much more is done. Any thread. EB_CANCELLED when the caller wants to stop. @p meter may be NULL. */
eb_status eb_meter_add(eb_meter *meter, size_t units, eb_error *err);
/** Show where it is. Calling thread only. */
void eb_meter_show(const eb_meter *meter);

#endif
