/* GDAL takes what it has of a line of GeoJSON that is cut off inside a number, at times. */
#include "layer/file_check.h"

#include "base/text.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, RECORD_MARK = 0x1E };

static bool is_sequence(const char *path)
{
    static const char *const endings[] = {".geojsonl", ".geojsons", ".ndjson", ".jsonl"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (length > n && eb_text_same(path + length - n, endings[i])) return true;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == RECORD_MARK;
}

/* Byte where the last record begins, looking back from the end piece by piece. Records end at a line's end, or, where the file's first
 * byte says so, begin with the mark of RFC 8142. */
static vsi_l_offset last_record(VSILFILE *file, vsi_l_offset size, char *piece)
{
    char first = '\0';
    VSIFSeekL(file, 0, SEEK_SET);
    if (VSIFReadL(&first, 1, 1, file) != 1) return 0;
    const char mark = first == RECORD_MARK ? RECORD_MARK : '\n';
    bool met = false;
    for (vsi_l_offset end = size; end > 0;) {
        const vsi_l_offset start = end > PIECE ? end - PIECE : 0;
        VSIFSeekL(file, start, SEEK_SET);
        size_t n = VSIFReadL(piece, 1, (size_t)(end - start), file);
        for (size_t i = n; i-- > 0;) {
            if (met && piece[i] == mark) return start + i + 1;
            if (!is_blank(piece[i])) met = true;
        }
        end = start;
    }
    return 0;
}

/* What a scan of JSON has met: how deep it stands, and whether in a text. */
typedef struct nesting {
    int64_t depth;
    bool in_text, escaped;
} nesting;

static void scan(nesting *at, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char c = bytes[i];
        if (at->escaped)
            at->escaped = false;
        else if (at->in_text && c == '\\')
            at->escaped = true;
        else if (c == '"')
            at->in_text = !at->in_text;
        else if (!at->in_text)
            at->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
}

eb_status eb_json_check(const char *path, eb_error *err)
{
    if (!is_sequence(path)) return EB_OK;
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    char *piece = malloc(PIECE);
    nesting at = {0};
    if (piece) {
        VSIFSeekL(file, 0, SEEK_END);
        const vsi_l_offset size = VSIFTellL(file);
        VSIFSeekL(file, last_record(file, size, piece), SEEK_SET);
        for (size_t n; (n = VSIFReadL(piece, 1, PIECE, file)) > 0;) scan(&at, piece, n);
    }
    VSIFCloseL(file);
    if (!piece) return eb_error_memory(err);
    free(piece);
    if (at.depth <= 0 && !at.in_text) return EB_OK;
    return eb_file_fault(path, "the file is cut short: its last feature breaks off", eb_copy_or_part, err);
}
