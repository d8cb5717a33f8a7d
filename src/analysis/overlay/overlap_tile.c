#include "analysis/overlay/overlap_tile.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct eb_tiler {
    const eb_tile_ground *ground;
    eb_geos *geos;
    eb_rings rings;
    eb_shares shares;
    eb_tile_parts *out;
};

eb_status eb_tiler_new(const eb_tile_ground *ground, eb_tiler **out, eb_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return eb_error_memory(err);
    (*out)->ground = ground;
    return eb_geos_new(&(*out)->geos, err);
}

void eb_tiler_free(eb_tiler *t)
{
    if (!t) return;
    eb_rings_clear(&t->rings);
    eb_shares_clear(&t->shares);
    eb_geos_free(t->geos);
    free(t);
}

/* Share a shape out among the cells of the zones. */
static eb_status share_out(eb_tiler *t, const eb_shape *shape, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_shares_begin(&t->shares);
    eb_status status = eb_shape_write(t->geos, shape, &data, &size, err);
    if (status == EB_OK) status = eb_rings_read(&t->rings, (eb_wkb){data, size}, err);
    if (status == EB_OK) status = eb_shares_add_area(t->ground->zones->locator, &t->rings, &t->shares, err);
    free(data);
    eb_shares_end(&t->shares);
    return status;
}

static eb_status add_face(eb_tiler *t, const eb_shape *face, long depth, eb_error *err)
{
    eb_tile_parts *out = t->out;
    eb_status status = share_out(t, face, err);
    if (status != EB_OK) return status;
    if (!eb_array_reserve(&out->list, &out->capacity, out->count + t->shares.count, sizeof *out->list)) return eb_error_memory(err);
    for (size_t i = 0; i < t->shares.count; i++) {
        const eb_share *share = &t->shares.list[i];
        if (share->cell < t->ground->zones->partition->count) out->list[out->count++] = (eb_tile_part){share->cell, share->size, depth};
    }
    return EB_OK;
}

/* A face counts in the tile that it lies in; the tile's own border is among the lines, so it lies in one. */
static eb_status judge_face(eb_tiler *t, const eb_shape *face, const eb_tile *tile, eb_error *err)
{
    const double *box = tile->box;
    double x, y;
    eb_status status = eb_shape_point_inside(t->geos, face, &x, &y, err);
    if (status != EB_OK || !(x > box[0] && x < box[2] && y > box[1] && y < box[3])) return status;
    const long depth = eb_tile_depth(t->ground->strip, tile, x, y);
    return depth > 0 ? add_face(t, face, depth, err) : status;
}

static eb_status read_line(eb_tiler *t, const double *from, const double *to, eb_shape **out, eb_error *err)
{
    uint8_t bytes[41] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    memcpy(bytes + 9, from, 16);
    memcpy(bytes + 25, to, 16);
    return eb_shape_read(t->geos, (eb_wkb){bytes, sizeof bytes}, out, err);
}

/* The lines of a tile noded, and the faces they make. */
static eb_status make_faces(eb_tiler *t, const eb_tile *tile, eb_shape **mesh, eb_error *err)
{
    const double *box = tile->box;
    const double corners[5][2] = {{box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}, {box[0], box[1]}};
    eb_shape **lines = calloc(tile->count + 4, sizeof *lines), *noded = NULL;
    size_t made = 0;
    eb_status status = lines ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; i < tile->count && status == EB_OK; i++, made++) {
        double from[2], to[2];
        eb_tile_clip(tile, &t->ground->strip->edges[tile->edges[i]], from, to);
        status = read_line(t, from, to, &lines[made], err);
    }
    for (size_t i = 0; i < 4 && status == EB_OK; i++, made++) status = read_line(t, corners[i], corners[i + 1], &lines[made], err);
    if (status == EB_OK) status = eb_shape_union_all(t->geos, lines, made, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(t->geos, noded, mesh, err);
    eb_shape_free(t->geos, noded);
    for (size_t i = 0; lines && i < made; i++) eb_shape_free(t->geos, lines[i]);
    free(lines);
    return status;
}

/* Does the tile reach into a zone? What lies in none counts nowhere. */
static eb_status meets_zones(eb_tiler *t, const double box[4], bool *meets, eb_error *err)
{
    eb_shape *shape = NULL;
    eb_status status = eb_shape_from_box(t->geos, box, &shape, err);
    if (status == EB_OK) status = share_out(t, shape, err);
    eb_shape_free(t->geos, shape);
    *meets = false;
    for (size_t i = 0; i < t->shares.count && status == EB_OK; i++)
        *meets = *meets || t->shares.list[i].cell < t->ground->zones->partition->count;
    return status;
}

eb_status eb_tiler_work(eb_tiler *t, const eb_tile *tile, eb_tile_parts *out, eb_error *err)
{
    eb_shape *mesh = NULL;
    bool meets = false;
    t->out = out;
    eb_status status = eb_env_check(t->ground->env, err);
    if (status == EB_OK) status = meets_zones(t, tile->box, &meets, err);
    if (status != EB_OK || !meets) return status;
    status = tile->count > 0 && !eb_tile_tiny(tile) ? make_faces(t, tile, &mesh, err) : eb_shape_from_box(t->geos, tile->box, &mesh, err);
    const size_t faces = status == EB_OK ? eb_shape_part_count(t->geos, mesh) : 0;
    for (size_t f = 0; f < faces && status == EB_OK; f++) {
        if (f % 1024 == 1023) status = eb_env_check(t->ground->env, err);
        if (status == EB_OK) status = judge_face(t, eb_shape_part_at(t->geos, mesh, f), tile, err);
    }
    eb_shape_free(t->geos, mesh);
    return status;
}
