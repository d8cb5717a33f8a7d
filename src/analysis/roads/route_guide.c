/*
 * What a phone is given: the stops as waypoints in the order of the way, the service points, and each route as one track.
 *
 * One track a route without breaks, since navigation programs stop at the end of a segment; with an elevation model it has a height at
 * every point of the profile, so that the phone draws the same profile as the table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/roads/route_run.h"
#include "base/wkb_build.h"
#include "base/translate.h"

enum { NAME, DESC, TYPE, ROUTE, NUMBER };

static bool add_shape(eb_batch *b, const eb_string *shape, const char *name, const char *desc, const char *type, const char *route)
{
    return !shape->failed && eb_batch_add(b, (int64_t)b->count + 1, eb_wkb_built(shape)) && eb_batch_set_text(b, NAME, name) &&
           eb_batch_set_text(b, DESC, desc) && eb_batch_set_text(b, TYPE, type) && (!*route || eb_batch_set_text(b, ROUTE, route));
}

static bool add_waypoint(const eb_route_run *run, eb_batch *b, const eb_way_point *p, const char *name, const char *desc, const char *type,
                         const char *route, size_t number)
{
    eb_string shape = {0};
    const double coords[] = {p->lon_deg, p->lat_deg, p->height_m};
    eb_wkb_build_point(&shape, coords, run->heights ? 3 : 2);
    bool good = add_shape(b, &shape, name, desc, type, route) && eb_batch_set_integer(b, NUMBER, (int64_t)number);
    eb_string_clear(&shape);
    return good;
}

/* "D (without 高速)" for an alternative. */
static void add_variant(const eb_route_run *run, size_t variant, eb_string *name)
{
    if (variant) eb_string_addf(name, _(" (without %s)"), eb_route_variant(run, variant));
}

/* A stop stands where it is, not where its road is; its height is that of the road. */
static bool add_stop(const eb_route_run *run, eb_batch *b, const eb_leg *leg, bool at_start, double along_m)
{
    const eb_stop *stop = &run->stops.items[at_start ? leg->from : leg->to];
    const size_t number = at_start ? leg->number : leg->number + 1;
    eb_string name = {0};
    char desc[80];
    snprintf(desc, sizeof desc, _("%zu, km %.1f"), number, along_m / 1000);
    eb_string_add(&name, stop->name);
    add_variant(run, leg->variant, &name);
    const eb_way_point at = {
        .lon_deg = stop->lon_deg, .lat_deg = stop->lat_deg, .height_m = leg->points[at_start ? 0 : leg->point_count - 1].height_m};
    bool good = !name.failed && add_waypoint(run, b, &at, eb_string_get(&name), desc, "stop", run->stops.groups[leg->route], number);
    eb_string_clear(&name);
    return good;
}

/* Service points of a leg: places at every multiple of the spacing. */
static bool add_services(const eb_route_run *run, eb_batch *b, const eb_leg *leg, const char *route, double start_m)
{
    const double step_m = run->ask.service_m;
    for (size_t i = 1; step_m > 0 && i < leg->point_count; i++) {
        const eb_way_point *a = &leg->points[i - 1], *z = &leg->points[i];
        const size_t first = (size_t)((start_m + a->distance_m) / step_m) + 1, last = (size_t)((start_m + z->distance_m) / step_m);
        for (size_t k = first; k <= last; k++) {
            char name[40];
            const double at_m = (double)k * step_m, span = z->distance_m - a->distance_m;
            const double t = span > 0 ? (at_m - start_m - a->distance_m) / span : 1;
            const eb_way_point at = {.lon_deg = a->lon_deg + t * (z->lon_deg - a->lon_deg),
                                     .lat_deg = a->lat_deg + t * (z->lat_deg - a->lat_deg),
                                     .height_m = a->height_m + t * (z->height_m - a->height_m)};
            snprintf(name, sizeof name, "km %g", at_m / 1000);
            if (!add_waypoint(run, b, &at, name, name, "service", route, k)) return false;
        }
    }
    return true;
}

/* Whether an alternative passes other stops than its route, or in another order. */
static bool has_own_order(const eb_route_run *run, size_t first)
{
    const eb_leg *legs = run->ways.legs;
    size_t count = eb_route_leg_count(run, first), main = 0;
    if (legs[first].variant == 0) return true;
    while (main < first && (legs[main].variant > 0 || legs[main].route != legs[first].route)) main++;
    if (main == first || eb_route_leg_count(run, main) != count) return true;
    for (size_t k = 0; k < count; k++)
        if (legs[main + k].from != legs[first + k].from || legs[main + k].to != legs[first + k].to) return true;
    return false;
}

/* Waypoints of one route or alternative, in the order in which they are passed. */
static bool add_waypoints(const eb_route_run *run, eb_batch *b, size_t first, size_t legs)
{
    double along_m = 0;
    for (size_t i = first; i < first + legs; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (i == first && !add_stop(run, b, leg, true, 0)) return false;
        if (leg->variant == 0 && !add_services(run, b, leg, run->stops.groups[leg->route], along_m)) return false;
        along_m += leg->path.length_m;
        if (!eb_route_closes(run, i) && !add_stop(run, b, leg, false, along_m)) return false;
    }
    return true;
}

/* The stops that are not passed, with the reason: whoever looks for them on the phone is to know. */
static bool add_unreached(const eb_route_run *run, eb_batch *b)
{
    for (size_t i = 0; i < run->stops.count; i++) {
        const eb_stop *stop = &run->stops.items[i];
        const double place[] = {stop->lon_deg, stop->lat_deg};
        eb_string shape = {0}, name = {0};
        if (stop->reached || isnan(stop->lon_deg)) continue;
        eb_string_addf(&name, _("%s (not reached)"), stop->name);
        eb_wkb_build_point(&shape, place, 2);
        bool good = !name.failed && add_shape(b, &shape, eb_string_get(&name), stop->reason, "unreached", stop->group);
        eb_string_clear(&shape);
        eb_string_clear(&name);
        if (!good) return false;
    }
    return true;
}

/* Points of the legs from @p first on, @p legs of them, as one line. */
static bool build_track(const eb_route_run *run, size_t first, size_t legs, eb_string *shape)
{
    size_t dims = run->heights ? 3 : 2, room = 0, count = 0;
    for (size_t i = first; i < first + legs; i++) room += run->ways.legs[i].point_count;
    double *coords = malloc((room + 1) * dims * sizeof *coords);
    if (!coords) return false;
    for (size_t i = first; i < first + legs; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        /* A leg begins where the one before it ends. */
        for (size_t k = i > first ? 1 : 0; k < leg->point_count; k++, count++) {
            coords[count * dims] = leg->points[k].lon_deg;
            coords[count * dims + 1] = leg->points[k].lat_deg;
            if (run->heights) coords[count * dims + 2] = leg->points[k].height_m;
        }
    }
    eb_wkb_build_line(shape, coords, count, dims);
    free(coords);
    return !shape->failed;
}

static bool is_of_route(const eb_route_run *run, size_t stop, const eb_leg *leg)
{
    return strcmp(run->stops.items[stop].group, run->stops.groups[leg->route]) == 0;
}

static void add_lost(eb_string *text, size_t *before, const eb_stop *stop)
{
    eb_string_addf(text, "%s%s", (*before)++ ? ", " : _("; not reached: "), stop->name);
}

/* What a route or alternative does not reach: "; not reached: A, B"; and where its loop stays open. */
static void describe_losses(const eb_route_run *run, const eb_leg *leg, eb_string *text)
{
    size_t before = 0;
    for (size_t i = 0; i < run->stops.count; i++) {
        if (!run->stops.items[i].reached && is_of_route(run, i, leg)) add_lost(text, &before, &run->stops.items[i]);
    }
    for (size_t k = 0; k < run->loss_count; k++) {
        const eb_loss *loss = &run->losses[k];
        if (loss->variant == leg->variant && !loss->open_loop && is_of_route(run, loss->stop, leg))
            add_lost(text, &before, &run->stops.items[loss->stop]);
    }
    for (size_t k = 0; k < run->loss_count; k++) {
        const eb_loss *loss = &run->losses[k];
        if (loss->variant == leg->variant && loss->open_loop && is_of_route(run, loss->stop, leg))
            eb_string_addf(text, "; %s", loss->reason);
    }
}

/* "653.5 km, 580 min, +4210 m, -3980 m". */
static void describe(const eb_route_run *run, size_t first, size_t legs, eb_string *text)
{
    double length_m = 0, time_s = 0, up_m = 0, down_m = 0;
    for (size_t i = first; i < first + legs; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        length_m += leg->path.length_m;
        time_s += leg->path.time_s;
        up_m += leg->climb.ascent_m;
        down_m += leg->climb.descent_m;
    }
    eb_string_addf(text, "%.1f km, %.0f min", length_m / 1000, time_s / 60);
    if (run->heights) eb_string_addf(text, ", +%.0f m, -%.0f m", up_m, down_m);
    describe_losses(run, &run->ways.legs[first], text);
}

static bool add_track(const eb_route_run *run, eb_batch *b, size_t first, size_t legs)
{
    const eb_leg *leg = &run->ways.legs[first];
    const char *route = run->stops.groups[leg->route];
    const char *from = run->stops.items[leg->from].name, *to = run->stops.items[run->ways.legs[first + legs - 1].to].name;
    eb_string name = {0}, desc = {0}, shape = {0};
    if (*route)
        eb_string_add(&name, route);
    else
        eb_string_addf(&name, "%s - %s", from, to);
    add_variant(run, leg->variant, &name);
    describe(run, first, legs, &desc);
    bool good = build_track(run, first, legs, &shape) && !name.failed && !desc.failed &&
                add_shape(b, &shape, eb_string_get(&name), eb_string_get(&desc), "track", route);
    eb_string_clear(&name);
    eb_string_clear(&desc);
    eb_string_clear(&shape);
    return good;
}

eb_status eb_route_write_guide(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {
        {"name", EB_FIELD_TEXT}, {"desc", EB_FIELD_TEXT}, {"type", EB_FIELD_TEXT}, {"route", EB_FIELD_TEXT}, {"number", EB_FIELD_INTEGER}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "guide", EB_SHAPE_UNKNOWN, fields, sizeof fields / sizeof *fields, err);
    bool good = true;
    for (size_t i = 0; i < run->ways.count && good && w.sink; i += eb_route_leg_count(run, i))
        if (has_own_order(run, i)) good = add_waypoints(run, w.batch, i, eb_route_leg_count(run, i));
    if (good && w.sink) good = add_unreached(run, w.batch);
    for (size_t i = 0; i < run->ways.count && good && w.sink; i += eb_route_leg_count(run, i))
        good = add_track(run, w.batch, i, eb_route_leg_count(run, i));
    if (status == EB_OK && !good) status = eb_error_memory(err);
    return eb_route_writer_close(&w, status, err);
}
