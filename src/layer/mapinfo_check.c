/* MapInfo's interchange format says nowhere how many objects there are, but has a row of the table beside it for each. */
#include "layer/file_check.h"

#include "base/text.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16 };

/* Lines of a file, -1 where it cannot be opened; *ended: the last one has an end. */
static int64_t count_lines(const char *path, bool *ended)
{
    VSILFILE *file = VSIFOpenL(path, "rb");
    char *piece = malloc(PIECE), last = '\n';
    int64_t lines = file && piece ? 0 : -1;
    for (size_t n; lines >= 0 && (n = VSIFReadL(piece, 1, PIECE, file)) > 0; last = piece[n - 1])
        for (size_t i = 0; i < n; i++) lines += piece[i] == '\n';
    if (file) VSIFCloseL(file);
    free(piece);
    *ended = last == '\n';
    return lines;
}

static eb_status check_end(const char *path, bool ended, eb_error *err)
{
    if (ended) return EB_OK;
    return eb_file_fault(path, "the file is cut short: its last line breaks off", "copy both files, .mif and .mid, again", err);
}

eb_status eb_mapinfo_check(const char *path, int64_t *declared, eb_error *err)
{
    const size_t length = strlen(path);
    bool ended = true, table_ended = true;
    if (length < 5 || !eb_text_same(path + length - 4, ".mif")) return EB_OK;
    if (count_lines(path, &ended) < 0) return EB_OK;
    char *table = eb_text_dup(path);
    if (!table) return eb_error_memory(err);
    /* The same case as the other's ending. */
    table[length - 1] = path[length - 1] == 'F' ? 'D' : 'd';
    /* A row that breaks off is one: who takes what can be read is told how many shapes are lost besides. */
    const int64_t rows = count_lines(table, &table_ended);
    if (rows >= 0) *declared = rows + !table_ended;
    eb_status status = check_end(path, ended, err);
    if (!status && rows >= 0) status = check_end(table, table_ended, err);
    free(table);
    return status;
}
