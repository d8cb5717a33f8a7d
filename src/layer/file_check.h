/**
 * @file file_check.h
 * Is a file whole, and what is its text written in? Looked at before OGR opens it, byte by byte, because OGR reads half a
 * shapefile without a word.
 */
#ifndef ECOBELT_LAYER_FILE_CHECK_H
#define ECOBELT_LAYER_FILE_CHECK_H

#include "layer/bad_values.h"
#include "layer/notes.h"

/** Advice on a file that is not whole: of which GDAL opens nothing, and of which it reads a part. Translated where it is shown. */
extern const char eb_copy_again[], eb_copy_or_part[];
/** EB_INPUT: @p what is wrong with a file, and what to do. Both are translated. */
eb_status eb_file_fault(const char *file, const char *what, const char *advice, eb_error *err);

/** What a shapefile's three files say of themselves. */
typedef struct eb_shapefile {
    char shp[1024], shx[1024], dbf[1024], cpg[1024]; /**< paths; empty where a file is not there */
    int64_t records;                                 /**< shapes in the index; -1 where there is no .shp */
    int64_t dbf_records;                             /**< rows, deleted ones included; -1 where there is no .dbf */
    int64_t deleted;                                 /**< rows marked as deleted */
    eb_bad_values bad;                               /**< values of the table that are none of their field's type */
} eb_shapefile;

/**
 * Find the parts of a shapefile. @p path: its .shp or .dbf, any case, also inside /vsizip/.
 * @return false where the path has neither ending.
 */
bool eb_shapefile_find(const char *path, eb_shapefile *out);
/** Free what a check has gathered. */
void eb_shapefile_clear(eb_shapefile *file);
/**
 * Check that the parts are whole and belong together: header lengths against file sizes, every index entry against the record it
 * points to, counts of parts and points against the record's length, rows of the table against shapes.
 * With @p allow_partial everything found becomes a note instead of EB_INPUT.
 */
eb_status eb_shapefile_check(eb_shapefile *file, bool allow_partial, eb_notes *notes, eb_error *err);
/** What stands in a table's rows, numbered from 0. */
typedef struct eb_dbf_rows {
    int64_t deleted;               /**< rows marked so: OGR leaves them and their shapes out */
    int64_t bad_marks, first_mark; /**< rows that are marked neither as there nor as deleted: no rows */
    eb_bad_values bad;             /**< values that are none of their field's type, of which OGR makes what it can; bytes as they stand */
} eb_dbf_rows;
/** Look through the rows of a .dbf whose header is one; free out->bad with eb_bad_values_clear(). @return false out of memory. */
bool eb_dbf_look(const char *path, eb_dbf_rows *out);
/**
 * What the table's text is written in, as a name that iconv knows: @p wanted (the user's word), else .cpg, else the language byte, else
 * found out from the bytes: UTF-8 if they are, else GB18030 if they look it, else CP1252. A declaration that the bytes contradict
 * is put aside with a note.
 */
eb_status eb_shapefile_encoding(const eb_shapefile *file, const char *wanted, char *name, size_t size, eb_notes *notes, eb_error *err);
/** EB_INPUT where an SQLite file (GeoPackage) is shorter than its header says; EB_OK for other files. */
eb_status eb_sqlite_check(const char *file, eb_error *err);
/** EB_INPUT where an OpenStreetMap XML file (.osm) does not end as it should, or the blocks of a packed one (.pbf) do
 * not end with the file: GDAL does not notice. EB_OK for other files. A .pbf cut between two blocks cannot be told from a whole one. */
eb_status eb_osm_check(const char *file, eb_error *err);
/** EB_INPUT where a FlatGeobuf ends before its last feature does; EB_OK for other files. */
eb_status eb_fgb_check(const char *file, eb_error *err);
/** EB_INPUT where the last record of a file of GeoJSON records (.geojsonl and the like) breaks off. EB_OK for other files. */
eb_status eb_json_check(const char *file, eb_error *err);
/**
 * EB_INPUT where a MapInfo interchange file (.mif) or the table beside it (.mid) breaks off in a line; *declared becomes the rows of the
 * table, against which the shapes are to be counted. EB_OK for other files.
 */
eb_status eb_mapinfo_check(const char *file, int64_t *declared, eb_error *err);
/** EB_INPUT where a path is a pipe, a device or a socket: opening one waits for ever, or never ends. EB_OK for others, missing ones too. */
eb_status eb_regular_check(const char *file, eb_error *err);
/** Name of a character set as iconv knows it: "936", "GBK", "gb2312" become GB18030, "65001" UTF-8 …; EB_USAGE where iconv knows none. */
eb_status eb_encoding_name(const char *text, char *name, size_t size, eb_error *err);

/** Evidence on how text is written, gathered value by value. Zero-initialise it. */
typedef struct eb_encoding_evidence {
    int64_t values;              /**< with a byte above 127 */
    int64_t not_utf8;            /**< of these, not UTF-8 even if the last character is cut */
    int64_t not_gb;              /**< of these, not GB18030 even if the last character is cut */
    int64_t pairs, common_pairs; /**< two-byte characters as GB18030; those among the common ones of GB 2312 */
} eb_encoding_evidence;
void eb_encoding_look(eb_encoding_evidence *evidence, const char *bytes, size_t size);
/** More than one text in ten: too many for damage. */
bool eb_encoding_many(int64_t count, const eb_encoding_evidence *evidence);
/** "UTF-8", "GB18030" or "CP1252": what the evidence says; "UTF-8" where there is none. */
const char *eb_encoding_guess(const eb_encoding_evidence *evidence);

#endif
