/* What a CRS is: read out of PROJ by parameters, not by its code alone. */
#include "crs/identity.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "base/translate.h"
#include "crs/series.h"

/* The ellipsoids of the datums that the tool knows by name. */
static const struct {
    eb_datum datum;
    double a, rf;
    const char *geographic; /* code of its geographic CRS */
    const char *names[4];   /* letters and digits only, lower case */
} datums[] = {
    {EB_DATUM_CGCS2000, 6378137, 298.257222101, "EPSG:4490", {"china2000", "cgcs2000", "chinageodeticcoordinatesystem2000"}},
    {EB_DATUM_WGS84, 6378137, 298.257223563, "EPSG:4326", {"worldgeodeticsystem1984", "wgs1984", "wgs84"}},
    {EB_DATUM_XIAN80, 6378140, 298.257, "EPSG:4610", {"xian1980", "xian80", "iag1975"}},
    {EB_DATUM_BEIJING54, 6378245, 298.3, "EPSG:4214", {"beijing1954", "beijing54"}},
};
enum { DATUMS = sizeof datums / sizeof *datums };

bool eb_helmert_is_null(const eb_helmert *h)
{
    return h->dx_m == 0 && h->dy_m == 0 && h->dz_m == 0 && h->rx_arcsec == 0 && h->ry_arcsec == 0 && h->rz_arcsec == 0 && h->scale_ppm == 0;
}

/* ASCII only, whatever the locale: names come in any script. */
static char plain_letter(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : 0;
}

/* "D_China_2000" and "China 2000" alike: letters and digits, lower case, without the D_ of ESRI. */
static void plain_name(const char *name, char *out, size_t size)
{
    size_t n = 0;
    if (name[0] == 'D' && name[1] == '_') name += 2;
    for (; *name && n + 1 < size; name++)
        if (plain_letter(*name)) out[n++] = plain_letter(*name);
    out[n] = 0;
}

/* Index of the datum that a name means, or -1. A realisation of WGS84, "... (G1762)", counts as WGS84; an ensemble, too. */
static int datum_by_name(const char *name)
{
    char plain[128];
    plain_name(name, plain, sizeof plain);
    for (int i = 0; i < DATUMS; i++)
        for (int k = 0; k < 4 && datums[i].names[k]; k++) {
            const size_t n = strlen(datums[i].names[k]);
            if (strncmp(plain, datums[i].names[k], n) != 0) continue;
            const char *rest = plain + n;
            if (!*rest || !strcmp(rest, "ensemble") || (datums[i].datum == EB_DATUM_WGS84 && (*rest == 'g' || !strcmp(rest, "transit"))))
                return i;
        }
    return -1;
}

/* A datum without a name worth having ("unknown", "user defined") is known by the name or figures of its ellipsoid. */
static int datum_by_ellipsoid(const char *datum_name, const char *ellipsoid_name, double a, double rf)
{
    char plain[128];
    plain_name(datum_name, plain, sizeof plain);
    if (strncmp(plain, "unknown", 7) != 0 && strncmp(plain, "userdefined", 11) != 0 && strcmp(plain, "unnamed") != 0 && plain[0]) return -1;
    plain_name(ellipsoid_name, plain, sizeof plain);
    if (!strcmp(plain, "cgcs2000")) return 0;
    /* IAG 1975 serves Xi'an 80 alone. */
    return fabs(a - 6378140) < 1e-3 && fabs(rf - 298.257) < 1e-6 ? 2 : -1;
}

typedef struct ellipsoid {
    double a, f;
    char name[64];
} ellipsoid;

static bool get_ellipsoid(eb_proj *proj, const PJ *crs, ellipsoid *out)
{
    PJ *object = proj_get_ellipsoid(proj->context, crs);
    double a = 0, b = 0, rf = 0;
    const bool ok = object && proj_ellipsoid_get_parameters(proj->context, object, &a, &b, NULL, &rf);
    if (ok) {
        out->a = a;
        out->f = rf > 0 ? 1 / rf : 0;
        eb_text_copy(out->name, sizeof out->name, proj_get_name(object) ? proj_get_name(object) : "");
    }
    proj_destroy(object);
    return ok;
}

static eb_status classify_datum(const char *name, const ellipsoid *e, eb_datum *datum, eb_error *err)
{
    const double rf = e->f > 0 ? 1 / e->f : 0;
    int i = datum_by_name(name);
    *datum = EB_DATUM_OTHER;
    if (i < 0) i = datum_by_ellipsoid(name, e->name, e->a, rf);
    if (i < 0) return EB_OK;
    if (fabs(e->a - datums[i].a) > 0.5 || fabs(rf - datums[i].rf) > 1e-3) {
        eb_error_set(err, EB_REFUSED, "the CRS contradicts itself: datum \"%s\" with an ellipsoid of a = %.3f m, 1/f = %.9f", name, e->a,
                     rf);
        eb_error_hint(err, "say which CRS it really is, for instance as an EPSG code");
        return EB_REFUSED;
    }
    *datum = datums[i].datum;
    return EB_OK;
}

/* Datum, ellipsoid and prime meridian of the geographic CRS underneath. */
static eb_status describe_datum(eb_proj *proj, const PJ *geodetic, eb_crs *crs, eb_error *err)
{
    ellipsoid e;
    PJ *datum = proj_crs_get_datum_forced(proj->context, geodetic);
    PJ *meridian = proj_get_prime_meridian(proj->context, geodetic);
    double lon = 0, unit = 0;
    eb_status status = EB_OK;
    if (!datum || !proj_get_name(datum) || !get_ellipsoid(proj, geodetic, &e)) {
        status = eb_error_set(err, EB_REFUSED, "the CRS has no datum");
        goto done;
    }
    free(crs->datum_name);
    if (!(crs->datum_name = eb_text_dup(proj_get_name(datum)))) {
        status = eb_error_memory(err);
        goto done;
    }
    if (meridian && proj_prime_meridian_get_parameters(proj->context, meridian, &lon, &unit, NULL)) crs->meridian_deg = lon * unit * EB_DEG;
    crs->info.a = e.a;
    crs->info.f = e.f;
    status = classify_datum(crs->datum_name, &e, &crs->info.datum, err);
    if (crs->meridian_deg != 0) crs->info.datum = EB_DATUM_OTHER;
done:
    proj_destroy(meridian);
    proj_destroy(datum);
    return status;
}

/* Unit of the axes; false where the axes are not one to the east and one to the north in the same unit. */
static bool describe_axes(eb_proj *proj, const PJ *horizontal, double *unit)
{
    PJ *cs = proj_crs_get_coordinate_system(proj->context, horizontal);
    bool east = false, north = false;
    double units[2] = {0, 0};
    for (int i = 0; cs && i < 2; i++) {
        const char *direction = NULL;
        if (!proj_cs_get_axis_info(proj->context, cs, i, NULL, NULL, &direction, &units[i], NULL, NULL, NULL)) break;
        east |= direction && !strcmp(direction, "east");
        north |= direction && !strcmp(direction, "north");
    }
    proj_destroy(cs);
    *unit = units[0];
    return east && north && units[0] == units[1];
}

/* A parameter of the projection in metres, degrees or as a number; NaN where it has none of that code. */
static double parameter(eb_proj *proj, const PJ *conversion, int code)
{
    const int count = proj_coordoperation_get_param_count(proj->context, conversion);
    for (int i = 0; i < count; i++) {
        const char *id = NULL, *category = NULL;
        double value = 0, unit = 0;
        if (!proj_coordoperation_get_param(proj->context, conversion, i, NULL, NULL, &id, &value, NULL, &unit, NULL, NULL, NULL, &category))
            continue;
        if (!id || strtol(id, NULL, 10) != code) continue;
        const bool angle = category && !strcmp(category, "angular");
        if (angle && fabs(unit - EB_RAD) < 1e-12) return value;
        return value * unit * (angle ? EB_DEG : 1);
    }
    return NAN;
}

/* Zone number, width and prefix, from the central meridian and the false easting. */
static void describe_zone(eb_crs_info *info)
{
    const double lon = info->central_meridian_deg, east = info->false_easting_m;
    const double prefix = (east - 500000) / 1e6;
    if (!(fabs(lon) <= 360) || !(prefix <= 120)) return;
    const int three = (int)lround(lon / 3), six = (int)lround((lon + 3) / 6);
    const bool is_three = fabs(lon - 3 * three) < 1e-9, is_six = fabs(lon - (6 * six - 3)) < 1e-9;
    char plain[128];
    plain_name(info->name, plain, sizeof plain);
    if (fabs(east - 500000) < 1e-6) {
        /* 117 E is the meridian of a zone of either width: the name decides, and zones of 3 degrees are what large scales use. */
        const bool named_six =
            !strstr(plain, "3degree") && (strstr(plain, "6degree") || strstr(plain, "krugercm") || strstr(plain, "gkcm"));
        info->zone_width = is_six && named_six ? 6 : is_three ? 3 : 0;
        info->zone = info->zone_width ? eb_zone_of(lon, info->zone_width) : 0;
    } else if (prefix >= 1 && fabs(prefix - round(prefix)) < 1e-12) {
        const int zone = (int)round(prefix);
        info->zone_width = fabs(eb_zone_meridian(zone, 3) - lon) < 1e-9 ? 3 : fabs(eb_zone_meridian(zone, 6) - lon) < 1e-9 ? 6 : 0;
        info->zone = info->zone_width ? zone : 0;
        info->prefixed = info->zone != 0;
    }
}

static void describe_tm(eb_proj *proj, const PJ *conversion, eb_crs *crs, bool plain_axes)
{
    eb_tm_params *tm = &crs->tm;
    tm->lat0_deg = parameter(proj, conversion, 8801);
    tm->lon0_deg = parameter(proj, conversion, 8802);
    tm->k0 = parameter(proj, conversion, 8805);
    tm->false_easting_m = parameter(proj, conversion, 8806);
    tm->false_northing_m = parameter(proj, conversion, 8807);
    const bool complete = isfinite(tm->lat0_deg + tm->lon0_deg + tm->k0 + tm->false_easting_m + tm->false_northing_m);
    tm->known = complete && plain_axes && crs->info.unit == 1 && crs->meridian_deg == 0 && crs->info.f >= 0 && crs->info.f < 1. / 150 &&
                tm->k0 > 0.5 && tm->k0 < 2;
    if (!complete) return;
    crs->info.central_meridian_deg = tm->lon0_deg;
    crs->info.false_easting_m = tm->false_easting_m;
    if (tm->known && tm->k0 == 1 && tm->lat0_deg == 0 && tm->false_northing_m == 0) {
        crs->info.kind = EB_CRS_GAUSS_KRUGER;
        describe_zone(&crs->info);
    }
}

static void describe_projection(eb_proj *proj, const PJ *projected, eb_crs *crs, bool plain_axes)
{
    PJ *conversion = proj_crs_get_coordoperation(proj->context, projected);
    const char *method = NULL, *authority = NULL, *code = NULL;
    crs->info.kind = EB_CRS_PROJECTED;
    if (conversion && proj_coordoperation_get_method_info(proj->context, conversion, &method, &authority, &code) && code) {
        const long number = strtol(code, NULL, 10);
        if (number == 9807) describe_tm(proj, conversion, crs, plain_axes);
        if (number == 1024 && plain_axes && crs->info.unit == 1) {
            crs->info.kind = EB_CRS_WEB_MERCATOR;
            crs->web = crs->meridian_deg == 0 && parameter(proj, conversion, 8801) == 0 && parameter(proj, conversion, 8802) == 0 &&
                       parameter(proj, conversion, 8806) == 0 && parameter(proj, conversion, 8807) == 0;
        }
    }
    proj_destroy(conversion);
}

eb_status eb_identity_describe(eb_proj *proj, const PJ *horizontal, eb_crs *crs, eb_error *err)
{
    const bool geographic = proj_get_type(horizontal) == PJ_TYPE_GEOGRAPHIC_2D_CRS;
    PJ *geodetic = proj_crs_get_geodetic_crs(proj->context, horizontal);
    if (!geodetic) return eb_error_set(err, EB_REFUSED, "the CRS has no geographic CRS underneath");
    eb_text_copy(crs->info.name, sizeof crs->info.name, proj_get_name(horizontal) ? proj_get_name(horizontal) : "");
    const eb_status status = describe_datum(proj, geodetic, crs, err);
    proj_destroy(geodetic);
    if (status) return status;
    if (!strcmp(crs->info.name, "unknown") || !strcmp(crs->info.name, "unnamed")) {
        snprintf(crs->info.name, sizeof crs->info.name, _("custom CRS, datum %s"), crs->datum_name);
        eb_text_trim_utf8(crs->info.name, sizeof crs->info.name);
    }
    const bool plain_axes = describe_axes(proj, horizontal, &crs->info.unit);
    crs->info.kind = EB_CRS_GEOGRAPHIC;
    crs->degrees = geographic && plain_axes && fabs(crs->info.unit - EB_RAD) < 1e-12;
    if (!geographic) describe_projection(proj, horizontal, crs, plain_axes);
    crs->has_area = proj_get_area_of_use(proj->context, horizontal, &crs->area[0], &crs->area[1], &crs->area[2], &crs->area[3], NULL) &&
                    crs->area[0] > -1000;
    return EB_OK;
}

/* Same coordinates, whatever the order of the axes on paper. */
bool eb_identity_equivalent(eb_proj *proj, const PJ *a, const PJ *b)
{
    PJ *na = proj_normalize_for_visualization(proj->context, a), *nb = proj_normalize_for_visualization(proj->context, b);
    const bool same = na && nb && proj_is_equivalent_to_with_ctx(proj->context, na, nb, PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS);
    proj_destroy(na);
    proj_destroy(nb);
    return same;
}

/* The code that a CRS of the four datums has by what it is. */
static bool code_by_parameters(const eb_crs *crs, char *code)
{
    const eb_crs_info *info = &crs->info;
    if (info->kind == EB_CRS_GAUSS_KRUGER && info->zone) {
        const int epsg = eb_zone_epsg(info->datum, info->zone, info->zone_width, info->prefixed);
        if (epsg) snprintf(code, 32, "EPSG:%d", epsg);
        return epsg != 0;
    }
    for (int i = 0; crs->degrees && i < DATUMS; i++) {
        if (datums[i].datum != info->datum) continue;
        snprintf(code, 32, "%s", datums[i].geographic);
        return true;
    }
    return false;
}

static PJ *find_by_id(eb_proj *proj, const PJ *horizontal, char *code)
{
    const char *authority = proj_get_id_auth_name(horizontal, 0), *number = proj_get_id_code(horizontal, 0);
    if (!authority || !number || strlen(authority) + strlen(number) > 28) return NULL;
    PJ *found = proj_create_from_database(proj->context, authority, number, PJ_CATEGORY_CRS, 0, NULL);
    snprintf(code, 32, "%s:%s", authority, number);
    /* A code left in a definition whose parameters somebody changed means nothing. */
    if (found && eb_identity_equivalent(proj, found, horizontal)) return found;
    proj_destroy(found);
    return NULL;
}

static PJ *find_by_search(eb_proj *proj, const PJ *horizontal, char *code)
{
    int *confidence = NULL;
    PJ *found = NULL;
    PJ_OBJ_LIST *list = proj_identify(proj->context, horizontal, "EPSG", NULL, &confidence);
    const int count = list ? proj_list_get_count(list) : 0;
    for (int i = 0; i < count && !found; i++) {
        PJ *candidate = confidence[i] >= 70 ? proj_list_get(proj->context, list, i) : NULL;
        if (candidate && eb_identity_equivalent(proj, candidate, horizontal)) {
            snprintf(code, 32, "EPSG:%.20s", proj_get_id_code(candidate, 0));
            found = candidate;
        } else {
            proj_destroy(candidate);
        }
    }
    proj_int_list_destroy(confidence);
    proj_list_destroy(list);
    return found;
}

PJ *eb_identity_find(eb_proj *proj, const PJ *horizontal, const eb_crs *crs, char *code)
{
    PJ *found = find_by_id(proj, horizontal, code);
    if (!found && code_by_parameters(crs, code)) found = proj_create(proj->context, code);
    if (!found) found = find_by_search(proj, horizontal, code);
    if (!found) code[0] = 0;
    return found;
}

static bool same_helmert(const eb_helmert *a, const eb_helmert *b)
{
    return a->dx_m == b->dx_m && a->dy_m == b->dy_m && a->dz_m == b->dz_m && a->rx_arcsec == b->rx_arcsec && a->ry_arcsec == b->ry_arcsec &&
           a->rz_arcsec == b->rz_arcsec && a->scale_ppm == b->scale_ppm;
}

bool eb_identity_same_datum(const eb_crs *a, const eb_crs *b)
{
    const eb_datum da = a->info.datum == EB_DATUM_CGCS2000 ? EB_DATUM_WGS84 : a->info.datum;
    const eb_datum db = b->info.datum == EB_DATUM_CGCS2000 ? EB_DATUM_WGS84 : b->info.datum;
    if (da != db) return false;
    if (da != EB_DATUM_OTHER) return true;
    if (fabs(a->info.a - b->info.a) > 1e-4 || fabs(a->info.f - b->info.f) > 1e-12 || a->meridian_deg != b->meridian_deg) return false;
    if (a->has_towgs84 != b->has_towgs84) return false;
    if (a->has_towgs84 && !same_helmert(&a->towgs84, &b->towgs84)) return false;
    return !strcmp(a->datum_name, b->datum_name);
}
