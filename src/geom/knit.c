/*
 * All vertices and edges go into one net where what is near is one. Edges are split at the vertices on them, round by round, until none
 * has any; and halved where, drawn as bent as they will be, they would pass on the other side of a vertex. Then each shape is put
 * together again from its edges: those it runs along both ways cancel, and with them what was a sliver or a spike.
 */
#include "geom/knit.h"
#include "base/array.h"
#include "geom/coverage_edges.h"
#include "geom/knit_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounds after which what is left is left; each quarters the bend, so that 20 make micrometres of a kilometre. */
enum { ROUNDS = 24, DEEPEST = 64 };

typedef struct knit {
    eb_geos *geos;
    const eb_knitting *how;
    eb_knit_net net;
    eb_knit_use *uses;
    size_t use_count, use_capacity;
    size_t *ends;          /* of each shape's uses */
    bool *touched;         /* shapes whose vertices have moved */
    eb_index *all, *fresh; /* vertices; those of the last round */
    size_t fresh_from;
    size_t most; /* vertices, with those on the way */
    uint32_t round;
    eb_knit_hit *hits;
    size_t hit_count, hit_capacity;
    size_t *ids, id_capacity;
    eb_knit_use *leaves; /* of the shape being put together */
    size_t leaf_count, leaf_capacity;
    eb_error *err;
} knit;

static void knit_clear(knit *k)
{
    eb_knit_net_clear(&k->net);
    eb_index_free(k->all);
    eb_index_free(k->fresh);
    free(k->uses);
    free(k->ends);
    free(k->touched);
    free(k->hits);
    free(k->ids);
    free(k->leaves);
}

static const double *place(const knit *k, size_t vertex)
{
    return k->net.xy + 2 * vertex;
}

static eb_status add_use(knit *k, size_t shape, size_t a, size_t b)
{
    if (a == b) {
        k->touched[shape] = true;
        return EB_OK;
    }
    const size_t edge = eb_knit_edge_at(&k->net, a, b, 0);
    if (edge == SIZE_MAX || !eb_array_reserve(&k->uses, &k->use_capacity, k->use_count + 1, sizeof *k->uses))
        return eb_error_memory(k->err);
    k->uses[k->use_count++] = (eb_knit_use){(uint32_t)edge, a > b};
    k->net.edges[edge].sides |= a < b ? 1 : 2;
    return EB_OK;
}

static eb_status add_ring(knit *k, size_t shape, const double *xy, size_t count)
{
    size_t first = SIZE_MAX, before = SIZE_MAX;
    eb_status status = EB_OK;
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        const size_t v = eb_knit_vertex(&k->net, xy[2 * i], xy[2 * i + 1]);
        if (v == SIZE_MAX) return eb_error_memory(k->err);
        if (place(k, v)[0] != xy[2 * i] || place(k, v)[1] != xy[2 * i + 1]) k->touched[shape] = true;
        if (i == 0)
            first = v;
        else
            status = add_use(k, shape, before, v);
        before = v;
    }
    return status == EB_OK ? add_use(k, shape, before, first) : status;
}

static eb_status read_rings(knit *k, const eb_shape *shape, eb_rings *rings)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = eb_shape_write(k->geos, shape, &data, &size, k->err);
    if (status == EB_OK) status = eb_rings_read(rings, (eb_wkb){data, size}, k->err);
    free(data);
    return status;
}

static eb_status add_shapes(knit *k, eb_shape *const *shapes, size_t count)
{
    eb_rings rings = {0};
    size_t vertices = k->how->corner_count;
    k->ends = calloc(count + 1, sizeof *k->ends);
    k->touched = calloc(count + 1, sizeof *k->touched);
    for (size_t i = 0; i < count; i++) vertices += eb_shape_vertices(k->geos, shapes[i]);
    eb_status status = k->ends && k->touched && eb_knit_begin(&k->net, vertices) ? EB_OK : eb_error_memory(k->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        status = read_rings(k, shapes[i], &rings);
        k->touched[i] = rings.degenerate;
        for (size_t r = 0; r < rings.count && status == EB_OK; r++)
            status = add_ring(k, i, rings.xy + 2 * rings.rings[r].first, rings.rings[r].count);
        k->ends[i] = k->use_count;
    }
    for (size_t i = 0; i < k->how->corner_count && status == EB_OK; i++)
        if (eb_knit_vertex(&k->net, k->how->corners[2 * i], k->how->corners[2 * i + 1]) == SIZE_MAX) status = eb_error_memory(k->err);
    eb_rings_clear(&rings);
    return status;
}

static eb_status index_from(knit *k, size_t from, eb_index **out)
{
    const size_t count = k->net.count - from;
    double *boxes = malloc((count + 1) * 4 * sizeof *boxes);
    eb_index_free(*out);
    *out = NULL;
    if (!boxes) return eb_error_memory(k->err);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < 4; c++) boxes[4 * i + c] = place(k, from + i)[c % 2];
    eb_status status = eb_index_new(boxes, count, out, k->err);
    free(boxes);
    return status;
}

/* Distance of a vertex from an edge, and where along it that is: 0 … 1; INFINITY beside its ends. */
static double distance_of(const double *a, const double *b, const double *v, double *at)
{
    const double dx = b[0] - a[0], dy = b[1] - a[1], length = hypot(dx, dy);
    *at = ((v[0] - a[0]) * dx + (v[1] - a[1]) * dy) / (length * length);
    if (!(*at > 0 && *at < 1)) return INFINITY;
    return fabs((v[0] - a[0]) * dy - (v[1] - a[1]) * dx) / length;
}

static int by_place(const void *p, const void *q)
{
    const eb_knit_hit *a = p, *b = q;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->vertex < b->vertex ? -1 : a->vertex > b->vertex;
}

/* The edge gives way to those between its ends and the vertices in hits. */
static eb_status split(knit *k, size_t edge)
{
    eb_knit_net *net = &k->net;
    const uint32_t a = net->edges[edge].a, b = net->edges[edge].b, first = (uint32_t)net->part_count;
    size_t before = a;
    qsort(k->hits, k->hit_count, sizeof *k->hits, by_place);
    if (net->part_count + k->hit_count + 1 >= UINT32_MAX ||
        !eb_array_reserve(&net->parts, &net->part_capacity, net->part_count + k->hit_count + 1, sizeof *net->parts))
        return eb_error_memory(k->err);
    for (size_t i = 0; i <= k->hit_count; i++) {
        const size_t to = i < k->hit_count ? k->hits[i].vertex : b, part = eb_knit_edge_at(net, before, to, k->round + 1);
        if (part == SIZE_MAX) return eb_error_memory(k->err);
        const unsigned sides = net->edges[edge].sides;
        net->edges[part].sides |= before == net->edges[part].a ? sides : (sides >> 1 | (sides & 1) << 1);
        net->parts[net->part_count++] = (uint32_t)part;
        before = to;
    }
    net->edges[edge].parts = first;
    net->edges[edge].part_count = (uint32_t)k->hit_count + 1;
    return EB_OK;
}

/*
 * Edges that run a hair beside one another for kilometres would be halved into thousands: beyond so many vertices they stay as they are,
 * the longest of them halved first, and what is then invalid where it is drawn is for the caller to repair and to tell.
 */
static bool may_bend(const knit *k, size_t number)
{
    return k->how->bend && k->net.count < k->most && !(k->how->keep_outline && k->net.edges[number].sides != 3);
}

/* The vertices on an edge go into hits. *beside: how near another comes as a part of the arc that bends one metre. */
static eb_status find_hits(knit *k, size_t number, const eb_index *index, size_t from, double *beside)
{
    const eb_knit_edge *edge = &k->net.edges[number];
    const double *a = place(k, edge->a), *b = place(k, edge->b), near_m = k->how->near_m;
    const double dx = b[0] - a[0], dy = b[1] - a[1];
    const double reach = fmax(near_m, may_bend(k, number) ? 2 * EB_KNIT_USUAL_BEND * (dx * dx + dy * dy) : 0);
    size_t count = 0;
    *beside = INFINITY;
    k->hit_count = 0;
    eb_status status = eb_index_query_along(index, a, b, reach, &k->ids, &k->id_capacity, &count, k->err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        const size_t v = from + k->ids[i];
        double at = 0;
        if (v == edge->a || v == edge->b) continue;
        const double far = distance_of(a, b, place(k, v), &at);
        if (far > near_m) {
            *beside = fmin(*beside, far / (4 * at * (1 - at)));
            continue;
        }
        if (!eb_array_reserve(&k->hits, &k->hit_capacity, k->hit_count + 1, sizeof *k->hits)) return eb_error_memory(k->err);
        k->hits[k->hit_count++] = (eb_knit_hit){at, v};
    }
    return status;
}

/* An edge that bends over, or half way to, a vertex beside it is halved. */
static eb_status judge_bend(knit *k, size_t number, double beside)
{
    const size_t a = k->net.edges[number].a, b = k->net.edges[number].b;
    const double dx = place(k, b)[0] - place(k, a)[0], dy = place(k, b)[1] - place(k, a)[1];
    double bend_m = 0;
    if (!may_bend(k, number) || beside > 2 * EB_KNIT_USUAL_BEND * (dx * dx + dy * dy)) return EB_OK;
    eb_status status = k->how->bend(k->how->self, place(k, a), place(k, b), &bend_m, k->err);
    if (status != EB_OK || !(beside < 2 * bend_m)) return status;
    const size_t middle = eb_knit_extra(&k->net, place(k, a)[0] + dx / 2, place(k, a)[1] + dy / 2);
    if (middle == SIZE_MAX || !eb_array_reserve(&k->hits, &k->hit_capacity, 1, sizeof *k->hits)) return eb_error_memory(k->err);
    k->hits[0] = (eb_knit_hit){0.5, middle};
    k->hit_count = 1;
    return split(k, number);
}

/* Look at an edge: a new one against all vertices, one that was looked at before against those that have come since. */
static eb_status look_at(knit *k, size_t number)
{
    const bool fresh = k->net.edges[number].round == k->round;
    double beside = INFINITY;
    if (!fresh && !k->fresh) return EB_OK;
    eb_status status = find_hits(k, number, fresh ? k->all : k->fresh, fresh ? 0 : k->fresh_from, &beside);
    if (status != EB_OK) return status;
    return k->hit_count > 0 ? split(k, number) : judge_bend(k, number, beside);
}

static eb_status split_edges(knit *k)
{
    eb_status status = index_from(k, 0, &k->all);
    bool more = true;
    k->most = 4 * k->net.count + 1000;
    for (k->round = 0; k->round < ROUNDS && more && status == EB_OK; k->round++) {
        const size_t edges = k->net.edge_count, vertices = k->net.count;
        for (size_t i = 0; i < edges && status == EB_OK; i++)
            if (k->net.edges[i].part_count == 0) status = look_at(k, i);
        more = k->net.edge_count > edges || k->net.count > vertices;
        eb_index_free(k->fresh);
        k->fresh = NULL;
        k->fresh_from = vertices;
        if (status != EB_OK || k->net.count == vertices) continue;
        status = index_from(k, 0, &k->all);
        if (status == EB_OK) status = index_from(k, vertices, &k->fresh);
    }
    return status;
}

/* The parts of an edge at last, in leaves. *tangled: parts lead back to what they are parts of. */
static eb_status walk(knit *k, eb_knit_use u, int depth, bool *tangled)
{
    const eb_knit_edge edge = k->net.edges[u.edge];
    size_t from = u.back ? edge.b : edge.a;
    eb_status status = EB_OK;
    if (edge.part_count == 0) {
        if (!eb_array_reserve(&k->leaves, &k->leaf_capacity, k->leaf_count + 1, sizeof *k->leaves)) return eb_error_memory(k->err);
        k->leaves[k->leaf_count++] = u;
        return EB_OK;
    }
    *tangled = *tangled || depth == DEEPEST;
    for (size_t i = 0; i < edge.part_count && status == EB_OK && !*tangled; i++) {
        const uint32_t number = k->net.parts[edge.parts + (u.back ? edge.part_count - 1 - i : i)];
        const bool back = from != k->net.edges[number].a;
        from = back ? k->net.edges[number].a : k->net.edges[number].b;
        status = walk(k, (eb_knit_use){number, back}, depth + 1, tangled);
    }
    return status;
}

static int by_edge(const void *p, const void *q)
{
    const eb_knit_use *a = p, *b = q;
    if (a->edge != b->edge) return a->edge < b->edge ? -1 : 1;
    return (int)a->back - (int)b->back;
}

/* The leaves less those that run against one another. *once false: some run the same way. */
static eb_status cancel(knit *k, eb_outline_edges *edges, bool *once)
{
    *once = true;
    if (k->leaf_count > 0) qsort(k->leaves, k->leaf_count, sizeof *k->leaves, by_edge);
    for (size_t i = 0, end; i < k->leaf_count; i = end) {
        const eb_knit_edge *edge = &k->net.edges[k->leaves[i].edge];
        long turns = 0;
        for (end = i; end < k->leaf_count && k->leaves[end].edge == k->leaves[i].edge; end++) turns += k->leaves[end].back ? -1 : 1;
        *once = *once && labs(turns) <= 1;
        if (turns == 0) continue;
        if (!eb_outline_edges_put(edges, place(k, turns > 0 ? edge->a : edge->b), place(k, turns > 0 ? edge->b : edge->a)))
            return eb_error_memory(k->err);
    }
    return EB_OK;
}

/* A shape from its edges; it stays as it is where they are what they were, or do not make up the same. */
static eb_status put_together(knit *k, const eb_shape *shape, size_t from, size_t to, eb_shape **out)
{
    eb_outline_edges edges = {0};
    eb_shape *made = NULL;
    bool tangled = false, once = false;
    eb_status status = EB_OK;
    k->leaf_count = 0;
    for (size_t i = from; i < to && status == EB_OK && !tangled; i++) status = walk(k, k->uses[i], 0, &tangled);
    if (status == EB_OK && !tangled) status = cancel(k, &edges, &once);
    if (status == EB_OK && once) status = eb_outline_shape(k->geos, &edges, &made, k->err);
    eb_outline_edges_clear(&edges);
    const double slack_m2 = k->how->near_m * (eb_shape_length(k->geos, shape) + k->how->near_m);
    if (made && fabs(eb_shape_area(k->geos, made) - eb_shape_area(k->geos, shape)) <= slack_m2)
        *out = made;
    else
        eb_shape_free(k->geos, made);
    return status;
}

static bool is_touched(const knit *k, size_t shape, size_t from, size_t to)
{
    bool touched = k->touched[shape];
    for (size_t i = from; i < to && !touched; i++) touched = k->net.edges[k->uses[i].edge].part_count > 0;
    return touched;
}

eb_status eb_shapes_knit(eb_geos *geos, eb_shape *const *shapes, size_t count, const eb_knitting *how, eb_shape **out, eb_error *err)
{
    knit k = {.geos = geos, .how = how, .net = {.near_m = how->near_m}, .err = err};
    for (size_t i = 0; i < count; i++) out[i] = NULL;
    eb_status status = add_shapes(&k, shapes, count);
    if (status == EB_OK) status = split_edges(&k);
    for (size_t i = 0, from = 0; i < count && status == EB_OK; from = k.ends[i++])
        if (is_touched(&k, i, from, k.ends[i])) status = put_together(&k, shapes[i], from, k.ends[i], &out[i]);
    for (size_t i = 0; i < count && status != EB_OK; i++) {
        eb_shape_free(geos, out[i]);
        out[i] = NULL;
    }
    knit_clear(&k);
    return status;
}
