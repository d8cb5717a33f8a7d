#include "layer/parcel_text.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eb_parcel_rings_reset(eb_parcel_rings *rings)
{
    rings->points = rings->rings = rings->unclosed = 0;
    rings->closed = true;
}

void eb_parcel_rings_clear(eb_parcel_rings *rings)
{
    free(rings->x);
    free(rings->y);
    free(rings->starts);
    memset(rings, 0, sizeof *rings);
}

bool eb_parcel_rings_add(eb_parcel_rings *rings, int64_t number, double x, double y)
{
    bool fresh = rings->rings == 0 || rings->closed || number != rings->ring_number;
    if (!eb_array_reserve(&rings->x, &rings->x_room, rings->points + 1, sizeof *rings->x)) return false;
    if (!eb_array_reserve(&rings->y, &rings->y_room, rings->points + 1, sizeof *rings->y)) return false;
    if (fresh) {
        if (!eb_array_reserve(&rings->starts, &rings->starts_room, rings->rings + 1, sizeof *rings->starts)) return false;
        if (rings->rings > 0 && !rings->closed) rings->unclosed++;
        rings->starts[rings->rings++] = rings->points;
        rings->ring_number = number;
    }
    rings->x[rings->points] = x;
    rings->y[rings->points] = y;
    size_t start = rings->starts[rings->rings - 1];
    rings->closed = rings->points - start >= 3 && rings->x[start] == x && rings->y[start] == y;
    rings->points++;
    return true;
}

static size_t ring_end(const eb_parcel_rings *rings, size_t r)
{
    return r + 1 < rings->rings ? rings->starts[r + 1] : rings->points;
}

static bool is_open(const eb_parcel_rings *rings, size_t r)
{
    size_t start = rings->starts[r], last = ring_end(rings, r) - 1;
    return rings->x[start] != rings->x[last] || rings->y[start] != rings->y[last];
}

/* Twice the signed area of a ring, the gap of an open one closed. */
static double ring_turn(const eb_parcel_rings *rings, size_t r)
{
    size_t start = rings->starts[r], end = ring_end(rings, r);
    double sum = 0, x0 = rings->x[start], y0 = rings->y[start];
    for (size_t i = start; i + 1 < end; i++)
        sum += (rings->x[i] - x0) * (rings->y[i + 1] - y0) - (rings->x[i + 1] - x0) * (rings->y[i] - y0);
    return sum;
}

/* 1 inside, 0 outside, -1 on the line. */
static int place_in_ring(const eb_parcel_rings *rings, size_t r, double x, double y)
{
    size_t start = rings->starts[r], end = ring_end(rings, r);
    bool inside = false;
    for (size_t i = start; i < end; i++) {
        size_t j = i + 1 < end ? i + 1 : start;
        double ax = rings->x[i] - x, ay = rings->y[i] - y, bx = rings->x[j] - x, by = rings->y[j] - y;
        double cross = ax * by - bx * ay;
        if (cross == 0 && ax * bx <= 0 && ay * by <= 0) return -1;
        if ((ay <= 0) != (by <= 0) && (cross > 0) == (by > ay)) inside = !inside;
    }
    return inside;
}

/* Size and box of a ring, so that most pairs are settled without looking at their points. */
typedef struct outline {
    double turn, box[4];
} outline;

/* From malloc(); NULL out of memory. */
static outline *measure_rings(const eb_parcel_rings *rings)
{
    outline *out = malloc((rings->rings + 1) * sizeof *out);
    for (size_t r = 0; out && r < rings->rings; r++) {
        double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
        for (size_t i = rings->starts[r]; i < ring_end(rings, r); i++) {
            box[0] = fmin(box[0], rings->x[i]);
            box[1] = fmin(box[1], rings->y[i]);
            box[2] = fmax(box[2], rings->x[i]);
            box[3] = fmax(box[3], rings->y[i]);
        }
        out[r].turn = fabs(ring_turn(rings, r));
        memcpy(out[r].box, box, sizeof box);
    }
    return out;
}

/* Does ring a lie inside ring b? The first of its points that is not on b's line decides. */
static bool lies_in(const eb_parcel_rings *rings, const outline *outlines, size_t a, size_t b)
{
    const outline *in = &outlines[a], *out = &outlines[b];
    if (in->turn >= out->turn || in->box[0] < out->box[0] || in->box[1] < out->box[1] || in->box[2] > out->box[2] ||
        in->box[3] > out->box[3])
        return false;
    for (size_t i = rings->starts[a]; i < ring_end(rings, a); i++) {
        int place = place_in_ring(rings, b, rings->x[i], rings->y[i]);
        if (place >= 0) return place == 1;
    }
    return true;
}

/* For each ring how many others it lies in, and the smallest of them; false out of memory. */
static bool nest(const eb_parcel_rings *rings, size_t *depth, size_t *parent)
{
    outline *outlines = measure_rings(rings);
    if (!outlines) return false;
    for (size_t a = 0; a < rings->rings; a++) {
        depth[a] = 0;
        parent[a] = SIZE_MAX;
        for (size_t b = 0; b < rings->rings; b++) {
            if (a == b || !lies_in(rings, outlines, a, b)) continue;
            depth[a]++;
            if (parent[a] == SIZE_MAX || outlines[b].turn < outlines[parent[a]].turn) parent[a] = b;
        }
    }
    free(outlines);
    return true;
}

static void put(uint8_t **at, const void *bytes, size_t size)
{
    memcpy(*at, bytes, size);
    *at += size;
}

static void put_head(uint8_t **at, uint32_t type, uint32_t count)
{
    uint8_t little = 1;
    put(at, &little, 1);
    put(at, &type, 4);
    if (type != EB_SHAPE_POINT) put(at, &count, 4);
}

static void put_points(const eb_parcel_rings *rings, size_t r, bool close, uint8_t **at)
{
    size_t start = rings->starts[r], end = ring_end(rings, r);
    uint32_t count = (uint32_t)(end - start + close);
    put(at, &count, 4);
    for (size_t i = start; i < end; i++) {
        put(at, &rings->x[i], 8);
        put(at, &rings->y[i], 8);
    }
    if (!close) return;
    put(at, &rings->x[start], 8);
    put(at, &rings->y[start], 8);
}

static void put_polygon(const eb_parcel_rings *rings, size_t outer, const size_t *depth, const size_t *parent, uint8_t **at)
{
    uint32_t count = 1;
    for (size_t r = 0; r < rings->rings; r++) count += depth[r] % 2 == 1 && parent[r] == outer;
    put_head(at, EB_SHAPE_POLYGON, count);
    put_points(rings, outer, is_open(rings, outer), at);
    for (size_t r = 0; r < rings->rings; r++)
        if (depth[r] % 2 == 1 && parent[r] == outer) put_points(rings, r, is_open(rings, r), at);
}

static void put_polygons(const eb_parcel_rings *rings, const size_t *depth, const size_t *parent, uint8_t **at)
{
    uint32_t outers = 0;
    for (size_t r = 0; r < rings->rings; r++) outers += depth[r] % 2 == 0;
    if (outers != 1) put_head(at, EB_SHAPE_MULTIPOLYGON, outers);
    for (size_t r = 0; r < rings->rings; r++)
        if (depth[r] % 2 == 0) put_polygon(rings, r, depth, parent, at);
}

static void put_lines(const eb_parcel_rings *rings, uint8_t **at)
{
    if (rings->rings != 1) put_head(at, EB_SHAPE_MULTILINE, (uint32_t)rings->rings);
    for (size_t r = 0; r < rings->rings; r++) {
        put_head(at, EB_SHAPE_LINE, 0);
        *at -= 4; /* the count comes with the points */
        put_points(rings, r, false, at);
    }
}

static void put_places(const eb_parcel_rings *rings, uint8_t **at)
{
    if (rings->points != 1) put_head(at, EB_SHAPE_MULTIPOINT, (uint32_t)rings->points);
    for (size_t i = 0; i < rings->points; i++) {
        put_head(at, EB_SHAPE_POINT, 0);
        put(at, &rings->x[i], 8);
        put(at, &rings->y[i], 8);
    }
}

bool eb_parcel_rings_shape(eb_parcel_rings *rings, eb_shape_kind kind, uint8_t **data, size_t *size)
{
    *data = NULL;
    *size = 0;
    if (rings->points == 0) return true;
    size_t *depth = calloc(rings->rings, sizeof *depth), *parent = calloc(rings->rings, sizeof *parent);
    uint8_t *bytes = malloc(64 + rings->rings * 64 + rings->points * 24), *at = bytes;
    if (!depth || !parent || !bytes || (kind == EB_SHAPE_POLYGON && !nest(rings, depth, parent))) {
        free(depth);
        free(parent);
        free(bytes);
        return false;
    }
    if (kind == EB_SHAPE_POLYGON) {
        put_polygons(rings, depth, parent, &at);
    } else if (kind == EB_SHAPE_LINE) {
        put_lines(rings, &at);
    } else {
        put_places(rings, &at);
    }
    free(depth);
    free(parent);
    *data = bytes;
    *size = (size_t)(at - bytes);
    return true;
}

double eb_parcel_rings_area(const eb_parcel_rings *rings)
{
    double area = 0;
    outline *outlines = measure_rings(rings);
    if (!outlines) return NAN;
    for (size_t a = 0; a < rings->rings; a++) {
        size_t depth = 0;
        for (size_t b = 0; b < rings->rings; b++) depth += a != b && lies_in(rings, outlines, a, b);
        area += (depth % 2 ? -1 : 1) * outlines[a].turn / 2;
    }
    free(outlines);
    return area;
}
