/* The language of messages: who says it, and what happens to a text on its way. */
#include "base/translate.h"
#include "eb_test.h"

#include <ecobelt/table.h>

static const struct {
    const char *label, *own, *all, *messages, *lang, *language;
    eb_lang want;
} surroundings[] = {
    {"nothing set", NULL, NULL, NULL, NULL, NULL, EB_LANG_EN},
    {"a Chinese locale, generated or not", NULL, NULL, NULL, "zh_CN.UTF-8", NULL, EB_LANG_ZH},
    {"LC_MESSAGES before LANG", NULL, NULL, "zh_CN.UTF-8", "en_GB.UTF-8", NULL, EB_LANG_ZH},
    {"LC_ALL before LC_MESSAGES", NULL, "en_GB.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", NULL, EB_LANG_EN},
    {"an empty variable is none", NULL, "", "", "zh_CN.UTF-8", NULL, EB_LANG_ZH},
    {"LANGUAGE before the locale", NULL, NULL, NULL, "en_GB.UTF-8", "zh_CN:en", EB_LANG_ZH},
    {"the first language that is spoken here", NULL, NULL, NULL, "zh_CN.UTF-8", "fr:en:zh", EB_LANG_EN},
    {"no language of the list is spoken here", NULL, NULL, NULL, "zh_CN.UTF-8", "fr:de", EB_LANG_ZH},
    {"LANGUAGE says nothing in the C locale", NULL, "C", NULL, NULL, "zh_CN", EB_LANG_EN},
    {"nor in C.UTF-8", NULL, "C.UTF-8", NULL, NULL, "zh_CN", EB_LANG_EN},
    {"nor in POSIX", NULL, NULL, NULL, "POSIX", "zh_CN", EB_LANG_EN},
    {"ECOBELT_LANG before all", "zh", "C.UTF-8", NULL, NULL, "en", EB_LANG_ZH},
    {"ECOBELT_LANG before a Chinese locale", "en", "zh_CN.UTF-8", NULL, NULL, "zh", EB_LANG_EN},
    {"an empty ECOBELT_LANG is none", "", "zh_CN.UTF-8", NULL, NULL, NULL, EB_LANG_ZH},
};

static void set(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

START_TEST(test_surroundings)
{
    set("ECOBELT_LANG", surroundings[_i].own);
    set("LC_ALL", surroundings[_i].all);
    set("LC_MESSAGES", surroundings[_i].messages);
    set("LANG", surroundings[_i].lang);
    set("LANGUAGE", surroundings[_i].language);
    ck_assert_msg(eb_lang_get() == surroundings[_i].want, "%s", surroundings[_i].label);
}
END_TEST

START_TEST(test_translate)
{
    const char *known = N_("did you mean \"ecobelt %s\"?"), *unknown = "no entry of any catalogue 4711";

    ck_assert_ptr_eq(eb_translate_to(EB_LANG_EN, known), known);
    ck_assert_ptr_eq(eb_translate_to(EB_LANG_ZH, unknown), unknown);
    ck_assert_ptr_null(eb_translate_to(EB_LANG_ZH, NULL));
    /* The catalogue's own header has the empty text as its key. */
    ck_assert_str_eq(eb_translate_to(EB_LANG_ZH, ""), "");
    ck_assert_str_ne(eb_translate_to(EB_LANG_ZH, known), known);
    /* Found by the whole text, not by its beginning. */
    ck_assert_str_eq(eb_translate_to(EB_LANG_ZH, "did you mean"), "did you mean");
}
END_TEST

START_TEST(test_error_in_chinese)
{
    eb_error err = {0}, english = {0};

    set("ECOBELT_LANG", "zh");
    ck_assert_int_eq(eb_error_set(&err, EB_USAGE, "there is no command \"%s\"", "ara"), EB_USAGE);
    eb_error_hint(&err, "did you mean \"ecobelt %s\"?", "area");
    set("ECOBELT_LANG", "en");
    eb_error_set(&english, EB_USAGE, "there is no command \"%s\"", "ara");
    ck_assert_str_eq(english.message, "there is no command \"ara\"");
    ck_assert_str_ne(err.message, english.message);
    EB_ASSERT_HAS(err.message, "\"ara\"");
    EB_ASSERT_HAS(err.hint, "ecobelt area");
}
END_TEST

START_TEST(test_numbers_stay)
{
    eb_table *table = eb_table_new("t", NULL);

    set("ECOBELT_LANG", "zh");
    eb_table_add_note(table, "%.2f", 1234.5);
    ck_assert_str_eq(eb_table_note_at(table, 0), "1234.50");
    ck_assert_str_eq(eb_table_title(table), "t");
    eb_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("translate");
    TCase *cases = tcase_create("translate");
    tcase_add_loop_test(cases, test_surroundings, 0, sizeof surroundings / sizeof *surroundings);
    tcase_add_test(cases, test_translate);
    tcase_add_test(cases, test_error_in_chinese);
    tcase_add_test(cases, test_numbers_stay);
    suite_add_tcase(suite, cases);
    return eb_test_run(suite);
}
