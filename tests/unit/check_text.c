/* Text, numbers and errors: what every message and every table cell goes through. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
    const char *text;
    bool good;
    double value;
} reals[] = {
    {"20", true, 20},   {"-3.5", true, -3.5}, {"1e3", true, 1000}, {".5", true, 0.5},   {"5.", true, 5},
    {"+7", true, 7},    {"20x", false, 0},    {"", false, 0},      {" 1", false, 0},    {"1 ", false, 0},
    {"0x10", false, 0}, {"inf", false, 0},    {"nan", false, 0},   {"1e999", false, 0}, {"1e", false, 0},
    {"1,5", false, 0},  {".", false, 0},      {"--1", false, 0},   {"1e+", false, 0},   {"１", false, 0},
};

START_TEST(test_real)
{
    double value = 0;
    bool good = eb_text_to_real(reals[_i].text, &value);
    ck_assert_msg(good == reals[_i].good, "\"%s\"", reals[_i].text);
    if (good) ck_assert_msg(value == reals[_i].value, "\"%s\" gave %g", reals[_i].text, value);
}
END_TEST

static const struct {
    const char *text;
    bool good;
    int64_t value;
} integers[] = {
    {"0", true, 0},
    {"-12", true, -12},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"1.0", false, 0},
    {"", false, 0},
    {"-", false, 0},
    {"7a", false, 0},
};

START_TEST(test_integer)
{
    int64_t value = 0;
    bool good = eb_text_to_integer(integers[_i].text, &value);
    ck_assert_msg(good == integers[_i].good, "\"%s\"", integers[_i].text);
    if (good) ck_assert_msg(value == integers[_i].value, "\"%s\" gave %lld", integers[_i].text, (long long)value);
}
END_TEST

START_TEST(test_real_round_trip)
{
    const double values[] = {0, -0.0, 0.1, 1.0 / 3, 1e300, 5e-324, 8844.79, 2232363105.88, -118.85};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[40];
        eb_text_from_real(text, sizeof text, values[i]);
        ck_assert_msg(strtod(text, NULL) == values[i], "%s", text);
        ck_assert_msg(strcmp(text, "-0") != 0, "no negative zero");
    }
    char text[40];
    eb_text_from_real(text, sizeof text, 0.1);
    ck_assert_str_eq(text, "0.1");
    eb_text_from_fixed(text, sizeof text, -0.001, 2);
    ck_assert_str_eq(text, "0.00");
    eb_text_from_fixed(text, sizeof text, 1234.565, 1);
    ck_assert_str_eq(text, "1234.6");
}
END_TEST

static const struct {
    const char *bytes;
    bool good;
} utf8[] = {
    {"abc", true},
    {"\xE8\xA1\xA2\xE5\xB7\x9E", true},
    {"\xF0\x9F\x8C\x8D", true},
    {"\xC0\x80", false},
    {"\xED\xA0\x80", false},
    {"\xE8\xA1", false},
    {"\xFF", false},
    {"\x80", false},
    {"\xF4\x90\x80\x80", false},
    {"\xE0\x80\x80", false},
};

START_TEST(test_utf8)
{
    ck_assert_msg(eb_text_is_utf8(utf8[_i].bytes, strlen(utf8[_i].bytes)) == utf8[_i].good, "row %d", _i);
}
END_TEST

START_TEST(test_cut_at_character)
{
    char small[6];
    eb_text_copy(small, sizeof small, "\xE8\xA1\xA2\xE5\xB7\x9E");
    ck_assert_str_eq(small, "\xE8\xA1\xA2");
    eb_text_copy(small, sizeof small, "abcde");
    ck_assert_str_eq(small, "abcde");
    eb_text_copy(small, 1, "abc");
    ck_assert_str_eq(small, "");
    eb_text_copy(small, sizeof small, "abcdef");
    ck_assert_str_eq(small, "abcde");
}
END_TEST

START_TEST(test_width)
{
    ck_assert_uint_eq(eb_text_width("abc"), 3);
    ck_assert_uint_eq(eb_text_width("\xE8\xA1\xA2\xE5\xB7\x9E"), 4);
    ck_assert_uint_eq(eb_text_width("e\xCC\x81"), 1);
    ck_assert_uint_eq(eb_text_width("\xFF"), 1);
}
END_TEST

START_TEST(test_json)
{
    eb_string out = {0};
    eb_string_add_json(&out, "a\"b\\c\nd\x01\xFFz");
    ck_assert_str_eq(eb_string_get(&out), "\"a\\\"b\\\\c\\nd\\u0001\xEF\xBF\xBDz\"");
    eb_string_clear(&out);
    eb_string_add_json(&out, NULL);
    eb_string_add_number(&out, NAN);
    eb_string_add_number(&out, 2.5);
    ck_assert_str_eq(eb_string_get(&out), "nullnull2.5");
    char *taken = eb_string_take(&out);
    ck_assert_str_eq(taken, "nullnull2.5");
    free(taken);
    ck_assert_str_eq(eb_string_get(&out), "");
}
END_TEST

START_TEST(test_nearest)
{
    const char *const words[] = {"corridor", "tabulate", "area", "convert"};
    ck_assert_str_eq(eb_text_nearest("coridor", words, 4), "corridor");
    ck_assert_str_eq(eb_text_nearest("aera", words, 4), "area");
    ck_assert_ptr_null(eb_text_nearest("zzzz", words, 4));
    ck_assert_uint_eq(eb_text_distance("kitten", "sitting", 5), 3);
    ck_assert_uint_eq(eb_text_distance("ab", "ba", 5), 1);
}
END_TEST

START_TEST(test_error_text)
{
    eb_error err;
    char text[1500];
    ck_assert_int_eq(eb_error_set(&err, EB_INPUT, "cannot read %s", "x"), EB_INPUT);
    eb_error_text(&err, text, sizeof text);
    ck_assert_str_eq(text, "cannot read x");
    eb_error_where(&err, "a.shp", "roads", 7);
    eb_error_at(&err, 118.5, 29.25);
    eb_error_hint(&err, "try %d", 1);
    eb_error_text(&err, text, sizeof text);
    ck_assert_str_eq(text, "cannot read x (a.shp, layer \"roads\", feature 7, at 118.5 29.25)\ntry 1");
    ck_assert_int_eq(eb_error_set(NULL, EB_USAGE, "unseen"), EB_USAGE);
    for (int s = 0; s < EB_STATUS_END; s++) ck_assert_str_ne(eb_status_name((eb_status)s), "unknown");
    ck_assert_int_eq(eb_status_exit_code(EB_CANCELLED), 130);
    ck_assert_int_eq(eb_status_exit_code(EB_OUTPUT), 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *cases = tcase_create("text");
    tcase_add_loop_test(cases, test_real, 0, sizeof reals / sizeof *reals);
    tcase_add_loop_test(cases, test_integer, 0, sizeof integers / sizeof *integers);
    tcase_add_loop_test(cases, test_utf8, 0, sizeof utf8 / sizeof *utf8);
    tcase_add_test(cases, test_real_round_trip);
    tcase_add_test(cases, test_cut_at_character);
    tcase_add_test(cases, test_width);
    tcase_add_test(cases, test_json);
    tcase_add_test(cases, test_nearest);
    tcase_add_test(cases, test_error_text);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
