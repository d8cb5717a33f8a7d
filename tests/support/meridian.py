"""Length of a meridian on the WGS84 ellipsoid by Simpson's rule, a plain integral, to hold lengths against."""
import math


def arc(south, north, steps=20000):
    """Metres from one latitude to another, in degrees."""
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    h = math.radians(north - south) / steps
    m = [a * (1 - e2) / (1 - e2 * math.sin(math.radians(south) + i * h) ** 2) ** 1.5 for i in range(steps + 1)]
    return h / 3 * (m[0] + m[-1] + 4 * sum(m[1::2]) + 2 * sum(m[2:-1:2]))
