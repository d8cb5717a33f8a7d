"""cells.py ZONES FEATURES: a coverage of some hundred cells over the box of a layer of zones, and the centre of that box on stdout.

The cells share their wiggly edges to the last bit. Some cross themselves, some have a hole that touches the outline, some a spike.
"""
import json
import random
import sys

zones = json.load(open(sys.argv[1], encoding="utf-8"))


def places(shape):
    if isinstance(shape[0], (int, float)):
        yield shape
        return
    for part in shape:
        yield from places(part)


every = [place for feature in zones["features"] for place in places(feature["geometry"]["coordinates"])]
west, east = min(p[0] for p in every), max(p[0] for p in every)
south, north = min(p[1] for p in every), max(p[1] for p in every)
rng = random.Random(23)
across, up, wiggles = 24, 20, 8
step_x, step_y = (east - west) * 1.04 / across, (north - south) * 1.04 / up
corners = [[(west + step_x * (i - 0.5 + 0.3 * rng.random()), south + step_y * (j - 0.5 + 0.3 * rng.random())) for j in range(up + 1)]
           for i in range(across + 1)]
edges = {}


def edge(a, b):
    """Points from a to b without b; the same the other way round."""
    if (a, b) not in edges:
        line = [a]
        for k in range(1, wiggles):
            t, push = k / wiggles, 0.06 * (rng.random() - 0.5)
            line.append((round(a[0] + t * (b[0] - a[0]) - push * (b[1] - a[1]), 9), round(a[1] + t * (b[1] - a[1]) + push * (b[0] - a[0]), 9)))
        edges[a, b] = line
        edges[b, a] = [b] + line[:0:-1]
    return edges[a, b]


features = []
for i in range(across):
    for j in range(up):
        a, b, c, d = corners[i][j], corners[i + 1][j], corners[i + 1][j + 1], corners[i][j + 1]
        ring = edge(a, b) + edge(b, c) + edge(c, d) + edge(d, a)
        kind, shape = (7 * i + j) % 23, [ring + ring[:1]]
        if kind == 0:  # a bow-tie: two of its own sides and both diagonals
            shape = [edge(a, b) + [b] + edge(d, c) + [c, a]]
        elif kind == 1:  # a hole that touches the outline in its first corner
            m = ((a[0] + c[0]) / 2, (a[1] + c[1]) / 2)
            shape.append([a, (m[0], m[1] + step_y / 9), (m[0] + step_x / 9, m[1]), a])
        elif kind == 2:  # a spike into its own inside
            m = ((a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4)
            shape = [[a, m] + ring + [a]]
        features.append({"type": "Feature", "properties": {"id": len(features), "kind": "k%d" % (kind % 6)},
                         "geometry": {"type": "Polygon", "coordinates": shape}})
crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump({"type": "FeatureCollection", "crs": crs, "features": features}, out)
print(repr((west + east) / 2), repr((south + north) / 2))
