/**
 * @file base/hash.h
 * Hashes of numbers and places, for tables in memory.
 */
#ifndef EB_BASE_HASH_H
#define EB_BASE_HASH_H

#include <stdint.h>
#include <string.h>

/** A number for a number, one to one, every bit of it hanging on all bits given: the finaliser of MurmurHash3 (A. Appleby). */
static inline uint64_t eb_hash_number(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

/** The same for a place; -0 and 0 are one. */
static inline uint64_t eb_hash_place(double x, double y)
{
    uint64_t a, b;
    x += 0.0;
    y += 0.0;
    memcpy(&a, &x, sizeof a);
    memcpy(&b, &y, sizeof b);
    return eb_hash_number(a ^ eb_hash_number(b + 0x9e3779b97f4a7c15ULL)); /* which keeps (0, 0) from being 0 */
}

#endif
