/*
 * Stops onto roads. One rule for route and access: a stop goes to the nearest road within reach that leads where it has to lead (to the
 * other stops; to a road of the class wanted), by no class that is avoided, and into a tunnel only where there is nothing else. Whenever
 * that is not simply the nearest road, it is said; and a stop that has no such road is told off. Every alternative has places of its own,
 * since it avoids classes that the route itself may use.
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/route_run.h"
#include "base/translate.h"

/* Placing the stops for one variant: what it avoids, and what is known of the network's components without that. */
typedef struct placing {
    eb_route_run *run;
    size_t variant;
    bool *avoid, avoids; /* classes; whether there are any */
    size_t *of_node, count;
    eb_component *components;
    size_t *stops; /* how many stops of a route lie on each */
    bool *wanted;  /* those that a stop may lie on */
} placing;

static eb_status placing_open(placing *p, eb_error *err)
{
    const eb_roads *roads = &p->run->roads;
    eb_status status =
        eb_network_components(roads->network, p->avoid, p->avoid ? roads->class_count : 0, &p->of_node, &p->components, &p->count, err);
    if (status != EB_OK) return status;
    p->stops = calloc(p->count + 1, sizeof *p->stops);
    p->wanted = calloc(p->count + 1, sizeof *p->wanted);
    return p->stops && p->wanted ? EB_OK : eb_error_memory(err);
}

static void placing_close(placing *p)
{
    free(p->avoid);
    free(p->of_node);
    free(p->components);
    free(p->stops);
    free(p->wanted);
}

static eb_snap_rule any_road(const eb_route_run *run)
{
    return (eb_snap_rule){.most_m = run->ask.snap_m, .worst_rank = INT_MAX};
}

/* The nearest road that the variant may use, not in a tunnel where there is another. */
static eb_status snap_best(const placing *p, const eb_stop *stop, bool only_wanted, eb_snap *out, eb_error *err)
{
    eb_network *n = p->run->roads.network;
    eb_snap_rule rule = any_road(p->run);
    rule.no_tunnels = true;
    rule.avoid = p->avoid;
    rule.avoid_count = p->avoid ? p->run->roads.class_count : 0;
    rule.of_node = only_wanted ? p->of_node : NULL;
    rule.components = only_wanted ? p->wanted : NULL;
    eb_status status = eb_network_snap(n, stop->lon_deg, stop->lat_deg, &rule, out, err);
    if (status != EB_OK || out->found) return status;
    rule.no_tunnels = false;
    return eb_network_snap(n, stop->lon_deg, stop->lat_deg, &rule, out, err);
}

static const eb_road *road_of(const eb_route_run *run, const eb_snap *snap)
{
    return eb_network_road_at(run->roads.network, eb_network_edge_at(run->roads.network, snap->edge)->road);
}

static void tell(const eb_route_run *run, const eb_stop *stop, const char *text)
{
    eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->stops.layer, stop->fid, stop->lon_deg, stop->lat_deg, NAN, NAN, text);
}

/* A stop that no road is near enough to. */
static eb_status lose_far(const placing *p, size_t i, eb_error *err)
{
    const eb_route_run *run = p->run;
    const eb_stop *stop = &run->stops.items[i];
    const eb_snap_rule rule = any_road(run);
    char text[160];
    eb_snap any = {0};
    eb_status status = EB_OK;
    if (p->variant) {
        snprintf(text, sizeof text, _("without %.60s there is no road within %.0f m"), eb_route_variant(run, p->variant), run->ask.snap_m);
        return eb_route_lose(p->run, p->variant, i, false, text, err);
    }
    if (p->avoids) status = eb_network_snap(run->roads.network, stop->lon_deg, stop->lat_deg, &rule, &any, err);
    if (status != EB_OK) return status;
    snprintf(text, sizeof text, any.found ? _("no road within %.0f m but of classes to avoid") : _("no road within %.0f m"),
             run->ask.snap_m);
    return eb_route_lose(p->run, 0, i, false, text, err);
}

static eb_status snap_all(const placing *p, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < p->run->stops.count && status == EB_OK; i++) {
        eb_stop *stop = &p->run->stops.items[i];
        if (!stop->reached) continue;
        status = snap_best(p, stop, false, &stop->on[p->variant].snap, err);
        if (status == EB_OK && !stop->on[p->variant].snap.found) status = lose_far(p, i, err);
    }
    return status;
}

/* Component of the road that a stop was snapped to. */
static size_t component_of(const placing *p, const eb_stop *stop)
{
    return p->of_node[eb_network_edge_at(p->run->roads.network, stop->on[p->variant].snap.edge)->from];
}

/* Whether a stop is one of a route that the variant has a place for. */
static bool is_placed(const placing *p, const eb_stop *stop, const char *group)
{
    return stop->reached && stop->on[p->variant].snap.found && strcmp(stop->group, group) == 0;
}

/* Want the component that most stops of a route lie on; the one with more road of two. */
static void want_home(const placing *p, const char *group)
{
    memset(p->stops, 0, p->count * sizeof *p->stops);
    memset(p->wanted, 0, p->count * sizeof *p->wanted);
    for (size_t i = 0; i < p->run->stops.count; i++) {
        const eb_stop *stop = &p->run->stops.items[i];
        if (is_placed(p, stop, group)) p->stops[component_of(p, stop)]++;
    }
    size_t best = 0;
    for (size_t c = 1; c < p->count; c++)
        if (p->stops[c] > p->stops[best]) best = c;
    if (p->count) p->wanted[best] = true;
}

/* Want the components with a road of a class. False where there is none at all: then all are as good. */
static bool want_class(const placing *p, int worst_rank)
{
    const eb_network *n = p->run->roads.network;
    bool any = false;
    for (size_t e = 0; e < eb_network_edge_count(n); e++) {
        const eb_edge *edge = eb_network_edge_at(n, e);
        if (!eb_roads_good(&p->run->roads, edge, worst_rank)) continue;
        any = p->wanted[p->of_node[edge->from]] = true;
    }
    return any;
}

/* Bring a stop from an island to a road that leads on, where one is near enough. False in *found where none is. */
static eb_status bring_home(const placing *p, eb_stop *stop, bool *found, eb_error *err)
{
    eb_snap snap, *old = &stop->on[p->variant].snap;
    double island_km = p->components[component_of(p, stop)].length_m / 1000;
    eb_status status = snap_best(p, stop, true, &snap, err);
    *found = status == EB_OK && snap.found;
    if (!*found) return status;
    char text[200];
    snprintf(text, sizeof text, _("the nearest road, %.0f m away, lies on an island of %.1f km; the stop is taken to the one %.0f m away"),
             old->distance_m, island_km, snap.distance_m);
    *old = snap;
    if (p->variant == 0) tell(p->run, stop, text);
    return EB_OK;
}

/* A stop on an island that is not joined with the others. */
static eb_status lose_on_island(const placing *p, size_t i, double island_km, eb_error *err)
{
    char text[160];
    if (p->variant)
        snprintf(text, sizeof text, _("without %.40s its road lies on an island of %.1f km that is not joined with the other stops"),
                 eb_route_variant(p->run, p->variant), island_km);
    else if (p->avoids)
        snprintf(text, sizeof text,
                 _("without the classes to avoid its road lies on an island of %.1f km that is not joined with the other stops"),
                 island_km);
    else
        snprintf(text, sizeof text, _("its road lies on an island of %.1f km that is not joined with the other stops"), island_km);
    return eb_route_lose(p->run, p->variant, i, false, text, err);
}

/* The stops of a route that lie on no wanted component are brought to one, or told off; @p lost: and they are out. */
static eb_status leave_islands(const placing *p, const char *group, bool lost, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < p->run->stops.count && status == EB_OK; i++) {
        eb_stop *stop = &p->run->stops.items[i];
        bool found = true;
        if (!is_placed(p, stop, group)) continue;
        double island_km = p->components[component_of(p, stop)].length_m / 1000;
        if (!p->wanted[component_of(p, stop)]) status = bring_home(p, stop, &found, err);
        if (status != EB_OK || found) continue;
        if (lost)
            status = lose_on_island(p, i, island_km, err);
        else
            snprintf(stop->reason, sizeof stop->reason,
                     _("its own road lies on an island of %.1f km that is not joined with any road of the class"), island_km);
    }
    return status;
}

/* Say where a stop lies that is not simply on the nearest road, or not on the ground. */
static eb_status tell_place(const placing *p, const eb_stop *stop, eb_error *err)
{
    const eb_route_run *run = p->run;
    const eb_snap *here = &stop->on[0].snap;
    const eb_snap_rule rule = any_road(run);
    eb_snap nearest;
    char text[300];
    eb_status status = eb_network_snap(run->roads.network, stop->lon_deg, stop->lat_deg, &rule, &nearest, err);
    if (status != EB_OK) return status;
    const eb_road *road = road_of(run, &nearest);
    if (nearest.distance_m < here->distance_m && p->avoids && road->rank >= 0 && p->avoid[road->rank]) {
        snprintf(text, sizeof text, _("the nearest road, %.0f m away, is of a class to avoid; the stop is taken to the one %.0f m away"),
                 nearest.distance_m, here->distance_m);
        tell(run, stop, text);
    } else if (nearest.distance_m < here->distance_m && road->tunnel && !road_of(run, here)->tunnel) {
        snprintf(text, sizeof text, _("the nearest road, %.0f m away, is in a tunnel; the stop is taken to the one %.0f m away"),
                 nearest.distance_m, here->distance_m);
        tell(run, stop, text);
    }
    if (road_of(run, here)->tunnel) {
        snprintf(text, sizeof text, _("there is no road within %.0f m but one in a tunnel, %.0f m away: the stop lies in the tunnel"),
                 run->ask.snap_m, here->distance_m);
        tell(run, stop, text);
    } else if (road_of(run, here)->structure) {
        snprintf(text, sizeof text, _("its road, %.0f m away, is a bridge: the stop lies on the bridge"), here->distance_m);
        tell(run, stop, text);
    }
    return EB_OK;
}

/* Say where an alternative takes a stop to another place than the route itself. */
static void tell_other_place(const placing *p, const eb_stop *stop)
{
    const eb_snap *own = &stop->on[0].snap, *here = &stop->on[p->variant].snap;
    char text[300];
    if (own->lon_deg == here->lon_deg && own->lat_deg == here->lat_deg) return;
    snprintf(text, sizeof text, _("without %.60s the stop is taken to a road %.0f m away rather than to the one %.0f m away"),
             eb_route_variant(p->run, p->variant), here->distance_m, own->distance_m);
    tell(p->run, stop, text);
}

static eb_status tell_places(const placing *p, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < p->run->stops.count && status == EB_OK; i++) {
        const eb_stop *stop = &p->run->stops.items[i];
        if (!is_placed(p, stop, stop->group)) continue;
        if (p->variant)
            tell_other_place(p, stop);
        else
            status = tell_place(p, stop, err);
    }
    return status;
}

/* Make nodes of the snapped stops, of all variants at once: a cut changes the edges that snaps name. */
static eb_status insert_all(eb_route_run *run, eb_error *err)
{
    size_t count = 0, room = run->stops.count * run->variant_count + 1;
    eb_snap *snaps = calloc(room, sizeof *snaps);
    size_t *nodes = malloc(room * sizeof *nodes);
    eb_footing **from = malloc(room * sizeof *from);
    eb_status status = snaps && nodes && from ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++) {
        for (size_t v = 0; v < run->variant_count; v++) {
            eb_footing *here = &run->stops.items[i].on[v];
            if (!run->stops.items[i].reached || !here->snap.found) continue;
            from[count] = here;
            snaps[count++] = here->snap;
        }
    }
    if (status == EB_OK) status = eb_network_insert(run->roads.network, snaps, count, nodes, err);
    for (size_t k = 0; k < count && status == EB_OK; k++) from[k]->node = nodes[k];
    free(snaps);
    free(nodes);
    free(from);
    return status;
}

static eb_status make_room(eb_route_run *run, eb_error *err)
{
    for (size_t i = 0; i < run->stops.count; i++) {
        run->stops.items[i].on = calloc(run->variant_count, sizeof *run->stops.items[i].on);
        if (!run->stops.items[i].on) return eb_error_memory(err);
    }
    return EB_OK;
}

static eb_status place_variant(eb_route_run *run, size_t variant, eb_error *err)
{
    placing p = {.run = run, .variant = variant};
    eb_status status = eb_route_avoided(run, variant, &p.avoid, &p.avoids, err);
    if (status == EB_OK) status = snap_all(&p, err);
    if (status == EB_OK) status = placing_open(&p, err);
    for (size_t g = 0; g < run->stops.group_count && status == EB_OK; g++) {
        want_home(&p, run->stops.groups[g]);
        status = leave_islands(&p, run->stops.groups[g], true, err);
    }
    if (status == EB_OK) status = tell_places(&p, err);
    placing_close(&p);
    return status;
}

eb_status eb_route_place_stops(eb_route_run *run, eb_error *err)
{
    eb_status status = make_room(run, err);
    for (size_t v = 0; v < run->variant_count && status == EB_OK; v++) status = place_variant(run, v, err);
    return status == EB_OK ? insert_all(run, err) : status;
}

eb_status eb_route_place_by_class(eb_route_run *run, int worst_rank, eb_error *err)
{
    placing p = {.run = run};
    eb_status status = make_room(run, err);
    if (status == EB_OK) status = snap_all(&p, err);
    if (status == EB_OK) status = placing_open(&p, err);
    bool any = status == EB_OK && want_class(&p, worst_rank);
    for (size_t g = 0; g < run->stops.group_count && any && status == EB_OK; g++)
        status = leave_islands(&p, run->stops.groups[g], false, err);
    if (status == EB_OK) status = tell_places(&p, err);
    placing_close(&p);
    return status == EB_OK ? insert_all(run, err) : status;
}
