/*
 * Copies of one polygon shaken by a hair: edges from far below rounding to a tenth of a metre apart. Judged by conservation and by what
 * pairs share by a sum of trapezoids, which knows no intersection points.
 */
#include "analysis/overlay/partition.h"
#include "geom/rings.h"
#include "overlay_world.h"

#include <math.h>

enum { MOST_COPIES = 6, MOST_CORNERS = 15 };

/* The corners of each copy. */
typedef struct copies {
    double xy[MOST_COPIES][2 * MOST_CORNERS];
    uint32_t corners;
    int count;
} copies;

/* A star within 40 m to 10 km, or one whose edges cross. */
static uint32_t base_ring(uint64_t *state, double *xy)
{
    const uint32_t count = 4 + (uint32_t)(11 * test_random(state));
    const double radius = pow(10, 1.6 + 2.4 * test_random(state)), x = 1000 * test_random(state), y = 1000 * test_random(state);
    for (uint32_t i = 0; i < count; i++) {
        const double angle = 6.283185307179586 * (i + 0.8 * test_random(state)) / count, r = radius * (0.3 + 0.7 * test_random(state)),
                     s = test_random(state) < 0.1 ? radius * (0.3 + 0.7 * test_random(state)) : r;
        xy[2 * i] = x + r * cos(angle);
        xy[2 * i + 1] = y + s * sin(angle);
    }
    return count;
}

/* Two to six copies; their corners move by 1e-7 m to 0.1 m, which are 1e-12 to 1e-6 degrees. */
static copies near_copies(uint64_t seed)
{
    uint64_t state = seed * 2654435761u + 11;
    for (int i = 0; i < 8; i++) test_random(&state);
    double xy[2 * MOST_CORNERS];
    copies c = {.corners = base_ring(&state, xy)};
    const bool mixed = test_random(&state) < 0.4;
    c.count = 2 + (int)(5 * test_random(&state));
    double metres = pow(10, -7 + 6 * test_random(&state));
    for (int k = 0; k < c.count; k++) {
        if (mixed) metres = pow(10, -7 + 6 * test_random(&state));
        for (uint32_t i = 0; i < 2 * c.corners; i++) c.xy[k][i] = xy[i] + metres * (2 * test_random(&state) - 1);
    }
    return c;
}

/* --- the cells alone --------------------------------------------------------------------------------------------------------------- */

static eb_shape *shape_of(eb_geos *geos, const double *xy, uint32_t corners)
{
    test_wkb wkb = {0};
    eb_shape *raw = NULL, *shape = NULL;
    test_wkb_header(&wkb, 3, 1);
    test_wkb_ring(&wkb, xy, corners);
    ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){wkb.data, wkb.size}, &raw, NULL), EB_OK);
    ck_assert_int_eq(eb_shape_repair(geos, raw, &shape, NULL), EB_OK);
    eb_shape_free(geos, raw);
    free(wkb.data);
    return shape;
}

static bool has(const eb_cell *cell, size_t shape)
{
    for (size_t m = 0; m < cell->member_count; m++)
        if (cell->members[m] == shape) return true;
    return false;
}

/* What two shapes share is the sum of the cells of both; a shape shares all of itself with itself. */
static void check_pair(const eb_partition *p, const eb_rings *rings, size_t i, size_t k, eb_common *common, int seed)
{
    double m2 = 0;
    for (size_t c = 0; c < p->count; c++)
        if (has(&p->cells[c], i) && has(&p->cells[c], k)) m2 += p->cells[c].area_m2;
    const double want = i == k ? rings[i].area : eb_rings_common_area(common, &rings[i], &rings[k]);
    ck_assert_msg(fabs(m2 - want) <= 1e-9 * rings[i].area, "set %d: shapes %zu and %zu share %.17g m2, their cells hold %.17g", seed, i, k,
                  want, m2);
}

enum { SETS = 400, SETS_A_TEST = 50 };

START_TEST(cells)
{
    eb_geos *geos = NULL;
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    const eb_env env = {.threads = 1};
    for (int seed = _i * SETS_A_TEST; seed < (_i + 1) * SETS_A_TEST; seed++) {
        const copies set = near_copies((uint64_t)seed);
        const size_t count = (size_t)set.count;
        eb_shape *shapes[MOST_COPIES];
        eb_rings rings[MOST_COPIES] = {0};
        eb_common common = {0};
        eb_partition *p = NULL;
        eb_error err = {0};
        for (size_t i = 0; i < count; i++) {
            shapes[i] = shape_of(geos, set.xy[i], set.corners);
            ck_assert_int_eq(eb_rings_read_shape(&rings[i], geos, shapes[i], NULL), EB_OK);
        }
        ck_assert_msg(eb_partition_new(geos, shapes, count, &env, &p, &err) == EB_OK, "set %d: %s", seed, err.message);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < count; k++) check_pair(p, rings, i, k, &common, seed);
        eb_partition_free(geos, p);
        eb_common_clear(&common);
        for (size_t i = 0; i < count; i++) {
            eb_rings_clear(&rings[i]);
            eb_shape_free(geos, shapes[i]);
        }
    }
    eb_geos_free(geos);
}
END_TEST

/* --- whole analyses ---------------------------------------------------------------------------------------------------------------- */

static eb_layer *layer_of(const copies *set)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    eb_layer *layer = new_layer("near");
    for (int k = 0; k < set->count; k++) add_ring(layer, set->xy[k], set->corners, names[k]);
    return layer;
}

static void run_over(test_space *s, const eb_layer *layer, int seed, const char *name, const char *const *pairs)
{
    eb_error err = {0};
    test_space_init(s);
    s->names[0] = "near";
    s->layers[0] = layer;
    s->layer_count = 1;
    ck_assert_msg(test_run(s, name, pairs, 1, &err) == EB_OK, "set %d, %s: %s", seed, name, err.message);
}

/* Sets whose cells, or what lies outside of them, come out wrong in floating precision. */
static const int hard[] = {7, 12, 27, 29, 98};

START_TEST(analyses)
{
    static const char *const names[] = {"tabulate", "overlay", "overlay", "designations", "dissolve"};
    static const char *const pairs[][9] = {{"zones", "near", "features", "near", "zone", "name", "class", "name"},
                                           {"first", "near", "second", "near", "op", "union"},
                                           {"first", "near", "second", "near", "op", "symdiff"},
                                           {"layers", "near", "by", "name"},
                                           {"layer", "near"}};
    const copies set = near_copies((uint64_t)hard[_i]);
    eb_layer *layer = layer_of(&set);
    for (int k = 0; k < 5; k++) {
        test_space s;
        run_over(&s, layer, hard[_i], names[k], pairs[k]);
        test_space_clear(&s);
    }
    eb_layer_free(layer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay of what nearly coincides");
    TCase *tests = tcase_create("near");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, cells, 0, SETS / SETS_A_TEST);
    tcase_add_loop_test(tests, analyses, 0, sizeof hard / sizeof *hard);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
