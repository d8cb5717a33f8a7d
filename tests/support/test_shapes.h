/* Shapes for tests: deterministic random numbers, WKB writing, wavy stars. */
#ifndef TEST_SHAPES_H
#define TEST_SHAPES_H

#include <ecobelt/wkb.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A small generator of its own (xorshift64*), so that a failing seed fails everywhere. */
static inline double test_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 0x2545F4914F6CDD1DULL) >> 11) / 9007199254740992.0;
}

/* WKB of a polygon being written: begin, then rings. */
typedef struct test_wkb {
    uint8_t *data;
    size_t size, capacity;
} test_wkb;

static inline void test_wkb_put(test_wkb *wkb, const void *bytes, size_t size)
{
    if (wkb->size + size > wkb->capacity) {
        wkb->capacity = 2 * (wkb->size + size);
        wkb->data = realloc(wkb->data, wkb->capacity);
        if (!wkb->data) abort();
    }
    memcpy(wkb->data + wkb->size, bytes, size);
    wkb->size += size;
}

static inline void test_wkb_header(test_wkb *wkb, uint32_t kind, uint32_t count)
{
    uint8_t order = 1;
    test_wkb_put(wkb, &order, 1);
    test_wkb_put(wkb, &kind, sizeof kind);
    test_wkb_put(wkb, &count, sizeof count);
}

/* A ring of x, y pairs, closed here. */
static inline void test_wkb_ring(test_wkb *wkb, const double *xy, uint32_t count)
{
    uint32_t closed = count + 1;
    test_wkb_put(wkb, &closed, sizeof closed);
    test_wkb_put(wkb, xy, 2 * count * sizeof(double));
    test_wkb_put(wkb, xy, 2 * sizeof(double));
}

/*
 * A valid wavy star: radius within 0.5 to 1 of @p radius, every angle once, teeth about as high as they are wide (spiky where there
 * are few vertices). With @p hole, a hole of the same kind within 0.1 to 0.4.
 */
static inline test_wkb test_star(uint32_t vertices, double radius, double x0, double y0, bool hole, uint64_t seed)
{
    test_wkb wkb = {0};
    uint64_t state = seed * 2 + 88172645463325252ULL;
    double *xy = malloc(2 * vertices * sizeof *xy);
    if (!xy) abort();
    test_wkb_header(&wkb, 3, hole ? 2 : 1);
    for (int ring = 0; ring < (hole ? 2 : 1); ring++) {
        double low = ring ? 0.1 : 0.5, high = ring ? 0.4 : 1.0;
        for (uint32_t i = 0; i < vertices; i++) {
            double angle = 6.283185307179586 * (i + 0.8 * test_random(&state)) / vertices;
            double tooth = fmin(0.5, 15.0 / vertices) * (2 * test_random(&state) - 1);
            double r = radius * (low + (high - low) * (0.5 + 0.25 * sin(5 * angle) + 0.5 * tooth));
            xy[2 * i] = x0 + r * cos(angle);
            xy[2 * i + 1] = y0 + r * sin(angle);
        }
        test_wkb_ring(&wkb, xy, vertices);
    }
    free(xy);
    return wkb;
}

#endif
