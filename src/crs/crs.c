/* CRS identity: from a definition to an eb_crs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "base/translate.h"
#include "crs/identity.h"
#include "crs/series.h"

void eb_crs_free(eb_crs *crs)
{
    if (!crs || atomic_fetch_sub(&crs->owners, 1) > 1) return;
    free(crs->definition);
    free(crs->geographic);
    free(crs->wkt1);
    free(crs->datum_name);
    free(crs);
}

eb_crs *eb_crs_copy(const eb_crs *crs)
{
    /* The count of owners is the one thing that changes; what a CRS says never does. */
    if (crs) atomic_fetch_add(&((eb_crs *)crs)->owners, 1);
    return (eb_crs *)crs;
}

const eb_crs_info *eb_crs_info_get(const eb_crs *crs)
{
    return &crs->info;
}

const char *eb_crs_wkt(const eb_crs *crs)
{
    return crs->wkt1;
}

static char *wkt_of(eb_proj *proj, const PJ *object, PJ_WKT_TYPE type)
{
    static const char *const options[] = {"MULTILINE=NO", NULL};
    return eb_text_dup(proj_as_wkt(proj->context, object, type, options));
}

/* The geographic CRS underneath as a definition, in degrees. */
static char *geographic_definition(eb_proj *proj, const PJ *horizontal)
{
    PJ *geodetic = proj_crs_get_geodetic_crs(proj->context, horizontal), *flat = NULL, *degrees = NULL;
    const char *authority = NULL, *number = NULL;
    char *text = NULL;
    if (geodetic) flat = proj_crs_demote_to_2D(proj->context, NULL, geodetic);
    double unit = 0;
    PJ *cs = flat ? proj_crs_get_coordinate_system(proj->context, flat) : NULL;
    if (cs) proj_cs_get_axis_info(proj->context, cs, 0, NULL, NULL, NULL, &unit, NULL, NULL, NULL);
    if (flat && fabs(unit - EB_RAD) > 1e-12)
        degrees = proj_crs_alter_cs_angular_unit(proj->context, flat, "degree", EB_RAD, "EPSG", "9122");
    const PJ *object = degrees ? degrees : flat;
    if (object) {
        authority = proj_get_id_auth_name(object, 0);
        number = proj_get_id_code(object, 0);
        char code[64];
        if (authority && number && !degrees && snprintf(code, sizeof code, "%s:%s", authority, number) < (int)sizeof code)
            text = eb_text_dup(code);
        else
            text = wkt_of(proj, object, PJ_WKT2_2019);
    }
    proj_destroy(cs);
    proj_destroy(degrees);
    proj_destroy(flat);
    proj_destroy(geodetic);
    return text;
}

/* A shift of nothing between ellipsoids that differ is a ballpark in disguise: as good as not given. */
static bool shift_means_something(const eb_crs *crs, const eb_helmert *towgs84)
{
    return towgs84 && (!eb_helmert_is_null(towgs84) || fabs(crs->info.a - 6378137) < 0.5);
}

eb_status eb_identity_new(eb_proj *proj, const PJ *horizontal, const eb_helmert *towgs84, eb_crs **out, eb_error *err)
{
    eb_crs *crs = calloc(1, sizeof *crs);
    PJ *known = NULL;
    char code[32] = "";
    eb_status status = EB_OK;
    if (!crs) return eb_error_memory(err);
    atomic_init(&crs->owners, 1);
    if ((status = eb_identity_describe(proj, horizontal, crs, err))) goto done;
    if ((known = eb_identity_find(proj, horizontal, crs, code))) {
        const eb_crs_info info = crs->info;
        if ((status = eb_identity_describe(proj, known, crs, err))) goto done;
        /* The meridian of 117 E without a name keeps the width first found. */
        if (info.zone) {
            crs->info.zone = info.zone;
            crs->info.zone_width = info.zone_width;
        }
        eb_text_copy(crs->info.code, sizeof crs->info.code, code);
    }
    if (shift_means_something(crs, towgs84)) {
        crs->has_towgs84 = true;
        crs->towgs84 = *towgs84;
    }
    const PJ *object = known ? known : horizontal;
    crs->definition = known ? eb_text_dup(code) : wkt_of(proj, object, PJ_WKT2_2019);
    crs->geographic = geographic_definition(proj, object);
    crs->wkt1 = wkt_of(proj, object, PJ_WKT1_GDAL);
    if (!crs->wkt1) crs->wkt1 = wkt_of(proj, object, PJ_WKT2_2019);
    if (!crs->definition || !crs->geographic || !crs->wkt1)
        status = eb_error_set(err, EB_REFUSED, "the CRS cannot be written down: %s", eb_proj_said(proj));
done:
    proj_destroy(known);
    if (status) {
        eb_crs_free(crs);
        return status;
    }
    *out = crs;
    return EB_OK;
}

/* "+proj=..." or "proj=..."; a pipeline is a way between two CRS, not one. */
static bool is_proj_string(const char *text)
{
    return (strstr(text, "+proj=") || strncmp(text, "proj=", 5) == 0) && !strstr(text, "proj=pipeline");
}

/* What a definition is good for: PROJ's own words for some, a full form for what people write short. */
static char *full_definition(const char *text)
{
    eb_string s = {0};
    while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r') text++;
    const char *init = strstr(text, "+init=");
    int64_t number = 0;
    if (eb_text_to_integer(text, &number) && number > 0) {
        eb_string_addf(&s, "EPSG:%lld", (long long)number);
    } else if (init) {
        const char *from = init + 6;
        eb_string_add_bytes(&s, from, strcspn(from, " \t"));
    } else {
        eb_string_add(&s, text);
        if (is_proj_string(text) && !strstr(text, "type=crs")) eb_string_add(&s, " +type=crs");
    }
    return eb_string_take(&s);
}

/* PROJ also takes names and then settles for something near; a name must be the whole name. */
static bool guessed_by_name(const char *text, const PJ *object)
{
    if (strpbrk(text, ":[{+=")) return false;
    const char *name = proj_get_name(object);
    return !name || !eb_text_same(name, text);
}

static bool get_towgs84(eb_proj *proj, const PJ *bound, eb_helmert *out)
{
    double v[7] = {0};
    PJ *operation = proj_crs_get_coordoperation(proj->context, bound);
    const bool ok = operation && proj_coordoperation_get_towgs84_values(proj->context, operation, v, 7, 0);
    proj_destroy(operation);
    *out = (eb_helmert){v[0], v[1], v[2], v[3], v[4], v[5], v[6]};
    return ok;
}

/* Down to the horizontal CRS: out of compounds, bounds and the third dimension. Consumes @p object_take; NULL with the error set. */
static PJ *horizontal_of(eb_proj *proj, PJ *object_take, eb_helmert *towgs84, bool *has_towgs84, eb_error *err)
{
    PJ *object = object_take;
    for (int depth = 0; object && depth < 8; depth++) {
        PJ *next = NULL;
        switch (proj_get_type(object)) {
        case PJ_TYPE_COMPOUND_CRS:
            next = proj_crs_get_sub_crs(proj->context, object, 0);
            break;
        case PJ_TYPE_BOUND_CRS:
            *has_towgs84 = get_towgs84(proj, object, towgs84);
            if (!*has_towgs84) {
                eb_error_set(err, EB_REFUSED, "the CRS \"%s\" comes with a grid or a shift of its own that is not seven parameters",
                             proj_get_name(object));
                eb_error_hint(err, "give the CRS without it (an EPSG code) and the shift with --helmert");
                proj_destroy(object);
                return NULL;
            }
            next = proj_get_source_crs(proj->context, object);
            break;
        case PJ_TYPE_GEOGRAPHIC_3D_CRS:
            next = proj_crs_demote_to_2D(proj->context, NULL, object);
            break;
        default:
            return object;
        }
        proj_destroy(object);
        object = next;
    }
    eb_error_set(err, EB_REFUSED, "the CRS has no horizontal part: %s", eb_proj_said(proj));
    proj_destroy(object);
    return NULL;
}

static const char *kind_name(PJ_TYPE type)
{
    switch (type) {
    case PJ_TYPE_GEOCENTRIC_CRS:
        return _("a geocentric CRS (X, Y, Z from the centre of the Earth)");
    case PJ_TYPE_VERTICAL_CRS:
        return _("a height system");
    case PJ_TYPE_ENGINEERING_CRS:
        return _("a local system without a place on Earth");
    case PJ_TYPE_TEMPORAL_CRS:
        return _("a calendar");
    default:
        return _("no coordinate system of maps");
    }
}

/* Geographic in two dimensions, or projected; neither derived from another by turning the pole. */
static eb_status check_horizontal(eb_proj *proj, const PJ *object, const char *shown, eb_error *err)
{
    const PJ_TYPE type = proj_get_type(object);
    if (type == PJ_TYPE_PROJECTED_CRS) return EB_OK;
    if (type == PJ_TYPE_GEOGRAPHIC_2D_CRS) {
        PJ *turned = proj_crs_get_coordoperation(proj->context, object);
        proj_destroy(turned);
        if (!turned) return EB_OK;
        return eb_error_set(err, EB_REFUSED, "\"%s\" turns the poles of another CRS, which is not supported", shown);
    }
    eb_error_set(err, EB_REFUSED, "\"%s\" is %s", shown, kind_name(type));
    eb_error_hint(err, "give a geographic or projected CRS, for instance EPSG:4490 for degrees of CGCS2000");
    return EB_REFUSED;
}

static eb_status create(eb_proj *proj, const char *text, const char *shown, PJ **out, eb_error *err)
{
    char *full = full_definition(text);
    if (!full) return eb_error_memory(err);
    PJ *object = proj_create(proj->context, full);
    if (object && guessed_by_name(full, object)) {
        proj_destroy(object);
        object = NULL;
        eb_text_copy(proj->said, sizeof proj->said, _("no such name"));
    }
    free(full);
    *out = object;
    if (object) return EB_OK;
    eb_error_set(err, EB_REFUSED, "unknown CRS \"%s\" (%s)", shown, eb_proj_said(proj));
    eb_error_hint(
        err, "give an EPSG code (EPSG:4490 for degrees of CGCS2000, EPSG:4528 for its 3-degree zone 40), WKT, PROJJSON or a PROJ string");
    return EB_REFUSED;
}

eb_status eb_crs_new(const char *definition, eb_crs **out, eb_error *err)
{
    eb_proj proj;
    PJ *object = NULL;
    eb_helmert towgs84 = {0};
    bool has_towgs84 = false;
    char shown[160]; /* enough of the definition for a message */
    *out = NULL;
    if (!definition || !*definition) {
        eb_error_set(err, EB_REFUSED, "no CRS given");
        eb_error_hint(err, "give an EPSG code, for instance EPSG:4490 for degrees of CGCS2000");
        return EB_REFUSED;
    }
    eb_text_copy(shown, sizeof shown, definition);
    eb_status status = eb_proj_open(&proj, err);
    if (status) return status;
    if ((status = create(&proj, definition, shown, &object, err))) goto done;
    if (!(object = horizontal_of(&proj, object, &towgs84, &has_towgs84, err))) {
        status = EB_REFUSED;
        goto done;
    }
    if ((status = check_horizontal(&proj, object, shown, err))) goto done;
    status = eb_identity_new(&proj, object, has_towgs84 ? &towgs84 : NULL, out, err);
done:
    proj_destroy(object);
    eb_proj_close(&proj);
    return status;
}

eb_status eb_crs_geographic(const eb_crs *crs, eb_crs **out, eb_error *err)
{
    *out = NULL;
    if (crs->degrees) {
        *out = eb_crs_copy(crs);
        return EB_OK;
    }
    const eb_status status = eb_crs_new(crs->geographic, out, err);
    if (status) return status;
    (*out)->has_towgs84 = crs->has_towgs84;
    (*out)->towgs84 = crs->towgs84;
    if (!(*out)->has_area && crs->has_area) {
        (*out)->has_area = true;
        memcpy((*out)->area, crs->area, sizeof crs->area);
    }
    return EB_OK;
}

static bool same_plane(const eb_crs *a, const eb_crs *b)
{
    const eb_tm_params *s = &a->tm, *t = &b->tm;
    return s->known && t->known && s->lat0_deg == t->lat0_deg && s->lon0_deg == t->lon0_deg && s->k0 == t->k0 &&
           s->false_easting_m == t->false_easting_m && s->false_northing_m == t->false_northing_m && a->info.a == b->info.a &&
           fabs(a->info.f - b->info.f) < 1e-14;
}

static bool same_by_proj(const eb_crs *a, const eb_crs *b)
{
    eb_proj proj;
    if (eb_proj_open(&proj, NULL)) return false;
    PJ *pa = proj_create(proj.context, a->definition), *pb = proj_create(proj.context, b->definition);
    const bool same = pa && pb && eb_identity_equivalent(&proj, pa, pb);
    proj_destroy(pa);
    proj_destroy(pb);
    eb_proj_close(&proj);
    return same;
}

bool eb_crs_same(const eb_crs *a, const eb_crs *b)
{
    if (!a || !b) return a == b;
    if (a == b) return true;
    if (a->info.kind != b->info.kind || !eb_identity_same_datum(a, b)) return false;
    if (a->degrees && b->degrees) return true;
    if (!strcmp(a->definition, b->definition) || same_plane(a, b)) return true;
    return same_by_proj(a, b);
}
