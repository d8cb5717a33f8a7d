/* In which order to visit stops. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/bound.h"
#include "network/network.h"

enum { EXACT_MOST = 12 };

typedef struct problem {
    const double *costs;
    size_t count;
    eb_order rule;
} problem;

static double cost_of(const problem *p, size_t from, size_t to)
{
    return p->costs[from * p->count + to];
}

static double tour_cost(const problem *p, const size_t *order)
{
    double total = 0;
    for (size_t i = 1; i < p->count; i++) total += cost_of(p, order[i - 1], order[i]);
    if (p->rule.loop && p->count > 1) total += cost_of(p, order[p->count - 1], order[0]);
    return total;
}

/* A loop has no first stop to choose, and one that is fixed stays. */
static bool first_is_fixed(const problem *p)
{
    return p->rule.fixed_start || p->rule.loop;
}

static bool may_end(const problem *p, size_t stop)
{
    return p->rule.loop || !p->rule.fixed_end || stop == p->count - 1;
}

/* Held and Karp: best[set][last] is the cheapest way through the set that ends at last. */
static void fill_table(const problem *p, double *best, unsigned char *before)
{
    size_t n = p->count, sets = (size_t)1 << n;
    for (size_t i = 0; i < sets * n; i++) best[i] = INFINITY;
    for (size_t first = 0; first < n; first++)
        if (!first_is_fixed(p) || first == 0) best[((size_t)1 << first) * n + first] = 0;
    for (size_t set = 1; set < sets; set++) {
        for (size_t last = 0; last < n; last++) {
            double here = best[set * n + last];
            if (isinf(here)) continue;
            for (size_t next = 0; next < n; next++) {
                if (set >> next & 1) continue;
                size_t to = (set | (size_t)1 << next) * n + next;
                double there = here + cost_of(p, last, next);
                if (there < best[to]) {
                    best[to] = there;
                    before[to] = (unsigned char)last;
                }
            }
        }
    }
}

static double read_table(const problem *p, const double *best, const unsigned char *before, size_t *order)
{
    size_t n = p->count, set = ((size_t)1 << n) - 1, last = n;
    double least = INFINITY;
    for (size_t end = 0; end < n; end++) {
        double total = may_end(p, end) ? best[set * n + end] + (p->rule.loop && n > 1 ? cost_of(p, end, 0) : 0) : INFINITY;
        if (total < least) {
            least = total;
            last = end;
        }
    }
    for (size_t i = n; i-- > 0 && last < n;) {
        order[i] = last;
        size_t at = set * n + last;
        set &= ~((size_t)1 << last);
        last = before[at];
    }
    return least;
}

static eb_status order_exact(const problem *p, size_t *order, double *total, eb_error *err)
{
    size_t cells = ((size_t)1 << p->count) * p->count;
    double *best = malloc(cells * sizeof *best);
    unsigned char *before = calloc(cells, 1);
    eb_status status = best && before ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) {
        fill_table(p, best, before);
        *total = read_table(p, best, before, order);
    }
    free(best);
    free(before);
    return status;
}

/* Nearest neighbour from a given first stop; a fixed end is kept for last. */
static void order_greedy(const problem *p, size_t first, size_t *order, bool *used)
{
    size_t n = p->count;
    bool keep_last = p->rule.fixed_end && !p->rule.loop;
    memset(used, 0, n * sizeof *used);
    order[0] = first;
    used[first] = true;
    for (size_t i = 1; i < n; i++) {
        size_t best = n;
        for (size_t k = 0; k < n; k++) {
            if (used[k] || (keep_last && k == n - 1 && i + 1 < n)) continue;
            if (best == n || cost_of(p, order[i - 1], k) < cost_of(p, order[i - 1], best)) best = k;
        }
        order[i] = best;
        used[best] = true;
    }
}

static void reverse(size_t *order, size_t from, size_t to)
{
    for (; from < to; from++, to--) {
        size_t keep = order[from];
        order[from] = order[to];
        order[to] = keep;
    }
}

/* Move the stop at @p from so that it stands at @p to. */
static void move_stop(size_t *order, size_t from, size_t to)
{
    size_t keep = order[from];
    if (from < to)
        memmove(order + from, order + from + 1, (to - from) * sizeof *order);
    else
        memmove(order + to + 1, order + to, (from - to) * sizeof *order);
    order[to] = keep;
}

/*
 * 2-opt and or-opt until nothing improves. Costs may differ by direction, so every change is judged by the whole tour: with some
 * dozens of stops that is still instant, and cannot be wrong.
 */
static double improve(const problem *p, size_t *order)
{
    size_t n = p->count, low = first_is_fixed(p) ? 1 : 0, high = p->rule.fixed_end && !p->rule.loop ? n - 1 : n;
    double least = tour_cost(p, order);
    for (bool better = true; better;) {
        better = false;
        for (size_t i = low; i < high; i++) {
            for (size_t j = low; j < high; j++) {
                if (i == j) continue;
                if (i < j) {
                    reverse(order, i, j);
                    double total = tour_cost(p, order);
                    if (total < least - 1e-9 * fabs(least)) {
                        least = total;
                        better = true;
                        continue;
                    }
                    reverse(order, i, j);
                }
                move_stop(order, i, j);
                double total = tour_cost(p, order);
                if (total < least - 1e-9 * fabs(least)) {
                    least = total;
                    better = true;
                } else {
                    move_stop(order, j, i);
                }
            }
        }
    }
    return least;
}

/* Turn a loop so that stop 0 stands first. */
static void start_at_first(size_t *order, size_t n)
{
    size_t at = 0;
    while (order[at] != 0) at++;
    if (at == 0) return;
    reverse(order, 0, at - 1);
    reverse(order, at, n - 1);
    reverse(order, 0, n - 1);
}

/* How often to improve an order of so many stops, which takes the cube of their number, within about a second. */
static size_t affordable(size_t n, size_t most)
{
    double times = 4e7 / ((double)n * (double)n * (double)n);
    return times >= (double)most ? most : times > 1 ? (size_t)times : 1;
}

/* From the nearest neighbour of every stop that may be the first; of many stops, from some of them. */
static double try_starts(const problem *p, size_t *order, size_t *trial, bool *used)
{
    size_t n = p->count, step = (n - 1) / affordable(n, n) + 1;
    double least = INFINITY;
    for (size_t first = 0; first < n; first += step) {
        if (first > 0 && p->rule.fixed_start && !p->rule.loop) break;
        if (p->rule.fixed_end && !p->rule.loop && first == n - 1) break;
        order_greedy(p, first, trial, used);
        if (p->rule.loop) start_at_first(trial, n);
        double here = improve(p, trial);
        if (here >= least && first > 0) continue;
        least = here;
        memcpy(order, trial, n * sizeof *order);
    }
    return least;
}

/* The same on every machine. */
static size_t pick(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*state >> 33) % below;
}

/* Two neighbouring stretches change places, which 2-opt cannot undo in one step (a double bridge). */
static void kick(const problem *p, size_t *order, uint64_t *state)
{
    size_t low = first_is_fixed(p) ? 1 : 0, high = p->rule.fixed_end && !p->rule.loop ? p->count - 1 : p->count, cut[3];
    for (size_t k = 0; k < 3; k++) cut[k] = low + pick(state, high - low);
    for (size_t k = 0; k < 2; k++) {
        for (size_t j = k + 1; j < 3; j++) {
            size_t keep = cut[k];
            if (cut[j] >= cut[k]) continue;
            cut[k] = cut[j];
            cut[j] = keep;
        }
    }
    if (cut[0] == cut[1] || cut[1] == cut[2]) return;
    reverse(order, cut[0], cut[1] - 1);
    reverse(order, cut[1], cut[2] - 1);
    reverse(order, cut[0], cut[2] - 1);
}

/* Kick the best order and improve it again. */
static double try_kicks(const problem *p, size_t *order, size_t *trial, double least)
{
    uint64_t state = p->count;
    for (size_t k = affordable(p->count, 500); k > 0; k--) {
        memcpy(trial, order, p->count * sizeof *order);
        kick(p, trial, &state);
        double here = improve(p, trial);
        if (!(here < least - 1e-9 * fabs(least))) continue;
        least = here;
        memcpy(order, trial, p->count * sizeof *order);
    }
    return least;
}

static eb_status order_heuristic(const problem *p, size_t *order, double *total, eb_error *err)
{
    size_t *trial = malloc(p->count * sizeof *trial);
    bool *used = malloc(p->count * sizeof *used);
    eb_status status = trial && used ? EB_OK : eb_error_memory(err);
    if (status == EB_OK) *total = try_starts(p, order, trial, used);
    if (status == EB_OK && isfinite(*total)) *total = try_kicks(p, order, trial, *total);
    free(trial);
    free(used);
    return status;
}

eb_status eb_order_best(const double *costs, size_t count, eb_order rule, size_t *order, double *total, double *bound, eb_error *err)
{
    const problem p = {.costs = costs, .count = count, .rule = rule};
    *total = *bound = 0;
    if (count == 0) return EB_OK;
    order[0] = 0;
    if (count == 1) return EB_OK;
    eb_status status = count <= EXACT_MOST ? order_exact(&p, order, total, err) : order_heuristic(&p, order, total, err);
    if (status != EB_OK) return status;
    if (isinf(*total)) return eb_error_set(err, EB_REFUSED, "there is no way through all %zu stops", count);
    *bound = *total;
    return count <= EXACT_MOST ? EB_OK : network_order_bound(costs, count, rule, *total, bound, err);
}
