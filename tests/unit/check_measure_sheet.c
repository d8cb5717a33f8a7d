/* Map sheets: numbers of GB/T 13989 to boxes, and their theoretical areas. */
#include <check.h>
#include <math.h>
#include <stdio.h>

#include <ecobelt/measure.h>

/* Areas: 50-digit arithmetic with the printed constants (tests/cases/area/reference.py). */
static const struct {
    const char *number;
    eb_datum datum;
    int scale;
    double west, south, east, north, area_m2;
} sheets[] = {
    {"H50", EB_DATUM_CGCS2000, 1000000, 114, 28, 120, 32, 256645639959.37131},
    {"H50", EB_DATUM_XIAN80, 1000000, 114, 28, 120, 32, 256645880892.09296},
    {"H50G096001", EB_DATUM_CGCS2000, 10000, 114, 28, 114.0625, 28 + 1. / 24, 28381103.768729774},
    {"H50G001096", EB_DATUM_CGCS2000, 10000, 119.9375, 32 - 1. / 24, 120, 32, 27292648.053840632},
    {"H50E024024", EB_DATUM_XIAN80, 50000, 119.75, 28, 120, 28 + 1. / 6, 453839566.51956957},
    {"H50H192001", EB_DATUM_CGCS2000, 5000, 114, 28, 114.03125, 28 + 4. / 192, 7095948.0800916764},
    {"H50I576001", EB_DATUM_CGCS2000, 2000, 114, 28, 114 + 6. / 576, 28 + 4. / 576, 788488.44432061885},
    {"H50K23042304", EB_DATUM_CGCS2000, 500, 120 - 6. / 2304, 28, 120, 28 + 4. / 2304, 49281.693977217441},
    {"A49B001001", EB_DATUM_CGCS2000, 500000, 108, 2, 111, 4, 73752277000.543132},
    {"N51D012012", EB_DATUM_WGS84, 100000, 125.5, 52, 126, 52 + 1. / 3, 1268902506.4677867},
};

START_TEST(test_sheets)
{
    eb_sheet sheet;
    eb_error err;
    double area;
    ck_assert_int_eq(eb_sheet_parse(sheets[_i].number, &sheet, &err), EB_OK);
    ck_assert_str_eq(sheet.number, sheets[_i].number);
    ck_assert_int_eq(sheet.scale, sheets[_i].scale);
    ck_assert_double_eq_tol(sheet.west_deg, sheets[_i].west, 1e-12);
    ck_assert_double_eq_tol(sheet.south_deg, sheets[_i].south, 1e-12);
    ck_assert_double_eq_tol(sheet.east_deg, sheets[_i].east, 1e-12);
    ck_assert_double_eq_tol(sheet.north_deg, sheets[_i].north, 1e-12);
    ck_assert_int_eq(eb_sheet_area(sheets[_i].datum, sheet.west_deg, sheet.south_deg, sheet.east_deg, sheet.north_deg, &area, &err), EB_OK);
    ck_assert_msg(fabs(area - sheets[_i].area_m2) < 1e-12 * area + 1e-6, "%s: %.9f, not %.9f", sheets[_i].number, area, sheets[_i].area_m2);
}
END_TEST

/* The sheets of a million's sheet at any scale make it up, and their edges are equal numbers. */
START_TEST(test_sheets_add_up)
{
    static const struct {
        char letter;
        int parts;
    } scales[] = {{'B', 2}, {'C', 4}, {'D', 12}, {'E', 24}, {'F', 48}, {'G', 96}};
    const int parts = scales[_i].parts;
    double sum = 0, south_before = 32, whole;
    eb_sheet sheet = {.scale = 0};
    eb_error err;
    for (int row = 1; row <= parts; row++) {
        double west_before = 114;
        for (int column = 1; column <= parts; column++) {
            char number[40];
            double area;
            snprintf(number, sizeof number, "H50%c%03d%03d", scales[_i].letter, row, column);
            ck_assert_int_eq(eb_sheet_parse(number, &sheet, &err), EB_OK);
            ck_assert_double_eq(sheet.west_deg, west_before);
            ck_assert_double_eq(sheet.north_deg, south_before);
            ck_assert_int_eq(
                eb_sheet_area(EB_DATUM_CGCS2000, sheet.west_deg, sheet.south_deg, sheet.east_deg, sheet.north_deg, &area, &err), EB_OK);
            sum += area;
            west_before = sheet.east_deg;
        }
        ck_assert_double_eq(west_before, 120);
        south_before = sheet.south_deg;
    }
    ck_assert_double_eq(south_before, 28);
    ck_assert_int_eq(eb_sheet_area(EB_DATUM_CGCS2000, 114, 28, 120, 32, &whole, &err), EB_OK);
    ck_assert_double_eq_tol(sum / whole, 1, 1e-12);
}
END_TEST

/* The whole Earth: 4 pi times the square of the authalic radius (6371007.1809 m by Moritz, GRS80; CGCS2000 differs by micrometres). */
START_TEST(test_earth)
{
    double area;
    ck_assert_int_eq(eb_sheet_area(EB_DATUM_CGCS2000, -180, -90, 180, 90, &area, NULL), EB_OK);
    ck_assert_double_eq_tol(sqrt(area / (4 * 3.14159265358979324)), 6371007.1809, 1e-3);
}
END_TEST

static const char *const bad[] = {"",           "H",          "h50",        "H00",        "H61",         "Z50",         "H5",
                                  "H50X001001", "H50G1",      "H50G000001", "H50G097001", "H50G001097",  "H50G0010011", "H50G001",
                                  "H50K001001", "H50B003001", "50H",        "H50G00100x", "H50G001001 ", " H50"};

START_TEST(test_bad_numbers)
{
    eb_sheet sheet;
    eb_error err = {.message = ""};
    ck_assert_msg(eb_sheet_parse(bad[_i], &sheet, &err) == EB_USAGE, "\"%s\"", bad[_i]);
    ck_assert(err.message[0] && err.hint[0]);
}
END_TEST

static const struct {
    const char *label;
    eb_datum datum;
    double west, south, east, north;
} boxes[] = {
    {"no official area for Beijing 54", EB_DATUM_BEIJING54, 114, 28, 120, 32},
    {"west of itself", EB_DATUM_CGCS2000, 120, 28, 114, 32},
    {"south above north", EB_DATUM_CGCS2000, 114, 32, 120, 28},
    {"beyond the pole", EB_DATUM_CGCS2000, 114, 28, 120, 91},
    {"empty", EB_DATUM_CGCS2000, 114, 28, 114, 32},
    {"NaN", EB_DATUM_CGCS2000, NAN, 28, 114, 32},
};

START_TEST(test_bad_boxes)
{
    double area;
    eb_error err;
    ck_assert_msg(eb_sheet_area(boxes[_i].datum, boxes[_i].west, boxes[_i].south, boxes[_i].east, boxes[_i].north, &area, &err) == EB_USAGE,
                  "%s", boxes[_i].label);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("measure_sheet");
    TCase *cases = tcase_create("sheet");
    tcase_add_loop_test(cases, test_sheets, 0, sizeof sheets / sizeof *sheets);
    tcase_add_loop_test(cases, test_sheets_add_up, 0, 6);
    tcase_add_test(cases, test_earth);
    tcase_add_loop_test(cases, test_bad_numbers, 0, sizeof bad / sizeof *bad);
    tcase_add_loop_test(cases, test_bad_boxes, 0, sizeof boxes / sizeof *boxes);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
