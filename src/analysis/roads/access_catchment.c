/* The catchment of a place: the roads within reach of it, and the land beside them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/geom.h>
#include <ecobelt/measure.h>
#include <ecobelt/table.h>

#include "analysis/roads/access_run.h"
#include "base/array.h"
#include "base/wkb_build.h"

/* What a run on catchments holds. */
typedef struct catchment {
    eb_access_run *run;
    eb_geos *geos;
    eb_graph *graph;
    eb_cost cost;
    double limit; /* metres or seconds */
    double width_m;
    double *costs; /* one a node */
    eb_projector *projector;
    eb_measure *measure;
    eb_shape **lines;
    size_t line_count, line_capacity;
    double road_m;
    double official_m2, geodesic_m2; /* of all catchments, for the check */
    eb_table *table;
} catchment;

/* Vertices of a piece of an edge, from some metres along it to others; @p xy has room for them all. Returns how many. */
static size_t cut_edge(const eb_roads *roads, const eb_edge *edge, double from_m, double to_m, double *xy)
{
    const eb_crs_info *info = eb_crs_info_get(roads->crs);
    size_t count = 0;
    double at_m = 0, x0, y0, x1, y1;
    for (size_t i = 1; i < edge->count; i++) {
        eb_network_vertex(roads->network, edge->first + i - 1, &x0, &y0);
        eb_network_vertex(roads->network, edge->first + i, &x1, &y1);
        double step = eb_distance_m(info->a, info->f, x0, y0, x1, y1), low = fmax(from_m, at_m), high = fmin(to_m, at_m + step);
        if (high > low && step > 0) {
            double s = (low - at_m) / step, t = (high - at_m) / step;
            if (count == 0) {
                xy[0] = x0 + s * (x1 - x0);
                xy[1] = y0 + s * (y1 - y0);
                count = 1;
            }
            xy[count * 2] = x0 + t * (x1 - x0);
            xy[count++ * 2 + 1] = y0 + t * (y1 - y0);
        }
        at_m += step;
    }
    return count;
}

/* Add a piece of an edge to the roads within reach, as a line in the plane. */
static eb_status add_piece(catchment *c, const eb_edge *edge, double from_m, double to_m, eb_error *err)
{
    if (!(to_m > from_m)) return EB_OK;
    double *xy = malloc((edge->count + 1) * 2 * sizeof *xy);
    eb_status status = xy ? EB_OK : eb_error_memory(err);
    size_t count = xy ? cut_edge(&c->run->base.roads, edge, from_m, to_m, xy) : 0;
    eb_string shape = {0};
    eb_shape *line = NULL;
    if (status == EB_OK && count >= 2) {
        eb_wkb_build_line(&shape, xy, count, 2);
        if (shape.failed || !eb_array_reserve(&c->lines, &c->line_capacity, c->line_count + 1, sizeof *c->lines))
            status = eb_error_memory(err);
        if (status == EB_OK) status = eb_projector_wkb(c->projector, (uint8_t *)shape.data, shape.size, err);
        if (status == EB_OK) status = eb_shape_read(c->geos, eb_wkb_built(&shape), &line, err);
        if (status == EB_OK) c->lines[c->line_count++] = line;
        c->road_m += to_m - from_m;
    }
    eb_string_clear(&shape);
    free(xy);
    return status;
}

/* Cost of a metre of an edge. */
static double metre_cost(const catchment *c, const eb_edge *edge)
{
    return c->cost == EB_COST_TIME ? 3.6 / eb_network_road_at(c->run->base.roads.network, edge->road)->speed_kmh : 1;
}

/* The part of an edge within reach: from each end as far as the limit and the signs allow; both together at most the whole. */
static eb_status add_edge(catchment *c, const eb_edge *edge, eb_error *err)
{
    const eb_road *road = eb_network_road_at(c->run->base.roads.network, edge->road);
    if (edge->count == 0 || road->closed) return EB_OK;
    double per_m = metre_cost(c, edge), ahead = (c->limit - c->costs[edge->from]) / per_m, back = (c->limit - c->costs[edge->to]) / per_m;
    ahead = road->oneway == EB_ONEWAY_BACKWARD || !(ahead > 0) ? 0 : fmin(ahead, edge->length_m);
    back = road->oneway == EB_ONEWAY_FORWARD || !(back > 0) ? 0 : fmin(back, edge->length_m);
    if (ahead + back >= edge->length_m) return add_piece(c, edge, 0, edge->length_m, err);
    eb_status status = add_piece(c, edge, 0, ahead, err);
    return status == EB_OK ? add_piece(c, edge, edge->length_m - back, edge->length_m, err) : status;
}

static void drop_lines(catchment *c)
{
    for (size_t i = 0; i < c->line_count; i++) eb_shape_free(c->geos, c->lines[i]);
    c->line_count = 0;
    c->road_m = 0;
}

/*
 * The land beside the roads within reach. Each piece of road is buffered on its own and the buffers are merged neighbour by neighbour: all
 * lines in one buffer would cross every outline near with every other one, and in a town a hundred roads lie within the width.
 */
static eb_status merge_land(catchment *c, eb_shape **land, eb_error *err)
{
    const int quad_segs = eb_buffer_quad_segs(c->width_m, 1);
    eb_status status = EB_OK;
    for (size_t i = 0; i < c->line_count && status == EB_OK; i++) {
        eb_shape *wide = NULL;
        status = eb_shape_buffer(c->geos, c->lines[i], c->width_m, quad_segs, EB_CAP_ROUND, EB_SIDE_BOTH, &wide, err);
        if (status != EB_OK) break;
        eb_shape_free(c->geos, c->lines[i]);
        c->lines[i] = wide;
    }
    return status == EB_OK ? eb_shape_union_all(c->geos, c->lines, c->line_count, land, err) : status;
}

/* The land as WKB in degrees from malloc(), and its area. */
static eb_status make_land(catchment *c, uint8_t **data, size_t *size, double *area_m2, eb_error *err)
{
    eb_shape *land = NULL;
    eb_size sizes = {0};
    eb_status status = merge_land(c, &land, err);
    if (status == EB_OK) status = eb_shape_write(c->geos, land, data, size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(c->projector, *data, *size, err);
    if (status == EB_OK) status = eb_measure_area(c->measure, (eb_wkb){*data, *size}, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO, &sizes, err);
    *area_m2 = sizes.geodesic_m2;
    c->geodesic_m2 += sizes.geodesic_m2;
    c->official_m2 += sizes.official_m2;
    eb_shape_free(c->geos, land);
    return status;
}

static eb_status write_place(catchment *c, const eb_stop *place, const char *limit, eb_batch *b, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    double area_m2 = 0, road_m = c->road_m;
    eb_status status = make_land(c, &data, &size, &area_m2, err);
    if (status == EB_OK) {
        bool good = eb_batch_add(b, place->fid, (eb_wkb){data, size}) && eb_batch_set_text(b, 0, place->name) &&
                    eb_batch_set_text(b, 1, limit) && eb_batch_set_real(b, 2, road_m) && eb_batch_set_real(b, 3, area_m2);
        if (!good) status = eb_error_memory(err);
        size_t r = eb_table_add_row(c->table);
        eb_table_set_text(c->table, r, 0, place->name);
        eb_table_set_text(c->table, r, 1, limit);
        eb_table_set_real(c->table, r, 2, road_m);
        eb_table_set_real(c->table, r, 3, area_m2);
    }
    free(data);
    return status;
}

static eb_table *new_table(void)
{
    static const eb_column columns[] = {{"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"limit", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"road_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_PLAIN},
                                        {"area_m2", EB_COLUMN_REAL, "m2", 0, EB_ROLE_PLAIN}};
    eb_table *t = eb_table_new("catchment", "What lies within reach");
    for (size_t i = 0; t && i < sizeof columns / sizeof *columns; i++) eb_table_add_column(t, &columns[i]);
    if (!t) return NULL;
    eb_table_add_note(t, "Catchments of different places overlap: their areas do not add up");
    return t;
}

static void set_method(const catchment *c)
{
    const eb_area_account account = {
        .method = EB_AREA_GEODESIC, .chosen_m2 = c->geodesic_m2, .official_m2 = c->official_m2, .geodesic_m2 = c->geodesic_m2};
    char line[1600];
    eb_measure_account(c->measure, &account, line, sizeof line);
    eb_table_set_method(c->table, "road_m: roads that a car reaches within the limit; area_m2: land within %g m of them. %s", c->width_m,
                        line);
}

/* The table goes to the workspace, or away with what failed. */
static eb_status hand_over(catchment *c, eb_status status, eb_error *err)
{
    if (status == EB_OK && c->table) set_method(c);
    if (status == EB_OK && c->table && eb_table_status(c->table) == EB_OK)
        return c->run->base.space->add_table(c->run->base.space->self, c->table, err);
    eb_table_free(c->table);
    return status == EB_OK ? eb_error_memory(err) : status;
}

static eb_status reach_all(catchment *c, const char *limit, eb_batch *b, eb_error *err)
{
    const eb_network *n = c->run->base.roads.network;
    eb_status status = EB_OK;
    for (size_t i = 0; i < c->run->base.stops.count && status == EB_OK; i++) {
        const eb_stop *place = &c->run->base.stops.items[i];
        if (!place->reached) continue;
        status = eb_env_check(c->run->base.env, err);
        if (status == EB_OK) status = eb_graph_reach(c->graph, &place->on[0].node, 1, false, c->costs, err);
        for (size_t e = 0; e < eb_network_edge_count(n) && status == EB_OK; e++) status = add_edge(c, eb_network_edge_at(n, e), err);
        if (status == EB_OK && c->line_count) status = write_place(c, place, limit, b, err);
        drop_lines(c);
        eb_env_progress(c->run->base.env, "catchments", (double)(i + 1), (double)c->run->base.stops.count);
    }
    return status;
}

/* Box of the network in degrees. */
static void network_box(const eb_network *n, double box[4])
{
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (size_t i = 0; i < eb_network_node_count(n); i++) {
        double lon, lat;
        eb_network_node_at(n, i, &lon, &lat);
        box[0] = fmin(box[0], lon);
        box[1] = fmin(box[1], lat);
        box[2] = fmax(box[2], lon);
        box[3] = fmax(box[3], lat);
    }
}

static eb_status make_limit(catchment *c, const char *key, eb_batch *b, eb_error *err)
{
    const eb_args *args = c->run->base.args;
    bool time = strcmp(key, "reach_min") == 0;
    char limit[60];
    if (!eb_args_has(args, key)) return EB_OK;
    c->cost = time ? EB_COST_TIME : EB_COST_LENGTH;
    c->limit = eb_args_real(args, key) * (time ? 60 : 1000);
    snprintf(limit, sizeof limit, "%s %s", eb_args_text(args, key), time ? "min" : "km");
    eb_graph_free(c->graph);
    c->graph = NULL;
    eb_status status = eb_graph_new(c->run->base.roads.network, c->cost, NULL, 0, true, &c->graph, err);
    return status == EB_OK ? reach_all(c, limit, b, err) : status;
}

eb_status eb_access_catchments(eb_access_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {
        {"name", EB_FIELD_TEXT}, {"limit", EB_FIELD_TEXT}, {"road_m", EB_FIELD_REAL}, {"area_m2", EB_FIELD_REAL}};
    if (!eb_args_has(run->base.args, "reach_km") && !eb_args_has(run->base.args, "reach_min")) return EB_OK;
    catchment c = {.run = run, .width_m = eb_args_real(run->base.args, "reach_width_m")};
    double box[4];
    network_box(run->base.roads.network, box);
    c.table = new_table();
    c.costs = malloc((eb_network_node_count(run->base.roads.network) + 1) * sizeof *c.costs);
    eb_status status = c.costs && c.table ? eb_geos_new(&c.geos, err) : eb_error_memory(err);
    if (status == EB_OK) status = eb_projector_new(run->base.roads.crs, box, &c.projector, err);
    if (status == EB_OK) status = eb_measure_new(run->base.roads.crs, 0, &c.measure, err);
    eb_route_writer w = {0};
    if (status == EB_OK)
        status = eb_route_writer_open(&w, &run->base, "catchment", EB_SHAPE_MULTIPOLYGON, fields, sizeof fields / sizeof *fields, err);
    if (status == EB_OK) status = make_limit(&c, "reach_km", w.batch, err);
    if (status == EB_OK) status = make_limit(&c, "reach_min", w.batch, err);
    status = eb_route_writer_close(&w, status, err);
    status = hand_over(&c, status, err);
    if (c.geos) drop_lines(&c);
    free(c.lines);
    free(c.costs);
    eb_graph_free(c.graph);
    eb_projector_free(c.projector);
    eb_measure_free(c.measure);
    eb_geos_free(c.geos);
    return status;
}
