/*
 * All vertices and edges go into one net where what is near is one. Edges are split at the vertices on them until none has any; then
 * each line is walked along its edges, and an edge that was walked before is there again. What lies on an edge is judged where it is
 * straight, in the coordinates of the lines: in the plane an edge of a kilometre that follows a parallel bends by a centimetre.
 */
#include "geom/knit_lines.h"
#include "base/array.h"
#include "base/wkb_build.h"
#include "geom/knit_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Steps towards the place of an edge that is nearest to a vertex, and edges between two looks at the clock. */
enum { STEPS = 8, EDGES_A_LOOK = 1024 };
/* Where a multi shape says how many parts it has. */
enum { COUNT_AT = 1 + 4 };

/* An edge as vertices are held against it. */
typedef struct chord {
    size_t a, b;
    double x, y, dx, dy, length_m, bend_m; /* of the plane; by how much it may bend there */
} chord;

typedef struct knit {
    const eb_line_knitting *how;
    eb_knitted_lines *out;
    eb_knit_net net;
    double *own; /* coordinates of the vertices as the lines have them */
    size_t own_capacity;
    eb_knit_use *uses;
    size_t use_count, use_capacity;
    size_t *ends; /* of each line's uses */
    size_t line_count, line_capacity;
    eb_index *index; /* vertices */
    eb_knit_hit *hits;
    size_t hit_count, hit_capacity;
    size_t *ids, id_capacity;
    double *run; /* coordinates of a stretch that is there once, or again */
    size_t run_count, run_capacity;
    bool run_again;
    uint32_t written[2];
    eb_error *err;
} knit;

static void knit_clear(knit *k)
{
    eb_knit_net_clear(&k->net);
    eb_index_free(k->index);
    free(k->own);
    free(k->uses);
    free(k->ends);
    free(k->hits);
    free(k->ids);
    free(k->run);
}

void eb_knitted_lines_clear(eb_knitted_lines *lines)
{
    eb_string_clear(&lines->once);
    eb_string_clear(&lines->again);
    *lines = (eb_knitted_lines){0};
}

static const double *place(const knit *k, size_t vertex)
{
    return k->net.xy + 2 * vertex;
}

static double distance(const knit *k, size_t a, size_t b)
{
    return hypot(place(k, a)[0] - place(k, b)[0], place(k, a)[1] - place(k, b)[1]);
}

static eb_status to_plane(const knit *k, double xy[2])
{
    return k->how->place ? k->how->place(k->how->self, &xy[0], &xy[1], k->err) : EB_OK;
}

static eb_status take_vertex(knit *k, const double own[2], size_t *vertex)
{
    const size_t before = k->net.count;
    double xy[2] = {own[0], own[1]};
    eb_status status = to_plane(k, xy);
    if (status != EB_OK) return status;
    *vertex = eb_knit_vertex(&k->net, xy[0], xy[1]);
    if (*vertex == SIZE_MAX || !eb_array_reserve(&k->own, &k->own_capacity, k->net.count, 2 * sizeof *k->own))
        return eb_error_memory(k->err);
    if (k->net.count > before) memcpy(k->own + 2 * *vertex, own, 2 * sizeof *own);
    return EB_OK;
}

static eb_status add_use(knit *k, size_t a, size_t b)
{
    if (a == b) return EB_OK;
    const size_t edge = eb_knit_edge_at(&k->net, a, b, 0);
    if (edge == SIZE_MAX || !eb_array_reserve(&k->uses, &k->use_capacity, k->use_count + 1, sizeof *k->uses))
        return eb_error_memory(k->err);
    k->uses[k->use_count++] = (eb_knit_use){(uint32_t)edge, a > b};
    return EB_OK;
}

static eb_status add_to_run(knit *k, const double own[2])
{
    if (!eb_array_reserve(&k->run, &k->run_capacity, k->run_count + 1, 2 * sizeof *k->run)) return eb_error_memory(k->err);
    memcpy(k->run + 2 * k->run_count++, own, 2 * sizeof *own);
    return EB_OK;
}

static void write_run(knit *k)
{
    if (k->run_count > 1) {
        eb_wkb_build_line(k->run_again ? &k->out->again : &k->out->once, k->run, k->run_count, 2);
        k->written[k->run_again]++;
    }
    k->run_count = 0;
}

/* A line that has become one vertex stays what it was. */
static eb_status keep_loose(knit *k, const eb_wkb_part *line)
{
    double length = 0;
    eb_status status = EB_OK;
    for (size_t i = 0; i < line->count && status == EB_OK; i++) {
        double own[2];
        eb_wkb_xy(line, i, &own[0], &own[1]);
        if (i > 0) length += hypot(own[0] - k->run[2 * i - 2], own[1] - k->run[2 * i - 1]);
        status = add_to_run(k, own);
    }
    if (!(length > 0)) k->run_count = 0;
    k->out->loose += length;
    write_run(k);
    return status;
}

static eb_status add_line(knit *k, const eb_wkb_part *line)
{
    const size_t from = k->use_count;
    size_t before = 0, v = 0;
    eb_status status = EB_OK;
    for (size_t i = 0; i < line->count && status == EB_OK; before = v, i++) {
        double own[2];
        eb_wkb_xy(line, i, &own[0], &own[1]);
        status = take_vertex(k, own, &v);
        if (status == EB_OK && i > 0) status = add_use(k, before, v);
    }
    if (status == EB_OK && k->use_count == from) return keep_loose(k, line);
    if (status != EB_OK) return status;
    if (!eb_array_reserve(&k->ends, &k->line_capacity, k->line_count + 1, sizeof *k->ends)) return eb_error_memory(k->err);
    k->ends[k->line_count++] = k->use_count;
    return EB_OK;
}

static eb_status read_shapes(knit *k, const eb_wkb *shapes, size_t count)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t vertices = 0;
    for (size_t i = 0; i < count; i++) vertices += eb_wkb_vertices(shapes[i]);
    eb_status status = eb_knit_begin(&k->net, vertices) ? EB_OK : eb_error_memory(k->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        eb_wkb_begin(&walk, shapes[i]);
        while (status == EB_OK && eb_wkb_next(&walk, &part))
            if (part.kind == EB_SHAPE_LINE && part.count > 1) status = add_line(k, &part);
    }
    return status;
}

static eb_status index_vertices(knit *k)
{
    double *boxes = malloc((k->net.count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(k->err);
    for (size_t i = 0; i < k->net.count; i++)
        for (size_t c = 0; c < 4; c++) boxes[4 * i + c] = place(k, i)[c % 2];
    eb_status status = eb_index_new(boxes, k->net.count, &k->index, k->err);
    free(boxes);
    return status;
}

static chord chord_of(const knit *k, size_t number)
{
    const eb_knit_edge *edge = &k->net.edges[number];
    const double *a = place(k, edge->a), *b = place(k, edge->b);
    chord c = {.a = edge->a, .b = edge->b, .x = a[0], .y = a[1], .dx = b[0] - a[0], .dy = b[1] - a[1]};
    c.length_m = hypot(c.dx, c.dy);
    return c;
}

/* From a place to a vertex: along the chord, as a part of it, and metres across. */
static double step_to(const chord *c, const double v[2], const double from[2], double *across_m)
{
    const double x = v[0] - from[0], y = v[1] - from[1];
    *across_m = (x * c->dy - y * c->dx) / c->length_m;
    return (x * c->dx + y * c->dy) / (c->length_m * c->length_m);
}

/* By how much an edge bends: nearer to a pole than usual, twice what three places on it show. */
static eb_status find_bend(const knit *k, chord *c)
{
    const double *a = k->own + 2 * c->a, *b = k->own + 2 * c->b, start[2] = {c->x, c->y};
    eb_status status = EB_OK;
    if (!k->how->place) return EB_OK;
    c->bend_m = EB_KNIT_USUAL_BEND * c->length_m * c->length_m;
    for (int i = 1; i < 4 && status == EB_OK; i++) {
        double across_m, p[2] = {a[0] + i * (b[0] - a[0]) / 4, a[1] + i * (b[1] - a[1]) / 4};
        status = to_plane(k, p);
        step_to(c, p, start, &across_m);
        c->bend_m = fmax(c->bend_m, 2 * fabs(across_m));
    }
    return status;
}

/*
 * Does an edge that bends in the plane pass a vertex? *at comes in as the place along the chord, which is near the one along the edge,
 * and goes out as that. How far across a vertex lies is known from any place near it, to within what the edge turns on the way.
 */
static eb_status bent_passes(const knit *k, const chord *c, const double v[2], double *at, bool *on)
{
    const double *a = k->own + 2 * c->a, *b = k->own + 2 * c->b, near_m = k->how->near_m, turn = 8 * c->bend_m / c->length_m;
    eb_status status = EB_OK;
    *on = false;
    for (int i = 0; i < STEPS && status == EB_OK; i++) {
        double across_m;
        *at = fmin(1, fmax(0, *at));
        double p[2] = {a[0] + *at * (b[0] - a[0]), a[1] + *at * (b[1] - a[1])};
        status = to_plane(k, p);
        const double step = step_to(c, v, p, &across_m), along_m = fabs(step) * c->length_m;
        if (along_m <= near_m / 100) {
            *on = fabs(across_m) <= near_m && *at > 0 && *at < 1;
            break;
        }
        if (!(fabs(across_m) <= near_m + turn * along_m)) break;
        *at += step;
    }
    return status;
}

static eb_status passes(const knit *k, const chord *c, size_t vertex, double *at, bool *on)
{
    const double *v = place(k, vertex), near_m = k->how->near_m;
    double across_m;
    *at = step_to(c, v, place(k, c->a), &across_m);
    *on = false;
    /* Parts must be shorter than the whole, or splitting would not end. */
    if (!(fabs(across_m) <= near_m + c->bend_m) || distance(k, c->a, vertex) >= c->length_m || distance(k, c->b, vertex) >= c->length_m)
        return EB_OK;
    if (c->bend_m > near_m / 10) return bent_passes(k, c, v, at, on);
    *on = fabs(across_m) <= near_m && *at > 0 && *at < 1;
    return EB_OK;
}

/* The vertices on an edge go into hits. */
static eb_status find_hits(knit *k, const chord *c)
{
    const double reach = k->how->near_m + c->bend_m;
    const double box[4] = {c->x + fmin(0, c->dx) - reach, c->y + fmin(0, c->dy) - reach, c->x + fmax(0, c->dx) + reach,
                           c->y + fmax(0, c->dy) + reach};
    size_t count = 0;
    k->hit_count = 0;
    eb_status status = eb_index_query(k->index, box, &k->ids, &k->id_capacity, &count, k->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        eb_knit_hit h = {.vertex = k->ids[i]};
        bool on = false;
        if (h.vertex == c->a || h.vertex == c->b) continue;
        status = passes(k, c, h.vertex, &h.at, &on);
        if (status != EB_OK || !on) continue;
        if (!eb_array_reserve(&k->hits, &k->hit_capacity, k->hit_count + 1, sizeof *k->hits)) return eb_error_memory(k->err);
        k->hits[k->hit_count++] = h;
    }
    return status;
}

static int by_place(const void *p, const void *q)
{
    const eb_knit_hit *a = p, *b = q;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->vertex < b->vertex ? -1 : a->vertex > b->vertex;
}

/* The hits in order; where two are further apart than the edge is long, one at a time. */
static void order_hits(knit *k, const chord *c)
{
    qsort(k->hits, k->hit_count, sizeof *k->hits, by_place);
    for (size_t i = 1; i < k->hit_count; i++)
        if (distance(k, k->hits[i - 1].vertex, k->hits[i].vertex) >= c->length_m) k->hit_count = 1;
}

/* The edge gives way to those between its ends and the vertices in hits. */
static eb_status split(knit *k, size_t edge)
{
    eb_knit_net *net = &k->net;
    const uint32_t b = net->edges[edge].b, first = (uint32_t)net->part_count;
    size_t before = net->edges[edge].a;
    if (net->part_count + k->hit_count + 1 >= UINT32_MAX ||
        !eb_array_reserve(&net->parts, &net->part_capacity, net->part_count + k->hit_count + 1, sizeof *net->parts))
        return eb_error_memory(k->err);
    for (size_t i = 0; i <= k->hit_count; i++) {
        const size_t to = i < k->hit_count ? k->hits[i].vertex : b, part = eb_knit_edge_at(net, before, to, 0);
        if (part == SIZE_MAX) return eb_error_memory(k->err);
        net->parts[net->part_count++] = (uint32_t)part;
        before = to;
    }
    net->edges[edge].parts = first;
    net->edges[edge].part_count = (uint32_t)k->hit_count + 1;
    return EB_OK;
}

/* Parts come at the end of the list, and so are looked at in their turn. */
static eb_status split_edges(knit *k)
{
    eb_status status = index_vertices(k);
    for (size_t i = 0; i < k->net.edge_count && status == EB_OK; i++) {
        chord c = chord_of(k, i);
        if (i % EDGES_A_LOOK == 0) status = eb_meter_add(k->how->meter, 0, k->err);
        if (status == EB_OK) status = find_bend(k, &c);
        if (status == EB_OK) status = find_hits(k, &c);
        if (status != EB_OK || k->hit_count == 0) continue;
        order_hits(k, &c);
        status = split(k, i);
    }
    return status;
}

/* An edge that has no parts goes on with the run, or begins another. */
static eb_status take_edge(knit *k, eb_knit_edge *edge, bool back)
{
    const bool again = edge->sides != 0; /* of lines: it was there already */
    edge->sides = 3;
    eb_status status = EB_OK;
    if (again != k->run_again) write_run(k);
    k->run_again = again;
    if (k->run_count == 0) status = add_to_run(k, k->own + 2 * (size_t)(back ? edge->b : edge->a));
    return status == EB_OK ? add_to_run(k, k->own + 2 * (size_t)(back ? edge->a : edge->b)) : status;
}

/* Along an edge and its parts, which are all shorter than it is. */
static eb_status walk(knit *k, eb_knit_use u)
{
    eb_knit_edge *edge = &k->net.edges[u.edge];
    size_t from = u.back ? edge->b : edge->a;
    eb_status status = EB_OK;
    if (edge->part_count == 0) return take_edge(k, edge, u.back);
    for (size_t i = 0; i < edge->part_count && status == EB_OK; i++) {
        const uint32_t number = k->net.parts[edge->parts + (u.back ? edge->part_count - 1 - i : i)];
        const eb_knit_edge *part = &k->net.edges[number];
        const bool back = part->a != from;
        status = walk(k, (eb_knit_use){number, back});
        from = back ? part->a : part->b;
    }
    return status;
}

static eb_status walk_lines(knit *k)
{
    eb_status status = EB_OK;
    for (size_t line = 0, i = 0; line < k->line_count && status == EB_OK; line++) {
        for (; i < k->ends[line] && status == EB_OK; i++) status = walk(k, k->uses[i]);
        write_run(k);
    }
    return status;
}

static void begin_multi(eb_string *out)
{
    static const uint8_t head[COUNT_AT + 4] = {1, EB_SHAPE_MULTILINE};
    eb_string_add_bytes(out, head, sizeof head);
}

static bool end_multi(eb_string *out, uint32_t count)
{
    if (!out->failed) memcpy(out->data + COUNT_AT, &count, sizeof count);
    return !out->failed;
}

eb_status eb_knit_lines(const eb_wkb *shapes, size_t count, const eb_line_knitting *how, eb_knitted_lines *out, eb_error *err)
{
    knit k = {.how = how, .out = out, .net = {.near_m = how->near_m}, .err = err};
    eb_knitted_lines_clear(out);
    begin_multi(&out->once);
    begin_multi(&out->again);
    eb_status status = read_shapes(&k, shapes, count);
    if (status == EB_OK) status = split_edges(&k);
    if (status == EB_OK) status = walk_lines(&k);
    if (status == EB_OK && !(end_multi(&out->once, k.written[0]) && end_multi(&out->again, k.written[1]))) status = eb_error_memory(err);
    knit_clear(&k);
    return status;
}
