#include "analysis/intern.h"
#include "base/array.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

uint64_t eb_intern_hash(const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < size; i++) hash = (hash ^ p[i]) * 1099511628211ULL;
    return hash ^ hash >> 29;
}

static size_t find_slot(const eb_intern *intern, const char *text)
{
    size_t at = (size_t)eb_intern_hash(text, strlen(text)) & (intern->slot_count - 1);
    while (intern->slots[at] && strcmp(intern->texts[intern->slots[at] - 1], text) != 0) at = (at + 1) & (intern->slot_count - 1);
    return at;
}

/* Keep the table at most half full. */
static bool grow(eb_intern *intern)
{
    if (2 * (intern->count + 1) <= intern->slot_count) return true;
    size_t *old = intern->slots;
    size_t count = intern->slot_count ? 2 * intern->slot_count : 64;
    intern->slots = calloc(count, sizeof *intern->slots);
    if (!intern->slots) {
        intern->slots = old;
        return false;
    }
    intern->slot_count = count;
    for (size_t i = 0; i < intern->count; i++) intern->slots[find_slot(intern, intern->texts[i])] = i + 1;
    free(old);
    return true;
}

size_t eb_intern_number(eb_intern *intern, const char *text)
{
    if (!grow(intern)) return SIZE_MAX;
    size_t at = find_slot(intern, text);
    if (intern->slots[at]) return intern->slots[at] - 1;
    if (!eb_array_reserve(&intern->texts, &intern->capacity, intern->count + 1, sizeof *intern->texts)) return SIZE_MAX;
    char *copy = eb_text_dup(text);
    if (!copy) return SIZE_MAX;
    intern->texts[intern->count++] = copy;
    intern->slots[at] = intern->count;
    return intern->count - 1;
}

void eb_intern_clear(eb_intern *intern)
{
    for (size_t i = 0; i < intern->count; i++) free(intern->texts[i]);
    free(intern->texts);
    free(intern->slots);
    *intern = (eb_intern){0};
}
