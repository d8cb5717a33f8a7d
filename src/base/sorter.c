/* Sorted runs in one file, merged when they are read: each record is written once and read once. */
#include "base/sorter.h"
#include "base/array.h"
#include "base/scratch.h"

#include <stdlib.h>
#include <string.h>

/* Bytes read at a time of each run, unless a record is larger: less where there are so many runs that it would add up. */
enum { MOST_AHEAD = 1 << 16, LEAST_AHEAD = 1 << 12, ALL_AHEAD = 1 << 21 };

/* Keys are sorted by so many of their bits at a time. */
enum { DIGIT = 11, DIGITS = 1 << DIGIT };

/* A record in memory. */
typedef struct entry {
    uint64_t key;
    size_t offset, size;
} entry;

/* What stands before each record in the file. */
typedef struct header {
    uint64_t key, size;
} header;

/* A sorted stretch of the file and what of it is in memory. The one at the end may be all in memory. */
typedef struct stretch {
    uint64_t from, to; /* not yet read */
    uint8_t *buffer;
    size_t at, filled, capacity;
    bool done;
    header next;
} stretch;

/* A stretch on the heap, and the key of its next record. */
typedef struct first {
    uint64_t key;
    size_t stretch;
} first;

struct eb_sorter {
    size_t memory;
    uint8_t *bytes;
    size_t size, capacity;
    entry *entries;
    size_t count, entry_capacity;
    int file; /* -1: not needed so far */
    uint64_t written;
    stretch *stretches;
    size_t stretch_count, stretch_capacity;
    first *heap; /* the lowest key on top */
    size_t heap_count;
    size_t taken; /* entries read where all are in memory */
};

eb_status eb_sorter_new(size_t memory, eb_sorter **out, eb_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    (*out)->memory = memory;
    (*out)->file = -1;
    return EB_OK;
}

void eb_sorter_free(eb_sorter *s)
{
    if (!s) return;
    eb_scratch_close(s->file);
    for (size_t i = 0; i < s->stretch_count; i++) free(s->stretches[i].buffer);
    free(s->stretches);
    free(s->heap);
    free(s->bytes);
    free(s->entries);
    free(s);
}

static size_t digit_of(const entry *e, unsigned shift)
{
    return e->key >> shift & (DIGITS - 1);
}

/* Put the entries in order, digit by digit from the lowest on: those with the same key stay as they came. */
static eb_status sort(eb_sorter *s, eb_error *err)
{
    entry *from = s->entries, *to = s->count > 1 ? malloc(s->count * sizeof *to) : NULL;
    if (s->count > 1 && !to) return eb_error_memory(err);
    for (unsigned shift = 0; shift < 64 && s->count > 1; shift += DIGIT) {
        size_t starts[DIGITS + 1] = {0};
        for (size_t i = 0; i < s->count; i++) starts[digit_of(&from[i], shift) + 1]++;
        if (starts[digit_of(&from[0], shift) + 1] == s->count) continue;
        for (size_t digit = 0; digit < DIGITS; digit++) starts[digit + 1] += starts[digit];
        for (size_t i = 0; i < s->count; i++) to[starts[digit_of(&from[i], shift)]++] = from[i];
        entry *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != s->entries) {
        memcpy(s->entries, from, s->count * sizeof *from);
        to = from;
    }
    free(to);
    return EB_OK;
}

/* The records in memory as a sorted stretch of the file. */
static eb_status spill(eb_sorter *s, eb_error *err)
{
    uint8_t *sorted = NULL;
    size_t at = 0;
    eb_status status = s->file < 0 ? eb_scratch_open(&s->file, err) : EB_OK;
    if (status == EB_OK && !eb_array_reserve(&s->stretches, &s->stretch_capacity, s->stretch_count + 1, sizeof *s->stretches))
        status = eb_error_memory(err);
    if (status == EB_OK) status = sort(s, err);
    if (status == EB_OK && !(sorted = malloc(s->size + s->count * sizeof(header)))) status = eb_error_memory(err);
    if (status != EB_OK) return status;
    for (size_t i = 0; i < s->count; i++) {
        const header head = {s->entries[i].key, s->entries[i].size};
        memcpy(sorted + at, &head, sizeof head);
        memcpy(sorted + at + sizeof head, s->bytes + s->entries[i].offset, s->entries[i].size);
        at += sizeof head + s->entries[i].size;
    }
    s->stretches[s->stretch_count] = (stretch){.from = s->written, .to = s->written + at};
    s->stretch_count++;
    status = eb_scratch_write(s->file, s->written, sorted, at, err);
    free(sorted);
    s->written += at;
    s->size = s->count = 0;
    return status;
}

eb_status eb_sorter_add(eb_sorter *s, uint64_t key, const void *data, size_t size, eb_error *err)
{
    eb_status status = s->count > 0 && s->size + size > s->memory ? spill(s, err) : EB_OK;
    if (status != EB_OK) return status;
    if (!eb_array_reserve(&s->bytes, &s->capacity, s->size + size + 1, 1) ||
        !eb_array_reserve(&s->entries, &s->entry_capacity, s->count + 1, sizeof *s->entries))
        return eb_error_memory(err);
    if (size) memcpy(s->bytes + s->size, data, size);
    s->entries[s->count] = (entry){key, s->size, size};
    s->count++;
    s->size += size;
    return EB_OK;
}

/* Have @p want bytes of the stretch in memory from where it stands. */
static eb_status have(eb_sorter *s, stretch *t, size_t want, eb_error *err)
{
    if (t->filled - t->at >= want) return EB_OK;
    if (t->at > 0) memmove(t->buffer, t->buffer + t->at, t->filled - t->at);
    t->filled -= t->at;
    t->at = 0;
    const size_t share = ALL_AHEAD / s->stretch_count, ahead = share > MOST_AHEAD ? MOST_AHEAD : share < LEAST_AHEAD ? LEAST_AHEAD : share;
    if (!eb_array_reserve(&t->buffer, &t->capacity, want < ahead ? ahead : want, 1)) return eb_error_memory(err);
    const uint64_t left = t->to - t->from;
    const size_t room = t->capacity - t->filled, count = left < room ? (size_t)left : room;
    eb_status status = eb_scratch_read(s->file, t->from, t->buffer + t->filled, count, err);
    if (status != EB_OK) return status;
    t->filled += count;
    t->from += count;
    return EB_OK;
}

/* The header of the next record of a stretch. */
static eb_status look(eb_sorter *s, stretch *t, eb_error *err)
{
    t->done = t->at == t->filled && t->from == t->to;
    if (t->done) return EB_OK;
    eb_status status = have(s, t, sizeof t->next, err);
    if (status != EB_OK) return status;
    memcpy(&t->next, t->buffer + t->at, sizeof t->next);
    t->at += sizeof t->next;
    return EB_OK;
}

static bool before(const first *a, const first *b)
{
    return a->key != b->key ? a->key < b->key : a->stretch < b->stretch;
}

static void sink_down(eb_sorter *s, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < s->heap_count; child++)
            if (before(&s->heap[child], &s->heap[least])) least = child;
        if (least == at) return;
        const first other = s->heap[least];
        s->heap[least] = s->heap[at];
        s->heap[at] = other;
        at = least;
    }
}

eb_status eb_sorter_begin(eb_sorter *s, eb_error *err)
{
    eb_status status = EB_OK;
    if (s->file < 0) return sort(s, err);
    if (s->count > 0) status = spill(s, err);
    free(s->bytes);
    free(s->entries);
    s->bytes = NULL;
    s->entries = NULL;
    s->capacity = s->entry_capacity = 0;
    s->heap = calloc(s->stretch_count, sizeof *s->heap);
    if (status == EB_OK && !s->heap) status = eb_error_memory(err);
    for (size_t i = 0; i < s->stretch_count && status == EB_OK; i++) {
        status = look(s, &s->stretches[i], err);
        s->heap[s->heap_count++] = (first){s->stretches[i].next.key, i};
    }
    for (size_t i = s->heap_count; i-- > 0 && status == EB_OK;) sink_down(s, i);
    return status;
}

bool eb_sorter_peek(const eb_sorter *s, uint64_t *key)
{
    if (s->file < 0) {
        if (s->taken == s->count) return false;
        *key = s->entries[s->taken].key;
        return true;
    }
    if (s->heap_count == 0) return false;
    *key = s->heap[0].key;
    return true;
}

/* The header behind it comes with it, so that looking at that does not move its bytes. */
static eb_status take_from(eb_sorter *s, stretch *t, const uint8_t **data, size_t *size, eb_error *err)
{
    *size = (size_t)t->next.size;
    const bool last = t->filled - t->at + (t->to - t->from) == *size;
    eb_status status = have(s, t, last ? *size : *size + sizeof t->next, err);
    if (status != EB_OK) return status;
    *data = t->buffer + t->at;
    t->at += *size;
    return look(s, t, err);
}

eb_status eb_sorter_next(eb_sorter *s, const uint8_t **data, size_t *size, eb_error *err)
{
    if (s->file < 0) {
        const entry *e = &s->entries[s->taken++];
        *data = s->bytes + e->offset;
        *size = e->size;
        return EB_OK;
    }
    first *top = &s->heap[0];
    stretch *t = &s->stretches[top->stretch];
    eb_status status = take_from(s, t, data, size, err);
    if (t->done)
        *top = s->heap[--s->heap_count];
    else
        top->key = t->next.key;
    if (s->heap_count > 0) sink_down(s, 0);
    return status;
}
