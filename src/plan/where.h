/**
 * @file plan/where.h
 * Which rows of a table a target means, and which features of a result a step reads: "width_m = 2000 and name = 'Qu Jiang'".
 */
#ifndef PLAN_WHERE_H
#define PLAN_WHERE_H

#include <ecobelt/layer.h>

/**
 * Conditions joined by `and`, each: column, one of = == != <> < <= > >=, and a number, a quoted text, true or false; or
 * `column is null`, `column is not null`. Column names with other characters than letters, digits and _ stand in double quotes.
 */
typedef struct eb_where eb_where;

/** Read an expression. EB_USAGE with what is wrong and where in the text. */
eb_status eb_where_parse(const char *text, eb_where **out, eb_error *err);
void eb_where_free(eb_where *where);
/** Number of conditions, and the column of condition @p i; lent. */
size_t eb_where_count(const eb_where *where);
const char *eb_where_column_at(const eb_where *where, size_t i);
/** EB_USAGE where the table has not the columns, or a text is compared with a number. */
eb_status eb_where_check(const eb_where *where, const eb_table *table, eb_error *err);
/** Whether a row fulfils all conditions; a null fulfils only `is null`. NULL means every row. The expression was checked before. */
bool eb_where_holds(const eb_where *where, const eb_table *table, size_t row);
/** EB_USAGE where the layer has not the fields, or a text is compared with a number. */
eb_status eb_where_check_schema(const eb_where *where, const eb_schema *schema, eb_error *err);
/** Whether a feature fulfils all conditions. The expression was checked before. */
bool eb_where_holds_feature(const eb_where *where, const eb_batch *batch, size_t i);

#endif
