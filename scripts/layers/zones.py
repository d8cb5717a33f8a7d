"""demonstration_zone and west_new_city_bounds."""
import json
import math
import os

from shapely.geometry import LineString, Polygon
from shapely.ops import linemerge, polygonize, unary_union

import common

SOURCE_ZONE = "drawn for ecobelt around the junction of the three counties, with the areas of the action plan 2019"
SOURCE_CITY = "drawn for ecobelt: the lines the action plan 2019 names, taken from the schematic roads and rivers"


def read(layer):
    with open(os.path.join(common.LAYERS, layer + ".geojson"), encoding="utf-8") as f:
        return json.load(f)["features"]


def junction():
    """The vertex that Jiangshan, Changshan and Yushan share."""
    rings = {f["properties"]["name"]: {tuple(p) for p in f["geometry"]["coordinates"][0]}
             for layer in ("counties", "neighbours") for f in read(layer) if f["geometry"]["type"] == "Polygon"}
    (point,) = rings["Jiangshan"] & rings["Changshan"] & rings["Yushan"]
    return point


def outline(name, centre, factor):
    x0, y0 = common.to_plane([centre])[0]
    points = []
    for row in common.read_csv("zone_lines.csv"):
        if row["shape"] == name:
            a, d = math.radians(float(row["bearing_deg"])), factor * 1000 * float(row["distance_km"])
            points.append((x0 + d * math.sin(a), y0 + d * math.cos(a)))
    points = common.to_degrees(points)
    return Polygon([common.rounded(p) for p in common.bends(points + points[:1], 70.0 * factor, len(points))])


def demonstration_zone():
    rows = common.read_csv("demonstration_zone.csv")
    centre = junction()
    start_km2, rest_km2 = (float(r["published_km2"]) for r in rows)
    shapes = {}
    for name, km2 in (("start", start_km2), ("zone", start_km2 + rest_km2)):
        f = common.solve(lambda v: common.polygon_area_m2(outline(name, centre, v)), km2 * 1e6, 0.2, 3.0)
        shapes[name] = outline(name, centre, f)
    shapes["zone"] = Polygon(shapes["zone"].exterior, [shapes["start"].exterior])
    features = []
    for row in rows:
        s = shapes[row["shape"]]
        print(f"demonstration_zone: {row['name']:16s} {common.polygon_area_m2(s) / 1e6:.5f} km2, valid {s.is_valid}")
        features.append(({"name": row["name"], "name_zh": row["name_zh"], "zone": "Quzhou-Shangrao demonstration zone",
                          "zone_zh": "衢饶示范区", "published_km2": float(row["published_km2"]), "zone_published_km2": 20.0,
                          "status": "schematic", "source": SOURCE_ZONE}, s))
    common.write_layer("demonstration_zone", "衢饶示范区(示意) / Quzhou-Shangrao demonstration zone (schematic)", features)


def cut(row):
    """The part of a road or river between two longitudes or latitudes."""
    lines = [LineString(f["geometry"]["coordinates"]) for f in read(row["layer"]) if f["properties"]["name_zh"] == row["match"]]
    line = linemerge(lines) if len(lines) > 1 else lines[0]
    axis, low, high = 0 if row["axis"] == "lon" else 1, float(row["from"]), float(row["to"])
    pieces = []
    for part in getattr(line, "geoms", [line]):
        pieces.extend(_between(list(part.coords), axis, low, high))
    return LineString(max(pieces, key=len))


def _between(points, axis, low, high):
    runs, run = [], []
    for a, b in zip(points, points[1:]):
        stops = sorted(t for t in ((v - a[axis]) / (b[axis] - a[axis]) for v in (low, high) if a[axis] != b[axis]) if 0 < t < 1)
        knots = [a] + [tuple(a[i] + t * (b[i] - a[i]) for i in (0, 1)) for t in stops] + [b]
        for p, q in zip(knots, knots[1:]):
            if low <= (p[axis] + q[axis]) / 2 <= high:
                if not run:
                    run = [p]
                run.append(q)
            elif run:
                runs.append(run)
                run = []
    return runs + ([run] if run else [])


def west_new_city():
    features = []
    for row in common.read_csv("west_new_city_bounds.csv"):
        features.append(({"name": row["name"], "name_zh": row["name_zh"], "side": row["side"],
                          "published_km2": 16.6, "status": "schematic", "source": SOURCE_CITY}, cut(row)))
    lines = unary_union([s for _, s in features])
    faces = [common.polygon_area_m2(f) / 1e6 for f in polygonize(lines)]
    print("west_new_city: enclosed " + ", ".join(f"{a:.3f} km2" for a in faces))
    common.write_layer("west_new_city_bounds", "西区智慧新城四至(示意) / Lines that bound the west new city (schematic)", features)


if __name__ == "__main__":
    demonstration_zone()
    west_new_city()
