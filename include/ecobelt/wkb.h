/**
 * @file wkb.h
 * Shapes as bytes: little-endian well-known binary, walked without copying.
 *
 * A shape in a batch is ISO WKB or EWKB without SRID, little-endian, any of point, linestring, polygon, their multi forms and
 * geometry collections, with or without Z and M (ISO +1000/+2000/+3000 codes or the 0x80000000/0x40000000 flags). Curves are
 * straightened by the reader. Nothing here trusts the bytes: lengths and counts are checked.
 */
#ifndef ECOBELT_WKB_H
#define ECOBELT_WKB_H

#include <ecobelt/base.h>

/** Kind of a shape, the numbers of the standard. */
typedef enum eb_shape_kind {
    EB_SHAPE_UNKNOWN = 0,
    EB_SHAPE_POINT = 1,
    EB_SHAPE_LINE = 2,
    EB_SHAPE_POLYGON = 3,
    EB_SHAPE_MULTIPOINT = 4,
    EB_SHAPE_MULTILINE = 5,
    EB_SHAPE_MULTIPOLYGON = 6,
    EB_SHAPE_COLLECTION = 7
} eb_shape_kind;

/** A shape's bytes, lent. size 0: no geometry (null). */
typedef struct eb_wkb {
    const uint8_t *data;
    size_t size;
} eb_wkb;

/** A run of coordinates inside a shape: one point, one line, or one ring. Coordinates may be unaligned: use eb_wkb_xy(). */
typedef struct eb_wkb_part {
    eb_shape_kind kind; /**< POINT, LINE or POLYGON (then it is a ring) */
    size_t polygon;     /**< number of the polygon, line or point within the shape, from 0 */
    size_t ring;        /**< 0 outer, 1… holes; 0 for lines and points */
    size_t count;       /**< number of coordinates */
    size_t dims;        /**< doubles a coordinate: 2, 3 or 4 */
    bool has_z;
    const uint8_t *coords; /**< count*dims little-endian doubles; for writing cast away const of memory you own */
} eb_wkb_part;

/** Walks the parts of a shape, however nested, without recursion on the caller's side. Treat as opaque. */
typedef struct eb_wkb_walk {
    const uint8_t *at, *end;
    struct {
        uint32_t left;
    } stack[16];
    int depth;
    size_t polygons;
    uint32_t rings_left;
    size_t ring, dims;
    bool has_z, bad;
} eb_wkb_walk;

/** Start walking. */
void eb_wkb_begin(eb_wkb_walk *walk, eb_wkb shape);
/** Next part: true and @p part filled, or false at the end or where the bytes are broken (then eb_wkb_bad() is true). */
bool eb_wkb_next(eb_wkb_walk *walk, eb_wkb_part *part);
static inline bool eb_wkb_bad(const eb_wkb_walk *walk)
{
    return walk->bad;
}

/** Coordinate @p i of a part. */
static inline void eb_wkb_xy(const eb_wkb_part *part, size_t i, double *x, double *y)
{
    const uint8_t *p = part->coords + i * part->dims * sizeof(double);
    __builtin_memcpy(x, p, sizeof(double));
    __builtin_memcpy(y, p + sizeof(double), sizeof(double));
}

/** Kind of the outermost shape; EB_SHAPE_UNKNOWN where the bytes are no shape. */
eb_shape_kind eb_wkb_kind(eb_wkb shape);
/** 0 points, 1 lines, 2 polygons: the highest dimension of the parts; -1 for empty, null or broken. */
int eb_wkb_dimension(eb_wkb shape);
/** Bounding box {xmin, ymin, xmax, ymax}; false for empty, broken, or not finite. */
bool eb_wkb_bounds(eb_wkb shape, double box[4]);
/** Number of coordinates. */
size_t eb_wkb_vertices(eb_wkb shape);
/** True when every coordinate is finite and the bytes are well-formed to the last one. */
bool eb_wkb_ok(eb_wkb shape);
/** Lower-case name of the kind ("polygon"); static, never NULL. */
const char *eb_shape_kind_name(eb_shape_kind kind);

#endif
