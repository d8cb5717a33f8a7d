#include "analysis/quality/edge_book.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/*
 * An entry is the key of an edge in its upper 56 bits and, in its lower 8, how often the edge was met in its forward direction less
 * the backward one. Two edges with the same key add up, which does no harm while both have their partners.
 */
enum { COUNT_BITS = 8, FIRST_SLOTS = 1 << 12 };
static const uint64_t key_end = (uint64_t)1 << (64 - COUNT_BITS);

typedef struct slots {
    uint64_t *list; /* open addressing, 0 free */
    size_t mask, used;
} slots;

struct eb_edge_book {
    slots waiting, loose;
    size_t limit;
    uint64_t low, high; /* keys counted in this pass */
};

static uint64_t edge_key(const double a[2], const double b[2], int *direction)
{
    const uint64_t p = eb_hash_place(a[0], a[1]), q = eb_hash_place(b[0], b[1]);
    *direction = p < q ? 1 : -1;
    const uint64_t key = eb_hash_number((p < q ? p : q) ^ eb_hash_number(p < q ? q : p)) >> COUNT_BITS;
    return key ? key : 1;
}

static uint64_t key_of(uint64_t entry)
{
    return entry >> COUNT_BITS;
}

static int count_of(uint64_t entry)
{
    return (int8_t)(entry & 0xFF);
}

static uint64_t entry_of(uint64_t key, int count)
{
    return key << COUNT_BITS | (uint8_t)(int8_t)count;
}

/* Where the key stands, or the free slot it belongs in. */
static size_t find(const slots *s, uint64_t key)
{
    size_t at = (size_t)key & s->mask;
    while (s->list[at] && key_of(s->list[at]) != key) at = (at + 1) & s->mask;
    return at;
}

static bool resize(slots *s, size_t count)
{
    slots fresh = {.list = calloc(count, sizeof *fresh.list), .mask = count - 1, .used = s->used};
    if (!fresh.list) return false;
    for (size_t i = 0; s->list && i <= s->mask; i++)
        if (s->list[i]) fresh.list[find(&fresh, key_of(s->list[i]))] = s->list[i];
    free(s->list);
    *s = fresh;
    return true;
}

/* Take an entry out; those behind it that were pushed on by it move up. */
static void take_out(slots *s, size_t at)
{
    s->used--;
    for (size_t next = at;;) {
        s->list[at] = 0;
        for (;;) {
            next = (next + 1) & s->mask;
            if (!s->list[next]) return;
            const size_t home = (size_t)key_of(s->list[next]) & s->mask;
            if (((next - home) & s->mask) >= ((next - at) & s->mask)) break;
        }
        s->list[at] = s->list[next];
        at = next;
    }
}

static bool add_count(slots *s, uint64_t key, int count)
{
    const size_t at = find(s, key);
    int sum = (s->list[at] ? count_of(s->list[at]) : 0) + count;
    if (sum > INT8_MAX) sum = INT8_MAX;
    if (sum < INT8_MIN) sum = INT8_MIN;
    if (sum == 0) {
        if (s->list[at]) take_out(s, at);
        return true;
    }
    if (!s->list[at]) s->used++;
    s->list[at] = entry_of(key, sum);
    return s->used * 10 <= s->mask * 7 || resize(s, 2 * (s->mask + 1));
}

eb_edge_book *eb_edge_book_new(size_t limit)
{
    eb_edge_book *book = calloc(1, sizeof *book);
    if (!book) return NULL;
    book->limit = limit;
    book->high = key_end;
    if (resize(&book->waiting, FIRST_SLOTS) && resize(&book->loose, FIRST_SLOTS)) return book;
    eb_edge_book_free(book);
    return NULL;
}

void eb_edge_book_free(eb_edge_book *book)
{
    if (!book) return;
    free(book->waiting.list);
    free(book->loose.list);
    free(book);
}

/* Too many wait: go on with the lower half of the keys. */
static void halve(eb_edge_book *book)
{
    book->high = book->low + (book->high - book->low) / 2;
    slots *s = &book->waiting;
    for (size_t i = 0; i <= s->mask;) {
        /* Taking out may bring another entry here: look at the place again. */
        if (s->list[i] && key_of(s->list[i]) >= book->high)
            take_out(s, i);
        else
            i++;
    }
}

static bool enter(void *user, const double a[2], const double b[2])
{
    eb_edge_book *book = user;
    int direction;
    const uint64_t key = edge_key(a, b, &direction);
    if (key < book->low || key >= book->high) return true;
    if (!add_count(&book->waiting, key, direction)) return false;
    while (book->waiting.used > book->limit && book->high - book->low > 1) halve(book);
    return true;
}

bool eb_edge_book_add(eb_edge_book *book, eb_wkb shape)
{
    return eb_each_edge(shape, enter, book);
}

bool eb_edge_book_turn(eb_edge_book *book, bool *again)
{
    slots *s = &book->waiting;
    for (size_t i = 0; i <= s->mask; i++) {
        if (s->list[i] && !add_count(&book->loose, key_of(s->list[i]), count_of(s->list[i]))) return false;
        s->list[i] = 0;
    }
    s->used = 0;
    *again = book->high < key_end;
    book->low = book->high;
    book->high = key_end;
    if (*again) return true;
    free(s->list);
    *s = (slots){0};
    return resize(s, FIRST_SLOTS);
}

bool eb_edge_book_loose(const eb_edge_book *book, const double a[2], const double b[2])
{
    int direction;
    return book->loose.list[find(&book->loose, edge_key(a, b, &direction))] != 0;
}

/* Twice the signed area of a ring. */
static double ring_turn(const eb_wkb_part *part)
{
    double sum = 0, ax, ay, bx, by, x0, y0;
    eb_wkb_xy(part, 0, &x0, &y0);
    for (size_t k = 0; k + 1 < part->count; k++) {
        eb_wkb_xy(part, k, &ax, &ay);
        eb_wkb_xy(part, k + 1, &bx, &by);
        sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    }
    return sum;
}

bool eb_each_edge(eb_wkb shape, eb_edge_visit visit, void *user)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double a[2], b[2];
        if (part.kind != EB_SHAPE_POLYGON || part.count < 2) continue;
        /* all polygons to the left of their edges, whatever way the rings run in the file */
        const bool back = (part.ring == 0) != (ring_turn(&part) > 0);
        eb_wkb_xy(&part, 0, &b[0], &b[1]);
        for (size_t k = 1; k < part.count; k++) {
            memcpy(a, b, sizeof a);
            eb_wkb_xy(&part, k, &b[0], &b[1]);
            if (a[0] == b[0] && a[1] == b[1]) continue;
            if (!(back ? visit(user, b, a) : visit(user, a, b))) return false;
        }
    }
    return true;
}
