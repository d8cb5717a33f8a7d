/* Rings whose vertices were told apart in the plane, and are the same numbers in the layer's coordinates. */
#include "analysis/overlay/plane_sink.h"

#include <string.h>

/* Reads from one place and writes to another, never ahead of it, in the same bytes. */
typedef struct tidier {
    uint8_t *data;
    size_t from, to, size;
    size_t dims;
} tidier;

static bool copy(tidier *t, size_t size)
{
    if (size > t->size - t->from) return false;
    memmove(t->data + t->to, t->data + t->from, size);
    t->from += size;
    t->to += size;
    return true;
}

static bool count_at(const tidier *t, size_t at, uint32_t *count)
{
    if (at > t->size || t->size - at < sizeof *count) return false;
    memcpy(count, t->data + at, sizeof *count);
    return true;
}

/* One ring; nothing is written of one that has fewer than three places left, or turns back on itself. */
static bool tidy_ring(tidier *t, bool *kept)
{
    const size_t start = t->to, vertex = t->dims * sizeof(double), place = 2 * sizeof(double);
    uint32_t count = 0, left = 0;
    if (!count_at(t, t->from, &count) || !copy(t, sizeof count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        const bool again = left > 0 && t->from + vertex <= t->size && memcmp(t->data + t->to - vertex, t->data + t->from, place) == 0;
        if (!copy(t, vertex)) return false;
        if (again)
            t->to -= vertex;
        else
            left++;
    }
    memcpy(t->data + start, &left, sizeof left);
    *kept = left >= 4;
    if (!*kept) t->to = start;
    return true;
}

/* One polygon with its header; gone with its outer ring. */
static bool tidy_polygon(tidier *t, bool *kept)
{
    const size_t start = t->to;
    uint32_t type = 0, rings = 0, left = 0;
    *kept = false;
    if (t->size - t->from < 1 || t->data[t->from] != 1 || !count_at(t, t->from + 1, &type)) return false;
    t->dims = type / 1000 == 3 ? 4 : type / 1000 == 0 ? 2 : 3;
    if (type % 1000 != EB_SHAPE_POLYGON || !count_at(t, t->from + 5, &rings) || !copy(t, 9)) return false;
    for (uint32_t i = 0; i < rings; i++) {
        bool ring = false;
        const size_t before = t->to;
        if (!tidy_ring(t, &ring)) return false;
        if (i == 0) *kept = ring;
        if (!*kept) t->to = before;
        left += *kept && ring;
    }
    memcpy(t->data + start + 5, &left, sizeof left);
    if (!*kept) t->to = start;
    return true;
}

bool eb_plane_tidy(uint8_t *data, size_t *size)
{
    tidier t = {.data = data, .size = *size};
    uint32_t type = 0, count = 0, left = 0;
    bool kept = true;
    if (*size < 9 || data[0] != 1 || !count_at(&t, 1, &type) || !count_at(&t, 5, &count)) return true;
    if (type % 1000 == EB_SHAPE_POLYGON) {
        if (!tidy_polygon(&t, &kept)) return true;
        *size = kept ? t.to : 0;
        return kept;
    }
    if (type % 1000 != EB_SHAPE_MULTIPOLYGON || !copy(&t, 9)) return true;
    for (uint32_t i = 0; i < count; i++) {
        if (!tidy_polygon(&t, &kept)) return true;
        left += kept;
    }
    memcpy(data + 5, &left, sizeof left);
    *size = t.to;
    return left > 0;
}
