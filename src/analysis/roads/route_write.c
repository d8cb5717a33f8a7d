/* The layers of routes: legs, stops, service points, what could not be reached. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/roads/route_run.h"
#include "base/wkb_build.h"
#include "base/translate.h"

/* --- legs ---------------------------------------------------------------------------------------------------------------------------- */

static bool leg_shape(const eb_route_run *run, const eb_leg *leg, eb_string *shape)
{
    size_t dims = run->heights ? 3 : 2, count = 0;
    double *coords = malloc((leg->point_count + 1) * dims * sizeof *coords);
    if (!coords) return false;
    for (size_t i = 0; i < leg->point_count; i++) {
        const eb_way_point *p = &leg->points[i];
        if (!p->vertex) continue;
        coords[count * dims] = p->lon_deg;
        coords[count * dims + 1] = p->lat_deg;
        if (run->heights) coords[count * dims + 2] = p->height_m;
        count++;
    }
    eb_wkb_build_line(shape, coords, count, dims);
    free(coords);
    return !shape->failed;
}

static bool set_leg(const eb_route_run *run, const eb_leg *leg, eb_batch *b)
{
    const eb_stop *from = &run->stops.items[leg->from], *to = &run->stops.items[leg->to];
    bool good = eb_batch_set_text(b, 0, run->stops.groups[leg->route]) && eb_batch_set_text(b, 1, eb_route_variant(run, leg->variant)) &&
                eb_batch_set_integer(b, 2, (int64_t)leg->number) && eb_batch_set_text(b, 3, from->name) &&
                eb_batch_set_text(b, 4, to->name) && eb_batch_set_real(b, 5, leg->path.length_m) &&
                eb_batch_set_real(b, 6, leg->path.time_s / 60);
    if (good && run->ask.inside) good = eb_batch_set_real(b, 9, leg->inside_m) && eb_batch_set_real(b, 10, eb_route_inside_pct(leg));
    if (!eb_route_knows_heights(run, leg)) return good;
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

/* Where a stop stands in one variant of a route. */
typedef struct position {
    const char *route, *variant;
    size_t variant_number, order;
    double distance_m;
} position;

static bool add_ordered_stop(eb_batch *b, const eb_stop *stop, const position *at)
{
    return add_place(b, stop->fid, stop->lon_deg, stop->lat_deg) && eb_batch_set_text(b, 0, at->route) &&
           eb_batch_set_text(b, 1, at->variant) && eb_batch_set_integer(b, 2, (int64_t)at->order) && eb_batch_set_text(b, 3, stop->name) &&
           eb_batch_set_real(b, 4, stop->on[at->variant_number].snap.distance_m) && eb_batch_set_real(b, 5, at->distance_m);
}

/* Stops in the order in which each variant passes them. */
static eb_status write_stops(const eb_route_run *run, eb_error *err)
{
    static const eb_route_field fields[] = {{"route", EB_FIELD_TEXT}, {"variant", EB_FIELD_TEXT}, {"order", EB_FIELD_INTEGER},
                                            {"name", EB_FIELD_TEXT},  {"snap_m", EB_FIELD_REAL},  {"distance_m", EB_FIELD_REAL}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "stops", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    position at = {0};
    for (size_t i = 0; i < run->ways.count && status == EB_OK; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (leg->number == 1) {
            at = (position){.route = run->stops.groups[leg->route],
                            .variant = eb_route_variant(run, leg->variant),
                            .variant_number = leg->variant,
                            .order = 1};
            if (!add_ordered_stop(w.batch, &run->stops.items[leg->from], &at)) return eb_route_writer_close(&w, eb_error_memory(err), err);
        }
        at.order = leg->number + 1;
        at.distance_m += leg->path.length_m;
        if (!eb_route_closes(run, i) && !add_ordered_stop(w.batch, &run->stops.items[leg->to], &at)) status = eb_error_memory(err);
    }
    return eb_route_writer_close(&w, status, err);
}

static bool add_unreached(const eb_route_run *run, eb_batch *b, size_t i, size_t variant, const char *reason)
{
    const eb_stop *stop = &run->stops.items[i];
    return add_place(b, stop->fid, stop->lon_deg, stop->lat_deg) && eb_batch_set_text(b, 0, stop->group) &&
           eb_batch_set_text(b, 1, eb_route_variant(run, variant)) && eb_batch_set_text(b, 2, stop->name) &&
           eb_batch_set_text(b, 3, reason);
}

static eb_status write_unreached(const eb_route_run *run, size_t *count, size_t *open, eb_error *err)
{
    static const eb_route_field fields[] = {
        {"route", EB_FIELD_TEXT}, {"variant", EB_FIELD_TEXT}, {"name", EB_FIELD_TEXT}, {"reason", EB_FIELD_TEXT}};
    eb_route_writer w;
    eb_status status = eb_route_writer_open(&w, run, "unreached", EB_SHAPE_POINT, fields, sizeof fields / sizeof *fields, err);
    *count = *open = 0;
    for (size_t i = 0; i < run->stops.count && status == EB_OK; i++) {
        const eb_stop *stop = &run->stops.items[i];
        if (stop->reached) continue;
        ++*count;
        eb_diagnosis_add(run->space->diagnosis, EB_EVENT_REJECTED, run->stops.layer, stop->fid, stop->lon_deg, stop->lat_deg, NAN, NAN,
                         stop->reason);
        if (!add_unreached(run, w.batch, i, 0, stop->reason)) status = eb_error_memory(err);
    }
    for (size_t k = 0; k < run->loss_count && status == EB_OK; k++) {
        const eb_loss *loss = &run->losses[k];
        *open += loss->open_loop && loss->variant == 0;
        if (!add_unreached(run, w.batch, loss->stop, loss->variant, loss->reason)) status = eb_error_memory(err);
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

/* --- heights ------------------------------------------------------------------------------------------------------------------------- */

static void note_leg(const eb_route_run *run, const eb_leg *leg)
{
    char text[300];
    const char *from = run->stops.items[leg->from].name, *to = run->stops.items[leg->to].name;
    if (isnan(leg->climb.lowest_m))
        snprintf(text, sizeof text, _("no height is known along the leg from %.80s to %.80s: the elevation model does not cover it"), from,
                 to);
    else
        snprintf(
            text, sizeof text,
            _("the elevation model covers a part only of the leg from %.80s to %.80s: %zu of %zu points at its ends have no height, and "
              "its ascent and descent are not known"),
            from, to, leg->climb.outside, leg->point_count);
    eb_diagnosis_add(run->space->diagnosis, EB_EVENT_NOTE, run->ask.dem, EB_NO_FID, leg->points[0].lon_deg, leg->points[0].lat_deg, NAN,
                     NAN, text);
}

/* An elevation model of another region is no elevation model; one with holes is told. */
static eb_status check_heights(eb_route_run *run, eb_error *err)
{
    size_t voids = 0, points = 0, known = 0, whole = 0;
    for (size_t i = 0; i < run->ways.count && run->dem; i++) {
        known += isnan(run->ways.legs[i].climb.lowest_m) ? 0 : 1;
        whole += eb_route_knows_heights(run, &run->ways.legs[i]);
    }
    run->heights = run->dem && whole == run->ways.count;
    run->partial_legs = known - whole;
    if (run->dem && known == 0 && run->ways.count) {
        eb_error_set(err, EB_REFUSED, "the elevation model has no height anywhere along the way");
        eb_error_hint(err, "look at what it covers, for example with gdalinfo; the first stop lies at %.5f, %.5f",
                      run->ways.legs[0].points[0].lon_deg, run->ways.legs[0].points[0].lat_deg);
        eb_error_where(err, run->ask.dem, NULL, EB_NO_FID);
        return EB_REFUSED;
    }
    for (size_t i = 0; i < run->ways.count && run->dem; i++) {
        const eb_leg *leg = &run->ways.legs[i];
        if (!eb_route_knows_heights(run, leg)) {
            note_leg(run, leg);
            continue;
        }
        voids += leg->climb.voids - leg->bridged;
        points += leg->point_count;
    }
    if (voids)
        eb_diagnosis_note(
            run->space->diagnosis, run->ask.dem,
            "%zu of %zu points of the profiles have no height in the elevation model; their heights are straight between neighbours", voids,
            points);
    return EB_OK;
}

eb_status eb_route_write(eb_route_run *run, eb_error *err)
{
    size_t unreached = 0, open = 0;
    eb_status status = check_heights(run, err);
    if (status == EB_OK) status = eb_route_tables(run, err);
    if (status == EB_OK) status = write_legs(run, err);
    if (status == EB_OK) status = write_stops(run, err);
    if (status == EB_OK) status = write_services(run, err);
    if (status == EB_OK) status = write_unreached(run, &unreached, &open, err);
    if (status == EB_OK) status = eb_route_write_guide(run, err);
    if (status != EB_OK || unreached + open == 0) return status;
    if (unreached == 0) {
        eb_error_set(err, EB_FINDINGS, "%zu loops stay open", open);
        eb_error_hint(err, "the table and the layer \"unreached\" say from where no way leads back");
        return EB_FINDINGS;
    }
    eb_error_set(err, EB_FINDINGS, "%zu of %zu stops cannot be reached", unreached, run->stops.count);
    eb_error_hint(err, "the table and the layer \"unreached\" say why, stop by stop; --snap sets how far a road may be");
    return EB_FINDINGS;
}
