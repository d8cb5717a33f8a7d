#include "report/zip.h"

#include <string.h>

uint32_t eb_zip_crc(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
    }
    return ~crc;
}

/** A little-endian number of 2 or 4 bytes. */
static void add_number(eb_string *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const uint8_t byte = (uint8_t)(value >> (8 * i));
        eb_string_add_bytes(out, &byte, 1);
    }
}

/** What the local header and the central directory have in common: version 2.0, UTF-8 names, stored, 1980-01-01, sizes. */
static void add_entry(eb_string *out, const char *name, uint32_t crc, size_t size)
{
    add_number(out, 20, 2);
    add_number(out, 0x0800, 2);
    add_number(out, 0, 2);
    add_number(out, 0, 2);
    add_number(out, 0x21, 2);
    add_number(out, crc, 4);
    add_number(out, (uint32_t)size, 4);
    add_number(out, (uint32_t)size, 4);
    add_number(out, (uint32_t)strlen(name), 2);
    add_number(out, 0, 2);
}

void eb_zip_one(eb_string *out, const char *name, const void *bytes, size_t size)
{
    const uint32_t crc = eb_zip_crc(bytes, size);
    const size_t start = out->size;

    if (size > UINT32_MAX - 1000) {
        out->failed = true;
        return;
    }
    eb_string_add_bytes(out, "PK\3\4", 4);
    add_entry(out, name, crc, size);
    eb_string_add(out, name);
    eb_string_add_bytes(out, bytes, size);
    const size_t directory = out->size - start;
    eb_string_add_bytes(out, "PK\1\2", 4);
    add_number(out, 20, 2);
    add_entry(out, name, crc, size);
    for (int i = 0; i < 4; i++) add_number(out, 0, i == 3 ? 4 : 2); /* comment, disk, internal and external attributes */
    add_number(out, 0, 4);                                          /* offset of the local header */
    eb_string_add(out, name);
    const size_t length = out->size - start - directory;
    eb_string_add_bytes(out, "PK\5\6", 4);
    add_number(out, 0, 4);
    add_number(out, 1, 2);
    add_number(out, 1, 2);
    add_number(out, (uint32_t)length, 4);
    add_number(out, (uint32_t)directory, 4);
    add_number(out, 0, 2);
}
