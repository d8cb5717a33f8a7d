#include "analysis/overlay/overlap_split.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Edges of a tile, of one whose halves were no better, and crossings in it; so few edges that they cannot cross more often; and halvings on
 * the way to a tile that may come to nothing: a bundle that is narrower than its tile is in both halves, however often its length is cut.
 */
enum { TILE_EDGES = 1000, TILE_CROSSINGS = 10000, TWIN_EDGES = 3000, FEW_EDGES = 140, MOST_TWINS = 3 };

/* Of a tile, by as many polygons as it has edges. */
#define TINY_M2 1e-6

void eb_tile_clear(eb_tile *tile)
{
    free(tile->edges);
    free(tile->steps);
    *tile = (eb_tile){0};
}

/* > 0 where the place lies to the left of a -> b, that is above. */
static double side_of(const eb_net_edge *e, double x, double y)
{
    return (e->b[0] - e->a[0]) * (y - e->a[1]) - (e->b[1] - e->a[1]) * (x - e->a[0]);
}

/* Does the edge reach into the box? In doubt it does: rounding must never take one away. */
static bool reaches(const eb_net_edge *e, const double box[4])
{
    if (!(e->a[0] <= box[2] && e->b[0] >= box[0] && fmin(e->a[1], e->b[1]) <= box[3] && fmax(e->a[1], e->b[1]) >= box[1])) return false;
    const double hx = (box[2] - box[0]) / 2, hy = (box[3] - box[1]) / 2, x = box[0] + hx, y = box[1] + hy;
    const double dx = fabs(e->b[0] - e->a[0]), dy = fabs(e->b[1] - e->a[1]);
    const double doubt = 16 * DBL_EPSILON * (dx * (fabs(y) + fabs(e->a[1]) + hy) + dy * (fabs(x) + fabs(e->a[0]) + hx));
    return fabs(side_of(e, x, y)) <= dx * hy + dy * hx + doubt;
}

/* An edge that has to do with the box's columns but does not reach into it: does it lie above? */
static bool is_above(const eb_net_edge *e, const double box[4])
{
    if (e->b[0] <= box[0] || e->a[0] >= box[2] || e->a[0] == e->b[0]) return false;
    if (fmin(e->a[1], e->b[1]) > box[3]) return true;
    return fmax(e->a[1], e->b[1]) >= box[1] && side_of(e, box[0] + (box[2] - box[0]) / 2, box[1] + (box[3] - box[1]) / 2) < 0;
}

static void add_step(eb_tile *tile, double x, long turns)
{
    if (x <= tile->box[0]) tile->above += turns;
    if (x > tile->box[0] && x < tile->box[2]) tile->steps[tile->step_count++] = (eb_tile_step){x, turns};
}

static int by_x(const void *p, const void *q)
{
    const eb_tile_step *a = p, *b = q;
    return (a->x > b->x) - (a->x < b->x);
}

/* In order, those of one place as one: along an outline they come to nothing. */
static void merge_steps(eb_tile *tile)
{
    size_t kept = 0;
    if (tile->step_count > 1) qsort(tile->steps, tile->step_count, sizeof *tile->steps, by_x);
    for (size_t i = 0; i < tile->step_count; i++) {
        if (kept > 0 && tile->steps[kept - 1].x == tile->steps[i].x)
            tile->steps[kept - 1].turns += tile->steps[i].turns;
        else
            tile->steps[kept++] = tile->steps[i];
        if (tile->steps[kept - 1].turns == 0) kept--;
    }
    tile->step_count = kept;
    eb_tile_step *fitting = realloc(tile->steps, (kept + 1) * sizeof *fitting);
    if (fitting) tile->steps = fitting;
}

/* What of @p from's edges and of what lies above it is there in a box within; edges NULL: all of the strip. */
static eb_status take(const eb_net_strip *strip, const eb_tile *from, const double box[4], eb_tile *out, eb_error *err)
{
    size_t inside = 0, above = 0;
    *out = (eb_tile){.above = from->above, .twins = from->twins};
    memcpy(out->box, box, sizeof out->box);
    for (size_t i = 0; i < from->count; i++) {
        const eb_net_edge *e = &strip->edges[from->edges ? from->edges[i] : i];
        if (reaches(e, box))
            inside++;
        else
            above += is_above(e, box);
    }
    out->edges = malloc((inside + 1) * sizeof *out->edges);
    out->steps = calloc(from->step_count + 2 * above + 1, sizeof *out->steps);
    if (!out->edges || !out->steps) return eb_error_memory(err);
    for (size_t i = 0; i < from->step_count; i++) add_step(out, from->steps[i].x, from->steps[i].turns);
    for (size_t i = 0; i < from->count; i++) {
        const size_t number = from->edges ? from->edges[i] : i;
        const eb_net_edge *e = &strip->edges[number];
        if (reaches(e, box)) {
            out->edges[out->count++] = number;
        } else if (is_above(e, box)) {
            add_step(out, e->a[0], e->turns);
            add_step(out, e->b[0], -(long)e->turns);
        }
    }
    merge_steps(out);
    return EB_OK;
}

eb_status eb_tile_whole(const eb_net_strip *strip, const double box[4], eb_tile *out, eb_error *err)
{
    const eb_tile all = {.count = strip->count};
    return take(strip, &all, box, out, err);
}

bool eb_tile_tiny(const eb_tile *tile)
{
    return (tile->box[2] - tile->box[0]) * (tile->box[3] - tile->box[1]) * (double)tile->count <= TINY_M2;
}

/* Where a tile is cut: across its longer side. */
static int longer_side(const double box[4], double *middle)
{
    const int axis = box[2] - box[0] >= box[3] - box[1] ? 0 : 1;
    *middle = box[axis] + (box[axis + 2] - box[axis]) / 2;
    return axis;
}

/* Move one end of from -> to that lies beyond a border onto it. */
static void cut_end(double end[2], const double other[2], const double box[4])
{
    for (int axis = 0; axis < 2; axis++) {
        const double border = end[axis] < box[axis] ? box[axis] : box[axis + 2];
        if (end[axis] >= box[axis] && end[axis] <= box[axis + 2]) continue;
        if ((other[axis] - border) * (end[axis] - border) >= 0) continue;
        end[1 - axis] += (other[1 - axis] - end[1 - axis]) * ((border - end[axis]) / (other[axis] - end[axis]));
        end[axis] = border;
    }
}

void eb_tile_clip(const eb_tile *tile, const eb_net_edge *edge, double from[2], double to[2])
{
    /* Wider than the tile, so that the borders of the tile itself cut what goes on beyond them. */
    const double wx = (tile->box[2] - tile->box[0]) / 8, wy = (tile->box[3] - tile->box[1]) / 8;
    const double box[4] = {tile->box[0] - wx, tile->box[1] - wy, tile->box[2] + wx, tile->box[3] + wy};
    memcpy(from, edge->a, sizeof edge->a);
    memcpy(to, edge->b, sizeof edge->b);
    cut_end(from, edge->b, box);
    cut_end(to, edge->a, box);
}

static bool cross(const eb_tile *tile, const eb_net_edge *p, const eb_net_edge *q)
{
    eb_net_edge c = {0}, d = {0};
    eb_tile_clip(tile, p, c.a, c.b);
    eb_tile_clip(tile, q, d.a, d.b);
    return side_of(&c, d.a[0], d.a[1]) * side_of(&c, d.b[0], d.b[1]) < 0 && side_of(&d, c.a[0], c.a[1]) * side_of(&d, c.b[0], c.b[1]) < 0;
}

/* About how many crossings the tile has, from some pairs of its edges. */
static double guess_crossings(const eb_net_strip *strip, const eb_tile *tile)
{
    static const size_t parts[] = {2, 3, 5, 7};
    const size_t n = tile->count, pairs = 4 * n;
    size_t met = 0;
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        for (size_t i = 0; i < n; i++)
            met += cross(tile, &strip->edges[tile->edges[i]], &strip->edges[tile->edges[(i + n / parts[k]) % n]]);
    return (double)met / (double)pairs * (double)n * (double)n / 2;
}

bool eb_tile_crowded(const eb_net_strip *strip, const eb_tile *tile)
{
    double middle;
    const int axis = longer_side(tile->box, &middle);
    if (tile->count <= FEW_EDGES || tile->twins > MOST_TWINS || eb_tile_tiny(tile)) return false;
    if (!(middle > tile->box[axis] && middle < tile->box[axis + 2])) return false;
    /* What a halving has not parted the next one will not either. */
    const size_t most = tile->twins > 0 ? TWIN_EDGES : TILE_EDGES;
    return tile->count > most || guess_crossings(strip, tile) > TILE_CROSSINGS;
}

eb_status eb_tile_halve(const eb_net_strip *strip, const eb_tile *tile, eb_tile halves[2], eb_error *err)
{
    double middle;
    const int axis = longer_side(tile->box, &middle);
    eb_status status = EB_OK;
    for (int half = 0; half < 2; half++) {
        double box[4];
        memcpy(box, tile->box, sizeof box);
        box[half ? axis : axis + 2] = middle;
        if (status == EB_OK)
            status = take(strip, tile, box, &halves[half], err);
        else
            halves[half] = (eb_tile){0};
    }
    const size_t nearly = tile->count - tile->count / 10;
    const int twins = status == EB_OK && halves[0].count > nearly && halves[1].count > nearly;
    for (int half = 0; half < 2; half++) {
        halves[half].twins += twins;
        if (status != EB_OK) eb_tile_clear(&halves[half]);
    }
    return status;
}

long eb_tile_depth(const eb_net_strip *strip, const eb_tile *tile, double x, double y)
{
    long depth = -tile->above;
    for (size_t i = 0; i < tile->step_count && tile->steps[i].x <= x; i++) depth -= tile->steps[i].turns;
    for (size_t i = 0; i < tile->count; i++) {
        const eb_net_edge *e = &strip->edges[tile->edges[i]];
        if (e->a[0] <= x && x < e->b[0] && side_of(e, x, y) < 0) depth -= e->turns;
    }
    return depth;
}
