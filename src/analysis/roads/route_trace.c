/* A leg as points: the road's vertices, and between them enough others for its heights. */
#include <math.h>
#include <stdlib.h>

#include <ecobelt/measure.h>

#include "analysis/roads/route_run.h"
#include "base/array.h"

static bool add_point(eb_leg *leg, double lon, double lat, double distance_m, bool vertex)
{
    if (!eb_array_reserve(&leg->points, &leg->point_capacity, leg->point_count + 1, sizeof *leg->points)) return false;
    leg->points[leg->point_count++] =
        (eb_way_point){.lon_deg = lon, .lat_deg = lat, .height_m = NAN, .distance_m = distance_m, .vertex = vertex};
    return true;
}

/* Points between the last one and a vertex, no farther apart than @p step_m (0: none), and the vertex. */
static bool add_vertex(const eb_route_run *run, eb_leg *leg, double lon, double lat, double step_m)
{
    if (leg->point_count == 0) return add_point(leg, lon, lat, 0, true);
    const eb_way_point last = leg->points[leg->point_count - 1];
    if (last.lon_deg == lon && last.lat_deg == lat) return true;
    const eb_crs_info *info = eb_crs_info_get(run->roads.crs);
    double length_m = eb_distance_m(info->a, info->f, last.lon_deg, last.lat_deg, lon, lat);
    size_t pieces = step_m > 0 && length_m > step_m ? (size_t)ceil(length_m / step_m) : 1;
    for (size_t k = 1; k <= pieces; k++) {
        double t = (double)k / (double)pieces;
        double x = k == pieces ? lon : last.lon_deg + t * (lon - last.lon_deg),
               y = k == pieces ? lat : last.lat_deg + t * (lat - last.lat_deg);
        if (!add_point(leg, x, y, last.distance_m + t * length_m, k == pieces)) return false;
    }
    return true;
}

static bool is_structure(const eb_route_run *run, const eb_leg *leg, size_t k)
{
    if (k >= leg->path.count) return false;
    const eb_edge *edge = eb_network_edge_at(run->roads.network, leg->path.edges[k]);
    return eb_network_road_at(run->roads.network, edge->road)->structure;
}

/* Whether the way leaves edge k on a bridge or in a tunnel still: the next edge is one too, and no road on the ground meets it there. */
static bool goes_on(const eb_route_run *run, const eb_leg *leg, size_t k)
{
    const eb_edge *edge = eb_network_edge_at(run->roads.network, leg->path.edges[k]);
    size_t node = leg->path.forward[k] ? edge->to : edge->from;
    return is_structure(run, leg, k) && is_structure(run, leg, k + 1) && !run->grounded[node];
}

/* Height of the road at a stop on a bridge or in a tunnel: straight between its ends on the ground. */
static eb_status deck_height(const eb_route_run *run, const eb_footing *stop, double *height_m, eb_error *err)
{
    eb_portal ends[2];
    size_t count = 0;
    double a_m = NAN, b_m = NAN;
    eb_status status = eb_network_portals(run->roads.network, stop->node, ends, &count, err);
    if (status == EB_OK && count == 0) return eb_raster_sample(run->dem, stop->snap.lon_deg, stop->snap.lat_deg, height_m, err);
    if (status == EB_OK) status = eb_raster_sample(run->dem, ends[0].lon_deg, ends[0].lat_deg, &a_m, err);
    if (status == EB_OK && count == 2) status = eb_raster_sample(run->dem, ends[1].lon_deg, ends[1].lat_deg, &b_m, err);
    if (count == 1 || isnan(b_m))
        *height_m = a_m;
    else if (isnan(a_m))
        *height_m = b_m;
    else
        *height_m = a_m + (b_m - a_m) * ends[0].distance_m / (ends[0].distance_m + ends[1].distance_m);
    return status;
}

/*
 * Heights of the points of edge k, from @p first to the last one so far. On a bridge or in a tunnel the ground says nothing of the
 * road: only where it begins and ends, be it in one edge or several. Where the leg itself begins or ends there, the stop knows.
 */
static eb_status sample_edge(eb_route_run *run, eb_leg *leg, size_t k, size_t first, eb_error *err)
{
    eb_status status = EB_OK;
    bool structure = is_structure(run, leg, k), still = goes_on(run, leg, k);
    for (size_t i = first; i < leg->point_count && status == EB_OK; i++) {
        eb_way_point *p = &leg->points[i];
        bool starts = k == 0 && i == first, ends = i + 1 == leg->point_count;
        if (!isnan(p->height_m) || (structure && i == first && !starts)) continue;
        if (structure && (starts || (ends && k + 1 == leg->path.count)))
            status = deck_height(run, &run->stops.items[starts ? leg->from : leg->to].on[leg->variant], &p->height_m, err);
        else if (structure && (!ends || still))
            leg->bridged++;
        else
            status = eb_raster_sample(run->dem, p->lon_deg, p->lat_deg, &p->height_m, err);
    }
    return status;
}

static eb_status trace_edge(eb_route_run *run, eb_leg *leg, size_t k, double step_m, eb_error *err)
{
    const eb_edge *edge = eb_network_edge_at(run->roads.network, leg->path.edges[k]);
    size_t first = leg->point_count ? leg->point_count - 1 : 0;
    for (size_t i = 0; i < edge->count; i++) {
        double lon, lat;
        eb_network_vertex(run->roads.network, edge->first + (leg->path.forward[k] ? i : edge->count - 1 - i), &lon, &lat);
        if (!add_vertex(run, leg, lon, lat, step_m)) return eb_error_memory(err);
    }
    return run->dem ? sample_edge(run, leg, k, first, err) : EB_OK;
}

static eb_status climb(eb_route_run *run, eb_leg *leg, eb_error *err)
{
    double *heights = malloc((leg->point_count + 1) * sizeof *heights), *distances = malloc((leg->point_count + 1) * sizeof *distances);
    eb_status status = heights && distances ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) {
        for (size_t i = 0; i < leg->point_count; i++) {
            heights[i] = leg->points[i].height_m;
            distances[i] = leg->points[i].distance_m;
        }
        eb_climb_sum(heights, distances, leg->point_count, run->ask.hysteresis_m, &leg->climb);
        for (size_t i = 0; i < leg->point_count; i++) leg->points[i].height_m = heights[i];
    }
    free(heights);
    free(distances);
    return status;
}

eb_status eb_route_trace(eb_route_run *run, eb_leg *leg, eb_error *err)
{
    double step_m = run->dem ? fmax(eb_raster_cell_m(run->dem) / 2, 1) : 0;
    if (run->dem && !run->grounded) run->grounded = eb_network_grounded(run->roads.network);
    eb_status status = !run->dem || run->grounded ? EB_OK : eb_error_memory(err);
    for (size_t k = 0; k < leg->path.count && status == EB_OK; k++) status = trace_edge(run, leg, k, step_m, err);
    if (status == EB_OK && leg->point_count == 0) {
        /* Two stops on one spot: a leg of no length, which still is one. */
        const eb_footing *stop = &run->stops.items[leg->from].on[leg->variant];
        bool added = add_point(leg, stop->snap.lon_deg, stop->snap.lat_deg, 0, true);
        status = added && add_point(leg, stop->snap.lon_deg, stop->snap.lat_deg, 0, true) ? EB_OK : eb_error_memory(err);
        for (size_t i = 0; i < leg->point_count && run->dem && status == EB_OK; i++)
            status = deck_height(run, stop, &leg->points[i].height_m, err);
    }
    if (status == EB_OK && run->dem) status = climb(run, leg, err);
    return status;
}

bool eb_route_knows_heights(const eb_route_run *run, const eb_leg *leg)
{
    return run->dem && !isnan(leg->climb.lowest_m) && leg->climb.outside == 0;
}
