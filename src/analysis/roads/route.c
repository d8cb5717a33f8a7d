/* Routes through stops: the registry row and the run. */
#include "analysis/registry.h"
#include "analysis/roads/route_run.h"
#include "base/translate.h"

#include <stdlib.h>
#include <string.h>

static const eb_param params[] = {
    EB_ROADS_NETWORK,
    {.key = "stops",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POINTS,
     .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,
     .metavar = "STOPS",
     .help = "places to pass: points"},
    {.key = "order",
     .type = EB_PARAM_CHOICE,
     .choices = "given|best",
     .def = "given",
     .help = "visit the stops as given, or in the best order"},
    {.key = "start", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "stop to start from"},
    {.key = "end", .type = EB_PARAM_TEXT, .metavar = "NAME", .help = "stop to end at"},
    {.key = "loop", .type = EB_PARAM_FLAG, .def = "false", .help = "come back to the first stop"},
    {.key = "by", .type = EB_PARAM_FIELD, .metavar = "FIELD", .of = "stops", .help = "one route a value of this field"},
    {.key = "name",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "stops",
     .help = "field with the stops' names (without it: name, name_zh)"},
    {.key = "sort",
     .type = EB_PARAM_FIELD,
     .metavar = "FIELD",
     .of = "stops",
     .help = "field that gives the stops' order (without it: as they lie in the file)"},
    {.key = "where",
     .type = EB_PARAM_TEXT,
     .of = "stops",
     .metavar = "SQL",
     .help = "only the stops that this OGR attribute filter lets through"},
    {.key = "cost", .type = EB_PARAM_CHOICE, .choices = "shortest|fastest", .def = "shortest", .help = "the shortest way, or the fastest"},
    {.key = "avoid", .type = EB_PARAM_TEXT, .flags = EB_PARAM_LIST, .metavar = "CLASS,...", .help = "classes of road to leave out"},
    {.key = "alternative",
     .type = EB_PARAM_TEXT,
     .flags = EB_PARAM_LIST,
     .metavar = "CLASS[+CLASS],...",
     .help = "a further variant of each route that leaves these classes out"},
    {.key = "snap_m",
     .option = "snap",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "500",
     .min = 0.01,
     .max = 1e6,
     .help = "how far a stop may lie from its road, in metres"},
    {.key = "dem", .type = EB_PARAM_FILE, .metavar = "RASTER", .help = "elevation model in metres, for ascent, descent and the profile"},
    {.key = "hysteresis_m",
     .option = "hysteresis",
     .type = EB_PARAM_REAL,
     .metavar = "M",
     .def = "5",
     .min = 0,
     .max = 1000,
     .help = "climbs below this many metres do not count"},
    {.key = "inside",
     .type = EB_PARAM_LAYER,
     .shapes = EB_TAKES_POLYGONS,
     .metavar = "LAYER",
     .help = "polygons such as a corridor or a park: also how much of each leg lies inside them"},
    {.key = "service_km",
     .option = "service",
     .type = EB_PARAM_REAL,
     .metavar = "KM",
     .min = 0.1,
     .max = 1000,
     .help = "a service point every so many kilometres"},
    EB_ROADS_PARAMS,
};

static bool has(const eb_args *args, const char *name)
{
    return strncmp(name, "inside_", strlen("inside_")) != 0 || eb_args_has(args, "inside");
}

/* Routes on the same road are drawn over one another: each narrower than the one before; the numbers of its stops stand at its side. */
static const eb_yield yields[] = {
    {.role = "",
     .layer = false,
     .columns = "route,variant,leg,from,to,length_m,time_min,ascent_m,descent_m,inside_m,inside_pct",
     .texts = "route,variant,from,to",
     .has = has},
    {.role = "by_class", .layer = false, .columns = "route,variant,class,length_m,share_of_route_pct", .texts = "route,variant,class"},
    {.role = "profile",
     .layer = false,
     .columns = "route,variant,leg,distance_m,height_m,lon_deg,lat_deg,stop",
     .texts = "route,variant,stop",
     .plot = "distance_m,height_m,stop"},
    {.role = "unreached", .layer = false, .columns = "route,variant,name,reason,lon_deg,lat_deg", .texts = "route,variant,name,reason"},
    {.role = "",
     .layer = true,
     .shapes = EB_TAKES_LINES,
     .columns = "route,variant,leg,from,to,length_m,time_min,ascent_m,descent_m,inside_m,inside_pct",
     .has = has,
     .styles = {"route", "route_2", "route_3", "route_4"}},
    {.role = "stops",
     .layer = true,
     .shapes = EB_TAKES_POINTS,
     .columns = "route,variant,order,name,snap_m,distance_m",
     .styles = {"route_stops", "route_stops_2", "route_stops_3", "route_stops_4"},
     .label = "order",
     .word = N_("stops")},
    {.role = "service",
     .layer = true,
     .shapes = EB_TAKES_POINTS,
     .columns = "route,number,distance_m",
     .styles = {"route_service"},
     .word = N_("service points")},
    {.role = "unreached",
     .layer = true,
     .shapes = EB_TAKES_POINTS,
     .columns = "route,variant,name,reason",
     .styles = {"route_unreached"},
     .word = N_("not reached")},
    {.role = "guide", .layer = true, .guide = true, .columns = "name,desc,type,route,number"},
};

static void take_request(const eb_args *args, eb_route_request *ask)
{
    *ask = (eb_route_request){.stops = eb_args_text(args, "stops"),
                              .name = eb_args_text(args, "name"),
                              .by = eb_args_text(args, "by"),
                              .sort = eb_args_text(args, "sort"),
                              .where = eb_args_text(args, "where"),
                              .start = eb_args_text(args, "start"),
                              .end = eb_args_text(args, "end"),
                              .dem = eb_args_text(args, "dem"),
                              .inside = eb_args_text(args, "inside"),
                              .best = strcmp(eb_args_text(args, "order"), "best") == 0,
                              .loop = eb_args_flag(args, "loop"),
                              .cost = strcmp(eb_args_text(args, "cost"), "fastest") == 0 ? EB_COST_TIME : EB_COST_LENGTH,
                              .snap_m = eb_args_real(args, "snap_m"),
                              .hysteresis_m = eb_args_real(args, "hysteresis_m"),
                              .service_m = eb_args_has(args, "service_km") ? 1000 * eb_args_real(args, "service_km") : 0};
}

static eb_status run_route(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    eb_route_run run = {.name = "route", .args = args, .space = space, .env = env};
    take_request(args, &run.ask);
    eb_status status = eb_route_check(args, err);
    if (status == EB_OK) status = eb_roads_read(args, space, env, &run.roads, err);
    if (status == EB_OK && run.ask.dem) status = eb_raster_open(run.ask.dem, run.roads.crs, &run.dem, err);
    if (status == EB_OK) status = eb_route_read_stops(&run, err);
    run.variant_count = 1 + eb_args_count(args, "alternative");
    if (status == EB_OK) status = eb_route_place_stops(&run, err);
    if (status == EB_OK) status = eb_route_find_ways(&run, err);
    if (status == EB_OK) status = eb_route_measure_inside(&run, err);
    if (status == EB_OK) status = eb_route_write(&run, err);
    free(run.losses);
    free(run.grounded);
    eb_route_clear_ways(&run.ways);
    eb_route_clear_stops(&run.stops);
    eb_raster_free(run.dem);
    eb_roads_clear(&run.roads);
    return status;
}

const eb_analysis eb_analysis_route = {
    .name = "route",
    .summary = "Scenic routes through stops on a road network",
    .detail =
        "Finds the way on roads from stop to stop, in the order given or in the best one (exact to 12 stops; beyond that a good order, "
        "with a "
        "bound on what the best could save). A stop goes to the nearest road within --snap that is joined with the others' roads, in a "
        "tunnel only where there is no other; if that is not simply the nearest road, it is said. One farther from any road, on an island "
        "of the network, or cut off by one-way signs is never sent elsewhere: it stands in the layer and table \"unreached\" with its "
        "reason.\n"
        "Roads meet where their lines share a vertex, and with --cross where they cross at grade; never across bridges, tunnels and "
        "levels. "
        "Lengths are geodesic. Heights are bilinear in the elevation model; on bridges and in tunnels, also at stops there, they are "
        "straight "
        "between the ends on the ground.\n"
        "With --dem and -o the profile is also drawn, beside the output as NAME_profile.svg.\n"
        "With --inside the legs also have inside_m and inside_pct, the length and share that lie inside a layer's polygons, overlaps "
        "once.\n"
        "A stop that only an alternative cannot reach stands in \"unreached\" under that variant; the layer \"stops\" has the order of "
        "every "
        "variant.\n"
        "For a phone write -o FILE.gpx or FILE.kml: one file with the stops as waypoints in their order, service points as \"km 10\", what "
        "is not reached with its reason, and each route as one track with its name and, with --dem, heights.",
    .example = "ecobelt route layers/roads.geojson layers/scenic_areas.geojson --order best --snap 500 -o route.gpkg",
    .params = params,
    .param_count = sizeof params / sizeof *params,
    .yields = yields,
    .yield_count = sizeof yields / sizeof *yields,
    .check = eb_route_check,
    .check_layers = eb_route_check_layers,
    .run = run_route,
};
