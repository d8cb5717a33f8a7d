/*
 * Areas that two polygonal shapes have together and each alone, without an overlay: the heights of all vertices and of all crossings cut
 * the plane into slabs in which no edges cross, so that in each of them only trapezoids are to be added up.
 */
#ifndef SLABS_H
#define SLABS_H

#include <ecobelt/wkb.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>

typedef struct slab_edge {
    double x0, y0, x1, y1; /* y0 < y1 */
    int shape;
} slab_edge;

typedef struct slab_world {
    slab_edge *edges;
    double *heights;
    size_t edge_count, edge_capacity, height_count, height_capacity;
} slab_world;

typedef struct slab_cut {
    double x;
    int shape;
} slab_cut;

static inline int slab_by_height(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline int slab_by_foot(const void *a, const void *b)
{
    return slab_by_height(&((const slab_edge *)a)->y0, &((const slab_edge *)b)->y0);
}

static inline int slab_by_x(const void *a, const void *b)
{
    return slab_by_height(&((const slab_cut *)a)->x, &((const slab_cut *)b)->x);
}

static inline void slab_height(slab_world *w, double y)
{
    if (w->height_count == w->height_capacity)
        w->heights = realloc(w->heights, (w->height_capacity = 2 * w->height_capacity + 256) * sizeof *w->heights);
    ck_assert_ptr_nonnull(w->heights);
    w->heights[w->height_count++] = y;
}

static inline void slab_shape(slab_world *w, eb_wkb shape, int number)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part))
        for (size_t i = 0; i < part.count; i++) {
            double x, y, u, v;
            eb_wkb_xy(&part, i, &x, &y);
            slab_height(w, y);
            if (i == 0) continue;
            eb_wkb_xy(&part, i - 1, &u, &v);
            if (v == y) continue;
            if (w->edge_count == w->edge_capacity)
                w->edges = realloc(w->edges, (w->edge_capacity = 2 * w->edge_capacity + 256) * sizeof *w->edges);
            ck_assert_ptr_nonnull(w->edges);
            w->edges[w->edge_count++] = v < y ? (slab_edge){u, v, x, y, number} : (slab_edge){x, y, u, v, number};
        }
}

static inline double slab_x(const slab_edge *e, double y)
{
    return e->x0 + (e->x1 - e->x0) * ((y - e->y0) / (e->y1 - e->y0));
}

/* The height at which two edges cross, where they do: between the ends of what they have of heights in common. */
static inline void slab_crossing(slab_world *w, const slab_edge *a, const slab_edge *b)
{
    const double low = fmax(a->y0, b->y0), high = fmin(a->y1, b->y1);
    if (low >= high || fmax(a->x0, a->x1) < fmin(b->x0, b->x1) || fmax(b->x0, b->x1) < fmin(a->x0, a->x1)) return;
    const double below = slab_x(a, low) - slab_x(b, low), above = slab_x(a, high) - slab_x(b, high);
    if ((below < 0 && above > 0) || (below > 0 && above < 0)) slab_height(w, low + (high - low) * (below / (below - above)));
}

/* What a slab has of each: @p cuts has room for all edges. */
static inline void slab_add(const slab_world *w, double low, double high, slab_cut *cuts, double area[4])
{
    size_t count = 0;
    bool in[2] = {false, false};
    for (size_t i = 0; i < w->edge_count && w->edges[i].y0 <= low; i++)
        if (w->edges[i].y1 >= high) cuts[count++] = (slab_cut){slab_x(&w->edges[i], low + (high - low) / 2), w->edges[i].shape};
    qsort(cuts, count, sizeof *cuts, slab_by_x);
    for (size_t i = 0; i + 1 < count; i++) {
        in[cuts[i].shape] = !in[cuts[i].shape];
        area[in[0] + 2 * in[1]] += (cuts[i + 1].x - cuts[i].x) * (high - low);
    }
}

/* Areas of two valid shapes: {in both, only in the first, only in the second}. */
static inline void slab_areas(eb_wkb first, eb_wkb second, double out[3])
{
    slab_world w = {0};
    double area[4] = {0};
    slab_shape(&w, first, 0);
    slab_shape(&w, second, 1);
    if (w.edge_count > 0) qsort(w.edges, w.edge_count, sizeof *w.edges, slab_by_foot);
    for (size_t i = 0; i < w.edge_count; i++)
        for (size_t k = i + 1; k < w.edge_count && w.edges[k].y0 < w.edges[i].y1; k++) slab_crossing(&w, &w.edges[i], &w.edges[k]);
    if (w.height_count > 0) qsort(w.heights, w.height_count, sizeof *w.heights, slab_by_height);
    slab_cut *cuts = calloc(w.edge_count + 1, sizeof *cuts);
    ck_assert_ptr_nonnull(cuts);
    for (size_t i = 0; i + 1 < w.height_count; i++)
        if (w.heights[i + 1] > w.heights[i]) slab_add(&w, w.heights[i], w.heights[i + 1], cuts, area);
    free(cuts);
    free(w.edges);
    free(w.heights);
    out[0] = area[3], out[1] = area[1], out[2] = area[2];
}

#endif
