/* A road network looked over: what hangs together, what leads nowhere, and where a link is missing. */
#include "analysis/roads/network_run.h"

#include <stdlib.h>

#include "analysis/registry.h"
#include "base/translate.h"

static const eb_param params[] = {
    EB_ROADS_NETWORK,
    {.key = "join_m",
     .option = "join",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "50",
     .min = 0,
     .max = 10000,
     .help = "suggest a join where another road passes within so many metres of a dead end; 0: do not look"},
    {.key = "shortest_m",
     .option = "shortest",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "0",
     .min = 0,
     .max = 1e6,
     .help = "list only dead ends with at least so many metres of road back to the last junction"},
    EB_ROADS_PARAMS,
};

static const eb_yield yields[] = {
    {.role = "", .layer = false, .columns = "component,nodes,edges,length_m,share_pct,lon_deg,lat_deg"},
    {.role = "dead_ends", .layer = false, .columns = "name,class,length_m,lon_deg,lat_deg", .texts = "name,class"},
    {.role = "joins",
     .layer = false,
     .columns = "gap_m,name,class,to_name,to_class,components,lon_deg,lat_deg,to_lon_deg,to_lat_deg",
     .texts = "name,class,to_name,to_class"},
    {.role = "by_class", .layer = false, .columns = "class,count,length_m,share_pct", .texts = "class"},
    {.role = "", .layer = true, .shapes = EB_TAKES_LINES, .columns = "name,class,length_m,component,closed"},
    {.role = "islands",
     .layer = true,
     .shapes = EB_TAKES_LINES,
     .columns = "component,nodes,edges,length_m",
     .styles = {"network_islands"},
     .word = N_("islands")},
    {.role = "dead_ends",
     .layer = true,
     .shapes = EB_TAKES_POINTS,
     .columns = "name,class,length_m",
     .styles = {"network_dead_ends"},
     .word = N_("dead ends")},
    {.role = "joins",
     .layer = true,
     .shapes = EB_TAKES_LINES,
     .columns = "gap_m,name,class,to_name,to_class,components",
     .styles = {"network_joins"},
     .word = N_("missing links")},
};

/* Keep the dead ends that are long enough. */
static void drop_short(eb_network_run *run, double shortest_m)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->end_count; i++)
        if (run->ends[i].length_m >= shortest_m) run->ends[kept++] = run->ends[i];
    run->short_ends = run->end_count - kept;
    run->end_count = kept;
}

/* The longest first: they are what a planner looks for. */
static int longer_first(const void *a, const void *b)
{
    const eb_dead_end *x = a, *y = b;
    if (x->length_m != y->length_m) return x->length_m > y->length_m ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* An end with its gap, for sorting. */
typedef struct join {
    double gap_m;
    size_t end;
} join;

static int narrower_first(const void *a, const void *b)
{
    const join *x = a, *y = b;
    if (x->gap_m != y->gap_m) return x->gap_m < y->gap_m ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Put the ends in order, and list the missing links among them. */
static eb_status sort_ends(eb_network_run *run, eb_error *err)
{
    if (run->end_count) qsort(run->ends, run->end_count, sizeof *run->ends, longer_first);
    join *joins = malloc((run->end_count + 1) * sizeof *joins);
    run->joins = malloc((run->end_count + 1) * sizeof *run->joins);
    eb_status status = joins && run->joins ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < run->end_count && status == EB_OK; i++)
        if (run->ends[i].near_miss) joins[run->join_count++] = (join){.gap_m = run->ends[i].gap.distance_m, .end = i};
    if (status == EB_OK && run->join_count) qsort(joins, run->join_count, sizeof *joins, narrower_first);
    for (size_t i = 0; i < run->join_count && status == EB_OK; i++) run->joins[i] = joins[i].end;
    free(joins);
    return status;
}

/* The node that a gap leads to, or SIZE_MAX where it meets a road between its ends. */
static size_t gap_node(const eb_network *n, const eb_snap *gap)
{
    const eb_edge *edge = eb_network_edge_at(n, gap->edge);
    const size_t nodes[] = {edge->from, edge->to};
    for (size_t k = 0; k < 2; k++) {
        double lon, lat;
        eb_network_node_at(n, nodes[k], &lon, &lat);
        if (lon == gap->lon_deg && lat == gap->lat_deg) return nodes[k];
    }
    return SIZE_MAX;
}

/* Two ends that face one another are one missing link. */
static eb_status drop_mirrored(eb_network_run *run, eb_error *err)
{
    const eb_network *n = run->base.roads.network;
    size_t nodes = eb_network_node_count(n);
    size_t *end_at = malloc((nodes + 1) * sizeof *end_at);
    if (!end_at) return eb_error_memory(err);
    for (size_t i = 0; i < nodes; i++) end_at[i] = SIZE_MAX;
    for (size_t i = 0; i < run->end_count; i++) end_at[run->ends[i].node] = i;
    for (size_t i = 0; i < run->end_count; i++) {
        eb_dead_end *end = &run->ends[i];
        size_t node = end->near_miss ? gap_node(n, &end->gap) : SIZE_MAX, other = node < nodes ? end_at[node] : SIZE_MAX;
        bool mirrored = other < i && run->ends[other].near_miss && gap_node(n, &run->ends[other].gap) == end->node;
        if (mirrored) end->near_miss = false;
    }
    free(end_at);
    return EB_OK;
}

static eb_status run_network(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_network_run run = {.base = {.name = "network", .args = args, .space = space, .env = env}, .join_m = eb_args_real(args, "join_m")};
    eb_status status = eb_roads_read(args, space, env, &run.base.roads, err);
    if (status == EB_OK)
        status = eb_network_components(run.base.roads.network, NULL, 0, &run.component_of, &run.components, &run.component_count, err);
    if (status == EB_OK) status = eb_network_dead_ends(run.base.roads.network, run.join_m, &run.ends, &run.end_count, env, err);
    if (status == EB_OK) status = drop_mirrored(&run, err);
    if (status == EB_OK) drop_short(&run, eb_args_real(args, "shortest_m"));
    if (status == EB_OK) status = sort_ends(&run, err);
    if (status == EB_OK) status = eb_network_tables(&run, err);
    if (status == EB_OK) status = eb_network_layers(&run, err);
    free(run.component_of);
    free(run.components);
    free(run.ends);
    free(run.joins);
    eb_roads_clear(&run.base.roads);
    return status;
}

const eb_analysis eb_analysis_network = {
    .name = "network",
    .summary = "What of a road network hangs together, dead ends, missing links",
    .detail =
        "Builds the network as route and access do and tells what it is like: its components by length of road, the first being the main "
        "network and the others islands; its dead ends with the length of road back to the last junction; and as suggested joins the "
        "places "
        "where another road passes within --join of a dead end and cannot be reached by four times that distance: missing links, or "
        "lines "
        "that were drawn without meeting. Nothing is joined: mend the layer, or build with --cross.\n"
        "The main layer is the network as it was cut, each edge with its component; the layers islands, dead_ends and joins show the "
        "rest. "
        "Closed roads are in it and connect nothing. Lengths are geodesic.",
    .example = "ecobelt network layers/roads.geojson --join 100 -o network.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .yields = yields,
    .yield_count = sizeof yields / sizeof *yields,
    .run = run_network,
};
