/**
 * @file analysis/vertex_map.h
 * From a place in the plane back to the very numbers it came from: vertices that an overlay leaves alone come out as they went in,
 * so borders that were shared stay shared.
 */
#ifndef EB_ANALYSIS_VERTEX_MAP_H
#define EB_ANALYSIS_VERTEX_MAP_H

#include <ecobelt/crs.h>
#include <ecobelt/wkb.h>

/** The vertices met so far: pairs of places. Zero-initialise; free with eb_vertex_map_clear(). */
typedef struct eb_vertex_map {
    double *places; /**< plane x, y, layer x, y a vertex */
    size_t count, capacity;
    uint32_t *slots; /**< hash table of numbers + 1, 0 free */
    size_t slot_count;
} eb_vertex_map;

/** Forget the vertices, keep the memory. */
void eb_vertex_map_reset(eb_vertex_map *map);
/** Add all vertices of a shape: @p plane and @p layer are the same bytes but for x and y. False out of memory. */
bool eb_vertex_map_add(eb_vertex_map *map, eb_wkb plane, eb_wkb layer);
void eb_vertex_map_clear(eb_vertex_map *map);
/**
 * Bring a shape of the plane back to the layer, in place: vertices found in one of the maps (either may be NULL) exactly, the others
 * by the projector.
 */
eb_status eb_vertex_map_restore(const eb_vertex_map *first, const eb_vertex_map *second, eb_projector *projector, uint8_t *data,
                                size_t size, eb_error *err);

#endif
