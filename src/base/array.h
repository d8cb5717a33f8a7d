/**
 * @file base/array.h
 * Growing arrays without a type of their own.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <ecobelt/base.h>

/**
 * Make room for @p want elements of @p size bytes in *array (from malloc() or NULL), at least doubling.
 * @return false out of memory; *array and *capacity are then unchanged.
 */
bool eb_array_reserve(void *array, size_t *capacity, size_t want, size_t size);

#endif
