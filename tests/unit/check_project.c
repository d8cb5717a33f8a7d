/* The project of a report, without QGIS: archive, XML, view, identifiers. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/frame.h"
#include "report/project.h"
#include "report/xml.h"
#include "report/zip.h"

START_TEST(crc_is_that_of_the_standard)
{
    ck_assert_uint_eq(eb_zip_crc("123456789", 9), 0xcbf43926);
    ck_assert_uint_eq(eb_zip_crc("", 0), 0);
}
END_TEST

START_TEST(an_archive_can_be_unpacked)
{
    char name[] = "/tmp/check_project.XXXXXX", command[256], text[64] = "";
    eb_string out = {0};
    eb_zip_one(&out, "a.qgs", "<qgis>衢州</qgis>", strlen("<qgis>衢州</qgis>"));
    ck_assert(!out.failed);
    FILE *file = fdopen(mkstemp(name), "wb");
    ck_assert_uint_eq(fwrite(out.data, 1, out.size, file), out.size);
    fclose(file);
    snprintf(command, sizeof command,
             "python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; "
             "sys.stdout.write(z.read(\"a.qgs\").decode())' %s",
             name);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, pipe));
    ck_assert_int_eq(pclose(pipe), 0);
    ck_assert_str_eq(text, "<qgis>衢州</qgis>");
    remove(name);
    eb_string_clear(&out);
}
END_TEST

START_TEST(text_in_xml)
{
    eb_string out = {0};
    eb_xml_add(&out, "a<b>&\"c\"\n\x01衢");
    ck_assert_str_eq(out.data, "a&lt;b&gt;&amp;&quot;c&quot;&#10;衢");
    eb_string_clear(&out);
}
END_TEST

/** A square of half a degree with its corner at (west, south) in @p code. */
static eb_layer *square(const char *code, double west, double south, double side)
{
    eb_crs *crs = NULL;
    ck_assert_int_eq(eb_crs_new(code, &crs, NULL), EB_OK);
    eb_schema *schema = eb_schema_new("square", EB_SHAPE_POLYGON, crs);
    eb_layer *layer = eb_layer_new(schema);
    uint8_t wkb[13 + 5 * 16] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0};
    const double xy[10] = {west, south, west + side, south, west + side, south + side, west, south + side, west, south};
    memcpy(wkb + 13, xy, sizeof xy);
    ck_assert(eb_batch_add(eb_layer_tail(layer), 1, (eb_wkb){wkb, sizeof wkb}));
    eb_schema_free(schema);
    eb_crs_free(crs);
    return layer;
}

static const struct view_row {
    const char *label, *crs;
    double x, y, side;
    const char *wanted, *ellipsoid;
} views[] = {
    {"CGCS2000 degrees, zone 40", "EPSG:4490", 118.6, 28.5, 0.5, "EPSG:4549", "EPSG:1024"},
    {"CGCS2000 degrees, zone 39", "EPSG:4490", 117.0, 28.5, 0.5, "EPSG:4548", "EPSG:1024"},
    {"Gauss-Krueger stays", "EPSG:4527", 39600000, 3200000, 50000, "EPSG:4527", "EPSG:1024"},
    {"Xi'an 80 degrees", "EPSG:4610", 118.6, 28.5, 0.5, "EPSG:2385", "EPSG:7049"},
    {"Beijing 54 degrees", "EPSG:4214", 118.6, 28.5, 0.5, "EPSG:2437", "EPSG:7024"},
    {"WGS84 degrees", "EPSG:4326", 118.6, 28.5, 0.5, "EPSG:32650", "EPSG:7030"},
    {"Web Mercator", "EPSG:3857", 13200000, 3300000, 50000, "EPSG:32650", "EPSG:7030"},
    {"WGS84 degrees, south of the equator", "EPSG:4326", 151, -34, 0.5, "EPSG:32756", "EPSG:7030"},
    {"wider than zones serve", "EPSG:4326", 100, 20, 20, "", "EPSG:7030"},
    {"a datum without zones", "EPSG:4269", -93, 45, 0.5, "", "EPSG:7030"},
    {"the whole world", "EPSG:4326", -80, -80, 160, "EPSG:4326", "EPSG:7030"},
};

START_TEST(the_view_fits_the_data)
{
    const struct view_row *row = &views[_i];
    eb_layer *layer = square(row->crs, row->x, row->y, row->side);
    const eb_report_layer layers[] = {{.id = "a", .title = "A", .layer = layer}};
    const eb_report report = {.name = "r", .title = "R", .layers = layers, .layer_count = 1};
    eb_frame_view view;
    ck_assert_int_eq(eb_view_new(&report, &view, NULL), EB_OK);
    ck_assert_msg(strcmp(view.code, row->wanted) == 0, "%s: %s", row->label, view.code);
    ck_assert_str_eq(view.ellipsoid, row->ellipsoid);
    ck_assert(view.box[0] < view.box[2] && view.box[1] < view.box[3]);
    /* Degrees of latitude are 110.6 to 111.7 km long: the height of the window in metres, within what the curved edges add. */
    if (eb_crs_info_get(eb_layer_schema(layer)->crs)->kind == EB_CRS_GEOGRAPHIC && row->side < 100) {
        ck_assert_int_ne(eb_crs_info_get(view.crs)->kind, EB_CRS_GEOGRAPHIC);
        ck_assert_double_eq_tol(view.box[3] - view.box[1], row->side * 111000, row->side * 111000 * (row->side > 1 ? 0.12 : 0.02));
    }
    eb_view_clear(&view);
    eb_layer_free(layer);
}
END_TEST

START_TEST(the_region_makes_the_window)
{
    eb_layer *region = square("EPSG:4490", 118.0, 28.0, 1), *result = square("EPSG:4490", 118.4, 28.4, 0.1);
    eb_report_layer layers[] = {{.id = "region", .title = "R", .layer = region, .input = true, .focus = true},
                                {.id = "result", .title = "X", .layer = result}};
    const eb_report report = {.name = "r", .title = "R", .layers = layers, .layer_count = 2};
    eb_frame_view view;
    ck_assert_int_eq(eb_view_new(&report, &view, NULL), EB_OK);
    ck_assert_double_gt(view.box[2] - view.box[0], 90000);
    eb_view_clear(&view);
    layers[0].focus = false;
    ck_assert_int_eq(eb_view_new(&report, &view, NULL), EB_OK);
    ck_assert_double_lt(view.box[2] - view.box[0], 11000);
    eb_view_clear(&view);
    layers[1].hidden = true; /* nothing is drawn: everything counts */
    ck_assert_int_eq(eb_view_new(&report, &view, NULL), EB_OK);
    ck_assert_double_gt(view.box[2] - view.box[0], 90000);
    eb_view_clear(&view);
    eb_layer_free(region);
    eb_layer_free(result);
}
END_TEST

START_TEST(a_report_without_places_has_no_project)
{
    const eb_report report = {.name = "r", .title = "R"};
    eb_error err = {0};
    char *text = NULL;
    ck_assert_int_eq(eb_project_xml(&report, &text, &err), EB_REFUSED);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(the_project_is_whole)
{
    eb_layer *layer = square("EPSG:4490", 118.6, 28.4, 0.1);
    eb_table *table = eb_table_new("t", "A <table>");
    const eb_table *tables[] = {table};
    const eb_report_layer layers[] = {{.id = "a", .title = "Fish & chips", .theme = "park", .layer = layer, .schematic = true},
                                      {.id = "b", .title = "Hidden", .layer = layer, .hidden = true}};
    const eb_report report = {
        .name = "r", .title = "\"R\"", .lang = EB_LANG_EN, .layers = layers, .layer_count = 2, .tables = tables, .table_count = 1};
    char *text = NULL;
    ck_assert_int_eq(eb_project_xml(&report, &text, NULL), EB_OK);
    static const char *const wanted[] = {"projectname=\"&quot;R&quot;\"",  "<layername>Fish &amp; chips</layername>",
                                         "<id>a_ecobelt_layer</id>",       "<datasource>./r.gpkg|layername=a</datasource>",
                                         "layername=statistics_t",         "A &lt;table&gt;",
                                         "<authid>EPSG:4549</authid>",     "<AreaUnits type=\"QString\">ha</AreaUnits>",
                                         "they show no official boundary", "name=\"Hidden\" checked=\"Qt::Unchecked\""};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) ck_assert_msg(strstr(text, wanted[i]), "no %s", wanted[i]);
    /* Well-formed: expat says so. */
    char name[] = "/tmp/check_project.XXXXXX", command[256];
    FILE *file = fdopen(mkstemp(name), "wb");
    fputs(text, file);
    fclose(file);
    snprintf(command, sizeof command, "python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' %s", name);
    FILE *pipe = popen(command, "r");
    ck_assert_int_eq(pclose(pipe), 0);
    remove(name);
    free(text);
    eb_table_free(table);
    eb_layer_free(layer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("project");
    TCase *tcase = tcase_create("project");
    tcase_add_test(tcase, crc_is_that_of_the_standard);
    tcase_add_test(tcase, an_archive_can_be_unpacked);
    tcase_add_test(tcase, text_in_xml);
    tcase_add_loop_test(tcase, the_view_fits_the_data, 0, (int)(sizeof views / sizeof views[0]));
    tcase_add_test(tcase, the_region_makes_the_window);
    tcase_add_test(tcase, a_report_without_places_has_no_project);
    tcase_add_test(tcase, the_project_is_whole);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
