#!/usr/bin/env python3
"""Work out the expected figures of the area cases by other means than ecobelt's, and compare or fill them in.

usage: reference.py [--fill] FILE.case...

  official, unrounded  50-digit arithmetic with the constants and roundings of the circular, each trapezoid by its printed formula;
                       degrees are projected by Krüger's series with Karney's published coefficients (10.1007/s00190-011-0445-3)
  geodesic, length     PROJ's geodesic.h, every edge the exact way
  planar               exact rational numbers

An expectation whose figure is "?" is filled in with --fill; without it every figure is compared within its tolerance.
Needs python3-mpmath and libproj. The tests do not run this: the figures stand in the files.
"""
import ctypes
import ctypes.util
import math
import re
import sys
from fractions import Fraction

from mpmath import asinh, atan, atan2, atanh, cos, cosh, floor, hypot, mp, mpf, sin, sinh, sqrt, tan

mp.dps = 50
RHO = mpf("206264.8062471")
PRINTED = {
    "cgcs2000": ("6378137", "298.257222101", "6356752.31414036", "0.0066943800229", "0.00673949677548", "6399593.62586",
                 ("1.57048761144159E-07", "5.05250178820567E-03", "2.98472900956587E-05", "2.41626669230084E-07",
                  "2.22241238938534E-09")),
    "xian80": ("6378140", "298.257", "6356755.29", "6.69438499958795E-03", "6.73950181947292E-03", "6399596.65198801",
               ("1.57048687472752E-07", "5.05250559291393E-03", "2.98473350966158E-05", "2.41627215981336E-07",
                "2.22241909461273E-09")),
}
# CRS: datum, a, 1/f, plane (zone width, false easting, central meridian) or None for degrees.
CGCS, WGS, XIAN = ("cgcs2000", 6378137, 298.257222101), ("cgcs2000", 6378137, 298.257223563), ("xian80", 6378140, 298.257)
CRS = {
    "EPSG:4490": (CGCS, None), "EPSG:4326": (WGS, None), "EPSG:4610": (XIAN, None),
    "EPSG:4214": ((None, 6378245, 298.3), None),
    "EPSG:4527": (CGCS, (39500000, 117)), "EPSG:4528": (CGCS, (40500000, 120)), "EPSG:4548": (CGCS, (500000, 117)),
    "EPSG:4549": (CGCS, (500000, 120)), "EPSG:4498": (CGCS, (20500000, 117)), "EPSG:4509": (CGCS, (500000, 117)),
    "EPSG:2363": (XIAN, (39500000, 117)), "EPSG:2385": (XIAN, (500000, 120)), "EPSG:2334": (XIAN, (20500000, 117)),
}


def half_up(value, decimals):
    scale = mpf(10) ** decimals
    return floor(value * scale + mpf(1) / 2) / scale


def half_up_exactly(value, decimals):
    """The same for an exact number: plane coordinates are decimals, and their halves must not depend on a binary notation."""
    return Fraction(math.floor(value * 10 ** decimals + Fraction(1, 2)), 10 ** decimals)


def real(value):
    return mpf(value.numerator) / value.denominator


class Official:
    def __init__(self, datum):
        a, rf, b, e2, ep2, c, k = PRINTED[datum]
        self.a, self.f, self.b, e2, self.ep2, self.c = mpf(a), 1 / mpf(rf), mpf(b), mpf(e2), mpf(ep2), mpf(c)
        self.k = [mpf(v) for v in k]
        e4, e6, e8 = e2 ** 2, e2 ** 3, e2 ** 4
        self.letters = [1 + mpf(3) / 6 * e2 + mpf(30) / 80 * e4 + mpf(35) / 112 * e6 + mpf(630) / 2304 * e8,
                        e2 / 6 + mpf(15) / 80 * e4 + mpf(21) / 112 * e6 + mpf(420) / 2304 * e8,
                        mpf(3) / 80 * e4 + mpf(7) / 112 * e6 + mpf(180) / 2304 * e8, e6 / 112 + mpf(45) / 2304 * e8,
                        mpf(5) / 2304 * e8]

    def trapezoid(self, b1, b2, dl):
        middle, half = (b1 + b2) / 2, (b2 - b1) / 2
        return 2 * self.b ** 2 * dl * sum((-1) ** i * v * sin((2 * i + 1) * half) * cos((2 * i + 1) * middle)
                                          for i, v in enumerate(self.letters))

    def inverse(self, x, y):
        e = self.k[0] * x
        s = sin(e)
        bf = e + cos(e) * (self.k[1] * s - self.k[2] * s ** 3 + self.k[3] * s ** 5 - self.k[4] * s ** 7)
        t, h = tan(bf), self.ep2 * cos(bf) ** 2
        v = sqrt(1 + h)
        u = y / (self.c / v)
        b = (bf - v ** 2 * t * u ** 2 / 2 + (5 + 3 * t ** 2 + h - 9 * h * t ** 2) * v ** 2 * t * u ** 4 / 24
             - (61 + 90 * t ** 2 + 45 * t ** 4) * v ** 2 * t * u ** 6 / 720)
        l = (u - (1 + 2 * t ** 2 + h) * u ** 3 / 6
             + (5 + 28 * t ** 2 + 24 * t ** 4 + 6 * h + 8 * h * t ** 2) * u ** 5 / 120) / cos(bf)
        return b, l

    def forward(self, lat, lon):
        n = self.f / (2 - self.f)
        e = sqrt(self.f * (2 - self.f))
        alpha = [n / 2 - 2 * n ** 2 / 3 + 5 * n ** 3 / 16 + 41 * n ** 4 / 180 - 127 * n ** 5 / 288 + 7891 * n ** 6 / 37800,
                 13 * n ** 2 / 48 - 3 * n ** 3 / 5 + 557 * n ** 4 / 1440 + 281 * n ** 5 / 630 - 1983433 * n ** 6 / 1935360,
                 61 * n ** 3 / 240 - 103 * n ** 4 / 140 + 15061 * n ** 5 / 26880 + 167603 * n ** 6 / 181440,
                 49561 * n ** 4 / 161280 - 179 * n ** 5 / 168 + 6601661 * n ** 6 / 7257600,
                 34729 * n ** 5 / 80640 - 3418889 * n ** 6 / 1995840, 212378941 * n ** 6 / 319334400]
        radius = self.a / (1 + n) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256)
        tau = tan(lat)
        sigma = sinh(e * atanh(e * tau / sqrt(1 + tau ** 2)))
        conformal = tau * sqrt(1 + sigma ** 2) - sigma * sqrt(1 + tau ** 2)
        xi, eta = atan2(conformal, cos(lon)), asinh(sin(lon) / hypot(conformal, cos(lon)))
        x = xi + sum(v * sin(2 * (j + 1) * xi) * cosh(2 * (j + 1) * eta) for j, v in enumerate(alpha))
        y = eta + sum(v * cos(2 * (j + 1) * xi) * sinh(2 * (j + 1) * eta) for j, v in enumerate(alpha))
        return radius * x, radius * y

    def ring(self, plane):
        """plane: (north, east of the meridian) of the vertices as fractions, rounded to 0.1 mm."""
        points = []
        for (x1, y1), (x2, y2) in zip(plane, plane[1:] + plane[:1]):
            points.append((x1, y1))
            length = hypot(real(x2 - x1), real(y2 - y1))
            between = int(length / 70) if length > 70 else 0
            for i in range(1, between + 1):
                t = Fraction(i, between + 1)
                points.append((half_up_exactly(x1 + (x2 - x1) * t, 6), half_up_exactly(y1 + (y2 - y1) * t, 6)))
        seconds = [[half_up(v * RHO, 6) / RHO for v in self.inverse(real(x), real(y))] for x, y in points]
        return abs(sum(self.trapezoid(b1, b2, (l1 + l2) / 2)
                       for (b1, l1), (b2, l2) in zip(seconds, seconds[1:] + seconds[:1])))


proj = ctypes.CDLL(ctypes.util.find_library("proj"))
proj.geod_init.argtypes = [ctypes.c_void_p, ctypes.c_double, ctypes.c_double]
proj.geod_inverse.argtypes = [ctypes.c_void_p] + [ctypes.c_double] * 4 + [ctypes.c_void_p] * 3


def geodesic_ring(ellipsoid, ring):
    g = ctypes.create_string_buffer(8192)
    proj.geod_init(g, float(ellipsoid[1]), 1 / ellipsoid[2])
    lat = (ctypes.c_double * len(ring))(*[float(p[1]) for p in ring])
    lon = (ctypes.c_double * len(ring))(*[float(p[0]) for p in ring])
    area, perimeter = ctypes.c_double(), ctypes.c_double()
    proj.geod_polygonarea(g, lat, lon, len(ring), ctypes.byref(area), ctypes.byref(perimeter))
    return abs(area.value), perimeter.value


def geodesic_length(ellipsoid, line):
    g = ctypes.create_string_buffer(8192)
    proj.geod_init(g, float(ellipsoid[1]), 1 / ellipsoid[2])
    total = 0.0
    for (x1, y1), (x2, y2) in zip(line, line[1:]):
        s = ctypes.c_double()
        proj.geod_inverse(g, float(y1), float(x1), float(y2), float(x2), ctypes.byref(s), None, None)
        total += s.value
    return total


def parse_shape(text):
    """Kind and a list of polygons (lists of rings without the closing point), or of lines."""
    kind = text.split("(")[0].strip().upper()
    rings = [[tuple(p.split()) for p in r.split(",")] for r in re.findall(r"\(([^()]+)\)", text)]
    if "LINE" in kind:
        return "line", rings
    if "EMPTY" in kind or "POINT" in kind:
        return "nothing", []
    polygons, body = [], re.sub(r"^[^(]*", "", text)
    for polygon in (re.findall(r"\(\(.*?\)\)", body) if kind == "MULTIPOLYGON" else [body]):
        polygons.append([[tuple(p.split()) for p in r.split(",")][:-1] for r in re.findall(r"\(([^()]+)\)", polygon)])
    return "polygon", polygons


def to_degrees(crs, point):
    """Degrees of a plane point, for geodesic figures: the projection undone by Newton's method in high precision."""
    ellipsoid, plane = CRS[crs]
    if plane is None:
        return point
    exact = Official(ellipsoid[0])
    north, east = mpf(point[1]), mpf(point[0]) - plane[0]
    lat, lon = exact.inverse(north, east)
    for _ in range(4):
        n, e = exact.forward(lat, lon)
        lat += (north - n) / mpf("6.35e6")
        lon += (east - e) / (mpf("6.38e6") * cos(lat))
    return lon * 180 / mp.pi + plane[1], lat * 180 / mp.pi


def own_zone(polygons):
    lons = [mpf(p[0]) for polygon in polygons for ring in polygon for p in ring]
    return int(floor(((min(lons) + max(lons)) / 2 + mpf(3) / 2) / 3))


def official(case, polygons):
    ellipsoid, plane = CRS[case["crs"]]
    formula = Official(ellipsoid[0])
    zone = int(case["zone"]) if "zone" in case else own_zone(polygons)

    def to_plane(point):
        if plane:
            return half_up_exactly(Fraction(point[1]), 4), half_up_exactly(Fraction(point[0]), 4) - plane[0]
        n, e = formula.forward(mpf(point[1]) * mp.pi / 180, (mpf(point[0]) - 3 * zone) * mp.pi / 180)
        return tuple(Fraction(int(floor(v * 10000 + mpf(1) / 2)), 10000) for v in (n, e))

    total = mpf(0)
    for polygon in polygons:
        areas = [formula.ring([to_plane(p) for p in ring]) for ring in polygon]
        total += areas[0] - sum(areas[1:])
    return total


def figure(case, what):
    kind, parts = parse_shape(case["shape"])
    if kind == "nothing" or (kind == "line" and what != "length"):
        return mpf(0)
    ellipsoid, _ = CRS[case["crs"]]
    if what == "unrounded":
        return official(case, parts)
    if what == "official":
        return half_up(official(case, parts), 2)
    if what == "length":
        return sum(geodesic_length(ellipsoid, [to_degrees(case["crs"], p) for p in line]) for line in parts)
    if what == "planar":
        def shoelace(ring):
            pairs = zip(ring, ring[1:] + ring[:1])
            return abs(sum(Fraction(a[0]) * Fraction(b[1]) - Fraction(b[0]) * Fraction(a[1]) for a, b in pairs)) / 2
        total = sum(shoelace(p[0]) - sum(shoelace(h) for h in p[1:]) for p in parts)
        return mpf(total.numerator) / total.denominator
    degrees = [[[to_degrees(case["crs"], p) for p in ring] for ring in polygon] for polygon in parts]
    return sum(geodesic_ring(ellipsoid, p[0])[0] - sum(geodesic_ring(ellipsoid, h)[0] for h in p[1:]) for p in degrees)


def main():
    fill = "--fill" in sys.argv
    bad = 0
    for file in [a for a in sys.argv[1:] if a != "--fill"]:
        case, lines = {}, []
        for line in open(file, encoding="utf-8").read().split("\n"):
            words = line.split()
            if words[:1] == ["case"]:
                case = {"name": line.strip()}
            elif words[:1] in (["crs"], ["zone"], ["shape"]):
                case[words[0]] = line.strip()[len(words[0]):].strip()
            elif words[:1] == ["expect"] and words[1] in ("official", "unrounded", "geodesic", "planar", "length"):
                own = case["crs"] in CRS and words[2] != "none"
                if own and words[2] == "?" and fill:
                    digits = 13 if words[1] in ("geodesic", "length") else 17
                    value = figure(case, words[1])
                    text = mp.nstr(value, digits, strip_zeros=True, min_fixed=-30, max_fixed=30) if words[1] != "official" else mp.nstr(value, 15, min_fixed=-30, max_fixed=30)
                    line = line.replace("?", text.removesuffix(".0"))
                elif own:
                    off = abs(mpf(words[2]) - figure(case, words[1]))
                    if off > mpf(words[4]):
                        bad += 1
                        print(f"{file}: {case['name']}: {words[1]} is off by {mp.nstr(off, 5)} {words[5]}")
            lines.append(line)
        if fill:
            open(file, "w", encoding="utf-8").write("\n".join(lines))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
