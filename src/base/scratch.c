#include "base/scratch.h"
#include "base/text.h"
#include "base/translate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *folder(void)
{
    const char *named = getenv("TMPDIR");
    return named && *named ? named : "/tmp";
}

static eb_status failed(const char *what, int code, eb_error *err)
{
    eb_error_set(err, EB_OUTPUT, "%s: %s", eb_translate(what), eb_translate(strerror(code)));
    eb_error_where(err, folder(), NULL, EB_NO_FID);
    if (code == ENOSPC || code == EDQUOT || code == EFBIG)
        eb_error_hint(err, "make room on that disk, or let TMPDIR name a folder on one that has room");
    else
        eb_error_hint(err, "let TMPDIR name a folder that can be written");
    return EB_OUTPUT;
}

/* For mkstemp() and mkdtemp(). NULL out of memory. */
static char *template(void)
{
    eb_string text = {0};
    eb_string_addf(&text, "%s/ecobelt-XXXXXX", folder());
    return eb_string_take(&text);
}

eb_status eb_scratch_open(int *file, eb_error *err)
{
    char *name = template();
    *file = -1;
    if (!name) return eb_error_memory(err);
    *file = mkstemp(name);
    const int code = errno;
    if (*file >= 0) {
        unlink(name);
        fcntl(*file, F_SETFD, FD_CLOEXEC);
    }
    free(name);
    return *file >= 0 ? EB_OK : failed(N_("no temporary file can be made"), code, err);
}

eb_status eb_scratch_write(int file, uint64_t place, const void *data, size_t size, eb_error *err)
{
    const char *from = data;
    while (size > 0) {
        const ssize_t done = pwrite(file, from, size, (off_t)place);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failed(N_("the temporary file cannot be written"), done < 0 ? errno : ENOSPC, err);
        from += done;
        place += (uint64_t)done;
        size -= (size_t)done;
    }
    return EB_OK;
}

eb_status eb_scratch_read(int file, uint64_t place, void *data, size_t size, eb_error *err)
{
    char *to = data;
    while (size > 0) {
        const ssize_t done = pread(file, to, size, (off_t)place);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failed(N_("the temporary file cannot be read"), done < 0 ? errno : EIO, err);
        to += done;
        place += (uint64_t)done;
        size -= (size_t)done;
    }
    return EB_OK;
}

void eb_scratch_close(int file)
{
    if (file >= 0) close(file);
}

eb_status eb_scratch_name(const char *name, char **path, eb_error *err)
{
    char *made = template();
    eb_string text = {0};
    *path = NULL;
    if (!made) return eb_error_memory(err);
    eb_status status = mkdtemp(made) ? EB_OK : failed(N_("no temporary folder can be made"), errno, err);
    if (status == EB_OK) {
        eb_string_addf(&text, "%s/%s", made, name);
        *path = eb_string_take(&text);
        if (!*path) {
            rmdir(made);
            status = eb_error_memory(err);
        }
    }
    free(made);
    return status;
}

void eb_scratch_remove(char *path)
{
    char *slash = path ? strrchr(path, '/') : NULL;
    if (slash) {
        unlink(path);
        *slash = '\0';
        rmdir(path);
    }
    free(path);
}
