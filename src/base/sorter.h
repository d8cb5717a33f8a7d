/**
 * @file base/sorter.h
 * Records of any number put in order of their keys, those with the same key as they came. What does not fit into the memory given
 * waits in an unnamed file in the folder for temporary files.
 */
#ifndef BASE_SORTER_H
#define BASE_SORTER_H

#include <ecobelt/base.h>

typedef struct eb_sorter eb_sorter;

/** An empty one that holds about @p memory bytes of records. EB_NO_MEMORY. */
eb_status eb_sorter_new(size_t memory, eb_sorter **out, eb_error *err);
/** Take a record in; its bytes are copied. EB_OUTPUT: the temporary file cannot be made or written. */
eb_status eb_sorter_add(eb_sorter *sorter, uint64_t key, const void *data, size_t size, eb_error *err);
/** Begin to read from the lowest key on, once, when all records are there. */
eb_status eb_sorter_begin(eb_sorter *sorter, eb_error *err);
/** Key of the next record without taking it; false: there is none. */
bool eb_sorter_peek(const eb_sorter *sorter, uint64_t *key);
/** Take the next record, which must be there; its bytes are lent until the next call. EB_OUTPUT: the file cannot be read. */
eb_status eb_sorter_next(eb_sorter *sorter, const uint8_t **data, size_t *size, eb_error *err);
/** Free it with its file. NULL is fine. */
void eb_sorter_free(eb_sorter *sorter);

#endif
