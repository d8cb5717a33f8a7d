/*
 * Lines are united in the coordinates of their layer, where their edges are straight: in the plane the edges of two lines that share
 * their way, but not all their vertices, bend on different chords.
 */
#include "analysis/overlay/dissolve_lines.h"
#include "analysis/overlay/overlay.h"
#include "base/wkb_build.h"
#include "geom/knit_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* GEOS adds vertices where lines cross and changes nothing else: the lengths in coordinates agree to this part. */
static const double promise = 1e-9;

static eb_status place(void *self, double *x, double *y, eb_error *err)
{
    return eb_projector_point(self, x, y, err);
}

eb_status eb_dissolve_length(const eb_line_tools *tools, eb_wkb lines, double *length_m, eb_error *err)
{
    eb_shape *plane = NULL;
    eb_error why;
    eb_status status = eb_measure_length(tools->measure, lines, length_m, &why);
    if (status == EB_OK) return EB_OK;
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    uint8_t *copy = malloc(lines.size + 1);
    if (!copy) return eb_error_memory(err);
    memcpy(copy, lines.data, lines.size);
    status = eb_projector_wkb(tools->projector, copy, lines.size, err);
    if (status == EB_OK) status = eb_shape_read(tools->geos, (eb_wkb){copy, lines.size}, &plane, err);
    if (status == EB_OK) *length_m = eb_shape_length(tools->geos, plane);
    eb_shape_free(tools->geos, plane);
    free(copy);
    return status;
}

static eb_wkb shape_at(const eb_unite *u, size_t i)
{
    const size_t from = i ? u->ends[i - 1] : 0;
    return (eb_wkb){u->bytes + from, u->ends[i] - from};
}

static eb_status knit(const eb_line_tools *tools, const eb_unite *lines, eb_knitted_lines *knitted, eb_error *err)
{
    const eb_line_knitting how = {.near_m = EB_ON_BORDER_M, .place = place, .self = tools->projector, .meter = lines->meter};
    eb_wkb *shapes = malloc((lines->count + 1) * sizeof *shapes);
    if (!shapes) return eb_error_memory(err);
    for (size_t i = 0; i < lines->count; i++) shapes[i] = shape_at(lines, i);
    eb_status status = eb_knit_lines(shapes, lines->count, &how, knitted, err);
    free(shapes);
    return status;
}

static eb_status check(double before, double after, double loose, eb_error *err)
{
    const double slack = promise * before;
    if (after <= before + slack && after >= before - loose - slack) return EB_OK;
    return eb_error_set(err, EB_INTERNAL, "the union of lines is %.17g long, their edges, each taken once, %.17g", after, before);
}

/* What is there once gets its vertices where it crosses. */
static eb_status node(eb_geos *geos, const eb_knitted_lines *knitted, eb_shape **out, eb_error *err)
{
    eb_shape *once = NULL;
    eb_status status = eb_shape_read(geos, eb_wkb_built(&knitted->once), &once, err);
    if (status == EB_OK) status = eb_shape_union_all(geos, &once, 1, out, err);
    if (status == EB_OK) status = check(eb_shape_length(geos, once), eb_shape_length(geos, *out), knitted->loose, err);
    eb_shape_free(geos, once);
    return status;
}

eb_status eb_dissolve_lines(const eb_line_tools *tools, const eb_unite *lines, eb_shape **out, double *again_m, eb_error *err)
{
    eb_knitted_lines knitted = {0};
    double length_m = 0;
    *out = NULL;
    eb_status status = knit(tools, lines, &knitted, err);
    if (status == EB_OK) status = eb_dissolve_length(tools, eb_wkb_built(&knitted.again), &length_m, err);
    if (status == EB_OK) status = node(tools->geos, &knitted, out, err);
    if (status == EB_OK) *again_m += length_m;
    eb_knitted_lines_clear(&knitted);
    return status;
}

eb_status eb_dissolve_points(eb_geos *geos, const eb_unite *points, eb_shape **out, eb_error *err)
{
    eb_shape **shapes = calloc(points->count + 1, sizeof *shapes);
    eb_status status = shapes ? EB_OK : eb_error_memory(err);
    *out = NULL;
    for (size_t i = 0; i < points->count && status == EB_OK; i++) status = eb_shape_read(geos, shape_at(points, i), &shapes[i], err);
    if (status == EB_OK) status = eb_shape_union_all(geos, shapes, points->count, out, err);
    for (size_t i = 0; shapes && i < points->count; i++) eb_shape_free(geos, shapes[i]);
    free(shapes);
    return status;
}
