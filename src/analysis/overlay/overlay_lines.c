/*
 * Which stretches of a line lie in which polygons. Every edge is cut once, wherever any polygon's border crosses it or begins or ends
 * to run along it, and each stretch between two cuts is then given out as a whole: so what the polygons get and what is left make up
 * the line whatever rounding did to the borders. A stretch that runs along a border, within EB_ON_BORDER_M of one of its edges at
 * either end, belongs to the polygon, and where several have that border to the first of them only.
 */
#include "analysis/overlay/overlay_lines.h"
#include "analysis/overlay/overlay.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* Cuts nearer to one another than this are one: the same place, found from two polygons. */
static const double same_cut_m = EB_ON_BORDER_M / 10;

void eb_lines_clear(eb_lines *lines)
{
    free(lines->edges.list);
    free(lines->straight.list);
    free(lines->cuts);
    free(lines->near);
    free(lines->candidates);
    free(lines->stretches);
    free(lines->bytes);
    *lines = (eb_lines){0};
}

static bool add_edge(eb_lines *l, const double a[2], const double b[2], double true_m)
{
    eb_line_edge e = eb_line_edge_of(a, b, true_m);
    e.part = l->part_count;
    return eb_line_edges_add(&l->edges, &e);
}

/* The edges of a line; of a point, and of a part that the plane leaves no length, one that is a place. */
static bool add_line(eb_lines *l, const eb_wkb_part *part, const double *lengths_m)
{
    double a[2], b[2];
    bool ok = true;
    const size_t before = l->edges.count;
    eb_wkb_xy(part, 0, &a[0], &a[1]);
    for (size_t i = 1; i < part->count && ok; i++) {
        eb_wkb_xy(part, i, &b[0], &b[1]);
        if (a[0] != b[0] || a[1] != b[1]) ok = add_edge(l, a, b, lengths_m ? lengths_m[i - 1] : 0);
        a[0] = b[0], a[1] = b[1];
    }
    return ok && l->edges.count == before ? add_edge(l, a, a, 0) : ok;
}

eb_status eb_lines_read(eb_lines *l, eb_wkb shape, int dimension, const double *lengths_m, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    l->edges.count = l->part_count = l->stretch_count = 0;
    l->whole = l->covered = l->rest = l->border = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.count == 0 || part.kind != (dimension == 1 ? EB_SHAPE_LINE : EB_SHAPE_POINT)) continue;
        if (!add_line(l, &part, lengths_m)) return eb_error_memory(err);
        if (lengths_m) lengths_m += part.count - 1;
        l->part_count++;
    }
    for (size_t i = 0; i < l->edges.count; i++) l->whole += dimension == 1 ? l->edges.list[i].true_m : 1;
    return EB_OK;
}

static void box_around(const eb_line_edge *e, double from, double to, double box[4])
{
    const double x0 = e->x[0] + from * (e->x[1] - e->x[0]), x1 = e->x[0] + to * (e->x[1] - e->x[0]);
    const double y0 = e->y[0] + from * (e->y[1] - e->y[0]), y1 = e->y[0] + to * (e->y[1] - e->y[0]);
    box[0] = fmin(x0, x1) - 2 * EB_ON_BORDER_M, box[2] = fmax(x0, x1) + 2 * EB_ON_BORDER_M;
    box[1] = fmin(y0, y1) - 2 * EB_ON_BORDER_M, box[3] = fmax(y0, y1) + 2 * EB_ON_BORDER_M;
}

/* The bytes that hold all of a polygon there is in the box. */
static eb_wkb polygon_in(const eb_held *held, size_t other, const double box[4])
{
    const eb_held_feature *f = &held->features[other];
    const size_t node = eb_cut_tree_find(&f->tree, box);
    if (node == SIZE_MAX) return (eb_wkb){0};
    return (eb_wkb){held->pieces[f->first_piece + node].data, held->pieces[f->first_piece + node].size};
}

static bool near_point(const eb_near_edge *n, double x, double y)
{
    const double dx = n->bx - n->ax, dy = n->by - n->ay, square = dx * dx + dy * dy;
    double t = square > 0 ? ((x - n->ax) * dx + (y - n->ay) * dy) / square : 0;
    t = fmin(1, fmax(0, t));
    return hypot(x - n->ax - t * dx, y - n->ay - t * dy) <= EB_ON_BORDER_M;
}

static bool add_cut(eb_lines *l, double t)
{
    if (!(t > 0 && t < 1)) return true;
    if (!eb_array_reserve(&l->cuts, &l->cut_capacity, l->cut_count + 1, sizeof *l->cuts)) return false;
    l->cuts[l->cut_count++] = t;
    return true;
}

static double along(const eb_line_edge *e, double x, double y)
{
    return ((x - e->x[0]) * (e->x[1] - e->x[0]) + (y - e->y[0]) * (e->y[1] - e->y[0])) / (e->length * e->length);
}

/* Metres by which a place lies to the left of the edge. */
static double aside(const eb_line_edge *e, double x, double y)
{
    return ((e->x[1] - e->x[0]) * (y - e->y[0]) - (e->y[1] - e->y[0]) * (x - e->x[0])) / e->length;
}

/* An edge of a polygon whose box meets that of the edge: where it crosses or comes near, it cuts, and it is kept. */
static bool meet_edge(eb_lines *l, const eb_line_edge *e, const eb_near_edge *n)
{
    bool near = near_point(n, e->x[0], e->y[0]) || near_point(n, e->x[1], e->y[1]), ok = true;
    if (e->length > 0) {
        const double a = aside(e, n->ax, n->ay), b = aside(e, n->bx, n->by);
        if (fabs(a) <= EB_ON_BORDER_M) ok = add_cut(l, along(e, n->ax, n->ay)), near = true;
        if (ok && fabs(b) <= EB_ON_BORDER_M) ok = add_cut(l, along(e, n->bx, n->by)), near = true;
        if (ok && (a < 0) != (b < 0)) {
            const double u = a / (a - b);
            ok = add_cut(l, along(e, n->ax + u * (n->bx - n->ax), n->ay + u * (n->by - n->ay)));
            near = true;
        }
    }
    if (!near || !ok) return ok;
    if (!eb_array_reserve(&l->near, &l->near_capacity, l->near_count + 1, sizeof *l->near)) return false;
    l->near[l->near_count++] = *n;
    return true;
}

static bool boxes_meet(const eb_near_edge *n, const double box[4])
{
    return fmin(n->ax, n->bx) <= box[2] && fmax(n->ax, n->bx) >= box[0] && fmin(n->ay, n->by) <= box[3] && fmax(n->ay, n->by) >= box[1];
}

/* Edges of a polygon, each from its lower end up: two polygons with one border come by it to the very same numbers. */
static eb_near_edge edge_of(const eb_wkb_part *ring, size_t i)
{
    eb_near_edge n;
    eb_wkb_xy(ring, i, &n.ax, &n.ay);
    eb_wkb_xy(ring, i + 1, &n.bx, &n.by);
    if (n.ay > n.by || (n.ay == n.by && n.ax > n.bx)) return (eb_near_edge){n.bx, n.by, n.ax, n.ay};
    return n;
}

static bool inside(eb_wkb polygon, double x, double y)
{
    eb_wkb_walk walk;
    eb_wkb_part ring;
    bool odd = false;
    eb_wkb_begin(&walk, polygon);
    while (eb_wkb_next(&walk, &ring))
        for (size_t i = 0; i + 1 < ring.count; i++) {
            const eb_near_edge n = edge_of(&ring, i);
            if (n.ay <= y && n.by > y && (n.bx - n.ax) * (y - n.ay) > (n.by - n.ay) * (x - n.ax)) odd = !odd;
        }
    return odd;
}

static bool inside_at(const eb_held *held, size_t other, const eb_line_edge *e, double t)
{
    double box[4];
    box_around(e, t, t, box);
    return inside(polygon_in(held, other, box), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
}

/* A polygon the edge may meet: its cuts, its edges nearby. */
static bool add_candidate(eb_lines *l, const eb_held *held, size_t other, const eb_line_edge *e, const double box[4])
{
    eb_wkb_walk walk;
    eb_wkb_part ring;
    bool ok = true;
    eb_line_candidate c = {.other = other, .near_from = l->near_count};
    eb_wkb_begin(&walk, polygon_in(held, other, box));
    while (ok && eb_wkb_next(&walk, &ring))
        for (size_t i = 0; i + 1 < ring.count && ok; i++) {
            const eb_near_edge n = edge_of(&ring, i);
            if (boxes_meet(&n, box)) ok = meet_edge(l, e, &n);
        }
    c.near_to = l->near_count;
    if (c.near_from == c.near_to && !(c.inside = inside_at(held, other, e, 0.5))) return ok;
    if (!ok || !eb_array_reserve(&l->candidates, &l->candidate_capacity, l->candidate_count + 1, sizeof c)) return false;
    l->candidates[l->candidate_count++] = c;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

/* The cuts in order, each place once, the end as the last. */
static bool order_cuts(eb_lines *l, const eb_line_edge *e)
{
    const double gap = e->length > 0 ? same_cut_m / e->length : 1;
    size_t kept = 0;
    if (l->cut_count > 1) qsort(l->cuts, l->cut_count, sizeof *l->cuts, by_value);
    for (size_t i = 0; i < l->cut_count; i++)
        if (l->cuts[i] - (kept ? l->cuts[kept - 1] : 0) > gap && 1 - l->cuts[i] > gap) l->cuts[kept++] = l->cuts[i];
    l->cut_count = kept;
    if (!eb_array_reserve(&l->cuts, &l->cut_capacity, l->cut_count + 1, sizeof *l->cuts)) return false;
    l->cuts[l->cut_count++] = 1;
    return true;
}

static bool give(eb_lines *l, size_t other, size_t edge, double from, double to, double size)
{
    if (!eb_array_reserve(&l->stretches, &l->stretch_capacity, l->stretch_count + 1, sizeof *l->stretches)) return false;
    l->stretches[l->stretch_count++] = (eb_stretch){other, edge, from, to, size};
    return true;
}

static bool on_border(const eb_lines *l, const eb_line_candidate *c, const eb_line_edge *e, double from, double to)
{
    const double x = e->x[0], y = e->y[0], dx = e->x[1] - x, dy = e->y[1] - y;
    for (size_t i = c->near_from; i < c->near_to; i++)
        if (near_point(&l->near[i], x + from * dx, y + from * dy) && near_point(&l->near[i], x + to * dx, y + to * dy)) return true;
    return false;
}

/* Give a stretch to the polygons it lies in, to the first whose border it runs along, or to none. */
static bool give_out(eb_lines *l, const eb_held *held, size_t edge, double from, double to, double size)
{
    const eb_line_edge *e = &l->edges.list[edge];
    bool ok = true, owned = false, border = false;
    for (size_t i = 0; i < l->candidate_count && ok; i++) {
        const eb_line_candidate *c = &l->candidates[i];
        const bool asked = c->near_from < c->near_to, on = asked && on_border(l, c, e, from, to);
        if (on ? border : asked ? !inside_at(held, c->other, e, (from + to) / 2) : !c->inside) continue;
        border = border || on;
        owned = true;
        ok = give(l, c->other, edge, from, to, size);
    }
    if (border) l->border += size;
    *(owned ? &l->covered : &l->rest) += size;
    return ok && !owned ? give(l, SIZE_MAX, edge, from, to, size) : ok;
}

static eb_status share_edge(eb_lines *l, const eb_held *held, size_t edge, int dimension, const eb_truth *truth, size_t **ids,
                            size_t *id_capacity, eb_error *err)
{
    const eb_line_edge *e = &l->edges.list[edge];
    const double size = dimension == 1 ? e->true_m : 1;
    eb_ruler ruler = eb_ruler_of(truth, e);
    double box[4], from = 0, from_m = 0;
    size_t count = 0;
    box_around(e, 0, 1, box);
    const int32_t label = eb_grid_label(&held->grid, box);
    l->cut_count = l->near_count = l->candidate_count = 0;
    if (label != EB_GRID_MIXED) {
        const bool none = label == (int32_t)held->count;
        *(none ? &l->rest : &l->covered) += size;
        return give(l, none ? SIZE_MAX : (size_t)label, edge, 0, 1, size) ? EB_OK : eb_error_memory(err);
    }
    eb_status status = eb_index_query(held->index, box, ids, id_capacity, &count, err);
    if (status != EB_OK) return status;
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) ok = add_candidate(l, held, (*ids)[i], e, box);
    ok = ok && order_cuts(l, e);
    for (size_t i = 0; ok && i < l->cut_count; from = l->cuts[i++]) {
        const double to_m = eb_ruler_at(&ruler, l->cuts[i]);
        ok = give_out(l, held, edge, from, l->cuts[i], dimension == 1 ? to_m - from_m : 1);
        from_m = to_m;
    }
    return ok ? EB_OK : eb_error_memory(err);
}

static bool polygon_along(eb_wkb polygon, const eb_line_edge *e)
{
    eb_wkb_walk walk;
    eb_wkb_part ring;
    eb_wkb_begin(&walk, polygon);
    while (eb_wkb_next(&walk, &ring))
        for (size_t i = 0; i + 1 < ring.count; i++) {
            const eb_near_edge n = edge_of(&ring, i);
            if (eb_line_edge_along(e, (const double[2]){n.ax, n.ay}, (const double[2]){n.bx, n.by})) return true;
        }
    return false;
}

/* An edge that may be too long for the plane, where it runs along no border. */
static eb_status bend_edge(eb_lines *l, const eb_held *held, const eb_line_edge *e, const eb_truth *truth, size_t **ids,
                           size_t *id_capacity, eb_error *err)
{
    double box[4];
    size_t count = 0;
    bool along_border = false;
    box_around(e, 0, 1, box);
    eb_status status = eb_index_query(held->index, box, ids, id_capacity, &count, err);
    if (status != EB_OK) return status;
    for (size_t i = 0; i < count && !along_border; i++) along_border = polygon_along(polygon_in(held, (*ids)[i], box), e);
    return (along_border ? eb_line_edges_add(&l->edges, e) : eb_truth_bend(truth, e, &l->edges)) ? EB_OK : eb_error_memory(err);
}

static eb_status bend_edges(eb_lines *l, const eb_held *held, const eb_truth *truth, size_t **ids, size_t *id_capacity, eb_error *err)
{
    eb_status status = EB_OK;
    bool any = false;
    for (size_t i = 0; i < l->edges.count && !any; i++) any = eb_truth_may_bend(truth, &l->edges.list[i]);
    if (!any) return EB_OK;
    const eb_line_edges swap = l->edges;
    l->edges = l->straight;
    l->straight = swap;
    l->edges.count = 0;
    for (size_t i = 0; i < l->straight.count && status == EB_OK; i++) {
        const eb_line_edge *e = &l->straight.list[i];
        if (eb_truth_may_bend(truth, e))
            status = bend_edge(l, held, e, truth, ids, id_capacity, err);
        else if (!eb_line_edges_add(&l->edges, e))
            status = eb_error_memory(err);
    }
    return status;
}

/* By polygon, none of them last, and along the line. */
static int by_owner(const void *a, const void *b)
{
    const eb_stretch *p = a, *q = b;
    if (p->other != q->other) return p->other < q->other ? -1 : 1;
    if (p->edge != q->edge) return p->edge < q->edge ? -1 : 1;
    return p->from < q->from ? -1 : p->from > q->from;
}

eb_status eb_lines_share(eb_lines *l, const eb_held *held, int dimension, const eb_truth *truth, size_t **ids, size_t *id_capacity,
                         eb_error *err)
{
    eb_status status = bend_edges(l, held, truth, ids, id_capacity, err);
    for (size_t i = 0; i < l->edges.count && status == EB_OK; i++) status = share_edge(l, held, i, dimension, truth, ids, id_capacity, err);
    if (l->stretch_count > 1) qsort(l->stretches, l->stretch_count, sizeof *l->stretches, by_owner);
    return status;
}
