/*
 * Lines and boundaries as chains of vertices; polygons dissolved; the 180th meridian.
 */
#include "analysis/corridor/lines.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_x(uint8_t *data, const eb_wkb_part *part, size_t i, double x)
{
    memcpy(data + (part->coords - data) + i * part->dims * sizeof(double), &x, sizeof x);
}

bool eb_corridor_unwrap(uint8_t *data, size_t size)
{
    bool turned = false;
    eb_wkb_walk walk;
    eb_wkb_part part;
    double shell = 0;
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); eb_wkb_next(&walk, &part);) {
        double last = 0, x, y;
        for (size_t i = 0; i < part.count; i++) {
            eb_wkb_xy(&part, i, &x, &y);
            /* A hole lies where its shell does. */
            double from = i > 0 ? last : part.kind == EB_SHAPE_POLYGON && part.ring > 0 ? shell : x;
            if (fabs(x - from) > 180) {
                x -= 360 * round((x - from) / 360);
                put_x(data, &part, i, x);
                turned = true;
            }
            if (i == 0 && part.ring == 0) shell = x;
            last = x;
        }
    }
    return turned;
}

static eb_status add_vertex(eb_corridor_lines *lines, double x, double y, eb_error *err)
{
    if (!eb_array_reserve(&lines->xy, &lines->vertex_capacity, lines->vertex_count + 1, 2 * sizeof *lines->xy)) return eb_error_memory(err);
    lines->xy[2 * lines->vertex_count] = x;
    lines->xy[2 * lines->vertex_count + 1] = y;
    lines->vertex_count++;
    return EB_OK;
}

/* A part as a chain, if it has any length. */
static eb_status add_chain(eb_corridor_lines *lines, const eb_wkb_part *part, size_t *repeated, eb_error *err)
{
    size_t first = lines->vertex_count;
    eb_status status = EB_OK;
    double lx = 0, ly = 0;
    for (size_t i = 0; status == EB_OK && i < part->count; i++) {
        double x, y;
        eb_wkb_xy(part, i, &x, &y);
        if (i > 0 && x == lx && y == ly) {
            ++*repeated;
            continue;
        }
        status = add_vertex(lines, x, y, err);
        lx = x;
        ly = y;
    }
    size_t count = lines->vertex_count - first;
    if (status != EB_OK || count < 2) {
        lines->vertex_count = first;
        return status;
    }
    if (!eb_array_reserve(&lines->chains, &lines->chain_capacity, lines->chain_count + 1, sizeof *lines->chains))
        return eb_error_memory(err);
    const double *a = lines->xy + 2 * first, *b = lines->xy + 2 * (lines->vertex_count - 1);
    bool closed = count > 2 && a[0] == b[0] && a[1] == b[1];
    lines->chains[lines->chain_count++] = (eb_corridor_chain){.first = first, .count = count, .closed = closed};
    return EB_OK;
}

eb_status eb_corridor_add_line(eb_corridor_lines *lines, eb_corridor_line line, eb_wkb shape, size_t *repeated, bool *added, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    *added = false;
    *repeated = 0;
    line.chain_first = lines->chain_count;
    for (eb_wkb_begin(&walk, shape); status == EB_OK && eb_wkb_next(&walk, &part);) {
        if (part.kind == (lines->polygons ? EB_SHAPE_POLYGON : EB_SHAPE_LINE)) status = add_chain(lines, &part, repeated, err);
    }
    line.chain_count = lines->chain_count - line.chain_first;
    if (status != EB_OK || line.chain_count == 0) return status;
    if (!eb_array_reserve(&lines->lines, &lines->line_capacity, lines->line_count + 1, sizeof *lines->lines)) return eb_error_memory(err);
    if (lines->polygons) {
        line.area = malloc(shape.size);
        if (!line.area) return eb_error_memory(err);
        memcpy(line.area, shape.data, shape.size);
        line.area_size = shape.size;
    }
    lines->lines[lines->line_count++] = line;
    *added = true;
    return EB_OK;
}

/* --- the 180th meridian ------------------------------------------------------------------------------------------------------------ */

/* By how much a part must be moved for its middle to lie within a turn that begins in the west; so near its end is its beginning. */
static double move_of(double low, double high, double west_deg)
{
    return -360 * floor(((low + high) / 2 - west_deg + 1e-9) / 360);
}

static void widen(const eb_wkb_part *part, double *low, double *high)
{
    double x, y;
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < part->count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        *low = fmin(*low, x);
        *high = fmax(*high, x);
    }
}

/* West and east of some vertices. */
static void range_of(const double *xy, size_t count, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        *low = fmin(*low, xy[2 * i]);
        *high = fmax(*high, xy[2 * i]);
    }
}

static void move_chain(eb_corridor_lines *lines, const eb_corridor_chain *chain, double west_deg)
{
    double *xy = lines->xy + 2 * chain->first, low, high;
    range_of(xy, chain->count, &low, &high);
    const double move = move_of(low, high, west_deg);
    for (size_t i = 0; move != 0 && i < chain->count; i++) xy[2 * i] += move;
}

/* The same for a polygon's bytes: each shell decides for its holes. */
static void move_area(uint8_t *data, size_t size, double west_deg)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double move = 0;
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); eb_wkb_next(&walk, &part);) {
        double low, high, x, y;
        widen(&part, &low, &high);
        if (part.ring == 0) move = move_of(low, high, west_deg);
        for (size_t i = 0; move != 0 && i < part.count; i++) {
            eb_wkb_xy(&part, i, &x, &y);
            put_x(data, &part, i, x + move);
        }
    }
}

void eb_corridor_gather_meridian(eb_corridor_lines *lines)
{
    /* Layers may count longitudes from -180 or from 0, and run on beyond either: the first that keeps the lines together serves. */
    static const double wests_deg[] = {-180, 0};
    for (size_t k = 0; lines->degrees && k < sizeof wests_deg / sizeof *wests_deg; k++) {
        double low, high;
        range_of(lines->xy, lines->vertex_count, &low, &high);
        if (high - low <= 180) return;
        for (size_t c = 0; c < lines->chain_count; c++) move_chain(lines, &lines->chains[c], wests_deg[k]);
        for (size_t i = 0; i < lines->line_count; i++) {
            if (lines->lines[i].area) move_area(lines->lines[i].area, lines->lines[i].area_size, wests_deg[k]);
        }
    }
}

/* --- dissolving -------------------------------------------------------------------------------------------------------------------- */

/* The union of the polygons of a group (or of all), straight between vertices in the layer's coordinates. */
static eb_status dissolve(eb_corridor_lines *lines, eb_geos *geos, size_t group, size_t features, eb_error *err)
{
    eb_shape **shapes = calloc(features + 1, sizeof(eb_shape *)), *whole = NULL, *areal = NULL;
    uint8_t *data = NULL;
    size_t count = 0, size = 0, repeated;
    bool added;
    eb_status status = shapes ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < features; i++) {
        const eb_corridor_line *line = &lines->lines[i];
        if (group != EB_CORRIDOR_ALL && line->group != group) continue;
        status = eb_shape_read(geos, (eb_wkb){line->area, line->area_size}, &shapes[count], err);
        count += status == EB_OK;
    }
    if (status == EB_OK) status = eb_shape_union_all(geos, shapes, count, &whole, err);
    if (status == EB_OK) status = eb_shape_keep_dimension(geos, whole, 2, &areal, err);
    if (status == EB_OK) status = eb_shape_write(geos, areal, &data, &size, err);
    eb_corridor_line line = {.fid = EB_NO_FID, .group = group, .rank = group == EB_CORRIDOR_ALL ? EB_CORRIDOR_WHOLE : EB_CORRIDOR_GROUP};
    if (status == EB_OK) status = eb_corridor_add_line(lines, line, (eb_wkb){data, size}, &repeated, &added, err);
    free(data);
    eb_shape_free(geos, areal);
    for (size_t i = 0; i < count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
    return status;
}

eb_status eb_corridor_dissolve(eb_corridor_lines *lines, eb_error *err)
{
    eb_geos *geos = NULL;
    size_t features = lines->line_count;
    eb_status status = eb_geos_new(&geos, err);
    for (size_t g = 0; status == EB_OK && g < lines->group_count; g++) status = dissolve(lines, geos, g, features, err);
    if (status == EB_OK) status = dissolve(lines, geos, EB_CORRIDOR_ALL, features, err);
    eb_geos_free(geos);
    return status;
}
