/* What a process that has to end is making beside its outputs (base/working.h): its names hold the number of the process. */
#include "layer/place.h"

#include "base/working.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 + 600 };

/* What the renames of a commit have replaced, back to where it was ("old-NAME"), or away ("new-NAME": there was none). */
static void take_back(const char *folder, const char *aside)
{
    char undo[PATH_ROOM + 16], from[PATH_ROOM + 300], to[PATH_ROOM + 300];
    snprintf(undo, sizeof undo, "%s/.undo", aside);
    DIR *dir = opendir(undo);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        const bool old = strncmp(entry->d_name, "old-", 4) == 0, none = strncmp(entry->d_name, "new-", 4) == 0;
        if (!old && !none) continue;
        snprintf(from, sizeof from, "%s/%.255s", undo, entry->d_name);
        snprintf(to, sizeof to, "%s/%.255s", folder, entry->d_name + 4);
        (void)(old ? rename(from, to) : remove(to));
    }
    if (dir) closedir(dir);
}

/* The file itself is renamed last: a folder that holds files still has a commit before it, or half of it. */
static bool is_complete(const char *aside)
{
    DIR *dir = opendir(aside);
    bool files = false;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) files = files || entry->d_name[0] != '.';
    if (dir) closedir(dir);
    return !files;
}

/* Aside first: from then on the thread that writes finds nothing to put in place. */
static void discard(const char *folder, const char *name)
{
    char path[PATH_ROOM], aside[PATH_ROOM + 8];
    snprintf(path, sizeof path, "%.4096s/%.255s", folder, name);
    snprintf(aside, sizeof aside, "%s~", path);
    if (rename(path, aside) != 0) return;
    if (!is_complete(aside)) take_back(folder, aside);
    eb_working_remove(aside);
}

void eb_places_discard(const char *folder)
{
    char mark[48], path[PATH_ROOM];
    struct stat info;
    const size_t length = (size_t)snprintf(mark, sizeof mark, ".ecobelt-%ld", (long)getpid());
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name, *found = name[0] == '.' ? strstr(name, mark) : NULL;
        if (!found || (found[length] != '-' && found[length] != '\0') || name[strlen(name) - 1] == '~') continue;
        snprintf(path, sizeof path, "%.4096s/%.255s", folder, name);
        if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
            discard(folder, name);
        else
            (void)remove(path);
    }
    if (dir) closedir(dir);
}
