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
/** "auto", "official", "geodesic", "planar". EB_USAGE else. */
eb_status eb_area_method_parse(const char *text, eb_area_method *out, eb_error *err);
/** Name that eb_area_method_parse() reads; never NULL. */
const char *eb_area_method_name(eb_area_method method);

/** Measures shapes of one CRS; not thread-safe: one a thread. */
typedef struct eb_measure eb_measure;

/**
 * @param crs what the coordinates are (copied).
 * @param zone 3-degree zone for official areas of data that are in no Gauss-Krüger plane of their own; 0: each shape's own, which is
 *             the zone of the middle of its extent. 1 to 120. Ignored for Gauss-Krüger data: their own plane is taken.
 * @param[out] out free it with eb_measure_free().
 * EB_USAGE: no such zone. EB_REFUSED: the CRS cannot be brought to degrees.
 */
eb_status eb_measure_new(const eb_crs *crs, int zone, eb_measure **out, eb_error *err);
/** Free @p measure; NULL is fine. */
void eb_measure_free(eb_measure *measure);

/** Sizes of one shape. */
typedef struct eb_size {
    double official_m2;           /**< rounded half up to 0.01 m2 as the survey books it; NaN where the datum has no official area */
    double official_unrounded_m2; /**< the same before rounding */
    double geodesic_m2;           /**< edges are geodesics on the CRS's own ellipsoid */
    double planar_m2;             /**< shoelace in metres; NaN for geographic coordinates */
    int zone;                     /**< zone the official area was worked out in, 0 none */
} eb_size;

/** What is wanted of a shape; EB_WANT_OFFICIAL_TOO: the official area where its formula reaches, as a check of another one; else NaN. */
enum { EB_WANT_OFFICIAL = 1, EB_WANT_GEODESIC = 2, EB_WANT_PLANAR = 4, EB_WANT_OFFICIAL_TOO = 8 };
/**
 * Area of a polygonal shape: each ring's absolute area, holes taken off their polygon, parts added; 0 for points and lines.
 * @param want EB_WANT_…; members not wanted are NaN.
 * Accuracy: official to the last digit of the rule (checked against 50-digit arithmetic); geodesic within 1e-9 of Karney's algorithm.
 * EB_INPUT where the bytes are no shape; EB_REFUSED where a coordinate is not finite, no place on Earth, or out of the official
 * formula's reach (with the coordinate, in degrees or the layer's own units); there the other areas wanted stand in @p out all the same.
 */
eb_status eb_measure_area(eb_measure *measure, eb_wkb shape, unsigned want, eb_size *out, eb_error *err);
/**
 * Official area of a piece of a shape, not rounded, in the plane that the shape itself was measured in: areas of the pieces of one shape
 * are then in proportion, wherever each of them lies. Pieces are not among the zones met.
 * @param zone eb_size.zone of the whole shape. @param[out] official_m2 NaN where the datum has no official area. Errors as
 * eb_measure_area().
 */
eb_status eb_measure_piece(eb_measure *measure, eb_wkb piece, int zone, double *official_m2, eb_error *err);
/** Geodesic length of a shape's lines in metres (0 for points; perimeter for polygons), within 1e-10. Errors as eb_measure_area(). */
eb_status eb_measure_length(eb_measure *measure, eb_wkb shape, double *length_m, eb_error *err);
/**
 * Geodesic lengths in metres of the edges of a shape's lines, one by one in their order; other parts have none. Errors as
 * eb_measure_area().
 * @param[in,out] lengths_m,capacity grow as needed, NULL and 0 to begin with; the caller's to free(), also after an error.
 */
eb_status eb_measure_edges(eb_measure *measure, eb_wkb shape, double **lengths_m, size_t *capacity, size_t *count, eb_error *err);
/** Add the zones that @p other met to those of @p measure: for workers that each measured a share of a layer. */
void eb_measure_merge(eb_measure *measure, const eb_measure *other);
/**
 * The method line of a table: formula, ellipsoid, zone, densification, rounding; zones met so far are in it.
 * @param method resolved (not EB_AREA_AUTO). @param[out] text at most @p size bytes, terminated; 640 are enough.
 */
void eb_measure_method(const eb_measure *measure, eb_area_method method, char *text, size_t size);
/** What the areas of a table are, for its method line. */
typedef struct eb_area_account {
    eb_area_method method;     /**< resolved; EB_AREA_AUTO: none but areas of the plane */
    const eb_plane *plane;     /**< equal-area plane that some columns are taken in; NULL: none */
    const char *plane_columns; /**< which, as in "area_m2, gross_m2" */
    const char *how;           /**< a translated sentence on what official_m2 is, where it is not each shape's own; NULL: it is */
    double chosen_m2;          /**< sum by the method, or in the plane */
    double official_m2;        /**< sums of the same shapes, for the check; NaN: not measured */
    double geodesic_m2;
    int64_t checked, shapes; /**< the sums are those of so many of the shapes; both 0: of all */
} eb_area_account;
/**
 * The method line of any table of areas: which line joins the vertices, formula, ellipsoid, zone, densification, rounding, and official
 * less geodesic area as a check; where there is no official area, why. @p text at most @p size bytes, terminated; 1600 are enough.
 */
void eb_measure_account(const eb_measure *measure, const eb_area_account *account, char *text, size_t size);
/**
 * EB_AREA_AUTO resolved for this CRS; any other method comes back as it is.
 * @param box_deg {west, south, east, north} of the data in degrees; NULL: unknown, and then WGS84 data count as outside China.
 */
eb_area_method eb_measure_resolve(const eb_measure *measure, eb_area_method method, const double box_deg[4]);

/** Geodesic distance in metres on the ellipsoid with semi-major axis @p a in metres and flattening @p f (Karney 2013; 15 nm). */
double eb_distance_m(double a, double f, double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

/** A sheet of the national map series. */
typedef struct eb_sheet {
    char number[16]; /**< "H50G001001" */
    int scale;       /**< denominator: 10000 */
    double west_deg, south_deg, east_deg, north_deg;
} eb_sheet;
/**
 * A sheet number of GB/T 13989-2012: "H50" (1:1,000,000) or row letter, column, scale letter B to K, row and column (three digits each,
 * four for J and K). Rows A to N (0 to 56 degrees north) reach as far as China does. EB_USAGE for anything else, with what is wrong.
 */
eb_status eb_sheet_parse(const char *number, eb_sheet *out, eb_error *err);
/**
 * Theoretical area of a sheet or of any box of parallels and meridians (circular 国土调查办发〔2008〕32号, with its printed constants),
 * in m2, not rounded. EB_USAGE where the datum has none or the box is empty or not on Earth.
 */
eb_status eb_sheet_area(eb_datum datum, double west_deg, double south_deg, double east_deg, double north_deg, double *area_m2,
                        eb_error *err);

/** Area units. */
typedef enum eb_area_unit { EB_UNIT_M2, EB_UNIT_HA, EB_UNIT_MU, EB_UNIT_KM2, EB_UNIT_WAN_MU } eb_area_unit;
/** "m2", "ha", "mu", "km2", "wanmu". EB_USAGE else. */
eb_status eb_area_unit_parse(const char *text, eb_area_unit *out, eb_error *err);
/** Name that eb_area_unit_parse() reads; never NULL. */
const char *eb_area_unit_name(eb_area_unit unit);
/** Square metres in one unit: 1, 1e4, 2000/3, 1e6, 2e7/3. */
double eb_area_unit_m2(eb_area_unit unit);
/** @p area_m2 in @p unit. Mu go by 3/2000, which unlike a division by 2000/3 loses nothing. */
double eb_area_from_m2(double area_m2, eb_area_unit unit);

/** How rounding shares the remainder out. */
typedef enum eb_level_rule {
    EB_LEVEL_REMAINDER, /**< floor, then a unit each to the largest remainders; ties to the larger value, then to the earlier one */
    EB_LEVEL_LARGEST    /**< round half up, then a unit each to (or from) the largest values; ties to the earlier one */
} eb_level_rule;
/** What levelling did; all in the unit of the values. */
typedef struct eb_level {
    double sum;             /**< of the values as given */
    double control;         /**< what the rounded values had to add up to */
    double residual_before; /**< control less the sum of values rounded each for itself */
    double residual_after;  /**< control less the sum of the rounded values: 0 */
    double factor;          /**< values were scaled by this first; 1: not scaled */
    size_t moved;           /**< values that differ from their own rounding */
} eb_level;
/** How to level. */
typedef struct eb_level_options {
    int decimals;       /**< 0 to 9 */
    double control;     /**< total to meet, a multiple of 10^-decimals; NaN: the rounded sum */
    bool scale;         /**< scale the values to the control first; without it a control farther off than rounding explains is refused */
    eb_level_rule rule; /**< how units are handed out */
} eb_level_options;
/**
 * Round values so that the rounded ones add up to the total, exactly: all is done in whole units of 10^-decimals.
 * A value that is such a multiple up to the noise of a double counts as one.
 * @param values  finite, not negative. @param[out] rounded @p count values, may be @p values itself. @param[out] level may be NULL.
 * EB_USAGE: decimals out of range, a control that is no multiple of the unit, more digits than a double holds.
 * EB_REFUSED: a negative or not finite value; a control that cannot be met (nothing to scale, or too far off without scaling).
 */
eb_status eb_level_apply(const double *values, size_t count, const eb_level_options *options, double *rounded, eb_level *level,
                         eb_error *err);
/** eb_level_apply() that scales wherever @p control is not NaN. */
eb_status eb_level_values(const double *values, size_t count, int decimals, double control, eb_level_rule rule, double *rounded,
                          eb_level *level, eb_error *err);
/**
 * Share a parcel's official area out over its pieces in proportion to their areas, levelled to 0.01 m2 by largest remainder, so that
 * the pieces add up to the parcel to the last digit. The pieces must make up the whole parcel: what lies outside the other layer is a
 * piece, too. A single piece gets the parcel's area unchanged.
 * @param official_m2 the parcel's official area, as eb_size.official_m2 has it; rounded half up to 0.01 m2 first if it is not yet.
 * @param pieces_m2   areas of the pieces by any method, the same for all. @param[out] shared_m2 @p count values, may be @p pieces_m2.
 * EB_REFUSED: not finite or negative, or pieces of no area under a parcel that has some.
 */
eb_status eb_share_official(double official_m2, const double *pieces_m2, size_t count, double *shared_m2, eb_error *err);

#endif
