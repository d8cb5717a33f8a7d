/*
 * Preloaded into a program under test: makes the file system fail, or ends the program, at a chosen call. Only what touches files
 * below one folder counts, so that the program's own workings go on.
 *
 *   LD_PRELOAD=libeb_fault.so EB_FAULT_DIR=/absolute/folder EB_FAULT_AT=7 EB_FAULT_KIND=enospc program ...
 *
 * EB_FAULT_KIND  enospc  from call EB_FAULT_AT on, everything that needs space fails (a disk stays full)
 *                eio     call EB_FAULT_AT fails, the later ones work
 *                kill    the program is gone before call EB_FAULT_AT, as by kill -9
 *                term    SIGTERM is raised before call EB_FAULT_AT, once
 *                hang    SIGTERM is raised and call EB_FAULT_AT does not return, as in a library that asks nobody
 * EB_FAULT_GEOS  words. intersection: the first shape comes back whole; union: its box does, of two the first; difference: nothing is
 *                taken off; on-grids: those named lie on every grid too, not only in floating precision; faces: lines enclose their box.
 *                A run must not take such an answer for right: it finds another way, and where all lie it says so
 * EB_FAULT_LOG   file that receives the number of calls counted, so that a test can try every one of them
 *
 * No privileges, mounts or timing are needed, and what happens is the same each time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* The calls replaced below have no prototypes of their own here. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wpedantic"

typedef enum need { NEEDS_SPACE, NEEDS_NO_SPACE, NEVER_FAILS } need;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static int below(const char *path)
{
    const char *folder = setting("EB_FAULT_DIR");
    size_t length = strlen(folder);
    char full[8192];
    if (!length || !path) return 0;
    if (path[0] != '/') {
        char here[4096];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(full, sizeof full, "%s/%s", here, path);
        path = full;
    }
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int below_fd(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    return below(path);
}

/* Count a call; errno of the failure it is to have, or 0. */
static int fault(int counts, need what)
{
    if (!counts) return 0;
    const char *kind = setting("EB_FAULT_KIND");
    long at = strtol(setting("EB_FAULT_AT"), NULL, 10);
    pthread_mutex_lock(&lock);
    long call = ++calls;
    pthread_mutex_unlock(&lock);
    if (at <= 0 || call < at) return 0;
    if (strcmp(kind, "enospc") == 0) return what == NEEDS_SPACE ? ENOSPC : 0;
    if (call != at) return 0;
    if (strcmp(kind, "eio") == 0) return what == NEVER_FAILS ? 0 : EIO;
    if (strcmp(kind, "kill") == 0) raise(SIGKILL);
    if (strcmp(kind, "term") == 0 || strcmp(kind, "hang") == 0) raise(SIGTERM);
    while (strcmp(kind, "hang") == 0) sleep(1);
    return 0;
}

__attribute__((destructor)) static void report(void)
{
    const char *log = setting("EB_FAULT_LOG");
    char text[32];
    if (!*log) return;
    int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0) return;
    int size = snprintf(text, sizeof text, "%ld\n", calls);
    if (size > 0 && write(fd, text, (size_t)size) < 0) calls = -1;
    close(fd);
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))
#define FAIL_IF(counts, what, result)                                                                                                      \
    do {                                                                                                                                   \
        int code = fault(counts, what);                                                                                                    \
        if (code) {                                                                                                                        \
            errno = code;                                                                                                                  \
            return result;                                                                                                                 \
        }                                                                                                                                  \
    } while (0)

static int creates(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

#define OPEN(name)                                                                                                                         \
    int name(const char *path, int flags, ...)                                                                                             \
    {                                                                                                                                      \
        va_list args;                                                                                                                      \
        va_start(args, flags);                                                                                                             \
        mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;                                                                          \
        va_end(args);                                                                                                                      \
        FAIL_IF(creates(flags) && below(path), NEEDS_SPACE, -1);                                                                           \
        return REAL(int, #name, const char *, int, ...)(path, flags, mode);                                                                \
    }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                                                                                                        \
    FILE *name(const char *path, const char *mode)                                                                                         \
    {                                                                                                                                      \
        FAIL_IF(strpbrk(mode, "wa+") && below(path), NEEDS_SPACE, NULL);                                                                   \
        return REAL(FILE *, #name, const char *, const char *)(path, mode);                                                                \
    }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int fd, const void *data, size_t size)
{
    FAIL_IF(below_fd(fd), NEEDS_SPACE, -1);
    return REAL(ssize_t, "write", int, const void *, size_t)(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    FAIL_IF(below_fd(fd), NEEDS_SPACE, -1);
    return REAL(ssize_t, "writev", int, const struct iovec *, int)(fd, parts, count);
}

#define PWRITE(name)                                                                                                                       \
    ssize_t name(int fd, const void *data, size_t size, off_t at)                                                                          \
    {                                                                                                                                      \
        FAIL_IF(below_fd(fd), NEEDS_SPACE, -1);                                                                                            \
        return REAL(ssize_t, #name, int, const void *, size_t, off_t)(fd, data, size, at);                                                 \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

size_t fwrite(const void *data, size_t size, size_t count, FILE *file)
{
    FAIL_IF(below_fd(fileno(file)), NEEDS_SPACE, 0);
    return REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *)(data, size, count, file);
}

int fclose(FILE *file)
{
    int code = fault(below_fd(fileno(file)), NEEDS_SPACE);
    int result = REAL(int, "fclose", FILE *)(file);
    if (!code) return result;
    errno = code;
    return EOF;
}

int fflush(FILE *file)
{
    FAIL_IF(file && below_fd(fileno(file)), NEEDS_SPACE, EOF);
    return REAL(int, "fflush", FILE *)(file);
}

int fsync(int fd)
{
    FAIL_IF(below_fd(fd), NEEDS_SPACE, -1);
    return REAL(int, "fsync", int)(fd);
}

int fdatasync(int fd)
{
    FAIL_IF(below_fd(fd), NEEDS_SPACE, -1);
    return REAL(int, "fdatasync", int)(fd);
}

int rename(const char *from, const char *to)
{
    FAIL_IF(below(to), NEEDS_NO_SPACE, -1);
    return REAL(int, "rename", const char *, const char *)(from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    FAIL_IF(below(to), NEEDS_NO_SPACE, -1);
    return REAL(int, "renameat2", int, const char *, int, const char *, unsigned)(from_fd, from, to_fd, to, flags);
}

int mkdir(const char *path, mode_t mode)
{
    FAIL_IF(below(path), NEEDS_SPACE, -1);
    return REAL(int, "mkdir", const char *, mode_t)(path, mode);
}

int unlink(const char *path)
{
    FAIL_IF(below(path), NEVER_FAILS, -1);
    return REAL(int, "unlink", const char *)(path);
}

/* Wrong answers of GEOS. */
static int lies(const char *what)
{
    const char *words = setting("EB_FAULT_GEOS");
    const size_t length = strlen(what);
    for (const char *at = words; (at = strstr(at, what)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return 1;
    return 0;
}

static int lies_on_grids(const char *what)
{
    return lies("on-grids") && lies(what);
}

static void *copy(void *handle, const void *a)
{
    return REAL(void *, "GEOSGeom_clone_r", void *, const void *)(handle, a);
}

static void *box_of(void *handle, const void *a)
{
    return REAL(void *, "GEOSEnvelope_r", void *, const void *)(handle, a);
}

#define OF_TWO(kind, name)                                                                                                                 \
    void *name##_r(void *handle, const void *a, const void *b)                                                                             \
    {                                                                                                                                      \
        if (lies(kind)) return copy(handle, a);                                                                                            \
        return REAL(void *, #name "_r", void *, const void *, const void *)(handle, a, b);                                                 \
    }                                                                                                                                      \
    void *name##Prec_r(void *handle, const void *a, const void *b, double grid)                                                            \
    {                                                                                                                                      \
        if (lies_on_grids(kind)) return copy(handle, a);                                                                                   \
        return REAL(void *, #name "Prec_r", void *, const void *, const void *, double)(handle, a, b, grid);                               \
    }
OF_TWO("intersection", GEOSIntersection)
OF_TWO("union", GEOSUnion)
OF_TWO("difference", GEOSDifference)

void *GEOSUnaryUnion_r(void *handle, const void *a)
{
    return lies("union") ? box_of(handle, a) : REAL(void *, "GEOSUnaryUnion_r", void *, const void *)(handle, a);
}

void *GEOSUnaryUnionPrec_r(void *handle, const void *a, double grid)
{
    return lies_on_grids("union") ? box_of(handle, a) : REAL(void *, "GEOSUnaryUnionPrec_r", void *, const void *, double)(handle, a, grid);
}

void *GEOSPolygonize_r(void *handle, const void *const *lines, unsigned count)
{
    if (count == 1 && lies("faces")) return box_of(handle, lines[0]);
    return REAL(void *, "GEOSPolygonize_r", void *, const void *const *, unsigned)(handle, lines, count);
}
