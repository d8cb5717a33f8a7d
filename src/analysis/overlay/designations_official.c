/* Official areas of the pieces: each is measured once, and every figure of the tables is a sum of pieces. */
#include "analysis/overlay/designations.h"
#include "measure/small.h"

#include <math.h>
#include <stdlib.h>

/* The bytes of a shape of the plane in the layer's coordinates. */
static eb_status layer_bytes(const eb_zones *z, const eb_shape *shape, uint8_t **data, size_t *size, eb_error *err)
{
    eb_status status = eb_shape_write(z->geos, shape, data, size, err);
    return status == EB_OK ? eb_projector_inverse_wkb(z->projector, *data, *size, err) : status;
}

/* What a designation measures as a whole, and in which zone: that of the first layer is known. */
static eb_status measure_whole(const eb_zones *z, size_t i, eb_size *whole, eb_error *err)
{
    const eb_zone_shape *shape = &z->shapes[i];
    uint8_t *data = NULL;
    size_t size = 0;
    *whole = (eb_size){.official_m2 = shape->official_m2, .zone = shape->zone};
    if (i < z->first[1]) return EB_OK;
    eb_status status = layer_bytes(z, shape->shape, &data, &size, err);
    if (status == EB_OK) status = eb_measure_area(z->measure, (eb_wkb){data, size}, EB_WANT_OFFICIAL_TOO, whole, err);
    free(data);
    return status;
}

static eb_status measure_cell(eb_designations *d, size_t c, int zone, eb_error *err)
{
    const eb_zones *z = d->zones;
    uint8_t *data = NULL;
    size_t bytes = 0;
    double m2 = NAN;
    eb_size size = {0};
    eb_status status = layer_bytes(z, z->partition->cells[c].shape, &data, &bytes, err);
    if (status == EB_OK) status = eb_measure_piece(z->measure, (eb_wkb){data, bytes}, zone, &m2, err);
    if (status == EB_OK) status = eb_measure_area(z->measure, (eb_wkb){data, bytes}, EB_WANT_GEODESIC, &size, err);
    free(data);
    if (status != EB_OK) return status;
    d->official_m2[c] = eb_half_up(100 * m2) / 100;
    d->official_sum_m2 += d->official_m2[c];
    d->geodesic_sum_m2 += size.geodesic_m2;
    return EB_OK;
}

/* How far the pieces of each designation are from what it measures itself. */
static void compare(eb_designations *d, const eb_size *wholes, double *sums)
{
    const eb_partition *partition = d->zones->partition;
    for (size_t c = 0; c < partition->count; c++)
        for (size_t m = 0; m < partition->cells[c].member_count; m++) sums[partition->cells[c].members[m]] += d->official_m2[c];
    for (size_t i = 0; i < d->zones->shape_count; i++) d->official_gap_m2 = fmax(d->official_gap_m2, fabs(sums[i] - wholes[i].official_m2));
}

static eb_status measure_all(eb_designations *d, eb_size *wholes, double *sums, bool *reached, eb_error *err)
{
    const eb_zones *z = d->zones;
    eb_status status = EB_OK;
    for (size_t i = 0; i < z->shape_count && status == EB_OK && *reached; i++) {
        status = measure_whole(z, i, &wholes[i], err);
        *reached = status == EB_OK && isfinite(wholes[i].official_m2);
    }
    for (size_t c = 0; c < z->partition->count && status == EB_OK && *reached; c++)
        status = measure_cell(d, c, wholes[d->effective[c]].zone, err);
    if (status == EB_OK && *reached) compare(d, wholes, sums);
    return status;
}

eb_status eb_designations_official(eb_designations *d, eb_error *err)
{
    const eb_zones *z = d->zones;
    bool reached = isfinite(z->official_m2);
    if (!reached) return EB_OK;
    eb_size *wholes = calloc(z->shape_count + 1, sizeof *wholes);
    double *sums = calloc(z->shape_count + 1, sizeof *sums);
    d->official_m2 = calloc(z->partition->count + 1, sizeof *d->official_m2);
    eb_status status = EB_OK;
    if (wholes && sums && d->official_m2)
        status = measure_all(d, wholes, sums, &reached, err);
    else
        status = eb_error_memory(err);
    if (!reached || status == EB_REFUSED) { /* out of the formula's reach: the tables then have none */
        free(d->official_m2);
        d->official_m2 = NULL;
        if (status == EB_REFUSED) status = EB_OK;
    }
    free(wholes);
    free(sums);
    return status;
}
