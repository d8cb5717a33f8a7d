/**
 * @file measure.h
 * How big: official, geodesic and planar areas, geodesic lengths, units, rounding that adds up.
 */
#ifndef ECOBELT_MEASURE_H
#define ECOBELT_MEASURE_H

#include <ecobelt/crs.h>
#include <ecobelt/wkb.h>

/** The three methods. */
typedef enum eb_area_method {
    EB_AREA_AUTO,     /**< official where data are in CGCS2000, Xi'an 80 or WGS84 inside China, else geodesic */
    EB_AREA_OFFICIAL, /**< trapezoids on the ellipsoid, circular 国土调查办发〔2008〕32号, with 70 m densification and roundings */
    EB_AREA_GEODESIC, /**< geodesic edges (Karney 2013) */
    EB_AREA_PLANAR    /**< shoelace in the layer's own plane */
} eb_area_method;
/** "auto", "official", "geodesic" or "planar" as a method. EB_USAGE else. */
eb_status eb_area_method_parse(const char *text, eb_area_method *out, eb_error *err);
/** The name that eb_area_method_parse() reads; static, never NULL. */
const char *eb_area_method_name(eb_area_method method);

/** Measures areas of shapes in one CRS; not thread-safe: one a thread. */
typedef struct eb_measure eb_measure;

/**
 * @param crs what the coordinates are (copied).
 * @param zone 3-degree zone for official areas of geographic data; 0: each shape's own.
 */
eb_status eb_measure_new(const eb_crs *crs, int zone, eb_measure **out, eb_error *err);
/** Free @p measure; NULL is fine. */
void eb_measure_free(eb_measure *measure);

/** Sizes of one shape. */
typedef struct eb_size {
    double official_m2; /**< NaN where the CRS has no official area */
    double geodesic_m2;
    double planar_m2; /**< NaN for geographic coordinates */
    int zone;         /**< zone the official area was worked out in, 0 none */
} eb_size;

enum { EB_WANT_OFFICIAL = 1, EB_WANT_GEODESIC = 2, EB_WANT_PLANAR = 4 };
/** Area of a polygonal shape, holes subtracted, parts added; 0 for points and lines. Members not wanted are NaN. @p want: EB_WANT_… */
eb_status eb_measure_area(eb_measure *measure, eb_wkb shape, unsigned want, eb_size *out, eb_error *err);
/** Geodesic length of a shape's lines in metres (0 for points; perimeter for polygons). */
eb_status eb_measure_length(eb_measure *measure, eb_wkb shape, double *length_m, eb_error *err);
/** "Official ellipsoid area …": the method line of a table; zones met so far are in it. */
void eb_measure_method(const eb_measure *measure, eb_area_method method, char *text, size_t size);
/** EB_AREA_AUTO resolved for this CRS (and box in degrees, NULL: unknown). */
eb_area_method eb_measure_resolve(const eb_measure *measure, eb_area_method method, const double box_deg[4]);

/** Geodesic distance in metres on the ellipsoid (a, f). */
double eb_distance_m(double a, double f, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

/** Area units. */
typedef enum eb_area_unit { EB_UNIT_M2, EB_UNIT_HA, EB_UNIT_MU, EB_UNIT_KM2, EB_UNIT_WAN_MU } eb_area_unit;
/** "m2", "ha", "mu", "km2", "wanmu". EB_USAGE else. */
eb_status eb_area_unit_parse(const char *text, eb_area_unit *out, eb_error *err);
/** The name that eb_area_unit_parse() reads; static, never NULL. */
const char *eb_area_unit_name(eb_area_unit unit);
/** Square metres in one unit: 1, 1e4, 2000/3, 1e6, 2e7/3. */
double eb_area_unit_m2(eb_area_unit unit);

/** How rounding shares the remainder out. */
typedef enum eb_level_rule { EB_LEVEL_REMAINDER, EB_LEVEL_LARGEST } eb_level_rule;
/** What levelling did. */
typedef struct eb_level {
    double sum, control, residual_before, residual_after; /**< in the unit of the values */
} eb_level;
/**
 * Round values so that the rounded ones add up to the rounded total.
 * Rule: scale to @p control if it is not NaN; floor to 10^-decimals; hand the units left out by largest remainder, ties by larger
 * value, then by position (EB_LEVEL_REMAINDER), or to the largest values first (EB_LEVEL_LARGEST).
 * @param[out] rounded  count values. @param decimals 0 to 9. @param[out] level may be NULL.
 */
eb_status eb_level_values(const double *values, size_t count, int decimals, double control, eb_level_rule rule, double *rounded,
                          eb_level *level, eb_error *err);

#endif
