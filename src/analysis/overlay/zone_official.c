#include "analysis/overlay/tally.h"
#include "analysis/overlay/zones_priv.h"
#include "base/translate.h"

#include <ecobelt/measure.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Official area of a shape of the plane, in the layer's own coordinates. */
static eb_status official_area(eb_zones *z, eb_measure *measure, eb_zone_shape *zone, double *geodesic_m2, eb_error *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    eb_size found;
    eb_status status = eb_shape_write(z->geos, zone->shape, &data, &size, err);
    if (status == EB_OK) status = eb_projector_inverse_wkb(z->projector, data, size, err);
    if (status == EB_OK) status = eb_measure_area(measure, (eb_wkb){data, size}, EB_WANT_OFFICIAL | EB_WANT_GEODESIC, &found, err);
    if (status == EB_OK) zone->official_m2 = found.official_m2;
    if (status == EB_OK) *geodesic_m2 = found.geodesic_m2;
    free(data);
    return status;
}

/* The method line, with what the zones come to by another method. */
static void describe(eb_zones *z, const eb_measure *measure, double official, double geodesic)
{
    char line[640];
    eb_measure_method(measure, EB_AREA_OFFICIAL, line, sizeof line);
    snprintf(z->official_method, sizeof z->official_method, "%s", line);
    if (!(geodesic > 0)) return;
    snprintf(z->official_method, sizeof z->official_method, _("%s Check: official minus geodesic %+.2f m2 (%+.1e of all zones)."), line,
             official - geodesic, (official - geodesic) / geodesic);
}

eb_status eb_zones_official(eb_zones *z, const eb_crs *crs, eb_error *err)
{
    eb_measure *measure = NULL;
    eb_datum datum = eb_crs_info_get(crs)->datum;
    eb_sum official = {0}, geodesic = {0};
    eb_status status = EB_OK;
    if (datum != EB_DATUM_CGCS2000 && datum != EB_DATUM_XIAN80) return EB_OK;
    status = eb_measure_new(crs, 0, &measure, err);
    for (size_t i = 0; i < z->shape_count && status == EB_OK; i++) {
        eb_error why;
        double geodesic_m2 = 0;
        /* Beyond the formula's reach (the whole globe, the poles) there is no official area; the table then has none. */
        eb_status found = official_area(z, measure, &z->shapes[i], &geodesic_m2, &why);
        if (found == EB_NO_MEMORY) status = eb_error_memory(err);
        if (found != EB_OK || !isfinite(z->shapes[i].official_m2)) continue;
        eb_sum_add(&official, z->shapes[i].official_m2);
        eb_sum_add(&geodesic, geodesic_m2);
    }
    if (status == EB_OK) describe(z, measure, eb_sum_get(&official), eb_sum_get(&geodesic));
    eb_measure_free(measure);
    return status;
}
