#include "analysis/overlay/edge_runs.h"
#include "base/array.h"
#include "base/scratch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Edges read ahead, of all runs together and of one at least; edges between two looks at whether somebody wants to stop. */
enum { AHEAD = 1 << 18, LEAST_AHEAD = 64, PATIENCE = 1 << 16 };
/* Edges that are put in order by moving each to its place. */
enum { FEW = 24 };

/* A run, and what was read ahead of it. */
typedef struct run {
    uint64_t place, left; /* edges of the file: the next to read, and how many there are */
    eb_net_edge *edges;   /* NULL: has ended */
    size_t at, count;
} run;

struct eb_edge_runs {
    int file;
    uint64_t written; /* edges */
    run *list;
    size_t count, capacity, ahead;
    size_t *heap, waiting; /* runs, the one with the first edge on top */
    size_t passed;
};

static int by_place(const void *a, const void *b)
{
    const eb_net_edge *p = a, *q = b;
    if (p->a[0] != q->a[0]) return p->a[0] < q->a[0] ? -1 : 1;
    if (p->a[1] != q->a[1]) return p->a[1] < q->a[1] ? -1 : 1;
    if (p->b[0] != q->b[0]) return p->b[0] < q->b[0] ? -1 : 1;
    if (p->b[1] != q->b[1]) return p->b[1] < q->b[1] ? -1 : 1;
    return 0;
}

static void sort_few(eb_net_edge *edges, size_t count)
{
    if (count > FEW) {
        qsort(edges, count, sizeof *edges, by_place);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const eb_net_edge edge = edges[i];
        size_t at = i;
        for (; at > 0 && by_place(&edges[at - 1], &edge) > 0; at--) edges[at] = edges[at - 1];
        edges[at] = edge;
    }
}

/* The first coordinate alone tells most edges apart: spread them over as many places by it. False: no room for that. */
static bool sort_by_places(eb_net_edge *edges, size_t count)
{
    const size_t places = count / 4 + 1;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, edges[i].a[0]);
        high = fmax(high, edges[i].a[0]);
    }
    const double scale = (double)(places - 1) / (high - low);
    eb_net_edge *spread = malloc(count * sizeof *spread);
    size_t *end = calloc(places + 1, sizeof *end); /* of each place, from the second number on; then of each from the first */
    const bool able = spread && end && isfinite(scale);
    for (size_t i = 0; able && i < count; i++) end[(size_t)((edges[i].a[0] - low) * scale) + 1]++;
    for (size_t i = 0; able && i < places; i++) end[i + 1] += end[i];
    for (size_t i = 0; able && i < count; i++) spread[end[(size_t)((edges[i].a[0] - low) * scale)]++] = edges[i];
    for (size_t i = 0, first = 0; able && i < places; first = end[i++]) sort_few(spread + first, end[i] - first);
    if (able) memcpy(edges, spread, count * sizeof *spread);
    free(spread);
    free(end);
    return able;
}

void eb_net_edges_sort(eb_net_edge *edges, size_t count)
{
    if (count <= FEW || !sort_by_places(edges, count)) qsort(edges, count, sizeof *edges, by_place);
}

eb_status eb_edge_runs_new(eb_edge_runs **out, eb_error *err)
{
    *out = NULL;
    eb_edge_runs *runs = calloc(1, sizeof *runs);
    if (!runs) return eb_error_memory(err);
    eb_status status = eb_scratch_open(&runs->file, err);
    if (status == EB_OK)
        *out = runs;
    else
        free(runs);
    return status;
}

void eb_edge_runs_free(eb_edge_runs *runs)
{
    if (!runs) return;
    for (size_t i = 0; i < runs->count; i++) free(runs->list[i].edges);
    free(runs->list);
    free(runs->heap);
    eb_scratch_close(runs->file);
    free(runs);
}

eb_status eb_edge_runs_add(eb_edge_runs *runs, eb_net_edge *edges, size_t count, eb_error *err)
{
    if (!eb_array_reserve(&runs->list, &runs->capacity, runs->count + 1, sizeof *runs->list)) return eb_error_memory(err);
    eb_net_edges_sort(edges, count);
    eb_status status = eb_scratch_write(runs->file, runs->written * sizeof *edges, edges, count * sizeof *edges, err);
    if (status != EB_OK) return status;
    runs->list[runs->count++] = (run){.place = runs->written, .left = count};
    runs->written += count;
    return EB_OK;
}

/* Read on in a run; at its end it has no edges any more. */
static eb_status read_on(eb_edge_runs *runs, run *r, eb_error *err)
{
    r->at = 0;
    r->count = r->left < runs->ahead ? (size_t)r->left : runs->ahead;
    if (r->count == 0) {
        free(r->edges);
        r->edges = NULL;
        return EB_OK;
    }
    eb_status status = eb_scratch_read(runs->file, r->place * sizeof *r->edges, r->edges, r->count * sizeof *r->edges, err);
    r->place += r->count;
    r->left -= r->count;
    return status;
}

static const eb_net_edge *first_of(const eb_edge_runs *runs, size_t at)
{
    const run *r = &runs->list[runs->heap[at]];
    return &r->edges[r->at];
}

/* The run at this place of the heap may be late. */
static void sink(eb_edge_runs *runs, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < runs->waiting; at = child) {
        if (child + 1 < runs->waiting && by_place(first_of(runs, child + 1), first_of(runs, child)) < 0) child++;
        if (by_place(first_of(runs, at), first_of(runs, child)) <= 0) return;
        const size_t late = runs->heap[at];
        runs->heap[at] = runs->heap[child];
        runs->heap[child] = late;
    }
}

eb_status eb_edge_runs_begin(eb_edge_runs *runs, eb_error *err)
{
    eb_status status = EB_OK;
    runs->ahead = AHEAD / (runs->count + 1) + LEAST_AHEAD;
    runs->heap = malloc((runs->count + 1) * sizeof *runs->heap);
    if (!runs->heap) return eb_error_memory(err);
    for (size_t i = 0; i < runs->count && status == EB_OK; i++) {
        run *r = &runs->list[i];
        r->edges = malloc(runs->ahead * sizeof *r->edges);
        status = r->edges ? read_on(runs, r, err) : eb_error_memory(err);
        if (status == EB_OK && r->edges) runs->heap[runs->waiting++] = i;
    }
    for (size_t at = runs->waiting; at-- > 0 && status == EB_OK;) sink(runs, at);
    return status;
}

/* Take the first edge of all runs. */
static eb_status take(eb_edge_runs *runs, eb_net_edge *edge, eb_error *err)
{
    run *r = &runs->list[runs->heap[0]];
    *edge = r->edges[r->at++];
    eb_status status = r->at < r->count ? EB_OK : read_on(runs, r, err);
    if (status != EB_OK) return status;
    if (!r->edges) runs->heap[0] = runs->heap[--runs->waiting];
    sink(runs, 0);
    return EB_OK;
}

eb_status eb_edge_runs_next(eb_edge_runs *runs, eb_net_edge *edge, const eb_env *env, eb_error *err)
{
    eb_status status = EB_OK;
    edge->turns = 0;
    while (edge->turns == 0 && runs->waiting > 0 && status == EB_OK) {
        if (runs->passed++ % PATIENCE == 0) status = eb_env_check(env, err);
        if (status == EB_OK) status = take(runs, edge, err);
        while (status == EB_OK && runs->waiting > 0 && by_place(first_of(runs, 0), edge) == 0) {
            eb_net_edge twin;
            status = take(runs, &twin, err);
            edge->turns += twin.turns;
        }
    }
    return status;
}
