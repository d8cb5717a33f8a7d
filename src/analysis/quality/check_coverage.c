/*
 * Polygons that are meant to tile. In a sound coverage each edge belongs to two neighbours that run it in opposite directions, or lies on
 * the outline. Crossing a paired edge leaves the sum of all winding numbers as it is, and a valid polygon winds 0 or 1 times, so where all
 * edges are paired and all polygons valid, each place is covered once. So the edges without a partner and the edges of invalid polygons
 * bound every overlap and every gap. They are few: they are noded, and the faces they make are counted by how many polygons wind around
 * them.
 */
#include "analysis/quality/check.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Directed uses of an edge, by the hash of its two ends. */
typedef struct edge {
    uint64_t key;
    uint32_t forward, backward;
} edge;

typedef struct edges {
    edge *table;
    size_t mask;
} edges;

static uint64_t mix(uint64_t h)
{
    /* finaliser of MurmurHash3, A. Appleby */
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

static uint64_t place_key(double x, double y)
{
    uint64_t a, b;
    x += 0.0; /* -0 and 0 are one place */
    y += 0.0;
    memcpy(&a, &x, 8);
    memcpy(&b, &y, 8);
    return mix(a ^ mix(b + 0x9e3779b97f4a7c15ULL));
}

static edge *find_edge(const edges *all, uint64_t a, uint64_t b)
{
    uint64_t low = a < b ? a : b, high = a < b ? b : a, key = mix(low ^ mix(high));
    if (key == 0) key = 1;
    size_t at = (size_t)key & all->mask;
    while (all->table[at].key && all->table[at].key != key) at = (at + 1) & all->mask;
    all->table[at].key = key;
    return &all->table[at];
}

/* Calls for each edge of a polygonal shape; stops on failure. */
typedef bool (*edge_visit)(void *user, double ax, double ay, double bx, double by);

static bool each_edge(eb_wkb shape, edge_visit visit, void *user)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double sum = 0, ax, ay, bx, by, x0, y0;
        if (part.kind != EB_SHAPE_POLYGON || part.count < 2) continue;
        eb_wkb_xy(&part, 0, &x0, &y0);
        for (size_t k = 0; k + 1 < part.count; k++) {
            eb_wkb_xy(&part, k, &ax, &ay);
            eb_wkb_xy(&part, k + 1, &bx, &by);
            sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
        }
        /* all polygons to the left of their edges, whatever way the rings run in the file */
        bool back = (part.ring == 0) != (sum > 0);
        for (size_t k = 0; k + 1 < part.count; k++) {
            eb_wkb_xy(&part, k, &ax, &ay);
            eb_wkb_xy(&part, k + 1, &bx, &by);
            if (ax == bx && ay == by) continue;
            if (!(back ? visit(user, bx, by, ax, ay) : visit(user, ax, ay, bx, by))) return false;
        }
    }
    return true;
}

static bool count_edge(void *user, double ax, double ay, double bx, double by)
{
    uint64_t a = place_key(ax, ay), b = place_key(bx, by);
    edge *e = find_edge(user, a, b);
    if (a < b)
        e->forward++;
    else
        e->backward++;
    return true;
}

/* The edges that bound what may be wrong, as lines. */
typedef struct loose {
    const edges *all;
    eb_geos *geos;
    eb_shape **lines;
    size_t count, capacity;
    eb_error *err;
    int64_t *invalid; /* ids of invalid features, ascending */
    size_t invalid_count;
    bool all_edges; /* of the feature in hand */
} loose;

static bool take_loose(void *user, double ax, double ay, double bx, double by)
{
    loose *l = user;
    const edge *e = find_edge(l->all, place_key(ax, ay), place_key(bx, by));
    if (e->forward == 1 && e->backward == 1 && !l->all_edges) return true;
    uint8_t bytes[41] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    const double xy[4] = {ax, ay, bx, by};
    memcpy(bytes + 9, xy, sizeof xy);
    if (!eb_array_reserve(&l->lines, &l->capacity, l->count + 1, sizeof *l->lines)) return false;
    if (eb_shape_read(l->geos, (eb_wkb){bytes, sizeof bytes}, &l->lines[l->count], l->err)) return false;
    l->count++;
    return true;
}

static size_t count_vertices(const eb_layer *layer)
{
    size_t count = 0;
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) count += eb_wkb_vertices(eb_batch_shape_at(batch, i));
    }
    return count;
}

static void count_all(const eb_layer *layer, edges *all)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) each_edge(eb_batch_shape_at(batch, i), count_edge, all);
    }
}

static int compare_ids(const void *a, const void *b)
{
    int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;
    return p < q ? -1 : p > q;
}

/* The invalid features, as the check of each by itself has found them. */
static bool list_invalid(const char *layer, const eb_findings *findings, loose *l)
{
    l->invalid = malloc((findings->count + 1) * sizeof *l->invalid);
    if (!l->invalid) return false;
    for (size_t i = 0; i < findings->count; i++) {
        const eb_finding *f = &findings->list[i];
        if (f->kind == EB_FIND_INVALID && strcmp(f->layer, layer) == 0) l->invalid[l->invalid_count++] = f->fid;
    }
    if (l->invalid_count) qsort(l->invalid, l->invalid_count, sizeof *l->invalid, compare_ids);
    return true;
}

static bool take_all(const eb_layer *layer, loose *l)
{
    for (size_t b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++) {
            l->all_edges = l->invalid_count && bsearch(&batch->fids[i], l->invalid, l->invalid_count, sizeof *l->invalid, compare_ids);
            if (!each_edge(eb_batch_shape_at(batch, i), take_loose, l)) return false;
        }
    }
    return true;
}

/* Where each feature stands, for the question which of them wind around a place. */
typedef struct lookup {
    const eb_layer *layer;
    eb_index *index;
    size_t *ids, capacity;
} lookup;

static const eb_batch *feature_at(const lookup *look, size_t n, size_t *i)
{
    size_t low = 0, high = eb_layer_batch_count(look->layer) - 1;
    while (low < high) {
        size_t mid = (low + high + 1) / 2;
        if ((size_t)eb_layer_batch_at(look->layer, mid)->first <= n)
            low = mid;
        else
            high = mid - 1;
    }
    const eb_batch *batch = eb_layer_batch_at(look->layer, low);
    *i = n - (size_t)batch->first;
    return batch;
}

static eb_status open_lookup(const eb_layer *layer, lookup *look, eb_error *err)
{
    size_t count = eb_layer_count(layer);
    double *boxes = malloc((count + 1) * 4 * sizeof *boxes);
    *look = (lookup){.layer = layer};
    if (!boxes) return eb_error_memory(err);
    for (size_t n = 0, b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++, n++)
            if (!eb_wkb_bounds(eb_batch_shape_at(batch, i), boxes + 4 * n))
                for (int d = 0; d < 4; d++) boxes[4 * n + (size_t)d] = 1e300;
    }
    eb_status status = eb_index_new(boxes, count, &look->index, err);
    free(boxes);
    return status;
}

/* How many features wind around the place; the first two of them. */
static eb_status who_covers(lookup *look, double x, double y, size_t *hits, int64_t fids[2], eb_error *err)
{
    const double box[4] = {x, y, x, y};
    size_t count = 0;
    *hits = 0;
    eb_status status = eb_index_query(look->index, box, &look->ids, &look->capacity, &count, err);
    for (size_t k = 0; !status && k < count; k++) {
        size_t i;
        const eb_batch *batch = feature_at(look, look->ids[k], &i);
        if (!eb_winds_around(eb_batch_shape_at(batch, i), x, y)) continue;
        if (*hits < 2) fids[*hits] = batch->fids[i];
        ++*hits;
    }
    return status;
}

static eb_status judge_face(lookup *look, eb_geos *geos, eb_measure *measure, const eb_shape *face, eb_findings *findings, eb_error *err)
{
    double x, y;
    size_t hits = 0, size = 0;
    int64_t fids[2] = {EB_NO_FID, EB_NO_FID};
    uint8_t *data = NULL;
    eb_size area = {.geodesic_m2 = NAN};
    eb_status status = eb_shape_point_inside(geos, face, &x, &y, err);
    if (!status) status = who_covers(look, x, y, &hits, fids, err);
    if (status || hits == 1) return status;
    status = eb_shape_write(geos, face, &data, &size, err);
    if (status) return status;
    if (measure) eb_measure_area(measure, (eb_wkb){data, size}, EB_WANT_GEODESIC, &area, NULL);
    const char *layer = eb_layer_schema(look->layer)->name;
    eb_finding *found =
        hits == 0 ? eb_findings_add(findings, EB_FIND_GAP, layer, EB_NO_FID, x, y, "no feature covers %.2f m2", area.geodesic_m2)
                  : eb_findings_add(findings, EB_FIND_OVERLAP, layer, fids[0], x, y, "%zu features cover %.2f m2", hits, area.geodesic_m2);
    if (!found) {
        free(data);
        return eb_error_memory(err);
    }
    found->other_fid = fids[1];
    found->area_m2 = area.geodesic_m2;
    found->shape = data;
    found->shape_size = size;
    return EB_OK;
}

static eb_status judge_faces(const eb_layer *layer, loose *l, eb_findings *findings, eb_error *err)
{
    lookup look = {0};
    eb_shape *noded = NULL, *mesh = NULL;
    eb_measure *measure = NULL;
    const eb_crs *crs = eb_layer_schema(layer)->crs;
    eb_status status = open_lookup(layer, &look, err);
    if (!status && crs) status = eb_measure_new(crs, 0, &measure, err);
    if (!status) status = eb_shape_union_all(l->geos, l->lines, l->count, &noded, err);
    if (!status) status = eb_shape_polygonize(l->geos, noded, &mesh, err);
    for (size_t f = 0; !status && f < eb_shape_part_count(l->geos, mesh); f++)
        status = judge_face(&look, l->geos, measure, eb_shape_part_at(l->geos, mesh, f), findings, err);
    eb_shape_free(l->geos, noded);
    eb_shape_free(l->geos, mesh);
    eb_measure_free(measure);
    eb_index_free(look.index);
    free(look.ids);
    return status;
}

eb_status eb_check_coverage(const eb_layer *layer, eb_findings *findings, eb_error *err)
{
    size_t want = 1024, vertices = count_vertices(layer);
    while (want < vertices * 3 / 2) want *= 2;
    edges all = {calloc(want, sizeof *all.table), want - 1};
    loose l = {.all = &all};
    if (!all.table) return eb_error_memory(err);
    eb_status status = eb_geos_new(&l.geos, err);
    if (!status) {
        eb_error why = {0};
        l.err = &why;
        count_all(layer, &all);
        bool fine = list_invalid(eb_layer_schema(layer)->name, findings, &l) && take_all(layer, &l);
        if (!fine && why.code && err) *err = why;
        if (!fine) status = why.code ? why.code : eb_error_memory(err);
    }
    if (!status && l.count) status = judge_faces(layer, &l, findings, err);
    for (size_t i = 0; i < l.count; i++) eb_shape_free(l.geos, l.lines[i]);
    free(l.lines);
    free(l.invalid);
    free(all.table);
    eb_geos_free(l.geos);
    return status;
}

/* --- duplicates ------------------------------------------------------------------------------------------------------------------------
 */

typedef struct print {
    uint64_t key;
    size_t n;
} print;

static int compare_prints(const void *a, const void *b)
{
    const print *p = a, *q = b;
    if (p->key != q->key) return p->key < q->key ? -1 : 1;
    return p->n < q->n ? -1 : p->n > q->n;
}

/* A number that is the same for the same set of points, wherever a ring starts and whichever way it runs. */
static uint64_t finger_print(eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    uint64_t sum = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        size_t count = part.kind == EB_SHAPE_POLYGON && part.count > 1 ? part.count - 1 : part.count;
        for (size_t k = 0; k < count; k++) {
            double x, y;
            eb_wkb_xy(&part, k, &x, &y);
            sum += place_key(x, y);
        }
        sum += mix(count);
    }
    return sum;
}

eb_status eb_check_duplicates(const eb_layer *layer, eb_findings *findings, eb_error *err)
{
    size_t count = eb_layer_count(layer), used = 0;
    print *prints = malloc((count + 1) * sizeof *prints);
    lookup look = {.layer = layer};
    if (!prints) return eb_error_memory(err);
    for (size_t n = 0, b = 0; b < eb_layer_batch_count(layer); b++) {
        const eb_batch *batch = eb_layer_batch_at(layer, b);
        for (size_t i = 0; i < batch->count; i++, n++)
            if (eb_batch_shape_at(batch, i).size) prints[used++] = (print){finger_print(eb_batch_shape_at(batch, i)), n};
    }
    qsort(prints, used, sizeof *prints, compare_prints);
    for (size_t k = 1; k < used; k++) {
        size_t i, j;
        double box[4] = {NAN, NAN, NAN, NAN};
        if (prints[k].key != prints[k - 1].key) continue;
        const eb_batch *own = feature_at(&look, prints[k].n, &i), *other = feature_at(&look, prints[k - 1].n, &j);
        eb_wkb_bounds(eb_batch_shape_at(own, i), box);
        eb_finding *found = eb_findings_add(findings, EB_FIND_DUPLICATE, eb_layer_schema(layer)->name, own->fids[i], (box[0] + box[2]) / 2,
                                            (box[1] + box[3]) / 2, "the same shape as feature %" PRId64, other->fids[j]);
        if (found) found->other_fid = other->fids[j];
    }
    free(prints);
    return findings->failed ? eb_error_memory(err) : EB_OK;
}
