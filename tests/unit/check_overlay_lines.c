/*
 * Lines and points among polygons, along their borders and across them: what the polygons get and what is left make up the whole,
 * in the layer's own coordinates, a border that two polygons share gives a line to the first, and GEOS comes to the same rest.
 */
#include <ecobelt/geom.h>

#include "test_shapes.h"
#include "test_workspace.h"

enum { N = 8 };
static const double step = 500;
static eb_crs *crs;
static eb_geos *geos;
static double corners[N + 1][N + 1][2];

static void setup(void)
{
    ck_assert_int_eq(eb_crs_new("+proj=tmerc +lat_0=29 +lon_0=118 +ellps=GRS80 +units=m", &crs, NULL), EB_OK);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    uint64_t state = 5;
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++) {
            corners[i][j][0] = i * step + 120 * (test_random(&state) - 0.5);
            corners[i][j][1] = j * step + 120 * (test_random(&state) - 0.5);
        }
}

static void teardown(void)
{
    eb_geos_free(geos);
    eb_crs_free(crs);
}

static eb_layer *new_layer(const char *name, eb_shape_kind kind)
{
    eb_schema *schema = eb_schema_new(name, kind, crs);
    ck_assert_int_eq(eb_schema_add_field(schema, "number", EB_FIELD_INTEGER), 0);
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    return layer;
}

static void add(eb_layer *layer, const test_wkb *wkb)
{
    eb_batch *batch = eb_layer_tail(layer);
    const int64_t number = (int64_t)eb_layer_count(layer);
    ck_assert(eb_batch_add(batch, number, (eb_wkb){wkb->data, wkb->size}));
    ck_assert(eb_batch_set_integer(batch, 0, number));
    free(wkb->data);
}

/* A point (kind 1) or a line (kind 2). */
static void add_shape(eb_layer *layer, uint32_t kind, const double *xy, uint32_t count)
{
    const uint8_t order = 1;
    test_wkb wkb = {0};
    test_wkb_put(&wkb, &order, 1);
    test_wkb_put(&wkb, &kind, sizeof kind);
    if (kind == 2) test_wkb_put(&wkb, &count, sizeof count);
    test_wkb_put(&wkb, xy, 16 * count);
    add(layer, &wkb);
}

/* The cells of the grid, all their edges shared; or stars over one another. */
static eb_layer *polygons(bool stars)
{
    eb_layer *layer = new_layer("b", EB_SHAPE_POLYGON);
    uint64_t state = 99;
    for (int i = 0; i < N && !stars; i++)
        for (int j = 0; j < N; j++) {
            const double *c[5] = {corners[i][j], corners[i + 1][j], corners[i + 1][j + 1], corners[i][j + 1], corners[i][j]};
            double xy[10];
            for (int k = 0; k < 10; k++) xy[k] = c[k / 2][k % 2];
            test_wkb wkb = {0};
            test_wkb_header(&wkb, 3, 1);
            test_wkb_ring(&wkb, xy, 5);
            add(layer, &wkb);
        }
    for (uint64_t i = 0; i < 25 && stars; i++) {
        test_wkb wkb = test_star(i == 0 ? 3000 : 60, 900, 4000 * test_random(&state), 4000 * test_random(&state), i % 3 == 0, i);
        add(layer, &wkb);
    }
    return layer;
}

static const char *const kinds[] = {"across the grid",       "along its borders",          "along its borders with own vertices",
                                    "a hair beside borders", "there and back on borders",  "through corners",
                                    "across stars",          "with a stretch of no length"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool along_borders(int kind)
{
    return kind >= 1 && kind <= 4;
}

/* A line along a row of corners, or back; @p own vertices of its own on every edge, moved by @p aside. */
static uint32_t follow(double *xy, int row, int own, double aside, bool back)
{
    uint32_t count = 0;
    for (int i = 0; i < N; i++)
        for (int k = 0; k <= own + (i + 1 == N); k++) {
            const double *a = corners[back ? N - i : i][row], *b = corners[back ? N - i - 1 : i + 1][row];
            const double t = k / (own + 1.0);
            xy[2 * count] = a[0] + t * (b[0] - a[0]);
            xy[2 * count + 1] = a[1] + t * (b[1] - a[1]) + (k % 2 ? aside : -aside);
            count++;
        }
    return count;
}

static eb_layer *lines(int kind)
{
    eb_layer *layer = new_layer("a", EB_SHAPE_LINE);
    uint64_t state = 17 + (uint64_t)kind;
    double xy[2 * 200];
    for (int n = 0; n <= N; n++) {
        uint32_t count = 0;
        if (along_borders(kind)) {
            count = follow(xy, n, kind == 1 ? 0 : 3, kind == 3 ? 1e-9 * pow(10, n % 5) : 0, false);
            if (kind == 4) count += follow(xy + 2 * count, n, 2, 0, true);
        } else if (kind == 5) {
            for (; count <= N; count++) memcpy(xy + 2 * count, corners[count][(n + (int)count * 3) % (N + 1)], 16);
        } else {
            for (; count < 60; count++)
                for (int d = 0; d < 2; d++) xy[2 * count + (uint32_t)d] = (N + 2) * step * test_random(&state) - step;
            if (kind == 7) memcpy(xy + 20, xy + 18, 16), count = n == 0 ? 2 : count;
            if (kind == 7 && n == 0) memcpy(xy + 2, xy, 16);
        }
        add_shape(layer, 2, xy, count);
    }
    return layer;
}

typedef struct result {
    double size[2]; /* of the table: both, only first */
    double length;  /* of the shapes, in the layer's own numbers */
    size_t features;
} result;

static result run(const eb_layer *a, const eb_layer *b, const char *op, int threads, const char *label)
{
    test_space s;
    eb_error err;
    test_space_init(&s);
    s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
    s.batch_features = threads == 1 ? 0 : 2;
    const char *const pairs[] = {"first", "a", "second", "b", "op", op, NULL};
    eb_status status = test_run(&s, "overlay", pairs, threads, &err);
    ck_assert_msg(status == EB_OK, "%s %s: %s", label, op, err.message);
    result r = {.features = eb_layer_count(s.results[0])};
    const char *const column = eb_table_column_count(s.tables[0]) > 2 ? "length_m" : "count";
    r.size[0] = test_sum(s.tables[0], column, "both"), r.size[1] = test_sum(s.tables[0], column, "only first");
    for (size_t k = 0; k < eb_layer_batch_count(s.results[0]); k++)
        for (size_t i = 0; i < eb_layer_batch_at(s.results[0], k)->count; i++) {
            eb_shape *shape = NULL;
            ck_assert_int_eq(eb_shape_read(geos, eb_batch_shape_at(eb_layer_batch_at(s.results[0], k), i), &shape, NULL), EB_OK);
            r.length += eb_shape_length(geos, shape);
            eb_shape_free(geos, shape);
        }
    test_space_clear(&s);
    return r;
}

static size_t shapes_of(const eb_layer *layer, eb_shape **shapes)
{
    size_t count = 0;
    for (size_t k = 0; k < eb_layer_batch_count(layer); k++)
        for (size_t i = 0; i < eb_layer_batch_at(layer, k)->count; i++)
            ck_assert_int_eq(eb_shape_read(geos, eb_batch_shape_at(eb_layer_batch_at(layer, k), i), &shapes[count++], NULL), EB_OK);
    return count;
}

START_TEST(nothing_lost)
{
    const char *label = kinds[_i];
    const bool stars = _i == 6;
    eb_layer *a = lines(_i), *b = polygons(stars);
    eb_shape *sa[20], *sb[N * N + 1], *all = NULL;
    double whole = 0, outside = 0;
    const size_t na = shapes_of(a, sa), nb = shapes_of(b, sb);
    ck_assert_int_eq(eb_shape_union_all(geos, sb, nb, &all, NULL), EB_OK);
    for (size_t i = 0; i < na; i++) {
        eb_shape *left = NULL;
        ck_assert_int_eq(eb_shape_overlay(geos, sa[i], all, EB_OP_DIFFERENCE, &left, NULL), EB_OK);
        whole += eb_shape_length(geos, sa[i]);
        outside += eb_shape_length(geos, left);
        eb_shape_free(geos, left);
    }
    const result inter = run(a, b, "intersection", 1, label), diff = run(a, b, "difference", 2, label);
    const result identity = run(a, b, "identity", 7, label);
    ck_assert_msg(identity.length == inter.length + diff.length || fabs(identity.length - inter.length - diff.length) < 1e-9 * whole,
                  "%s: identity is not both", label);
    ck_assert_uint_eq(identity.features, inter.features + diff.features);
    ck_assert_msg(identity.size[0] == inter.size[0] && identity.size[1] == diff.size[1], "%s: identity by size", label);
    if (!stars)
        ck_assert_msg(fabs(inter.length + diff.length - whole) <= 1e-9 * whole, "%s: %.12g of %.12g", label, identity.length, whole);
    if (along_borders(_i))
        ck_assert_msg(diff.features == 0 && diff.length == 0, "%s: %zu lie outside, %.9g m", label, diff.features, diff.length);
    else
        ck_assert_msg(fabs(diff.length - outside) <= 1e-6 * whole, "%s: %.12g outside, GEOS %.12g", label, diff.length, outside);
    for (size_t i = 0; i < na; i++) eb_shape_free(geos, sa[i]);
    for (size_t i = 0; i < nb; i++) eb_shape_free(geos, sb[i]);
    eb_shape_free(geos, all);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* Corners and middles of edges are points of up to four cells: each is there once. Points outside stay outside. */
START_TEST(points_once)
{
    eb_layer *a = new_layer("a", EB_SHAPE_POINT), *b = polygons(false);
    size_t inside = 0, outside = 0;
    for (int i = 0; i <= N; i++)
        for (int j = 0; j <= N; j++)
            for (int k = 0; k < 3; k++) {
                double xy[2] = {corners[i][j][0], corners[i][j][1]};
                if (k == 1 && i < N) xy[0] = (xy[0] + corners[i + 1][j][0]) / 2, xy[1] = (xy[1] + corners[i + 1][j][1]) / 2;
                if (k == 2) xy[0] -= (N + 1) * step;
                add_shape(a, 1, xy, 1);
                inside += k < 2, outside += k == 2;
            }
    const result inter = run(a, b, "intersection", 1, "points"), diff = run(a, b, "difference", 2, "points");
    ck_assert_uint_eq(inter.features, inside);
    ck_assert_uint_eq(diff.features, outside);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* What comes out, not only how much of it, for any number of threads, features in a batch and vertices in a piece of a polygon. */
START_TEST(same_whatever_the_machine)
{
    static const size_t batches[] = {0, 1, 7}, tiles[] = {0, 16, 40, 100000};
    static const int threads[] = {1, 2, 7};
    eb_layer *a = lines(_i), *b = polygons(_i == 6), *first = NULL;
    for (size_t n = 0; n < 3 * 3 * 4; n++) {
        test_space s;
        eb_error err;
        test_space_init(&s);
        s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
        s.batch_features = batches[n / 3 % 3];
        s.tile_vertices = tiles[n / 9];
        const char *const pairs[] = {"first", "a", "second", "b", "op", "identity", NULL};
        eb_status status = test_run(&s, "overlay", pairs, threads[n % 3], &err);
        ck_assert_msg(status == EB_OK, "%s: %s", kinds[_i], err.message);
        if (first)
            same_layer(first, s.results[0], 0, kinds[_i]);
        else
            first = test_space_take(&s);
        test_space_clear(&s);
    }
    eb_layer_free(first);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay lines");
    TCase *tests = tcase_create("lines");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, nothing_lost, 0, KINDS);
    tcase_add_test(tests, points_once);
    tcase_add_loop_test(tests, same_whatever_the_machine, 0, KINDS);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
