"""What the drawing scripts share: reading the sources, geodesic sizes, curves, and one way of writing a layer.

All coordinates are longitude, latitude in degrees of CGCS2000 (EPSG:4490) unless a function says otherwise.
"""
import csv
import json
import math
import os

import pyproj

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)  # the ellipsoid of CGCS2000
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
DECIMALS = 9

HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS = os.environ.get("LAYERS_DIR") or os.path.normpath(os.path.join(HERE, "..", "..", "layers"))
SOURCES = os.environ.get("SOURCES_DIR") or os.path.normpath(os.path.join(HERE, "..", "..", "layers", "sources"))

# A plane to draw in: Lambert azimuthal equal-area on the ellipsoid, centred on Quzhou. Metres.
PLANE = pyproj.Proj(proj="laea", lat_0=28.95, lon_0=118.7, a=6378137.0, rf=298.257222101)


def to_plane(points):
    """Longitude, latitude -> metres in the drawing plane."""
    return [PLANE(lon, lat) for lon, lat in points]


def to_degrees(points):
    """Metres in the drawing plane -> longitude, latitude."""
    return [PLANE(x, y, inverse=True) for x, y in points]


def rounded(point):
    return (round(point[0], DECIMALS), round(point[1], DECIMALS))


def ring_area_m2(ring):
    """Geodesic area of one ring, always positive."""
    lon = [p[0] for p in ring]
    lat = [p[1] for p in ring]
    return abs(GEOD.polygon_area_perimeter(lon, lat)[0])


def polygon_area_m2(polygon):
    """Geodesic area of a shapely polygon or multipolygon, holes subtracted."""
    parts = getattr(polygon, "geoms", [polygon])
    return sum(ring_area_m2(p.exterior.coords) - sum(ring_area_m2(h.coords) for h in p.interiors) for p in parts)


def line_length_m(points):
    """Geodesic length of a line."""
    return GEOD.line_length([p[0] for p in points], [p[1] for p in points])


def read_csv(name):
    """Rows of a source table as dictionaries; lines that start with # are remarks."""
    with open(os.path.join(SOURCES, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


def curve(points, spacing_m=200.0, alpha=0.5):
    """A smooth line through every control point (centripetal Catmull-Rom), a vertex about every spacing_m.

    The control points themselves stay vertices, bit for bit, so that lines which share one still meet there.
    """
    if len(points) < 3:
        return list(points)
    xy = to_plane(points)
    first = (2 * xy[0][0] - xy[1][0], 2 * xy[0][1] - xy[1][1])
    last = (2 * xy[-1][0] - xy[-2][0], 2 * xy[-1][1] - xy[-2][1])
    p = [first] + xy + [last]
    out = [points[0]]
    for i in range(1, len(p) - 2):
        out.extend(to_degrees(_segment(p[i - 1:i + 3], spacing_m, alpha)))
        out.append(points[i])
    return out


def _segment(p, spacing_m, alpha):
    """The inner points of one Catmull-Rom piece, from p[1] to p[2] without the two."""
    t = [0.0]
    for a, b in zip(p, p[1:]):
        t.append(t[-1] + max(math.dist(a, b), 1e-6) ** alpha)
    n = max(1, int(round(math.dist(p[1], p[2]) / spacing_m)))
    out = []
    for k in range(1, n):
        u = t[1] + (t[2] - t[1]) * k / n
        a = [_mix(p[i], p[i + 1], t[i], t[i + 1], u) for i in range(3)]
        b = [_mix(a[i], a[i + 1], t[i], t[i + 2], u) for i in range(2)]
        out.append(_mix(b[0], b[1], t[1], t[2], u))
    return out


def _mix(a, b, ta, tb, u):
    return tuple((x * (tb - u) + y * (u - ta)) / (tb - ta) for x, y in zip(a, b))


def noise(seed, k):
    """A number in [0, 1) that depends on seed and k only, the same everywhere (an integer hash)."""
    h = (seed * 0x9E3779B1 + k * 0x85EBCA77) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        h = ((h ^ (h >> shift)) * factor) & 0xFFFFFFFF
    return h / 2.0 ** 32


def bends(control, amplitude_m, seed):
    """The curve through the control points with uneven bends between them; at the control points they are nought."""
    out, piece, turn = [control[0]], [control[0]], 0
    stops = set(control[1:])
    for p in curve(control, 80.0)[1:]:
        piece.append(p)
        if p in stops:
            turn = _bend_piece(piece, amplitude_m, seed, turn, out)
            piece = [p]
    return out


def _bend_piece(piece, amplitude_m, seed, turn, out):
    xy = to_plane(piece)
    along = [0.0]
    for a, b in zip(xy, xy[1:]):
        along.append(along[-1] + math.dist(a, b))
    knots = [0.0]  # where the line crosses its axis: bends of 300 to 1300 m
    while knots[-1] < along[-1]:
        knots.append(knots[-1] + 300.0 + 1000.0 * noise(seed, turn + len(knots)))
    knots = [k * along[-1] / knots[-1] for k in knots]
    for i in range(1, len(xy) - 1):
        k = max(j for j in range(len(knots) - 1) if knots[j] <= along[i])
        width = knots[k + 1] - knots[k]
        size = amplitude_m * min(1.0, width / 800.0) * (0.2 + 1.3 * noise(seed + 77, turn + k))
        size *= math.sin(math.pi * (along[i] - knots[k]) / width) * (1 if (turn + k) % 2 else -1)
        dx, dy = xy[i + 1][0] - xy[i - 1][0], xy[i + 1][1] - xy[i - 1][1]
        d = math.hypot(dx, dy)
        out.append(to_degrees([(xy[i][0] - dy / d * size, xy[i][1] + dx / d * size)])[0])
    out.append(piece[-1])
    return turn + len(knots) - 1


def solve(function, target, low, high, steps=200):
    """x in [low, high] where the rising function reaches target, by halving."""
    for _ in range(steps):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if function(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


# ---- writing -----------------------------------------------------------------------------------------------------

def _number(value):
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _coordinates(c):
    if isinstance(c[0], (int, float)):
        return "[" + ",".join(_number(v) for v in c) + "]"
    return "[" + ",".join(_coordinates(part) for part in c) + "]"


def _ccw(ring):
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, ring[1:])) < 0


def oriented(polygon):
    """Rings of a shapely polygon: exterior counter-clockwise, holes clockwise, each from its least vertex on."""
    def ring(coords, ccw):
        pts = [rounded(p) for p in coords][:-1]
        pts = [p for i, p in enumerate(pts) if p != pts[i - 1]]
        start = pts.index(min(pts))
        pts = pts[start:] + pts[:start]
        pts.append(pts[0])
        return pts if _ccw(pts) == ccw else pts[::-1]
    return [ring(polygon.exterior.coords, True)] + sorted(ring(h.coords, False) for h in polygon.interiors)


def geometry(shape):
    """GeoJSON geometry of a shapely shape (None stays None)."""
    if shape is None:
        return None
    kind = shape.geom_type
    if kind == "Polygon":
        return {"type": kind, "coordinates": oriented(shape)}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": sorted(oriented(p) for p in shape.geoms)}
    if kind == "LineString":
        return {"type": kind, "coordinates": [rounded(p) for p in shape.coords]}
    if kind == "Point":
        return {"type": kind, "coordinates": rounded(shape.coords[0])}
    raise ValueError(f"no writer for {kind}")


def write_layer(name, title, features):
    """Writes layers/NAME.geojson: a feature a line, fixed decimals, the same bytes each time.

    features: (properties, geometry) pairs; a geometry is a GeoJSON dictionary, a shapely shape or None.
    """
    lines = []
    for number, (properties, shape) in enumerate(features, 1):
        g = shape if shape is None or isinstance(shape, dict) else geometry(shape)
        text = "null" if g is None else f'{{"type":"{g["type"]}","coordinates":{_coordinates(g["coordinates"])}}}'
        lines.append(f'{{"type":"Feature","id":{number},"properties":'
                     f'{json.dumps(properties, ensure_ascii=False)},"geometry":{text}}}')
    path = os.path.join(LAYERS, name + ".geojson")
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write('{"type":"FeatureCollection","name":%s,"title":%s,\n"crs":%s,\n"features":[\n'
                % (json.dumps(name), json.dumps(title, ensure_ascii=False), json.dumps(CRS)))
        f.write(",\n".join(lines))
        f.write("\n]}\n")
    return path
