#include "analysis/corridor/sides.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_PIECES = 10000 };

/* Distances that differ by less are the same. A coarser look would not see that lines far smaller than their corridor hook round an end. */
static const double TIE_M = 1e-6;

void eb_corridor_web_clear(eb_corridor_web *w)
{
    eb_index_free(w->index);
    free(w->segments);
    free(w->boxes);
    free(w->ids);
    free(w->cuts.data);
    *w = (eb_corridor_web){0};
}

/* --- the lines in the plane --------------------------------------------------------------------------------------------------------- */

static eb_status add_segment(eb_corridor_web *w, const eb_corridor_segment *s, eb_error *err)
{
    if (!eb_array_reserve(&w->segments, &w->capacity, w->count + 1, sizeof *w->segments) ||
        !eb_array_reserve(&w->boxes, &w->box_capacity, w->count + 1, 4 * sizeof *w->boxes))
        return eb_error_memory(err);
    double *box = w->boxes + 4 * w->count;
    box[0] = fmin(s->ax, s->bx) - EB_CORRIDOR_ON_LINE_M;
    box[1] = fmin(s->ay, s->by) - EB_CORRIDOR_ON_LINE_M;
    box[2] = fmax(s->ax, s->bx) + EB_CORRIDOR_ON_LINE_M;
    box[3] = fmax(s->ay, s->by) + EB_CORRIDOR_ON_LINE_M;
    w->segments[w->count++] = *s;
    return EB_OK;
}

/* One edge of the layer: straight parts that stay within the tolerance of it. */
static eb_status add_edge(eb_corridor_web *w, size_t edge, double tolerance_m, eb_error *err)
{
    const double *p = w->lines->xy + 2 * edge;
    eb_corridor_bytes bytes = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    eb_corridor_add_head(&bytes, EB_SHAPE_LINE, 2);
    eb_corridor_add_xy(&bytes, p[0], p[1]);
    eb_corridor_add_xy(&bytes, p[2], p[3]);
    eb_status status = bytes.failed ? eb_error_memory(err)
                                    : eb_corridor_carry(&w->lines->frame, EB_CORRIDOR_INTO_PLANE, (eb_wkb){bytes.data, bytes.size},
                                                        tolerance_m, &data, &size, err);
    free(bytes.data);
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, (eb_wkb){data, size});
    if (status == EB_OK && eb_wkb_next(&walk, &part)) {
        for (size_t i = 0; status == EB_OK && i + 1 < part.count; i++) {
            double pieces = (double)(part.count - 1);
            eb_corridor_segment s = {.edge = edge, .t0 = (double)i / pieces, .t1 = (double)(i + 1) / pieces};
            eb_wkb_xy(&part, i, &s.ax, &s.ay);
            eb_wkb_xy(&part, i + 1, &s.bx, &s.by);
            status = add_segment(w, &s, err);
        }
    }
    free(data);
    return status;
}

void eb_corridor_add_cut(eb_corridor_bytes *lines, size_t *count, double ax, double ay, double bx, double by)
{
    eb_corridor_add_head(lines, EB_SHAPE_LINE, 2);
    eb_corridor_add_xy(lines, ax, ay);
    eb_corridor_add_xy(lines, bx, by);
    ++*count;
}

eb_status eb_corridor_web_near(eb_corridor_web *w, const double box[4], eb_error *err)
{
    return eb_index_query(w->index, box, &w->ids, &w->id_capacity, &w->id_count, err);
}

/* Cut the parts of edges where another line crosses or touches, so that each has one neighbour on a side. */
static eb_status cut_crossings(eb_corridor_web *w, eb_corridor_near *near, eb_error *err)
{
    const double past = 1e-9;
    eb_status status = EB_OK;
    for (size_t k = 0; status == EB_OK && k < w->count; k++) {
        const eb_corridor_segment *r = &w->segments[k];
        double dx = r->bx - r->ax, dy = r->by - r->ay;
        status = eb_corridor_web_near(w, w->boxes + 4 * k, err);
        for (size_t i = 0; status == EB_OK && i < w->id_count; i++) {
            const eb_corridor_segment *s = &w->segments[w->ids[i]];
            double ex = s->bx - s->ax, ey = s->by - s->ay, cross = dx * ey - dy * ex;
            if (cross == 0) continue;
            double t = ((s->ax - r->ax) * ey - (s->ay - r->ay) * ex) / cross, u = ((s->ax - r->ax) * dy - (s->ay - r->ay) * dx) / cross;
            if (t > past && t < 1 - past && u >= -past && u <= 1 + past)
                status = eb_corridor_near_cut(near, r->edge, r->t0 + t * (r->t1 - r->t0), err);
        }
    }
    return status;
}

/* A place straight on from an end, in the plane. */
static void at_ray(const eb_corridor_web *w, const eb_corridor_end *end, double length, double *x, double *y)
{
    double lon, lat;
    eb_geodetic_direct(w->lines->geodesic, end->at.lon_deg, end->at.lat_deg, end->azimuth_deg, length, &lon, &lat);
    eb_plane_forward(&w->lines->plane, lon, lat, x, y);
}

/* Into how many pieces must the way straight on be cut to be straight in the plane? A bow h in the middle is h/n^2 over n pieces. */
static int ray_pieces(const eb_corridor_web *w, const eb_corridor_end *end, double length, double most_off_m)
{
    double ax, ay, mx, my, bx, by;
    at_ray(w, end, 0, &ax, &ay);
    at_ray(w, end, length / 2, &mx, &my);
    at_ray(w, end, length, &bx, &by);
    double off = fabs((bx - ax) * (my - ay) - (by - ay) * (mx - ax)) / hypot(bx - ax, by - ay);
    return (int)fmin(fmax(ceil(sqrt(off / most_off_m)), 1), MOST_PIECES);
}

/*
 * Straight on from a free end the sides part, as long as the end is the nearest place of the lines. Where that is so all the way out of the
 * corridor the way is a cut (nearer places then have that end nearest too); else the face there is divided with the others.
 */
static eb_status add_ray(eb_corridor_web *w, eb_corridor_near *near, const eb_corridor_end *end, const eb_corridor_spec *spec,
                         eb_error *err)
{
    double length = 1.05 * spec->width_m, lon, lat, x, y, nx, ny;
    eb_corridor_nearest nearest;
    eb_geodetic_direct(w->lines->geodesic, end->at.lon_deg, end->at.lat_deg, end->azimuth_deg, length, &lon, &lat);
    eb_corridor_place place = eb_corridor_place_of(near, lon, lat);
    eb_status status = eb_corridor_near_gather(near, &place, 1, 1.1 * length, err);
    if (status == EB_OK) status = eb_corridor_near_find(near, &place, &nearest, err);
    if (status != EB_OK || nearest.distance_m < length - TIE_M) return status;
    int pieces = ray_pieces(w, end, length, spec->tolerance_m / 8);
    eb_plane_forward(&w->lines->plane, end->at.lon_deg, end->at.lat_deg, &x, &y);
    for (int k = 1; k <= pieces; k++) {
        at_ray(w, end, length * k / pieces, &nx, &ny);
        eb_corridor_add_cut(&w->cuts, &w->cut_count, x, y, nx, ny);
        x = nx;
        y = ny;
    }
    return status;
}

eb_status eb_corridor_web_init(eb_corridor_web *w, const eb_corridor_lines *lines, eb_corridor_choice choice, eb_corridor_near *near,
                               const eb_corridor_spec *spec, eb_error *err)
{
    double fine = fmin(spec->tolerance_m, spec->width_m / 20) * EB_CORRIDOR_SHARE_LINE;
    eb_status status = EB_OK;
    *w = (eb_corridor_web){.lines = lines};
    for (size_t l = 0; l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        if (!eb_corridor_chosen(lines, choice, l)) continue;
        for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) {
            const eb_corridor_chain *chain = &lines->chains[c];
            for (size_t i = chain->first; status == EB_OK && i + 1 < chain->first + chain->count; i++) status = add_edge(w, i, fine, err);
        }
    }
    if (status == EB_OK) status = eb_index_new(w->boxes, w->count, &w->index, err);
    if (status == EB_OK) status = cut_crossings(w, near, err);
    eb_corridor_add_head(&w->cuts, EB_SHAPE_MULTILINE, 0);
    w->cuts_at = w->cuts.size - 4;
    for (size_t i = 0; i < w->count; i++) {
        const eb_corridor_segment *s = &w->segments[i];
        eb_corridor_add_cut(&w->cuts, &w->cut_count, s->ax, s->ay, s->bx, s->by);
    }
    for (size_t i = 0; status == EB_OK && i < eb_corridor_near_end_count(near); i++)
        status = add_ray(w, near, eb_corridor_near_end_at(near, i), spec, err);
    eb_corridor_patch(&w->cuts, w->cuts_at, w->cut_count);
    return status == EB_OK && w->cuts.failed ? eb_error_memory(err) : status;
}
