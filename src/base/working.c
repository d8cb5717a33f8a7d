/* flock() is no part of POSIX, and the lock that is: it is lost when the process closes any descriptor of the file. */
#define _DEFAULT_SOURCE
#include "base/working.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_BYTES = 100 }; /* a name has 255, and the ending wants some */

static char *path_of(const char *folder, const char *name)
{
    eb_string path = {0};
    const size_t size = strlen(folder);

    eb_string_addf(&path, "%s%s%s", folder, size && folder[size - 1] == '/' ? "" : "/", name);
    return eb_string_take(&path);
}

char *eb_working_prefix(const char *target)
{
    const char *slash = strrchr(target, '/'), *name = slash ? slash + 1 : target;
    char kept[NAME_BYTES + 1];
    eb_string path = {0};

    eb_text_copy(kept, sizeof kept, name);
    eb_string_add_bytes(&path, target, (size_t)(name - target));
    eb_string_addf(&path, ".%s.ecobelt-", kept);
    return eb_string_take(&path);
}

bool eb_working_hold(const char *path, int *held)
{
    struct stat there, mine;

    *held = open(path, O_RDONLY | O_CLOEXEC);
    if (*held < 0) return errno != ENOENT;
    if (flock(*held, LOCK_EX | LOCK_NB) == 0) {
        if (fstat(*held, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev) return true;
    } else if (errno != EWOULDBLOCK) {
        close(*held);
        *held = -1;
        return true;
    }
    close(*held);
    *held = -1;
    return false;
}

void eb_working_remove(const char *folder)
{
    DIR *dir = opendir(folder);

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *path = path_of(folder, entry->d_name);
        if (!path) continue;
        if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            eb_working_remove(path);
        } else {
            unlink(path);
        }
        free(path);
    }
    if (dir) closedir(dir);
    rmdir(folder);
}

/** Of our own making and nobody's any more. */
static void remove_left(const char *path)
{
    struct stat info;
    int held = -1;

    if (lstat(path, &info) != 0 || info.st_uid != geteuid()) return;
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) return;
    if (!eb_working_hold(path, &held) || held < 0) return;
    if (S_ISDIR(info.st_mode))
        eb_working_remove(path);
    else
        unlink(path);
    close(held);
}

void eb_working_tidy(const char *target)
{
    char *prefix = eb_working_prefix(target);
    char *slash = prefix ? strrchr(prefix, '/') : NULL;
    const char *name = slash ? slash + 1 : prefix;
    char *folder = eb_text_dup(slash ? prefix : ".");

    if (slash && folder) folder[slash - prefix + 1] = '\0';
    DIR *dir = prefix && folder ? opendir(folder) : NULL;
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (strncmp(entry->d_name, name, strlen(name)) != 0) continue;
        char *path = path_of(folder, entry->d_name);
        if (path) remove_left(path);
        free(path);
    }
    if (dir) closedir(dir);
    free(folder);
    free(prefix);
}

/* Held while files are put in place; for the process as a whole, as the signal that ends it is. */
static pthread_mutex_t placing = PTHREAD_MUTEX_INITIALIZER;

void eb_working_place_begin(void)
{
    pthread_mutex_lock(&placing);
}

void eb_working_place_end(void)
{
    pthread_mutex_unlock(&placing);
}

bool eb_working_last(long milliseconds)
{
    struct timespec until;
    if (clock_gettime(CLOCK_REALTIME, &until) != 0) return false;
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    return pthread_mutex_timedlock(&placing, &until) == 0;
}
