/* Tiles of the plane, halved until each has few enough edges to be noded. */
#ifndef EB_ANALYSIS_OVERLAP_SPLIT_H
#define EB_ANALYSIS_OVERLAP_SPLIT_H

#include "analysis/overlay/edge_net.h"

/* East of x so many polygons more (the sum of turns) begin above a tile. */
typedef struct eb_tile_step {
    double x;
    long turns;
} eb_tile_step;

/* A tile, the edges that reach into it (numbers of the strip's), and what lies above it. Owns its lists. */
typedef struct eb_tile {
    double box[4];
    size_t *edges;
    size_t count;
    eb_tile_step *steps; /* ascending, within the tile */
    size_t step_count;
    long above; /* turns of what lies above its western border */
    int twins;  /* halvings on the way here after which either half had nearly all edges */
} eb_tile;

/* The tile of a whole box. */
eb_status eb_tile_whole(const eb_net_strip *strip, const double box[4], eb_tile *out, eb_error *err);
/* Should it be halved? */
bool eb_tile_crowded(const eb_net_strip *strip, const eb_tile *tile);
/* So small that what is in it does not matter: its middle stands for all of it. */
bool eb_tile_tiny(const eb_tile *tile);
/* Both halves; the tile stays as it is. */
eb_status eb_tile_halve(const eb_net_strip *strip, const eb_tile *tile, eb_tile halves[2], eb_error *err);
/* How many polygons cover a place of the tile. */
long eb_tile_depth(const eb_net_strip *strip, const eb_tile *tile, double x, double y);
/* Part of an edge that can matter for the tile: all of it, or what lies in the tile and some way around. */
void eb_tile_clip(const eb_tile *tile, const eb_net_edge *edge, double from[2], double to[2]);
void eb_tile_clear(eb_tile *tile);

#endif
