#include "base/sha256.h"
#include "base/translate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n)
{
    return (x >> n) | (x << (32 - n));
}

static void compress(uint32_t state[8], const uint8_t block[64])
{
    uint32_t w[64], v[8];

    for (size_t t = 0; t < 16; t++) {
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 | (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    }
    for (int t = 16; t < 64; t++) {
        const uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3);
        const uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10);
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    memcpy(v, state, sizeof v);
    for (int t = 0; t < 64; t++) {
        const uint32_t big1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        const uint32_t t1 = v[7] + big1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[t] + w[t];
        const uint32_t big0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        const uint32_t t2 = big0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) state[i] += v[i];
}

void eb_sha256_begin(eb_sha256 *digest)
{
    /* Square roots of the first 8 primes (5.3.3). */
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(digest->state, start, sizeof start);
    digest->size = 0;
}

void eb_sha256_add(eb_sha256 *digest, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;

    while (size > 0) {
        const size_t used = (size_t)(digest->size % 64);
        const size_t take = size < 64 - used ? size : 64 - used;
        memcpy(digest->block + used, at, take);
        digest->size += take;
        at += take;
        size -= take;
        if (used + take == 64) compress(digest->state, digest->block);
    }
}

void eb_sha256_end(eb_sha256 *digest, char text[EB_SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    static const uint8_t padding[64] = {0x80};
    const uint64_t bits = digest->size * 8;
    const size_t used = (size_t)(digest->size % 64);
    uint8_t length[8];

    for (int i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (56 - 8 * i));
    eb_sha256_add(digest, padding, used < 56 ? 56 - used : 120 - used);
    eb_sha256_add(digest, length, 8);
    for (size_t i = 0; i < 32; i++) {
        const uint8_t byte = (uint8_t)(digest->state[i / 4] >> (24 - 8 * (i % 4)));
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
    }
    text[64] = '\0';
}

void eb_sha256_bytes(const void *bytes, size_t size, char text[EB_SHA256_TEXT])
{
    eb_sha256 digest;

    eb_sha256_begin(&digest);
    if (size) eb_sha256_add(&digest, bytes, size);
    eb_sha256_end(&digest, text);
}

eb_status eb_sha256_file(const char *file, char text[EB_SHA256_TEXT], uint64_t *size, eb_error *err)
{
    enum { CHUNK = 1 << 16 };
    uint8_t *chunk = malloc(CHUNK);
    eb_sha256 digest;
    eb_status status = EB_OK;

    if (!chunk) return eb_error_memory(err);
    FILE *in = fopen(file, "rb");
    eb_sha256_begin(&digest);
    for (size_t got = in ? fread(chunk, 1, CHUNK, in) : 0; got > 0; got = fread(chunk, 1, CHUNK, in)) eb_sha256_add(&digest, chunk, got);
    if (!in || ferror(in)) {
        const int code = errno;
        char reason[128] = "";
        if (strerror_r(code, reason, sizeof reason) != 0) snprintf(reason, sizeof reason, _("error %d"), code);
        status = eb_error_set(err, EB_INPUT, "cannot read: %s", eb_translate(reason));
        eb_error_where(err, file, NULL, EB_NO_FID);
    }
    if (in) fclose(in);
    free(chunk);
    if (size) *size = digest.size;
    eb_sha256_end(&digest, text);
    return status;
}
