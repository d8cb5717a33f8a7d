/* Where lines of one level cross without a common vertex: a vertex for both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "network/noding.h"

/* A vertex this near (in degrees, about 1 mm) to the crossing is the crossing. */
static const double NEAR_DEG = 1e-8;

/* A vertex to be put into a line. */
typedef struct addition {
    size_t line, segment;
    double t, lon, lat;
} addition;

typedef struct additions {
    addition *items;
    size_t count, capacity;
} additions;

/* A vertex pair of a line; vertex and vertex + 1. */
typedef struct segment {
    size_t line, vertex;
} segment;

static bool may_cross(const eb_road *a, const eb_road *b)
{
    return !a->structure && !b->structure && a->level == b->level;
}

static bool add(additions *list, const eb_network *n, const segment *s, double t, double lon, double lat)
{
    if (!eb_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) return false;
    list->items[list->count++] =
        (addition){.line = s->line, .segment = s->vertex - n->lines[s->line].first, .t = t, .lon = lon, .lat = lat};
    return true;
}

/* Distance along and across: is vertex v on the inside of segment s? Then *t is where. */
static bool on_inside(const eb_network *n, size_t v, const segment *s, double *t)
{
    double ax = n->lon[s->vertex], ay = n->lat[s->vertex];
    double dx = n->lon[s->vertex + 1] - ax, dy = n->lat[s->vertex + 1] - ay;
    double px = n->lon[v] - ax, py = n->lat[v] - ay, length2 = dx * dx + dy * dy;
    *t = (px * dx + py * dy) / length2;
    double length = sqrt(length2);
    return fabs(px * dy - py * dx) <= NEAR_DEG * length && *t * length > NEAR_DEG && (1 - *t) * length > NEAR_DEG;
}

/* Ends of one segment that lie on the inside of the other: its vertex is put there, bit for bit. */
static bool add_touches(additions *list, const eb_network *n, const segment *a, const segment *b, bool *touched)
{
    double t;
    for (size_t k = 0; k < 2; k++) {
        if (on_inside(n, a->vertex + k, b, &t)) {
            *touched = true;
            if (!add(list, n, b, t, n->lon[a->vertex + k], n->lat[a->vertex + k])) return false;
        }
        if (on_inside(n, b->vertex + k, a, &t)) {
            *touched = true;
            if (!add(list, n, a, t, n->lon[b->vertex + k], n->lat[b->vertex + k])) return false;
        }
    }
    return true;
}

static bool share_vertex(const eb_network *n, const segment *a, const segment *b)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            if (n->lon[a->vertex + i] == n->lon[b->vertex + j] && n->lat[a->vertex + i] == n->lat[b->vertex + j]) return true;
    return false;
}

/* Note where two segments meet; false out of memory. Two that share a vertex may still lie on one another for a while. */
static bool cross_pair(additions *list, eb_network *n, const segment *a, const segment *b)
{
    bool touched = false;
    if (!add_touches(list, n, a, b, &touched)) return false;
    if (touched || share_vertex(n, a, b)) return true;
    double ax = n->lon[a->vertex], ay = n->lat[a->vertex], adx = n->lon[a->vertex + 1] - ax, ady = n->lat[a->vertex + 1] - ay;
    double bx = n->lon[b->vertex], by = n->lat[b->vertex], bdx = n->lon[b->vertex + 1] - bx, bdy = n->lat[b->vertex + 1] - by;
    double det = adx * bdy - ady * bdx;
    if (det == 0) return true; /* parallel: touching ends are dealt with above */
    double t = ((bx - ax) * bdy - (by - ay) * bdx) / det, u = ((bx - ax) * ady - (by - ay) * adx) / det;
    if (!(t > 0 && t < 1 && u > 0 && u < 1)) return true;
    double lon = ax + t * adx, lat = ay + t * ady;
    /* A crossing that rounds to a vertex of either line is that vertex, and shared already or a touch. */
    if ((lon == ax && lat == ay) || (lon == bx && lat == by)) return true;
    n->crossings++;
    return add(list, n, a, t, lon, lat) && add(list, n, b, u, lon, lat);
}

/* All segments of the network with their boxes, both from malloc(). */
static eb_status list_segments(const eb_network *n, segment **out, double **boxes, size_t *count, eb_error *err)
{
    *count = 0;
    for (size_t l = 0; l < n->line_count; l++) *count += n->lines[l].count - 1;
    *out = calloc(*count ? *count : 1, sizeof **out);
    *boxes = calloc(*count ? *count : 1, 4 * sizeof **boxes);
    if (!*out || !*boxes) return eb_error_memory(err);
    size_t k = 0;
    for (size_t l = 0; l < n->line_count; l++) {
        for (size_t v = n->lines[l].first; v + 1 < n->lines[l].first + n->lines[l].count; v++, k++) {
            (*out)[k] = (segment){.line = l, .vertex = v};
            double *box = *boxes + 4 * k;
            box[0] = fmin(n->lon[v], n->lon[v + 1]) - NEAR_DEG;
            box[1] = fmin(n->lat[v], n->lat[v + 1]) - NEAR_DEG;
            box[2] = fmax(n->lon[v], n->lon[v + 1]) + NEAR_DEG;
            box[3] = fmax(n->lat[v], n->lat[v + 1]) + NEAR_DEG;
        }
    }
    return EB_OK;
}

static eb_status find_crossings(eb_network *n, additions *list, const eb_env *env, eb_error *err)
{
    segment *segments = NULL;
    double *boxes = NULL;
    size_t count = 0, *near = NULL, near_capacity = 0, near_count = 0;
    eb_index *index = NULL;
    eb_status status = list_segments(n, &segments, &boxes, &count, err);
    if (status == EB_OK) status = eb_index_new(boxes, count, &index, err);
    for (size_t i = 0; i < count && status == EB_OK; i++) {
        if (i % 4096 == 0) status = eb_env_check(env, err);
        if (status == EB_OK) status = eb_index_query(index, boxes + 4 * i, &near, &near_capacity, &near_count, err);
        for (size_t k = 0; k < near_count && status == EB_OK; k++) {
            const segment *a = &segments[i], *b = &segments[near[k]];
            if (near[k] <= i || !may_cross(&n->roads[a->line], &n->roads[b->line])) continue;
            if (!cross_pair(list, n, a, b)) status = eb_error_memory(err);
        }
    }
    free(near);
    free(segments);
    free(boxes);
    eb_index_free(index);
    return status;
}

static int compare_additions(const void *a, const void *b)
{
    const addition *x = a, *y = b;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->segment != y->segment) return x->segment < y->segment ? -1 : 1;
    return x->t < y->t ? -1 : x->t > y->t;
}

/* Write every line that got additions anew at the end of the vertex list. */
static bool rebuild_lines(eb_network *n, const additions *list)
{
    for (size_t k = 0; k < list->count;) {
        line *whole = &n->lines[list->items[k].line];
        size_t l = list->items[k].line, first = n->vertex_count;
        for (size_t i = 0; i < whole->count; i++) {
            if (network_add_vertex(n, n->lon[whole->first + i], n->lat[whole->first + i]) == SIZE_MAX) return false;
            for (; k < list->count && list->items[k].line == l && list->items[k].segment == i; k++) {
                bool again = n->lon[n->vertex_count - 1] == list->items[k].lon && n->lat[n->vertex_count - 1] == list->items[k].lat;
                if (!again && network_add_vertex(n, list->items[k].lon, list->items[k].lat) == SIZE_MAX) return false;
            }
        }
        *whole = (line){.first = first, .count = n->vertex_count - first};
    }
    return true;
}

eb_status network_add_crossings(eb_network *n, const eb_env *env, eb_error *err)
{
    additions list = {0};
    eb_status status = find_crossings(n, &list, env, err);
    if (status == EB_OK && list.count) {
        qsort(list.items, list.count, sizeof *list.items, compare_additions);
        if (!rebuild_lines(n, &list)) status = eb_error_memory(err);
    }
    free(list.items);
    return status;
}
