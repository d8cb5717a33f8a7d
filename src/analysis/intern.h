/**
 * @file analysis/intern.h
 * Texts numbered in the order they are first met.
 */
#ifndef EB_ANALYSIS_INTERN_H
#define EB_ANALYSIS_INTERN_H

#include <ecobelt/base.h>

/** The texts met so far. Zero-initialise; free with eb_intern_clear(). */
typedef struct eb_intern {
    char **texts;
    size_t count, capacity;
    size_t *slots; /**< hash table of numbers + 1, 0 free */
    size_t slot_count;
} eb_intern;

/** Number of @p text, a new one where it is met for the first time; SIZE_MAX out of memory. */
size_t eb_intern_number(eb_intern *intern, const char *text);
void eb_intern_clear(eb_intern *intern);
/** Hash of some bytes (FNV-1a, 64 bit). */
uint64_t eb_intern_hash(const void *bytes, size_t size);

#endif
