/*
 * A proof of validity that costs about a microsecond for a parcel: all pairs of edges whose boxes touch, found through boxes of
 * consecutive edges, must lie apart by an orientation test that rounding cannot turn.
 */
#include "geom/rings.h"

#include <math.h>

enum { BLOCK = 8, MOST_EDGES = 2048, MOST_RINGS = 32 };

typedef struct span {
    double west, south, east, north;
} span;

typedef struct edges {
    const double *xy;
    size_t count;
    uint16_t next[MOST_EDGES]; /* edge i goes from point i to point next[i], and edge next[i] goes on from there */
    span boxes[MOST_EDGES];
    span blocks[MOST_EDGES / BLOCK + 1];
} edges;

/* Sign of the turn a-b-c: 1, -1, or 0 where rounding could decide it. */
static int turn(const double *a, const double *b, const double *c)
{
    double left = (a[0] - c[0]) * (b[1] - c[1]), right = (a[1] - c[1]) * (b[0] - c[0]), det = left - right;
    double bound = 3.3306690738754716e-16 * (fabs(left) + fabs(right));
    return det > bound ? 1 : det < -bound ? -1 : 0;
}

/* Without branches: which of the four comparisons fails is anyone's guess, and a wrong guess costs more than all four. */
static bool meet(const span *a, const span *b)
{
    return (a->west <= b->east) & (b->west <= a->east) & (a->south <= b->north) & (b->south <= a->north);
}

/* Comparisons rather than fmin(): the coordinates are finite, and a call for each would cost more than the rest. */
static span span_of(const double *a, const double *b)
{
    const bool east = a[0] < b[0], north = a[1] < b[1];
    return (span){east ? a[0] : b[0], north ? a[1] : b[1], east ? b[0] : a[0], north ? b[1] : a[1]};
}

static void widen(span *into, const span *by)
{
    if (by->west < into->west) into->west = by->west;
    if (by->south < into->south) into->south = by->south;
    if (by->east > into->east) into->east = by->east;
    if (by->north > into->north) into->north = by->north;
}

static void fill(edges *e, const eb_rings *rings)
{
    e->xy = rings->xy;
    e->count = rings->points;
    for (size_t r = 0; r < rings->count; r++) {
        const eb_ring *ring = &rings->rings[r];
        for (size_t i = 0; i + 1 < ring->count; i++) e->next[ring->first + i] = (uint16_t)(ring->first + i + 1);
        e->next[ring->first + ring->count - 1] = (uint16_t)ring->first;
    }
    for (size_t i = 0; i < e->count; i++) {
        e->boxes[i] = span_of(e->xy + 2 * i, e->xy + 2 * (size_t)e->next[i]);
        if (i % BLOCK == 0)
            e->blocks[i / BLOCK] = e->boxes[i];
        else
            widen(&e->blocks[i / BLOCK], &e->boxes[i]);
    }
}

/* Neighbours share a point; they share no more unless the second turns straight back. */
static bool neighbours_part(const edges *e, size_t first, size_t second)
{
    const double *a = e->xy + 2 * first, *b = e->xy + 2 * second, *c = e->xy + 2 * (size_t)e->next[second];
    if (turn(a, b, c) != 0) return true;
    return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0;
}

static bool lie_apart(const edges *e, size_t i, size_t j)
{
    if (e->next[i] == j) return neighbours_part(e, i, j);
    if (e->next[j] == i) return neighbours_part(e, j, i);
    const double *a = e->xy + 2 * i, *b = e->xy + 2 * (size_t)e->next[i], *c = e->xy + 2 * j, *d = e->xy + 2 * (size_t)e->next[j];
    int side = turn(a, b, c);
    if (side != 0 && side == turn(a, b, d)) return true;
    side = turn(c, d, a);
    return side != 0 && side == turn(c, d, b);
}

static bool blocks_apart(const edges *e, size_t p, size_t q)
{
    size_t p_end = (p + 1) * BLOCK < e->count ? (p + 1) * BLOCK : e->count;
    size_t q_end = (q + 1) * BLOCK < e->count ? (q + 1) * BLOCK : e->count;
    for (size_t i = p * BLOCK; i < p_end; i++) {
        if (!meet(&e->boxes[i], &e->blocks[q])) continue;
        for (size_t j = p == q ? i + 1 : q * BLOCK; j < q_end; j++)
            if (meet(&e->boxes[i], &e->boxes[j]) && !lie_apart(e, i, j)) return false;
    }
    return true;
}

static bool all_apart(const edges *e)
{
    size_t blocks = (e->count + BLOCK - 1) / BLOCK;
    for (size_t p = 0; p < blocks; p++)
        for (size_t q = p; q < blocks; q++)
            if (meet(&e->blocks[p], &e->blocks[q]) && !blocks_apart(e, p, q)) return false;
    return true;
}

/* 1: the point is inside the ring, 0: outside, -1: rounding could decide it. */
static int inside(const eb_rings *rings, const eb_ring *ring, const double *point)
{
    const double *xy = rings->xy + 2 * ring->first;
    int crossings = 0;
    for (size_t i = 0, j = ring->count - 1; i < ring->count; j = i++) {
        const double *a = xy + 2 * j, *b = xy + 2 * i;
        bool up = a[1] <= point[1] && b[1] > point[1], down = b[1] <= point[1] && a[1] > point[1];
        if (!up && !down) continue;
        int side = up ? turn(a, b, point) : turn(b, a, point);
        if (side == 0) return -1;
        crossings += side > 0;
    }
    return crossings & 1;
}

/* What ring r must find of ring s, when no two rings touch: a hole lies in its shell, and otherwise nothing lies in anything. */
static bool nested_right(const eb_rings *rings, const eb_ring *r, const eb_ring *s)
{
    int found = inside(rings, s, rings->xy + 2 * r->first);
    if (r->polygon == s->polygon) return found == (r->hole && !s->hole);
    /* A part inside another's hole is fine, but it takes the whole polygon to tell: left to the full check. */
    return found == 0;
}

static void centroid_of(const double *xy, size_t count, double centre[2])
{
    double sum = 0, x = 0, y = 0;
    for (size_t i = 1; i + 1 < count; i++) {
        const double ax = xy[2 * i] - xy[0], ay = xy[2 * i + 1] - xy[1], bx = xy[2 * i + 2] - xy[0], by = xy[2 * i + 3] - xy[1];
        const double twice = ax * by - ay * bx;
        sum += twice;
        x += (ax + bx) * twice;
        y += (ay + by) * twice;
    }
    centre[0] = xy[0] + x / (3 * sum);
    centre[1] = xy[1] + y / (3 * sum);
}

/*
 * Most parcels are star-shaped: seen from the centroid every edge runs to the left, and all of them once round. Such a ring cannot
 * touch itself, which takes one look at each edge instead of one at each pair.
 */
static bool star_shaped(const double *xy, size_t count)
{
    double centre[2];
    size_t risings = 0; /* edges that cross the ray to the east: one a round */
    centroid_of(xy, count, centre);
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        if (turn(xy + 2 * j, xy + 2 * i, centre) != 1) return false;
        risings += xy[2 * j + 1] < centre[1] && xy[2 * i + 1] >= centre[1];
    }
    return risings == 1;
}

bool eb_rings_proven_valid(const eb_rings *rings)
{
    if (rings->count == 1 && !rings->degenerate && !rings->rings[0].hole && star_shaped(rings->xy, rings->points)) return true;
    if (rings->degenerate || rings->count == 0 || rings->count > MOST_RINGS || rings->points > MOST_EDGES) return false;
    edges e;
    fill(&e, rings);
    if (!all_apart(&e)) return false;
    for (size_t r = 0; r < rings->count; r++)
        for (size_t s = 0; s < rings->count; s++)
            if (r != s && !nested_right(rings, &rings->rings[r], &rings->rings[s])) return false;
    /* A polygon whose shell was dropped as degenerate never gets here; a hole without a shell would. */
    for (size_t r = 0; r < rings->count; r++)
        if (rings->rings[r].hole && (r == 0 || rings->rings[r].polygon != rings->rings[r - 1].polygon)) return false;
    return true;
}
