#include "layer/file_check.h"

#include "base/translate.h"

#include <string.h>
#include <sys/stat.h>

eb_status eb_regular_check(const char *path, eb_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) return EB_OK;
    const bool pipe = S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode);
    return eb_file_fault(path, pipe ? N_("this is a pipe, not a file") : N_("this is a device, not a file"),
                         "write the data to a file first, and name that", err);
}
