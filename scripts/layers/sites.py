"""scenic_areas, heritage_sites, corridor_sites and facilities: points from their tables."""
import json
import os
import sys

from shapely.geometry import Point, shape

import common

LAYERS = {
    "scenic_areas": "衢州市4A级以上景区 / Scenic areas of grade 4A and 5A in Quzhou",
    "heritage_sites": "周边世界遗产 / World heritage around Quzhou",
    "corridor_sites": "杭衢黄走廊名城名湖名江名山名村名园 / Places of the Hangzhou-Quzhou-Huangshan corridor",
    "facilities": "机场、车站、高速出口、码头、城市 / Airport, stations, expressway exits, wharf, towns",
}
NUMBERS = {"year": int, "inscribed": int, "unesco_ref": int, "accuracy_m": int, "published_km2": float}
SOURCES = {
    "corridor_sites": "kinds from the action plan 2019; places chosen for ecobelt",
    "facilities": "drawn for ecobelt: names as published, places at the towns and interchanges",
}


def main():
    with open(os.path.join(common.LAYERS, "counties.geojson"), encoding="utf-8") as f:
        county = {x["properties"]["name"]: shape(x["geometry"]) for x in json.load(f)["features"]}
    for layer, title in LAYERS.items():
        features = []
        for row in common.read_csv(layer + ".csv"):
            p = Point(float(row["lon"]), float(row["lat"]))
            if layer in ("scenic_areas", "facilities") and not county[row["county"]].contains(p):
                sys.exit(f"make-layers: {row['name']} does not lie in {row['county']}")
            fields = {k: NUMBERS.get(k, str)(v) if v else None for k, v in row.items() if k not in ("lon", "lat", "source")}
            fields["status"] = "schematic"
            fields["source"] = row.get("source") or SOURCES[layer]
            features.append((fields, p))
        print(f"{layer}: {len(features)} points")
        common.write_layer(layer, title, features)


if __name__ == "__main__":
    main()
