#include "analysis/overlay/edge_net.h"
#include "analysis/overlay/edge_runs.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Edges at a time, so that the places of all are on their way from memory when the first is wanted. */
enum { FIRST_SLOTS = 1 << 12, PORTION = 16 };

/* Open addressing by the edge itself, so that no two edges are ever taken for one; turns 0: a free slot. */
struct eb_edge_net {
    eb_net_edge *slots;
    size_t mask, used, limit;
    eb_edge_runs *runs; /* what was too much; NULL: nothing was */
    /* When all polygons have passed by. */
    bool settled;
    size_t given;     /* of the slots, which are a list then */
    eb_net_edge next; /* the first that belongs to no strip yet; turns 0: none */
    eb_net_edge *strip;
    size_t strip_count, strip_capacity, strip_limit;
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
    if (grow(net, FIRST_SLOTS)) return net;
    free(net);
    return NULL;
}

void eb_edge_net_free(eb_edge_net *net)
{
    if (!net) return;
    eb_edge_runs_free(net->runs);
    free(net->slots);
    free(net->strip);
    free(net);
}

/* The slots as a list. */
static size_t list_slots(eb_edge_net *net)
{
    size_t count = 0;
    for (size_t i = 0; i <= net->mask; i++)
        if (net->slots[i].turns) net->slots[count++] = net->slots[i];
    return count;
}

/* Too many are held: let them wait in the file. */
static eb_status put_aside(eb_edge_net *net, eb_error *err)
{
    eb_status status = net->runs ? EB_OK : eb_edge_runs_new(&net->runs, err);
    if (status == EB_OK) status = eb_edge_runs_add(net->runs, net->slots, list_slots(net), err);
    if (status == EB_OK) memset(net->slots, 0, (net->mask + 1) * sizeof *net->slots);
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

/* The next edge from west to east; turns 0: there is none. */
static eb_status next_edge(eb_edge_net *net, const eb_env *env, eb_error *err)
{
    if (net->runs) return eb_edge_runs_next(net->runs, &net->next, env, err);
    net->next.turns = 0;
    if (net->given < net->used) net->next = net->slots[net->given++];
    return EB_OK;
}

/* All polygons have passed by. What is held becomes a list, or follows what waits. */
static eb_status settle(eb_edge_net *net, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    net->settled = true;
    if (net->runs) {
        status = put_aside(net, err);
        free(net->slots);
        net->slots = NULL;
        if (status == EB_OK) status = eb_edge_runs_begin(net->runs, err);
    } else {
        net->used = list_slots(net);
        eb_net_edges_sort(net->slots, net->used);
    }
    return status == EB_OK ? next_edge(net, env, err) : status;
}

/* Of the strip before, what reaches into this one. */
static void keep_on(eb_edge_net *net)
{
    size_t kept = 0;
    for (size_t i = 0; i < net->strip_count; i++)
        if (net->strip[i].b[0] >= net->low) net->strip[kept++] = net->strip[i];
    net->strip_count = kept;
}

eb_status eb_edge_net_next(eb_edge_net *net, eb_net_strip *strip, const eb_env *env, eb_error *err)
{
    eb_status status = net->settled ? EB_OK : settle(net, env, err);
    keep_on(net);
    /* What reaches far must not keep the strips from going on, and what begins at one x stays together. */
    const size_t enough = net->strip_limit > 2 * net->strip_count ? net->strip_limit : 2 * net->strip_count;
    while (status == EB_OK && net->next.turns && (net->strip_count < enough || net->next.a[0] == net->strip[net->strip_count - 1].a[0])) {
        if (!eb_array_reserve(&net->strip, &net->strip_capacity, net->strip_count + 1, sizeof *net->strip)) return eb_error_memory(err);
        net->strip[net->strip_count++] = net->next;
        status = next_edge(net, env, err);
    }
    const double high = net->next.turns ? net->next.a[0] : INFINITY;
    *strip = (eb_net_strip){.low = net->low, .high = high, .edges = net->strip, .count = net->strip_count};
    net->low = high;
    return status;
}
