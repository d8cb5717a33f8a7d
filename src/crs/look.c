/* What numbers without a CRS look like. */
#include "crs/look.h"
#include <math.h>
#include <stdio.h>
#include "base/text.h"
#include "base/translate.h"

/* A run of numbers on one axis. */
typedef struct span {
    double low, high;
} span;

static bool within(span s, double low, double high)
{
    return s.low >= low && s.high <= high;
}

int eb_look_width(int zone)
{
    return zone <= 23 ? 6 : 3;
}

/* Eastings of China carry 13 to 45 in front of six digits; the middle of a zone is at 500 km, its edges some 330 km from there. */
static bool prefixed(span x, int *zone, int *last_zone)
{
    if (!within(x, 13e6, 46e6)) return false;
    *zone = (int)floor(x.low / 1e6);
    *last_zone = (int)floor(x.high / 1e6);
    return x.low - *zone * 1e6 >= 5e4 && x.high - *last_zone * 1e6 <= 9.5e5;
}

static bool northings(span y)
{
    return within(y, 3e5, 6.2e6);
}

/* Over China. Zones 13 to 15 lie in the far west, where only some northings belong to them. */
static bool web(span x, span y)
{
    return within(x, 8.1e6, 15.2e6) && within(y, 3.7e5, 7.2e6);
}

static bool far_west(int zone, span y)
{
    static const double low[] = {3.8e6, 3.0e6, 2.9e6}, high[] = {4.6e6, 5.3e6, 5.6e6};
    return zone > 15 || within(y, low[zone - 13], high[zone - 13]);
}

static bool read_as(span x, span y, eb_look *out)
{
    int zone = 0, last = 0;
    if (prefixed(x, &zone, &last) && northings(y) && far_west(zone, y)) {
        *out = (eb_look){.kind = EB_LOOK_PREFIXED, .zone = zone, .last_zone = last, .web_too = web(x, y)};
        return true;
    }
    if (web(x, y)) {
        *out = (eb_look){.kind = EB_LOOK_WEB};
        return true;
    }
    if (within(x, 5e4, 9.5e5) && within(y, 1.5e6, 6.2e6)) {
        *out = (eb_look){.kind = EB_LOOK_PLAIN};
        return true;
    }
    return false;
}

eb_look eb_look_at(const double box[4])
{
    const span x = {box[0], box[2]}, y = {box[1], box[3]};
    eb_look look = {.kind = EB_LOOK_NOTHING};
    if (within(x, 73, 136) && within(y, 3, 54)) return (eb_look){.kind = EB_LOOK_DEGREES, .china = true};
    if (within(y, 73, 136) && within(x, 3, 54)) return (eb_look){.kind = EB_LOOK_DEGREES, .china = true, .swapped = true};
    if (within(x, -360, 360) && within(y, -90, 90)) return (eb_look){.kind = EB_LOOK_DEGREES};
    if (within(y, -360, 360) && within(x, -90, 90)) return (eb_look){.kind = EB_LOOK_DEGREES, .swapped = true};
    if (read_as(x, y, &look)) return look;
    if (read_as(y, x, &look)) {
        look.swapped = true;
        return look;
    }
    if (within(x, -1e5, 1e5) && within(y, -1e5, 1e5)) look.kind = EB_LOOK_SMALL;
    return look;
}

static void prefixed_words(const eb_look *look, char *text, size_t size)
{
    const int width = eb_look_width(look->zone);
    if (look->zone != look->last_zone) {
        snprintf(text, size, _("eastings with the numbers of zones %d to %d in front: parts in several Gauss-Kruger zones%s"), look->zone,
                 look->last_zone, look->swapped ? _(", with x and y swapped (x is north)") : "");
        return;
    }
    char codes[160] = "";
    const int cgcs = eb_zone_epsg(EB_DATUM_CGCS2000, look->zone, width, true),
              xian = eb_zone_epsg(EB_DATUM_XIAN80, look->zone, width, true);
    const int beijing = eb_zone_epsg(EB_DATUM_BEIJING54, look->zone, width, true);
    if (cgcs) snprintf(codes, sizeof codes, _(" (CGCS2000: EPSG:%d, Xi'an 80: EPSG:%d, Beijing 54: EPSG:%d)"), cgcs, xian, beijing);
    snprintf(text, size, _("eastings with the number of %d-degree zone %d in front%s%s%s"), width, look->zone, codes,
             look->web_too ? _(", or Web Mercator (EPSG:3857)") : "", look->swapped ? _(", with x and y swapped (x is north)") : "");
}

void eb_crs_guess(const double box[4], char *text, size_t size)
{
    if (!size) return;
    if (!(isfinite(box[0] + box[2]) && isfinite(box[1] + box[3]))) {
        snprintf(text, size, _("nothing: not all of them are numbers"));
        return;
    }
    const eb_look look = eb_look_at(box);
    const char *swapped = look.swapped ? ", with x and y swapped" : "";
    switch (look.kind) {
    case EB_LOOK_DEGREES:
        if (look.china)
            snprintf(text, size, _("longitude and latitude in degrees, in China (CGCS2000: EPSG:4490, WGS 84: EPSG:4326)%s"), swapped);
        else
            snprintf(text, size, _("longitude and latitude in degrees (WGS 84: EPSG:4326)%s"), swapped);
        break;
    case EB_LOOK_PREFIXED:
        prefixed_words(&look, text, size);
        break;
    case EB_LOOK_PLAIN:
        snprintf(text, size,
                 _("Gauss-Kruger or UTM metres without a zone number%s; the zone must be known (in CGCS2000, 3 degrees wide: EPSG:4548 "
                   "around 117 E, "
                   "EPSG:4549 around 120 E)"),
                 look.swapped ? _(", with x and y swapped (x is north)") : "");
        break;
    case EB_LOOK_WEB:
        snprintf(text, size, _("Web Mercator metres (EPSG:3857)%s"), swapped);
        break;
    case EB_LOOK_SMALL:
        snprintf(text, size, _("metres of a drawing or a local system, which do not say where on Earth they are"));
        break;
    case EB_LOOK_NOTHING:
        snprintf(text, size, _("no coordinates of a kind that is known"));
        break;
    }
    eb_text_trim_utf8(text, size);
}
