/*
 * Lengths of the lines, inside the boundary.
 */
#include "analysis/corridor/run.h"

#include <math.h>
#include <stdlib.h>

/* Lines nearer than this are the same: an inserted vertex, rounded as files round it, is no farther off its line. */
static const double SAME_M = 0.01;

static double fine_of(const eb_corridor_run *run)
{
    return fmin(run->ask.tolerance_m * EB_CORRIDOR_SHARE_LINE, 0.05);
}

/* Lines of the layer in the plane. */
static eb_status into_plane(eb_corridor_run *run, const eb_corridor_bytes *bytes, eb_shape **out, eb_error *err)
{
    if (bytes->failed) return eb_error_memory(err);
    return eb_corridor_shape_in(&run->lines.frame, run->geos, (eb_wkb){bytes->data, bytes->size}, fine_of(run), out, err);
}

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
    *out = NULL;
    eb_status status = into_plane(run, &bytes, out, err);
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
    if (status == EB_OK)
        status = eb_corridor_shape_out(&run->lines.frame, run->geos, inside ? inside : shape, fine_of(run), &data, &size, err);
    if (status == EB_OK && eb_wkb_dimension((eb_wkb){data, size}) == 1)
        status = eb_measure_length(run->measure, (eb_wkb){data, size}, length_m, err);
    eb_shape_free(run->geos, inside);
    free(data);
    return status;
}

/* The lines of a group (or all) as one shape: crossings become ends of arcs, and what runs over another line is left out. */
static eb_status arcs_of(eb_corridor_run *run, size_t group, eb_shape **out, eb_error *err)
{
    eb_corridor_bytes bytes = {0};
    eb_shape *lines = NULL;
    *out = NULL;
    eb_status status = eb_corridor_distinct_lines(&run->lines, (eb_corridor_choice){group, EB_CORRIDOR_ALL}, SAME_M, &bytes, err);
    if (status == EB_OK) status = into_plane(run, &bytes, &lines, err);
    if (status == EB_OK) status = eb_shape_union_all(run->geos, &lines, 1, out, err);
    eb_shape_free(run->geos, lines);
    free(bytes.data);
    return status;
}

static eb_status length_once(eb_corridor_run *run, size_t group, double *length_m, eb_error *err)
{
    eb_shape *whole = NULL, *main = NULL;
    eb_status status = arcs_of(run, group, &whole, err);
    if (status == EB_OK && run->ask.once_m > 0) {
        status = eb_corridor_drop_braids(run->geos, whole, run->ask.once_m, &main, err);
        eb_shape_free(run->geos, whole);
        whole = main;
    }
    if (status == EB_OK) status = length_of(run, whole, length_m, err);
    eb_shape_free(run->geos, whole);
    return status;
}

/* Every line as it is. */
static eb_status add_up(eb_corridor_run *run, eb_error *err)
{
    eb_status status = EB_OK;
    for (size_t i = 0; status == EB_OK && i < run->lines.line_count; i++) {
        eb_shape *shape = NULL;
        double length = 0;
        status = line_in_plane(run, &run->lines.lines[i], &shape, err);
        if (status == EB_OK) status = length_of(run, shape, &length, err);
        eb_shape_free(run->geos, shape);
        run->lengths_m[run->lines.lines[i].group] += length;
        run->lengths_m[run->lines.group_count] += length;
    }
    return status;
}

eb_status eb_corridor_lengths(eb_corridor_run *run, eb_error *err)
{
    size_t groups = run->lines.group_count;
    bool once = isfinite(run->ask.once_m) || run->lines.polygons; /* a boundary that two polygons share is one */
    run->lengths_m = calloc(groups + 1, sizeof *run->lengths_m);
    if (!run->lengths_m) return eb_error_memory(err);
    if (!once) return add_up(run, err);
    eb_status status = EB_OK;
    for (size_t g = 0; status == EB_OK && g <= groups; g++)
        status = length_once(run, g < groups ? g : EB_CORRIDOR_ALL, &run->lengths_m[g], err);
    return status;
}
