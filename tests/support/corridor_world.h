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

/* What a place sees of the lines by the definition. */
typedef struct world_sight {
    double distance_m;
    bool left, beyond;
} world_sight;

/* The nearest of the lines so far. */
typedef struct world_nearest {
    double distance_m, off_rad; /* off_rad: at a vertex, between the way out along the edge and the place */
    int edges;                  /* that end at that vertex, 0 for a place within an edge */
    bool left;
} world_nearest;

/* A straight piece a-b seen from the place in the middle of a plane in which distances from it and directions at it are true. */
static inline void world_piece(const double a[2], const double b[2], world_nearest *best)
{
    double dx = b[0] - a[0], dy = b[1] - a[1], length2 = dx * dx + dy * dy;
    double t = fmin(fmax(-(a[0] * dx + a[1] * dy) / length2, 0), 1), qx = a[0] + t * dx, qy = a[1] + t * dy, d = hypot(qx, qy);
    bool vertex = t <= 0 || t >= 1, same = fabs(d - best->distance_m) < 1e-7;
    double out = t <= 0 ? 1 : -1, off = vertex ? acos(fmin(fmax(-out * (qx * dx + qy * dy) / (d * sqrt(length2)), -1), 1)) : 0;
    if (d > best->distance_m && !same) return;
    if (same && vertex) best->edges++;
    if (same && off >= best->off_rad) return;
    *best = (world_nearest){d, off, same ? best->edges : vertex, dy * a[0] - dx * a[1] > 0};
}

/*
 * Side and ends by the definition alone. The vertices, and places between them so near to one another that straight in degrees is straight,
 * are put into a plane of true distances and directions from the place; there it is school geometry.
 */
static inline world_sight world_look(const eb_corridor_lines *lines, double lon, double lat)
{
    const double piece_m = 100, degree = 0.017453292519943295;
    world_nearest best = {.distance_m = INFINITY};
    for (size_t c = 0; c < lines->chain_count; c++) {
        const eb_corridor_chain *chain = &lines->chains[c];
        for (size_t i = chain->first; i + 1 < chain->first + chain->count; i++) {
            const double *p = lines->xy + 2 * i;
            double last[2] = {0, 0}, n = ceil(eb_distance_m(lines->plane.a, lines->plane.f, p[0], p[1], p[2], p[3]) / piece_m);
            for (double k = 0; k <= n; k++) {
                double x = k < n ? p[0] + k / n * (p[2] - p[0]) : p[2], y = k < n ? p[1] + k / n * (p[3] - p[1]) : p[3], azimuth;
                double d = eb_geodetic_inverse(lines->geodesic, lon, lat, x, y, &azimuth, NULL);
                double next[2] = {d * sin(azimuth * degree), d * cos(azimuth * degree)};
                if (k > 0) world_piece(last, next, &best);
                last[0] = next[0];
                last[1] = next[1];
            }
        }
    }
    return (world_sight){best.distance_m, best.left, best.edges == 1 && best.off_rad > 1.5707963267948966};
}

/* Is a place in the corridor by the definition? */
static inline bool world_wants(const eb_corridor_spec *spec, const world_sight *sight)
{
    bool side = spec->part == EB_CORRIDOR_BOTH || sight->left == (spec->part == EB_CORRIDOR_LEFT);
    return sight->distance_m <= spec->width_m && side && !(spec->cap == EB_CAP_FLAT && sight->beyond);
}

/* Are there places of both kinds within the tolerance? Then the place is on the edge. */
static inline bool world_at_edge(const eb_corridor_lines *lines, const eb_corridor_spec *spec, double lon, double lat)
{
    enum { ROUND = 48 };
    bool found[2] = {false, false};
    for (int k = 0; k < ROUND && !(found[0] && found[1]); k++) {
        double x, y;
        eb_geodetic_direct(lines->geodesic, lon, lat, fmod(k * 137.50776, 360), spec->tolerance_m, &x, &y);
        world_sight sight = world_look(lines, x, y);
        found[world_wants(spec, &sight)] = true;
    }
    return found[0] && found[1];
}

/* Does a shape of the plane hold a place of it? */
static inline bool world_holds(eb_geos *geos, const eb_prepared *shape, double x, double y)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *point;
    bool in;
    eb_corridor_add_point(&bytes, x, y);
    ok(eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &point, err));
    ok(eb_prepared_relate(geos, shape, point, EB_REL_INTERSECTS, &in, err));
    eb_shape_free(geos, point);
    free(bytes.data);
    return in;
}

/* What the audit says of a corridor of all lines, as it is written. */
static inline eb_corridor_audit world_audit(const eb_corridor_lines *lines, eb_geos *geos, const eb_corridor_spec *spec,
                                            const eb_shape *shape)
{
    eb_corridor_auditor *auditor;
    eb_corridor_audit audit;
    uint8_t *data;
    size_t size;
    ok(eb_corridor_auditor_new(lines, world_all, spec->tolerance_m, &auditor, err));
    ok(eb_corridor_shape_out(&lines->frame, geos, shape, spec->tolerance_m / 5, &data, &size, err));
    ok(eb_corridor_auditor_run(auditor, (eb_wkb){data, size}, spec, NULL, &audit, err));
    eb_corridor_auditor_free(auditor);
    free(data);
    return audit;
}

/* Numbers that look random and are the same on every machine. */
static inline double world_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Run the test case of a suite; returns the exit code. */
static inline int world_run(const char *name, TCase *tcase)
{
    Suite *suite = suite_create(name);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
