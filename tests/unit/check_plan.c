/* Plans: refused with their place, run, compared, recorded. */
#include "eb_test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ecobelt/plan.h>

#include "plan/run.h"

#define BROKEN TEST_SOURCE_DIR "/tests/broken/plan"

static char **broken;
static int broken_count;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/** All tests/broken/plan/NAME.yaml. */
static void find_broken(void)
{
    DIR *dir = opendir(BROKEN);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        const size_t size = strlen(entry->d_name);
        if (size < 5 || strcmp(entry->d_name + size - 5, ".yaml") != 0) continue;
        broken = realloc(broken, sizeof *broken * (size_t)(broken_count + 1));
        broken[broken_count] = malloc(strlen(BROKEN) + size + 2);
        snprintf(broken[broken_count++], strlen(BROKEN) + size + 2, "%s/%s", BROKEN, entry->d_name);
    }
    if (dir) closedir(dir);
    qsort(broken, (size_t)broken_count, sizeof *broken, by_name);
}

/* The first line of each says what must be said: "# expect: STATUS LINE:COLUMN TEXT", 0 for any place. */
START_TEST(broken_plans_are_refused_with_their_place)
{
    const char *file = broken[_i];
    char head[256] = "", wanted_status[16] = "", *text;
    FILE *in = fopen(file, "rb");
    ck_assert_ptr_nonnull(in);
    ck_assert_ptr_nonnull(fgets(head, sizeof head, in));
    fclose(in);
    head[strcspn(head, "\r\n")] = '\0';
    static const char lead[] = "# expect: ";
    ck_assert_msg(strncmp(head, lead, sizeof lead - 1) == 0, "%s says not what to expect", file);
    char *at = head + sizeof lead - 1;
    snprintf(wanted_status, sizeof wanted_status, "%.*s", (int)strcspn(at, " "), at);
    at += strcspn(at, " ") + 1;
    const long line = strtol(at, &at, 10);
    ck_assert_int_eq(*at, ':');
    const long column = strtol(at + 1, &at, 10);
    text = at + 1;
    ck_assert_msg(*text, "%s expects no words", file);

    eb_plan *plan = NULL;
    eb_error err = {0};
    const eb_status status = eb_plan_read(file, NULL, NULL, &plan, &err);
    ck_assert_msg(strcmp(eb_status_name(status), wanted_status) == 0, "%s: status %s: %s", file, eb_status_name(status), err.message);
    ck_assert_ptr_null(plan);
    ck_assert_msg(strstr(err.message, text) || strstr(err.hint, text), "%s: %s / %s", file, err.message, err.hint);
    if (line) ck_assert_msg(err.line == line, "%s: line %d: %s", file, err.line, err.message);
    if (column) ck_assert_msg(err.column == column, "%s: column %d: %s", file, err.column, err.message);
    if (line) ck_assert_str_eq(err.file, file);
}
END_TEST

START_TEST(the_corpus_is_there)
{
    ck_assert_int_ge(broken_count, 100);
}
END_TEST

/* A room with layers to plan with: two zones of 0.05 by 0.05 degrees, one of them in a file of its own as well. */

static char room[256];

static void spill(const char *name, const char *text)
{
    FILE *out = fopen(name, "wb");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

#define CRS_4490 "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}},"
#define SQUARE(w, e)                                                                                                                       \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" w ",29.2],[" e ",29.2],[" e ",29.25],[" w ",29.25],[" w ",29.2]]]}}"
#define FEATURE(id, zone, extra, w, e) "{\"type\":\"Feature\",\"id\":" id ",\"properties\":{\"zone\":\"" zone "\"" extra "}," SQUARE(w, e)
#define LAYER(features)                "{\"type\":\"FeatureCollection\"," CRS_4490 "\"features\":[" features "]}"

static void enter_room(void)
{
    eb_test_enter(room, sizeof room);
    spill("zones.geojson",
          LAYER(FEATURE("1", "core", ",\"grade\":1", "118.2", "118.25") "," FEATURE("2", "use", ",\"grade\":2", "118.25", "118.3")));
    spill("core.geojson", LAYER(FEATURE("7", "core", ",\"grade\":1,\"status\":\"schematic\"", "118.2", "118.25")));
    spill("use.geojson", LAYER(FEATURE("7", "use", ",\"grade\":2.5,\"status\":\"schematic\"", "118.25", "118.3")));
    spill("text.geojson", LAYER(FEATURE("7", "use", ",\"grade\":\"two\"", "118.25", "118.3")));
}

static eb_plan *read_plan(const char *text, const eb_plan_options *options)
{
    eb_plan *plan = NULL;
    eb_error err = {0};
    spill("plan.yaml", text);
    ck_assert_msg(eb_plan_read("plan.yaml", options, NULL, &plan, &err) == EB_OK, "%s (%d:%d) %s", err.message, err.line, err.column,
                  err.hint);
    return plan;
}

static eb_run *run_plan(const eb_plan *plan, eb_lang lang, eb_status wanted)
{
    eb_run *run = NULL;
    eb_error err = {0};
    const eb_status status = eb_plan_run(plan, lang, NULL, &run, &err);
    ck_assert_msg(status == wanted, "%s: %s", eb_status_name(status), err.message);
    return run;
}

static double cell(const eb_table *table, size_t row, const char *column)
{
    const int at = table ? eb_table_find(table, column) : -1;
    ck_assert_msg(at >= 0, "no column %s", column);
    return eb_table_real_at(table, row, (size_t)at);
}

static const char *word(const eb_table *table, size_t row, const char *column)
{
    const int at = table ? eb_table_find(table, column) : -1;
    ck_assert_msg(at >= 0, "no column %s", column);
    return eb_table_text_at(table, row, (size_t)at);
}

/* 0.05 degrees square at 29.2 N on the ellipsoid: GeographicLib's Planimeter says 26928711 m2 (edges geodesic). */
static const char two_steps[] = "title: {zh: 测试, en: Test}\n"
                                "region: {layer: zones, control_area_km2: 50, source: a book}\n"
                                "layers:\n"
                                "  zones: {path: zones.geojson, title: {zh: 分区, en: Zones}}\n"
                                "steps:\n"
                                "  - id: by_zone\n"
                                "    title: {zh: 分区面积, en: Area by zone}\n"
                                "    note: {zh: 说明文字, en: A remark}\n"
                                "    area: {layer: zones, by: zone}\n"
                                "    shares: [{column: area_m2, of: region}, {column: area_km2, of: zones}]\n"
                                "  - id: total\n"
                                "    area: {layer: zones}\n"
                                "targets:\n"
                                "  - {of: by_zone, column: area_km2, where: \"zone = 'core'\", expect_km2: 26.9, within_pct: 1, source: s, "
                                "title: {zh: 核心, en: Core}}\n"
                                "  - {of: by_zone, column: area_km2, expect_ha: 5400, sum: true, within_pct: 1, source: s}\n"
                                "  - {of: total, column: area_m2, expect_km2: 50, source: s}\n"
                                "  - {of: total, column: area_m2, expect_km2: 50, source: s, compare: at_least}\n";

/* A step may read another field in each language. */
START_TEST(values_by_language)
{
    static const char text[] = "layers:\n"
                               "  zones: {path: zones.geojson}\n"
                               "steps:\n"
                               "  - id: size\n"
                               "    area: {layer: zones, by: {zh: zone, en: [zone]}}\n";
    static const char one[] = "layers:\n"
                              "  zones: {path: zones.geojson}\n"
                              "steps:\n"
                              "  - {id: size, area: {layer: zones, by: {zh: zone, en: grade}}}\n"
                              "  - {id: parts, area: {layer: zones, by: [{en: zone}]}}\n";
    static const char wrong[] = "layers:\n"
                                "  zones: {path: zones.geojson}\n"
                                "steps:\n"
                                "  - {id: size, area: {layer: zones, by: {zh: zone, en: znoe}}}\n";
    static const char chart[] = "layers:\n"
                                "  zones: {path: zones.geojson}\n"
                                "steps:\n"
                                "  - id: size\n"
                                "    area: {layer: zones, by: {zh: zone, en: grade}}\n"
                                "    charts: [{category: {zh: zone, en: grade}, value: area_km2}]\n";
    eb_plan *plan = NULL;
    eb_error err;

    enter_room();
    plan = read_plan(one, &(eb_plan_options){.lang = EB_LANG_ZH});
    eb_run *run = run_plan(plan, EB_LANG_ZH, EB_OK);
    const eb_report *report = eb_run_report(run);
    ck_assert_uint_eq(eb_table_row_count(report->tables[0]), 2);
    ck_assert_uint_eq(eb_table_row_count(report->tables[1]), 2); /* the only language there is */
    ck_assert_str_eq(word(report->asked, 0, "parameters"), "layer: zones; by: zone");
    eb_run_free(run);
    eb_plan_free(plan);
    /* One language's field is not there: that is told in both; the place is that of its name. */
    for (int lang = 0; lang < 2; lang++) {
        spill("plan.yaml", wrong);
        const eb_plan_options options = {.lang = lang ? EB_LANG_EN : EB_LANG_ZH};
        ck_assert_int_eq(eb_plan_read("plan.yaml", &options, NULL, &plan, &err), EB_USAGE);
        ck_assert_ptr_null(plan);
        ck_assert_ptr_nonnull(strstr(err.message, "znoe"));
        ck_assert_int_eq(err.line, 4);
        ck_assert_int_eq(err.column, 56);
        spill("plan.yaml", chart); /* what names the bars is one of the language's own columns */
        ck_assert_int_eq(eb_plan_read("plan.yaml", &options, NULL, &plan, &err), EB_OK);
        eb_plan_free(plan);
    }
    spill("plan.yaml", text); /* a list is no value in a language */
    ck_assert_int_eq(eb_plan_read("plan.yaml", NULL, NULL, &plan, &err), EB_USAGE);
}
END_TEST

START_TEST(a_plan_runs)
{
    enter_room();
    eb_plan *plan = read_plan(two_steps, NULL);
    ck_assert_uint_eq(eb_plan_step_count(plan), 2);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    const eb_report *report = eb_run_report(run);
    ck_assert_str_eq(report->title, "Test");
    ck_assert_str_eq(report->name, "plan");
    ck_assert_uint_eq(report->table_count, 2);
    const eb_table *table = report->tables[0];
    ck_assert_str_eq(eb_table_name(table), "by_zone");
    ck_assert_str_eq(eb_table_title(table), "Area by zone");
    ck_assert_uint_eq(eb_table_row_count(table), 2);
    const double core = cell(table, 0, "area_m2"), use = cell(table, 1, "area_m2");
    ck_assert_double_eq_tol(core, use, 1);
    ck_assert_double_eq_tol(cell(table, 0, "area_share_of_region_pct"), core / 50e6 * 100, 1e-9);
    ck_assert_double_eq_tol(cell(table, 0, "area_share_of_zones_pct"), 50, 1e-4);
    bool region = false, remark = false, total = false;
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        region = region || (strstr(eb_table_note_at(table, i), "50.00 km²") && strstr(eb_table_note_at(table, i), "a book"));
        total = total || strcmp(eb_table_note_at(table, i), "share_pct: of the total of this table") == 0;
        remark = remark || strcmp(eb_table_note_at(table, i), "A remark") == 0;
    }
    ck_assert(region);
    ck_assert(remark);
    ck_assert(total);
    const eb_table *targets = report->targets;
    ck_assert_uint_eq(eb_table_row_count(targets), 4);
    ck_assert_str_eq(word(targets, 0, "verdict"), "met");
    ck_assert_str_eq(word(targets, 0, "target"), "Core");
    ck_assert_double_eq_tol(cell(targets, 0, "computed"), core / 1e6, 1e-9);
    ck_assert_double_eq_tol(cell(targets, 1, "computed"), (core + use) / 1e4, 1e-6);
    ck_assert_str_eq(word(targets, 1, "verdict"), "met");
    ck_assert_double_eq_tol(cell(targets, 2, "difference"), (core + use) / 1e6 - 50, 1e-6);
    ck_assert_double_eq_tol(cell(targets, 2, "difference_pct"), ((core + use) / 1e6 - 50) * 2, 1e-6);
    ck_assert_str_eq(word(targets, 2, "verdict"), "compared");
    ck_assert_str_eq(word(targets, 3, "verdict"), "met");
    ck_assert_str_eq(word(targets, 3, "source"), "s");
    eb_run_free(run);
    run = run_plan(plan, EB_LANG_ZH, EB_OK);
    ck_assert_str_eq(eb_run_report(run)->title, "测试");
    ck_assert_str_eq(eb_table_title(eb_run_report(run)->tables[0]), "分区面积");
    ck_assert_str_eq(word(eb_run_report(run)->targets, 0, "target"), "核心");
    ck_assert_str_eq(eb_run_report(run)->layers[0].title, "分区");
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

static const struct verdict_row {
    const char *label, *target, *verdict;
    eb_status status;
} verdicts[] = {
    {"within", "column: area_km2, where: \"zone = 'core'\", expect_km2: 27, within_pct: 1", "met", EB_OK},
    {"outside", "column: area_km2, where: \"zone = 'core'\", expect_km2: 27, within_pct: 0.1", "missed", EB_FINDINGS},
    {"no tolerance", "column: area_km2, where: \"zone = 'core'\", expect_km2: 1", "compared", EB_OK},
    {"at least, reached", "column: area_km2, where: \"zone = 'core'\", expect_km2: 20, compare: at_least", "met", EB_OK},
    {"at least, not reached", "column: area_km2, where: \"zone = 'core'\", expect_km2: 30, compare: at_least", "missed", EB_FINDINGS},
    {"at least with slack", "column: area_km2, where: \"zone = 'core'\", expect_km2: 27.5, within_pct: 5, compare: at_least", "met", EB_OK},
    {"at most", "column: area_km2, where: \"zone = 'core'\", expect_km2: 20, compare: at_most", "missed", EB_FINDINGS},
    {"no such row", "column: area_km2, where: \"zone = 'none'\", expect_km2: 20", "not computed", EB_FINDINGS},
    {"several rows", "column: area_km2, expect_km2: 20", "not computed", EB_FINDINGS},
    {"several rows added", "column: area_km2, sum: true, expect_km2: 54, within_pct: 1", "met", EB_OK},
    {"counts", "column: count, sum: true, expect: 2, within_pct: 0", "met", EB_OK},
    {"wrong kind in the condition", "column: area_km2, where: \"zone = 1\", expect_km2: 2", "not computed", EB_FINDINGS},
    {"per cent", "column: share_pct, where: \"zone = 'use'\", expect_pct: 50, within_pct: 0.01", "met", EB_OK},
};

START_TEST(targets_are_judged)
{
    const struct verdict_row *row = &verdicts[_i];
    char text[600];
    enter_room();
    snprintf(text, sizeof text,
             "layers: {zones: {path: zones.geojson}}\nsteps:\n  - id: a\n    area: {layer: zones, by: zone}\ntargets:\n  - {of: a, source: "
             "s, %s}\n",
             row->target);
    eb_plan *plan = read_plan(text, NULL);
    eb_run *run = run_plan(plan, EB_LANG_EN, row->status);
    const char *verdict = word(eb_run_report(run)->targets, 0, "verdict");
    ck_assert_msg(strcmp(verdict, row->verdict) == 0, "%s: %s", row->label, verdict);
    if (strcmp(verdict, "not computed") == 0) ck_assert_ptr_nonnull(word(eb_run_report(run)->targets, 0, "note"));
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

START_TEST(only_one_step_and_what_it_needs)
{
    enter_room();
    eb_plan *plan = read_plan(two_steps, &(eb_plan_options){.only = "total"});
    ck_assert_uint_eq(eb_plan_step_count(plan), 1);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    ck_assert_uint_eq(eb_run_report(run)->table_count, 1);
    ck_assert_str_eq(eb_table_name(eb_run_report(run)->tables[0]), "total");
    ck_assert_uint_eq(eb_table_row_count(eb_run_report(run)->targets), 2);
    eb_run_free(run);
    eb_plan_free(plan);
    eb_error err = {0};
    ck_assert_int_eq(eb_plan_read("plan.yaml", &(eb_plan_options){.only = "totle"}, NULL, &plan, &err), EB_USAGE);
    ck_assert_ptr_nonnull(strstr(err.hint, "total"));
    eb_test_leave(room);
}
END_TEST

START_TEST(changes_reach_the_run_and_its_record)
{
    static const char *const changes[] = {"steps.by_zone.by=[zone, grade]", "targets.1.within_pct=0.001", "name=other", NULL};
    enter_room();
    eb_plan *plan = read_plan(two_steps, &(eb_plan_options){.set = changes});
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_FINDINGS);
    const eb_report *report = eb_run_report(run);
    ck_assert_str_eq(report->name, "other");
    ck_assert_int_ge(eb_table_find(report->tables[0], "grade"), 0);
    ck_assert_str_eq(word(report->targets, 0, "verdict"), "missed");
    ck_assert_ptr_nonnull(strstr(report->run_json, "\"by\":[\"zone\",\"grade\"]"));
    eb_run_free(run);
    eb_plan_free(plan);
    static const char *const wrong[] = {"steps.by_zone.bye=zone", NULL};
    eb_error err = {0};
    ck_assert_int_eq(eb_plan_read("plan.yaml", &(eb_plan_options){.set = wrong}, NULL, &plan, &err), EB_USAGE);
    ck_assert_str_eq(err.file, "--set steps.by_zone.bye=zone");
    eb_test_leave(room);
}
END_TEST

START_TEST(several_files_are_one_layer)
{
    enter_room();
    eb_plan *plan = read_plan(
        "layers: {zones: {path: [core.geojson, use.geojson]}}\nsteps:\n  - id: a\n    area: {layer: zones, by: [zone, grade]}\n", NULL);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    const eb_report *report = eb_run_report(run);
    const eb_table *table = report->tables[0];
    ck_assert_uint_eq(eb_table_row_count(table), 2);
    ck_assert_str_eq(word(table, 1, "zone"), "use");
    ck_assert_uint_eq(report->layer_count, 2);
    ck_assert_str_eq(report->layers[0].id, "zones");
    ck_assert(report->layers[0].input);
    ck_assert_uint_eq(eb_layer_count(report->layers[0].layer), 2);
    ck_assert(report->layers[0].schematic);
    ck_assert_str_eq(report->layers[1].id, "a");
    ck_assert(report->layers[1].schematic);
    ck_assert_ptr_nonnull(strstr(report->run_json, "\"core.geojson\""));
    ck_assert_ptr_nonnull(strstr(report->run_json, "\"use.geojson\""));
    eb_run_free(run);
    eb_plan_free(plan);
    eb_error err = {0};
    spill("plan.yaml", "layers: {zones: {path: [core.geojson, text.geojson]}}\nsteps:\n  - id: a\n    area: {layer: zones}\n");
    ck_assert_int_eq(eb_plan_read("plan.yaml", NULL, NULL, &plan, &err), EB_REFUSED);
    ck_assert_ptr_nonnull(strstr(err.message, "'grade'"));
    eb_test_leave(room);
}
END_TEST

START_TEST(fields_have_the_names_that_the_steps_use)
{
    enter_room();
    eb_plan *plan = read_plan("layers: {zones: {path: zones.geojson, fields: {name: zone, zone: grade, again: zone}}}\n"
                              "steps:\n  - id: a\n    area: {layer: zones, by: [name, zone, again]}\n",
                              NULL);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    const eb_table *table = eb_run_report(run)->tables[0];
    ck_assert_str_eq(word(table, 1, "name"), "use");
    ck_assert_str_eq(word(table, 1, "again"), "use");
    ck_assert_double_eq(cell(table, 1, "zone"), 2);
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

static bool has_note(const eb_table *table, const char *text)
{
    for (size_t i = 0; i < eb_table_note_count(table); i++) {
        if (strstr(eb_table_note_at(table, i), text)) return true;
    }
    return false;
}

START_TEST(schematic_inputs_are_named_in_tables_and_record)
{
    enter_room();
    eb_plan *plan = read_plan(
        "layers:\n  drawn: {path: core.geojson}\n  told: {path: zones.geojson, schematic: true}\n  true_one: {path: zones.geojson}\n"
        "steps:\n  - id: a\n    area: {layer: drawn}\n  - id: b\n    area: {layer: told}\n  - id: c\n    area: {layer: true_one}\n"
        "targets: [{of: a, column: area_m2, expect_km2: 1, source: s}]\n",
        NULL);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    const eb_report *report = eb_run_report(run);
    ck_assert(has_note(report->tables[0], "schematic: made from drawn"));
    ck_assert(has_note(report->tables[1], "schematic: made from told"));
    ck_assert(!has_note(report->tables[2], "schematic"));
    ck_assert(has_note(report->targets, "schematic"));
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

START_TEST(the_record_says_what_was_run_on_what)
{
    enter_room();
    eb_plan *plan = read_plan(two_steps, NULL);
    eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
    const char *json = eb_run_report(run)->run_json;
    static const char *const wanted[] = {"{\"program\":\"ecobelt\",\"version\":",
                                         "\"GDAL\":\"3.",
                                         "\"GEOS\":\"3.",
                                         "\"PROJ\":\"",
                                         "\"plan_sha256\":\"",
                                         "\"title\":{\"zh\":\"测试\"",
                                         "\"name\":\"zones.geojson\",\"bytes\":",
                                         "\"crs\":\"EPSG:4490\"",
                                         "\"features\":2",
                                         "\"seconds\":",
                                         "\"targets_missed\":false",
                                         "\"diagnosis\":{\"layers\":["};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) ck_assert_msg(strstr(json, wanted[i]), "no %s in %s", wanted[i], json);
    /* The digest is that of sha256sum. */
    char digest[80] = "";
    FILE *pipe = popen("sha256sum zones.geojson", "r");
    ck_assert_ptr_nonnull(fgets(digest, 65, pipe));
    pclose(pipe);
    ck_assert_msg(strstr(json, digest), "no %s", digest);
    eb_run_free(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

static bool stop_now(void *user)
{
    (void)user;
    return true;
}

START_TEST(a_run_can_be_stopped)
{
    enter_room();
    eb_plan *plan = read_plan(two_steps, NULL);
    eb_run *run = NULL;
    eb_error err = {0};
    ck_assert_int_eq(eb_plan_run(plan, EB_LANG_EN, &(eb_env){.cancelled = stop_now}, &run, &err), EB_CANCELLED);
    ck_assert_ptr_null(run);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

START_TEST(a_step_that_fails_is_named)
{
    enter_room();
    spill("points.geojson",
          LAYER("{\"type\":\"Feature\",\"properties\":{\"zone\":\"a\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[118.2,29.2]}}"));
    eb_plan *plan = read_plan("layers: {zones: {path: zones.geojson}}\nsteps:\n  - id: first\n    area: {layer: zones}\n  - id: second\n   "
                              " area: {layer: zones, by: zone}\n",
                              NULL);
    /* The file goes between the check and the run. */
    ck_assert_int_eq(remove("zones.geojson"), 0);
    eb_run *run = NULL;
    eb_error err = {0};
    ck_assert_int_eq(eb_plan_run(plan, EB_LANG_EN, NULL, &run, &err), EB_INPUT);
    ck_assert_msg(strstr(err.message, "step 'first' (line 3 of plan.yaml)"), "%s", err.message);
    eb_plan_free(plan);
    eb_test_leave(room);
}
END_TEST

START_TEST(names_of_files_come_from_the_plan)
{
    static const struct {
        const char *file, *name;
    } rows[] = {{"quzhou.yaml", "quzhou"}, {"my plan.yml", "my_plan"}, {"衢州.yaml", "plan"}, {"a.b.yaml", "a_b"}};
    enter_room();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        eb_plan *plan = NULL;
        eb_error err = {0};
        spill(rows[i].file, "layers: {zones: {path: zones.geojson}}\nsteps:\n  - id: a\n    area: {layer: zones}\n");
        ck_assert_int_eq(eb_plan_read(rows[i].file, NULL, NULL, &plan, &err), EB_OK);
        eb_run *run = run_plan(plan, EB_LANG_EN, EB_OK);
        ck_assert_str_eq(eb_run_report(run)->name, rows[i].name);
        eb_run_free(run);
        eb_plan_free(plan);
    }
    eb_test_leave(room);
}
END_TEST

#define ROWS(rows) (int)(sizeof(rows) / sizeof(rows)[0])

int main(void)
{
    find_broken();
    Suite *suite = suite_create("plan");
    TCase *refused = tcase_create("refused");
    tcase_add_loop_test(refused, broken_plans_are_refused_with_their_place, 0, broken_count);
    tcase_add_test(refused, the_corpus_is_there);
    suite_add_tcase(suite, refused);
    TCase *runs = tcase_create("runs");
    tcase_add_test(runs, a_plan_runs);
    tcase_add_test(runs, values_by_language);
    tcase_add_loop_test(runs, targets_are_judged, 0, ROWS(verdicts));
    tcase_add_test(runs, only_one_step_and_what_it_needs);
    tcase_add_test(runs, changes_reach_the_run_and_its_record);
    tcase_add_test(runs, several_files_are_one_layer);
    tcase_add_test(runs, fields_have_the_names_that_the_steps_use);
    tcase_add_test(runs, schematic_inputs_are_named_in_tables_and_record);
    tcase_add_test(runs, the_record_says_what_was_run_on_what);
    tcase_add_test(runs, a_run_can_be_stopped);
    tcase_add_test(runs, a_step_that_fails_is_named);
    tcase_add_test(runs, names_of_files_come_from_the_plan);
    suite_add_tcase(suite, runs);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    for (int i = 0; i < broken_count; i++) free(broken[i]);
    free(broken);
    return failed ? 1 : 0;
}
