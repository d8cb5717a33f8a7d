/*
 * Braids counted once. Lines are arcs between the places where they meet. An arc is a braid of a longer one when it runs from one meeting
 * to another, stays within the distance of longer arcs that count, and its middle is beside one of them rather than past its end (an arc
 * that merely goes on from a longer one is near it too).
 */
#include "analysis/corridor/run.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

typedef struct arc {
    const eb_shape *shape; /* lent */
    double length;
    size_t number;
    double ends[4]; /* x, y of both */
    bool counts;
} arc;

/* A straight part of an arc. */
typedef struct part {
    double ax, ay, bx, by;
    size_t arc; /* place in the order of lengths */
} part;

typedef struct braider {
    eb_geos *geos;
    double distance_m;
    arc *arcs;
    size_t arc_count;
    part *parts;
    size_t part_count, part_capacity;
    double *boxes;
    size_t box_capacity;
    eb_index *index;
    size_t *ids, id_capacity, id_count;
} braider;

static int longest_first(const void *p, const void *q)
{
    const arc *a = p, *b = q;
    if (a->length != b->length) return a->length > b->length ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static eb_status add_part(braider *b, const part *p, eb_error *err)
{
    if (!eb_array_reserve(&b->parts, &b->part_capacity, b->part_count + 1, sizeof *b->parts) ||
        !eb_array_reserve(&b->boxes, &b->box_capacity, b->part_count + 1, 4 * sizeof *b->boxes))
        return eb_error_memory(err);
    double *box = b->boxes + 4 * b->part_count;
    box[0] = fmin(p->ax, p->bx);
    box[1] = fmin(p->ay, p->by);
    box[2] = fmax(p->ax, p->bx);
    box[3] = fmax(p->ay, p->by);
    b->parts[b->part_count++] = *p;
    return EB_OK;
}

/* Call @p visit for each straight part of an arc. */
static eb_status each_part(braider *b, size_t which, eb_status (*visit)(braider *, const part *, eb_error *), eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_wkb_walk walk;
    eb_wkb_part line;
    eb_status status = eb_shape_write(b->geos, b->arcs[which].shape, &data, &size, err);
    for (eb_wkb_begin(&walk, (eb_wkb){data, size}); status == EB_OK && eb_wkb_next(&walk, &line);) {
        part p = {.arc = which};
        for (size_t i = 0; status == EB_OK && i + 1 < line.count; i++) {
            eb_wkb_xy(&line, i, &p.ax, &p.ay);
            eb_wkb_xy(&line, i + 1, &p.bx, &p.by);
            status = visit(b, &p, err);
        }
        if (line.count > 1) {
            double *ends = b->arcs[which].ends;
            eb_wkb_xy(&line, 0, &ends[0], &ends[1]);
            eb_wkb_xy(&line, line.count - 1, &ends[2], &ends[3]);
        }
    }
    free(data);
    return status;
}

/* Distance from a place to the longer arcs that count, INFINITY beyond the wanted one; is it the end of its arc rather than its side? */
static eb_status nearest_longer(braider *b, size_t which, double x, double y, double *distance, bool *past_end, eb_error *err)
{
    double d = b->distance_m, box[4] = {x - d, y - d, x + d, y + d};
    *distance = INFINITY;
    *past_end = true;
    eb_status status = eb_index_query(b->index, box, &b->ids, &b->id_capacity, &b->id_count, err);
    for (size_t i = 0; status == EB_OK && i < b->id_count; i++) {
        const part *p = &b->parts[b->ids[i]];
        if (p->arc >= which || !b->arcs[p->arc].counts) continue;
        double dx = p->bx - p->ax, dy = p->by - p->ay, l2 = dx * dx + dy * dy;
        double t = l2 > 0 ? fmin(fmax(((x - p->ax) * dx + (y - p->ay) * dy) / l2, 0), 1) : 0;
        double nx = p->ax + t * dx, ny = p->ay + t * dy, away = hypot(x - nx, y - ny);
        const double *ends = b->arcs[p->arc].ends;
        if (away > d || away >= *distance) continue;
        *distance = away;
        *past_end = fmin(hypot(nx - ends[0], ny - ends[1]), hypot(nx - ends[2], ny - ends[3])) <= away;
    }
    return status;
}

/* Does another arc meet an end of this one? */
static bool meets(const braider *b, size_t which, int end)
{
    const double *e = b->arcs[which].ends + 2 * (ptrdiff_t)end;
    for (size_t i = 0; i < b->arc_count; i++) {
        const double *f = b->arcs[i].ends;
        if (i != which && ((f[0] == e[0] && f[1] == e[1]) || (f[2] == e[0] && f[3] == e[1]))) return true;
    }
    return false;
}

/* Is the whole arc near longer ones, and its middle beside one? */
static eb_status is_braid(braider *b, size_t which, bool *out, eb_error *err)
{
    double length = b->arcs[which].length, gone = 0, distance;
    bool past_end, beside = false;
    size_t first = 0;
    *out = meets(b, which, 0) && meets(b, which, 1);
    while (first < b->part_count && b->parts[first].arc != which) first++;
    eb_status status = EB_OK;
    for (size_t i = first; status == EB_OK && *out && i < b->part_count && b->parts[i].arc == which; i++) {
        const part *p = &b->parts[i];
        double l = hypot(p->bx - p->ax, p->by - p->ay), steps = ceil(l / (b->distance_m / 4)) + 1;
        for (double k = 0; status == EB_OK && *out && k <= steps; k++) {
            double at = gone + l * k / steps;
            status = nearest_longer(b, which, p->ax + (p->bx - p->ax) * k / steps, p->ay + (p->by - p->ay) * k / steps, &distance,
                                    &past_end, err);
            *out = isfinite(distance);
            if (!past_end && at > length / 3 && at < length * 2 / 3) beside = true;
        }
        gone += l;
    }
    *out = *out && beside;
    return status;
}

static eb_status make_ready(braider *b, const eb_shape *lines, eb_error *err)
{
    b->arc_count = eb_shape_part_count(b->geos, lines);
    b->arcs = calloc(b->arc_count + 1, sizeof *b->arcs);
    if (!b->arcs) return eb_error_memory(err);
    for (size_t i = 0; i < b->arc_count; i++) {
        const eb_shape *shape = eb_shape_part_at(b->geos, lines, i);
        b->arcs[i] = (arc){.shape = shape, .length = eb_shape_length(b->geos, shape), .number = i, .counts = true};
    }
    qsort(b->arcs, b->arc_count, sizeof *b->arcs, longest_first);
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i < b->arc_count; i++) status = each_part(b, i, add_part, err);
    return status == EB_OK ? eb_index_new(b->boxes, b->part_count, &b->index, err) : status;
}

static eb_status collect(const braider *b, eb_shape **out, eb_error *err)
{
    eb_shape **kept = calloc(b->arc_count + 1, sizeof(eb_shape *));
    size_t count = 0;
    eb_status status = kept ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < b->arc_count; i++) {
        if (b->arcs[i].counts) status = eb_shape_copy(b->geos, b->arcs[i].shape, &kept[count++], err);
    }
    if (status == EB_OK)
        status = eb_shape_collect(b->geos, kept, count, out, err);
    else
        for (size_t i = 0; kept && i < count; i++) eb_shape_free(b->geos, kept[i]);
    free(kept);
    return status;
}

eb_status eb_corridor_drop_braids(eb_geos *geos, const eb_shape *lines, double distance_m, eb_shape **out, eb_error *err)
{
    braider b = {.geos = geos, .distance_m = distance_m};
    *out = NULL;
    eb_status status = make_ready(&b, lines, err);
    for (size_t i = 1; status == EB_OK && i < b.arc_count; i++) {
        bool braid = false;
        status = is_braid(&b, i, &braid, err);
        b.arcs[i].counts = !braid;
    }
    if (status == EB_OK) status = collect(&b, out, err);
    free(b.arcs);
    free(b.parts);
    free(b.boxes);
    free(b.ids);
    eb_index_free(b.index);
    return status;
}
