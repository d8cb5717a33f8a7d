/**
 * @file report/file.h
 * Files and folders that appear complete or not at all.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "report/former.h"

/**
 * Write a file: under a temporary name beside it, then renamed over @p file.
 * EB_OUTPUT with the reason (disk full, not writable, folder missing) and what to do; nothing is then left behind.
 */
eb_status eb_file_write(const char *file, const void *data, size_t size, eb_error *err);
/** A file and what goes into it. */
typedef struct eb_file_part {
    const char *file;
    const void *data;
    size_t size;
} eb_file_part;
enum { EB_FILE_PARTS = 4 };
/** eb_file_write() of up to EB_FILE_PARTS files that belong together: all are complete before the first is renamed; the main one comes
 * last. */
eb_status eb_files_write(const eb_file_part *parts, size_t count, eb_error *err);
/** EB_OUTPUT for @p file from errno, with what to do about a full disk, a missing folder, missing rights. */
eb_status eb_file_failed(const char *file, int code, eb_error *err);

/** A folder being made beside the one it will become. */
typedef struct eb_stage eb_stage;
/**
 * Begin a folder that will become @p folder. EB_OUTPUT where @p folder may not be made or replaced: see eb_report_check_folder().
 */
eb_status eb_stage_new(const char *folder, bool overwrite, const char *only, eb_stage **out, eb_error *err);
/** The folder to write into; lent. */
const char *eb_stage_folder(const eb_stage *stage);
/** Path of @p name inside the folder, NULL out of memory; free() it. Folders in @p name ("maps/belt.geojson") are made. */
char *eb_stage_path(const eb_stage *stage, const char *name);
/**
 * Put the folder in place of an earlier run's, whose foreign files come along. Consumes the stage, also on failure (then nothing is left
 * of it). @param[out] carried what became of the earlier run's files; to be cleared.
 */
eb_status eb_stage_commit(eb_stage *stage_take, eb_carried *carried, eb_error *err);
/** Throw the folder away. NULL is fine. */
void eb_stage_abort(eb_stage *stage_take);

#endif
