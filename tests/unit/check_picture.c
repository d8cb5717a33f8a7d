/* Pictures: cutting to a window, symbols of the styles, charts and maps as SVG. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/clip.h"
#include "report/html/page.h"
#include "report/html/picture.h"
#include "report/symbol.h"

static const double window[4] = {0, 0, 10, 10};

static double area_of(const eb_points *ring)
{
    double twice = 0;
    for (size_t i = 0; i < ring->count; i++) {
        const double *a = ring->xy[i], *b = ring->xy[(i + 1) % ring->count];
        twice += a[0] * b[1] - b[0] * a[1];
    }
    return twice / 2;
}

static const struct ring_row {
    const char *label;
    double xy[12];
    size_t count;
    double area;
} rings[] = {
    {"inside", {1, 1, 9, 1, 9, 9, 1, 9, 1, 1}, 5, 64},
    {"around", {-5, -5, 15, -5, 15, 15, -5, 15, -5, -5}, 5, 100},
    {"across one side", {5, 5, 15, 5, 15, 8, 5, 8, 5, 5}, 5, 15},
    {"across a corner", {5, 5, 15, 5, 15, 15, 5, 15, 5, 5}, 5, 25},
    {"outside", {11, 11, 15, 11, 15, 15, 11, 15, 11, 11}, 5, 0},
    {"across two sides", {-1, 12, 12, -1, 12, 12, -1, 12}, 4, 40.5},
    {"triangle over the top", {2, 5, 8, 5, 5, 20, 2, 5}, 4, 25},
};

START_TEST(rings_are_cut_to_the_window)
{
    const struct ring_row *row = &rings[_i];
    eb_points ring = {0};
    for (size_t i = 0; i < row->count; i++) eb_points_add(&ring, row->xy[2 * i], row->xy[2 * i + 1]);
    eb_points_clip_ring(&ring, window);
    for (size_t i = 0; i < ring.count; i++) {
        ck_assert_msg(ring.xy[i][0] >= -1e-12 && ring.xy[i][0] <= 10 + 1e-12 && ring.xy[i][1] >= -1e-12 && ring.xy[i][1] <= 10 + 1e-12,
                      "%s", row->label);
    }
    /* Of the triangle over the top, what lies below y = 10 is a trapezium of 6 and 4 wide, 5 high. */
    ck_assert_msg(fabs(area_of(&ring) - row->area) < 1e-9, "%s: %g", row->label, area_of(&ring));
    eb_points_clear(&ring);
}
END_TEST

static const struct segment_row {
    const char *label;
    double ax, ay, bx, by;
    bool kept;
    double wax, way, wbx, wby;
} segments[] = {
    {"inside", 1, 1, 9, 9, true, 1, 1, 9, 9},           {"through", -5, 5, 15, 5, true, 0, 5, 10, 5},
    {"one end out", 5, 5, 5, 20, true, 5, 5, 5, 10},    {"outside", 11, 0, 11, 10, false, 0, 0, 0, 0},
    {"past a corner", 8, 14, 14, 8, false, 0, 0, 0, 0}, {"diagonal", -5, -5, 15, 15, true, 0, 0, 10, 10},
};

START_TEST(segments_are_cut_to_the_window)
{
    const struct segment_row *row = &segments[_i];
    double a[2] = {row->ax, row->ay}, b[2] = {row->bx, row->by};
    ck_assert_msg(eb_clip_segment(a, b, window) == row->kept, "%s", row->label);
    if (!row->kept) return;
    ck_assert_msg(fabs(a[0] - row->wax) + fabs(a[1] - row->way) + fabs(b[0] - row->wbx) + fabs(b[1] - row->wby) < 1e-12, "%s", row->label);
}
END_TEST

START_TEST(thinning_keeps_the_ends)
{
    eb_points points = {0};
    for (int i = 0; i <= 100; i++) eb_points_add(&points, i * 0.1, 0);
    eb_points_thin(&points, 1);
    ck_assert_uint_ge(points.count, 10);
    ck_assert_uint_le(points.count, 12);
    ck_assert_double_eq(points.xy[0][0], 0);
    ck_assert_double_eq(points.xy[points.count - 1][0], 10);
    eb_points_clear(&points);
}
END_TEST

/** Two squares by `name` in degrees of CGCS2000. */
static eb_layer *squares(const char *first, const char *second)
{
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new("EPSG:4490", &crs, NULL), EB_OK);
    eb_schema *schema = eb_schema_new("squares", EB_SHAPE_POLYGON, crs);
    ck_assert_int_ge(eb_schema_add_field(schema, "name", EB_FIELD_TEXT), 0);
    eb_layer *layer = eb_layer_new(schema);
    for (int i = 0; i < 2; i++) {
        uint8_t wkb[13 + 5 * 16] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
        const double w = 118.6 + 0.1 * i, xy[10] = {w, 28.5, w + 0.1, 28.5, w + 0.1, 28.6, w, 28.6, w, 28.5};
        memcpy(wkb + 13, xy, sizeof xy);
        eb_batch *tail = eb_layer_tail(layer);
        ck_assert(eb_batch_add(tail, i + 1, (eb_wkb){wkb, sizeof wkb}));
        ck_assert(eb_batch_set_text(tail, 0, i ? second : first));
    }
    eb_schema_free(schema);
    eb_crs_free(crs);
    return layer;
}

START_TEST(a_style_is_read_as_symbols)
{
    eb_layer *layer = squares("core protection", "something else");
    const eb_report_layer row = {.id = "x", .title = "X", .theme = "park", .label = "name", .layer = layer};
    eb_style style;
    ck_assert_int_eq(eb_style_read(&row, EB_LANG_EN, &style, NULL), EB_OK);
    ck_assert_str_eq(style.field, "name");
    ck_assert_uint_eq(style.count, 2);
    const eb_symbol *core = eb_style_symbol(&style, eb_layer_batch_at(layer, 0), 0),
                    *other = eb_style_symbol(&style, eb_layer_batch_at(layer, 0), 1);
    ck_assert_str_eq(core->label, "Core protection zone");
    ck_assert_str_eq(core->inks[0].fill, "#00654a");
    ck_assert_double_eq_tol(core->inks[0].fill_opacity, 190.0 / 255, 1e-9);
    ck_assert_str_eq(other->value, "");
    ck_assert_str_eq(other->label, "Park");
    eb_style_clear(&style);
    eb_layer_free(layer);
}
END_TEST

START_TEST(lines_and_marks_are_read)
{
    eb_layer *layer = squares("a", "b");
    const struct {
        const char *theme;
        size_t inks;
        const char *stroke;
        double mm;
        eb_mark mark;
    } rows[] = {{"rivers", 1, "#0072b2", 0.9, EB_MARK_CIRCLE}, {"heritage_sites", 1, "#f0e442", 0.6, EB_MARK_DIAMOND}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const eb_report_layer row = {.id = "x", .title = "X", .theme = rows[i].theme, .layer = layer};
        eb_style style;
        ck_assert_int_eq(eb_style_read(&row, EB_LANG_EN, &style, NULL), EB_OK);
        ck_assert_uint_eq(style.count, 1);
        ck_assert_uint_eq(style.symbols[0].ink_count, rows[i].inks);
        ck_assert_str_eq(style.symbols[0].inks[0].stroke, rows[i].stroke);
        ck_assert_double_eq_tol(style.symbols[0].inks[0].stroke_mm, rows[i].mm, 1e-12);
        ck_assert_int_eq(style.symbols[0].inks[0].mark, rows[i].mark);
        eb_style_clear(&style);
    }
    eb_layer_free(layer);
}
END_TEST

START_TEST(charts_have_their_numbers)
{
    eb_table *data = eb_table_new("chart", "A & B");
    eb_table_add_column(data, &(eb_column){.name = "name", .type = EB_COLUMN_TEXT});
    eb_table_add_column(data, &(eb_column){.name = "area_km2", .type = EB_COLUMN_REAL, .unit = "km2", .decimals = 1});
    for (size_t r = 0; r < 2; r++) {
        eb_table_add_row(data);
        eb_table_set_text(data, r, 0, r ? "<b>" : "a");
        eb_table_set_real(data, r, 1, r ? 30 : 10);
    }
    for (int kind = EB_CHART_BAR; kind <= EB_CHART_PIE; kind++) {
        eb_string out = {0};
        const eb_chart chart = {(eb_chart_kind)kind, data};
        eb_picture_chart(&out, &chart, EB_LANG_EN);
        ck_assert_ptr_nonnull(strstr(out.data, "&lt;b&gt;"));
        ck_assert_ptr_nonnull(strstr(out.data, kind == EB_CHART_BAR ? "30.0" : "30.00"));
        if (kind == EB_CHART_PIE) ck_assert_ptr_nonnull(strstr(out.data, "(75.0 %)"));
        eb_string_clear(&out);
    }
    eb_table_free(data);
}
END_TEST

START_TEST(heights_stand_as_a_profile)
{
    eb_table *heights = eb_table_new("profile", "Heights");
    eb_table_add_column(heights, &(eb_column){.name = "route", .type = EB_COLUMN_TEXT, .role = EB_ROLE_KEY});
    eb_table_add_column(heights, &(eb_column){.name = "distance_m", .type = EB_COLUMN_REAL, .unit = "m", .decimals = 1});
    eb_table_add_column(heights, &(eb_column){.name = "height_m", .type = EB_COLUMN_REAL, .unit = "m", .decimals = 1});
    for (size_t r = 0; r < 5000; r++) {
        eb_table_add_row(heights);
        eb_table_set_text(heights, r, 0, "<A>");
        eb_table_set_real(heights, r, 1, (double)r * 4);
        eb_table_set_real(heights, r, 2, 100 + (double)(r % 1000) / 10);
    }
    const eb_table *tables[] = {heights};
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    const eb_report report = {.name = "r", .title = "R", .tables = tables, .table_count = 1, .diagnosis = diagnosis};
    char *text = NULL;
    ck_assert_int_eq(eb_report_to_html(&report, &text, NULL), EB_OK);
    ck_assert_ptr_nonnull(strstr(text, "&lt;A&gt;"));
    ck_assert_ptr_nonnull(strstr(text, "<path class=\"line\" d=\"M"));
    ck_assert_ptr_null(strstr(text, "4,000.0")); /* the rows themselves are in the workbook */
    ck_assert_uint_lt(strlen(text), 150000);
    free(text);
    eb_diagnosis_free(diagnosis);
    eb_table_free(heights);
}
END_TEST

START_TEST(specks_are_drawn_once_a_pixel)
{
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new("EPSG:4549", &crs, NULL), EB_OK);
    eb_schema *schema = eb_schema_new("specks", EB_SHAPE_POLYGON, crs);
    eb_layer *layer = eb_layer_new(schema);
    enum { SIDE = 200 };
    for (int i = 0; i < SIDE * SIDE; i++) { /* squares of 1 m, 1 m apart: 400 m of a window of 100 km */
        uint8_t wkb[13 + 5 * 16] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
        const double x = 500000 + 2.0 * (i % SIDE), y = 3200000 + 2.0 * (int)(i / SIDE);
        const double xy[10] = {x, y, x + 1, y, x + 1, y + 1, x, y + 1, x, y};
        memcpy(wkb + 13, xy, sizeof xy);
        ck_assert(eb_batch_add(eb_layer_tail(layer), i + 1, (eb_wkb){wkb, sizeof wkb}));
    }
    const eb_report_layer layers[] = {{.id = "a", .title = "A", .input = true, .layer = layer}};
    const eb_report report = {.name = "r", .title = "R", .lang = EB_LANG_EN, .layers = layers, .layer_count = 1};
    const eb_frame_view view = {.crs = crs};
    const eb_map map = {.report = &report, .view = &view, .box = {450000, 3150000, 550000, 3250000}, .width_px = 500};
    eb_string out = {0}, legend = {0};
    ck_assert_int_eq(eb_picture_map(&out, &legend, &map, NULL), EB_OK);
    size_t paths = 0;
    for (const char *at = out.data; (at = strstr(at, "h7v7h-7z")); at++) paths++;
    ck_assert_uint_ge(paths, 1); /* seen, */
    ck_assert_uint_le(paths, 9); /* but as the three pixels each way that they fill */
    ck_assert_ptr_nonnull(strstr(legend.data, "</svg>A</li>"));
    eb_string_clear(&out);
    eb_string_clear(&legend);
    eb_layer_free(layer);
    eb_schema_free(schema);
    eb_crs_free(crs);
}
END_TEST

START_TEST(a_page_needs_nothing_from_elsewhere)
{
    eb_layer *layer = squares("core protection", "traditional use");
    eb_table *table = eb_table_new("t", "T <1>");
    eb_table_add_column(table, &(eb_column){.name = "area_km2", .type = EB_COLUMN_REAL, .unit = "km2", .decimals = 1});
    eb_table_add_row(table);
    eb_table_add_note(table, "of 5 km2");
    const eb_table *tables[] = {table};
    const eb_report_layer layers[] = {
        {.id = "a", .title = "A", .theme = "counties", .label = "name", .layer = layer, .schematic = true, .input = true, .focus = true}};
    eb_diagnosis *diagnosis = eb_diagnosis_new();
    const eb_report report = {.name = "r",
                              .title = "R & D",
                              .lang = EB_LANG_EN,
                              .layers = layers,
                              .layer_count = 1,
                              .tables = tables,
                              .table_count = 1,
                              .diagnosis = diagnosis,
                              .made = "ecobelt"};
    char *text = NULL;
    ck_assert_int_eq(eb_report_to_html(&report, &text, NULL), EB_OK);
    static const char *const wanted[] = {"<title>R &amp; D</title>",         "T &lt;1&gt;", "of 5 km2",
                                         "show no official boundary",        "<svg",        "core protection</text>",
                                         "every feature was used as it came"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) ck_assert_msg(strstr(text, wanted[i]), "no %s", wanted[i]);
    static const char *const unwanted[] = {"<script", "src=\"", "url(", "@import", "<link"};
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) ck_assert_msg(!strstr(text, unwanted[i]), "%s", unwanted[i]);
    free(text);
    eb_diagnosis_free(diagnosis);
    eb_table_free(table);
    eb_layer_free(layer);
}
END_TEST

#define ROWS(rows) (int)(sizeof(rows) / sizeof(rows)[0])

int main(void)
{
    Suite *suite = suite_create("picture");
    TCase *tcase = tcase_create("picture");
    tcase_add_loop_test(tcase, rings_are_cut_to_the_window, 0, ROWS(rings));
    tcase_add_loop_test(tcase, segments_are_cut_to_the_window, 0, ROWS(segments));
    tcase_add_test(tcase, thinning_keeps_the_ends);
    tcase_add_test(tcase, a_style_is_read_as_symbols);
    tcase_add_test(tcase, lines_and_marks_are_read);
    tcase_add_test(tcase, charts_have_their_numbers);
    tcase_add_test(tcase, heights_stand_as_a_profile);
    tcase_add_test(tcase, specks_are_drawn_once_a_pixel);
    tcase_add_test(tcase, a_page_needs_nothing_from_elsewhere);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
