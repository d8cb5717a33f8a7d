/*
 * Union of polygons that share their edges, without noding: edges that run in opposite directions cancel, and what is left is the
 * outline. Where no edge is left that two polygons run the same way, the sum of the polygons' indicator functions has that outline for
 * its border; so if the outline bounds a valid shape, the sum is 1 inside and 0 outside: nothing overlaps, and the areas add up.
 */
#include "base/array.h"
#include "geom/coverage_edges.h"
#include "geom/geos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A ring of the outline seen from a place: 1 around it, -1 not, 0 the place is one of its points. */
static int winds(const eb_outline *o, const eb_outline_ring *ring, double x, double y)
{
    const double *xy = o->xy + 2 * ring->first;
    bool inside = false;
    for (size_t i = 0, j = ring->count - 1; i < ring->count; j = i++) {
        const double *a = xy + 2 * i, *b = xy + 2 * j;
        if (a[0] == x && a[1] == y) return 0;
        if ((a[1] > y) == (b[1] > y)) continue;
        const double side = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);
        if ((side > 0) == (b[1] > a[1])) inside = !inside;
    }
    return inside ? 1 : -1;
}

static bool holds(const eb_outline *o, const eb_outline_ring *shell, const eb_outline_ring *hole)
{
    if (shell->area <= -hole->area) return false;
    int found = 0;
    for (size_t i = 0; i < hole->count && found == 0; i++)
        found = winds(o, shell, o->xy[2 * (hole->first + i)], o->xy[2 * (hole->first + i) + 1]);
    return found > 0;
}

/* The smallest shell around each hole that does not know it yet. *closed false: a hole lies in none. */
static eb_status find_shells(eb_outline *o, const size_t *shells, size_t shell_count, bool *closed, eb_error *err)
{
    eb_index *index = NULL;
    size_t *ids = NULL, capacity = 0, count = 0;
    double *boxes = malloc((shell_count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t i = 0; i < shell_count; i++) memcpy(boxes + 4 * i, o->rings[shells[i]].box, 4 * sizeof *boxes);
    eb_status status = eb_index_new(boxes, shell_count, &index, err);
    for (size_t i = 0; i < o->count && status == EB_OK; i++) {
        eb_outline_ring *hole = &o->rings[i];
        if (hole->area > 0 || hole->around != SIZE_MAX) continue;
        status = eb_index_query(index, hole->box, &ids, &capacity, &count, err);
        for (size_t k = 0; k < count && status == EB_OK; k++) {
            const size_t shell = shells[ids[k]];
            if (hole->around != SIZE_MAX && o->rings[shell].area >= o->rings[hole->around].area) continue;
            if (holds(o, &o->rings[shell], hole)) hole->around = shell;
        }
        *closed = *closed && hole->around != SIZE_MAX;
    }
    eb_index_free(index);
    free(ids);
    free(boxes);
    return status;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

static uint8_t *put_number(uint8_t *at, size_t number)
{
    const uint32_t n = (uint32_t)number;
    return put(at, &n, sizeof n);
}

static uint8_t *put_ring(uint8_t *at, const eb_outline *o, const eb_outline_ring *ring)
{
    at = put_number(at, ring->count + 1);
    at = put(at, o->xy + 2 * ring->first, ring->count * 2 * sizeof(double));
    return put(at, o->xy + 2 * ring->first, 2 * sizeof(double));
}

/* The rings as a multi polygon; first, next: the holes of each shell, as lists. From malloc(), NULL out of memory. */
static uint8_t *build(const eb_outline *o, const size_t *shells, size_t shell_count, const size_t *first, const size_t *next, size_t *size)
{
    static const uint8_t little = 1;
    uint8_t *data = malloc(9 + 9 * shell_count + 4 * o->count + 16 * (o->points + o->count)), *at = data;
    if (!data) return NULL;
    at = put(at, &little, 1);
    at = put_number(at, EB_SHAPE_MULTIPOLYGON);
    at = put_number(at, shell_count);
    for (size_t i = 0; i < shell_count; i++) {
        size_t rings = 1;
        for (size_t k = first[shells[i]]; k != SIZE_MAX; k = next[k]) rings++;
        at = put(at, &little, 1);
        at = put_number(at, EB_SHAPE_POLYGON);
        at = put_number(at, rings);
        at = put_ring(at, o, &o->rings[shells[i]]);
        for (size_t k = first[shells[i]]; k != SIZE_MAX; k = next[k]) at = put_ring(at, o, &o->rings[k]);
    }
    *size = (size_t)(at - data);
    return data;
}

/* *data NULL: the rings make no polygons. */
static eb_status to_polygons(eb_outline *o, uint8_t **data, size_t *size, eb_error *err)
{
    size_t *shells = malloc((o->count + 1) * sizeof *shells), *first = malloc((o->count + 1) * sizeof *first),
           *next = malloc((o->count + 1) * sizeof *next), count = 0;
    bool closed = true;
    eb_status status = shells && first && next ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < o->count && status == EB_OK; i++) {
        first[i] = next[i] = SIZE_MAX;
        if (o->rings[i].area > 0) shells[count++] = i;
    }
    if (status == EB_OK) status = find_shells(o, shells, count, &closed, err);
    for (size_t i = o->count; i-- > 0 && status == EB_OK && closed;) {
        const size_t shell = o->rings[i].around;
        if (o->rings[i].area > 0) continue;
        next[i] = first[shell];
        first[shell] = i;
    }
    if (status == EB_OK && closed && !(*data = build(o, shells, count, first, next, size))) status = eb_error_memory(err);
    free(shells);
    free(first);
    free(next);
    return status;
}

static eb_status add_shapes(eb_outline_edges *edges, const eb_wkb *shapes, size_t count, double *before, eb_error *err)
{
    eb_rings rings = {0};
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK && !edges->twice; i++) {
        status = eb_rings_read(&rings, shapes[i], err);
        *before += rings.area;
        if (status == EB_OK) status = eb_outline_edges_add(edges, &rings, err);
    }
    eb_rings_clear(&rings);
    return status;
}

eb_status eb_outline_shape(eb_geos *geos, const eb_outline_edges *edges, eb_shape **out, eb_error *err)
{
    eb_outline outline = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    bool closed = false;
    *out = NULL;
    eb_status status = edges->twice ? EB_OK : eb_outline_make(edges, &outline, &closed, err);
    if (status == EB_OK && closed) status = to_polygons(&outline, &data, &size, err);
    if (status == EB_OK && data) status = eb_shape_read(geos, (eb_wkb){data, size}, out, err);
    free(data);
    eb_outline_clear(&outline);
    return status;
}

eb_status eb_coverage_union(eb_geos *geos, const eb_wkb *shapes, size_t count, eb_shape **out, eb_error *err)
{
    eb_outline_edges edges = {0};
    double before = 0;
    eb_shape *made = NULL;
    *out = NULL;
    eb_status status = add_shapes(&edges, shapes, count, &before, err);
    if (status == EB_OK) status = eb_outline_shape(geos, &edges, &made, err);
    if (status == EB_OK && made && fabs(eb_shape_area(geos, made) - before) <= 1e-12 * before &&
        eb_shape_valid(geos, made, NULL, 0, NULL, NULL)) {
        *out = made;
        made = NULL;
    }
    eb_shape_free(geos, made);
    eb_outline_edges_clear(&edges);
    return status;
}
