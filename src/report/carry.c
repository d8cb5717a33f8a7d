/* What is in a former run's folder and not of its making goes with the folder: nobody's work is lost by a new run. */
#include "report/former.h"

#include "base/translate.h"
#include "report/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOLD = 5 };

typedef struct carrier {
    const eb_former *former, *made; /* what the former run wrote, and the new one */
    const char *folder, *fresh;
    eb_carried *carried;
} carrier;

void eb_carried_clear(eb_carried *carried)
{
    eb_string_clear(&carried->names);
    eb_string_clear(&carried->losses);
}

static bool exists(const char *folder, const char *name)
{
    struct stat info;
    char *path = eb_file_path(folder, name);
    const bool there = !path || lstat(path, &info) == 0;
    free(path);
    return there;
}

static const char *const companions[] = {"-wal", "-shm", "-journal"};

/* "x.gpkg-wal" -> the bytes of "x.gpkg", to which SQLite would take it to belong; 0 for all else. */
static size_t companion_of(const char *name)
{
    const size_t size = strlen(name);
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        const size_t ending = strlen(companions[i]);
        if (size > ending + 5 && strcmp(name + size - ending, companions[i]) == 0 && strncmp(name + size - ending - 5, ".gpkg", 5) == 0)
            return size - ending;
    }
    return 0;
}

/* May the name be had in the new folder? A journal beside the new run's database would spoil that. */
static bool is_free(const carrier *c, const char *name)
{
    const size_t base = companion_of(name);
    if (exists(c->fresh, name)) return false;
    if (base == 0) return true;
    char *database = strndup(name, base);
    const bool good = database && !eb_former_find(c->made, database);
    free(database);
    return good;
}

/* "maps/belt.geojson" -> "maps/belt.kept.geojson", "maps/belt.kept2.geojson", … */
static char *free_name(const carrier *c, const char *name)
{
    const char *slash = strrchr(name, '/'), *file = slash ? slash + 1 : name, *dot = strchr(*file ? file + 1 : file, '.');
    const size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    for (int n = 1; n < 10000; n++) {
        eb_string text = {0};
        eb_string_add_bytes(&text, name, stem);
        eb_string_add(&text, ".kept");
        if (n > 1) eb_string_addf(&text, "%d", n);
        eb_string_add(&text, name + stem);
        char *other = eb_string_take(&text);
        if (!other || is_free(c, other)) return other;
        free(other);
    }
    return NULL;
}

static int copy_bytes(int in, int out)
{
    enum { CHUNK = 1 << 16 };
    char *chunk = malloc(CHUNK);
    int code = chunk ? 0 : ENOMEM;

    for (ssize_t got = 1; code == 0 && got != 0;) {
        got = read(in, chunk, CHUNK);
        if (got < 0 ? errno != EINTR : !eb_file_put(out, chunk, (size_t)got)) code = errno;
    }
    free(chunk);
    return code;
}

static int copy_file(const char *from, const char *to, const struct stat *info)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return errno;
    const int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, info->st_mode & 0777);
    int code = out < 0 ? errno : copy_bytes(in, out);
    if (out >= 0) futimens(out, (const struct timespec[]){info->st_atim, info->st_mtim}); /* where it can be kept */
    if (out >= 0 && close(out) != 0 && code == 0) code = errno;
    close(in);
    return code;
}

static int copy_link(const char *from, const char *to)
{
    char target[4096];
    const ssize_t size = readlink(from, target, sizeof target - 1);
    if (size < 0) return errno;
    if ((size_t)size >= sizeof target - 1) return ENAMETOOLONG;
    target[size] = '\0';
    return symlink(target, to) == 0 ? 0 : errno;
}

/* A second name for the same file where the file system can, so that both folders are whole until one of them goes. */
static int bring(const char *from, const char *to, const struct stat *info)
{
    if (S_ISLNK(info->st_mode)) return copy_link(from, to);
    if (!S_ISREG(info->st_mode)) return EINVAL;
    return link(from, to) == 0 ? 0 : copy_file(from, to, info);
}

/* One of the first names for a message: "maps/mine.geojson", "quzhou.qgz -> quzhou.kept.qgz". */
static void tell(eb_string *names, size_t number, const char *name, const char *now)
{
    if (number > TOLD) return;
    if (number == TOLD) {
        eb_string_add(names, ", …");
        return;
    }
    eb_string_addf(names, "%s%s", number ? ", " : "", name);
    if (now && strcmp(name, now) != 0) eb_string_addf(names, " -> %s", now);
}

static eb_status carry_file(const carrier *c, const char *name, const char *path, const struct stat *info, eb_error *err)
{
    char *now = is_free(c, name) ? eb_text_dup(name) : free_name(c, name);
    char *to = now ? eb_file_path(c->fresh, now) : NULL;
    if (to) eb_file_make_parents(to, strlen(c->fresh));
    const int code = to ? bring(path, to, info) : ENOMEM;
    eb_status status = code ? eb_file_failed(path, code, err) : EB_OK;
    if (status == EB_OK) tell(&c->carried->names, c->carried->kept++, name, now);
    free(to);
    free(now);
    return status;
}

/* The former run's own, as it wrote it; and what SQLite leaves beside a package that somebody looks at. */
static bool is_own(const carrier *c, const char *name, const struct stat *info)
{
    const size_t size = strlen(name);
    const eb_written *file = eb_former_find(c->former, name);
    if (strcmp(name, "run.json") == 0) return true;
    if (file) return eb_former_unchanged(c->folder, file);
    return companion_of(name) && (info->st_size == 0 || strcmp(name + size - 4, "-shm") == 0);
}

static eb_status carry_folder(const carrier *c, const char *inside, eb_error *err);

static eb_status carry_entry(const carrier *c, const char *name, eb_error *err)
{
    struct stat info;
    char *path = eb_file_path(c->folder, name);
    eb_status status = path ? EB_OK : eb_error_memory(err);

    if (status == EB_OK && lstat(path, &info) != 0) {
        status = errno == ENOENT ? EB_OK : eb_file_failed(path, errno, err); /* whoever removed it did not want it */
    } else if (status == EB_OK && S_ISDIR(info.st_mode)) {
        status = carry_folder(c, name, err);
    } else if (status == EB_OK && !is_own(c, name, &info)) {
        status = carry_file(c, name, path, &info, err);
    }
    free(path);
    return status;
}

/* Did the former run write into the folder? */
static bool is_own_folder(const carrier *c, const char *inside)
{
    const size_t size = strlen(inside);
    for (size_t i = 0; i < c->former->count; i++) {
        const char *name = c->former->files[i].name;
        if (strncmp(name, inside, size) == 0 && name[size] == '/') return true;
    }
    return false;
}

/* Somebody's folder in which there is nothing: it is theirs all the same. */
static eb_status carry_empty_folder(const carrier *c, const char *inside, eb_error *err)
{
    if (!*inside || is_own_folder(c, inside) || exists(c->fresh, inside)) return EB_OK;
    char *to = eb_file_path(c->fresh, inside);
    if (to) eb_file_make_parents(to, strlen(c->fresh));
    const int code = !to ? ENOMEM : mkdir(to, 0777) != 0 ? errno : 0;
    const eb_status status = code ? eb_file_failed(to ? to : inside, code, err) : EB_OK;
    free(to);
    return status;
}

/* Folders are made for what comes into them, and last, if they are not there by then, for themselves. */
static eb_status carry_folder(const carrier *c, const char *inside, eb_error *err)
{
    char *path = eb_file_path(c->folder, inside);
    eb_status status = path ? EB_OK : eb_error_memory(err);
    DIR *dir = path ? opendir(path) : NULL;

    if (status == EB_OK && !dir) status = eb_file_failed(path, errno, err);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry && status == EB_OK; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *name = eb_file_path(inside, entry->d_name);
        status = name ? carry_entry(c, name, err) : eb_error_memory(err);
        free(name);
    }
    if (dir) closedir(dir);
    free(path);
    return status == EB_OK ? carry_empty_folder(c, inside, err) : status;
}

eb_status eb_former_carry(const eb_former *former, const char *folder, const char *fresh, eb_carried *carried, eb_error *err)
{
    eb_former made = {0};
    const carrier c = {former, &made, folder, fresh, carried};
    eb_status status = eb_former_read(fresh, &made, err);

    for (size_t i = 0; i < former->count; i++) {
        if (status != EB_OK || eb_former_find(&made, former->files[i].name)) continue;
        tell(&carried->losses, carried->gone++, former->files[i].name, NULL);
    }
    if (status == EB_OK) status = carry_folder(&c, "", err);
    eb_former_clear(&made);
    return status;
}
