/**
 * @file raster.h
 * Cells: elevation models read where a route passes.
 */
#ifndef ECOBELT_RASTER_H
#define ECOBELT_RASTER_H

#include <ecobelt/crs.h>

/** The first band of a raster file that GDAL reads; not thread-safe. */
typedef struct eb_raster eb_raster;

/**
 * Open a raster with a CRS and a georeference without rotation.
 * EB_INPUT: missing, unreadable, no raster. EB_REFUSED: no CRS, rotated, or a datum whose shift to the places is not known.
 * @param places the geographic CRS that the sampled places are in.
 */
eb_status eb_raster_open(const char *file, const eb_crs *places, eb_raster **out, eb_error *err);
/** Free a raster. NULL is fine. */
void eb_raster_free(eb_raster *raster);
/** Size of a cell in metres on the ground near its middle, the larger side. */
double eb_raster_cell_m(const eb_raster *raster);
/**
 * Value at a place, bilinear between the four cell centres around it. NaN outside the raster, and where a cell that counts is void.
 * @param lon_deg, lat_deg in the CRS given when opening.
 */
eb_status eb_raster_sample(eb_raster *raster, double lon_deg, double lat_deg, double *value, eb_error *err);

/** What a profile climbs and descends, between the first and the last known height. */
typedef struct eb_climb {
    double ascent_m, descent_m;
    double lowest_m, highest_m; /**< NaN where nothing is known */
    size_t voids;               /**< points without a height, bridged by a straight line between their neighbours */
    size_t outside;             /**< points before the first and after the last known height: nothing is known of them */
} eb_climb;
/**
 * Sum the climbs of a profile. A change of direction counts only once the way back exceeds @p hysteresis_m, so that noise does not add
 * up: with 0 every step counts.
 * @param heights_m one a point, NaN where not known; filled in place (straight between known neighbours).
 * @param distance_m of each point along the route, ascending.
 */
void eb_climb_sum(double *heights_m, const double *distance_m, size_t count, double hysteresis_m, eb_climb *out);

#endif
