/* A declared CRS against the numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "base/translate.h"
#include "crs/chain.h"
#include "crs/look.h"

enum { STEPS = 16, POINTS = 4 * STEPS }; /* points along each edge of a box, and along all four */

/* Point number i of the POINTS along the edge. */
static void edge_point(const double box[4], int i, double *x, double *y)
{
    const double t = (double)(i % STEPS) / STEPS;
    const double u[4] = {t, 1, 1 - t, 0}, v[4] = {0, t, 1, 1 - t};
    const int side = i / STEPS;
    *x = box[0] + u[side] * (box[2] - box[0]);
    *y = box[1] + v[side] * (box[3] - box[1]);
}

/* The edge in degrees. False where a point of it has none. Longitudes go on across 180. */
static bool edge_degrees(eb_chain *chain, const double box[4], double degrees[4], int *bad_point)
{
    double x[POINTS], y[POINTS];
    size_t bad = 0;
    for (int i = 0; i < POINTS; i++) edge_point(box, i, &x[i], &y[i]);
    if (!eb_chain_forward(chain, x, y, POINTS, &bad)) {
        *bad_point = (int)bad;
        return false;
    }
    degrees[0] = degrees[2] = x[0];
    degrees[1] = degrees[3] = y[0];
    for (int i = 1; i < POINTS; i++) {
        x[i] = x[i - 1] + remainder(x[i] - x[i - 1], 360);
        degrees[0] = fmin(degrees[0], x[i]);
        degrees[1] = fmin(degrees[1], y[i]);
        degrees[2] = fmax(degrees[2], x[i]);
        degrees[3] = fmax(degrees[3], y[i]);
    }
    return true;
}

static eb_status open_to_degrees(eb_chain *chain, const eb_crs *crs, eb_error *err)
{
    eb_crs *geographic = NULL;
    eb_status status = eb_crs_geographic(crs, &geographic, err);
    if (!status) status = eb_chain_open(chain, crs, geographic, NULL, NULL, err);
    eb_crs_free(geographic);
    return status;
}

eb_status eb_crs_box_degrees(const eb_crs *crs, const double box[4], double degrees[4], eb_error *err)
{
    int bad = 0;
    double x, y;
    if (crs->degrees && isfinite(box[0] + box[2]) && isfinite(box[1] + box[3])) {
        memcpy(degrees, box, 4 * sizeof *degrees);
        return EB_OK;
    }
    eb_chain chain = {0};
    const eb_status status = open_to_degrees(&chain, crs, err);
    if (status) return status;
    const bool ok = edge_degrees(&chain, box, degrees, &bad);
    eb_chain_close(&chain);
    if (ok) return EB_OK;
    edge_point(box, bad, &x, &y);
    char words[300];
    eb_error_set(err, EB_REFUSED, "the data have coordinates that are no place in %s", crs->info.name);
    eb_crs_guess(box, words, sizeof words);
    eb_error_hint(err, "the numbers look like %s", words);
    eb_error_at(err, x, y);
    return EB_REFUSED;
}

#define SOUTHERNMOST_DEG 3.0

static bool is_chinese(const eb_crs *crs)
{
    const eb_datum datum = crs->info.datum;
    return datum == EB_DATUM_CGCS2000 || datum == EB_DATUM_XIAN80 || datum == EB_DATUM_BEIJING54;
}

/* How many degrees a box reaches beyond the area of a CRS, on the side where it is most. */
static double beyond(const eb_crs *crs, const double degrees[4])
{
    double area[4];
    memcpy(area, crs->area, sizeof area);
    /* Maps of China reach to 3 degrees north in the South China Sea, further than the areas on record. */
    if (is_chinese(crs)) area[1] = fmin(area[1], SOUTHERNMOST_DEG);
    const double width = area[2] - area[0] + (area[2] < area[0] ? 360 : 0), middle = area[0] + width / 2;
    const double own = (degrees[0] + degrees[2]) / 2, half = (degrees[2] - degrees[0]) / 2;
    const double sideways = width >= 359 ? 0 : fabs(remainder(own - middle, 360)) + half - width / 2;
    return fmax(sideways, fmax(area[1] - degrees[1], degrees[3] - area[3]));
}

/* "x 118.02 to 119.34, y 28.2 to 29.5" */
static void numbers(const double box[4], char *text, size_t size)
{
    const int decimals = fmax(fabs(box[0]) + fabs(box[2]), fabs(box[1]) + fabs(box[3])) > 2000 ? 0 : 4;
    char n[4][64];
    for (int i = 0; i < 4; i++) {
        if (fabs(box[i]) < 1e12)
            eb_text_from_fixed(n[i], sizeof n[i], box[i], decimals);
        else
            eb_text_from_real(n[i], sizeof n[i], box[i]);
    }
    snprintf(text, size, _("x %s to %s, y %s to %s"), n[0], n[2], n[1], n[3]);
}

static eb_status contradiction(const eb_crs *crs, const double box[4], const char *what, eb_error *err)
{
    char text[280], name[180];
    numbers(box, text, sizeof text);
    snprintf(name, sizeof name, "%s%s%s", crs->info.code, crs->info.code[0] ? " " : "", crs->info.name);
    eb_error_set(err, EB_REFUSED, "the declared CRS, %s, contradicts the coordinates: %s (%s)", name, eb_translate(what), text);
    eb_error_at(err, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    return EB_REFUSED;
}

static eb_status looks_like(const double box[4], eb_error *err)
{
    char words[300];
    eb_crs_guess(box, words, sizeof words);
    eb_error_hint(err, "the numbers look like %s; declare what they are, or mend the file", words);
    return EB_REFUSED;
}

/* The CRS of the same datum for another zone or the other prefix, as a hint. */
static eb_status suggest_zone(const eb_crs *crs, int zone, int width, bool prefixed, eb_error *err)
{
    const int epsg = eb_zone_epsg(crs->info.datum, zone, width, prefixed);
    if (epsg) {
        eb_error_hint(err, "declare EPSG:%d, %d-degree zone %d %s the number, if the datum is right", epsg, width, zone,
                      prefixed ? _("with") : _("without"));
        return EB_REFUSED;
    }
    eb_error_hint(err, "declare the %d-degree zone %d %s the number in the false easting", width, zone,
                  prefixed ? _("with") : _("without"));
    return EB_REFUSED;
}

static eb_status swapped(const eb_crs *crs, const double box[4], eb_error *err)
{
    contradiction(crs, box, "x and y are swapped", err);
    eb_error_hint(err, "x must be %s and y %s: exchange them in the file", crs->degrees ? _("longitude") : _("east"),
                  crs->degrees ? _("latitude") : _("north"));
    return EB_REFUSED;
}

/* Gauss-Krüger: the numbers alone tell most mistakes, before anything is computed. */
static eb_status check_zone_numbers(const eb_crs *crs, const double box[4], const eb_look *look, eb_error *err)
{
    const eb_crs_info *info = &crs->info;
    char what[160];
    if (look->kind == EB_LOOK_DEGREES) {
        contradiction(crs, box, "they are degrees, not metres", err);
        return looks_like(box, err);
    }
    if (look->swapped && (look->kind == EB_LOOK_PREFIXED || look->kind == EB_LOOK_PLAIN)) return swapped(crs, box, err);
    if (!info->zone) return EB_OK;
    const int first = look->zone, last = look->last_zone;
    if (info->prefixed && look->kind == EB_LOOK_PLAIN) {
        snprintf(what, sizeof what, _("eastings lack the zone number %d in front"), info->zone);
        contradiction(crs, box, what, err);
        return suggest_zone(crs, info->zone, info->zone_width, false, err);
    }
    if (look->kind != EB_LOOK_PREFIXED || (info->prefixed && first == info->zone && last == info->zone)) return EB_OK;
    if (first != last) {
        snprintf(what, sizeof what, _("eastings begin with the zone numbers %d to %d"), first, last);
        contradiction(crs, box, what, err);
        eb_error_hint(err, "split the layer by the first two digits of the easting and declare each part's own zone");
        return EB_REFUSED;
    }
    if (look->web_too && !info->prefixed) return EB_OK; /* either reading is wrong here; what is wrong is found by place */
    snprintf(what, sizeof what,
             info->prefixed ? _("eastings begin with the number of zone %d") : _("eastings have the zone number %d in front"), first);
    contradiction(crs, box, what, err);
    return suggest_zone(crs, first, eb_look_width(first), true, err);
}

/* Web Mercator covers every number up to its edge; degrees would all lie on one spot off Africa. */
static eb_status check_web(const eb_crs *crs, const double box[4], const eb_look *look, eb_error *err)
{
    const double edge_m = 3.14159265358979 * crs->info.a * 1.0001;
    if (look->kind == EB_LOOK_DEGREES)
        contradiction(crs, box, "they are degrees, not metres", err);
    else if (box[0] < -edge_m || box[2] > edge_m || box[1] < -1.25 * edge_m || box[3] > 1.25 * edge_m)
        contradiction(crs, box, "they lie beyond the edge of the world", err);
    else
        return EB_OK;
    return looks_like(box, err);
}

bool eb_crs_is_possible(const eb_crs *crs, const double box[4])
{
    const double farthest_m = 1e8; /* eastings with the number of a zone in front go to 6e7 */
    const double x = crs->degrees ? EB_FARTHEST_DEG : farthest_m, y = crs->degrees ? 90.001 : farthest_m;
    return box[0] >= -x && box[2] <= x && box[1] >= -y && box[3] <= y;
}

/* Degrees that cannot be degrees. Lines drawn on across the 180th meridian, to the east or to the west, go beyond it. */
static eb_status check_degrees(const eb_crs *crs, const double box[4], const eb_look *look, eb_error *err)
{
    const double turn_deg = 360.001;
    if (box[0] >= -turn_deg && box[2] <= turn_deg && box[1] >= -90.001 && box[3] <= 90.001) return EB_OK;
    if (look->kind == EB_LOOK_DEGREES && look->swapped) return swapped(crs, box, err);
    if (box[0] >= -2 * turn_deg && box[2] <= 2 * turn_deg && box[1] >= -90.001 && box[3] <= 90.001) {
        contradiction(crs, box, "longitudes go on beyond a whole turn", err);
        eb_error_hint(err, "bring them between -180 and 180: add or subtract 360 until they are");
        return EB_REFUSED;
    }
    contradiction(crs, box, "they are no degrees", err);
    return looks_like(box, err);
}

/*
 * Degrees beyond the area of a CRS that are still taken as they are: a whole province in the zone of its middle, a neighbour. Numbers
 * that read as degrees or as a drawing's must be in the area itself to be metres of the CRS.
 */
static double margin_deg(const eb_crs *crs, eb_look_kind look)
{
    if (crs->degrees) return 5;
    return look == EB_LOOK_DEGREES || look == EB_LOOK_SMALL ? 0 : 10;
}

/* True where the box, read in the CRS, is near the area the CRS is made for; @p reach says how far beyond, NaN: no place at all. */
static bool fits(eb_chain *chain, const eb_crs *crs, const double box[4], eb_look_kind look, double *reach)
{
    double degrees[4];
    int bad = 0;
    *reach = NAN;
    if (crs->degrees && (box[1] < -90.001 || box[3] > 90.001)) return false;
    if (!edge_degrees(chain, box, degrees, &bad)) return false;
    if (crs->degrees) memcpy(degrees, box, sizeof degrees);
    *reach = crs->has_area ? beyond(crs, degrees) : 0;
    /* No margin to the south of the southernmost reef: a point left at 0, 0 would hide in it. */
    if (crs->has_area && is_chinese(crs) && degrees[1] < SOUTHERNMOST_DEG - 0.5) return false;
    return *reach <= margin_deg(crs, look);
}

static eb_status check_place(const eb_crs *crs, const double box[4], const eb_look *look, eb_error *err)
{
    eb_chain chain = {0};
    double reach = 0, other = 0;
    char what[160], number[32];
    const double turned[4] = {box[1], box[0], box[3], box[2]};
    const eb_status status = open_to_degrees(&chain, crs, err);
    if (status) return status;
    const bool ok = fits(&chain, crs, box, look->kind, &reach);
    const bool ok_turned = !ok && crs->has_area && fits(&chain, crs, turned, look->kind, &other);
    eb_chain_close(&chain);
    if (ok) return EB_OK;
    if (ok_turned && !(look->kind == EB_LOOK_DEGREES && !crs->degrees)) return swapped(crs, box, err);
    if (look->kind == EB_LOOK_DEGREES && !crs->degrees) {
        snprintf(what, sizeof what, _("they are degrees, not metres"));
    } else if (isnan(reach)) {
        snprintf(what, sizeof what, _("they are no place on Earth in it"));
    } else {
        eb_text_from_fixed(number, sizeof number, reach, 0);
        snprintf(what, sizeof what, _("they lie %s degrees outside the area it is made for"), number);
    }
    contradiction(crs, box, what, err);
    return looks_like(box, err);
}

eb_status eb_crs_check_box(const eb_crs *crs, const double box[4], eb_error *err)
{
    /* Empty, or not known. */
    if (!box || !(box[0] <= box[2]) || !(box[1] <= box[3])) return EB_OK;
    if (!(isfinite(box[0] + box[2]) && isfinite(box[1] + box[3])))
        return eb_error_set(err, EB_REFUSED, "the layer has coordinates that are not finite numbers");
    const eb_look look = eb_look_at(box);
    eb_status status = EB_OK;
    if (crs->degrees) status = check_degrees(crs, box, &look, err);
    if (crs->info.kind == EB_CRS_WEB_MERCATOR) status = check_web(crs, box, &look, err);
    if (crs->info.kind == EB_CRS_GAUSS_KRUGER) status = check_zone_numbers(crs, box, &look, err);
    return status ? status : check_place(crs, box, &look, err);
}
