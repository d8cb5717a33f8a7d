/* Official areas of pieces: the feature's own, shared out in proportion, so that the pieces add up to what is on its title. */
#include "analysis/overlay/overlay.h"
#include "base/array.h"
#include "measure/small.h"

#include <math.h>
#include <stdlib.h>

/* The feature as it came in, or as its repair left it. EB_REFUSED: out of the formula's reach. */
static eb_status measure(const eb_held *held, eb_overlay_worker *w, const eb_shape *shape, eb_size *size, eb_error *err)
{
    const unsigned want = EB_WANT_OFFICIAL | EB_WANT_GEODESIC;
    uint8_t *data = NULL;
    size_t bytes = 0;
    if (!shape) return eb_measure_area(w->measure, (eb_wkb){w->original, w->original_size}, want, size, err);
    eb_status status = eb_shape_write(w->geos, shape, &data, &bytes, err);
    if (status == EB_OK) status = eb_vertex_map_restore(&w->places, &held->places, w->projector, data, bytes, err);
    if (status == EB_OK) status = eb_measure_area(w->measure, (eb_wkb){data, bytes}, want, size, err);
    free(data);
    return status;
}

/* Shapes of the other layer that overlap one another give pieces of more than the feature: those cannot add up to it. */
static void in_proportion(eb_overlay_worker *w, double official_m2, double whole)
{
    for (size_t i = 0; i < w->piece_count; i++)
        w->pieces[i].official_m2 = eb_half_up(100 * official_m2 * (w->pieces[i].size / whole)) / 100;
}

static eb_status share_out(eb_overlay_worker *w, double official_m2, double whole, eb_error *err)
{
    double sum = 0;
    size_t count = w->piece_count;
    if (!eb_array_reserve(&w->shares, &w->share_capacity, count + 1, sizeof *w->shares)) return eb_error_memory(err);
    for (size_t i = 0; i < count; i++) sum += w->shares[i] = w->pieces[i].size;
    const double open = whole - sum, noise = 1e-9 * whole + 1e-6;
    if (open < -noise) {
        in_proportion(w, official_m2, whole);
        return EB_OK;
    }
    if (open > noise) w->shares[count++] = open; /* what no piece covers has its share, too */
    eb_status status = eb_share_official(official_m2, w->shares, count, w->shares, err);
    for (size_t i = 0; i < w->piece_count && status == EB_OK; i++) w->pieces[i].official_m2 = w->shares[i];
    return status;
}

eb_status eb_overlay_official(const eb_held *held, eb_overlay_worker *w, const eb_shape *shape, eb_overlay_sizes *sizes, eb_error *err)
{
    eb_size size;
    eb_error why;
    eb_status status = measure(held, w, shape, &size, &why);
    if (status == EB_NO_MEMORY) return eb_error_memory(err);
    if (status != EB_OK || !isfinite(size.official_m2)) return EB_OK;
    sizes->official_m2 = size.official_m2;
    sizes->geodesic_m2 = size.geodesic_m2;
    return share_out(w, size.official_m2, sizes->whole, err);
}
