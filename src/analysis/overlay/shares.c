#include "analysis/overlay/locator_priv.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>

eb_status eb_shares_push(eb_shares *shares, size_t cell, double size, eb_error *err)
{
    if (!eb_array_reserve(&shares->list, &shares->capacity, shares->count + 1, sizeof *shares->list)) return eb_error_memory(err);
    shares->list[shares->count++] = (eb_share){cell, size};
    return EB_OK;
}

void eb_shares_begin(eb_shares *shares)
{
    shares->count = 0;
    shares->whole = shares->residual = 0;
    shares->simple = true;
    shares->compact_at = 64;
}

void eb_shares_clear(eb_shares *shares)
{
    free(shares->list);
    free(shares->ids);
    free(shares->cuts);
    free(shares->bent.list);
    eb_common_clear(&shares->common);
    *shares = (eb_shares){0};
}

/* By cell; equal cells by size, so that their sum does not depend on the order they came in. */
static int by_cell(const void *a, const void *b)
{
    const eb_share *p = a, *q = b;
    if (p->cell != q->cell) return p->cell < q->cell ? -1 : 1;
    return p->size < q->size ? -1 : p->size > q->size;
}

/* Sort, and sum what belongs to one cell. */
static void compact(eb_shares *shares)
{
    size_t kept = 0;
    if (shares->count > 1) qsort(shares->list, shares->count, sizeof *shares->list, by_cell);
    for (size_t i = 0; i < shares->count; i++) {
        if (kept > 0 && shares->list[kept - 1].cell == shares->list[i].cell)
            shares->list[kept - 1].size += shares->list[i].size;
        else
            shares->list[kept++] = shares->list[i];
    }
    shares->count = kept;
    shares->compact_at = 2 * kept + 64;
}

void eb_shares_end(eb_shares *shares)
{
    size_t kept = 0;
    double sum = 0;
    compact(shares);
    for (size_t i = 0; i < shares->count; i++) {
        sum += shares->list[i].size;
        /* Shapes that only touch leave the rounding of a sum of zero behind. */
        if (shares->list[i].size > 1e-13 * shares->whole) shares->list[kept++] = shares->list[i];
    }
    shares->count = kept;
    shares->residual = fabs(sum - shares->whole);
}

static eb_status candidates(const eb_locator *l, const double box[4], eb_shares *shares, size_t *count, eb_error *err)
{
    return eb_index_query(l->index, box, &shares->ids, &shares->id_capacity, count, err);
}

static bool reaches_out(const eb_locator *l, const double box[4])
{
    return box[0] < l->box[0] || box[1] < l->box[1] || box[2] > l->box[2] || box[3] > l->box[3];
}

eb_status eb_shares_add_area(const eb_locator *l, const eb_rings *rings, eb_shares *shares, eb_error *err)
{
    if (rings->count == 0) return EB_OK;
    shares->whole += rings->area;
    int32_t label = eb_grid_label(&l->grid, rings->box);
    if (label != EB_GRID_MIXED) return eb_shares_push(shares, (size_t)label, rings->area, err);
    shares->simple = false;
    size_t count = 0;
    eb_status status = candidates(l, rings->box, shares, &count, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        size_t piece = shares->ids[i];
        double area = eb_rings_common_area(&shares->common, rings, &l->pieces[piece]);
        status = isnan(area) ? eb_error_memory(err) : eb_shares_push(shares, l->piece_cell[piece], area, err);
    }
    if (status == EB_OK && reaches_out(l, rings->box)) {
        double within = eb_rings_area_in_box(&shares->common, rings, l->box);
        status = isnan(within) ? eb_error_memory(err) : eb_shares_push(shares, l->cell_count, rings->area - within, err);
    }
    if (shares->count > shares->compact_at) compact(shares);
    return status;
}

/* Where the point lies: 1 inside, 0.5 on the border (within the tolerance), 0 outside. */
static double side_of(const eb_rings *rings, double x, double y)
{
    bool inside = false;
    for (size_t r = 0; r < rings->count; r++) {
        const double *xy = rings->xy + 2 * rings->rings[r].first;
        size_t count = rings->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count; j = i++) {
            double ax = xy[2 * j], ay = xy[2 * j + 1], bx = xy[2 * i], by = xy[2 * i + 1];
            double dx = bx - ax, dy = by - ay, cross = dx * (y - ay) - dy * (x - ax), length = hypot(dx, dy);
            double along = (dx * (x - ax) + dy * (y - ay)) / length;
            if (fabs(cross) <= EB_ON_BORDER_M * length && along >= -EB_ON_BORDER_M && along <= length + EB_ON_BORDER_M) return 0.5;
            if ((ay > y) != (by > y) && (cross < 0) == (dy < 0)) inside = !inside;
        }
    }
    return inside ? 1 : 0;
}

eb_status eb_shares_add_point(const eb_locator *l, double x, double y, eb_shares *shares, eb_error *err)
{
    const double box[4] = {x - EB_ON_BORDER_M, y - EB_ON_BORDER_M, x + EB_ON_BORDER_M, y + EB_ON_BORDER_M};
    size_t count = 0, found = l->cell_count;
    shares->whole += 1;
    int32_t label = eb_grid_label(&l->grid, box);
    if (label != EB_GRID_MIXED) return eb_shares_push(shares, (size_t)label, 1, err);
    shares->simple = false;
    eb_status status = candidates(l, box, shares, &count, err);
    /* The pieces are in the order of the cells, so the first one that has the point is the one. */
    for (size_t i = 0; i < count && status == EB_OK && found == l->cell_count; i++)
        if (side_of(&l->pieces[shares->ids[i]], x, y) > 0) found = l->piece_cell[shares->ids[i]];
    return status == EB_OK ? eb_shares_push(shares, found, 1, err) : status;
}

/* An edge of a line being shared out. */
typedef struct stretch {
    eb_line_edge edge;
    double dx, dy;
    eb_shares *shares;
    size_t cuts;
} stretch;

static bool add_cut(stretch *s, double t)
{
    if (!(t > 0 && t < 1)) return true;
    if (!eb_array_reserve(&s->shares->cuts, &s->shares->cut_capacity, s->cuts + 1, sizeof *s->shares->cuts)) return false;
    s->shares->cuts[s->cuts++] = t;
    return true;
}

/* How far along the stretch a place is, 1 at its end. */
static double along(const stretch *s, double x, double y)
{
    return (s->dx * (x - s->edge.x[0]) + s->dy * (y - s->edge.y[0])) / (s->edge.length * s->edge.length);
}

/* Where an edge meets the stretch: the crossing, and the ends of an edge that runs along it. */
static bool cut_by_edge(stretch *s, const double *a, const double *b)
{
    const double x0 = s->edge.x[0], y0 = s->edge.y[0], near = EB_ON_BORDER_M * s->edge.length;
    const double ca = s->dx * (a[1] - y0) - s->dy * (a[0] - x0), cb = s->dx * (b[1] - y0) - s->dy * (b[0] - x0);
    bool ok = true;
    if (fabs(ca) <= near) ok = add_cut(s, along(s, a[0], a[1]));
    if (fabs(cb) <= near) ok = ok && add_cut(s, along(s, b[0], b[1]));
    if ((ca < 0) != (cb < 0)) {
        const double u = ca / (ca - cb);
        ok = ok && add_cut(s, along(s, a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])));
    }
    return ok;
}

static int by_value(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static bool cut_by_piece(stretch *s, const eb_rings *piece)
{
    bool ok = true;
    for (size_t r = 0; r < piece->count && ok; r++) {
        const double *xy = piece->xy + 2 * piece->rings[r].first;
        size_t count = piece->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count && ok; j = i++) ok = cut_by_edge(s, xy + 2 * j, xy + 2 * i);
    }
    return ok;
}

/* All places where a border crosses or accompanies the stretch, in order, the end as the last. */
static bool cut_all(stretch *s, const eb_locator *l, size_t candidate_count)
{
    eb_shares *shares = s->shares;
    bool ok = true;
    for (size_t i = 0; i < candidate_count && ok; i++) ok = cut_by_piece(s, &l->pieces[shares->ids[i]]);
    ok = ok && eb_array_reserve(&shares->cuts, &shares->cut_capacity, s->cuts + 1, sizeof *shares->cuts);
    if (!ok) return false;
    if (s->cuts > 1) qsort(shares->cuts, s->cuts, sizeof *shares->cuts, by_value);
    shares->cuts[s->cuts++] = 1;
    return true;
}

static bool in_box(const double box[4], double x, double y, double rim)
{
    return x >= box[0] - rim && x <= box[2] + rim && y >= box[1] - rim && y <= box[3] + rim;
}

/* Metres from a line on a border to where the land on either side of it is asked for: beyond what lies on the border. */
static const double aside_m = 2 * EB_ON_BORDER_M;

/* Give a length to the pieces that have a place in them, and only where there are none to those that have it on their border. */
static eb_status give_at(const eb_locator *l, size_t candidate_count, double x, double y, double length_m, eb_shares *shares, eb_error *err)
{
    const size_t first = shares->count;
    size_t kept = first;
    double best = 0;
    eb_status status = EB_OK;
    if (!in_box(l->box, x, y, 0)) return eb_shares_push(shares, l->cell_count, length_m, err);
    for (size_t i = 0; i < candidate_count && status == EB_OK; i++) {
        const eb_rings *piece = &l->pieces[shares->ids[i]];
        const double side = in_box(piece->box, x, y, EB_ON_BORDER_M) ? side_of(piece, x, y) : 0;
        if (side > 0) status = eb_shares_push(shares, l->piece_cell[shares->ids[i]], side, err);
        best = fmax(best, side);
    }
    for (size_t i = first; i < shares->count; i++)
        if (shares->list[i].size == best) shares->list[kept++] = shares->list[i];
    for (size_t i = first; i < kept; i++) shares->list[i].size = length_m / (double)(kept - first);
    shares->count = kept;
    return status;
}

/*
 * The part of a stretch between two cuts belongs to the piece that its middle lies in. Where that lies on a border, half of it belongs
 * to what lies on either side: asked for so far aside that what is narrower than the border itself, which rounding leaves between
 * neighbours, gets nothing. Beyond the known world it is outside.
 */
static eb_status give_part(const stretch *s, const eb_locator *l, size_t candidate_count, double t, double length_m, eb_error *err)
{
    const double x = s->edge.x[0] + t * s->dx, y = s->edge.y[0] + t * s->dy;
    const double across[2] = {-s->dy / s->edge.length * aside_m, s->dx / s->edge.length * aside_m};
    eb_shares *shares = s->shares;
    bool inside = !in_box(l->box, x, y, 0);
    for (size_t i = 0; i < candidate_count && !inside; i++) {
        const eb_rings *piece = &l->pieces[shares->ids[i]];
        inside = in_box(piece->box, x, y, 0) && side_of(piece, x, y) == 1;
    }
    if (inside) return give_at(l, candidate_count, x, y, length_m, shares, err);
    eb_status status = EB_OK;
    for (int side = -1; side <= 1 && status == EB_OK; side += 2) {
        const size_t before = shares->count;
        status = give_at(l, candidate_count, x + side * across[0], y + side * across[1], length_m / 2, shares, err);
        if (status == EB_OK && shares->count == before) status = give_at(l, candidate_count, x, y, length_m / 2, shares, err);
    }
    return status;
}

static void box_around(const eb_line_edge *e, double box[4])
{
    const double rim = aside_m + EB_ON_BORDER_M;
    box[0] = fmin(e->x[0], e->x[1]) - rim, box[1] = fmin(e->y[0], e->y[1]) - rim;
    box[2] = fmax(e->x[0], e->x[1]) + rim, box[3] = fmax(e->y[0], e->y[1]) + rim;
}

static eb_status add_edge(const eb_locator *l, const eb_line_edge *e, const eb_truth *truth, eb_shares *shares, eb_error *err)
{
    stretch s = {.edge = *e, .dx = e->x[1] - e->x[0], .dy = e->y[1] - e->y[0], .shares = shares};
    eb_ruler ruler = eb_ruler_of(truth, e);
    double box[4], from = 0, from_m = 0;
    size_t count = 0;
    if (!(e->length > 0)) return EB_OK;
    box_around(e, box);
    shares->whole += e->true_m;
    int32_t label = eb_grid_label(&l->grid, box);
    if (label != EB_GRID_MIXED) return eb_shares_push(shares, (size_t)label, e->true_m, err);
    shares->simple = false;
    eb_status status = candidates(l, box, shares, &count, err);
    if (status == EB_OK && !cut_all(&s, l, count)) status = eb_error_memory(err);
    for (size_t i = 0; i < s.cuts && status == EB_OK; i++) {
        const double to = shares->cuts[i], to_m = eb_ruler_at(&ruler, to);
        if (to > from) status = give_part(&s, l, count, (from + to) / 2, to_m - from_m, err);
        from = to;
        from_m = to_m;
    }
    if (shares->count > shares->compact_at) compact(shares);
    return status;
}

static bool piece_along(const eb_rings *piece, const eb_line_edge *e)
{
    for (size_t r = 0; r < piece->count; r++) {
        const double *xy = piece->xy + 2 * piece->rings[r].first;
        const size_t count = piece->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count; j = i++)
            if (eb_line_edge_along(e, xy + 2 * j, xy + 2 * i)) return true;
    }
    return false;
}

static eb_status runs_along(const eb_locator *l, const eb_line_edge *e, eb_shares *shares, bool *along_border, eb_error *err)
{
    double box[4];
    size_t count = 0;
    box_around(e, box);
    eb_status status = candidates(l, box, shares, &count, err);
    *along_border = false;
    for (size_t i = 0; i < count && status == EB_OK && !*along_border; i++) *along_border = piece_along(&l->pieces[shares->ids[i]], e);
    return status;
}

/* An edge that may be too long for the plane. */
static eb_status add_long(const eb_locator *l, const eb_line_edge *e, const eb_truth *truth, eb_shares *shares, eb_error *err)
{
    bool along_border = false;
    eb_status status = runs_along(l, e, shares, &along_border, err);
    if (status != EB_OK) return status;
    if (along_border) return add_edge(l, e, truth, shares, err);
    shares->bent.count = 0;
    if (!eb_truth_bend(truth, e, &shares->bent)) return eb_error_memory(err);
    for (size_t i = 0; i < shares->bent.count && status == EB_OK; i++) status = add_edge(l, &shares->bent.list[i], truth, shares, err);
    return status;
}

eb_status eb_shares_add_length(const eb_locator *l, eb_wkb shape, const eb_truth *truth, const double *lengths_m, eb_shares *shares,
                               eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    eb_wkb_begin(&walk, shape);
    while (status == EB_OK && eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_LINE) continue;
        for (size_t i = 0; i + 1 < part.count && status == EB_OK; i++) {
            double a[2], b[2];
            eb_wkb_xy(&part, i, &a[0], &a[1]);
            eb_wkb_xy(&part, i + 1, &b[0], &b[1]);
            const eb_line_edge e = eb_line_edge_of(a, b, lengths_m ? *lengths_m++ : 0);
            status = eb_truth_may_bend(truth, &e) ? add_long(l, &e, truth, shares, err) : add_edge(l, &e, truth, shares, err);
        }
    }
    return status;
}
