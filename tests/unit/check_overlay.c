/*
 * Overlay and tabulate over random layers of every kind of nastiness: shared edges, T-junctions, touching holes, spikes, bow-ties,
 * edges a hair apart. Judged by conservation, by GEOS shape by shape, and by runs that must agree byte for byte.
 */
#include <ecobelt/geom.h>

#include "overlay_world.h"

/* All shapes of a layer, repaired, in GEOS: the other way to the same figures. */
static size_t shapes_of(eb_geos *geos, const eb_layer *layer, eb_shape **shapes)
{
    size_t count = 0;
    for (size_t k = 0; k < eb_layer_batch_count(layer); k++) {
        const eb_batch *batch = eb_layer_batch_at(layer, k);
        for (size_t i = 0; i < batch->count; i++) {
            eb_shape *raw = NULL;
            ck_assert_int_eq(eb_shape_read(geos, eb_batch_shape_at(batch, i), &raw, NULL), EB_OK);
            ck_assert_int_eq(eb_shape_repair(geos, raw, &shapes[count++], NULL), EB_OK);
            eb_shape_free(geos, raw);
        }
    }
    return count;
}

static void free_shapes(eb_geos *geos, eb_shape **shapes, size_t count)
{
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
}

static double union_area(eb_geos *geos, eb_shape **shapes, size_t count, eb_shape **all)
{
    ck_assert_int_eq(eb_shape_union_all(geos, shapes, count, all, NULL), EB_OK);
    return eb_shape_area(geos, *all);
}

START_TEST(conserved)
{
    int kind = _i % KINDS;
    uint64_t seed = 1000 + (uint64_t)(_i / KINDS);
    const char *label = kinds[kind];
    eb_layer *a = new_layer("a"), *b = new_layer("b");
    eb_geos *geos = NULL;
    eb_shape *sa[600], *sb[600], *ua = NULL, *ub = NULL, *common = NULL;
    make(kind, seed, a, b);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    size_t na = shapes_of(geos, a, sa), nb = shapes_of(geos, b, sb);
    double area_a = 0, area_b = 0, pairs = 0, tolerance;
    for (size_t i = 0; i < na; i++) area_a += eb_shape_area(geos, sa[i]);
    for (size_t i = 0; i < nb; i++) area_b += eb_shape_area(geos, sb[i]);
    tolerance = 2e-8 * area_a; /* the analysis plane is centred elsewhere: edges of some hundred metres bend by as much */
    for (size_t i = 0; i < na; i++)
        for (size_t j = 0; j < nb; j++) {
            eb_shape *both = NULL;
            ck_assert_int_eq(eb_shape_overlay(geos, sa[i], sb[j], EB_OP_INTERSECTION, &both, NULL), EB_OK);
            pairs += eb_shape_area(geos, both);
            eb_shape_free(geos, both);
        }
    union_area(geos, sb, nb, &ub);
    union_area(geos, sa, na, &ua);
    double covered = 0, covered_b = 0;
    for (size_t i = 0; i < na; i++) {
        ck_assert_int_eq(eb_shape_overlay(geos, sa[i], ub, EB_OP_INTERSECTION, &common, NULL), EB_OK);
        covered += eb_shape_area(geos, common);
        eb_shape_free(geos, common);
    }
    for (size_t j = 0; j < nb; j++) {
        ck_assert_int_eq(eb_shape_overlay(geos, sb[j], ua, EB_OP_INTERSECTION, &common, NULL), EB_OK);
        covered_b += eb_shape_area(geos, common);
        eb_shape_free(geos, common);
    }
    parts inter = run_overlay(a, b, "intersection", 1, 0, NULL, label), diff = run_overlay(a, b, "difference", 2, 0, NULL, label);
    parts identity = run_overlay(a, b, "identity", 1, 0, NULL, label), onion = run_overlay(a, b, "union", 2, 0, NULL, label);
    parts back = run_overlay(b, a, "union", 1, 0, NULL, label), sym = run_overlay(a, b, "symdiff", 1, 0, NULL, label);
    ck_assert_msg(fabs(inter.both - pairs) <= tolerance, "%s: intersection %.9g, GEOS %.9g", label, inter.both, pairs);
    ck_assert_msg(fabs(diff.first - (area_a - covered)) <= tolerance, "%s: difference %.9g, GEOS %.9g", label, diff.first,
                  area_a - covered);
    ck_assert_msg(identity.both == inter.both && identity.first == diff.first, "%s: identity is not both", label);
    ck_assert_msg(fabs(onion.second - (area_b - covered_b)) <= tolerance, "%s: second %.9g, GEOS %.9g", label, onion.second,
                  area_b - covered_b);
    ck_assert_msg(onion.both == inter.both && onion.first == diff.first, "%s: union", label);
    ck_assert_msg(sym.first == diff.first && sym.second == onion.second && sym.both == 0, "%s: symdiff", label);
    ck_assert_msg(fabs(back.both - onion.both) <= tolerance && fabs(back.first - onion.second) <= tolerance &&
                      fabs(back.second - onion.first) <= tolerance,
                  "%s: union is not symmetric", label);
    free_shapes(geos, sa, na);
    free_shapes(geos, sb, nb);
    eb_shape_free(geos, ua);
    eb_shape_free(geos, ub);
    eb_geos_free(geos);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

START_TEST(threads_and_batches)
{
    static const size_t batches[] = {0, 1, 7, 33};
    static const int threads[] = {1, 2, 7};
    eb_layer *a = new_layer("a"), *b = new_layer("b"), *first = NULL;
    make(_i, 77, a, b);
    parts want = run_overlay(a, b, "union", 1, 0, &first, kinds[_i]);
    for (size_t t = 0; t < 3; t++)
        for (size_t n = 0; n < 4; n++) {
            eb_layer *again = NULL;
            parts got = run_overlay(a, b, "union", threads[t], batches[n], &again, kinds[_i]);
            ck_assert_msg(memcmp(&want, &got, sizeof want) == 0, "%s: %d threads, %zu features a batch", kinds[_i], threads[t], batches[n]);
            same_layer(first, again, 0, kinds[_i]);
            eb_layer_free(again);
        }
    eb_layer_free(first);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* What waits in a file instead of in memory comes back the same. */
START_TEST(memory_does_not_matter)
{
    static const size_t bytes[] = {1, 300, 5000, 100000};
    eb_layer *a = new_layer("a"), *b = new_layer("b"), *first = NULL;
    make(_i, 78, a, b);
    parts want = run_overlay(a, b, "union", 1, 0, &first, kinds[_i]);
    for (size_t n = 0; n < 4; n++) {
        eb_layer *again = NULL;
        const eb_env env = {.threads = n % 2 ? 7 : 1, .held_bytes = bytes[n]};
        parts got = run_overlay_as(a, b, "union", &env, 0, &again, kinds[_i]);
        ck_assert_msg(memcmp(&want, &got, sizeof want) == 0, "%s: %zu bytes held: %.17g %.17g", kinds[_i], bytes[n], want.second,
                      got.second);
        same_layer(first, again, 0, kinds[_i]);
        eb_layer_free(again);
    }
    eb_layer_free(first);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/*
 * Nor does it matter how finely the second layer is cut up to be searched: the same pieces with their attributes, rings and vertices.
 * Where an edge was cut in two a new corner on it may come out differently by rounding, less than a nanometre, and a ring may then
 * begin with another of its vertices.
 */
START_TEST(tiles_do_not_matter)
{
    static const size_t tiles[] = {16, 17, 40, 1000, 1000000};
    eb_layer *a = new_layer("a"), *b = new_layer("b"), *first = NULL;
    make(_i, 79, a, b);
    run_overlay(a, b, "union", 1, 0, &first, kinds[_i]);
    for (size_t n = 0; n < 5; n++) {
        eb_layer *again = NULL;
        const eb_env env = {.threads = n % 2 ? 7 : 1, .tile_vertices = tiles[n]};
        run_overlay_as(a, b, "union", &env, 0, &again, kinds[_i]);
        same_layer(first, again, 1e-9, kinds[_i]);
        eb_layer_free(again);
    }
    eb_layer_free(first);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* What is not cut comes out byte for byte; what is cut keeps the numbers of its own vertices. */
START_TEST(coordinates_stay)
{
    eb_layer *a = new_layer("a"), *b = new_layer("b"), *result = NULL;
    make(5, 3, a, b);
    run_overlay(a, b, "identity", 1, 0, &result, "identity");
    const eb_batch *in = eb_layer_batch_at(a, 0);
    size_t same = 0, vertices = 0, kept = 0;
    for (size_t k = 0; k < eb_layer_batch_count(result); k++) {
        const eb_batch *out = eb_layer_batch_at(result, k);
        for (size_t i = 0; i < out->count; i++) {
            eb_wkb_walk walk;
            eb_wkb_part part;
            eb_wkb shape = eb_batch_shape_at(out, i);
            ck_assert_int_eq(eb_wkb_kind(shape), EB_SHAPE_MULTIPOLYGON);
            for (size_t j = 0; j < in->count; j++) {
                eb_wkb from = eb_batch_shape_at(in, j);
                same += shape.size == from.size + 9 && memcmp(shape.data + 9, from.data, from.size) == 0;
            }
            eb_wkb_begin(&walk, shape);
            while (eb_wkb_next(&walk, &part))
                for (size_t v = 0; v < part.count; v++) {
                    bool found = false;
                    for (size_t j = 0; j < in->count && !found; j++) {
                        eb_wkb from = eb_batch_shape_at(in, j);
                        for (size_t w = 0; w + 16 <= from.size - 13 && !found; w += 16)
                            found = memcmp(from.data + 13 + w, part.coords + 16 * v, 16) == 0;
                    }
                    vertices++;
                    kept += found;
                }
        }
    }
    ck_assert_uint_gt(same, 100);
    ck_assert_uint_gt(kept, 4 * same);
    ck_assert_uint_gt(vertices, kept);
    eb_layer_free(result);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* tabulate and overlay come by different ways to the same areas. */
START_TEST(tabulate_agrees)
{
    eb_layer *a = new_layer("a"), *b = new_layer("b");
    eb_error err;
    test_space s;
    make(5, 9 + (uint64_t)_i, a, b);
    parts p = run_overlay(a, b, "identity", 1, 0, NULL, "identity");
    double last = 0;
    for (int threads = 1; threads <= 7; threads += 3) {
        test_space_init(&s);
        s.names[0] = "a", s.layers[0] = a, s.names[1] = "b", s.layers[1] = b, s.layer_count = 2;
        s.batch_features = threads == 1 ? 0 : 5;
        const char *const pairs[] = {"zones", "b", "features", "a", "zone", "name", "class", "name", NULL};
        eb_status status = test_run(&s, "tabulate", pairs, threads, &err);
        ck_assert_msg(status == EB_OK, "%s", err.message);
        double covered = 0;
        for (size_t r = 0; r < eb_table_row_count(s.tables[0]); r++)
            if (eb_table_text_at(s.tables[0], r, 1)) covered += eb_table_real_at(s.tables[0], r, 3);
        ck_assert_double_eq_tol(covered, p.both, 2e-9 * p.both);
        ck_assert_msg(threads == 1 || covered == last, "%d threads: %.17g, one: %.17g", threads, covered, last);
        last = covered;
        test_space_clear(&s);
    }
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

START_TEST(dissolve_sums)
{
    eb_layer *a = new_layer("a"), *b = new_layer("b");
    make(_i, 21, a, b);
    for (int threads = 1; threads <= 2; threads++) {
        eb_error err;
        test_space s;
        test_space_init(&s);
        s.names[0] = "a", s.layers[0] = _i == 4 ? b : a, s.layer_count = 1;
        const char *const pairs[] = {"layer", "a", "by", "name", NULL};
        eb_status status = test_run(&s, "dissolve", pairs, threads, &err);
        ck_assert_msg(status == EB_OK, "%s", err.message);
        double gross = test_sum(s.tables[0], "gross_m2", NULL), net = test_sum(s.tables[0], "area_m2", NULL);
        double overlap = test_sum(s.tables[0], "overlap_m2", NULL);
        ck_assert_double_eq_tol(gross, net + overlap, 1e-8 * gross);
        ck_assert_msg(_i == 0 || _i == 4 ? overlap > 0 : overlap == 0, "%s: overlap %g", kinds[_i], overlap);
        test_space_clear(&s);
    }
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* Runs an analysis of layers a and b; its first table and its layer are in the space. */
static void run_on(test_space *s, const char *name, const char *const *pairs, const eb_layer *a, const eb_layer *b, int threads,
                   size_t batch, const char *label)
{
    eb_error err;
    test_space_init(s);
    s->names[0] = "a", s->layers[0] = a, s->names[1] = "b", s->layers[1] = b, s->layer_count = 2;
    s->batch_features = batch;
    eb_status status = test_run(s, name, pairs, threads, &err);
    ck_assert_msg(status == EB_OK, "%s: %s", label, err.message);
}

/* All shapes of both layers as one: as large as GEOS makes their union, and the same for any number of threads and size of batches. */
START_TEST(dissolve_against_geos)
{
    static const char *const pairs[] = {"layer", "a", NULL};
    eb_layer *a = new_layer("a"), *b = new_layer("b");
    eb_geos *geos = NULL;
    eb_shape *shapes[1200], *all = NULL;
    test_space first, again;
    make(_i, 33, a, a);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    const size_t count = shapes_of(geos, a, shapes);
    const double want = union_area(geos, shapes, count, &all);
    run_on(&first, "dissolve", pairs, a, b, 1, 0, kinds[_i]);
    ck_assert_double_eq_tol(test_sum(first.tables[0], "area_m2", NULL), want, 2e-8 * want);
    run_on(&again, "dissolve", pairs, a, b, 7, 5, kinds[_i]);
    same_layer(first.results[0], again.results[0], 0, kinds[_i]);
    test_space_clear(&again);
    test_space_clear(&first);
    free_shapes(geos, shapes, count);
    eb_shape_free(geos, all);
    eb_geos_free(geos);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

/* What each of two designations has, alone and in force, is what GEOS makes of their unions. */
START_TEST(designations_against_geos)
{
    static const char *const pairs[] = {"layers", "A=a", "layers", "B=b", NULL};
    static const char *const columns[] = {"gross_m2", "exclusive_m2", "effective_m2"};
    eb_layer *a = new_layer("a"), *b = new_layer("b");
    eb_geos *geos = NULL;
    eb_shape *sa[600], *sb[600], *ua = NULL, *ub = NULL, *common = NULL;
    test_space first, again;
    make(_i, 34, a, b);
    ck_assert_int_eq(eb_geos_new(&geos, NULL), EB_OK);
    const size_t na = shapes_of(geos, a, sa), nb = shapes_of(geos, b, sb);
    const double area_a = union_area(geos, sa, na, &ua), area_b = union_area(geos, sb, nb, &ub);
    ck_assert_int_eq(eb_shape_overlay(geos, ua, ub, EB_OP_INTERSECTION, &common, NULL), EB_OK);
    const double both = eb_shape_area(geos, common), tolerance = 2e-8 * (area_a + area_b);
    const double want[2][3] = {{area_a, area_a - both, area_a}, {area_b, area_b - both, area_b - both}};
    run_on(&first, "designations", pairs, a, b, 1, 0, kinds[_i]);
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++) {
            const double got = test_sum(first.tables[0], columns[k], i ? "B" : "A");
            ck_assert_msg(fabs(got - want[i][k]) <= tolerance, "%s, %s of %c: %.9g, GEOS %.9g", kinds[_i], columns[k], 'A' + i, got,
                          want[i][k]);
        }
    double pieces = 0;
    for (size_t k = 0; k < eb_layer_batch_count(first.results[0]); k++) {
        const eb_batch *batch = eb_layer_batch_at(first.results[0], k);
        for (size_t i = 0; i < batch->count; i++) pieces += eb_batch_real_at(batch, i, 3);
    }
    ck_assert_msg(fabs(pieces - (area_a + area_b - both)) <= tolerance, "%s: pieces %.9g, GEOS %.9g", kinds[_i], pieces,
                  area_a + area_b - both);
    run_on(&again, "designations", pairs, a, b, 7, 5, kinds[_i]);
    same_layer(first.results[0], again.results[0], 0, kinds[_i]);
    test_space_clear(&again);
    test_space_clear(&first);
    free_shapes(geos, sa, na);
    free_shapes(geos, sb, nb);
    eb_shape_free(geos, common);
    eb_shape_free(geos, ua);
    eb_shape_free(geos, ub);
    eb_geos_free(geos);
    eb_layer_free(a);
    eb_layer_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlay");
    TCase *tests = tcase_create("overlay");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, conserved, 0, 2 * KINDS);
    tcase_add_loop_test(tests, threads_and_batches, 0, KINDS);
    tcase_add_loop_test(tests, memory_does_not_matter, 0, KINDS);
    tcase_add_loop_test(tests, tiles_do_not_matter, 0, KINDS);
    tcase_add_loop_test(tests, dissolve_against_geos, 0, KINDS);
    tcase_add_loop_test(tests, designations_against_geos, 0, KINDS);
    tcase_add_test(tests, coordinates_stay);
    tcase_add_loop_test(tests, tabulate_agrees, 0, 3);
    tcase_add_loop_test(tests, dissolve_sums, 0, KINDS);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
