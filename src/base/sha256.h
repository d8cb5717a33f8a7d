/**
 * @file base/sha256.h
 * SHA-256 (FIPS 180-4), to say in a record which files a run was made from.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <ecobelt/base.h>

/** Bytes of a digest as hexadecimal text, with the terminator. */
enum { EB_SHA256_TEXT = 65 };

/** A digest being made. Treat as opaque. */
typedef struct eb_sha256 {
    uint32_t state[8];
    uint8_t block[64];
    uint64_t size; /**< bytes so far */
} eb_sha256;

/** Start. */
void eb_sha256_begin(eb_sha256 *digest);
/** Take @p size more bytes. */
void eb_sha256_add(eb_sha256 *digest, const void *bytes, size_t size);
/** Finish: 64 hexadecimal digits in lower case, terminated. */
void eb_sha256_end(eb_sha256 *digest, char text[EB_SHA256_TEXT]);
/** All at once. */
void eb_sha256_bytes(const void *bytes, size_t size, char text[EB_SHA256_TEXT]);
/** Digest and size of a file. EB_INPUT where it cannot be read. @p size may be NULL. */
eb_status eb_sha256_file(const char *file, char text[EB_SHA256_TEXT], uint64_t *size, eb_error *err);

#endif
