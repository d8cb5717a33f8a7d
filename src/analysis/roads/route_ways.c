/* Ways through stops: order, legs, and what each leg climbs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ecobelt/measure.h>

#include "analysis/roads/route_run.h"
#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

void eb_route_clear_ways(eb_ways *ways)
{
    for (size_t i = 0; i < ways->count; i++) {
        eb_path_clear(&ways->legs[i].path);
        free(ways->legs[i].points);
    }
    free(ways->legs);
    *ways = (eb_ways){0};
}

const char *eb_route_variant(const eb_route_run *run, size_t variant)
{
    const char *text = variant ? eb_args_text_at(run->args, "alternative", variant - 1) : "";
    return text ? text : "";
}

size_t eb_route_leg_count(const eb_route_run *run, size_t first)
{
    size_t legs = 1;
    while (first + legs < run->ways.count && run->ways.legs[first + legs].number > 1) legs++;
    return legs;
}

bool eb_route_closes(const eb_route_run *run, size_t leg)
{
    const eb_leg *here = &run->ways.legs[leg];
    return run->ask.loop && here->to == run->ways.legs[leg - (here->number - 1)].from;
}

eb_status eb_route_lose(eb_route_run *run, size_t variant, size_t i, bool open_loop, const char *reason, eb_error *err)
{
    eb_stop *stop = &run->stops.items[i];
    if (variant == 0 && !open_loop) {
        stop->reached = false;
        eb_text_copy(stop->reason, sizeof stop->reason, reason);
        return EB_OK;
    }
    if (!open_loop) stop->on[variant].snap.found = false;
    if (!eb_array_reserve(&run->losses, &run->loss_capacity, run->loss_count + 1, sizeof *run->losses)) return eb_error_memory(err);
    eb_loss *fresh = &run->losses[run->loss_count++];
    *fresh = (eb_loss){.stop = i, .variant = variant, .open_loop = open_loop};
    eb_text_copy(fresh->reason, sizeof fresh->reason, reason);
    eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->stops.layer, stop->fid, stop->lon_deg, stop->lat_deg, NAN, NAN, reason);
    return EB_OK;
}

/* Mark a class as avoided. */
static eb_status avoid_class(const eb_route_run *run, const char *name, bool *avoid, eb_error *err)
{
    const int rank = eb_roads_rank(&run->roads, name);
    if (rank < 0) return eb_route_no_class(name, err);
    avoid[rank] = true;
    return EB_OK;
}

eb_status eb_route_avoided(const eb_route_run *run, size_t variant, bool **avoid, bool *any, eb_error *err)
{
    eb_status status = EB_OK;
    *any = false;
    *avoid = calloc(run->roads.class_count + 1, sizeof **avoid);
    if (!*avoid) return eb_error_memory(err);
    for (size_t i = 0; i < eb_args_count(run->args, "avoid") && status == EB_OK; i++)
        status = avoid_class(run, eb_args_text_at(run->args, "avoid", i), *avoid, err);
    const char *at = eb_route_variant(run, variant);
    char name[EB_ROUTE_CLASS_SIZE];
    while (status == EB_OK && eb_route_next_class(&at, name, sizeof name)) status = avoid_class(run, name, *avoid, err);
    for (size_t c = 0; c < run->roads.class_count; c++) *any = *any || (*avoid)[c];
    return status;
}

/* A route in one of its variants, and the stops that it passes. */
typedef struct tour {
    size_t route, variant;
    size_t *list, count;
    bool has_start, has_end; /* the stop to start from, or to end at, is told, and it can be reached */
} tour;

/* The stops of a tour that can be reached, in the order given. */
static void list_stops(const eb_stops *stops, tour *t)
{
    t->count = 0;
    for (size_t i = 0; i < stops->count; i++) {
        const eb_stop *stop = &stops->items[i];
        if (stop->reached && stop->on[t->variant].snap.found && strcmp(stop->group, stops->groups[t->route]) == 0) t->list[t->count++] = i;
    }
}

/* Bring the stop called @p name to position @p to. EB_USAGE where no reached stop is called so, or several are. */
static eb_status move_named(const eb_stops *stops, const char *name, size_t *list, size_t count, size_t to, eb_error *err)
{
    size_t at = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(stops->items[list[i]].name, name) != 0) continue;
        at = i;
        found++;
    }
    if (found == 0) return eb_route_no_stop(name, err);
    if (found > 1) {
        eb_error_set(err, EB_USAGE, "%zu stops of the route are called \"%s\"", found, name);
        eb_error_hint(err, "name the field that tells them apart with --name, or leave stops out with --where");
        return EB_USAGE;
    }
    size_t keep = list[at];
    if (at < to)
        memmove(list + at, list + at + 1, (to - at) * sizeof *list);
    else
        memmove(list + to + 1, list + to, (at - to) * sizeof *list);
    list[to] = keep;
    return EB_OK;
}

/* Whether a stop that is told by its name has a place in the tour; an alternative may have lost it, and says so elsewhere. */
static bool has_named(const eb_route_run *run, const tour *t, const char *name)
{
    if (!name || t->variant == 0) return name != NULL;
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(run->stops.items[t->list[i]].name, name) == 0) return true;
    return false;
}

static eb_status apply_ends(eb_route_run *run, tour *t, eb_error *err)
{
    t->has_start = has_named(run, t, run->ask.start);
    t->has_end = has_named(run, t, run->ask.end);
    eb_status status = t->has_start ? move_named(&run->stops, run->ask.start, t->list, t->count, 0, err) : EB_OK;
    if (status == EB_OK && t->has_end) status = move_named(&run->stops, run->ask.end, t->list, t->count, t->count - 1, err);
    return status;
}

/* Put stops into the best order; their costs stay in @p costs. EB_REFUSED where no order has a way through all of them. */
static eb_status try_order(eb_route_run *run, const eb_graph *graph, tour *t, bool fixed_end, double *costs, eb_error *err)
{
    size_t *list = t->list, count = t->count;
    size_t *nodes = malloc(count * sizeof *nodes), *order = malloc(count * sizeof *order), *sorted = malloc(count * sizeof *sorted);
    double total = 0, bound = 0;
    eb_status status = nodes && order && sorted ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < count && status == EB_OK; i++) nodes[i] = run->stops.items[list[i]].on[t->variant].node;
    if (status == EB_OK) status = eb_graph_matrix(graph, nodes, count, costs, err);
    const eb_order rule = {.fixed_start = t->has_start, .fixed_end = fixed_end, .loop = run->ask.loop};
    if (status == EB_OK) status = eb_order_best(costs, count, rule, order, &total, &bound, err);
    if (status == EB_OK) {
        for (size_t i = 0; i < count; i++) sorted[i] = list[order[i]];
        memcpy(list, sorted, count * sizeof *list);
        if (bound > 0) run->order_bound_share = fmax(run->order_bound_share, 100 * (total - bound) / bound);
    }
    free(nodes);
    free(order);
    free(sorted);
    return status;
}

static bool are_joined(const double *costs, size_t count, size_t a, size_t b)
{
    return !isinf(costs[a * count + b]) && !isinf(costs[b * count + a]);
}

/* The start, or else the stop that most others can be reached from and left for. */
static size_t find_home(const tour *t, const double *costs)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < t->count && !t->has_start; i++) {
        size_t joined = 0;
        for (size_t k = 0; k < t->count; k++) joined += are_joined(costs, t->count, i, k);
        if (joined <= most) continue;
        most = joined;
        best = i;
    }
    return best;
}

/* Tell the stops off that have no way to and from the others, and take them from the list. */
static eb_status drop_cut_off(eb_route_run *run, tour *t, const double *costs, eb_error *err)
{
    size_t home = find_home(t, costs), kept = 0, all = t->count;
    const char *name = run->stops.items[t->list[home]].name;
    eb_status status = EB_OK;
    for (size_t i = 0; i < all && status == EB_OK; i++) {
        char text[300];
        if (are_joined(costs, all, home, i)) {
            t->list[kept++] = t->list[i];
            continue;
        }
        if (t->variant == 0)
            snprintf(text, sizeof text, _("no way leads here and back from %.60s that the one-way signs and avoided classes allow"), name);
        else
            snprintf(text, sizeof text, _("without %.60s no way leads from %.80s to %.80s and back"), eb_route_variant(run, t->variant),
                     name, run->stops.items[t->list[i]].name);
        status = eb_route_lose(run, t->variant, t->list[i], false, text, err);
    }
    t->count = kept;
    return status;
}

/* Put the stops of a route into the best order; where none passes them all, those that are joined. */
static eb_status order_stops(eb_route_run *run, const eb_graph *graph, tour *t, eb_error *err)
{
    const size_t end = t->has_end ? t->list[t->count - 1] : SIZE_MAX;
    double *costs = malloc(t->count * t->count * sizeof *costs);
    eb_status status = costs ? try_order(run, graph, t, t->has_end, costs, err) : eb_error_memory(err);
    if (status == EB_REFUSED) {
        status = drop_cut_off(run, t, costs, err);
        if (status == EB_OK && t->count >= 2) status = try_order(run, graph, t, t->list[t->count - 1] == end, costs, err);
    }
    free(costs);
    return status;
}

static eb_status add_leg(eb_route_run *run, const eb_leg *leg, eb_error *err)
{
    if (!eb_array_reserve(&run->ways.legs, &run->ways.capacity, run->ways.count + 1, sizeof *run->ways.legs)) return eb_error_memory(err);
    run->ways.legs[run->ways.count++] = *leg;
    return eb_route_trace(run, &run->ways.legs[run->ways.count - 1], err);
}

/* No way from one stop to the next: that one is lost, or a loop stays open. */
static eb_status give_up(eb_route_run *run, const eb_leg *leg, bool closing, eb_error *err)
{
    const eb_stop *from = &run->stops.items[leg->from], *to = &run->stops.items[leg->to];
    char text[300];
    if (leg->variant)
        snprintf(text, sizeof text, _("without %.60s no way leads from %.80s to %.80s"), eb_route_variant(run, leg->variant), from->name,
                 to->name);
    else if (closing)
        snprintf(text, sizeof text, _("the loop stays open: no way leads back from %.80s to %.80s"), from->name, to->name);
    else
        snprintf(text, sizeof text, _("no way leads here from %.80s that the one-way signs and avoided classes allow"), from->name);
    return eb_route_lose(run, leg->variant, leg->to, closing, text, err);
}

/* A stop that no way leads to from the one before is told off, and the route goes on from there. */
static eb_status drive(eb_route_run *run, const eb_graph *graph, const tour *t, eb_error *err)
{
    eb_status status = EB_OK;
    size_t at = 0, number = 0, steps = run->ask.loop && t->count > 1 ? t->count + 1 : t->count;
    for (size_t i = 1; i < steps && status == EB_OK; i++) {
        size_t next = i % t->count;
        if (next == at) break; /* a loop of which nothing but its first stop is left */
        eb_leg leg = {.route = t->route, .variant = t->variant, .number = number + 1, .from = t->list[at], .to = t->list[next]};
        const eb_footing *from = &run->stops.items[leg.from].on[t->variant], *to = &run->stops.items[leg.to].on[t->variant];
        status = eb_graph_path(graph, from->node, to->node, &leg.path, err);
        if (status != EB_OK) break;
        if (!leg.path.found) {
            status = give_up(run, &leg, next == 0, err);
            continue;
        }
        status = add_leg(run, &leg, err);
        at = next;
        number++;
    }
    return status;
}

/* A tour without a leg: the stop that is left is not passed either, and stands with the others. */
static eb_status tell_lone(eb_route_run *run, tour *t, eb_error *err)
{
    size_t all = 0;
    for (size_t i = 0; i < run->stops.count; i++) all += strcmp(run->stops.items[i].group, run->stops.groups[t->route]) == 0;
    list_stops(&run->stops, t);
    eb_status status = EB_OK;
    for (size_t i = 0; i < t->count && status == EB_OK; i++) {
        char text[200];
        if (t->variant)
            snprintf(text, sizeof text, _("without %.60s it is the only stop of its route that can be reached"),
                     eb_route_variant(run, t->variant));
        else
            snprintf(text, sizeof text, "%s",
                     all > 1 ? _("it is the only stop of its route that can be reached: there is no way to find")
                             : _("it is the only stop of its route: there is no way to find"));
        status = eb_route_lose(run, t->variant, t->list[i], false, text, err);
    }
    return status;
}

static eb_status find_route(eb_route_run *run, const eb_graph *graph, size_t route, size_t variant, eb_error *err)
{
    const size_t legs = run->ways.count;
    tour t = {.route = route, .variant = variant, .list = malloc((run->stops.count + 1) * sizeof *t.list)};
    if (!t.list) return eb_error_memory(err);
    list_stops(&run->stops, &t);
    eb_status status = EB_OK;
    if (t.count >= 2) {
        status = apply_ends(run, &t, err);
        if (status == EB_OK && run->ask.best) status = order_stops(run, graph, &t, err);
        if (status == EB_OK) status = drive(run, graph, &t, err);
    }
    if (status == EB_OK && run->ways.count == legs) status = tell_lone(run, &t, err);
    free(t.list);
    return status;
}

static eb_status find_variant(eb_route_run *run, size_t variant, eb_error *err)
{
    bool *avoid = NULL, any = false;
    eb_graph *graph = NULL;
    eb_status status = eb_route_avoided(run, variant, &avoid, &any, err);
    if (status == EB_OK) status = eb_graph_new(run->roads.network, run->ask.cost, avoid, run->roads.class_count, true, &graph, err);
    for (size_t g = 0; g < run->stops.group_count && status == EB_OK; g++) {
        status = eb_env_check(run->env, err);
        if (status == EB_OK) status = find_route(run, graph, g, variant, err);
        eb_env_progress(run->env, "finding ways", (double)(g + 1), (double)run->stops.group_count);
    }
    eb_graph_free(graph);
    free(avoid);
    return status;
}

eb_status eb_route_find_ways(eb_route_run *run, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t v = 0; v < run->variant_count && status == EB_OK; v++) status = find_variant(run, v, err);
    return status;
}
