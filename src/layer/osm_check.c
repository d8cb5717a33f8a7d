#include "layer/file_check.h"

#include "base/text.h"

#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bounds that the format sets. */
enum { MAX_HEAD = 64 * 1024, MAX_BLOB = 32 * 1024 * 1024 };

static bool varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (int shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

/* Size of the blob behind a BlobHeader (type = 1, indexdata = 2: bytes; datasize = 3: a number), -1 where it is none. */
static int64_t blob_size(const uint8_t *head, size_t size)
{
    const uint8_t *at = head, *end = head + size;
    int64_t found = -1;
    while (at < end) {
        uint64_t key, value;
        if (!varint(&at, end, &key) || !varint(&at, end, &value)) return -1;
        if ((key & 7) == 2 && value <= (uint64_t)(end - at))
            at += value;
        else if (key == (3 << 3) && value <= MAX_BLOB)
            found = (int64_t)value;
        else
            return -1;
    }
    return found;
}

/* A row of blobs, each with its length before it (wiki.openstreetmap.org, PBF format): the last must end where the file does. */
static bool blobs_are_whole(VSILFILE *file)
{
    uint8_t *head = malloc(MAX_HEAD), length[4];
    VSIFSeekL(file, 0, SEEK_END);
    const vsi_l_offset size = VSIFTellL(file);
    vsi_l_offset at = 0;
    bool whole = size > 0;
    while (head && whole && at < size) {
        VSIFSeekL(file, at, SEEK_SET);
        whole = VSIFReadL(length, 1, 4, file) == 4;
        size_t n = whole ? (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | length[3] : 0;
        whole = n > 0 && n <= MAX_HEAD && VSIFReadL(head, 1, n, file) == n;
        int64_t blob = whole ? blob_size(head, n) : -1;
        whole = blob >= 0;
        if (whole) at += 4 + n + (vsi_l_offset)blob;
    }
    free(head);
    return whole && at == size;
}

static eb_status check_pbf(const char *path, eb_error *err)
{
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    bool whole = blobs_are_whole(file);
    VSIFCloseL(file);
    if (whole) return EB_OK;
    return eb_file_fault(path, "the file is cut short or damaged: its blocks do not end where the file does", eb_copy_again, err);
}

eb_status eb_osm_check(const char *path, eb_error *err)
{
    char tail[513];
    size_t length = strlen(path);
    if (length > 4 && eb_text_same(path + length - 4, ".pbf")) return check_pbf(path, err);
    if (length < 5 || !eb_text_same(path + length - 4, ".osm")) return EB_OK;
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file) return EB_OK;
    VSIFSeekL(file, 0, SEEK_END);
    vsi_l_offset size = VSIFTellL(file), look = size < sizeof tail - 1 ? size : sizeof tail - 1;
    VSIFSeekL(file, size - look, SEEK_SET);
    size_t n = VSIFReadL(tail, 1, (size_t)look, file);
    VSIFCloseL(file);
    if (n < look) return EB_OK; /* a folder: OGR says what is wrong with it */
    for (size_t i = 0; i < n; i++)
        if (tail[i] == '\0') tail[i] = ' ';
    tail[n] = '\0';
    if (strstr(tail, "</osm>") || strstr(tail, "</osmChange>")) return EB_OK;
    return eb_file_fault(path, "the file is cut short: its last element, </osm>, is missing", eb_copy_again, err);
}
