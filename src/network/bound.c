/* How cheap the best order can be at best. */
#include "network/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 400, PATIENCE = 15 };

/*
 * Stops 0 to count - 1 as a tour. A way that does not come back becomes one through a stop more, the hub: nothing to and from its ends.
 * The special stop, which the tree leaves out, is the hub, or the first stop of a loop.
 */
typedef struct tour {
    size_t count, special;
    bool has_hub;
    eb_order rule;
    size_t stops;    /* without the hub */
    double *edges;   /* symmetric, row by row */
    double *penalty; /* of each stop */
    double *near;    /* Prim: cost of joining the tree, and where to */
    size_t *parent, *degree;
    bool *joined;
} tour;

static double edge_of(const double *costs, size_t n, size_t i, size_t j)
{
    return fmin(costs[i * n + j], costs[j * n + i]);
}

static bool tour_open(tour *t, const double *costs, size_t n, eb_order rule)
{
    *t = (tour){.count = rule.loop ? n : n + 1, .special = rule.loop ? 0 : n, .has_hub = !rule.loop, .rule = rule, .stops = n};
    t->edges = calloc(t->count * t->count, sizeof *t->edges);
    t->penalty = calloc(t->count, sizeof *t->penalty);
    t->near = malloc(t->count * sizeof *t->near);
    t->parent = malloc(t->count * sizeof *t->parent);
    t->degree = malloc(t->count * sizeof *t->degree);
    t->joined = malloc(t->count * sizeof *t->joined);
    if (!t->edges || !t->penalty || !t->near || !t->parent || !t->degree || !t->joined) return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) t->edges[i * t->count + j] = edge_of(costs, n, i, j);
    return true;
}

static void tour_close(tour *t)
{
    free(t->edges);
    free(t->penalty);
    free(t->near);
    free(t->parent);
    free(t->degree);
    free(t->joined);
}

static double cost_of(const tour *t, size_t i, size_t j)
{
    return t->edges[i * t->count + j] + t->penalty[i] + t->penalty[j];
}

/* Cheapest tree over all stops but the special one (Prim); its cost, and the degrees. */
static double grow_tree(tour *t)
{
    size_t first = t->special == 0 ? 1 : 0, left = t->count - 1;
    double total = 0;
    memset(t->degree, 0, t->count * sizeof *t->degree);
    memset(t->joined, 0, t->count * sizeof *t->joined);
    for (size_t i = 0; i < t->count; i++) t->near[i] = INFINITY;
    t->near[first] = 0;
    t->parent[first] = SIZE_MAX;
    for (; left > 0; left--) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < t->count; i++)
            if (!t->joined[i] && i != t->special && (best == SIZE_MAX || t->near[i] < t->near[best])) best = i;
        t->joined[best] = true;
        total += t->near[best];
        if (t->parent[best] != SIZE_MAX) {
            t->degree[best]++;
            t->degree[t->parent[best]]++;
        }
        for (size_t i = 0; i < t->count; i++) {
            if (t->joined[i] || i == t->special || !(cost_of(t, best, i) < t->near[i])) continue;
            t->near[i] = cost_of(t, best, i);
            t->parent[i] = best;
        }
    }
    return total;
}

/* The two cheapest edges of the special stop; those to ends that are fixed are taken in any case. */
static double join_special(tour *t)
{
    size_t taken[2], count = 0;
    double total = 0;
    if (t->has_hub && t->rule.fixed_start) taken[count++] = 0;
    if (t->has_hub && t->rule.fixed_end) taken[count++] = t->stops - 1;
    while (count < 2) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < t->count; i++) {
            if (i == t->special || (count == 1 && taken[0] == i)) continue;
            if (best == SIZE_MAX || cost_of(t, t->special, i) < cost_of(t, t->special, best)) best = i;
        }
        taken[count++] = best;
    }
    for (size_t k = 0; k < 2; k++) {
        total += cost_of(t, t->special, taken[k]);
        t->degree[taken[k]]++;
        t->degree[t->special]++;
    }
    return total;
}

/* Cost of the cheapest tree with its two edges, the penalties that every tour pays twice taken off. */
static double relax(tour *t)
{
    double total = grow_tree(t) + join_special(t);
    for (size_t i = 0; i < t->count; i++) total -= 2 * t->penalty[i];
    return total;
}

/* Dearer edges where there are more than two, cheaper ones where there are fewer. False where it is a tour already. */
static bool punish(tour *t, double step)
{
    double squares = 0;
    for (size_t i = 0; i < t->count; i++) squares += pow((double)t->degree[i] - 2, 2);
    if (squares == 0) return false;
    for (size_t i = 0; i < t->count; i++) t->penalty[i] += step / squares * ((double)t->degree[i] - 2);
    return true;
}

/* With directions, which count where costs differ by them much: every stop but the last is left on its cheapest way, and every stop but the
 * first is come to on its. */
static double leave_and_come(const double *costs, size_t n, eb_order rule)
{
    double leaving = 0, coming = 0, most_leaving = 0, most_coming = 0;
    for (size_t i = 0; i < n; i++) {
        double out = INFINITY, in = INFINITY;
        for (size_t k = 0; k < n; k++) {
            if (k == i) continue;
            out = fmin(out, costs[i * n + k]);
            in = fmin(in, costs[k * n + i]);
        }
        leaving += out;
        coming += in;
        most_leaving = fmax(most_leaving, out);
        most_coming = fmax(most_coming, in);
    }
    if (rule.loop) return fmax(leaving, coming);
    return fmax(leaving - most_leaving, coming - most_coming);
}

eb_status network_order_bound(const double *costs, size_t count, eb_order rule, double total, double *bound, eb_error *err)
{
    tour t;
    *bound = 0;
    if (count < 3) return EB_OK;
    eb_status status = tour_open(&t, costs, count, rule) ? EB_OK : eb_error_memory(err);
    double share = 1;
    for (int round = 0, idle = 0; round < ROUNDS && status == EB_OK; round++) {
        double here = relax(&t);
        if (!isfinite(here)) break;
        idle = here > *bound ? 0 : idle + 1;
        *bound = fmax(*bound, here);
        if (idle == PATIENCE) {
            share /= 2;
            idle = 0;
        }
        if (!punish(&t, share * fmax(total - here, 0))) break;
    }
    *bound = fmin(fmax(*bound, leave_and_come(costs, count, rule)), total);
    tour_close(&t);
    return status;
}
