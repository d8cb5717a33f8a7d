/* What the files behind locator.h share. */
#ifndef EB_ANALYSIS_LOCATOR_PRIV_H
#define EB_ANALYSIS_LOCATOR_PRIV_H

#include "analysis/grid.h"
#include "analysis/overlay/locator.h"

struct eb_locator {
    size_t cell_count;
    double box[4];    /* the known world: cells, and the outside as pieces of its own; beyond it everything is outside */
    eb_rings *pieces; /* subdivided cells, and what of the box lies in none, in the order of the cells */
    size_t *piece_cell;
    size_t piece_count, piece_capacity;
    eb_index *index; /* of the pieces */
    eb_grid grid;
};

/* Append a share; sizes of zero and the noise below them are dropped at the end. */
eb_status eb_shares_push(eb_shares *shares, size_t cell, double size, eb_error *err);

#endif
