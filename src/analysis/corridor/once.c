/*
 * Lines that run over one another, each place once, whatever their vertices.
 *
 * Vertices that lie together become one, and every edge takes up the vertices of others that lie on it. Then lines that overlap do so edge
 * by edge, from the same vertex to the same vertex, and an edge that was there before is left out. This is done in the layer's own
 * coordinates, where a line with a vertex more or less is still the same line.
 */
#include "analysis/corridor/run.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* An edge between two vertices, neither with another on it. */
typedef struct link {
    size_t from, to;
    size_t order; /* as drawn */
    bool begins;  /* the first of a chain */
    bool again;   /* was there before */
} link;

/* A vertex that an edge passes. */
typedef struct stop {
    size_t vertex;
    double t;
} stop;

typedef struct distinct {
    const eb_corridor_lines *lines;
    eb_corridor_choice choice;
    double slack_m, unit_m; /* unit_m: of the layer's coordinates; degrees are told apart */
    size_t *vertices;       /* the chosen */
    size_t vertex_count;
    size_t *same; /* of each of all vertices: the first that lies where it does */
    double *boxes;
    eb_index *index;
    size_t *ids, id_capacity, id_count;
    stop *stops;
    size_t stop_count, stop_capacity;
    link *links;
    size_t link_count, link_capacity;
} distinct;

/* Metres that a step in x and one in y stand for near a vertex. */
static void scale_at(const distinct *d, size_t vertex, double *kx, double *ky)
{
    const double degree_m = 111195;
    double lat = d->lines->degrees ? d->lines->xy[2 * vertex + 1] * 0.017453292519943295 : 0;
    *ky = d->lines->degrees ? degree_m : d->unit_m;
    *kx = d->lines->degrees ? degree_m * fmax(cos(lat), 1e-3) : d->unit_m;
}

/* Vertices near a place or an edge. */
static eb_status look_near(distinct *d, size_t a, size_t b, eb_error *err)
{
    const double *p = d->lines->xy + 2 * a, *q = d->lines->xy + 2 * b;
    double kx, ky;
    scale_at(d, a, &kx, &ky);
    double x = 1.1 * d->slack_m / kx, y = 1.1 * d->slack_m / ky;
    double box[4] = {fmin(p[0], q[0]) - x, fmin(p[1], q[1]) - y, fmax(p[0], q[0]) + x, fmax(p[1], q[1]) + y};
    return eb_index_query(d->index, box, &d->ids, &d->id_capacity, &d->id_count, err);
}

static eb_status gather_vertices(distinct *d, eb_error *err)
{
    const eb_corridor_lines *lines = d->lines;
    d->vertices = calloc(lines->vertex_count + 1, sizeof *d->vertices);
    d->same = calloc(lines->vertex_count + 1, sizeof *d->same);
    d->boxes = calloc(lines->vertex_count + 1, 4 * sizeof *d->boxes);
    if (!d->vertices || !d->same || !d->boxes) return eb_error_memory(err);
    for (size_t l = 0; l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        if (!eb_corridor_chosen(lines, d->choice, l)) continue;
        for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) {
            for (size_t i = 0; i < lines->chains[c].count; i++) d->vertices[d->vertex_count++] = lines->chains[c].first + i;
        }
    }
    for (size_t i = 0; i < 4 * d->vertex_count; i++) d->boxes[i] = lines->xy[2 * d->vertices[i / 4] + i % 2];
    eb_index *index = NULL;
    const eb_status status = eb_index_new(d->boxes, d->vertex_count, &index, err);
    d->index = index;
    return status;
}

/* The first of the vertices that lie together stands for all. */
static eb_status join_vertices(distinct *d, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t k = 0; k < d->vertex_count; k++) d->same[d->vertices[k]] = d->vertices[k];
    for (size_t k = 0; status == EB_OK && k < d->vertex_count; k++) {
        size_t a = d->vertices[k];
        const double *p = d->lines->xy + 2 * a;
        double kx, ky;
        scale_at(d, a, &kx, &ky);
        status = look_near(d, a, a, err);
        for (size_t i = 0; status == EB_OK && i < d->id_count; i++) {
            size_t b = d->vertices[d->ids[i]];
            const double *q = d->lines->xy + 2 * b;
            if (b < d->same[a] && d->same[b] == b && hypot((q[0] - p[0]) * kx, (q[1] - p[1]) * ky) <= d->slack_m) d->same[a] = b;
        }
    }
    return status;
}

static int along(const void *p, const void *q)
{
    const stop *a = p, *b = q;
    if (a->t != b->t) return a->t < b->t ? -1 : 1;
    return a->vertex < b->vertex ? -1 : a->vertex > b->vertex;
}

/* The vertices that lie on an edge, in order from its start. */
static eb_status find_stops(distinct *d, size_t a, size_t b, eb_error *err)
{
    const double *p = d->lines->xy + 2 * a, *q = d->lines->xy + 2 * b;
    double kx, ky;
    scale_at(d, a, &kx, &ky);
    double dx = (q[0] - p[0]) * kx, dy = (q[1] - p[1]) * ky, length2 = dx * dx + dy * dy;
    d->stop_count = 0;
    eb_status status = look_near(d, a, b, err);
    for (size_t i = 0; status == EB_OK && i < d->id_count; i++) {
        size_t v = d->vertices[d->ids[i]];
        const double *r = d->lines->xy + 2 * v;
        double x = (r[0] - p[0]) * kx, y = (r[1] - p[1]) * ky, t = (x * dx + y * dy) / length2;
        if (v == a || v == b || d->same[v] != v || !(t > 0 && t < 1) || hypot(x - t * dx, y - t * dy) > d->slack_m) continue;
        if (!eb_array_reserve(&d->stops, &d->stop_capacity, d->stop_count + 1, sizeof *d->stops)) return eb_error_memory(err);
        d->stops[d->stop_count++] = (stop){v, t};
    }
    if (d->stops) qsort(d->stops, d->stop_count, sizeof *d->stops, along);
    return status;
}

static eb_status add_link(distinct *d, size_t from, size_t to, bool begins, eb_error *err)
{
    if (!eb_array_reserve(&d->links, &d->link_capacity, d->link_count + 1, sizeof *d->links)) return eb_error_memory(err);
    d->links[d->link_count] = (link){from, to, d->link_count, begins, false};
    d->link_count++;
    return EB_OK;
}

static eb_status link_chain(distinct *d, const eb_corridor_chain *chain, eb_error *err)
{
    eb_status status = EB_OK;
    bool begins = true;
    for (size_t i = chain->first; status == EB_OK && i + 1 < chain->first + chain->count; i++) {
        size_t from = d->same[i], to = d->same[i + 1];
        if (from == to) continue;
        status = find_stops(d, from, to, err);
        for (size_t k = 0; status == EB_OK && k <= d->stop_count; k++) {
            size_t next = k < d->stop_count ? d->stops[k].vertex : to;
            status = add_link(d, from, next, begins, err);
            from = next;
            begins = false;
        }
    }
    return status;
}

static eb_status link_lines(distinct *d, eb_error *err)
{
    const eb_corridor_lines *lines = d->lines;
    eb_status status = EB_OK;
    for (size_t l = 0; status == EB_OK && l < lines->line_count; l++) {
        const eb_corridor_line *line = &lines->lines[l];
        if (!eb_corridor_chosen(lines, d->choice, l)) continue;
        for (size_t c = line->chain_first; status == EB_OK && c < line->chain_first + line->chain_count; c++)
            status = link_chain(d, &lines->chains[c], err);
    }
    return status;
}

static size_t low_of(const link *l)
{
    return l->from < l->to ? l->from : l->to;
}

static size_t high_of(const link *l)
{
    return l->from < l->to ? l->to : l->from;
}

static int by_vertices(const void *p, const void *q)
{
    const link *a = p, *b = q;
    if (low_of(a) != low_of(b)) return low_of(a) < low_of(b) ? -1 : 1;
    if (high_of(a) != high_of(b)) return high_of(a) < high_of(b) ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int by_order(const void *p, const void *q)
{
    const link *a = p, *b = q;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void mark_again(distinct *d)
{
    if (d->link_count == 0) return;
    qsort(d->links, d->link_count, sizeof *d->links, by_vertices);
    for (size_t i = 1; i < d->link_count; i++) {
        const link *a = &d->links[i - 1];
        d->links[i].again = low_of(a) == low_of(&d->links[i]) && high_of(a) == high_of(&d->links[i]);
    }
    qsort(d->links, d->link_count, sizeof *d->links, by_order);
}

/* What is left, as lines from where one begins, or was left out before, to where it ends or is left out. */
static void write_links(const distinct *d, eb_corridor_bytes *bytes)
{
    size_t lines = 0, count = 0, at = 0;
    eb_corridor_add_head(bytes, EB_SHAPE_MULTILINE, 0);
    for (size_t i = 0; i < d->link_count; i++) {
        const link *l = &d->links[i];
        if (l->again) continue;
        const double *p = d->lines->xy + 2 * l->from, *q = d->lines->xy + 2 * l->to;
        if (i == 0 || l->begins || d->links[i - 1].again) {
            eb_corridor_add_head(bytes, EB_SHAPE_LINE, 0);
            at = bytes->size - 4;
            count = 1;
            lines++;
            eb_corridor_add_xy(bytes, p[0], p[1]);
        }
        eb_corridor_add_xy(bytes, q[0], q[1]);
        eb_corridor_patch(bytes, at, ++count);
    }
    eb_corridor_patch(bytes, 5, lines);
}

eb_status eb_corridor_distinct_lines(const eb_corridor_lines *lines, eb_corridor_choice choice, double slack_m, eb_corridor_bytes *out,
                                     eb_error *err)
{
    distinct d = {.lines = lines, .choice = choice, .slack_m = slack_m, .unit_m = eb_crs_info_get(lines->crs)->unit};
    eb_status status = gather_vertices(&d, err);
    if (status == EB_OK) status = join_vertices(&d, err);
    if (status == EB_OK) status = link_lines(&d, err);
    if (status == EB_OK) {
        mark_again(&d);
        write_links(&d, out);
        if (out->failed) status = eb_error_memory(err);
    }
    free(d.vertices);
    free(d.same);
    free(d.boxes);
    free(d.ids);
    free(d.stops);
    free(d.links);
    eb_index_free(d.index);
    return status;
}
