/* Shapes knitted together: judged by their edges alone. Inside the whole each edge must have its twin, the other way round. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geom/knit.h"
#include "geom/rings.h"

enum { MOST = 4000, SHAPES = 64 };
static const double NEAR = 1e-7;

static eb_geos *geos;
static eb_error err;
static uint64_t state;

static void setup(void)
{
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
}

static void teardown(void)
{
    eb_geos_free(geos);
}

static double noise(double size)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return ((double)(state >> 11) / 9007199254740992.0 - 0.5) * 2 * size;
}

static eb_shape *parse(const char *text)
{
    eb_shape *shape = NULL;
    ck_assert_int_eq(eb_shape_from_text(geos, text, &shape, &err), EB_OK);
    return shape;
}

/* The shapes give way to the knitted ones. */
static void knit(eb_shape **shapes, size_t count, const eb_knitting *how)
{
    eb_shape *made[SHAPES];
    ck_assert_int_eq(eb_shapes_knit(geos, shapes, count, how, made, &err), EB_OK);
    for (size_t i = 0; i < count; i++) {
        if (!made[i]) continue;
        ck_assert(eb_shape_empty(geos, made[i]) || eb_shape_valid(geos, made[i], NULL, 0, NULL, NULL));
        eb_shape_free(geos, shapes[i]);
        shapes[i] = made[i];
    }
}

static void free_all(eb_shape **shapes, size_t count)
{
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
}

/* All edges, from where to where; their number. */
static size_t edges_of(eb_shape *const *shapes, size_t count, double (*edges)[4])
{
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        eb_rings rings = {0};
        uint8_t *data = NULL;
        size_t size = 0;
        ck_assert_int_eq(eb_shape_write(geos, shapes[i], &data, &size, &err), EB_OK);
        ck_assert_int_eq(eb_rings_read(&rings, (eb_wkb){data, size}, &err), EB_OK);
        for (size_t r = 0; r < rings.count; r++)
            for (size_t p = 0, n = rings.rings[r].count; p < n; p++) {
                ck_assert_uint_lt(made, MOST);
                memcpy(edges[made], rings.xy + 2 * (rings.rings[r].first + p), 2 * sizeof(double));
                memcpy(edges[made++] + 2, rings.xy + 2 * (rings.rings[r].first + (p + 1) % n), 2 * sizeof(double));
            }
        eb_rings_clear(&rings);
        free(data);
    }
    return made;
}

/* Edges that have no twin. */
static size_t alone(eb_shape *const *shapes, size_t count)
{
    static double edges[MOST][4];
    const size_t made = edges_of(shapes, count, edges);
    size_t left = 0;
    for (size_t i = 0; i < made; i++) {
        size_t twins = 0;
        for (size_t j = 0; j < made; j++)
            twins += edges[i][0] == edges[j][2] && edges[i][1] == edges[j][3] && edges[i][2] == edges[j][0] && edges[i][3] == edges[j][1];
        ck_assert_uint_le(twins, 1);
        left += twins == 0;
    }
    return left;
}

static double area_of(eb_shape *const *shapes, size_t count)
{
    double area = 0;
    for (size_t i = 0; i < count; i++) area += eb_shape_area(geos, shapes[i]);
    return area;
}

START_TEST(vertex_on_an_edge_is_of_both)
{
    eb_shape *shapes[2] = {parse("POLYGON ((0 0, 1000 0, 1000.000000003 400, 1000 1000, 0 1000, 0 0))"),
                           parse("POLYGON ((1000 0, 2000 0, 2000 1000, 999.999999998 1000.000000001, 1000 0))")};
    knit(shapes, 2, &(eb_knitting){.near_m = NEAR});
    ck_assert_uint_eq(eb_shape_vertices(geos, shapes[0]), 6);
    ck_assert_uint_eq(eb_shape_vertices(geos, shapes[1]), 6);
    ck_assert_uint_eq(alone(shapes, 2), 6);
    ck_assert_double_eq_tol(area_of(shapes, 2), 2e6, 1e-4);
    free_all(shapes, 2);
}
END_TEST

START_TEST(what_is_narrow_goes)
{
    eb_shape *shapes[3] = {
        parse("MULTIPOLYGON (((0 0, 1000 0, 1000 1000, 0 1000, 0 0)), ((2000 0, 5000 1000, 3500 500.00000002, 2000 0)))"), /* a sliver */
        parse("POLYGON ((0 2000, 1000 2000, 1000 3000, 500.00000001 3000, 500 2300, 500 3000, 0 3000, 0 2000))"),          /* a slit */
        parse("POLYGON ((0 4000, 900 4000.00000003, 300 4000.00000002, 0 4000))")}; /* only a sliver */
    knit(shapes, 3, &(eb_knitting){.near_m = NEAR});
    ck_assert_uint_eq(eb_shape_part_count(geos, shapes[0]), 1);
    ck_assert_uint_eq(eb_shape_vertices(geos, shapes[0]), 5);
    ck_assert_double_eq(eb_shape_area(geos, shapes[0]), 1e6);
    ck_assert_uint_eq(eb_shape_vertices(geos, shapes[1]), 6);
    ck_assert_double_eq_tol(eb_shape_area(geos, shapes[1]), 1e6, 1e-4);
    ck_assert(eb_shape_empty(geos, shapes[2]));
    free_all(shapes, 3);
}
END_TEST

START_TEST(what_is_wider_stays)
{
    eb_shape *shapes[2] = {parse("POLYGON ((0 0, 1000 0, 1000 1000, 0 1000, 0 0), (100 100, 200 100, 200 200, 100 100))"),
                           parse("POLYGON ((1000.000001 0, 2000 0, 2000 1000, 1000.000001 1000, 1000.000001 0))")};
    eb_shape *made[2] = {NULL, NULL};
    ck_assert_int_eq(eb_shapes_knit(geos, shapes, 2, &(eb_knitting){.near_m = NEAR}, made, &err), EB_OK);
    ck_assert_ptr_null(made[0]);
    ck_assert_ptr_null(made[1]);
    free_all(shapes, 2);
}
END_TEST

/* Every edge is drawn as an arc to its left when it runs east, of 1e-7 of the square of its length. */
static eb_status arc(void *self, const double a[2], const double b[2], double *bend_m, eb_error *error)
{
    (void)error;
    (*(size_t *)self)++;
    *bend_m = 1e-7 * ((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]));
    return EB_OK;
}

/* The vertex lies 0.2 m above an edge that bends by 2.5 m; drawn, the edge must pass below it, and in both shapes alike. */
START_TEST(bend_over_a_vertex)
{
    size_t asked = 0;
    eb_knitting how = {.near_m = NEAR, .bend = arc, .self = &asked};
    for (int outline = 0; outline < 2; outline++) {
        static double edges[MOST][4];
        size_t spans = 0;
        eb_shape *shapes[2] = {parse("POLYGON ((0 0, 5000 0, 5000 3000, 1500 0.2, 0 3000, 0 0))"),
                               parse("POLYGON ((0 0, 0 -3000, 5000 -3000, 5000 0, 0 0))")};
        how.keep_outline = outline == 1;
        knit(shapes, how.keep_outline ? 1 : 2, &how);
        ck_assert_uint_gt(asked, 0);
        ck_assert_uint_eq(eb_shape_vertices(geos, shapes[0]) == 6, how.keep_outline);
        const size_t made = how.keep_outline ? 0 : edges_of(shapes, 2, edges);
        for (size_t i = 0; i < made; i++) {
            const double *e = edges[i], length = fabs(e[2] - e[0]), at = (1500 - e[0]) / (e[2] - e[0]);
            if (e[1] != 0 || e[3] != 0 || !(at > 0 && at < 1)) continue;
            spans++;
            ck_assert_double_lt(4 * at * (1 - at) * 1e-7 * length * length, 0.2);
        }
        ck_assert_uint_eq(spans, how.keep_outline ? 0 : 2);
        if (!how.keep_outline) ck_assert_uint_eq(alone(shapes, 2), 7);
        free_all(shapes, 2);
    }
}
END_TEST

/* Strips of 30 km, a few micrometres from one another: telling them apart by vertices on the way would take a million of these. */
START_TEST(a_hair_between_long_edges)
{
    size_t asked = 0;
    const eb_knitting how = {.near_m = NEAR, .bend = arc, .self = &asked};
    eb_shape *shapes[8];
    size_t vertices = 0, before = 0;
    for (int i = 0; i < 8; i++) {
        char text[256];
        const double y = i * 1000.0, gap = i * 3e-6;
        snprintf(text, sizeof text, "POLYGON ((0 %.9f, 30000 %.9f, 30000 %.9f, 0 %.9f, 0 %.9f))", y + gap, y + gap, y + gap + 1000,
                 y + gap + 1000, y + gap);
        shapes[i] = parse(text);
        before += eb_shape_vertices(geos, shapes[i]);
    }
    const double area = area_of(shapes, 8);
    knit(shapes, 8, &how);
    for (int i = 0; i < 8; i++) vertices += eb_shape_vertices(geos, shapes[i]);
    ck_assert_uint_gt(vertices, before);
    ck_assert_uint_lt(vertices, 2 * (4 * before + 1000));
    ck_assert_double_eq_tol(area_of(shapes, 8), area, 1e-9 * area);
    free_all(shapes, 8);
}
END_TEST

/* A point moved by what rounding could move it. */
static size_t put_point(char *text, size_t room, double x, double y, bool first)
{
    return (size_t)snprintf(text, room, "%s%.12f %.12f", first ? "" : ", ", x + noise(2e-9), y + noise(2e-9));
}

/*
 * Columns between slanted borders; each border has vertices where its left column has them and, by itself, its right one: none of them
 * is the other's. All differ by rounding.
 */
START_TEST(random_borders)
{
    enum { COLUMNS = 8 };
    state = (uint64_t)_i + 1;
    double foot[COLUMNS + 1], head[COLUMNS + 1];
    eb_shape *shapes[COLUMNS];
    for (int c = 0; c <= COLUMNS; c++) {
        foot[c] = c * 3000 + noise(900);
        head[c] = c * 3000 + noise(900);
    }
    for (int c = 0; c < COLUMNS; c++) {
        char text[4000];
        size_t at = (size_t)snprintf(text, sizeof text, "POLYGON ((");
        const double corners[5][2] = {{foot[c], 0}, {foot[c + 1], 0}, {head[c + 1], 7000}, {head[c], 7000}, {foot[c], 0}};
        char begin[64];
        put_point(begin, sizeof begin, corners[0][0], corners[0][1], true);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s", begin);
        for (int k = 0; k < 4; k++) {
            const int extra = k % 2 ? (int)fabs(noise(6)) : 0; /* on the slanted sides only */
            for (int e = 1; e <= extra; e++) {
                const double t = (e + noise(0.3)) / (extra + 1);
                at += put_point(text + at, sizeof text - at, corners[k][0] + t * (corners[k + 1][0] - corners[k][0]),
                                corners[k][1] + t * (corners[k + 1][1] - corners[k][1]), false);
            }
            if (k < 3) at += put_point(text + at, sizeof text - at, corners[k + 1][0], corners[k + 1][1], false);
        }
        snprintf(text + at, sizeof text - at, ", %s))", begin);
        shapes[c] = parse(text);
    }
    const double before = area_of(shapes, COLUMNS);
    knit(shapes, COLUMNS, &(eb_knitting){.near_m = NEAR});
    static double edges[MOST][4];
    const size_t made = edges_of(shapes, COLUMNS, edges);
    size_t outer = 0;
    for (size_t i = 0; i < made; i++) {
        const double *e = edges[i];
        const bool low = fabs(e[1]) < 1 && fabs(e[3]) < 1, high = fabs(e[1] - 7000) < 1 && fabs(e[3] - 7000) < 1;
        if (low || high) outer++;
    }
    /* Those on the slanted sides of the first and the last column have no twin either. */
    size_t sides = 0;
    for (size_t i = 0; i < made; i++) {
        const double *e = edges[i];
        for (int c = 0; c <= COLUMNS; c += COLUMNS)
            sides += fabs(e[0] - (foot[c] + (head[c] - foot[c]) * e[1] / 7000)) < 1e-3 &&
                     fabs(e[2] - (foot[c] + (head[c] - foot[c]) * e[3] / 7000)) < 1e-3;
    }
    ck_assert_uint_eq(outer, 2 * COLUMNS);
    ck_assert_uint_eq(alone(shapes, COLUMNS), outer + sides);
    ck_assert_double_eq_tol(area_of(shapes, COLUMNS), before, 1e-9 * before);
    free_all(shapes, COLUMNS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("geom_knit");
    TCase *tests = tcase_create("knit");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, vertex_on_an_edge_is_of_both);
    tcase_add_test(tests, what_is_narrow_goes);
    tcase_add_test(tests, what_is_wider_stays);
    tcase_add_test(tests, bend_over_a_vertex);
    tcase_add_test(tests, a_hair_between_long_edges);
    tcase_add_loop_test(tests, random_borders, 0, 50);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
