#!/usr/bin/env bats
# ecobelt area: layers of unusual extent or kind, which still get every figure that can be had.
load ../support/helper

# boxes FILE N:X,Y,W,H...: rectangles in CGCS2000 degrees. A box whose N ends in + is a collection with a line beside it.
boxes() {
    python3 - "$@" <<'END'
import json, sys
features = []
for text in sys.argv[2:]:
    n, numbers = text.split(":")
    x, y, w, h = map(float, numbers.split(","))
    shape = {"type": "Polygon", "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}
    if n.endswith("+"):
        shape = {"type": "GeometryCollection", "geometries": [shape, {"type": "LineString", "coordinates": [[x, y], [x + 1, y + 1]]}]}
    features.append({"type": "Feature", "properties": {"n": int(n.rstrip("+"))}, "geometry": shape})
crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
json.dump({"type": "FeatureCollection", "crs": crs, "features": features}, open(sys.argv[1], "w"))
END
}

@test "shares of more than a hundred rows, one of them the size of a country" {
    python3 - <<'END'
import json
def box(n, x, y, w, h):
    ring = [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]
    return {"type": "Feature", "properties": {"n": n}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
boxes = [box(0, -100, 35, 20, 10)] + [box(i, 10 + i / 10, 45, 0.1, 0.1) for i in range(1, 101)]
json.dump({"type": "FeatureCollection", "features": boxes}, open("wide.geojson", "w"))
END
    eb area wide.geojson --by n --json
    assert_exit 0
    assert_equal "[101, 100.0]" "$(json '[len(d["tables"][0]["rows"]), round(sum(r["share_pct"] for r in d["tables"][0]["rows"]), 4)]')"
    assert_equal true "$(json 'd["tables"][0]["rows"][0]["area_m2"] > 9e11 and d["tables"][0]["rows"][0]["share_pct"] > 99')"
    assert_equal true "$(json 'all(0.004 < r["share_pct"] < 0.006 for r in d["tables"][0]["rows"][1:])')"
}

@test "a shape too wide for the official formula keeps its geodesic area, and the row says what it lacks" {
    boxes wide.geojson 1:100,30,12,5 2:118.1,28.6,0.1,0.1 2:118.3,28.6,0.1,0.1
    eb area wide.geojson --by n --method geodesic --json
    assert_exit 0
    local geodesic
    geodesic=$(json '[r["geodesic_m2"] for r in d["tables"][0]["rows"]]')
    eb area wide.geojson --by n --json
    assert_exit 1
    assert_equal "$geodesic" "$(json '[r["geodesic_m2"] for r in d["tables"][0]["rows"]]')"
    assert_equal "[null, null, null, null]" "$(json '[d["tables"][0]["rows"][0].get(c) for c in ("area_m2", "official_m2", "area_mu", "share_pct")]')"
    assert_equal true "$(json 'd["tables"][0]["rows"][1]["official_m2"] > 2e8')"
    assert_err "no official area, the geodesic one is given: out of reach"
    [[ $(json 'd["tables"][0]["notes"]') == *"--method geodesic gives areas of all"* ]] || show "the note says how to get areas of all"
    eb area wide.geojson -o out.geojson -q
    assert_exit 1
    assert_err "have no official area"
    assert_equal "[(True, True), (False, False), (False, False)]" "$(python3 -c 'import json
print([(f["properties"]["official_m2"] is None, f["properties"]["zone"] is None) for f in json.load(open("out.geojson"))["features"] if f["properties"]["geodesic_m2"] > 1e8])')"
    eb area wide.geojson --by n --round ha:2
    assert_exit 4
    assert_err "there is no total to round to"
    assert_err "--method geodesic"
}

@test "a collection's polygons are measured, and its line is said to be left out" {
    boxes mixed.geojson 3+:118.1,28.6,0.1,0.1 4:118.1,28.6,0.1,0.1
    eb area mixed.geojson --by n --json
    assert_exit 0
    assert_equal true "$(json 'len({r["official_m2"] for r in d["tables"][0]["rows"]}) == 1')"
    assert_err "feature 0: a collection: its polygons are measured, its lines and points are in no figure"
    [[ $stderr != *"feature 1"* ]] || show "only the collection is said"
}

@test "a control in another unit that is no round number there is refused in the words that were typed" {
    eb area "$LAYERS/counties.geojson" --round ha:2 --control 884479mu --scale
    assert_exit 2
    assert_err "--control 884479mu is 58965.2666666667 ha, which has more than the 2 decimals of --round ha:2"
    assert_err "round in the unit of the control"
    eb area "$LAYERS/counties.geojson" --round mu:0 --control 884479mu --scale --json
    assert_exit 0
    assert_equal 884479 "$(json 'sum(r["rounded"] for r in d["tables"][0]["rows"])')"
    eb area "$LAYERS/counties.geojson" --round ha:2 --control 884480.1mu --scale
    assert_exit 0
}

@test "units of a levelling are in the reader's language, and --unit says that it is not for files" {
    eb area "$LAYERS/park.geojson" --by name_zh --round mu:0 --lang zh
    assert_exit 0
    assert_out "取至亩的 0 位小数"
    eb area "$LAYERS/park.geojson" --round wanmu:2 --lang zh
    assert_exit 0
    refute_out "取至wanmu"
    eb area "$LAYERS/park.geojson" --unit mu -o t.csv
    assert_exit 0
    assert_err "--unit is for tables on the screen"
    [[ $(head -1 t.csv) == *area_ha,area_mu,area_km2* ]] || show "the file has every unit"
}
