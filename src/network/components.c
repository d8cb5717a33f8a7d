/* What hangs together, and what leads nowhere. */
#include <ecobelt/measure.h>

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "network/network.h"

static size_t root_of(size_t *parent, size_t node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

/* Whether an edge joins its ends: it is there, open, and of no class to avoid. */
static bool joins(const eb_network *n, const eb_edge *edge, const bool *avoid, size_t avoid_count)
{
    return network_connects(n, edge) && !network_avoids(n, edge, avoid, avoid_count);
}

static size_t *join_nodes(const eb_network *n, const bool *avoid, size_t avoid_count)
{
    size_t *parent = malloc((n->node_count ? n->node_count : 1) * sizeof *parent);
    if (!parent) return NULL;
    for (size_t i = 0; i < n->node_count; i++) parent[i] = i;
    for (size_t e = 0; e < n->edge_count; e++) {
        if (!joins(n, &n->edges[e], avoid, avoid_count)) continue;
        size_t a = root_of(parent, n->edges[e].from), b = root_of(parent, n->edges[e].to);
        /* The smaller number stays root, so that the result does not depend on the order of the edges. */
        if (a < b)
            parent[b] = a;
        else
            parent[a] = b;
    }
    return parent;
}

static int longer_first(const void *a, const void *b)
{
    const eb_component *x = a, *y = b;
    if (x->length_m != y->length_m) return x->length_m > y->length_m ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* Turn roots into component numbers by size. @p number: workspace of one a node. */
static void number_components(const eb_network *n, const bool *avoid, size_t avoid_count, size_t *parent, size_t *number,
                              eb_component *components, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < n->node_count; i++) {
        size_t root = root_of(parent, i);
        if (root == i) {
            number[i] = *count;
            components[(*count)++] = (eb_component){.node = i};
        }
        components[number[root]].nodes++;
    }
    for (size_t e = 0; e < n->edge_count; e++) {
        if (!joins(n, &n->edges[e], avoid, avoid_count)) continue;
        eb_component *c = &components[number[root_of(parent, n->edges[e].from)]];
        c->edges++;
        c->length_m += n->edges[e].length_m;
    }
    qsort(components, *count, sizeof *components, longer_first);
    for (size_t c = 0; c < *count; c++) number[components[c].node] = c;
    for (size_t i = 0; i < n->node_count; i++) number[i] = number[root_of(parent, i)];
}

eb_status eb_network_components(const eb_network *n, const bool *avoid, size_t avoid_count, size_t **of_node, eb_component **components,
                                size_t *count, eb_error *err)
{
    size_t room = n->node_count ? n->node_count : 1;
    size_t *parent = join_nodes(n, avoid, avoid_count);
    *of_node = malloc(room * sizeof **of_node);
    *components = calloc(room, sizeof **components);
    if (!parent || !*of_node || !*components) {
        free(parent);
        free(*of_node);
        free(*components);
        *of_node = NULL;
        *components = NULL;
        return eb_error_memory(err);
    }
    number_components(n, avoid, avoid_count, parent, *of_node, *components, count);
    free(parent);
    return EB_OK;
}

static size_t degree(const incidence *list, size_t node)
{
    return list->heads[node + 1] - list->heads[node];
}

/* Road back from a dead end to the first junction, or to the other dead end. */
static double dead_length(const eb_network *n, const incidence *list, size_t node)
{
    size_t edge = list->edges[list->heads[node]];
    double length_m = 0;
    for (size_t steps = 0; steps <= n->edge_count; steps++) {
        length_m += n->edges[edge].length_m;
        node = network_other_end(&n->edges[edge], node);
        if (degree(list, node) != 2) break;
        size_t first = list->edges[list->heads[node]];
        edge = first == edge ? list->edges[list->heads[node] + 1] : first;
    }
    return length_m;
}

/* Nodes near a dead end along the roads. Small by nature, so plain lists and linear searches serve. */
typedef struct visit {
    size_t node;
    double cost;
    bool settled;
} visit;

typedef struct surroundings {
    const eb_network *n;
    visit *seen;
    size_t count, capacity;
    double most_m; /* how far was looked */
} surroundings;

static size_t find_visit(const surroundings *s, size_t node)
{
    size_t i = 0;
    while (i < s->count && s->seen[i].node != node) i++;
    return i;
}

/* The cheapest node that is not settled yet, or the count. */
static size_t cheapest(const surroundings *s)
{
    size_t best = s->count;
    for (size_t i = 0; i < s->count; i++)
        if (!s->seen[i].settled && (best == s->count || s->seen[i].cost < s->seen[best].cost)) best = i;
    return best;
}

static bool visit_node(surroundings *s, size_t node, double cost)
{
    size_t i = find_visit(s, node);
    if (i < s->count) {
        s->seen[i].cost = fmin(s->seen[i].cost, cost);
        return true;
    }
    if (!eb_array_reserve(&s->seen, &s->capacity, s->count + 1, sizeof *s->seen)) return false;
    s->seen[s->count++] = (visit){.node = node, .cost = cost};
    return true;
}

/* All nodes within @p most_m of @p start along the roads (Dijkstra). */
static bool look_around(surroundings *s, const incidence *list, size_t start, double most_m)
{
    s->count = 0;
    s->most_m = most_m;
    if (!visit_node(s, start, 0)) return false;
    for (size_t at; (at = cheapest(s)) < s->count;) {
        size_t node = s->seen[at].node;
        double cost = s->seen[at].cost;
        s->seen[at].settled = true;
        for (size_t k = list->heads[node]; k < list->heads[node + 1]; k++) {
            const eb_edge *edge = &s->n->edges[list->edges[k]];
            double there = cost + edge->length_m;
            if (there <= most_m && !visit_node(s, network_other_end(edge, node), there)) return false;
        }
    }
    return true;
}

/* Cost of a node, or infinity where it is too far. */
static double cost_of(const surroundings *s, size_t node)
{
    size_t i = find_visit(s, node);
    return i < s->count ? s->seen[i].cost : INFINITY;
}

/* Length of an edge from its start to a place between @p vertex and the next. */
static double length_to(const eb_network *n, const eb_edge *edge, size_t vertex, double fraction)
{
    double length_m = 0;
    for (size_t v = edge->first; v <= vertex; v++) {
        double whole_m = eb_distance_m(n->a, n->f, n->lon[v], n->lat[v], n->lon[v + 1], n->lat[v + 1]);
        length_m += v < vertex ? whole_m : fraction * whole_m;
    }
    return length_m;
}

/*
 * A place that is not just around the corner. The place is judged, not its edge: a long road that begins beside the dead end and passes it
 * again after a detour is a missing link, whether or not it has a junction in between.
 */
static bool is_elsewhere(const void *user, size_t e, size_t vertex, double fraction)
{
    const surroundings *s = user;
    const eb_edge *edge = &s->n->edges[e];
    double from_m = cost_of(s, edge->from), to_m = cost_of(s, edge->to);
    if (isinf(from_m) && isinf(to_m)) return true;
    double along_m = length_to(s->n, edge, vertex, fraction);
    return fmin(from_m + along_m, to_m + edge->length_m - along_m) > s->most_m;
}

static eb_status look_for_gap(eb_network *n, const incidence *list, double join_m, surroundings *s, eb_dead_end *end, eb_error *err)
{
    double lon, lat;
    eb_network_node_at(n, end->node, &lon, &lat);
    /* On foot round four times the gap is no missing link. */
    if (!look_around(s, list, end->node, 4 * join_m)) return eb_error_memory(err);
    const network_filter filter = {.worst_rank = INT_MAX, .accept_place = is_elsewhere, .user = s};
    eb_status status = network_snap(n, lon, lat, join_m, &filter, &end->gap, err);
    end->near_miss = status == EB_OK && end->gap.found;
    return status;
}

eb_status eb_network_dead_ends(eb_network *n, double join_m, eb_dead_end **out, size_t *count, const eb_env *env, eb_error *err)
{
    incidence list = {0};
    surroundings around = {.n = n};
    size_t capacity = 0;
    *out = NULL;
    *count = 0;
    eb_status status = incidence_make(n, &list) ? EB_OK : eb_error_memory(err);
    for (size_t node = 0; node < n->node_count && status == EB_OK; node++) {
        if (degree(&list, node) != 1) continue;
        if (!eb_array_reserve(out, &capacity, *count + 1, sizeof **out)) status = eb_error_memory(err);
        if (status != EB_OK) break;
        eb_dead_end end = {.node = node, .edge = list.edges[list.heads[node]], .length_m = dead_length(n, &list, node)};
        if (join_m > 0) status = look_for_gap(n, &list, join_m, &around, &end, err);
        (*out)[(*count)++] = end;
        if (status == EB_OK && *count % 256 == 0) status = eb_env_check(env, err);
    }
    free(around.seen);
    incidence_free(&list);
    if (status != EB_OK) {
        free(*out);
        *out = NULL;
        *count = 0;
    }
    return status;
}
