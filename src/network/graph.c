/* Shortest paths, by igraph. */
#include <igraph/igraph.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "network/goal.h"

struct eb_graph {
    const eb_network *network;
    igraph_t graph;
    igraph_vector_t weights;
    bool has_graph, has_weights;
    size_t *arc_edge; /* edge of arc i, and whether the arc goes in the edge's direction */
    bool *arc_forward;
    size_t arc_count;
    eb_cost cost;
    double *places;    /* of the nodes in space */
    double least_of_m; /* no arc costs less a metre */
};

/*
 * igraph's default handlers abort the program and print. They are per thread in Debian's build and set on every entry, since igraph
 * has no other way to say it.
 */
static void quiet_igraph(void)
{
    igraph_set_error_handler(igraph_error_handler_ignore);
    igraph_set_warning_handler(igraph_warning_handler_ignore);
}

static eb_status from_igraph(igraph_error_t code, eb_error *err)
{
    if (code == IGRAPH_SUCCESS) return EB_OK;
    if (code == IGRAPH_ENOMEM) return eb_error_memory(err);
    return eb_error_set(err, EB_INTERNAL, "the graph library failed: %s", igraph_strerror(code));
}

static double metre_cost(const eb_network *n, const eb_edge *edge, eb_cost cost)
{
    return cost == EB_COST_TIME ? 3.6 / n->roads[edge->road].speed_kmh : 1;
}

static double edge_cost(const eb_network *n, const eb_edge *edge, eb_cost cost)
{
    return cost == EB_COST_TIME ? edge->length_m / (n->roads[edge->road].speed_kmh / 3.6) : edge->length_m;
}

static bool may_use(const eb_network *n, const eb_edge *edge, const bool *avoid, size_t avoid_count)
{
    return network_connects(n, edge) && !network_avoids(n, edge, avoid, avoid_count);
}

static size_t arcs_of(const eb_network *n, const eb_edge *edge, bool directed)
{
    return directed && n->roads[edge->road].oneway != EB_ONEWAY_NO ? 1 : 2;
}

static bool allocate_arcs(eb_graph *g, size_t arcs)
{
    g->arc_edge = malloc((arcs ? arcs : 1) * sizeof *g->arc_edge);
    g->arc_forward = malloc((arcs ? arcs : 1) * sizeof *g->arc_forward);
    return g->arc_edge && g->arc_forward;
}

/* Put the arcs of one edge into igraph's edge list. */
static void put_arcs(eb_graph *g, size_t e, bool directed, igraph_vector_int_t *ends)
{
    const eb_edge *edge = &g->network->edges[e];
    eb_oneway oneway = directed ? g->network->roads[edge->road].oneway : EB_ONEWAY_NO;
    for (int backward = 0; backward < 2; backward++) {
        if (oneway == (backward ? EB_ONEWAY_FORWARD : EB_ONEWAY_BACKWARD)) continue;
        size_t arc = g->arc_count++;
        VECTOR(*ends)[2 * arc] = (igraph_integer_t)(backward ? edge->to : edge->from);
        VECTOR(*ends)[2 * arc + 1] = (igraph_integer_t)(backward ? edge->from : edge->to);
        VECTOR(g->weights)[arc] = edge_cost(g->network, edge, g->cost);
        g->least_of_m = fmin(g->least_of_m, metre_cost(g->network, edge, g->cost));
        g->arc_edge[arc] = e;
        g->arc_forward[arc] = !backward;
    }
}

static eb_status fill_graph(eb_graph *g, const bool *avoid, size_t avoid_count, bool directed, eb_error *err)
{
    const eb_network *n = g->network;
    size_t arcs = 0;
    for (size_t e = 0; e < n->edge_count; e++)
        if (may_use(n, &n->edges[e], avoid, avoid_count)) arcs += arcs_of(n, &n->edges[e], directed);
    igraph_vector_int_t ends;
    eb_status status = from_igraph(igraph_vector_init(&g->weights, (igraph_integer_t)arcs), err);
    if (status != EB_OK) return status;
    g->has_weights = true;
    status = from_igraph(igraph_vector_int_init(&ends, (igraph_integer_t)(2 * arcs)), err);
    if (status != EB_OK) return status;
    if (!allocate_arcs(g, arcs)) status = eb_error_memory(err);
    for (size_t e = 0; e < n->edge_count && status == EB_OK; e++)
        if (may_use(n, &n->edges[e], avoid, avoid_count)) put_arcs(g, e, directed, &ends);
    if (status == EB_OK) status = from_igraph(igraph_create(&g->graph, &ends, (igraph_integer_t)n->node_count, IGRAPH_DIRECTED), err);
    g->has_graph = status == EB_OK;
    igraph_vector_int_destroy(&ends);
    return status;
}

eb_status eb_graph_new(const eb_network *network, eb_cost cost, const bool *avoid, size_t avoid_count, bool directed, eb_graph **out,
                       eb_error *err)
{
    quiet_igraph();
    *out = NULL;
    eb_graph *g = calloc(1, sizeof *g);
    if (!g) return eb_error_memory(err);
    g->network = network;
    g->cost = cost;
    g->least_of_m = INFINITY;
    g->places = network_places(network);
    eb_status status = !g->places ? eb_error_memory(err) : fill_graph(g, avoid, avoid ? avoid_count : 0, directed, err);
    if (status == EB_OK)
        *out = g;
    else
        eb_graph_free(g);
    return status;
}

void eb_graph_free(eb_graph *graph)
{
    if (!graph) return;
    if (graph->has_graph) igraph_destroy(&graph->graph);
    if (graph->has_weights) igraph_vector_destroy(&graph->weights);
    free(graph->arc_edge);
    free(graph->arc_forward);
    free(graph->places);
    free(graph);
}

static eb_status copy_path(const eb_graph *g, const igraph_vector_int_t *arcs, eb_path *out, eb_error *err)
{
    size_t count = (size_t)igraph_vector_int_size(arcs);
    out->edges = malloc((count ? count : 1) * sizeof *out->edges);
    out->forward = malloc((count ? count : 1) * sizeof *out->forward);
    if (!out->edges || !out->forward) {
        eb_path_clear(out);
        return eb_error_memory(err);
    }
    out->found = true;
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t arc = (size_t)VECTOR(*arcs)[i];
        const eb_edge *edge = &g->network->edges[g->arc_edge[arc]];
        out->edges[i] = g->arc_edge[arc];
        out->forward[i] = g->arc_forward[arc];
        out->length_m += edge->length_m;
        out->time_s += edge_cost(g->network, edge, EB_COST_TIME);
    }
    return EB_OK;
}

/* The arcs' costs, reduced by how much nearer each brings the goal (see goal.h). */
static eb_status reduce(const eb_graph *g, size_t goal, igraph_vector_t *reduced, eb_error *err)
{
    double *least = network_least_costs(g->places, g->network->node_count, goal, g->arc_count ? g->least_of_m : 0);
    eb_status status = least ? from_igraph(igraph_vector_init(reduced, (igraph_integer_t)g->arc_count), err) : eb_error_memory(err);
    for (size_t i = 0; i < g->arc_count && status == EB_OK; i++) {
        double nearer = least[IGRAPH_FROM(&g->graph, i)] - least[IGRAPH_TO(&g->graph, i)];
        VECTOR(*reduced)[i] = fmax(VECTOR(g->weights)[i] - nearer, 0);
    }
    free(least);
    return status;
}

eb_status eb_graph_path(const eb_graph *graph, size_t from, size_t to, eb_path *out, eb_error *err)
{
    quiet_igraph();
    *out = (eb_path){.found = from == to};
    if (from == to) return EB_OK;
    igraph_vector_int_t arcs;
    igraph_vector_t costs;
    eb_status status = from_igraph(igraph_vector_int_init(&arcs, 0), err);
    if (status != EB_OK) return status;
    status = reduce(graph, to, &costs, err);
    if (status == EB_OK) {
        status = from_igraph(
            igraph_get_shortest_path_dijkstra(&graph->graph, NULL, &arcs, (igraph_integer_t)from, (igraph_integer_t)to, &costs, IGRAPH_OUT),
            err);
        igraph_vector_destroy(&costs);
    }
    /* No way between two different nodes is an empty list of arcs. */
    if (status == EB_OK && igraph_vector_int_size(&arcs) > 0) status = copy_path(graph, &arcs, out, err);
    igraph_vector_int_destroy(&arcs);
    return status;
}

void eb_path_clear(eb_path *path)
{
    free(path->edges);
    free(path->forward);
    *path = (eb_path){0};
}

/* Distances from some nodes to some others, row by row. */
static eb_status distances(const eb_graph *g, igraph_vs_t from, igraph_vs_t to, igraph_neimode_t mode, double *costs, eb_error *err)
{
    igraph_matrix_t result;
    eb_status status = from_igraph(igraph_matrix_init(&result, 0, 0), err);
    if (status != EB_OK) return status;
    status = from_igraph(igraph_distances_dijkstra(&g->graph, &result, from, to, &g->weights, mode), err);
    for (igraph_integer_t r = 0; r < igraph_matrix_nrow(&result) && status == EB_OK; r++)
        for (igraph_integer_t c = 0; c < igraph_matrix_ncol(&result); c++) *costs++ = MATRIX(result, r, c);
    igraph_matrix_destroy(&result);
    return status;
}

eb_status eb_graph_matrix(const eb_graph *graph, const size_t *nodes, size_t count, double *costs, eb_error *err)
{
    quiet_igraph();
    /* igraph wants every target once; stops that share a node are sent to the same column. */
    size_t *unique = malloc((count ? count : 1) * sizeof *unique), *column = malloc((count ? count : 1) * sizeof *column), many = 0;
    double *block = malloc((count ? count * count : 1) * sizeof *block);
    eb_status status = unique && column && block ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        size_t k = 0;
        while (k < many && unique[k] != nodes[i]) k++;
        if (k == many) unique[many++] = nodes[i];
        column[i] = k;
    }
    igraph_vector_int_t list;
    if (status == EB_OK) status = from_igraph(igraph_vector_int_init(&list, (igraph_integer_t)many), err);
    if (status == EB_OK) {
        for (size_t k = 0; k < many; k++) VECTOR(list)[k] = (igraph_integer_t)unique[k];
        status = distances(graph, igraph_vss_vector(&list), igraph_vss_vector(&list), IGRAPH_OUT, block, err);
        igraph_vector_int_destroy(&list);
    }
    for (size_t i = 0; i < count && status == EB_OK; i++)
        for (size_t j = 0; j < count; j++) costs[i * count + j] = block[column[i] * many + column[j]];
    free(unique);
    free(column);
    free(block);
    return status;
}

/* The graph with one more node that leads to (or is led to by) every source at no cost. */
static eb_status reach_with_root(eb_graph *copy, const size_t *sources, size_t count, bool reverse, double *costs, eb_error *err)
{
    igraph_integer_t root = igraph_vcount(&copy->graph), arcs = igraph_ecount(&copy->graph);
    igraph_vector_int_t ends;
    eb_status status = from_igraph(igraph_add_vertices(&copy->graph, 1, NULL), err);
    if (status == EB_OK) status = from_igraph(igraph_vector_int_init(&ends, (igraph_integer_t)(2 * count)), err);
    if (status != EB_OK) return status;
    for (size_t i = 0; i < count; i++) {
        VECTOR(ends)[2 * i] = reverse ? (igraph_integer_t)sources[i] : root;
        VECTOR(ends)[2 * i + 1] = reverse ? root : (igraph_integer_t)sources[i];
    }
    status = from_igraph(igraph_add_edges(&copy->graph, &ends, NULL), err);
    igraph_vector_int_destroy(&ends);
    if (status == EB_OK) status = from_igraph(igraph_vector_resize(&copy->weights, arcs + (igraph_integer_t)count), err);
    if (status != EB_OK) return status;
    for (size_t i = 0; i < count; i++) VECTOR(copy->weights)[(size_t)arcs + i] = 0;
    return distances(copy, igraph_vss_1(root), igraph_vss_range(0, root), reverse ? IGRAPH_IN : IGRAPH_OUT, costs, err);
}

eb_status eb_graph_reach(const eb_graph *graph, const size_t *sources, size_t count, bool reverse, double *costs, eb_error *err)
{
    quiet_igraph();
    if (count == 1) {
        igraph_neimode_t mode = reverse ? IGRAPH_IN : IGRAPH_OUT;
        return distances(graph, igraph_vss_1((igraph_integer_t)sources[0]), igraph_vss_all(), mode, costs, err);
    }
    eb_graph copy = {.network = graph->network};
    eb_status status = from_igraph(igraph_copy(&copy.graph, &graph->graph), err);
    if (status != EB_OK) return status;
    status = from_igraph(igraph_vector_init_copy(&copy.weights, &graph->weights), err);
    if (status == EB_OK) {
        status = reach_with_root(&copy, sources, count, reverse, costs, err);
        igraph_vector_destroy(&copy.weights);
    }
    igraph_destroy(&copy.graph);
    return status;
}
