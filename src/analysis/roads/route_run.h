/**
 * @file analysis/route_run.h
 * What the files of the route analysis share: stops, the way through them, its heights.
 */
#ifndef ANALYSIS_ROUTE_RUN_H
#define ANALYSIS_ROUTE_RUN_H

#include <ecobelt/raster.h>

#include "analysis/roads/roads.h"

/** Where a stop meets the network. */
typedef struct eb_footing {
    eb_snap snap; /**< found = false where it does not */
    size_t node;
} eb_footing;

/** A place to pass. */
typedef struct eb_stop {
    int64_t fid;
    char *name, *group;
    double lon_deg, lat_deg;
    eb_footing *on;   /**< one a variant: a road that the route takes may be of a class that an alternative leaves out */
    bool reached;     /**< snapped, and joined with the others of its route */
    char reason[160]; /**< why not */
} eb_stop;

/** All stops, in the order in which they are given within their route. */
typedef struct eb_stops {
    char *layer; /**< where they come from, for the diagnosis */
    eb_stop *items;
    size_t count, capacity;
    char **groups; /**< values of the `by` field, in the order in which they are met; one "" without it */
    size_t group_count, group_capacity;
} eb_stops;

/** A point of the way. */
typedef struct eb_way_point {
    double lon_deg, lat_deg, height_m; /**< height NaN where not known */
    double distance_m;                 /**< from the start of the leg */
    bool vertex;                       /**< a vertex of the road, rather than a point in between for the profile */
} eb_way_point;

/** From one stop to the next. */
typedef struct eb_leg {
    size_t route, variant, number; /**< number from 1 */
    size_t from, to;               /**< stops */
    eb_path path;
    eb_way_point *points;
    size_t point_count, point_capacity;
    eb_climb climb;
    double inside_m; /**< of its length inside the polygons asked for */
    size_t bridged;  /**< points on bridges and in tunnels, whose heights are straight between the ends */
} eb_leg;

/** A stop that an alternative cannot reach (those of the route itself say so themselves), or one that a loop does not come back to. */
typedef struct eb_loss {
    size_t stop, variant;
    bool open_loop;
    char reason[300];
} eb_loss;

/** The ways through all stops. */
typedef struct eb_ways {
    eb_leg *legs;
    size_t count, capacity;
} eb_ways;

/** What is asked for. */
typedef struct eb_route_request {
    const char *stops, *name, *by, *sort, *where, *start, *end, *dem, *inside;
    bool best, loop;
    eb_cost cost;
    double snap_m, hysteresis_m, service_m;
} eb_route_request;

/** Everything a run holds. */
typedef struct eb_route_run {
    const char *name; /**< of the analysis, and so of its main layer */
    const eb_args *args;
    const eb_workspace *space;
    const eb_env *env;
    eb_route_request ask;
    eb_roads roads;
    eb_stops stops;
    eb_ways ways;
    eb_raster *dem;
    size_t variant_count;
    eb_loss *losses;
    size_t loss_count, loss_capacity;
    bool heights;             /**< every leg has them, from end to end */
    size_t partial_legs;      /**< legs of which the elevation model covers a part only */
    bool *grounded;           /**< with an elevation model: whether each node is on the ground */
    double order_bound_share; /**< largest share by which an order may be longer than the best one, in per cent; 0: all exact */
} eb_route_run;

/** A result layer being filled: add features to its batch. */
typedef struct eb_route_writer {
    eb_schema *schema;
    eb_batch *batch;
    eb_sink *sink; /**< NULL: nobody wants it */
} eb_route_writer;

/** A field of a result layer. */
typedef struct eb_route_field {
    const char *name;
    eb_field_type type;
} eb_route_field;

/** Begin a layer in the network's degrees. Whatever it returns, eb_route_writer_close() is to be called. */
eb_status eb_route_writer_open(eb_route_writer *w, const eb_route_run *run, const char *role, eb_shape_kind kind,
                               const eb_route_field *fields, size_t count, eb_error *err);
/** Write the batch where it has grown large, and empty it. */
eb_status eb_route_writer_flush(eb_route_writer *w, eb_error *err);
/** Write the batch and finish, or throw all away where @p status is a failure; frees in any case. Returns @p status or its own failure. */
eb_status eb_route_writer_close(eb_route_writer *w, eb_status status, eb_error *err);

/** What of a request does not go together: EB_USAGE. */
eb_status eb_route_check(const eb_args *args, eb_error *err);
/** Classes and stops that a request names and its layers have not, as far as that can be told before they are read: EB_USAGE. */
eb_status eb_route_check_layers(const eb_args *args, const eb_outlook *look, const char **key, eb_error *err);
/** Room for a class's name. */
enum { EB_ROUTE_CLASS_SIZE = 120 };
/** The next of the classes that an alternative lists, with + between them; false at the end. */
bool eb_route_next_class(const char **at, char *name, size_t size);
/** EB_USAGE: no road is of this class to avoid. */
eb_status eb_route_no_class(const char *name, eb_error *err);
/** EB_USAGE: no stop is called so. */
eb_status eb_route_no_stop(const char *name, eb_error *err);
/** The field with the stops' names: the named one, else the first of the usual ones; -1 where there is none. */
int eb_route_name_field(const eb_schema *schema, const char *named);
/** Read the stops; those without a place are there with their reason. */
eb_status eb_route_read_stops(eb_route_run *run, eb_error *err);
/** Free them. */
void eb_route_clear_stops(eb_stops *stops);
/**
 * Snap the stops, cut the network at them, and tell those off that the others of their route cannot be reached from. A stop goes to the
 * nearest road within reach that is joined with the others', in a tunnel only where there is no other.
 */
eb_status eb_route_place_stops(eb_route_run *run, eb_error *err);
/** The same, but to the nearest road that is joined with one of a class at least as good as @p worst_rank; without one on its own. */
eb_status eb_route_place_by_class(eb_route_run *run, int worst_rank, eb_error *err);
/**
 * Note that a stop is not reached: by the route itself (variant 0), or by one of its alternatives only.
 * @param open_loop the stop is passed, but the loop that begins there does not come back.
 */
eb_status eb_route_lose(eb_route_run *run, size_t variant, size_t stop, bool open_loop, const char *reason, eb_error *err);
/** Classes that a variant avoids, from malloc(), one entry a class: those of `avoid`, and its own. @param[out] any there are some. */
eb_status eb_route_avoided(const eb_route_run *run, size_t variant, bool **avoid, bool *any, eb_error *err);
/** Ways through the stops of every route, in every variant. */
eb_status eb_route_find_ways(eb_route_run *run, eb_error *err);
/** Free them. */
void eb_route_clear_ways(eb_ways *ways);
/** Whether the heights of a leg are known from end to end. */
bool eb_route_knows_heights(const eb_route_run *run, const eb_leg *leg);
/** Whether a leg leads back to where its route began. */
bool eb_route_closes(const eb_route_run *run, size_t leg);
/** Legs of one route and variant, from leg @p first on. */
size_t eb_route_leg_count(const eb_route_run *run, size_t first);
/** Share of a leg inside the polygons asked for, in per cent; a leg without length has none. */
double eb_route_inside_pct(const eb_leg *leg);
/** Points and heights of a leg. */
eb_status eb_route_trace(eb_route_run *run, eb_leg *leg, eb_error *err);
/** Name of a variant: "" for the main one, else the classes it avoids. */
const char *eb_route_variant(const eb_route_run *run, size_t variant);
/** How much of each leg lies inside polygons, where asked for. */
eb_status eb_route_measure_inside(eb_route_run *run, eb_error *err);
/** Write the layer for phones. */
eb_status eb_route_write_guide(const eb_route_run *run, eb_error *err);
/** Hand the tables over. */
eb_status eb_route_tables(const eb_route_run *run, eb_error *err);
/** Write layers and tables. EB_FINDINGS: there are stops that cannot be reached. */
eb_status eb_route_write(eb_route_run *run, eb_error *err);

#endif
