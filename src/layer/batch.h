/**
 * @file batch.h
 * Filling batches without a copy in between: for the readers of this module.
 */
#ifndef ECOBELT_LAYER_BATCH_H
#define ECOBELT_LAYER_BATCH_H

#include <ecobelt/layer.h>

/** Features a batch holds unless the caller says otherwise. */
#define EB_BATCH_FEATURES 4096
/** Bytes of shapes that make a batch full with fewer. */
#define EB_BATCH_BYTES ((size_t)8 << 20)

/**
 * Append a feature with null attributes and room for @p size bytes of shape (0: null geometry).
 * @param[out] shape where to write the bytes; may be NULL where size is 0.
 * @return false out of memory; the batch is as before then.
 */
bool eb_batch_reserve(eb_batch *batch, int64_t fid, size_t size, uint8_t **shape);
/** Set the text of the feature added last from @p length bytes (no NUL needed). */
bool eb_batch_set_bytes(eb_batch *batch, size_t field, const char *text, size_t length);
/** Replace the shape of the feature added last. */
bool eb_batch_set_shape(eb_batch *batch, const uint8_t *shape, size_t size);
/** Forget the feature added last. */
void eb_batch_drop_last(eb_batch *batch);
/** True for the types that a batch keeps as text. */
bool eb_field_is_text(eb_field_type type);
/** Append feature @p i of @p src: its shape (unless @p no_shape) and for each field f of @p dst the field map[f] of @p src. */
bool eb_batch_append(eb_batch *dst, const eb_batch *src, size_t i, const size_t *map, bool no_shape);

/** Makes the shape of feature @p i smaller where it stands and says how many bytes are left; @p size: it stays as it is. */
typedef size_t (*eb_shape_shrink)(void *user, size_t i, uint8_t *bytes, size_t size);
/** Let @p shrink look at every shape of the batch, and close up what it left free. */
void eb_batch_shrink_shapes(eb_batch *batch, eb_shape_shrink shrink, void *user);

#endif
