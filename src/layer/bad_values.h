/**
 * @file bad_values.h
 * Values that are none of their field's type: GDAL makes 0 of "none" and 1970 of a broken date. Readers gather them and hand out nulls.
 */
#ifndef ECOBELT_LAYER_BAD_VALUES_H
#define ECOBELT_LAYER_BAD_VALUES_H

#include <ecobelt/layer.h>

/** A value that is none of its field's type. */
typedef struct eb_bad_value {
    int64_t fid;
    size_t field;
    char text[32]; /**< what stands in the file, cut if need be */
} eb_bad_value;

/** What was gathered, feature ids ascending. Zero-initialise it. */
typedef struct eb_bad_values {
    eb_bad_value *list;
    size_t count, capacity;
} eb_bad_values;

/** Add a value of @p size bytes as it stands in the file. False out of memory. */
bool eb_bad_values_add(eb_bad_values *bad, int64_t fid, size_t field, const void *text, size_t size);
/** The texts are written in @p encoding (a name that iconv knows): bring them to UTF-8, with ? for what is no character. */
void eb_bad_values_decode(eb_bad_values *bad, const char *encoding);
/** Keep the values of the fields that are read, @p map[i] being the field in the file of field i of the batches, and number them so. */
void eb_bad_values_select(eb_bad_values *bad, const size_t *map, size_t field_count);
/** Make them null in a batch. */
void eb_bad_values_apply(const eb_bad_values *bad, eb_batch *batch);
void eb_bad_values_clear(eb_bad_values *bad);

#endif
