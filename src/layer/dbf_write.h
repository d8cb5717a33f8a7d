/**
 * @file dbf_write.h
 * The table of a shapefile: rows are kept aside until all are there, because widths and the character set depend on every value.
 */
#ifndef ECOBELT_LAYER_DBF_WRITE_H
#define ECOBELT_LAYER_DBF_WRITE_H

#include "layer/sink_common.h"

/** A table being gathered. */
typedef struct eb_dbf eb_dbf;

/**
 * @param spool    file to keep the rows in until the end; removed by eb_dbf_free().
 * @param encoding what the user wants the text written in; NULL: GBK where all of it fits, else UTF-8.
 */
eb_status eb_dbf_new(const eb_schema *schema, const char *spool, const char *encoding, eb_dbf **out, eb_error *err);
/** Take the attributes of feature @p i. EB_REFUSED for a text that no .dbf can hold. */
eb_status eb_dbf_add(eb_dbf *dbf, const eb_batch *batch, size_t i, eb_error *err);
/** Write the .dbf and the .cpg beside it. @p name: what to call it in errors; @p diagnosis (may be NULL) is told what is not as it was. */
eb_status eb_dbf_write(eb_dbf *dbf, const char *dbf_file, const char *cpg_file, const char *name, eb_diagnosis *diagnosis, eb_error *err);
void eb_dbf_free(eb_dbf *dbf);

#endif
