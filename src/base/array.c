#include "base/array.h"

#include <stdlib.h>
#include <string.h>

bool eb_array_reserve(void *array, size_t *capacity, size_t want, size_t size)
{
    if (want <= *capacity) return true;
    size_t room = *capacity ? *capacity : 8;
    while (room < want) {
        if (room > SIZE_MAX / 2) return false;
        room *= 2;
    }
    if (size == 0 || room > SIZE_MAX / size) return false;
    void *old;
    memcpy(&old, array, sizeof old); /* the caller's T* read as bytes: a void** alias would break strict aliasing */
    void *grown = realloc(old, room * size);
    if (!grown) return false;
    memcpy(array, &grown, sizeof grown);
    *capacity = room;
    return true;
}
