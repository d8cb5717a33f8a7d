/*
 * Where the results of an analysis go: files by extension, further layers and tables beside them, the screen, JSON. The analysis is a
 * made-up one that yields two layers and two tables and fails on demand.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/context.h"
#include "eb_test.h"

static const eb_param params[] = {
    {.key = "outcome", .type = EB_PARAM_TEXT, .def = "ok", .help = "how it ends"},
};
static const eb_yield yields[] = {
    {.role = "", .layer = true, .columns = "name"},
    {.role = "rejects", .layer = true, .columns = "reason"},
    {.role = "", .layer = false, .columns = "name,area_m2"},
    {.role = "matrix", .layer = false, .columns = "name"},
};

static eb_status write_layer(const eb_workspace *space, const char *role, eb_error *err)
{
    /* POINT (118.5 29) */
    static const uint8_t point[21] = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xa0, 0x5d, 0x40, 0, 0, 0, 0, 0, 0, 0x3d, 0x40};
    eb_crs *crs = NULL;
    eb_sink *sink = NULL;
    eb_batch *batch = NULL;
    eb_schema *schema = NULL;
    eb_status status = eb_crs_new("EPSG:4490", &crs, err);
    if (status == EB_OK) {
        schema = eb_schema_new("probe", EB_SHAPE_POINT, crs);
        eb_schema_add_field(schema, "name", EB_FIELD_TEXT);
        status = space->create(space->self, role, schema, &sink, err);
    }
    if (status == EB_OK && sink) {
        batch = eb_batch_new(schema);
        ck_assert(eb_batch_add(batch, 1, (eb_wkb){.data = point, .size = sizeof point}));
        ck_assert(eb_batch_set_text(batch, 0, *role ? role : "main"));
        status = eb_sink_write(sink, batch, err);
        if (status == EB_OK)
            status = eb_sink_commit(sink, err);
        else
            eb_sink_abort(sink);
    }
    eb_batch_free(batch);
    eb_schema_free(schema);
    eb_crs_free(crs);
    return status;
}

static eb_status give_table(const eb_workspace *space, const char *name, eb_error *err)
{
    eb_table *table = eb_table_new(name, NULL);
    eb_table_set_method(table, "as the test says");
    eb_table_add_column(table, &(eb_column){.name = "name", .type = EB_COLUMN_TEXT});
    eb_table_add_column(table, &(eb_column){.name = "area_m2", .type = EB_COLUMN_REAL, .unit = "m2", .decimals = 0});
    size_t row = eb_table_add_row(table);
    eb_table_set_text(table, row, 0, name);
    eb_table_set_real(table, row, 1, 2e6);
    return space->add_table(space->self, table, err);
}

static eb_status run(const eb_args *args, const eb_workspace *space, const eb_env *env, eb_error *err)
{
    const char *outcome = eb_args_text(args, "outcome");
    (void)env;
    if (strcmp(outcome, "refused") == 0) return eb_error_set(err, EB_REFUSED, "refused on demand");
    eb_diagnosis_count(space->diagnosis, "probe", 3, 2);
    eb_status status = write_layer(space, "", err);
    if (status == EB_OK) status = write_layer(space, "rejects", err);
    if (status == EB_OK) status = give_table(space, "probe", err);
    if (status == EB_OK) status = give_table(space, "matrix", err);
    if (status == EB_OK && strcmp(outcome, "findings") == 0) return EB_FINDINGS;
    return status;
}

static const eb_analysis probe = {
    .name = "probe", .summary = "a probe", .params = params, .param_count = 1, .yields = yields, .yield_count = 4, .run = run};
static const eb_analysis tables_only = {
    .name = "probe", .params = params, .param_count = 1, .yields = yields + 2, .yield_count = 2, .run = run};

/* Run in a new folder with stdout in a file; its text goes to *out. */
static eb_status probe_run(const eb_analysis *analysis, eb_cli cli, const char *outcome, char **out, eb_error *err)
{
    static eb_context context = {.command = "probe"};
    eb_args *args = eb_args_new(params, 1);
    cli.quiet = true;
    context.quiet = true;
    eb_context_env(&context, &cli.env);
    *err = (eb_error){0};
    ck_assert_int_eq(eb_args_add(args, "outcome", outcome, false, err), EB_OK);
    int kept = dup(STDOUT_FILENO), file = open("stdout.txt", O_RDWR | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(dup2(file, STDOUT_FILENO), 0);
    eb_status status = eb_analysis_command(analysis, &cli, args, err);
    fflush(stdout);
    ck_assert_int_ge(dup2(kept, STDOUT_FILENO), 0);
    close(kept);
    close(file);
    *out = eb_test_read("stdout.txt");
    ck_assert_int_eq(unlink("stdout.txt"), 0);
    eb_args_free(args);
    return status;
}

static void enter_folder(void)
{
    char folder[256];
    ck_assert_int_eq(chdir(eb_test_folder(folder, sizeof folder)), 0);
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
}

/* The folder holds exactly these files, which are removed with it. */
static void leave_folder(const char *files)
{
    char copy[256], here[4096];
    snprintf(copy, sizeof copy, "%s", files);
    for (char *name = strtok(copy, " "); name; name = strtok(NULL, " ")) ck_assert_msg(unlink(name) == 0, "%s is missing", name);
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_msg(rmdir(here) == 0, "more files than %s in %s", files, here);
}

static const struct {
    const char *output, *table;
    bool json;
    const char *files, *says;
} routes[] = {
    {NULL, NULL, false, "", "matrix"},
    {NULL, NULL, true, "", "\"command\":\"probe\""},
    {"a.gpkg", NULL, false, "a.gpkg a_rejects.gpkg", "matrix"},
    {"a.geojson", NULL, false, "a.geojson a_rejects.geojson", "matrix"},
    {"a.csv", NULL, false, "a.csv a.csv.txt a_matrix.csv a_matrix.csv.txt", ""},
    {"a.json", NULL, false, "a.json", ""},
    {"a.md", NULL, false, "a.md", ""},
    {"a.gpkg", "b.csv", false, "a.gpkg a_rejects.gpkg b.csv b.csv.txt b_matrix.csv b_matrix.csv.txt", ""},
    {"a.gpkg", "b.json", true, "a.gpkg a_rejects.gpkg b.json", "\"file\":\"a.gpkg\""},
    {"a.gpkg", "-", false, "a.gpkg a_rejects.gpkg", "name,area_m2"},
    {"-", NULL, false, "", "\"FeatureCollection\""},
    {"-", "b.csv", false, "b.csv b.csv.txt b_matrix.csv b_matrix.csv.txt", "\"FeatureCollection\""},
    {NULL, "b.md", false, "b.md", ""},
};

START_TEST(test_route)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    eb_cli cli = {.output = routes[_i].output, .table = routes[_i].table, .json = routes[_i].json};
    EB_ASSERT_OK(probe_run(&probe, cli, "ok", &out, &err), &err);
    EB_ASSERT_HAS(out, routes[_i].says);
    if (!*routes[_i].says) ck_assert_str_eq(out, "");
    free(out);
    /* What exists now is refused the second time, unless it may be overwritten. */
    if (*routes[_i].files) {
        EB_ASSERT_STATUS(probe_run(&probe, cli, "ok", &out, &err), EB_OUTPUT, &err);
        EB_ASSERT_HAS(err.hint, "--overwrite");
        free(out);
    }
    cli.overwrite = true;
    EB_ASSERT_OK(probe_run(&probe, cli, "ok", &out, &err), &err);
    free(out);
    leave_folder(routes[_i].files);
}
END_TEST

static const struct {
    const eb_analysis *analysis;
    const char *output, *table;
    bool json;
    eb_status status;
    const char *says;
} refusals[] = {
    {&probe, "-", NULL, true, EB_USAGE, "both want standard output"},
    {&probe, "-", "-", false, EB_USAGE, "both want standard output"},
    {&probe, "a.csv", "b.csv", false, EB_USAGE, "both name a table"},
    {&probe, "a.gpkg", "b.gpkg", false, EB_USAGE, "names no table format"},
    {&tables_only, "a.gpkg", NULL, false, EB_USAGE, "makes tables and no layer"},
    {&probe, "no/a.gpkg", NULL, false, EB_OUTPUT, "does not exist"},
    {&probe, "no/a.csv", NULL, false, EB_OUTPUT, "does not exist"},
    {&probe, "a.nonsense", NULL, false, EB_OUTPUT, "names no format"},
    {&probe, "a", NULL, false, EB_OUTPUT, "names no format"},
    {&probe, "", NULL, false, EB_OUTPUT, "names no format"},
};

START_TEST(test_refusal)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    eb_cli cli = {.output = refusals[_i].output, .table = refusals[_i].table, .json = refusals[_i].json};
    EB_ASSERT_STATUS(probe_run(refusals[_i].analysis, cli, "ok", &out, &err), refusals[_i].status, &err);
    EB_ASSERT_HAS(err.message, refusals[_i].says);
    ck_assert_str_eq(out, "");
    free(out);
    leave_folder("");
}
END_TEST

START_TEST(test_tables_only_to_stdout)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    EB_ASSERT_OK(probe_run(&tables_only, (eb_cli){.output = "-"}, "ok", &out, &err), &err);
    ck_assert_str_eq(out, "name,area_m2\r\nprobe,2000000\r\n");
    free(out);
    leave_folder("");
}
END_TEST

START_TEST(test_a_role_in_the_way)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    close(open("a_rejects.gpkg", O_CREAT | O_WRONLY, 0600));
    EB_ASSERT_STATUS(probe_run(&probe, (eb_cli){.output = "a.gpkg"}, "ok", &out, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.file, "a_rejects.gpkg");
    free(out);
    leave_folder("a_rejects.gpkg");
}
END_TEST

START_TEST(test_findings_are_results)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    EB_ASSERT_STATUS(probe_run(&probe, (eb_cli){.output = "a.csv", .json = true}, "findings", &out, &err), EB_FINDINGS, &err);
    EB_ASSERT_HAS(out, "\"status\":\"findings\"");
    EB_ASSERT_HAS(out, "\"read\":3");
    free(out);
    leave_folder("a.csv a.csv.txt a_matrix.csv a_matrix.csv.txt");
}
END_TEST

START_TEST(test_refused_leaves_nothing)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    EB_ASSERT_STATUS(probe_run(&probe, (eb_cli){.output = "-"}, "refused", &out, &err), EB_REFUSED, &err);
    ck_assert_str_eq(out, "");
    free(out);
    EB_ASSERT_STATUS(probe_run(&probe, (eb_cli){.output = "a.csv", .json = true}, "refused", &out, &err), EB_REFUSED, &err);
    ck_assert_str_eq(out, "");
    free(out);
    leave_folder("");
}
END_TEST

START_TEST(test_unit_is_for_people)
{
    char *out = NULL;
    eb_error err;
    enter_folder();
    eb_cli cli = {.has_unit = true, .unit = EB_UNIT_KM2};
    EB_ASSERT_OK(probe_run(&tables_only, cli, "ok", &out, &err), &err);
    EB_ASSERT_HAS_NOT(out, "2000000");
    free(out);
    cli.json = true;
    EB_ASSERT_OK(probe_run(&tables_only, cli, "ok", &out, &err), &err);
    EB_ASSERT_HAS(out, "\"area_m2\":2000000");
    free(out);
    leave_folder("");
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof *table)

int main(void)
{
    Suite *suite = suite_create("cli_analysis");
    TCase *tests = tcase_create("results");
    tcase_add_loop_test(tests, test_route, 0, ROWS(routes));
    tcase_add_loop_test(tests, test_refusal, 0, ROWS(refusals));
    tcase_add_test(tests, test_tables_only_to_stdout);
    tcase_add_test(tests, test_a_role_in_the_way);
    tcase_add_test(tests, test_findings_are_results);
    tcase_add_test(tests, test_refused_leaves_nothing);
    tcase_add_test(tests, test_unit_is_for_people);
    suite_add_tcase(suite, tests);
    return eb_test_run(suite);
}
