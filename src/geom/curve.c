#include "geom/curve.h"

/* Distance along a Hilbert curve of order 16 (the usual rotate-and-step construction; Hilbert 1891). */
static uint32_t hilbert(uint32_t x, uint32_t y)
{
    uint32_t d = 0;
    for (uint32_t s = 1u << 15; s > 0; s >>= 1) {
        uint32_t rx = (x & s) != 0, ry = (y & s) != 0;
        d += s * s * ((3 * rx) ^ ry);
        if (ry == 0) {
            if (rx == 1) {
                x = 0xFFFFu - x;
                y = 0xFFFFu - y;
            }
            uint32_t t = x;
            x = y;
            y = t;
        }
    }
    return d;
}

static uint32_t grid(double value, double low, double high)
{
    if (!(high > low)) return 0;
    double cell = (value - low) / (high - low) * 65535;
    return cell <= 0 ? 0 : cell >= 65535 ? 65535u : (uint32_t)cell;
}

uint32_t eb_curve_place(double x, double y, const double box[4])
{
    return hilbert(grid(x, box[0], box[2]), grid(y, box[1], box[3]));
}

uint32_t eb_curve_place_of(eb_wkb shape, const double box[4])
{
    eb_wkb_walk walk;
    eb_wkb_part part;
    double x, y;
    eb_wkb_begin(&walk, shape);
    if (!eb_wkb_next(&walk, &part) || part.count == 0) return 0;
    eb_wkb_xy(&part, 0, &x, &y);
    return eb_curve_place(x, y, box);
}
