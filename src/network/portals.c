/* Where a bridge or tunnel comes to the ground. */
#include <stdlib.h>

#include "network/network.h"

bool *eb_network_grounded(const eb_network *network)
{
    bool *grounded = calloc(network->node_count + 1, sizeof *grounded);
    for (size_t e = 0; grounded && e < network->edge_count; e++) {
        const eb_edge *edge = &network->edges[e];
        if (!network_connects(network, edge) || network->roads[edge->road].structure) continue;
        grounded[edge->from] = grounded[edge->to] = true;
    }
    return grounded;
}

/* The edge on which the way goes on: of the same road, else one that does not lead back; SIZE_MAX at the end. */
static size_t next_edge(const eb_network *n, const incidence *list, size_t node, size_t edge)
{
    size_t found = SIZE_MAX, back = network_other_end(&n->edges[edge], node);
    for (size_t k = list->heads[node]; k < list->heads[node + 1]; k++) {
        size_t e = list->edges[k];
        if (e == edge) continue;
        if (n->edges[e].road == n->edges[edge].road) return e;
        if (found == SIZE_MAX && network_other_end(&n->edges[e], node) != back) found = e;
    }
    return found;
}

/* Along the structure from a node over one of its edges; false where it does not come to an end. */
static bool walk(const eb_network *n, const incidence *list, const bool *grounded, size_t node, size_t edge, eb_portal *out)
{
    out->distance_m = 0;
    for (size_t steps = 0; steps <= n->edge_count; steps++) {
        out->distance_m += n->edges[edge].length_m;
        node = network_other_end(&n->edges[edge], node);
        size_t next = grounded[node] ? SIZE_MAX : next_edge(n, list, node, edge);
        if (next == SIZE_MAX) {
            eb_network_node_at(n, node, &out->lon_deg, &out->lat_deg);
            return true;
        }
        edge = next;
    }
    return false;
}

static bool same_portal(const eb_portal *a, const eb_portal *b)
{
    return a->lon_deg == b->lon_deg && a->lat_deg == b->lat_deg;
}

/* Keep the two nearest ends that are not one. */
static void keep(eb_portal portals[2], size_t *count, const eb_portal *fresh)
{
    size_t at = 0;
    while (at < *count && !same_portal(&portals[at], fresh)) at++;
    if (at == 2) {
        at = portals[0].distance_m > portals[1].distance_m ? 0 : 1;
        if (fresh->distance_m < portals[at].distance_m) portals[at] = *fresh;
    } else if (at == *count) {
        portals[(*count)++] = *fresh;
    } else if (fresh->distance_m < portals[at].distance_m) {
        portals[at] = *fresh;
    }
}

eb_status eb_network_portals(const eb_network *network, size_t node, eb_portal portals[2], size_t *count, eb_error *err)
{
    incidence list = {0};
    bool *grounded = eb_network_grounded(network);
    eb_status status = grounded && incidence_make(network, &list) ? EB_OK : eb_error_memory(err);
    *count = 0;
    bool inside = status == EB_OK && !grounded[node] && list.heads[node + 1] - list.heads[node] > 1;
    for (size_t k = inside ? list.heads[node] : 0; inside && k < list.heads[node + 1]; k++) {
        eb_portal found;
        if (walk(network, &list, grounded, node, list.edges[k], &found)) keep(portals, count, &found);
    }
    incidence_free(&list);
    free(grounded);
    return status;
}
