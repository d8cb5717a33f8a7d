#include "analysis/quality/check.h"

bool eb_winds_around(eb_wkb shape, double x, double y)
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    bool inside = false, in_polygon = false;
    size_t polygon = SIZE_MAX;
    eb_wkb_begin(&walk, shape);
    while (eb_wkb_next(&walk, &part)) {
        int turns = 0;
        double ax, ay, bx, by;
        for (size_t k = 0; k + 1 < part.count; k++) {
            eb_wkb_xy(&part, k, &ax, &ay);
            eb_wkb_xy(&part, k + 1, &bx, &by);
            if ((ay <= y) == (by <= y)) continue;
            double side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
            if (ay <= y && side > 0) turns++;
            if (by <= y && side < 0) turns--;
        }
        if (part.polygon != polygon) {
            inside = inside || in_polygon;
            polygon = part.polygon;
            in_polygon = turns != 0;
        } else if (turns != 0) {
            in_polygon = false;
        }
    }
    return inside || in_polygon;
}
