/* Shapes as lines of boundary points: rings from their north-west corner on, numbered through, outer rings clockwise. */
#include "layer/parcel_text.h"

#include <math.h>

/* Point of a ring nearest to the north-west corner of its box: that is where numbering starts. */
static size_t north_west(const eb_wkb_part *part, size_t count)
{
    double x, y, xmin = INFINITY, ymax = -INFINITY, best = INFINITY;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        if (x < xmin) xmin = x;
        if (y > ymax) ymax = y;
    }
    for (size_t i = 0; i < count; i++) {
        eb_wkb_xy(part, i, &x, &y);
        double distance = (x - xmin) + (ymax - y);
        if (distance >= best) continue;
        best = distance;
        at = i;
    }
    return at;
}

static bool is_clockwise(const eb_wkb_part *part)
{
    double sum = 0, x0, y0, ax, ay, bx, by;
    eb_wkb_xy(part, 0, &x0, &y0);
    for (size_t i = 1; i < part->count; i++) {
        eb_wkb_xy(part, i - 1, &ax, &ay);
        eb_wkb_xy(part, i, &bx, &by);
        sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    }
    return sum < 0;
}

static void put_point(eb_string *text, size_t name, size_t ring, const eb_wkb_part *part, size_t i)
{
    double x, y;
    char north[40], east[40];
    eb_wkb_xy(part, i, &x, &y);
    eb_text_from_fixed(north, sizeof north, y, 3);
    eb_text_from_fixed(east, sizeof east, x, 3);
    eb_string_addf(text, "J%zu,%zu,%s,%s\r\n", name, ring, north, east);
}

/* A ring, closed by its first point under its first name; outer rings clockwise, holes against it. */
static void put_ring(eb_string *text, const eb_wkb_part *part, size_t ring, size_t *next)
{
    double x0, y0, x1, y1;
    eb_wkb_xy(part, 0, &x0, &y0);
    eb_wkb_xy(part, part->count - 1, &x1, &y1);
    size_t count = x0 == x1 && y0 == y1 ? part->count - 1 : part->count, first = north_west(part, count), name = *next;
    bool forward = is_clockwise(part) == (part->ring == 0);
    for (size_t k = 0; k < count; k++) put_point(text, (*next)++, ring, part, (forward ? first + k : first + count - k) % count);
    put_point(text, name, ring, part, first);
}

size_t eb_parcel_count_points(eb_wkb shape, int dimension)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t count = 0;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        double x0, y0, x1, y1;
        if (part.count == 0) continue;
        eb_wkb_xy(&part, 0, &x0, &y0);
        eb_wkb_xy(&part, part.count - 1, &x1, &y1);
        count += part.count + (dimension == 2 && (x0 != x1 || y0 != y1));
    }
    return count;
}

bool eb_parcel_put_points(eb_string *text, eb_wkb shape, int dimension)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    size_t ring = 0, next = 1;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        if (part.count == 0) continue;
        ring++;
        if (dimension == 2)
            put_ring(text, &part, ring, &next);
        else
            for (size_t k = 0; k < part.count; k++) put_point(text, next++, dimension == 0 ? 1 : ring, &part, k);
    }
    return !eb_wkb_bad(&walk);
}
