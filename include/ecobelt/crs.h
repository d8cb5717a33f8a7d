/**
 * @file crs.h
 * What a coordinate means: CRS identity, transforms, 3-degree zones, the analysis plane, GCJ-02 and BD-09.
 */
#ifndef ECOBELT_CRS_H
#define ECOBELT_CRS_H

#include <ecobelt/base.h>

/** A coordinate reference system; immutable, usable from any thread. */
typedef struct eb_crs eb_crs;

/** Datums the tool knows by name; everything else is EB_DATUM_OTHER. */
typedef enum eb_datum { EB_DATUM_OTHER, EB_DATUM_CGCS2000, EB_DATUM_WGS84, EB_DATUM_XIAN80, EB_DATUM_BEIJING54 } eb_datum;
/** What the coordinates are. */
typedef enum eb_crs_kind { EB_CRS_GEOGRAPHIC, EB_CRS_GAUSS_KRUGER, EB_CRS_WEB_MERCATOR, EB_CRS_PROJECTED } eb_crs_kind;

/** What a CRS is, worked out once. */
typedef struct eb_crs_info {
    char name[128]; /**< as its authority calls it */
    char code[32];  /**< "EPSG:4490", or "" where it has none */
    eb_crs_kind kind;
    eb_datum datum;
    double a, f;    /**< ellipsoid: semi-major axis in metres, flattening */
    double unit;    /**< metres a unit (projected) or radians a unit (geographic) */
    int zone;       /**< Gauss-Krüger: zone number of its width, else 0 */
    int zone_width; /**< 3 or 6 degrees, else 0 */
    double central_meridian_deg, false_easting_m;
    bool prefixed; /**< false easting carries the zone number */
} eb_crs_info;

/** From "EPSG:4490", WKT, PROJJSON or a PROJ string. EB_REFUSED where PROJ knows no such CRS or it is no horizontal one. */
eb_status eb_crs_new(const char *definition, eb_crs **out, eb_error *err);
eb_crs *eb_crs_copy(const eb_crs *crs);
void eb_crs_free(eb_crs *crs);
const eb_crs_info *eb_crs_info_get(const eb_crs *crs);
/** WKT1 with EPSG-style names, for OGR; lent. */
const char *eb_crs_wkt(const eb_crs *crs);
/** True when both mean the same coordinates; CGCS2000 and WGS84 geographic coordinates count as the same (the report says so). */
bool eb_crs_same(const eb_crs *a, const eb_crs *b);

/** A seven-parameter shift between two datums (position vector), or three with the rest 0. */
typedef struct eb_helmert {
    double dx_m, dy_m, dz_m, rx_arcsec, ry_arcsec, rz_arcsec, scale_ppm;
} eb_helmert;

/** A transform from one CRS to another; not thread-safe: one a thread. */
typedef struct eb_transform eb_transform;

/**
 * Make a transform. CGCS2000 <-> WGS84 is taken as identity of geographic coordinates.
 * @param area {west, south, east, north} in degrees, where the data lie; NULL: not known.
 * @param helmert shift to use between the datums, NULL: none given.
 * EB_REFUSED where the only way is a ballpark shift or an operation used outside its area of use, with a hint to give --helmert.
 */
eb_status eb_transform_new(const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert, eb_transform **out,
                           eb_error *err);
void eb_transform_free(eb_transform *transform);
/** One line for the report: the operation's name and its accuracy. */
const char *eb_transform_text(const eb_transform *transform);
/** Transform @p count points in place; strides in doubles. EB_REFUSED at the first point that has no image, its index in *bad (may be
 * NULL). */
eb_status eb_transform_points(eb_transform *transform, double *x, double *y, size_t stride, size_t count, size_t *bad, eb_error *err);
/** The other way. */
eb_status eb_transform_inverse(eb_transform *transform, double *x, double *y, size_t stride, size_t count, size_t *bad, eb_error *err);
/** Transform every coordinate of a WKB shape in place. @p data is writable memory of @p size bytes. */
eb_status eb_transform_wkb(eb_transform *transform, uint8_t *data, size_t size, eb_error *err);

/**
 * The analysis plane: Lambert azimuthal equal-area on the data's ellipsoid. Planar area in it is ellipsoidal area to 1e-11,
 * distances over 140 km are right to 2e-5. Own closed formulas (Snyder 1987, section 24), checked against PROJ.
 * Immutable and thread-safe.
 */
typedef struct eb_plane {
    double a, f, e, e2, lat0_rad, lon0_rad;
    double qp, rq, d, sin_beta0, cos_beta0;
    double inverse[6]; /**< series from authalic to geodetic latitude */
} eb_plane;
/** Plane centred at the given place. @p a semi-major axis in metres, @p f flattening. */
void eb_plane_init(eb_plane *plane, double a, double f, double lon0_deg, double lat0_deg);
/** Degrees to metres; fine over the same hemisphere. */
void eb_plane_forward(const eb_plane *plane, double lon_deg, double lat_deg, double *x_m, double *y_m);
void eb_plane_inverse(const eb_plane *plane, double x_m, double y_m, double *lon_deg, double *lat_deg);
/** Every coordinate of a WKB shape in degrees, in place, to the plane; false where the bytes are broken. */
bool eb_plane_forward_wkb(const eb_plane *plane, uint8_t *data, size_t size);
bool eb_plane_inverse_wkb(const eb_plane *plane, uint8_t *data, size_t size);

/** Number of the Gauss-Krüger zone (3 or 6 degrees wide) that a longitude lies in; a longitude on a border goes to the east. */
int eb_zone_of(double lon_deg, int width_deg);
/** Central meridian of a zone. */
double eb_zone_meridian(int zone, int width_deg);
/** EPSG code of the zone, CGCS2000 or Xi'an 80, with or without prefix; 0 where there is none. */
int eb_zone_epsg(eb_datum datum, int zone, int width_deg, bool prefixed);
/** "EPSG:4490 China Geodetic Coordinate System 2000" and for numbers without a CRS a guess in words: what the box looks like, for hints. */
void eb_crs_guess(const double box[4], char *text, size_t size);

/** Web-map datum frames. */
typedef enum eb_frame { EB_FRAME_WGS84, EB_FRAME_GCJ02, EB_FRAME_BD09 } eb_frame;
/** "wgs84", "gcj02", "bd09" (also with a hyphen, any case). EB_USAGE else. */
eb_status eb_frame_parse(const char *text, eb_frame *out, eb_error *err);
/** One point from a frame to another, degrees; the inverse is iterated to 1e-9 degree. Outside China unchanged. */
void eb_frame_convert(eb_frame from, eb_frame to, double lon_deg, double lat_deg, double *out_lon_deg, double *out_lat_deg);
/** Every coordinate of a WKB shape in degrees, in place; false where the bytes are broken. */
bool eb_frame_convert_wkb(eb_frame from, eb_frame to, uint8_t *data, size_t size);

#endif
