/* Rounding that adds up: the published park row, ties, controls, and what must hold for any values. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <ecobelt/measure.h>

#include "test_shapes.h"

#define NONE NAN

static const struct {
    const char *label;
    size_t count;
    double values[6];
    int decimals;
    double control;
    bool scale;
    eb_level_rule rule;
    double want[6];
} rows[] = {
    {"the park's zones in per cent, as published",
     4,
     {72.33, 135.80, 8.12, 36.13},
     2,
     100,
     true,
     EB_LEVEL_REMAINDER,
     {28.66, 53.81, 3.22, 14.31}},
    {"the same, residual to the largest", 4, {72.33, 135.80, 8.12, 36.13}, 2, 100, true, EB_LEVEL_LARGEST, {28.66, 53.80, 3.22, 14.32}},
    {"the park's zones add up already",
     4,
     {72.33, 135.80, 8.12, 36.13},
     2,
     252.38,
     false,
     EB_LEVEL_REMAINDER,
     {72.33, 135.80, 8.12, 36.13}},
    {"a third each: the first gets the rest", 3, {1, 1, 1}, 2, 100, true, EB_LEVEL_REMAINDER, {33.34, 33.33, 33.33}},
    {"ties go to the larger value", 3, {1.5, 2.5, 3.5}, 0, NONE, false, EB_LEVEL_REMAINDER, {1, 3, 4}},
    {"ties of equal values go to the earlier", 4, {0.5, 0.5, 0.5, 0.5}, 0, NONE, false, EB_LEVEL_REMAINDER, {1, 1, 0, 0}},
    {"noise does not decide a tie", 2, {10.005, 20.005}, 2, NONE, false, EB_LEVEL_REMAINDER, {10.00, 20.01}},
    {"decimals that doubles cannot hold stay what they are", 3, {28.65, 0.29, 1.15}, 2, NONE, false, EB_LEVEL_LARGEST, {28.65, 0.29, 1.15}},
    {"a control that a double cannot hold", 2, {0.57, 0.58}, 2, 1.15, false, EB_LEVEL_REMAINDER, {0.57, 0.58}},
    {"halves of decimals are halves", 2, {1.005, 2.0}, 2, NONE, false, EB_LEVEL_LARGEST, {1.01, 2.0}},
    {"the total is rounded half up", 2, {0.25, 0.20}, 1, NONE, false, EB_LEVEL_REMAINDER, {0.3, 0.2}},
    {"half up to the largest: one unit back", 3, {1.5, 1.5, 7.5}, 0, NONE, false, EB_LEVEL_LARGEST, {2, 2, 7}},
    {"control one unit above", 3, {10, 20, 30}, 0, 61, false, EB_LEVEL_REMAINDER, {10, 20, 31}},
    {"control one unit below", 3, {10, 20, 30}, 0, 59, false, EB_LEVEL_REMAINDER, {10, 20, 29}},
    {"control below all floors: taken where the least is lost", 3, {10.6, 20.0, 30.2}, 0, 59, false, EB_LEVEL_REMAINDER, {10, 19, 30}},
    {"scaled up", 2, {1, 3}, 0, 100, true, EB_LEVEL_REMAINDER, {25, 75}},
    {"scaled to nothing", 2, {1, 3}, 0, 0, true, EB_LEVEL_REMAINDER, {0, 0}},
    {"one value takes the control", 1, {252.3799}, 2, 252.38, false, EB_LEVEL_REMAINDER, {252.38}},
    {"zeros stay zeros", 3, {0, 5.4, 0}, 0, NONE, false, EB_LEVEL_REMAINDER, {0, 5, 0}},
    {"hectares of large counties",
     3,
     {222423.456, 109908.123, 201912.421},
     2,
     534244.00,
     false,
     EB_LEVEL_REMAINDER,
     {222423.46, 109908.12, 201912.42}},
    {"nothing at all", 0, {0}, 2, NONE, false, EB_LEVEL_REMAINDER, {0}},
    {"values that could not be counted in units, and their shares that can",
     3,
     {1.75e12, 1.25e8, 1.25e8},
     4,
     100,
     true,
     EB_LEVEL_REMAINDER,
     {99.9857, 0.0072, 0.0071}},
    {"nine decimals", 2, {0.1234567891, 0.0000000009}, 9, NONE, false, EB_LEVEL_REMAINDER, {0.123456789, 0.000000001}},
};

START_TEST(test_rows)
{
    const eb_level_options options = {
        .decimals = rows[_i].decimals, .control = rows[_i].control, .scale = rows[_i].scale, .rule = rows[_i].rule};
    double got[6] = {0};
    eb_level level;
    eb_error err = {.message = ""};
    ck_assert_msg(eb_level_apply(rows[_i].values, rows[_i].count, &options, got, &level, &err) == EB_OK, "%s: %s", rows[_i].label,
                  err.message);
    for (size_t i = 0; i < rows[_i].count; i++)
        ck_assert_msg(got[i] == rows[_i].want[i], "%s: value %zu is %.12g, not %.12g", rows[_i].label, i + 1, got[i], rows[_i].want[i]);
    ck_assert_msg(level.residual_after == 0, "%s: %g left", rows[_i].label, level.residual_after);
}
END_TEST

static const struct {
    const char *label;
    double values[3];
    size_t count;
    int decimals;
    double control;
    bool scale;
    eb_status want;
} refused[] = {
    {"a control far from the sum", {10, 20, 30}, 3, 0, 70, false, EB_REFUSED},
    {"a control just beyond what rounding explains", {10, 20, 30}, 3, 0, 63, false, EB_REFUSED},
    {"a control in another unit", {252.38, 0, 0}, 3, 2, 25238, false, EB_REFUSED},
    {"nothing to scale", {0, 0, 0}, 3, 2, 5, true, EB_REFUSED},
    {"no values", {0, 0, 0}, 0, 2, 5, true, EB_REFUSED},
    {"no values for one unit", {0, 0, 0}, 0, 0, 0.0, false, EB_OK},
    {"a negative value", {1, -1, 3}, 3, 2, NONE, false, EB_REFUSED},
    {"NaN", {1, NAN, 3}, 3, 2, NONE, false, EB_REFUSED},
    {"infinity", {1, INFINITY, 3}, 3, 2, NONE, false, EB_REFUSED},
    {"a control finer than the unit", {1, 2, 3}, 3, 1, 6.05, false, EB_USAGE},
    {"an infinite control", {1, 2, 3}, 3, 1, INFINITY, true, EB_USAGE},
    {"a negative control", {1, 2, 3}, 3, 1, -6, true, EB_USAGE},
    {"ten decimals", {1, 2, 3}, 3, 10, NONE, false, EB_USAGE},
    {"minus one decimals", {1, 2, 3}, 3, -1, NONE, false, EB_USAGE},
    {"more digits than a double holds", {1e12, 2, 3}, 3, 9, NONE, false, EB_USAGE},
    {"more digits than a double holds after scaling", {1, 2, 3}, 3, 9, 1e12, true, EB_USAGE},
};

START_TEST(test_refused)
{
    const eb_level_options options = {
        .decimals = refused[_i].decimals, .control = refused[_i].control, .scale = refused[_i].scale, .rule = EB_LEVEL_REMAINDER};
    double got[3];
    eb_error err = {.message = ""};
    eb_status status = eb_level_apply(refused[_i].values, refused[_i].count, &options, got, NULL, &err);
    ck_assert_msg(status == refused[_i].want, "%s: %s (%s)", refused[_i].label, eb_status_name(status), err.message);
    ck_assert_msg(status == EB_OK || err.message[0], "%s: says why", refused[_i].label);
}
END_TEST

/* What the caller learns: the residual before is that of naive rounding. */
START_TEST(test_report)
{
    const double park[] = {72.33, 135.80, 8.12, 36.13};
    double got[4];
    eb_level level;
    ck_assert_int_eq(eb_level_values(park, 4, 2, 100, EB_LEVEL_REMAINDER, got, &level, NULL), EB_OK);
    ck_assert_double_eq_tol(level.sum, 252.38, 1e-12);
    ck_assert_double_eq(level.control, 100);
    ck_assert_double_eq_tol(level.residual_before, -0.01, 1e-15); /* 28.66 + 53.81 + 3.22 + 14.32 = 100.01 */
    ck_assert_double_eq(level.residual_after, 0);
    ck_assert_double_eq_tol(level.factor, 100 / 252.38, 1e-15);
    ck_assert_uint_eq(level.moved, 1);
}
END_TEST

/* For any values: the sum is exact in whole units, and without a control each value moves by less than one unit. */
START_TEST(test_any_values)
{
    enum { MOST = 500 };
    double values[MOST], got[MOST];
    uint64_t state = (uint64_t)_i + 11;
    const eb_level_rule rule = _i % 2 ? EB_LEVEL_LARGEST : EB_LEVEL_REMAINDER;
    for (int k = 0; k < 200; k++) {
        const size_t n = 1 + (size_t)(MOST * test_random(&state)) % MOST;
        const int decimals = (int)(5 * test_random(&state));
        const double unit = pow(10, -decimals), size = pow(10, 6 * test_random(&state) - 2);
        long long units = 0;
        eb_level level;
        for (size_t i = 0; i < n; i++) values[i] = test_random(&state) < 0.1 ? 0 : size * test_random(&state);
        const double control = _i / 2 ? rint(size * (double)n) * 3 : NAN;
        long double sum = 0;
        for (size_t i = 0; i < n; i++) sum += values[i];
        if (sum == 0) continue;
        ck_assert_int_eq(eb_level_values(values, n, decimals, control, rule, got, &level, NULL), EB_OK);
        for (size_t i = 0; i < n; i++) {
            units += llrint(got[i] / unit);
            const double factor = _i / 2 ? (double)(control / sum) : 1;
            const double moved = fabs(got[i] - values[i] * factor) / unit;
            if (rule == EB_LEVEL_REMAINDER) ck_assert_msg(moved < 1.0001, "%.12g became %.12g", values[i], got[i]);
            ck_assert_double_ge(got[i], 0);
        }
        ck_assert_int_eq(units, llrint((_i / 2 ? control : floor((double)sum / unit + 0.5) * unit) / unit));
    }
}
END_TEST

/* In place, and the order of equal values decides nothing but themselves. */
START_TEST(test_in_place)
{
    double values[] = {1.25, 1.25, 1.5};
    ck_assert_int_eq(eb_level_values(values, 3, 1, NAN, EB_LEVEL_REMAINDER, values, NULL, NULL), EB_OK);
    ck_assert_double_eq(values[0], 1.3);
    ck_assert_double_eq(values[1], 1.2);
    ck_assert_double_eq(values[2], 1.5);
}
END_TEST

static const struct {
    const char *label;
    double official;
    size_t count;
    double pieces[4], want[4];
} shares[] = {
    {"one piece keeps the parcel's area", 9996.74, 1, {9993.1}, {9996.74}},
    {"halves of an odd number of cents", 0.03, 2, {5, 5}, {0.02, 0.01}},
    {"in proportion", 1000, 3, {1, 2, 7}, {100, 200, 700}},
    {"a sliver gets nothing", 100.00, 2, {100, 1e-7}, {100, 0}},
    {"measured in a plane that is off", 231022.16, 2, {115546.72265, 115546.72265}, {115511.08, 115511.08}},
    {"a share that is not rounded yet", 9996.737283954399, 2, {1, 1}, {4998.37, 4998.37}},
    {"less than a cent", 0.004, 2, {1, 1}, {0, 0}},
    {"a parcel of no area", 0, 2, {1, 2}, {0, 0}},
};

START_TEST(test_shares)
{
    double got[4];
    eb_error err = {.message = ""};
    ck_assert_msg(eb_share_official(shares[_i].official, shares[_i].pieces, shares[_i].count, got, &err) == EB_OK, "%s: %s",
                  shares[_i].label, err.message);
    for (size_t i = 0; i < shares[_i].count; i++)
        ck_assert_msg(got[i] == shares[_i].want[i], "%s: piece %zu is %.12g", shares[_i].label, i + 1, got[i]);
}
END_TEST

START_TEST(test_shares_refused)
{
    const double none[] = {0, 0};
    double got[2];
    eb_error err;
    ck_assert_int_eq(eb_share_official(5.00, none, 2, got, &err), EB_REFUSED);
    ck_assert_int_eq(eb_share_official(NAN, none, 2, got, &err), EB_REFUSED);
    ck_assert_int_eq(eb_share_official(-1, none, 2, got, &err), EB_REFUSED);
}
END_TEST

static const struct {
    const char *name;
    double m2;
} units[] = {{"m2", 1}, {"ha", 10000}, {"mu", 2000.0 / 3}, {"km2", 1e6}, {"wanmu", 2e7 / 3}};

START_TEST(test_units)
{
    eb_area_unit unit;
    eb_error err;
    ck_assert_int_eq(eb_area_unit_parse(units[_i].name, &unit, &err), EB_OK);
    ck_assert_str_eq(eb_area_unit_name(unit), units[_i].name);
    ck_assert_double_eq(eb_area_unit_m2(unit), units[_i].m2);
    ck_assert_double_eq_tol(eb_area_from_m2(units[_i].m2, unit), 1, 1e-15);
    ck_assert_int_eq(eb_area_unit_parse("acre", &unit, &err), EB_USAGE);
    ck_assert_int_eq(eb_area_unit_parse("", &unit, &err), EB_USAGE);
    ck_assert_int_eq(eb_area_unit_parse("HA", &unit, &err), EB_USAGE);
    ck_assert(err.hint[0] != '\0');
}
END_TEST

/* 252.38 km2 are 378,570 mu exactly; 666.67 m2 a mu would give 378,568.1. */
START_TEST(test_mu)
{
    ck_assert_double_eq(eb_area_from_m2(252.38e6, EB_UNIT_MU), 378570);
    ck_assert_double_eq(eb_area_from_m2(252.38e6, EB_UNIT_WAN_MU), 37.857);
    ck_assert_double_eq(eb_area_from_m2(10000, EB_UNIT_MU), 15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("level");
    TCase *cases = tcase_create("level");
    tcase_add_loop_test(cases, test_rows, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(cases, test_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(cases, test_report);
    tcase_add_loop_test(cases, test_any_values, 0, 4);
    tcase_add_test(cases, test_in_place);
    tcase_add_loop_test(cases, test_shares, 0, sizeof shares / sizeof *shares);
    tcase_add_test(cases, test_shares_refused);
    tcase_add_loop_test(cases, test_units, 0, sizeof units / sizeof *units);
    tcase_add_test(cases, test_mu);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
