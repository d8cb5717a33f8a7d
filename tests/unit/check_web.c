/* The web map's parts: thinned coordinates, attributes as people read them. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/web/thin.h"
#include "report/web/web.h"

static double distance(const int32_t p[2], const int32_t a[2], const int32_t b[2])
{
    const double dx = (double)b[0] - a[0], dy = (double)b[1] - a[1], px = (double)p[0] - a[0], py = (double)p[1] - a[1];
    const double size = dx * dx + dy * dy;
    const double t = size > 0 ? fmax(0, fmin(1, (px * dx + py * dy) / size)) : 0;
    return hypot(px - t * dx, py - t * dy);
}

/** A walk that turns, stands still and doubles back. */
static void wander(eb_trail *trail, unsigned seed, size_t count)
{
    int32_t x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        x += (int32_t)(seed >> 28) - 5;
        seed = seed * 1664525u + 1013904223u;
        y += (int32_t)(seed >> 29) - 3;
        eb_trail_add(trail, x, y);
    }
}

START_TEST(what_is_left_out_lies_near_what_stays)
{
    const double tolerances[] = {0, 0.7, 1, 4, 64};
    for (unsigned seed = 1; seed < 60; seed++) {
        for (size_t t = 0; t < sizeof tolerances / sizeof tolerances[0]; t++) {
            eb_trail before = {0}, after = {0};
            wander(&before, seed, 400);
            wander(&after, seed, 400);
            eb_trail_thin(&after, tolerances[t], false);
            ck_assert_uint_le(after.count, before.count);
            ck_assert_mem_eq(after.xy[0], before.xy[0], sizeof *after.xy);
            ck_assert_mem_eq(after.xy[after.count - 1], before.xy[before.count - 1], sizeof *after.xy);
            /* Each point in turn lies by a segment that is not before the one of the point before. */
            size_t k = 0;
            for (size_t i = 0; i < before.count; i++) {
                while (k + 2 < after.count && distance(before.xy[i], after.xy[k], after.xy[k + 1]) > tolerances[t] + 1e-6) k++;
                ck_assert_msg(distance(before.xy[i], after.xy[k], after.xy[k + 1]) <= tolerances[t] + 1e-6,
                              "seed %u, tolerance %g, point %zu: %g", seed, tolerances[t], i,
                              distance(before.xy[i], after.xy[k], after.xy[k + 1]));
            }
            eb_trail_clear(&before);
            eb_trail_clear(&after);
        }
    }
}
END_TEST

START_TEST(straight_lines_keep_their_ends_alone)
{
    eb_trail trail = {0};
    for (int32_t i = 0; i < 1000; i++) eb_trail_add(&trail, 3 * i, 2 * i);
    eb_trail_thin(&trail, 0, false);
    ck_assert_uint_eq(trail.count, 2);
    eb_trail_reset(&trail);
    for (int32_t i = 0; i < 5; i++) eb_trail_add(&trail, 7, 7);
    ck_assert_uint_eq(trail.count, 1);
    eb_trail_clear(&trail);
}
END_TEST

START_TEST(a_small_ring_keeps_its_area)
{
    static const int32_t ring[][2] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}};
    eb_trail trail = {0};
    for (size_t i = 0; i < 5; i++) eb_trail_add(&trail, ring[i][0], ring[i][1]);
    eb_trail_thin(&trail, 50, true);
    ck_assert_uint_ge(trail.count, 4);
    eb_trail_clear(&trail);
}
END_TEST

static const struct value_row {
    const char *name;
    double value;
    const char *en, *zh;
} values[] = {
    {"area_m2", 72330000.38, "72.33 km²", "72.33 平方公里"},
    {"area_m2", 1364610172.87, "1,364.61 km²", "1,364.61 平方公里"},
    {"area_m2", 45000, "4.50 ha", "4.50 公顷"},
    {"area_m2", 1234, "1,234 m²", "1,234 平方米"},
    {"length_m", 173366.8, "173.37 km", "173.37 公里"},
    {"width_m", 250, "250 m", "250 米"},
    {"audited_error_m", 0.0500045, "0.050 m", "0.050 米"},
    {"published_ha", 812, "812.00 ha", "812.00 公顷"},
    {"share_pct", 11.4, "11.40%", "11.40%"},
    {"time_min", 126.09, "126 min", "126 分钟"},
    {"height", -1234.5, "-1,234.50", "-1,234.50"},
    {"speed", 80, "80", "80"},
};

START_TEST(numbers_stand_in_the_unit_that_fits)
{
    const struct value_row *row = &values[_i];
    eb_schema *schema = eb_schema_new("x", EB_SHAPE_POINT, NULL);
    ck_assert_int_ge(eb_schema_add_field(schema, row->name, EB_FIELD_REAL), 0);
    eb_layer *layer = eb_layer_new(schema);
    eb_batch *tail = eb_layer_tail(layer);
    ck_assert(eb_batch_add(tail, 1, (eb_wkb){NULL, 0}) && eb_batch_set_real(tail, 0, row->value));
    char text[128];
    eb_web_value(tail, 0, 0, EB_LANG_EN, text, sizeof text);
    ck_assert_str_eq(text, row->en);
    eb_web_value(tail, 0, 0, EB_LANG_ZH, text, sizeof text);
    ck_assert_str_eq(text, row->zh);
    eb_layer_free(layer);
    eb_schema_free(schema);
}
END_TEST

/** A layer of one feature with every field filled. */
static eb_layer *sample(void)
{
    static const char *const names[] = {"fid",    "source", "name",     "name_zh",  "kind", "kind_zh",
                                        "county", "class",  "class_en", "OBJECTID", "empty"};
    eb_schema *schema = eb_schema_new("x", EB_SHAPE_POINT, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) ck_assert_int_ge(eb_schema_add_field(schema, names[i], EB_FIELD_TEXT), 0);
    eb_layer *layer = eb_layer_new(schema);
    eb_batch *tail = eb_layer_tail(layer);
    ck_assert(eb_batch_add(tail, 1, (eb_wkb){NULL, 0}));
    for (size_t i = 0; i + 1 < sizeof names / sizeof names[0]; i++) ck_assert(eb_batch_set_text(tail, i, "some"));
    eb_schema_free(schema);
    return layer;
}

START_TEST(people_read_one_language_and_no_ids)
{
    static const char *const wanted[2][4] = {{"kind", "county", "class_en", "source"}, {"kind_zh", "county", "class", "source"}};
    static const char *const headings[2][4] = {{"Kind", "County", "Class", "Source"}, {"类型", "县(市、区)", "类别", "来源"}};
    eb_layer *layer = sample();
    const eb_schema *schema = eb_layer_schema(layer);
    eb_web_fields fields;
    ck_assert(eb_web_fields_choose(layer, NULL, (eb_lang)_i, &fields));
    ck_assert_str_eq(schema->fields[fields.heading].name, _i == EB_LANG_ZH ? "name_zh" : "name");
    ck_assert_uint_eq(fields.count, 4);
    for (size_t k = 0; k < 4; k++) {
        char heading[128];
        ck_assert_str_eq(schema->fields[fields.fields[k]].name, wanted[_i][k]);
        eb_web_field_heading(&schema->fields[fields.fields[k]], (eb_lang)_i, heading, sizeof heading);
        ck_assert_str_eq(heading, headings[_i][k]);
    }
    eb_web_fields_clear(&fields);
    eb_layer_free(layer);
}
END_TEST

static const struct heading_row {
    const char *name, *alias, *en, *zh;
} titles[] = {
    {"area_m2", NULL, "Area", "面积"},
    {"official_km2", NULL, "Official area", "法定椭球面积"}, /* as --unit km2 gives it: computed, never "published" */
    {"official_m2", NULL, "Official area", "法定椭球面积"},
    {"BSM", "标识码", "标识码", "标识码"},
    {"their_own_m", NULL, "their own", "their own"},
};

START_TEST(headings_have_no_unit)
{
    const struct heading_row *row = &titles[_i];
    char name[32], alias[32], heading[128];
    snprintf(name, sizeof name, "%s", row->name);
    snprintf(alias, sizeof alias, "%s", row->alias ? row->alias : "");
    const eb_field field = {.name = name, .alias = row->alias ? alias : NULL, .type = EB_FIELD_REAL};
    eb_web_field_heading(&field, EB_LANG_EN, heading, sizeof heading);
    ck_assert_str_eq(heading, row->en);
    eb_web_field_heading(&field, EB_LANG_ZH, heading, sizeof heading);
    ck_assert_str_eq(heading, row->zh);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("web");
    TCase *tcase = tcase_create("web");
    tcase_add_test(tcase, what_is_left_out_lies_near_what_stays);
    tcase_add_test(tcase, straight_lines_keep_their_ends_alone);
    tcase_add_test(tcase, a_small_ring_keeps_its_area);
    tcase_add_loop_test(tcase, numbers_stand_in_the_unit_that_fits, 0, (int)(sizeof values / sizeof values[0]));
    tcase_add_loop_test(tcase, people_read_one_language_and_no_ids, EB_LANG_EN, EB_LANG_ZH + 1);
    tcase_add_loop_test(tcase, headings_have_no_unit, 0, (int)(sizeof titles / sizeof titles[0]));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
