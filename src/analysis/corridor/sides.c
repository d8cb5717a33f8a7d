/*
 * One side. The lines cut the places within the width into faces. Straight from a place to its nearest place of the lines nothing is
 * nearer, so that way does not cross the lines: a face whose edges along the lines all show it their left side is left, and so for the
 * right. Faces that see both sides (where lines meet or cross, or round an end) are divided where both are equally near
 * (corridor_divide.c).
 */
#include "analysis/corridor/sides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- faces ------------------------------------------------------------------------------------------------------------------------- */

/* The rings of a shape as lines. */
static eb_status rings_of(eb_geos *geos, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0, count = 0;
    eb_corridor_bytes bytes = {0};
    eb_wkb_walk walk;
    eb_wkb_part part;
    *out = NULL;
    eb_status status = eb_shape_write(geos, shape, &data, &size, err);
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTILINE, 0);
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); status == EB_OK && eb_wkb_next(&walk, &part); count++) {
        eb_corridor_add_head(&bytes, EB_SHAPE_LINE, part.count);
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            eb_corridor_add_xy(&bytes, x, y);
        }
    }
    eb_corridor_patch(&bytes, 5, count);
    if (status == EB_OK) status = bytes.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, out, err);
    free(bytes.data);
    free(data);
    return status;
}

/* The faces into which the lines cut the plane within the shape's edge. */
static eb_status faces_of(eb_geos *geos, const eb_corridor_web *w, const eb_shape *shape, eb_shape **out, eb_error *err)
{
    eb_shape *parts[2] = {NULL}, *noded = NULL;
    *out = NULL;
    eb_status status = rings_of(geos, shape, &parts[0], err);
    if (status == EB_OK) status = eb_shape_read(geos, (eb_wkb){w->cuts.data, w->cuts.size}, &parts[1], err);
    if (status == EB_OK) status = eb_shape_union_all(geos, parts, 2, &noded, err);
    if (status == EB_OK) status = eb_shape_polygonize(geos, noded, out, err);
    eb_shape_free(geos, parts[0]);
    eb_shape_free(geos, parts[1]);
    eb_shape_free(geos, noded);
    return status;
}

/* Note which sides of the lines the edge of a face shows it. @p inner_left the face lies left of the edge. */
static eb_status face_edge(eb_corridor_web *w, const eb_corridor_near *near, const double a[2], const double b[2], bool inner_left,
                           uint8_t *parts, unsigned *seen, eb_error *err)
{
    double ax = a[0], ay = a[1], bx = b[0], by = b[1];
    double x = (ax + bx) / 2, y = (ay + by) / 2, box[4] = {x, y, x, y};
    eb_status status = eb_corridor_web_near(w, box, err);
    for (size_t i = 0; status == EB_OK && i < w->id_count; i++) {
        const eb_corridor_segment *s = &w->segments[w->ids[i]];
        double dx = s->bx - s->ax, dy = s->by - s->ay, length = hypot(dx, dy);
        double off = fabs((x - s->ax) * dy - (y - s->ay) * dx) / length;
        double aside = fabs((bx - ax) * dy - (by - ay) * dx) / length; /* must run along it too */
        if (!(off < EB_CORRIDOR_ON_LINE_M) || !(aside < 2 * EB_CORRIDOR_ON_LINE_M)) continue;
        bool same_way = (bx - ax) * dx + (by - ay) * dy > 0;
        unsigned side = same_way == inner_left ? EB_CORRIDOR_SEE_LEFT : EB_CORRIDOR_SEE_RIGHT;
        double from = ((ax - s->ax) * dx + (ay - s->ay) * dy) / (length * length),
               to = ((bx - s->ax) * dx + (by - s->ay) * dy) / (length * length);
        eb_corridor_near_mark(near, s->edge, s->t0 + from * (s->t1 - s->t0), s->t0 + to * (s->t1 - s->t0), side, parts);
        *seen |= side;
    }
    return status;
}

/* Lines that run into a face and end there show it both sides, though they are no edge of it. */
static eb_status face_inner(const eb_corridor_web *w, const eb_corridor_near *near, eb_geos *geos, const eb_shape *face, uint8_t *parts,
                            unsigned *seen, eb_error *err)
{
    double box[4];
    eb_prepared *prepared = NULL;
    if (!eb_shape_bounds(geos, face, box)) return EB_OK;
    eb_status status = eb_prepared_new(geos, face, &prepared, err);
    for (size_t i = 0; status == EB_OK && i < eb_corridor_near_count(near); i++) {
        double lon, lat, x, y;
        bool inside = false;
        eb_corridor_bytes bytes = {0};
        eb_shape *point = NULL;
        if (parts[i]) continue;
        status = eb_corridor_near_middle(near, i, &lon, &lat, err);
        eb_plane_forward(&w->lines->plane, lon, lat, &x, &y);
        if (status != EB_OK || x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
        eb_corridor_add_point(&bytes, x, y);
        status = bytes.failed ? eb_error_memory(err) : eb_shape_read(geos, (eb_wkb){bytes.data, bytes.size}, &point, err);
        if (status == EB_OK) status = eb_prepared_relate(geos, prepared, point, EB_REL_INTERSECTS, &inside, err);
        if (inside) parts[i] = EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT;
        *seen |= parts[i];
        eb_shape_free(geos, point);
        free(bytes.data);
    }
    eb_prepared_free(geos, prepared);
    return status;
}

static double turn_of(const eb_wkb_part *ring)
{
    double twice = 0, x0, y0, x, y, nx, ny;
    eb_wkb_xy(ring, 0, &x0, &y0);
    for (size_t i = 0; i + 1 < ring->count; i++) {
        eb_wkb_xy(ring, i, &x, &y);
        eb_wkb_xy(ring, i + 1, &nx, &ny);
        twice += (x - x0) * (ny - y0) - (nx - x0) * (y - y0);
    }
    return twice;
}

/* Which sides of which parts of the lines show to a face? */
static eb_status look_round(eb_corridor_web *w, const eb_corridor_near *near, eb_geos *geos, const eb_shape *face, uint8_t *parts,
                            unsigned *seen, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_wkb_walk walk;
    eb_wkb_part part;
    *seen = 0;
    memset(parts, 0, eb_corridor_near_count(near) + 1);
    eb_status status = eb_shape_write(geos, face, &data, &size, err);
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); status == EB_OK && eb_wkb_next(&walk, &part);) {
        bool inner_left = (turn_of(&part) > 0) == (part.ring == 0);
        for (size_t i = 0; status == EB_OK && i + 1 < part.count; i++) {
            double a[2], b[2];
            eb_wkb_xy(&part, i, &a[0], &a[1]);
            eb_wkb_xy(&part, i + 1, &b[0], &b[1]);
            status = face_edge(w, near, a, b, inner_left, parts, seen, err);
        }
    }
    free(data);
    return status == EB_OK ? face_inner(w, near, geos, face, parts, seen, err) : status;
}

/* How a place inside the face sees the lines. */
static eb_status view_inside(const eb_corridor_lines *lines, eb_corridor_near *near, const eb_corridor_spec *spec, double x, double y,
                             bool *left, eb_error *err)
{
    double lon, lat;
    eb_corridor_nearest nearest;
    eb_corridor_view view = {0};
    eb_plane_inverse(&lines->plane, x, y, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(near, lon, lat);
    eb_status status = eb_corridor_near_gather(near, &place, 1, 1.1 * spec->width_m + 10, err);
    if (status == EB_OK) status = eb_corridor_near_find(near, &place, &nearest, err);
    if (status == EB_OK && isfinite(nearest.distance_m)) status = eb_corridor_near_view(near, &place, &nearest, &view, err);
    *left = view.left;
    return status;
}

/* The work in hand. */
typedef struct sorter {
    eb_corridor_web web;
    eb_corridor_near *near;
    const eb_corridor_spec *spec;
    eb_geos *geos;
    eb_prepared *whole;
    uint8_t *parts;
} sorter;

/* A place inside a face, and whether the face is in the corridor at all. */
static eb_status place_inside(const sorter *s, const eb_shape *face, double *x, double *y, bool *inside, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *point = NULL;
    eb_status status = eb_shape_point_inside(s->geos, face, x, y, err);
    if (status == EB_OK) eb_corridor_add_point(&bytes, *x, *y);
    if (status == EB_OK)
        status = bytes.failed ? eb_error_memory(err) : eb_shape_read(s->geos, (eb_wkb){bytes.data, bytes.size}, &point, err);
    if (status == EB_OK) status = eb_prepared_relate(s->geos, s->whole, point, EB_REL_INTERSECTS, inside, err);
    eb_shape_free(s->geos, point);
    free(bytes.data);
    return status;
}

/* What of a face is of the side wanted; NULL: nothing. */
static eb_status side_of_face(sorter *s, const eb_shape *face, const eb_env *env, eb_shape **out, eb_error *err)
{
    double x, y;
    bool inside = false, left = false;
    unsigned seen = 0;
    *out = NULL;
    eb_status status = place_inside(s, face, &x, &y, &inside, err);
    if (status != EB_OK || !inside) return status;
    status = look_round(&s->web, s->near, s->geos, face, s->parts, &seen, err);
    if (status != EB_OK) return status;
    bool thin = false;
    if (seen == (EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT)) {
        /* Its side moves no edge by what counts. Such slivers lie between lines that run along one another. */
        status = eb_corridor_is_thin(s->geos, face, s->spec->tolerance_m / 8, &thin, err);
        if (status != EB_OK) return status;
    }
    if (seen == (EB_CORRIDOR_SEE_LEFT | EB_CORRIDOR_SEE_RIGHT) && !thin)
        return eb_corridor_divide(&s->web, s->near, s->spec, s->geos, env, face, s->parts, out, err);
    status = view_inside(s->web.lines, s->near, s->spec, x, y, &left, err);
    if (status != EB_OK || left != (s->spec->part == EB_CORRIDOR_LEFT)) return status;
    return eb_shape_copy(s->geos, face, out, err);
}

static eb_status sort_faces(sorter *s, const eb_shape *faces, const eb_env *env, eb_shape **out, eb_error *err)
{
    size_t count = eb_shape_part_count(s->geos, faces), kept = 0;
    eb_shape **sides = calloc(count + 1, sizeof(eb_shape *));
    eb_status status = sides ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < count; i++) {
        eb_corridor_stage stage;
        eb_corridor_stage_begin(env, (double)i / (double)count, (double)(i + 1) / (double)count, &stage);
        status = eb_env_check(env, err);
        if (status == EB_OK) status = side_of_face(s, eb_shape_part_at(s->geos, faces, i), &stage.env, &sides[kept], err);
        if (sides[kept]) kept++;
    }
    if (status == EB_OK)
        status = eb_corridor_union(s->geos, sides, kept, 10 * EB_CORRIDOR_ON_LINE_M, NULL, out, err);
    else
        for (size_t i = 0; sides && i < kept; i++) eb_shape_free(s->geos, sides[i]);
    free(sides);
    return status;
}

eb_status eb_corridor_keep_side(const eb_corridor_lines *lines, eb_corridor_choice choice, eb_corridor_near *near,
                                const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env, eb_shape *shape_take, eb_shape **out,
                                eb_error *err)
{
    sorter s = {.near = near, .spec = spec, .geos = geos};
    eb_shape *faces = NULL;
    *out = NULL;
    eb_status status = eb_corridor_web_init(&s.web, lines, choice, near, spec, err);
    if (status == EB_OK) status = faces_of(geos, &s.web, shape_take, &faces, err);
    s.parts = calloc(eb_corridor_near_count(near) + 1, 1);
    if (status == EB_OK && !s.parts) status = eb_error_memory(err);
    if (status == EB_OK) status = eb_prepared_new(geos, shape_take, &s.whole, err);
    if (status == EB_OK) status = sort_faces(&s, faces, env, out, err);
    eb_prepared_free(geos, s.whole);
    free(s.parts);
    eb_shape_free(geos, faces);
    eb_shape_free(geos, shape_take);
    eb_corridor_web_clear(&s.web);
    return status;
}
