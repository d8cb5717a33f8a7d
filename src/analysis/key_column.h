/**
 * @file analysis/key_column.h
 * Attributes of features as columns of a table: the values that rows are made by.
 */
#ifndef EB_ANALYSIS_KEY_COLUMN_H
#define EB_ANALYSIS_KEY_COLUMN_H

#include <ecobelt/layer.h>
#include <ecobelt/table.h>

#include "base/text.h"
#include "base/translate.h"

/** Bytes that hold any number as text. */
#define EB_KEY_NUMBER 64

/** The type of column that holds the values of a field of this type. */
eb_column_type eb_key_column_type(eb_field_type type);
/** Set a cell of such a column to field @p field of feature @p i; a null stays one. */
void eb_key_column_set(eb_table *table, size_t row, size_t column, const eb_batch *batch, size_t i, size_t field);
/** The value as text of any length, as a person would write it; a number goes to @p text, which holds every number. "" for a null. */
const char *eb_key_text(const eb_batch *batch, size_t i, size_t field, char text[EB_KEY_NUMBER]);
/** What tables write in place of a name that is null. */
#define EB_KEY_NULL "(null)"
/** What a table with the former says below. */
#define EB_KEY_NULL_NOTE                                                                                                                   \
    N_("(null): what has no value in the field that names it; a value that is itself this text stands in quotation marks")
/**
 * The value as the name of a zone, a class, a designation: EB_KEY_NULL for a null. A text that is itself one of the words in brackets that
 * tables write in place of a name gets quotation marks, and one that has them around such a word gets one more pair, so that what
 * differs in the data does so in every table. @p scratch holds the name where it is not the batch's own; NULL out of memory.
 */
const char *eb_key_name(const eb_batch *batch, size_t i, size_t field, eb_string *scratch);
/** Add a field for figures to a schema; a name that is taken gets _2, _3 … Its number, or -1 out of memory. */
int eb_key_column_add_figure(eb_schema *schema, const char *name, eb_field_type type);

#endif
