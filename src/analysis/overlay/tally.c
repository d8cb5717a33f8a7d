#include "analysis/overlay/tally.h"
#include "analysis/intern.h"
#include "base/array.h"

#include <math.h>
#include <stdlib.h>

void eb_sum_add(eb_sum *sum, double term)
{
    double total = sum->sum + term;
    sum->lost += fabs(sum->sum) >= fabs(term) ? (sum->sum - total) + term : (term - total) + sum->sum;
    sum->sum = total;
}

static size_t find_slot(const eb_tally *tally, size_t zone, size_t class_id)
{
    const size_t key[2] = {zone, class_id};
    size_t at = (size_t)eb_intern_hash(key, sizeof key) & (tally->slot_count - 1);
    while (tally->slots[at]) {
        const eb_tally_row *row = &tally->rows[tally->slots[at] - 1];
        if (row->zone == zone && row->class_id == class_id) break;
        at = (at + 1) & (tally->slot_count - 1);
    }
    return at;
}

static bool grow(eb_tally *tally)
{
    if (2 * (tally->count + 1) <= tally->slot_count) return true;
    size_t *old = tally->slots;
    size_t count = tally->slot_count ? 2 * tally->slot_count : 64;
    tally->slots = calloc(count, sizeof *tally->slots);
    if (!tally->slots) {
        tally->slots = old;
        return false;
    }
    tally->slot_count = count;
    for (size_t i = 0; i < tally->count; i++) tally->slots[find_slot(tally, tally->rows[i].zone, tally->rows[i].class_id)] = i + 1;
    free(old);
    return true;
}

bool eb_tally_add(eb_tally *tally, size_t zone, size_t class_id, int64_t feature, double size, bool counts)
{
    if (!grow(tally)) return false;
    size_t at = find_slot(tally, zone, class_id);
    if (!tally->slots[at]) {
        if (!eb_array_reserve(&tally->rows, &tally->capacity, tally->count + 1, sizeof *tally->rows)) return false;
        tally->rows[tally->count++] = (eb_tally_row){.zone = zone, .class_id = class_id, .last = -1};
        tally->slots[at] = tally->count;
    }
    eb_tally_row *row = &tally->rows[tally->slots[at] - 1];
    eb_sum_add(&row->size, size);
    if (counts && row->last != feature) {
        row->count++;
        row->last = feature;
    }
    return true;
}

void eb_tally_clear(eb_tally *tally)
{
    free(tally->rows);
    free(tally->slots);
    *tally = (eb_tally){0};
}
