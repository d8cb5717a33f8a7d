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

/* A stretch of line being shared out. */
typedef struct stretch {
    double x0, y0, dx, dy, length;
    const eb_rings *piece;
    eb_shares *shares;
    size_t cuts;
} stretch;

static bool add_cut(stretch *s, double t)
{
    if (!(t > 0 && t < 1)) return true;
    if (!eb_array_reserve(&s->shares->cuts, &s->shares->cut_capacity, s->cuts + 3, sizeof *s->shares->cuts)) return false;
    s->shares->cuts[s->cuts++] = t;
    return true;
}

/* Where an edge meets the stretch: the crossing, and the ends of an edge that runs along it. */
static bool cut_by_edge(stretch *s, const double *a, const double *b)
{
    double ca = s->dx * (a[1] - s->y0) - s->dy * (a[0] - s->x0), cb = s->dx * (b[1] - s->y0) - s->dy * (b[0] - s->x0);
    double near = EB_ON_BORDER_M * s->length, square = s->length * s->length;
    bool ok = true;
    if (fabs(ca) <= near) ok = add_cut(s, (s->dx * (a[0] - s->x0) + s->dy * (a[1] - s->y0)) / square);
    if (fabs(cb) <= near) ok = ok && add_cut(s, (s->dx * (b[0] - s->x0) + s->dy * (b[1] - s->y0)) / square);
    if ((ca < 0) != (cb < 0)) {
        double u = ca / (ca - cb), x = a[0] + u * (b[0] - a[0]), y = a[1] + u * (b[1] - a[1]);
        ok = ok && add_cut(s, (s->dx * (x - s->x0) + s->dy * (y - s->y0)) / square);
    }
    return ok;
}

static int by_value(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static bool cut_all(stretch *s)
{
    bool ok = eb_array_reserve(&s->shares->cuts, &s->shares->cut_capacity, 2, sizeof *s->shares->cuts);
    if (!ok) return false;
    s->shares->cuts[s->cuts++] = 0;
    s->shares->cuts[s->cuts++] = 1;
    for (size_t r = 0; r < s->piece->count && ok; r++) {
        const double *xy = s->piece->xy + 2 * s->piece->rings[r].first;
        size_t count = s->piece->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count && ok; j = i++) ok = cut_by_edge(s, xy + 2 * j, xy + 2 * i);
    }
    qsort(s->shares->cuts, s->cuts, sizeof *s->shares->cuts, by_value);
    return ok;
}

/* Metres of the stretch that lie in its piece; NaN out of memory. */
static double length_inside(stretch *s)
{
    double sum = 0;
    if (!cut_all(s)) return NAN;
    const double *cuts = s->shares->cuts;
    for (size_t i = 0; i + 1 < s->cuts; i++) {
        double t = (cuts[i] + cuts[i + 1]) / 2;
        if (cuts[i + 1] > cuts[i]) sum += (cuts[i + 1] - cuts[i]) * side_of(s->piece, s->x0 + t * s->dx, s->y0 + t * s->dy);
    }
    return sum * s->length;
}

/* What of the stretch lies in the known world. */
static double length_in_box(const double box[4], const stretch *s)
{
    double from = 0, to = 1;
    const double start[2] = {s->x0, s->y0}, step[2] = {s->dx, s->dy};
    for (int axis = 0; axis < 2; axis++) {
        if (step[axis] == 0) {
            if (start[axis] < box[axis] || start[axis] > box[axis + 2]) return 0;
            continue;
        }
        double a = (box[axis] - start[axis]) / step[axis], b = (box[axis + 2] - start[axis]) / step[axis];
        from = fmax(from, fmin(a, b));
        to = fmin(to, fmax(a, b));
    }
    return to > from ? (to - from) * s->length : 0;
}

static eb_status add_stretch(const eb_locator *l, stretch *s, eb_shares *shares, eb_error *err)
{
    double x1 = s->x0 + s->dx, y1 = s->y0 + s->dy, rim = EB_ON_BORDER_M;
    const double box[4] = {fmin(s->x0, x1) - rim, fmin(s->y0, y1) - rim, fmax(s->x0, x1) + rim, fmax(s->y0, y1) + rim};
    size_t count = 0;
    shares->whole += s->length;
    int32_t label = eb_grid_label(&l->grid, box);
    if (label != EB_GRID_MIXED) return eb_shares_push(shares, (size_t)label, s->length, err);
    shares->simple = false;
    eb_status status = candidates(l, box, shares, &count, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        s->piece = &l->pieces[shares->ids[i]];
        s->cuts = 0;
        double inside = length_inside(s);
        status = isnan(inside) ? eb_error_memory(err) : eb_shares_push(shares, l->piece_cell[shares->ids[i]], inside, err);
    }
    if (status == EB_OK && reaches_out(l, box)) status = eb_shares_push(shares, l->cell_count, s->length - length_in_box(l->box, s), err);
    return status;
}

eb_status eb_shares_add_length(const eb_locator *l, eb_wkb shape, eb_shares *shares, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_status status = EB_OK;
    eb_wkb_begin(&walk, shape);
    while (status == EB_OK && eb_wkb_next(&walk, &part)) {
        if (part.kind != EB_SHAPE_LINE) continue;
        for (size_t i = 0; i + 1 < part.count && status == EB_OK; i++) {
            stretch s = {.shares = shares};
            double x1, y1;
            eb_wkb_xy(&part, i, &s.x0, &s.y0);
            eb_wkb_xy(&part, i + 1, &x1, &y1);
            s.dx = x1 - s.x0;
            s.dy = y1 - s.y0;
            s.length = hypot(s.dx, s.dy);
            if (s.length > 0) status = add_stretch(l, &s, shares, err);
            if (shares->count > shares->compact_at) compact(shares);
        }
    }
    return status;
}
