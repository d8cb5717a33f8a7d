#include "geom/near.h"
#include "base/array.h"
#include "base/wkb_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What stands before the first ring of a polygon: byte order, kind, number of rings, and the number of the ring's vertices. */
enum { BEFORE_RING = 1 + 4 + 4 + 4 };

/* Where a multi polygon says how many polygons it has. */
enum { COUNT_AT = 1 + 4 };

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

eb_status eb_near_append(eb_string *out, eb_wkb shape, eb_error *err)
{
    polygons p = {0};
    uint32_t count = 0;
    eb_status status = list_polygons(&p, shape, err);
    if (status == EB_OK && out->size == 0) add_head(out, 0);
    for (size_t i = 0; i < p.count && status == EB_OK; i++) eb_string_add_bytes(out, p.list[i].data, p.list[i].size);
    if (status == EB_OK && !out->failed) {
        memcpy(&count, out->data + COUNT_AT, sizeof count);
        count += (uint32_t)p.count;
        memcpy(out->data + COUNT_AT, &count, sizeof count);
    }
    polygons_clear(&p);
    return status == EB_OK && out->failed ? eb_error_memory(err) : status;
}

/* The first polygon of those that @p i may meet, one by way of another. */
static size_t first_of(size_t *first, size_t i)
{
    while (first[i] != i) i = first[i] = first[first[i]];
    return i;
}

/* For each polygon the first of those it may meet, and for each of these how many bytes they have together. */
static eb_status find_clusters(polygons *p, size_t *first, size_t *bytes, eb_error *err)
{
    size_t *ids = NULL, capacity = 0, count = 0;
    eb_status status = eb_index_new(p->boxes, p->count, &p->index, err);
    for (size_t i = 0; i < p->count; i++) first[i] = i;
    for (size_t i = 0; i < p->count && status == EB_OK; i++) {
        status = eb_index_query(p->index, p->boxes + 4 * i, &ids, &capacity, &count, err);
        for (size_t k = 0; k < count && status == EB_OK; k++) {
            const size_t a = first_of(first, i), b = first_of(first, ids[k]);
            first[a > b ? a : b] = a < b ? a : b;
        }
    }
    free(ids);
    for (size_t i = 0; i < p->count; i++) {
        first[i] = first_of(first, i);
        bytes[first[i]] += p->list[i].size;
    }
    return status;
}

/* The number of the portion each polygon goes to, in place of the first of its cluster. */
static size_t number_portions(const polygons *p, size_t *first, const size_t *bytes, size_t enough)
{
    size_t number = 0, filled = 0;
    for (size_t i = 0; i < p->count; i++) {
        if (first[i] != i) {
            first[i] = first[first[i]]; /* which comes before it, and has its number */
            continue;
        }
        if (filled >= enough) {
            number++;
            filled = 0;
        }
        filled += bytes[i];
        first[i] = number;
    }
    return p->count > 0 ? number + 1 : 0;
}

/* Places in the list of polygons, portion by portion: those of portion k end at ends[k]. */
static void line_up(const size_t *portion, size_t count, size_t *ends, size_t portions, size_t *order)
{
    for (size_t i = 0; i < count; i++) ends[portion[i]]++;
    for (size_t k = 0, at = 0; k < portions; k++) {
        at += ends[k];
        ends[k] = at - ends[k];
    }
    for (size_t i = 0; i < count; i++) order[ends[portion[i]]++] = i;
}

static eb_status take_portions(const polygons *p, const size_t *ends, size_t portions, const size_t *order,
                               eb_status (*take)(void *self, eb_wkb portion, eb_error *err), void *self, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t k = 0, at = 0; k < portions && status == EB_OK; k++) {
        eb_string portion = {0};
        add_head(&portion, (uint32_t)(ends[k] - at));
        for (; at < ends[k]; at++) eb_string_add_bytes(&portion, p->list[order[at]].data, p->list[order[at]].size);
        status = portion.failed ? eb_error_memory(err) : take(self, eb_wkb_built(&portion), err);
        eb_string_clear(&portion);
    }
    return status;
}

eb_status eb_near_portions(eb_wkb shape, size_t enough, eb_status (*take)(void *self, eb_wkb portion, eb_error *err), void *self,
                           eb_error *err)
{
    polygons p = {0};
    eb_status status = list_polygons(&p, shape, err);
    size_t *portion = calloc(p.count + 1, sizeof *portion), *bytes = calloc(p.count + 1, sizeof *bytes),
           *ends = calloc(p.count + 1, sizeof *ends);
    if (status == EB_OK && !(portion && bytes && ends)) status = eb_error_memory(err);
    if (status == EB_OK) status = find_clusters(&p, portion, bytes, err);
    if (status == EB_OK) {
        const size_t portions = number_portions(&p, portion, bytes, enough);
        size_t *const order = bytes; /* the bytes have done their service */
        line_up(portion, p.count, ends, portions, order);
        status = take_portions(&p, ends, portions, order, take, self, err);
    }
    free(portion);
    free(bytes);
    free(ends);
    polygons_clear(&p);
    return status;
}
