/* Lines that are meant to bound areas: ends that meet nothing, and crossings without a common point. */
#include "analysis/quality/check_run.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct eb_segment {
    double ax, ay, bx, by;
    int64_t fid;
    size_t line;  /* number of the line over all features */
    size_t place; /* of the segment in its line */
} segment;

typedef struct net {
    const segment *list;
    size_t count;
    eb_index *index;
    size_t *ids, ids_capacity;
} net;

static bool add_line(eb_check_net *n, const eb_wkb_part *part, int64_t fid, size_t line)
{
    for (size_t k = 0; k + 1 < part->count; k++) {
        segment s = {.fid = fid, .line = line, .place = k};
        eb_wkb_xy(part, k, &s.ax, &s.ay);
        eb_wkb_xy(part, k + 1, &s.bx, &s.by);
        if (s.ax == s.bx && s.ay == s.by) continue;
        if (!eb_array_reserve(&n->list, &n->capacity, n->count + 1, sizeof *n->list)) return false;
        n->list[n->count++] = s;
    }
    return true;
}

eb_status eb_check_net_take(eb_check_net *n, const eb_batch *batch, size_t i, eb_error *err)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, eb_batch_shape_at(batch, i));
    while (eb_wkb_next(&walk, &part))
        if (part.kind == EB_SHAPE_LINE && !add_line(n, &part, batch->fids[i], n->lines++)) return eb_error_memory(err);
    return EB_OK;
}

void eb_check_net_clear(eb_check_net *n)
{
    free(n->list);
    *n = (eb_check_net){0};
}

static eb_status make_index(net *n, eb_error *err)
{
    double *boxes = malloc((n->count + 1) * 4 * sizeof *boxes);
    if (!boxes) return eb_error_memory(err);
    for (size_t k = 0; k < n->count; k++) {
        const segment *s = &n->list[k];
        const double box[4] = {fmin(s->ax, s->bx), fmin(s->ay, s->by), fmax(s->ax, s->bx), fmax(s->ay, s->by)};
        memcpy(boxes + 4 * k, box, sizeof box);
    }
    eb_status status = eb_index_new(boxes, n->count, &n->index, err);
    free(boxes);
    return status;
}

static double side(const segment *s, double x, double y)
{
    return (s->bx - s->ax) * (y - s->ay) - (x - s->ax) * (s->by - s->ay);
}

static bool touches(const segment *s, double x, double y)
{
    if (side(s, x, y) != 0) return false;
    return x >= fmin(s->ax, s->bx) && x <= fmax(s->ax, s->bx) && y >= fmin(s->ay, s->by) && y <= fmax(s->ay, s->by);
}

/* Do they cross inside both? */
static bool crosses(const segment *p, const segment *q, double *x, double *y)
{
    double a = side(p, q->ax, q->ay), b = side(p, q->bx, q->by), c = side(q, p->ax, p->ay), d = side(q, p->bx, p->by);
    if (!((a > 0 && b < 0) || (a < 0 && b > 0)) || !((c > 0 && d < 0) || (c < 0 && d > 0))) return false;
    double t = a / (a - b);
    *x = q->ax + t * (q->bx - q->ax);
    *y = q->ay + t * (q->by - q->ay);
    return true;
}

static eb_status find_crossings(net *n, const char *layer, eb_findings *findings, eb_error *err)
{
    for (size_t k = 0; k < n->count; k++) {
        const segment *s = &n->list[k];
        const double box[4] = {fmin(s->ax, s->bx), fmin(s->ay, s->by), fmax(s->ax, s->bx), fmax(s->ay, s->by)};
        size_t count = 0;
        eb_status status = eb_index_query(n->index, box, &n->ids, &n->ids_capacity, &count, err);
        if (status) return status;
        for (size_t m = 0; m < count; m++) {
            double x, y;
            const segment *other = &n->list[n->ids[m]];
            if (n->ids[m] <= k || !crosses(s, other, &x, &y)) continue;
            eb_finding *found = other->fid == s->fid
                                    ? eb_findings_add(findings, EB_FIND_CROSSING, layer, s->fid, x, y, "the line crosses itself")
                                    : eb_findings_add(findings, EB_FIND_CROSSING, layer, s->fid, x, y,
                                                      "crosses the line of feature %" PRId64 " without a common point", other->fid);
            if (!found) return eb_error_memory(err);
            if (other->fid != s->fid) found->other_fid = other->fid;
        }
    }
    return EB_OK;
}

/* An end is loose where no other line, and no other part of its own, touches it. */
static eb_status look_at_end(net *n, size_t k, double x, double y, const char *layer, eb_findings *findings, eb_error *err)
{
    const double box[4] = {x, y, x, y};
    size_t count = 0;
    eb_status status = eb_index_query(n->index, box, &n->ids, &n->ids_capacity, &count, err);
    for (size_t m = 0; !status && m < count; m++)
        if (n->ids[m] != k && touches(&n->list[n->ids[m]], x, y)) return EB_OK;
    if (!status && !eb_findings_add(findings, EB_FIND_DANGLE, layer, n->list[k].fid, x, y, "the line ends here and meets nothing"))
        status = eb_error_memory(err);
    return status;
}

static eb_status find_dangles(net *n, const char *layer, eb_findings *findings, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t k = 0; !status && k < n->count; k++) {
        const segment *s = &n->list[k];
        bool first = k == 0 || n->list[k - 1].line != s->line, last = k + 1 == n->count || n->list[k + 1].line != s->line;
        if (first) status = look_at_end(n, k, s->ax, s->ay, layer, findings, err);
        if (!status && last) status = look_at_end(n, k, s->bx, s->by, layer, findings, err);
    }
    return status;
}

eb_status eb_check_net_finish(const eb_check_net *taken, eb_check_run *run, eb_error *err)
{
    net n = {.list = taken->list, .count = taken->count};
    const char *name = run->schema->name;
    eb_status status = make_index(&n, err);
    if (!status) status = find_crossings(&n, name, run->findings, err);
    if (!status) status = find_dangles(&n, name, run->findings, err);
    eb_index_free(n.index);
    free(n.ids);
    return status;
}
