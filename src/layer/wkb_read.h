/**
 * @file wkb_read.h
 * Shapes taken apart one level at a time, for writers that must keep their nesting.
 */
#ifndef ECOBELT_LAYER_WKB_READ_H
#define ECOBELT_LAYER_WKB_READ_H

#include <ecobelt/wkb.h>

/** A place in a shape's bytes. */
typedef struct eb_wkb_cursor {
    const uint8_t *at, *end;
} eb_wkb_cursor;
/** One shape's head. */
typedef struct eb_wkb_head {
    eb_shape_kind kind;
    size_t dims; /**< doubles a coordinate */
    bool has_z;
    uint32_t count; /**< parts, rings or points; 1 for a point */
} eb_wkb_head;
/** Read the head of a shape (also inside a multi shape). False where the bytes are broken or not little-endian. */
bool eb_wkb_read_head(eb_wkb_cursor *cursor, eb_wkb_head *head);
/** Read a count (of a ring). */
bool eb_wkb_read_count(eb_wkb_cursor *cursor, uint32_t *count);
/** Take @p count coordinates of @p dims doubles; NULL where they are not there. */
const uint8_t *eb_wkb_read_coords(eb_wkb_cursor *cursor, uint32_t count, size_t dims);

#endif
