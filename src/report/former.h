/**
 * @file report/former.h
 * The files that a run wrote, as its run.json lists them: by that list a later run knows which of a folder's files it may replace.
 */
#ifndef REPORT_FORMER_H
#define REPORT_FORMER_H

#include "base/sha256.h"
#include "base/text.h"

/** A file of a run. */
typedef struct eb_written {
    char *name; /**< relative to the folder */
    char digest[EB_SHA256_TEXT];
} eb_written;

/** What a run wrote. Zero-initialise. */
typedef struct eb_former {
    eb_written *files; /**< by name */
    size_t count, capacity;
    char *only; /**< the step it was run for, NULL: all */
} eb_former;

/** Free what it holds. */
void eb_former_clear(eb_former *former);
/**
 * The files in @p folder with their digests: of a GeoPackage from byte 100 on, since SQLite changes the header of a file that is only
 * looked at.
 */
eb_status eb_former_survey(const char *folder, eb_former *former, eb_error *err);
/** @p run_json with the list as its last member; from malloc(), NULL out of memory. */
char *eb_former_to_json(const eb_former *former, const char *run_json);
/** Read the list of run.json in @p folder. EB_OUTPUT where there is none, or it is broken: then nobody knows whose files these are. */
eb_status eb_former_read(const char *folder, eb_former *former, eb_error *err);
/** The file of this name, or NULL. */
const eb_written *eb_former_find(const eb_former *former, const char *name);
/** Whether @p folder holds a file of the list as it was written. */
bool eb_former_unchanged(const char *folder, const eb_written *file);

/** What became of a former run's folder. Zero-initialise. */
typedef struct eb_carried {
    size_t kept;      /**< files that no run wrote, or that were changed since */
    eb_string names;  /**< the first of them, with the name they have now where that is another */
    size_t gone;      /**< files of the former run that the new one does not make */
    eb_string losses; /**< the first of them */
} eb_carried;

/** Free what it holds. */
void eb_carried_clear(eb_carried *carried);
/**
 * Bring everything that is not the former run's own into the folder that will take its place, as links or copies: where the new run has
 * a file of that name as NAME.kept.ENDING. @p folder stays as it is; @p fresh has its run.json.
 */
eb_status eb_former_carry(const eb_former *former, const char *folder, const char *fresh, eb_carried *carried, eb_error *err);

#endif
