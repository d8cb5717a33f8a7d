/*
 * Lengths of the lines, inside the boundary.
 */
#include "analysis/corridor/run.h"

#include <math.h>
#include <stdlib.h>

/* A feature's chains in the plane. */
static eb_status line_in_plane(eb_corridor_run *run, const eb_corridor_line *line, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_corridor_add_head(&bytes, EB_SHAPE_MULTILINE, line->chain_count);
    for (size_t c = line->chain_first; c < line->chain_first + line->chain_count; c++) {
        const eb_corridor_chain *chain = &run->lines.chains[c];
        eb_corridor_add_head(&bytes, EB_SHAPE_LINE, chain->count);
        for (size_t i = chain->first; i < chain->first + chain->count; i++)
            eb_corridor_add_xy(&bytes, run->lines.xy[2 * i], run->lines.xy[2 * i + 1]);
    }
    double fine = fmin(run->ask.tolerance_m * EB_CORRIDOR_SHARE_LINE, 0.05);
    *out = NULL;
    eb_status status = bytes.failed ? eb_error_memory(err)
                                    : eb_corridor_shape_in(&run->lines.frame, run->geos, (eb_wkb){bytes.data, bytes.size}, fine, out, err);
    free(bytes.data);
    return status;
}

static eb_status length_of(eb_corridor_run *run, const eb_shape *shape, double *length_m, eb_error *err)
{
    eb_shape *inside = NULL;
    uint8_t *data = NULL;
    size_t size = 0;
    eb_status status = EB_OK;
    *length_m = 0;
    if (run->clip) status = eb_shape_overlay(run->geos, shape, run->clip, EB_OP_INTERSECTION, &inside, err);
    double fine = fmin(run->ask.tolerance_m * EB_CORRIDOR_SHARE_LINE, 0.05);
    if (status == EB_OK) status = eb_corridor_shape_out(&run->lines.frame, run->geos, inside ? inside : shape, fine, &data, &size, err);
    if (status == EB_OK && eb_wkb_dimension((eb_wkb){data, size}) == 1)
        status = eb_measure_length(run->measure, (eb_wkb){data, size}, length_m, err);
    eb_shape_free(run->geos, inside);
    free(data);
    return status;
}

/* The lines of a group (or all) as one shape: crossings become ends of arcs, arcs that coincide are one. */
static eb_status arcs_of(eb_corridor_run *run, eb_shape *const *shapes, size_t group, eb_shape **out, eb_error *err)
{
    eb_shape **some = calloc(run->lines.line_count + 1, sizeof(eb_shape *));
    *out = NULL;
    if (!some) return eb_error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < run->lines.line_count; i++) {
        if (eb_corridor_chosen(&run->lines, (eb_corridor_choice){group, EB_CORRIDOR_ALL}, i)) some[count++] = shapes[i];
    }
    eb_status status = eb_shape_union_all(run->geos, some, count, out, err);
    free(some);
    return status;
}

static eb_status length_once(eb_corridor_run *run, eb_shape *const *shapes, size_t group, double *length_m, eb_error *err)
{
    eb_shape *whole = NULL, *main = NULL;
    eb_status status = arcs_of(run, shapes, group, &whole, err);
    if (status == EB_OK && run->ask.once_m > 0) {
        status = eb_corridor_drop_braids(run->geos, whole, run->ask.once_m, &main, err);
        eb_shape_free(run->geos, whole);
        whole = main;
    }
    if (status == EB_OK) status = length_of(run, whole, length_m, err);
    eb_shape_free(run->geos, whole);
    return status;
}

static eb_status add_up(eb_corridor_run *run, eb_shape *const *shapes, eb_error *err)
{
    size_t groups = run->lines.group_count;
    eb_status status = EB_OK;
    bool once = isfinite(run->ask.once_m) || run->lines.polygons; /* a boundary that two polygons share is one */
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count && !once; i++) {
        double length = 0;
        status = length_of(run, shapes[i], &length, err);
        run->lengths_m[run->lines.lines[i].group] += length;
        run->lengths_m[groups] += length;
    }
    if (!once) return status;
    for (size_t g = 0; status == EB_OK && g <= groups; g++)
        status = length_once(run, shapes, g < groups ? g : EB_CORRIDOR_ALL, &run->lengths_m[g], err);
    return status;
}

eb_status eb_corridor_lengths(eb_corridor_run *run, eb_error *err)
{
    eb_shape **shapes = calloc(run->lines.line_count + 1, sizeof *shapes);
    run->lengths_m = calloc(run->lines.group_count + 1, sizeof *run->lengths_m);
    eb_status status = shapes && run->lengths_m ? EB_OK : eb_error_memory(err);
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count; i++)
        status = line_in_plane(run, &run->lines.lines[i], &shapes[i], err);
    if (status == EB_OK) status = add_up(run, shapes, err);
    for (size_t i = 0; shapes && i < run->lines.line_count; i++) eb_shape_free(run->geos, shapes[i]);
    free(shapes);
    return status;
}
