/* What a run on routes hands over: legs, stops, service points, profile, tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/route_run.h"
#include "base/array.h"
#include "base/wkb_build.h"
#include "base/translate.h"

/* --- legs ---------------------------------------------------------------------------------------------------------------------------- */

static bool leg_shape(const eb_route_run *run, const eb_leg *leg, eb_string *shape)
{
    size_t dims = run->dem ? 3 : 2, count = 0;
    double *coords = malloc((leg->point_count + 1) * dims * sizeof *coords);
    if (!coords) return false;
    for (size_t i = 0; i < leg->point_count; i++) {
        const eb_way_point *p = &leg->points[i];
        if (!p->vertex) continue;
        coords[count * dims] = p->lon_deg;
        coords[count * dims + 1] = p->lat_deg;
        if (run->dem) coords[count * dims + 2] = isnan(p->height_m) ? 0 : p->height_m;
        count++;
    }
    eb_wkb_build_line(shape, coords, count, dims);
    free(coords);
    return !shape->failed;
}

/* Share of a leg inside the polygons; a leg without length has none. */
static double inside_pct(const eb_leg *leg)
{
    return leg->path.length_m > 0 ? 100 * leg->inside_m / leg->path.length_m : 0;
}

static bool set_leg(const eb_route_run *run, const eb_leg *leg, eb_batch *b)
{
    const eb_stop *from = &run->stops.items[leg->from], *to = &run->stops.items[leg->to];
    bool good = eb_batch_set_text(b, 0, run->stops.groups[leg->route]) && eb_batch_set_text(b, 1, eb_route_variant(run, leg->variant)) &&
                eb_batch_set_integer(b, 2, (int64_t)leg->number) && eb_batch_set_text(b, 3, from->name) &&
                eb_batch_set_text(b, 4, to->name) && eb_batch_set_real(b, 5, leg->path.length_m) &&
                eb_batch_set_real(b, 6, leg->path.time_s / 60);
    if (good && run->ask.inside) good = eb_batch_set_real(b, 9, leg->inside_m) && eb_batch_set_real(b, 10, inside_pct(leg));
    if (!run->dem || isnan(leg->climb.lowest_m)) return good;
    return good && eb_batch_set_real(b, 7, leg->climb.ascent_m) && eb_batch_set_real(b, 8, leg->climb.descent_m);
}

static eb_status write_legs(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"route", EB_FIELD_TEXT},    {"variant", EB_FIELD_TEXT},   {"leg", EB_FIELD_INTEGER},
                                            {"from", EB_FIELD_TEXT},     {"to", EB_FIELD_TEXT},        {"length_m", EB_FIELD_REAL},
                                            {"time_min", EB_FIELD_REAL}, {"ascent_m", EB_FIELD_REAL},  {"descent_m", EB_FIELD_REAL},
                                            {"inside_m", EB_FIELD_REAL}, {"inside_pct", EB_FIELD_REAL}};
    const size_t count = sizeof fields / sizeof *fields;
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "", EB_SHAPE_LINE, fields, run->ask.inside ? count : count - 2, err);
    for (size_t i = 0; i < run->ways.count && status == EB_OK; i++) {
        eb_string shape = {0};
        bool good = leg_shape(run, &run->ways.legs[i], &shape) && eb_batch_add(w.batch, (int64_t)i + 1, eb_wkb_built(&shape)) &&
                    set_leg(run, &run->ways.legs[i], w.batch);
        if (!good) status = eb_error_memory(err);
        eb_string_clear(&shape);
    }
    return eb_route_writer_close(&w, status, err);
}

/* --- stops --------------------------------------------------------------------------------------------------------------------------- */

static bool add_place(eb_batch *b, int64_t fid, double lon, double lat)
{
    eb_string shape = {0};
    eb_wkb_build_point(&shape, (const double[]){lon, lat}, 2);
    bool good = eb_batch_add(b, fid, isnan(lon) ? (eb_wkb){0} : eb_wkb_built(&shape));
    eb_string_clear(&shape);
    return good && !shape.failed;
}

static bool add_ordered_stop(eb_batch *b, const eb_stop *stop, const char *route, size_t order, double distance_m)
{
    return add_place(b, stop->fid, stop->lon_deg, stop->lat_deg) && eb_batch_set_text(b, 0, route) &&
           eb_batch_set_integer(b, 1, (int64_t)order) && eb_batch_set_text(b, 2, stop->name) &&
           eb_batch_set_real(b, 3, stop->snap.distance_m) && eb_batch_set_real(b, 4, distance_m);
}

/* Stops in the order in which the main variant passes them. */
static eb_status write_stops(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"route", EB_FIELD_TEXT},
                                            {"order", EB_FIELD_INTEGER},
                                            {"name", EB_FIELD_TEXT},
                                            {"snap_m", EB_FIELD_REAL},
                                            {"distance_m", EB_FIELD_REAL}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "stops", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    double along_m = 0;
    for (size_t i = 0; i < run->ways.count && status == EB_OK; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        const char *route = run->stops.groups[leg->route];
        if (leg->variant > 0) continue;
        if (leg->number == 1) along_m = 0;
        bool first = leg->number == 1, closes = run->ask.loop && leg->to == run->ways.legs[i - (leg->number - 1)].from;
        if (first && !add_ordered_stop(w.batch, &run->stops.items[leg->from], route, 1, 0)) status = eb_error_memory(err);
        along_m += leg->path.length_m;
        if (!closes && status == EB_OK && !add_ordered_stop(w.batch, &run->stops.items[leg->to], route, leg->number + 1, along_m))
            status = eb_error_memory(err);
    }
    return eb_route_writer_close(&w, status, err);
}

static eb_status write_unreached(const eb_route_run *run, size_t *count, eb_error *err)
{
    static const eb_route_field fields[] = {{"route", EB_FIELD_TEXT}, {"name", EB_FIELD_TEXT}, {"reason", EB_FIELD_TEXT}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "unreached", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    *count = 0;
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++) {
        const eb_stop *stop = &run->stops.items[i];
        if (stop->reached) continue;
        ++*count;
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_REJECTED, run->stops.layer, stop->fid, stop->lon_deg, stop->lat_deg, NAN, NAN,
                         stop->reason);
        bool good = add_place(w.batch, stop->fid, stop->lon_deg, stop->lat_deg) && eb_batch_set_text(w.batch, 0, stop->group) &&
                    eb_batch_set_text(w.batch, 1, stop->name) && eb_batch_set_text(w.batch, 2, stop->reason);
        if (!good) status = eb_error_memory(err);
    }
    return eb_route_writer_close(&w, status, err);
}

/* Service points at every multiple of the spacing along the main variant of each route; *next_m: distance of the next one. */
static bool add_services(const eb_route_run *run, const eb_leg *leg, double start_m, double *next_m, eb_batch *b)
{
    for (size_t i = 1; i < leg->point_count; i++) {
        const eb_way_point *a = &leg->points[i - 1], *z = &leg->points[i];
        while (start_m + z->distance_m >= *next_m) {
            double span = z->distance_m - a->distance_m, t = span > 0 ? (*next_m - start_m - a->distance_m) / span : 1;
            size_t number = (size_t)llround(*next_m / run->ask.service_m);
            bool good = add_place(b, (int64_t)b->count + 1, a->lon_deg + t * (z->lon_deg - a->lon_deg),
                                  a->lat_deg + t * (z->lat_deg - a->lat_deg)) &&
                        eb_batch_set_text(b, 0, run->stops.groups[leg->route]) && eb_batch_set_integer(b, 1, (int64_t)number) &&
                        eb_batch_set_real(b, 2, *next_m);
            if (!good) return false;
            *next_m = run->ask.service_m * (double)(number + 1);
        }
    }
    return true;
}

static eb_status write_services(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"route", EB_FIELD_TEXT}, {"number", EB_FIELD_INTEGER}, {"distance_m", EB_FIELD_REAL}};
    if (!(run->ask.service_m > 0)) return EB_OK;
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "service", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    double start_m = 0, next_m = run->ask.service_m;
    for (size_t i = 0; i < run->ways.count && status == EB_OK; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (leg->variant > 0) continue;
        if (leg->number == 1) {
            start_m = 0;
            next_m = run->ask.service_m;
        }
        if (!add_services(run, leg, start_m, &next_m, w.batch)) status = eb_error_memory(err);
        start_m += leg->path.length_m;
    }
    return eb_route_writer_close(&w, status, err);
}

/* --- tables -------------------------------------------------------------------------------------------------------------------------- */

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
        bool known = run->dem && !isnan(leg->climb.lowest_m);
        eb_table_set_real(t, r, 7, known ? leg->climb.ascent_m : NAN);
        eb_table_set_real(t, r, 8, known ? leg->climb.descent_m : NAN);
        if (!run->ask.inside) continue;
        eb_table_set_real(t, r, 9, leg->inside_m);
        eb_table_set_real(t, r, 10, inside_pct(leg));
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

static void note_voids(const eb_route_run *run)
{
    size_t voids = 0, points = 0;
    for (size_t i = 0; i < run->ways.count && run->dem; i++) {
        voids += run->ways.legs[i].climb.voids - run->ways.legs[i].bridged;
        points += run->ways.legs[i].point_count;
    }
    char text[200];
    snprintf(text, sizeof text,
             _("%zu of %zu points of the profiles have no height in the elevation model; their heights are straight between neighbours"),
             voids, points);
    if (voids) eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->ask.dem, EB_NO_FID, NAN, NAN, NAN, NAN, text);
}

eb_status eb_route_write(eb_route_run *run, eb_error *err)
{
    size_t unreached = 0;
    note_voids(run);
    eb_status status = table_legs(run, err);
    if (status == EB_OK) status = table_classes(run, err);
    if (status == EB_OK) status = table_profile(run, err);
    if (status == EB_OK) status = write_legs(run, err);
    if (status == EB_OK) status = write_stops(run, err);
    if (status == EB_OK) status = write_services(run, err);
    if (status == EB_OK) status = write_unreached(run, &unreached, err);
    if (status == EB_OK) status = eb_route_write_guide(run, err);
    if (status != EB_OK || unreached == 0) return status;
    eb_error_set(err, EB_FINDINGS, "%zu of %zu stops cannot be reached", unreached, run->stops.count);
    eb_error_hint(err, "the layer \"unreached\" says why, stop by stop; --snap sets how far a road may be");
    return EB_FINDINGS;
}
