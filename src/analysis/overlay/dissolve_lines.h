/* Lines and points of a group become one. */
#ifndef EB_ANALYSIS_DISSOLVE_LINES_H
#define EB_ANALYSIS_DISSOLVE_LINES_H

#include "geom/unite.h"

#include <ecobelt/measure.h>

/** What a thread does it with. */
typedef struct eb_line_tools {
    eb_geos *geos;
    eb_projector *projector;
    eb_measure *measure; /**< of lengths */
} eb_line_tools;

/** Geodesic length of lines in the layer's coordinates; where it cannot be measured that in the plane. */
eb_status eb_dissolve_length(const eb_line_tools *tools, eb_wkb lines, double *length_m, eb_error *err);
/**
 * Unite the lines taken in by @p lines, which are in the layer's coordinates: where lines lie on one another, to a millimetre, they
 * count once. The caller's.
 * @param[in,out] again_m grows by the length of what lay on others.
 */
eb_status eb_dissolve_lines(const eb_line_tools *tools, const eb_unite *lines, eb_shape **out, double *again_m, eb_error *err);
/** Unite points. The caller's. */
eb_status eb_dissolve_points(eb_geos *geos, const eb_unite *points, eb_shape **out, eb_error *err);

#endif
