/**
 * @file analysis/overlay/tally.h
 * Sums by zone and class: size and number of features, each feature counted once.
 */
#ifndef EB_ANALYSIS_TALLY_H
#define EB_ANALYSIS_TALLY_H

#include <ecobelt/base.h>

/** A sum that does not lose small terms (Neumaier 1974). Zero-initialise. */
typedef struct eb_sum {
    double sum, lost;
} eb_sum;
/** Add a term. */
void eb_sum_add(eb_sum *sum, double term);
/** The sum. */
static inline double eb_sum_get(const eb_sum *sum)
{
    return sum->sum + sum->lost;
}

/** One entry. */
typedef struct eb_tally_row {
    size_t zone, class_id;
    eb_sum size;
    int64_t count;
    int64_t last; /**< feature counted last */
} eb_tally_row;

/** The entries, in the order they were first met. Zero-initialise; free with eb_tally_clear(). */
typedef struct eb_tally {
    eb_tally_row *rows;
    size_t count, capacity;
    size_t *slots;
    size_t slot_count;
} eb_tally;

/**
 * Add @p size of feature @p feature (its position in the layer) to a zone and class.
 * @param counts false: the size is too small to count the feature for. Returns false out of memory.
 */
bool eb_tally_add(eb_tally *tally, size_t zone, size_t class_id, int64_t feature, double size, bool counts);
void eb_tally_clear(eb_tally *tally);

#endif
