/* Pieces of lines and points, out of the stretches that eb_lines_share() gave out. */
#include "analysis/overlay/overlay.h"
#include "base/array.h"

#include <math.h>
#include <string.h>

/* The promise, as for areas: lengths of the pieces and of the whole differ by no more than this part. */
static const double promise = 1e-9;

/* Does stretch @p i go on where the one before it ends? */
static bool goes_on(const eb_lines *l, const eb_stretch *s)
{
    const eb_stretch *before = s - 1;
    if (s->edge == before->edge) return s->from == before->to;
    return s->edge == before->edge + 1 && before->to == 1 && s->from == 0 &&
           l->edges.list[s->edge].part == l->edges.list[before->edge].part;
}

/* The end of the run of stretches that begins at @p i, before @p end. */
static size_t run_end(const eb_lines *l, size_t i, size_t end, int dimension)
{
    for (i++; i < end && dimension == 1 && goes_on(l, &l->stretches[i]);) i++;
    return i;
}

static double size_of(const eb_lines *l, size_t begin, size_t end)
{
    double size = 0;
    for (size_t i = begin; i < end; i++) size += l->stretches[i].size;
    return size;
}

/* What the stretches measure in the plane. */
static double plane_length_of(const eb_lines *l, size_t begin, size_t end)
{
    double length = 0;
    for (size_t i = begin; i < end; i++) length += (l->stretches[i].to - l->stretches[i].from) * l->edges.list[l->stretches[i].edge].length;
    return length;
}

/* Are these stretches all of the feature? */
static bool is_whole(const eb_lines *l, size_t begin, size_t end)
{
    size_t edges = 0;
    for (size_t i = begin; i < end; i++) {
        const eb_stretch *s = &l->stretches[i];
        if (s->from > 0 && (i == begin || !(s[-1].edge == s->edge && s[-1].to == s->from))) return false;
        edges += s->to == 1;
    }
    return edges == l->edges.count;
}

typedef struct writer {
    eb_lines *lines;
    size_t size;
} writer;

static bool put(writer *w, const void *data, size_t size)
{
    if (!eb_array_reserve(&w->lines->bytes, &w->lines->byte_capacity, w->size + size, 1)) return false;
    memcpy(w->lines->bytes + w->size, data, size);
    w->size += size;
    return true;
}

static bool put_header(writer *w, uint32_t kind)
{
    const uint8_t little = 1;
    return put(w, &little, 1) && put(w, &kind, sizeof kind);
}

static bool put_place(writer *w, const eb_line_edge *e, double t)
{
    double place[2] = {e->x[t == 1], e->y[t == 1]};
    if (t > 0 && t < 1) place[0] = e->x[0] + t * (e->x[1] - e->x[0]), place[1] = e->y[0] + t * (e->y[1] - e->y[0]);
    return put(w, place, sizeof place);
}

/* A run as a line: its beginning, the vertices it passes, its end. */
static bool put_run(writer *w, size_t begin, size_t end)
{
    const eb_lines *l = w->lines;
    const eb_stretch *s = l->stretches;
    uint32_t count = 2;
    for (size_t i = begin; i + 1 < end; i++) count += s[i].edge != s[i + 1].edge;
    bool ok = put_header(w, EB_SHAPE_LINE) && put(w, &count, sizeof count) && put_place(w, &l->edges.list[s[begin].edge], s[begin].from);
    for (size_t i = begin; i + 1 < end && ok; i++)
        if (s[i].edge != s[i + 1].edge) ok = put_place(w, &l->edges.list[s[i].edge], 1);
    return ok && put_place(w, &l->edges.list[s[end - 1].edge], s[end - 1].to);
}

/* The stretches as a multi shape. */
static eb_status make_shape(eb_overlay_worker *worker, size_t begin, size_t end, int dimension, eb_shape **out, eb_error *err)
{
    eb_lines *l = &worker->lines;
    writer w = {.lines = l};
    uint32_t runs = 0;
    for (size_t i = begin; i < end; i = run_end(l, i, end, dimension)) runs++;
    bool ok = put_header(&w, dimension == 1 ? EB_SHAPE_MULTILINE : EB_SHAPE_MULTIPOINT) && put(&w, &runs, sizeof runs);
    for (size_t i = begin, next; i < end && ok; i = next) {
        next = run_end(l, i, end, dimension);
        ok = dimension == 1 ? put_run(&w, i, next)
                            : put_header(&w, EB_SHAPE_POINT) && put_place(&w, &l->edges.list[l->stretches[i].edge], 0);
    }
    return ok ? eb_shape_read(worker->geos, (eb_wkb){l->bytes, w.size}, out, err) : eb_error_memory(err);
}

/* The stretches of one polygon, or of none, as a piece; its length in the plane by GEOS is held against that of the stretches. */
static eb_status add_group(const eb_overlay_wish *wish, eb_overlay_worker *w, size_t begin, size_t end, eb_overlay_sizes *sizes,
                           eb_error *err)
{
    eb_lines *l = &w->lines;
    eb_shape *shape = NULL;
    eb_status status = EB_OK;
    const size_t other = l->stretches[begin].other;
    const double size = size_of(l, begin, end);
    if (other == SIZE_MAX ? !wish->rest : !wish->shared) return EB_OK;
    if (other == SIZE_MAX) sizes->rest = size;
    if (!is_whole(l, begin, end)) status = make_shape(w, begin, end, wish->dimension, &shape, err);
    if (status == EB_OK && shape && wish->dimension == 1)
        sizes->residual += fabs(eb_shape_length(w->geos, shape) - plane_length_of(l, begin, end));
    return status == EB_OK ? eb_overlay_add_piece(w, other, shape, size, err) : status;
}

eb_status eb_overlay_simple(const eb_overlay_wish *wish, eb_overlay_worker *w, eb_wkb bytes, const double *lengths_m,
                            eb_overlay_sizes *sizes, eb_error *err)
{
    eb_lines *l = &w->lines;
    eb_status status = eb_lines_read(l, bytes, wish->dimension, lengths_m, err);
    if (status == EB_OK) status = eb_lines_share(l, wish->held, wish->dimension, w->truth, &w->ids, &w->id_capacity, err);
    sizes->whole = l->whole;
    for (size_t i = 0, end; i < l->stretch_count && status == EB_OK; i = end) {
        for (end = i + 1; end < l->stretch_count && l->stretches[end].other == l->stretches[i].other;) end++;
        if (l->stretches[i].other != SIZE_MAX) sizes->shared += size_of(l, i, end);
        status = add_group(wish, w, i, end, sizes, err);
    }
    if (status != EB_OK) return status;
    sizes->border = l->border;
    sizes->again = fmax(0, sizes->shared - l->covered);
    if (sizes->again <= promise * l->whole) sizes->again = 0;
    sizes->residual += fabs(l->whole - l->covered - l->rest);
    if (sizes->residual <= promise * l->whole + 1e-6) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "of a length of %.17g overlay shared %.17g and left %.17g", l->whole, l->covered, l->rest);
}
