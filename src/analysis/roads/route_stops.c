/* The stops of routes, as they are read. */
#include "analysis/roads/route_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/translate.h"

/* A stop on its way into the list, with its key for sorting. */
typedef struct incoming {
    eb_stop stop;
    double number;
    char *text;
    size_t at;
} incoming;

typedef struct intake {
    const eb_schema *schema;
    int name, by, sort;
    eb_transform *to_degrees;
    incoming *items;
    size_t count, capacity;
} intake;

void eb_route_clear_stops(eb_stops *stops)
{
    for (size_t i = 0; i < stops->count; i++) {
        free(stops->items[i].name);
        free(stops->items[i].on);
        free(stops->items[i].group);
    }
    free(stops->layer);
    for (size_t g = 0; g < stops->group_count; g++) free(stops->groups[g]);
    free(stops->items);
    free(stops->groups);
    *stops = (eb_stops){0};
}

static eb_status find_field(const intake *in, const char *named, int *out, eb_error *err)
{
    *out = named ? eb_schema_find(in->schema, named) : -1;
    if (!named || *out >= 0) return EB_OK;
    eb_error_set(err, EB_USAGE, "the stops have no field \"%s\"", named);
    eb_error_hint(err, "ecobelt info lists the fields of a layer");
    eb_error_where(err, in->schema->file, in->schema->name, EB_NO_FID);
    return EB_USAGE;
}

static char *text_of(const eb_batch *batch, size_t i, int field)
{
    char text[400] = "";
    if (field >= 0) eb_batch_format_at(batch, i, (size_t)field, text, sizeof text);
    return eb_text_dup(text);
}

/* The place of a stop; false with its reason where it has none. */
static bool place_of(const eb_batch *batch, size_t i, eb_stop *stop)
{
    eb_wkb shape = eb_batch_shape_at(batch, i);
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    bool point = eb_wkb_next(&walk, &part) && part.kind == EB_SHAPE_POINT && part.count == 1;
    if (point) eb_wkb_xy(&part, 0, &stop->lon_deg, &stop->lat_deg);
    size_t points = point;
    while (point && eb_wkb_next(&walk, &part)) points++;
    if (points > 1) {
        stop->lon_deg = stop->lat_deg = NAN;
        snprintf(stop->reason, sizeof stop->reason, _("it has %zu places at once, and a stop is one: split it into single points"), points);
        return false;
    }
    bool finite = point && isfinite(stop->lon_deg) && isfinite(stop->lat_deg);
    if (!finite) {
        stop->lon_deg = stop->lat_deg = NAN;
        snprintf(stop->reason, sizeof stop->reason, "%s",
                 shape.size == 0 || !eb_wkb_bad(&walk) ? _("it has no place") : _("its shape is broken"));
    }
    return finite;
}

static eb_status add_stop(intake *in, const eb_batch *batch, size_t i, eb_error *err)
{
    if (eb_wkb_dimension(eb_batch_shape_at(batch, i)) > 0) {
        eb_error_set(err, EB_REFUSED, "stops are points, and this is a %s", eb_shape_kind_name(eb_wkb_kind(eb_batch_shape_at(batch, i))));
        eb_error_hint(err, "give a point layer as the stops");
        eb_error_where(err, in->schema->file, in->schema->name, batch->fids[i]);
        return EB_REFUSED;
    }
    if (!eb_array_reserve(&in->items, &in->capacity, in->count + 1, sizeof *in->items)) return eb_error_memory(err);
    incoming *fresh = &in->items[in->count];
    *fresh = (incoming){.stop = {.fid = batch->fids[i]}, .number = NAN, .at = in->count};
    in->count++;
    fresh->stop.name = text_of(batch, i, in->name);
    fresh->stop.group = text_of(batch, i, in->by);
    fresh->text = text_of(batch, i, in->sort);
    if (!fresh->stop.name || !fresh->stop.group || !fresh->text) return eb_error_memory(err);
    if (in->sort >= 0 && !eb_text_to_real(fresh->text, &fresh->number)) fresh->number = NAN;
    if (!fresh->stop.name[0]) {
        char text[40];
        snprintf(text, sizeof text, "%lld", (long long)batch->fids[i]);
        free(fresh->stop.name);
        fresh->stop.name = eb_text_dup(text);
        if (!fresh->stop.name) return eb_error_memory(err);
    }
    if (!place_of(batch, i, &fresh->stop)) return EB_OK;
    fresh->stop.reached = true;
    if (!in->to_degrees) return EB_OK;
    return eb_transform_points(in->to_degrees, &fresh->stop.lon_deg, &fresh->stop.lat_deg, 1, 1, NULL, err);
}

static eb_status read_layer(eb_route_run *run, intake *in, eb_source *source, eb_error *err)
{
    eb_status status = find_field(in, run->ask.name, &in->name, err);
    in->name = eb_route_name_field(in->schema, run->ask.name);
    if (status == EB_OK) status = find_field(in, run->ask.by, &in->by, err);
    if (status == EB_OK) status = find_field(in, run->ask.sort, &in->sort, err);
    if (status == EB_OK && !eb_crs_same(in->schema->crs, run->roads.crs))
        status = eb_transform_new(in->schema->crs, run->roads.crs, NULL, NULL, &in->to_degrees, err);
    eb_batch *batch = status == EB_OK ? eb_batch_new(in->schema) : NULL;
    if (status == EB_OK && !batch) status = eb_error_memory(err);
    while (status == EB_OK) {
        status = eb_source_next(source, batch, err);
        if (status != EB_OK || batch->count == 0) break;
        for (size_t i = 0; i < batch->count && status == EB_OK; i++) status = add_stop(in, batch, i, err);
        eb_diagnosis_count(run->space->diagnosis, in->schema->name, (int64_t)batch->count, 0);
    }
    eb_batch_free(batch);
    return status;
}

/* By the sort field, numbers before texts, else as they came. */
static int compare_incoming(const void *a, const void *b)
{
    const incoming *x = a, *y = b;
    bool xn = !isnan(x->number), yn = !isnan(y->number);
    if (xn != yn) return xn ? -1 : 1;
    if (xn && x->number != y->number) return x->number < y->number ? -1 : 1;
    int order = xn ? 0 : strcmp(x->text, y->text);
    if (order != 0) return order;
    return x->at < y->at ? -1 : x->at > y->at;
}

static eb_status group_number(eb_stops *stops, const char *group, eb_error *err)
{
    for (size_t g = 0; g < stops->group_count; g++)
        if (strcmp(stops->groups[g], group) == 0) return EB_OK;
    if (!eb_array_reserve(&stops->groups, &stops->group_capacity, stops->group_count + 1, sizeof *stops->groups))
        return eb_error_memory(err);
    stops->groups[stops->group_count] = eb_text_dup(group);
    return stops->groups[stops->group_count] && ++stops->group_count ? EB_OK : eb_error_memory(err);
}

/* Hand the stops over in their order; the intake keeps nothing. */
static eb_status take_stops(intake *in, eb_stops *stops, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; i < in->count && status == EB_OK; i++) status = group_number(stops, in->items[i].stop.group, err);
    if (status == EB_OK && !eb_array_reserve(&stops->items, &stops->capacity, in->count + 1, sizeof *stops->items))
        status = eb_error_memory(err);
    if (status != EB_OK) return status;
    if (in->sort >= 0) qsort(in->items, in->count, sizeof *in->items, compare_incoming);
    for (size_t i = 0; i < in->count; i++) {
        stops->items[stops->count++] = in->items[i].stop;
        in->items[i].stop = (eb_stop){0};
    }
    return EB_OK;
}

eb_status eb_route_read_stops(eb_route_run *run, eb_error *err)
{
    eb_source *source = NULL;
    const eb_read_options options = {.where = run->ask.where};
    eb_status status = run->space->open(run->space->self, run->ask.stops, &options, &source, err);
    if (status != EB_OK) return status;
    intake in = {.schema = eb_source_schema(source)};
    run->stops.layer = eb_text_dup(in.schema->name);
    status = run->stops.layer ? read_layer(run, &in, source, err) : eb_error_memory(err);
    if (status == EB_OK && in.count == 0) {
        status = eb_error_set(err, EB_INPUT, "there is no stop in the layer");
        eb_error_where(err, in.schema->file, in.schema->name, EB_NO_FID);
    }
    if (status == EB_OK) status = take_stops(&in, &run->stops, err);
    for (size_t i = 0; i < in.count; i++) {
        free(in.items[i].stop.name);
        free(in.items[i].stop.group);
        free(in.items[i].text);
    }
    free(in.items);
    eb_transform_free(in.to_degrees);
    eb_source_free(source);
    return status;
}
