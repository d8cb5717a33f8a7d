/*
 * What designations and enclose write: shapes that were cut in a plane and came back into degrees. Random layers whose borders lie a hair
 * apart, so that pieces and rings grow narrower than degrees tell apart. GEOS judges every shape, and nothing is lost uncounted.
 */
#include <ecobelt/geom.h>

#include "test_shapes.h"
#include "test_workspace.h"

#include "eb_test.h"

static eb_crs *crs;
static eb_geos *geos;

static void setup(void)
{
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, NULL), EB_OK);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
}

static void teardown(void)
{
    eb_crs_free(crs);
    eb_geos_free(geos);
}

static eb_layer *new_layer(const char *name, eb_shape_kind kind)
{
    eb_schema *schema = eb_schema_new(name, kind, crs);
    eb_layer *layer = eb_layer_new(schema);
    eb_schema_free(schema);
    return layer;
}

/** The star of a seed, moved by @p hair degrees to the east; as a line where @p line. */
static void add_star(eb_layer *layer, uint64_t seed, double hair, bool line)
{
    test_wkb star = test_star(12 + (uint32_t)(seed % 60), 0.02, 118.3 + 0.01 * (double)(seed % 5), 29.1, false, seed);
    double *xy = (double *)(void *)(star.data + 13); /* header 9, count of the first ring 4 */
    uint32_t count;
    memcpy(&count, star.data + 9, sizeof count);
    for (uint32_t i = 0; i < count; i++) {
        double x;
        memcpy(&x, xy + 2 * i, sizeof x);
        x += hair;
        memcpy(xy + 2 * i, &x, sizeof x);
    }
    eb_wkb wkb = {star.data, star.size};
    test_wkb ring = {0};
    if (line) {
        test_wkb_header(&ring, 2, count);
        test_wkb_put(&ring, star.data + 13, 2 * count * sizeof(double));
        wkb = (eb_wkb){ring.data, ring.size};
    }
    ck_assert(eb_batch_add(eb_layer_tail(layer), (int64_t)eb_layer_count(layer) + 1, wkb));
    free(star.data);
    free(ring.data);
}

/** Every shape of the main result is there and valid. Returns the sum of a column of it. */
static double judge(const test_space *s, uint64_t seed, int column, size_t *features)
{
    double sum = 0;
    *features = 0;
    for (size_t b = 0; b < eb_layer_batch_count(s->results[0]); b++) {
        const eb_batch *batch = eb_layer_batch_at(s->results[0], b);
        for (size_t i = 0; i < batch->count; i++) {
            eb_shape *shape = NULL;
            char reason[200] = "";
            double x = 0, y = 0;
            ck_assert_msg(eb_batch_shape_at(batch, i).size > 0, "seed %d: feature %zu has no shape", (int)seed, i);
            ck_assert_int_eq(eb_shape_read(geos, eb_batch_shape_at(batch, i), &shape, NULL), EB_OK);
            ck_assert_msg(eb_shape_valid(geos, shape, reason, sizeof reason, &x, &y), "seed %d: %s at %.17g %.17g", (int)seed, reason, x,
                          y);
            eb_shape_free(geos, shape);
            sum += eb_batch_real_at(batch, i, (size_t)column);
            ++*features;
        }
    }
    return sum;
}

/** Area of the pieces that were told to be too narrow, and their number. */
static double told(const test_space *s, size_t *count)
{
    double sum = 0;
    *count = 0;
    for (size_t i = 0; i < eb_diagnosis_case_count(s->space.diagnosis); i++) {
        const eb_case *found = eb_diagnosis_case_at(s->space.diagnosis, i);
        if (found->event != EB_EVENT_SLIVER) continue;
        sum += found->area_after_m2;
        ++*count;
    }
    return sum;
}

static const double hairs[] = {0, 1.5e-14, 3e-14, 1e-13, 1e-12, 1e-9, 1e-6, 3e-3};
enum { HAIRS = sizeof hairs / sizeof *hairs };

START_TEST(designations_are_valid_and_complete)
{
    static size_t lost;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        eb_layer *a = new_layer("a", EB_SHAPE_POLYGON), *b = new_layer("b", EB_SHAPE_POLYGON), *c = new_layer("c", EB_SHAPE_POLYGON);
        const char *const pairs[] = {"layers", "a=a", "layers", "b=b", "layers", "c=c", NULL};
        test_space s;
        eb_error err = {0};
        size_t features, slivers;
        add_star(a, seed, 0, false);
        add_star(b, seed, hairs[_i], false);
        add_star(c, seed + 3, 0, false);
        test_space_init(&s);
        s.names[0] = "a", s.layers[0] = a;
        s.names[1] = "b", s.layers[1] = b;
        s.names[2] = "c", s.layers[2] = c;
        s.layer_count = 3;
        EB_ASSERT_OK(test_run(&s, "designations", pairs, 1, &err), &err);
        const double pieces = judge(&s, seed, 3, &features), narrow = told(&s, &slivers);
        const double all = test_sum(s.tables[3], "union_m2", NULL);
        ck_assert_uint_ge(features, 1);
        EB_ASSERT_NEAR("pieces and what is told make up the union", pieces + narrow, all, 1e-9 * all);
        lost += slivers;
        test_space_clear(&s);
        eb_layer_free(a);
        eb_layer_free(b);
        eb_layer_free(c);
    }
    ck_assert_msg(_i != 1 || lost > 0, "no piece was narrower than degrees tell apart: the test has lost its point");
}
END_TEST

START_TEST(enclosed_polygons_are_valid)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        eb_layer *lines = new_layer("lines", EB_SHAPE_LINE);
        char place[60];
        const char *const pairs[] = {"lines", "lines", "inside", place, NULL};
        test_space s;
        eb_error err = {0};
        size_t features, slivers;
        snprintf(place, sizeof place, "%.4f,29.1", 118.3 + 0.01 * (double)(seed % 5));
        add_star(lines, seed, 0, true);
        add_star(lines, seed, hairs[_i], true);
        test_space_init(&s);
        s.names[0] = "lines", s.layers[0] = lines;
        s.layer_count = 1;
        EB_ASSERT_OK(test_run(&s, "enclose", pairs, 1, &err), &err);
        const double area = judge(&s, seed, 0, &features);
        ck_assert_uint_eq(features, 1);
        ck_assert_double_gt(area, 1e5);
        told(&s, &slivers);
        ck_assert_uint_eq(slivers, 0);
        test_space_clear(&s);
        eb_layer_free(lines);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pieces");
    TCase *cases = tcase_create("pieces");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, designations_are_valid_and_complete, 0, HAIRS);
    tcase_add_loop_test(cases, enclosed_polygons_are_valid, 0, HAIRS);
    suite_add_tcase(suite, cases);
    return eb_test_run(suite);
}
