/* The corridor analysis as a whole, over layers in memory: columns, groups, totals, clip, erase, rings, widths sought, refusals. */
#include "corridor_memory.h"

static const world_row rivers[] = {
    {"upper", "LINESTRING(118 28,118.05 28.02)", 0},
    {"upper", "LINESTRING(118.05 28.02,118.1 28)", 0},
    {"lower", "LINESTRING(118.1 28,118.2 28.01)", 0},
};
static const world_row county[] = {{"county", "POLYGON((118.05 27.9,118.15 27.9,118.15 28.1,118.05 28.1,118.05 27.9))", 1000}};
static const world_row lake[] = {{"lake", "POLYGON((118.09 27.99,118.11 27.99,118.11 28.01,118.09 28.01,118.09 27.99))", 0}};

static void rivers_world(memory *m)
{
    memory_init(m);
    add_layer(m, "rivers", "EPSG:4490", rivers, 3);
    add_layer(m, "county", "EPSG:4490", county, 1);
    add_layer(m, "lake", "EPSG:4490", lake, 1);
}

/* Run over the rivers, the county and the lake. */
static void run_rivers(memory *m, const char *settings)
{
    rivers_world(m);
    ok(run_with(m, settings, err));
}

/* The columns that scripts rely on, a row a group and width and one for all, in this order; both layers. */
START_TEST(table_and_layers)
{
    static const char *const want[] = {"name",         "scope",      "width_m",           "length_m",    "gross_m2",
                                       "dissolved_m2", "clipped_m2", "share_of_clip_pct", "tolerance_m", "audited_error_m"};
    memory m;
    run_rivers(&m, "lines=rivers width_m=2000,1000 by=name clip=county tolerance_m=0.1");
    ck_assert_uint_eq(eb_table_column_count(m.table), sizeof want / sizeof want[0]);
    for (size_t c = 0; c < sizeof want / sizeof want[0]; c++) ck_assert_str_eq(eb_table_column_at(m.table, c)->name, want[c]);
    ck_assert_uint_eq(eb_table_row_count(m.table), 6);
    static const char *const names[] = {"upper", "lower", NULL, "upper", "lower", NULL};
    for (size_t r = 0; r < 6; r++) {
        const char *name = eb_table_text_at(m.table, r, 0);
        ck_assert(names[r] ? name && strcmp(name, names[r]) == 0 : name == NULL);
        ck_assert_str_eq(eb_table_text_at(m.table, r, 1), names[r] ? "group" : "all");
        ck_assert_double_eq(cell(&m, r, "width_m"), r < 3 ? 1000 : 2000);
        ck_assert_double_eq(cell(&m, r, "tolerance_m"), 0.1);
        ck_assert(cell(&m, r, "audited_error_m") > 0 && cell(&m, r, "audited_error_m") <= 0.1);
        ck_assert(cell(&m, r, "gross_m2") > cell(&m, r, "dissolved_m2") - 1);
        ck_assert(cell(&m, r, "clipped_m2") < cell(&m, r, "dissolved_m2"));
    }
    ck_assert(strlen(eb_table_method(m.table)) > 100);
    const eb_layer *groups = result(&m, ""), *dissolved = result(&m, "dissolved");
    ck_assert_uint_eq(eb_layer_count(groups), 4);
    ck_assert_uint_eq(eb_layer_count(dissolved), 2);
    const eb_batch *batch = eb_layer_batch_at(groups, 0);
    int area = eb_schema_find(eb_layer_schema(groups), "area_m2");
    ck_assert_str_eq(eb_batch_text_at(batch, 1, 0), "lower");
    ck_assert_double_eq(eb_batch_real_at(batch, 1, (size_t)area), cell(&m, 1, "clipped_m2"));
    memory_clear(&m);
}
END_TEST

/* Every figure against one worked out another way: lengths by hand, gross as a sum, shares, groups against all. */
START_TEST(figures_agree)
{
    memory m;
    run_rivers(&m, "lines=rivers width_m=1000 by=name tolerance_m=0.1");
    double a = 6378137, f = 1 / 298.257222101;
    double upper = eb_distance_m(a, f, 118, 28, 118.05, 28.02) + eb_distance_m(a, f, 118.05, 28.02, 118.1, 28);
    double lower = eb_distance_m(a, f, 118.1, 28, 118.2, 28.01);
    ck_assert_double_eq_tol(cell(&m, 0, "length_m"), upper, 0.01);
    ck_assert_double_eq_tol(cell(&m, 1, "length_m"), lower, 0.01);
    ck_assert_double_eq_tol(cell(&m, 2, "length_m"), upper + lower, 0.02);
    /* Bent twice, two lines of a group, round ends: each feature's own is a strip and a disc. */
    double disc = 3.14159265358979 * 1e6, gross = 2000 * (upper + lower) + 3 * disc;
    ck_assert_double_eq_tol(cell(&m, 2, "gross_m2"), gross, 2e-4 * gross);
    ck_assert_double_eq_tol(cell(&m, 0, "gross_m2") + cell(&m, 1, "gross_m2"), cell(&m, 2, "gross_m2"), 0.1);
    ck_assert(cell(&m, 0, "dissolved_m2") < cell(&m, 0, "gross_m2"));
    ck_assert(cell(&m, 2, "dissolved_m2") < cell(&m, 0, "dissolved_m2") + cell(&m, 1, "dissolved_m2"));
    ck_assert_double_eq_tol(cell(&m, 1, "dissolved_m2"), cell(&m, 1, "gross_m2"), 0.1);
    memory_clear(&m);
}
END_TEST

static double clipped_with(const char *settings)
{
    memory m;
    run_rivers(&m, settings);
    double area = cell(&m, eb_table_row_count(m.table) - 1, "clipped_m2");
    memory_clear(&m);
    return area;
}

/* What clip keeps and erase takes: inside and outside of the same polygon make the whole. */
START_TEST(clip_and_erase)
{
    double whole = clipped_with("lines=rivers width_m=1500"), inside = clipped_with("lines=rivers width_m=1500 clip=county");
    double outside = clipped_with("lines=rivers width_m=1500 erase=county"),
           both = clipped_with("lines=rivers width_m=1500 clip=county erase=lake");
    double lake_only = clipped_with("lines=rivers width_m=1500 clip=lake");
    ck_assert_double_eq_tol(inside + outside, whole, 1e-6 * whole);
    ck_assert_double_eq_tol(both + lake_only, inside, 1e-6 * whole);
    memory m;
    run_rivers(&m, "lines=rivers width_m=1500 clip=county");
    eb_crs *crs;
    eb_measure *measure;
    eb_size size;
    ok(eb_crs_new("EPSG:4490", &crs, err));
    ok(eb_measure_new(crs, 0, &measure, err));
    ok(eb_measure_area(measure, eb_batch_shape_at(eb_layer_batch_at(m.layers[1], 0), 0), EB_WANT_OFFICIAL, &size, err));
    ck_assert_double_eq_tol(cell(&m, 0, "share_of_clip_pct"), 100 * inside / size.official_m2, 1e-4);
    double parallel = eb_distance_m(6378137, 1 / 298.257222101, 118.05, 28.02, 118.15, 28.02);
    ck_assert(cell(&m, 0, "length_m") > 0.95 * parallel && cell(&m, 0, "length_m") < 1.1 * parallel);
    eb_measure_free(measure);
    eb_crs_free(crs);
    memory_clear(&m);
}
END_TEST

/* Rings: the same places as nested corridors, shared out. */
START_TEST(rings_share_out)
{
    memory nested, rings;
    run_rivers(&nested, "lines=rivers width_m=500,1000,3000 by=name");
    run_rivers(&rings, "lines=rivers width_m=500,1000,3000 by=name rings=true");
    for (size_t g = 0; g < 3; g++) {
        double sum = 0;
        for (size_t w = 0; w < 3; w++) {
            sum += cell(&rings, 3 * w + g, "dissolved_m2");
            ck_assert_double_eq_tol(sum, cell(&nested, 3 * w + g, "dissolved_m2"), 1);
            ck_assert_double_eq(cell(&rings, 3 * w + g, "inner_m"), w == 0 ? 0 : w == 1 ? 500 : 1000);
        }
    }
    memory_clear(&nested);
    memory_clear(&rings);
}
END_TEST

/* The corridor does not depend on how the layer is held: another CRS, another order, vertices repeated. */
START_TEST(same_in_any_form)
{
    static const world_row turned[] = {
        {"lower", "LINESTRING(118.1 28,118.1 28,118.2 28.01)", 0},
        {"upper", "MULTILINESTRING((118.05 28.02,118.1 28),(118 28,118.05 28.02))", 0},
    };
    memory a, b;
    run_rivers(&a, "lines=rivers width_m=1000");
    run_lines(&b, "EPSG:4490", turned, 2, "lines=rivers width_m=1000");
    ck_assert_double_eq_tol(cell(&a, 0, "dissolved_m2"), cell(&b, 0, "dissolved_m2"), 1);
    ck_assert_double_eq_tol(cell(&a, 0, "length_m"), cell(&b, 0, "length_m"), 1e-3);
    ck_assert_int_eq(eb_diagnosis_total(b.space.diagnosis, EB_EVENT_NOTE), 1);
    memory_clear(&a);
    memory_clear(&b);
}
END_TEST

/* The width that gives an area gives it; widths given besides stay. */
START_TEST(width_for_an_area)
{
    static const struct {
        const char *label, *settings;
        double km2;
    } rows[] = {{"whole", "lines=rivers solve_area=60km2", 60},
                {"clipped", "lines=rivers solve_area=25km2 clip=county", 25},
                {"left", "lines=rivers solve_area=20km2 side=left", 20},
                {"flat", "lines=rivers solve_area=20km2 cap=flat", 20},
                {"nearly all of the clip layer", "lines=rivers solve_area=217km2 clip=county", 217},
                {"in mu", "lines=rivers solve_area=30000mu", 20},
                {"outward", "lines=county solve_area=40km2 side=outward", 40},
                {"core", "lines=county solve_area=100km2 side=core", 100},
                {"grown", "lines=county solve_area=400km2 side=grown", 400}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memory m;
        rivers_world(&m);
        eb_error err = {0};
        eb_status status = run_with(&m, rows[i].settings, &err);
        ck_assert_msg(status == EB_OK, "%s: %s", rows[i].label, err.message);
        double got = cell(&m, 0, "clipped_m2");
        ck_assert_msg(fabs(got / rows[i].km2 / 1e6 - 1) < 5e-6, "%s: %.1f", rows[i].label, got);
        memory_clear(&m);
    }
    memory m;
    run_rivers(&m, "lines=rivers width_m=100,5000 solve_area=60km2");
    ck_assert_uint_eq(eb_table_row_count(m.table), 3);
    ck_assert(cell(&m, 1, "width_m") > 100 && cell(&m, 1, "width_m") < 5000);
    bool told = false;
    for (size_t i = 0; i < eb_table_note_count(m.table); i++) told = told || strstr(eb_table_note_at(m.table, i), "on each side");
    ck_assert(told);
    memory_clear(&m);
}
END_TEST

/* Lengths: arcs that coincide once, braids once, tributaries and pieces of the main stem always. */
START_TEST(lengths_once)
{
    static const world_row braided[] = {
        {"main", "LINESTRING(118 28,118.05 28)", 0},
        {"main", "LINESTRING(118.05 28,118.07 28.0005,118.09 28)", 0},
        {"braid", "LINESTRING(118.05 28,118.07 27.9995,118.09 28)", 0},
        {"main", "LINESTRING(118.09 28,118.0905 28)", 0},
        {"main", "LINESTRING(118.0905 28,118.15 28)", 0},
        {"tributary", "LINESTRING(118.0905 28.0008,118.0905 28)", 0},
        {"copy", "LINESTRING(118 28,118.05 28)", 0},
    };
    double a = 6378137, f = 1 / 298.257222101;
    double main_km = eb_distance_m(a, f, 118, 28, 118.05, 28) + eb_distance_m(a, f, 118.05, 28, 118.07, 28.0005) +
                     eb_distance_m(a, f, 118.07, 28.0005, 118.09, 28) + eb_distance_m(a, f, 118.09, 28, 118.15, 28);
    double braid = eb_distance_m(a, f, 118.05, 28, 118.07, 27.9995) + eb_distance_m(a, f, 118.07, 27.9995, 118.09, 28);
    double tributary = eb_distance_m(a, f, 118.0905, 28, 118.0905, 28.0008), copy = eb_distance_m(a, f, 118, 28, 118.05, 28);
    const struct {
        const char *settings;
        double want;
    } rows[] = {{"lines=rivers width_m=100", main_km + braid + tributary + copy},
                {"lines=rivers width_m=100 once_m=0", main_km + braid + tributary},
                {"lines=rivers width_m=100 once_m=50", main_km + braid + tributary},
                {"lines=rivers width_m=100 once_m=200", main_km + tributary}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memory m;
        run_lines(&m, "EPSG:4490", braided, sizeof braided / sizeof braided[0], rows[i].settings);
        ck_assert_msg(fabs(cell(&m, 0, "length_m") - rows[i].want) < 0.1, "%s: %.2f, expected %.2f", rows[i].settings,
                      cell(&m, 0, "length_m"), rows[i].want);
        memory_clear(&m);
    }
}
END_TEST

/* Over the 180th meridian: cut there, the same size as elsewhere. */
START_TEST(over_the_meridian)
{
    static const world_row there[] = {{"a", "LINESTRING(179.95 28,-179.95 28.02)", 0}},
                           here[] = {{"a", "LINESTRING(118 28,118.1 28.02)", 0}};
    static const world_row split[] = {{"a", "LINESTRING(179.95 28,180 28.01)", 0}, {"a", "LINESTRING(-180 28.01,-179.95 28.02)", 0}};
    double areas[3];
    const world_row *const rows[] = {here, there, split};
    for (int i = 0; i < 3; i++) {
        memory m;
        run_lines(&m, "EPSG:4326", rows[i], i == 2 ? 2 : 1, "lines=rivers width_m=2000 method=geodesic cap=flat");
        areas[i] = cell(&m, 0, "dissolved_m2");
        double box[4];
        ck_assert(eb_wkb_bounds(eb_batch_shape_at(eb_layer_batch_at(result(&m, ""), 0), 0), box));
        ck_assert(box[0] >= -180 && box[2] <= 180);
        memory_clear(&m);
    }
    ck_assert_double_eq_tol(areas[1], areas[0], 1e-3 * areas[0]);
    ck_assert_double_eq_tol(areas[2], areas[0], 1e-3 * areas[0]);
}
END_TEST

static const world_row points[] = {{"p", "POINT(118 28)", 0}}, nothing[] = {{"n", NULL, 0}}, empty[] = {{"e", "LINESTRING EMPTY", 0}};
static const world_row dots[] = {{"z", "LINESTRING(118 28,118 28)", 0}}, high[] = {{"h", "LINESTRING(118 28,118 91)", 0}};
static const world_row mixed[] = {{"l", "LINESTRING(118 28,118.1 28)", 0},
                                  {"p", "POINT(118 28)", 0},
                                  {"a", "POLYGON((118 28,118.1 28,118.1 28.1,118 28))", 0},
                                  {"z", "LINESTRING(118 28,118 28)", 0},
                                  {"n", NULL, 0}};
static const world_row polar[] = {{"p", "LINESTRING(0 89.95,90 89.95)", 0}}, world[] = {{"w", "LINESTRING(0 0,90 0,170 0)", 0}};

static const struct {
    const char *label;
    const world_row *rows;
    size_t count;
    const char *crs, *settings;
    eb_status want;
    const char *says;
} bad[] = {
    {"no width", rivers, 3, "EPSG:4490", "lines=rivers", EB_USAGE, "width"},
    {"points", points, 1, "EPSG:4490", "lines=rivers width_m=100", EB_REFUSED, "no line"},
    {"nulls only", nothing, 1, "EPSG:4490", "lines=rivers width_m=100", EB_REFUSED, "no line"},
    {"empty lines only", empty, 1, "EPSG:4490", "lines=rivers width_m=100", EB_REFUSED, "no line"},
    {"lines without length", dots, 1, "EPSG:4490", "lines=rivers width_m=100", EB_REFUSED, "no line"},
    {"past the pole", high, 1, "EPSG:4490", "lines=rivers width_m=100", EB_REFUSED, "no line"},
    {"no CRS", rivers, 3, NULL, "lines=rivers width_m=100", EB_REFUSED, "CRS"},
    {"unknown field", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 by=nome", EB_USAGE, "nome"},
    {"unknown layer", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 clip=countie", EB_INPUT, "countie"},
    {"clip to lines", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 clip=rivers", EB_REFUSED, "no polygon"},
    {"outward of lines", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 side=outward", EB_USAGE, "outward"},
    {"left of polygons", county, 1, "EPSG:4490", "lines=rivers width_m=100 side=left", EB_USAGE, "left"},
    {"rings of cores", county, 1, "EPSG:4490", "lines=rivers width_m=100 side=core rings=true", EB_USAGE, "rings"},
    {"weight without field", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 weight=county", EB_USAGE, "weight-field"},
    {"weight by text", rivers, 3, "EPSG:4490", "lines=rivers width_m=100 weight=county weight_field=name", EB_USAGE, "numbers"},
    {"more area than there is", rivers, 3, "EPSG:4490", "lines=rivers solve_area=300km2 clip=county", EB_USAGE, "no width"},
    {"grown to less than it is", county, 1, "EPSG:4490", "lines=rivers solve_area=3km2 side=grown", EB_USAGE, "no width"},
    {"over a pole in degrees", polar, 1, "EPSG:4326", "lines=rivers width_m=100000", EB_REFUSED, "pole"},
    {"half the world", world, 1, "EPSG:4326", "lines=rivers width_m=3000000", EB_REFUSED, "hemisphere"},
    {"wider than corridors are made", rivers, 3, "EPSG:4490", "lines=rivers width_m=3000001", EB_USAGE, "3000000"},
};

START_TEST(bad_row)
{
    memory m;
    eb_error err = {0};
    memory_init(&m);
    add_layer(&m, "rivers", bad[_i].crs, bad[_i].rows, bad[_i].count);
    add_layer(&m, "county", "EPSG:4490", county, 1);
    eb_status got = run_with(&m, bad[_i].settings, &err);
    ck_assert_msg(got == bad[_i].want, "%s: %s: %s", bad[_i].label, eb_status_name(got), err.message);
    ck_assert_msg(strstr(err.message, bad[_i].says) || strstr(err.hint, bad[_i].says), "%s: %s / %s", bad[_i].label, err.message, err.hint);
    memory_clear(&m);
}
END_TEST

/* What cannot be used is on record; the rest is done. */
START_TEST(mixed_layer)
{
    memory m;
    run_lines(&m, "EPSG:4490", mixed, 5, "lines=rivers width_m=100");
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_REJECTED), 3);
    ck_assert_int_eq(eb_diagnosis_total(m.space.diagnosis, EB_EVENT_NULL), 1);
    ck_assert_int_eq(eb_diagnosis_layer_at(m.space.diagnosis, 0)->read, 5);
    ck_assert_uint_eq(eb_table_row_count(m.table), 1);
    memory_clear(&m);
}
END_TEST

static bool always(void *user)
{
    (void)user;
    return true;
}

START_TEST(stops_when_told)
{
    memory m;
    rivers_world(&m);
    const eb_analysis *analysis = eb_analysis_find("corridor");
    eb_args *args = eb_args_new(analysis->params, analysis->param_count);
    ok(eb_args_add(args, "lines", "rivers", false, err));
    ok(eb_args_add(args, "width_m", "1000", false, err));
    ok(eb_args_finish(args, err));
    eb_env env = {.cancelled = always};
    ck_assert_int_eq(analysis->run(args, &m.space, &env, NULL), EB_CANCELLED);
    eb_args_free(args);
    memory_clear(&m);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("run");
    tcase_add_test(tcase, table_and_layers);
    tcase_add_test(tcase, figures_agree);
    tcase_add_test(tcase, clip_and_erase);
    tcase_add_test(tcase, rings_share_out);
    tcase_add_test(tcase, same_in_any_form);
    tcase_add_test(tcase, width_for_an_area);
    tcase_add_test(tcase, lengths_once);
    tcase_add_test(tcase, over_the_meridian);
    tcase_add_loop_test(tcase, bad_row, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(tcase, mixed_layer);
    tcase_add_test(tcase, stops_when_told);
    return world_run("corridor_run", tcase);
}
