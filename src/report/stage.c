/* renameat2() exchanges two folders in one step: readers see the old run or the new one, never neither. */
#define _GNU_SOURCE
#include "report/file.h"

#include "base/text.h"
#include "base/working.h"
#include "report/folder.h"

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
    int held;     /* what holds that, -1: nothing */
};

static char *path_of(const char *folder, const char *name)
{
    eb_string path = {0};

    eb_string_addf(&path, "%s/%s", folder, name);
    return eb_string_take(&path);
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

/** Make a folder whose name begins with @p prefix and hold it. NULL with errno set. */
static char *make_beside(const char *prefix, int *held)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        eb_string path = {0};
        eb_string_addf(&path, "%s%ld-%d", prefix, (long)getpid(), attempt);
        char *made = eb_string_take(&path);
        if (!made) {
            errno = ENOMEM;
            return NULL;
        }
        const bool fresh = mkdir(made, 0777) == 0;
        if (fresh && eb_working_hold(made, held)) return made;
        free(made);
        if (!fresh && errno != EEXIST) return NULL;
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
    eb_working_tidy(stage->final);
    stage->held = -1;
    char *prefix = eb_working_prefix(stage->final);
    errno = ENOMEM;
    if (prefix) stage->folder = make_beside(prefix, &stage->held);
    free(prefix);
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
    if (stage->held >= 0) close(stage->held);
    free(stage->final);
    free(stage->folder);
    free(stage);
}

/** Where the file system cannot exchange: the old folder aside, the new one in, and back if that fails. */
static int replace_in_two_steps(const eb_stage *stage)
{
    /* Not under a name that is tidied away: for a moment there is no other copy. */
    eb_string prefix = {0};
    int held = -1, code = 0;
    eb_string_addf(&prefix, "%s.old-", stage->final);
    char *aside = prefix.failed ? NULL : make_beside(prefix.data, &held);
    eb_string_clear(&prefix);
    if (held >= 0) close(held);
    if (!aside) return errno;
    if (rename(stage->final, aside) != 0) {
        code = errno;
        rmdir(aside);
    } else if (rename(stage->folder, stage->final) != 0) {
        code = errno;
        if (rename(aside, stage->final) != 0) code = EIO;
    } else {
        eb_working_remove(aside);
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
        eb_working_remove(stage->folder);
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
    if (stage->folder) eb_working_remove(stage->folder);
    stage_free(stage);
}
