/* What a corridor has of counts: shared out by area, overlaps told; and polygons that are repaired. */
#include "corridor_memory.h"

/* Share out the counts of a census along a line on the parallel of 28 N from 118 to 118.1 E. */
static void run_census(memory *m, const world_row *census, size_t count, const char *settings)
{
    static const world_row line[] = {{"a", "LINESTRING(118 28,118.1 28)", 0}};
    memory_init(m);
    add_layer(m, "line", "EPSG:4490", line, 1);
    add_layer(m, "census", "EPSG:4490", census, count);
    ok(run_with(m, settings, err));
}

/* Counts: all of a polygon inside, none of one outside, half of one cut in half; nulls and negatives are on record. */
START_TEST(counts_by_area)
{
    static const world_row census[] = {
        {"inside", "POLYGON((118.05 28.005,118.06 28.005,118.06 28.01,118.05 28.01,118.05 28.005))", 700},
        {"outside", "POLYGON((119 28,119.1 28,119.1 28.1,119 28.1,119 28))", 5000},
        {"negative", "POLYGON((118 28,118.01 28,118.01 28.01,118 28.01,118 28))", -3},
        {"no number", "POLYGON((118 28,118.01 28,118.01 28.01,118 28.01,118 28))", NAN},
        {"bow-tie", "POLYGON((118.02 28,118.03 28.01,118.03 28,118.02 28.01,118.02 28))", 40},
        {"nowhere", NULL, 9},
    };
    memory m;
    run_census(&m, census, 6, "lines=line width_m=3000 weight=census weight_field=count");
    ck_assert_double_eq_tol(cell(&m, 0, "weight"), 740, 1e-6);
    ck_assert_double_eq_tol(cell(&m, 0, "weight_share_pct"), 100 * 740.0 / 5740, 1e-6);
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_REJECTED), 2);
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_REPAIRED), 1);
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_NULL), 1);
    memory_clear(&m);
    static const world_row halves[] = {{"half", "POLYGON((118 27.99,118.1 27.99,118.1 28.01,118 28.01,118 27.99))", 100}};
    run_census(&m, halves, 1, "lines=line width_m=50000 side=left weight=census weight_field=count");
    ck_assert_double_eq_tol(cell(&m, 0, "weight"), 50, 0.1);
    memory_clear(&m);
}
END_TEST

/* The number that follows words in a text. */
static double number_after(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    ck_assert_msg(at != NULL, "%s: no \"%s\"", text, words);
    return strtod(at + strlen(words), NULL);
}

/* Polygons that overlap are on record, pair by pair, with what both count there; neighbours and slivers of a drawn edge are not. */
START_TEST(counts_that_overlap)
{
    static const world_row census[] = {
        {"west", "POLYGON((118 28,118.02 28,118.02 28.01,118 28.01,118 28))", 200},
        {"east, over half of west", "POLYGON((118.01 28,118.05 28,118.05 28.01,118.01 28.01,118.01 28))", 400},
        {"neighbour, drawn a centimetre over", "POLYGON((118.0499999 28,118.06 28,118.06 28.01,118.0499999 28.01,118.0499999 28))", 50},
        {"touches", "POLYGON((118.06 28,118.07 28,118.07 28.01,118.06 28.01,118.06 28))", 50},
    };
    memory m;
    run_census(&m, census, 4, "lines=line width_m=3000 weight=census weight_field=count");
    ck_assert_double_eq_tol(cell(&m, 0, "weight"), 700, 1e-6);
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_NOTE), 1);
    const eb_case *told = eb_diagnosis_case_at(m.space.diagnosis, 0);
    ck_assert(told->fid == 1 && strstr(told->reason, "overlaps feature 2 by "));
    for (int k = 0; k < 2; k++) ck_assert_double_eq_tol(number_after(told->reason, k ? " and " : "both count ("), 100, 0.01);
    ck_assert(told->x > 118.01 && told->x < 118.02 && told->y > 28 && told->y < 28.01);
    /* The area on the ellipsoid, from the sides: 0.01 degrees square. */
    double a = 6378137, f = 1 / 298.257222101;
    double want_km2 = eb_distance_m(a, f, 118.01, 28.005, 118.02, 28.005) * eb_distance_m(a, f, 118, 28, 118, 28.01) / 1e6;
    const char *note = "";
    for (size_t i = 0; i < eb_table_note_count(m.table); i++) {
        if (strstr(eb_table_note_at(m.table, i), " overlap ")) note = eb_table_note_at(m.table, i);
    }
    ck_assert_double_eq(number_after(note, "pairs: "), 1);
    ck_assert_double_eq_tol(number_after(note, "pairs: 1, "), want_km2, 1e-4 * want_km2);
    ck_assert_double_eq_tol(number_after(note, "count there, "), 200, 0.02);
    ck_assert_double_eq(number_after(note, " of the "), 700);
    memory_clear(&m);
    run_census(&m, census + 1, 3, "lines=line width_m=3000 weight=census weight_field=count");
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_NOTE), 0);
    memory_clear(&m);
}
END_TEST

/* A repair says the area before and after: of a bow-tie the wings, drawn in opposite senses, take each other away at first. */
START_TEST(repaired_polygon)
{
    static const world_row bow[] = {{"bow", "POLYGON((118 28,118.04 28.04,118.04 28,118 28.02,118 28))", 0}};
    static const world_row wings[] = {{"large",
                                       "POLYGON((118.0133333333333333 28.0133333333333333,118.04 28.04,118.04 28,"
                                       "118.0133333333333333 28.0133333333333333))",
                                       0},
                                      {"small", "POLYGON((118 28,118.0133333333333333 28.0133333333333333,118 28.02,118 28))", 0}};
    memory m;
    run_lines(&m, "EPSG:4490", bow, 1, "lines=rivers width_m=100");
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_REPAIRED), 1);
    const eb_case *told = eb_diagnosis_case_at(m.space.diagnosis, 0);
    eb_layer *layer = world_layer("wings", "EPSG:4490", wings, 2);
    eb_measure *measure;
    double areas[2];
    ok(eb_measure_new(eb_layer_schema(layer)->crs, 0, &measure, err));
    for (size_t i = 0; i < 2; i++) {
        eb_size size;
        ok(eb_measure_area(measure, eb_batch_shape_at(eb_layer_batch_at(layer, 0), i), EB_WANT_GEODESIC, &size, err));
        areas[i] = size.geodesic_m2;
    }
    ck_assert_double_eq_tol(told->area_before_m2, areas[0] - areas[1], 1e-4 * areas[0]);
    ck_assert_double_eq_tol(told->area_after_m2, areas[0] + areas[1], 1e-4 * areas[0]);
    eb_measure_free(measure);
    eb_layer_free(layer);
    memory_clear(&m);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("counts");
    tcase_add_test(tcase, counts_by_area);
    tcase_add_test(tcase, counts_that_overlap);
    tcase_add_test(tcase, repaired_polygon);
    return world_run("corridor_counts", tcase);
}
