/* renameat2() exchanges two folders in one step: readers see the old run or the new one, never neither. */
#define _GNU_SOURCE
#include "report/stage.h"

#include "base/text.h"
#include "base/working.h"
#include "report/file.h"

#include <ecobelt/report.h>

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
    bool overwrite;
    char *only; /* the step that is run, NULL: all */
};

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

eb_status eb_stage_new(const char *folder, bool overwrite, const char *only, eb_stage **out, eb_error *err)
{
    *out = NULL;
    eb_status status = eb_report_check_folder(folder, overwrite, only, err);
    if (status != EB_OK) return status;
    eb_stage *stage = calloc(1, sizeof *stage);
    if (!stage) return eb_error_memory(err);
    stage->held = -1;
    stage->overwrite = overwrite;
    stage->final = final_path(folder);
    stage->only = only ? eb_text_dup(only) : NULL;
    if (!stage->final || (only && !stage->only)) {
        eb_stage_abort(stage);
        return eb_error_memory(err);
    }
    eb_working_tidy(stage->final);
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
    char *path = eb_file_path(stage->folder, name);

    if (path) eb_file_make_parents(path, strlen(stage->folder));
    return path;
}

static void stage_free(eb_stage *stage)
{
    if (stage->held >= 0) close(stage->held);
    free(stage->final);
    free(stage->folder);
    free(stage->only);
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

/** What is there now, which may be another than when the stage was begun: it may be replaced, and what is foreign in it comes along. */
static eb_status carry(const eb_stage *stage, eb_carried *carried, eb_error *err)
{
    eb_former former = {0};
    struct stat info;
    eb_status status = eb_report_check_folder(stage->final, stage->overwrite, stage->only, err);

    if (status != EB_OK || stat(stage->final, &info) != 0) return status;
    char *record = eb_file_path(stage->final, "run.json");
    if (record && stat(record, &info) == 0) { /* else it is empty */
        status = eb_former_read(stage->final, &former, err);
        if (status == EB_OK) status = eb_former_carry(&former, stage->final, stage->folder, carried, err);
    }
    free(record);
    eb_former_clear(&former);
    return status;
}

eb_status eb_stage_commit(eb_stage *stage, eb_carried *carried, eb_error *err)
{
    eb_status status = carry(stage, carried, err);
    const int code = status == EB_OK ? put_in_place(stage) : 0;

    if (code) status = eb_file_failed(stage->final, code, err);
    if (status == EB_OK)
        stage_free(stage);
    else
        eb_stage_abort(stage);
    return status;
}

void eb_stage_abort(eb_stage *stage)
{
    if (!stage) return;
    if (stage->folder) eb_working_remove(stage->folder);
    stage_free(stage);
}
