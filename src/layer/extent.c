/* Where a layer lies, where that takes a pass over it: on both sides of 180 degrees the least and the greatest longitude say little. */
#include <ecobelt/layer.h>

#include <math.h>
#include <string.h>

/* Longitudes are marked by so many steps around the Earth: finer than a plane's centre needs to be. */
enum { STEPS = 720 };

static void mark(bool taken[STEPS], double west, double east)
{
    const double step = 360. / STEPS;
    if (!(east - west < 360)) east = west + 360 - step / 2;
    for (double at = floor(west / step); at <= floor(east / step); at++) {
        const double turned = fmod(at, STEPS);
        taken[(size_t)(turned < 0 ? turned + STEPS : turned)] = true;
    }
}

/* Each part by itself: shapes cut at 180 degrees have some on either side. */
static void mark_shape(bool taken[STEPS], eb_wkb shape)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double west = INFINITY, east = -INFINITY;
        for (size_t i = 0; i < part.count; i++) {
            double x, y;
            eb_wkb_xy(&part, i, &x, &y);
            west = fmin(west, x);
            east = fmax(east, x);
        }
        if (west > -1e6 && east < 1e6 && west <= east) mark(taken, west, east);
    }
}

static eb_status mark_layer(bool taken[STEPS], eb_source *source, eb_error *err)
{
    eb_batch *batch = eb_batch_new(eb_source_schema(source));
    if (!batch) return eb_error_memory(err);
    eb_status status = eb_source_rewind(source, err);
    do {
        if (status == EB_OK) status = eb_source_next(source, batch, err);
        for (size_t i = 0; i < batch->count && status == EB_OK; i++) mark_shape(taken, eb_batch_shape_at(batch, i));
    } while (status == EB_OK && batch->count > 0);
    eb_batch_free(batch);
    /* Also after a failure: whoever reads on must meet it too, not the rest behind it. */
    const eb_status rewound = eb_source_rewind(source, status ? NULL : err);
    return status ? status : rewound;
}

/* The longest run of steps that nothing lies in; they go round. */
static size_t longest_gap(const bool taken[STEPS], size_t *from)
{
    size_t best = 0, run = 0;
    for (size_t i = 0; i < 2 * STEPS; i++) {
        run = taken[i % STEPS] ? 0 : run + 1;
        if (run <= best || run > STEPS) continue;
        best = run;
        *from = (i + 1 - run) % STEPS;
    }
    return best;
}

static bool in_degrees(const eb_crs *crs)
{
    const eb_crs_info *info = crs ? eb_crs_info_get(crs) : NULL;
    return info && info->kind == EB_CRS_GEOGRAPHIC && fabs(info->unit - acos(-1) / 180) < 1e-12;
}

eb_status eb_source_extent_across(eb_source *source, double box[4], bool *any, eb_error *err)
{
    const eb_crs *crs = eb_source_schema(source)->crs;
    bool taken[STEPS] = {false};
    eb_status status = eb_source_extent_any(source, box, any, err);
    if (status != EB_OK || !*any || !in_degrees(crs) || !(box[2] - box[0] > 180)) return status;
    status = mark_layer(taken, source, err);
    if (status != EB_OK) return status;
    size_t from = 0;
    const double step = 360. / STEPS, gap = step * (double)longest_gap(taken, &from);
    if (gap == 0 || 360 - gap >= box[2] - box[0]) return EB_OK;
    box[0] = remainder(step * (double)from + gap, 360);
    box[2] = box[0] + 360 - gap;
    return EB_OK;
}
