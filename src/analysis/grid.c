#include "analysis/grid.h"

#include <math.h>
#include <stdlib.h>

/* Squares a question may look at; larger boxes go the long way. */
enum { MOST_SQUARES = 4096 };

/* How far beside an edge squares are marked, as a part of a square: far more than rounding can move anything. */
static const double margin = 1e-6;

size_t eb_grid_squares(size_t vertices)
{
    const size_t least = 1u << 14, most = 1u << 20;
    return vertices >= most / 64 ? most : vertices * 64 > least ? vertices * 64 : least;
}

eb_status eb_grid_new(const double box[4], size_t squares, int32_t label, eb_grid *grid, eb_error *err)
{
    double width = fmax(box[2] - box[0], 1e-3), height = fmax(box[3] - box[1], 1e-3);
    double columns = fmin(fmax(sqrt((double)squares * width / height), 1), (double)squares);
    *grid = (eb_grid){.west = box[0], .south = box[1], .columns = (size_t)columns};
    grid->rows = squares / grid->columns > 0 ? squares / grid->columns : 1;
    grid->dx = width / (double)grid->columns;
    grid->dy = height / (double)grid->rows;
    grid->labels = malloc(grid->columns * grid->rows * sizeof *grid->labels);
    if (!grid->labels) return eb_error_memory(err);
    for (size_t i = 0; i < grid->columns * grid->rows; i++) grid->labels[i] = label;
    return EB_OK;
}

void eb_grid_clear(eb_grid *grid)
{
    free(grid->labels);
    *grid = (eb_grid){0};
}

/* Number of the square that @p at (in squares) falls into, kept within 0 … count-1. */
static size_t clamp(double at, size_t count)
{
    return at <= 0 ? 0 : at >= (double)count ? count - 1 : (size_t)at;
}

/* Mark what an edge meets; coordinates in squares. */
static void mark_edge(eb_grid *grid, double x0, double y0, double x1, double y1)
{
    if (y0 > y1) {
        double x = x0, y = y0;
        x0 = x1, y0 = y1;
        x1 = x, y1 = y;
    }
    if (y1 < -margin || y0 > (double)grid->rows + margin) return;
    size_t first = clamp(y0 - margin, grid->rows), last = clamp(y1 + margin, grid->rows);
    double slope = y1 > y0 ? (x1 - x0) / (y1 - y0) : 0;
    for (size_t row = first; row <= last; row++) {
        double low = fmax(y0, (double)row - margin), high = fmin(y1, (double)row + 1 + margin);
        double a = y1 > y0 ? x0 + (low - y0) * slope : x0, b = y1 > y0 ? x0 + (high - y0) * slope : x1;
        double west = fmax(fmin(a, b), fmin(x0, x1)) - margin, east = fmin(fmax(a, b), fmax(x0, x1)) + margin;
        if (east < 0 || west > (double)grid->columns) continue;
        int32_t *labels = grid->labels + row * grid->columns;
        for (size_t i = clamp(west, grid->columns), end = clamp(east, grid->columns); i <= end; i++) labels[i] = EB_GRID_MIXED;
    }
}

void eb_grid_mark(eb_grid *grid, const eb_rings *rings)
{
    for (size_t r = 0; r < rings->count; r++) {
        const double *xy = rings->xy + 2 * rings->rings[r].first;
        size_t count = rings->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count; j = i++)
            mark_edge(grid, (xy[2 * j] - grid->west) / grid->dx, (xy[2 * j + 1] - grid->south) / grid->dy,
                      (xy[2 * i] - grid->west) / grid->dx, (xy[2 * i + 1] - grid->south) / grid->dy);
    }
}

/* Where the middles of the rows meet the edges of a shape, row by row. */
typedef struct crossings {
    size_t *starts; /* rows + 1 */
    double *x;      /* in squares */
} crossings;

/* Visit every crossing of an edge with a row's middle: counted where c->x is NULL, else put in its place. */
static void cross_edge(const eb_grid *grid, crossings *c, double x0, double y0, double x1, double y1)
{
    double low = fmin(y0, y1) - 0.5, high = fmax(y0, y1) - 0.5;
    double from = ceil(fmax(low, 0));
    for (double row = from; row < high && row < (double)grid->rows; row++) {
        size_t at = (size_t)row;
        if (c->x) c->x[c->starts[at]] = x0 + (x1 - x0) * ((row + 0.5 - y0) / (y1 - y0));
        c->starts[at]++;
    }
}

static void cross_all(const eb_grid *grid, crossings *c, const eb_rings *rings)
{
    for (size_t r = 0; r < rings->count; r++) {
        const double *xy = rings->xy + 2 * rings->rings[r].first;
        size_t count = rings->rings[r].count;
        for (size_t i = 0, j = count - 1; i < count; j = i++)
            cross_edge(grid, c, (xy[2 * j] - grid->west) / grid->dx, (xy[2 * j + 1] - grid->south) / grid->dy,
                       (xy[2 * i] - grid->west) / grid->dx, (xy[2 * i + 1] - grid->south) / grid->dy);
    }
}

static int by_value(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return p < q ? -1 : p > q;
}

static void fill_row(eb_grid *grid, size_t row, double *x, size_t count, int32_t label)
{
    int32_t *labels = grid->labels + row * grid->columns;
    qsort(x, count, sizeof *x, by_value);
    for (size_t k = 0; k + 1 < count; k += 2) {
        double from = ceil(fmax(x[k] - 0.5, 0)), to = fmin(x[k + 1] - 0.5, (double)grid->columns - 1);
        if (to < from) continue;
        for (size_t i = (size_t)from; i <= (size_t)to; i++)
            if (labels[i] != EB_GRID_MIXED) labels[i] = label;
    }
}

eb_status eb_grid_fill(eb_grid *grid, const eb_rings *rings, int32_t label, eb_error *err)
{
    crossings c = {.starts = calloc(grid->rows + 1, sizeof(size_t))};
    if (!c.starts) return eb_error_memory(err);
    cross_all(grid, &c, rings);
    size_t total = 0;
    for (size_t row = 0; row <= grid->rows; row++) {
        size_t here = c.starts[row];
        c.starts[row] = total;
        total += here;
    }
    c.x = malloc((total ? total : 1) * sizeof *c.x);
    if (!c.x) {
        free(c.starts);
        return eb_error_memory(err);
    }
    cross_all(grid, &c, rings); /* each start has moved on to the next row's start */
    for (size_t row = 0; row < grid->rows; row++) {
        size_t from = row > 0 ? c.starts[row - 1] : 0;
        fill_row(grid, row, c.x + from, c.starts[row] - from, label);
    }
    free(c.x);
    free(c.starts);
    return EB_OK;
}

int32_t eb_grid_label(const eb_grid *grid, const double box[4])
{
    double west = (box[0] - grid->west) / grid->dx, east = (box[2] - grid->west) / grid->dx;
    double south = (box[1] - grid->south) / grid->dy, north = (box[3] - grid->south) / grid->dy;
    if (!(west >= 0 && south >= 0 && east < (double)grid->columns && north < (double)grid->rows)) return EB_GRID_MIXED;
    size_t i0 = (size_t)west, i1 = (size_t)east, j0 = (size_t)south, j1 = (size_t)north;
    if ((i1 - i0 + 1) * (j1 - j0 + 1) > MOST_SQUARES) return EB_GRID_MIXED;
    int32_t label = grid->labels[j0 * grid->columns + i0];
    for (size_t j = j0; j <= j1; j++)
        for (size_t i = i0; i <= i1; i++)
            if (grid->labels[j * grid->columns + i] != label) return EB_GRID_MIXED;
    return label;
}
