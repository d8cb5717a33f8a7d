#include "geom/rings.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* An edge as the roof of a trapezoid: x0 < x1, heights over the floor at both ends, sign + where the inside lies below. */
typedef struct eb_common_edge {
    double x0, x1, h0, h1, sign;
} eb_common_edge;

/* The roofs of one shape in a box, being collected. */
typedef struct roofs {
    eb_common_edge **list;
    size_t *capacity, count;
    const double *box;
    double top;        /* height of the box */
    double run0, run1; /* pending run along the top of the box, in the direction walked */
    bool running, failed;
} roofs;

static void add_roof(roofs *r, double x0, double h0, double x1, double h1)
{
    if (x0 == x1) return;
    if (!eb_array_reserve(r->list, r->capacity, r->count + 1, sizeof **r->list)) {
        r->failed = true;
        return;
    }
    /* Inside is on the left: an edge going west has it below. */
    (*r->list)[r->count++] = x0 < x1 ? (eb_common_edge){x0, x1, h0, h1, -1} : (eb_common_edge){x1, x0, h1, h0, 1};
}

static void end_run(roofs *r)
{
    if (r->running) add_roof(r, r->run0, r->top, r->run1, r->top);
    r->running = false;
}

/* What lies above the box counts as its top; a chain of such edges is one roof from where it begins to where it ends. */
static void add_top(roofs *r, double x0, double x1)
{
    if (r->running && r->run1 == x0) {
        r->run1 = x1;
        return;
    }
    end_run(r);
    r->running = true;
    r->run0 = x0;
    r->run1 = x1;
}

/* A piece of an edge that crosses neither side, floor nor top of the box. What lies under the floor has no height. */
static void add_piece(roofs *r, double x0, double h0, double x1, double h1)
{
    if (h0 <= 0 && h1 <= 0) return;
    if (h0 >= r->top && h1 >= r->top)
        add_top(r, x0, x1);
    else
        add_roof(r, x0, h0, x1, h1);
}

/* Cut at the height @p level, so that each part lies on one side of it. Returns the x of the cut, or NaN where there is none. */
static double cut_at(double x0, double h0, double x1, double h1, double level)
{
    if (!((h0 < level && h1 > level) || (h0 > level && h1 < level))) return NAN;
    double x = x0 + (x1 - x0) * ((level - h0) / (h1 - h0));
    return x0 < x1 ? fmin(fmax(x, x0), x1) : fmin(fmax(x, x1), x0);
}

static void cut_top(roofs *r, double x0, double h0, double x1, double h1)
{
    double x = cut_at(x0, h0, x1, h1, r->top);
    if (isnan(x)) {
        add_piece(r, x0, h0, x1, h1);
        return;
    }
    add_piece(r, x0, h0, x, r->top);
    add_piece(r, x, r->top, x1, h1);
}

static void cut_floor(roofs *r, double x0, double h0, double x1, double h1)
{
    double x = cut_at(x0, h0, x1, h1, 0);
    if (isnan(x)) {
        cut_top(r, x0, h0, x1, h1);
        return;
    }
    cut_top(r, x0, h0, x, 0);
    cut_top(r, x, 0, x1, h1);
}

static double height_at(double x0, double h0, double x1, double h1, double x)
{
    return x == x0 ? h0 : x == x1 ? h1 : h0 + (h1 - h0) * ((x - x0) / (x1 - x0));
}

/* One edge, cut to the sides of the box. */
static void add_edge(roofs *r, const double *a, const double *b)
{
    double west = r->box[0], east = r->box[2], floor_y = r->box[1];
    double x0 = fmin(fmax(a[0], west), east), x1 = fmin(fmax(b[0], west), east);
    if (x0 == x1) return;
    double ha = a[1] - floor_y, hb = b[1] - floor_y;
    cut_floor(r, x0, height_at(a[0], ha, b[0], hb, x0), x1, height_at(a[0], ha, b[0], hb, x1));
}

static void collect(roofs *r, const eb_rings *rings)
{
    for (size_t k = 0; k < rings->count; k++) {
        const double *xy = rings->xy + 2 * rings->rings[k].first;
        size_t count = rings->rings[k].count;
        for (size_t i = 0; i < count; i++) add_edge(r, xy + 2 * i, xy + 2 * ((i + 1) % count));
        end_run(r);
    }
}

/* Area under both roofs over the stretch they share. */
static double pair_area(const eb_common_edge *e, const eb_common_edge *f)
{
    double l = fmax(e->x0, f->x0), r = fmin(e->x1, f->x1);
    if (!(l < r)) return 0;
    double el = height_at(e->x0, e->h0, e->x1, e->h1, l), er = height_at(e->x0, e->h0, e->x1, e->h1, r);
    double fl = height_at(f->x0, f->h0, f->x1, f->h1, l), fr = height_at(f->x0, f->h0, f->x1, f->h1, r);
    double dl = el - fl, dr = er - fr;
    if (dl <= 0 && dr <= 0) return (r - l) * (el + er) / 2;
    if (dl >= 0 && dr >= 0) return (r - l) * (fl + fr) / 2;
    /* They cross at the fraction t of the stretch. */
    double t = dl / (dl - dr), m = el + t * (er - el);
    return (r - l) * (t * (fmin(el, fl) + m) + (1 - t) * (m + fmin(er, fr))) / 2;
}

static int by_start(const void *a, const void *b)
{
    const eb_common_edge *p = a, *q = b;
    return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

static double sum_pairs(const eb_common_edge *a, size_t na, eb_common_edge *b, size_t nb)
{
    double sum = 0;
    if (nb > 16) qsort(b, nb, sizeof *b, by_start);
    for (size_t i = 0; i < na; i++) {
        double row = 0;
        for (size_t j = 0; j < nb; j++) {
            if (nb > 16 && b[j].x0 >= a[i].x1) break;
            row += b[j].sign * pair_area(&a[i], &b[j]);
        }
        sum += a[i].sign * row;
    }
    return sum;
}

static bool shared_box(const double a[4], const double b[4], double box[4])
{
    box[0] = fmax(a[0], b[0]);
    box[1] = fmax(a[1], b[1]);
    box[2] = fmin(a[2], b[2]);
    box[3] = fmin(a[3], b[3]);
    return box[0] < box[2] && box[1] < box[3];
}

static roofs roofs_in(eb_common *memory, int which, const double box[4])
{
    return (roofs){.list = &memory->edges[which], .capacity = &memory->capacity[which], .box = box, .top = box[3] - box[1]};
}

double eb_rings_common_area(eb_common *memory, const eb_rings *a, const eb_rings *b)
{
    double box[4];
    if (a->count == 0 || b->count == 0 || !shared_box(a->box, b->box, box)) return 0;
    roofs first = roofs_in(memory, 0, box), second = roofs_in(memory, 1, box);
    collect(&first, a);
    collect(&second, b);
    if (first.failed || second.failed) return NAN;
    return sum_pairs(memory->edges[0], first.count, memory->edges[1], second.count);
}

double eb_rings_area_in_box(eb_common *memory, const eb_rings *a, const double box[4])
{
    double common[4];
    if (a->count == 0 || !shared_box(a->box, box, common)) return 0;
    roofs list = roofs_in(memory, 0, common);
    collect(&list, a);
    if (list.failed) return NAN;
    double sum = 0;
    for (size_t i = 0; i < list.count; i++) {
        const eb_common_edge *e = &memory->edges[0][i];
        sum += e->sign * (e->x1 - e->x0) * (e->h0 + e->h1) / 2;
    }
    return sum;
}

void eb_common_clear(eb_common *memory)
{
    for (int i = 0; i < 2; i++) free(memory->edges[i]);
    *memory = (eb_common){0};
}
