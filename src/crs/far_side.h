/**
 * @file crs/far_side.h
 * The place opposite the centre of the analysis plane, which has no image in it.
 */
#ifndef CRS_FAR_SIDE_H
#define CRS_FAR_SIDE_H

#include <ecobelt/crs.h>

/** Could a shape with this box {west, south, east, north} in degrees hold it, or come near it? */
bool eb_far_side_in_box(const eb_plane *plane, const double box[4]);
/** Does it lie in a polygon in degrees, whose edges are straight in them, or so near an edge that the plane draws another one? */
bool eb_far_side_in_shape(const eb_plane *plane, eb_wkb degrees);
/** Is a place more than 60 degrees from the centre? */
bool eb_far_from_centre(const eb_plane *plane, double lon_deg, double lat_deg);

#endif
