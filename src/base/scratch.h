/**
 * @file base/scratch.h
 * Temporary files in the folder that TMPDIR names, else in /tmp: without a name for what is too much for memory, gone with the process
 * however it ends; with a name for what is read or written by name.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <ecobelt/base.h>

/** Make one without a name. EB_OUTPUT where none can be made there. */
eb_status eb_scratch_open(int *file, eb_error *err);
/** Write at @p place. EB_OUTPUT where the disk is full. */
eb_status eb_scratch_write(int file, uint64_t place, const void *data, size_t size, eb_error *err);
/** Read what was written there. */
eb_status eb_scratch_read(int file, uint64_t place, void *data, size_t size, eb_error *err);
/** Close it; -1 is fine. */
void eb_scratch_close(int file);
/** Path for a file of a name, in a temporary folder of its own, for eb_scratch_remove(). EB_OUTPUT where none can be made there. */
eb_status eb_scratch_name(const char *name, char **path, eb_error *err);
/** Remove the file, which need not be there, with its folder, and free its path; NULL is fine. */
void eb_scratch_remove(char *path_take);

#endif
