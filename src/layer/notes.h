/**
 * @file notes.h
 * Things a reader met that a reader of the report should know.
 */
#ifndef ECOBELT_LAYER_NOTES_H
#define ECOBELT_LAYER_NOTES_H

#include <ecobelt/layer.h>

/** One of them. */
typedef struct eb_note {
    eb_remark_kind kind;
    int64_t fid; /**< the feature it is about, or EB_NO_FID */
    char *text;
} eb_note;

/** Notes in the order they were made. Zero-initialise it. */
typedef struct eb_notes {
    eb_note *list;
    size_t count, capacity;
    bool unknown_crs; /**< the file names a CRS that is not understood; `crs` says which */
    char crs[300];    /**< in the user's words */
} eb_notes;

/** Add a plain note unless the same text is there; a note that memory runs out for is dropped. */
void eb_notes_add(eb_notes *notes, const char *format, ...) EB_PRINTF(2, 3);
/** Add a note of another kind. Features come in ascending order, and may come again in another pass, which adds nothing. */
void eb_notes_fault(eb_notes *notes, eb_remark_kind kind, int64_t fid, const char *format, ...) EB_PRINTF(4, 5);
/** Note a CRS that is not understood, with the words of who should have understood it. */
void eb_notes_unknown_crs(eb_notes *notes, const char *why);
void eb_notes_clear(eb_notes *notes);

#endif
