/* Which places a good road reaches, how far the others are from one, and what lies within reach of a place. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/access_run.h"
#include "analysis/roads/road_fields.h"
#include "analysis/registry.h"
#include "base/text.h"
#include "base/wkb_build.h"
#include "base/translate.h"

static const eb_param params[] = {
    {.key = "places",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POINTS,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,
     .metavar = "PLACES",
     .help = "places to reach: points"},
    EB_ROADS_NETWORK,
    {.key = "at_least",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_REQUIRED,
     .metavar = "CLASS",
     .help = "the class that a road must at least have"},
    {.key = "within_m",
     .option = "within",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "500",
     .min = 0,
     .max = 1e6,
     .help = "how near such a road must pass for a place to count as reached, in metres"},
    {.key = "snap_m",
     .option = "snap",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "2000",
     .min = 0.01,
     .max = 1e6,
     .help = "how far a place may lie from its own road, of any class, in metres"},
    {.key = "name",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "places",
     .help = "field with the places' names (without it: name, name_zh)"},
    {.key = "where",
     .type = EB_PARAM_TEXT,
     .of = "places",
     .metavar = "SQL",
     .help = "only the places that this OGR attribute filter lets through"},
    {.key = "reach_km",
     .type = EB_PARAM_REAL,
     .metavar = "KM",
     .min = 0.01,
     .max = 1e4,
     .help = "also what lies within so many kilometres of road of each place"},
    {.key = "reach_min",
     .type = EB_PARAM_REAL,
     .metavar = "MIN",
     .min = 0.1,
     .max = 1e4,
     .help = "also what lies within so many minutes of driving of each place"},
    {.key = "reach_width_m",
     .option = "reach-width",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "500",
     .min = 1,
     .max = 1e5,
     .help = "how far from a road within reach the catchment extends, in metres"},
    {.key = "facilities",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POINTS,
     .metavar = "LAYER",
     .help = "airports, expressway exits, stations, wharves, cities: points; gives the points for getting there of the scenic-area rating"},
    {.key = "kind",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "facilities",
     .help = "field of the facilities that says airport, expressway_exit, station, wharf or city (without it: kind)"},
    {.key = "facility_name",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "facilities",
     .help = "field with the facilities' names (without it: name, name_zh)"},
    {.key = "city_radius_km",
     .option = "city-radius",
     .type = EB_PARAM_REAL,
     .metavar = "KM",
     .def = "5",
     .min = 0,
     .max = 100,
     .help = "a place within so many kilometres of road of a city's point counts as lying in the city"},
    EB_ROADS_PARAMS,
};

static const eb_yield yields[] = {
    {.role = "",
     .layer = false,
     .columns = "name,reached,distance_m,gap_m,road,road_class,spur_m,reason",
     .texts = "name,road,road_class,reason"},
    {.role = "", .layer = true, .columns = "name,reached,distance_m,gap_m,road,road_class,spur_m,reason"},
    {.role = "points",
     .layer = false,
     .columns = "name,airport,airport_km,airport_points,exit,exit_km,exit_points,station,station_km,station_points,"
                "wharf,wharf_km,wharf_points,city,city_km,city_points,road_points,points,of_points",
     .texts = "name,airport,exit,station,wharf,city"},
    {.role = "catchment", .layer = false, .columns = "name,limit,road_m,area_m2", .texts = "name,limit"},
    {.role = "catchment",
     .layer = true,
     .shapes = EB_TAKES_POLYGONS,
     .columns = "name,limit,road_m,area_m2",
     .styles = {"access_catchment"},
     .word = N_("catchment")},
};

/* --- working it out ---------------------------------------------------------------------------------------------------------------- */

/* The class wanted is one that has a rank: of the user's list, or of the tool's. */
static eb_status check_class(const eb_args *args, eb_error *err)
{
    const char *text = eb_args_text(args, "at_least");
    if (eb_road_class_listed(args, text)) return EB_OK;
    eb_error_set(err, EB_USAGE, "the class \"%s\" is not known", text);
    eb_error_hint(err, eb_args_count(args, "class_order")
                           ? "it is none of those that class_order lists"
                           : "write it as the network does, and list all classes from the best to the worst with --class-order");
    return EB_USAGE;
}

/* The nearest good road as the crow flies; one in a tunnel reaches nobody above it. */
static eb_status find_nearest(eb_access_run *run, eb_error *err)
{
    /* Half the globe round is far enough for any network. */
    const eb_snap_rule rule = {.most_m = 1e7, .worst_rank = run->rank, .no_tunnels = true};
    eb_status status = EB_OK;
    for (size_t i = 0; i < run->base.stops.count && status == EB_OK; i++) {
        const eb_stop *place = &run->base.stops.items[i];
        if (!place->reached) continue;
        status = eb_env_check(run->base.env, err);
        if (status == EB_OK)
            status = eb_network_snap(run->base.roads.network, place->lon_deg, place->lat_deg, &rule, &run->places[i].nearest, err);
        if (run->places[i].nearest.found)
            run->places[i].road = eb_network_edge_at(run->base.roads.network, run->places[i].nearest.edge)->road;
    }
    return status;
}

/* Nodes on good roads. */
static size_t *good_nodes(const eb_access_run *run, size_t *count)
{
    const eb_network *n = run->base.roads.network;
    size_t *nodes = malloc((2 * eb_network_edge_count(n) + 1) * sizeof *nodes);
    *count = 0;
    for (size_t e = 0; nodes && e < eb_network_edge_count(n); e++) {
        const eb_edge *edge = eb_network_edge_at(n, e);
        if (!eb_roads_good(&run->base.roads, edge, run->rank)) continue;
        nodes[(*count)++] = edge->from;
        nodes[(*count)++] = edge->to;
    }
    return nodes;
}

static bool is_reached(const eb_access_run *run, size_t i)
{
    return run->places[i].nearest.found && run->places[i].nearest.distance_m <= run->within_m;
}

/* An expressway beside a place without an exit there, a road across a river: near as the crow flies, far on the ground. */
static void warn_of_detour(eb_access_run *run, size_t i)
{
    const eb_place *found = &run->places[i];
    eb_stop *place = &run->base.stops.items[i];
    if (!is_reached(run, i) || !(found->gap_m > 0) || found->gap_m + place->on[0].snap.distance_m <= run->within_m) return;
    snprintf(place->reason, sizeof place->reason, _("a road of the class passes %.0f m away, but the way to one is %.0f m long"),
             found->nearest.distance_m, found->gap_m + place->on[0].snap.distance_m);
}

/* The road of the class that would have been near enough is in a tunnel. */
static eb_status tell_tunnel(eb_access_run *run, size_t i, eb_error *err)
{
    eb_stop *place = &run->base.stops.items[i];
    const eb_snap_rule rule = {.most_m = run->within_m, .worst_rank = run->rank};
    eb_snap below;
    if (!place->reached || is_reached(run, i) || place->reason[0]) return EB_OK;
    eb_status status = eb_network_snap(run->base.roads.network, place->lon_deg, place->lat_deg, &rule, &below, err);
    if (status == EB_OK && below.found)
        snprintf(place->reason, sizeof place->reason, _("the only road of the class within %.0f m is in a tunnel, %.0f m away"),
                 run->within_m, below.distance_m);
    return status;
}

/* Length of lower-class road from each place's own road to the nearest good one: up to there every road is a lower one. */
static eb_status find_gaps(eb_access_run *run, eb_error *err)
{
    size_t count = 0, *nodes = good_nodes(run, &count), total = eb_network_node_count(run->base.roads.network);
    double *costs = malloc((total + 1) * sizeof *costs);
    eb_graph *graph = NULL;
    eb_status status = nodes && costs ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) status = eb_graph_new(run->base.roads.network, EB_COST_LENGTH, NULL, 0, false, &graph, err);
    if (status == EB_OK) status = eb_graph_reach(graph, nodes, count, false, costs, err);
    for (size_t i = 0; i < run->base.stops.count && status == EB_OK; i++) {
        eb_stop *place = &run->base.stops.items[i];
        run->places[i].gap_m = place->reached ? costs[place->on[0].node] : NAN;
        if (isinf(run->places[i].gap_m)) {
            run->places[i].gap_m = NAN;
            if (!place->reason[0])
                snprintf(place->reason, sizeof place->reason, _("its own road is not joined with any road of the class"));
        }
        warn_of_detour(run, i);
        status = tell_tunnel(run, i, err);
    }
    eb_graph_free(graph);
    free(nodes);
    free(costs);
    return status;
}

/* --- handing over ------------------------------------------------------------------------------------------------------------------ */

static const char *road_class(const eb_access_run *run, size_t i)
{
    const eb_roads *roads = &run->base.roads;
    return run->places[i].nearest.found ? eb_roads_class(roads, eb_network_road_at(roads->network, run->places[i].road)->rank) : NULL;
}

static void fill_row(const eb_access_run *run, eb_table *t, size_t i)
{
    const eb_stop *place = &run->base.stops.items[i];
    const eb_place *found = &run->places[i];
    size_t r = eb_table_add_row(t);
    eb_table_set_text(t, r, 0, place->name);
    eb_table_set_boolean(t, r, 1, is_reached(run, i));
    eb_table_set_real(t, r, 2, found->nearest.found ? found->nearest.distance_m : NAN);
    eb_table_set_real(t, r, 3, found->gap_m);
    eb_table_set_text(t, r, 4, found->nearest.found ? eb_roads_name(&run->base.roads, found->road) : NULL);
    eb_table_set_text(t, r, 5, road_class(run, i));
    eb_table_set_real(t, r, 6, place->on[0].snap.found ? place->on[0].snap.distance_m : NAN);
    eb_table_set_text(t, r, 7, place->reason[0] ? place->reason : NULL);
}

static eb_status write_table(const eb_access_run *run, const char *class_name, eb_error *err)
{
    static const eb_column columns[] = {
        {"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},        {"reached", EB_COLUMN_BOOLEAN, NULL, 0, EB_ROLE_PLAIN},
        {"distance_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_PLAIN}, {"gap_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_PLAIN},
        {"road", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},      {"road_class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
        {"spur_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_PLAIN},     {"reason", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN}};
    eb_table *t = eb_table_new("access", "Places and the nearest good road");
    if (!t) return eb_error_memory(err);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) eb_table_add_column(t, &columns[c]);
    size_t reached = 0;
    for (size_t i = 0; i < run->base.stops.count; i++) {
        fill_row(run, t, i);
        reached += is_reached(run, i);
    }
    char method[400];
    eb_roads_method(&run->base.roads, method, sizeof method);
    eb_table_set_method(t, "%s", method);
    eb_table_add_note(t, "Reached: a road of class %s or better passes within %.0f m; %zu of %zu places are", class_name, run->within_m,
                      reached, run->base.stops.count);
    eb_table_add_note(t, "gap_m: length of lower-class road from the place's own road (spur_m away) to the nearest road of the class");
    if (eb_table_status(t) == EB_OK) return run->base.space->add_table(run->base.space->self, t, err);
    eb_table_free(t);
    return eb_error_memory(err);
}

static bool add_feature(const eb_access_run *run, eb_batch *b, size_t i)
{
    const eb_stop *place = &run->base.stops.items[i];
    const eb_place *found = &run->places[i];
    eb_string shape = {0};
    eb_wkb_build_point(&shape, (const double[]){place->lon_deg, place->lat_deg}, 2);
    bool good = eb_batch_add(b, place->fid, isnan(place->lon_deg) ? (eb_wkb){0} : eb_wkb_built(&shape)) &&
                eb_batch_set_text(b, 0, place->name) && eb_batch_set_integer(b, 1, is_reached(run, i));
    eb_string_clear(&shape);
    if (good && found->nearest.found)
        good = eb_batch_set_real(b, 2, found->nearest.distance_m) &&
               eb_batch_set_text(b, 4, eb_roads_name(&run->base.roads, found->road)) && eb_batch_set_text(b, 5, road_class(run, i));
    if (good && !isnan(found->gap_m)) good = eb_batch_set_real(b, 3, found->gap_m);
    if (good && place->on[0].snap.found) good = eb_batch_set_real(b, 6, place->on[0].snap.distance_m);
    if (good && place->reason[0]) good = eb_batch_set_text(b, 7, place->reason);
    return good;
}

static eb_status write_layer(const eb_access_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"name", EB_FIELD_TEXT},   {"reached", EB_FIELD_BOOLEAN}, {"distance_m", EB_FIELD_REAL},
                                            {"gap_m", EB_FIELD_REAL},  {"road", EB_FIELD_TEXT},       {"road_class", EB_FIELD_TEXT},
                                            {"spur_m", EB_FIELD_REAL}, {"reason", EB_FIELD_TEXT}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, &run->base, "", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    for (size_t i = 0; i < run->base.stops.count && status == EB_OK; i++)
        if (!add_feature(run, w.batch, i)) status = eb_error_memory(err);
    return eb_route_writer_close(&w, status, err);
}

/* --- the run ----------------------------------------------------------------------------------------------------------------------- */

static eb_status prepare(eb_access_run *run, const eb_args *args, eb_error *err)
{
    run->within_m = eb_args_real(args, "within_m");
    run->base.ask = (eb_route_request){.stops = eb_args_text(args, "places"),
                                       .name = eb_args_text(args, "name"),
                                       .where = eb_args_text(args, "where"),
                                       .snap_m = eb_args_real(args, "snap_m")};
    eb_status status = check_class(args, err);
    if (status == EB_OK) status = eb_roads_read(args, run->base.space, run->base.env, &run->base.roads, err);
    run->rank = status == EB_OK ? eb_roads_rank(&run->base.roads, eb_args_text(args, "at_least")) : -1;
    if (status == EB_OK) status = eb_route_read_stops(&run->base, err);
    if (status != EB_OK) return status;
    run->places = calloc(run->base.stops.count + 1, sizeof *run->places);
    return run->places ? EB_OK : eb_error_memory(err);
}

static eb_status run_access(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_access_run run = {.base = {.name = "access", .variant_count = 1, .args = args, .space = space, .env = env}};
    eb_status status = prepare(&run, args, err);
    if (status == EB_OK) status = find_nearest(&run, err);
    /* A place whose own road is too far still has a nearest good road: only its gap is not known. */
    if (status == EB_OK) status = eb_route_place_by_class(&run.base, run.rank, err);
    if (status == EB_OK) status = find_gaps(&run, err);
    if (status == EB_OK) status = write_table(&run, eb_args_text(args, "at_least"), err);
    if (status == EB_OK) status = eb_access_points(&run, err);
    if (status == EB_OK) status = write_layer(&run, err);
    if (status == EB_OK) status = eb_access_catchments(&run, err);
    free(run.places);
    eb_route_clear_stops(&run.base.stops);
    eb_roads_clear(&run.base.roads);
    return status;
}

const eb_analysis eb_analysis_access = {
    .name = "access",
    .summary = "Which places a good road reaches, and the gap of those it does not",
    .detail =
        "For each place the nearest road of at least the given class, its name and distance; whether it passes within --within; and the "
        "gap: "
        "the length of lower-class road from the place's own road to the nearest good one. That own road is found as route does it: the "
        "nearest within --snap that is joined with a road of the class, in a tunnel only where there is no other; an island is its own "
        "road "
        "only where no such road is near, and the reason says so. A road in a tunnel reaches no place above it. With --reach-km or "
        "--reach-min also the "
        "catchment of each place: all roads that a car reaches within that distance or time, and the land up to --reach-width beside "
        "them.\n"
        "With --facilities also the points for getting there of the rating of scenic areas, as far as a map can tell them.",
    .example = "ecobelt access layers/scenic_areas.geojson layers/roads.geojson --class class --at-least 二级 --within 500",
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .yields = yields,
    .yield_count = sizeof yields / sizeof *yields,
    .check = check_class,
    .run = run_access,
};
