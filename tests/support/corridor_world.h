/* Lines and polygons in memory for the corridor suites, and an oracle: distances found by trying many places along the lines. */
#ifndef CORRIDOR_WORLD_H
#define CORRIDOR_WORLD_H

#include "analysis/corridor/run.h"

#include <ecobelt/ecobelt.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ok(call)                                                                                                                           \
    do {                                                                                                                                   \
        eb_error err_ = {0};                                                                                                               \
        eb_error *err = &err_;                                                                                                             \
        eb_status got_ = (call);                                                                                                           \
        ck_assert_msg(got_ == EB_OK, "%s: %s: %s", #call, eb_status_name(got_), err_.message);                                             \
    } while (0)

/* A layer of WKT shapes with a text field "name" (and a real field "count"); a name of NULL is a null. */
typedef struct world_row {
    const char *name, *wkt;
    double count;
} world_row;

static inline eb_layer *world_layer(const char *name, const char *crs_text, const world_row *rows, size_t count)
{
    eb_crs *crs = NULL;
    eb_geos *geos = NULL;
    if (crs_text) ok(eb_crs_new(crs_text, &crs, err));
    ok(eb_geos_new(&geos, err));
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_UNKNOWN, crs);
    ck_assert_int_eq(eb_schema_add_field(schema, "name", EB_FIELD_TEXT), 0);
    ck_assert_int_eq(eb_schema_add_field(schema, "count", EB_FIELD_REAL), 1);
    eb_layer *layer = eb_layer_new(schema);
    for (size_t i = 0; i < count; i++) {
        uint8_t *data = NULL;
        size_t size = 0;
        if (rows[i].wkt) {
            eb_shape *shape = NULL;
            ok(eb_shape_from_text(geos, rows[i].wkt, &shape, err));
            ok(eb_shape_write(geos, shape, &data, &size, err));
            eb_shape_free(geos, shape);
        }
        eb_batch *tail = eb_layer_tail(layer);
        ck_assert(eb_batch_add(tail, (int64_t)i + 1, (eb_wkb){data, size}));
        if (rows[i].name) ck_assert(eb_batch_set_text(tail, 0, rows[i].name));
        ck_assert(eb_batch_set_real(tail, 1, rows[i].count));
        free(data);
    }
    eb_schema_free(schema);
    eb_crs_free(crs);
    eb_geos_free(geos);
    return layer;
}

/* Lines ready for corridors. */
static inline eb_status world_lines(const char *crs, const world_row *rows, size_t count, const char *by, eb_corridor_lines *out,
                                    eb_error *err)
{
    eb_layer *layer = world_layer("lines", crs, rows, count);
    eb_source *source = NULL;
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    const char *fields[2] = {by, NULL};
    eb_status status = eb_source_from_layer(layer, NULL, &source, err);
    if (status == EB_OK) status = eb_corridor_lines_read(source, fields, diagnosis, NULL, out, err);
    eb_source_free(source);
    eb_layer_free(layer);
    eb_diagnosis_free(diagnosis);
    return status;
}

/* The corridor of the chosen lines, in the plane. */
static inline eb_shape *world_part(const eb_corridor_lines *lines, eb_corridor_choice choice, eb_geos *geos, const eb_corridor_spec *spec)
{
    eb_shape **shapes = calloc(lines->line_count + 1, sizeof(eb_shape *)), *whole = NULL, *part = NULL;
    size_t count = 0;
    for (size_t i = 0; i < lines->line_count; i++) {
        if (eb_corridor_chosen(lines, choice, i)) ok(eb_corridor_of_line(lines, i, spec, geos, NULL, &shapes[count++], err));
    }
    ok(eb_corridor_union(geos, shapes, count, eb_corridor_least_hole(spec), NULL, &whole, err));
    ok(eb_corridor_part_of(lines, choice, spec, geos, NULL, whole, &part, err));
    free(shapes);
    return part;
}

static const eb_corridor_choice world_all = {EB_CORRIDOR_ALL, EB_CORRIDOR_ALL};

/* The corridor of all lines, in the plane. */
static inline eb_shape *world_corridor(const eb_corridor_lines *lines, eb_geos *geos, const eb_corridor_spec *spec)
{
    return world_part(lines, world_all, geos, spec);
}

static inline double world_try(const eb_corridor_lines *lines, const double *p, double t, double lon, double lat)
{
    double x, y;
    ok(eb_corridor_to_degrees(&lines->frame, p[0] + t * (p[2] - p[0]), p[1] + t * (p[3] - p[1]), &x, &y, err));
    return eb_distance_m(lines->plane.a, lines->plane.f, lon, lat, x, y);
}

/* Geodesic distance from a place to the lines: some places of each edge tried, then the best neighbourhood narrowed down by thirds. */
static inline double world_distance(const eb_corridor_lines *lines, double lon, double lat)
{
    enum { TRIES = 12 };
    double best = INFINITY;
    for (size_t c = 0; c < lines->chain_count; c++) {
        const eb_corridor_chain *chain = &lines->chains[c];
        for (size_t i = chain->first; i + 1 < chain->first + chain->count; i++) {
            const double *p = lines->xy + 2 * i;
            double low = 0, high = 1, least = INFINITY, at = 0;
            for (int k = 0; k <= TRIES; k++) {
                double d = world_try(lines, p, (double)k / TRIES, lon, lat);
                if (d < least) {
                    least = d;
                    at = (double)k / TRIES;
                }
            }
            low = fmax(at - 1.0 / TRIES, 0);
            high = fmin(at + 1.0 / TRIES, 1);
            while (high - low > 1e-7) {
                double a = low + (high - low) / 3, b = high - (high - low) / 3;
                if (world_try(lines, p, a, lon, lat) < world_try(lines, p, b, lon, lat))
                    high = b;
                else
                    low = a;
            }
            best = fmin(best, fmin(least, world_try(lines, p, (low + high) / 2, lon, lat)));
        }
    }
    return best;
}

/*
 * From which side a place sees its nearest place of the lines, by a sign in the plane of longitude and latitude. The lines are tried at
 * many places; each try stands a little to the left and a little to the right of the line, and the nearer of the two decides. @p lead_m how
 * much farther the other side is.
 */
static inline bool world_left(const eb_corridor_lines *lines, double lon, double lat, double *lead_m)
{
    double best[2] = {INFINITY, INFINITY};
    for (size_t c = 0; c < lines->chain_count; c++) {
        const eb_corridor_chain *chain = &lines->chains[c];
        for (size_t i = chain->first; i + 1 < chain->first + chain->count; i++) {
            const double *p = lines->xy + 2 * i;
            /* Half a metre aside, in degrees near 28 N. */
            double dx = (p[2] - p[0]) * 98300, dy = (p[3] - p[1]) * 110800, length = hypot(dx, dy), tries = ceil(length / 10);
            for (double k = 0; k <= tries; k++) {
                for (int side = 0; side < 2; side++) {
                    double aside = (side ? 1 : -1) * 0.5, inner = fmin(fmax(k / tries, 1e-6), 1 - 1e-6);
                    double x = p[0] + inner * (p[2] - p[0]) + aside * dy / length / 98300;
                    double y = p[1] + inner * (p[3] - p[1]) - aside * dx / length / 110800;
                    best[side] = fmin(best[side], eb_distance_m(lines->plane.a, lines->plane.f, lon, lat, x, y));
                }
            }
        }
    }
    *lead_m = fabs(best[0] - best[1]);
    return best[0] < best[1];
}

/* Numbers that look random and are the same on every machine. */
static inline double world_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

#endif
