/* Method lines: how figures were made, in words that a reader can check. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "base/translate.h"
#include "measure/measure.h"

/* A box around China, generous at sea. */
static const double china[4] = {73, 3, 136, 54};

eb_area_method eb_measure_resolve(const eb_measure *measure, eb_area_method method, const double box_deg[4])
{
    if (method != EB_AREA_AUTO) return method;
    if (!measure->has_official) return EB_AREA_GEODESIC;
    if (measure->info->datum != EB_DATUM_WGS84) return EB_AREA_OFFICIAL;
    const bool inside = box_deg && box_deg[0] >= china[0] && box_deg[1] >= china[1] && box_deg[2] <= china[2] && box_deg[3] <= china[3];
    return inside ? EB_AREA_OFFICIAL : EB_AREA_GEODESIC;
}

static const char *ellipsoid_name(const eb_measure *m)
{
    switch (m->info->datum) {
    case EB_DATUM_CGCS2000:
        return "CGCS2000";
    case EB_DATUM_WGS84:
        return "WGS 84";
    case EB_DATUM_XIAN80:
        return "Xi'an 80 (IAG 1975)";
    case EB_DATUM_BEIJING54:
        return "Krassowsky 1940";
    default:
        return "own";
    }
}

static void add_zones(const eb_measure *m, eb_string *text)
{
    if (m->source == EB_SOURCE_PLANE) {
        if (m->info->zone)
            eb_string_addf(text, _("in the data's own %d-degree zone %d (central meridian %g)"), m->info->zone_width, m->info->zone,
                           m->info->central_meridian_deg);
        else
            eb_string_addf(text, _("in the data's own plane (central meridian %.10g)"), m->info->central_meridian_deg);
        return;
    }
    if (m->zone) {
        eb_string_addf(text, _("in 3-degree zone %d (central meridian %g), as asked"), m->zone, eb_zone_meridian(m->zone, 3));
        return;
    }
    eb_string_add(text, _("each shape in its own 3-degree zone"));
    const char *between = " (";
    for (int zone = 1; zone < EB_ZONES; zone++) {
        if (m->zones[zone] == 0) continue;
        eb_string_addf(text, _("%szone %d: %lld"), between, zone, (long long)m->zones[zone]);
        between = ", ";
    }
    if (between[0] == ',') eb_string_add(text, ")");
}

static void add_official(const eb_measure *m, eb_string *text)
{
    eb_string_addf(
        text, _("Official ellipsoid area (circular 国土调查办发〔2008〕32号): trapezoids on the %s ellipsoid (a %.10g m, 1/f %.12g), "),
        m->info->datum == EB_DATUM_XIAN80 ? _("Xi'an 80") : "CGCS2000", m->official.a, m->official.inverse_f);
    add_zones(m, text);
    eb_string_add(text, _(", edges straight in the Gauss plane with points every 70 m, coordinates to 0.0001 m, B and L to 0.000001\", "
                          "each shape to 0.01 m2."));
}

static void add_method(const eb_measure *measure, eb_area_method method, eb_string *line)
{
    const eb_crs_info *info = measure->info;
    switch (method) {
    case EB_AREA_OFFICIAL:
        add_official(measure, line);
        break;
    case EB_AREA_PLANAR:
        eb_string_addf(line, _("Planar area: edges straight in the layer's own coordinates (%s %s), not corrected for the projection."),
                       info->code, info->name);
        break;
    default:
        eb_string_addf(line, _("Geodesic area (Karney 2013, within 1e-9): edges are geodesics on the %s ellipsoid (a %.10g m, 1/f %.12g)."),
                       ellipsoid_name(measure), info->a, info->f != 0 ? 1 / info->f : 0);
    }
}

void eb_measure_method(const eb_measure *measure, eb_area_method method, char *text, size_t size)
{
    eb_string line = {0};
    add_method(measure, method, &line);
    eb_text_copy(text, size, eb_string_get(&line));
    eb_string_clear(&line);
}

static void add_plane(const eb_area_account *account, eb_string *text)
{
    const eb_plane *plane = account->plane;
    eb_string_addf(text,
                   _("%s: area in a Lambert azimuthal equal-area plane on the ellipsoid (a %.10g m, 1/f %.12g), centred on %.4f E %.4f N; "
                     "edges straight in it, new corners where they cross in it, not rounded."),
                   account->plane_columns, plane->a, plane->f != 0 ? 1 / plane->f : 0, plane->lon0_deg, plane->lat0_deg);
}

/* Another area less the geodesic one, of all shapes or of those that were measured both ways. */
static void add_check(const eb_area_account *account, const char *name, double area_m2, eb_string *text)
{
    const double gap = area_m2 - account->geodesic_m2;
    if (!isfinite(gap) || !(account->geodesic_m2 > 0)) return;
    char part[120] = "";
    if (account->checked < account->shapes)
        snprintf(part, sizeof part, _(", of %lld of the %lld shapes"), (long long)account->checked, (long long)account->shapes);
    eb_string_addf(text, _(" Check: %s minus geodesic %+.2f m2 (%+.1e of the total)%s."), name, gap, gap / account->geodesic_m2, part);
}

static void say_no_official(const eb_measure *m, eb_string *text)
{
    if (m->has_official)
        eb_string_add(text, _(" No official area: the data are not in China, or reach farther than its formula."));
    else
        eb_string_addf(text, _(" No official area: the circular knows CGCS2000 and Xi'an 80, the data are in %s."), m->info->name);
}

void eb_measure_account(const eb_measure *measure, const eb_area_account *account, char *text, size_t size)
{
    eb_string line = {0};
    if (account->plane) add_plane(account, &line);
    if (account->plane && account->method != EB_AREA_AUTO)
        eb_string_add(&line, account->method == EB_AREA_OFFICIAL ? " official_m2: " : " ");
    if (account->how) eb_string_addf(&line, "%s ", account->how);
    if (account->method != EB_AREA_AUTO) add_method(measure, account->method, &line);
    if (account->method == EB_AREA_PLANAR) add_check(account, _("planar"), account->chosen_m2, &line);
    if (isfinite(account->official_m2)) {
        add_check(account, _("official"), account->official_m2, &line);
    } else {
        say_no_official(measure, &line);
        if (account->plane) add_check(account, account->plane_columns, account->chosen_m2, &line);
    }
    eb_text_copy(text, size, eb_string_get(&line));
    eb_string_clear(&line);
}
