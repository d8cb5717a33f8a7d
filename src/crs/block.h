/**
 * @file block.h
 * Coordinates in blocks: gathered from a shape's bytes, worked on as plain arrays, written back.
 *
 * Arrays let the compiler work on several coordinates at once, and one call covers many points where a library stands behind it.
 */
#ifndef CRS_BLOCK_H
#define CRS_BLOCK_H

#include <ecobelt/base.h>

/** Most points in a block. */
enum { EB_BLOCK = 256 };

/*
 * Compile a loop once more for wider vectors where the machine has them. Fused multiply-add stays out (-ffp-contract=off), so
 * every variant gives the same bits.
 */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define EB_WIDE
#endif

/* A loop's body must be in the loop for that. */
#if defined(__GNUC__)
#define EB_INLINE inline __attribute__((always_inline))
#else
#define EB_INLINE inline
#endif

/**
 * Work on @p count <= EB_BLOCK points in place.
 * @return false where a point has no image, its index in @p bad.
 */
typedef bool (*eb_block_fn)(void *self, double *x, double *y, size_t count, size_t *bad);

/** What became of a walk over coordinates. */
typedef struct eb_block_result {
    bool broken;   /**< the bytes are no shape */
    bool no_image; /**< the function failed at point (x, y), number @p index of the run */
    double x, y;
    size_t index;
} eb_block_result;

/** Every coordinate of a WKB shape; an empty point (x and y NaN) is passed over. True when all went well. */
bool eb_block_wkb(uint8_t *data, size_t size, eb_block_fn fn, void *self, eb_block_result *result);
/** Every point of strided arrays, @p stride in doubles. */
bool eb_block_points(double *x, double *y, size_t stride, size_t count, eb_block_fn fn, void *self, eb_block_result *result);

#endif
