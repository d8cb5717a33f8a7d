/**
 * @file parcel_text.h
 * [地块坐标] text files: the coordinate exchange of land approval and survey, in the dialects that are about.
 *
 * A file is a section [属性描述] of key=value lines and a section [地块坐标] of parcels: a header line that ends with '@', then a line a
 * boundary point (name, ring, X north, Y east). Rings are closed by repeating their first point.
 */
#ifndef ECOBELT_LAYER_PARCEL_TEXT_H
#define ECOBELT_LAYER_PARCEL_TEXT_H

#include "layer/notes.h"
#include "layer/source.h"

#include "base/text.h"

enum {
    EB_PARCEL_FIELDS = 8,      /**< of the standard header: count, area, id, name, kind, sheet, use, land class */
    EB_PARCEL_MAX_FIELDS = 64, /**< of any header */
    EB_PARCEL_LINE = 8192      /**< longest line in bytes */
};

/** One line taken apart. */
typedef enum eb_parcel_line_kind {
    EB_PARCEL_BLANK,
    EB_PARCEL_SECTION,   /**< text: its name */
    EB_PARCEL_ATTRIBUTE, /**< field[0] = key, field[1] = value */
    EB_PARCEL_HEADER,    /**< fields without the '@' */
    EB_PARCEL_POINT,     /**< field[0] name, ring, a, b */
    EB_PARCEL_STRANGE    /**< none of these */
} eb_parcel_line_kind;
/** A line; its strings point into `text`. */
typedef struct eb_parcel_line {
    eb_parcel_line_kind kind;
    char text[EB_PARCEL_LINE * 2];
    char *field[EB_PARCEL_MAX_FIELDS];
    size_t field_count;
    int64_t ring;
    double a, b; /**< the two coordinates in the order of the file */
} eb_parcel_line;
/** Take a line of UTF-8 text apart. Full-width signs are taken for plain ones where they stand for the format, not within a name. */
void eb_parcel_line_parse(const char *text, size_t size, bool attributes, eb_parcel_line *out);

/** What a file's numbers are. */
typedef enum eb_parcel_numbers {
    EB_PARCEL_PLANE,   /**< metres */
    EB_PARCEL_DEGREES, /**< decimal degrees */
    EB_PARCEL_PACKED   /**< degrees as ddd.mmss */
} eb_parcel_numbers;

/** What the whole file says and shows: found in a first pass. */
typedef struct eb_parcel_facts {
    char encoding[40];
    char system[80];                                      /**< 坐标系, as written */
    char unit[40], projection[80], bands[40], shift[160]; /**< 计量单位, 投影类型, 几度分带, 转换参数, as written */
    int zone, width;                                      /**< 带号 and 几度分带; 0: not said */
    bool prefixed, swapped;
    eb_parcel_numbers numbers;
    bool area_in_m2; /**< the headers give square metres, not hectares */
    int64_t parcels;
    size_t extra_fields;    /**< beyond the standard eight, most of any header */
    char extra_names[1024]; /**< 扩展字段, comma-separated; empty: not said */
    int64_t schematic;      /**< parcels whose field `status` says so */
} eb_parcel_facts;

/** True where the first bytes of a file look like one of these (UTF-8 or GBK). */
bool eb_parcel_sniff(const char *file);
/** Open a file for reading. The CRS is not looked at yet. */
eb_status eb_parcel_source(const char *name, const eb_read_options *options, eb_source **out, eb_error *err);
/** A writer: Gauss-Krüger with zone prefix, rings from the north-west corner clockwise, areas in hectares by the official formula. */
eb_status eb_sink_parcel(const char *file, const eb_schema *schema, const eb_write_options *options, eb_sink **out, eb_error *err);

/** Lines that eb_parcel_put_points() makes of a shape of @p dimension. */
size_t eb_parcel_count_points(eb_wkb shape, int dimension);
/**
 * Append a shape in the file's own coordinates as lines of boundary points: rings from the north-west corner, outer ones clockwise, each
 * closed by its first point. False where its bytes are broken.
 */
bool eb_parcel_put_points(eb_string *text, eb_wkb shape, int dimension);

/** Rings of one parcel, gathered point by point. Zero-initialise it. */
typedef struct eb_parcel_rings {
    double *x, *y; /**< east, north */
    size_t points, x_room, y_room;
    size_t *starts; /**< first point of each ring */
    size_t rings, starts_room;
    int64_t ring_number;
    bool closed;     /**< the ring in hand is closed */
    size_t unclosed; /**< rings that were left open */
} eb_parcel_rings;
void eb_parcel_rings_reset(eb_parcel_rings *rings);
void eb_parcel_rings_clear(eb_parcel_rings *rings);
/** Append a point of ring @p number. A new ring starts where the number changes or the ring in hand is closed. False out of memory. */
bool eb_parcel_rings_add(eb_parcel_rings *rings, int64_t number, double x, double y);
/**
 * The rings as a shape: which ring is a hole is decided by containment, not by number.
 * @param kind EB_SHAPE_POLYGON, EB_SHAPE_LINE or EB_SHAPE_POINT. @param[out] data from malloc(), NULL where there are no points.
 */
bool eb_parcel_rings_shape(eb_parcel_rings *rings, eb_shape_kind kind, uint8_t **data, size_t *size);
/** Area of the rings by containment, in square units; NaN out of memory. */
double eb_parcel_rings_area(const eb_parcel_rings *rings);

#endif
