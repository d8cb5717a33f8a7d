/*
 * Stops onto roads. One rule for route and access: a stop goes to the nearest road within reach that leads where it has to lead (to the
 * other stops; to a road of the class wanted), a tunnel only where there is nothing else. Whenever that is not simply the nearest road, it
 * is said; and a stop that has no such road is told off.
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/route_run.h"
#include "base/translate.h"

static eb_status snap_to(eb_route_run *run, const eb_stop *stop, bool no_tunnels, const size_t *of_node, const bool *components,
                         eb_snap *out, eb_error *err)
{
    const eb_snap_rule rule = {
        .most_m = run->ask.snap_m, .worst_rank = INT_MAX, .no_tunnels = no_tunnels, .of_node = of_node, .components = components};
    return eb_network_snap(run->roads.network, stop->lon_deg, stop->lat_deg, &rule, out, err);
}

/* Not in a tunnel where there is another road. */
static eb_status snap_best(eb_route_run *run, const eb_stop *stop, const size_t *of_node, const bool *components, eb_snap *out,
                           eb_error *err)
{
    eb_status status = snap_to(run, stop, true, of_node, components, out, err);
    return status == EB_OK && !out->found ? snap_to(run, stop, false, of_node, components, out, err) : status;
}

static eb_status snap_all(eb_route_run *run, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++) {
        eb_stop *stop = &run->stops.items[i];
        if (!stop->reached) continue;
        status = snap_best(run, stop, NULL, NULL, &stop->snap, err);
        if (status != EB_OK || stop->snap.found) continue;
        stop->reached = false;
        snprintf(stop->reason, sizeof stop->reason, _("no road within %.0f m"), run->ask.snap_m);
    }
    return status;
}

/* Make nodes of the snapped stops. */
static eb_status insert_all(eb_route_run *run, eb_error *err)
{
    size_t count = 0;
    eb_snap *snaps = malloc((run->stops.count + 1) * sizeof *snaps);
    size_t *nodes = malloc((run->stops.count + 1) * sizeof *nodes);
    eb_status status = snaps && nodes ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++)
        if (run->stops.items[i].reached) snaps[count++] = run->stops.items[i].snap;
    if (status == EB_OK) status = eb_network_insert(run->roads.network, snaps, count, nodes, err);
    for (size_t i = 0, k = 0; i < run->stops.count && status == EB_OK; i++)
        if (run->stops.items[i].reached) run->stops.items[i].node = nodes[k++];
    free(snaps);
    free(nodes);
    return status;
}

static const eb_road *road_of(const eb_route_run *run, const eb_snap *snap)
{
    return eb_network_road_at(run->roads.network, eb_network_edge_at(run->roads.network, snap->edge)->road);
}

static void tell(const eb_route_run *run, const eb_stop *stop, const char *text)
{
    eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->stops.layer, stop->fid, stop->lon_deg, stop->lat_deg, NAN, NAN, text);
}

/* Say where a stop lies that is not simply on the nearest road, or not on the ground. */
static eb_status tell_place(eb_route_run *run, const eb_stop *stop, eb_error *err)
{
    eb_snap nearest;
    char text[300];
    eb_status status = snap_to(run, stop, false, NULL, NULL, &nearest, err);
    if (status != EB_OK) return status;
    if (nearest.distance_m < stop->snap.distance_m && road_of(run, &nearest)->tunnel && !road_of(run, &stop->snap)->tunnel) {
        snprintf(text, sizeof text, _("the nearest road, %.0f m away, is in a tunnel; the stop is taken to the one %.0f m away"),
                 nearest.distance_m, stop->snap.distance_m);
        tell(run, stop, text);
    }
    if (road_of(run, &stop->snap)->tunnel) {
        snprintf(text, sizeof text, _("there is no road within %.0f m but one in a tunnel, %.0f m away: the stop lies in the tunnel"),
                 run->ask.snap_m, stop->snap.distance_m);
        tell(run, stop, text);
    } else if (road_of(run, &stop->snap)->structure) {
        snprintf(text, sizeof text, _("its road, %.0f m away, is a bridge: the stop lies on the bridge"), stop->snap.distance_m);
        tell(run, stop, text);
    }
    return EB_OK;
}

/* What is known of the network's components while stops are placed. */
typedef struct islands {
    size_t *of_node, count;
    eb_component *components;
    size_t *stops; /* how many stops of a route lie on each */
    bool *wanted;  /* those that a stop may lie on */
} islands;

static eb_status islands_open(const eb_route_run *run, islands *is, eb_error *err)
{
    eb_status status = eb_network_components(run->roads.network, &is->of_node, &is->components, &is->count, err);
    if (status != EB_OK) return status;
    is->stops = calloc(is->count + 1, sizeof *is->stops);
    is->wanted = calloc(is->count + 1, sizeof *is->wanted);
    return is->stops && is->wanted ? EB_OK : eb_error_memory(err);
}

static void islands_close(islands *is)
{
    free(is->of_node);
    free(is->components);
    free(is->stops);
    free(is->wanted);
}

/* Component of the road that a stop was snapped to. */
static size_t component_of(const eb_route_run *run, const eb_stop *stop, const islands *is)
{
    return is->of_node[eb_network_edge_at(run->roads.network, stop->snap.edge)->from];
}

/* Want the component that most stops of a route lie on; the one with more road of two. */
static void want_home(const eb_route_run *run, const char *group, islands *is)
{
    memset(is->stops, 0, is->count * sizeof *is->stops);
    memset(is->wanted, 0, is->count * sizeof *is->wanted);
    for (size_t i = 0; i < run->stops.count; i++) {
        const eb_stop *stop = &run->stops.items[i];
        if (stop->reached && strcmp(stop->group, group) == 0) is->stops[component_of(run, stop, is)]++;
    }
    size_t best = 0;
    for (size_t c = 1; c < is->count; c++)
        if (is->stops[c] > is->stops[best]) best = c;
    if (is->count) is->wanted[best] = true;
}

/* Want the components with a road of a class. False where there is none at all: then all are as good. */
static bool want_class(const eb_route_run *run, int worst_rank, islands *is)
{
    const eb_network *n = run->roads.network;
    bool any = false;
    for (size_t e = 0; e < eb_network_edge_count(n); e++) {
        const eb_edge *edge = eb_network_edge_at(n, e);
        if (!eb_roads_good(&run->roads, edge, worst_rank)) continue;
        any = is->wanted[is->of_node[edge->from]] = true;
    }
    return any;
}

/* Bring a stop from an island to a road that leads on, where one is near enough. False in *found where none is. */
static eb_status bring_home(eb_route_run *run, eb_stop *stop, const islands *is, bool *found, eb_error *err)
{
    eb_snap snap;
    double island_km = is->components[component_of(run, stop, is)].length_m / 1000;
    eb_status status = snap_best(run, stop, is->of_node, is->wanted, &snap, err);
    *found = status == EB_OK && snap.found;
    if (!*found) return status;
    char text[200];
    snprintf(text, sizeof text, _("the nearest road, %.0f m away, lies on an island of %.1f km; the stop is taken to the one %.0f m away"),
             stop->snap.distance_m, island_km, snap.distance_m);
    stop->snap = snap;
    tell(run, stop, text);
    return EB_OK;
}

/* The stops of a route that lie on no wanted component are brought to one, or told off. */
static eb_status leave_islands(eb_route_run *run, const char *group, const islands *is, const char *told_off, bool lost, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++) {
        eb_stop *stop = &run->stops.items[i];
        bool found = true;
        if (!stop->reached || strcmp(stop->group, group) != 0) continue;
        size_t here = component_of(run, stop, is);
        if (!is->wanted[here]) status = bring_home(run, stop, is, &found, err);
        if (status != EB_OK || found) continue;
        snprintf(stop->reason, sizeof stop->reason, told_off, is->components[here].length_m / 1000);
        stop->reached = !lost;
    }
    return status;
}

static eb_status tell_and_insert(eb_route_run *run, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++)
        if (run->stops.items[i].reached) status = tell_place(run, &run->stops.items[i], err);
    return status == EB_OK ? insert_all(run, err) : status;
}

eb_status eb_route_place_stops(eb_route_run *run, eb_error *err)
{
    islands is = {0};
    eb_status status = snap_all(run, err);
    if (status == EB_OK) status = islands_open(run, &is, err);
    for (size_t g = 0; g < run->stops.group_count && status == EB_OK; g++) {
        want_home(run, run->stops.groups[g], &is);
        status = leave_islands(run, run->stops.groups[g], &is,
                               _("its road lies on an island of %.1f km that is not joined with the other stops"), true, err);
    }
    islands_close(&is);
    return status == EB_OK ? tell_and_insert(run, err) : status;
}

eb_status eb_route_place_by_class(eb_route_run *run, int worst_rank, eb_error *err)
{
    islands is = {0};
    eb_status status = snap_all(run, err);
    if (status == EB_OK) status = islands_open(run, &is, err);
    bool any = status == EB_OK && want_class(run, worst_rank, &is);
    for (size_t g = 0; g < run->stops.group_count && any && status == EB_OK; g++)
        status = leave_islands(run, run->stops.groups[g], &is,
                               _("its own road lies on an island of %.1f km that is not joined with any road of the class"), false, err);
    islands_close(&is);
    return status == EB_OK ? tell_and_insert(run, err) : status;
}
