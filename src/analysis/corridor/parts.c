#include "analysis/corridor/parts.h"

#include <math.h>
#include <stdlib.h>

/* The chosen polygons in the plane, as one shape. */
static eb_status area_of(const eb_corridor_lines *lines, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_geos *geos,
                         eb_shape **out, eb_error *err)
{
    double fine = fmin(spec->tolerance_m, spec->width_m / 20) * EB_CORRIDOR_SHARE_LINE;
    *out = NULL;
    for (size_t i = 0; i < lines->line_count; i++) {
        const eb_corridor_line *line = &lines->lines[i];
        if (!eb_corridor_chosen(lines, choice, i) || !line->area) continue;
        return eb_corridor_shape_in(&lines->frame, geos, (eb_wkb){line->area, line->area_size}, fine, out, err);
    }
    return eb_error_set(err, EB_INTERNAL, "no polygon stands for the group");
}

/* Outside, inside, grown or core: the polygons against all places near their boundary. */
static eb_status combine(const eb_corridor_lines *lines, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_geos *geos,
                         const eb_shape *belt, eb_shape **out, eb_error *err)
{
    eb_shape *area = NULL, *made = NULL;
    *out = NULL;
    eb_status status = area_of(lines, choice, spec, geos, &area, err);
    if (status != EB_OK) return status;
    switch (spec->part) {
    case EB_CORRIDOR_OUTWARD:
        status = eb_shape_overlay(geos, belt, area, EB_OP_DIFFERENCE, &made, err);
        break;
    case EB_CORRIDOR_INWARD:
        status = eb_shape_overlay(geos, belt, area, EB_OP_INTERSECTION, &made, err);
        break;
    case EB_CORRIDOR_GROWN:
        status = eb_shape_overlay(geos, area, belt, EB_OP_UNION, &made, err);
        break;
    default:
        status = eb_shape_overlay(geos, area, belt, EB_OP_DIFFERENCE, &made, err);
    }
    eb_shape_free(geos, area);
    return status == EB_OK ? eb_shape_keep_dimension(geos, made, 2, out, err) : status;
}

/* The side first: what a flat end takes away is a matter of the whole definition. */
static eb_status part_of_lines(const eb_corridor_lines *lines, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_geos *geos,
                               const eb_env *env, eb_shape *whole_take, eb_shape **out, eb_error *err)
{
    eb_corridor_near *near = NULL;
    eb_shape *shape = whole_take, *next = NULL;
    eb_status status = eb_corridor_near_new(lines, choice, spec->tolerance_m, &near, err);
    if (status == EB_OK && spec->part != EB_CORRIDOR_BOTH) {
        status = eb_corridor_keep_side(lines, choice, near, spec, geos, env, shape, &next, err);
        shape = next;
    }
    if (status == EB_OK && spec->cap == EB_CAP_FLAT) {
        status = eb_corridor_cut_ends(lines, near, spec, geos, env, shape, &next, err);
        shape = next;
    }
    if (status == EB_OK)
        *out = shape;
    else
        eb_shape_free(geos, shape);
    eb_corridor_near_free(near);
    return status;
}

eb_status eb_corridor_part_of(const eb_corridor_lines *lines, eb_corridor_choice choice, const eb_corridor_spec *spec, eb_geos *geos,
                              const eb_env *env, eb_shape *whole_take, eb_shape **out, eb_error *err)
{
    *out = NULL;
    if (spec->part == EB_CORRIDOR_BOTH && (spec->cap == EB_CAP_ROUND || lines->polygons)) {
        *out = whole_take;
        return EB_OK;
    }
    if (!lines->polygons) return part_of_lines(lines, choice, spec, geos, env, whole_take, out, err);
    eb_status status = combine(lines, choice, spec, geos, whole_take, out, err);
    eb_shape_free(geos, whole_take);
    return status;
}
