/**
 * @file analysis/empty.h
 * Layers without a feature. A result may rightly be empty, and what is made from it is then empty, too: an analysis goes on, and its
 * diagnosis and table say so.
 */
#ifndef EB_ANALYSIS_EMPTY_H
#define EB_ANALYSIS_EMPTY_H

#include <ecobelt/layer.h>
#include <ecobelt/table.h>

/** Features read so far of layers of this name, by the diagnosis. */
int64_t eb_empty_read(const eb_diagnosis *diagnosis, const eb_schema *schema);
/**
 * After a layer was read: where that made no more of them than @p before, put on record that it is empty, and return true. @p where: its
 * filter, NULL: none.
 */
bool eb_empty_record(eb_diagnosis *diagnosis, const eb_schema *schema, const char *where, int64_t before);
/** Say below a table what is on record of layers without a feature. */
void eb_empty_note(const eb_diagnosis *diagnosis, eb_table *table);

#endif
