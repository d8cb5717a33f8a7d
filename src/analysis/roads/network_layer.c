/* The layers of a network: its edges, its islands, its dead ends, and the joins that are suggested. */
#include <stdlib.h>

#include "analysis/roads/network_run.h"
#include "base/wkb_build.h"

/* The vertices of an edge from malloc(). */
static double *edge_coords(const eb_network *n, const eb_edge *edge)
{
    double *xy = malloc((edge->count + 1) * 2 * sizeof *xy);
    for (size_t i = 0; xy && i < edge->count; i++) eb_network_vertex(n, edge->first + i, &xy[2 * i], &xy[2 * i + 1]);
    return xy;
}

static bool add_line(eb_batch *b, size_t fid, const double *xy, size_t count)
{
    eb_string shape = {0};
    eb_wkb_build_line(&shape, xy, count, 2);
    bool good = !shape.failed && eb_batch_add(b, (int64_t)fid, eb_wkb_built(&shape));
    eb_string_clear(&shape);
    return good;
}

static bool set_class(const eb_network_run *run, eb_batch *b, size_t field, const eb_edge *edge)
{
    const char *name = eb_network_class(run, edge);
    return !name || eb_batch_set_text(b, field, name);
}

static bool add_edge(const eb_network_run *run, eb_batch *b, size_t fid, const eb_edge *edge)
{
    const eb_roads *roads = &run->base.roads;
    double *xy = edge_coords(roads->network, edge);
    size_t component = eb_network_component(run, edge);
    bool good = xy && add_line(b, fid, xy, edge->count) && eb_batch_set_text(b, 0, eb_roads_name(roads, edge->road)) &&
                set_class(run, b, 1, edge) && eb_batch_set_real(b, 2, edge->length_m) && eb_batch_set_integer(b, 4, component == 0);
    if (good && component) good = eb_batch_set_integer(b, 3, (int64_t)component);
    free(xy);
    return good;
}

static eb_status write_edges(const eb_network_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"name", EB_FIELD_TEXT},
                                            {"class", EB_FIELD_TEXT},
                                            {"length_m", EB_FIELD_REAL},
                                            {"component", EB_FIELD_INTEGER},
                                            {"closed", EB_FIELD_BOOLEAN}};
    const eb_network *n = run->base.roads.network;
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, &run->base, "", EB_SHAPE_LINE, fields, sizeof fields / sizeof *fields, err);
    for (size_t e = 0; e < eb_network_edge_count(n) && status == EB_OK && w.sink; e++) {
        if (!add_edge(run, w.batch, e + 1, eb_network_edge_at(n, e))) status = eb_error_memory(err);
        if (status == EB_OK) status = eb_route_writer_flush(&w, err);
    }
    return eb_route_writer_close(&w, status, err);
}

/* The edges in the order of their components, those of each in their own order; closed ones are left out. */
static size_t *edges_by_component(const eb_network_run *run, size_t *heads)
{
    const eb_network *n = run->base.roads.network;
    size_t total = eb_network_edge_count(n), *edges = malloc((total + 1) * sizeof *edges);
    for (size_t e = 0; e < total; e++) {
        size_t c = eb_network_component(run, eb_network_edge_at(n, e));
        if (c) heads[c]++;
    }
    for (size_t c = 1; c <= run->component_count; c++) heads[c] += heads[c - 1];
    for (size_t e = total; edges && e-- > 0;) {
        size_t c = eb_network_component(run, eb_network_edge_at(n, e));
        if (c) edges[--heads[c]] = e;
    }
    return edges;
}

/* The lines of some edges as one multi line. */
static bool build_island(const eb_network *n, const size_t *edges, size_t count, eb_string *out)
{
    uint8_t head[9] = {1, 5, 0, 0, 0};
    for (size_t i = 0; i < 4; i++) head[5 + i] = (uint8_t)(count >> (8 * i));
    eb_string_add_bytes(out, (const char *)head, sizeof head);
    for (size_t i = 0; i < count && !out->failed; i++) {
        const eb_edge *edge = eb_network_edge_at(n, edges[i]);
        double *xy = edge_coords(n, edge);
        if (!xy) return false;
        eb_wkb_build_line(out, xy, edge->count, 2);
        free(xy);
    }
    return !out->failed;
}

static bool add_island(const eb_network_run *run, eb_batch *b, size_t c, const size_t *edges, size_t count)
{
    const eb_component *component = &run->components[c];
    eb_string shape = {0};
    bool good = build_island(run->base.roads.network, edges, count, &shape) && eb_batch_add(b, (int64_t)c + 1, eb_wkb_built(&shape)) &&
                eb_batch_set_integer(b, 0, (int64_t)c + 1) && eb_batch_set_integer(b, 1, (int64_t)component->nodes) &&
                eb_batch_set_integer(b, 2, (int64_t)component->edges) && eb_batch_set_real(b, 3, component->length_m);
    eb_string_clear(&shape);
    return good;
}

static eb_status write_islands(const eb_network_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {
        {"component", EB_FIELD_INTEGER}, {"nodes", EB_FIELD_INTEGER}, {"edges", EB_FIELD_INTEGER}, {"length_m", EB_FIELD_REAL}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, &run->base, "islands", EB_SHAPE_MULTILINE, fields, sizeof fields / sizeof *fields, err);
    size_t *heads = calloc(run->component_count + 2, sizeof *heads), *edges = heads ? edges_by_component(run, heads) : NULL;
    if (status == EB_OK && !edges) status = eb_error_memory(err);
    for (size_t c = 1; c < run->component_count && run->components[c].edges && status == EB_OK && w.sink; c++) {
        if (!add_island(run, w.batch, c, edges + heads[c + 1], run->components[c].edges)) status = eb_error_memory(err);
        if (status == EB_OK) status = eb_route_writer_flush(&w, err);
    }
    free(heads);
    free(edges);
    return eb_route_writer_close(&w, status, err);
}

static bool add_end(const eb_network_run *run, eb_batch *b, size_t i)
{
    const eb_roads *roads = &run->base.roads;
    const eb_edge *edge = eb_network_edge_at(roads->network, run->ends[i].edge);
    eb_string shape = {0};
    double place[2];
    eb_network_node_at(roads->network, run->ends[i].node, &place[0], &place[1]);
    eb_wkb_build_point(&shape, place, 2);
    bool good = !shape.failed && eb_batch_add(b, (int64_t)i + 1, eb_wkb_built(&shape)) &&
                eb_batch_set_text(b, 0, eb_roads_name(roads, edge->road)) && set_class(run, b, 1, edge) &&
                eb_batch_set_real(b, 2, run->ends[i].length_m);
    eb_string_clear(&shape);
    return good;
}

static eb_status write_ends(const eb_network_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"name", EB_FIELD_TEXT}, {"class", EB_FIELD_TEXT}, {"length_m", EB_FIELD_REAL}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, &run->base, "dead_ends", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    for (size_t i = 0; i < run->end_count && status == EB_OK && w.sink; i++) {
        if (!add_end(run, w.batch, i)) status = eb_error_memory(err);
        if (status == EB_OK) status = eb_route_writer_flush(&w, err);
    }
    return eb_route_writer_close(&w, status, err);
}

static bool add_join(const eb_network_run *run, eb_batch *b, size_t i)
{
    const eb_roads *roads = &run->base.roads;
    const eb_dead_end *end = &run->ends[i];
    const eb_edge *from = eb_network_edge_at(roads->network, end->edge), *to = eb_network_edge_at(roads->network, end->gap.edge);
    double xy[4] = {0, 0, end->gap.lon_deg, end->gap.lat_deg};
    eb_network_node_at(roads->network, end->node, &xy[0], &xy[1]);
    return add_line(b, i + 1, xy, 2) && eb_batch_set_real(b, 0, end->gap.distance_m) &&
           eb_batch_set_text(b, 1, eb_roads_name(roads, from->road)) && set_class(run, b, 2, from) &&
           eb_batch_set_text(b, 3, eb_roads_name(roads, to->road)) && set_class(run, b, 4, to) &&
           eb_batch_set_integer(b, 5, run->component_of[from->from] != run->component_of[to->from]);
}

static eb_status write_joins(const eb_network_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"gap_m", EB_FIELD_REAL},   {"name", EB_FIELD_TEXT},     {"class", EB_FIELD_TEXT},
                                            {"to_name", EB_FIELD_TEXT}, {"to_class", EB_FIELD_TEXT}, {"components", EB_FIELD_BOOLEAN}};
    if (!(run->join_m > 0)) return EB_OK;
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, &run->base, "joins", EB_SHAPE_LINE, fields, sizeof fields / sizeof *fields, err);
    for (size_t i = 0; i < run->join_count && status == EB_OK && w.sink; i++) {
        if (!add_join(run, w.batch, run->joins[i])) status = eb_error_memory(err);
        if (status == EB_OK) status = eb_route_writer_flush(&w, err);
    }
    return eb_route_writer_close(&w, status, err);
}

eb_status eb_network_layers(const eb_network_run *run, eb_error *err)
{
    eb_status status = write_edges(run, err);
    if (status == EB_OK) status = write_islands(run, err);
    if (status == EB_OK) status = write_ends(run, err);
    return status == EB_OK ? write_joins(run, err) : status;
}
