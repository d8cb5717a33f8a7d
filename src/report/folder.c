/* Whether a run may write its folder. */
#include "base/text.h"
#include "report/file.h"
#include "report/former.h"

#include <ecobelt/report.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    char head[64] = "", *path = eb_file_path(folder, "run.json");
    FILE *file = path ? fopen(path, "rb") : NULL;

    free(path);
    if (!file) return false;
    const size_t got = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    head[got] = '\0';
    return strstr(head, "\"program\"") && strstr(head, "\"ecobelt\"");
}

/** A run of one step would take the place of the others' results, too. */
static eb_status check_steps(const char *folder, const eb_former *former, const char *only, eb_error *err)
{
    if (!only || (former->only && strcmp(former->only, only) == 0)) return EB_OK;
    if (former->only)
        eb_error_set(err, EB_OUTPUT,
                     "the folder holds the results of the step '%s', which a run of '%s' alone does not make; they would be lost",
                     former->only, only);
    else
        eb_error_set(
            err, EB_OUTPUT,
            "the folder holds the results of all steps (%zu files), of which a run of '%s' alone makes few; the others would be lost",
            former->count, only);
    eb_error_where(err, folder, NULL, EB_NO_FID);
    eb_error_hint(err, "name another folder with --out, or run all steps: leave out --only");
    return EB_OUTPUT;
}

static eb_status check_existing(const char *folder, bool overwrite, const char *only, eb_error *err)
{
    eb_former former = {0};

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
    eb_status status = eb_former_read(folder, &former, err);
    if (status == EB_OK) status = check_steps(folder, &former, only, err);
    eb_former_clear(&former);
    return status;
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

eb_status eb_report_check_folder(const char *folder, bool overwrite, const char *only, eb_error *err)
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
    eb_status status = check_existing(folder, overwrite, only, err);
    if (status != EB_OK) return status;
    char *real = realpath(folder, NULL);
    if (!real) return eb_file_failed(folder, errno, err);
    status = check_parent(real, err);
    free(real);
    return status;
}
