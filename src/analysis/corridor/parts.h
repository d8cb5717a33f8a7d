/**
 * @file analysis/corridor/parts.h
 * Parts of the places within the width: without what lies beyond flat ends, one side, outside or inside polygons.
 */
#ifndef EB_ANALYSIS_CORRIDOR_PARTS_H
#define EB_ANALYSIS_CORRIDOR_PARTS_H

#include "analysis/corridor/near.h"

/** Take out what lies beyond the free ends. Consumes @p shape_take, also on failure. */
eb_status eb_corridor_cut_ends(const eb_corridor_lines *lines, eb_corridor_near *near, const eb_corridor_spec *spec, eb_geos *geos,
                               const eb_env *env, eb_shape *shape_take, eb_shape **out, eb_error *err);
/** Keep the side asked for. Consumes @p shape_take, also on failure. */
eb_status eb_corridor_keep_side(const eb_corridor_lines *lines, eb_corridor_choice choice, eb_corridor_near *near,
                                const eb_corridor_spec *spec, eb_geos *geos, const eb_env *env, eb_shape *shape_take, eb_shape **out,
                                eb_error *err);

#endif
