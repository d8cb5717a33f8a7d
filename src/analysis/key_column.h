/**
 * @file analysis/key_column.h
 * Attributes of features as columns of a table: the values that rows are made by.
 */
#ifndef EB_ANALYSIS_KEY_COLUMN_H
#define EB_ANALYSIS_KEY_COLUMN_H

#include <ecobelt/layer.h>
#include <ecobelt/table.h>

/** Bytes that hold any number as text. */
#define EB_KEY_NUMBER 64

/** The type of column that holds the values of a field of this type. */
eb_column_type eb_key_column_type(eb_field_type type);
/** Set a cell of such a column to field @p field of feature @p i; a null stays one. */
void eb_key_column_set(eb_table *table, size_t row, size_t column, const eb_batch *batch, size_t i, size_t field);
/** The value as text of any length, as a person would write it; a number goes to @p text, which holds every number. "" for a null. */
const char *eb_key_text(const eb_batch *batch, size_t i, size_t field, char text[EB_KEY_NUMBER]);
/** Add a field for figures to a schema; a name that is taken gets _2, _3 … Its number, or -1 out of memory. */
int eb_key_column_add_figure(eb_schema *schema, const char *name, eb_field_type type);

#endif
