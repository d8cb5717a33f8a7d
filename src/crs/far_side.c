/* Polygons around the place opposite the centre of the plane, by rays from that place to the north. */
#include <ecobelt/crs.h>
#include "crs/far_side.h"
#include "crs/series.h"

#include <math.h>

/* A longitude and its like a turn further are one place, and layers use one or the other. */
enum { TURNS = 2 };

/*
 * An edge that comes nearer to the far side than this times its length is drawn there as a chord that has little to do with it: a cell
 * of 25 degrees without vertices on the way gets 1.4 times its area 20 degrees away, and 30 times beside it.
 */
static const double least_distance = 4, far_away_deg = 40; /* where the plane draws any edge as something like it */

bool eb_far_side_in_box(const eb_plane *plane, const double box[4])
{
    const double size = hypot(box[2] - box[0], box[3] - box[1]), rim = fmin(least_distance * size, far_away_deg), lat = -plane->lat0_deg;
    const double wide = rim / fmax(cos(lat * EB_RAD), 0.01); /* as many degrees of longitude as that is */
    if (lat < box[1] - rim || lat > box[3] + rim) return false;
    for (int turn = -TURNS; turn <= TURNS; turn++) {
        const double lon = plane->lon0_deg + 180 + 360 * turn;
        if (box[0] - wide <= lon && lon <= box[2] + wide) return true;
    }
    return false;
}

/* Does the edge cross the ray from a place to the north? */
static bool crosses(const double a[2], const double b[2], double lon, double lat)
{
    if ((a[0] > lon) == (b[0] > lon)) return false;
    return a[1] + (lon - a[0]) / (b[0] - a[0]) * (b[1] - a[1]) > lat;
}

/* Is the edge too long for how near the place is? Degrees of longitude count as much as they are long there. */
static bool too_near(const double a[2], const double b[2], double lon, double lat)
{
    const double shrink = cos(lat * EB_RAD), ax = (a[0] - lon) * shrink, ay = a[1] - lat, dx = (b[0] - a[0]) * shrink, dy = b[1] - a[1];
    const double square = dx * dx + dy * dy, t = square > 0 ? fmin(1, fmax(0, -(ax * dx + ay * dy) / square)) : 0;
    return hypot(ax + t * dx, ay + t * dy) <= fmin(least_distance * sqrt(square), far_away_deg);
}

static bool holds(eb_wkb shape, double lon, double lat)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    bool inside = false, near = false;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double a[2], b[2];
        if (part.count > 0) eb_wkb_xy(&part, 0, &a[0], &a[1]);
        for (size_t i = 1; i < part.count; i++) {
            eb_wkb_xy(&part, i, &b[0], &b[1]);
            inside ^= crosses(a, b, lon, lat);
            near = near || too_near(a, b, lon, lat);
            a[0] = b[0], a[1] = b[1];
        }
    }
    return inside || near;
}

bool eb_far_side_in_shape(const eb_plane *plane, eb_wkb degrees)
{
    for (int turn = -TURNS; turn <= TURNS; turn++)
        if (holds(degrees, plane->lon0_deg + 180 + 360 * turn, -plane->lat0_deg)) return true;
    return false;
}

bool eb_far_from_centre(const eb_plane *plane, double lon_deg, double lat_deg)
{
    const double lat = lat_deg * EB_RAD, lat0 = plane->lat0_deg * EB_RAD;
    return !(sin(lat) * sin(lat0) + cos(lat) * cos(lat0) * cos((lon_deg - plane->lon0_deg) * EB_RAD) > 0.5);
}
