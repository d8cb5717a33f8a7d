/* The tables of a network: components, dead ends, suggested joins, length by class. */
#include <math.h>
#include <stdlib.h>

#include "analysis/roads/network_run.h"
#include "base/translate.h"

size_t eb_network_component(const eb_network_run *run, const eb_edge *edge)
{
    bool closed = eb_network_road_at(run->base.roads.network, edge->road)->closed;
    return closed ? 0 : run->component_of[edge->from] + 1;
}

const char *eb_network_class(const eb_network_run *run, const eb_edge *edge)
{
    int rank = eb_network_road_at(run->base.roads.network, edge->road)->rank;
    return rank >= 0 ? eb_roads_class(&run->base.roads, rank) : NULL;
}

static eb_table *begin(const char *name, const char *title, const eb_column *columns, size_t count)
{
    eb_table *t = eb_table_new(name, title);
    for (size_t i = 0; t && i < count; i++) eb_table_add_column(t, &columns[i]);
    return t;
}

static eb_status hand_over(const eb_network_run *run, eb_table *t, eb_error *err)
{
    if (t && eb_table_status(t) == EB_OK) return run->base.space->add_table(run->base.space->self, t, err);
    eb_table_free(t);
    return eb_error_memory(err);
}

static void say_method(const eb_network_run *run, eb_table *t)
{
    eb_table_set_method(
        t,
        "Lengths are geodesic on the ellipsoid of %s; roads meet where lines share a vertex%s, never at bridges, tunnels and other levels",
        eb_crs_datum_word(run->base.roads.crs), eb_args_flag(run->base.args, "cross") ? _(" or cross at grade") : "");
}

static eb_status table_components(const eb_network_run *run, eb_error *err)
{
    static const eb_column columns[] = {
        {"component", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_KEY}, {"nodes", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_SUMMED},
        {"edges", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_SUMMED},  {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED},
        {"share_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE},   {"lon_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN},
        {"lat_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN}};
    eb_table *t = begin("components", "What hangs together", columns, sizeof columns / sizeof *columns);
    if (!t) return eb_error_memory(err);
    double total = 0;
    for (size_t i = 0; i < run->component_count; i++) total += run->components[i].length_m;
    for (size_t i = 0; i < run->component_count && run->components[i].edges; i++) {
        const eb_component *c = &run->components[i];
        double lon, lat;
        size_t r = eb_table_add_row(t);
        eb_network_node_at(run->base.roads.network, c->node, &lon, &lat);
        eb_table_set_integer(t, r, 0, (int64_t)i + 1);
        eb_table_set_integer(t, r, 1, (int64_t)c->nodes);
        eb_table_set_integer(t, r, 2, (int64_t)c->edges);
        eb_table_set_real(t, r, 3, c->length_m);
        eb_table_set_real(t, r, 4, total > 0 ? 100 * c->length_m / total : NAN);
        eb_table_set_real(t, r, 5, lon);
        eb_table_set_real(t, r, 6, lat);
    }
    say_method(run, t);
    eb_table_add_note(
        t, "Component 1 is the main network, the others are islands; lon and lat are one of its nodes; closed roads join nothing");
    return hand_over(run, t, err);
}

static eb_status table_ends(const eb_network_run *run, eb_error *err)
{
    static const eb_column columns[] = {{"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
                                        /* No total: a road that ends at both sides stands here twice. */
                                        {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_PLAIN},
                                        {"lon_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN},
                                        {"lat_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN}};
    const eb_roads *roads = &run->base.roads;
    eb_table *t = begin("dead_ends", "Dead ends", columns, sizeof columns / sizeof *columns);
    if (!t) return eb_error_memory(err);
    for (size_t i = 0; i < run->end_count; i++) {
        const eb_edge *edge = eb_network_edge_at(roads->network, run->ends[i].edge);
        double lon, lat;
        size_t r = eb_table_add_row(t);
        eb_network_node_at(roads->network, run->ends[i].node, &lon, &lat);
        eb_table_set_text(t, r, 0, eb_roads_name(roads, edge->road));
        eb_table_set_text(t, r, 1, eb_network_class(run, edge));
        eb_table_set_real(t, r, 2, run->ends[i].length_m);
        eb_table_set_real(t, r, 3, lon);
        eb_table_set_real(t, r, 4, lat);
    }
    eb_table_add_note(t, "length_m: road back to the last junction, or to the other end of a road that has none");
    if (run->short_ends) eb_table_add_note(t, "%zu shorter dead ends are not listed", run->short_ends);
    return hand_over(run, t, err);
}

static void add_join(const eb_network_run *run, eb_table *t, const eb_dead_end *end)
{
    const eb_roads *roads = &run->base.roads;
    const eb_edge *from = eb_network_edge_at(roads->network, end->edge), *to = eb_network_edge_at(roads->network, end->gap.edge);
    double lon, lat;
    size_t r = eb_table_add_row(t);
    eb_network_node_at(roads->network, end->node, &lon, &lat);
    eb_table_set_real(t, r, 0, end->gap.distance_m);
    eb_table_set_text(t, r, 1, eb_roads_name(roads, from->road));
    eb_table_set_text(t, r, 2, eb_network_class(run, from));
    eb_table_set_text(t, r, 3, eb_roads_name(roads, to->road));
    eb_table_set_text(t, r, 4, eb_network_class(run, to));
    eb_table_set_boolean(t, r, 5, run->component_of[from->from] != run->component_of[to->from]);
    eb_table_set_real(t, r, 6, lon);
    eb_table_set_real(t, r, 7, lat);
    eb_table_set_real(t, r, 8, end->gap.lon_deg);
    eb_table_set_real(t, r, 9, end->gap.lat_deg);
}

static eb_status table_joins(const eb_network_run *run, eb_error *err)
{
    static const eb_column columns[] = {
        {"gap_m", EB_COLUMN_REAL, "m", 2, EB_ROLE_PLAIN},        {"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
        {"class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},       {"to_name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
        {"to_class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},    {"components", EB_COLUMN_BOOLEAN, NULL, 0, EB_ROLE_PLAIN},
        {"lon_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN},    {"lat_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN},
        {"to_lon_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN}, {"to_lat_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN}};
    if (!(run->join_m > 0)) return EB_OK;
    eb_table *t = begin("joins", "Suggested joins", columns, sizeof columns / sizeof *columns);
    if (!t) return eb_error_memory(err);
    for (size_t i = 0; i < run->join_count; i++) add_join(run, t, &run->ends[run->joins[i]]);
    eb_table_add_note(
        t,
        "Dead ends with another road within %g m that is more than %g m away along the roads; components: the join would tie two together",
        run->join_m, 4 * run->join_m);
    return hand_over(run, t, err);
}

static eb_status table_classes(const eb_network_run *run, eb_error *err)
{
    static const eb_column columns[] = {{"class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"count", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_SUMMED},
                                        {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED},
                                        {"share_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE}};
    const eb_roads *roads = &run->base.roads;
    eb_table *t = begin("by_class", "Length of the roads by class", columns, sizeof columns / sizeof *columns);
    double *length_m = calloc(roads->class_count + 1, sizeof *length_m), total = 0;
    int64_t *count = calloc(roads->class_count + 1, sizeof *count);
    for (size_t i = 0; t && length_m && count && i < eb_network_road_count(roads->network); i++) {
        int rank = eb_network_road_at(roads->network, i)->rank;
        count[rank >= 0 ? (size_t)rank : roads->class_count]++;
    }
    for (size_t e = 0; t && length_m && count && e < eb_network_edge_count(roads->network); e++) {
        const eb_edge *edge = eb_network_edge_at(roads->network, e);
        int rank = eb_network_road_at(roads->network, edge->road)->rank;
        length_m[rank >= 0 ? (size_t)rank : roads->class_count] += edge->length_m;
        total += edge->length_m;
    }
    for (size_t c = 0; t && length_m && count && c <= roads->class_count; c++) {
        if (count[c] == 0) continue;
        size_t r = eb_table_add_row(t);
        if (c < roads->class_count) eb_table_set_text(t, r, 0, roads->classes[c]);
        eb_table_set_integer(t, r, 1, count[c]);
        eb_table_set_real(t, r, 2, length_m[c]);
        eb_table_set_real(t, r, 3, total > 0 ? 100 * length_m[c] / total : NAN);
    }
    bool good = length_m && count;
    free(length_m);
    free(count);
    if (good) return hand_over(run, t, err);
    eb_table_free(t);
    return eb_error_memory(err);
}

eb_status eb_network_tables(const eb_network_run *run, eb_error *err)
{
    eb_status status = table_components(run, err);
    if (status == EB_OK) status = table_ends(run, err);
    if (status == EB_OK) status = table_joins(run, err);
    return status == EB_OK ? table_classes(run, err) : status;
}
