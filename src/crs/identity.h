/**
 * @file identity.h
 * What stands behind an eb_crs, and how it is read out of PROJ.
 */
#ifndef CRS_IDENTITY_H
#define CRS_IDENTITY_H

#include <ecobelt/crs.h>
#include <stdatomic.h>
#include "crs/context.h"

/** Transverse Mercator in metres, counted from Greenwich: what src/crs/tm.h can do without PROJ. */
typedef struct eb_tm_params {
    bool known;
    double lat0_deg, lon0_deg, k0, false_easting_m, false_northing_m;
} eb_tm_params;

/** A CRS. No PROJ object is kept: those belong to one context and so to one thread. */
struct eb_crs {
    atomic_uint owners;
    eb_crs_info info;
    char *definition; /**< makes the same horizontal CRS in any context: "EPSG:4528" or WKT2 */
    char *geographic; /**< the same for its geographic CRS in degrees */
    char *wkt1;
    char *datum_name;    /**< as PROJ calls it */
    double meridian_deg; /**< prime meridian, east of Greenwich */
    bool degrees;        /**< coordinates are longitude and latitude in degrees */
    eb_tm_params tm;
    bool web; /**< the Web Mercator of everybody: from Greenwich and the equator, in metres */
    bool has_area;
    double area[4];   /**< area it is made for: west, south, east, north in degrees; west > east across 180 */
    bool has_towgs84; /**< the definition came with a shift to WGS84 */
    eb_helmert towgs84;
};

/** Fill identity, kind and area from a horizontal PROJ object (geographic 2D or projected). */
eb_status eb_identity_describe(eb_proj *proj, const PJ *horizontal, eb_crs *crs, eb_error *err);
/** The database's own object for the same CRS (NULL: it has none), its "EPSG:4490" in @p code of 32 bytes. */
PJ *eb_identity_find(eb_proj *proj, const PJ *horizontal, const eb_crs *crs, char *code);
/** A new eb_crs from a horizontal PROJ object. */
eb_status eb_identity_new(eb_proj *proj, const PJ *horizontal, const eb_helmert *towgs84, eb_crs **out, eb_error *err);
/** True where coordinates of both mean the same place on Earth without a shift; CGCS2000 and WGS84 are one. */
bool eb_identity_same_datum(const eb_crs *a, const eb_crs *b);
/** True where both objects mean the same coordinates, whatever the order of the axes on paper. */
bool eb_identity_equivalent(eb_proj *proj, const PJ *a, const PJ *b);
/** True where a seven-parameter shift is all zero. */
bool eb_helmert_is_null(const eb_helmert *helmert);

#endif
