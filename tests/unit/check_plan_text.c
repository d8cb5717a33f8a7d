/* A plan's text as a tree: places, traps of YAML, changes from the command line. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/node.h"

static eb_node *parse(const char *text)
{
    eb_node *node = NULL;
    eb_error err = {0};
    ck_assert_msg(eb_yaml_parse(text, strlen(text), "t.yaml", &node, &err) == EB_OK, "%s: %s", text, err.message);
    return node;
}

static char *json_of(const eb_node *node)
{
    eb_string out = {0};
    eb_node_to_json(node, &out);
    return eb_string_take(&out);
}

static const struct tree_row {
    const char *label, *yaml, *json;
} trees[] = {
    {"empty", "", "null"},
    {"comment only", "# nothing\n", "null"},
    {"plain map", "a: 1\nb: two\n", "{\"a\":1,\"b\":\"two\"}"},
    {"quoted numbers stay text", "a: '1'\nb: \"2\"\n", "{\"a\":\"1\",\"b\":\"2\"}"},
    {"null forms", "a:\nb: ~\nc: null\nd: 'null'\n", "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"null\"}"},
    {"true is true, yes is text", "a: true\nb: yes\n", "{\"a\":true,\"b\":\"yes\"}"},
    {"lists", "a: [1, 2]\nb:\n  - x\n  - {y: z}\n", "{\"a\":[1,2],\"b\":[\"x\",{\"y\":\"z\"}]}"},
    {"Chinese", "标题: {zh: 衢州, en: Quzhou}\n", "{\"标题\":{\"zh\":\"衢州\",\"en\":\"Quzhou\"}}"},
    {"byte-order mark",
     "\xEF\xBB\xBF"
     "a: 1\n",
     "{\"a\":1}"},
    {"Windows line ends", "a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}"},
    {"no line end", "a: 1", "{\"a\":1}"},
    {"document marks", "---\na: 1\n...\n", "{\"a\":1}"},
    {"JSON is YAML", "{\"a\": [1, \"2\"]}", "{\"a\":[1,\"2\"]}"},
    {"a number that is too long for a double is text", "a: 1e999\n", "{\"a\":\"1e999\"}"},
    {"octal-looking codes stay what they are", "a: 0330802\n", "{\"a\":330802}"},
    {"folded text", "a: >\n  one\n  two\n", "{\"a\":\"one two\\n\"}"},
};

START_TEST(trees_are_read)
{
    const struct tree_row *row = &trees[_i];
    eb_node *node = parse(row->yaml);
    char *json = json_of(node);
    ck_assert_msg(strcmp(json, row->json) == 0, "%s: %s", row->label, json);
    free(json);
    eb_node_free(node);
}
END_TEST

static const struct trap_row {
    const char *label, *yaml;
    size_t size; /* 0: strlen */
    int line, column;
    const char *says; /* in message or hint */
} traps[] = {
    {"tab indentation", "a:\n\tb: 1\n", 0, 2, 0, "tab"},
    {"duplicate key", "a: 1\nb: 2\na: 3\n", 0, 3, 1, "line 1"},
    {"duplicate in flow", "x: {a: 1, a: 2}\n", 0, 1, 11, "twice"},
    {"alias", "a: &x 1\nb: *x\n", 0, 1, 0, "anchors"},
    {"alias alone", "b: *x\n", 0, 1, 0, "alias"},
    {"merge of an anchor", "a: &x {b: 1}\nc:\n  <<: *x\n", 0, 1, 0, "anchors"},
    {"billion laughs", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", 0, 1, 0, "anchors"},
    {"tag", "a: !!binary aGk=\n", 0, 1, 0, "tags"},
    {"tag on a list", "a: !x [1]\n", 0, 1, 0, "tags"},
    {"unclosed quote", "a: \"x\nb: 1\n", 0, 0, 0, "not YAML"},
    {"unclosed bracket", "a: [1, 2\n", 0, 0, 0, "not YAML"},
    {"bad indentation", "a:\n    b: 1\n  c: 2\n", 0, 3, 0, "not YAML"},
    {"two documents", "a: 1\n---\nb: 2\n", 0, 3, 1, "second document"},
    {"zero byte", "a: 1\nb: \0 2\n", 12, 2, 4, "zero byte"},
    {"escaped zero byte", "a: \"\\0\"\n", 0, 1, 4, "zero byte"},
    {"GBK", "a: 1\ntitle: \xE1\xE9\xD6\xDD\n", 0, 2, 8, "UTF-8"},
    {"UTF-16",
     "\xFF\xFE"
     "a\0:\0",
     6, 1, 1, "UTF-16"},
    {"a list as key", "? [a, b]\n: 1\n", 0, 1, 0, "key"},
    {"an empty key", "'': 1\n", 0, 1, 1, "key"},
    {"colon without blank", "a: b: c\n", 0, 1, 0, "not YAML"},
    {"control character", "a: \x01\n", 0, 1, 4, "control"},
};

START_TEST(traps_are_refused_with_their_place)
{
    const struct trap_row *row = &traps[_i];
    eb_node *node = NULL;
    eb_error err = {0};
    const size_t size = row->size ? row->size : strlen(row->yaml);
    ck_assert_msg(eb_yaml_parse(row->yaml, size, "t.yaml", &node, &err) == EB_USAGE, "%s was taken", row->label);
    ck_assert_ptr_null(node);
    ck_assert_str_eq(err.file, "t.yaml");
    ck_assert_msg(strstr(err.message, row->says) || strstr(err.hint, row->says), "%s: %s / %s", row->label, err.message, err.hint);
    ck_assert_msg(err.line > 0 && err.column > 0, "%s: no place", row->label);
    if (row->line) ck_assert_msg(err.line == row->line, "%s: line %d", row->label, err.line);
    if (row->column) ck_assert_msg(err.column == row->column, "%s: column %d", row->label, err.column);
}
END_TEST

START_TEST(places_are_those_of_the_text)
{
    eb_node *root = parse("title: 衢州\nsteps:\n  - id: belt\n    corridor: {lines: rivers}\n");
    const eb_node *step = eb_node_get(root, "steps")->items[0];
    ck_assert_int_eq(step->line, 3);
    ck_assert_int_eq(step->column, 5);
    const eb_node *corridor = eb_node_get(step, "corridor");
    ck_assert_int_eq(corridor->key_line, 4);
    ck_assert_int_eq(corridor->key_column, 5);
    const eb_node *lines = eb_node_get(corridor, "lines");
    ck_assert_int_eq(lines->line, 4);
    ck_assert_int_eq(lines->column, 23);
    ck_assert_int_eq(lines->key_column, 16);
    eb_node_free(root);
}
END_TEST

START_TEST(nesting_and_size_have_limits)
{
    eb_node *node = NULL;
    eb_error err = {0};
    char deep[256];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    ck_assert_int_eq(eb_yaml_parse(deep, 200, "t.yaml", &node, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "deep"));
    char *many = malloc(600000);
    memcpy(many, "[", 1);
    for (size_t i = 0; i < 200000; i++) memcpy(many + 1 + 2 * i, "1,", 2);
    memcpy(many + 400001, "1]", 2);
    ck_assert_int_eq(eb_yaml_parse(many, 400003, "t.yaml", &node, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "too many"));
    free(many);
}
END_TEST

START_TEST(files_that_are_no_plan)
{
    eb_node *node = NULL;
    eb_error err = {0};
    ck_assert_int_eq(eb_yaml_read("/no/such/plan.yaml", &node, NULL, NULL, &err), EB_INPUT);
    ck_assert_int_eq(eb_yaml_read("/tmp", &node, NULL, NULL, &err), EB_INPUT);
    char name[] = "/tmp/check_plan.XXXXXX";
    const int fd = mkstemp(name);
    FILE *file = fdopen(fd, "wb");
    for (int i = 0; i < 1100; i++) fprintf(file, "# %1000d\n", i);
    fclose(file);
    ck_assert_int_eq(eb_yaml_read(name, &node, NULL, NULL, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "1 MiB"));
    remove(name);
}
END_TEST

static const struct set_row {
    const char *label, *assignment, *json; /* NULL: EB_USAGE */
} sets[] = {
    {"top level", "title=Other",
     "{\"title\":\"Other\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000]}}]}"},
    {"new key", "name=x",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000]}}],\"name\":\"x\"}"},
    {"step by id, key of its analysis", "steps.belt.width_m=2500",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":2500}}]}"},
    {"step by number, full path", "steps.1.corridor.width_m=[1, 2]",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[1,2]}}]}"},
    {"new key of the analysis", "steps.belt.clip=counties",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000],\"clip\":\"counties\"}}]}"},
    {"own key of the step", "steps.belt.title=B",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000]},\"title\":\"B\"}]}"},
    {"list member", "steps.belt.width_m.2=9",
     "{\"title\":\"T\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,9]}}]}"},
    {"value with equals", "title=a=b",
     "{\"title\":\"a=b\",\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000]}}]}"},
    {"emptied", "title=", "{\"title\":null,\"steps\":[{\"id\":\"belt\",\"corridor\":{\"lines\":\"rivers\",\"width_m\":[2000,3000]}}]}"},
    {"no equals", "title", NULL},
    {"no path", "=x", NULL},
    {"no such step", "steps.bolt.width_m=1", NULL},
    {"number past the end", "steps.2.width_m=1", NULL},
    {"list member past the end", "steps.belt.width_m.3=1", NULL},
    {"under a text", "title.en=x", NULL},
    {"value that is no YAML", "title=[1", NULL},
};

START_TEST(changes_from_the_command_line)
{
    const struct set_row *row = &sets[_i];
    eb_node *root = parse("title: T\nsteps:\n  - id: belt\n    corridor: {lines: rivers, width_m: [2000, 3000]}\n");
    eb_error err = {0};
    const eb_status status = eb_node_set(root, row->assignment, &err);
    if (row->json) {
        char *json = json_of(root);
        ck_assert_msg(status == EB_OK, "%s: %s", row->label, err.message);
        ck_assert_msg(strcmp(json, row->json) == 0, "%s: %s", row->label, json);
        free(json);
    } else {
        ck_assert_msg(status == EB_USAGE, "%s: %d", row->label, status);
        ck_assert_msg(*err.hint != '\0', "%s has no hint", row->label);
    }
    eb_node_free(root);
}
END_TEST

START_TEST(an_error_in_a_change_names_the_change)
{
    eb_node *root = parse("title: T\n");
    eb_error err = {0};
    ck_assert_int_eq(eb_node_set(root, "title=X", &err), EB_OK);
    eb_node_error(&err, EB_USAGE, "plan.yaml", eb_node_get(root, "title"), false, "bad");
    ck_assert_str_eq(err.file, "--set title=X");
    ck_assert_int_eq(err.line, 0);
    eb_node_free(root);
}
END_TEST

#define ROWS(rows) (int)(sizeof(rows) / sizeof(rows)[0])

int main(void)
{
    Suite *suite = suite_create("plan_text");
    TCase *text = tcase_create("yaml");
    tcase_add_loop_test(text, trees_are_read, 0, ROWS(trees));
    tcase_add_loop_test(text, traps_are_refused_with_their_place, 0, ROWS(traps));
    tcase_add_test(text, places_are_those_of_the_text);
    tcase_add_test(text, nesting_and_size_have_limits);
    tcase_add_test(text, files_that_are_no_plan);
    suite_add_tcase(suite, text);
    TCase *set = tcase_create("set");
    tcase_add_loop_test(set, changes_from_the_command_line, 0, ROWS(sets));
    tcase_add_test(set, an_error_in_a_change_names_the_change);
    suite_add_tcase(suite, set);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
