/* Which edges meet at a node. */
#include <stdlib.h>

#include "network/network.h"

bool network_connects(const eb_network *n, const eb_edge *edge)
{
    return edge->count > 0 && !n->roads[edge->road].closed;
}

bool network_avoids(const eb_network *n, const eb_edge *edge, const bool *avoid, size_t avoid_count)
{
    int rank = n->roads[edge->road].rank;
    return avoid && rank >= 0 && (size_t)rank < avoid_count && avoid[rank];
}

size_t network_other_end(const eb_edge *edge, size_t node)
{
    return edge->from == node ? edge->to : edge->from;
}

void incidence_free(incidence *list)
{
    free(list->heads);
    free(list->edges);
}

bool incidence_make(const eb_network *n, incidence *list)
{
    size_t ends = 0;
    list->heads = calloc(n->node_count + 2, sizeof *list->heads);
    for (size_t e = 0; e < n->edge_count; e++) ends += network_connects(n, &n->edges[e]) ? 2 : 0;
    list->edges = malloc((ends ? ends : 1) * sizeof *list->edges);
    if (!list->heads || !list->edges) return false;
    for (size_t e = 0; e < n->edge_count; e++) {
        if (!network_connects(n, &n->edges[e])) continue;
        list->heads[n->edges[e].from + 2]++;
        list->heads[n->edges[e].to + 2]++;
    }
    for (size_t i = 2; i < n->node_count + 2; i++) list->heads[i] += list->heads[i - 1];
    for (size_t e = 0; e < n->edge_count; e++) {
        if (!network_connects(n, &n->edges[e])) continue;
        list->edges[list->heads[n->edges[e].from + 1]++] = e;
        list->edges[list->heads[n->edges[e].to + 1]++] = e;
    }
    return true;
}
