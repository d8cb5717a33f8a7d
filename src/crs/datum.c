/*
 * From one datum to another, or a refusal.
 *
 * PROJ offers "ballpark" operations (nothing done, accuracy unknown) and operations made for some other place, and applies them in
 * silence; for Xi'an 80 and Beijing 54 that is off by a hundred metres. Here an operation counts only if it is none of these.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "base/translate.h"
#include "crs/chain.h"
#include "crs/series.h"

/* CGCS2000 has no operations of its own in the database; WGS84 stands for it. */
static const char *geographic_for_search(const eb_crs *crs)
{
    return crs->info.datum == EB_DATUM_CGCS2000 ? "EPSG:4326" : crs->geographic;
}

const char *eb_crs_datum_word(const eb_crs *crs)
{
    switch (crs->info.datum) {
    case EB_DATUM_CGCS2000:
        return "CGCS2000";
    case EB_DATUM_WGS84:
        return "WGS 84";
    case EB_DATUM_XIAN80:
        return _("Xi'an 80");
    case EB_DATUM_BEIJING54:
        return _("Beijing 54");
    default:
        return crs->datum_name;
    }
}

/* Degrees from the west side of a box to its east side; it may cross 180. */
static double width(const double box[4])
{
    return box[2] - box[0] + (box[2] < box[0] ? 360 : 0);
}

/* The share of the inner box {west, south, east, north} that the outer one covers. */
static double coverage(const double outer[4], const double inner[4])
{
    const double slack = 1e-9, wide = width(inner), high = inner[3] - inner[1];
    double start = fmod(inner[0] - outer[0], 360); /* of the inner box, counted from the west side of the outer */
    if (start < 0) start += 360;
    if (360 - start < slack) start = 0;
    /* What lies in the outer box, and what comes round to it again from the west. */
    double across = fmax(0, fmin(start + wide, width(outer)) - start) + fmax(0, fmin(start + wide - 360, width(outer)));
    if (width(outer) >= 360) across = wide;
    const double up = fmin(inner[3], outer[3]) - fmax(inner[1], outer[1]);
    const double share_across = wide > slack ? fmin(1, across / wide) : start <= width(outer) + slack,
                 share_up = high > slack ? up / high : up >= -slack;
    return share_up <= 0 ? 0 : share_across * share_up;
}

/* What the search came to. */
typedef struct found {
    PJ *best; /* normalised */
    double accuracy_m;
    double area[4];
    bool has_area;
    char name[200];
    int elsewhere;     /* operations made for other places */
    char example[160]; /* one of them */
    double wanted;     /* share of the place that an operation must cover */
} found;

static bool usable(PJ_CONTEXT *context, PJ *operation)
{
    return proj_coordoperation_is_instantiable(context, operation) && !proj_coordoperation_has_ballpark_transformation(context, operation);
}

/* Keep the operation if it is for the place and better than what there is. */
static void consider(PJ_CONTEXT *context, PJ *operation, const double place[4], found *out)
{
    double area[4];
    const char *area_name = NULL;
    const bool has_area = proj_get_area_of_use(context, operation, &area[0], &area[1], &area[2], &area[3], &area_name) && area[0] > -1000;
    if (has_area && place && coverage(area, place) < out->wanted) {
        out->elsewhere++;
        if (!out->example[0]) eb_text_copy(out->example, sizeof out->example, area_name ? area_name : proj_get_name(operation));
        return;
    }
    const double accuracy = proj_coordoperation_get_accuracy(context, operation);
    /* In PROJ's order, which puts the operation it trusts most first; a better stated accuracy wins. */
    if (out->best && !(accuracy >= 0 && (out->accuracy_m < 0 || accuracy < out->accuracy_m))) return;
    PJ *normal = proj_normalize_for_visualization(context, operation);
    if (!normal) return;
    proj_destroy(out->best);
    out->best = normal;
    out->accuracy_m = accuracy;
    eb_text_copy(out->name, sizeof out->name, proj_get_name(operation) ? proj_get_name(operation) : _("an operation of PROJ"));
    out->has_area = has_area;
    memcpy(out->area, area, sizeof area);
}

static eb_status search(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double place[4], found *out, eb_error *err)
{
    PJ_CONTEXT *context = chain->proj.context;
    PJ *a = proj_create(context, geographic_for_search(from)), *b = proj_create(context, geographic_for_search(to));
    PJ_OPERATION_FACTORY_CONTEXT *factory = proj_create_operation_factory_context(context, NULL);
    PJ_OBJ_LIST *list = NULL;
    eb_status status = EB_OK;
    if (!a || !b || !factory) {
        status = eb_error_set(err, EB_REFUSED, "no way from %s to %s: %s", from->info.name, to->info.name, eb_proj_said(&chain->proj));
        goto done;
    }
    proj_operation_factory_context_set_allow_ballpark_transformations(context, factory, 0);
    proj_operation_factory_context_set_crs_extent_use(context, factory, PJ_CRS_EXTENT_NONE);
    proj_operation_factory_context_set_grid_availability_use(context, factory, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    list = proj_create_operations(context, a, b, factory);
    for (int i = 0, n = list ? proj_list_get_count(list) : 0; i < n; i++) {
        PJ *operation = proj_list_get(context, list, i);
        if (operation && usable(context, operation)) consider(context, operation, place, out);
        proj_destroy(operation);
    }
done:
    proj_list_destroy(list);
    proj_operation_factory_context_destroy(factory);
    proj_destroy(b);
    proj_destroy(a);
    return status;
}

static eb_status refuse(const eb_crs *from, const eb_crs *to, const found *search, eb_error *err)
{
    if (search->elsewhere)
        eb_error_set(err, EB_REFUSED, "no datum shift from %s to %s is known for this place: the %d that PROJ has are made elsewhere (%s)",
                     eb_crs_datum_word(from), eb_crs_datum_word(to), search->elsewhere, search->example);
    else
        eb_error_set(err, EB_REFUSED,
                     "no datum shift from %s to %s is known: PROJ has only a ballpark one, which does nothing and may be off by 100 m",
                     eb_crs_datum_word(from), eb_crs_datum_word(to));
    if (strncmp(from->datum_name, "Unknown", 7) == 0 || strncmp(to->datum_name, "Unknown", 7) == 0) {
        eb_error_hint(err,
                      "the definition names an ellipsoid but no datum; give the CRS by its EPSG code (EPSG:4490 and EPSG:4513 to 4554 are "
                      "CGCS2000), or the shift with --helmert dx,dy,dz,rx,ry,rz,scale");
        return EB_REFUSED;
    }
    eb_error_hint(
        err,
        "give the parameters of your region with --helmert dx,dy,dz[,rx,ry,rz,scale] (metres, arc seconds, ppm, position vector), "
        "or data that are in %s already",
        eb_crs_datum_word(to));
    return EB_REFUSED;
}

static eb_status add_helmert(eb_chain *chain, const eb_crs *from, const eb_crs *to, const eb_helmert *h, bool reversed, const char *origin,
                             eb_error *err)
{
    eb_leg *leg = &chain->legs[chain->count];
    const eb_crs *start = reversed ? to : from, *end = reversed ? from : to;
    *leg = (eb_leg){.kind = EB_LEG_SHIFT, .reversed = reversed};
    if (from->meridian_deg != 0 || to->meridian_deg != 0) {
        eb_error_set(err, EB_REFUSED, "a seven-parameter shift needs longitudes from Greenwich; %s counts from elsewhere",
                     from->meridian_deg != 0 ? from->info.name : to->info.name);
        eb_error_hint(err, "convert the layer to a CRS with the meridian of Greenwich first");
        return EB_REFUSED;
    }
    if (!eb_shift_init(&leg->way.shift, h, start->info.a, start->info.f, end->info.a, end->info.f)) {
        eb_error_set(err, EB_USAGE,
                     "the seven parameters make no sense: rotations are arc seconds below one degree, the scale ppm below 10000");
        eb_error_hint(err, "the order is dx,dy,dz in metres, rx,ry,rz in arc seconds, scale in ppm");
        return EB_USAGE;
    }
    chain->count++;
    char n[7][32];
    const double v[7] = {h->dx_m, h->dy_m, h->dz_m, h->rx_arcsec, h->ry_arcsec, h->rz_arcsec, h->scale_ppm};
    for (int i = 0; i < 7; i++) eb_text_from_real(n[i], sizeof n[i], v[i]);
    snprintf(chain->text, sizeof chain->text,
             _("%s to %s by %s: dx %s m, dy %s m, dz %s m, rx %s\", ry %s\", rz %s\", scale %s ppm (position vector%s)"),
             eb_crs_datum_word(from), eb_crs_datum_word(to), eb_translate(origin), n[0], n[1], n[2], n[3], n[4], n[5], n[6],
             reversed ? _(", the other way round") : "");
    return EB_OK;
}

static bool is_wgs84(const eb_crs *crs)
{
    return crs->info.datum == EB_DATUM_WGS84 || crs->info.datum == EB_DATUM_CGCS2000;
}

/* Where data may be that both CRS are made for: the smaller of their areas; NULL: not known. */
static const double *smaller_area(const eb_crs *from, const eb_crs *to)
{
    if (!from->has_area || !to->has_area) return from->has_area ? from->area : to->has_area ? to->area : NULL;
    const double *a = from->area, *b = to->area;
    const double size_a = width(a) * (a[3] - a[1]), size_b = width(b) * (b[3] - b[1]);
    return size_a <= size_b ? a : b;
}

static eb_status add_from_database(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double area[4], eb_error *err)
{
    /* Data must lie in the area wholly. The area of a CRS stands for them when nobody knows; then most of it is enough, as each point is
     * held against the area later. */
    found result = {.wanted = area ? 1 - 1e-9 : 0.75};
    const double *place = area ? area : smaller_area(from, to);
    eb_status status = search(chain, from, to, place, &result, err);
    if (!status && !result.best && !area && result.elsewhere == 1) {
        /* The only one there is, for an area a little smaller than that of the CRS. */
        result.wanted = 0;
        status = search(chain, from, to, place, &result, err);
    }
    if (status) return status;
    if (!result.best) return refuse(from, to, &result, err);
    eb_leg *leg = &chain->legs[chain->count++];
    *leg = (eb_leg){.kind = EB_LEG_PROJ, .has_area = result.has_area, .way.pj = result.best};
    memcpy(leg->area, result.area, sizeof leg->area);
    char accuracy[64];
    snprintf(accuracy, sizeof accuracy, "%s", _("accuracy not stated"));
    if (result.accuracy_m >= 0) {
        char number[32];
        eb_text_from_real(number, sizeof number, result.accuracy_m);
        snprintf(accuracy, sizeof accuracy, _("accuracy %s m"), number);
    }
    snprintf(chain->text, sizeof chain->text, _("%s to %s by %s, %s"), eb_crs_datum_word(from), eb_crs_datum_word(to), result.name,
             accuracy);
    return EB_OK;
}

eb_status eb_chain_add_datum(eb_chain *chain, const eb_crs *from, const eb_crs *to, const double area[4], const eb_helmert *helmert,
                             eb_error *err)
{
    if (eb_identity_same_datum(from, to)) {
        snprintf(chain->text, sizeof chain->text, _("%s to %s: %s%s"), from->info.name, to->info.name,
                 from->info.datum == to->info.datum ? _("one datum, exact") : _("CGCS2000 and WGS 84 are taken as one datum"),
                 helmert ? _("; the shift given is not needed") : "");
        return EB_OK;
    }
    if (helmert) return add_helmert(chain, from, to, helmert, false, "the shift given", err);
    if (from->has_towgs84 && is_wgs84(to)) return add_helmert(chain, from, to, &from->towgs84, false, "the shift in its definition", err);
    if (to->has_towgs84 && is_wgs84(from)) return add_helmert(chain, from, to, &to->towgs84, true, "the shift in its definition", err);
    return add_from_database(chain, from, to, area, err);
}
