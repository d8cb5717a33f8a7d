/**
 * @file base/scratch.h
 * A temporary file that has no name any more: what is too much for memory, gone with the process however it ends.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <ecobelt/base.h>

/** Make one in the folder that TMPDIR names, else in /tmp. EB_OUTPUT where none can be made there. */
eb_status eb_scratch_open(int *file, eb_error *err);
/** Write at @p place. EB_OUTPUT where the disk is full. */
eb_status eb_scratch_write(int file, uint64_t place, const void *data, size_t size, eb_error *err);
/** Read what was written there. */
eb_status eb_scratch_read(int file, uint64_t place, void *data, size_t size, eb_error *err);
/** Close it; -1 is fine. */
void eb_scratch_close(int file);

#endif
