/* Overlaps and gaps found, and coverages mended, against brute force: every pair of features intersected, and the union of all. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/quality/check_run.h"
#include "analysis/quality/mend.h"

enum { SIDE = 8 };
static const double CELL = 100, X0 = 40400000, Y0 = 3200000;

static uint64_t state;
static double noise(double size)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return ((double)(state >> 11) / 9007199254740992.0 - 0.5) * 2 * size;
}

static size_t put_ring(uint8_t *bytes, const void *points, uint32_t count)
{
    const uint8_t head[9] = {1, 3, 0, 0, 0, 1, 0, 0, 0};
    memcpy(bytes, head, sizeof head);
    memcpy(bytes + 9, &count, 4);
    memcpy(bytes + 13, points, count * 16);
    return 13 + count * 16;
}

/*
 * A grid of cells with shared, moved corners; its outline is a square. How it is spoilt: a share of the cells has a corner of its own,
 * which makes overlaps and gaps, or a ring that crosses itself.
 */
static eb_layer *make_grid(uint64_t seed, double spoilt, bool crossed, double (*outline)[2])
{
    double nodes[SIDE + 1][SIDE + 1][2];
    eb_error err;
    eb_crs *crs = NULL;
    state = seed;
    ck_assert_int_eq(eb_crs_new("EPSG:4528", &crs, &err), EB_OK);
    eb_schema *schema = eb_schema_new("grid", EB_SHAPE_POLYGON, crs);
    eb_schema_add_field(schema, "n", EB_FIELD_INTEGER);
    eb_layer *layer = eb_layer_new(schema);
    for (int i = 0; i <= SIDE; i++)
        for (int j = 0; j <= SIDE; j++) {
            bool edge = i == 0 || j == 0 || i == SIDE || j == SIDE;
            nodes[i][j][0] = X0 + i * CELL + (edge ? 0 : noise(20));
            nodes[i][j][1] = Y0 + j * CELL + (edge ? 0 : noise(20));
        }
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            const double *corners[4] = {nodes[i][j], nodes[i + 1][j], nodes[i + 1][j + 1], nodes[i][j + 1]};
            double ring[5][2];
            uint8_t bytes[200];
            for (int k = 0; k < 5; k++) memcpy(ring[k], corners[k % 4], sizeof ring[k]);
            bool inner = i > 0 && j > 0 && i < SIDE - 1 && j < SIDE - 1;
            if (inner && fabs(noise(1)) < spoilt) {
                if (crossed) {
                    memcpy(ring[1], corners[2], sizeof ring[1]);
                    memcpy(ring[2], corners[1], sizeof ring[2]);
                } else {
                    ring[2][0] += noise(30);
                    ring[2][1] += noise(30);
                }
            }
            eb_batch *batch = eb_layer_tail(layer);
            ck_assert(eb_batch_add(batch, i * SIDE + j, (eb_wkb){bytes, put_ring(bytes, ring, 5)}));
            ck_assert(eb_batch_set_integer(batch, 0, i * SIDE + j));
        }
    const double square[5][2] = {{X0, Y0}, {X0 + SIDE * CELL, Y0}, {X0 + SIDE * CELL, Y0 + SIDE * CELL}, {X0, Y0 + SIDE * CELL}, {X0, Y0}};
    memcpy(outline, square, sizeof square);
    eb_schema_free(schema);
    eb_crs_free(crs);
    return layer;
}

static eb_shape **read_shapes(eb_geos *geos, const eb_layer *layer, size_t *count)
{
    eb_error err;
    eb_shape **shapes = calloc(eb_layer_count(layer), sizeof *shapes);
    *count = 0;
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++)
            ck_assert_int_eq(eb_shape_read(geos, eb_batch_shape_at(batch, i), &shapes[(*count)++], &err), EB_OK);
    }
    return shapes;
}

/* Area in common of all pairs. */
static double pair_area(eb_geos *geos, eb_shape **shapes, size_t count)
{
    double sum = 0;
    eb_error err;
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++) {
            eb_shape *common = NULL;
            ck_assert_int_eq(eb_shape_overlay(geos, shapes[a], shapes[b], EB_OP_INTERSECTION, &common, &err), EB_OK);
            sum += eb_shape_area(geos, common);
            eb_shape_free(geos, common);
        }
    return sum;
}

static double union_area(eb_geos *geos, eb_shape **shapes, size_t count)
{
    eb_shape *all = NULL;
    eb_error err;
    ck_assert_int_eq(eb_shape_union_all(geos, shapes, count, &all, &err), EB_OK);
    double area = eb_shape_area(geos, all);
    eb_shape_free(geos, all);
    return area;
}

static void free_shapes(eb_geos *geos, eb_shape **shapes, size_t count)
{
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
}

/* Planar area of the found pieces of a kind, each as often as it is covered too much. */
static double found_area(eb_geos *geos, const eb_findings *findings, eb_finding_kind kind)
{
    double sum = 0;
    eb_error err;
    for (size_t i = 0; i < findings->count; i++) {
        const eb_finding *f = &findings->list[i];
        eb_shape *piece = NULL;
        if (f->kind != kind) continue;
        ck_assert_int_eq(eb_shape_read(geos, (eb_wkb){f->shape, f->shape_size}, &piece, &err), EB_OK);
        /* n features over a piece are n (n - 1) / 2 pairs */
        double n = kind == EB_FIND_OVERLAP ? strtod(f->message, NULL) : 2;
        sum += eb_shape_area(geos, piece) * n * (n - 1) / 2;
        eb_shape_free(geos, piece);
    }
    return sum;
}

/* Overlaps and gaps of a layer in memory, read pass by pass; @p limit: edges that may wait at a time. */
static eb_status check_coverage(const eb_layer *layer, size_t limit, eb_findings *findings, eb_error *err)
{
    eb_check_run run = {.findings = findings, .schema = eb_layer_schema(layer)};
    eb_edge_book *book = eb_edge_book_new(limit);
    eb_status status = eb_source_from_layer(layer, NULL, &run.source, err);
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) ck_assert(eb_edge_book_add(book, eb_batch_shape_at(batch, i)));
    }
    if (!status) status = eb_check_coverage(&run, book, NULL, 0, err);
    eb_edge_book_free(book);
    eb_source_free(run.source);
    return status;
}

/* Every other one with a book so small that the layer has to pass by many times. */
START_TEST(found_is_what_pairs_have_in_common)
{
    double outline[5][2];
    eb_error err = {0};
    eb_geos *geos = NULL;
    eb_findings findings = {0};
    size_t count = 0;
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
    eb_layer *layer = make_grid((uint64_t)_i + 1, _i == 0 ? 0 : 0.3, false, outline);
    ck_assert_int_eq(check_coverage(layer, _i % 2 ? 9 : 1000, &findings, &err), EB_OK);
    eb_shape **shapes = read_shapes(geos, layer, &count);
    double overlaps = pair_area(geos, shapes, count), gaps = SIDE * CELL * SIDE * CELL - union_area(geos, shapes, count);
    ck_assert_msg(fabs(found_area(geos, &findings, EB_FIND_OVERLAP) - overlaps) < 1e-3, "seed %d: overlaps %.4f, pairs %.4f", _i,
                  found_area(geos, &findings, EB_FIND_OVERLAP), overlaps);
    ck_assert_msg(fabs(found_area(geos, &findings, EB_FIND_GAP) - gaps) < 1e-3, "seed %d: gaps %.4f, union leaves %.4f", _i,
                  found_area(geos, &findings, EB_FIND_GAP), gaps);
    if (_i == 0) ck_assert_uint_eq(findings.count, 0);
    if (_i > 0) ck_assert_uint_gt(findings.count, 0);
    eb_findings_clear(&findings);
    free_shapes(geos, shapes, count);
    eb_layer_free(layer);
    eb_geos_free(geos);
}
END_TEST

START_TEST(mended_is_a_coverage)
{
    double outline[5][2];
    bool crossed = _i % 2;
    eb_error err = {0};
    eb_geos *geos = NULL;
    eb_layer *mended = NULL;
    eb_mend_log log = {0};
    eb_coverage_report report;
    size_t count = 0, before = 0;
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
    eb_layer *layer = make_grid((uint64_t)_i + 100, 0.3, crossed, outline);
    ck_assert_msg(eb_mend_coverage(layer, NULL, &mended, &log, &report, &err) == EB_OK, "%s", err.message);
    ck_assert_uint_eq(eb_layer_count(mended), eb_layer_count(layer));
    eb_shape **shapes = read_shapes(geos, mended, &count);
    double sum = 0, all = union_area(geos, shapes, count);
    for (size_t i = 0; i < count; i++) {
        char reason[160];
        double x, y;
        ck_assert_msg(eb_shape_valid(geos, shapes[i], reason, sizeof reason, &x, &y), "feature %zu: %s", i, reason);
        sum += eb_shape_area(geos, shapes[i]);
    }
    /* No overlap is left: the parts add up to their union; and nothing that was covered is lost. */
    ck_assert_msg(fabs(sum - all) < 1e-4, "seed %d: parts %.6f, union %.6f", _i, sum, all);
    ck_assert_msg(pair_area(geos, shapes, count) < 1e-4, "seed %d: overlaps are left", _i);
    if (!crossed) {
        eb_shape **old = read_shapes(geos, layer, &before);
        ck_assert_double_eq_tol(union_area(geos, old, before), all, 1e-3);
        free_shapes(geos, old, before);
    }
    /* Attributes and order stay. */
    for (size_t i = 0; i < eb_layer_batch_at(mended, 0)->count; i++)
        ck_assert_int_eq(eb_batch_integer_at(eb_layer_batch_at(mended, 0), i, 0), (int64_t)i);
    /* Mending what is mended changes nothing. */
    eb_layer *twice = NULL;
    size_t changes = log.count;
    ck_assert_int_eq(eb_mend_coverage(mended, NULL, &twice, &log, &report, &err), EB_OK);
    ck_assert_uint_eq(log.count, changes);
    ck_assert_int_eq(report.overlaps, 0);
    eb_layer_free(twice);
    free(log.list);
    free_shapes(geos, shapes, count);
    eb_layer_free(mended);
    eb_layer_free(layer);
    eb_geos_free(geos);
}
END_TEST

START_TEST(a_sound_coverage_stays)
{
    double outline[5][2];
    eb_error err = {0};
    eb_layer *mended = NULL;
    eb_mend_log log = {0};
    eb_coverage_report report;
    eb_layer *layer = make_grid(7, 0, false, outline);
    ck_assert_int_eq(eb_mend_coverage(layer, NULL, &mended, &log, &report, &err), EB_OK);
    ck_assert_uint_eq(log.count, 0);
    ck_assert_int_eq(report.faces, SIDE * SIDE);
    ck_assert_int_eq(report.gaps, 0);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        double a[4], b[4];
        ck_assert(eb_wkb_bounds(eb_batch_shape_at(eb_layer_batch_at(layer, 0), i), a));
        ck_assert(eb_wkb_bounds(eb_batch_shape_at(eb_layer_batch_at(mended, 0), i), b));
        for (int d = 0; d < 4; d++) ck_assert(a[d] == b[d]);
        ck_assert_uint_eq(eb_wkb_vertices(eb_batch_shape_at(eb_layer_batch_at(mended, 0), i)), 5);
    }
    eb_layer_free(mended);
    eb_layer_free(layer);
}
END_TEST

/* The rule for places that several claim: the larger polygon, of equal ones the first. */
START_TEST(overlaps_go_to_the_larger)
{
    static const double sizes[][2] = {{100, 50}, {50, 100}, {100, 100}};
    eb_error err = {0};
    eb_layer *mended = NULL;
    eb_mend_log log = {0};
    eb_coverage_report report;
    eb_geos *geos = NULL;
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_geos_new(&geos, &err), EB_OK);
    ck_assert_int_eq(eb_crs_new("EPSG:4528", &crs, &err), EB_OK);
    eb_schema *schema = eb_schema_new("two", EB_SHAPE_POLYGON, crs);
    eb_layer *layer = eb_layer_new(schema);
    for (int k = 0; k < 2; k++) {
        double s = sizes[_i][k], x = X0 + k * (sizes[_i][0] - 10),
               ring[5][2] = {{x, Y0}, {x + s, Y0}, {x + s, Y0 + s}, {x, Y0 + s}, {x, Y0}};
        uint8_t bytes[200];
        ck_assert(eb_batch_add(eb_layer_tail(layer), k, (eb_wkb){bytes, put_ring(bytes, ring, 5)}));
    }
    ck_assert_int_eq(eb_mend_coverage(layer, NULL, &mended, &log, &report, &err), EB_OK);
    size_t count = 0;
    eb_shape **shapes = read_shapes(geos, mended, &count);
    double common = 10 * fmin(sizes[_i][0], sizes[_i][1]);
    bool first_keeps = sizes[_i][0] >= sizes[_i][1];
    ck_assert_double_eq_tol(eb_shape_area(geos, shapes[0]), sizes[_i][0] * sizes[_i][0] - (first_keeps ? 0 : common), 1e-6);
    ck_assert_double_eq_tol(eb_shape_area(geos, shapes[1]), sizes[_i][1] * sizes[_i][1] - (first_keeps ? common : 0), 1e-6);
    ck_assert_int_eq(report.overlaps, 1);
    ck_assert_uint_eq(log.count, 1);
    ck_assert_int_eq(log.list[0].fid, first_keeps ? 1 : 0);
    free(log.list);
    free_shapes(geos, shapes, count);
    eb_layer_free(mended);
    eb_layer_free(layer);
    eb_schema_free(schema);
    eb_crs_free(crs);
    eb_geos_free(geos);
}
END_TEST

START_TEST(winding)
{
    static const double eight[5][2] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}};
    uint8_t bytes[200];
    eb_wkb shape = {bytes, put_ring(bytes, eight, 5)};
    ck_assert(eb_winds_around(shape, 2, 5));
    ck_assert(eb_winds_around(shape, 8, 5));
    ck_assert(!eb_winds_around(shape, 5, 8));
    ck_assert(!eb_winds_around(shape, 5, 2));
    ck_assert(!eb_winds_around(shape, 20, 5));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("coverage");
    TCase *tcase = tcase_create("coverage");
    tcase_add_loop_test(tcase, found_is_what_pairs_have_in_common, 0, 12);
    tcase_add_loop_test(tcase, mended_is_a_coverage, 0, 12);
    tcase_add_test(tcase, a_sound_coverage_stays);
    tcase_add_loop_test(tcase, overlaps_go_to_the_larger, 0, 3);
    tcase_add_test(tcase, winding);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
