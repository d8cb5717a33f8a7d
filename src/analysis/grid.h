/**
 * @file analysis/grid.h
 * A raster of labels over a partition: a box that meets only one label lies in that cell, and nothing else needs to be asked.
 */
#ifndef EB_ANALYSIS_GRID_H
#define EB_ANALYSIS_GRID_H

#include "geom/rings.h"

/** Labels are cell numbers from 0; this one marks squares that an edge runs through. */
#define EB_GRID_MIXED (-1)

/** The raster. Nothing changes after it is filled, so any number of threads may ask it. */
typedef struct eb_grid {
    double west, south, dx, dy;
    size_t columns, rows;
    int32_t *labels;
} eb_grid;

/** Squares that are worth their while for shapes of so many vertices in all. */
size_t eb_grid_squares(size_t vertices);
/** A grid of about @p squares squares over the box, every square labelled @p label. */
eb_status eb_grid_new(const double box[4], size_t squares, int32_t label, eb_grid *grid, eb_error *err);
void eb_grid_clear(eb_grid *grid);
/** Mark the squares that the edges of a shape run through, or nearly. Mark all shapes before the first is filled. */
void eb_grid_mark(eb_grid *grid, const eb_rings *rings);
/** Label the unmarked squares inside a shape. */
eb_status eb_grid_fill(eb_grid *grid, const eb_rings *rings, int32_t label, eb_error *err);
/** The one label of all squares the box meets; EB_GRID_MIXED where they differ, or the box reaches out of the grid. */
int32_t eb_grid_label(const eb_grid *grid, const double box[4]);

#endif
