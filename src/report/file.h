/**
 * @file report/file.h
 * Files that appear complete or not at all.
 */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include <ecobelt/base.h>

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

/** FOLDER/NAME, or NAME where the folder is "". From malloc(), NULL out of memory. */
char *eb_file_path(const char *folder, const char *name);
/** Make the folders of @p path below its first @p root bytes. A failure shows when the file is opened. */
void eb_file_make_parents(char *path, size_t root);
/** All bytes, also where the system takes them piecemeal. False with errno set. */
bool eb_file_put(int fd, const void *data, size_t size);

#endif
