/**
 * @file analysis/corridor/lines.h
 * The steps of reading lines, for the files that read them.
 */
#ifndef EB_ANALYSIS_CORRIDOR_LINES_H
#define EB_ANALYSIS_CORRIDOR_LINES_H

#include "analysis/corridor/corridor.h"

/** Let the longitudes of every part run on over the 180th meridian, in place; edges go the short way round. True where any had to. */
bool eb_corridor_unwrap(uint8_t *data, size_t size);
/**
 * Add a line: its parts as chains, without vertices that repeat the one before.
 * @param shape in the layer's coordinates; of polygons the bytes are kept.
 * @param[out] repeated vertices left out. @param[out] added false where the shape has no length (the line is then not added).
 */
eb_status eb_corridor_add_line(eb_corridor_lines *lines, eb_corridor_line line, eb_wkb shape, size_t *repeated, bool *added, eb_error *err);
/** Where lines lie on both sides of the 180th meridian, move the western ones east by 360 degrees, so that they lie together. */
void eb_corridor_gather_meridian(eb_corridor_lines *lines);
/** Add the dissolved polygons of each group and of all groups as lines. */
eb_status eb_corridor_dissolve(eb_corridor_lines *lines, eb_error *err);
/** Tell the ends of lines from their joints. */
eb_status eb_corridor_find_ends(eb_corridor_lines *lines, eb_error *err);
/** Put the plane in the middle of the lines. EB_REFUSED where they span more than a hemisphere. */
eb_status eb_corridor_place_plane(eb_corridor_lines *lines, eb_error *err);

#endif
