/* renameat2() exchanges two folders in one step: readers see the old run or the new one, never neither. */
#define _GNU_SOURCE
#include "report/file.h"

#include "base/text.h"
#include "report/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct eb_stage {
    char *final;  /* where the folder will be */
    char *folder; /* where it is made */
};

static char *path_of(const char *folder, const char *name)
{
    eb_string path = {0};

    eb_string_addf(&path, "%s/%s", folder, name);
    return eb_string_take(&path);
}

/** Remove a folder of ours and all in it; what cannot be removed stays, it has no final name. */
static void remove_tree(const char *folder)
{
    DIR *dir = opendir(folder);

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *path = path_of(folder, entry->d_name);
        if (!path) continue;
        if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            remove_tree(path);
        } else {
            unlink(path);
        }
        free(path);
    }
    if (dir) closedir(dir);
    rmdir(folder);
}

/** The folder's own path: symbolic links followed where it exists, no slashes at the end. */
static char *final_path(const char *folder)
{
    char *real = realpath(folder, NULL);
    if (real) return real;
    char *copy = eb_text_dup(folder);
    for (size_t size = copy ? strlen(copy) : 0; size > 1 && copy[size - 1] == '/'; size--) copy[size - 1] = '\0';
    return copy;
}

/** Make "PARENT/.NAME.PID-N.part". NULL with errno set. */
static char *make_beside(const char *final)
{
    const char *slash = strrchr(final, '/');
    const int parent = slash ? (int)(slash - final + 1) : 0;

    for (int attempt = 0; attempt < 1000; attempt++) {
        eb_string path = {0};
        eb_string_addf(&path, "%.*s.%s.%ld-%d.part", parent, final, final + parent, (long)getpid(), attempt);
        char *made = eb_string_take(&path);
        if (!made) {
            errno = ENOMEM;
            return NULL;
        }
        if (mkdir(made, 0777) == 0) return made;
        free(made);
        if (errno != EEXIST) return NULL;
    }
    return NULL;
}

eb_status eb_stage_new(const char *folder, bool overwrite, eb_stage **out, eb_error *err)
{
    eb_status status = eb_report_check_folder(folder, overwrite, err);
    if (status != EB_OK) return status;
    eb_stage *stage = calloc(1, sizeof *stage);

    *out = NULL;
    if (stage) stage->final = final_path(folder);
    if (!stage || !stage->final) {
        free(stage);
        return eb_error_memory(err);
    }
    stage->folder = make_beside(stage->final);
    if (!stage->folder) {
        status = errno == ENOMEM ? eb_error_memory(err) : eb_file_failed(folder, errno, err);
        eb_stage_abort(stage);
        return status;
    }
    *out = stage;
    return EB_OK;
}

const char *eb_stage_folder(const eb_stage *stage)
{
    return stage->folder;
}

char *eb_stage_path(const eb_stage *stage, const char *name)
{
    char *path = path_of(stage->folder, name);
    const size_t start = strlen(stage->folder) + 1;

    for (char *slash = path ? strchr(path + start, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        /* A failure shows when the file in it is opened. */
        if (mkdir(path, 0777) != 0) errno = 0;
        *slash = '/';
    }
    return path;
}

static void stage_free(eb_stage *stage)
{
    free(stage->final);
    free(stage->folder);
    free(stage);
}

/** Where the file system cannot exchange: the old folder aside, the new one in, and back if that fails. */
static int replace_in_two_steps(const eb_stage *stage)
{
    char *aside = make_beside(stage->final);
    if (!aside) return errno;
    int code = 0;
    if (rename(stage->final, aside) != 0) {
        code = errno;
        rmdir(aside);
    } else if (rename(stage->folder, stage->final) != 0) {
        code = errno;
        if (rename(aside, stage->final) != 0) code = EIO;
    } else {
        remove_tree(aside);
    }
    free(aside);
    return code;
}

/** 0, or errno. */
static int put_in_place(const eb_stage *stage)
{
    if (renameat2(AT_FDCWD, stage->folder, AT_FDCWD, stage->final, RENAME_NOREPLACE) == 0) return 0;
    if (errno == EINVAL || errno == ENOSYS) { /* no such flag here: rename() replaces an empty folder at most */
        if (rename(stage->folder, stage->final) == 0) return 0;
    }
    if (errno != EEXIST && errno != ENOTEMPTY) return errno;
    if (renameat2(AT_FDCWD, stage->folder, AT_FDCWD, stage->final, RENAME_EXCHANGE) == 0) {
        remove_tree(stage->folder);
        return 0;
    }
    return errno == EINVAL || errno == ENOSYS ? replace_in_two_steps(stage) : errno;
}

eb_status eb_stage_commit(eb_stage *stage, eb_error *err)
{
    const int code = put_in_place(stage);

    if (code == 0) {
        stage_free(stage);
        return EB_OK;
    }
    eb_file_failed(stage->final, code, err);
    eb_stage_abort(stage);
    return EB_OUTPUT;
}

void eb_stage_abort(eb_stage *stage)
{
    if (!stage) return;
    if (stage->folder) remove_tree(stage->folder);
    stage_free(stage);
}
