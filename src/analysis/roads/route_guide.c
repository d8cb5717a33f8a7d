/*
 * What a phone is given: the stops as waypoints in the order of the way, the service points, and each route as one track.
 *
 * One track a route without breaks, since navigation programs stop at the end of a segment; with an elevation model it has a height at
 * every point of the profile, so that the phone draws the same profile as the table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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
    eb_wkb_build_point(&shape, coords, run->dem ? 3 : 2);
    bool good = add_shape(b, &shape, name, desc, type, route) && eb_batch_set_integer(b, NUMBER, (int64_t)number);
    eb_string_clear(&shape);
    return good;
}

/* A stop stands where it is, not where its road is; its height is that of the road. */
static bool add_stop(const eb_route_run *run, eb_batch *b, const eb_stop *stop, double height_m, const char *route, size_t number,
                     double along_m)
{
    char desc[80];
    snprintf(desc, sizeof desc, _("%zu, km %.1f"), number, along_m / 1000);
    const eb_way_point at = {.lon_deg = stop->lon_deg, .lat_deg = stop->lat_deg, .height_m = height_m};
    return add_waypoint(run, b, &at, stop->name, desc, "stop", route, number);
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

/* Waypoints of the main variant of all routes, in the order in which they are passed. */
static bool add_waypoints(const eb_route_run *run, eb_batch *b)
{
    double along_m = 0;
    for (size_t i = 0; i < run->ways.count; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        const char *route = run->stops.groups[leg->route];
        if (leg->variant > 0 || leg->point_count == 0) continue;
        bool first = leg->number == 1, closes = run->ask.loop && leg->to == run->ways.legs[i - (leg->number - 1)].from;
        if (first) along_m = 0;
        if (first && !add_stop(run, b, &run->stops.items[leg->from], leg->points[0].height_m, route, 1, 0)) return false;
        if (!add_services(run, b, leg, route, along_m)) return false;
        along_m += leg->path.length_m;
        double height_m = leg->points[leg->point_count - 1].height_m;
        if (!closes && !add_stop(run, b, &run->stops.items[leg->to], height_m, route, leg->number + 1, along_m)) return false;
    }
    return true;
}

/* Points of the legs from @p first on, @p legs of them, as one line. */
static bool build_track(const eb_route_run *run, size_t first, size_t legs, eb_string *shape)
{
    size_t dims = run->dem ? 3 : 2, room = 0, count = 0;
    for (size_t i = first; i < first + legs; i++) room += run->ways.legs[i].point_count;
    double *coords = malloc((room + 1) * dims * sizeof *coords);
    if (!coords) return false;
    for (size_t i = first; i < first + legs; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        /* A leg begins where the one before it ends. */
        for (size_t k = i > first ? 1 : 0; k < leg->point_count; k++, count++) {
            coords[count * dims] = leg->points[k].lon_deg;
            coords[count * dims + 1] = leg->points[k].lat_deg;
            if (run->dem) coords[count * dims + 2] = leg->points[k].height_m;
        }
    }
    eb_wkb_build_line(shape, coords, count, dims);
    free(coords);
    return !shape->failed;
}

/* "653.5 km, 580 min, +4210 m, -3980 m". */
static void describe(const eb_route_run *run, size_t first, size_t legs, char *text, size_t size)
{
    double length_m = 0, time_s = 0, up_m = 0, down_m = 0;
    for (size_t i = first; i < first + legs; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        length_m += leg->path.length_m;
        time_s += leg->path.time_s;
        up_m += leg->climb.ascent_m;
        down_m += leg->climb.descent_m;
    }
    if (run->dem)
        snprintf(text, size, "%.1f km, %.0f min, +%.0f m, -%.0f m", length_m / 1000, time_s / 60, up_m, down_m);
    else
        snprintf(text, size, "%.1f km, %.0f min", length_m / 1000, time_s / 60);
}

static bool add_track(const eb_route_run *run, eb_batch *b, size_t first, size_t legs)
{
    const eb_leg *leg = &run->ways.legs[first];
    const char *route = run->stops.groups[leg->route], *variant = eb_route_variant(run, leg->variant);
    const char *from = run->stops.items[leg->from].name, *to = run->stops.items[run->ways.legs[first + legs - 1].to].name;
    eb_string name = {0}, shape = {0};
    char desc[120];
    if (*route)
        eb_string_add(&name, route);
    else
        eb_string_addf(&name, "%s - %s", from, to);
    if (*variant) eb_string_addf(&name, " (without %s)", variant);
    describe(run, first, legs, desc, sizeof desc);
    bool good = build_track(run, first, legs, &shape) && !name.failed && add_shape(b, &shape, eb_string_get(&name), desc, "track", route);
    eb_string_clear(&name);
    eb_string_clear(&shape);
    return good;
}

eb_status eb_route_write_guide(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {
        {"name", EB_FIELD_TEXT}, {"desc", EB_FIELD_TEXT}, {"type", EB_FIELD_TEXT}, {"route", EB_FIELD_TEXT}, {"number", EB_FIELD_INTEGER}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "guide", EB_SHAPE_UNKNOWN, fields, sizeof fields / sizeof *fields, err);
    if (status == EB_OK && w.sink && !add_waypoints(run, w.batch)) status = eb_error_memory(err);
    for (size_t i = 0; i < run->ways.count && status == EB_OK && w.sink;) {
        size_t legs = 1;
        while (i + legs < run->ways.count && run->ways.legs[i + legs].number > 1) legs++;
        if (!add_track(run, w.batch, i, legs)) status = eb_error_memory(err);
        i += legs;
    }
    return eb_route_writer_close(&w, status, err);
}
