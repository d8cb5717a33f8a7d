/*
 * Points for getting there, as the table for the rating of scenic areas counts them (rules for the quality of service and environment,
 * item 1.1 "accessibility", 70 points). What a map can tell is counted: how far it is along the roads to an airport, an expressway
 * exit, a railway station, a passenger wharf and the city, and the class of the road at the gate. The rest is looked at on the spot.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/access_run.h"
#include "base/text.h"
#include "base/translate.h"

enum { STEPS = 4, ITEM_POINTS = 70 };

/* Words at most for one kind or class. */
enum { WORDS = 6 };

/* Kinds of facilities with their points by distance: the first step that is far enough counts. */
typedef struct criterion {
    const char *key;          /* column stem */
    const char *words[WORDS]; /* values of the kind field, in any case */
    struct {
        double km;
        int points;
    } steps[STEPS];
} criterion;

static const criterion criteria[] = {
    {"airport", {"airport", "机场"}, {{30, 10}, {60, 6}, {100, 2}}},
    {"exit", {"expressway_exit", "exit", "高速出口"}, {{10, 4}, {20, 2}}},
    {"station", {"station", "火车站"}, {{10, 3}, {20, 1}}},
    {"wharf", {"wharf", "码头"}, {{10, 3}, {20, 1}}},
    /* 0 km of the rules is "in the city": its point stands for what lies within the radius given. */
    {"city", {"city", "城市"}, {{0, 15}, {20, 12}, {50, 10}, {120, 5}}},
};
enum { CRITERIA = sizeof criteria / sizeof *criteria, CITY = CRITERIA - 1 };

/* Class of the road at the gate. */
static const struct {
    const char *words[WORDS];
    int points;
} road_points[] = {
    {{"高速", "expressway", "motorway", "一级", "first class", "trunk"}, 10},
    {{"二级", "second class", "primary"}, 6},
    {{"三级", "third class", "secondary"}, 2},
    {{"四级", "fourth class", "等外", "tertiary"}, 0},
    {{"unclassified", "residential", "service", "track"}, 0},
};

/* What is known of one place. */
typedef struct verdict {
    double km[CRITERIA];         /* INFINITY: no way there */
    const char *which[CRITERIA]; /* nearest of its kind, lent */
} verdict;

typedef struct scoring {
    const eb_access_run *run;
    eb_route_run facilities; /**< its stops are the facilities, grouped by kind; roads are the run's */
    verdict *verdicts;
    double *costs;
    size_t known[CRITERIA];
    double city_radius_km;
} scoring;

static bool is_one_of(const char *text, const char *const words[WORDS])
{
    for (size_t i = 0; i < WORDS && words[i]; i++)
        if (eb_text_same(text, words[i])) return true;
    return false;
}

static size_t criterion_of(const char *kind)
{
    size_t c = 0;
    while (c < CRITERIA && !is_one_of(kind, criteria[c].words)) c++;
    return c;
}

/* Distances from all places to one facility. */
static eb_status measure_facility(scoring *s, const eb_graph *graph, const eb_stop *facility, eb_error *err)
{
    size_t c = criterion_of(facility->group);
    eb_status status = eb_graph_reach(graph, &facility->on[0].node, 1, true, s->costs, err);
    for (size_t i = 0; i < s->run->base.stops.count && status == EB_OK; i++) {
        const eb_stop *place = &s->run->base.stops.items[i];
        if (!place->on[0].snap.found) continue;
        double km = (s->costs[place->on[0].node] + place->on[0].snap.distance_m + facility->on[0].snap.distance_m) / 1000;
        if (!(km < s->verdicts[i].km[c])) continue;
        s->verdicts[i].km[c] = km;
        s->verdicts[i].which[c] = facility->name;
    }
    return status;
}

static void tell_unused(const scoring *s, const eb_stop *facility, const char *why)
{
    eb_diagnosis_add(s->run->base.space->diagnosis, EB_EVENT_REJECTED, s->facilities.stops.layer, facility->fid, facility->lon_deg,
                     facility->lat_deg, NAN, NAN, why);
}

static eb_status measure_all(scoring *s, eb_error *err)
{
    eb_graph *graph = NULL;
    eb_status status = eb_graph_new(s->run->base.roads.network, EB_COST_LENGTH, NULL, 0, true, &graph, err);
    for (size_t i = 0; i < s->facilities.stops.count && status == EB_OK; i++) {
        const eb_stop *facility = &s->facilities.stops.items[i];
        size_t c = criterion_of(facility->group);
        char why[160];
        snprintf(why, sizeof why, _("the kind \"%.60s\" is none of airport, expressway_exit, station, wharf, city"), facility->group);
        if (c == CRITERIA || !facility->reached) {
            tell_unused(s, facility, c == CRITERIA ? why : facility->reason);
            continue;
        }
        s->known[c]++;
        status = eb_env_check(s->run->base.env, err);
        if (status == EB_OK) status = measure_facility(s, graph, facility, err);
    }
    eb_graph_free(graph);
    return status;
}

static int most_points(const criterion *c)
{
    return c->steps[0].points;
}

static int distance_points(const scoring *s, size_t c, double km)
{
    for (size_t k = 0; k < STEPS && criteria[c].steps[k].points; k++) {
        double limit_km = c == CITY && k == 0 ? s->city_radius_km : criteria[c].steps[k].km;
        if (km <= limit_km) return criteria[c].steps[k].points;
    }
    return 0;
}

/* Points of the road at the gate; -1 where its class is not one that the rules know. */
static int gate_points(const eb_access_run *run, const eb_stop *place)
{
    const eb_edge *edge = eb_network_edge_at(run->base.roads.network, place->on[0].snap.edge);
    const char *name = eb_roads_class(&run->base.roads, eb_network_road_at(run->base.roads.network, edge->road)->rank);
    for (size_t i = 0; i < sizeof road_points / sizeof *road_points; i++)
        if (is_one_of(name, road_points[i].words)) return road_points[i].points;
    return -1;
}

static void fill_row(const scoring *s, eb_table *t, size_t i)
{
    const eb_stop *place = &s->run->base.stops.items[i];
    size_t r = eb_table_add_row(t);
    int total = 0, of = 0;
    eb_table_set_text(t, r, 0, place->name);
    for (size_t c = 0; c < CRITERIA && place->on[0].snap.found; c++) {
        if (s->known[c] == 0) continue;
        double km = s->verdicts[i].km[c];
        int points = distance_points(s, c, km);
        eb_table_set_text(t, r, 1 + 3 * c, s->verdicts[i].which[c]);
        eb_table_set_real(t, r, 2 + 3 * c, isinf(km) ? NAN : km);
        eb_table_set_integer(t, r, 3 + 3 * c, points);
        total += points;
        of += most_points(&criteria[c]);
    }
    int gate = place->on[0].snap.found ? gate_points(s->run, place) : -1;
    if (gate >= 0) {
        eb_table_set_integer(t, r, 1 + 3 * CRITERIA, gate);
        total += gate;
        of += road_points[0].points;
    }
    if (of == 0) return;
    eb_table_set_integer(t, r, 2 + 3 * CRITERIA, total);
    eb_table_set_integer(t, r, 3 + 3 * CRITERIA, of);
}

static void add_columns(eb_table *t)
{
    eb_table_add_column(t, &(eb_column){"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY});
    for (size_t c = 0; c < CRITERIA; c++) {
        char name[40];
        eb_table_add_column(t, &(eb_column){criteria[c].key, EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN});
        snprintf(name, sizeof name, "%s_km", criteria[c].key);
        eb_table_add_column(t, &(eb_column){name, EB_COLUMN_REAL, "km", 1, EB_ROLE_PLAIN});
        snprintf(name, sizeof name, "%s_points", criteria[c].key);
        eb_table_add_column(t, &(eb_column){name, EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN});
    }
    eb_table_add_column(t, &(eb_column){"road_points", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN});
    eb_table_add_column(t, &(eb_column){"points", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN});
    eb_table_add_column(t, &(eb_column){"of_points", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_PLAIN});
}

static void add_notes(const scoring *s, eb_table *t)
{
    eb_table_set_method(t,
                        "Points of item 1.1 (accessibility, %d points) of the rating of scenic areas; distances along the roads, from the "
                        "place to the nearest facility of each kind, the ways to and from the road included",
                        (int)ITEM_POINTS);
    eb_table_add_note(t, "points: sum of what could be computed; of_points: the most that this sum can reach");
    eb_table_add_note(t, "Not computed, to be judged on the spot: means of transport (5 points), and the rest of the %d points",
                      (int)ITEM_POINTS);
    eb_table_add_note(t, "A place within %g km of the city's point counts as lying in the city", s->city_radius_km);
    for (size_t c = 0; c < CRITERIA; c++)
        if (s->known[c] == 0) eb_table_add_note(t, "Not computed: %s, no facility of this kind on the network", criteria[c].words[0]);
}

static eb_status write_points(const scoring *s, eb_error *err)
{
    eb_table *t = eb_table_new("points", "Points for getting there");
    if (!t) return eb_error_memory(err);
    add_columns(t);
    for (size_t i = 0; i < s->run->base.stops.count; i++) fill_row(s, t, i);
    add_notes(s, t);
    if (eb_table_status(t) == EB_OK) return s->run->base.space->add_table(s->run->base.space->self, t, err);
    eb_table_free(t);
    return eb_error_memory(err);
}

static eb_status make_room(scoring *s, eb_error *err)
{
    size_t places = s->run->base.stops.count;
    s->verdicts = calloc(places + 1, sizeof *s->verdicts);
    s->costs = malloc((eb_network_node_count(s->run->base.roads.network) + 1) * sizeof *s->costs);
    if (!s->verdicts || !s->costs) return eb_error_memory(err);
    for (size_t i = 0; i < places; i++)
        for (size_t c = 0; c < CRITERIA; c++) s->verdicts[i].km[c] = INFINITY;
    return EB_OK;
}

eb_status eb_access_points(const eb_access_run *run, eb_error *err)
{
    const eb_args *args = run->base.args;
    if (!eb_args_has(args, "facilities")) return EB_OK;
    scoring s = {.run = run, .facilities = run->base, .city_radius_km = eb_args_real(args, "city_radius_km")};
    s.facilities.stops = (eb_stops){0};
    s.facilities.ask = (eb_route_request){.stops = eb_args_text(args, "facilities"),
                                          .name = eb_args_text(args, "facility_name"),
                                          .by = eb_args_has(args, "kind") ? eb_args_text(args, "kind") : "kind",
                                          .snap_m = eb_args_real(args, "snap_m")};
    eb_status status = eb_route_read_stops(&s.facilities, err);
    if (status == EB_OK) status = eb_route_place_by_class(&s.facilities, run->rank, err);
    if (status == EB_OK) status = make_room(&s, err);
    if (status == EB_OK) status = measure_all(&s, err);
    if (status == EB_OK) status = write_points(&s, err);
    eb_route_clear_stops(&s.facilities.stops);
    free(s.verdicts);
    free(s.costs);
    return status;
}
