#include "report/folder.h"

#include "base/text.h"
#include "report/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** What may lie in a run's folder: written by a run, or left there by QGIS, Excel, a file manager. */
typedef struct place {
    const char *folder;  /* "" the run's folder itself */
    const char *endings; /* separated by blanks */
} place;

static const place places[] = {
    {"", " .gpkg .gpkg-wal .gpkg-shm .gpkg-journal .qgz .qgz~ .qgs .html .xlsx .pdf .aux.xml "},
    {"statistics", " .csv .csvt .txt "},
    {"maps", " .geojson .qml .qmd .sld .aux.xml "},
    {"gpx", " .gpx "},
};

static bool left_by_viewer(const char *name)
{
    return strcmp(name, ".DS_Store") == 0 || strcmp(name, "Thumbs.db") == 0 || strcmp(name, "desktop.ini") == 0 ||
           strncmp(name, "~$", 2) == 0 || strncmp(name, ".~lock.", 7) == 0;
}

static bool ends_with_one_of(const char *name, const char *endings)
{
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, " %.60s ", dot);
        if (strstr(endings, wanted)) return true;
    }
    return false;
}

/** First foreign entry of one place, or true. Folders inside the run's folder are the other places. */
static bool place_is_ours(const char *run, const place *at, char *foreign, size_t size)
{
    eb_string path = {0};
    bool ours = true;

    eb_string_addf(&path, "%s/%s", run, at->folder);
    DIR *dir = path.failed ? NULL : opendir(path.data);
    eb_string_clear(&path);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry && ours; entry = readdir(dir)) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || left_by_viewer(name)) continue;
        bool known = ends_with_one_of(name, at->endings) || (!*at->folder && strcmp(name, "run.json") == 0);
        for (size_t i = 1; !*at->folder && i < sizeof places / sizeof places[0]; i++) known = known || strcmp(name, places[i].folder) == 0;
        if (known) continue;
        snprintf(foreign, size, "%s%s%s", at->folder, *at->folder ? "/" : "", name);
        eb_text_trim_utf8(foreign, size);
        ours = false;
    }
    if (dir) closedir(dir);
    return ours;
}

bool eb_folder_is_a_run(const char *folder, char *foreign, size_t size)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!place_is_ours(folder, &places[i], foreign, size)) return false;
    }
    return true;
}

static bool is_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    bool empty = dir != NULL;

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry && empty; entry = readdir(dir)) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (dir) closedir(dir);
    return empty;
}

/** run.json of an earlier run names the program that wrote it, in its first bytes. */
static bool has_run_json(const char *folder)
{
    eb_string path = {0};
    char head[64] = "";

    eb_string_addf(&path, "%s/run.json", folder);
    FILE *file = path.failed ? NULL : fopen(path.data, "rb");
    eb_string_clear(&path);
    if (!file) return false;
    const size_t got = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    head[got] = '\0';
    return strstr(head, "\"program\"") && strstr(head, "\"ecobelt\"");
}

static eb_status check_existing(const char *folder, bool overwrite, eb_error *err)
{
    char foreign[256];

    if (is_empty(folder)) return EB_OK;
    if (!has_run_json(folder)) {
        eb_error_set(err, EB_OUTPUT, "the folder exists and holds something else than an earlier run");
        eb_error_where(err, folder, NULL, EB_NO_FID);
        eb_error_hint(err, "name another folder with --out; only the folder of an earlier run is ever replaced");
        return EB_OUTPUT;
    }
    if (!overwrite) {
        eb_error_set(err, EB_OUTPUT, "the folder of an earlier run exists");
        eb_error_where(err, folder, NULL, EB_NO_FID);
        eb_error_hint(err, "--overwrite replaces it; or name another folder with --out");
        return EB_OUTPUT;
    }
    if (!eb_folder_is_a_run(folder, foreign, sizeof foreign)) {
        eb_error_set(err, EB_OUTPUT, "the folder of an earlier run also holds '%s', which no run wrote; it would be lost", foreign);
        eb_error_where(err, folder, NULL, EB_NO_FID);
        eb_error_hint(err, "move that file away, or name another folder with --out");
        return EB_OUTPUT;
    }
    return EB_OK;
}

/** The folder that @p folder would be made in: exists and may be written to. */
static eb_status check_parent(const char *folder, eb_error *err)
{
    char *parent = eb_text_dup(folder);
    struct stat info;

    if (!parent) return eb_error_memory(err);
    for (size_t size = strlen(parent); size > 1 && parent[size - 1] == '/'; size--) parent[size - 1] = '\0';
    char *slash = strrchr(parent, '/');
    if (slash == parent) {
        parent[1] = '\0';
    } else if (slash) {
        *slash = '\0';
    }
    const char *where = slash ? parent : ".";
    int code = stat(where, &info) != 0 ? errno : !S_ISDIR(info.st_mode) ? ENOTDIR : access(where, W_OK | X_OK) != 0 ? errno : 0;
    eb_status status = code ? eb_file_failed(folder, code, err) : EB_OK;
    free(parent);
    return status;
}

eb_status eb_report_check_folder(const char *folder, bool overwrite, eb_error *err)
{
    struct stat info;

    if (!*folder) return eb_error_set(err, EB_USAGE, "the output folder has no name");
    if (stat(folder, &info) != 0) return errno == ENOENT ? check_parent(folder, err) : eb_file_failed(folder, errno, err);
    if (!S_ISDIR(info.st_mode)) {
        eb_error_set(err, EB_OUTPUT, "a file of this name exists, a run writes a folder");
        eb_error_where(err, folder, NULL, EB_NO_FID);
        eb_error_hint(err, "name another folder with --out");
        return EB_OUTPUT;
    }
    eb_status status = check_existing(folder, overwrite, err);
    if (status != EB_OK) return status;
    char *real = realpath(folder, NULL);
    if (!real) return eb_file_failed(folder, errno, err);
    status = check_parent(real, err);
    free(real);
    return status;
}
