/* One tile of the plane: the faces that the edges in it make, and how often each is covered. */
#ifndef EB_ANALYSIS_OVERLAP_TILE_H
#define EB_ANALYSIS_OVERLAP_TILE_H

#include "analysis/overlay/overlap_split.h"
#include "analysis/overlay/zones.h"

/* What all tiles of a strip share. */
typedef struct eb_tile_ground {
    const eb_zones *zones;
    const eb_net_strip *strip;
    const eb_env *env;
} eb_tile_ground;

/* The part of a face that lies in a cell of the zones' partition. */
typedef struct eb_tile_part {
    size_t cell;
    double size;
    long depth; /* how many polygons cover it, never 0 */
} eb_tile_part;

/* Zero-initialise; the list is from malloc(). */
typedef struct eb_tile_parts {
    eb_tile_part *list;
    size_t count, capacity;
} eb_tile_parts;

/* What a thread owns. */
typedef struct eb_tiler eb_tiler;

eb_status eb_tiler_new(const eb_tile_ground *ground, eb_tiler **out, eb_error *err);
/* NULL is fine. */
void eb_tiler_free(eb_tiler *tiler);
/* Add the parts of a tile's faces to @p out. */
eb_status eb_tiler_work(eb_tiler *tiler, const eb_tile *tile, eb_tile_parts *out, eb_error *err);

#endif
