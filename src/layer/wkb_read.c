#include "layer/wkb_read.h"

#include <string.h>

bool eb_wkb_read_count(eb_wkb_cursor *cursor, uint32_t *count)
{
    if (cursor->end - cursor->at < 4) return false;
    memcpy(count, cursor->at, 4);
    cursor->at += 4;
    return true;
}

bool eb_wkb_read_head(eb_wkb_cursor *cursor, eb_wkb_head *head)
{
    uint32_t type = 0;
    if (cursor->at == cursor->end || *cursor->at != 1) return false;
    cursor->at++;
    if (!eb_wkb_read_count(cursor, &type)) return false;
    bool z = type & 0x80000000U, m = type & 0x40000000U;
    type &= 0x0FFFFFFFU;
    z = z || type / 1000 == 1 || type / 1000 == 3;
    m = m || type / 1000 == 2 || type / 1000 == 3;
    type %= 1000;
    if (type < 1 || type > 7) return false;
    head->kind = (eb_shape_kind)type;
    head->dims = 2 + (size_t)z + (size_t)m;
    head->has_z = z;
    head->count = 1;
    return type == 1 || eb_wkb_read_count(cursor, &head->count);
}

const uint8_t *eb_wkb_read_coords(eb_wkb_cursor *cursor, uint32_t count, size_t dims)
{
    size_t size = (size_t)count * dims * sizeof(double);
    if ((size_t)(cursor->end - cursor->at) < size) return NULL;
    const uint8_t *coords = cursor->at;
    cursor->at += size;
    return coords;
}
