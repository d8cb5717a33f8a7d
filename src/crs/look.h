/**
 * @file look.h
 * What numbers without a CRS look like.
 */
#ifndef CRS_LOOK_H
#define CRS_LOOK_H

#include <ecobelt/crs.h>

/** Kinds of numbers that are met in China. */
typedef enum eb_look_kind {
    EB_LOOK_NOTHING,  /**< nothing that is known */
    EB_LOOK_DEGREES,  /**< longitude and latitude */
    EB_LOOK_PREFIXED, /**< eastings with a zone number in front, northings */
    EB_LOOK_PLAIN,    /**< 6-digit eastings and 7-digit northings */
    EB_LOOK_WEB,      /**< Web Mercator over China */
    EB_LOOK_SMALL     /**< a drawing's own metres */
} eb_look_kind;

/** A reading of a box. */
typedef struct eb_look {
    eb_look_kind kind;
    bool swapped;        /**< holds when x and y change places */
    bool china;          /**< degrees: in China or near it */
    bool web_too;        /**< prefixed, of zones 13 to 15: Web Mercator reads as well */
    int zone, last_zone; /**< prefixed: zones of the smallest and the largest easting */
} eb_look;

/** Read a box {xmin, ymin, xmax, ymax} of finite numbers. */
eb_look eb_look_at(const double box[4]);
/** Width in degrees of the zone that a prefix means in China: 13 to 23 are 6 degrees, 24 to 45 are 3. */
int eb_look_width(int zone);

#endif
