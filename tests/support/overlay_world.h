/* Random layers of every kind of nastiness for overlays, and how they are laid over one another in memory. */
#ifndef OVERLAY_WORLD_H
#define OVERLAY_WORLD_H

#include "test_shapes.h"
#include "test_workspace.h"

static eb_crs *crs;

static inline void setup(void)
{
    /* Beside its centre: PROJ 9.1's inverse of the centre itself and of places around it differ by a millimetre. */
    ck_assert_int_eq(eb_crs_new("+proj=laea +lat_0=29 +lon_0=118 +x_0=-20000 +ellps=GRS80 +units=m", &crs, NULL), EB_OK);
}

static inline void teardown(void)
{
    eb_crs_free(crs);
}

static inline void add_ring(eb_layer *layer, const double *xy, uint32_t count, const char *name)
{
    test_wkb wkb = {0};
    test_wkb_header(&wkb, 3, 1);
    test_wkb_ring(&wkb, xy, count);
    eb_batch *batch = eb_layer_tail(layer);
    ck_assert(eb_batch_add(batch, (int64_t)eb_layer_count(layer), (eb_wkb){wkb.data, wkb.size}));
    ck_assert(eb_batch_set_text(batch, 0, name));
    free(wkb.data);
}

static inline void add_star(eb_layer *layer, uint32_t vertices, double radius, double x, double y, bool hole, uint64_t seed,
                            const char *name)
{
    test_wkb wkb = test_star(vertices, radius, x, y, hole, seed);
    eb_batch *batch = eb_layer_tail(layer);
    ck_assert(eb_batch_add(batch, (int64_t)eb_layer_count(layer), (eb_wkb){wkb.data, wkb.size}));
    ck_assert(eb_batch_set_text(batch, 0, name));
    free(wkb.data);
}

static inline eb_layer *new_layer(const char *name)
{
    eb_schema *schema = eb_schema_new(name, EB_SHAPE_POLYGON, crs);
    ck_assert_int_eq(eb_schema_add_field(schema, "name", EB_FIELD_TEXT), 0);
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    return layer;
}

/* Squares side by side, each corner shaken by @p shake, all sharing their edges; every third has a spike when @p spikes. */
static inline void add_grid(eb_layer *layer, double x0, double y0, double step, int n, double shake, bool spikes, uint64_t seed)
{
    double corners[32][32][2];
    uint64_t state = seed * 7 + 3;
    for (int i = 0; i <= n; i++)
        for (int j = 0; j <= n; j++) {
            corners[i][j][0] = x0 + i * step + shake * (test_random(&state) - 0.5);
            corners[i][j][1] = y0 + j * step + shake * (test_random(&state) - 0.5);
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double *c[4] = {corners[i][j], corners[i + 1][j], corners[i + 1][j + 1], corners[i][j + 1]};
            double xy[14] = {c[0][0], c[0][1], c[1][0], c[1][1], c[2][0], c[2][1]};
            uint32_t count = 3;
            if (spikes && (i + j) % 3 == 0) {
                xy[6] = c[2][0] + step / 2, xy[7] = c[2][1] + step / 3;
                xy[8] = c[2][0], xy[9] = c[2][1];
                count = 5;
            }
            xy[2 * count] = c[3][0], xy[2 * count + 1] = c[3][1];
            add_ring(layer, xy, count + 1, i % 2 ? "odd" : "even");
        }
}

/* Kinds of trouble, by number. */
static const char *const kinds[] = {"stars over stars",      "grid over the same grid", "grid over a grid a hair beside it",
                                    "grid over a half step", "spikes and bow-ties",     "large over small",
                                    "holes that touch"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static inline void make(int kind, uint64_t seed, eb_layer *a, eb_layer *b)
{
    uint64_t state = seed * 31 + 5;
    static const double bow[] = {0, 0, 900, 900, 900, 0, 0, 900};
    double shifted[8];
    switch (kind) {
    case 0:
        for (uint64_t i = 0; i < 25; i++) {
            add_star(a, 60, 900, 5000 * test_random(&state), 5000 * test_random(&state), i % 4 == 0, seed + i, "s");
            add_star(b, 90, 1200, 5000 * test_random(&state), 5000 * test_random(&state), i % 3 == 0, seed + i + 100, "t");
        }
        break;
    case 1:
    case 2:
        add_grid(a, 0, 0, 500, 8, 120, false, seed);
        add_grid(b, kind == 1 ? 0 : 1e-9, 0, 500, 8, 120, false, seed);
        break;
    case 3:
        add_grid(a, 0, 0, 500, 8, 0, false, seed);
        add_grid(b, 250, 250, 500, 8, 0, false, seed);
        break;
    case 4:
        add_grid(a, 0, 0, 500, 6, 80, true, seed);
        for (int i = 0; i < 6; i++) {
            for (int k = 0; k < 8; k++) shifted[k] = bow[k] + 400 * i;
            add_ring(b, shifted, 4, "bow");
        }
        break;
    case 5:
        add_star(b, 3000, 4000, 2000, 2000, true, seed, "large");
        add_grid(a, -2000, -2000, 400, 20, 200, false, seed);
        break;
    default:
        add_grid(a, 0, 0, 300, 6, 0, false, seed);
        for (int i = 0; i < 4; i++) {
            double ring[] = {300.0 * i, 0, 300.0 * i + 600, 0, 300.0 * i + 600, 1500, 300.0 * i + 300, 600, 300.0 * i, 1500};
            add_ring(b, ring, 5, "notched");
        }
    }
}

/* Runs overlay; the tables' areas by part. */
typedef struct parts {
    double both, first, second;
} parts;

static inline parts run_overlay_as(const eb_layer *a, const eb_layer *b, const char *op, const eb_env *env, size_t batch, eb_layer **result,
                                   const char *label)
{
    test_space s;
    eb_error err;
    test_space_init(&s);
    s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
    s.batch_features = batch;
    s.tile_vertices = env->tile_vertices;
    s.held_bytes = env->held_bytes;
    const char *const pairs[] = {"first", "a", "second", "b", "op", op, NULL};
    eb_status status = test_run(&s, "overlay", pairs, env->threads, &err);
    ck_assert_msg(status == EB_OK, "%s %s: %s", label, op, err.message);
    parts p = {test_sum(s.tables[0], "area_m2", "both"), test_sum(s.tables[0], "area_m2", "only first"),
               test_sum(s.tables[0], "area_m2", "only second")};
    if (result) {
        *result = s.results[0];
        free(s.roles[0]);
        s.results[0] = s.results[s.result_count - 1], s.roles[0] = s.roles[s.result_count - 1];
        s.result_count--;
    }
    test_space_clear(&s);
    return p;
}

static inline parts run_overlay(const eb_layer *a, const eb_layer *b, const char *op, int threads, size_t batch, eb_layer **result,
                                const char *label)
{
    const eb_env env = {.threads = threads};
    return run_overlay_as(a, b, op, &env, batch, result, label);
}

#endif
