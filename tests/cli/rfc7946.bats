#!/usr/bin/env bats
# GeoJSON that leaves a run: RFC 7946, with what its rounded coordinates cannot say.
load ../support/helper

setup() {
  cd "$BATS_TEST_TMPDIR"
  export LC_ALL=C.UTF-8
  # Two squares, wound the wrong way round, one with a hole; one part each side of the 120th meridian.
  python3 -B - <<'Y'
import json
def ring(x, y, w, back):
    points = [[x, y], [x + w, y], [x + w, y + w], [x, y + w], [x, y]]
    return points[::-1] if back else points
shapes = [("一", [ring(119.900123456789, 29.000987654321, 0.05, True), ring(119.91, 29.01, 0.02, False)]), ("二", [ring(120.1, 29.1, 0.031, True)])]
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}, "features": [
    {"type": "Feature", "properties": {"name": name, "status": "schematic"}, "geometry": {"type": "Polygon", "coordinates": rings}}
    for name, rings in shapes]}, open("zones.geojson", "w"))
Y
  "$ECOBELT" convert zones.geojson zones.gpkg --to-crs EPSG:4549 -q
  cat > plan.yaml <<'Y'
title: {zh: 账, en: Account}
layers:
  zones: {path: zones.gpkg, title: {zh: 分区, en: Zones}}
steps:
  - id: size
    title: {zh: 面积, en: Sizes}
    area: {layer: zones, by: [name], method: geodesic}
outputs: {formats: [csv, geojson]}
Y
}

# look SCRIPT: Python over the map d, its numbers as they are written.
look() {
  run --separate-stderr python3 -B -c 'import csv, json, math, sys
d = json.load(open("out/maps/size.geojson", encoding="utf-8"), parse_float=str)
def rings():
    for feature in d["features"]:
        shape = feature["geometry"]
        for polygon in [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]:
            for k, ring in enumerate(polygon):
                yield k, ring, [(float(x), float(y)) for x, y in ring]
exec(sys.stdin.read())'
  [ "$status" -eq 0 ] || show "the map is not what it should be"
}

@test "degrees of WGS84, no crs member, outer rings counterclockwise and holes clockwise" {
  eb run plan.yaml --out out -q
  assert_exit 0
  look <<'Y'
assert d["type"] == "FeatureCollection" and "crs" not in d
assert len(d["features"]) == 2 and sum(1 for _ in rings()) == 3
for k, _, ring in rings():
    turn = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
    assert ring[0] == ring[-1] and len(ring) >= 4 and (turn > 0) == (k == 0), (k, turn)
    assert all(119.89 < x < 120.14 and 28.99 < y < 29.14 for x, y in ring)
# From metres and back: nothing has moved by a millimetre.
corners = [point for _, _, ring in rings() for point in ring]
for x, y in ((119.900123456789, 29.000987654321), (119.950123456789, 29.050987654321), (119.91, 29.01), (120.131, 29.131)):
    assert min(math.hypot(x - a, y - b) for a, b in corners) < 1e-8, (x, y)
Y
}

@test "areas are attributes: those of the table, not of the rounded coordinates" {
  eb run plan.yaml --out out -q --set 'outputs.decimals=3'
  assert_exit 0
  look <<'Y'
table = {row["name"]: float(row["area_m2"]) for row in csv.DictReader(open("out/statistics/size.csv", encoding="utf-8-sig"))}
for feature in d["features"]:
    own = float(feature["properties"]["area_m2"])
    assert abs(own - table[feature["properties"]["name"]]) < 0.005, (own, table)
    assert feature["properties"]["status"] == "schematic"
Y
}

@test "title, method and status stand in members beside the features" {
  eb run plan.yaml --out out -q --lang zh
  look <<'Y'
assert d["title"].startswith("面积") and len(d["method"]) > 20 and d["status"] == "schematic", d.keys()
assert set(d) <= {"type", "name", "title", "method", "status", "bbox", "features"}, set(d)
Y
}

@test "coordinates have as many digits as the plan asks for, nine else" {
  for digits in 9 7 12 5; do
    [ "$digits" -eq 9 ] || change=(--set "outputs.decimals=$digits")
    eb run plan.yaml --out out -q --overwrite "${change[@]}"
    assert_exit 0
    DIGITS=$digits look <<'Y'
import os
want = int(os.environ["DIGITS"])
most = max(len(str(n).partition(".")[2]) for _, ring, _ in rings() for point in ring for n in point)
assert most <= want and (most == want or want == 12), (most, want)
Y
  done
}

@test "a number of digits that makes no sense is refused with its place" {
  for bad in 0 13 7.5 -1 many '"7"'; do
    sed "s/^outputs:.*/outputs: {formats: [csv], decimals: $bad}/" plan.yaml > bad.yaml
    eb check bad.yaml
    assert_exit 2
    assert_err "bad.yaml:8:"
    assert_err decimals
  done
}
