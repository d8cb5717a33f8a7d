/* What of a request does not go with its layer: told of a plan before it runs, and of a command before it reads. */
#include <math.h>

#include "analysis/area/run.h"
#include "base/translate.h"
#include "measure/official.h"

/* A request that has no sense: the parameter, why, and what to do. */
typedef struct misfit {
    const char *key, *why, *hint;
} misfit;

static misfit of_polygons(const eb_area_request *ask)
{
    if (ask->inside) return (misfit){"inside", N_("--inside is for lines"), N_("tabulate gives areas of polygons inside others")};
    if (!isnan(ask->per_m2)) return (misfit){"per", N_("--per is for lines"), N_("shares of areas are in share_pct")};
    return (misfit){0};
}

static misfit of_lines(const eb_area_request *ask)
{
    if (ask->round) return (misfit){"round", N_("--round is for areas"), N_("lengths are not levelled")};
    if (ask->zone) return (misfit){"zone", N_("--zone is for areas"), N_("lengths are geodesic, in no zone")};
    if (ask->method != EB_AREA_AUTO && !ask->inside) return (misfit){"method", N_("--method is for areas"), N_("lengths are geodesic")};
    return (misfit){0};
}

static misfit of_crs(const eb_area_request *ask, eb_crs_kind kind)
{
    if (ask->zone && kind == EB_CRS_GAUSS_KRUGER)
        return (misfit){"zone", N_("--zone is for data in degrees: these are in a Gauss plane already, and are measured in it"),
                        N_("leave --zone out, or bring the layer to degrees first: ecobelt convert --to-crs EPSG:4490")};
    if (ask->method == EB_AREA_PLANAR && kind == EB_CRS_GEOGRAPHIC)
        return (misfit){"method", N_("degrees have no planar area"), N_("leave --method out, or convert to a projected CRS first")};
    return (misfit){0};
}

/* Official areas asked for by name need a datum that the circular knows. */
static eb_status check_official(const eb_area_request *ask, const eb_crs_info *info, const char **key, eb_error *err)
{
    if (ask->method != EB_AREA_OFFICIAL || info->datum == EB_DATUM_CGCS2000 || info->datum == EB_DATUM_WGS84 ||
        info->datum == EB_DATUM_XIAN80)
        return EB_OK;
    *key = "method";
    eb_error_set(err, EB_REFUSED, "there is no official area in %s: the circular knows CGCS2000 and Xi'an 80", info->name);
    eb_error_hint(err, "use --method geodesic, or convert to CGCS2000 with --helmert first");
    return EB_REFUSED;
}

eb_status eb_area_check_layer(const eb_area_request *ask, unsigned shapes, const eb_crs *crs, const char **key, eb_error *err)
{
    const eb_crs_info *info = crs ? eb_crs_info_get(crs) : NULL;
    misfit found = {0};
    if (shapes == EB_TAKES_POINTS) {
        *key = "layer";
        eb_error_set(err, EB_REFUSED, "points have neither area nor length");
        eb_error_hint(err, "tabulate counts points by zone and class");
        return EB_REFUSED;
    }
    if (shapes == EB_TAKES_POLYGONS) found = of_polygons(ask);
    if (shapes == EB_TAKES_LINES) found = of_lines(ask);
    if (!found.why && info) found = of_crs(ask, info->kind);
    if (!found.why) return info ? check_official(ask, info, key, err) : EB_OK;
    *key = found.key;
    eb_error_set(err, EB_USAGE, "%s", eb_translate(found.why));
    eb_error_hint(err, "%s", eb_translate(found.hint));
    return EB_USAGE;
}

/* West, south, east and north of what is measured, where that can be known; an extent may be larger than the features are. */
static bool find_box(const eb_area_request *ask, const eb_outlook *look, double box[4])
{
    const eb_read_options options = {.where = ask->where};
    eb_source *source = NULL;
    const bool open = look->open(look->self, ask->layer, &options, &source, NULL) == EB_OK && source;
    const bool found = open && eb_source_extent(source, box, NULL) == EB_OK;
    eb_source_free(source);
    return found;
}

/* Only where the whole layer is out of reach: whatever is in it would be refused. */
eb_status eb_area_check_zone(const eb_area_request *ask, const eb_outlook *look, const char **key, eb_error *err)
{
    const eb_crs *crs = ask->zone ? look->crs(look->self, ask->layer) : NULL;
    const double meridian_deg = eb_zone_meridian(ask->zone, 3);
    double box[4];
    if (!crs || eb_crs_info_get(crs)->kind != EB_CRS_GEOGRAPHIC || !find_box(ask, look, box)) return EB_OK;
    if (box[2] >= meridian_deg - EB_OFFICIAL_REACH_DEG && box[0] <= meridian_deg + EB_OFFICIAL_REACH_DEG) return EB_OK;
    *key = "zone";
    eb_error_set(err, EB_REFUSED, "the layer lies from %g to %g degrees east, and zone %d, with its meridian at %g, reaches %g degrees",
                 box[0], box[2], ask->zone, meridian_deg, EB_OFFICIAL_REACH_DEG);
    eb_error_hint(err, "leave --zone out: each shape is then measured in its own zone");
    return EB_REFUSED;
}
