#include "layer/file_check.h"

#include <string.h>
#include <sys/stat.h>

eb_status eb_regular_check(const char *path, eb_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) return EB_OK;
    if (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode))
        eb_error_set(err, EB_INPUT, "this is a pipe, not a file");
    else
        eb_error_set(err, EB_INPUT, "this is a device, not a file");
    eb_error_where(err, path, NULL, EB_NO_FID);
    eb_error_hint(err, "write the data to a file first, and name that");
    return EB_INPUT;
}
