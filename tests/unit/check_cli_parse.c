/* The command line read by a parameter table: every way to write an option, every way to get it wrong. */
#include "cli/parse.h"
#include "eb_test.h"

static const eb_param params[] = {
    {.key = "zones", .type = EB_PARAM_LAYER, .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL, .metavar = "ZONES", .help = "the zones"},
    {.key = "lines", .type = EB_PARAM_LAYER, .flags = EB_PARAM_LIST | EB_PARAM_POSITIONAL, .metavar = "LINES", .help = "the lines"},
    {.key = "last", .type = EB_PARAM_LAYER, .flags = EB_PARAM_REQUIRED | EB_PARAM_POSITIONAL, .metavar = "LAST", .help = "the last"},
    {.key = "width_m",
     .option = "width",
     .letter = 'w',
     .type = EB_PARAM_REAL,
     .flags = EB_PARAM_LIST,
     .min = 1,
     .max = 1e6,
     .help = "widths"},
    {.key = "side", .letter = 's', .type = EB_PARAM_CHOICE, .choices = "both|left|right", .def = "both", .metavar = "SIDE", .help = "side"},
    {.key = "keep_all", .letter = 'k', .type = EB_PARAM_FLAG, .help = "keep"},
    {.key = "audit", .type = EB_PARAM_FLAG, .def = "true", .help = "audit"},
    {.key = "set", .type = EB_PARAM_TEXT, .flags = EB_PARAM_LIST | EB_PARAM_WHOLE, .help = "changes"},
    {.key = "by", .type = EB_PARAM_FIELD, .flags = EB_PARAM_LIST, .of = "zones", .help = "fields"},
    {.key = "unit", .type = EB_PARAM_TEXT, .help = "a unit of its own"},
};
static const eb_command command = {
    .name = "test", .params = params, .param_count = sizeof params / sizeof *params, .common = EB_COMMON_ALL & ~EB_COMMON_TABLE};

enum { WORDS_MAX = 16 };

/* Split at blanks; "''" is an empty word. */
static int split(char *text, char **words)
{
    int count = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) words[count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    return count;
}

static eb_status parse(const char *line, eb_parsed *out, eb_error *err)
{
    char text[512], *words[WORDS_MAX];
    snprintf(text, sizeof text, "%s", line);
    *err = (eb_error){0};
    int count = split(text, words);
    return eb_cli_parse(&command, count, words, out, err);
}

static const struct {
    const char *line, *key, *values; /* values joined with '|' */
} good[] = {
    {"Z L", "zones", "Z"},
    {"Z L", "last", "L"},
    {"Z L", "lines", ""},
    {"Z a b c L", "lines", "a|b|c"},
    {"Z a b c L", "last", "L"},
    {"Z L", "side", "both"},
    {"Z L --side left", "side", "left"},
    {"Z L --side=left", "side", "left"},
    {"Z L -s left", "side", "left"},
    {"Z L -sleft", "side", "left"},
    {"--side left Z L", "side", "left"},
    {"Z --side left L", "last", "L"},
    {"Z L --width 1,2.5", "width_m", "1|2.5"},
    {"Z L --width 1 -w 2", "width_m", "1|2"},
    {"Z L -w1,2", "width_m", "1|2"},
    {"Z L --set a=1,2 --set b=3", "set", "a=1,2|b=3"},
    {"Z L --by a,b --by c", "by", "a|b|c"},
    {"Z a,b L", "lines", "a,b"},
    {"Z -- -k L", "lines", "-k"},
    {"Z - L", "lines", "-"},
    {"Z L -kw 3", "width_m", "3"},
    {"Z L -k -k", "keep_all", "true"},
    {"Z L --keep-all", "keep_all", "true"},
    {"Z L", "audit", "true"},
    {"Z L --no-audit", "audit", "false"},
    {"Z L --unit furlong", "unit", "furlong"},
    {"Z L --set --help-me", "set", "--help-me"},
};

START_TEST(test_good)
{
    eb_parsed parsed;
    eb_error err;
    EB_ASSERT_OK(parse(good[_i].line, &parsed, &err), &err);
    char joined[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < eb_args_count(parsed.own, good[_i].key); i++)
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", i ? "|" : "", eb_args_text_at(parsed.own, good[_i].key, i));
    ck_assert_msg(strcmp(joined, good[_i].values) == 0, "%s: %s is \"%s\", wanted \"%s\"", good[_i].line, good[_i].key, joined,
                  good[_i].values);
    eb_parsed_free(&parsed);
}
END_TEST

static const struct {
    const char *line, *says;
} bad[] = {
    {"", "ZONES is missing"},
    {"Z", "LAST is missing"},
    {"Z L --width", "--width needs a value"},
    {"Z L --width --side left", "the option --side follows"},
    {"Z L --width -3", "\"-3\" is no value for --width"},
    {"Z L --width 20x", "\"20x\" is no value for --width"},
    {"Z L -w 20x", "\"20x\" is no value for -w"},
    {"Z L --width 1,,2", "is no value for --width"},
    {"Z L --width 1e7", "it must lie between 1 and 1000000"},
    {"Z L --width nan", "is no value for --width"},
    {"Z L --width=inf", "is no value for --width"},
    {"Z L --width ''", "the value of --width is empty"},
    {"Z L --set=", "the value of --set is empty"},
    {"'' L", "the value of ZONES is empty"},
    {"Z L --side", "--side needs a value: --side SIDE"},
    {"Z L --side up", "choose one of both left right"},
    {"Z L --side left --side right", "--side is given twice"},
    {"Z L --sid left", "there is no option --sid"},
    {"Z L --no-side", "there is no option --no-side"},
    {"Z L --no-keep-all", "there is no option --no-keep-all"},
    {"Z L --keep-all=true", "--keep-all is a switch and takes no value"},
    {"Z L --table t.csv", "there is no option --table"},
    {"Z L -x", "there is no option -x"},
    {"Z L -ky", "there is no option -y"},
    {"Z L -j 0", "it must lie between 1 and 1024"},
    {"Z L -j 1.5", "give a whole number"},
    {"Z L --lang de", "choose one of en zh"},
    {"Z L --progress bar", "choose one of auto none json"},
};

START_TEST(test_bad)
{
    eb_parsed parsed;
    eb_error err;
    EB_ASSERT_STATUS(parse(bad[_i].line, &parsed, &err), EB_USAGE, &err);
    EB_ASSERT_HAS(err.message, bad[_i].says);
    ck_assert_msg(err.hint[0], "%s: no hint", bad[_i].line);
    eb_parsed_free(&parsed);
}
END_TEST

START_TEST(test_messages_differ)
{
    char messages[sizeof bad / sizeof *bad][sizeof((eb_error *)0)->message];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        eb_parsed parsed;
        eb_error err;
        (void)parse(bad[i].line, &parsed, &err);
        snprintf(messages[i], sizeof messages[i], "%s", err.message);
        eb_parsed_free(&parsed);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(strcmp(messages[i], messages[j]) != 0, "\"%s\" and \"%s\" say the same: %s", bad[i].line, bad[j].line,
                          messages[i]);
    }
}
END_TEST

static const struct {
    const char *line, *hint;
} hints[] = {
    {"Z L --sid left", "did you mean --side?"},
    {"Z L --outptu x", "did you mean --output?"},
    {"Z L --keepall", "did you mean --keep-all?"},
    {"Z L --xyzzy", "\"ecobelt test --help\""},
};

START_TEST(test_hints)
{
    eb_parsed parsed;
    eb_error err;
    EB_ASSERT_STATUS(parse(hints[_i].line, &parsed, &err), EB_USAGE, &err);
    EB_ASSERT_HAS(err.hint, hints[_i].hint);
    eb_parsed_free(&parsed);
}
END_TEST

START_TEST(test_common)
{
    eb_parsed parsed;
    eb_error err;
    EB_ASSERT_OK(parse("Z L -o out.gpkg --overwrite -qj4 --lang=zh --json --progress json", &parsed, &err), &err);
    ck_assert_str_eq(eb_args_text(parsed.common, "output"), "out.gpkg");
    ck_assert(eb_args_flag(parsed.common, "overwrite"));
    ck_assert(eb_args_flag(parsed.common, "quiet"));
    ck_assert(eb_args_flag(parsed.common, "json"));
    ck_assert_int_eq(eb_args_integer(parsed.common, "threads"), 4);
    ck_assert_str_eq(eb_args_text(parsed.common, "lang"), "zh");
    ck_assert_str_eq(eb_args_text(parsed.common, "progress"), "json");
    ck_assert(!parsed.help);
    eb_parsed_free(&parsed);
}
END_TEST

START_TEST(test_own_option_hides_common)
{
    size_t count;
    const eb_param *common = eb_common_params(&count);
    for (size_t i = 0; i < count; i++) {
        bool want = strcmp(common[i].key, "unit") != 0 && strcmp(common[i].key, "table") != 0;
        ck_assert_msg(eb_common_offered(&command, i) == want, "%s", common[i].key);
    }
}
END_TEST

static const char *const help_lines[] = {"--help", "-h", "Z --help", "--side left -h", "-kh", "Z a b c d e --help --nonsense"};

START_TEST(test_help_checks_nothing_else)
{
    eb_parsed parsed;
    eb_error err;
    EB_ASSERT_OK(parse(help_lines[_i], &parsed, &err), &err);
    ck_assert_msg(parsed.help, "%s", help_lines[_i]);
    eb_parsed_free(&parsed);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof *table)

int main(void)
{
    Suite *suite = suite_create("cli_parse");
    TCase *tests = tcase_create("parse");
    tcase_add_loop_test(tests, test_good, 0, ROWS(good));
    tcase_add_loop_test(tests, test_bad, 0, ROWS(bad));
    tcase_add_test(tests, test_messages_differ);
    tcase_add_loop_test(tests, test_hints, 0, ROWS(hints));
    tcase_add_test(tests, test_common);
    tcase_add_test(tests, test_own_option_hides_common);
    tcase_add_loop_test(tests, test_help_checks_nothing_else, 0, ROWS(help_lines));
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
