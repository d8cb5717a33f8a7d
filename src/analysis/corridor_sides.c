#include "analysis/corridor_parts.h"
eb_status eb_corridor_keep_side(const eb_corridor_lines *lines, eb_corridor_choice choice, eb_corridor_near *near,
                                const eb_corridor_spec *spec, eb_geos *geos, eb_shape *shape_take, eb_shape **out, eb_error *err)
{ (void)lines;(void)choice;(void)near;(void)spec;(void)geos;(void)err; *out=shape_take; return EB_OK; }
