#include "analysis/overlay/tally.h"
#include "analysis/overlay/zones_priv.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdlib.h>

/* Official area of a shape of the plane, in the layer's own coordinates. */
static eb_status official_area(eb_zones *z, eb_zone_shape *zone, double *geodesic_m2, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_size found;
    eb_status status = eb_shape_write(z->geos, zone->shape, &data, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(z->projector, data, size, err);
    if (status == EB_OK) status = eb_measure_area(z->measure, (eb_wkb){data, size}, EB_WANT_GEODESIC | EB_WANT_OFFICIAL_TOO, &found, err);
    if (status == EB_OK) {
        zone->official_m2 = found.official_m2;
        zone->zone = found.zone;
        *geodesic_m2 = found.geodesic_m2;
    }
    free(data);
    return status;
}

eb_status eb_zones_official(eb_zones *z, eb_error *err)
{
    eb_sum official = {0}, geodesic = {0};
    z->official_m2 = z->geodesic_m2 = NAN;
    eb_status status = eb_measure_new(z->crs, 0, &z->measure, err);
    if (status != EB_OK || eb_measure_resolve(z->measure, EB_AREA_AUTO, z->box_deg) != EB_AREA_OFFICIAL) return status;
    for (size_t i = 0; i < z->shape_count && status == EB_OK; i++) {
        double geodesic_m2 = 0;
        eb_error why;
        /* Beyond the formula's reach (the whole globe, the poles) there is no official area; the table then has none. */
        if (official_area(z, &z->shapes[i], &geodesic_m2, &why) == EB_NO_MEMORY) status = eb_error_memory(err);
        if (status != EB_OK || !isfinite(z->shapes[i].official_m2)) continue;
        eb_sum_add(&official, z->shapes[i].official_m2);
        eb_sum_add(&geodesic, geodesic_m2);
        z->official_m2 = eb_sum_get(&official);
        z->geodesic_m2 = eb_sum_get(&geodesic);
    }
    return status;
}
