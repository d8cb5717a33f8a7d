#include "layer/place.h"

#include "base/text.h"
#include "base/translate.h"
#include "base/working.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

eb_status eb_place_failed(const char *file, const char *what, eb_error *err)
{
    int code = errno;
    eb_error_set(err, EB_OUTPUT, "%s: %s", eb_translate(what), eb_translate(strerror(code)));
    eb_error_where(err, file, NULL, EB_NO_FID);
    if (code == ENOSPC || code == EDQUOT)
        eb_error_hint(err, "make room on the disk, or write to another one");
    else if (code == ENOENT)
        eb_error_hint(err, "make the folder first");
    return EB_OUTPUT;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Folder of a path as "…/" or "". */
static size_t folder_length(const char *path)
{
    return (size_t)(base_name(path) - path);
}

void eb_place_blame(const char *target, eb_error *err)
{
    enum { NO_ROOM = 65536 }; /* what was begun may be gone already */
    struct statvfs disk;
    char *folder = err ? eb_text_dup(target) : NULL;
    if (!folder) return;
    folder[folder_length(target)] = '\0';
    if (statvfs(*folder ? folder : ".", &disk) == 0 && (double)disk.f_bavail * (double)disk.f_frsize < NO_ROOM) {
        errno = ENOSPC;
        eb_place_failed(target, "cannot be written", err);
    }
    free(folder);
}

static eb_status check_target(const char *target, bool overwrite, eb_error *err)
{
    struct stat info;
    if (base_name(target)[0] == '\0') {
        eb_error_set(err, EB_OUTPUT, "\"%s\" is a folder, not a file to write", target);
        return EB_OUTPUT;
    }
    if (stat(target, &info) != 0) return EB_OK;
    if (S_ISDIR(info.st_mode)) {
        eb_error_set(err, EB_OUTPUT, "there is a folder of that name");
    } else if (!overwrite) {
        eb_error_set(err, EB_OUTPUT, "the file exists already");
        eb_error_hint(err, "give --overwrite to replace it, or another name");
    } else {
        return EB_OK;
    }
    eb_error_where(err, target, NULL, EB_NO_FID);
    return EB_OUTPUT;
}

/* Make the hidden folder and hold it. NULL with errno set. */
static char *make_folder(const char *target, int *held)
{
    for (int attempt = 0; attempt < 100; attempt++) {
        eb_string path = {0};
        char *prefix = eb_working_prefix(target), *made = NULL;
        eb_string_addf(&path, "%s%ld-XXXXXX", prefix ? prefix : "", (long)getpid());
        if (prefix) made = eb_string_take(&path);
        eb_string_clear(&path);
        free(prefix);
        if (!made) errno = ENOMEM;
        if (made && mkdtemp(made)) {
            if (eb_working_hold(made, held)) return made;
            errno = EBUSY;
        } else {
            free(made);
            return NULL;
        }
        free(made);
    }
    return NULL;
}

eb_status eb_place_open(const char *target, bool overwrite, eb_place *out, eb_error *err)
{
    int held = -1;
    memset(out, 0, sizeof *out);
    eb_status status = check_target(target, overwrite, err);
    if (status) return status;
    out->target = eb_text_dup(target);
    if (!out->target) return eb_error_memory(err);
    eb_working_tidy(target);
    out->folder = make_folder(target, &held);
    if (!out->folder) {
        status = eb_place_failed(target, "cannot write there", err);
        eb_place_close(out);
        return status;
    }
    out->held = held + 1;
    out->file = join(out->folder, base_name(target));
    if (out->file) return EB_OK;
    eb_place_close(out);
    return eb_error_memory(err);
}

static bool sync_path(const char *path, int flags)
{
    int file = open(path, flags);
    if (file < 0) return false;
    bool done = fsync(file) == 0;
    int code = errno;
    close(file);
    errno = code;
    return done;
}

/* Where the file @p name stands in the end. From malloc(). */
static char *final_path(const eb_place *place, const char *name)
{
    size_t length = folder_length(place->target), size = length + strlen(name) + 1;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%.*s%s", (int)length, place->target, name);
    return path;
}

static eb_status move_out(const eb_place *place, const char *name, eb_error *err)
{
    char *from = join(place->folder, name), *to = final_path(place, name);
    eb_status status = from && to ? EB_OK : eb_error_memory(err);
    if (!status && rename(from, to) != 0) status = eb_place_failed(to, "cannot be put in place", err);
    free(from);
    free(to);
    return status;
}

/* In the hidden folder: what the renames replace, so that they can be taken back. "old-NAME" is the old file, "new-NAME" says there was
 * none. */
static const char undo_folder[] = ".undo";

typedef eb_status (*visitor)(const eb_place *place, const char *name, eb_error *err);

/* Call @p visit for each file in a folder, but for the undo folder. */
static eb_status each_file_in(const eb_place *place, const char *path, visitor visit, eb_error *err)
{
    DIR *folder = opendir(path);
    if (!folder) return eb_place_failed(place->target, "cannot be put in place", err);
    eb_status status = EB_OK;
    for (struct dirent *entry; !status && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, undo_folder) != 0) status = visit(place, name, err);
    }
    closedir(folder);
    return status;
}

static eb_status each_file(const eb_place *place, visitor visit, eb_error *err)
{
    return each_file_in(place, place->folder, visit, err);
}

/* Path of "PREFIX-NAME" in the undo folder. From malloc(). */
static char *undo_path(const eb_place *place, const char *prefix, const char *name)
{
    size_t size = strlen(place->folder) + sizeof undo_folder + strlen(prefix) + strlen(name) + 4;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s/%s/%s%s", place->folder, undo_folder, prefix, name);
    return path;
}

/* Keep what a rename will replace. Where the file system has no links there is no way back, and none is promised. */
static void keep(const eb_place *place, const char *name)
{
    char *to = final_path(place, name), *old = undo_path(place, "old-", name), *mark = undo_path(place, "new-", name);
    bool kept = old && access(old, F_OK) == 0;
    if (to && old && mark && !kept && link(to, old) != 0 && errno == ENOENT) {
        int file = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file >= 0) close(file);
    }
    free(to);
    free(old);
    free(mark);
}

static eb_status take_back(const eb_place *place, const char *name, eb_error *err)
{
    (void)err;
    bool was_there = strncmp(name, "old-", 4) == 0;
    char *to = final_path(place, name + 4), *kept = undo_path(place, "", name);
    if (to && kept && was_there) (void)rename(kept, to);
    if (to && !was_there) remove(to);
    free(to);
    free(kept);
    return EB_OK;
}

static eb_status forget(const eb_place *place, const char *name, eb_error *err)
{
    (void)err;
    char *kept = undo_path(place, "", name);
    if (kept) remove(kept);
    free(kept);
    return EB_OK;
}

/* Call @p visit for what is kept. */
static void each_kept(const eb_place *place, visitor visit)
{
    char *path = join(place->folder, undo_folder);
    if (path) (void)each_file_in(place, path, visit, NULL);
    free(path);
}

static eb_status sync_file(const eb_place *place, const char *name, eb_error *err)
{
    char *path = join(place->folder, name);
    if (!path) return eb_error_memory(err);
    eb_status status = sync_path(path, O_RDONLY) ? EB_OK : eb_place_failed(place->target, "cannot be brought to the disk", err);
    free(path);
    return status;
}

static eb_status move_side_file(const eb_place *place, const char *name, eb_error *err)
{
    if (strcmp(name, base_name(place->target)) == 0) return EB_OK;
    keep(place, name);
    return move_out(place, name, err);
}

static eb_status remove_file(const eb_place *place, const char *name, eb_error *err)
{
    (void)err;
    char *path = join(place->folder, name);
    if (path) remove(path);
    free(path);
    return EB_OK;
}

static void remove_kept(const eb_place *place, const char *path)
{
    keep(place, base_name(path));
    remove(path);
}

/* Indexes and journals of an older version would be taken for the new one's. */
static void remove_stale(const eb_place *place)
{
    static const char *const after[] = {"-wal", "-shm", "-journal"};
    static const char *const instead[] = {"qix", "sbn", "sbx", "idm", "ind", "cpg", "qpj"};
    size_t length = strlen(place->target), size = length + 16;
    char *path = malloc(size);
    for (size_t i = 0; path && i < sizeof after / sizeof *after; i++) {
        snprintf(path, size, "%s%s", place->target, after[i]);
        remove_kept(place, path);
    }
    bool shapefile = length > 4 && eb_text_same(place->target + length - 4, ".shp");
    for (size_t i = 0; path && shapefile && i < sizeof instead / sizeof *instead; i++) {
        snprintf(path, size, "%.*s%s", (int)(length - 3), place->target, instead[i]);
        remove_kept(place, path);
    }
    free(path);
}

eb_status eb_place_commit(eb_place *place, eb_error *err)
{
    eb_status status = each_file(place, sync_file, err);
    char *undo = join(place->folder, undo_folder);
    if (!status && (!undo || mkdir(undo, 0700) != 0)) status = eb_place_failed(place->target, "cannot be put in place", err);
    free(undo);
    if (!status) remove_stale(place);
    if (!status) status = each_file(place, move_side_file, err);
    if (!status) status = move_out(place, base_name(place->target), err);
    if (status) {
        each_kept(place, take_back);
        return status;
    }
    size_t length = folder_length(place->target);
    char *folder = length ? eb_text_dup(place->target) : eb_text_dup("./");
    if (folder && length) folder[length] = '\0';
    /* The names are in the folder only when the folder itself is on the disk; some file systems cannot do that, which is no failure. */
    if (folder) sync_path(folder, O_RDONLY | O_DIRECTORY);
    free(folder);
    return EB_OK;
}

void eb_place_close(eb_place *place)
{
    if (place->folder) {
        char *undo = join(place->folder, undo_folder);
        each_kept(place, forget);
        if (undo) rmdir(undo);
        free(undo);
        each_file(place, remove_file, NULL);
        rmdir(place->folder);
    }
    if (place->held) close(place->held - 1);
    free(place->target);
    free(place->folder);
    free(place->file);
    memset(place, 0, sizeof *place);
}
