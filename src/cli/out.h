/**
 * @file out.h
 * Results to stdout and to files. A file is written under a temporary name and renamed, as every output of the tool.
 */
#ifndef EB_CLI_OUT_H
#define EB_CLI_OUT_H

#include "cli/cmd.h"

/** What a file's extension says about tables. */
typedef enum eb_table_format { EB_TABLE_NONE, EB_TABLE_CSV, EB_TABLE_JSON, EB_TABLE_MARKDOWN } eb_table_format;

/** Format of a table file by its extension; EB_TABLE_NONE where it is no table format. */
eb_table_format eb_out_table_format(const char *file);
/** Extensions of the table formats, for messages. */
const char *eb_out_table_extensions(void);
/** Write @p text to @p file by way of a temporary file in its folder. EB_OUTPUT: exists and no --overwrite, or not written. */
eb_status eb_out_write_text(const eb_cli *cli, const char *file, const char *text, eb_error *err);
/**
 * A file that stands for stdout until it is complete: NAME.geojson in a temporary folder of its own, which goes when the run is ended.
 * EB_OUTPUT where none can be made. The path is for eb_out_stream_close(), also after a failure.
 */
eb_status eb_out_stream_open(const char *name, char **file, eb_error *err);
/** Remove the file with its folder, and free its path; NULL is fine. */
void eb_out_stream_close(char *file_take);
/** Copy a file to stdout. */
eb_status eb_out_copy_to_stdout(const char *file, eb_error *err);
/** "dir/belt.gpkg" and "rejects" make "dir/belt_rejects.gpkg"; @p suffix "" gives @p file. From malloc(), NULL out of memory. */
char *eb_out_file_for(const char *file, const char *suffix);
/** The file beside a CSV file that says what CSV cannot: "belt.csv.txt" for "belt.csv". From malloc(), NULL out of memory. */
char *eb_out_about_file(const char *csv);
/**
 * Write a table as CSV, and beside it eb_out_about_file(): title, what each column is, method, notes. Both appear complete or not at all.
 * EB_OUTPUT: one of them exists and no --overwrite, or is not written.
 */
eb_status eb_out_write_csv(const eb_cli *cli, const char *file, const eb_table *table, eb_error *err);
/** eb_cli_check_output() of a CSV file and of the file beside it, to know before hours of work. */
eb_status eb_out_check_csv(const eb_cli *cli, const char *file, eb_error *err);
/**
 * EB_USAGE where @p output is one of the files that the layers and files among @p args (may be NULL) are read from: the same file under
 * whatever name, or a part of the same shapefile.
 */
eb_status eb_out_refuse_input(const eb_args *args, const char *output, eb_error *err);
/** Each line of @p text on stderr. */
void eb_out_lines(const eb_cli *cli, const char *text);
/** Flush and close stdout. EB_OUTPUT where something did not arrive, except for a reader that has gone away. */
eb_status eb_out_finish(eb_error *err);
/** A copy of @p table in which each area stands once, in @p unit, for people. NULL out of memory. */
eb_table *eb_out_in_unit(const eb_table *table, eb_area_unit unit);

#endif
