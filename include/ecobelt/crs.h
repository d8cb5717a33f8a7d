/**
 * @file crs.h
 * What a coordinate means: CRS identity, transforms, 3-degree zones, the analysis plane, GCJ-02 and BD-09.
 */
#ifndef ECOBELT_CRS_H
#define ECOBELT_CRS_H

#include <ecobelt/base.h>
#include <ecobelt/wkb.h>

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

/**
 * From "EPSG:4490" (or its number alone, or a URN), WKT 1 of OGR or ESRI, WKT 2, PROJJSON, a PROJ string, or the whole name of a CRS.
 * What it is follows from its parameters: a plane of the three Chinese datums gets its EPSG code however it is called, and a code whose
 * parameters were changed is dropped. The height of a compound or 3D CRS is left out; a TOWGS84 is kept for transforms.
 * EB_REFUSED where PROJ knows no such CRS, it is no horizontal one, or it contradicts itself.
 */
eb_status eb_crs_new(const char *definition, eb_crs **out, eb_error *err);
/** Copy of @p crs to be freed by the caller; NULL for NULL or out of memory. */
eb_crs *eb_crs_copy(const eb_crs *crs);
/** Free @p crs; NULL is fine. */
void eb_crs_free(eb_crs *crs);
/** What is known of @p crs: lent, valid as long as it is. */
const eb_crs_info *eb_crs_info_get(const eb_crs *crs);
/** What people call the datum of @p crs, in the language of the messages: "CGCS2000", "Xi'an 80"; else the CRS's own name of it. Lent. */
const char *eb_crs_datum_word(const eb_crs *crs);
/** WKT1 with EPSG-style names, for OGR; lent. */
const char *eb_crs_wkt(const eb_crs *crs);
/**
 * Geographic CRS of the same datum, longitude and latitude in degrees; @p crs itself (a copy) where it is that already.
 * EB_REFUSED where the CRS is not built on a geographic one.
 */
eb_status eb_crs_geographic(const eb_crs *crs, eb_crs **out, eb_error *err);
/**
 * A box in @p crs as {west, south, east, north} in degrees of its own datum; edges are followed, not corners alone.
 * @param box {xmin, ymin, xmax, ymax} in the units of @p crs. EB_REFUSED where a place on its edge has no degrees.
 */
eb_status eb_crs_box_degrees(const eb_crs *crs, const double box[4], double degrees[4], eb_error *err);
/**
 * Refuse a declared CRS that the numbers contradict: degrees in a metre CRS, metres in a geographic one, a zone prefix that is
 * missing, too many or of another zone, swapped axes, or a place far outside the area the CRS is made for.
 * @param box {xmin, ymin, xmax, ymax} of the data in the units of @p crs; an empty box (xmin > xmax) is fine.
 * @return EB_OK, or EB_REFUSED with what the numbers look like and, in the hint, the CRS that would fit.
 */
eb_status eb_crs_check_box(const eb_crs *crs, const double box[4], eb_error *err);
/** Lines drawn on across the 180th meridian go on for a turn or two; what lies farther is no longitude. */
#define EB_FARTHEST_DEG 720.002
/** False where such numbers can be no place on Earth: latitudes beyond a pole, longitudes beyond two turns, metres by the hundred thousand
 * kilometres. */
bool eb_crs_is_possible(const eb_crs *crs, const double box[4]);
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
 * @param area {west, south, east, north} in degrees, where the data lie; NULL: not known. An operation of PROJ must be made for all
 *             of it, and each point is held against the operation's area once more.
 * @param helmert shift from the datum of @p from to that of @p to; NULL: none given. Not used where the datums are one. A TOWGS84 in a
 *                definition counts only where none is given, and not at all if it is all zero on another ellipsoid.
 * EB_REFUSED where the only way is a ballpark shift or an operation used outside its area of use, with a hint to give --helmert.
 */
eb_status eb_transform_new(const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert, eb_transform **out,
                           eb_error *err);
/** Free @p transform; NULL is fine. */
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
 * lengths within 70 km of the centre are right to 2.5e-5. Own closed formulas (Snyder 1987, section 24), rearranged so that
 * places near the centre are right to a fraction of a nanometre; checked against PROJ and against geodesic areas.
 * Immutable and thread-safe.
 */
typedef struct eb_plane {
    double a, f;                                     /**< ellipsoid: semi-major axis in metres, flattening */
    double lon0_deg, lat0_deg;                       /**< centre */
    double rq, d, inverse_d;                         /**< radius of the sphere of the same area in metres; Snyder's D and 1/D */
    double sin_lat0, cos_lat0, sin_beta0, cos_beta0; /**< of the centre, geodetic and authalic */
    double forward0, inverse0;                       /**< both series at the centre, radians */
    double forward[6];                               /**< sine series from geodetic to authalic latitude */
    double inverse[6];                               /**< sine series from authalic to geodetic latitude */
} eb_plane;
/** Plane centred at the given place. @p a semi-major axis in metres, @p f flattening. */
void eb_plane_init(eb_plane *plane, double a, double f, double lon0_deg, double lat0_deg);
/** Degrees to metres; fine over the same hemisphere. */
void eb_plane_forward(const eb_plane *plane, double lon_deg, double lat_deg, double *x_m, double *y_m);
/** Metres back to degrees. */
void eb_plane_inverse(const eb_plane *plane, double x_m, double y_m, double *lon_deg, double *lat_deg);
/** Every coordinate of a WKB shape in degrees, in place, to the plane; false where the bytes are broken or a place has no image. */
bool eb_plane_forward_wkb(const eb_plane *plane, uint8_t *data, size_t size);
/** Every coordinate of a WKB shape in metres, in place, back to degrees; false where the bytes are broken. */
bool eb_plane_inverse_wkb(const eb_plane *plane, uint8_t *data, size_t size);

/**
 * Brings the shapes of one layer from its CRS to an analysis plane and back, in one pass, in place. Geographic and transverse
 * Mercator (Gauss-Krüger, UTM) coordinates go by own formulas, everything else through PROJ. Not thread-safe: one a thread,
 * made with eb_projector_clone(). A failed call leaves the shape's coordinates undefined.
 *
 * Analyses of several layers make the first with eb_projector_new() and the others with eb_projector_new_on() on its plane.
 */
typedef struct eb_projector eb_projector;
/**
 * A projector with a plane of its own: on the ellipsoid of @p from, centred in the box.
 * @param from CRS of the layer (kept as a copy).
 * @param box {xmin, ymin, xmax, ymax} of the data in the units of @p from; NULL or empty (xmin > xmax): not known, the plane is then
 *            centred in the area the CRS is made for.
 */
eb_status eb_projector_new(const eb_crs *from, const double box[4], eb_projector **out, eb_error *err);
/**
 * A projector from another layer's CRS on a plane that is there already. Where the datums differ the rules of eb_transform_new() hold:
 * CGCS2000 and WGS84 are one, other shifts must be known for the place or given.
 * @param box               where the data lie, in the units of @p from; NULL: not known.
 * @param plane             copied.
 * @param plane_geographic  what the degrees of the plane are: eb_projector_geographic() of the projector that made it.
 * @param helmert           shift from the datum of @p from to that of the plane; NULL: none given.
 */
eb_status eb_projector_new_on(const eb_crs *from, const double box[4], const eb_plane *plane, const eb_crs *plane_geographic,
                              const eb_helmert *helmert, eb_projector **out, eb_error *err);
/** The same projector for another thread. */
eb_status eb_projector_clone(const eb_projector *projector, eb_projector **out, eb_error *err);
/** Free @p projector; NULL is fine. */
void eb_projector_free(eb_projector *projector);
/** The plane; lent. */
const eb_plane *eb_projector_plane(const eb_projector *projector);
/** What the degrees of the plane are: a geographic CRS in degrees; lent. */
const eb_crs *eb_projector_geographic(const eb_projector *projector);
/** One line for the report: how the layer's coordinates became degrees of the plane's datum, with the accuracy; lent. */
const char *eb_projector_text(const eb_projector *projector);
/** Every coordinate of a WKB shape in place, from the layer's CRS to plane metres. Z and M stay. EB_REFUSED with the coordinate of the
 * first place that has no image, EB_INPUT where the bytes are broken. */
eb_status eb_projector_wkb(eb_projector *projector, uint8_t *data, size_t size, eb_error *err);
/** The other way: plane metres to the layer's CRS. */
eb_status eb_projector_inverse_wkb(eb_projector *projector, uint8_t *data, size_t size, eb_error *err);
/** Only to degrees of the plane's geographic CRS. */
eb_status eb_projector_degrees(eb_projector *projector, uint8_t *data, size_t size, eb_error *err);
/**
 * Does a polygon of the layer lie around the place opposite the plane's centre, or so near it that its edges have no likeness there? That
 * place has no image: the polygon's would be all that the polygon is not. In doubt (broken bytes, no image) false: eb_projector_wkb()
 * finds that.
 */
bool eb_projector_holds_far_side(eb_projector *projector, eb_wkb shape);
/** One point to the plane. */
eb_status eb_projector_point(eb_projector *projector, double *x, double *y, eb_error *err);
/** One point back to the layer's CRS. */
eb_status eb_projector_inverse_point(eb_projector *projector, double *x, double *y, eb_error *err);

/** Number of the Gauss-Krüger zone (3 or 6 degrees wide) that a longitude lies in; a longitude on a border goes to the east. */
int eb_zone_of(double lon_deg, int width_deg);
/** Central meridian of a zone. */
double eb_zone_meridian(int zone, int width_deg);
/** EPSG code of the zone, CGCS2000, Xi'an 80 or Beijing 54, with or without prefix; 0 where there is none. */
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

/** Version of PROJ at work, "9.1.1"; static. */
const char *eb_crs_proj_version(void);

#endif
