/**
 * @file analysis/roads.h
 * A road network out of any line layer: what its fields mean, and what of it could not be used. Shared by route, access and network.
 */
#ifndef ANALYSIS_ROADS_H
#define ANALYSIS_ROADS_H

#include <ecobelt/analysis.h>
#include <ecobelt/network.h>

/** The network itself, where it stands among the arguments. */
#define EB_ROADS_NETWORK                                                                                                                   \
    {                                                                                                                                      \
        .key = "network", .type = EB_PARAM_LAYER, .shapes = EB_TAKES_LINES, .flags = EB_PARAM_POSITIONAL | EB_PARAM_REQUIRED,              \
        .metavar = "NETWORK", .help = "roads: lines"                                                                                       \
    }
/** Parameters that say how to read a network; every analysis on roads ends its table with them. */
#define EB_ROADS_PARAMS                                                                                                                    \
    {.key = "class",                                                                                                                       \
     .type = EB_PARAM_FIELD,                                                                                                               \
     .metavar = "FIELD",                                                                                                                   \
     .of = "network",                                                                                                                      \
     .help = "field with the class of a road (without it: class, highway or fclass, where there is one)"},                                 \
        {.key = "class_order",                                                                                                             \
         .type = EB_PARAM_TEXT,                                                                                                            \
         .flags = EB_PARAM_LIST,                                                                                                           \
         .metavar = "A,B,...",                                                                                                             \
         .help = "classes from the best to the worst (without it: the Chinese grades and the OpenStreetMap classes)"},                     \
        {.key = "speed",                                                                                                                   \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field with the speed in km/h (without it: speed_kmh or maxspeed)"},                                                      \
        {.key = "oneway",                                                                                                                  \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field with the direction: yes, no or -1 (without it: oneway)"},                                                          \
        {.key = "level",                                                                                                                   \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field with the vertical level (without it: layer or level)"},                                                            \
        {.key = "bridge",                                                                                                                  \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field that says bridge or tunnel (without it: bridge, tunnel)"},                                                         \
        {.key = "closed",                                                                                                                  \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field that says closed (without it: closed)"},                                                                           \
        {.key = "road_name",                                                                                                               \
         .type = EB_PARAM_FIELD,                                                                                                           \
         .metavar = "FIELD",                                                                                                               \
         .of = "network",                                                                                                                  \
         .help = "field with the name of a road (without it: name, ref)"},                                                                 \
        {.key = "network_where",                                                                                                           \
         .type = EB_PARAM_TEXT,                                                                                                            \
         .of = "network",                                                                                                                  \
         .metavar = "SQL",                                                                                                                 \
         .help = "only the roads that this OGR attribute filter lets through"},                                                            \
    {                                                                                                                                      \
        .key = "cross", .type = EB_PARAM_FLAG, .def = "false",                                                                             \
        .help = "also join roads where they cross at grade without a common vertex (never at bridges and tunnels)"                         \
    }

/** A network with the names that its numbers stand for. */
typedef struct eb_roads {
    eb_network *network;
    char **names; /**< name of road i, "" where it has none */
    size_t name_count, name_capacity;
    char **classes; /**< class of rank i, from the best to the worst, then those met that no list knows, by their own names */
    size_t class_count, class_capacity;
    size_t known_count;         /**< classes that have a rank; the others never count as good enough */
    eb_crs *crs;                /**< the degrees of the network */
    double default_speed_share; /**< share of the length whose speed is the class's default, in per cent */
    size_t taken;
    bool schematic;
} eb_roads;

/** Read and node the network that the parameter "network" names. What was left out or guessed goes to the diagnosis. */
eb_status eb_roads_read(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_roads *out, eb_error *err);
/** Free what it holds. */
void eb_roads_clear(eb_roads *roads);
/** Number of a class by name, in any case and usual wording; -1 where the network has none of it and no list knows it. */
int eb_roads_rank(const eb_roads *roads, const char *name);
/** Name of a class; "" for none. */
const char *eb_roads_class(const eb_roads *roads, int rank);
/** Whether an edge is there, open, and of a class at least as good as @p worst_rank. */
bool eb_roads_good(const eb_roads *roads, const eb_edge *edge, int worst_rank);
/** Name of a road. */
const char *eb_roads_name(const eb_roads *roads, size_t road);
/** "Lengths are geodesic…": what the figures rest on, for the method line. */
void eb_roads_method(const eb_roads *roads, char *text, size_t size);

#endif
