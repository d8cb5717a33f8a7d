#!/usr/bin/env bats
# The main job: plans, their folder, and what must never happen to it.
load ../support/helper
load ../support/small_plan

@test "run: a plan becomes a folder with tables, maps, a package and a record" {
  small_plan
  eb run plan.yaml --out out
  assert_exit 0
  assert_out "Computed and published figures"
  assert_out "met"
  assert_err "out"
  for file in statistics/by_zone.csv statistics/by_zone.csvt statistics/by_zone.txt statistics/belt.csv statistics/targets.csv \
    maps/belt.geojson small.gpkg run.json; do
    assert_file "out/$file"
  done
  assert_equal 0 "$(leftovers)"
}

@test "run: all that is wrong with a plan is told at once, each with its place, and nothing that only follows from it" {
  small_plan
  cat >wrong.yaml <<'END'
titel: {zh: 坏, en: Bad}
layers:
  zones: {path: zones.geojson, lable: zone}
  lines: {path: lines.geojson, label: nmae}
  gone: {path: nowhere.shp}
  all: {merge: [gone, zones]}
  good: {path: zones.geojson}
steps:
  - id: a
    area: {layer: zones, by: zoen, rond: "ha:2"}
  - id: b
    area: {layer: good, by: zoen}
  - id: c
    arae: {layer: good}
  - id: d
    corridor: {lines: good, width_m: 20x, tolerance_m: no}
  - id: e
    tabulate: {zones: all, zone: zone, features: c, class: name}
  - id: f
    area: {layer: good, by: zone}
    charts: [{category: zone, value: are_m2}, {category: znoe, value: area_m2}]
targets:
  - {of: a, column: nothing, expect_km2: 1, source: s}
  - {of: c, column: nothing, expect_km2: 1, source: s}
  - {of: f, column: area_m2, expect_m: 1, source: s}
END
  places=(1:1 3:32 4:39 5:16 10:36 12:29 14:5 16:38 16:56 21:38 21:58 25:30)
  for command in "run wrong.yaml --out out" "check wrong.yaml"; do
    # shellcheck disable=SC2086 # words
    eb $command
    assert_exit 2
    assert_equal "${places[*]}" "$(grep -o 'wrong.yaml:[0-9:]*' <<<"$stderr" | cut -d: -f2- | paste -sd' ')"
  done
  # The status is that of the first.
  sed -i -e '/^titel/d' -e 's/, lable: zone//' -e 's/, label: nmae//' wrong.yaml
  eb run wrong.yaml --out out
  assert_exit 3
  refute_file out
}

@test "run: the CSV is one table, for people and for scripts" {
  small_plan
  eb run plan.yaml --out out -q
  assert_exit 0
  run python3 - <<'END'
import csv, io
raw = open("out/statistics/by_zone.csv", "rb").read()
assert raw.startswith(b"\xef\xbb\xbf"), "no byte-order mark"
assert raw.count(b"\r\n") == raw.count(b"\n") == 3, raw
rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
assert [r["zone"] for r in rows] == ["core", "use"], rows
for r in rows:
    assert abs(float(r["area_share_of_region_pct"]) - float(r["area_m2"]) / 60e6 * 100) < 1e-9
about = open("out/statistics/by_zone.txt", encoding="utf-8-sig").read()
assert "60.00 km²" in about and "a book" in about, about
END
  [ "$status" -eq 0 ] || show "the CSV is not what it should be"
}

@test "run: maps follow RFC 7946 and say what they are" {
  small_plan
  eb run plan.yaml --out out -q
  assert_exit 0
  run python3 - <<'END'
import json
d = json.load(open("out/maps/belt.geojson", encoding="utf-8"))
assert "crs" not in d, "RFC 7946 has no crs member"
assert d["title"] == "Belt (schematic)" and d["status"] == "schematic" and "geodesic" in d["method"], {k: d[k] for k in d if k != "features"}
assert len(d["features"]) == 2
for f in d["features"]:
    assert f["properties"]["status"] == "schematic" and f["properties"]["area_m2"] > 1e6 and f["properties"]["name"] == "一江"
    parts = [f["geometry"]["coordinates"]] if f["geometry"]["type"] == "Polygon" else f["geometry"]["coordinates"]
    for rings in parts:
        for i, ring in enumerate(rings):
            turn = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
            assert ring[0] == ring[-1] and (turn > 0) == (i == 0), "right-hand rule"
            assert all(118.1 < x < 118.4 and 29.1 < y < 29.3 for x, y in ring)
END
  [ "$status" -eq 0 ] || show "the map is not what it should be"
}

@test "run: the package holds inputs, results and tables" {
  need ogrinfo
  small_plan
  eb run plan.yaml --out out -q
  assert_exit 0
  run ogrinfo -ro -so -al out/small.gpkg
  for layer in zones lines belt belt_dissolved statistics_by_zone statistics_belt statistics_targets; do
    [[ $output == *"Layer name: $layer"* ]] || show "no layer $layer in the package"
  done
  run ogrinfo -ro -q out/small.gpkg -sql "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'belt'"
  assert_out "Belt"
  assert_out "schematic"
  run ogrinfo -ro -q out/small.gpkg -sql "PRAGMA journal_mode"
  assert_out "delete"
  refute_file out/small.gpkg-wal
}

@test "run: the record says what was run, on what, with what" {
  small_plan
  eb run plan.yaml --out out -q --json --set 'steps.belt.width_m=[250, 500]' -j 2
  assert_exit 0
  assert_equal ecobelt "$(json 'd["program"]')"
  assert_equal '[250, 500]' "$(json 'd["plan"]["steps"][1]["corridor"]["width_m"]')"
  assert_equal "$(sha256sum <zones.geojson | cut -d' ' -f1)" "$(json 'd["inputs"][0]["files"][0]["sha256"]')"
  assert_equal "$(sha256sum <plan.yaml | cut -d' ' -f1)" "$(json 'd["plan_sha256"]')"
  assert_equal '["GDAL", "GEOS", "PROJ"]' "$(json 'sorted(d["libraries"])')"
  assert_equal '[false, true]' "$(json '[s["schematic"] for s in d["steps"]]')"
  assert_equal 1 "$(json 'len(d["targets"]["rows"])')"
  # The file has one thing more: which files the run wrote, by which a later one knows what it may replace.
  printf '%s\n' "$output" >said.json
  run python3 -B - <<'PY'
import hashlib, json, os
record, said = json.load(open("out/run.json")), json.load(open("said.json"))
files = {f["name"]: f.get("sha256") or f["sha256_from_byte_100"] for f in record.pop("files")}
assert record == said, "another record"
there = {os.path.relpath(os.path.join(at, name), "out") for at, _, names in os.walk("out") for name in names} - {"run.json"}
assert set(files) == there, set(files) ^ there
for name, digest in files.items():
    text = open(os.path.join("out", name), "rb").read()
    assert hashlib.sha256(text[100:] if name.endswith(".gpkg") else text).hexdigest() == digest, name
PY
  assert_exit 0
}

@test "run: figures do not depend on the number of threads" {
  small_plan
  eb run plan.yaml --out one -q -j 1
  assert_exit 0
  eb run plan.yaml --out four -q -j 4
  assert_exit 0
  run diff -r one/statistics four/statistics
  assert_exit 0
  run diff -r one/maps four/maps
  assert_exit 0
}

@test "run: Chinese titles and headings with --lang zh" {
  small_plan
  eb run plan.yaml --out out --lang zh
  assert_exit 0
  assert_out "计算值与公布值对照"
  run cat out/statistics/by_zone.txt
  assert_out "分区面积"
  assert_out "面积(平方公里)"
  run grep -c '"title": *"带(示意)"' out/maps/belt.geojson
  assert_exit 0
}

@test "run: a target missed is exit code 1, and everything is written" {
  small_plan
  eb run plan.yaml --out out --set targets.1.within_pct=0.01
  assert_exit 1
  assert_out "missed"
  assert_file out/run.json
  assert_file out/statistics/targets.csv
}

@test "run: a target whose condition no row fulfils says so" {
  small_plan
  eb run plan.yaml --out out -q --set "targets.1.where=zone = 'cor'"
  assert_exit 1
  assert_err "target 'area_km2' not computed: no row of the table fulfils the condition (zone = 'cor')"
  grep -q "not computed,.*no row of the table" out/statistics/targets.csv
  sed -i 's/, where: "zone = .core.", expect_km2: 27/, expect_km2: 27/' plan.yaml
  eb run plan.yaml --out all -q
  assert_exit 1
  assert_err "not computed: 2 rows fulfil the condition; say sum: true to add them"
}

@test "run: a target without a condition that cannot be computed says so" {
  small_plan
  sed -i "s/, where: \"zone = 'core'\"//" plan.yaml
  eb run plan.yaml --out out -q
  assert_exit 1
  assert_err "target 'area_km2' not computed: 2 rows fulfil the condition; say sum: true to add them"
  refute_err "them ("
  assert_file out/run.json
  grep -q "not computed,.*say sum: true" out/statistics/targets.csv
}

@test "run --only: one step and what it needs" {
  small_plan
  eb run plan.yaml --out out --only belt
  assert_exit 0
  assert_file out/statistics/belt.csv
  refute_file out/statistics/by_zone.csv
  refute_file out/statistics/targets.csv
  eb run plan.yaml --out out2 --only bolt
  assert_exit 2
  assert_err "belt"
  refute_file out2
}

@test "run: bad plans and bad layers have their exit codes" {
  small_plan
  eb run nowhere.yaml
  assert_exit 3
  assert_err "nowhere.yaml"
  eb run plan.yaml --set steps.by_zone.bye=zone
  assert_exit 2
  assert_err "did you mean 'by'"
  eb run plan.yaml --set layers.zones.path=nowhere.gpkg
  assert_exit 3
  assert_err "layer 'zones'"
  echo "not a layer" >text.geojson
  eb run plan.yaml --set layers.zones.path=text.geojson
  assert_exit 3
  eb run plan.yaml --set steps.belt.lines=zones
  assert_exit 2
  assert_err "no field 'name'"
  eb run plan.yaml --set steps.belt.corridor.width_m=20x
  assert_exit 2
  assert_err "20x"
  eb run
  assert_exit 2
  refute_file out
}

@test "run: a layer without CRS is refused, and the plan can say it" {
  need ogr2ogr
  small_plan
  ogr2ogr -f "ESRI Shapefile" bare.shp zones.geojson
  rm bare.prj
  eb run plan.yaml --set layers.zones.path=bare.shp
  assert_exit 4
  assert_err "CRS"
  eb run plan.yaml --set layers.zones.path=bare.shp --set layers.zones.crs=EPSG:4490 --out out -q
  assert_exit 0
  run python3 -c 'import json; print([f["name"] for f in json.load(open("out/run.json"))["inputs"][0]["files"]])'
  assert_out "bare.dbf"
  assert_out "bare.shp"
}

@test "quzhou: the plan that ships is good, and runs" {
  eb run "$LAYERS/quzhou.yaml" --out out
  [ "$status" -le 1 ] || show "the main job failed"
  assert_exit 0
  refute_out "missed"
  refute_out "not computed"
  for table in county_area park_by_zone park_by_county park_by_designation protected_by_designation belt belt_2km_by_county belt_3km_by_county park_in_belt_2km zone_area \
    source_to_city hangzhou_quzhou_huangshan heritage_route heritage_route_by_class scenic_access scenic_access_points road_network road_network_dead_ends \
    zone_by_county zone_by_province overlaps_matrix scenic_in_belt targets; do
    assert_file "out/statistics/$table.csv"
  done
  for route in source_to_city hangzhou_quzhou_huangshan heritage_route; do assert_file "out/gpx/$route.gpx"; done
  for map in belt belt_dissolved protected overlaps new_city source_to_city heritage_route_stops scenic_access road_network_dead_ends; do assert_file "out/maps/$map.geojson"; done
  assert_file out/quzhou.gpkg
}

@test "quzhou: each language reads its own names, and the same figures" {
  for lang in en zh; do
    eb run "$LAYERS/quzhou.yaml" --out $lang -q --lang $lang
    assert_exit 0
  done
  run python3 - <<'END'
import csv, glob, os, re
HAN = re.compile("[\u4e00-\u9fff]")
# The names of both languages stand beside one another where a step lists both; `where` repeats the plan.
BOTH = {"name_zh", "where"}
def rows(lang, name):
    return list(csv.DictReader(open(f"{lang}/statistics/{name}", encoding="utf-8-sig")))
def figures(row):
    return {k: v for k, v in row.items() if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", v)}
names = sorted(os.path.basename(f) for f in glob.glob("en/statistics/*.csv"))
assert len(names) > 30
for name in names:
    english, chinese = rows("en", name), rows("zh", name)
    for row in english:
        assert not [v for k, v in row.items() if k not in BOTH and HAN.search(v)], (name, row)
    if name == "park_by_county.csv":
        assert {r["zone"] for r in chinese if r["class"]} == {"开化县"}
    # Rows may come in another order of names.
    assert sorted(str(figures(r)) for r in english) == sorted(str(figures(r)) for r in chinese), name
END
  [ "$status" -eq 0 ] || show "the languages differ"
}

@test "quzhou: the figures hold together" {
  eb run "$LAYERS/quzhou.yaml" --out out -q
  assert_exit 0
  run python3 - <<'END'
import csv
def table(name):
    return list(csv.DictReader(open(f"out/statistics/{name}.csv", encoding="utf-8-sig")))
def close(a, b, part=1e-6):
    assert abs(a - b) <= part * max(abs(a), abs(b)), (a, b)
park = sum(float(r["geodesic_m2"]) for r in table("park_by_zone"))
# The park lies in Kaihua, whole.
counties = [r for r in table("park_by_county") if r["class"]]
assert {r["zone"] for r in counties} == {"Kaihua"}, counties
close(sum(float(r["area_m2"]) for r in counties), park)
# The belt by county adds up to the belt, for each width.
belt = table("belt")
for width in ("2000", "3000"):
    whole = [r for r in belt if r["width_m"] == width and not r["name"]]
    assert len(whole) == 1
    rivers = [r for r in belt if r["width_m"] == width and r["name"]]
    assert len(rivers) == 6
    close(sum(float(r["length_m"]) for r in rivers), float(whole[0]["length_m"]))
    assert sum(float(r["dissolved_m2"]) for r in rivers) > float(whole[0]["dissolved_m2"]) > float(whole[0]["clipped_m2"])
    parts = [r for r in table(f"belt_{width[0]}km_by_county") if r["class"]]
    close(sum(float(r["area_m2"]) for r in parts), float(whole[0]["clipped_m2"]), 1e-5)
    close(float(whole[0]["clipped_share_of_region_pct"]), float(whole[0]["clipped_m2"]) / 8844.79e6 * 100, 1e-9)
# The demonstration zone by province is the zone.
zone = sum(float(r["geodesic_m2"]) for r in table("zone_area"))
provinces = [r for r in table("zone_by_province") if r["class"]]
assert {r["zone"] for r in provinces} == {"Zhejiang", "Jiangxi"}, provinces
close(sum(float(r["area_m2"]) for r in provinces), zone)
END
  [ "$status" -eq 0 ] || show "the figures do not hold together"
}

@test "quzhou: a sample layer is replaced by changing its line" {
  need ogr2ogr
  mkdir -p plan
  cp "$LAYERS"/*.geojson "$LAYERS/quzhou.yaml" plan/
  # The official delivery: a shapefile in GBK and zone 39, with its own field names. Only lines of the layer change.
  ogr2ogr -f "ESRI Shapefile" -lco ENCODING=CP936 -t_srs EPSG:4527 -sql "SELECT name_zh AS GNFQ FROM park" plan/official.shp plan/park.geojson
  sed -i 's|    path: park.geojson|    path: official.shp\n    fields: {name_zh: GNFQ, name: GNFQ}\n    schematic: false|' plan/quzhou.yaml
  eb run plan/quzhou.yaml --out out -q
  assert_exit 0
  run cat out/statistics/park_by_zone.csv
  assert_out "核心保护区"
  run grep -c schematic out/statistics/park_by_zone.txt
  assert_exit 1
}

@test "GPX: where a plan asks for it, a file a route, and nowhere else" {
  cat >plan.yaml <<EOF
layers:
  roads: {path: "$LAYERS/roads.geojson"}
  sites: {path: "$LAYERS/heritage_sites.geojson"}
steps:
  - id: tour
    title: {en: Tour}
    route: {network: roads, stops: sites, order: best, snap_m: 5000}
outputs: {formats: [geojson, gpx]}
EOF
  eb run plan.yaml --out out -q
  assert_exit 0
  assert_equal tour.gpx "$(cd out/gpx && echo *)"
  assert_equal 8 "$(grep -c '<wpt ' out/gpx/tour.gpx)"
  assert_equal 1 "$(grep -c '<trk>' out/gpx/tour.gpx)"
  grep -q '<metadata><name>Tour (schematic)</name><desc>schematic</desc></metadata>' out/gpx/tour.gpx
  refute_file out/maps/tour_guide.geojson
  # A folder with GPX in it is a run's own, and may be replaced by one without.
  sed -i 's/, gpx]/]/' plan.yaml
  eb run plan.yaml --out out -q --overwrite
  assert_exit 0
  refute_file out/gpx
}

# What is wrong with the second step is told at its place, in the plan's words, before the first one runs.
told() {
  cat >plan.yaml <<END
layers:
  rivers: {path: $ECOBELT_SOURCE/layers/rivers.geojson}
  counties: {path: $ECOBELT_SOURCE/layers/counties.geojson}
  park: {path: $ECOBELT_SOURCE/layers/park.geojson}
steps:
  - {id: first, area: {layer: counties}}
  - id: second
    $1
END
  eb run plan.yaml --out checked
  assert_exit 2
  [[ $stderr =~ plan.yaml:8:[1-9] ]] || show "no place: $1"
  assert_err "$2"
  [[ ! $stderr =~ --[a-z] ]] || show "an option of a command: $1"
  refute_file checked
}

@test "what can be told of a step's parameters is told before anything runs" {
  told 'corridor: {lines: rivers}' 'width_m: [2000,3000]'
  told 'corridor: {lines: rivers, width_m: 5, weight_field: name}' ''
  told 'corridor: {clip: counties, lines: rivers, width_m: 5, side: inward}' 'no side "inward"'
  told 'corridor: {lines: counties, width_m: 5, side: core, rings: true}' 'side core'
  told 'corridor: {lines: counties, width_m: 5, cap: flat}' 'is for lines'
  told 'area: {layer: park, round: ha}' 'round: ha:2'
  told 'area: {layer: park, control: 5}' 'round: ha:2'
  told 'area: {sheet: X9}' 'X9'
  told 'area: {layer: park, datum: xian80}' 'datum is for map sheets'
  told 'enclose: {lines: rivers, inside: "a,b"}' 'is no place'
  told 'tabulate: {features: park, zones: counties, zone: name, cross: park}' 'each layer wants its own'
  told 'designations: {layers: {a: park, b: counties}, priority: [foo]}' 'no designation called "foo"'
  told 'designations: {layers: [park], priority: [a, a]}' 'named twice'
  told 'designations: {layers: [park], priority_order: [a]}' 'priority_field'
}
