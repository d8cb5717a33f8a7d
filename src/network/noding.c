/*
 * Lines into edges. Places are compared by the exact bits of their coordinates: lines that are meant to meet share a vertex in
 * every format that keeps topology (OpenStreetMap, a bureau's snapped layer), and guessing with a tolerance is what wrongly joins a
 * bridge to the road below it. What nearly meets is listed as a missing link instead (dead_ends.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "network/noding.h"

/* How a line lies at its vertices: on a level, on the ground, a bridge or in a tunnel. */
typedef struct lie {
    int level;
    network_deck deck;
} lie;

/*
 * A place and how lines pass through it. Where lines of several levels pass, or a bridge or tunnel and a road on the ground, each
 * has a spot of its own in the chain of the place, so that a bridge stays above the road below even where both have a vertex there
 * and no level says so.
 */
typedef struct spot {
    size_t vertex;
    lie how;
    size_t uses;
    size_t node; /* SIZE_MAX: none yet */
    bool is_end;
    size_t next; /* spot + 1 of another way to lie there, 0: none */
} spot;

typedef struct places {
    eb_network *network;
    size_t *slots, slot_count; /* spot + 1 at the head of a place's chain */
    spot *spots;
    size_t count, capacity;
} places;

static bool places_open(places *p, eb_network *network)
{
    size_t want = 1024;
    while (want < network->vertex_count * 2) want *= 2;
    *p = (places){.network = network, .slot_count = want, .slots = calloc(want, sizeof(size_t))};
    return p->slots != NULL;
}

/* Slot of a vertex's place: either empty or the head of its chain. */
static size_t *slot_of(const places *p, size_t vertex)
{
    double lon = p->network->lon[vertex], lat = p->network->lat[vertex];
    size_t at = (size_t)network_hash(lon, lat) & (p->slot_count - 1);
    while (p->slots[at]) {
        size_t other = p->spots[p->slots[at] - 1].vertex;
        if (p->network->lon[other] == lon && p->network->lat[other] == lat) break;
        at = (at + 1) & (p->slot_count - 1);
    }
    return &p->slots[at];
}

static spot *add_spot(places *p, size_t *slot, size_t vertex, lie how)
{
    if (!eb_array_reserve(&p->spots, &p->capacity, p->count + 1, sizeof *p->spots)) return NULL;
    p->spots[p->count] = (spot){.vertex = vertex, .how = how, .node = SIZE_MAX, .next = *slot};
    *slot = ++p->count;
    return &p->spots[p->count - 1];
}

/* The spot of lines that lie exactly so, or NULL. */
static spot *spot_at(const places *p, size_t slot, lie how)
{
    for (size_t s = p->spots ? slot : 0; s; s = p->spots[s - 1].next)
        if (p->spots[s - 1].how.level == how.level && p->spots[s - 1].how.deck == how.deck) return &p->spots[s - 1];
    return NULL;
}

static int level_gap(int a, int b)
{
    return a > b ? a - b : b - a;
}

/* Whether a line's end rather joins @p a than @p b: the nearer level, then what it lies on itself, then the ground, then the lower. */
static bool joins_rather(lie end, lie a, lie b)
{
    int gap_a = level_gap(a.level, end.level), gap_b = level_gap(b.level, end.level);
    if (gap_a != gap_b) return gap_a < gap_b;
    if ((a.deck == end.deck) != (b.deck == end.deck)) return a.deck == end.deck;
    if (a.deck != b.deck) return a.deck < b.deck;
    return a.level < b.level;
}

/* The spot that a line's end joins. */
static spot *spot_near(const places *p, size_t slot, lie end)
{
    spot *best = NULL;
    for (size_t s = p->spots ? slot : 0; s; s = p->spots[s - 1].next) {
        spot *here = &p->spots[s - 1];
        if (!best || joins_rather(end, here->how, best->how)) best = here;
    }
    return best;
}

static lie lie_of(const eb_network *n, size_t road)
{
    return (lie){.level = n->roads[road].level, .deck = network_deck_of(&n->roads[road])};
}

static bool note_inside(places *p, size_t vertex, lie how)
{
    size_t *slot = slot_of(p, vertex);
    spot *here = spot_at(p, *slot, how);
    if (!here) here = add_spot(p, slot, vertex, how);
    if (here) here->uses++;
    return here != NULL;
}

static bool note_end(places *p, size_t vertex, lie how)
{
    size_t *slot = slot_of(p, vertex);
    spot *here = *slot ? spot_near(p, *slot, how) : add_spot(p, slot, vertex, how);
    if (here) here->is_end = true;
    return here != NULL;
}

/* Insides first: an end joins the levels that pass, so it must know them all. */
static bool note_all(places *p)
{
    const eb_network *n = p->network;
    for (size_t l = 0; l < n->line_count; l++)
        for (size_t i = 1; i + 1 < n->lines[l].count; i++)
            if (!note_inside(p, n->lines[l].first + i, lie_of(n, l))) return false;
    for (size_t l = 0; l < n->line_count; l++) {
        const line *whole = &n->lines[l];
        if (!note_end(p, whole->first, lie_of(n, l)) || !note_end(p, whole->first + whole->count - 1, lie_of(n, l))) return false;
    }
    return true;
}

/* Node at a vertex, made on first use; SIZE_MAX where there is none (*failed: out of memory). */
static size_t node_at(places *p, size_t vertex, lie how, bool end, bool *failed)
{
    size_t slot = *slot_of(p, vertex);
    spot *here = end ? spot_near(p, slot, how) : spot_at(p, slot, how);
    if (!here->is_end && here->uses < 2) return SIZE_MAX;
    if (here->node == SIZE_MAX) {
        here->node = network_add_node(p->network, vertex);
        *failed = here->node == SIZE_MAX;
    }
    return here->node;
}

static bool cut_line(places *p, size_t road)
{
    eb_network *n = p->network;
    const line whole = n->lines[road];
    const lie how = lie_of(n, road);
    bool failed = false;
    size_t start = whole.first, from = node_at(p, start, how, true, &failed);
    for (size_t i = 1; i < whole.count && !failed; i++) {
        size_t vertex = whole.first + i, node = node_at(p, vertex, how, i + 1 == whole.count, &failed);
        if (node == SIZE_MAX) continue;
        failed = !network_add_edge(n, road, from, node, start, vertex - start + 1);
        start = vertex;
        from = node;
    }
    return !failed;
}

eb_status eb_network_node(eb_network *network, bool cross_at_grade, const eb_env *env, eb_error *err)
{
    if (network->noded) return eb_error_set(err, EB_INTERNAL, "the network is noded already");
    if (cross_at_grade) {
        eb_status status = network_add_crossings(network, env, err);
        if (status != EB_OK) return status;
    }
    places p;
    eb_status status = places_open(&p, network) && note_all(&p) ? EB_OK : eb_error_memory(err);
    for (size_t l = 0; l < network->line_count && status == EB_OK; l++) {
        if (l % 4096 == 0) status = eb_env_check(env, err);
        if (status == EB_OK && !cut_line(&p, l)) status = eb_error_memory(err);
    }
    free(p.slots);
    free(p.spots);
    network->noded = status == EB_OK;
    return status;
}
