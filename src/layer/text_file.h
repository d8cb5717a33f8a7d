/**
 * @file text_file.h
 * Files of text that do not say what they are written in, brought to UTF-8 piece by piece; and text tables that break off.
 */
#ifndef ECOBELT_LAYER_TEXT_FILE_H
#define ECOBELT_LAYER_TEXT_FILE_H

#include "layer/notes.h"

/** What the records of a text table are like. */
typedef struct eb_text_table {
    bool has_wkt;         /**< the header names a column of shapes as text */
    bool open_quote;      /**< the last record ends within quotes */
    bool no_line_end;     /**< the last record has no end of line */
    int64_t records;      /**< with the header */
    size_t columns, last; /**< of the header, and of the last record */
} eb_text_table;

/** Look at all records of a text table; a file that cannot be opened has none. */
eb_status eb_text_table_look(const char *file, eb_text_table *out, eb_error *err);
/** EB_INPUT where the last record breaks off, or with @p allow_partial a note. A last line without end is a note. */
eb_status eb_text_table_check(const char *file, const eb_text_table *table, bool allow_partial, eb_notes *notes, eb_error *err);
/**
 * Bring a file to UTF-8 where it is not.
 * @param wanted  the user's word on its character set; NULL: found out from its lines.
 * @param always  say the character set in *encoding also where it is UTF-8.
 * @param[out] scratch  path of a temporary file, for eb_scratch_remove(); NULL where the file may be read as it is.
 */
eb_status eb_text_recode(const char *file, const char *wanted, bool always, char **scratch, char **encoding, eb_notes *notes,
                         eb_error *err);

#endif
