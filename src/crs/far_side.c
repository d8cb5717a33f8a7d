/* Polygons around the place opposite the centre of the plane, by rays from that place to the north. */
#include <ecobelt/crs.h>
#include "crs/far_side.h"
#include "crs/series.h"

#include <math.h>

static bool within(const double box[4], double lon, double lat)
{
    return box[1] <= lat && lat <= box[3] && box[0] <= lon && lon <= box[2];
}

/* A longitude and its like a turn further are one place, and layers use one or the other. */
enum { TURNS = 2 };

bool eb_far_side_in_box(const eb_plane *plane, const double box[4])
{
    for (int turn = -TURNS; turn <= TURNS; turn++)
        if (within(box, plane->lon0_deg + 180 + 360 * turn, -plane->lat0_deg)) return true;
    return false;
}

/* Does the edge cross the ray from a place to the north? */
static bool crosses(const double a[2], const double b[2], double lon, double lat)
{
    if ((a[0] > lon) == (b[0] > lon)) return false;
    return a[1] + (lon - a[0]) / (b[0] - a[0]) * (b[1] - a[1]) > lat;
}

static bool holds(eb_wkb shape, double lon, double lat)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    bool inside = false;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double a[2], b[2];
        if (part.count > 0) eb_wkb_xy(&part, 0, &a[0], &a[1]);
        for (size_t i = 1; i < part.count; i++) {
            eb_wkb_xy(&part, i, &b[0], &b[1]);
            inside ^= crosses(a, b, lon, lat);
            a[0] = b[0], a[1] = b[1];
        }
    }
    return inside;
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
