#include "analysis/overlay/edge_net.h"
#include "base/array.h"
#include "base/sorter.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Edges at a time, so that the places of all are on their way from memory when the first is wanted. */
enum { FIRST_SLOTS = 1 << 12, PORTION = 16 };
/* The part of those held that is put in order at a time; edges between two looks at whether somebody wants to stop. */
enum { ORDERED_PART = 3, PATIENCE = 1 << 14 };

/* What of an edge waits beside its x: the other coordinates and the turns. */
enum { WAITING_FROM = offsetof(eb_net_edge, a) + sizeof(double), WAITING_BYTES = offsetof(eb_net_edge, hash) - WAITING_FROM };

/* A growing list. */
typedef struct edges {
    eb_net_edge *list;
    size_t count, capacity;
} edges;

struct eb_edge_net {
    eb_net_edge *slots; /* open addressing by the edge itself, so that no two are ever taken for one; turns 0: a free slot */
    size_t mask, used, limit;
    eb_sorter *sorter; /* by x: what was too much, and in the end all */
    bool settled;      /* all polygons have passed by */
    edges next;        /* the first that belong to no strip yet: all that begin at one x */
    edges strip;
    size_t strip_limit, passed;
    double low;
};

static uint32_t hash_of(const eb_net_edge *edge)
{
    uint64_t words[4], hash = 0;
    memcpy(words, edge->a, sizeof edge->a);
    memcpy(words + 2, edge->b, sizeof edge->b);
    for (int i = 0; i < 4; i++) {
        hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static bool same(const eb_net_edge *p, const eb_net_edge *q)
{
    return p->hash == q->hash && p->a[0] == q->a[0] && p->a[1] == q->a[1] && p->b[0] == q->b[0] && p->b[1] == q->b[1];
}

/* Where the edge stands, or the free slot it belongs in. */
static size_t find(const eb_edge_net *net, const eb_net_edge *edge)
{
    size_t at = edge->hash & net->mask;
    while (net->slots[at].turns && !same(&net->slots[at], edge)) at = (at + 1) & net->mask;
    return at;
}

static bool grow(eb_edge_net *net, size_t count)
{
    eb_edge_net fresh = *net;
    fresh.slots = calloc(count, sizeof *fresh.slots);
    fresh.mask = count - 1;
    if (!fresh.slots) return false;
    for (size_t i = 0; net->slots && i <= net->mask; i++)
        if (net->slots[i].turns) fresh.slots[find(&fresh, &net->slots[i])] = net->slots[i];
    free(net->slots);
    *net = fresh;
    return true;
}

/* Take an edge out; those behind it that were pushed on by it move up. */
static void take_out(eb_edge_net *net, size_t at)
{
    net->used--;
    for (size_t next = at;;) {
        net->slots[at].turns = 0;
        for (;;) {
            next = (next + 1) & net->mask;
            if (!net->slots[next].turns) return;
            if (((next - net->slots[next].hash) & net->mask) >= ((next - at) & net->mask)) break;
        }
        net->slots[at] = net->slots[next];
        at = next;
    }
}

eb_edge_net *eb_edge_net_new(size_t limit, size_t strip)
{
    eb_edge_net *net = calloc(1, sizeof *net);
    if (!net) return NULL;
    *net = (eb_edge_net){.limit = limit, .strip_limit = strip, .low = -INFINITY};
    if (grow(net, FIRST_SLOTS) && eb_sorter_new(limit / ORDERED_PART * WAITING_BYTES, &net->sorter, NULL) == EB_OK) return net;
    eb_edge_net_free(net);
    return NULL;
}

void eb_edge_net_free(eb_edge_net *net)
{
    if (!net) return;
    eb_sorter_free(net->sorter);
    free(net->slots);
    free(net->next.list);
    free(net->strip.list);
    free(net);
}

/* Its order is that of the numbers, which are neither NaN nor -0 here. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double x_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Let those held wait in order. */
static eb_status put_aside(eb_edge_net *net, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i <= net->mask && status == EB_OK; i++) {
        const eb_net_edge *edge = &net->slots[i];
        if (edge->turns) status = eb_sorter_add(net->sorter, key_of(edge->a[0]), (const uint8_t *)edge + WAITING_FROM, WAITING_BYTES, err);
    }
    memset(net->slots, 0, (net->mask + 1) * sizeof *net->slots);
    net->used = 0;
    return status;
}

static eb_status add_edge(eb_edge_net *net, const eb_net_edge *edge, eb_error *err)
{
    const size_t at = find(net, edge);
    const int32_t turns = net->slots[at].turns + edge->turns;
    if (net->slots[at].turns && turns == 0) {
        take_out(net, at);
        return EB_OK;
    }
    if (!net->slots[at].turns) net->used++;
    net->slots[at] = *edge;
    net->slots[at].turns = turns;
    if (net->used > net->limit) return put_aside(net, err);
    return net->used * 10 <= net->mask * 7 || grow(net, 2 * (net->mask + 1)) ? EB_OK : eb_error_memory(err);
}

/* turns 0: it has no length. */
static eb_net_edge read_edge(const double *from, const double *to)
{
    const double ax = from[0] + 0.0, ay = from[1] + 0.0, bx = to[0] + 0.0, by = to[1] + 0.0; /* -0 and 0 are one place */
    const bool forward = ax < bx || (ax == bx && ay < by);
    eb_net_edge e = forward ? (eb_net_edge){.a = {ax, ay}, .b = {bx, by}, .turns = 1} : (eb_net_edge){{bx, by}, {ax, ay}, -1, 0};
    if (ax == bx && ay == by) e.turns = 0;
    e.hash = hash_of(&e);
    return e;
}

eb_status eb_edge_net_add(eb_edge_net *net, const double *xy, size_t count, eb_error *err)
{
    eb_net_edge portion[PORTION];
    const double *from = xy + 2 * (count ? count - 1 : 0);
    eb_status status = EB_OK;
    for (size_t done = 0; done < count && status == EB_OK; done += PORTION) {
        const size_t here = count - done < PORTION ? count - done : PORTION;
        for (size_t i = 0; i < here; i++) {
            const double *to = xy + 2 * (done + i);
            portion[i] = read_edge(from, to);
            from = to;
            __builtin_prefetch(&net->slots[portion[i].hash & net->mask]);
        }
        for (size_t i = 0; i < here && status == EB_OK; i++)
            if (portion[i].turns) status = add_edge(net, &portion[i], err);
    }
    return status;
}

static bool append(edges *to, const eb_net_edge *added, size_t count)
{
    if (!eb_array_reserve(&to->list, &to->capacity, to->count + count, sizeof *to->list)) return false;
    memcpy(to->list + to->count, added, count * sizeof *added);
    to->count += count;
    return true;
}

/* Those of one x. */
static int by_place(const void *a, const void *b)
{
    const eb_net_edge *p = a, *q = b;
    if (p->a[1] != q->a[1]) return p->a[1] < q->a[1] ? -1 : 1;
    if (p->b[0] != q->b[0]) return p->b[0] < q->b[0] ? -1 : 1;
    if (p->b[1] != q->b[1]) return p->b[1] < q->b[1] ? -1 : 1;
    return 0;
}

/* Put those of one x in order; the turns of one edge that waited in several parts are added up. */
static void sum_up(edges *group)
{
    size_t kept = 0;
    if (group->count > 1) qsort(group->list, group->count, sizeof *group->list, by_place);
    for (size_t i = 0, next; i < group->count; i = next) {
        eb_net_edge sum = group->list[i];
        for (next = i + 1; next < group->count && by_place(&sum, &group->list[next]) == 0; next++) sum.turns += group->list[next].turns;
        if (sum.turns) group->list[kept++] = sum;
    }
    group->count = kept;
}

/* The next edges from west to east, as many as begin at one x; none: there are no more. */
static eb_status next_group(eb_edge_net *net, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    uint64_t key, here;
    net->next.count = 0;
    while (net->next.count == 0 && status == EB_OK && eb_sorter_peek(net->sorter, &key)) {
        while (status == EB_OK && eb_sorter_peek(net->sorter, &here) && here == key) {
            const uint8_t *data;
            size_t size;
            eb_net_edge edge = {.a = {x_of(key)}};
            if (net->passed++ % PATIENCE == 0) status = eb_env_check(env, err);
            if (status == EB_OK) status = eb_sorter_next(net->sorter, &data, &size, err);
            if (status != EB_OK) break;
            memcpy((uint8_t *)&edge + WAITING_FROM, data, WAITING_BYTES);
            if (!append(&net->next, &edge, 1)) status = eb_error_memory(err);
        }
        sum_up(&net->next);
    }
    return status;
}

/* All polygons have passed by. */
static eb_status settle(eb_edge_net *net, const eb_env *env, eb_error *err)
{
    net->settled = true;
    eb_status status = put_aside(net, err);
    free(net->slots);
    net->slots = NULL;
    if (status == EB_OK) status = eb_sorter_begin(net->sorter, err);
    return status == EB_OK ? next_group(net, env, err) : status;
}

/* Of the strip before, what reaches into this one. */
static void keep_on(eb_edge_net *net)
{
    size_t kept = 0;
    for (size_t i = 0; i < net->strip.count; i++)
        if (net->strip.list[i].b[0] >= net->low) net->strip.list[kept++] = net->strip.list[i];
    net->strip.count = kept;
}

eb_status eb_edge_net_next(eb_edge_net *net, eb_net_strip *strip, const eb_env *env, eb_error *err)
{
    eb_status status = net->settled ? EB_OK : settle(net, env, err);
    keep_on(net);
    /* What reaches far must not keep the strips from going on. */
    const size_t enough = net->strip_limit > 2 * net->strip.count ? net->strip_limit : 2 * net->strip.count;
    while (status == EB_OK && net->next.count > 0 && net->strip.count < enough)
        status = append(&net->strip, net->next.list, net->next.count) ? next_group(net, env, err) : eb_error_memory(err);
    const double high = net->next.count > 0 ? net->next.list[0].a[0] : INFINITY;
    *strip = (eb_net_strip){.low = net->low, .high = high, .edges = net->strip.list, .count = net->strip.count};
    net->low = high;
    return status;
}
