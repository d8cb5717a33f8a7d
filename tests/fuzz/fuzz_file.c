#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of this process's own, in memory where there is a place for that. */
static const char *folder(void)
{
    static char path[96];
    if (path[0]) return path;
    snprintf(path, sizeof path, "%s/ecobelt-fuzz-%ld", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    if (mkdir(path, 0700) != 0) abort();
    return path;
}

static void put(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) abort();
}

void fuzz_companion(const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    put(path, text, strlen(text));
}

const char *fuzz_file(const uint8_t *data, size_t size, const char *ending)
{
    static char path[160];
    snprintf(path, sizeof path, "%s/input%s", folder(), ending);
    put(path, data, size);
    return path;
}
