#include "layer/file_check.h"

#include "base/translate.h"

#include <cpl_vsi.h>
#include <inttypes.h>
#include <string.h>

eb_status eb_sqlite_check(const char *path, eb_error *err)
{
    uint8_t head[100];
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    size_t n = VSIFReadL(head, 1, sizeof head, file);
    VSIFSeekL(file, 0, SEEK_END);
    int64_t size = (int64_t)VSIFTellL(file);
    VSIFCloseL(file);
    if (n < sizeof head || memcmp(head, "SQLite format 3", 16) != 0) return EB_OK;
    int64_t page = (int64_t)head[16] << 8 | head[17],
            pages = (int64_t)((uint32_t)head[28] << 24 | (uint32_t)head[29] << 16 | (uint32_t)head[30] << 8 | head[31]);
    if (page == 1) page = 65536;
    /* The page count holds only where the same program wrote it last (change counter = version-valid-for), SQLite file format 1.3. */
    if (memcmp(head + 24, head + 92, 4) != 0 || size >= page * pages) return EB_OK;
    eb_error_set(err, EB_INPUT, "the database is cut short: it holds %" PRId64 " bytes, its header says %" PRId64, size, page * pages);
    eb_error_where(err, path, NULL, EB_NO_FID);
    eb_error_hint(err, "%s", eb_translate(eb_copy_again));
    return EB_INPUT;
}
