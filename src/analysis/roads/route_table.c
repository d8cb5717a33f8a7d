/* The tables of routes: legs, length by class of road, heights, and what could not be reached. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/route_run.h"
#include "base/translate.h"

static eb_status hand_over(const eb_route_run *run, eb_table *table, eb_error *err)
{
    if (eb_table_status(table) != EB_OK) {
        eb_table_free(table);
        return eb_error_memory(err);
    }
    return run->space->add_table(run->space->self, table, err);
}

static void add_columns(eb_table *table, const eb_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) eb_table_add_column(table, &columns[i]);
}

static eb_status table_legs(const eb_route_run *run, eb_error *err)
{
    static const eb_column columns[] = {
        {"route", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},        {"variant", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
        {"leg", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_KEY},       {"from", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
        {"to", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},         {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED},
        {"time_min", EB_COLUMN_REAL, "min", 1, EB_ROLE_SUMMED}, {"ascent_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_SUMMED},
        {"descent_m", EB_COLUMN_REAL, "m", 0, EB_ROLE_SUMMED}};
    eb_table *t = eb_table_new("route", "Legs of the routes");
    if (!t) return eb_error_memory(err);
    add_columns(t, columns, sizeof columns / sizeof *columns);
    if (run->ask.inside) {
        eb_table_add_column(t, &(eb_column){"inside_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED});
        eb_table_add_column(t, &(eb_column){"inside_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE});
        eb_table_add_note(t, "inside_m: length of the leg inside the polygons of --inside; inside_pct: its share of the leg");
    }
    if (run->partial_legs)
        eb_table_add_note(t, "%zu legs without ascent and descent: the elevation model covers a part of them only", run->partial_legs);
    char method[400];
    eb_roads_method(&run->roads, method, sizeof method);
    if (run->dem)
        eb_table_set_method(t, "%s. Heights bilinear; a climb counts from %.0f m on", method, run->ask.hysteresis_m);
    else
        eb_table_set_method(t, "%s", method);
    /* What rounding leaves between the bound and an order that meets it is no doubt. */
    if (run->ask.best && run->order_bound_share > 1e-6)
        eb_table_add_note(
            t, "Order of more than 12 stops by 2-opt and or-opt: at most %.2f %% costlier than the best one (bound of Held and Karp)",
            run->order_bound_share);
    else if (run->ask.best)
        eb_table_add_note(t, "Order of stops: the best one");
    for (size_t i = 0; i < run->ways.count; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        size_t r = eb_table_add_row(t);
        eb_table_set_text(t, r, 0, run->stops.groups[leg->route]);
        eb_table_set_text(t, r, 1, eb_route_variant(run, leg->variant));
        eb_table_set_integer(t, r, 2, (int64_t)leg->number);
        eb_table_set_text(t, r, 3, run->stops.items[leg->from].name);
        eb_table_set_text(t, r, 4, run->stops.items[leg->to].name);
        eb_table_set_real(t, r, 5, leg->path.length_m);
        eb_table_set_real(t, r, 6, leg->path.time_s / 60);
        bool known = eb_route_knows_heights(run, leg);
        eb_table_set_real(t, r, 7, known ? leg->climb.ascent_m : NAN);
        eb_table_set_real(t, r, 8, known ? leg->climb.descent_m : NAN);
        if (!run->ask.inside) continue;
        eb_table_set_real(t, r, 9, leg->inside_m);
        eb_table_set_real(t, r, 10, eb_route_inside_pct(leg));
    }
    return hand_over(run, t, err);
}

/* Length of a route by class; index class_count is "no known class". */
static void sum_classes(const eb_route_run *run, size_t route, size_t variant, double *sums)
{
    memset(sums, 0, (run->roads.class_count + 1) * sizeof *sums);
    for (size_t i = 0; i < run->ways.count; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (leg->route != route || leg->variant != variant) continue;
        for (size_t k = 0; k < leg->path.count; k++) {
            const eb_edge *edge = eb_network_edge_at(run->roads.network, leg->path.edges[k]);
            int rank = eb_network_road_at(run->roads.network, edge->road)->rank;
            sums[rank >= 0 ? (size_t)rank : run->roads.class_count] += edge->length_m;
        }
    }
}

static void add_class_rows(const eb_route_run *run, eb_table *t, size_t route, size_t variant, const double *sums)
{
    double total = 0;
    for (size_t c = 0; c <= run->roads.class_count; c++) total += sums[c];
    for (size_t c = 0; c <= run->roads.class_count; c++) {
        if (!(sums[c] > 0)) continue;
        size_t r = eb_table_add_row(t);
        eb_table_set_text(t, r, 0, run->stops.groups[route]);
        eb_table_set_text(t, r, 1, eb_route_variant(run, variant));
        eb_table_set_text(t, r, 2, c < run->roads.class_count ? run->roads.classes[c] : "");
        eb_table_set_real(t, r, 3, sums[c]);
        eb_table_set_real(t, r, 4, 100 * sums[c] / total);
    }
}

static eb_status table_classes(const eb_route_run *run, eb_error *err)
{
    static const eb_column columns[] = {{"route", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"variant", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"class", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
                                        {"length_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_SUMMED},
                                        {"share_of_route_pct", EB_COLUMN_REAL, "%", 2, EB_ROLE_SHARE}};
    eb_table *t = eb_table_new("by_class", "Length of the routes by class of road");
    double *sums = malloc((run->roads.class_count + 1) * sizeof *sums);
    if (!t || !sums) {
        eb_table_free(t);
        free(sums);
        return eb_error_memory(err);
    }
    add_columns(t, columns, sizeof columns / sizeof *columns);
    eb_table_add_note(t, "Shares are of the length of the whole route");
    for (size_t g = 0; g < run->stops.group_count; g++) {
        for (size_t v = 0; v < run->variant_count; v++) {
            sum_classes(run, g, v, sums);
            add_class_rows(run, t, g, v, sums);
        }
    }
    free(sums);
    return hand_over(run, t, err);
}

static eb_status table_profile(const eb_route_run *run, eb_error *err)
{
    static const eb_column columns[] = {
        {"route", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},      {"variant", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
        {"leg", EB_COLUMN_INTEGER, NULL, 0, EB_ROLE_KEY},     {"distance_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_PLAIN},
        {"height_m", EB_COLUMN_REAL, "m", 1, EB_ROLE_PLAIN},  {"lon_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN},
        {"lat_deg", EB_COLUMN_REAL, "deg", 7, EB_ROLE_PLAIN}, {"stop", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN}};
    if (!run->dem) return EB_OK;
    eb_table *t = eb_table_new("profile", "Heights along the routes");
    if (!t) return eb_error_memory(err);
    add_columns(t, columns, sizeof columns / sizeof *columns);
    eb_table_add_note(t, "distance_m runs from the start of the route; on bridges and in tunnels heights are straight between the ends");
    double start_m = 0;
    for (size_t i = 0; i < run->ways.count; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (leg->number == 1) start_m = 0;
        for (size_t k = 0; k < leg->point_count; k++) {
            if (isnan(leg->points[k].height_m)) continue;
            size_t r = eb_table_add_row(t);
            eb_table_set_text(t, r, 0, run->stops.groups[leg->route]);
            eb_table_set_text(t, r, 1, eb_route_variant(run, leg->variant));
            eb_table_set_integer(t, r, 2, (int64_t)leg->number);
            eb_table_set_real(t, r, 3, start_m + leg->points[k].distance_m);
            eb_table_set_real(t, r, 4, leg->points[k].height_m);
            eb_table_set_real(t, r, 5, leg->points[k].lon_deg);
            eb_table_set_real(t, r, 6, leg->points[k].lat_deg);
            if (k == 0 && leg->number == 1) eb_table_set_text(t, r, 7, run->stops.items[leg->from].name);
            if (k + 1 == leg->point_count) eb_table_set_text(t, r, 7, run->stops.items[leg->to].name);
        }
        start_m += leg->path.length_m;
    }
    return hand_over(run, t, err);
}

static void add_unreached(const eb_route_run *run, eb_table *t, size_t i, size_t variant, const char *reason)
{
    const eb_stop *stop = &run->stops.items[i];
    size_t r = eb_table_add_row(t);
    eb_table_set_text(t, r, 0, stop->group);
    eb_table_set_text(t, r, 1, eb_route_variant(run, variant));
    eb_table_set_text(t, r, 2, stop->name);
    eb_table_set_text(t, r, 3, reason);
    eb_table_set_real(t, r, 4, stop->lon_deg);
    eb_table_set_real(t, r, 5, stop->lat_deg);
}

/* Only where there are some. */
static eb_status table_unreached(const eb_route_run *run, eb_error *err)
{
    static const eb_column columns[] = {
        {"route", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},      {"variant", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},
        {"name", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_KEY},       {"reason", EB_COLUMN_TEXT, NULL, 0, EB_ROLE_PLAIN},
        {"lon_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN}, {"lat_deg", EB_COLUMN_REAL, "deg", 6, EB_ROLE_PLAIN}};
    eb_table *t = eb_table_new("unreached", "Stops that cannot be reached");
    if (!t) return eb_error_memory(err);
    add_columns(t, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < run->stops.count; i++)
        if (!run->stops.items[i].reached) add_unreached(run, t, i, 0, run->stops.items[i].reason);
    for (size_t k = 0; k < run->loss_count; k++) add_unreached(run, t, run->losses[k].stop, run->losses[k].variant, run->losses[k].reason);
    if (eb_table_row_count(t) > 0) return hand_over(run, t, err);
    eb_table_free(t);
    return EB_OK;
}

eb_status eb_route_tables(const eb_route_run *run, eb_error *err)
{
    eb_status status = table_legs(run, err);
    if (status == EB_OK) status = table_classes(run, err);
    if (status == EB_OK) status = table_profile(run, err);
    return status == EB_OK ? table_unreached(run, err) : status;
}
