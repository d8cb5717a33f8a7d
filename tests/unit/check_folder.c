/* Folders of runs: they appear complete or not at all, and what is not of a run's making is never lost. */
#include "eb_test.h"

#include <ecobelt/report.h>

#include <signal.h>
#include <sys/wait.h>

#include "report/stage.h"

static char room[256];

static void spill(const char *file, const char *text)
{
    FILE *out = fopen(file, "wb");
    ck_assert_msg(out != NULL, "cannot write %s", file);
    fputs(text, out);
    fclose(out);
}

static bool exists(const char *file)
{
    struct stat info;
    return lstat(file, &info) == 0;
}

static void holds(const char *file, const char *text)
{
    char *found = eb_test_read(file);
    ck_assert_msg(strcmp(found, text) == 0, "%s holds \"%s\", not \"%s\"", file, found, text);
    free(found);
}

/** What a run put into its folder: names and texts, NULL-terminated. */
typedef struct content {
    const char *name, *text;
} content;

static eb_carried carried;

/** Put a run of @p only in place. */
static eb_status put_files(const char *folder, bool overwrite, const char *only, const content *files, eb_error *err)
{
    eb_stage *stage = NULL;
    eb_former list = {0};
    eb_status status = eb_stage_new(folder, overwrite, only, &stage, err);
    if (status != EB_OK) return status;
    for (; files->name; files++) {
        char *path = eb_stage_path(stage, files->name);
        spill(path, files->text);
        free(path);
    }
    char record[200];
    snprintf(record, sizeof record, "{\"program\":\"ecobelt\",\"only\":%s%s%s}\n", only ? "\"" : "", only ? only : "null",
             only ? "\"" : "");
    ck_assert_int_eq(eb_former_survey(eb_stage_folder(stage), &list, err), EB_OK);
    char *json = eb_former_to_json(&list, record), *path = eb_stage_path(stage, "run.json");
    spill(path, json);
    free(json);
    free(path);
    eb_former_clear(&list);
    eb_carried_clear(&carried);
    carried = (eb_carried){0};
    return eb_stage_commit(stage, &carried, err);
}

static eb_status put(const char *folder, bool overwrite, const char *text, eb_error *err)
{
    const content files[] = {{"statistics/t.csv", text}, {NULL, NULL}};
    return put_files(folder, overwrite, NULL, files, err);
}

START_TEST(a_folder_appears_complete)
{
    eb_error err = {0};
    eb_stage *stage = NULL;
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(eb_stage_new("out/", false, NULL, &stage, &err), &err);
    ck_assert(!exists("out"));
    ck_assert(exists(eb_stage_folder(stage)));
    char *made = strdup(eb_stage_folder(stage));
    eb_stage_abort(stage);
    ck_assert(!exists("out"));
    ck_assert(!exists(made));
    free(made);
    EB_ASSERT_OK(put("out", false, "1", &err), &err);
    holds("out/statistics/t.csv", "1");
    struct stat info;
    ck_assert_int_eq(stat("out", &info), 0);
    ck_assert_int_eq(info.st_mode & 0700, 0700);
    eb_test_leave(room);
}
END_TEST

START_TEST(only_an_earlier_run_is_replaced)
{
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put("out", false, "1", &err), &err);
    EB_ASSERT_STATUS(put("out", false, "2", &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.hint, "--overwrite");
    EB_ASSERT_OK(put("out", true, "2", &err), &err);
    holds("out/statistics/t.csv", "2");
    mkdir("home", 0777);
    spill("home/letter.txt", "dear");
    EB_ASSERT_STATUS(put("home", true, "5", &err), EB_OUTPUT, &err);
    spill("home/run.json", "{}");
    EB_ASSERT_STATUS(put("home", true, "5", &err), EB_OUTPUT, &err);
    holds("home/letter.txt", "dear");
    mkdir("empty", 0777);
    EB_ASSERT_OK(put("empty", false, "6", &err), &err);
    ck_assert(exists("empty/run.json"));
    spill("file", "");
    EB_ASSERT_STATUS(put("file", true, "7", &err), EB_OUTPUT, &err);
    EB_ASSERT_STATUS(put("no/such/place", true, "7", &err), EB_OUTPUT, &err);
    EB_ASSERT_STATUS(put("", true, "7", &err), EB_USAGE, &err);
    eb_test_leave(room);
}
END_TEST

/* Whatever it is called: the endings of a run's own files are no sign of whose a file is. */
static const content mine[] = {
    {"mine.gpkg", "a"},           {"quzhou.qgz~", "b"},   {"maps/mine.geojson", "c"}, {"maps/belt.qml", "d"},
    {"statistics/mine.csv", "e"}, {"letter.docx", "f"},   {"photos/2024/a.jpg", "g"}, {"statistics/notes.txt", "h"},
    {"maps/说明.geojson", "i"},   {"mine.gpkg-wal", "j"}, {".hidden", "k"},           {NULL, NULL}};

START_TEST(what_no_run_wrote_comes_along)
{
    const content first[] = {{"quzhou.gpkg", "1"}, {"maps/belt.geojson", "1"}, {"statistics/t.csv", "1"}, {"gpx/r.gpx", "1"}, {NULL, NULL}};
    const content second[] = {{"quzhou.gpkg", "2"}, {"maps/belt.geojson", "2"}, {"statistics/t.csv", "2"}, {NULL, NULL}};
    eb_error err = {0};
    size_t count = 0;
    char target[64] = "";
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put_files("out", false, NULL, first, &err), &err);
    mkdir("out/photos", 0777);
    mkdir("out/photos/2024", 0777);
    ck_assert_int_eq(symlink("../far/away", "out/link"), 0);
    for (const content *file = mine; file->name; file++, count++) {
        char path[200];
        snprintf(path, sizeof path, "out/%s", file->name);
        spill(path, file->text);
    }
    for (int again = 0; again < 2; again++) { /* the next run does not take them for the last one's */
        EB_ASSERT_OK(put_files("out", true, NULL, second, &err), &err);
        ck_assert_uint_eq(carried.kept, count + 1);
        ck_assert_uint_eq(carried.gone, again ? 0 : 1);
        for (const content *file = mine; file->name; file++) {
            char path[200];
            snprintf(path, sizeof path, "out/%s", file->name);
            holds(path, file->text);
        }
        ck_assert_int_eq(readlink("out/link", target, sizeof target), 11);
        holds("out/quzhou.gpkg", "2");
        holds("out/maps/belt.geojson", "2");
        ck_assert(!exists("out/gpx"));
    }
    eb_test_leave(room);
}
END_TEST

/* A file of the run that somebody worked on, and one of theirs that has the name of what the run now makes. */
START_TEST(what_was_changed_is_kept_beside)
{
    const content first[] = {{"a.qgz", "1"}, {"maps/a.b.geojson", "1"}, {"a.gpkg", "the header of a database"}, {NULL, NULL}};
    const content second[] = {{"a.qgz", "2"}, {"maps/a.b.geojson", "2"}, {"maps/new.geojson", "2"}, {"a.gpkg", "2"}, {NULL, NULL}};
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put_files("out", false, NULL, first, &err), &err);
    spill("out/a.qgz", "my styles");
    spill("out/maps/new.geojson", "my own");
    spill("out/a.gpkg-wal", "my edits");
    spill("out/a.gpkg-shm", "shared memory");
    EB_ASSERT_OK(put_files("out", true, NULL, second, &err), &err);
    holds("out/a.qgz", "2");
    holds("out/a.kept.qgz", "my styles");
    holds("out/maps/new.geojson", "2");
    holds("out/maps/new.kept.geojson", "my own");
    holds("out/a.kept.gpkg-wal", "my edits"); /* beside another database SQLite would make nonsense of both */
    ck_assert(!exists("out/a.gpkg-wal"));
    ck_assert(!exists("out/a.gpkg-shm"));
    ck_assert(!exists("out/maps/a.kept.b.geojson"));
    ck_assert_uint_eq(carried.kept, 3);
    EB_ASSERT_HAS(eb_string_get(&carried.names), "a.qgz -> a.kept.qgz");
    spill("out/a.qgz", "my other styles");
    EB_ASSERT_OK(put_files("out", true, NULL, second, &err), &err);
    holds("out/a.kept.qgz", "my styles");
    holds("out/a.kept2.qgz", "my other styles");
    eb_test_leave(room);
}
END_TEST

/* SQLite counts in the header of a package who looked at it; what is in it begins behind. */
START_TEST(a_package_that_was_looked_at_is_not_changed)
{
    char text[201];
    eb_error err = {0};
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const content files[] = {{"a.gpkg", text}, {NULL, NULL}};
    char seen[201];
    memcpy(seen, text, sizeof seen);
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put_files("out", false, NULL, files, &err), &err);
    seen[27] = 'y';
    spill("out/a.gpkg", seen);
    EB_ASSERT_OK(put_files("out", true, NULL, files, &err), &err);
    ck_assert_uint_eq(carried.kept, 0);
    seen[150] = 'y';
    spill("out/a.gpkg", seen);
    EB_ASSERT_OK(put_files("out", true, NULL, files, &err), &err);
    holds("out/a.kept.gpkg", seen);
    eb_test_leave(room);
}
END_TEST

/* Nobody knows whose the files are: nothing is touched. */
START_TEST(a_broken_record_refuses)
{
    static const char *const records[] = {
        "{\"program\":\"ecobelt\",\"version\":\"0.1.0\"}", "{\"program\":\"ecobelt\",\"only\":null,\n\"files\":[",
        "{\"program\":\"ecobelt\",\"only\":null,\n\"files\":[\n{\"name\":\"a\",\"sha256\":\"12\"}]}\n", ""};
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put("out", false, "1", &err), &err);
    char *whole = eb_test_read("out/run.json");
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        spill("out/run.json", records[i]);
        EB_ASSERT_STATUS(put("out", true, "2", &err), EB_OUTPUT, &err);
        holds("out/statistics/t.csv", "1");
        holds("out/run.json", records[i]);
    }
    for (size_t size = strlen(whole) - 2; size > 0; size -= size > 7 ? 7 : size) { /* cut short */
        whole[size] = '\0';
        spill("out/run.json", whole);
        EB_ASSERT_STATUS(put("out", true, "2", &err), EB_OUTPUT, &err);
    }
    unlink("out/run.json");
    EB_ASSERT_STATUS(put("out", true, "2", &err), EB_OUTPUT, &err);
    holds("out/statistics/t.csv", "1");
    free(whole);
    eb_test_leave(room);
}
END_TEST

START_TEST(one_step_takes_the_place_of_its_own_results_only)
{
    const content files[] = {{"statistics/t.csv", "1"}, {NULL, NULL}};
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put_files("out", false, NULL, files, &err), &err);
    EB_ASSERT_STATUS(put_files("out", true, "belt", files, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.message, "all steps");
    EB_ASSERT_OK(put_files("one", false, "belt", files, &err), &err);
    EB_ASSERT_OK(put_files("one", true, "belt", files, &err), &err);
    EB_ASSERT_STATUS(put_files("one", true, "zone", files, &err), EB_OUTPUT, &err);
    EB_ASSERT_HAS(err.message, "'belt'");
    EB_ASSERT_OK(put_files("one", true, NULL, files, &err), &err);
    eb_test_leave(room);
}
END_TEST

/* Somebody else's run came first: it is not replaced by one that was not told to. */
START_TEST(a_folder_that_appears_meanwhile_stays)
{
    eb_error err = {0};
    eb_stage *stage = NULL;
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(eb_stage_new("out", false, NULL, &stage, &err), &err);
    EB_ASSERT_OK(put("out", false, "1", &err), &err);
    EB_ASSERT_STATUS(eb_stage_commit(stage, &carried, &err), EB_OUTPUT, &err);
    holds("out/statistics/t.csv", "1");
    eb_test_leave(room);
}
END_TEST

START_TEST(a_link_to_a_run_stays_a_link)
{
    eb_error err = {0};
    struct stat info;
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put("real", false, "1", &err), &err);
    ck_assert_int_eq(symlink("real", "link"), 0);
    EB_ASSERT_OK(put("link", true, "2", &err), &err);
    ck_assert_int_eq(lstat("link", &info), 0);
    ck_assert(S_ISLNK(info.st_mode));
    holds("real/statistics/t.csv", "2");
    eb_test_leave(room);
}
END_TEST

START_TEST(a_killed_writer_leaves_the_earlier_run)
{
    eb_error err = {0};
    eb_test_enter(room, sizeof room);
    EB_ASSERT_OK(put("out", false, "1", &err), &err);
    const pid_t child = fork();
    if (child == 0) {
        eb_stage *stage = NULL;
        if (eb_stage_new("out", true, NULL, &stage, &err) != EB_OK) _exit(1);
        char *path = eb_stage_path(stage, "statistics/t.csv");
        spill(path, "half");
        raise(SIGKILL);
        _exit(1);
    }
    int code = 0;
    waitpid(child, &code, 0);
    ck_assert(WIFSIGNALED(code));
    holds("out/statistics/t.csv", "1");
    eb_test_leave(room);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("folder");
    TCase *stage = tcase_create("stage");
    tcase_add_test(stage, a_folder_appears_complete);
    tcase_add_test(stage, only_an_earlier_run_is_replaced);
    tcase_add_test(stage, a_folder_that_appears_meanwhile_stays);
    tcase_add_test(stage, a_link_to_a_run_stays_a_link);
    tcase_add_test(stage, a_killed_writer_leaves_the_earlier_run);
    suite_add_tcase(suite, stage);
    TCase *former = tcase_create("former");
    tcase_add_test(former, what_no_run_wrote_comes_along);
    tcase_add_test(former, what_was_changed_is_kept_beside);
    tcase_add_test(former, a_package_that_was_looked_at_is_not_changed);
    tcase_add_test(former, a_broken_record_refuses);
    tcase_add_test(former, one_step_takes_the_place_of_its_own_results_only);
    suite_add_tcase(suite, former);
    return eb_test_run(suite);
}
