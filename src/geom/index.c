/*
 * A packed R-tree: boxes in Hilbert order of their middles, NODE boxes a node, levels stored one after the other from the leaves up.
 * Nothing in it changes after it is built, so any number of threads may ask it.
 */
#include "geom/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NODE   16
#define LEVELS 16

struct eb_index {
    size_t count;          /* boxes given */
    size_t levels;         /* levels of boxes, the given ones included */
    size_t start[LEVELS];  /* where a level begins in boxes */
    size_t length[LEVELS]; /* boxes in the level */
    double *boxes;
    size_t *ids; /* of the lowest level, in its order */
};

typedef struct entry {
    uint32_t key;
    size_t id;
} entry;

static int by_key(const void *a, const void *b)
{
    const entry *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

static int by_id(const void *a, const void *b)
{
    size_t p = *(const size_t *)a, q = *(const size_t *)b;
    return p < q ? -1 : p > q;
}

static void box_add(double into[4], const double box[4])
{
    if (box[0] < into[0]) into[0] = box[0];
    if (box[1] < into[1]) into[1] = box[1];
    if (box[2] > into[2]) into[2] = box[2];
    if (box[3] > into[3]) into[3] = box[3];
}

/* The order of the lowest level. */
static void sort_entries(const double *boxes, size_t count, entry *entries)
{
    double all[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) box_add(all, boxes + 4 * i);
    for (size_t i = 0; i < count; i++) {
        const double *box = boxes + 4 * i;
        entries[i] = (entry){eb_curve_place(box[0] / 2 + box[2] / 2, box[1] / 2 + box[3] / 2, all), i};
    }
    qsort(entries, count, sizeof *entries, by_key);
}

static size_t plan_levels(eb_index *index, size_t count)
{
    size_t total = 0, length = count;
    do {
        index->start[index->levels] = total;
        index->length[index->levels++] = length;
        total += length;
        length = (length + NODE - 1) / NODE;
    } while (index->length[index->levels - 1] > NODE && index->levels < LEVELS);
    return total;
}

static void fill_levels(eb_index *index)
{
    for (size_t level = 1; level < index->levels; level++) {
        const double *below = index->boxes + 4 * index->start[level - 1];
        double *here = index->boxes + 4 * index->start[level];
        for (size_t i = 0; i < index->length[level - 1]; i++) {
            if (i % NODE == 0)
                memcpy(here + 4 * (i / NODE), below + 4 * i, 4 * sizeof(double));
            else
                box_add(here + 4 * (i / NODE), below + 4 * i);
        }
    }
}

eb_status eb_index_new(const double *boxes, size_t count, eb_index **out, eb_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < 4 * count; i++)
        if (!isfinite(boxes[i])) return eb_error_set(err, EB_REFUSED, "box %zu of an index is not finite", i / 4);
    eb_index *index = calloc(1, sizeof *index);
    entry *entries = malloc((count ? count : 1) * sizeof *entries);
    if (!index || !entries) goto failed;
    index->count = count;
    size_t total = plan_levels(index, count);
    index->boxes = malloc((total ? total : 1) * 4 * sizeof(double));
    index->ids = malloc((count ? count : 1) * sizeof *index->ids);
    if (!index->boxes || !index->ids) goto failed;
    sort_entries(boxes, count, entries);
    for (size_t i = 0; i < count; i++) {
        index->ids[i] = entries[i].id;
        memcpy(index->boxes + 4 * i, boxes + 4 * entries[i].id, 4 * sizeof(double));
    }
    fill_levels(index);
    free(entries);
    *out = index;
    return EB_OK;
failed:
    free(entries);
    eb_index_free(index);
    return eb_error_memory(err);
}

void eb_index_free(eb_index *index)
{
    if (!index) return;
    free(index->boxes);
    free(index->ids);
    free(index);
}

static bool touches(const double a[4], const double b[4])
{
    return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

static bool append(size_t **ids, size_t *capacity, size_t *count, size_t id)
{
    if (*count == *capacity) {
        size_t more = *capacity ? *capacity * 2 : 32;
        size_t *grown = realloc(*ids, more * sizeof *grown);
        if (!grown) return false;
        *ids = grown;
        *capacity = more;
    }
    (*ids)[(*count)++] = id;
    return true;
}

/* What is asked for: what touches a box, and where there is an edge what comes within reach of it. */
typedef struct question {
    double box[4];
    const double *from; /* NULL: the box alone */
    double dx, dy, reach;
} question;

/* No box that comes within reach lies all on one side of the strip along the edge; the last bits of the sums are on the safe side. */
static bool beside_strip(const question *q, const double box[4])
{
    const double x = box[0] / 2 + box[2] / 2 - q->from[0], y = box[1] / 2 + box[3] / 2 - q->from[1];
    const double across = fabs(q->dx) * (box[3] - box[1]) / 2 + fabs(q->dy) * (box[2] - box[0]) / 2;
    const double far = fabs(q->dx * y - q->dy * x), most = across + q->reach * hypot(q->dx, q->dy);
    return far > most + 1e-14 * (fabs(q->dx * y) + fabs(q->dy * x) + most);
}

static eb_status ask(const eb_index *index, const question *q, size_t **ids, size_t *capacity, size_t *count, eb_error *err)
{
    struct {
        size_t level, first;
    } stack[LEVELS * NODE];
    size_t depth = 0;
    *count = 0;
    if (index->count > 0) stack[depth++].first = 0, stack[0].level = index->levels - 1;
    while (depth > 0) {
        size_t level = stack[--depth].level, first = stack[depth].first;
        size_t end = first + NODE < index->length[level] ? first + NODE : index->length[level];
        for (size_t i = first; i < end; i++) {
            const double *box = index->boxes + 4 * (index->start[level] + i);
            if (!touches(box, q->box) || (q->from && beside_strip(q, box))) continue;
            if (level > 0) {
                stack[depth].level = level - 1;
                stack[depth++].first = i * NODE;
            } else if (!append(ids, capacity, count, index->ids[i])) {
                return eb_error_memory(err);
            }
        }
    }
    if (*count > 1) qsort(*ids, *count, sizeof **ids, by_id);
    return EB_OK;
}

eb_status eb_index_query(const eb_index *index, const double box[4], size_t **ids, size_t *capacity, size_t *count, eb_error *err)
{
    const question q = {.box = {box[0], box[1], box[2], box[3]}};
    return ask(index, &q, ids, capacity, count, err);
}

eb_status eb_index_query_along(const eb_index *index, const double from[2], const double to[2], double reach, size_t **ids,
                               size_t *capacity, size_t *count, eb_error *err)
{
    const question q = {
        .box = {fmin(from[0], to[0]) - reach, fmin(from[1], to[1]) - reach, fmax(from[0], to[0]) + reach, fmax(from[1], to[1]) + reach},
        .from = from,
        .dx = to[0] - from[0],
        .dy = to[1] - from[1],
        .reach = reach};
    return ask(index, &q, ids, capacity, count, err);
}
