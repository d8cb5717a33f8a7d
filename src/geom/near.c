#include "geom/near.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What stands before the first ring of a polygon: byte order, kind, number of rings, and the number of the ring's vertices. */
enum { BEFORE_RING = 1 + 4 + 4 + 4 };

/* The polygons of a shape. */
typedef struct polygons {
    eb_wkb *list;
    double *boxes;
    size_t count, capacity, box_capacity;
    eb_index *index;
    bool *meets; /* one of the other side, perhaps */
} polygons;

static void polygons_clear(polygons *p)
{
    eb_index_free(p->index);
    free(p->list);
    free(p->boxes);
    free(p->meets);
}

static eb_status start_polygon(polygons *p, const eb_wkb_part *shell, eb_error *err)
{
    if (!eb_array_reserve(&p->list, &p->capacity, p->count + 1, sizeof *p->list) ||
        !eb_array_reserve(&p->boxes, &p->box_capacity, 4 * (p->count + 1), sizeof *p->boxes))
        return eb_error_memory(err);
    double *box = p->boxes + 4 * p->count;
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (size_t i = 0; i < shell->count; i++) {
        double x, y;
        eb_wkb_xy(shell, i, &x, &y);
        box[0] = fmin(box[0], x), box[2] = fmax(box[2], x);
        box[1] = fmin(box[1], y), box[3] = fmax(box[3], y);
    }
    p->list[p->count++].data = shell->coords - BEFORE_RING;
    return EB_OK;
}

static eb_status list_polygons(polygons *p, eb_wkb shape, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    eb_wkb_begin(&walk, shape);
    while (status == EB_OK && eb_wkb_next(&walk, &part)) {
        if (part.ring == 0) status = start_polygon(p, &part, err);
        if (status != EB_OK || !p->list) break;
        eb_wkb *last = &p->list[p->count - 1];
        last->size = (size_t)(part.coords + part.count * 2 * sizeof(double) - last->data);
    }
    return status;
}

static eb_status find_meeting(polygons *p, const eb_index *others, eb_error *err)
{
    size_t *ids = NULL, capacity = 0, count;
    eb_status status = EB_OK;
    p->meets = calloc(p->count + 1, sizeof *p->meets);
    if (!p->meets) return eb_error_memory(err);
    for (size_t i = 0; i < p->count && status == EB_OK; i++) {
        status = eb_index_query(others, p->boxes + 4 * i, &ids, &capacity, &count, err);
        p->meets[i] = status == EB_OK && count > 0;
    }
    free(ids);
    return status;
}

static uint32_t count_of(const polygons *p, bool meets)
{
    uint32_t count = 0;
    for (size_t i = 0; i < p->count; i++) count += p->meets[i] == meets;
    return count;
}

static void add_head(eb_string *out, uint32_t count)
{
    static const uint8_t little = 1;
    static const uint32_t kind = EB_SHAPE_MULTIPOLYGON;
    eb_string_add_bytes(out, &little, sizeof little);
    eb_string_add_bytes(out, &kind, sizeof kind);
    eb_string_add_bytes(out, &count, sizeof count);
}

static void add_polygons(eb_string *out, const polygons *p, bool meets)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->meets[i] == meets) eb_string_add_bytes(out, p->list[i].data, p->list[i].size);
}

/* Both sides with their indexes. */
static eb_status look_at(const eb_wkb sides[2], polygons p[2], eb_error *err)
{
    eb_status status = EB_OK;
    for (int i = 0; i < 2 && status == EB_OK; i++) {
        status = list_polygons(&p[i], sides[i], err);
        if (status == EB_OK) status = eb_index_new(p[i].boxes, p[i].count, &p[i].index, err);
    }
    for (int i = 0; i < 2 && status == EB_OK; i++) status = find_meeting(&p[i], p[1 - i].index, err);
    return status;
}

eb_status eb_near_part(const eb_wkb sides[2], eb_string near[2], eb_string *apart, eb_error *err)
{
    polygons p[2] = {{0}, {0}};
    eb_status status = look_at(sides, p, err);
    if (status == EB_OK) {
        const uint32_t left = count_of(&p[0], false) + count_of(&p[1], false);
        for (int i = 0; i < 2; i++) {
            const uint32_t meeting = count_of(&p[i], true);
            if (meeting) add_head(&near[i], meeting);
            add_polygons(&near[i], &p[i], true);
        }
        if (left) add_head(apart, left);
        for (int i = 0; i < 2; i++) add_polygons(apart, &p[i], false);
        if (near[0].failed || near[1].failed || apart->failed) status = eb_error_memory(err);
    }
    for (int i = 0; i < 2; i++) polygons_clear(&p[i]);
    return status;
}

eb_status eb_near_append(const eb_wkb shapes[2], eb_string *out, eb_error *err)
{
    polygons p = {0};
    eb_status status = list_polygons(&p, shapes[0], err);
    if (status == EB_OK) status = list_polygons(&p, shapes[1], err);
    if (status == EB_OK) add_head(out, (uint32_t)p.count);
    for (size_t i = 0; i < p.count && status == EB_OK; i++) eb_string_add_bytes(out, p.list[i].data, p.list[i].size);
    polygons_clear(&p);
    return status == EB_OK && out->failed ? eb_error_memory(err) : status;
}
