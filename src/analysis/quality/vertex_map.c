#include "analysis/quality/vertex_map.h"
#include "analysis/intern.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void eb_vertex_map_reset(eb_vertex_map *map)
{
    map->count = 0;
    if (map->slot_count > 4096) {
        free(map->slots);
        map->slots = NULL;
        map->slot_count = 0;
    } else if (map->slots) {
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    }
}

void eb_vertex_map_clear(eb_vertex_map *map)
{
    free(map->places);
    free(map->slots);
    *map = (eb_vertex_map){0};
}

static size_t find_slot(const eb_vertex_map *map, const double place[2])
{
    size_t at = (size_t)eb_intern_hash(place, 2 * sizeof *place) & (map->slot_count - 1);
    while (map->slots[at]) {
        const void *held = map->places + 4 * ((size_t)map->slots[at] - 1), *wanted = place;
        if (memcmp(held, wanted, 2 * sizeof *place) == 0) break; /* compared as it was hashed: by its bytes */
        at = (at + 1) & (map->slot_count - 1);
    }
    return at;
}

static bool grow(eb_vertex_map *map)
{
    if (2 * (map->count + 1) <= map->slot_count) return true;
    size_t count = map->slot_count ? 2 * map->slot_count : 256;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots || map->count >= UINT32_MAX - 1) {
        free(slots);
        return false;
    }
    free(map->slots);
    map->slots = slots;
    map->slot_count = count;
    for (size_t i = 0; i < map->count; i++) map->slots[find_slot(map, map->places + 4 * i)] = (uint32_t)(i + 1);
    return true;
}

static bool add(eb_vertex_map *map, const double place[4])
{
    if (!grow(map)) return false;
    size_t at = find_slot(map, place);
    if (map->slots[at]) return true;
    if (!eb_array_reserve(&map->places, &map->capacity, map->count + 1, 4 * sizeof *place)) return false;
    memcpy(map->places + 4 * map->count++, place, 4 * sizeof *place);
    map->slots[at] = (uint32_t)map->count;
    return true;
}

bool eb_vertex_map_add(eb_vertex_map *map, eb_wkb plane, eb_wkb layer)
{
    eb_wkb_walk walk, other;
    eb_wkb_part part, twin;
    eb_wkb_begin(&walk, plane);
    eb_wkb_begin(&other, layer);
    while (eb_wkb_next(&walk, &part) && eb_wkb_next(&other, &twin)) {
        for (size_t i = 0; i < part.count; i++) {
            double place[4];
            eb_wkb_xy(&part, i, &place[0], &place[1]);
            eb_wkb_xy(&twin, i, &place[2], &place[3]);
            if (!add(map, place)) return false;
        }
    }
    return true;
}

static bool look_up(const eb_vertex_map *map, double place[2])
{
    if (!map || map->count == 0) return false;
    size_t at = find_slot(map, place);
    if (!map->slots[at]) return false;
    memcpy(place, map->places + 4 * ((size_t)map->slots[at] - 1) + 2, 2 * sizeof *place);
    return true;
}

eb_status eb_vertex_map_restore(const eb_vertex_map *first, const eb_vertex_map *second, eb_projector *projector, uint8_t *data,
                                size_t size, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    while (eb_wkb_next(&walk, &part)) {
        for (size_t i = 0; i < part.count; i++) {
            double place[2];
            eb_wkb_xy(&part, i, &place[0], &place[1]);
            if (!look_up(first, place) && !look_up(second, place)) {
                eb_status status = eb_projector_inverse_point(projector, &place[0], &place[1], err);
                if (status != EB_OK) return status;
            }
            /* The bytes are the caller's own: the walk only lends them as constant. */
            memcpy(data + (part.coords - data) + i * part.dims * sizeof(double), place, sizeof place);
        }
    }
    return EB_OK;
}
