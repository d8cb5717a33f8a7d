/**
 * @file measure/measure.h
 * What stands behind an eb_measure.
 */
#ifndef MEASURE_MEASURE_H
#define MEASURE_MEASURE_H

#include <ecobelt/measure.h>

#include "measure/geodesic.h"
#include "measure/official.h"

/** How a shape's coordinates are read. */
typedef enum eb_measure_source {
    EB_SOURCE_DEGREES, /**< longitude and latitude */
    EB_SOURCE_PLANE,   /**< metres of a Gauss-Krüger plane that the official area can work in as it is */
    EB_SOURCE_OTHER    /**< anything else: to degrees first */
} eb_measure_source;

/** 3-degree zones of the globe, and 0 for a plane without a zone number. */
enum { EB_ZONES = 121 };

struct eb_measure {
    eb_crs *crs;
    const eb_crs_info *info; /**< of crs */
    eb_measure_source source;
    int zone; /**< named by the caller, 0: each shape's own */
    bool has_official;
    eb_official official;
    eb_geodesic geodesic;
    eb_projector *projector; /**< to degrees; NULL for EB_SOURCE_DEGREES */
    uint8_t *bytes;          /**< scratch: a shape in degrees */
    size_t capacity;
    int64_t zones[EB_ZONES]; /**< shapes measured in each */
};

#endif
