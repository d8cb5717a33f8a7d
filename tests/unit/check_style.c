/* Styles: every theme of styles/ is in the library, and fits itself to the layer. */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/embedded.h"
#include "report/style.h"

/** A layer of three points without shapes, with these fields and values. */
static eb_layer *sample(const char *field, const char *const *values)
{
    eb_schema *schema = eb_schema_new("sample", EB_SHAPE_MULTIPOLYGON, NULL);
    ck_assert_int_ge(eb_schema_add_field(schema, field, EB_FIELD_TEXT), 0);
    eb_layer *layer = eb_layer_new(schema);
    for (size_t i = 0; values[i]; i++) {
        eb_batch *tail = eb_layer_tail(layer);
        ck_assert(eb_batch_add(tail, (int64_t)i, (eb_wkb){NULL, 0}));
        ck_assert(eb_batch_set_text(tail, 0, values[i]));
    }
    eb_schema_free(schema);
    return layer;
}

static char *fit(const char *theme, const char *field, const char *const *values, const char *label, eb_lang lang)
{
    eb_layer *layer = sample(field, values);
    const eb_report_layer row = {.id = "x", .title = "X", .theme = theme, .label = label, .layer = layer};
    char *qml = NULL;
    ck_assert_int_eq(eb_style_qml(&row, lang, &qml, NULL), EB_OK);
    eb_layer_free(layer);
    return qml;
}

static const char *const english[] = {"core protection", "traditional use", NULL};
static const char *const chinese[] = {"核心保护区", "传统利用区", NULL};
static const char *const neither[] = {"A", "B", NULL};

START_TEST(every_file_is_in_the_library)
{
    DIR *dir = opendir(TEST_SOURCE_DIR "/styles");
    size_t count = 0;
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (!strstr(entry->d_name, ".qml")) continue;
        const eb_embedded *found = NULL;
        for (size_t i = 0; eb_embedded_at(i); i++) {
            if (strcmp(eb_embedded_at(i)->name, entry->d_name) == 0) found = eb_embedded_at(i);
        }
        ck_assert_msg(found != NULL, "%s is not in the library", entry->d_name);
        char path[512];
        snprintf(path, sizeof path, TEST_SOURCE_DIR "/styles/%s", entry->d_name);
        FILE *in = fopen(path, "rb");
        char *text = calloc(1, found->size + 2);
        ck_assert_uint_eq(fread(text, 1, found->size + 1, in), found->size);
        ck_assert_msg(memcmp(text, found->text, found->size) == 0 && found->text[found->size] == '\0', "%s differs", entry->d_name);
        fclose(in);
        free(text);
        count++;
    }
    closedir(dir);
    ck_assert_uint_ge(count, 15);
}
END_TEST

START_TEST(every_style_speaks_one_language_and_says_its_colours_are_not_official)
{
    for (size_t i = 0; eb_embedded_at(i); i++) {
        const char *name = eb_embedded_at(i)->name;
        if (!strstr(name, ".qml")) continue;
        char theme[64];
        snprintf(theme, sizeof theme, "%.*s", (int)(strlen(name) - 4), name);
        for (int lang = EB_LANG_EN; lang <= EB_LANG_ZH; lang++) {
            char *qml = fit(theme, "name", neither, "name", (eb_lang)lang);
            const char *body = strstr(qml, "<renderer-v2 ");
            ck_assert_msg(strstr(qml, "non-official"), "%s", name);
            ck_assert_ptr_nonnull(body);
            ck_assert_msg(!strchr(body, '|'), "%s still holds both languages: %.60s", name, strchr(body, '|'));
            free(qml);
        }
    }
}
END_TEST

static const struct fit_row {
    const char *label, *theme, *field;
    const char *const *values;
    const char *label_field;
    eb_lang lang;
    const char *wanted[4];
} fits[] = {
    {"English values",
     "park",
     "name",
     english,
     NULL,
     EB_LANG_ZH,
     {"attr=\"name\"", "value=\"core protection\" label=\"核心保护区\"", "labelsEnabled=\"0\""}},
    {"Chinese values in the other field",
     "park",
     "name_zh",
     chinese,
     NULL,
     EB_LANG_EN,
     {"attr=\"name_zh\"", "value=\"核心保护区\" label=\"Core protection zone\""}},
    {"Chinese values in the first field",
     "park",
     "name",
     chinese,
     NULL,
     EB_LANG_ZH,
     {"attr=\"name\"", "value=\"传统利用区\" label=\"传统利用区\""}},
    {"labels", "counties", "name_zh", chinese, "name_zh", EB_LANG_ZH, {"labelsEnabled=\"1\"", "fieldName=\"name_zh\""}},
    {"a label with marks", "counties", "a\"<&", chinese, "a\"<&", EB_LANG_ZH, {"fieldName=\"a&quot;&lt;&amp;\""}},
    {"no label", "counties", "name", chinese, NULL, EB_LANG_ZH, {"labelsEnabled=\"0\"", "fieldName=\"\""}},
    {"a label on a plain style",
     "nothing",
     "name",
     chinese,
     "name",
     EB_LANG_ZH,
     {"labelsEnabled=\"1\"", "<labeling ", "fieldName=\"name\""}},
    {"no label on a plain style", NULL, "name", chinese, NULL, EB_LANG_ZH, {"labelsEnabled=\"0\"", "fieldName=\"\""}},
    {"a result whose theme has no labels", "corridor", "name", chinese, "name", EB_LANG_ZH, {"labelsEnabled=\"0\""}},
    {"unknown theme", "nothing", "name", chinese, NULL, EB_LANG_ZH, {"singleSymbol", "SimpleFill"}},
    {"no theme", NULL, "name", chinese, NULL, EB_LANG_ZH, {"singleSymbol", "SimpleFill"}},
};

START_TEST(a_style_fits_its_layer)
{
    const struct fit_row *row = &fits[_i];
    char *qml = fit(row->theme, row->field, row->values, row->label_field, row->lang);
    for (size_t i = 0; i < 4 && row->wanted[i]; i++)
        ck_assert_msg(strstr(qml, row->wanted[i]), "%s: no %s in %s", row->label, row->wanted[i], qml);
    free(qml);
}
END_TEST

START_TEST(elements_are_found_whole)
{
    char *qml = fit("counties", "name", chinese, "name", EB_LANG_ZH);
    size_t size = 0;
    const char *renderer = eb_style_element(qml, "renderer-v2", &size);
    ck_assert_ptr_nonnull(renderer);
    ck_assert_int_eq(strncmp(renderer, "<renderer-v2 ", 13), 0);
    ck_assert_int_eq(strncmp(renderer + size - 14, "</renderer-v2>", 14), 0);
    ck_assert_ptr_null(eb_style_element(qml, "nothing", &size));
    ck_assert_uint_eq(size, 0);
    free(qml);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("style");
    TCase *tcase = tcase_create("style");
    tcase_add_test(tcase, every_file_is_in_the_library);
    tcase_add_test(tcase, every_style_speaks_one_language_and_says_its_colours_are_not_official);
    tcase_add_loop_test(tcase, a_style_fits_its_layer, 0, (int)(sizeof fits / sizeof fits[0]));
    tcase_add_test(tcase, elements_are_found_whole);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
