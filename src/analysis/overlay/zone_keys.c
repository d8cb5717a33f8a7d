/* Zones of several layers combined: which combinations there are, and which of them a cell belongs to. */
#include "analysis/overlay/zones_priv.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

/* Combinations met, and those of each cell. */
typedef struct combining {
    eb_zones *z;
    size_t *tuples, tuple_count, tuple_capacity; /* one a cell and combination */
    size_t *order;
} combining;

/* Every combination of the cell's members, one of each layer. Layers after the first may have none. */
static bool add_tuples(combining *c, const eb_cell *cell, size_t layer, size_t *tuple)
{
    const eb_zones *z = c->z;
    if (layer == z->layer_count) {
        if (!eb_array_reserve(&c->tuples, &c->tuple_capacity, c->tuple_count + 1, z->layer_count * sizeof *tuple)) return false;
        memcpy(c->tuples + c->tuple_count++ * z->layer_count, tuple, z->layer_count * sizeof *tuple);
        return true;
    }
    bool found = false;
    for (size_t m = 0; m < cell->member_count; m++) {
        size_t shape = cell->members[m];
        if (shape < z->first[layer] || shape >= z->first[layer + 1]) continue;
        found = true;
        tuple[layer] = shape;
        if (!add_tuples(c, cell, layer + 1, tuple)) return false;
    }
    if (found || layer == 0) return true;
    tuple[layer] = SIZE_MAX;
    return add_tuples(c, cell, layer + 1, tuple);
}

/* Fills cell_start with the number of the cell's first tuple. */
static bool collect(combining *c)
{
    eb_zones *z = c->z;
    size_t *tuple = malloc(z->layer_count * sizeof *tuple);
    bool ok = tuple != NULL;
    for (size_t i = 0; i < z->partition->count && ok; i++) {
        z->cell_start[i] = c->tuple_count;
        ok = add_tuples(c, &z->partition->cells[i], 0, tuple);
    }
    z->cell_start[z->partition->count] = c->tuple_count;
    free(tuple);
    return ok;
}

static int compare(const size_t *a, const size_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* Bottom-up merge sort of tuple numbers: qsort() has no room for the tuples it compares. */
static bool sort_tuples(combining *c)
{
    size_t n = c->tuple_count, k = c->z->layer_count, *spare = malloc((n ? n : 1) * sizeof *spare);
    c->order = malloc((n ? n : 1) * sizeof *c->order);
    if (!spare || !c->order) {
        free(spare);
        return false;
    }
    for (size_t i = 0; i < n; i++) c->order[i] = i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t i = from, middle = from + width < n ? from + width : n, j = middle, end = middle + width < n ? middle + width : n;
            for (size_t to = from; to < end; to++) {
                bool left = j >= end || (i < middle && compare(c->tuples + c->order[i] * k, c->tuples + c->order[j] * k, k) <= 0);
                spare[to] = left ? c->order[i++] : c->order[j++];
            }
        }
        size_t *swap = c->order;
        c->order = spare;
        spare = swap;
    }
    free(spare);
    return true;
}

/* Equal tuples are one key. */
static bool number_keys(combining *c)
{
    eb_zones *z = c->z;
    size_t n = c->tuple_count, k = z->layer_count;
    z->keys = malloc((n ? n : 1) * k * sizeof *z->keys);
    z->cell_keys = malloc((n ? n : 1) * sizeof *z->cell_keys);
    z->key_area_m2 = calloc(n ? n : 1, sizeof *z->key_area_m2);
    if (!z->keys || !z->cell_keys || !z->key_area_m2) return false;
    for (size_t i = 0; i < n; i++) {
        const size_t *tuple = c->tuples + c->order[i] * k;
        if (z->key_count == 0 || compare(z->keys + (z->key_count - 1) * k, tuple, k) != 0)
            memcpy(z->keys + z->key_count++ * k, tuple, k * sizeof *tuple);
        z->cell_keys[c->order[i]] = z->key_count - 1;
    }
    for (size_t cell = 0; cell < z->partition->count; cell++)
        for (size_t i = z->cell_start[cell]; i < z->cell_start[cell + 1]; i++)
            z->key_area_m2[z->cell_keys[i]] += z->partition->cells[cell].area_m2;
    return true;
}

eb_status eb_zones_combine(eb_zones *z, eb_error *err)
{
    combining c = {.z = z};
    z->cell_start = malloc((z->partition->count + 1) * sizeof *z->cell_start);
    bool ok = z->cell_start && collect(&c) && sort_tuples(&c) && number_keys(&c);
    free(c.tuples);
    free(c.order);
    return ok ? EB_OK : eb_error_memory(err);
}
