/**
 * @file analysis/key_column.h
 * Attributes of features as columns of a table: the values that rows are made by.
 */
#ifndef EB_ANALYSIS_KEY_COLUMN_H
#define EB_ANALYSIS_KEY_COLUMN_H

#include <ecobelt/layer.h>
#include <ecobelt/table.h>

/** The type of column that holds the values of a field of this type. */
eb_column_type eb_key_column_type(eb_field_type type);
/** Set a cell of such a column to field @p field of feature @p i; a null stays one. */
void eb_key_column_set(eb_table *table, size_t row, size_t column, const eb_batch *batch, size_t i, size_t field);

#endif
