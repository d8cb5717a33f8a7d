#include "report/file.h"

#include "base/text.h"
#include "base/translate.h"
#include "base/working.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

eb_status eb_file_failed(const char *file, int code, eb_error *err)
{
    char reason[128] = "";

    if (strerror_r(code, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, _("error %d"), code);
    eb_error_set(err, EB_OUTPUT, "cannot write: %s", eb_translate(reason));
    eb_error_where(err, file, NULL, EB_NO_FID);
    if (code == ENOSPC || code == EDQUOT)
        eb_error_hint(err, "free some space, or choose a folder on another disk; nothing was left under the final name");
    else if (code == EACCES || code == EPERM || code == EROFS)
        eb_error_hint(err, "choose a folder you may write to");
    else if (code == ENOENT || code == ENOTDIR)
        eb_error_hint(err, "make the folder first, or check the path for typing errors");
    else if (code == ENAMETOOLONG)
        eb_error_hint(err, "choose a shorter name");
    return EB_OUTPUT;
}

bool eb_file_put(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        const ssize_t done = write(fd, at, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) {
            if (done == 0) errno = ENOSPC;
            return false;
        }
        at += done;
        size -= (size_t)done;
    }
    return true;
}

char *eb_file_path(const char *folder, const char *name)
{
    eb_string path = {0};

    eb_string_addf(&path, "%s%s%s", folder, *folder ? "/" : "", name);
    return eb_string_take(&path);
}

void eb_file_make_parents(char *path, size_t root)
{
    for (char *slash = strchr(path + root + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0) errno = 0;
        *slash = '/';
    }
}

/** A file on its way, under a name of its own. */
typedef struct temporary {
    char *path;
    int held; /* a second descriptor, which holds the file until it is in place; -1: none */
} temporary;

static eb_status write_temporary(const eb_file_part *part, temporary *out, eb_error *err)
{
    char *prefix = eb_working_prefix(part->file);
    eb_string name = {0};
    eb_status status = EB_OK;

    out->held = -1;
    eb_string_addf(&name, "%s%ld", prefix ? prefix : "", (long)getpid());
    if (prefix) out->path = eb_string_take(&name);
    eb_string_clear(&name);
    free(prefix);
    if (!out->path) return eb_error_memory(err);
    const int fd = open(out->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return eb_file_failed(part->file, errno, err);
    if (!eb_working_hold(out->path, &out->held)) status = eb_file_failed(part->file, EBUSY, err);
    if (status == EB_OK && !eb_file_put(fd, part->data, part->size)) status = eb_file_failed(part->file, errno, err);
    if (close(fd) != 0 && status == EB_OK) status = eb_file_failed(part->file, errno, err);
    return status;
}

eb_status eb_files_write(const eb_file_part *parts, size_t count, eb_error *err)
{
    temporary made[EB_FILE_PARTS] = {{0}};
    eb_status status = EB_OK;
    size_t placed = 0, begun = 0;

    for (; begun < count && status == EB_OK; begun++) {
        eb_working_tidy(parts[begun].file);
        status = write_temporary(&parts[begun], &made[begun], err);
    }
    eb_working_place_begin();
    for (; placed < count && status == EB_OK; placed++) {
        if (rename(made[placed].path, parts[placed].file) == 0) continue;
        status = eb_file_failed(parts[placed].file, errno, err);
        break;
    }
    for (size_t i = 0; i < begun; i++) {
        /* Where the last could not be put in place the first ones are no result without it. */
        if (status != EB_OK && i < placed) unlink(parts[i].file);
        if (status != EB_OK && made[i].path) unlink(made[i].path);
        if (made[i].held >= 0) close(made[i].held);
        free(made[i].path);
    }
    eb_working_place_end();
    return status;
}

eb_status eb_file_write(const char *file, const void *data, size_t size, eb_error *err)
{
    return eb_files_write(&(eb_file_part){file, data, size}, 1, err);
}
