/**
 * @file source.h
 * What a reader or writer of this module implements.
 */
#ifndef ECOBELT_LAYER_SOURCE_H
#define ECOBELT_LAYER_SOURCE_H

#include "layer/bad_values.h"
#include "layer/notes.h"

#include <ecobelt/layer.h>

/** A reader: the functions behind an eb_source. */
typedef struct eb_source_ops {
    /** Append up to @p limit features to the (cleared) batch; none at the end. */
    eb_status (*next)(void *self, eb_batch *batch, size_t limit, eb_error *err);
    eb_status (*rewind)(void *self, eb_error *err);
    /** Extent from the format's own index; *known false where it has none. NULL: never known. */
    eb_status (*extent)(void *self, double box[4], bool *known, eb_error *err);
    /** What a reader of the report should know; lent. NULL: nothing ever. */
    const eb_notes *(*notes)(void *self);
    void (*free)(void *self);
    /** Values that are none of their field's type, of the batches' fields, ascending by feature; lent. NULL: never any. */
    const eb_bad_values *(*bad_values)(void *self);
} eb_source_ops;

/**
 * Make a source. Consumes @p schema and @p self, also on failure.
 * The datum frame, the box filter and the check for a CRS of @p options are applied here, alike for every reader.
 */
eb_status eb_source_make(const eb_source_ops *ops, void *self, eb_schema *schema, const eb_read_options *options, eb_source **out,
                         eb_error *err);

/**
 * Refuse a table where shapes are wanted, a layer without a CRS, and coordinates that contradict it: now by its extent, and from now on
 * by every batch that is read. As @p options (not NULL) allow.
 */
eb_status eb_source_guard(eb_source *source, const eb_read_options *options, eb_error *err);

/** A writer: the functions behind an eb_sink. */
typedef struct eb_sink_ops {
    eb_status (*write)(void *self, const eb_batch *batch, eb_error *err);
    /** Finish and rename into place. The object is freed by free() afterwards, whatever this returns. */
    eb_status (*commit)(void *self, eb_error *err);
    /** Free; where commit was not called or failed, nothing may be left in the file system. */
    void (*free)(void *self);
} eb_sink_ops;

/** Make a sink. Consumes @p self, also on failure. */
eb_status eb_sink_make(const eb_sink_ops *ops, void *self, eb_sink **out, eb_error *err);

/** Batch fields that a read selection keeps. */
typedef struct eb_selection {
    eb_schema *schema; /**< the kept fields only */
    size_t *map;       /**< for each kept field its index in the full schema */
} eb_selection;
/** Select fields of @p full by options->fields. EB_USAGE for a field that is not there (those that are, are listed). */
eb_status eb_selection_make(const eb_schema *full, const eb_read_options *options, eb_selection *out, eb_error *err);

#endif
